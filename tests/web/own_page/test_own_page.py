"""The person's own page: a code on paper, a PIN of one's own, five minutes, and nothing left behind."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from qingyuan.casework.models import Due
from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.journeys.todo import own_requests
from qingyuan.rehabilitation.actions import own_page as actions
from qingyuan.rehabilitation.actions import texting
from qingyuan.rehabilitation.actions.own_page import OwnPageRefused
from qingyuan.rehabilitation.enums import AskedFor, AskedState
from qingyuan.rehabilitation.models import AppointmentText, Client, OwnCode, OwnRequest, TextConsent
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
    assert "2025-01-0" in page and "检测" in page and "我的权利" in page and "禁毒工作平台" not in page


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


# --- the one text ------------------------------------------------------------------------------------------------------
WORDS, PHONE = "您有一项预约,请查看", "13900000001"


@pytest.fixture
def gateway_set(settings: Any) -> None:
    settings.QINGYUAN_DEMO = False
    settings.QINGYUAN_SMS = {"url": "http://127.0.0.1:9/", "secret": "x"}


def test_without_a_gateway_the_page_says_that_no_text_is_sent(city: City, person: Client, code: str, settings: Any) -> None:
    settings.QINGYUAN_DEMO, settings.QINGYUAN_SMS = False, None
    browser = opened(code)
    assert "没有接通短信,不会给您的手机发消息" in text_of(browser.get("/own/"))
    assert browser.post("/own/texts/", {"phone": PHONE}).status_code == REFUSED and not TextConsent.objects.exists()
    assert "没有接通短信" in text_of(browser_of(city, "caseworker").get(f"/people/{person.pk}/own/"))


def test_the_person_agrees_and_stops_on_their_own_page(code: str, person: Client, gateway_set: None) -> None:
    browser = opened(code)
    page = text_of(browser.get("/own/"))
    assert WORDS in page and "不写您的名字" in page and "随时可以停" in page
    wrong = browser.post("/own/texts/", {"phone": "12345"})
    assert wrong.status_code == REFUSED and "11 位手机号" in text_of(wrong) and not TextConsent.objects.exists()
    browser.post("/own/texts/", {"phone": PHONE})
    assert TextConsent.objects.get().withdrawn_at is None and Client.objects.get().phone == PHONE
    page = browser.get("/own/")
    assert "您 2022-11-23 同意的" in text_of(page) and PHONE not in page.content.decode() and PHONE[-4:] not in text_of(page)
    browser.post("/own/texts/", {"do": "stop"})
    assert TextConsent.objects.get().withdrawn_by_name == "本人"
    assert "我同意发短信" in text_of(browser.get("/own/"))


def test_nobody_agrees_without_having_opened_the_page(code: str, person: Client, gateway_set: None) -> None:
    opened(code)
    assert Browser().post("/own/texts/", {"phone": PHONE}).status_code == 302
    assert not TextConsent.objects.exists() and Client.objects.get().phone == ""


def test_the_caseworker_enters_the_number_stops_for_the_person_and_cannot_agree_for_them(
    city: City, person: Client, code: str, gateway_set: None
) -> None:
    helper = browser_of(city, "caseworker")
    address = f"/people/{person.pk}/own/"
    helper.post(f"{address}phone/", {"phone": "139 0000 0001"})
    page = helper.get(address)
    assert Client.objects.get().phone == PHONE and PHONE not in page.content.decode() and "没有同意" in text_of(page)
    assert "我同意发短信" not in text_of(page)
    texting.agree(client=person)
    helper.post(f"{address}texts/stop/")
    assert TextConsent.objects.get().withdrawn_by_name == city.accounts["caseworker"].name
    helper.post(f"{address}phone/", {"phone": ""})
    assert Client.objects.get().phone == PHONE, "an empty field is a slip"
    helper.post(f"{address}phone/", {"phone": "", "do": "remove"})
    assert Client.objects.get().phone == ""


def test_a_text_that_failed_is_shown_to_the_caseworker_without_the_number(city: City, person: Client, code: str, gateway_set: None) -> None:
    texting.agree(client=person, phone=PHONE)
    due = Due.objects.first()
    assert due is not None
    AppointmentText.objects.create(
        client=person, due=due, unit_id=due.unit_id, division_id=due.division_id, state="given_up", refused="rejected",
        not_before=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    page = browser_of(city, "caseworker").get(f"/people/{person.pk}/own/")
    assert "号码可能不对" in text_of(page) and "请换个方式告诉本人" in text_of(page) and PHONE not in page.content.decode()


@pytest.mark.parametrize("who", ["officer", "clerk", "town_leader", "stranger", "doctor"])
def test_nobody_else_touches_number_or_texts(city: City, person: Client, code: str, who: str, gateway_set: None) -> None:
    texting.agree(client=person, phone=PHONE)
    browser = browser_of(city, who)
    for path in ("phone/", "texts/stop/"):
        assert browser.post(f"/people/{person.pk}/own/{path}", {"phone": "13900000009"}).status_code in (403, 404)
    assert Client.objects.get().phone == PHONE and texting.standing(person)
