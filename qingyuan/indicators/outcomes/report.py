"""The whole answer for one table: curves by group, competing events, comparison, and what it does not say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.indicators.outcomes.comparing import ENOUGH_PEOPLE, Compared, LogRank, compare, log_rank
from qingyuan.indicators.outcomes.curves import Incidence, Point, Survival, incidence_along, moments, survival_along
from qingyuan.indicators.outcomes.people import BadTable, Followed, Reading

HORIZONS: Final = (30, 90, 180, 365, 730, 1095)
ENOUGH_AT_RISK: Final = 10  # with fewer still under observation the curve's end moves with each of them
_DIGITS: Final = 12  # beyond what doubles carry reliably; the same on every machine


@dataclass(frozen=True, slots=True)
class GroupCurves:
    """The curves of one group; ``name`` is empty for everybody together."""

    name: str
    survival: Survival
    incidences: tuple[Incidence, ...]

    @property
    def few(self) -> bool:
        return self.survival.people < ENOUGH_PEOPLE


@dataclass(frozen=True, slots=True)
class Report:
    """``of``: the kind of event asked about, empty for whichever comes first. ``horizons`` in days."""

    reading: Reading
    of: str
    horizons: tuple[int, ...]
    together: GroupCurves
    groups: tuple[GroupCurves, ...]
    test: LogRank | None
    compared: tuple[Compared, ...]

    def notes(self) -> list[str]:
        """What a reader must know before citing a number of it."""
        found: list[str] = []
        if self.reading.left_out:
            found.append(_("%(count)s 行没有计入,原因逐行列出。") % {"count": len(self.reading.left_out)})
        if self.reading.unended and self.reading.until:
            words = _("%(count)s 行没有终点,按观察到 %(day)s 为止。")
            found.append(words % {"count": self.reading.unended, "day": self.reading.until})
        if len(self.reading.kinds) > 1:
            found.append(_("有几种结果互相竞争:某一种发生了多少,看它的累计发生率,不要用 1 减去曲线。"))
        few = [one.name for one in self.groups if one.few]
        if few:
            words = _("不足 %(bar)s 人的组不作比较:%(names)s。")
            found.append(words % {"bar": ENOUGH_PEOPLE, "names": "、".join(few)})
        return found

    def as_json(self) -> dict[str, Any]:
        """Documented in ``docs/how-to/follow-outcomes.md``. Shares are between 0 and 1, times in days."""
        reading = self.reading
        return {
            "people": len(reading.people),
            "events": dict(sorted(Counter(one.event for one in reading.people if one.event).items())),
            "of": self.of or None,
            "followed_until": reading.until.isoformat() if reading.until else None,
            "left_out": [{"line": one.line, "why": one.why} for one in reading.left_out],
            "all": self._curves(self.together),
            "groups": [self._curves(one) for one in self.groups],
            "log_rank": None
            if self.test is None
            else {"statistic": _r(self.test.statistic), "freedom": self.test.freedom, "p": _r(self.test.chance)},
            "comparison": [_compared(one) for one in self.compared],
            "notes": self.notes(),
        }

    def _curves(self, one: GroupCurves) -> dict[str, Any]:
        survival = one.survival
        low, high = survival.median_interval()
        return {
            "group": one.name or None,
            "people": survival.people,
            "events": survival.events,
            "few": one.few,
            "median": survival.median(),
            "median_interval": [low, high],
            "at": [self._at(one, day) for day in self.horizons],
            "survival": [_point(point) for point in survival.points],
            "incidence": {kind.kind: [_point(point) for point in kind.points] for kind in one.incidences},
        }

    def _at(self, one: GroupCurves, day: int) -> dict[str, Any]:
        point = one.survival.at(day)
        at_risk = one.survival.under_observation(day)
        return {
            "day": day,
            "at_risk": at_risk,
            "survival": None if point is None else _r(point.value),
            "interval": [None, None] if point is None else [_r(point.low), _r(point.high)],
            "mean_days": _r(one.survival.restricted_mean(day)),
            "incidence": {kind.kind: _r(found.value) if (found := kind.at(day)) else None for kind in one.incidences},
            "incidence_interval": {
                kind.kind: [_r(found.low), _r(found.high)] if (found := kind.at(day)) else [None, None] for kind in one.incidences
            },
            "firm": at_risk >= ENOUGH_AT_RISK,
        }


def analyse(reading: Reading, *, of: str = "", horizons: Sequence[int] = HORIZONS) -> Report:
    """Everything about one table. Errors: BadTable when ``of`` never happened there, or a horizon is not after the start."""
    if of and of not in reading.kinds:
        there = "、".join(reading.kinds) or _("(没有)")
        raise BadTable(_("没有名为“%(name)s”的结果;现有:%(there)s") % {"name": of, "there": there})
    if any(day <= 0 for day in horizons):
        raise BadTable(_("看第几天要大于 0。"))
    groups: dict[str, list[Followed]] = defaultdict(list)
    for one in reading.people:
        groups[one.group].append(one)
    named = sorted(groups) if len(groups) > 1 or "" not in groups else []
    people = reading.people
    return Report(
        reading,
        of,
        tuple(sorted(set(horizons))),
        _group("", people, of, reading.kinds),
        tuple(_group(name, groups[name], of, reading.kinds) for name in named),
        log_rank(people, of),
        tuple(compare(people, of)) if named else (),
    )


@dataclass(frozen=True, slots=True)
class Apart:
    """By how much the share still free differs between definitions at a day, on the same people."""

    day: int
    least: float
    most: float


def same_people(readings: Sequence[Reading]) -> list[Reading]:
    """Several readings of one table, each cut to the rows that all of them could read."""
    common = frozenset.intersection(*(frozenset(one.lines) for one in readings))
    if not common:
        raise BadTable(_("没有一行在每一种口径下都读得出来。"))
    return [one.only(common) for one in readings]


def spread(reports: Sequence[Report]) -> list[Apart]:
    """How far several definitions lie apart, at each horizon that all of them reach."""
    found: list[Apart] = []
    for day in reports[0].horizons:
        values = [point.value for one in reports if (point := one.together.survival.at(day))]
        if len(values) == len(reports):
            found.append(Apart(day, min(values), max(values)))
    return found


def _group(name: str, people: Sequence[Followed], of: str, kinds: Sequence[str]) -> GroupCurves:
    """Every kind of the table has its incidence in every group, so that groups can be laid side by side."""
    course = moments(people)
    survival = survival_along(course, len(people), of)
    return GroupCurves(name, survival, tuple(incidence_along(course, kind) for kind in kinds))


def _point(point: Point) -> dict[str, Any]:
    return {
        "time": point.time,
        "at_risk": point.at_risk,
        "events": point.events,
        "censored": point.left,
        "value": _r(point.value),
        "low": _r(point.low),
        "high": _r(point.high),
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "group": one.group,
        "people": one.people,
        "observed": one.observed,
        "expected": _r(one.expected),
        "ratio": _r(one.ratio),
        "interval": [_r(one.low), _r(one.high)],
        "p": _r(one.chance),
        "apart": one.apart.value,
    }


def _r(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
