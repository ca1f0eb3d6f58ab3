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
from itertools import pairwise
from typing import Final

from qingyuan.governance.rules.chances import at, of_events, of_successes
from qingyuan.governance.scoring.numbers import Number, Part

#: What happened a month earlier counts this much: a town that has changed is told by how it works now.
FADES: Final = 0.75
#: Outcomes of one town and month hang together, so a hundred of them tell as much as so many that do not.
APART: Final = 0.4
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
    goes in general, which tells a town with few rows of its own.
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
    """What a forecast of a number rests on: so many of so many done until now, so many still to come."""

    done: int
    of: int
    to_come: int


def untold(path: Path) -> Untold | None:
    """Why this number cannot be foretold; None where it can."""
    now = path.now
    if now.not_available:
        return Untold.NO_NUMBER
    if path.moves is Moves.EVENTS:
        return None if now.value is not None and _is_count(now.value) else Untold.NOT_COUNTED
    if now.numerator is None or now.denominator is None or not _is_count(now.numerator) or not _is_count(now.denominator):
        return Untold.NOT_COUNTED
    if now.numerator > now.denominator or (path.reads - {*Part} and path.moves is not Moves.EVENTS):
        return Untold.NOT_COUNTED
    return None


def basis(path: Path) -> Basis:
    if path.moves is Moves.EVENTS:
        return Basis(_count(path.now.value), _count(path.now.value), 0)
    known = max(0, _count(path.ahead.denominator) - _count(path.now.denominator))
    return Basis(_count(path.now.numerator), _count(path.now.denominator), known)


def year_end(path: Path, shares: Iterator[float]) -> Number:
    """One year's end of the number; takes as many of ``shares`` (in (0, 1)) as it needs."""
    if path.moves is Moves.EVENTS:
        return _events(path, shares)
    return _standing(path, shares) if path.moves is Moves.STANDING else _window(path, shares)


def needs(path: Path) -> int:
    """How many shares ``year_end`` may take."""
    return 2 if path.moves is Moves.EVENTS else 3


def _events(path: Path, shares: Iterator[float]) -> Number:
    now = _count(path.now.value)
    more = max(_more(path, now, path.like.value if path.like else None, next(shares)), _count(path.ahead.value) - now)
    share = next(shares)
    parts = {
        key: amount + at(of_successes(more, *_beside(path, float(amount), float(now - amount), key)), share)
        for key, amount in path.now.parts.items()
        if key in path.reads and amount <= now
    }
    return replace(path.now, value=Decimal(now + more), parts={**path.now.parts, **parts})


def _window(path: Path, shares: Iterator[float]) -> Number:
    now, ahead = path.now, path.ahead
    known = max(0, _count(ahead.denominator) - _count(now.denominator))
    early = max(0, _count(ahead.numerator) - _count(now.numerator))
    count_share, done_share, kind_share = next(shares), next(shares), next(shares)
    more = known if path.planned else max(known, _more_due(path, count_share))
    done = max(early, at(of_successes(more, *_beside(path, *_weighed(path))), done_share))
    return _ratio(now, done, more, kind_share)


def _standing(path: Path, shares: Iterator[float]) -> Number:
    """New ones end as often well as those so far; of what is missing now, some is made good in the months left."""
    now = path.now
    count_share, done_share, mend_share = next(shares), next(shares), next(shares)
    known = max(0, _count(path.ahead.denominator) - _count(now.denominator))
    more = max(known, _more_due(path, count_share))
    good, bad = _count(now.numerator), _lacking(now)
    # Who comes last has had the least time: such fail as often as a month's newcomers do at its end, not as all do by now.
    slow = max(0.0, _at_first(path) - bad) / 2
    done = at(of_successes(more, *_beside(path, round(good - slow, 6), round(bad + slow, 6))), done_share)
    mended, stood = _mended(path)
    stays = (stood - mended + _SLOW) / (stood + _SLOW + _HALF)
    chance = 1.0 - stays ** (path.left / _MONTH)
    weight = min(stood, _ALIKE) + 1.0
    made_good = at(of_successes(bad, chance * weight + 0.01, (1.0 - chance) * weight + 0.01), mend_share)
    return _ratio(now, done + made_good, more, 1.0)


def _more_due(path: Path, share: float) -> int:
    return _more(path, _count(path.now.denominator), path.like.denominator if path.like else None, share)


def _more(path: Path, now: int, like: Decimal | None, share: float) -> int:
    """How many more come in the days left, at the town's own pace and, for a while, that of all towns."""
    events, days = now + _HALF, float(path.past)
    if like is not None:
        events, days = events + LIKE_DAYS * float(like) / path.towns / path.past, days + LIKE_DAYS
    return at(of_events(round(events, 6), days, float(path.left)), share)


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


def _ratio(now: Number, done: int, more: int, share: float) -> Number:
    """The number after ``more`` more, ``done`` of them done. What fails is missing, or failed in another way (late)."""
    numerator, denominator = _count(now.numerator) + done, _count(now.denominator) + more
    failed_now, missing_now = _count(now.denominator) - _count(now.numerator), now.missing
    missing = None
    if missing_now is not None:
        if int(missing_now) == failed_now:
            missing = Decimal(denominator - numerator)
        else:
            other = float(max(0, failed_now - int(missing_now)))
            among = of_successes(max(0, more - done), float(missing_now) + _HALF, other + _HALF)
            missing = missing_now + at(among, share)
    return replace(
        now, value=None, numerator=Decimal(numerator), denominator=Decimal(denominator), missing=missing, not_available=""
    )


def _weighed(path: Path) -> tuple[float, float]:
    """Successes and failures of the months so far, older ones fading."""
    good = bad = 0.0
    for (_before, then), (day, number) in pairwise(_steps(path)):
        of, done = _grown(then.denominator, number.denominator), _grown(then.numerator, number.numerator)
        weight = APART * FADES ** ((path.days[-1] - day).days / _MONTH)
        good += weight * min(done, of)
        bad += weight * max(0, of - done)
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

