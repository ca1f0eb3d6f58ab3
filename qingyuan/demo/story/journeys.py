"""Who is under which community measure, since when, and how it ended."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qingyuan.demo.city import TOWNS, Town, share_over_towns, villages
from qingyuan.demo.people import Crowd, Person
from qingyuan.reference.periods import add_months

TODAY = date(2022, 11, 23)
LAST_ENTERED = date(2022, 10, 31)
IN_DETOX, IN_REHABILITATION, IN_ISOLATION = 264, 312, 288
ENDED_DETOX, ENDED_REHABILITATION, RELEASED = 280, 300, 330
# 清水河镇 lost its registrar in spring 2022: decisions served there since are reported late or not at all.
LATE_TOWN, LATE_FROM = "清水河镇", date(2022, 4, 1)


@dataclass(frozen=True)
class Measure:
    person: Person
    town: str
    village: str
    kind: str
    document: str
    decided: date
    served: date
    reported: date | None
    agreed: date | None
    ends: date | None
    ended: date | None = None
    end_reason: str = ""


@dataclass(frozen=True)
class Isolation:
    person: Person
    town: str
    village: str
    decided: date
    ends: date
    released: date | None


class Journeys:
    """Builds measures and isolation periods so that the numbers of the issue hold on ``TODAY``."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        self.crowd = crowd
        self.random = random.Random(seed)
        self.numbers: dict[int, int] = {}

    def measures(self) -> list[Measure]:
        """In force today: 264 detox, 312 rehabilitation; ended since 2020; and a few whose report is awaited."""
        made: list[Measure] = []
        for kind, now, ended in (("CD", IN_DETOX, ENDED_DETOX), ("CR", IN_REHABILITATION, ENDED_REHABILITATION)):
            in_force, past = share_over_towns(now), share_over_towns(ended)
            for town in TOWNS:
                made += [self._in_force(town, kind) for _ in range(in_force[town.name])]
                made += [self._ended(town, kind) for _ in range(past[town.name])]
        made += [self._awaited(town) for town in TOWNS for _ in range(AWAITED.get(town.name, 0))]
        return sorted((self._late(measure) for measure in made), key=lambda m: (m.town, m.decided, m.document))

    def isolations(self) -> list[Isolation]:
        made: list[Isolation] = []
        now, past = share_over_towns(IN_ISOLATION), share_over_towns(RELEASED)
        for town in TOWNS:
            made += [self._isolation(town, released=False) for _ in range(now[town.name])]
            made += [self._isolation(town, released=True) for _ in range(past[town.name])]
        return sorted(made, key=lambda i: (i.town, i.decided, i.person.id_number))

    def _in_force(self, town: Town, kind: str) -> Measure:
        term = 36 if kind == "CD" else self.random.choice((24, 36, 36))
        latest = LAST_ENTERED - timedelta(days=20)
        earliest = add_months(TODAY, -term) + timedelta(days=12)
        return self._made(town, kind, self._day(earliest, latest), term)

    def _ended(self, town: Town, kind: str) -> Measure:
        term = 36 if kind == "CD" else self.random.choice((24, 36))
        if self.random.random() < 0.72:
            ended = self._day(date(2020, 1, 10), date(2022, 10, 20))
            measure = self._made(town, kind, add_months(ended, -term), term)
            assert measure.ends is not None
            released = measure.ends + timedelta(days=1)
            return replace(measure, ended=released, end_reason="discharged")
        reported = self._day(date(2019, 1, 5), date(2022, 3, 1))
        measure = self._made(town, kind, reported, term)
        ended = min(reported + timedelta(days=self.random.randint(150, 800)), LAST_ENTERED - timedelta(days=3))
        ended = max(ended, date(2020, 1, 10))
        return replace(measure, ended=ended, end_reason=self.random.choice(EARLY_ENDS))

    def _awaited(self, town: Town) -> Measure:
        served = self._day(date(2022, 9, 20), date(2022, 10, 28))
        return Measure(
            person=self.crowd.person(),
            town=town.name,
            village=self._village(town),
            kind="CD",
            document=self._document(served.year),
            decided=served - timedelta(days=self.random.randint(0, 2)),
            served=served,
            reported=None,
            agreed=None,
            ends=None,
        )

    def _made(self, town: Town, kind: str, reported: date, term: int) -> Measure:
        served = reported - timedelta(days=self.random.choices((1, 3, 6, 9, 12, 14, 17), (4, 6, 7, 6, 5, 3, 1))[0])
        decided = served - timedelta(days=self.random.randint(0, 3))
        agreed = reported + timedelta(days=self.random.choices((0, 1, 3, 7, 12), (9, 4, 3, 2, 1))[0])
        return Measure(
            person=self.crowd.person(),
            town=town.name,
            village=self._village(town),
            kind=kind,
            document=self._document(decided.year),
            decided=decided,
            served=served,
            reported=reported,
            agreed=agreed if agreed <= LAST_ENTERED else None,
            ends=add_months(reported, term) - timedelta(days=1),
        )

    def _late(self, measure: Measure) -> Measure:
        """The second planted problem: in 清水河镇 the fifteen days pass more often than not."""
        if measure.town != LATE_TOWN or measure.served < LATE_FROM or measure.reported is None:
            return measure
        reported = measure.served + timedelta(days=self.random.choice((12, 18, 21, 24, 27)))
        reported = min(reported, LAST_ENTERED)
        return replace(measure, reported=reported, agreed=None if self.random.random() < 0.5 else reported)

    def _isolation(self, town: Town, *, released: bool) -> Isolation:
        if released:
            end = self._day(date(2020, 1, 5), date(2022, 10, 25))
            decided = add_months(end, -24)
            return Isolation(self.crowd.person(), town.name, self._village(town), decided, end, end)
        decided = self._day(add_months(TODAY, -24) + timedelta(days=9), LAST_ENTERED - timedelta(days=2))
        return Isolation(
            self.crowd.person(), town.name, self._village(town), decided, add_months(decided, 24) - timedelta(days=1), None
        )

    def _village(self, town: Town) -> str:
        return self.random.choice(villages()[town.name]).name

    def _document(self, year: int) -> str:
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return f"云公(禁)社戒决字〔{year}〕{self.numbers[year]}号"

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))


EARLY_ENDS = ("terminated", "converted", "converted", "moved_out", "dead")
AWAITED = {"东山街道": 2, "石桥镇": 1, "清水河镇": 6, "永宁镇": 1}
