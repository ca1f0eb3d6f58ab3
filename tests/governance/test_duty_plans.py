"""Member units' plans and tasks; letters and targets as facts that follow every step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation import clock
from qingyuan.governance.actions import letters, signing, targets
from qingyuan.governance.enums import Measure
from qingyuan.governance.models import UnitPlan, UnitTask
from qingyuan.governance.queries.letters import code_of, pdf_of
from qingyuan.governance.rules import duty_plans as rules
from qingyuan.governance.targets_rules import Method
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.entering import change, draft_of_change, draft_of_new
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.writing import CannotVoid
from qingyuan.organisation.enums import Action
from qingyuan.reference import periods
from tests.cast import TODAY, City
from tests.governance.conftest import Desk

PLAN = {"year": 2022, "title": "市教育局 2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程、示范学校"}
TASK = {
    "year": 2022,
    "item": 1,
    "duty": "禁毒法第十三条",
    "task": "专题教育课开足",
    "done_when": "每学期不少于 2 课时",
    "due_on": date(2022, 6, 30),
    "done_on": None,
    "evidence": "",
}


def columns(problems: list[Any]) -> list[str]:
    return [problem.column for problem in problems]


def current(fact: str) -> list[dict[str, Any]]:
    return [row.data for row in FactRow.objects.filter(fact=fact, superseded_at=None).order_by("pk")]


# --- rules -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"adopted_on": date(2021, 12, 30)}, []),
        ({"adopted_on": date(2020, 12, 30)}, ["adopted_on"]),
        ({"adopted_on": date(2023, 1, 5)}, ["adopted_on"]),
        ({"filed_on": date(2022, 2, 19)}, ["filed_on"]),
        ({"year": 22}, ["year"]),
        ({"budget_yuan": Decimal(-1)}, ["budget_yuan"]),
    ],
)
def test_a_plan_by_its_words(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_plan(PLAN | changes)) == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"due_on": date(2021, 12, 31)}, ["due_on"]),
        ({"due_on": date(2023, 3, 31)}, []),
        ({"due_on": date(2024, 1, 1)}, ["due_on"]),
        ({"done_on": date(2022, 6, 1)}, ["evidence"]),
        ({"evidence": "报告"}, ["done_on"]),
        ({"done_on": date(2022, 6, 1), "evidence": "报告"}, []),
        ({"done_on": date(2021, 6, 1), "evidence": "报告"}, ["done_on"]),
        ({"item": 0}, ["item"]),
    ],
)
def test_a_task_by_its_words(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_task(TASK | changes)) == wrong


@given(st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.sets(st.sampled_from(rules.QUARTERS)))
def test_a_word_is_owed_for_every_quarter_that_is_over(on: date, told: set[str]) -> None:
    values = TASK | {name: "推进" if name in told else "" for name in rules.QUARTERS}
    ends = (date(2022, 3, 31), date(2022, 6, 30), date(2022, 9, 30), date(2022, 12, 31))
    owed = {name for name, end in zip(rules.QUARTERS, ends, strict=True) if end < on}
    assert set(rules.silent_quarters(values, on)) == owed - told
    assert rules.silent_quarters(values | {"done_on": on}, on) == ()


# --- rows --------------------------------------------------------------------------------------------------------------
def typed(values: dict[str, Any], **changes: str) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()} | changes


@pytest.mark.django_db
def test_a_task_hangs_on_its_units_plan_of_that_year(city: City) -> None:
    ledger, writing = registry.get("unit_tasks"), city.writing("liaison")
    alone = draft_of_new(ledger, typed(TASK), writing)
    assert columns(alone.problems) == ["year"] and "先登记计划" in alone.problems[0].message
    [plan] = city.enter("unit_plans", "liaison", PLAN)
    [task] = city.enter("unit_tasks", "liaison", TASK)
    assert (task.plan_id, task.unit_id) == (plan.pk, plan.unit_id)
    assert current("unit_tasks") == [{"due_on": "2022-06-30", "done_on": None}]
    done = draft_of_change(ledger, task, typed(TASK, done_on="2022-06-20", evidence="云教禁〔2022〕9号"), writing)
    assert done.problems == [] and change(ledger, task, done, writing)
    assert current("unit_tasks") == [{"due_on": "2022-06-30", "done_on": "2022-06-20"}]
    with pytest.raises(CannotVoid, match="先作废任务"):
        registry.get("unit_plans").void(rows=[plan], writing=city.writing("liaison", "重新制定"))
    ledger.void(rows=[task], writing=city.writing("liaison", "重新制定"))
    registry.get("unit_plans").void(rows=[plan], writing=city.writing("liaison", "重新制定"))
    assert not UnitPlan.objects.exists() and not UnitTask.objects.exists()
    assert current("unit_plans") == current("unit_tasks") == []


@pytest.mark.django_db
def test_units_keep_their_own_and_the_office_reads_all(city: City) -> None:
    for who in ("liaison", "prosecutor", "officer"):
        city.enter("unit_plans", who, PLAN)
    ledger = registry.get("unit_plans")
    seen = {who: queries.rows(ledger, city.actor(who), TODAY).count() for who in city.accounts}
    assert {who: count for who, count in seen.items() if count} == {
        "liaison": 1, "prosecutor": 1, "officer": 1, "clerk": 3, "leader": 3, "auditor": 3,
    }  # fmt: skip
    assert not queries.rows(ledger, city.actor("clerk"), TODAY, action=Action.CHANGE).exists()


# --- letters and targets as facts --------------------------------------------------------------------------------------
def share(code: str) -> tuple[Decimal | None, Decimal | None]:
    refresh()
    city = FactRow.objects.filter(fact__in=("letters", "targets")).values_list("division_id", flat=True)
    query = IndicatorQuery(code, periods.year(2022), division_ids=tuple(sorted(set(city))), as_of=TODAY)
    matrix = evaluate(query)
    terms = [matrix.terms(place) for place in matrix.query.division_ids]
    numbers = [(one["numerator"], one["denominator"]) for one in terms]
    return sum((n for n, _d in numbers if n), Decimal(0)), sum((d for _n, d in numbers if d), Decimal(0))


@pytest.mark.django_db
def test_a_letter_is_to_be_signed_from_issue_until_void_or_replaced(desk: Desk, settings: Any, tmp_path: Path) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    first = desk.letter("longdong")
    assert current("letters") == [
        {"unit_kind": "town", "issued_on": "2022-02-24", "signed_on": None, "addendum": False}
    ]
    assert share("G02") == (0, 1)
    clerk = desk.actor("clerk")
    signing.file_signed_page(
        letter=first, data=pdf_of(first), file_name="签字页.pdf", signed_on=date(2022, 2, 25), by=clerk, typed_code=code_of(first)
    )
    assert share("G02") == (1, 1)
    second = letters.amend(letter=first, terms=desk.terms(first.scheme), reason="目标调整", by=clerk)
    assert current("letters") == [{"unit_kind": "town", "issued_on": "2022-02-24", "signed_on": None, "addendum": True}]
    assert share("G02") == (0, 1)
    letters.void(letter=second, reason="误发", by=clerk)
    assert current("letters") == []


@pytest.mark.django_db
def test_a_target_is_decomposed_when_it_is_published(desk: Desk) -> None:
    clerk, city = desk.actor("clerk"), desk.city.divisions["云岭市"]
    proposal = targets.Proposal(indicator="G01", total=Decimal(4), method=Method.EQUAL, measure=Measure.VALUE)
    plan = targets.propose(city=city, year=2022, proposal=proposal, by=clerk)
    assert share("G03") == (0, 1)
    plan = targets.propose(city=city, year=2022, proposal=proposal, by=clerk)  # the draft gives way: still one indicator
    assert share("G03") == (0, 1)
    targets.publish(plan=plan, by=clerk)
    assert share("G03") == (1, 1)
    [fact] = current("targets")
    assert fact["complete"] is True and fact["shares"] == 2 and fact["published_on"] == clock.today().isoformat()
