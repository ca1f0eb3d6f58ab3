"""The year of a clinic as it may be carried out on paper: numbers below five, and those that would give them away, stay closed.

Every item is a table of its own with the same totals: how many people in all, how many of them for the first time, how many
not. Within an item nothing can be worked out from sums and differences (``indicators.disclosure``); an item in which that
cannot be had is left out whole. Where so few are new, or so few are not, that the totals would tell them, nobody is split.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qingyuan.indicators.disclosure import SMALLEST, Line, Shown, suppress_lines, told_exactly
from qingyuan.treatment.entries import Item, Row, Year

FEW: Final = "<5"
KEPT: Final = "—"
EVERYONE, FIRST, AGAIN = "everyone", "first", "again"
Key = tuple[str, str]
#: What stands in no code list: everybody together, and everybody but a row.
WHOLE, REST = "\x00whole", "\x00rest"
TOTALS: Final[frozenset[Key]] = frozenset({(WHOLE, EVERYONE), (WHOLE, FIRST), (WHOLE, AGAIN)})


@dataclass(frozen=True)
class ShownRow:
    label: str
    everyone: str
    first_ever: str


@dataclass(frozen=True)
class ShownItem:
    """``rows`` is empty where the item is left out whole."""

    title: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class ShownYear:
    """``everyone`` and ``first_ever`` as they are shown; ``split``: whether those treated for the first time stand apart;
    ``items`` is empty for a year of fewer than five."""

    year: int
    everyone: str
    first_ever: str
    split: bool
    items: tuple[ShownItem, ...]


def shown(found: Year) -> ShownYear:
    """The year with everything closed that must be."""
    if _few(found.everyone):
        return ShownYear(found.year, FEW, KEPT, False, ())
    split = not _few(found.first_ever) and not _few(found.everyone - found.first_ever)
    items = tuple(_item(item, found, split) for item in found.items) if found.everyone else ()
    return ShownYear(found.year, str(found.everyone), str(found.first_ever) if split else KEPT, split, items)


def _few(count: int) -> bool:
    return 0 < count < SMALLEST


def _item(item: Item, found: Year, split: bool) -> ShownItem:
    if item.parts:
        tables = [item.rows]
    else:  # each row is a question of its own, whose other answer is everybody else
        tables = [(row, Row(REST, "", found.everyone - row.everyone, found.first_ever - row.first_ever)) for row in item.rows]
    rows: list[ShownRow] = []
    for table in tables:
        states = _states(table, found, split)
        if states is None:
            if item.parts:
                return ShownItem(item.title, ())
            states = {(row.key, column): Shown.HIDDEN for row in table for column in (EVERYONE, FIRST)}
        rows += [_row(row, states, split) for row in table if row.key != REST]
    return ShownItem(item.title, tuple(rows))


def _row(row: Row, states: Mapping[Key, Shown], split: bool) -> ShownRow:
    first = _text(row.first_ever, states[row.key, FIRST]) if split else KEPT
    return ShownRow(row.label, _text(row.everyone, states[row.key, EVERYONE]), first)


def _text(count: int, state: Shown) -> str:
    return str(count) if state is Shown.EXACT else FEW if state is Shown.FEW else KEPT


def _states(rows: tuple[Row, ...], found: Year, split: bool) -> dict[Key, Shown] | None:
    """How each number of one table is shown; None when it cannot be shown at all. An answer that nobody gave says so, and stands
    outside: it hides nothing."""
    given = [row for row in rows if row.everyone]
    nobody = {(row.key, column): Shown.EXACT for row in rows if not row.everyone for column in (EVERYONE, FIRST)}
    counts: dict[Key, int] = {}
    lines: list[Line[Key]] = []
    for row in given:
        counts[row.key, EVERYONE] = row.everyone
        if split:
            counts[row.key, FIRST], counts[row.key, AGAIN] = row.first_ever, row.everyone - row.first_ever
            lines.append(Line((row.key, EVERYONE), ((row.key, FIRST), (row.key, AGAIN))))
    totals = {EVERYONE: found.everyone, FIRST: found.first_ever, AGAIN: found.everyone - found.first_ever}
    for column in (EVERYONE, FIRST, AGAIN) if split else (EVERYONE,):
        counts[WHOLE, column] = totals[column]
        lines.append(Line((WHOLE, column), tuple((row.key, column) for row in given)))
    states = suppress_lines(counts, lines, own=TOTALS)
    return None if told_exactly(counts, lines, states, own=TOTALS) else nobody | states
