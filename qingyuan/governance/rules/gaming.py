"""Patterns in a unit's entries that deserve a question to the unit. Pure; never about a worker, never a deduction.

Three are looked for, each against what the other units of the city do, by an exact binomial tail (what is the same in two
files is no matter of chance: ``copies``):

* AT_THRESHOLD  monthly counts that stop exactly where the sheet begins to give points, not one below it
* LAST_DAY      what was due in a window dated its very last day
* TOGETHER      rows about days far apart and long past, typed within seconds of each other (imports are left out)

Questions are chosen over all units and patterns together so that of those asked at most one in twenty is expected to be asked
without cause (Benjamini and Hochberg 1995). Chance is measured; guilt is not: a fair reason may stand behind every one.
What a unit was asked about once is not asked again: ``asked`` rows are left out of its own count, never out of what is usual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from math import exp, lgamma, log
from typing import Final

#: The share of asked questions that may be without cause.
FALSE_SHARE: Final = 0.05
#: Fewer rows than this carry no question.
FEWEST: Final = 8
#: Rows typed by one unit with no more than this between them, about days at least so long ago, stand together.
GAP: Final = timedelta(seconds=20)
LONG_AGO: Final = timedelta(days=14)
RUN: Final = 5
#: What others do is mixed with so many made-up rows of which ``_FLOOR`` look so: one other unit alone is no rule.
_PRIOR: Final = 100
#: Units differ: what is usual elsewhere may be half as much again in one of them.
_ROOM: Final = 1.5


class Pattern(StrEnum):
    AT_THRESHOLD = "at_threshold"
    LAST_DAY = "last_day"
    TOGETHER = "together"


#: However rare a pattern is elsewhere, chance alone may make this share of a unit's rows look so: one day of a month; old rows typed
#: in one go are rarer.
_FLOOR: Final = {Pattern.LAST_DAY: 0.03, Pattern.TOGETHER: 0.02}
#: Nothing was asked before.
NOTHING: Final[Set[str]] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One row: the day it is about, when it was typed (moment and day), and the last day of its window where it has one."""

    row: str
    happened_on: date
    entered_at: datetime
    entered_on: date
    last_day: date | None = None
    imported: bool = False


@dataclass(frozen=True)
class Month:
    """A count of a month with its base: ``done`` of ``of``. ``row`` names it, where it is asked about."""

    done: int
    of: int
    row: str = ""


@dataclass(frozen=True)
class Work:
    """A unit's entries, and its months by the name of what is counted, each with the share (per cent) from which points begin."""

    entries: Sequence[Entry] = ()
    months: Mapping[str, tuple[Decimal, Sequence[Month]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Asked of a unit: ``seen`` of ``of`` where ``usual`` (a share) is what is known of others; ``rows`` are what it is about.

    ``subject``: which work of the unit was looked at (one kind of window, what was typed, one figure)."""

    unit: int
    pattern: Pattern
    seen: int
    of: int
    usual: float
    chance: float
    rows: tuple[str, ...]
    subject: str = ""


def questions(city: Mapping[int, Work], asked: Set[str] = NOTHING) -> list[Question]:
    """All that should be asked, the least likely by chance first."""
    return of_subjects({"": city}, asked)


def of_subjects(city: Mapping[str, Mapping[int, Work]], asked: Set[str] = NOTHING) -> list[Question]:
    """The same over several kinds of work (subject → unit → work), chosen over all of them together.

    ``asked``: rows that units were asked about before.
    """
    found = [
        replace(one, subject=subject)
        for subject, units in sorted(city.items())
        for unit in sorted(units)
        for one in _of_unit(unit, units, asked)
    ]
    return _asked(found)


def _of_unit(unit: int, city: Mapping[int, Work], asked: Set[str]) -> list[Question]:
    others = [work for other, work in city.items() if other != unit]
    mine = _without(city[unit], asked)
    found = [_at_threshold(unit, mine)]
    for pattern, count in ((Pattern.LAST_DAY, _last_day), (Pattern.TOGETHER, _together)):
        floor = _FLOOR[pattern]
        rows, of = count(mine)
        everywhere = [count(work) for work in others]
        seen, base = sum(len(some) for some, _of in everywhere), sum(all_ for _some, all_ in everywhere)
        usual = min(0.9, _ROOM * max(floor, (seen + floor * _PRIOR) / (base + _PRIOR)))
        found.append(Question(unit, pattern, len(rows), of, usual, tail(len(rows), of, usual), rows))
    return [one for one in found if one.of >= FEWEST]


def _without(work: Work, asked: Set[str]) -> Work:
    """The work less what was asked about."""
    if not asked:
        return work
    months = {name: (share, [one for one in of if one.row not in asked]) for name, (share, of) in work.months.items()}
    return Work([one for one in work.entries if one.row not in asked], months)


def _at_threshold(unit: int, work: Work) -> Question:
    """Of the months that ended on the threshold or one below it, how many ended on it. Evenly likely, and a little more above."""
    on: list[str] = []
    below = 0
    for share, months in work.months.values():
        for month in months:
            least = int((share * month.of / 100).to_integral_value(ROUND_CEILING))
            # Where the threshold is all of them there is nothing above it to stop short of.
            if month.of < FEWEST or least >= month.of:
                continue
            if month.done == least:
                on.append(month.row)
            below += month.done == least - 1
    usual = 0.6
    rows = tuple(row for row in on if row)
    return Question(unit, Pattern.AT_THRESHOLD, len(on), len(on) + below, usual, tail(len(on), len(on) + below, usual), rows)


def _last_day(work: Work) -> tuple[tuple[str, ...], int]:
    due = [one for one in work.entries if one.last_day is not None]
    return tuple(one.row for one in due if one.happened_on == one.last_day), len(due)


def _together(work: Work) -> tuple[tuple[str, ...], int]:
    typed = sorted((one for one in work.entries if not one.imported), key=lambda one: (one.entered_at, one.row))
    rows: list[str] = []
    run: list[Entry] = []
    for one in typed:
        if run and one.entered_at - run[-1].entered_at > GAP:
            rows += _counted(run)
            run = []
        run.append(one)
    return tuple(rows + _counted(run)), len(typed)


def _counted(run: Sequence[Entry]) -> list[str]:
    """The rows of a run long enough, about several days, all long past when they were typed."""
    old = [one for one in run if one.entered_on - one.happened_on >= LONG_AGO]
    if len(old) < RUN or len({one.happened_on for one in old}) < RUN - 1:
        return []
    return [one.row for one in old]


def tail(seen: int, of: int, share: float) -> float:
    """The chance of ``seen`` or more of ``of`` where each is so with ``share``."""
    if seen <= 0:
        return 1.0
    if share >= 1.0:
        return 1.0
    logs = (
        lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log(1 - share)
        for k in range(seen, of + 1)
    )
    return min(1.0, sum(exp(one) for one in logs))


def _asked(found: Sequence[Question]) -> list[Question]:
    """Benjamini and Hochberg: the longest beginning of the ordered list whose last chance is under its share of the level."""
    ordered = sorted(found, key=lambda one: (one.chance, one.subject, one.unit, one.pattern))
    kept = 0
    for place, one in enumerate(ordered, start=1):
        if one.chance <= FALSE_SHARE * place / len(ordered):
            kept = place
    return ordered[:kept]
