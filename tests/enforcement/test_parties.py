"""The people in a case: found by whole number, masked when minors, and in the facts only as «one person caught»."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.enforcement import rules
from qingyuan.enforcement.actions.cases import CaseHasRows
from qingyuan.enforcement.models import Case, Party
from qingyuan.foundation.crypto import blind_index
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.models.imports import RowState
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.queries import RowFilter, filtered, rows
from tests.cast import TODAY, City, id_number
from tests.enforcement.rows import CASE, MINORS_NUMBER, PARTY, filed
from tests.security.planted import workbook

ON = date(2022, 5, 20)


# --- rules: no database ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"caught_on": ON}, []),
        ({"caught_on": ON, "outcome": "detained", "outcome_on": ON}, []),
        ({"outcome": "at_large"}, []),
        ({}, ["caught_on"]),
        ({"outcome": "bail", "outcome_on": ON}, ["caught_on"]),
        ({"caught_on": ON, "outcome": "at_large"}, ["outcome"]),
        ({"caught_on": ON, "outcome": "sent"}, ["outcome_on"]),
        ({"caught_on": ON, "outcome_on": ON}, ["outcome"]),
        ({"caught_on": ON, "outcome": "sent", "outcome_on": date(2022, 5, 19)}, ["outcome_on"]),
    ],
)
def test_capture_and_outcome_have_their_days(values: dict[str, Any], columns: list[str]) -> None:
    assert [problem.column for problem in rules.check_party(values)] == columns


@settings(deadline=None)
@given(age=st.one_of(st.none(), st.integers(0, 110)), said=st.sampled_from([True, False, None]))
def test_whether_a_person_was_a_minor_is_said_or_follows_from_the_age(age: int | None, said: bool | None) -> None:
    answer = rules.is_minor(said, age)
    assert answer is (said if said is not None else None if age is None else age < 18)
    contradicts = age is not None and age < 18 and said is False
    assert bool(rules.check_identity({"minor": said}, sex="", age=age)) == contradicts


@pytest.mark.parametrize(("typed", "number", "wrong"), [("1", "1", False), ("2", "1", True), ("", "1", False), ("0", "2", False)])
def test_a_sex_that_contradicts_the_number_is_refused(typed: str, number: str, wrong: bool) -> None:
    found = rules.check_identity({"sex": typed}, sex=number, age=30)
    assert [problem.column for problem in found] == (["sex"] if wrong else [])


# --- rows --------------------------------------------------------------------------------------------------------------
def facts(**wanted: Any) -> list[FactRow]:
    return list(FactRow.objects.filter(fact="parties", **wanted).order_by("pk"))


@pytest.mark.django_db
def test_a_party_stands_in_its_case_and_is_found_by_whole_name_or_number_only(city: City) -> None:
    mine = filed(city)
    [party] = city.enter("parties", "officer", PARTY)
    assert (party.case_id, party.division_id, party.unit_id) == (mine.pk, mine.division_id, mine.unit_id)
    assert (party.sex, party.minor) == ("1", False)
    ledger, officer = registry.get("parties"), city.actor("officer")

    def found(text: str) -> int:
        return filtered(ledger, rows(ledger, officer, TODAY), RowFilter(search=text), TODAY).count()

    assert [found(text) for text in ("测试甲", PARTY["id_number"], CASE["number"])] == [1, 1, 1]
    assert [found(text) for text in ("测试", PARTY["id_number"][:17])] == [0, 0]


@pytest.mark.django_db
def test_the_same_person_is_another_index_in_another_compartment(city: City) -> None:
    filed(city)
    [party] = city.enter("parties", "officer", PARTY)
    assert party.who_index == blind_index(Compartment.ENFORCEMENT, "id_number", PARTY["id_number"])
    assert party.who_index != blind_index(Compartment.COMMUNITY, "id_number", PARTY["id_number"])


@pytest.mark.django_db
def test_a_person_without_a_number_is_kept_by_name_once_a_case(city: City) -> None:
    filed(city)
    unknown = {key: value for key, value in PARTY.items() if key != "id_number"}
    [party] = city.enter("parties", "officer", unknown)
    assert party.minor is None and party.id_index == ""
    with pytest.raises(ValueError, match="案件、姓名、身份证号 相同"):
        city.enter("parties", "officer", unknown)


@pytest.mark.django_db
def test_nobody_but_the_handling_unit_has_a_party(city: City) -> None:
    filed(city)
    city.enter("parties", "officer", PARTY)
    ledger = registry.get("parties")
    seen = {who: rows(ledger, city.actor(who), TODAY).count() for who in city.accounts}
    assert {who for who, count in seen.items() if count} == {"officer"}


@pytest.mark.django_db
def test_a_minor_is_masked_even_for_the_handling_unit(city: City) -> None:
    filed(city)
    [grown, minor] = city.enter(
        "parties", "officer", PARTY, PARTY | {"name": "测试丙", "id_number": MINORS_NUMBER, "note": "与测试甲同住"}
    )
    assert minor.minor is True
    ledger, officer = registry.get("parties"), city.actor("officer")
    shown = {one.column.name: one.text for one in cells(ledger, minor, officer, listed_only=False)}
    assert (shown["name"], shown["note"]) == ("测**", "***") and "测试" not in "".join(shown.values())
    assert next(one.text for one in cells(ledger, grown, officer) if one.column.name == "name") == "测试甲"


@pytest.mark.django_db
def test_an_import_that_would_change_a_minors_note_shows_neither_the_old_nor_the_new(city: City) -> None:
    filed(city)
    minor = {"name": "测试丙", "id_number": MINORS_NUMBER, "note": "旧的情况"}
    city.enter("parties", "officer", PARTY | minor)
    content = workbook(
        ("案号", "姓名", "身份证号", "身份", "抓获日期", "备注"),
        (CASE["number"], "测试丙", MINORS_NUMBER, "嫌疑人", "2022-05-20", "新的情况"),
    )
    by = city.actor("officer")
    batch = check(batch_id=receive(ledger=registry.get("parties"), filename="人员.xlsx", content=content, by=by).id, by=by)
    [staged] = staging.stream(registry.get("parties"), batch, RowState.CHANGED)
    assert [(one.column, one.now, one.file) for one in staged.differences] == [("note", "***", "***")]


@pytest.mark.django_db
def test_the_fact_counts_a_person_caught_and_could_not_find_them_again(city: City) -> None:
    filed(city)
    gone = {"name": "测试丁", "id_number": id_number(714), "caught_on": None, "outcome": "at_large", "outcome_on": None}
    city.enter("parties", "officer", PARTY, PARTY | gone)
    [fact] = facts()
    assert fact.data == {"role": "suspect", "gang_role": "core", "offence": "CL347", "caught": 1}
    assert fact.happened_on == PARTY["caught_on"]


@pytest.mark.django_db
def test_facts_of_parties_follow_the_offence_of_their_case(city: City) -> None:
    mine = filed(city)
    city.enter("parties", "officer", PARTY)
    ledger = registry.get("cases")
    typed = {
        "number": CASE["number"], "title": "一号案", "case_kind": "刑事案件", "offence": "非法持有毒品罪", "drug_main": "海洛因",
        "division": "石桥镇", "filed_on": "2022-05-01", "cracked_on": "2022-05-20",
    }  # fmt: skip
    draft = draft_of_change(ledger, mine, typed, city.writing("officer", "改变定性"))
    assert draft.problems == [] and change(ledger, mine, draft, city.writing("officer", "改变定性"))
    old, new = facts()
    assert (old.data["offence"], new.data["offence"]) == ("CL347", "CL348") and old.superseded_at is not None


@pytest.mark.django_db
def test_a_case_with_people_in_it_is_not_voided(city: City) -> None:
    mine = filed(city)
    parties = city.enter("parties", "officer", PARTY)
    with pytest.raises(CaseHasRows, match="涉案人员"):
        registry.get("cases").void(rows=[mine], writing=city.writing("officer", "重复"))
    registry.get("parties").void(rows=parties, writing=city.writing("officer", "重复"))
    registry.get("cases").void(rows=[Case.objects.get()], writing=city.writing("officer", "重复"))
    assert not Party.objects.exists() and facts(superseded_at=None) == []
