"""From a workbook to a stream of rows: values by column name, and every problem with its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import ColumnParser, Reading, parser_for
from qingyuan.ledgers.reading.header import SEARCHED_ROWS, HeaderMatch, find_header, find_headers
from qingyuan.ledgers.reading.numbers import GRAMS
from qingyuan.ledgers.reading.open import Sheet, Workbook
from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Suggestion
from qingyuan.ledgers.reading.rows import FillDown, Sieve, Skip
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import address, is_blank, typed
from qingyuan.ledgers.reading.unreadable import UnreadableFile

Progress: TypeAlias = Callable[[int, int], None]
"""Called with rows seen and rows in the sheet."""

PROGRESS_EVERY: Final = 2_000
_MOST_UNKNOWN_TERMS: Final = 500
_NOTHING_SHARED: Final[Mapping[int, int]] = MappingProxyType({})


class NoTable(UnreadableFile):
    """No sheet has a header of this ledger; the reason names the headers looked for."""


class CellNote(NamedTuple):
    """A reading worth showing beside the value as typed."""

    column: str
    address: str
    typed: str
    message: str


@dataclass(slots=True)
class RowReading:
    """One data row. ``number`` is Excel's; ``values`` holds every column of the header (None when empty or wrong);
    ``raw`` is the row as the file shows it, merged cells filled in, for the workbook that goes back."""

    number: int
    values: dict[str, object]
    problems: list[Problem]
    notes: list[CellNote]
    raw: list[Cell]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass
class UnknownTerm:
    """A wording no code list knows: how often it stands in the file and what it may mean."""

    column: str
    typed: str
    count: int
    suggestions: tuple[Suggestion, ...]


class _Slot(NamedTuple):
    at: int
    name: str
    required: bool
    kind: Kind
    parse: ColumnParser
    known: dict[str, Outcome]


class TableReading:
    """A table being read. Iterate once; ``skipped`` and ``unknown_terms`` fill as the rows pass."""

    def __init__(
        self,
        sheet: Sheet,
        header: HeaderMatch,
        columns: Sequence[ColumnSpec],
        reading: Reading,
        *,
        dated_by: str = "",
        progress: Progress | None = None,
    ) -> None:
        self.header = header
        self.skipped: Counter[Skip] = Counter()
        self.unknown_terms: dict[tuple[str, str], UnknownTerm] = {}
        self.warnings = _warnings(header, columns)
        self._sheet = sheet
        self._columns = tuple(columns)
        self._reading = reading
        self._dated_by = dated_by
        self._progress = progress

    def __iter__(self) -> Iterator[RowReading]:
        return self.rows()

    def rows(self) -> Iterator[RowReading]:
        """The data rows in order, read as they are asked for."""
        sieve = Sieve(self.header, self._columns)
        kinds = {column.name: column.kind for column in self._columns}
        fill = FillDown(self._sheet.merged, self.header, kinds)
        slots = self._slots()
        width = len(self.header.labels)
        for number, row in enumerate(self._sheet.rows(), start=1):
            if self._progress is not None and number % PROGRESS_EVERY == 0:
                self._progress(number, self._sheet.row_count)
            if number < self.header.data_start:
                continue
            if len(row) < width:
                row = row + [""] * (width - len(row))
            cells, shared = fill.apply(number, row) if fill.needed else (row, _NOTHING_SHARED)
            reason = sieve.skip(number, row)
            if reason is None:
                yield self._read(number, cells, slots, shared)
            else:
                self.skipped[reason] += 1
        if self._progress is not None:
            self._progress(self._sheet.row_count, self._sheet.row_count)

    def _slots(self) -> list[_Slot]:
        """The columns in the order they are read: the day of the row first, because codes hold on a day."""
        specs = {column.name: column for column in self._columns}
        slots = []
        for index, name in self.header.columns.items():
            spec = specs[name]
            parse = parser_for(spec, self._reading, header_unit=self.header.units.get(name, ""))
            slots.append(_Slot(index, name, spec.required, spec.kind, parse, parse.known))
        return sorted(slots, key=lambda slot: slot.name != self._dated_by)

    def _read(self, number: int, cells: list[Cell], slots: list[_Slot], shared: Mapping[int, int]) -> RowReading:
        values: dict[str, object] = {}
        problems: list[Problem] = []
        notes: list[CellNote] = []
        day = self._reading.day
        for index, name, required, kind, parse, known in slots:
            cell = cells[index]
            outcome = EMPTY if cell == "" else (cell.__class__ is str and known.get(cell)) or parse(cell, day)
            if isinstance(outcome, Fault):
                values[name] = None
                problems.append(self._problem(number, index, name, kind, cell, outcome))
                continue
            values[name] = value = outcome.value
            if value is None:
                if required and index not in shared:
                    problems.append(Problem(name, address(number, index), typed(cell), _("这一格必填:请补上")))
            elif outcome.note:
                notes.append(CellNote(name, address(number, index), typed(cell), outcome.note))
            if name == self._dated_by and isinstance(value, date):
                day = value
        problems.extend(_shared_problem(number, slot, shared[slot.at]) for slot in slots if slot.at in shared)
        return RowReading(number, values, problems, notes, cells)

    def _problem(self, number: int, index: int, name: str, kind: Kind, cell: Cell, fault: Fault) -> Problem:
        text = typed(cell)
        if kind == Kind.CODE and len(self.unknown_terms) < _MOST_UNKNOWN_TERMS:
            term = self.unknown_terms.setdefault((name, text), UnknownTerm(name, text, 0, fault.suggestions))
            term.count += 1
        return Problem(name, address(number, index), text, fault.message, fault.hint)


def read_table(
    workbook: Workbook,
    columns: Sequence[ColumnSpec],
    reading: Reading,
    *,
    sheet: str = "",
    header: HeaderMatch | None = None,
    dated_by: str = "",
    progress: Progress | None = None,
) -> TableReading:
    """The table of a ledger in a workbook, ready to be iterated.

    ``sheet`` or ``header`` (one of ``find_headers``) chooses where, else the best sheet is taken. ``dated_by`` names
    the date column on whose day the codes of a row must hold. Raises NoTable, and UnreadableFile for a missing sheet.
    """
    if header is None:
        header = find_header(workbook.sheet(sheet), columns) if sheet else _best(workbook, columns)
    if header is None:
        raise NoTable(_no_table(workbook, columns))
    reading = replace(reading, date1904=workbook.date1904)
    return TableReading(workbook.sheet(header.sheet), header, columns, reading, dated_by=dated_by, progress=progress)


def _best(workbook: Workbook, columns: Sequence[ColumnSpec]) -> HeaderMatch | None:
    return next(iter(find_headers(workbook, columns)), None)


def _no_table(workbook: Workbook, columns: Sequence[ColumnSpec]) -> str:
    if all(
        not any(not is_blank(cell) for cell in row) for sheet in workbook.sheets for row in sheet.head(SEARCHED_ROWS)
    ):
        return _("表是空的:请检查是否选错了文件")
    wanted = [column.header for column in columns if column.required] or [column.header for column in columns]
    message = _("没有找到表头:表里应有一行写着“%(headers)s”等栏目;请核对是不是这个台账的表,或下载模板来填")
    return message % {"headers": "、".join(wanted[:6])}


def _shared_problem(number: int, slot: _Slot, count: int) -> Problem:
    message = _("这个数合并在 %(count)s 行上,分不清各行是多少:请拆开单元格,逐行填写")
    return Problem(slot.name, address(number, slot.at), "", message % {"count": count})


def _warnings(header: HeaderMatch, columns: Sequence[ColumnSpec]) -> tuple[str, ...]:
    """What the reader took for granted about whole columns, to be shown before the rows."""
    warnings = []
    found = set(header.columns.values())
    for column in columns:
        if column.kind != Kind.QUANTITY or column.name not in found:
            continue
        unit, label = header.units.get(column.name, ""), header.label_of(column.name)
        if unit and GRAMS[unit] != 1:
            warnings.append(_("“%(header)s”一栏按%(unit)s读,已换算成克") % {"header": label, "unit": unit})
        elif not unit and column.unit:
            warnings.append(_("“%(header)s”一栏没写单位,只写数字的按克读") % {"header": label})
    for text in header.repeated:
        warnings.append(_("“%(header)s”一栏重复出现,只读第一处") % {"header": text})
    return tuple(warnings)
