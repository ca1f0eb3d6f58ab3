"""A question is a value: to plain data and back, with its periods, its day and its state of knowledge."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.clock import ZONE
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.reference.periods import Period, half, month, quarter, year, ytd

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PERIODS = st.one_of(
    DAYS.map(month),
    DAYS.map(ytd),
    DAYS.map(lambda day: year(day.year)),
    st.builds(quarter, st.integers(2000, 2100), st.integers(1, 4)),
    st.builds(half, st.integers(2000, 2100), st.integers(1, 2)),
)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, ZONE])).filter(lambda moment: 2000 < moment.year < 2100)
QUERIES = st.builds(
    IndicatorQuery,
    indicator=st.sampled_from(["R05", "E04"]),
    period=PERIODS,
    division_ids=st.lists(st.integers(1, 10**9), min_size=1, max_size=4).map(tuple),
    children_of=st.one_of(st.none(), st.integers(1, 10**9)),
    as_of=st.one_of(st.none(), DAYS),
    as_known_on=st.one_of(st.none(), DAYS, MOMENTS),
    breakdown=st.one_of(st.none(), st.just("drug")),
    months=st.booleans(),
)


OF_UNITS = st.builds(
    IndicatorQuery, indicator=st.just("G07"), period=PERIODS, unit_ids=st.lists(st.integers(1, 10**9), min_size=1).map(tuple)
)


@given(st.one_of(QUERIES, OF_UNITS))
def test_to_plain_data_and_back_is_the_same_question(query: IndicatorQuery) -> None:
    plain = json.loads(json.dumps(query.to_dict()))
    assert IndicatorQuery.from_dict(plain) == query
    assert hash(IndicatorQuery.from_dict(plain)) == hash(query)


@given(QUERIES)
def test_a_settled_question_has_a_day_and_stays_settled(query: IndicatorQuery) -> None:
    settled = query.settled(date(2022, 11, 23))
    assert settled.as_of is not None
    assert settled.settled(date(1999, 1, 1)) == settled
    assert settled.as_known_on == query.as_known_on


def test_knowledge_ends_with_the_day_in_the_office_not_in_utc() -> None:
    query = IndicatorQuery("R05", Period.parse("2022-10"), (1,), as_known_on=date(2022, 11, 5))
    assert query.known_until == datetime(2022, 11, 5, 15, 59, 59, 999999, tzinfo=UTC).replace(tzinfo=None)
    at_night = datetime(2022, 11, 5, 17, 0, tzinfo=UTC)
    moment = IndicatorQuery("R05", Period.parse("2022-10"), (1,), as_known_on=at_night)
    assert moment.known_until == at_night.replace(tzinfo=None)
    assert moment.settled(date(2030, 1, 1)).as_of == date(2022, 11, 6), "in Shanghai it is past midnight"


def test_the_periods_asked_for_come_each_once() -> None:
    query = IndicatorQuery("R05", Period.parse("2022-01..2022-02"), (1,), months=True)
    assert [str(period) for period in query.periods] == [
        "2022-01..2022-02", "2021-01..2021-02", "2022-01", "2022-02", "2021-01", "2021-02",
    ]  # fmt: skip
    assert [str(period) for period in IndicatorQuery("R05", Period.parse("1950"), (1,)).periods] == ["1950"]
    one = IndicatorQuery("R05", Period.parse("2022-10"), (1,), months=True)
    assert [str(period) for period in one.periods] == ["2022-10", "2021-10"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"indicator": "R05"},
        {"indicator": "R05", "period": "2022-13", "division_ids": [1]},
        {"indicator": "R05", "period": "2022-10"},
        {"indicator": "R05", "period": "2022-10", "division_ids": ["x"]},
        {"indicator": "R05", "period": "2022-10", "division_ids": [1], "level": "town"},
        {"indicator": "R05", "period": "2022-10", "children_of": 1, "as_of": "yesterday"},
        {"indicator": "R05", "period": "2022-10", "children_of": 1, "as_known_on": "2022-10-01T00:00:00"},
    ],
)
def test_what_cannot_be_read_is_refused_with_words(data: dict[str, object]) -> None:
    with pytest.raises(BadQuery) as refused:
        IndicatorQuery.from_dict(data)
    assert str(refused.value)


def test_the_end_of_a_day_is_one_moment_before_the_next() -> None:
    today = IndicatorQuery("R05", Period.parse("2022-10"), (1,), as_known_on=date(2022, 11, 5)).known_until
    tomorrow = IndicatorQuery("R05", Period.parse("2022-10"), (1,), as_known_on=date(2022, 11, 6)).known_until
    assert today is not None and tomorrow is not None and tomorrow - today == timedelta(days=1)


def test_a_question_is_about_places_or_about_units() -> None:
    with pytest.raises(BadQuery, match="只选一种"):
        IndicatorQuery("G07", Period.parse("2022"), division_ids=(1,), unit_ids=(2,))
    with pytest.raises(BadQuery, match="哪个地方"):
        IndicatorQuery("G07", Period.parse("2022"))
