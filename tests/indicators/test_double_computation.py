"""Every indicator is computed twice over random facts: by the observatory, and by the loops in ``obvious``."""

from __future__ import annotations

import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.indicators import catalogue, store
from qingyuan.indicators.queries import evaluate, holders, rows_behind
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.reference.periods import Period
from tests.indicators.city import TODAY, City
from tests.indicators.obvious import OBVIOUS, Asked, amounts, end_of
from tests.indicators.random_city import random_city

PERIODS = (
    "2022-10",
    "2022-06",
    "2022-11",
    "2022Q2",
    "2022H1",
    "2021",
    "2022",
    "2022-01..2022-10",
    "2020-03",
    "2023-01",
)
PLACES = (1, 2, 3, 4, 5, 6, 7, 10)
SEEDS = st.integers(0, 10**6)
SHORT = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def written(city: City) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as home, override_settings(QINGYUAN_FACTS=Path(home)):
        city.write(Path(home))
        yield
        store.close_current()


def _days_of_knowledge(city: City, random: Random) -> list[date | None]:
    """Now; a day; and the very moment at which some fact was replaced."""
    moments = [
        version.superseded_at for versions in city.facts.values() for version in versions if version.superseded_at
    ]
    return [
        None,
        date(2022, random.randint(1, 11), random.choice([1, 15, 28])),
        *random.sample(moments, k=min(1, len(moments))),
    ]


@pytest.mark.parametrize("code", sorted(OBVIOUS))
@SHORT
@given(seed=SEEDS)
def test_the_observatory_and_the_loops_agree(code: str, seed: int) -> None:
    random = Random(seed)
    city = random_city(seed, *OBVIOUS[code][0])
    with written(city):
        for known in _days_of_knowledge(city, random):
            for text in random.sample(PERIODS, k=3):
                as_of = random.choice([TODAY, TODAY, date(2022, 10, 15), date(2022, 10, 31)])
                _compare(city, code, Period.parse(text), as_of, known)


def _compare(city: City, code: str, period: Period, as_of: date, known: date | None) -> None:
    months = str(period) == "2022H1"
    query = IndicatorQuery(code, period, division_ids=PLACES, as_of=as_of, as_known_on=known, months=months)
    matrix = evaluate(query)
    for place in PLACES:
        for asked_period in matrix.query.periods:
            expected = amounts(code, Asked(city, place, asked_period, period, as_of, end_of(known)))
            assert dict(matrix.terms(place, asked_period)) == expected, (code, place, str(asked_period), known)


UNITS = (11, 12, 13)
BY_UNIT = sorted(one.code for one in catalogue.catalogue().all() if one.by_unit)


def _kept_by(city: City) -> City:
    """The city with its rows given to three units, all versions of a row to the same one; one row in four to nobody."""
    for versions in city.facts.values():
        for place, version in enumerate(versions):
            versions[place] = replace(version, unit_id=(*UNITS, None)[zlib.crc32(version.row_id.encode()) % 4])
    return city


def _only(city: City, unit: int) -> City:
    """Nothing but the rows of one unit, all laid in one town: what it keeps is its own wherever it happened."""
    rows = {fact: [replace(row, division_id=2) for row in versions if row.unit_id == unit] for fact, versions in city.facts.items()}
    return replace(city, facts=defaultdict(list, rows))


@pytest.mark.parametrize("code", BY_UNIT)
@SHORT
@given(seed=SEEDS)
def test_of_a_unit_counts_what_it_keeps_itself_and_nothing_else(code: str, seed: int) -> None:
    random = Random(seed)
    city = _kept_by(random_city(seed, *OBVIOUS[code][0]))
    with written(city):
        for known in _days_of_knowledge(city, random):
            period = Period.parse(random.choice(PERIODS))
            query = IndicatorQuery(code, period, unit_ids=UNITS, as_of=TODAY, as_known_on=known)
            matrix = evaluate(query)
            assert set(matrix.all_places) == set(UNITS)
            first = matrix.data_from[OBVIOUS[code][0][0]]
            for unit in UNITS:
                own = OBVIOUS[code][1](Asked(_only(city, unit), 2, period, period, TODAY, end_of(known)))
                before = first is None or period.end <= first or TODAY < period.start
                assert dict(matrix.terms(unit)) == (dict.fromkeys(own) if before else own), (code, unit, str(period), known)
                for term in matrix.indicator.terms:
                    held = holders(query, part=term.key, division_id=unit)
                    assert {one.unit_id for one in held} <= {unit}
                counted = len(rows_behind(query, part=matrix.indicator.numerator.key, division_id=unit))
                assert before or counted == matrix.terms(unit)[matrix.indicator.numerator.key]


def test_what_is_known_by_place_only_is_not_asked_of_a_unit() -> None:
    assert {"G05", "G07", "G19", "G20"} <= set(BY_UNIT) and "R05" not in BY_UNIT and "G10" not in BY_UNIT
    with written(random_city(1, "test_dues")), pytest.raises(BadQuery, match="只按地方有数"):
        evaluate(IndicatorQuery("R05", Period.parse("2022"), unit_ids=(1,), as_of=TODAY))


COUNTED = (("R05", "missing"), ("R05", "denominator"), ("R01", "numerator"), ("R25", "detox"), ("G01", "numerator"),
           ("E01", "numerator"), ("P12", "missing"), ("E21", "missing"), ("P03", "numerator"))  # fmt: skip


@pytest.mark.parametrize(("code", "part"), COUNTED)
@SHORT
@given(seed=SEEDS, text=st.sampled_from(PERIODS))
def test_the_rows_behind_a_count_are_as_many_as_the_count(code: str, part: str, seed: int, text: str) -> None:
    with written(random_city(seed, *OBVIOUS[code][0])):
        query = IndicatorQuery(code, Period.parse(text), children_of=1, as_of=TODAY)
        matrix = evaluate(query)
        for place in matrix.all_places:
            amount = matrix.terms(place)[part]
            if amount is not None:
                assert len(rows_behind(query, part=part, division_id=place)) == amount
                assert sum(holder.rows for holder in holders(query, part=part, division_id=place)) == amount


def test_every_indicator_has_a_second_way() -> None:
    assert sorted(indicator.code for indicator in catalogue.catalogue().all()) == sorted(OBVIOUS)
    assert catalogue.catalogue().unavailable == {}
