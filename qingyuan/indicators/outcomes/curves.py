"""The Kaplan–Meier curve, its median and restricted mean, and Aalen–Johansen incidence of competing events.

Times are whole or broken days since each one's start. At a tied time events come before those who leave observation.
Sources: Kaplan and Meier 1958; Greenwood 1926 with the log(−log) interval (Kalbfleisch and Prentice 2002, 1.4);
Aalen and Johansen 1978, variance by the delta method (Marubini and Valsecchi 1995, 10.3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Final

from qingyuan.indicators.outcomes.people import Followed

Z_95: Final = 1.959963984540054  # the 97.5 % point of the normal distribution: intervals of 95 %


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at one time: how many are under observation just before it, and what becomes of them."""

    time: float
    at_risk: int
    events: Counter[str]
    happened: int
    left: int


@dataclass(frozen=True, slots=True)
class Point:
    """A step of a curve, valid from ``time`` until the next; the interval is None where nothing can be said.

    ``variance`` of ``value``; the interval is made of it where it is read: of thousands of steps a handful are shown.
    """

    time: float
    at_risk: int
    events: int
    left: int
    value: float
    variance: float

    @property
    def low(self) -> float | None:
        return _interval(self.value, self.variance)[0]

    @property
    def high(self) -> float | None:
        return _interval(self.value, self.variance)[1]


@dataclass(frozen=True, slots=True)
class Survival:
    """The share to whom it has not happened, from time 0 on; ``points`` ascend in time."""

    people: int
    events: int
    points: tuple[Point, ...]

    def at(self, time: float) -> Point | None:
        """The step valid at ``time``; None after the last one was seen, where nobody knows."""
        return _last_until(self.points, time)

    def under_observation(self, time: float) -> int:
        """How many are still under observation just before ``time``."""
        return next((point.at_risk for point in self.points if point.time >= time), 0)

    def median(self) -> float | None:
        """The first time at which it has happened to half; None when it never came to that."""
        return _first_at_most(((point.time, point.value) for point in self.points), 0.5)

    def median_interval(self) -> tuple[float | None, float | None]:
        """Where the borders of the interval pass one half (Brookmeyer and Crowley 1982)."""
        low = _first_at_most(((point.time, _or(point.low, 0.0)) for point in self.points), 0.5)
        high = _first_at_most(((point.time, _or(point.high, 1.0)) for point in self.points), 0.5)
        return low, high

    def restricted_mean(self, horizon: float) -> float | None:
        """Days without it on average within the first ``horizon`` days; None when nobody was followed that long."""
        if not self.points or self.points[-1].time < horizon:
            return None
        area, since, value = 0.0, 0.0, 1.0
        for point in self.points:
            if point.time >= horizon:
                break
            area += value * (point.time - since)
            since, value = point.time, point.value
        return area + value * (horizon - since)


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share to whom ``kind`` has happened first, beside all other kinds."""

    kind: str
    events: int
    points: tuple[Point, ...]

    def at(self, time: float) -> Point | None:
        return _last_until(self.points, time)


def moments(people: Iterable[Followed]) -> list[Moment]:
    """The times at which something happens or somebody leaves, ascending. Who enters late counts only from then on."""
    events: dict[float, Counter[str]] = {}
    leaving: Counter[float] = Counter()
    entering: Counter[float] = Counter()
    for one in people:
        entering[one.entry] += 1
        if one.event:
            here = events.get(one.time)
            if here is None:
                here = events[one.time] = Counter()
            here[one.event] += 1
        else:
            leaving[one.time] += 1
    found: list[Moment] = []
    nothing: Counter[str] = Counter()
    arrivals = sorted(entering.items())
    arrived = at_risk = 0
    for time in sorted({*events, *leaving}):
        # Whoever enters exactly at a time of events was not yet under observation when they happened, save at the start.
        while arrived < len(arrivals) and (arrivals[arrived][0] < time or arrivals[arrived][0] == 0):
            at_risk += arrivals[arrived][1]
            arrived += 1
        here, left = events.get(time, nothing), leaving[time]
        happened = here.total()
        found.append(Moment(time, at_risk, here, happened, left))
        at_risk -= happened + left
    return found


def kaplan_meier(people: Sequence[Followed], of: str = "") -> Survival:
    """The curve of ``of``, other kinds counted as having left observation; without ``of``, of whatever happens first."""
    return survival_along(moments(people), len(people), of)


def survival_along(course: Iterable[Moment], people: int, of: str = "") -> Survival:
    """``kaplan_meier`` where the moments are known already."""
    points: list[Point] = []
    value, spread, total = 1.0, 0.0, 0
    variance = inf
    for moment in course:
        happened = moment.events[of] if of else moment.happened
        left = moment.left + moment.happened - happened
        total += happened
        if happened:
            staying = moment.at_risk - happened
            value = value * staying / moment.at_risk if staying else 0.0
            spread += happened / (moment.at_risk * staying) if staying else inf
            variance = value * value * spread if value else inf
        points.append(Point(moment.time, moment.at_risk, happened, left, value, variance))
    return Survival(people, total, tuple(points))


def incidence(people: Sequence[Followed], kind: str) -> Incidence:
    """The cumulative incidence of ``kind``; over all kinds and the share without any it adds up to one at every time."""
    return incidence_along(moments(people), kind)


def incidence_along(course: Iterable[Moment], kind: str) -> Incidence:
    """``incidence`` where the moments are known already."""
    points: list[Point] = []
    free, reached, total = 1.0, 0.0, 0
    # The variance is a sum over earlier times of squares in which the present value stands: kept as its coefficients.
    squares = crossed = constant = linear = variance = 0.0
    for moment in course:
        kinds, happened, at_risk = moment.events[kind], moment.happened, moment.at_risk
        total += kinds
        if happened:
            share = free * kinds / at_risk
            reached += share
            staying = at_risk - happened
            weight = happened / (at_risk * staying) if staying else 0.0
            squares += weight
            crossed += weight * reached
            constant += weight * reached * reached
            constant += free * free * (at_risk - kinds) * kinds / at_risk**3
            step = free * kinds / at_risk**2
            linear += step
            constant += 2 * step * reached
            free = free * staying / at_risk if staying else 0.0
            variance = reached * reached * squares - 2 * reached * crossed - 2 * reached * linear + constant
            variance = max(variance, 0.0)
        points.append(Point(moment.time, at_risk, kinds, moment.left + happened - kinds, reached, variance))
    return Incidence(kind, total, tuple(points))


ROUNDED: Final = 1e-12
"""Sums of shares that make one may miss it by the last digits; no crowd is so large that it means anything."""


def _interval(value: float, variance: float) -> tuple[float | None, float | None]:
    """95 %, on the log(−log) scale, so that it stays between 0 and 1. None at 0, where the data say nothing about it."""
    if value > 1.0 - ROUNDED:
        return 1.0, 1.0
    if value <= 0.0 or variance == inf:
        return None, None
    width = Z_95 * sqrt(variance) / (value * abs(log(value)))
    borders = (exp(log(value) * exp(width)), exp(log(value) * exp(-width)))
    return min(borders), max(borders)


def _last_until(points: Sequence[Point], time: float) -> Point | None:
    """The step valid at ``time``; None before the first and after the last time anybody was seen."""
    after = bisect_right(points, time, key=lambda point: point.time)
    return None if not after or time > points[-1].time else points[after - 1]


def _first_at_most(values: Iterable[tuple[float, float]], border: float) -> float | None:
    return next((time for time, value in values if value <= border), None)


def _or(value: float | None, instead: float) -> float:
    return instead if value is None else value
