"""Formulas that no shipped indicator uses, computed twice all the same: means, medians, quotients, extremes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest
import yaml

from qingyuan.indicators import store
from qingyuan.indicators.catalogue import DEFINITIONS
from qingyuan.indicators.loader import build
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.matrix import build as matrix_of
from qingyuan.indicators.parquet_writer import FactVersion
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.statement import matrix_statement
from qingyuan.reference.periods import Period
from tests.indicators.city import FACTS, TODAY, City
from tests.indicators.random_city import random_city

Rows = Sequence[FactVersion]
PERIOD = Period.parse("2022-01..2022-10")


def _ask(expression: str, fact: str = "seizures", **changes: Any) -> Matrix:
    data = yaml.safe_load((DEFINITIONS / "E04.yaml").read_text(encoding="utf-8"))
    term = {"title": "x", "expression": expression}
    data.update(code="X01", fact=fact, numerator=term, parts={}, scale=1, unit="克", breakdowns=[], **changes)
    indicator = build("X01.yaml", data, FACTS)
    query = IndicatorQuery("X01", PERIOD, children_of=1, as_of=TODAY)
    statement = matrix_statement(indicator, query)
    rows = store.query(statement.sql, statement.params)
    return matrix_of(query, indicator, 1, rows, {fact: date(2021, 1, 1)})


def _grams(rows: Rows) -> list[Decimal]:
    return [row.data["net_g"] for row in rows if row.data["net_g"] is not None]


def _safely(top: Decimal, bottom: int) -> float | None:
    return float(top) / bottom if bottom else None


CASES: list[tuple[str, Callable[[Rows], float | None]]] = [
    ("avg(net_g)", lambda rows: fmean(_grams(rows)) if _grams(rows) else None),
    ("median(net_g)", lambda rows: float(median(_grams(rows))) if _grams(rows) else None),
    ("max(net_g) - min(net_g)", lambda rows: float(max(_grams(rows)) - min(_grams(rows))) if _grams(rows) else None),
    ("sum(net_g) / count(net_g)", lambda rows: _safely(sum(_grams(rows), Decimal(0)), len(_grams(rows)))),
    (
        "sum(net_g) / count(*) filter (where drug = 'OP01') / 2",
        lambda rows: _safely(sum(_grams(rows), Decimal(0)), 2 * sum(row.data["drug"] == "OP01" for row in rows))
        if _grams(rows)
        else None,
    ),
    (
        "count(*) filter (where happened_on >= :period_last - 30) * 2",
        lambda rows: 2.0 * sum(row.happened_on >= PERIOD.last_day - timedelta(days=30) for row in rows) if rows else None,
    ),
    (
        "avg(date_diff('day', :period_start, happened_on))",
        lambda rows: fmean((row.happened_on - PERIOD.start).days for row in rows) if rows else None,
    ),
    ("count(*) / date_diff('month', :period_start, :period_end)", lambda rows: len(rows) / 10 if rows else None),
    ("sum(coalesce(net_g, 1000))", lambda rows: float(sum(_grams(rows)) + 1000 * (len(rows) - len(_grams(rows))))),
    ("max(case when drug is null then 1 else 0 end)", lambda rows: max((float(row.data["drug"] is None) for row in rows), default=None)),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "obvious"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("seed", [1, 22, 333])
def test_a_formula_gives_what_a_loop_gives(
    expression: str, obvious: Callable[[Rows], float | None], seed: int, folder: Path
) -> None:
    city = random_city(seed, "seizures", rows=200)
    city.write(folder)
    matrix = _ask(expression, kind="mean")
    for place in (1, 2, 3, 4):
        inside = [row for row in city.facts["seizures"] if row.superseded_at is None and _in(place, row)]
        rows = [row for row in inside if PERIOD.start <= row.happened_on <= PERIOD.last_day]
        found, expected = matrix.terms(place)["numerator"], obvious(rows)
        assert (found is None) == (expected is None), (place, found, expected)
        if found is not None and expected is not None:
            assert float(found) == pytest.approx(expected, rel=1e-12)


def _in(place: int, row: FactVersion) -> bool:
    """Where the towns belong at the end of October 2022."""
    return place == 1 or row.division_id in {2: (2, 5), 3: (3, 6), 4: (4,)}[place]


def test_a_figure_that_is_no_number_is_a_mistake_of_the_file(folder: Path) -> None:
    city = City()
    city.add("seizures", date(2022, 10, 5), drug="OP01")
    city.write(folder)
    with pytest.raises(TypeError, match="numerator"):
        _ask("max(drug)")
