"""A curve as it may be shown: no step of it, no difference of two numbers in it, tells of fewer than five people. Pure.

* A point stands at a month only if since the point before it the outcome happened to nobody or to at least ``SMALLEST`` people, and the
  same holds of those who left otherwise; where fewer than ``SMALLEST`` are still under observation, the curve ends.
* Numbers of people are given to the nearest five and shares in whole per cent, so that curves of parts and of their whole, of one
  year and the next, cannot be taken from each other.
* A group of fewer than ``SMALLEST`` people has no curve.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.outcomes.curves import Incidence, Survival, incidence_along, moments, survival_along
from qingyuan.indicators.outcomes.people import HAPPENED, Followed

MONTH: Final = 30.4375
MONTHS: Final = 36
HORIZONS: Final = (12, 24, 36)
"""Months at which competing events are told."""


@dataclass(frozen=True)
class ShownPoint:
    """``share``, ``low``, ``high`` in whole per cent; the interval is None where the data say nothing about it."""

    month: int
    at_risk: int
    share: int
    low: int | None
    high: int | None


@dataclass(frozen=True)
class ShownShare:
    """To how many it had happened first, in whole per cent; the interval is None where the data say nothing about it."""

    share: int
    low: int | None
    high: int | None


@dataclass(frozen=True)
class ShownCurve:
    """``people`` to the nearest five; ``events`` likewise, None where they are one to four. ``beside``: kind → month → the share of those
    to whom it had happened first, None where that would tell of few; ``ends`` is the month of the last point."""

    name: str
    people: int
    events: int | None
    points: tuple[ShownPoint, ...]
    beside: Mapping[str, Mapping[int, ShownShare | None]]

    @property
    def ends(self) -> int:
        return self.points[-1].month

    def at(self, month: int) -> ShownPoint | None:
        """The last point at or before ``month``, unless the curve has ended by then."""
        if month > self.ends:
            return None
        return next((one for one in reversed(self.points) if one.month <= month), None)


def to_five(count: int) -> int:
    """To the nearest five; what is five or more never becomes less."""
    return 5 * ((count + 2) // 5)


class _Leaving:
    """When each left observation and why, sorted, so that any month is counted without going through everybody."""

    def __init__(self, people: Sequence[Followed]) -> None:
        self.people = len(people)
        by_kind: dict[str, list[float]] = {}
        for one in people:
            by_kind.setdefault(one.event, []).append(one.time)
        self._times = {kind: sorted(times) for kind, times in by_kind.items()}

    @property
    def kinds(self) -> list[str]:
        return sorted(kind for kind in self._times if kind)

    def until(self, kind: str, month: int) -> int:
        """How many had left by ``kind`` (empty: with nothing having happened) within so many months; nobody within none."""
        return bisect_right(self._times.get(kind, ()), month * MONTH) if month else 0

    def gone(self, month: int) -> tuple[int, int]:
        """To how many it had happened, and how many had left otherwise."""
        return self.until(HAPPENED, month), sum(self.until(kind, month) for kind in self._times if kind != HAPPENED)

    def under(self, month: int) -> int:
        """How many are still under observation after so many months."""
        return self.people - sum(self.gone(month))


def shown(people: Sequence[Followed], name: str = "") -> ShownCurve | None:
    """The curve of one group as it may be shown; None for fewer than ``SMALLEST`` people."""
    if len(people) < SMALLEST:
        return None
    course, leaving = moments(people), _Leaving(people)
    curve = survival_along(course, len(people), HAPPENED)
    events = sum(one.event == HAPPENED for one in people)
    return ShownCurve(
        name,
        to_five(len(people)),
        None if 0 < events < SMALLEST else to_five(events),
        tuple(_point(curve, leaving, month) for month in _months(leaving)),
        {kind: _beside(incidence_along(course, kind), leaving, kind) for kind in leaving.kinds},
    )


def _months(leaving: _Leaving) -> list[int]:
    """The months at which a point may stand: the beginning, and each before which enough or nothing has happened since the last."""
    found, before = [0], (0, 0)
    for month in range(1, MONTHS + 1):
        if leaving.under(month) < SMALLEST:
            break
        now = leaving.gone(month)
        if all(after == early or after - early >= SMALLEST for after, early in zip(now, before, strict=True)):
            found.append(month)
            before = now
    return found


def _point(curve: Survival, leaving: _Leaving, month: int) -> ShownPoint:
    point = curve.at(month * MONTH) if month else None
    at_risk = to_five(leaving.under(month))
    if point is None:
        return ShownPoint(month, at_risk, 100, 100, 100)
    return ShownPoint(month, at_risk, _percent(point.value), _or(point.low), _or(point.high))


def _beside(told: Incidence, leaving: _Leaving, kind: str) -> dict[int, ShownShare | None]:
    """At each horizon the share to whom it had happened first, with its interval; None where it would tell of one to four since the last, or few are left."""
    found: dict[int, ShownShare | None] = {}
    before = 0
    for month in HORIZONS:
        now = leaving.until(kind, month)
        point = told.at(month * MONTH)
        if point is None or leaving.under(month) < SMALLEST or 0 < now - before < SMALLEST:
            found[month] = None
            continue
        found[month], before = ShownShare(_percent(point.value), _or(point.low), _or(point.high)), now
    return found


def _percent(share: float) -> int:
    return round(100 * share)


def _or(share: float | None) -> int | None:
    return None if share is None else _percent(share)
