"""The person's own page: a code on paper, a PIN of one's own, five minutes, and nothing left behind."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.journeys.todo import own_requests
from qingyuan.rehabilitation.actions import own_page as actions
from qingyuan.rehabilitation.actions.own_page import OwnPageRefused
from qingyuan.rehabilitation.enums import AskedFor, AskedState
from qingyuan.rehabilitation.models import Client, OwnCode, OwnRequest
from qingyuan.web.account.throttle import FREE_TRIES
from qingyuan.web.own_page import session
from tests.cast import TODAY, City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
PIN, NAME = "402817", "测试甲"
REFUSED, TOO_MANY = 422, 429


@pytest.fixture
def person(city: City) -> Client:
    city.enter("measures", "caseworker", measure_values(city, 0))
    return Client.objects.get()


@pytest.fixture
def code(city: City, person: Client) -> str:
    return actions.hand_out(client=person, by=city.actor("caseworker"))


def enter(browser: Browser, code: str, pin: str = "", **more: Any) -> Any:
    return browser.post("/own/", {"code": code, "pin": pin}, **more)


def opened(code: str) -> Browser:
    browser = Browser()
    enter(browser, code)
    browser.post("/own/pin/", {"pin": PIN, "again": PIN})
    return browser


def test_the_first_use_sets_a_pin_and_the_page_says_what_is_due_and_when_it_ends(code: str) -> None:
    browser = Browser()
    assert enter(browser, f"{code[:4]} {code[4:8]} {code[8:]}").status_code == 302, "typed as it is printed"
    assert "设一个密码" in text_of(browser.get("/own/"))
    assert "不一样" in text_of(browser.post("/own/pin/", {"pin": PIN, "again": "999888"}))
    assert "太容易猜" in text_of(browser.post("/own/pin/", {"pin": "123456", "again": "123456"}))
    browser.post("/own/pin/", {"pin": PIN, "again": PIN})
    page = text_of(browser.get("/own/"))
    assert "2025-01-0" in page and "来做一次检测" in page and "我的权利" in page


def test_no_name_number_or_key_stands_on_the_page_or_in_an_address(code: str, person: Client) -> None:
    answer = opened(code).get("/own/")
    whole = answer.content.decode()
    for secret in (NAME, NAME[-1] + "某", id_number(100), str(person.pk), code, PIN):
        assert secret not in whole
    assert re.search(r"<title>本人查询 · 清源</title>", whole)
    assert not re.search(r"/own/[0-9]|\?", "".join(re.findall(r'(?:action|href)="([^"]*own[^"]*)"', whole)))


def test_the_page_is_kept_by_no_browser_and_blanks_itself(code: str) -> None:
    answer = opened(code).get("/own/")
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin", "under «no-referrer» no browser could post"
    refresh = re.search(r'http-equiv="refresh" content="(\d+);url=/own/"', answer.content.decode())
    assert refresh is not None and int(refresh[1]) <= session.SECONDS + 1


def test_after_five_minutes_the_page_is_closed_whatever_is_asked(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = opened(code)
    later = session.time.time() + session.SECONDS + 1
    monkeypatch.setattr(session.time, "time", lambda: later)
    assert "照社工给您的那张纸填写" in text_of(browser.get("/own/"))
    browser.post("/own/ask/", {"for": "leave", "words": "看病", "from_day": "2022-11-24", "until_day": "2022-11-25"})
    assert not OwnRequest.objects.exists()


def test_closing_closes_at_once(code: str) -> None:
    browser = opened(code)
    browser.post("/own/out/")
    assert "查询码" in text_of(browser.get("/own/")) and "我的事项" not in text_of(browser.get("/own/"))


def test_a_wrong_pin_and_a_wrong_code_are_answered_alike(code: str) -> None:
    opened(code)
    wrong_pin, wrong_code = enter(Browser(), code, "111222"), enter(Browser(), "000011112222", PIN)
    assert wrong_pin.status_code == wrong_code.status_code == REFUSED
    assert re.findall(r'role="alert">[^<]*', wrong_pin.content.decode()) == re.findall(r'role="alert">[^<]*', wrong_code.content.decode())


def test_who_guesses_waits_and_the_person_at_another_address_does_not(code: str) -> None:
    opened(code)
    guesser, person = Browser(REMOTE_ADDR="203.0.113.9"), Browser(REMOTE_ADDR="198.51.100.7")
    for _try in range(FREE_TRIES):
        assert enter(guesser, code, "111222").status_code == REFUSED
    answer = enter(guesser, code, PIN)
    assert answer.status_code == TOO_MANY and "后再试" in text_of(answer), "the right PIN does not help whoever guesses"
    assert enter(person, code, PIN).status_code == 302, "nobody can lock the person out from elsewhere"
    assert "我的事项" in text_of(person.get("/own/"))


def test_a_code_is_replaced_and_revoked_and_the_open_page_closes_with_it(city: City, person: Client, code: str) -> None:
    browser = opened(code)
    new = actions.hand_out(client=person, by=city.actor("caseworker"))
    assert "我的事项" not in text_of(browser.get("/own/")), "the earlier paper stops at once"
    assert enter(Browser(), code, PIN).status_code == REFUSED and enter(Browser(), new).status_code == 302
    assert actions.revoke(client=person, by=city.actor("supervisor")) == 1
    assert enter(Browser(), new).status_code == REFUSED
    assert OwnCode.objects.filter(revoked_at=None).count() == 0


def test_the_code_and_the_pin_are_kept_nowhere(code: str) -> None:
    opened(code)
    kept = OwnCode.objects.get()
    stored = " ".join(str(value) for value in vars(kept).values())
    assert code not in stored and PIN not in stored
    assert not any(code in str(vars(entry)) or PIN in str(vars(entry)) for entry in WriteEntry.objects.all())


def test_a_pin_is_set_once(code: str) -> None:
    opened(code)
    with pytest.raises(OwnPageRefused, match="已经用过"):
        actions.set_pin(code=OwnCode.objects.get(), pin="905173")


def test_leave_goes_to_the_caseworker_whose_answer_comes_back(city: City, person: Client, code: str) -> None:
    browser, helper = opened(code), browser_of(city, "caseworker")
    asked = {"for": "leave", "from_day": "2022-11-24", "until_day": "2022-11-25", "words": "去县医院看病"}
    assert browser.post("/own/ask/", asked).status_code == 302
    page = text_of(helper.get(f"/people/{person.pk}/own/"))
    assert "去县医院看病" in page and "2022-11-24" in page
    one = OwnRequest.objects.get()
    refused = helper.post(f"/people/{person.pk}/own/{one.pk}/answer/", {"agreed": "no", "words": ""}, follow=True)
    assert "请写明为什么" in text_of(refused) and OwnRequest.objects.get().state == AskedState.WAITING
    helper.post(f"/people/{person.pk}/own/{one.pk}/answer/", {"agreed": "yes", "words": "早去早回"})
    page = text_of(browser.get("/own/"))
    assert "已同意" in page and "早去早回" in page
    with pytest.raises(OwnPageRefused, match="已经答复"):
        actions.answer(request=one, agreed=True, words="", by=city.actor("caseworker"))


@pytest.mark.parametrize(
    "typed",
    [
        {"from_day": "2022-11-24", "until_day": "2022-11-23", "words": "x"},
        {"from_day": "2022-11-01", "until_day": "2022-11-24", "words": "x"},
        {"from_day": "", "until_day": "", "words": "x"},
        {"from_day": "2022-11-24", "until_day": "2022-11-25", "words": " "},
    ],
    ids=["backwards", "past", "no days", "no words"],
)
def test_a_leave_that_cannot_be_is_answered_with_what_to_do(code: str, typed: dict[str, str]) -> None:
    answer = opened(code).post("/own/ask/", {"for": "leave"} | typed)
    assert answer.status_code == REFUSED and "请" in text_of(answer) or "日期" in text_of(answer)
    assert not OwnRequest.objects.exists()


@pytest.mark.parametrize("who", ["officer", "clerk", "leader", "town_leader", "stranger", "doctor", "auditor", "liaison"])
def test_nobody_but_the_helpers_hands_out_a_code_or_reads_why_somebody_asks(city: City, person: Client, code: str, who: str) -> None:
    actions.ask(client=person, asked_for=AskedFor.CORRECTION, words="暗由", from_day=None)
    browser = browser_of(city, who)
    for answer in (browser.get(f"/people/{person.pk}/own/"), browser.post(f"/people/{person.pk}/own/"), browser.post(f"/people/{person.pk}/own/revoke/")):
        assert answer.status_code in (403, 404) and "暗由" not in answer.content.decode()
    with pytest.raises(OwnPageRefused):
        actions.hand_out(client=person, by=city.actor(who))
    assert OwnCode.objects.filter(revoked_at=None).count() == 1


def test_the_paper_is_shown_once(city: City, person: Client) -> None:
    helper = browser_of(city, "caseworker")
    sheet = text_of(helper.post(f"/people/{person.pk}/own/"))
    found = re.search(r"查询码: (\d{4} \d{4} \d{4})", sheet)
    assert found and "/own/" in sheet
    again = text_of(helper.get(f"/people/{person.pk}/own/"))
    assert found[1] not in again and "本人还没有用过" in again
    assert enter(Browser(), found[1]).status_code == 302


def test_days_are_checked_against_today(person: Client) -> None:
    assert actions.wrong_pin("12345") and actions.wrong_pin("aaaaaa") and actions.wrong_pin("777777") and actions.wrong_pin("987654")
    assert actions.wrong_pin(PIN) == ""
    made = actions.ask(client=person, asked_for=AskedFor.LEAVE, words="x", from_day=date(2022, 11, 23), until_day=date(2022, 11, 23))
    assert made.state == AskedState.WAITING


def test_what_the_person_asks_waits_on_the_caseworkers_day_without_name_or_reason(city: City, person: Client) -> None:
    actions.ask(client=person, asked_for=AskedFor.LEAVE, words="回老家看母亲", from_day=TODAY, until_day=date(2022, 11, 25))
    made = actions.ask(client=person, asked_for=AskedFor.CORRECTION, words="门牌写错了")
    lines = own_requests.jobs(city.actor("caseworker"), TODAY)
    assert len(lines) == 2
    page = text_of(browser_of(city, "caseworker").get("/today/"))
    assert "本人申请待答复" in page and "老家" not in page and "门牌" not in page
    for who in ("stranger", "officer", "clerk", "town_leader", "doctor"):
        assert own_requests.jobs(city.actor(who), TODAY) == [], who
    actions.answer(request=made, agreed=True, words="已改", by=city.actor("caseworker"))
    assert len(own_requests.jobs(city.actor("caseworker"), TODAY)) == 1
