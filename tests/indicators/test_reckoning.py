"""The second way to a figure, without a database: SQL's unknown, exact sums, and what the observatory says of random cities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given

from qingyuan.indicators import catalogue
from qingyuan.indicators.enums import Select
from qingyuan.indicators.formula import BASE_COLUMNS, parse_aggregate, parse_condition
from qingyuan.indicators.queries import evaluate, facts_behind
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.reckoning import NotReckoned, chosen, reckon
from qingyuan.reference.periods import Period
from tests.indicators.city import TODAY
from tests.indicators.obvious import OBVIOUS
from tests.indicators.random_city import random_city
from tests.indicators.test_double_computation import PERIODS, PLACES, SEEDS, SHORT, written

COLUMNS = {**BASE_COLUMNS, "n": "decimal", "word": "text", "on": "boolean", "due_on": "date", "done_on": "date"}
NOT_BEGUN = "2023-01"
DAYS = {"as_of": date(2022, 11, 23), "read_day": date(2022, 11, 23)}
ROWS: list[dict[str, Any]] = [
    {"division_id": 1, "n": Decimal("0.1"), "word": "a", "on": True, "due_on": date(2022, 11, 22), "done_on": date(2022, 11, 20)},
    {"division_id": 1, "n": Decimal("0.2"), "word": "b", "on": False, "due_on": date(2022, 11, 24), "done_on": None},
    {"division_id": 2, "n": None, "word": None, "on": None, "due_on": None, "done_on": None},
]


@pytest.mark.parametrize(
    ("expression", "figure"),
    [
        ("count(*)", 3),
        ("count(n)", 2),
        ("sum(n)", Decimal("0.3")),
        ("sum(n) filter (where word = 'c')", None),
        ("count(distinct division_id)", 2),
        ("count(*) filter (where not \"on\")", 1),
        ("count(*) filter (where word <> 'a')", 1),
        ("count(*) filter (where word not in ('a', 'x'))", 1),
        ("count(*) filter (where word is null or \"on\")", 2),
        ("count(*) filter (where due_on < :as_of + 1)", 1),
        ("count(*) filter (where done_on is null or done_on > due_on)", 2),
        ("count(*) filter (where due_on between date '2022-11-23' and date '2022-12-01')", 1),
        ("count(*) filter (where date_diff('day', done_on, due_on) = 2)", 1),
        ("sum(case when word = 'a' then 5 else coalesce(n, 1) end)", Decimal("6.2")),
        ("count(*) - count(n) * 2", -1),
        ("max(n) - min(n)", Decimal("0.1")),
    ],
)
def test_an_expression_over_rows_at_hand(expression: str, figure: Decimal | int | None) -> None:
    assert reckon(parse_aggregate(expression, COLUMNS), None, ROWS, DAYS) == figure


def test_a_row_whose_condition_is_unknown_does_not_count() -> None:
    where = parse_condition("word = 'a' or n > 5", COLUMNS)
    assert reckon(parse_aggregate("count(*)", COLUMNS), where, ROWS, DAYS) == 1


@pytest.mark.parametrize("expression", ["avg(n)", "median(n)", "sum(n) / count(n)"])
def test_what_is_rounded_is_refused_and_never_called_wrong(expression: str) -> None:
    with pytest.raises(NotReckoned):
        reckon(parse_aggregate(expression, COLUMNS), None, ROWS, DAYS)


@pytest.mark.parametrize(
    ("select", "kept"),
    [
        (Select.IN_PERIOD, [3]),
        (Select.IN_FORCE, [2, 3]),
        (Select.DURING, [1, 2, 3]),
        (Select.LATEST_IN_PERIOD, [3]),
        (Select.LATEST_KNOWN, [2, 3]),
    ],
)
def test_which_facts_a_term_reads(select: Select, kept: list[int]) -> None:
    facts = [
        {"row_id": 1, "division_id": 1, "happened_on": date(2021, 1, 1), "until": date(2022, 3, 1)},
        {"row_id": 2, "division_id": 1, "happened_on": date(2021, 6, 1), "until": None},
        {"row_id": 3, "division_id": 2, "happened_on": date(2022, 2, 1), "until": None},
        {"row_id": 4, "division_id": 2, "happened_on": date(2023, 2, 1), "until": None},
    ]
    found = chosen(facts, select, "happened_on", date(2022, 1, 1), date(2022, 11, 23))
    assert [row["row_id"] for row in found] == kept


@pytest.mark.parametrize("code", sorted(OBVIOUS))
@SHORT
@given(seed=SEEDS)
def test_the_facts_behind_a_figure_come_to_the_figure(code: str, seed: int) -> None:
    random = Random(seed)
    with written(random_city(seed, *OBVIOUS[code][0])):
        period = Period.parse(random.choice([text for text in PERIODS if text != NOT_BEGUN]))
        query = IndicatorQuery(code, period, division_ids=PLACES, as_of=random.choice([TODAY, date(2022, 10, 15)]))
        _compare(code, query)


def _compare(code: str, query: IndicatorQuery) -> None:
    period, as_of = query.period, query.as_of or TODAY
    matrix, behind = evaluate(query), facts_behind(query, list(PLACES))
    read_day = min(period.last_day, as_of)
    days = {
        "period_start": period.start, "period_last": period.last_day, "period_end": period.end, "read_day": read_day, "as_of": as_of,
    }  # fmt: skip
    for place in PLACES:
        rows = {one.fact: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in behind[place]}
        for term in catalogue.get(code, period.last_day).terms:
            read = chosen(rows[term.fact], term.select, term.dated_by, period.start, read_day)
            try:
                found = reckon(term.expression, term.where, read, days)
            except NotReckoned:
                continue
            told = matrix.terms(place)[term.key]
            if told is not None:  # before the first data nothing is known, whatever stands there
                assert (found or 0) == told, (place, term.key)
