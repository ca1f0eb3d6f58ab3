"""When a text to a person goes: never at night, never twice a day, never for a window that is not open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.clock import ZONE
from qingyuan.rehabilitation.rules import texting

DAY = timedelta(days=1)
DAYS = st.dates(date(2022, 1, 1), date(2023, 12, 31))
MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2023, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 — hypothesis takes naive bounds


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 11, day, hour, minute, tzinfo=ZONE)


@given(MOMENTS, DAYS, st.integers(1, 60), st.none() | DAYS)
def test_a_text_goes_by_day_in_its_window_and_on_no_second_day(now: datetime, opens: date, length: int, last: date | None) -> None:
    closes = opens + length * DAY
    moment = texting.when(now, opens_on=opens, closes_on=closes, last_on=last)
    if moment is None:
        # The obvious way: no hour of the window is left that is day, not past, and after the day of the last text.
        hours = (datetime(day.year, day.month, day.day, hour, 59, 59, tzinfo=ZONE) for day in _days(opens, closes) for hour in range(8, 21))
        assert not [hour for hour in hours if hour >= now and (last is None or hour.date() > last)]
        return
    local = moment.astimezone(ZONE)
    assert moment >= now and 8 <= local.hour < 21
    assert opens <= local.date() < closes and (last is None or local.date() > last)
    assert texting.when(moment, opens_on=opens, closes_on=closes, last_on=last) == moment, "asked again then, it is then"


def _days(opens: date, closes: date) -> list[date]:
    return [opens + n * DAY for n in range((closes - opens).days)]


@given(MOMENTS, DAYS, st.integers(1, 60))
def test_the_earliest_such_moment_is_taken(now: datetime, opens: date, length: int) -> None:
    moment = texting.when(now, opens_on=opens, closes_on=opens + length * DAY, last_on=None)
    if moment is not None and moment != now:
        earlier = moment.astimezone(ZONE) - timedelta(seconds=1)
        assert earlier < now or earlier.date() < opens or not 8 <= earlier.hour < 21


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (at(23, 12), None, at(23, 12)),
        (at(23, 7, 59), None, at(23, 8)),
        (at(23, 20, 59), None, at(23, 20, 59)),
        (at(23, 21), None, at(24, 8)),
        (at(20, 12), None, at(22, 8)),
        (at(23, 12), date(2022, 11, 23), at(24, 8)),
        (at(23, 12), date(2022, 11, 22), at(23, 12)),
        (at(24, 21), None, None),
        (at(25, 9), None, None),
        (at(24, 12), date(2022, 11, 24), None),
    ],
)
def test_examples_of_a_window_of_three_days(now: datetime, last: date | None, expected: datetime | None) -> None:
    assert texting.when(now, opens_on=date(2022, 11, 22), closes_on=date(2022, 11, 25), last_on=last) == expected


@pytest.mark.parametrize("typed", ["13900000001", "139 0000 0001", "+86 139-0000-0001", "008613900000001", "8613900000001", "１３９０００００００１"])
def test_a_mobile_number_is_read_however_it_is_written(typed: str) -> None:
    assert texting.mobile(typed) == "13900000001"


@pytest.mark.parametrize("typed", ["", "0400-1234567", "12900000001", "1390000000", "139000000012", "一三九", "13900000001;13900000002", "+1 3900000001"])
def test_what_takes_no_texts_is_none(typed: str) -> None:
    assert texting.mobile(typed) == ""
