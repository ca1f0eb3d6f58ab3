"""Every way of counting against a clerk who ticks days off a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from qingyuan.reference import clocks
from qingyuan.reference.clocks import Deed, Event, Kind, State, Unit
from qingyuan.reference.clocks.declaration import DatedTerm
from qingyuan.reference.clocks.reckoning import OPEN, Pause, Way, last_day, last_moment, merged
from qingyuan.reference.clocks.terms import Term
from qingyuan.reference.holidays import is_working_day
from tests.reference.clocks import counter

days = st.dates(date(2012, 1, 1), date(2027, 12, 31))
DAY = timedelta(days=1)
FAR = date(2060, 1, 1)


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[Pause]:
    """Overlapping, touching, empty and long pauses, before and after the end."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(days=draw(st.integers(-20, 200)))
        found.append(Pause(first, first + timedelta(days=draw(st.integers(0, 60)))))
    return found


def days_of(found: list[Pause]) -> set[date]:
    return {one.first + timedelta(days=step) for one in found for step in range((one.until - one.first).days)}


@given(st.data(), days, st.integers(1, 120), st.booleans(), st.booleans())
def test_days_and_working_days_with_overlapping_pauses(
    data: st.DataObject, start: date, amount: int, working: bool, counts_start: bool
) -> None:
    off = data.draw(pauses(start))
    unit = Unit.WORKING_DAY if working else Unit.DAY
    reached = last_day(start, [Term(amount, unit)], merged(off), way=Way(counts_start))
    assert reached == counter.ticked(start, amount, days_of(off), counts_start=counts_start, working=working)


@given(st.data(), days, st.integers(1, 40), st.booleans(), st.booleans())
@example(None, date(2024, 2, 29), 12, False, False)
@example(None, date(2022, 1, 31), 1, False, True)
def test_months_with_pauses(data: Any, start: date, months: int, counts_start: bool, sticky: bool) -> None:
    off = data.draw(pauses(start)) if data is not None else []
    assume(not (counts_start and sticky))
    way = Way(counts_start, sticky)
    ticks = counter.length(start, months, counts_start=counts_start, sticky=sticky)
    assert last_day(start, [Term(months, Unit.MONTH)], merged(off), way=way) == counter.ticked(
        start, ticks, days_of(off), counts_start=counts_start
    )


@given(days, st.integers(1, 12), st.integers(1, 6), st.integers(1, 30))
def test_extensions_by_months_add_up_and_days_follow_on(start: date, first: int, more: int, then: int) -> None:
    terms = [Term(first, Unit.MONTH), Term(more, Unit.MONTH), Term(then, Unit.DAY)]
    assert last_day(start, terms) == counter.same_day(start, first + more) + timedelta(days=then)


@given(days, st.integers(1, 30), st.integers(0, 60))
def test_credit_comes_off_the_end_and_never_before_the_start(start: date, amount: int, credit: int) -> None:
    reached = last_day(start, [Term(amount, Unit.DAY)], credit=credit)
    assert reached == max(start, start + timedelta(days=amount - credit))


@given(days, st.integers(1, 90), st.integers(0, 120))
def test_an_open_pause_leaves_no_last_day_unless_it_begins_after_it(start: date, amount: int, after: int) -> None:
    first = start + timedelta(days=after)
    reached = last_day(start, [Term(amount, Unit.DAY)], [Pause(first, OPEN)])
    assert (reached is None) == (after <= amount)


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2026-01-01")),
    st.integers(1, 72),
    st.integers(0, 80),
    st.integers(0, 40),
)
def test_hours_wait_through_a_pause(start: datetime, hours: int, after: int, long: int) -> None:
    first = start + timedelta(hours=after)
    reached = last_moment(start, [Term(hours, Unit.HOUR)], [(first, first + timedelta(hours=long))])
    moment, left = start, hours
    while left:
        if not first <= moment < first + timedelta(hours=long):
            left -= 1
        moment += timedelta(hours=1)
    assert reached == moment


@given(st.lists(st.tuples(days, st.integers(0, 30)), max_size=6))
def test_merged_pauses_hold_the_same_days_and_never_touch(drawn: list[tuple[date, int]]) -> None:
    found = [Pause(first, first + timedelta(days=long)) for first, long in drawn]
    joined = merged(found)
    assert days_of(list(joined)) == days_of(found)
    assert all(one.until < other.first for one, other in zip(joined, joined[1:], strict=False))


PLAIN = [
    (clock, term)
    for clock in clocks.all_clocks()
    if clock.kind in (Kind.DEADLINE, Kind.TERM, Kind.KEEP) and not clock.of
    for term in clock.terms
    if term.term is not None and term.term.unit is not Unit.HOUR
]


def _start(code: str, option: str, day: date) -> Event:
    return Event(clocks.get_clock(code).start, day, 1, option=option)


def holding(term: DatedTerm) -> st.SearchStrategy[date]:
    """Days on which this length is the law."""
    last = term.valid_to - DAY if term.valid_to else date(2027, 12, 31)
    return st.dates(max(term.valid_from or date(2012, 1, 1), date(2012, 1, 1)), last)


@pytest.mark.parametrize(
    ("clock", "dated"), PLAIN, ids=[f"{clock.code}-{one.option}{one.valid_from or ''}" for clock, one in PLAIN]
)
@given(data=st.data())
def test_every_declared_length_ends_where_the_calendar_says(
    clock: clocks.Clock, dated: DatedTerm, data: st.DataObject
) -> None:
    day, term = data.draw(holding(dated)), dated.term
    assert term is not None
    answered = clocks.answer(clock.code, [_start(clock.code, dated.option, day)], on=day)
    counts_start = clock.counts_start == "yes" or clock.counts_start == "pack:term.last_day"
    if term.months:
        ticks = counter.length(day, term.months, counts_start=counts_start, sticky=clock.sticky)
        end = counter.ticked(day, ticks, (), counts_start=counts_start)
    else:
        working = term.unit is Unit.WORKING_DAY
        end = counter.ticked(day, term.amount, (), counts_start=counts_start, working=working)
    assert answered.nominal == end
    rolls = clock.rolls == "yes" or clock.rolls in ("pack:report.rolls", "pack:notice.rolls")
    assert answered.last_day == (counter.rolled(end) if rolls else end)
    if clock.rolls == "custody":
        assert answered.last_day == answered.nominal


SUSPENDED = [
    clock
    for clock in clocks.all_clocks()
    if {one.deed for one in clock.effects} >= {Deed.SUSPEND, Deed.RESUME}
    and any(one.term is not None and one.term.unit is not Unit.HOUR for one in clock.terms)
]


@pytest.mark.parametrize("clock", SUSPENDED, ids=lambda clock: clock.code)
@given(data=st.data())
def test_every_clock_that_can_pause_ends_where_the_calendar_says(clock: clocks.Clock, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from([one for one in clock.terms if one.term is not None]))
    assert chosen.term is not None
    day = data.draw(holding(chosen))
    suspend = next(one.event for one in clock.effects if one.deed is Deed.SUSPEND)
    resume = next(one.event for one in clock.effects if one.deed is Deed.RESUME)
    events, off, at = [_start(clock.code, chosen.option, day)], set(), day
    for _ in range(data.draw(st.integers(0, 3))):
        first = at + timedelta(days=data.draw(st.integers(1, 25)))
        until = first + timedelta(days=data.draw(st.integers(0, 40)))
        events += [Event(suspend, first, len(events) + 1), Event(resume, until, len(events) + 2)]
        off |= {first + timedelta(days=step) for step in range((until - first).days)}
        at = until
    answered = clocks.answer(clock.code, events, on=FAR)
    counts_start = clock.counts_start == "pack:term.last_day"
    if chosen.term.months:
        ticks = counter.length(day, chosen.term.months, counts_start=counts_start, sticky=clock.sticky)
    else:
        ticks = chosen.term.amount
    assert answered.nominal == counter.ticked(day, ticks, off, counts_start=counts_start)


@given(st.permutations(range(4)), days, st.integers(1, 20), st.integers(1, 20))
def test_the_order_in_the_file_does_not_matter_only_the_days_do(
    order: list[int], day: date, gap: int, long: int
) -> None:
    custody = day + timedelta(days=gap)
    events = [
        Event("received", day, 1),
        Event("custody", custody, 2),
        Event("released", custody + timedelta(days=long), 3),
        Event("reported", custody + timedelta(days=long + 3), 4),
    ]
    shuffled = [events[place] for place in order]
    assume(day.year >= 2012)
    assert clocks.answer("D20", shuffled, on=FAR) == clocks.answer("D20", events, on=FAR)


@given(days, st.integers(1, 30), st.integers(-10, 10))
def test_a_back_dated_correction_is_a_replay_and_earlier_knowledge_stays_what_it_was(
    day: date, late: int, moved: int
) -> None:
    wrong = Event("received", day, 1, id="a", recorded_on=day)
    right = Event(
        "received", day + timedelta(days=moved), 2, corrects="a", recorded_on=day + timedelta(days=abs(moved) + late)
    )
    assume(right.on.year >= 2012)
    corrected = clocks.answer("D20", [wrong, right], on=FAR)
    assert corrected.last_day == clocks.answer("D20", [Event("received", right.on, 1)], on=FAR).last_day
    before = clocks.answer("D20", [wrong, right], on=FAR, known_on=day)
    assert before.last_day == clocks.start("D20", day).last_day


@given(days, st.integers(0, 60))
def test_the_state_on_a_day_follows_from_the_last_day(day: date, later: int) -> None:
    assume(day.year >= 2012)
    on = day + timedelta(days=later)
    answered = clocks.answer("D20", [Event("received", day, 1)], on=on)
    assert answered.last_day is not None
    expected = (
        State.OVERDUE if on > answered.last_day else State.DUE_TODAY if on == answered.last_day else State.RUNNING
    )
    assert answered.state is expected
    assert answered.days_left == (answered.last_day - on).days
    assert is_working_day(answered.last_day)


ABSENCE = st.tuples(st.integers(0, 120), st.integers(0, 40), st.booleans(), st.booleans())


@given(st.lists(ABSENCE, max_size=6), st.lists(st.tuples(st.integers(0, 120), st.integers(0, 20)), max_size=3))
def test_absences_are_sets_of_days(drawn: list[tuple[int, int, bool, bool]], lawful: list[tuple[int, int]]) -> None:
    base = date(2022, 1, 1)
    events, places = [], iter(range(1, 100))
    allowed: set[date] = set()
    for first, long in lawful:
        start = base + timedelta(days=first)
        events.append(Event("lawful", start, next(places), until=start + timedelta(days=long)))
        allowed |= {start + timedelta(days=step) for step in range(long + 1)}
    gone: set[date] = set()
    for first, long, decided, objected in drawn:
        start = base + timedelta(days=first)
        until = start + timedelta(days=long)
        events.append(Event("left", start, next(places), until=until, decided=decided, objected=objected))
        away = {start + timedelta(days=step) for step in range(long + 1)} - allowed
        if len(away) >= 3 or (away and decided):
            gone |= away
    tally = clocks.count("D25", events, on=FAR)
    assert tally.days == len(gone)
    assert tally.reached == (tally.times >= 3 or len(gone) > 30)
    assert (tally.undisputed_on or FAR) >= (tally.reached_on or FAR)
