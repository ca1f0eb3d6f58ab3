"""Whether groups differ by more than chance, with like compared with like. Nobody is ranked.

The log-rank test (Mantel 1966; stratified by covariates), and for every group the events expected if it had the pooled hazard
of its own strata (Breslow 1975), as a ratio with an exact interval and funnel limits (Spiegelhalter 2005).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from operator import mul
from typing import Final

from qingyuan.indicators.outcomes.chances import chi_squared_above, poisson_interval, poisson_two_sided
from qingyuan.indicators.outcomes.curves import moments
from qingyuan.indicators.outcomes.people import Followed

ENOUGH_EXPECTED: Final = 5.0  # below it a ratio turns on single people
ENOUGH_PEOPLE: Final = 20
LIKELY: Final = 0.05
SURELY: Final = 0.002  # the outer funnel limit, 99.8 %: of a hundred like groups one in five hundred passes it by chance


class Apart(StrEnum):
    """Where a group lies in the funnel. FEW: not comparable."""

    FEW = "few"
    WITHIN = "within"
    BEYOND_95 = "beyond_95"
    BEYOND_998 = "beyond_998"


@dataclass(frozen=True, slots=True)
class LogRank:
    """``statistic`` is χ² with ``freedom`` degrees; ``chance`` the probability of as much by chance alone."""

    statistic: float
    freedom: int
    chance: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A group's events beside what its own strata would lead to expect."""

    group: str
    people: int
    observed: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    chance: float | None
    apart: Apart


def log_rank(people: Sequence[Followed], of: str = "") -> LogRank | None:
    """The test over all groups, within strata. None with fewer than two groups, or where no time tells groups apart."""
    names = sorted({one.group for one in people})
    if len(names) < 2:
        return None
    place = {name: index for index, name in enumerate(names)}
    size = len(names)
    differences = [0.0] * size
    variances = [[0.0] * size for _ in names]
    for stratum in _strata(people).values():
        _add_stratum(stratum, of, place, differences, variances)
    kept = [index for index in range(size) if variances[index][index] > 1e-12]
    if len(kept) < 2:
        return None
    kept.pop()  # the differences add up to nothing: one of them follows from the others
    solved = _solve([[variances[row][column] for column in kept] for row in kept], [differences[row] for row in kept])
    if solved is None:
        return None
    statistic = max(0.0, sum(differences[row] * part for row, part in zip(kept, solved, strict=True)))
    return LogRank(statistic, len(kept), chi_squared_above(statistic, len(kept)))


def compare(people: Sequence[Followed], of: str = "") -> list[Compared]:
    """Every group in the order of its name; expected events add up to the observed ones."""
    expected: dict[str, float] = defaultdict(float)
    observed: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    for stratum in _strata(people).values():
        hazard = _hazard(stratum, of)
        reached = _Steps(hazard)
        for one in stratum:
            counted[one.group] += 1
            expected[one.group] += reached.at(one.time) - reached.before(one.entry)
            observed[one.group] += _is(one, of)
    return [_compared(name, counted[name], observed[name], expected[name]) for name in sorted(counted)]


def _compared(group: str, people: int, observed: int, expected: float) -> Compared:
    few = people < ENOUGH_PEOPLE or expected < ENOUGH_EXPECTED
    if few:
        return Compared(group, people, observed, expected, None, None, None, None, Apart.FEW)
    low, high = poisson_interval(observed)
    chance = poisson_two_sided(observed, expected)
    apart = Apart.BEYOND_998 if chance < SURELY else Apart.BEYOND_95 if chance < LIKELY else Apart.WITHIN
    return Compared(group, people, observed, expected, observed / expected, low / expected, high / expected, chance, apart)


class _Steps:
    """A rising step function of time."""

    def __init__(self, steps: Sequence[tuple[float, float]]) -> None:
        self.times = [time for time, _ in steps]
        self.values = [value for _, value in steps]

    def at(self, time: float) -> float:
        after = bisect_right(self.times, time)
        return self.values[after - 1] if after else 0.0

    def before(self, entry: float) -> float:
        """What had gathered when somebody entered; who is there from the start lacks nothing."""
        return self.at(entry) if entry > 0 else 0.0


def _strata(people: Sequence[Followed]) -> dict[tuple[str, ...], list[Followed]]:
    found: dict[tuple[str, ...], list[Followed]] = defaultdict(list)
    for one in people:
        found[one.stratum].append(one)
    return found


def _hazard(people: Sequence[Followed], of: str) -> list[tuple[float, float]]:
    """Nelson–Aalen: the cumulative hazard after each time of events."""
    gathered, steps = 0.0, []
    for moment in moments(people):
        happened = moment.events[of] if of else moment.happened
        if happened:
            gathered += happened / moment.at_risk
            steps.append((moment.time, gathered))
    return steps


def _is(one: Followed, of: str) -> bool:
    return one.event == of if of else bool(one.event)


def _add_stratum(
    people: Sequence[Followed],
    of: str,
    place: dict[str, int],
    differences: list[float],
    variances: list[list[float]],
) -> None:
    """Adds observed − expected and the hypergeometric covariances of one stratum, all its times together."""
    groups: dict[str, list[Followed]] = defaultdict(list)
    for one in people:
        groups[one.group].append(one)
    happening = [(one, count) for one in moments(people) if (count := one.events[of] if of else one.happened)]
    times = [one.time for one, _count in happening]
    hazards = [count / one.at_risk for one, count in happening]
    spreads = [_spread(count, one.at_risk) / one.at_risk for one, count in happening]
    roots = [sqrt(spread / one.at_risk) for spread, (one, _count) in zip(spreads, happening, strict=True)]
    scaled: dict[int, list[float]] = {}
    for name, those in groups.items():
        index, risk = place[name], _AtRisk(those)
        at_risk = risk.along(times)
        differences[index] += sum(_is(one, of) for one in those) - sum(map(mul, at_risk, hazards))
        variances[index][index] += sum(map(mul, at_risk, spreads))
        scaled[index] = list(map(mul, at_risk, roots))
    for index, here in scaled.items():
        for other, there in scaled.items():
            if other >= index:
                shared = sum(map(mul, here, there))
                variances[index][other] -= shared
                if other != index:
                    variances[other][index] -= shared


def _spread(happened: int, at_risk: int) -> float:
    return happened * (at_risk - happened) / (at_risk - 1) if at_risk > 1 else 0.0


class _AtRisk:
    """How many of a group are under observation just before any time."""

    def __init__(self, people: Sequence[Followed]) -> None:
        self.entries = sorted(one.entry for one in people)
        self.ends = sorted(one.time for one in people)

    def along(self, times: Sequence[float]) -> list[int]:
        """``at`` of each time."""
        if self.entries and self.entries[-1] == 0.0:
            everybody, ends = len(self.entries), self.ends
            return [everybody - bisect_left(ends, time) for time in times]
        return [self.at(time) for time in times]

    def at(self, time: float) -> int:
        # Who was there from the start is under observation at time 0 too.
        entered = bisect_left(self.entries, time) if time > 0 else bisect_right(self.entries, 0.0)
        return entered - bisect_left(self.ends, time)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Gauss with the largest pivot; None when a group cannot be told from the others."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-12:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            if factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found
