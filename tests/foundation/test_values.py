from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment, Sensitivity, Zone
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.intervals import BackwardInterval, Interval
from qingyuan.foundation.words import Decision, Problem

days = st.dates(date(2019, 1, 1), date(2023, 12, 31))
intervals = st.builds(
    lambda start, length: Interval(start, None if length is None else start + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 400),
)


def test_the_fixed_day_holds_and_the_time_of_day_runs_on(settings: Settings) -> None:
    settings.QINGYUAN_TODAY = date(2022, 11, 23)
    real = datetime.now(clock.ZONE)
    shown = clock.now()
    assert clock.today() == date(2022, 11, 23) == shown.date()
    assert shown.utcoffset() == timedelta(hours=8)
    assert abs(shown - datetime.combine(shown.date(), real.timetz())) < timedelta(seconds=5)


def test_without_a_fixed_day_the_clock_is_the_machine_s(settings: Settings) -> None:
    settings.QINGYUAN_TODAY = None
    assert abs(clock.now() - datetime.now(clock.ZONE)) < timedelta(seconds=5)


@given(intervals, days)
def test_the_first_day_belongs_and_the_end_day_does_not(interval: Interval, day: date) -> None:
    listed = interval.start <= day and (interval.end is None or day < interval.end)
    assert (day in interval) is listed is interval.contains(day)


@given(intervals, intervals)
def test_overlap_is_having_a_day_in_common(one: Interval, other: Interval) -> None:
    first = max(one.start, other.start)
    common = one.contains(first) and other.contains(first)
    assert one.overlaps(other) is other.overlaps(one) is common
    clamped = one.clamp(other)
    assert (clamped is not None) is common
    if clamped:
        assert clamped.start == first and clamped.days(until=date(2030, 1, 1)) > 0


@given(intervals, days)
def test_days_are_counted_one_by_one(interval: Interval, until: date) -> None:
    counted = sum(interval.contains(day) for day in _each(interval.start, until))
    assert interval.days(until=until) == counted


def _each(start: date, end: date) -> list[date]:
    return [start + timedelta(days=step) for step in range((end - start).days)]


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BackwardInterval, match="填反"):
        Interval(date(2022, 1, 2), date(2022, 1, 1))


def test_an_open_interval_has_no_number_of_days_by_itself() -> None:
    assert Interval(date(2022, 1, 1), date(2022, 1, 1)).days() == 0
    assert Interval(date(2022, 1, 1), date(2022, 3, 1)).days() == 59
    with pytest.raises(ValueError, match="截止日"):
        Interval(date(2022, 1, 1)).days()


def test_ids_never_run_backwards_and_follow_the_version_7_layout() -> None:
    made = [new_id() for _ in range(5000)]
    assert all(one < other for one, other in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert abs((made[0].int >> 80) / 1000 - datetime.now().timestamp()) < 60  # noqa: DTZ005


def test_ids_made_by_many_threads_differ() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(8000)))
    assert len(set(made)) == 8000


def test_every_value_of_the_common_words_has_a_chinese_label() -> None:
    for value in [*Compartment, *Sensitivity, *Zone]:
        assert any("\u4e00" <= char <= "\u9fff" for char in str(value.label))
        assert str(value) == value.value == value.value.lower()


def test_a_decision_is_true_when_allowed() -> None:
    assert Decision(True, "本人服务对象")
    assert not Decision(False, "不在本区划")


def test_a_problem_keeps_its_value_out_of_its_repr() -> None:
    problem = Problem("name", "C7", "何立新", "姓名太长", "不超过 40 字")
    assert problem.value == "何立新" and "何立新" not in repr(problem)
