"""A sealed ledger by every way there is: no list, no search, no export, no row that was not asked for with its reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from qingyuan.enforcement.models import Penalty
from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import ReadEntry, RowChange
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.importing import landing
from qingyuan.ledgers.importing import promote as promoting
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.queries import RowFilter
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.policy import POLICY
from tests.cast import TODAY, City, id_number
from tests.enforcement.rows import MINORS_NUMBER, PENALTY, penalty
from tests.security.planted import workbook
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
HERE = "/ledgers/penalties/"
STATED = {"purpose": "case", "basis": "治安管理处罚法第一百三十六条", "which": PENALTY["document_number"]}
SECRETS = ("测试乙", "测**", PENALTY["id_number"], PENALTY["id_number"][-4:], PENALTY["document_number"])
SEALED = [ledger for ledger in registry.all_ledgers() if ledger.sealed]


def tells(response: Any) -> list[str]:
    body = response.content.decode(errors="ignore")
    return [secret for secret in SECRETS if secret in body]


# --- declaration -------------------------------------------------------------------------------------------------------
def test_penalties_are_sealed_and_nobody_may_export_a_sealed_ledger() -> None:
    assert [ledger.code for ledger in SEALED] == ["penalties"]
    for ledger in SEALED:
        exporting = [
            rule.role
            for rule in POLICY
            if rule.compartment == ledger.compartment
            and Action.EXPORT in rule.actions
            and (not rule.ledgers or ledger.code in rule.ledgers)
            and ledger.code not in rule.but
        ]
        assert exporting == []
        assert not any(column.searchable or column.filterable for column in ledger.columns)
        assert ledger.opened_by and all(
            ledger.column(name).index or not ledger.column(name).personal for name in ledger.opened_by
        )


# --- below the pages ---------------------------------------------------------------------------------------------------
def test_no_read_finds_a_row_that_was_not_opened(city: City) -> None:
    row = penalty(city)
    ledger, officer = registry.get("penalties"), city.actor("officer")
    assert not queries.rows(ledger, officer, TODAY).exists()
    assert not queries.filtered(ledger, queries.rows(ledger, officer, TODAY), RowFilter(search="测试乙"), TODAY).exists()
    assert list(queries.rows(ledger, officer, TODAY, opened=frozenset({row.pk}))) == [row]
    assert not queries.rows(ledger, city.actor("clerk"), TODAY, opened=frozenset({row.pk})).exists()
    assert not queries.held(ledger, officer, TODAY, action=Action.EXPORT).exists()
    mine, others = queries.behind(ledger, officer, TODAY, [row.pk])
    assert not mine.exists() and [other["count"] for other in others] == [1]


@pytest.mark.parametrize("text", ["测试乙", "云公(禁)", "行罚决字〔2022〕7号", PENALTY["id_number"][:17], "", " ", "%"])
def test_a_part_of_a_number_or_a_name_opens_nothing(city: City, text: str) -> None:
    penalty(city)
    assert queries.sealed_row(registry.get("penalties"), city.actor("officer"), TODAY, text) == []


def test_the_log_keeps_sealed_values_sealed_from_entry_through_change_and_void(city: City) -> None:
    row = penalty(city)
    for _kind in ("create", "void"):
        history = audit.history(row.pk, True)
        values = {str(one.after) for item in history for one in item.changes if one.after is not None}
        assert values <= {"已封存"}
        registry.get("penalties").void(rows=[Penalty.everything.get()], writing=city.writing("officer", "重复登记"))
    stored = " ".join(change.after + change.before for change in RowChange.objects.filter(row_id=row.pk))
    assert not [secret for secret in (*SECRETS, "detention", "2022-06-03") if secret in stored]


# --- pages -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        f"{HERE}?when=all&period=2022", f"{HERE}?q=测试乙&when=all", f"{HERE}?sort=name&when=all", f"{HERE}export/?when=all",
        f"/search/?q={PENALTY['document_number'][-3:]}", f"/search/?q={PENALTY['id_number']}", "/search/?q=测试乙", "/ledgers/",
    ],
)  # fmt: skip
def test_no_list_search_or_export_shows_a_word_of_it(city: City, address: str) -> None:
    penalty(city)
    response = browser_of(city, "officer").get(address)
    body = response.content.decode(errors="ignore")
    asked = address.partition("q=")[2]
    assert [secret for secret in tells(response) if secret not in asked] == []
    assert "拘留" not in text_of(response) or "export" not in address
    assert str(Penalty.objects.get().pk) not in body
    assert response.status_code == (403 if "export" in address else 200)


def test_the_page_says_how_many_and_asks_for_purpose_article_and_number(city: City) -> None:
    penalty(city)
    page = browser_of(city, "officer").get(f"{HERE}?period=2022-06")
    assert "1 人次" in text_of(page) and "目的" in text_of(page) and "决定书文号或身份证号(写全)" in text_of(page)
    assert "0 人次" in text_of(browser_of(city, "officer").get(f"{HERE}?period=2022-05"))


def test_a_count_cannot_be_narrowed_to_a_person(city: City) -> None:
    """Filters that a list would take change nothing: otherwise the number would answer whether somebody is in it."""
    penalty(city)
    browser = browser_of(city, "officer")
    for asked in ("q=没有的人", "kind=warning", "act=AD-PS83", "minor=是", "name=x"):
        assert "1 人次" in text_of(browser.get(f"{HERE}?period=2022-06&{asked}")), asked


@pytest.mark.parametrize("which", [PENALTY["document_number"], PENALTY["id_number"], PENALTY["id_number"].lower()])
def test_a_row_opens_after_the_statement_is_in_the_log(city: City, which: str) -> None:
    row = penalty(city)
    browser = browser_of(city, "officer")
    address = f"{HERE}{row.pk}/"
    assert browser.get(address).status_code == 403
    answer = browser.post(f"{HERE}open/", STATED | {"which": which})
    assert answer.status_code == 302 and answer.url == address
    entry = ReadEntry.objects.get(act="unseal", ledger="penalties")
    assert "办理案件需要" in entry.reason and STATED["basis"] in entry.reason and str(row.pk) in entry.row_ids
    page = browser.get(address)
    assert page.status_code == 200 and "测试乙" in text_of(page) and PENALTY["id_number"] not in page.content.decode()
    assert ReadEntry.objects.filter(act="detail", ledger="penalties").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"purpose": ""}, "purpose", "请选择目的"),
        ({"purpose": "curious"}, "purpose", "curious"),
        ({"basis": ""}, "basis", "请写明条款"),
        ({"basis": "法"}, "basis", "条号"),
        ({"which": ""}, "which", "写全号码"),
    ],
)
def test_without_purpose_article_or_number_nothing_is_looked_for(
    city: City, changes: dict[str, str], field: str, said: str
) -> None:
    penalty(city)
    browser = browser_of(city, "officer")
    answer = browser.post(f"{HERE}open/", STATED | changes)
    assert answer.status_code == 422 and said in field_error(answer, field)
    assert browser.get(f"{HERE}{Penalty.objects.get().pk}/").status_code == 403
    assert not ReadEntry.objects.filter(act="unseal").exists()


def test_a_search_that_finds_nothing_is_on_record_as_well(city: City) -> None:
    penalty(city)
    answer = browser_of(city, "officer").post(f"{HERE}open/", STATED | {"which": "没有这个号"})
    assert answer.status_code == 422 and "没有这个号码的记录" in field_error(answer, "which")
    assert ReadEntry.objects.get(act="unseal").row_count == 0


def test_a_number_of_several_rows_opens_none_of_them(city: City) -> None:
    one, two = penalty(city), penalty(city, document_number="云公(禁)行罚决字〔2022〕8号")
    browser = browser_of(city, "officer")
    answer = browser.post(f"{HERE}open/", STATED | {"which": PENALTY["id_number"]})
    assert answer.status_code == 422 and "请改用决定书文号" in field_error(answer, "which")
    assert [browser.get(f"{HERE}{row.pk}/").status_code for row in (one, two)] == [403, 403]


def test_an_opened_row_is_open_alone_to_one_session_and_not_for_long(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    row, other = penalty(city), penalty(city, document_number="云公(禁)行罚决字〔2022〕9号")
    browser = browser_of(city, "officer")
    browser.post(f"{HERE}open/", STATED)
    assert [browser.get(f"{HERE}{one.pk}/").status_code for one in (row, other)] == [200, 403]
    assert browser_of(city, "officer").get(f"{HERE}{row.pk}/").status_code == 403
    later = clock.now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get(f"{HERE}{row.pk}/").status_code == 403


def test_a_row_that_is_not_there_answers_as_one_that_is_sealed(city: City) -> None:
    row = penalty(city)
    browser = browser_of(city, "officer")
    here, nowhere = (browser.get(f"{HERE}{pk}/") for pk in (row.pk, uuid4()))
    assert here.status_code == nowhere.status_code == 403 and text_of(here) == text_of(nowhere)


@pytest.mark.parametrize("address", ["", "change/", "void/", "reveal/id_number/"])
def test_an_unopened_row_is_not_read_changed_voided_or_revealed(city: City, address: str) -> None:
    row = penalty(city)
    browser = browser_of(city, "officer")
    ask = browser.post if address in {"void/", "reveal/id_number/", "change/"} else browser.get
    response = ask(f"{HERE}{row.pk}/{address}", {"reason": "x", "version": 1})
    assert response.status_code == 403 and tells(response) == []
    assert Penalty.objects.get().version == 1


def test_an_opened_row_may_be_corrected_and_voided(city: City) -> None:
    row = penalty(city)
    browser = browser_of(city, "officer")
    browser.post(f"{HERE}open/", STATED | {"purpose": "correct"})
    typed = {
        "version": "1", "document_number": PENALTY["document_number"], "act": "AD-PS84c", "kind": "fine", "days": "",
        "fine_yuan": "500", "division": city.divisions["石桥镇"].code, "decided_on": "2022-06-03", "minor": "", "reason": "登记错误",
    }  # fmt: skip
    assert browser.get(f"{HERE}{row.pk}/change/").status_code == 200
    answer = browser.post(f"{HERE}{row.pk}/change/", typed)
    assert answer.status_code == 302, text_of(answer)
    assert Penalty.objects.get().kind == "fine"
    page = text_of(browser.get(f"{HERE}{row.pk}/"))
    assert "登记错误" in page and "已封存 → 已封存" in page
    assert browser.post(f"{HERE}{row.pk}/void/", {"reason": "撤销"}).status_code == 302
    assert not Penalty.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "leader", "caseworker", "supervisor", "prosecutor", "doctor", "auditor", "security"])
def test_nobody_else_opens_one_whatever_they_state(city: City, who: str) -> None:
    row = penalty(city)
    browser = browser_of(city, who)
    for response in (
        browser.get(HERE),
        browser.post(f"{HERE}open/", STATED),
        browser.get(f"{HERE}{row.pk}/"),
        browser.get(f"{HERE}export/"),
    ):
        assert response.status_code == 403 and tells(response) == []
    assert not ReadEntry.objects.filter(act="unseal").exists()


def test_the_door_of_a_sealed_ledger_is_no_door_of_another(city: City) -> None:
    answer = browser_of(city, "officer").post("/ledgers/cases/open/", STATED)
    assert answer.status_code == 302 and answer.url == "/ledgers/cases/"


def test_a_minor_is_masked_in_an_opened_row_and_shown_by_a_logged_act(city: City) -> None:
    row = penalty(city, id_number=MINORS_NUMBER, kind="warning", days=None)
    browser = browser_of(city, "officer")
    browser.post(f"{HERE}open/", STATED)
    page = browser.get(f"{HERE}{row.pk}/")
    assert "测**" in text_of(page) and "测试乙" not in page.content.decode()
    assert "测试乙" in text_of(browser.post(f"{HERE}{row.pk}/reveal/name/"))
    assert ReadEntry.objects.get(act="reveal").reason == "姓名"


# --- entering ----------------------------------------------------------------------------------------------------------
def test_a_form_enters_a_row_and_closes_behind_it(city: City) -> None:
    typed = {key: str(value) for key, value in PENALTY.items()} | {"division": city.divisions["石桥镇"].code}
    browser = browser_of(city, "officer")
    answer = browser.post(f"{HERE}new/", typed)
    assert answer.status_code == 302 and answer.url == HERE, text_of(answer)
    assert browser.get(f"{HERE}{Penalty.objects.get().pk}/").status_code == 403


HEADERS = ("文号", "姓名", "身份证号", "案由", "处罚", "查获地", "处罚日期", "拘留天数")


def imported(city: City, *rows: tuple[Any, ...]) -> Any:
    by = city.actor("officer")
    batch = receive(ledger=registry.get("penalties"), filename="处罚.xlsx", content=workbook(HEADERS, *rows), by=by)
    return check(batch_id=batch.id, by=by)


def test_an_import_brings_rows_in_and_neither_shows_nor_overwrites_what_is_sealed(city: City) -> None:
    line = (PENALTY["document_number"], "测试乙", PENALTY["id_number"], "吸毒", "行政拘留", "石桥镇", "2022年6月3日", 10)
    first = imported(city, line)
    assert (first.new_count, first.bad_count) == (1, 0)
    promote(batch_id=first.id, by=city.actor("officer"))
    assert imported(city, line).same_count == 1
    again = imported(city, (*line[:7], 15))
    assert (again.changed_count, again.bad_count) == (0, 1)
    page = browser_of(city, "officer").get(f"/imports/{again.pk}/")
    assert "已登记并封存" in text_of(page)
    assert Penalty.objects.get().days == 10
    history = audit.history(Penalty.objects.get().pk, True)
    assert {str(one.after) for item in history for one in item.changes if one.after is not None} == {"已封存"}


def test_a_large_import_is_sealed_row_by_row_as_it_lands(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promoting, "ONE_TRANSACTION", 2)
    monkeypatch.setattr(landing, "CHUNK", 2)
    rest = ("吸毒", "警告", "石桥镇", "2022年6月3日", "")
    batch = imported(city, *((f"云公(禁)行罚决字〔2022〕{number}号", "测试乙", id_number(740 + number), *rest) for number in range(5)))
    assert batch.new_count == 5, batch.message
    promote(batch_id=batch.id, by=city.actor("officer"))
    assert Penalty.objects.count() == 5 and FactRow.objects.filter(fact="penalties").count() == 5
    for row in Penalty.objects.all():
        values = {str(one.after) for item in audit.history(row.pk, True) for one in item.changes if one.after is not None}
        assert values == {"已封存"}


# --- the machine interface ---------------------------------------------------------------------------------------------
def api(city: City, who: str, method: str, path: str, body: Any = None) -> Any:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(city.accounts[who])
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(client, method)(f"/api/v1/ledgers/penalties{path}", **data)


def test_the_interface_opens_one_row_for_a_stated_purpose_and_lists_none(city: City) -> None:
    row = penalty(city)
    assert api(city, "officer", "get", "").status_code == 405
    for method, path in (("get", f"/{row.pk}"), ("patch", f"/{row.pk}"), ("post", f"/{row.pk}/void")):
        response = api(city, "officer", method, path, None if method == "get" else {"version": 1, "reason": "x", "values": {}})
        assert response.status_code == 404 and tells(response) == []
    answer = api(city, "officer", "post", "/open", STATED)
    assert answer.status_code == 200 and answer.json()["texts"]["name"] == "测试乙"
    assert answer.json()["values"]["id_number"] is None and PENALTY["id_number"] not in answer.content.decode()
    assert STATED["basis"] in ReadEntry.objects.get(act="unseal").reason


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"purpose": "curious"}, 422), ({"basis": "法"}, 422), ({"which": "没有"}, 404), ({"which": "测试乙"}, 404)],
)
def test_the_interface_wants_the_same_statement(city: City, changes: dict[str, str], status: int) -> None:
    penalty(city)
    response = api(city, "officer", "post", "/open", STATED | changes)
    assert response.status_code == status and tells(response) == []


@pytest.mark.parametrize("who", ["clerk", "caseworker", "auditor"])
def test_the_interface_is_closed_to_everyone_else(city: City, who: str) -> None:
    penalty(city)
    response = api(city, who, "post", "/open", STATED)
    assert response.status_code == 403 and tells(response) == []


def test_the_interface_enters_a_row(city: City) -> None:
    body = {key: value if isinstance(value, int) else str(value) for key, value in PENALTY.items()}
    answer = api(city, "officer", "post", "", body | {"division": "石桥镇"})
    assert answer.status_code == 201, answer.json()
    assert Penalty.objects.count() == 1 and answer.json()["values"]["id_number"] is None


# --- figures -----------------------------------------------------------------------------------------------------------
def test_facts_count_decisions_and_hold_nothing_else(city: City) -> None:
    penalty(city)
    [fact] = FactRow.objects.filter(fact="penalties")
    assert fact.data == {"act": "AD-PS84c", "kind": "detention", "decisions": 1}


def test_a_drill_down_counts_and_shows_no_row(city: City) -> None:
    row = penalty(city)
    refresh()
    for who in ("officer", "clerk"):
        response = browser_of(city, who).get(f"{HERE}?ids={row.pk}")
        assert tells(response) == [] and "&lt;5" in response.content.decode()


def test_the_audit_pages_name_columns_and_show_no_value(city: City) -> None:
    penalty(city)
    entry = RowChange.objects.get(row_id=Penalty.objects.get().pk).entry_id
    for who in ("auditor", "security"):
        response = browser_of(city, who).get(f"/audit/writes/{entry}/")
        assert response.status_code == 200 and tells(response) == []


def test_the_roles_that_may_read_are_the_handling_unit_alone() -> None:
    ledger = registry.get("penalties")
    roles = {
        rule.role
        for rule in POLICY
        if rule.compartment == ledger.compartment and ledger.code not in rule.but and (not rule.ledgers or ledger.code in rule.ledgers)
    }
    assert roles == {Role.POLICE_OFFICER}
