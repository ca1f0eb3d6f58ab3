"""One parser per column: the raw cell in, a value of the column's kind or a fault out."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True)
class Reading:
    """What holds for one file: the day codes must hold on, the year for days written without one, its references."""

    day: date
    year_hint: int | None = None
    date1904: bool = False
    resolvers: Resolvers = field(default=_DEFAULT_RESOLVERS)


class ColumnParser:
    """A parser with a memory. ``known`` holds answers by text; a caller in a hurry may look there first.

    ``epoch`` (of a dated parser) tells for a day the span in which a value that was understood means the same.
    """

    __slots__ = ("_dated", "_epoch", "_others", "_parse", "known")

    def __init__(self, parse: CellParser, *, dated: bool, epoch: Callable[[date], object] | None = None) -> None:
        self.known: dict[str, Outcome] = {}
        self._others: dict[object, Outcome] = {}
        self._parse = parse
        self._dated = dated
        self._epoch = epoch

    def __call__(self, cell: Cell, day: date) -> Outcome:
        if isinstance(cell, str) and not self._dated:
            outcome = self.known.get(cell)
            if outcome is None:
                outcome = self._parse(cell, day)
                if len(self.known) < MEMORY:
                    self.known[cell] = outcome
            return outcome
        return self._other(cell, day)

    def _other(self, cell: Cell, day: date) -> Outcome:
        """The type is part of the key because 1, 1.0 and True are equal but not the same cell."""
        remembered_as: object = (cell.__class__, cell, self._span(day))
        outcome = self._others.get(remembered_as)
        if outcome is None:
            outcome = self._parse(cell, day)
            # A refusal may name the day, so it is good for no other.
            if len(self._others) < MEMORY and not (self._epoch is not None and isinstance(outcome, Fault)):
                self._others[remembered_as] = outcome
        return outcome

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
    return ColumnParser(parse, dated=dated, epoch=get_list(column.code_list).epoch if own else None)


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
    limit = column.max_length
    if column.kind not in {Kind.TEXT, Kind.PERSON_NAME} or limit <= 0:
        return parse

    def limited(cell: Cell, day: date) -> Outcome:
        outcome = parse(cell, day)
        if isinstance(outcome, Parsed) and isinstance(outcome.value, str) and len(outcome.value) > limit:
            message = _("共 %(count)s 个字,最多 %(limit)s 个:请写短些,详情写到备注")
            return Fault(message % {"count": len(outcome.value), "limit": limit})
        return outcome

    return limited
