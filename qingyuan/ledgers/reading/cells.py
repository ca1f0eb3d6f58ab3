"""One parser per column: the raw cell in, a value of the column's kind or a fault out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, TypeAlias

from django.utils.translation import gettext as _

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.choices import Resolvers, match_code, parse_boolean, parse_code, parse_reference
from qingyuan.ledgers.reading.dates import parse_date
from qingyuan.ledgers.reading.numbers import parse_mass, parse_number
from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Parsed
from qingyuan.ledgers.reading.people import parse_id_number, parse_name, parse_phone, parse_staff
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import EXACT_FLOAT, clean, is_blank, typed
from qingyuan.reference.catalogue import get_list

CellParser: TypeAlias = Callable[[Cell, date], Outcome]
"""The day is the row's own day, for codes that hold only for some time; other kinds ignore it."""

MEMORY: Final = 20_000
"""Answers remembered per column: offices repeat themselves, and a repeated cell costs a look-up."""

_DEFAULT_RESOLVERS: Final = Resolvers()
_AS_TYPED: Final = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_TEXT: Final = frozenset({str})
_KEYED: Final = frozenset({str, float, date, datetime})
"""Cells that may be remembered by themselves: none of these is equal to one of another of these types."""
_ASK: Final = object()


@dataclass(frozen=True)
class Reading:
    """What holds for one file: the day codes must hold on, the year for days written without one, its references."""

    day: date
    year_hint: int | None = None
    date1904: bool = False
    resolvers: Resolvers = field(default=_DEFAULT_RESOLVERS)


class ColumnParser:
    """A parser with a memory: cell by cell when called, a block of cells of its column at a time by ``column``.

    ``epoch`` (of a dated parser) tells for a day the span in which a value that was understood means the same.
    ``longest`` is given for a column of plain text (0: no limit), whose cells say what they say and need no memory.
    """

    __slots__ = ("_dated", "_days", "_epoch", "_longest", "_others", "_parse", "_remembered", "_spans")

    def __init__(
        self,
        parse: CellParser,
        *,
        dated: bool,
        epoch: Callable[[date], object] | None = None,
        longest: int | None = None,
    ) -> None:
        self._spans: dict[object, dict[Cell, object]] = {}
        self._days: dict[date, dict[Cell, object]] = {}
        self._others: dict[object, Outcome] = {}
        self._remembered = 0
        self._parse = parse
        self._dated = dated
        self._epoch = epoch
        self._longest = longest

    def __call__(self, cell: Cell, day: date) -> Outcome:
        """The type is part of the key because 1, 1.0 and True are equal but not the same cell."""
        remembered_as: object = (cell.__class__, cell, self._span(day))
        outcome = self._others.get(remembered_as)
        if outcome is None:
            outcome = self._parse(cell, day)
            # A refusal may name the day, so it is good for no other.
            if len(self._others) < MEMORY and not (self._epoch is not None and isinstance(outcome, Fault)):
                self._others[remembered_as] = outcome
        return outcome

    def column(self, cells: Sequence[Cell], days: Sequence[date]) -> tuple[list[object], list[tuple[int, Outcome]]]:
        """The value of each cell (None when empty or wrong), and by its place each outcome that says more than a value."""
        classes = set(map(type, cells))
        if self._longest is not None and classes <= _TEXT and (texts := self._texts(cells)) is not None:
            return texts, []
        if classes <= _KEYED:
            values = self._known(cells, days)
        else:
            values = [_ASK] * len(cells)
        told: list[tuple[int, Outcome]] = []
        if _ASK in values:
            for n, value in enumerate(values):
                if value is _ASK:
                    outcome = self._asked(cells[n], days[n])
                    if isinstance(outcome, Fault) or outcome.note:
                        told.append((n, outcome))
                    values[n] = None if isinstance(outcome, Fault) else outcome.value
        return values, told

    def _texts(self, cells: Sequence[Cell]) -> list[object] | None:
        """``parse_text`` of cells that all hold text; None when one is too long."""
        texts = [cell.strip() if cell.isprintable() else clean(cell) for cell in cells]  # type: ignore[union-attr,arg-type]
        if self._longest and max(map(len, texts)) > self._longest:
            return None
        return [text or None for text in texts]

    def _known(self, cells: Sequence[Cell], days: Sequence[date]) -> list[object]:
        if not self._dated:
            known = self._table(None)
            return [known.get(cell, _ASK) for cell in cells]
        tables = {day: self._of_day(day) for day in set(days)}
        if len({id(table) for table in tables.values()}) == 1:
            known = tables[days[0]]
            return [known.get(cell, _ASK) for cell in cells]
        return [tables[day].get(cell, _ASK) for cell, day in zip(cells, days, strict=True)]

    def _asked(self, cell: Cell, day: date) -> Outcome:
        if cell == "":
            return EMPTY
        if cell.__class__ not in _KEYED:
            return self(cell, day)
        known = self._of_day(day) if self._dated else self._table(None)
        if cell in known:  # stood earlier in this block
            return Parsed(known[cell])
        if self._others and (cell.__class__, cell, self._span(day)) in self._others:
            return self(cell, day)
        outcome = self._parse(cell, day)
        if isinstance(outcome, Fault) or outcome.note:
            return self(cell, day)
        if self._remembered < MEMORY:
            self._remembered += 1
            known[cell] = outcome.value
        return outcome

    def _of_day(self, day: date) -> dict[Cell, object]:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._table(self._span(day))
        return known

    def _table(self, span: object) -> dict[Cell, object]:
        known = self._spans.get(span)
        if known is None:
            known = self._spans[span] = {"": None}
        return known

    def _span(self, day: date) -> object:
        if not self._dated:
            return None
        return day if self._epoch is None else self._epoch(day)


def parser_for(column: ColumnSpec, reading: Reading, *, header_unit: str = "") -> ColumnParser:
    """The parser of a column; ``header_unit`` is the unit its header names in this file."""
    parse = _with_length(column, _raw_parser(column, reading, header_unit))
    dated = column.kind == Kind.CODE
    # A matcher of one's own may mean something else every day.
    own = dated and reading.resolvers.code is match_code
    longest = _longest(column) if column.kind in _AS_TYPED else None
    return ColumnParser(parse, dated=dated, epoch=get_list(column.code_list).epoch if own else None, longest=longest)


def parse_cell(column: ColumnSpec, cell: Cell, reading: Reading, *, header_unit: str = "") -> Outcome:
    """One cell, for forms and for single corrections."""
    if is_blank(cell):
        return EMPTY
    return parser_for(column, reading, header_unit=header_unit)(cell, reading.day)


def parse_text(cell: Cell) -> Outcome:
    """Text as typed; what looks like a formula stays text. A long number Excel has rounded is refused."""
    if isinstance(cell, str):
        return Parsed(clean(cell) or None)
    if isinstance(cell, float) and abs(cell) >= EXACT_FLOAT:
        return Fault(_("Excel 只留 15 位数字,后面的已变成 0:请把这一列设成“文本”后从原件补录"))
    if isinstance(cell, datetime) and cell.time() == time():
        return Parsed(cell.date().isoformat())
    return Parsed(typed(cell))


def _raw_parser(column: ColumnSpec, reading: Reading, header_unit: str) -> CellParser:
    kind, resolvers = column.kind, reading.resolvers
    unit = header_unit or column.unit
    if kind == Kind.DATE:
        return lambda cell, day: parse_date(
            cell, year_hint=reading.year_hint, date1904=reading.date1904, month_enough=column.month_enough
        )
    if kind == Kind.INTEGER:
        return lambda cell, day: parse_number(cell, unit=column.unit, whole=True)
    if kind == Kind.DECIMAL:
        return lambda cell, day: parse_number(cell, unit=column.unit)
    if kind == Kind.QUANTITY:
        return lambda cell, day: parse_mass(cell, unit=unit)
    if kind == Kind.CODE:
        learnt = resolvers.learnt(column.code_list)
        return lambda cell, day: parse_code(cell, column.code_list, day, resolvers, learnt)
    if kind == Kind.DIVISION:
        return lambda cell, day: parse_reference(cell, resolvers.division)
    if kind == Kind.UNIT:
        return lambda cell, day: parse_reference(cell, resolvers.unit)
    return _simple_parser(kind)


def _simple_parser(kind: Kind) -> CellParser:
    simple: dict[Kind, Callable[[Cell], Outcome]] = {
        Kind.PERSON_NAME: parse_name,
        Kind.ID_NUMBER: parse_id_number,
        Kind.PHONE: parse_phone,
        Kind.BOOLEAN: parse_boolean,
        Kind.STAFF: parse_staff,
    }
    parse = simple.get(kind, parse_text)
    return lambda cell, day: parse(cell)


def _with_length(column: ColumnSpec, parse: CellParser) -> CellParser:
    """Long text has no limit but the sheet's own; short text is never cut, it is refused."""
    limit = _longest(column)
    if not limit:
        return parse

    def limited(cell: Cell, day: date) -> Outcome:
        outcome = parse(cell, day)
        if isinstance(outcome, Parsed) and isinstance(outcome.value, str) and len(outcome.value) > limit:
            message = _("共 %(count)s 个字,最多 %(limit)s 个:请写短些,详情写到备注")
            return Fault(message % {"count": len(outcome.value), "limit": limit})
        return outcome

    return limited


def _longest(column: ColumnSpec) -> int:
    """The most characters a cell of the column may have; 0 = no limit but the sheet's own."""
    return max(column.max_length, 0) if column.kind in {Kind.TEXT, Kind.PERSON_NAME} else 0
