"""Printed figures keep their base; loads in water follow from concentration, flow and people; rows and who reads them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.entering import draft_of_new
from qingyuan.ledgers.models import FactRow
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may, visible_to
from qingyuan.situation import rules
from qingyuan.situation.models import PublishedFigure, WaterSample
from tests.cast import TODAY, City

N = Decimal
PRINTED = {
    "indicator": "cases",
    "area": "全国",
    "year": 2021,
    "value": N("5.4"),
    "measure_unit": "万起",
    "printed_change": N("-16.3"),
    "comparable_base": None,
    "base_note": "",
    "publisher": "国家禁毒委员会办公室",
    "source_title": "2021 年中国毒情形势报告",
}
SAMPLE = {
    "site": "东山污水处理厂",
    "served": 61_000,
    "sampled_on": date(2022, 9, 14),
    "target": "METH",
    "concentration": N("140"),
    "below_limit": None,
    "flow": N("9150"),
    "load": None,
    "laboratory": "演示州疾控中心实验室",
}


def columns(problems: list[Any]) -> list[str]:
    return [problem.column for problem in problems]


# --- printed changes ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "base", "printed", "agrees"),
    [
        ("148.6", "180.1", "-17.5", True),
        ("214.8", "240.4", "-10.6", True),
        ("7.1", "12.1", "-41.7", True),  # -41.3 of the levels: rounding alone explains it (domain §4.3)
        ("5.4", "6.4", "-16.3", True),
        ("3.5", "5.4", "-28.6", False),  # the base of 2021 was restated to 4.90
        ("3.5", "4.90", "-28.6", True),
        ("5.3", "7.7", "-24.3", False),
        ("5.3", "7.00", "-24.3", True),
        ("4.2", "3.5", "12.6", False),
        ("4.2", "3.73", "12.6", True),
        ("21.9", "27.0", "-18.7", True),
    ],
)
def test_known_printed_changes(value: str, base: str, printed: str, agrees: bool) -> None:
    assert rules.change_agrees(N(value), N(base), N(printed)) is agrees


@given(
    st.decimals("1", "9999", places=3),
    st.decimals("1", "9999", places=3),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_an_honest_change_is_never_refused_however_it_is_rounded(true_value: Decimal, true_base: Decimal, places: int, digits: int) -> None:
    """Whoever rounds level, base and change on their own is still believed."""
    step, change_step = N(1).scaleb(-places), N(1).scaleb(-digits)
    value, base = (number.quantize(step, ROUND_HALF_UP) for number in (true_value, true_base))
    printed = (100 * (true_value / true_base - 1)).quantize(change_step, ROUND_HALF_UP)
    if base > 0:
        assert rules.change_agrees(value, base, printed)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"comparable_base": N("6.4")}, []),
        ({"comparable_base": N("4.90")}, ["printed_change"]),
        ({"comparable_base": N(0)}, ["comparable_base"]),
        ({"measure_unit": "万人"}, ["measure_unit"]),
        ({"measure_unit": "件"}, ["measure_unit"]),
        ({"indicator": "per_mille", "measure_unit": "‰", "value": N("0.8"), "printed_change": None}, []),
        ({"indicator": "per_mille", "measure_unit": "万人", "value": N("0.8"), "printed_change": None}, ["measure_unit"]),
        ({"value": N(-1)}, ["value"]),
        ({"year": 21}, ["year"]),
    ],
)
def test_a_printed_figure_by_itself(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_published(PRINTED | changes)) == wrong


@pytest.mark.django_db
def test_a_change_without_a_base_is_held_against_last_years_figure(city: City) -> None:
    place = {"division": city.divisions["云岭市"].pk}
    last = PRINTED | {"year": 2020, "value": N("6.4"), "printed_change": None}
    city.enter("published_statistics", "clerk", place | last)
    city.enter("published_statistics", "clerk", place | PRINTED)
    typed = {
        name: "" if value is None else str(value)
        for name, value in (PRINTED | {"year": 2022, "value": N("3.5"), "printed_change": N("-28.6")}).items()
    }
    ledger, writing = registry.get("published_statistics"), city.writing("clerk")
    refused = draft_of_new(ledger, typed, writing)
    assert columns(refused.problems) == ["printed_change"] and "-35.2%" in refused.problems[0].message
    assert "可比基数和基数说明" in refused.problems[0].message
    for mended in ({"comparable_base": "4.90"}, {"base_note": "2021 年数已按新口径调整"}):
        assert draft_of_new(ledger, typed | mended, writing).problems == [], mended
    # Another area, or another unit of measure, is no base for this one.
    assert draft_of_new(ledger, typed | {"area": "演示省"}, writing).problems == []


@pytest.mark.django_db
def test_what_others_printed_is_read_by_all_and_written_by_the_office(city: City) -> None:
    [row] = city.enter("published_statistics", "clerk", {"division": city.divisions["云岭市"].pk} | PRINTED)
    ledger = registry.get("published_statistics")
    for who in city.accounts:
        actor = city.actor(who)
        assert queries.rows(ledger, actor, TODAY).count() == 1, who
        for action in (Action.CREATE, Action.CHANGE, Action.VOID):
            changed = visible_to(actor, PublishedFigure.objects.all(), compartment=Compartment.PUBLIC, on=TODAY, ledger=ledger.code, action=action)
            decision = may(
                actor, action, compartment=Compartment.PUBLIC, ledger=ledger.code, on=TODAY,
                division_id=row.division_id, unit_id=row.unit_id, caseworker_id=0,
            )  # fmt: skip
            assert changed.exists() == decision.allowed == (who == "clerk"), (who, action)


# --- water -------------------------------------------------------------------------------------------------------------
def test_the_known_case_of_the_load() -> None:
    """100 ng/L, 100 000 m³/d, 300 000 people: 33.3 mg per 1 000 and day."""
    assert rules.load_of(concentration=N(100), flow=N(100_000), served=300_000) == N("33.3333")


@given(st.decimals("0", "5000", places=2), st.decimals("100", "500000", places=1), st.integers(500, 5_000_000))
def test_the_load_is_the_mass_over_the_people(found: Decimal, flow: Decimal, served: int) -> None:
    mass = rules.mass_of(concentration=found, flow=flow)
    assert abs(rules.load_of(concentration=found, flow=flow, served=served) - mass / (N(served) / 1000)) <= N("0.0001")


def test_below_the_limit_the_mass_is_nought() -> None:
    assert rules.mass_of(concentration=None, flow=N(9000)) == 0


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"below_limit": True}, ["concentration"]),
        ({"below_limit": True, "concentration": None}, []),
        ({"concentration": None}, ["concentration"]),
        ({"concentration": N(-1)}, ["concentration"]),
        ({"served": 6}, ["served"]),  # 6.1 (万人) typed as persons
        ({"flow": N("0.92")}, ["flow"]),  # 万立方米 typed as m³
        ({"load": N("21.0")}, []),
        ({"load": N("210")}, ["load"]),
    ],
)
def test_a_sample_by_itself(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_water(SAMPLE | changes)) == wrong


@pytest.mark.django_db
def test_a_sample_in_changed_below_the_limit_and_voided(city: City) -> None:
    [row] = city.enter("wastewater", "liaison", {"division": city.divisions["龙洞镇"].pk} | SAMPLE)
    assert row.load == N("21.0000") and row.below_limit is False
    [fact] = FactRow.objects.filter(fact="wastewater")
    assert fact.data == {"target": "METH", "below_limit": False, "mass_mg": "1281", "served": 61_000}
    ledger = registry.get("wastewater")
    draft = draft_of_new(
        ledger,
        {name: "" if value is None else str(value) for name, value in (SAMPLE | {"concentration": None}).items()}
        | {"division": "龙洞镇", "below_limit": "是", "target": "氯胺酮"},
        city.writing("liaison"),
    )
    assert draft.problems == [] and draft.values["load"] is None
    ledger.create(drafts=[draft], writing=city.writing("liaison"))
    assert FactRow.objects.get(fact="wastewater", data__target="KET").data["mass_mg"] == "0"
    ledger.void(rows=[row], writing=city.writing("liaison", "样品污染"))
    assert WaterSample.objects.count() == 1
    assert not FactRow.objects.filter(fact="wastewater", data__target="METH", superseded_at=None).exists()


@pytest.mark.django_db
def test_the_water_is_read_by_the_police_and_by_the_town_it_comes_from(city: City) -> None:
    city.enter("wastewater", "liaison", {"division": city.divisions["龙洞镇"].pk} | SAMPLE)
    ledger = registry.get("wastewater")
    readers = {who for who in city.accounts if queries.rows(ledger, city.actor(who), TODAY).exists()}
    assert readers == {"liaison", "officer", "clerk", "leader", "auditor", "supervisor", "caseworker", "town_leader"}
    writers = {who for who in city.accounts if queries.rows(ledger, city.actor(who), TODAY, action=Action.CHANGE).exists()}
    assert writers == {"liaison"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({}, []), ({"year": 0}, ["year"]), ({"year": 22}, ["year"]), ({"year": 20_220}, ["year"]), ({"resident": -1}, ["resident"])],
)
def test_a_years_residents_are_of_a_year_and_not_below_nought(changes: dict[str, Any], wrong: list[str]) -> None:
    """Year 0 was taken by the check and broke the promotion, for no fact can be dated by it."""
    assert columns(rules.check_population({"year": 2022, "resident": 34_000} | changes)) == wrong
