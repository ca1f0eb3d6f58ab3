"""Rows of an anonymous table as times until something happened: who was followed how long, and what ended it.

Two days a row (or whole numbers of days), what happened in words, a group, covariates. A row that cannot be read is
left out with its line number and what to do; nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.dates import parse_date
from qingyuan.ledgers.reading.outcomes import Cell, Fault
from qingyuan.ledgers.reading.text import folded, is_blank, key, typed

HAPPENED: Final = "event"
_YES: Final = frozenset({"1", "是", "有", "y", "yes", "true", "√", "event"})
_NO: Final = frozenset({"0", "否", "无", "没有", "未", "n", "no", "false", "x", "×", "-", "—", "/", "censored", "删失", "未发生"})
_DAYS_AT_MOST: Final = 36_525  # a hundred years: larger numbers are serial dates or mistakes
_SERIAL_DATES: Final = 20_000  # plain numbers below it are days; Excel's serial number 20 000 is a day of 1954


class BadTable(Exception):
    """The table cannot be analysed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Headers, exactly or save blanks and width, of the table's columns. ``entry``: the day observation began, if later."""

    start: str
    end: str
    event: str
    group: str = ""
    covariates: tuple[str, ...] = ()
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """One row: from ``entry`` to ``time``, in days since its start. ``event`` is empty when nothing had happened by then."""

    time: float
    event: str
    group: str = ""
    stratum: tuple[str, ...] = ()
    entry: float = 0.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not taken: ``line`` as a spreadsheet counts it, the header being line 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read; ``lines`` are where ``people`` stand. ``until`` is the day to which rows without an end were followed; None where times are numbers."""

    people: tuple[Followed, ...]
    left_out: tuple[LeftOut, ...]
    kinds: tuple[str, ...]
    until: date | None
    unended: int = 0
    lines: tuple[int, ...] = ()

    def only(self, lines: frozenset[int]) -> Reading:
        """The same reading of fewer rows: those that another definition could read too."""
        kept = [(line, one) for line, one in zip(self.lines, self.people, strict=True) if line in lines]
        people = tuple(one for _line, one in kept)
        kinds = tuple(sorted({one.event for one in people if one.event}))
        return replace(self, people=people, kinds=kinds, lines=tuple(line for line, _one in kept))


@dataclass(slots=True)
class _Row:
    line: int
    start: float
    end: float | None
    entry: float | None
    event: str
    group: str
    stratum: tuple[str, ...] = field(default=())


def read(header: Sequence[Cell], rows: Iterable[Sequence[Cell]], columns: Columns, until: date | None = None) -> Reading:
    """The table as people followed. ``rows`` follow the header; blank rows are passed over.

    ``until``: the day to which rows without an end were followed; the latest day of the table when it is not given.
    Errors: BadTable for a header that is missing or stands twice, or when no row could be read.
    """
    places = _Places.of(header, columns)
    lines = [(number, list(row)) for number, row in enumerate(rows, start=2) if any(not is_blank(cell) for cell in row)]
    if not lines:
        raise BadTable(_("表头下面没有数据。"))
    numbers = _are_numbers(lines, places)
    if numbers and until is not None:
        raise BadTable(_("这份表的时间是天数,不是日期,不能指定观察截止日。"))
    left_out: list[LeftOut] = []
    read_rows: list[_Row] = []
    for number, row in lines:
        found = _row(number, row, places, numbers=numbers)
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            read_rows.append(found)
    last = _last_day(read_rows, until)
    people: list[Followed] = []
    taken: list[int] = []
    for one in read_rows:
        person = _followed(one, last)
        if isinstance(person, LeftOut):
            left_out.append(person)
        else:
            people.append(person)
            taken.append(one.line)
    if not people:
        raise BadTable(_("没有一行读得出来,例如第 %(line)s 行:%(why)s") % {"line": left_out[0].line, "why": left_out[0].why})
    return Reading(
        tuple(people),
        tuple(sorted(left_out, key=lambda one: one.line)),
        tuple(sorted({one.event for one in people if one.event})),
        None if numbers else date.fromordinal(int(last)),
        sum(one.end is None for one in read_rows),
        tuple(taken),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    start: int
    end: int
    event: int
    group: int | None
    covariates: tuple[int, ...]
    entry: int | None

    @classmethod
    def of(cls, header: Sequence[Cell], columns: Columns) -> _Places:
        names = [key(typed(cell)) for cell in header]
        known = Counter(names)

        def place(name: str) -> int:
            wanted = key(name)
            if known[wanted] > 1:
                raise BadTable(_("有 %(count)s 列都叫“%(name)s”,请改成不同的名字。") % {"count": known[wanted], "name": name})
            if wanted not in known:
                there = "、".join(typed(cell) for cell in header if not is_blank(cell))
                raise BadTable(_("没有名为“%(name)s”的列;现有:%(there)s") % {"name": name, "there": there or _("(空)")})
            return names.index(wanted)

        return cls(
            place(columns.start),
            place(columns.end),
            place(columns.event),
            place(columns.group) if columns.group else None,
            tuple(place(name) for name in columns.covariates),
            place(columns.entry) if columns.entry else None,
        )

    def days(self) -> tuple[int, ...]:
        return (self.start, self.end) if self.entry is None else (self.start, self.end, self.entry)


def _are_numbers(lines: Sequence[tuple[int, Sequence[Cell]]], places: _Places) -> bool:
    """Whether the day columns hold plain numbers of days throughout. One date among them makes them dates."""
    for _line, row in lines:
        for place in places.days():
            cell = _cell(row, place)
            if is_blank(cell):
                continue
            number = _number(cell)
            if number is None or abs(number) > _SERIAL_DATES:
                return False
    return True


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool) or isinstance(cell, date | datetime):
        return None
    try:
        number = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < _DAYS_AT_MOST * 10 else None


def _row(line: int, row: Sequence[Cell], places: _Places, *, numbers: bool) -> _Row | LeftOut:
    found: list[float | None] = []
    for place in places.days():
        day = _day(_cell(row, place), numbers=numbers)
        if isinstance(day, Fault):
            name = (_("起点"), _("终点"), _("进入观察"))[len(found)]
            return LeftOut(line, f"{name}:{day.message}")
        found.append(day)
    start, end = found[0], found[1]
    if start is None:
        return LeftOut(line, _("没有起点日期"))
    event = event_of(_cell(row, places.event))
    if event and end is None:
        return LeftOut(line, _("写了发生“%(event)s”,没有写哪一天") % {"event": event})
    group = "" if places.group is None else _word(row, places.group)
    stratum = tuple(_word(row, place) for place in places.covariates)
    return _Row(line, start, end, found[2] if len(found) > 2 else None, event, group, stratum)


def event_of(cell: Cell) -> str:
    """What happened, in the table's own word; empty for nothing (blank, 0, 否, 无 …), HAPPENED for a bare yes."""
    if is_blank(cell) or cell is False:
        return ""
    word = _plain(cell)
    if word.lower() in _NO:
        return ""
    return HAPPENED if cell is True or word.lower() in _YES else word


def _followed(row: _Row, last: float) -> Followed | LeftOut:
    end = last if row.end is None else row.end
    time = end - row.start
    entry = 0.0 if row.entry is None else row.entry - row.start
    if time < 0:
        why = _("终点早于起点") if row.end is not None else _("起点在观察截止以后")
        return LeftOut(row.line, why)
    if entry < 0:
        return LeftOut(row.line, _("进入观察早于起点"))
    if entry and entry >= time:
        return LeftOut(row.line, _("进入观察不早于终点"))
    return Followed(time, row.event, row.group, row.stratum, entry)


def _last_day(rows: Sequence[_Row], until: date | None) -> float:
    if until is not None:
        return float(until.toordinal())
    return max((day for row in rows for day in (row.start, row.end) if day is not None), default=1.0)


def _day(cell: Cell, *, numbers: bool) -> float | None | Fault:
    if is_blank(cell):
        return None
    if numbers:
        return _number(cell)
    found = parse_date(cell)
    if isinstance(found, Fault):
        return found
    return None if not isinstance(found.value, date) else float(found.value.toordinal())


def _cell(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else ""


def _word(row: Sequence[Cell], place: int) -> str:
    return _plain(_cell(row, place)) or _("(空白)")


def _plain(cell: Cell) -> str:
    """1.0 of a workbook and 1 of a text table are the same word."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _plain_text(cell) if isinstance(cell, str) else typed(cell)


@lru_cache(maxsize=4096)
def _plain_text(text: str) -> str:
    word = folded(text)
    return word[:-2] if word.endswith(".0") and word[:-2].isdigit() else word
