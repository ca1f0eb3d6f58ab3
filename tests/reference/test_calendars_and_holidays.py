"""Calendars cut the year without gaps; the holiday files agree with the law on how many days are free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference import calendars, holidays
from qingyuan.reference.calendars import UnknownCalendar, get_calendar
from qingyuan.reference.tables import read_table

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(days, st.sampled_from(["natural", "office", "school"]))
def test_every_day_lies_in_exactly_one_span(day: date, code: str) -> None:
    calendar = get_calendar(code)
    holding = [
        span for year in range(day.year - 1, day.year + 2) for span in calendar.spans(year) if span.contains(day)
    ]
    assert len(holding) == 1
    assert calendar.span_of(day) == holding[0]


@pytest.mark.parametrize("code", ["natural", "office", "school"])
def test_spans_follow_each_other_without_gap(code: str) -> None:
    spans = [span for year in range(2019, 2025) for span in get_calendar(code).spans(year)]
    assert all(one.end == other.start for one, other in zip(spans, spans[1:], strict=False))


def test_the_office_month_runs_from_the_26th_to_the_25th_and_bears_the_later_name() -> None:
    span = get_calendar("office").span_of(date(2022, 10, 26))
    assert span is not None
    assert (span.start, span.last_day) == (date(2022, 10, 26), date(2022, 11, 25))
    assert span.label_zh == "2022 年 11 月"
    assert span.report_by == date(2022, 11, 28)


def test_january_of_the_office_calendar_begins_in_december() -> None:
    span = get_calendar("office").month_span(2022, 1)
    assert (span.start, span.last_day) == (date(2021, 12, 26), date(2022, 1, 25))


def test_a_report_day_on_a_day_off_moves_to_the_next_working_day() -> None:
    natural = get_calendar("natural")
    assert natural.month_span(2022, 10).report_by == date(2022, 11, 7)
    assert natural.month_span(2022, 3).report_by == date(2022, 4, 6)
    assert natural.month_span(2022, 11).report_by == date(2022, 12, 5)


def test_the_school_year_turns_on_the_first_of_september() -> None:
    school = get_calendar("school")
    before, after = school.span_of(date(2022, 8, 31)), school.span_of(date(2022, 9, 1))
    assert before is not None
    assert after is not None
    assert (before.label_zh, after.label_zh) == ("2021 学年", "2022 学年")


def test_the_survey_season_is_february_to_september_and_nothing_outside() -> None:
    survey = get_calendar("survey")
    assert survey.span_of(date(2022, 1, 31)) is None
    assert survey.span_of(date(2022, 10, 1)) is None
    season = survey.span_of(date(2022, 9, 30))
    assert season is not None
    assert season.start == date(2022, 2, 1)
    assert season.report_by > season.last_day


def test_a_season_has_no_months_and_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(UnknownCalendar):
        get_calendar("survey").month_span(2022, 3)
    with pytest.raises(UnknownCalendar, match="natural"):
        get_calendar("lunar")


@given(days, st.sampled_from(calendars.calendar_codes()))
def test_figures_are_never_due_before_their_span_has_ended(day: date, code: str) -> None:
    span = get_calendar(code).span_of(day)
    if span is not None:
        assert span.report_by >= span.last_day


@pytest.mark.parametrize(
    ("year", "free"), [(2020, 13), (2021, 11), (2022, 11), (2023, 11), (2024, 11), (2025, 13), (2026, 13)]
)
def test_each_year_frees_as_many_working_days_as_the_law_gives_holidays(year: int, free: int) -> None:
    """Weekdays made free minus weekend days worked: eleven statutory days, thirteen from 2025; 2020 had two more by
    the prolonged Spring Festival. An independent check of every date in the file."""
    balance = 0
    for row in read_table("holidays"):
        if int(row["year"]) != year:
            continue
        day, last = date.fromisoformat(row["start"]), date.fromisoformat(row["last_day"])
        while day <= last:
            if row["kind"] == "workday":
                assert day.weekday() >= 5, day
                balance -= 1
            else:
                balance += day.weekday() < 5
            day += timedelta(days=1)
    assert balance == free


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2022-01-29", True), ("2022-01-31", False), ("2022-02-07", True), ("2022-04-02", True), ("2022-04-24", True),
        ("2022-05-04", False), ("2022-05-05", True), ("2022-05-07", True), ("2022-06-03", False),
        ("2022-09-12", False), ("2022-10-07", False), ("2022-10-08", True), ("2022-10-09", True),
        ("2022-11-19", False), ("2022-11-23", True), ("2022-12-31", False),
    ],
)  # fmt: skip
def test_known_days_of_2022(day: str, working: bool) -> None:
    assert holidays.is_working_day(date.fromisoformat(day)) is working


def test_days_off_have_a_name() -> None:
    assert holidays.holiday_name(date(2022, 5, 1)) == "劳动节"
    assert holidays.holiday_name(date(2022, 11, 19)) == "周末"
    assert holidays.holiday_name(date(2022, 11, 23)) == ""


def test_a_year_without_arrangement_says_so_and_counts_weekends_only() -> None:
    far = date(2040, 10, 1)
    assert not holidays.known(far)
    assert holidays.is_working_day(far)
    assert not holidays.is_working_day(date(2040, 10, 6))


@given(days, st.integers(-60, 60))
def test_adding_working_days_agrees_with_walking_the_calendar(day: date, count: int) -> None:
    reached = holidays.add_working_days(day, count)
    low, high = sorted((day, reached))
    passed = [low + timedelta(days=n) for n in range((high - low).days + 1)]
    walked = [each for each in passed if each != day and holidays.is_working_day(each)]
    assert len(walked) == abs(count)
    assert count == 0 or holidays.is_working_day(reached)
