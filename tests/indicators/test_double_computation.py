"""Every indicator is computed twice over random facts: by the observatory, and by the loops in ``obvious``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.indicators import catalogue, store
from qingyuan.indicators.queries import evaluate, holders, rows_behind
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.reference.periods import Period
from tests.indicators.city import LOWEST, TODAY, City
from tests.indicators.obvious import OBVIOUS, Asked, amounts, end_of

PERIODS = ("2022-10", "2022-06", "2022-11", "2022Q2", "2022H1", "2021", "2022", "2022-01..2022-10", "2020-03", "2023-01")
PLACES = (1, 2, 3, 4, 10)
#: The days where a period, a boundary or the day of asking turns, and any other day now and then.
TURNS = tuple(
    date.fromisoformat(day)
    for day in (
        "2021-01-01", "2021-10-31", "2021-12-31", "2022-01-01", "2022-04-30", "2022-05-01", "2022-06-30", "2022-07-01",
        "2022-09-30", "2022-10-01", "2022-10-14", "2022-10-15", "2022-10-16", "2022-10-31", "2022-11-01", "2022-11-22",
        "2022-11-23", "2022-11-24", "2022-11-30",
    )
)  # fmt: skip
DAYS = st.one_of(st.sampled_from(TURNS), st.sampled_from(TURNS), st.dates(date(2020, 12, 1), date(2022, 12, 31)))
MAYBE = st.one_of(st.none(), DAYS)
PERSON = st.sampled_from(["p1", "p2", "p3", "p4", "p5", "p6"])
COUNT = st.integers(0, 9)
SHORT = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def _month_end(day: date) -> date:
    return Period.parse(f"{day:%Y-%m}").last_day


def _data(fact: str) -> st.SearchStrategy[dict[str, Any]]:
    columns: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "cases": {"solved": st.just(1), "major": st.booleans(), "offence": st.sampled_from(["347", "348"])},
        "seizures": {
            "net_g": st.one_of(st.none(), st.decimals(0, 5000, places=4, allow_nan=False)),
            "drug": st.sampled_from(["OP01", "ST01", None]),
        },
        "measures": {
            "kind": st.sampled_from(["CD", "CR"]), "person": PERSON, "report_due": MAYBE, "reported_on": MAYBE,
            "agreement_on": MAYBE,
        },
        "isolation": {"person": PERSON, "decisions": st.just(1)},
        "test_dues": {"person": PERSON, "outcome": st.sampled_from(["open", "done", "done", "excused", "cancelled"])},
        "registrations": {
            "registered": COUNT, "current": COUNT, "abstinent": COUNT, "dead": COUNT, "left": COUNT,
            "newly_found": COUNT, "newly_found_rural": st.one_of(st.none(), COUNT),
        },
        "population": {"resident": st.integers(0, 90_000)},
        "meetings": {"special_topic": st.booleans(), "chaired_by_first": st.booleans()},
        "returns": {
            "form": st.sampled_from(["GA-JD-01", "FY-01"]), "cell": st.sampled_from(["handled", "detained"]),
            "state": st.sampled_from(["locked", "draft"]), "on_time": st.sampled_from([True, False, None]),
            "value": st.decimals(0, 300, places=0, allow_nan=False),
        },
    }  # fmt: skip
    return st.fixed_dictionaries(columns[fact])


def _day(fact: str, day: date) -> date:
    """Cells stand on month ends, population on New Year's Day."""
    if fact in ("registrations", "returns"):
        return _month_end(day)
    return date(day.year, 1, 1) if fact == "population" else day


@st.composite
def cities(draw: st.DrawFn, *facts: str) -> City:
    city = City()
    for fact in facts:
        for number in range(draw(st.integers(0, 24))):
            day = _day(fact, draw(DAYS))
            until = draw(MAYBE)
            until = until if until is not None and until > day else None
            division = draw(st.sampled_from(LOWEST))
            written = datetime(day.year, day.month, day.day, draw(st.sampled_from([0, 15, 16, 23])), tzinfo=UTC)
            replaced = written + timedelta(days=draw(st.integers(1, 60))) if draw(st.integers(0, 3)) == 0 else None
            interval = until if fact in ("measures", "isolation") else None
            row = f"{fact}-{number}"
            data = draw(_data(fact))
            city.add(fact, day, division, until=interval, row=row, recorded=written, superseded=replaced, **data)
            if replaced is not None and draw(st.booleans()):
                city.add(fact, day, division, until=interval, row=row, recorded=replaced, **draw(_data(fact)))
    return city


def _compare(city: City, code: str, text: str, as_of: date, known: date | None) -> None:
    period = Period.parse(text)
    query = IndicatorQuery(code, period, division_ids=PLACES, as_of=as_of, as_known_on=known, months=text == "2022H1")
    matrix = evaluate(query)
    moment = end_of(known) if known else None
    for place in PLACES:
        for asked_period in matrix.query.periods:
            expected = amounts(code, Asked(city, place, asked_period, period, as_of, moment))
            assert dict(matrix.terms(place, asked_period)) == expected, (code, place, str(asked_period))


@contextmanager
def _written(city: City) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as home, override_settings(QINGYUAN_FACTS=Path(home)):
        city.write(Path(home))
        yield
        store.close_current()


@pytest.mark.parametrize("code", sorted(OBVIOUS))
@SHORT
@given(
    data=st.data(),
    text=st.sampled_from(PERIODS),
    known=st.one_of(st.none(), DAYS),
    as_of=st.sampled_from([TODAY, date(2022, 10, 15)]),
)
def test_the_observatory_and_the_loops_agree(
    code: str, data: st.DataObject, text: str, known: date | None, as_of: date
) -> None:
    city = data.draw(cities(*OBVIOUS[code][0]))
    with _written(city):
        _compare(city, code, text, as_of, known)


@SHORT
@given(city=cities("test_dues", "measures", "meetings", "cases"), text=st.sampled_from(PERIODS))
def test_the_rows_behind_a_count_are_as_many_as_the_count(city: City, text: str) -> None:
    with _written(city):
        for code, part in (("R05", "missing"), ("R05", "denominator"), ("R01", "numerator"), ("R25", "detox"),
                           ("G01", "numerator"), ("E01", "numerator")):  # fmt: skip
            query = IndicatorQuery(code, Period.parse(text), children_of=1, as_of=TODAY)
            amount = evaluate(query).terms(1)[part] or Decimal(0)
            if evaluate(query).terms(1)[part] is None:
                continue
            assert len(rows_behind(query, part=part)) == amount
            assert sum(holder.rows for holder in holders(query, part=part)) == amount


def test_every_indicator_has_a_second_way() -> None:
    assert sorted(indicator.code for indicator in catalogue.catalogue().all()) == sorted(OBVIOUS)
    assert catalogue.catalogue().unavailable == {}
