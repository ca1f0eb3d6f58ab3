"""The pages of an emergency look: asked for, read, reviewed, told; nothing of it by an id one has guessed."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import EmergencyLook
from qingyuan.rehabilitation.models import Client, Measure
from qingyuan.rehabilitation.people import name_index
from tests.cast import City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
WHY = "夜间有人在卫生院求助,对方单位无人值班"
NAME = "测试乙"


@pytest.fixture
def both(town: City) -> City:
    town.enter("measures", "stranger", measure_values(town, 4, division=town.divisions["石桥社区"].pk))
    return town


def ask(browser: Browser, number: str = id_number(101), **changes: str) -> HttpResponse:
    typed = {"number": number, "reason": WHY, "article": "NL34"} | changes
    return browser.post("/emergency/open/", typed)


def person() -> Client:
    return Measure.objects.select_related("client").get(client__name_index=name_index(NAME)).client


def test_a_person_of_another_town_is_opened_read_logged_and_closed(both: City) -> None:
    browser = browser_of(both, "stranger")
    page = f"/people/{person().pk}/"
    assert browser.get(page).status_code == 404
    answer = ask(browser)
    look = EmergencyLook.objects.get()
    assert answer["Location"] == f"/emergency/{look.pk}/"
    opened = browser.get(answer["Location"])
    assert f'href="{page}"' in opened.content.decode() and NAME not in text_of(opened), "the look itself names nobody"
    assert NAME in text_of(browser.get(page))
    entry = ReadEntry.objects.using("audit").filter(path=page).latest("at")
    assert entry.emergency_id == look.pk
    measure = Measure.objects.get(client=person())
    assert browser.get(f"/ledgers/measures/{measure.pk}/").status_code == 200
    assert browser.get(f"/ledgers/measures/{measure.pk}/change/").status_code == 404
    assert browser.post(f"/people/{person().pk}/reveal/id_number/").status_code == 200
    assert browser.post(f"/emergency/{look.pk}/close/").status_code == 302
    assert browser.get(page).status_code == 404


def test_only_the_named_person_is_opened(both: City) -> None:
    browser = browser_of(both, "stranger")
    ask(browser)
    for client in Client.objects.exclude(pk=person().pk).filter(unit__code="longdong"):
        assert browser.get(f"/people/{client.pk}/").status_code == 404
    page = text_of(browser.get("/people/"))
    assert "测试丙" not in page and "测试丁" not in page


def test_nobody_else_reads_by_it(both: City) -> None:
    ask(browser_of(both, "stranger"))
    look = EmergencyLook.objects.get()
    for who in (
        "clerk",
        "leader",
        "town_leader",
        "officer",
        "doctor",
        "caseworker",
        "supervisor",
        "auditor",
        "security",
    ):
        if who not in ("supervisor",):
            assert browser_of(both, who).get(f"/people/{person().pk}/").status_code in (403, 404), who
        expected = 200 if who in ("auditor", "security") else 404
        assert browser_of(both, who).get(f"/emergency/{look.pk}/").status_code == expected, who
        if who not in ("auditor", "security"):
            assert browser_of(both, who).post(f"/emergency/{look.pk}/close/").status_code == 404
    assert browser_of(both, "auditor").get(f"/emergency/{new_id()}/").status_code == 404
    inspected = browser_of(both, "auditor").get(f"/emergency/{look.pk}/")
    assert WHY in text_of(inspected) and f"/people/{person().pk}/" not in inspected.content.decode()


@pytest.mark.parametrize("number", [id_number(599), id_number(101)[:14], "", "%", id_number(104)])
def test_what_is_not_found_says_what_to_do_and_keeps_what_was_typed(both: City, number: str) -> None:
    answer = ask(browser_of(both, "stranger"), number)
    assert answer.status_code == 422 and WHY in text_of(answer)
    assert not EmergencyLook.objects.exists()


def test_a_form_without_reason_or_article_says_so_beside_the_field(both: City) -> None:
    said = text_of(ask(browser_of(both, "stranger"), reason="", article=""))
    assert "请写事由。" in said and "请选依据的条款。" in said


def test_roles_without_such_rows_are_told_whose_page_it_is(both: City) -> None:
    for who in ("clerk", "liaison", "prosecutor", "doctor"):
        browser = browser_of(both, who)
        page = browser.get("/emergency/")
        assert page.status_code == 403 and "任何人都不能紧急查阅" in text_of(page)
        assert ask(browser).status_code == 403


def test_the_second_person_finds_it_on_today_and_the_owner_cannot_confirm_it(both: City) -> None:
    ask(browser_of(both, "caseworker"), id_number(104))
    look = EmergencyLook.objects.get()
    here = f"/emergency/{look.pk}/"
    assert "紧急查阅待复核:何姐" in text_of(browser_of(both, "supervisor").get("/today/"))
    assert "近七天紧急查阅 1 次" in text_of(browser_of(both, "auditor").get("/today/"))
    assert "紧急查阅" not in text_of(browser_of(both, "clerk").get("/today/"))
    own = browser_of(both, "caseworker")
    assert "记下意见" not in text_of(own.get(here))
    own.post(f"{here}review/", {"verdict": "confirmed", "remark": "必要"})
    look.refresh_from_db()
    assert look.reviewed_at is None
    second = browser_of(both, "supervisor")
    assert second.post(f"{here}review/", {"verdict": "", "remark": ""}).status_code == 422
    second.post(f"{here}review/", {"verdict": "confirmed", "remark": "值班记录相符"})
    look.refresh_from_db()
    assert look.verdict == "confirmed"
    assert "值班记录相符" in text_of(second.get(here)) and "记下意见" not in text_of(second.get(here))
    assert "待复核:" not in text_of(second.get("/today/"))


def test_the_keeper_of_the_person_reads_who_looked_and_why(both: City) -> None:
    browser = browser_of(both, "stranger")
    ask(browser)
    browser.get(f"/people/{person().pk}/")
    own = browser_of(both, "supervisor")
    here = f"/people/{person().pk}/"
    assert f'hx-get="{here}reads/"' in own.get(here).content.decode()
    page = text_of(own.get(f"{here}reads/"))
    assert "石平" in page and "紧急查阅" in page and WHY in page and "待复核" in page
    part = own.get(f"{here}reads/", headers={"HX-Request": "true", "HX-Target": "reads"})
    assert part.content.decode().lstrip().startswith("<section") and "石平" in text_of(part)
    for who in ("clerk", "caseworker", "town_leader", "officer"):
        assert browser_of(both, who).get(f"{here}reads/").status_code in (403, 404), who


def test_inspectors_search_the_log_by_the_look(both: City) -> None:
    browser = browser_of(both, "stranger")
    ask(browser)
    look = EmergencyLook.objects.get()
    browser.get(f"/people/{person().pk}/")
    browser.get("/people/")
    auditor = browser_of(both, "auditor")
    page = text_of(auditor.get(f"/audit/reads/?emergency={look.pk}"))
    assert "1 条" in page and "石平" in page, "a list of the own town shows nobody of another"
    entry = ReadEntry.objects.using("audit").filter(emergency_id=look.pk).earliest("at")
    assert f"/emergency/{look.pk}/" in auditor.get(f"/audit/reads/{entry.pk}/").content.decode()
