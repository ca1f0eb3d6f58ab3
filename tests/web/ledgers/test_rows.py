"""One row by form: errors beside the field, nobody's change lost, every look at a number written down."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from qingyuan.enforcement.models import Case, Seizure
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.queries import RowFilter
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import CommunityTest, Measure
from tests.cast import TODAY, City, id_number
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "测试丙",
    "id_number": id_number(102),
    "tested_on": "2022-10-08",
    "sample": "urine",
    "result": "negative",
    "purpose": "scheduled",
    "testers": "李秀、王平",
    "note": "",
}


def test_a_form_enters_a_row_the_way_an_import_does(town: City) -> None:
    answer = browser_of(town, "supervisor").post("/ledgers/tests/new/", GOOD)
    row = CommunityTest.objects.get(tested_on=date(2022, 10, 8))
    assert answer.status_code == 302 and str(row.pk) in answer.url
    assert row.testers == ["李秀", "王平"] and row.measure.client.name == "测试丙"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("tested_on", "2022-09-31", "9 月没有 31 日"),
        ("tested_on", "", "必填"),
        ("tested_on", "2022-12-01", "今天之后"),
        ("testers", "李秀", "两名"),
        ("id_number", "999999199101011031", "校验位不符"),
        ("sample", "尿检板", "尿液"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(town: City, name: str, typed: str, said: str) -> None:
    answer = browser_of(town, "supervisor").post("/ledgers/tests/new/", GOOD | {name: typed})
    assert answer.status_code == 422
    assert said in field_error(answer, name)
    assert CommunityTest.objects.count() == 1


def test_the_same_row_twice_is_refused_with_what_to_do(town: City) -> None:
    browser = browser_of(town, "supervisor")
    browser.post("/ledgers/tests/new/", GOOD)
    answer = browser.post("/ledgers/tests/new/", GOOD)
    assert answer.status_code == 422 and "已有相同的一条" in text_of(answer)


def test_a_mass_may_be_typed_with_its_unit(city: City) -> None:
    browser = browser_of(city, "officer")
    case = {
        "number": "A2022001", "title": "贩卖毒品案", "case_kind": "criminal", "offence": "smuggling_selling",
        "division": city.divisions["龙洞镇"].code, "filed_on": "2022-03-01", "drug_main": "", "tier": "",
        "cracked_on": "", "note": "",
    }  # fmt: skip
    offences = [code.code for code in registry_codes("offences")]
    kinds = [code.code for code in registry_codes("case_kinds")]
    answer = browser.post("/ledgers/cases/new/", case | {"offence": offences[0], "case_kind": kinds[0]})
    assert Case.objects.count() == 1, text_of(answer)
    drug = registry_codes("drugs")[0].code
    seizure = {"case_number": "A2022001", "item": "1", "drug": drug, "net_g": "1.2公斤", "seized_on": "2022-03-01"}
    answer = browser.post("/ledgers/seizures/new/", seizure | {"place_kind": "", "origin": ""})
    assert Seizure.objects.get().net_g == 1200, text_of(answer)


def registry_codes(name: str) -> list[Any]:
    return list(get_list(name).valid_on(date(2022, 3, 1)))


def a_test() -> CommunityTest:
    row: CommunityTest = CommunityTest.objects.get()
    return row


def changed(row: CommunityTest, **values: Any) -> dict[str, Any]:
    typed = {
        "version": row.version, "tested_on": row.tested_on.isoformat(), "sample": row.sample, "result": row.result,
        "purpose": row.purpose, "testers": "、".join(row.testers), "note": "", "reason": "录错了",
    }  # fmt: skip
    return typed | values


def test_a_change_stands_in_the_history_with_before_after_and_why(town: City) -> None:
    browser, row = browser_of(town, "supervisor"), a_test()
    assert browser.post(f"/ledgers/tests/{row.pk}/change/", changed(row, result="positive")).status_code == 302
    page = text_of(browser.get(f"/ledgers/tests/{row.pk}/"))
    assert "结果 阴性 → 阳性" in page and "录错了" in page and "吴主任" in page


def test_a_change_on_a_row_that_moved_on_is_not_saved_over_the_other(town: City) -> None:
    browser, row = browser_of(town, "supervisor"), a_test()
    browser.post(f"/ledgers/tests/{row.pk}/change/", changed(row, result="positive"))
    answer = browser.post(f"/ledgers/tests/{row.pk}/change/", changed(row, testers="张三、李四"))
    assert answer.status_code == 422 and "被别人改过" in text_of(answer)
    assert a_test().testers == ["李秀", "王平"]


def test_the_name_of_a_row_cannot_be_changed_by_a_forged_field(town: City) -> None:
    row = a_test()
    browser_of(town, "supervisor").post(f"/ledgers/tests/{row.pk}/change/", changed(row, name="别人", id_number=id_number(102)))
    assert a_test().client.name == "测试乙"


def test_voiding_needs_a_reason_and_takes_the_row_out(town: City) -> None:
    browser, row = browser_of(town, "supervisor"), a_test()
    browser.post(f"/ledgers/tests/{row.pk}/void/", {"reason": ""})
    assert CommunityTest.objects.count() == 1
    browser.post(f"/ledgers/tests/{row.pk}/void/", {"reason": "重复登记"})
    assert CommunityTest.objects.count() == 0
    assert CommunityTest.everything.get().voided_at is not None
    assert WriteEntry.objects.filter(act="tests.void").get().reason == "重复登记"


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer", "auditor", "town_leader"])
def test_nobody_else_opens_changes_voids_or_reveals_a_row(town: City, who: str) -> None:
    browser, row = browser_of(town, who), a_test()
    for address in ("", "change/", "void/", "reveal/id_number/"):
        ask = browser.post if address in {"void/", "reveal/id_number/"} else browser.get
        answer = ask(f"/ledgers/tests/{row.pk}/{address}", {"reason": "x"})
        assert answer.status_code in {403, 404}, address
        assert id_number(101) not in answer.content.decode() and "测试乙" not in answer.content.decode()
    assert CommunityTest.objects.count() == 1


def test_showing_a_full_number_is_logged_before_it_is_sent(town: City) -> None:
    browser, row = browser_of(town, "supervisor"), a_test()
    answer = browser.post(f"/ledgers/tests/{row.pk}/reveal/id_number/", headers={"HX-Request": "true"})
    assert id_number(101) in answer.content.decode() and "<html" not in answer.content.decode()
    entry = ReadEntry.objects.using("audit").get(act="reveal")
    assert str(row.pk) in entry.row_ids


def test_a_number_is_not_shown_by_following_a_link(town: City) -> None:
    answer = browser_of(town, "supervisor").get(f"/ledgers/tests/{a_test().pk}/reveal/id_number/")
    assert answer.status_code == 405
    assert not ReadEntry.objects.using("audit").filter(act="reveal").exists()


def test_only_numbers_are_revealed_never_other_columns(town: City) -> None:
    browser, row = browser_of(town, "supervisor"), a_test()
    assert browser.post(f"/ledgers/tests/{row.pk}/reveal/note/").status_code == 404
    assert browser.post(f"/ledgers/tests/{uuid4()}/reveal/id_number/").status_code == 404


def test_opening_pages_changes_nothing_in_the_main_database(town: City) -> None:
    """A GET that wrote would raise WriteOnRead (web.middleware)."""
    browser, row = browser_of(town, "supervisor"), a_test()
    measure = Measure.objects.first()
    for address in (
        "/ledgers/", "/ledgers/tests/", "/ledgers/tests/new/", "/ledgers/tests/import/", "/ledgers/import/",
        "/ledgers/tests/export/", "/ledgers/tests/template/", f"/ledgers/tests/{row.pk}/",
        f"/ledgers/tests/{row.pk}/change/", f"/ledgers/measures/{measure.pk}/change/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address


def test_the_caseworker_sees_only_her_own_people(town: City) -> None:
    ledger = registry.get("tests")
    assert not queries.filtered(ledger, queries.rows(ledger, town.actor("caseworker"), TODAY), RowFilter(), TODAY).exists()
    assert browser_of(town, "caseworker").get(f"/ledgers/tests/{a_test().pk}/").status_code == 404
