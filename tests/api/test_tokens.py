"""A program with a token is its account: the same rows, masks and refusals, and no session or CSRF to carry."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.organisation.actions import tokens
from qingyuan.organisation.models import ApiToken
from tests.cast import TODAY, City, city, measure_values
from tests.web.pages import browser_of, text_of

__all__ = ["city"]
pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=30)


def key_of(city: City, who: str, last_day: date = LATER) -> str:
    return tokens.make(account=city.accounts[who], purpose="每晚取数", last_day=last_day, by=city.actor(who))[1]


def program(key: str) -> Client:
    return Client(HTTP_AUTHORIZATION=f"Bearer {key}", enforce_csrf_checks=True)


def test_a_program_reads_and_writes_as_its_account_and_leaves_its_trace(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    client = program(key_of(city, "supervisor"))
    assert client.get("/api/v1/ledgers/measures").json()["total"] == 1
    assert ReadEntry.objects.filter(ledger="measures", actor_name="吴主任").exists()
    meeting = {"held_on": "2022-10-13", "kind": "政府常务会议", "title": "研究禁毒", "special_topic": False}
    sent = client.post("/api/v1/ledgers/meetings", data=json.dumps(meeting), content_type="application/json")
    assert sent.status_code == 201
    assert WriteEntry.objects.filter(ledger="meetings", actor_name="吴主任").exists()


def test_a_token_opens_no_more_than_its_account(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    assert program(key_of(city, "stranger")).get("/api/v1/ledgers/measures").json()["total"] == 0
    assert program(key_of(city, "clerk")).get("/api/v1/ledgers/measures").status_code == 403


def test_wrong_ended_and_withdrawn_keys_are_answered_alike(city: City) -> None:
    good = key_of(city, "supervisor")
    ended = key_of(city, "supervisor")
    last = ApiToken.objects.order_by("pk").last()
    assert last is not None
    ApiToken.objects.filter(pk=last.pk).update(first_day=TODAY - timedelta(days=9), last_day=TODAY - timedelta(days=1))
    gone = key_of(city, "supervisor")
    newest = ApiToken.objects.order_by("pk").last()
    assert newest is not None
    tokens.withdraw(token=newest, by=city.actor("supervisor"))
    answers = [program(key).get("/api/v1/ledgers") for key in ("", "qy_nonsense", ended, gone)]
    assert {(one.status_code, one.json()["message"]) for one in answers} == {(401, answers[0].json()["message"])}
    assert program(good).get("/api/v1/ledgers").status_code == 200
    city.accounts["supervisor"].is_active = False
    city.accounts["supervisor"].save()
    assert program(good).get("/api/v1/ledgers").status_code == 401


def test_the_key_is_told_once_and_kept_nowhere(city: City) -> None:
    browser = browser_of(city, "supervisor")
    answer = browser.post("/me/tokens/make/", {"purpose": "每晚取数", "last_day": LATER.isoformat()})
    key = next(word for word in text_of(answer).split() if word.startswith("qy_") and len(word) > 30)
    assert program(key).get("/api/v1/ledgers").status_code == 200
    assert key not in text_of(browser.get("/me/")) and key[:8] in text_of(browser.get("/me/"))
    stored: list[dict[str, Any]] = list(ApiToken.objects.values())
    assert key not in str(stored)
    browser.post(f"/me/tokens/{ApiToken.objects.get().pk}/withdraw/")
    assert program(key).get("/api/v1/ledgers").status_code == 401


@pytest.mark.parametrize(
    ("purpose", "last_day", "says"),
    [("", LATER, "用途"), ("取数", TODAY - timedelta(days=1), "有效期"), ("取数", TODAY + timedelta(days=800), "最长一年")],
)
def test_what_is_wrong_with_a_token_is_said(city: City, purpose: str, last_day: date, says: str) -> None:
    answer = browser_of(city, "supervisor").post("/me/tokens/make/", {"purpose": purpose, "last_day": last_day.isoformat()})
    assert answer.status_code == 422 and says in text_of(answer) and not ApiToken.objects.exists()


def test_nobody_ends_or_makes_the_token_of_another(city: City) -> None:
    key_of(city, "supervisor")
    token = ApiToken.objects.get()
    assert browser_of(city, "stranger").post(f"/me/tokens/{token.pk}/withdraw/").status_code == 404
    with pytest.raises(tokens.TokenRefused):
        tokens.withdraw(token=token, by=city.actor("security"))
    with pytest.raises(tokens.TokenRefused):
        tokens.make(account=city.accounts["supervisor"], purpose="别人的", last_day=LATER, by=city.actor("security"))
