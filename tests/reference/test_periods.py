"""Periods: their address form, their names, and the arithmetic on them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference import periods
from qingyuan.reference.periods import BadPeriod, Period, PeriodKind, add_months, as_of, ytd

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
singles = st.one_of(
    days.map(periods.month),
    st.builds(periods.quarter, st.integers(1990, 2090), st.integers(1, 4)),
    st.builds(periods.half, st.integers(1990, 2090), st.integers(1, 2)),
    st.builds(periods.year, st.integers(1990, 2090)),
)
runs = st.builds(
    lambda day, length: Period(day.replace(day=1), add_months(day.replace(day=1), length), PeriodKind.YTD),
    days,
    st.integers(1, 30),
)
anyone = st.one_of(singles, runs)


@pytest.mark.parametrize(
    ("text", "start", "end", "kind", "label_zh", "label_en"),
    [
        ("2022-10", "2022-10-01", "2022-11-01", "month", "2022 年 10 月", "October 2022"),
        ("2022-12", "2022-12-01", "2023-01-01", "month", "2022 年 12 月", "December 2022"),
        ("2022Q3", "2022-07-01", "2022-10-01", "quarter", "2022 年第三季度", "Q3 2022"),
        ("2022H1", "2022-01-01", "2022-07-01", "half", "2022 年上半年", "First half of 2022"),
        ("2022H2", "2022-07-01", "2023-01-01", "half", "2022 年下半年", "Second half of 2022"),
        ("2022", "2022-01-01", "2023-01-01", "year", "2022 年", "2022"),
        ("2022-01..2022-10", "2022-01-01", "2022-11-01", "ytd", "2022 年 1—10 月", "January–October 2022"),
        ("2022-01..2022-01", "2022-01-01", "2022-02-01", "ytd", "2022 年 1 月", "January 2022"),
        ("2021-11..2022-02", "2021-11-01", "2022-03-01", "ytd", "2021 年 11 月—2022 年 2 月", "November 2021–February 2022"),
    ],
)  # fmt: skip
def test_each_form_is_read_named_and_written_back(
    text: str, start: str, end: str, kind: str, label_zh: str, label_en: str
) -> None:
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat(), period.kind) == (start, end, kind)
    assert period.label_zh == label_zh
    assert period.label_en == label_en
    assert str(period) == text


@given(anyone)
def test_the_address_form_round_trips(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert hash(Period.parse(str(period))) == hash(period)


def test_small_letters_and_spaces_are_forgiven() -> None:
    assert Period.parse(" 2022q3 ") == periods.quarter(2022, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2022-13", "没有 13 月"),
        ("2022-00", "没有 00 月"),
        ("2022-10..2022-01", "请对调"),
        ("2022Q5", "请写成 2022-10（月）"),
        ("十月", "请写成 2022-10（月）"),
        ("", "请写成"),
        ("2022-1", "请写成"),
        ("1066", "年份要在"),
        ("2022-10-01", "请写成"),
    ],
)
def test_a_bad_period_is_explained(text: str, says: str) -> None:
    with pytest.raises(BadPeriod, match=says):
        Period.parse(text)


def test_a_period_that_is_not_whole_months_or_not_its_kind_cannot_be_made() -> None:
    with pytest.raises(BadPeriod):
        Period(date(2022, 1, 2), date(2022, 2, 1), PeriodKind.YTD)
    with pytest.raises(BadPeriod):
        Period(date(2022, 2, 1), date(2022, 5, 1), PeriodKind.QUARTER)
    with pytest.raises(BadPeriod):
        Period(date(2022, 2, 1), date(2022, 2, 1), PeriodKind.YTD)
    with pytest.raises(BadPeriod):
        periods.quarter(2022, 1).shift(1)


@given(anyone)
def test_previous_and_next_adjoin_have_the_same_length_and_undo_each_other(period: Period) -> None:
    before = period.previous()
    assert before.end == period.start
    assert before.length == period.length
    assert before.next() == period
    assert before < period < period.next()


@given(anyone)
def test_the_same_period_last_year_has_the_same_months(period: Period) -> None:
    last = period.same_last_year()
    assert (last.start.month, last.start.year + 1) == (period.start.month, period.start.year)
    assert (last.kind, last.length) == (period.kind, period.length)


@given(anyone)
def test_the_months_cover_the_period_without_gap(period: Period) -> None:
    months = period.months()
    assert months[0].start == period.start
    assert months[-1].end == period.end
    assert all(one.end == other.start for one, other in zip(months, months[1:], strict=False))


@given(anyone, st.integers(-800, 800))
def test_a_period_contains_exactly_its_days(period: Period, offset: int) -> None:
    day = period.start + timedelta(days=offset)
    assert period.contains(day) == (period.start <= day <= period.last_day)


def test_the_arrows_beside_a_cumulative_period_move_its_last_month() -> None:
    period = Period.parse("2022-01..2022-10")
    assert str(period.step(-1)) == "2022-01..2022-09"
    assert str(period.step(1)) == "2022-01..2022-11"
    assert str(period.step(3)) == "2023-01..2023-01"
    assert str(period.step(-10)) == "2021-01..2021-12"
    assert str(Period.parse("2021-11..2022-02").step(1)) == "2022-03..2022-06"
    assert str(Period.parse("2022Q1").step(-1)) == "2021Q4"


def test_series_of_a_month_span_a_year_and_of_longer_periods_their_months() -> None:
    assert [str(each) for each in Period.parse("2022-10").roll()][::12] == ["2021-10", "2022-10"]
    assert [str(each) for each in Period.parse("2022-01..2022-03").roll()] == ["2022-01", "2022-02", "2022-03"]
    assert [str(each) for each in Period.parse("2022").roll(3)] == ["2020", "2021", "2022"]


def test_year_to_date_takes_a_day_or_a_period() -> None:
    assert str(ytd(date(2022, 10, 31))) == "2022-01..2022-10"
    assert ytd(Period.parse("2022-10")) == ytd(date(2022, 10, 1))


def test_a_stock_is_read_on_the_last_day_that_has_come() -> None:
    november = Period.parse("2022-11")
    assert as_of(november, date(2022, 11, 23)) == date(2022, 11, 23)
    assert as_of(november, date(2023, 5, 1)) == date(2022, 11, 30)
    assert not november.is_complete(date(2022, 11, 30))
    assert november.is_complete(date(2022, 12, 1))
    with pytest.raises(BadPeriod, match="还没有开始"):
        as_of(november, date(2022, 10, 31))


@given(days, st.integers(-600, 600))
def test_adding_months_lands_in_the_right_month_on_the_same_day_or_its_last(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert periods.months_between(day, moved) == count
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
