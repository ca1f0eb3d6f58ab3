"""From the columns of a row and what people record, corrected and withdrawn, to the day: against a clerk who ticks off a calendar.

Without a database: events are made, replaced and taken back by the functions the actions use, in whatever order somebody thinks of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from qingyuan.casework.actions.clock_records import copied
from qingyuan.casework.actions.clocks import _said_otherwise
from qingyuan.casework.clocks.events import events_of, standing_rows
from qingyuan.casework.clocks.figures import Figures, figures
from qingyuan.casework.clocks.wanted import Wanted
from qingyuan.casework.enums import EventSource
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.enforcement import clocks as of_cases
from qingyuan.enforcement.rules.custody import Stage, Step
from qingyuan.foundation import clock
from qingyuan.reference.clocks import get_clock
from qingyuan.reference.packs import NATIONAL
from qingyuan.rehabilitation import clocks as of_people
from tests.reference.clocks import counter

DAY = timedelta(days=1)
LATER = date(2040, 1, 1)
EDGES = [date(2020, 2, 29), date(2024, 2, 29), date(2021, 1, 31), date(2022, 8, 31), date(2021, 12, 31), date(2022, 9, 30), date(2023, 2, 28)]
starts = st.one_of(st.dates(date(2018, 1, 1), date(2024, 12, 31)), st.sampled_from(EDGES))
said_by_the_row = st.lists(starts, min_size=1, max_size=3)


@dataclass
class History:
    """One clock and all that was ever written about it, in the order of writing."""

    code: str
    happened: list[ClockEvent] = field(default_factory=list)
    want: Wanted | None = None

    def row_says(self, found: Sequence[Wanted]) -> None:
        self.want = next(one for one in found if one.code == self.code)
        self.happened += _said_otherwise(self._running(), self.happened, self.want.said)

    def record(self, word: str, on: date, **more: Any) -> ClockEvent:
        made = ClockEvent(clock=self._running(), word=word, on=on, source=EventSource.PERSON, recorded_at=clock.now(), **more)
        self.happened.append(made)
        return made

    def correct(self, event: ClockEvent, on: date) -> ClockEvent:
        return self._replace(event, on=on)

    def withdraw(self, event: ClockEvent) -> None:
        self._replace(event, withdrawn=True)

    def choose(self, option: str) -> None:
        """As the action does: the start once more, with the case of the law."""
        start = next(row for row in standing_rows(self.happened) if row.word == get_clock(self.code).start)
        self._replace(start, option=option)

    def figures(self, on: date = LATER) -> Figures:
        closed = self.want.closed_on if self.want else None
        return figures(self.code, events_of(self.code, self.happened), on=on, pack=NATIONAL, closed_on=closed)

    def _replace(self, event: ClockEvent, **values: Any) -> ClockEvent:
        fresh = copied(event)
        fresh.corrects = event
        for name, value in values.items():
            setattr(fresh, name, value)
        self.happened.append(fresh)
        return fresh

    def _running(self) -> RunningClock:
        return RunningClock(code=self.code, kind=get_clock(self.code).kind, pack=NATIONAL)


@dataclass(frozen=True)
class Away:
    """Days that do not count, as true; ``wrongly``: the first record of its beginning was so many days off."""

    after: int
    long: int
    wrongly: int


aways = st.lists(st.builds(Away, st.integers(1, 90), st.integers(1, 50), st.integers(-40, 40)), max_size=3)


def played(history: History, since: date, found: Sequence[Away], words: tuple[str, str], order: Any) -> set[date]:
    """Record the stretches one after another, in any order, each wrong at first or not, with a pair nobody meant taken back. Returns
    the days that do not count: gone on the first, back and counted on the last."""
    off: set[date] = set()
    told: list[tuple[date, date, int]] = []
    cursor = since
    for one in found:
        first = cursor + one.after * DAY
        back = first + one.long * DAY
        off |= {first + step * DAY for step in range(one.long)}
        told.append((first, back, one.wrongly))
        cursor = back + 2 * DAY
    false = [history.record(word, since + 3 * DAY) for word in words] if order.random() < 0.5 else []
    order.shuffle(told)
    for first, back, wrongly in told:
        back_home = history.record(words[1], back)
        gone = history.record(words[0], first + wrongly * DAY)
        if wrongly:
            history.correct(gone, first)
        if order.random() < 0.3:
            history.correct(back_home, back)  # nothing changed, and said again
    for one in false:
        history.withdraw(one)
    return off


def measure(kind: str, **days: Any) -> Any:
    plain = {"served_on": None, "reported_on": None, "agreement_on": None, "ends_on": None, "ended_on": None, "end_reason": ""}
    return SimpleNamespace(kind=kind, decided_on=date(2018, 1, 1), **(plain | days))


@given(said_by_the_row, aways, st.integers(0, 60), st.randoms(use_true_random=False))
@example([date(2020, 2, 29)], [], 0, Random(1))
@example([date(2021, 1, 31), date(2022, 8, 31)], [Away(1, 1, 0)], 10, Random(2))
@settings(max_examples=150)
def test_a_community_term_with_custody_credit_and_moves_ends_where_a_clerk_ends(
    reported: list[date], away: list[Away], credit: int, order: Any
) -> None:
    term = History("D22")
    for day in reported:
        term.row_says(of_people.of_measure(measure("CD", reported_on=day)))
    start = reported[-1]
    off = played(term, max(reported), away, ("detained", "released"), order) if max(reported) == start else set()
    term.record("moved", start + 20 * DAY)
    if credit:
        term.record("credited", start + 5 * DAY, days=credit)
    ticks = counter.length(start, 36, counts_start=True)
    assert (found := term.figures()).trouble == "", found
    assert found.last_day == max(start, counter.ticked(start, ticks, off, counts_start=True) - credit * DAY)


@given(said_by_the_row, st.integers(1, 36), st.integers(0, 40))
@settings(max_examples=100)
def test_a_rehabilitation_term_lasts_as_its_printed_day_says_whatever_was_corrected(reported: list[date], months: int, other: int) -> None:
    term = History("D51")
    for day in [*(one + other * DAY for one in reported[:-1]), reported[-1]]:
        ends = counter.same_day(day, months) - DAY
        term.row_says(of_people.of_measure(measure("CR", reported_on=day, ends_on=ends)))
    assert term.figures().last_day == counter.same_day(reported[-1], months) - DAY


@given(said_by_the_row, aways, st.integers(0, 12), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_an_isolation_without_the_days_of_escape_and_with_its_extension(decided: list[date], away: list[Away], more: int, order: Any) -> None:
    term = History("D40")
    for day in decided:
        term.row_says(of_people.of_isolation(SimpleNamespace(decided_on=day, ends_on=None, released_on=None)))
    start = decided[-1]
    off = played(term, start, away, ("escaped", "recovered"), order) if max(decided) == start else set()
    if more:
        term.record("extended", start + 700 * DAY, term=f"{more} month", approved_by="决定机关")
    term.record("custody", start + 40 * DAY)  # goes on counting
    ticks = counter.length(start, 24 + more, counts_start=True)
    assert (found := term.figures()).trouble == "", found
    assert found.last_day == counter.ticked(start, ticks, off, counts_start=True)


@given(said_by_the_row, st.sampled_from(["CD", "CR"]), aways, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_a_report_waits_while_the_person_is_held_and_moves_off_a_day_off(served: list[date], kind: str, away: list[Away], order: Any) -> None:
    report = History("D20" if kind == "CD" else "D50")
    for day in served:
        report.row_says(of_people.of_measure(measure(kind, served_on=day)))
    start = served[-1]
    holds = "custody" in {one.event for one in get_clock(report.code).effects}
    off = played(report, start, away, ("custody", "released"), order) if holds and max(served) == start else set()
    assert (found := report.figures()).trouble == "", found
    assert found.last_day == counter.rolled(counter.ticked(start, 15, off))


@given(said_by_the_row, st.sampled_from([("ordinary", 3), ("special", 7), ("roaming", 30)]), st.booleans())
def test_a_detention_keeps_the_case_somebody_chose_when_its_day_is_corrected(days: list[date], case: tuple[str, int], early: bool) -> None:
    held = History("D70")
    for number, day in enumerate(days):
        held.row_says(of_cases.of_party(SimpleNamespace(outcome="detained", outcome_on=day)))
        if number == (0 if early else len(days) - 1):
            held.choose(case[0])
    assert held.figures().last_day == days[-1] + case[1] * DAY, "custody is never extended by a holiday"


@given(said_by_the_row, st.sets(st.sampled_from([("extended_1", 1), ("extended_2", 2), ("extended_3", 2)])), aways, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_an_investigation_in_custody_with_its_extensions_and_without_the_days_of_appraisal(
    arrested: list[date], more: set[tuple[str, int]], away: list[Away], order: Any
) -> None:
    held = History("D72")
    for day in arrested:
        held.row_says(of_cases.of_party(SimpleNamespace(outcome="arrested", outcome_on=day)))
    start = arrested[-1]
    off = played(held, start, away, ("appraisal", "appraised"), order) if max(arrested) == start else set()
    for word, _months in sorted(more):
        held.record(word, start + 400 * DAY, approved_by="检察院")
    months = 2 + sum(count for _word, count in more)
    ticks = counter.length(start, months, sticky=True)
    assert (found := held.figures()).trouble == "", found
    assert found.last_day == counter.ticked(start, ticks, off)


@given(said_by_the_row, st.sampled_from([("bail", 12), ("residential", 6)]))
def test_bail_and_residence_end_on_a_month_s_end_when_they_begin_on_one(days: list[date], case: tuple[str, int]) -> None:
    held = History("D173")
    for day in days:
        held.row_says(of_cases.of_party(SimpleNamespace(outcome=case[0], outcome_on=day)))
    assert held.figures().last_day == counter.same_day(days[-1], case[1], sticky=True)


@given(said_by_the_row, st.integers(0, 6), st.booleans())
def test_a_sample_is_sent_within_three_days_or_seven_and_late_days_are_late(seized: list[date], sent: int, extended: bool) -> None:
    exhibit = History("D206")
    for day in seized:
        steps = [Step(Stage.SEIZED, day, 10)]  # type: ignore[arg-type]
        exhibit.row_says(of_cases.of_movement(SimpleNamespace(stage="seized", kind="drug", moved_on=day, steps=steps)))
    start = seized[-1]
    if extended:
        exhibit.record("extended", start + DAY)
    assert exhibit.figures().last_day == start + (7 if extended else 3) * DAY
    steps.append(Step(Stage.SAMPLED, start + sent * DAY, 1))  # type: ignore[arg-type]
    exhibit.row_says(of_cases.of_movement(SimpleNamespace(stage="seized", kind="drug", moved_on=start, steps=steps)))
    found = exhibit.figures()
    assert (found.end, found.ended_on) == ("done", start + sent * DAY)


@given(said_by_the_row, st.randoms(use_true_random=False))
def test_taking_everything_back_leaves_what_the_row_alone_says(reported: list[date], order: Any) -> None:
    term, plain = History("D22"), History("D22")
    for day in reported:
        term.row_says(of_people.of_measure(measure("CD", reported_on=day)))
    recorded = [term.record(word, reported[-1] + (10 + step) * DAY) for step, word in enumerate(("detained", "released", "moved"))]
    order.shuffle(recorded)
    for one in recorded:
        term.withdraw(one)
    plain.row_says(of_people.of_measure(measure("CD", reported_on=reported[-1])))
    assert term.figures() == plain.figures()
