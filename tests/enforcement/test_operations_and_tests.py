"""Operations count their cases and set no task; linked crimes; tests in the course of enforcement; penalties' rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.enforcement import rules
from qingyuan.enforcement.actions.operations import OperationHasCases
from qingyuan.enforcement.models import Case, EnforcementTest, LinkedCrime, Operation
from qingyuan.enforcement.queries import operation_results, phases
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.models import FactRow
from tests.cast import TODAY, City, id_number
from tests.enforcement.rows import CASE, PARTY, filed
from tests.web.pages import browser_of, text_of

SWORD: dict[str, Any] = {
    "number": "利剑2022",
    "title": "“利剑”专项行动",
    "level": "city",
    "organiser": "市禁毒委员会",
    "document_number": "云禁毒〔2022〕3号",
    "lead_unit": "市公安局禁毒大队",
    "starts_on": date(2022, 3, 1),
    "launch_until": date(2022, 3, 31),
    "strike_until": date(2022, 8, 31),
    "ends_on": date(2022, 10, 31),
}
TEST: dict[str, Any] = {
    "name": "测试戊",
    "id_number": id_number(721),
    "tested_on": date(2022, 5, 20),
    "method": "onsite",
    "sample": "urine",
    "compliance": "willing",
    "result": "positive",
    "testers": ["李秀", "王平"],
}


def told(city: City, ledger: str, **values: Any) -> dict[str, str]:
    writing = city.writing("officer")
    draft = Draft(number=1, values=values, division_id=writing.by.division_id, unit_id=writing.by.unit_id)
    declared = registry.get(ledger)
    if declared.prepare:
        declared.prepare([draft], writing)
    found = draft.problems + (declared.check(draft.values) if declared.check else [])
    return {problem.column: str(problem.message) for problem in found}


# --- rules: no database ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"launch_until": None, "strike_until": None, "ends_on": None}, []),
        ({"launch_until": date(2022, 2, 1)}, ["launch_until"]),
        ({"strike_until": date(2022, 3, 30)}, ["strike_until"]),
        ({"strike_until": None, "ends_on": date(2022, 3, 30)}, ["ends_on"]),
    ],
)
def test_the_phases_of_an_operation_follow_each_other(changes: dict[str, Any], columns: list[str]) -> None:
    assert [problem.column for problem in rules.check_operation(SWORD | changes)] == columns


def test_an_operation_without_phases_is_one_span() -> None:
    bare = Operation(starts_on=date(2022, 3, 1))
    assert [(str(title), start, until) for title, start, until in phases(bare)] == [("全程", date(2022, 3, 1), None)]


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"testers": ["李秀"]}, ["testers"]),
        ({"compliance": "forced"}, ["approval_number"]),
        ({"compliance": "forced", "approval_number": "云公批1号"}, []),
        ({"compliance": "refused"}, ["result"]),
        ({"compliance": "refused", "result": ""}, []),
        ({"result": ""}, ["result"]),
        ({"method": "lab"}, ["institution"]),
    ],
)
def test_a_test_has_two_testers_a_result_and_if_forced_its_approval(changes: dict[str, Any], columns: list[str]) -> None:
    assert [problem.column for problem in rules.check_enforcement_test(TEST | changes)] == columns


@pytest.mark.parametrize(
    ("kind", "days", "fine", "columns"),
    [
        ("warning", None, None, []),
        ("detention", 10, None, []),
        ("detention", None, None, ["days"]),
        ("detention", 21, None, ["days"]),
        ("detention", 20, None, []),
        ("detention_fine", 10, Decimal(500), []),
        ("detention_fine", 10, None, ["fine_yuan"]),
        ("fine", None, Decimal(500), []),
        ("fine", 3, Decimal(500), ["days"]),
        ("fine", None, Decimal(-5), ["fine_yuan"]),
        ("warning", None, Decimal(500), ["fine_yuan"]),
        ("not_executed", 10, None, []),
        ("exempt", 5, None, ["days"]),
    ],
)
def test_days_and_money_fit_the_kind_of_penalty(kind: str, days: int | None, fine: Decimal | None, columns: list[str]) -> None:
    found = rules.check_penalty({"kind": kind, "days": days, "fine_yuan": fine})
    assert [problem.column for problem in found] == columns


# --- operations --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_case_belongs_to_an_operation_of_its_unit_or_to_none(city: City) -> None:
    assert "先登记行动" in told(city, "cases", **CASE, division=1, operation_number="利剑2022")["operation_number"]
    city.enter("operations", "officer", SWORD)
    assert filed(city, operation_number="利剑2022").operation_number == "利剑2022"
    [fact] = FactRow.objects.filter(fact="cases")
    assert "利剑2022" not in str(fact.data), "what somebody typed leaves no row by way of a figure"


@pytest.mark.django_db
def test_an_operation_with_cases_is_not_voided(city: City) -> None:
    city.enter("operations", "officer", SWORD)
    case = filed(city, operation_number="利剑2022")
    ledger = registry.get("operations")
    with pytest.raises(OperationHasCases, match="利剑2022"):
        ledger.void(rows=[Operation.objects.get()], writing=city.writing("officer", "重复"))
    registry.get("cases").void(rows=[case], writing=city.writing("officer", "重复"))
    ledger.void(rows=[Operation.objects.get()], writing=city.writing("officer", "重复"))
    assert not Operation.objects.exists() and not Case.objects.exists()


@pytest.mark.django_db
def test_what_an_operation_came_to_is_counted_by_phase_from_its_cases(city: City) -> None:
    city.enter("operations", "officer", SWORD)
    filed(city, operation_number="利剑2022", tier="major")
    filed(city, number="另案", operation_number="")
    filed(city, number="早", operation_number="利剑2022", filed_on=date(2022, 3, 2), cracked_on=date(2022, 3, 31))
    city.enter("parties", "officer", PARTY, PARTY | {"case_number": "另案"})
    city.enter("seizures", "officer", {"case_number": CASE["number"], "drug": "OP01", "net_g": Decimal("12.50"), "seized_on": date(2022, 5, 20)})
    found = operation_results(city.actor("officer"), Operation.objects.get(), TODAY)
    told = [(str(one.title), one.cracked, one.major, one.caught, one.grams) for one in found]
    assert told == [
        ("动员部署", 1, 0, 0, 0),
        ("集中打击", 1, 1, 1, Decimal("12.50")),
        ("总结验收", 0, 0, 0, 0),
        ("全程", 2, 1, 1, Decimal("12.50")),
    ]
    browser = browser_of(city, "officer")
    page = text_of(browser.get(f"/operations/{Operation.objects.get().pk}/"))
    assert "集中打击" in page and "12.5" in page and "数量不作任务" in page
    assert f"/operations/{Operation.objects.get().pk}/" in browser.get(f"/ledgers/operations/{Operation.objects.get().pk}/").content.decode()
    listed = text_of(browser.get("/ledgers/cases/?q=利剑2022&when=all"))
    assert CASE["number"] in listed and "另案" not in listed


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "leader", "prosecutor", "auditor"])
def test_nobody_else_opens_an_operation(city: City, who: str) -> None:
    city.enter("operations", "officer", SWORD)
    answer = browser_of(city, who).get(f"/operations/{Operation.objects.get().pk}/")
    assert answer.status_code == 403 and "利剑" not in text_of(answer)


# --- linked crimes -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_linked_crime_has_a_basis_and_its_fact_names_nobody(city: City) -> None:
    values = {
        "case_number": "A1", "kind": "theft", "division": city.divisions["龙洞镇"].pk, "happened_on": date(2022, 5, 2),
        "basis": "confession", "note": "测试甲供述",
    }  # fmt: skip
    [row] = city.enter("linked_crimes", "officer", values)
    assert row.division_id == city.divisions["龙洞镇"].pk
    [fact] = FactRow.objects.filter(fact="linked_crimes")
    assert fact.data == {"kind": "theft", "basis": "confession", "crimes": 1}
    assert "solved_on" in told(city, "linked_crimes", **values | {"solved_on": date(2022, 5, 1)})
    assert "happened_on" in told(city, "linked_crimes", **values | {"happened_on": date(2022, 11, 24)})
    assert LinkedCrime.objects.count() == 1


# --- tests -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_laboratory_does_not_check_its_own_finding(city: City) -> None:
    lab = TEST | {"method": "lab", "institution": "州司法鉴定所", "division": city.divisions["龙洞镇"].pk}
    city.enter("enforcement_tests", "officer", lab)
    again = lab | {"method": "lab_retest", "tested_on": date(2022, 5, 28)}
    assert "同一家" in told(city, "enforcement_tests", **again)["institution"]
    assert told(city, "enforcement_tests", **again | {"institution": "省公安厅鉴定中心"}) == {}
    assert told(city, "enforcement_tests", **again | {"id_number": id_number(722)}) == {}
    city.enter("enforcement_tests", "officer", again | {"institution": "省公安厅鉴定中心"})
    assert EnforcementTest.objects.count() == 2


@pytest.mark.django_db
def test_the_fact_of_a_test_holds_its_result_and_no_person(city: City) -> None:
    city.enter("enforcement_tests", "officer", TEST | {"division": city.divisions["龙洞镇"].pk})
    [fact] = FactRow.objects.filter(fact="enforcement_tests")
    assert fact.data == {"method": "onsite", "sample": "urine", "compliance": "willing", "result": "positive"}


# --- from a case to what hangs on it ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_of_a_case_leads_to_its_people_drugs_and_exhibits_and_they_lead_back(city: City) -> None:
    mine = filed(city)
    filed(city, number="另案")
    [party] = city.enter("parties", "officer", PARTY)
    city.enter("parties", "officer", PARTY | {"case_number": "另案"})
    browser = browser_of(city, "officer")
    page = browser.get(f"/ledgers/cases/{mine.pk}/")
    said = text_of(page)
    assert "涉案人员台账 1" in said and "缴获毒品台账 0" in said and "涉案财物流转台账 0" in said
    assert "处罚" not in said, "a sealed ledger is not counted beside a case"
    assert f"/ledgers/cases/{mine.pk}/" in browser.get(f"/ledgers/parties/{party.pk}/").content.decode()
