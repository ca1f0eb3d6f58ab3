"""The plan's page: its supervisor agrees or sends it back there; the person's own page shows goals of an agreed plan and what was done well."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client as Browser

from qingyuan.rehabilitation.actions import own_page
from qingyuan.rehabilitation.models import Client, PlanGoal, PlanLook
from tests.cast import City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
WHO = {"name": "测试甲", "id_number": id_number(100)}
PIN = "402817"


@pytest.fixture
def person(city: City) -> Client:
    city.enter("measures", "caseworker", measure_values(city, 0))
    city.enter("care_plans", "caseworker", WHO | {"made_on": date(2022, 5, 1), "skills": "学电工", "review_on": date(2022, 12, 1)})
    goal = {"goal": "学完电工班", "own_words": "我要学电工", "by_on": date(2022, 12, 31)}
    city.enter("plan_goals", "caseworker", WHO | goal | {"set_on": date(2022, 5, 2), "number": 1})
    well = {"kind": "certificate", "days": 90, "did": "按时来面谈", "given_by": ["何姐"]}
    city.enter("encouragements", "caseworker", WHO | well | {"given_on": date(2022, 6, 1)})
    return Client.objects.get()


def asked(browser: Browser, person: Client, **given: str) -> int:
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(f"/people/{person.pk}/plan/").content.decode())
    return browser.post(f"/people/{person.pk}/plan/look/", {"seen": seen[1] if seen else "", **given}).status_code


def own(city: City, person: Client) -> str:
    code, browser = own_page.hand_out(client=person, by=city.actor("caseworker")), Browser()
    browser.post("/own/", {"code": code})
    browser.post("/own/pin/", {"pin": PIN, "again": PIN})
    return text_of(browser.get("/own/"))


def test_the_supervisor_agrees_on_the_page_and_the_person_sees_the_goals_from_then_on(city: City, person: Client) -> None:
    before = own(city, person)
    assert "我要学电工" not in before and "按时来面谈" in before and "90" in before
    supervisor, worker = browser_of(city, "supervisor"), browser_of(city, "caseworker")
    assert "请您看这份计划" not in text_of(worker.get(f"/people/{person.pk}/plan/"))
    assert worker.post(f"/people/{person.pk}/plan/look/", {"agreed": "yes"}).status_code == 404
    assert asked(supervisor, person, agreed="no", words="") == 302 and not PlanLook.objects.exists(), "sent back without words"
    assert asked(supervisor, person, agreed="yes") == 302 and PlanLook.objects.get().agreed
    after = own(city, person)
    assert "我要学电工" in after and "2022-12-31" in after and "2022-12-01" in after and "学完电工班" not in after


def test_both_sides_stand_together_on_the_persons_page(city: City, person: Client) -> None:
    said = {"way": "criticism", "facts": "约好没来", "answered": "忘了", "warned_by": ["何姐"]}
    city.enter("warnings", "caseworker", WHO | said | {"warned_on": date(2022, 5, 20)})
    page = text_of(browser_of(city, "caseworker").get(f"/people/{person.pk}/"))
    assert "按时来面谈" in page and "约好没来" in page and "学完电工班" in page and "等专干看" in page


def test_a_review_asks_about_every_goal_that_is_not_settled(city: City, person: Client) -> None:
    goal, browser = PlanGoal.objects.get(), browser_of(city, "caseworker")
    name = f"goal_{goal.pk.hex}"
    assert name in browser.get(f"/people/{person.pk}/help/").content.decode()
    typed = {"held_on": "2022-11-20", "reasons": "谈了", "next_on": "2023-02-20", name: "reached"}
    assert browser.post(f"/people/{person.pk}/help/review/", typed).status_code == 302
    goal.refresh_from_db()
    assert (goal.outcome, goal.looked_on) == ("reached", date(2022, 11, 20))
    assert name not in browser.get(f"/people/{person.pk}/help/").content.decode(), "what was reached is not asked about again"


@pytest.mark.parametrize("who", ["stranger", "clerk", "leader", "officer", "town_leader", "doctor", "auditor"])
def test_nobody_else_opens_the_plan(city: City, person: Client, who: str) -> None:
    browser = browser_of(city, who)
    for answer in (browser.get(f"/people/{person.pk}/plan/"), browser.post(f"/people/{person.pk}/plan/look/", {"agreed": "yes"})):
        assert answer.status_code in (403, 404) and "电工" not in answer.content.decode()
    assert not PlanLook.objects.exists()
