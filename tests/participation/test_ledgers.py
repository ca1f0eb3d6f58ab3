"""Rows of this room: entered, changed, voided, the fact each time, and who may see what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.entering import change, draft_of_change, draft_of_new, enter
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.queries import RowFilter
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may, visible_to
from qingyuan.participation.models import Association, ReportCount, ServiceContract, StaffMember, Volunteer
from qingyuan.participation.rules import credit_check
from tests.cast import TODAY, City

FIRST = "51999981MJ0000001"
CODE = FIRST + credit_check(FIRST)
HELPER = {"name": "何立新", "phone": "0400-2000001", "joined_on": date(2021, 3, 5), "insured": True, "team": "青年队"}
WORKER = {"name": "吴主任", "kind": "officer", "started_on": date(2020, 1, 1)}
BODY = {"title": "云岭市禁毒协会", "registration": CODE, "kind": "association", "registered_on": date(2014, 6, 26)}
CONTRACT = {
    "registration": CODE,
    "document": "云禁购〔2022〕1号",
    "service": "publicity",
    "buyer": "市禁毒办",
    "starts_on": date(2022, 1, 1),
    "ends_on": date(2022, 12, 31),
    "amount_yuan": Decimal("200000"),
    "workers": None,
}
REPORTS = {
    "month": date(2022, 9, 3),
    "channel": "hotline",
    "category": "dealing",
    "received": 3,
    "confirmed": 1,
    "unfounded": None,
    "unclear": None,
    "pending": None,
    "answered": 2,
}


def at(city: City, values: dict[str, Any], place: str = "龙洞镇", **changes: Any) -> dict[str, Any]:
    return {"division": city.divisions[place].pk} | values | changes


def facts(name: str, **wanted: Any) -> list[FactRow]:
    return list(FactRow.objects.filter(fact=name, **wanted).order_by("pk"))


def seen(city: City, who: str, ledger: str, action: Action = Action.READ) -> int:
    return queries.rows(registry.get(ledger), city.actor(who), TODAY, action=action).count()


def typed_again(city: City, who: str, ledger: str, row: Any, **changes: str) -> list[str]:
    """Change a row as a form does; what was refused, in words."""
    declared, writing = registry.get(ledger), city.writing(who)
    now = {c.name: c_text(c.value_of(row)) for c in declared.columns if c.editable}
    draft = draft_of_change(declared, row, now | changes, writing)
    if not draft.problems:
        change(declared, row, draft, writing)
    return [str(problem.message) for problem in draft.problems]


def c_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "code"):
        return str(value.code)
    return "" if value is None else str(value)


# --- volunteers --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_volunteer_counts_from_joining_until_the_day_after_leaving(city: City) -> None:
    [row] = city.enter("volunteers", "liaison", at(city, HELPER))
    [fact] = facts("volunteers")
    assert (fact.happened_on, fact.until, fact.data) == (date(2021, 3, 5), None, {"insured": True})
    assert typed_again(city, "liaison", "volunteers", row, left_on="2022-06-30") == []
    assert [f.until for f in facts("volunteers", superseded_at=None)] == [date(2022, 7, 1)]
    registry.get("volunteers").void(rows=[row], writing=city.writing("liaison", "登记重复"))
    assert facts("volunteers", superseded_at=None) == []


@pytest.mark.django_db
def test_name_and_telephone_stand_encrypted_and_are_found_by_the_whole_name_only(city: City) -> None:
    [row] = city.enter("volunteers", "liaison", at(city, HELPER))
    stored = Volunteer.everything.filter(pk=row.pk).extra(select={"raw": "name || phone"}).values_list("raw", flat=True)[0]
    assert "何立新" not in stored and "2000001" not in stored
    ledger, actor = registry.get("volunteers"), city.actor("liaison")
    for words, found in (("何立新", 1), ("何 立新", 1), ("何立", 0), ("2000001", 0)):
        rows = queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(search=words), TODAY)
        assert rows.count() == found, words
    shown = {cell.column.name: cell.text for cell in cells(ledger, row, actor)}
    assert shown["name"] == "何立新" and shown["phone"] == "040****0001"


@pytest.mark.django_db
def test_the_same_person_is_not_registered_twice_by_two_units(city: City) -> None:
    city.enter("volunteers", "liaison", at(city, HELPER))
    with pytest.raises(DuplicateRow):
        city.enter("volunteers", "supervisor", at(city, HELPER))


@pytest.mark.django_db
def test_names_of_volunteers_are_read_by_who_registered_them(city: City) -> None:
    city.enter("volunteers", "liaison", at(city, HELPER))
    city.enter("volunteers", "supervisor", at(city, HELPER, name="李四"))
    counts = {who: seen(city, who, "volunteers") for who in city.accounts}
    assert counts["liaison"] == counts["supervisor"] == 1, "each its own"
    assert [counts[who] for who in ("caseworker", "town_leader", "stranger", "officer", "doctor", "prosecutor")] == [0] * 6
    ledger, clerk = registry.get("volunteers"), city.actor("clerk")
    assert counts["clerk"] == 2
    names = {cells(ledger, row, clerk)[0].text for row in queries.rows(ledger, clerk, TODAY)}
    assert names == {"何**", "李*"}, "the office counts them and reads no name"
    assert not may(clerk, Action.CREATE, compartment=Compartment.INTERNAL, ledger="volunteers", on=TODAY).allowed


# --- staff -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_worker_stands_on_the_roster_from_the_first_day_to_the_last(city: City) -> None:
    [row] = city.enter("staff", "clerk", at(city, WORKER))
    assert [f.data for f in facts("staff")] == [{"kind": "officer"}]
    assert typed_again(city, "clerk", "staff", row, ended_on="2022-10-31") == []
    [fact] = facts("staff", superseded_at=None)
    assert (fact.happened_on, fact.until, fact.division_id) == (date(2020, 1, 1), date(2022, 11, 1), city.divisions["龙洞镇"].pk)
    again = draft_of_change(registry.get("staff"), row, {"started_on": "2023-01-01"}, city.writing("clerk"))
    assert any("今天之后" in str(problem.message) for problem in again.problems)
    assert StaffMember.objects.get().name_index


@pytest.mark.django_db
def test_the_roster_is_the_offices_and_others_read_no_name(city: City) -> None:
    city.enter("staff", "clerk", at(city, WORKER))
    ledger = registry.get("staff")
    for who, name in (("clerk", "吴主任"), ("supervisor", "吴**"), ("auditor", "吴**")):
        [row] = queries.rows(ledger, city.actor(who), TODAY)
        assert cells(ledger, row, city.actor(who))[0].text == name, who
    assert seen(city, "stranger", "staff") == seen(city, "doctor", "staff") == 0
    assert seen(city, "supervisor", "staff", Action.CHANGE) == 0


# --- associations ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_contract_needs_its_association_and_holds_it(city: City) -> None:
    ledger, writing = registry.get("service_contracts"), city.writing("liaison")
    typed = {name: c_text(value) for name, value in CONTRACT.items()} | {"division": "云岭市"}
    refused = draft_of_new(ledger, typed, writing)
    assert [p.column for p in refused.problems] == ["registration"] and "先登记这个组织" in refused.problems[0].message
    [body] = city.enter("associations", "liaison", at(city, BODY, "云岭市"))
    contract = enter(ledger, draft_of_new(ledger, typed | {"registration": CODE.lower()}, writing), writing)
    assert contract.association_id == body.pk
    [fact] = facts("service_contracts")
    assert (fact.until, Decimal(fact.data["amount_yuan"]), fact.data["service"]) == (date(2023, 1, 1), Decimal(200000), "publicity")
    with pytest.raises(CannotVoid, match="先作废合同"):
        registry.get("associations").void(rows=[body], writing=city.writing("liaison", "撤销"))
    ledger.void(rows=[contract], writing=city.writing("liaison", "未签成"))
    registry.get("associations").void(rows=[body], writing=city.writing("liaison", "撤销"))
    assert not Association.objects.exists() and not ServiceContract.objects.exists()
    assert facts("associations", superseded_at=None) == facts("service_contracts", superseded_at=None) == []


@pytest.mark.django_db
def test_a_closed_association_signs_nothing_more(city: City) -> None:
    city.enter("associations", "liaison", at(city, BODY, "云岭市", closed_on=date(2021, 12, 31)))
    typed = {name: c_text(value) for name, value in CONTRACT.items()} | {"division": "云岭市"}
    draft = draft_of_new(registry.get("service_contracts"), typed, city.writing("liaison"))
    assert ["已经注销" in p.message for p in draft.problems] == [True]


# --- reports -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_left_over_is_still_looked_into_and_the_fact_stands_at_the_desk(city: City) -> None:
    [row] = city.enter("reports_received", "officer", at(city, REPORTS))
    assert (row.month, row.pending, row.unfounded) == (date(2022, 9, 30), 2, 0)
    [fact] = facts("reports_received")
    assert fact.division_id == city.divisions["云岭市"].pk != row.division_id
    assert typed_again(city, "officer", "reports_received", row, confirmed="2", pending="1") == []
    assert [f.data["confirmed"] for f in facts("reports_received", superseded_at=None)] == [2]
    assert any("相加是 5" in words for words in typed_again(city, "officer", "reports_received", row, pending="3"))
    assert ReportCount.objects.get().pending == 1


@pytest.mark.django_db
def test_no_town_learns_how_many_reports_are_about_it(city: City) -> None:
    city.enter("reports_received", "officer", at(city, REPORTS))
    counts = {who: seen(city, who, "reports_received") for who in city.accounts}
    assert {who for who, count in counts.items() if count} == {"officer", "clerk", "leader", "auditor"}
    for who in ("supervisor", "caseworker", "town_leader"):
        rows = visible_to(
            city.actor(who), ReportCount.objects.all(), compartment=Compartment.INTERNAL, ledger="reports_received", on=TODAY
        )
        assert not rows.exists()
        assert not may(city.actor(who), Action.READ, compartment=Compartment.INTERNAL, ledger="reports_received", on=TODAY).allowed
