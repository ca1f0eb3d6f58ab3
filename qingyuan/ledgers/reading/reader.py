"""From a workbook to a stream of rows: values by column name, and every problem with its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.blocks import Block
from qingyuan.ledgers.reading.cells import ColumnParser, Reading, parser_for
from qingyuan.ledgers.reading.header import SEARCHED_ROWS, HeaderMatch, find_header, find_headers, together
from qingyuan.ledgers.reading.numbers import GRAMS
from qingyuan.ledgers.reading.open import Sheet, Workbook
from qingyuan.ledgers.reading.outcomes import Cell, Fault, Suggestion
from qingyuan.ledgers.reading.parts import Copy, Stretch, Turned
from qingyuan.ledgers.reading.rows import FillDown, Sieve, Skip
from qingyuan.ledgers.reading.shape import Layout, shape_of
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import address, is_blank, key, letters, typed
from qingyuan.ledgers.reading.unreadable import UnreadableFile

Progress: TypeAlias = Callable[[int, int], None]
"""Called with rows seen and rows in the sheet."""

PROGRESS_EVERY: Final = 2_000
BLOCK: Final = 500
"""So many rows are read together, column by column."""
_MOST_UNKNOWN_TERMS: Final = 500
_MOST_PAGES: Final = 100
_LONGEST_SHEET_WORDS: Final = 80
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


Seen: TypeAlias = Sheet | Turned | Copy
"""A sheet as it is, from its side, or one copy of several in it."""


class _Place:
    """Addresses as a person finds them in the file; ``sheet`` goes before them when there are several."""

    __slots__ = ("_at", "_sheet")

    def __init__(self, seen: Seen, sheet: str) -> None:
        self._at: Callable[[int, int], str] = seen.address if isinstance(seen, Turned | Copy) else address
        self._sheet = sheet

    def of(self, row: int, column: int) -> str:
        return self._sheet + self._at(row, column)


class _Slot(NamedTuple):
    at: int
    name: str
    required: bool
    kind: Kind
    parse: ColumnParser


class _Rows:
    """Data rows waiting to be read together: Excel's numbers, cells, and the columns whose cell several rows share."""

    __slots__ = ("cells", "numbers", "shared")

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.cells: list[list[Cell]] = []
        self.shared: list[Mapping[int, int]] = []

    def add(self, number: int, cells: list[Cell], shared: Mapping[int, int]) -> None:
        self.numbers.append(number)
        self.cells.append(cells)
        self.shared.append(shared)


class TableReading:
    """A list being read, from one sheet or several. Iterate once; ``skipped`` and ``unknown_terms`` fill as the rows pass.

    ``header`` is the best of ``headers``, and what ``raw`` rows are laid out by. ``stretches`` tell which row of which
    sheet a number is, () when numbers are simply the rows of the only sheet.
    """

    def __init__(
        self,
        workbook: Workbook,
        headers: Sequence[HeaderMatch],
        columns: Sequence[ColumnSpec],
        reading: Reading,
        *,
        best: HeaderMatch | None = None,
        others: Sequence[str] = (),
        dated_by: str = "",
        progress: Progress | None = None,
    ) -> None:
        self.header = best or headers[0]
        self.sheets = tuple(dict.fromkeys(header.sheet for header in headers))
        self.skipped: Counter[Skip] = Counter()
        self.unknown_terms: dict[tuple[str, str], UnknownTerm] = {}
        self.warnings = (*_layout_words(self.sheets, others, self.header), *_warnings(headers, self.header, columns))
        self._workbook = workbook
        self._parts = _parts(workbook, headers)
        plain = len(self._parts) == 1 and not self.header.turned
        self.stretches = () if plain else tuple(stretch for _seen, _header, stretch in self._parts)
        self._columns = tuple(columns)
        self._reading = reading
        self._dated_by = dated_by
        self._progress = progress

    @property
    def doubt(self) -> str:
        """Why the best sheet does not look like a list at all; "" when it does."""
        shape = shape_of(self._workbook.sheet(self.header.sheet))
        return shape.refused if shape.layout == Layout.FORM else ""

    @property
    def sheet_words(self) -> str:
        """The sheets read, in at most 80 characters."""
        names = "、".join(self.sheets)
        if len(names) <= _LONGEST_SHEET_WORDS:
            return names
        return _("%(first)s 等 %(count)s 张") % {"first": self.sheets[0][:60], "count": len(self.sheets)}

    def __iter__(self) -> Iterator[RowReading]:
        return self.rows()

    def rows(self) -> Iterator[RowReading]:
        """The data rows in order, read as they are asked for."""
        rows = chain.from_iterable(self._part(*part) for part in self._parts)
        yield from rows if len(self.sheets) == 1 else self._once(rows)
        if self._progress is not None:
            total = self._parts[-1][2].offset + self._parts[-1][2].last
            self._progress(total, total)

    def _once(self, rows: Iterator[RowReading]) -> Iterator[RowReading]:
        """Rows of several sheets; one that another sheet held already, value for value, is left out and counted, because
        a sheet may sum up the others. Twice in one sheet stays twice, for the check to tell."""
        earlier: set[int] = set()
        own: set[int] = set()
        ends = iter([stretch.offset + stretch.last for _seen, _header, stretch in self._parts])
        sheets = iter([stretch.sheet for _seen, _header, stretch in self._parts])
        end, sheet = next(ends), next(sheets)
        for row in rows:
            while row.number > end:
                following = next(sheets)
                if following != sheet:
                    earlier.update(own)
                    own.clear()
                    sheet = following
                end = next(ends)
            print_of = hash(
                tuple(sorted((name, repr(value)) for name, value in row.values.items() if value is not None))
            )
            if row.ok and print_of in earlier:
                self.skipped[Skip.REPEATED] += 1
                continue
            own.add(print_of)
            yield row

    def _part(self, sheet: Seen, header: HeaderMatch, stretch: Stretch) -> Iterator[RowReading]:
        sieve = Sieve(header, self._columns, sheet.merged)
        kinds = {column.name: column.kind for column in self._columns}
        fill = FillDown(sheet.merged, header, kinds)
        slots = self._slots(header)
        width = len(header.labels)
        place = _Place(sheet, f"{stretch.sheet}!" if len(self.sheets) > 1 else "")
        layout = _layout(header, self.header)
        first = stretch.first
        last = stretch.last if stretch.last < sheet.row_count else None
        total = self._parts[-1][2].offset + self._parts[-1][2].last
        block = _Rows()
        for number, row in enumerate(sheet.rows(), start=1):
            if self._progress is not None and number % PROGRESS_EVERY == 0:
                self._progress(number + stretch.offset, total)
            if number < first:
                continue
            if last is not None and number > last:
                break
            if len(row) < width:
                row = row + [""] * (width - len(row))
            cells, shared = fill.apply(number, row) if fill.needed else (row, _NOTHING_SHARED)
            reason = sieve.skip(number, row)
            if reason is not None:
                self.skipped[reason] += 1
                continue
            block.add(number, cells, shared)
            if len(block.numbers) == BLOCK:
                yield from self._read(block, slots, place, stretch.offset, layout)
                block = _Rows()
        if block.numbers:
            yield from self._read(block, slots, place, stretch.offset, layout)

    def _slots(self, header: HeaderMatch) -> list[_Slot]:
        """The columns in the order they are read: the day of the row first, because codes hold on a day."""
        specs = {column.name: column for column in self._columns}
        slots = []
        for index, name in header.columns.items():
            spec = specs[name]
            parse = parser_for(spec, self._reading, header_unit=header.units.get(name, ""))
            slots.append(_Slot(index, name, spec.required, spec.kind, parse))
        return sorted(slots, key=lambda slot: slot.name != self._dated_by)

    def _read(
        self, block: _Rows, slots: list[_Slot], place: _Place, offset: int, layout: Sequence[int | None] | None
    ) -> Iterator[RowReading]:
        """The rows of a block, read column by column: what a column repeats is looked up at one go."""
        readings = [
            RowReading(number + offset, {}, [], [], _laid_out(cells, layout))
            for number, cells in zip(block.numbers, block.cells, strict=True)
        ]
        columns = []
        days = [self._reading.day] * len(readings)
        for slot in slots:
            values = self._read_column(block, slot, days, readings, place)
            columns.append(values)
            if slot.name == self._dated_by:
                days = [value if isinstance(value, date) else day for value, day in zip(values, days, strict=True)]
        names = [slot.name for slot in slots]
        for reading, row in zip(readings, zip(*columns, strict=True), strict=False):
            reading.values = dict(zip(names, row, strict=True))
        for n, shared in enumerate(block.shared):
            if shared:
                at = [slot for slot in slots if slot.at in shared]
                number = block.numbers[n]
                readings[n].problems.extend(
                    _shared_problem(place.of(number, one.at), one, shared[one.at]) for one in at
                )
        return iter(readings)

    def _read_column(
        self, block: _Rows, slot: _Slot, days: list[date], readings: list[RowReading], place: _Place
    ) -> list[object]:
        """The values of one column; what is wrong or worth a note is put down with its row."""
        index, name = slot.at, slot.name
        cells = [row[index] for row in block.cells]
        values, told = slot.parse.column(cells, days)
        wrong = set()
        for n, outcome in told:
            where = place.of(block.numbers[n], index)
            if isinstance(outcome, Fault):
                wrong.add(n)
                readings[n].problems.append(self._problem(where, name, slot.kind, cells[n], outcome))
            elif outcome.value is not None:
                readings[n].notes.append(CellNote(name, where, typed(cells[n]), outcome.note))
        if slot.required and None in values:
            for n, value in enumerate(values):
                if value is None and n not in wrong and index not in block.shared[n]:
                    where = place.of(block.numbers[n], index)
                    readings[n].problems.append(Problem(name, where, typed(cells[n]), _("这一格必填:请补上")))
        return values

    def _problem(self, at: str, name: str, kind: Kind, cell: Cell, fault: Fault) -> Problem:
        text = typed(cell)
        if kind == Kind.CODE and len(self.unknown_terms) < _MOST_UNKNOWN_TERMS:
            term = self.unknown_terms.setdefault((name, text), UnknownTerm(name, text, 0, fault.suggestions))
            term.count += 1
        return Problem(name, at, text, fault.message, fault.hint)


def read_table(
    workbook: Workbook,
    columns: Sequence[ColumnSpec],
    reading: Reading,
    *,
    sheet: str = "",
    header: HeaderMatch | None = None,
    headers: Sequence[HeaderMatch] = (),
    dated_by: str = "",
    progress: Progress | None = None,
) -> TableReading:
    """The table of a ledger in a workbook, ready to be iterated.

    ``sheet`` or ``header`` (one of ``find_headers``) chooses where; else the best sheet is taken together with all sheets
    that hold the same list. ``headers`` are the ones to choose from, the best first, when a recipe says how they are read.
    ``dated_by`` names the date column on whose day the codes of a row must hold. Raises NoTable,
    and UnreadableFile for a missing sheet.
    """
    if header is None and sheet:
        header = find_header(workbook.sheet(sheet), columns)
    if header is not None:
        headers = (header,)
    elif not headers and not sheet:
        headers = find_headers(workbook, columns)
    if not headers:
        raise NoTable(_no_table(workbook, columns, sheet))
    best = headers[0]
    read, others = together(workbook, headers)
    reading = replace(reading, date1904=workbook.date1904)
    return TableReading(
        workbook, read, columns, reading, best=best, others=others, dated_by=dated_by, progress=progress
    )


def _no_table(workbook: Workbook, columns: Sequence[ColumnSpec], sheet: str = "") -> str:
    if all(
        not any(not is_blank(cell) for cell in row) for sheet in workbook.sheets for row in sheet.head(SEARCHED_ROWS)
    ):
        return _("表是空的:请检查是否选错了文件")
    wanted = [column.header for column in columns if column.required] or [column.header for column in columns]
    message = _("没有找到表头:表里应有一行写着“%(headers)s”等栏目;请核对是不是这个台账的表,或下载模板来填")
    told = message % {"headers": "、".join(wanted[:6])}
    forms = [(each.name, shape.refused) for each in workbook.sheets if (shape := shape_of(each)).layout == Layout.FORM]
    reasons = [
        _("工作表“%(sheet)s”%(reason)s") % {"sheet": name, "reason": why} for name, why in forms if sheet in ("", name)
    ]
    return ";".join([told, *reasons[:3]])


def _laid_out(cells: list[Cell], layout: Sequence[int | None] | None) -> list[Cell]:
    """The row by the columns of the best header, when it comes from another."""
    if layout is None:
        return cells
    return [cells[index] if index is not None and index < len(cells) else "" for index in layout]


def _shared_problem(at: str, slot: _Slot, count: int) -> Problem:
    message = _("这个数合并在 %(count)s 行上,分不清各行是多少:请拆开单元格,逐行填写")
    return Problem(slot.name, at, "", message % {"count": count})


def _warnings(headers: Sequence[HeaderMatch], best: HeaderMatch, columns: Sequence[ColumnSpec]) -> list[str]:
    """What the reader took for granted about whole columns, to be shown before the rows."""
    warnings = []
    found = set(best.columns.values())
    for column in columns:
        if column.kind != Kind.QUANTITY or column.name not in found:
            continue
        unit, label = best.units.get(column.name, ""), best.label_of(column.name)
        if unit and GRAMS[unit] != 1:
            warnings.append(_("“%(header)s”一栏按%(unit)s读,已换算成克") % {"header": label, "unit": unit})
        elif not unit and column.unit:
            warnings.append(_("“%(header)s”一栏没写单位,只写数字的按克读") % {"header": label})
    for text in dict.fromkeys(text for header in headers for text in header.repeated):
        warnings.append(_("“%(header)s”一栏重复出现,只读第一处") % {"header": text})
    for header in headers:
        strange = [text for text in header.unknown if text not in best.unknown]
        if strange:
            told = {"sheet": header.sheet, "headers": "、".join(strange)}
            warnings.append(_("工作表“%(sheet)s”里这些栏不属于本台账,没有读:%(headers)s") % told)
    return warnings


def _layout_words(sheets: Sequence[str], others: Sequence[str], best: HeaderMatch) -> list[str]:
    """Where the list was found, when that is not simply one table in one sheet."""
    words = []
    if len(sheets) > 1:
        told = {"count": len(sheets), "sheets": "、".join(sheets)}
        words.append(_("同样的表有 %(count)s 张工作表,一起读了:%(sheets)s") % told)
    if others:
        words.append(
            _("栏目或单位不同,没有读的工作表:%(sheets)s;要读请另存为单独的文件导入") % {"sheets": "、".join(others)}
        )
    if best.blocks:
        where = "、".join(f"{letters(block[0])}—{letters(block[-1])}" for block in best.blocks)
        words.append(
            _("同一名单并排印了 %(count)s 份(%(where)s 列),都读了") % {"count": len(best.blocks), "where": where}
        )
    if best.turned:
        words.append(_("栏名在第一列,按一列一条读"))
    return words


def _parts(workbook: Workbook, headers: Sequence[HeaderMatch]) -> list[tuple[Seen, HeaderMatch, Stretch]]:
    """What is read in turn: sheet by sheet, in a sheet page by page, on a page copy by copy from left to right."""
    parts: list[tuple[Seen, HeaderMatch, Stretch]] = []
    end = 0
    for header in headers:
        sheet = workbook.sheet(header.sheet)
        turned = Turned(sheet) if header.turned else None
        seen: Seen = turned or sheet
        copies: list[tuple[Seen, Block]] = [(Copy(sheet, header.blocks[0], block), block) for block in header.blocks]
        pages = _pages(sheet, header) if copies else [(header.data_start, seen.row_count)]
        for first, last in pages:
            for copy, block in copies or [(seen, ())]:
                where = f"{letters(block[0])}—{letters(block[-1])}" if block else ""
                stretch = Stretch(header.sheet, first, last, end - first + 1 if parts else 0, where, header.turned)
                parts.append((copy, header, stretch))
                end = stretch.offset + last
    return parts


def _pages(sheet: Sheet, header: HeaderMatch) -> list[tuple[int, int]]:
    """First and last row of each page of a printed list, told by the header that is printed again on top of it."""
    at = next(iter(header.columns))
    labels = {key(text) for text in header.labels[at]}
    starts = [header.data_start]
    for number, row in enumerate(sheet.rows(), start=1):
        cell = row[at] if at < len(row) else ""
        if number > header.data_start and isinstance(cell, str) and cell and key(cell) in labels:
            starts.append(number)
    if len(starts) > _MOST_PAGES:
        starts = starts[:1]
    ends = [start - 1 for start in starts[1:]] + [max(sheet.row_count, starts[-1])]
    return [(first, last) for first, last in zip(starts, ends, strict=True) if last >= first]


def _layout(header: HeaderMatch, best: HeaderMatch) -> list[int | None] | None:
    """For each position of the best header, the position of the same column in this one; None when they agree."""
    if header is best or (header.columns == best.columns and header.labels == best.labels):
        return None
    places = {name: index for index, name in header.columns.items()}
    texts = {tuple(key(text) for text in path): index for index, path in enumerate(header.labels) if path}
    return [
        places.get(best.columns[index]) if index in best.columns else texts.get(tuple(key(text) for text in path))
        for index, path in enumerate(best.labels)
    ]
