"""The pages of what ends: preview, propose, a second person approves, carried out; nobody else is let in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qingyuan.casework.models import RetentionPlan
from qingyuan.enforcement.models import Party
from qingyuan.web.account.proof import ASKED_AGAIN
from tests.cast import City
from tests.journeys.retention.test_retention import case, party
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def minor(city: City) -> Any:
    case(city, "A1")
    return party(city, "A1", "酆小雪", 601)


def propose(city: City) -> str:
    browser = browser_of(city, "security")
    page = browser.get("/retention/").content.decode()
    digest = page.split('name="digest" value="')[1].split('"')[0]
    answer = browser.post("/retention/propose/", {"digest": digest})
    return str(answer.url)


def test_the_officer_proposes_the_leader_approves_and_the_officer_carries_it_out(city: City, minor: Any) -> None:
    security, leader = browser_of(city, "security"), browser_of(city, "leader")
    page = text_of(security.get("/retention/"))
    assert "未成年人的处理记录" in page and "未确认,不启用" in page and "酆" not in page
    address = propose(city)
    assert "批准" not in [button.strip() for button in text_of(security.get(address)).split("作废")[-1:]]
    assert "第二个人" in text_of(security.post(f"{address}carry-out/", follow=True))
    assert "已批准" in text_of(leader.post(f"{address}approve/", follow=True))
    assert "已办完" in text_of(security.post(f"{address}carry-out/", follow=True))
    assert not Party.objects.exists() and RetentionPlan.objects.get().done == 1
    file = json.loads(security.get(f"{address}file/").content)
    assert file["plan"]["lines"][0]["id"] == str(minor.pk)


def test_what_changed_between_looking_and_proposing_is_looked_at_again(city: City, minor: Any) -> None:
    browser = browser_of(city, "security")
    assert "再看一遍" in text_of(browser.post("/retention/propose/", {"digest": "old"}, follow=True))
    assert not RetentionPlan.objects.exists()


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "town_leader", "officer", "liaison", "prosecutor", "doctor"])
def test_whoever_the_table_does_not_name_is_not_let_in(city: City, minor: Any, who: str) -> None:
    address, browser = propose(city), browser_of(city, who)
    for path in ("/retention/", address, f"{address}file/"):
        assert browser.get(path).status_code == 403
    for act in ("approve", "drop", "carry-out"):
        assert browser.post(f"{address}{act}/").status_code == 403
    assert browser.post("/retention/propose/", {"digest": "x"}).status_code == 403
    assert RetentionPlan.objects.get().state == "proposed"


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_who_only_reads_approves_and_carries_out_nothing(city: City, minor: Any, who: str) -> None:
    address, browser = propose(city), browser_of(city, who)
    assert "<5" in text_of(browser.get(address)) and browser.get(f"{address}file/").status_code == 404
    for act in ("approve", "drop", "carry-out"):
        browser.post(f"{address}{act}/")
    assert RetentionPlan.objects.get().state == "proposed" and Party.objects.count() == 1


def test_approving_and_carrying_out_ask_for_a_fresh_proof() -> None:
    for name in ("web:retention-approve", "web:retention-carry-out"):
        assert "POST" in ASKED_AGAIN[name].methods
