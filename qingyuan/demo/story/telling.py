"""The whole story from one seed, and the flaws its offices leave in their tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from qingyuan.demo.city import TOWNS, Town
from qingyuan.demo.people import SURNAMES, Crowd
from qingyuan.demo.story.cases import Case, Cases, Seizure
from qingyuan.demo.story.counts import Count, Counts
from qingyuan.demo.story.journeys import Isolation, Journeys, Measure
from qingyuan.demo.story.meetings import Meeting, Meetings
from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.story.testing import BROKEN_TOWN, Test, Testing, windows_of

SEED = 20221123
NOVEMBER = (date(2022, 11, 1), date(2022, 11, 22))


@dataclass(frozen=True)
class Story:
    staff: dict[str, tuple[str, ...]]
    measures: list[Measure]
    isolations: list[Isolation]
    tests: list[Test]
    cases: list[Case]
    seizures: list[Seizure]
    counts: list[Count]
    meetings: list[Meeting]
    november: list[Test]
    november_flaws: list[list[Any]]

    def population(self) -> Iterator[tuple[int, Town, int]]:
        """Year, town, residents: a slow drift to the streets; the last year sums to 600 000."""
        for year in (2020, 2021, 2022):
            for town in TOWNS:
                drift = (2022 - year) * (-0.004 if town.urban else 0.003)
                yield year, town, round(town.population * (1 + drift))

    def flaws_of_tests(self, town: str, dates: Callable[[date], Any]) -> list[list[Any]]:
        """Rows no import can take as they are: a rounded number, a day that does not exist, one tester, a wrong digit.

        Each repeats a test that stands correctly elsewhere in the table, so no duty is lost by refusing it.
        """
        own = [test for test in self.tests if test.town == town and test.tested.year == 2022]
        if len(own) < 40:
            return []
        one, two, three, four = own[5], own[11], own[17], own[23]
        rounded = float(int(one.person.id_number[:15]) * 1000)
        wrong = two.person.id_number[:-1] + ("1" if two.person.id_number[-1] != "1" else "2")
        both = "、".join(three.testers)
        strip = [four.person.name, four.person.id_number, dates(four.tested), "尿检板", "阴性", "", four.testers[0]]
        return [
            Slipped([one.person.name, rounded, dates(one.tested), "尿液", "阴性", "", both], {1: Slip.ROUNDED}),
            Slipped([two.person.name, wrong, dates(two.tested), "尿液", "阴性", "", both], {1: Slip.CHECK_DIGIT}),
            Slipped(
                [three.person.name, three.person.id_number, "2022.9.31", "尿液", "阴性", "", both], {2: Slip.NO_SUCH_DAY}
            ),
            Slipped(strip, {3: Slip.UNKNOWN_WORD, 6: Slip.ONE_OF_TWO}),
        ]

    def flaws_of_counts(self, year: int) -> list[list[Any]]:
        """A month that was also sent by e-mail, with a current figure that does not follow from its parts."""
        if year != 2022:
            return []
        count = next(c for c in self.counts if c.town == "普安镇" and c.month == date(2022, 3, 31))
        states = [count.registered, count.abstinent, count.dead, count.left, count.current + 8]
        return [Slipped(["2022-03-31", "普安镇 ", *states, 0, 0, 0], {6: Slip.DOES_NOT_ADD_UP})]


@cache
def tell(seed: int = SEED) -> Story:
    """The story; the same seed tells the same one."""
    crowd = Crowd(seed)
    staff = {town.name: tuple(crowd.name(male=position % 2 == 0) for position in range(4)) for town in TOWNS}
    journeys = Journeys(crowd, seed + 1)
    measures = journeys.measures()
    isolations = journeys.isolations()
    tests = Testing(seed + 2, staff).tests(measures)
    case_maker = Cases(seed + 3, SURNAMES)
    cases = case_maker.cases()
    meeting_maker = Meetings(seed + 5)
    november = _november(measures, staff)
    return Story(
        staff=staff,
        measures=measures,
        isolations=isolations,
        tests=tests,
        cases=cases,
        seizures=case_maker.seizures(cases),
        counts=Counts(seed + 4).counts(),
        meetings=meeting_maker.of_towns() + meeting_maker.of_city(),
        november=november,
        november_flaws=_november_flaws(november),
    )


def _november(measures: list[Measure], staff: dict[str, tuple[str, ...]]) -> list[Test]:
    """龙洞镇 tests again in November: everyone in force comes once, inside the window that ends first."""
    chance = random.Random(SEED + 6)
    first, second = staff[BROKEN_TOWN][:2]
    made: list[Test] = []
    for measure in measures:
        if measure.town != BROKEN_TOWN or measure.reported is None or measure.ended is not None:
            continue
        window = next((w for w in windows_of(measure) if w.closes > NOVEMBER[0]), None)
        if window is None:
            continue
        days = (min(window.last_day, NOVEMBER[1]) - max(window.opens, NOVEMBER[0])).days
        day = max(window.opens, NOVEMBER[0]) + timedelta(days=chance.randint(0, max(0, days)))
        made.append(Test(measure.person, BROKEN_TOWN, day, "urine", "negative", "scheduled", (first, second)))
    return sorted(made, key=lambda test: test.tested)


def _november_flaws(november: list[Test]) -> list[list[Any]]:
    one, two, three = november[2], november[5], november[8]
    both = "、".join(one.testers)
    rounded = float(int(one.person.id_number[:15]) * 1000)
    strip = [two.person.name, two.person.id_number, "二〇二二年十一月八日", "尿检板", "阴性", "", two.testers[0]]
    unread = three.person.id_number[:-1] + "?"
    return [
        Slipped(
            [one.person.name, rounded, "2022.9.31", "尿液", "阴性", "", both], {1: Slip.ROUNDED, 2: Slip.NO_SUCH_DAY}
        ),
        Slipped(strip, {3: Slip.UNKNOWN_WORD, 6: Slip.ONE_OF_TWO}),
        Slipped([three.person.name, unread, 44872, "尿液", "阳", "", both], {1: Slip.MALFORMED}),
    ]
