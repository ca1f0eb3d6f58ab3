"""The tests that were done, window by window, and the windows nobody answered."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from qingyuan.demo.people import Person
from qingyuan.demo.story import questions as planted
from qingyuan.demo.story.journeys import LAST_ENTERED, Measure
from qingyuan.reference import schedules

LEDGERS_BEGAN = date(2020, 1, 1)
# The first planted problem: in 龙洞镇 testing breaks off in September and October 2022.
BROKEN_TOWN, BROKEN_FROM, BROKEN_MISSED = "龙洞镇", date(2022, 9, 1), 11
LAST_TESTED = date(2022, 11, 22)
"""The last day entered everywhere but in 龙洞镇, whose November waits in a workbook for the newcomer."""
USUAL_MISS = 0.012
MISS = {"清水河镇": 0.05, "石桥镇": 0.03, "落别乡": 0.04, BROKEN_TOWN: 0.0}
SAMPLES = ("urine",) * 17 + ("saliva", "saliva", "hair")


@dataclass(frozen=True)
class Test:
    person: Person
    town: str
    tested: date
    sample: str
    result: str
    purpose: str
    testers: tuple[str, str]


class Testing:
    def __init__(self, seed: int, staff: dict[str, tuple[str, ...]]) -> None:
        self.random = random.Random(seed)
        self.staff = staff

    def tests(self, measures: Iterable[Measure]) -> list[Test]:
        """Scheduled tests up to the last day entered, and a few surprise ones."""
        made: list[Test] = []
        answered: list[tuple[schedules.Window, Test, bool]] = []
        windows = [(m, w) for m in measures if m.reported is not None for w in windows_of(m)]
        skipped = self._skipped_in_broken_town(windows)
        for measure, window in windows:
            if (measure.document, window.index) in skipped or not self._kept(measure, window):
                continue
            day = self._day_in(measure.town, window)
            made.append(self._test(measure, day, "scheduled"))
            extra = self._surprise(measure, day, window) if self.random.random() < 0.02 else []
            answered.append((window, made[-1], not extra))
            made += extra
        made = on_the_line(late(made, answered), answered, [(measure.town, window) for measure, window in windows])
        return sorted(made, key=lambda test: (test.town, test.tested, test.person.id_number))

    def _kept(self, measure: Measure, window: schedules.Window) -> bool:
        last = last_entered(measure.town)
        if window.closes > last + timedelta(days=1):
            # The window is still open on the last day entered: some have come early, the others still can.
            elapsed = (last - window.opens).days
            return elapsed > 0 and self.random.random() < 0.6 * elapsed / (window.closes - window.opens).days
        return self.random.random() >= MISS.get(measure.town, USUAL_MISS)

    def _skipped_in_broken_town(self, windows: list[tuple[Measure, schedules.Window]]) -> set[tuple[str, int]]:
        """Eleven windows of 龙洞镇 that end in September or October, of at least seven people."""
        end = LAST_ENTERED + timedelta(days=1)
        open_to_loss = [
            (measure.document, window.index)
            for measure, window in windows
            if measure.town == BROKEN_TOWN and BROKEN_FROM < window.closes <= end
        ]
        return set(self.random.sample(open_to_loss, BROKEN_MISSED))

    def _day_in(self, town: str, window: schedules.Window) -> date:
        last = min(window.last_day, last_entered(town))
        return window.opens + timedelta(days=self.random.randint(0, max(0, (last - window.opens).days)))

    def _surprise(self, measure: Measure, day: date, window: schedules.Window) -> list[Test]:
        """A surprise test after the scheduled one, in the same window, so that it answers nothing by itself."""
        later = day + timedelta(days=self.random.randint(1, 9))
        if later >= min(window.closes, last_entered(measure.town)):
            return []
        return [self._test(measure, later, "surprise")]

    def _test(self, measure: Measure, day: date, purpose: str) -> Test:
        first, second = self.random.sample(self.staff[measure.town], 2)
        return Test(
            person=measure.person,
            town=measure.town,
            tested=day,
            sample=self.random.choice(SAMPLES),
            result="positive" if self.random.random() < 0.004 else "negative",
            purpose=purpose,
            testers=(first, second),
        )


Answered = Sequence[tuple[schedules.Window, Test, bool]]
"""Windows with the test that answered them, and whether no surprise test followed in the same one."""


def late(made: Sequence[Test], answered: Answered) -> list[Test]:
    """The town whose tests stand, from a day on, on the last day of their window. None is added and none is lost."""
    moved = {
        id(test): replace(test, tested=window.last_day)
        for window, test, alone in answered
        if alone and test.town == planted.LATE_TOWN and planted.LATE_FROM <= window.last_day <= planted.LATE_UNTIL
    }
    return [moved.get(id(test), test) for test in made]


def on_the_line(made: Sequence[Test], answered: Answered, windows: Sequence[tuple[str, schedules.Window]]) -> list[Test]:
    """The town that stops, month after month, exactly where the target is reached: what is above the line was not done."""
    gone: set[int] = set()
    months = sorted({month for town, window in windows if town == planted.LINE_TOWN for month in _month_of(window)})
    for turn, month in enumerate(months):
        of = sum(town == planted.LINE_TOWN and _month_of(window) == [month] for town, window in windows)
        done = [(test, alone) for window, test, alone in answered if test.town == planted.LINE_TOWN and _month_of(window) == [month]]
        spare = max(0, len(done) - ceil(planted.LINE * of / 100))
        open_to_loss = sorted((test for test, alone in done if alone), key=lambda test: test.person.id_number)
        # Others each month, so that nobody misses one test after another.
        start = 3 * turn % max(1, len(open_to_loss))
        gone |= {id(test) for test in (open_to_loss[start:] + open_to_loss[:start])[:spare]}
    return [test for test in made if id(test) not in gone]


def _month_of(window: schedules.Window) -> list[str]:
    """The month a window counts to, of those in which the line is kept; none of another."""
    return [f"{window.last_day:%Y-%m}"] if planted.LINE_FROM <= window.last_day <= planted.LINE_UNTIL else []


def last_entered(town: str) -> date:
    return LAST_ENTERED if town == BROKEN_TOWN else LAST_TESTED


def windows_of(measure: Measure) -> list[schedules.Window]:
    """The windows of a measure that the ledgers know: not before they began, not after it ended."""
    assert measure.reported is not None
    until = measure.ends + timedelta(days=1) if measure.ends else None
    return [
        window
        for window in schedules.windows("A", measure.reported, until)
        if window.closes > LEDGERS_BEGAN
        and window.opens <= last_entered(measure.town)
        and (measure.ended is None or window.closes <= measure.ended)
    ]
