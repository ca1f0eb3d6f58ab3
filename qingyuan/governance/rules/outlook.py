"""What one number of a score can be at the end of the year, from how it went so far. Pure.

A number's path is its amounts from January to the end of each month, and to today. Three ways a number moves:

* WINDOW: what is counted has a last day and then stands (a test window, a return, the fifteen days to report). What is still
  to come succeeds as often as what is over did, the last months weighing more.
* STANDING: what is missing can still be made good (an agreement not yet signed): each month some of it is.
* EVENTS: a plain count (meetings): as many a day as so far.

Amounts are whole counts. ``ahead`` is the same number for the whole year by the rows that are there today: windows still to
come are rows already, so that how much is still to come is mostly known and only how it ends is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

from qingyuan.governance.rules.chances import at, of_events, of_successes
from qingyuan.governance.rules.late_entry import NOTHING_KNOWN, Late
from qingyuan.governance.scoring.numbers import Number, Part

#: What happened a month earlier counts this much: a town that has changed is told by how it works now.
FADES: Final = 0.75
#: Outcomes of one town and month hang together, so a hundred of them tell as much as so many that do not.
APART: Final = 0.28
#: What is known of all towns together counts for this many outcomes of the town's own, and for this many of its days.
LIKE_OUTCOMES: Final = 10.0
LIKE_DAYS: Final = 60.0
#: Half a count of each outcome beforehand, so that what never happened yet stays possible (Jeffreys).
_HALF: Final = 0.5
_MONTH: Final = 30.4
#: What is missing is thought to stay until months have shown that it is made good.
_SLOW: Final = 6.0
#: What is still missing late in the year is not what was made good early: the past tells no more than so many would.
_ALIKE: Final = 3.0
#: People of one town are seen by the same worker, so each tells less than one of a town of his own.
_ALONE: Final = 0.6


class Moves(StrEnum):
    WINDOW = "window"
    STANDING = "standing"
    EVENTS = "events"


class Untold(StrEnum):
    """Why a number cannot be foretold."""

    NO_NUMBER = "no_number"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Path:
    """``days`` and ``numbers``: month-ends and today, cumulated from January, oldest first; ``until``: the year's last day.

    ``planned``: all that is still to come stands in rows already, nothing is added by chance.
    ``reads``: the parts of the number that clauses read. ``like``: the same number of all ``towns`` together, today: how it
    goes in general, which tells a town with few rows of its own. ``late``: what was entered late so far.
    """

    days: tuple[date, ...]
    numbers: tuple[Number, ...]
    ahead: Number
    until: date
    moves: Moves
    planned: bool = False
    reads: frozenset[str] = frozenset({Part.VALUE})
    like: Number | None = None
    towns: int = 1
    late: Late = NOTHING_KNOWN

    @property
    def now(self) -> Number:
        return self.numbers[-1]

    @property
    def left(self) -> int:
        """Days from today to the end of the year."""
        return max(0, (self.until - self.days[-1]).days)

    @property
    def past(self) -> int:
        """Days of the year that are over."""
        return max(1, (self.days[-1] - date(self.until.year, 1, 1)).days + 1)


@dataclass(frozen=True)
class Basis:
    """What a forecast of a number rests on: so many of so many done until now, so many still to come.

    ``late``: of what is past, rows thought to be still unentered (their mean).
    """

    done: int
    of: int
    to_come: int
    late: float = 0.0


def untold(path: Path) -> Untold | None:
    """Why this number cannot be foretold; None where it can."""
    now = path.now
    if now.not_available:
        return Untold.NO_NUMBER
    if path.moves is Moves.EVENTS:
        return None if now.value is not None and _is_count(now.value) else Untold.NOT_COUNTED
    if now.numerator is None or now.denominator is None or not _is_count(now.numerator) or not _is_count(now.denominator):
        return Untold.NOT_COUNTED
    if now.numerator > now.denominator or path.reads - {*Part}:
        return Untold.NOT_COUNTED
    return None


def basis(path: Path) -> Basis:
    if path.moves is Moves.EVENTS:
        return Basis(_count(path.now.value), _count(path.now.value), 0, path.late.came_mean)
    known = max(0, _count(path.ahead.denominator) - _count(path.now.denominator))
    late = path.late.came_mean + min(path.late.fixed_mean, float(_lacking(path.now)))
    return Basis(_count(path.now.numerator), _count(path.now.denominator), known, late)


def year_end(path: Path, shares: Iterator[float]) -> Number:
    """One year's end of the number; takes as many of ``shares`` (in (0, 1)) as it needs."""
    return Prospect(path).end(shares)


def needs(path: Path) -> int:
    """How many shares ``year_end`` may take."""
    return 3 if path.moves is Moves.EVENTS else 5


class Prospect:
    """The chances of a path, reckoned once and drawn from many times."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now, self.late = path.now, path.late
        self._came, self._fixed = path.late.came_chances, path.late.fixed_chances
        self._known = max(0, _count(path.ahead.denominator) - _count(path.now.denominator))
        self._early = max(0, _count(path.ahead.numerator) - _count(path.now.numerator))
        self._bad = _lacking(path.now)

    def end(self, shares: Iterator[float]) -> Number:
        match self.path.moves:
            case Moves.EVENTS:
                return self._events(shares)
            case Moves.STANDING:
                return self._standing(shares)
            case _:
                return self._window(shares)

    def _events(self, shares: Iterator[float]) -> Number:
        path, now = self.path, _count(self.now.value)
        more = max(at(self._pace, next(shares)), _count(path.ahead.value) - now) + at(self._came, next(shares))
        share = next(shares)
        parts = {
            key: amount + at(of_successes(more, *_beside(path, float(amount), float(now - amount), key)), share)
            for key, amount in self.now.parts.items()
            if key in path.reads and amount <= now
        }
        return replace(self.now, value=Decimal(now + more), parts={**self.now.parts, **parts})

    def _window(self, shares: Iterator[float]) -> Number:
        count_share, done_share, kind_share, came_share, fixed_share = (next(shares) for _ in range(5))
        more = self._known if self.path.planned else max(self._known, at(self._pace, count_share))
        more += at(self._came, came_share)
        fixed = min(self._bad, at(self._fixed, fixed_share))
        done = max(self._early, at(of_successes(more, *self._outcomes), done_share))
        return _ratio(self.now, fixed, done, more, kind_share)

    def _standing(self, shares: Iterator[float]) -> Number:
        """New ones end as often well as those so far; of what is missing now some was done already and is not yet entered,
        and some of the rest is made good in the months left."""
        count_share, done_share, mend_share, came_share, fixed_share = (next(shares) for _ in range(5))
        more = max(self._known, at(self._pace, count_share)) + at(self._came, came_share)
        fixed = min(self._bad, at(self._fixed, fixed_share))
        done = at(of_successes(more, *self._newcomers), done_share)
        good, bad = self._mending
        return _ratio(self.now, fixed + at(of_successes(self._bad - fixed, good, bad), mend_share), done, more, 1.0)

    @cached_property
    def _pace(self) -> tuple[float, ...]:
        """Chances of so many more in the days left, at the town's own pace and, for a while, that of all towns.

        What is late belongs to the days that are over: without it the pace would seem slower than it is.
        """
        path, like = self.path, self.path.like
        counted = path.moves is Moves.EVENTS
        now = _count(self.now.value if counted else self.now.denominator)
        events, days = now + path.late.came_mean + _HALF, float(path.past)
        whole = None if like is None else like.value if counted else like.denominator
        if whole is not None:
            events, days = events + LIKE_DAYS * float(whole) / path.towns / path.past, days + LIKE_DAYS
        return of_events(round(events, 6), days, float(path.left))

    @cached_property
    def _outcomes(self) -> tuple[float, float]:
        return _beside(self.path, *_weighed(self.path))

    @cached_property
    def _newcomers(self) -> tuple[float, float]:
        """Who comes last has had the least time: such fail as often as a month's newcomers do at its end, not as all do by now."""
        late = min(self.late.fixed_mean, float(self._bad))
        good, bad = _count(self.now.numerator) + late, self._bad - late
        slow = max(0.0, _at_first(self.path) - self._bad) / 2
        return _beside(self.path, round(_ALONE * (good - slow), 6), round(_ALONE * (bad + slow), 6))

    @cached_property
    def _mending(self) -> tuple[float, float]:
        mended, stood = _mended(self.path)
        stays = (stood - mended + _SLOW) / (stood + _SLOW + _HALF)
        chance = 1.0 - stays ** (self.path.left / _MONTH)
        weight = min(stood, _ALIKE) + 1.0
        return chance * weight + 0.01, (1.0 - chance) * weight + 0.01


def _beside(path: Path, good: float, bad: float, part: str = "") -> tuple[float, float]:
    """Own outcomes with what is thought beforehand: as in all towns, or nothing."""
    share = _general(path.like, part) if path.like else None
    if share is None:
        return good + _HALF, bad + _HALF
    first = LIKE_OUTCOMES * min(max(share, 0.05), 0.95)
    return round(good + first, 6), round(bad + LIKE_OUTCOMES - first, 6)


def _general(like: Number, part: str) -> float | None:
    above, below = (like.parts.get(part), like.value) if part else (like.numerator, like.denominator)
    return float(above / below) if above is not None and below else None


def _ratio(now: Number, fixed: int, done: int, more: int, share: float) -> Number:
    """The number after ``more`` more, ``done`` of them done, and ``fixed`` of what is missing today made good or found done.

    What fails is missing, or failed in another way (late).
    """
    numerator, denominator = _count(now.numerator) + fixed + done, _count(now.denominator) + more
    failed_now, missing_now = _count(now.denominator) - _count(now.numerator), now.missing
    missing = None
    if missing_now is not None:
        if int(missing_now) == failed_now:
            missing = Decimal(denominator - numerator)
        else:
            other = float(max(0, failed_now - int(missing_now)))
            among = of_successes(max(0, more - done), float(missing_now) + _HALF, other + _HALF)
            missing = max(Decimal(0), missing_now - fixed) + at(among, share)
    return replace(
        now, value=None, numerator=Decimal(numerator), denominator=Decimal(denominator), missing=missing, not_available=""
    )


def _weighed(path: Path) -> tuple[float, float]:
    """Successes and failures of the months so far, older ones fading. Failures that are thought to be done and not yet entered
    are taken from the newest months first: there they are."""
    good = bad = 0.0
    late = min(path.late.fixed_mean, float(_lacking(path.now)))
    for (_before, then), (day, number) in reversed([*pairwise(_steps(path))]):
        of, done = _grown(then.denominator, number.denominator), _grown(then.numerator, number.numerator)
        failed = max(0, of - done)
        found = min(late, float(failed))
        late -= found
        weight = APART * FADES ** ((path.days[-1] - day).days / _MONTH)
        good += weight * (min(done, of) + found)
        bad += weight * (failed - found)
    return round(good, 6), round(bad, 6)


def _mended(path: Path) -> tuple[float, float]:
    """How much of what was missing at a month's beginning was no longer missing at its end, and how much stood."""
    mended = stood = 0.0
    for (_before, then), (_day, number) in pairwise(_steps(path)):
        old, new = _lacking(then), _lacking(number)
        stood += old
        mended += max(0, old - new)
    return mended, stood


def _at_first(path: Path) -> float:
    """How many would lack it, were all as the newcomers of a month at its end can be at most."""
    lack = came = 0
    for (_before, then), (_day, number) in pairwise(_steps(path)):
        new = _grown(then.denominator, number.denominator)
        lack += min(new, _lacking(number))
        came += new
    return _count(path.now.denominator) * lack / came if came else 0.0


def _steps(path: Path) -> Sequence[tuple[date, Number]]:
    start = (date(path.until.year, 1, 1), Number(numerator=Decimal(0), denominator=Decimal(0)))
    return [start, *zip(path.days, path.numbers, strict=True)]


def _lacking(number: Number) -> int:
    return max(0, _count(number.denominator) - _count(number.numerator))


def _grown(before: Decimal | None, after: Decimal | None) -> int:
    return max(0, _count(after) - _count(before))


def _count(amount: Decimal | None) -> int:
    return int(amount or 0)


def _is_count(amount: Decimal) -> bool:
    return amount >= 0 and amount == amount.to_integral_value()

