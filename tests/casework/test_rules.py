"""Which event answers which window: properties over any schedule and any order, without a database."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.rules import Done, Slot, State, match, needed, state_on

DAY = date(2022, 1, 1)
days = st.integers(0, 120)


def key(number: int) -> UUID:
    return UUID(int=number + 1)


@st.composite
def slots(draw: st.DrawFn, most: int = 12) -> list[Slot]:
    """Windows of any length anywhere; they may overlap, as those of two schedules do."""
    found = draw(st.lists(st.tuples(days, st.integers(1, 40)), max_size=most))
    return [
        Slot(key(n), DAY + timedelta(start), DAY + timedelta(start + length)) for n, (start, length) in enumerate(found)
    ]


@st.composite
def events(draw: st.DrawFn) -> list[Done]:
    return [Done(DAY + timedelta(day), key(1000 + n)) for n, day in enumerate(draw(st.lists(days, max_size=15)))]


@given(slots(), events())
def test_an_event_answers_one_window_at_most_and_only_from_inside_it(windows: list[Slot], done: list[Done]) -> None:
    answered = match(windows, done)
    rows = [event.row_id for event in answered.values()]
    assert len(rows) == len(set(rows))
    by_id = {slot.due_id: slot for slot in windows}
    for due_id, event in answered.items():
        assert by_id[due_id].opens <= event.day < by_id[due_id].closes


@given(slots(), events(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_does_not_matter(
    windows: list[Slot], done: list[Done], shuffler: random.Random
) -> None:
    expected = match(windows, done)
    mixed_windows, mixed_done = list(windows), list(done)
    shuffler.shuffle(mixed_windows)
    shuffler.shuffle(mixed_done)
    assert match(mixed_windows, mixed_done) == expected


@given(slots(), events())
def test_no_window_stays_open_beside_an_unused_event_inside_it(windows: list[Slot], done: list[Done]) -> None:
    answered = match(windows, done)
    used = {event.row_id for event in answered.values()}
    for slot in windows:
        if slot.due_id not in answered:
            assert not any(slot.opens <= event.day < slot.closes for event in done if event.row_id not in used)


@given(slots(most=8), events())
def test_one_more_event_never_loses_an_answer(windows: list[Slot], done: list[Done]) -> None:
    fewer = match(windows, done[:-1])
    assert len(match(windows, done)) >= len(fewer)


@given(slots(), st.one_of(st.none(), days))
def test_a_window_the_end_cuts_through_is_dropped_in_the_persons_favour(windows: list[Slot], end: int | None) -> None:
    ended_on = None if end is None else DAY + timedelta(end)
    for slot in windows:
        assert needed(slot, ended_on) == (ended_on is None or slot.closes <= ended_on)


@given(slots(), days, st.sampled_from(["open", "done", "excused", "cancelled"]))
def test_a_due_is_in_one_state_each_day(windows: list[Slot], day: int, outcome: str) -> None:
    on = DAY + timedelta(day)
    for slot in windows:
        state = state_on(opens=slot.opens, closes=slot.closes, outcome=outcome, on=on)
        if outcome != "open":
            assert state == State(outcome)
        elif on < slot.opens:
            assert state is State.AHEAD
        else:
            assert state is (State.LATE if on >= slot.closes else State.OPEN)


def test_the_last_day_of_a_window_still_counts_and_the_day_after_does_not() -> None:
    slot = Slot(key(0), date(2022, 2, 10), date(2022, 3, 10))
    assert match([slot], [Done(date(2022, 3, 9), key(1))])
    assert not match([slot], [Done(date(2022, 3, 10), key(1))])
    assert match([slot], [Done(date(2022, 2, 10), key(1))])
    assert not match([slot], [Done(date(2022, 2, 9), key(1))])


def test_of_two_overlapping_windows_the_one_that_closes_first_takes_the_event() -> None:
    early, late = Slot(key(0), date(2022, 1, 1), date(2022, 1, 20)), Slot(key(1), date(2022, 1, 10), date(2022, 2, 20))
    assert set(match([late, early], [Done(date(2022, 1, 15), key(9))])) == {early.due_id}
