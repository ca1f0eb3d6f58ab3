"""The caseworker's clients: by name for the two who work with them, for nobody else by any route."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.casework.models import Due
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.models import Client, CommunityTest
from tests.cast import City, id_number
from tests.web.pages import browser_of, field_error, text_of
from tests.web.swap import same_after_swap

pytestmark = pytest.mark.django_db


def someone(name: str = "测试丙") -> Client:
    return next(client for client in Client.objects.all() if client.name == name)


def test_the_supervisor_reads_names_and_the_caseworker_her_own(town: City) -> None:
    assert "测试乙" in text_of(browser_of(town, "supervisor").get("/people/"))
    worker = browser_of(town, "caseworker")
    assert "还没有正在执行的服务对象" in text_of(worker.get("/people/"))
    clients.assign(client_ids=[someone().pk], caseworker=town.accounts["caseworker"], by=town.actor("supervisor"))
    page = text_of(worker.get("/people/"))
    assert "测试丙" in page and "测试乙" not in page


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "town_leader", "auditor", "doctor", "prosecutor"])
def test_nobody_else_sees_a_name(town: City, who: str) -> None:
    browser, client = browser_of(town, who), someone()
    for address in ("/people/", f"/people/{client.pk}/", f"/people/{client.pk}/test/"):
        answer = browser.get(address)
        assert answer.status_code == 403 and "测试" not in answer.content.decode()
    assert browser.post(f"/people/{client.pk}/reveal/id_number/").status_code == 403


def test_another_town_does_not_learn_that_someone_exists(town: City) -> None:
    browser = browser_of(town, "stranger")
    assert browser.get(f"/people/{someone().pk}/").status_code == 404
    assert "没有这个人" in text_of(browser.get("/people/?q=测试丙"))


@pytest.mark.parametrize("query", ["", "q=测试丙", "show=all", "q=没有"])
def test_the_list_is_the_same_after_a_swap_and_after_a_reload(town: City, query: str) -> None:
    same_after_swap(browser_of(town, "supervisor"), f"/people/?{query}")


def test_the_page_of_a_client_shows_clocks_with_their_articles(town: City) -> None:
    client = someone()
    page = text_of(browser_of(town, "supervisor").get(f"/people/{client.pk}/"))
    assert "市禁毒办看不到本页" in page and "社区戒毒 执行中" in page
    assert "2022-01-10 报到,当日计入 3 年(《戒毒条例》第十四条第二款" in page and "2025-01-09 届满" in page
    assert "第一年第 11 次" in page and "第一年第 1 次" in page
    assert client.id_number not in page and "9999 ****" in page
    assert ReadEntry.objects.using("audit").filter(act="detail", ledger="clients").count() == 1


def test_the_full_number_is_logged_and_then_shown(town: City) -> None:
    client = someone()
    browser = browser_of(town, "supervisor")
    answer = browser.post(f"/people/{client.pk}/reveal/id_number/", headers={"HX-Request": "true"})
    assert id_number(102) in answer.content.decode()
    assert str(client.pk) in ReadEntry.objects.using("audit").get(act="reveal").row_ids
    assert browser.post(f"/people/{client.pk}/reveal/name_index/").status_code == 404


def test_a_test_recorded_on_the_page_answers_its_window(town: City) -> None:
    client, browser = someone(), browser_of(town, "supervisor")
    due = Due.objects.filter(person=str(client.pk)).open_on(date(2022, 11, 23)).get()
    form = browser.get(f"/people/{client.pk}/test/?due={due.pk}").content.decode()
    assert 'value="2022-11-23"' in form and 'name="id_number"' not in form
    typed = {"tested_on": "2022-11-23", "sample": "urine", "result": "negative", "purpose": "scheduled", "testers": "何姐、李秀"}
    assert browser.post(f"/people/{client.pk}/test/", typed).status_code == 302
    due.refresh_from_db()
    assert due.outcome == "done" and due.done_on == date(2022, 11, 23)


def test_one_tester_is_not_enough_and_the_form_says_so_beside_the_field(town: City) -> None:
    client = someone()
    typed = {"tested_on": "2022-11-23", "sample": "urine", "result": "negative", "testers": "何姐"}
    answer = browser_of(town, "supervisor").post(f"/people/{client.pk}/test/", typed)
    assert answer.status_code == 422 and "两名" in field_error(answer, "testers")
    assert CommunityTest.objects.count() == 1


def test_a_forged_name_in_the_form_does_not_move_the_test_to_someone_else(town: City) -> None:
    client = someone()
    typed = {"tested_on": "2022-11-23", "sample": "urine", "result": "negative", "testers": "何姐、李秀"}
    forged = typed | {"name": "测试乙", "id_number": id_number(101)}
    browser_of(town, "supervisor").post(f"/people/{client.pk}/test/", forged)
    assert CommunityTest.objects.get(tested_on=date(2022, 11, 23)).client_id == client.pk
