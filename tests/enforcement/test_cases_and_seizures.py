"""Cases and seizures of the handling unit, and the facts that follow them version by version."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.enforcement import rules
from qingyuan.enforcement.actions.cases import CaseHasSeizures
from qingyuan.enforcement.models import Case, Seizure
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.ledgers.writing import CannotVoid
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant, Unit
from tests.cast import BEGAN, TODAY, City

CASE = {
    "number": "云公刑〔2022〕1号",
    "title": "一号案",
    "case_kind": "criminal",
    "offence": "CL347",
    "drug_main": "OP01",
    "tier": "major",
    "filed_on": date(2022, 5, 1),
    "cracked_on": date(2022, 5, 20),
}
SEIZED = {"case_number": CASE["number"], "drug": "OP01", "net_g": Decimal("1200.5"), "seized_on": date(2022, 5, 20)}


@pytest.fixture
def station(city: City) -> City:
    """A second police unit."""
    unit = Unit.objects.create(code="station", name="龙洞派出所", kind="police_station", division=city.divisions["龙洞镇"], zone="police")
    account = Account.objects.create(username="station", name="所丙", unit=unit)
    RoleGrant.objects.create(
        account=account, role=Role.POLICE_OFFICER, division=city.divisions["龙洞镇"], start=BEGAN, granted_by="set-up"
    )
    city.units["station"], city.accounts["station"] = unit, account
    return city


def case(city: City, who: str = "officer", **changes: Any) -> Case:
    values = {"division": city.divisions["石桥镇"].pk} | CASE | changes
    return city.enter("cases", who, values)[0]


def problems(city: City, ledger: str, who: str, values: dict[str, Any]) -> dict[str, str]:
    writing = city.writing(who)
    draft = Draft(number=1, values=dict(values), division_id=writing.by.division_id, unit_id=writing.by.unit_id)
    declared = registry.get(ledger)
    if declared.prepare:
        declared.prepare([draft], writing)
    found = draft.problems + (declared.check(draft.values) if declared.check else [])
    return {problem.column: str(problem.message) for problem in found}


def facts(name: str, **wanted: Any) -> list[FactRow]:
    return list(FactRow.objects.filter(fact=name, **wanted).order_by("pk"))


# --- rules: no database ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"filed_on": date(2022, 5, 2), "cracked_on": date(2022, 5, 1)}, ["cracked_on"]),
        ({"filed_on": date(2022, 5, 1), "cracked_on": date(2022, 5, 1)}, []),
        ({"filed_on": date(2022, 5, 1), "cracked_on": None}, []),
        ({}, []),
    ],
)
def test_a_case_is_not_cracked_before_it_is_filed(values: dict[str, Any], columns: list[str]) -> None:
    assert [problem.column for problem in rules.check_case(values)] == columns


@pytest.mark.parametrize(
    ("grams", "words"), [("0", "大于 0"), ("-1", "大于 0"), ("10000000.1", "单位"), ("10000000", ""), ("0.0001", "")]
)
def test_a_weight_nobody_seizes_is_a_unit_mistaken(grams: str, words: str) -> None:
    found = rules.check_seizure({"net_g": Decimal(grams)})
    assert [words in problem.message for problem in found] == ([True] if words else [])


# --- rows --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_seizure_finds_the_case_of_its_own_unit_and_stands_where_the_case_does(station: City) -> None:
    mine = case(station)
    [seizure] = station.enter("seizures", "officer", SEIZED)
    assert (seizure.case_id, seizure.division_id, seizure.unit_id) == (mine.pk, mine.division_id, mine.unit_id)
    assert seizure.item == 1


@pytest.mark.django_db
def test_the_case_of_another_unit_is_as_unknown_as_none(station: City) -> None:
    case(station)
    foreign = problems(station, "seizures", "station", SEIZED)
    nothing = problems(station, "seizures", "station", SEIZED | {"case_number": "没有这个号"})
    assert foreign == nothing and "先登记案件" in foreign["case_number"]


@pytest.mark.django_db
def test_a_case_number_is_given_once_in_the_city(station: City) -> None:
    """The second unit is told that it is there, and learns nothing else."""
    case(station)
    with pytest.raises(ValueError, match="已有相同"):
        case(station, "station", division=station.divisions["龙洞镇"].pk)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_dates_that_have_not_come_are_refused(city: City) -> None:
    tomorrow = date(2022, 11, 24)
    assert set(problems(city, "cases", "officer", CASE | {"filed_on": tomorrow, "cracked_on": tomorrow})) == {"filed_on", "cracked_on"}
    case(city)
    assert set(problems(city, "seizures", "officer", SEIZED | {"seized_on": tomorrow})) == {"seized_on"}


@pytest.mark.django_db
def test_a_case_with_live_seizures_is_not_voided(city: City) -> None:
    mine = case(city)
    seizures = city.enter("seizures", "officer", SEIZED, SEIZED | {"item": 2})
    cases, seized = registry.get("cases"), registry.get("seizures")
    with pytest.raises(CaseHasSeizures, match="缴获") as refusal:
        cases.void(rows=[mine], writing=city.writing("officer", "重复登记"))
    assert isinstance(refusal.value, CannotVoid), "pages and the machine interface catch the one kind"
    assert Case.objects.get().voided_at is None
    seized.void(rows=seizures, writing=city.writing("officer", "重复登记"))
    cases.void(rows=[Case.objects.get()], writing=city.writing("officer", "重复登记"))
    assert not Case.objects.exists() and not Seizure.objects.exists()
    assert (Case.everything.count(), Seizure.everything.count()) == (1, 2)
    assert not FactRow.objects.filter(fact__in=("cases", "seizures"), superseded_at=None).exists()


@pytest.mark.django_db
def test_facts_follow_a_case_that_is_filed_cracked_corrected_and_voided(city: City) -> None:
    mine = case(city, cracked_on=None)
    assert facts("cases") == [], "a case that is not solved publishes nothing"
    ledger = registry.get("cases")

    def correct(**changes: str) -> None:
        row = Case.objects.get(pk=mine.pk)
        typed = {
            "number": row.number, "title": row.title, "case_kind": "刑事案件", "offence": row.offence, "drug_main": "海洛因",
            "tier": "", "division": "石桥镇", "filed_on": "2022-05-01", "cracked_on": "", "note": "",
        }  # fmt: skip
        offence = {"offence": "走私、贩卖、运输、制造毒品罪"}
        draft = draft_of_change(ledger, row, typed | offence | changes, city.writing("officer", "更正"))
        assert draft.problems == []
        change(ledger, row, draft, city.writing("officer", "更正"))

    correct(cracked_on="2022-05-20")
    [first] = facts("cases")
    assert first.data == {"case_kind": "criminal", "offence": "CL347", "drug_main": "OP01", "major": None, "solved": 1}
    correct(cracked_on="2022-06-02")
    old, new = facts("cases")
    assert old.superseded_at == new.recorded_at and new.superseded_at is None
    assert (old.partition, new.partition) == ("2022-05", "2022-06")
    assert set(OutboxEntry.objects.filter(fact="cases").values_list("partition", flat=True)) == {"2022-05", "2022-06"}
    correct(cracked_on="2022-06-02", title="改了名字")
    assert len(facts("cases")) == 2, "what the facts do not hold makes no new version"
    ledger.void(rows=[Case.objects.get()], writing=city.writing("officer", "并案"))
    assert facts("cases", superseded_at=None) == [] and len(facts("cases")) == 2


@pytest.mark.django_db
def test_the_fact_of_a_seizure_holds_grams_and_a_group_and_no_case(city: City) -> None:
    case(city)
    city.enter("seizures", "officer", SEIZED)
    [fact] = facts("seizures")
    assert fact.data == {"drug": "OP01", "drug_group": "traditional", "net_g": "1200.5", "origin": "", "place_kind": ""}
    assert CASE["number"] not in repr(fact.data) and fact.happened_on == date(2022, 5, 20) <= TODAY
