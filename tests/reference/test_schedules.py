"""Test windows: as many as the schedule says, side by side, over the whole term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference import schedules
from qingyuan.reference.periods import add_months
from qingyuan.reference.schedules import EmptyTerm, UnknownSchedule, Window, windows

report_days = st.dates(date(2008, 6, 1), date(2050, 12, 31))
codes = st.sampled_from(schedules.schedule_codes())


@given(report_days)
def test_schedule_a_has_twelve_six_and_four_tests(report_day: date) -> None:
    assert per_year(windows("A", report_day), report_day) == [12, 6, 4]


@given(report_days)
def test_schedule_b_has_eighteen_six_and_four_tests(report_day: date) -> None:
    made = windows("B", report_day)
    assert per_year(made, report_day) == [18, 6, 4]
    half = add_months(report_day, 6)
    assert sum(window.opens < half for window in made) == 12


@given(report_days, codes)
def test_windows_are_contiguous_and_cover_exactly_three_years(report_day: date, code: str) -> None:
    made = windows(code, report_day)
    assert made[0].opens == report_day
    assert made[-1].closes == add_months(report_day, 36)
    assert all(one.closes == other.opens for one, other in zip(made, made[1:], strict=False))
    assert all(window.opens < window.closes for window in made)
    assert [window.index for window in made] == list(range(1, len(made) + 1))
    assert len(made) == schedules.get_schedule(code).total


@given(report_days, codes, st.integers(0, 1095))
def test_every_day_of_the_term_lies_in_exactly_one_window(report_day: date, code: str, offset: int) -> None:
    day = report_day + timedelta(days=offset)
    holding = [window for window in windows(code, report_day) if window.opens <= day < window.closes]
    assert len(holding) == (day < add_months(report_day, 36))


@given(report_days, codes, st.integers(1, 1500))
def test_a_term_that_ends_sooner_cuts_the_last_window_there(report_day: date, code: str, length: int) -> None:
    until = report_day + timedelta(days=length)
    whole, cut = windows(code, report_day), windows(code, report_day, until)
    assert cut[-1].closes == min(until, whole[-1].closes)
    assert [window.opens for window in cut] == [window.opens for window in whole if window.opens < until]
    assert cut[:-1] == whole[: len(cut) - 1]


def test_a_report_on_the_31st_returns_to_the_31st_after_short_months() -> None:
    opens = [window.opens for window in windows("A", date(2022, 1, 31))][:4]
    assert opens == [date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 30)]


def test_a_report_on_leap_day_ends_three_years_later_on_the_28th() -> None:
    made = windows("A", date(2020, 2, 29))
    assert made[0] == Window(1, date(2020, 2, 29), date(2020, 3, 29), "第一年第 1 次")
    assert made[-1].closes == date(2023, 2, 28)
    assert made[-1].last_day == date(2023, 2, 27)
    assert made[-1].label == "第三年第 4 次"


def test_twice_a_month_parts_the_month_after_fifteen_days() -> None:
    first, second = windows("B", date(2022, 3, 16))[:2]
    assert (first.closes, second.closes) == (date(2022, 3, 31), date(2022, 4, 16))


def test_schedule_b_asks_for_three_surprise_tests_besides() -> None:
    assert schedules.get_schedule("B").surprise_min == 3
    assert schedules.get_schedule("A").surprise_min == 0


def test_every_schedule_says_where_it_comes_from_and_that_the_law_gives_no_number() -> None:
    for code in schedules.schedule_codes():
        schedule = schedules.get_schedule(code)
        assert "戒毒条例第十九条" in schedule.source
        assert "全国法律没有规定次数" in schedule.note


def test_an_unknown_schedule_and_an_empty_term_are_refused() -> None:
    with pytest.raises(UnknownSchedule, match="A、B"):
        windows("C", date(2022, 1, 1))
    with pytest.raises(EmptyTerm):
        windows("A", date(2022, 1, 1), date(2022, 1, 1))


def per_year(made: list[Window], report_day: date) -> list[int]:
    edges = [add_months(report_day, 12 * year) for year in range(4)]
    return [sum(low <= window.opens < high for window in made) for low, high in zip(edges, edges[1:], strict=False)]
