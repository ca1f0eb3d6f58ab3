"""My reminders are mine, my address is proved by what reaches it, and the officer sees whether the door works, not what is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from qingyuan.casework.actions import reminders
from qingyuan.casework.enums import Channel, ReminderState
from qingyuan.casework.models import Reminder, ReminderChoice
from qingyuan.casework.reminders.sentences import Said, Sentence
from qingyuan.organisation.models import Contact
from tests.casework.reminder_ends import gateway
from tests.cast import PEOPLE, City
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
ENTER, PROVE, FORGET, CHOICES = (
    f"/reminders/{path}/" for path in ("contacts/enter", "contacts/prove", "contacts/forget", "choices")
)


@pytest.fixture
def held(settings: Any) -> None:
    """As in the demo: all channels are offered and nothing leaves."""
    settings.QINGYUAN_DEMO = True


def code_for(city: City, who: str, channel: str = "sms") -> str:
    sent = Reminder.objects.filter(account=city.accounts[who], channel=channel, sentence=Sentence.CONTACT_CODE)
    return f"{sent.order_by('-created_at')[0].first:06d}"


def prove(city: City, browser: Client, who: str = "clerk", address: str = "13900000001") -> None:
    assert browser.post(ENTER, {"channel": "sms", "address": address}).status_code == 302
    assert browser.post(PROVE, {"channel": "sms", "code": code_for(city, who)}).status_code == 302


def test_an_address_is_entered_proved_by_the_code_and_chosen(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    answer = browser.post(ENTER, {"channel": "sms", "address": " 139 0000 0001 "}, follow=True)
    assert "待核实" in text_of(answer) and "13900000001" in text_of(answer)
    reminders.deliver()
    would_have_left = text_of(browser.get("/reminders/"))
    assert f"验证码 {code_for(city, 'clerk')},15 分钟内有效" in would_have_left and "留在发件箱" in would_have_left
    page = text_of(browser.post(PROVE, {"channel": "sms", "code": code_for(city, "clerk")}, follow=True))
    assert "已核实" in page
    chosen = {"channels": ["sms"], "quiet_from": "22", "quiet_to": "6", "digest_hour": "9", "version": "0"}
    assert browser.post(CHOICES, chosen).status_code == 302
    choice = ReminderChoice.objects.get(account=city.accounts["clerk"])
    assert (choice.sms, choice.in_page, choice.quiet_from, choice.quiet_to, choice.digest_hour) == (True, False, 22, 6, 9)


def test_a_code_that_was_used_does_not_stay_in_the_outbox(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    prove(city, browser)
    assert code_for(city, "clerk") == "000000"


def test_the_address_stands_encrypted_and_only_its_holder_reads_it(city: City, held: None) -> None:
    prove(city, browser_of(city, "clerk"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM organisation_contact")
        assert "13900000001" not in str(cursor.fetchall())
    for who in ("security", "auditor", "leader"):
        browser = browser_of(city, who)
        for path in ("/reminders/", CHOICES):
            assert "13900000001" not in browser.get(path).content.decode()


@pytest.mark.parametrize(("channel", "address", "said"), [
    ("sms", "12345", "11 位"), ("sms", "", "请填写联系地址"), ("email", "hejie@", "name@example"),
    ("messenger", "张 三", "字母、数字"), ("email", "a@b.cn\nBcc: c@d.cn", "name@example"),
])  # fmt: skip
def test_an_address_that_cannot_be_is_refused_beside_its_field(city: City, held: None, channel: str, address: str, said: str) -> None:
    answer = browser_of(city, "clerk").post(ENTER, {"channel": channel, "address": address})
    assert answer.status_code == 422 and said in text_of(answer)
    assert not Contact.objects.exists() and not Reminder.objects.exists()


def test_a_wrong_code_is_refused_and_five_are_the_last(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    browser.post(ENTER, {"channel": "sms", "address": "13900000001"})
    right = code_for(city, "clerk")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _try in range(5):
        answer = browser.post(PROVE, {"channel": "sms", "code": wrong})
        assert answer.status_code == 422 and "验证码不对" in text_of(answer)
    answer = browser.post(PROVE, {"channel": "sms", "code": right})
    assert answer.status_code == 422 and "已失效" in text_of(answer)
    assert Contact.objects.get().verified_at is None


def test_codes_are_not_rained_on_a_telephone(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    browser.post(ENTER, {"channel": "sms", "address": "13900000001"})
    answer = browser.post(ENTER, {"channel": "sms", "address": "13900000002"})
    assert answer.status_code == 422 and "过一分钟" in text_of(answer)
    assert Reminder.objects.count() == 1


def test_a_channel_that_is_not_proved_cannot_be_chosen(city: City, held: None) -> None:
    chosen = {"channels": ["sms"], "quiet_from": "22", "quiet_to": "6", "digest_hour": "9", "version": "0"}
    answer = browser_of(city, "clerk").post(CHOICES, chosen)
    assert answer.status_code == 422 and "先填写并核实联系方式" in text_of(answer)
    assert not ReminderChoice.objects.exists()


def test_two_pages_open_at_once_do_not_overwrite_each_other(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    chosen = {"channels": ["in_page"], "quiet_from": "22", "quiet_to": "6", "digest_hour": "9", "version": "0"}
    assert browser.post(CHOICES, chosen).status_code == 302
    answer = browser.post(CHOICES, chosen | {"digest_hour": "10"})
    assert answer.status_code == 422 and "已在别处改过" in text_of(answer)
    assert ReminderChoice.objects.get().digest_hour == 9


def test_what_is_forgotten_is_gone_and_no_longer_chosen(city: City, held: None) -> None:
    browser = browser_of(city, "clerk")
    prove(city, browser)
    browser.post(CHOICES, {"channels": ["sms"], "quiet_from": "22", "quiet_to": "6", "digest_hour": "9", "version": "0"})
    assert browser.post(FORGET, {"channel": "sms"}).status_code == 302
    assert not Contact.objects.exists() and not ReminderChoice.objects.get().sms


def test_where_nothing_is_set_up_no_channel_is_offered(city: City) -> None:
    browser = browser_of(city, "clerk")
    assert "还没有接通外部渠道" in text_of(browser.get(CHOICES))
    answer = browser.post(ENTER, {"channel": "sms", "address": "13900000001"})
    assert answer.status_code == 422 and "没有接通这个渠道" in text_of(answer) and not Contact.objects.exists()


def test_the_code_really_goes_to_the_gateway_before_the_address_is_proved(city: City, settings: Any) -> None:
    browser = browser_of(city, "clerk")
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": "shared-with-the-gateway"}
        browser.post(ENTER, {"channel": "sms", "address": "13900000001"})
        reminders.deliver()
    [(_headers, body, _raw)] = end.asked
    assert body["to"] == "13900000001" and body["text"].startswith("清源:核实联系方式的验证码")
    assert browser.post(PROVE, {"channel": "sms", "code": f"{body['numbers'][0]:06d}"}).status_code == 302
    assert Contact.objects.get().verified_at is not None


def test_the_officer_sees_what_became_of_all_and_nothing_of_what_they_say(city: City) -> None:
    for who, numbers in (("clerk", (41, 42)), ("caseworker", (43, 44))):
        reminders.remind(account_id=city.accounts[who].pk, said=Said(Sentence.DIGEST, numbers), occasion="digest:x")
    page = text_of(browser_of(city, "security").get("/reminders/"))
    assert "市禁毒办 平台内 已发出" in page and "龙洞镇人民政府 平台内 已发出" in page and "平台内 · 已发出 2" in page
    for secret in ("41", "42", "43", "44", "每日提示 ", "何姐", "周文"):
        assert secret not in page.split("发件箱", 1)[1].replace("11-23", ""), secret


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "security"])
def test_nobody_else_reads_the_outbox(city: City, who: str) -> None:
    other = "clerk" if who != "clerk" else "leader"
    reminders.remind(account_id=city.accounts[other].pk, said=Said(Sentence.DIGEST, (41, 42)), occasion="digest:x")
    page = text_of(browser_of(city, who).get("/reminders/"))
    assert "收件人单位" not in page and "41 项" not in page and "还没有提醒" in page


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    for path in ("/reminders/", CHOICES):
        assert client.get(path).status_code == 302
    for path in (ENTER, PROVE, FORGET):
        assert client.post(path, {"channel": "sms"}).status_code == 302
    assert not Contact.objects.exists()


def test_given_up_reminders_say_why(city: City) -> None:
    made = reminders.remind(account_id=city.accounts["clerk"].pk, said=Said(Sentence.ALARM, (1,)), occasion="alarm:x")
    Reminder.objects.filter(pk=made[0].pk).update(
        state=ReminderState.GIVEN_UP, refused="unreachable", sent_at=None, tries=6, channel=Channel.SMS
    )
    page = text_of(browser_of(city, "clerk").get("/reminders/"))
    assert "没有发出" in page and "多次联系不上 · 试过 6 次" in page
