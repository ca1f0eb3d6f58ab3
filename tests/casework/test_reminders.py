"""Reminders leave through one door: a sentence of the list, to a proved address, once, or visibly not at all."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db import models as django_models
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.actions import reminders
from qingyuan.casework.enums import Channel, Refusal, ReminderState
from qingyuan.casework.models import Reminder
from qingyuan.casework.reminders import rules, senders
from qingyuan.casework.reminders.sentences import LARGEST, WORDS, NotASentence, Said, Sentence, arity
from qingyuan.foundation import clock
from qingyuan.foundation.clock import ZONE
from qingyuan.organisation.actions import contacts
from qingyuan.organisation.models import Account
from qingyuan.reference.catalogue import get_list
from tests.casework.reminder_ends import gateway, mail_server
from tests.cast import City

DIGEST = Said(Sentence.DIGEST, (3, 1))
NOON = datetime(2022, 11, 23, 12, 0, tzinfo=ZONE)
SECRET = "shared-with-the-gateway"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def someone(city: City, settings: Any) -> Account:
    """何姐 has proved all three ways and chose them."""
    settings.QINGYUAN_DEMO = True
    account, by = city.accounts["caseworker"], city.actor("caseworker")
    addresses = {"email": "hejie@example.gov.cn", "sms": "13900000001", "messenger": "hejie.ld"}
    for channel, address in addresses.items():
        code = contacts.enter(account=account, channel=channel, address=address, by=by)
        contacts.verify(account=account, channel=channel, code=f"{code:06d}", by=by)
    reminders.choose(
        account=account, channels=list(Channel.values), quiet_from=21, quiet_to=7, digest_hour=8, version=0, by=by
    )
    settings.QINGYUAN_DEMO = False
    return account


def put(account: Account, channel: Channel, said: Said = DIGEST, occasion: str = "digest:2022-11-23") -> Reminder:
    reminders.remind(account_id=account.pk, said=said, occasion=occasion)
    Reminder.objects.exclude(channel=channel).delete()
    return Reminder.objects.get(channel=channel, occasion=occasion)


# --- what can be said -------------------------------------------------------------------------------------------------
def test_every_sentence_takes_numbers_and_nothing_else() -> None:
    assert set(WORDS) == set(Sentence)
    for sentence, words in WORDS.items():
        assert set(re.findall(r"\{[^}]*\}", words)) <= {"{0}", "{1}", "{0:06d}"}, "only numbers have a place in it"
        assert Said(sentence, (7,) * arity(sentence)).words


@pytest.mark.parametrize("wrong", ["张三", "3", 1.5, True, None, -1, LARGEST + 1, ("海洛因",)])
def test_nothing_but_a_whole_number_has_a_place_in_a_sentence(wrong: Any) -> None:
    with pytest.raises(NotASentence):
        Said(Sentence.ALARM, (wrong,))


@pytest.mark.parametrize("sentence", ["", "自己写的一句", "digest2", None])
def test_nothing_but_a_sentence_of_the_list_is_said(sentence: Any) -> None:
    with pytest.raises(NotASentence):
        Said(sentence, ())


@given(st.lists(st.integers(0, LARGEST), max_size=3), st.sampled_from(list(Sentence)))
def test_a_sentence_takes_exactly_its_numbers(numbers: list[int], sentence: Sentence) -> None:
    if len(numbers) == arity(sentence):
        digits = re.findall(r"\d+", Said(sentence, tuple(numbers)).words)
        assert [int(one) for one in digits[: len(numbers)]] == numbers
    else:
        with pytest.raises(NotASentence):
            Said(sentence, tuple(numbers))


@pytest.mark.django_db
def test_no_sentence_names_a_person_a_drug_a_place_a_unit_or_a_title(city: City) -> None:
    drugs = [code.name_zh for code in get_list("drugs")]
    forbidden = {*(account.name for account in city.accounts.values()), *city.divisions, *(u.name for u in city.units.values()), *drugs}
    forbidden |= {"毒", "吸", "戒", "尿检", "检测", "案", "镇长", "主任", "同志", "社区", "公安"}
    for sentence in Sentence:
        words = Said(sentence, (1,) * arity(sentence)).words
        assert not [one for one in forbidden if one and one in words], sentence


def test_the_row_of_a_reminder_has_no_room_for_a_text() -> None:
    """Every text column is a code of a closed list; ``occasion`` is a code and a day."""
    texts = [field for field in Reminder._meta.get_fields() if isinstance(field, django_models.CharField | django_models.TextField | django_models.JSONField)]
    assert {field.name for field in texts if not field.choices} == {"occasion"}
    assert Reminder._meta.get_field("occasion").max_length == 40


@pytest.mark.django_db
def test_the_database_refuses_another_sentence(city: City) -> None:
    row = {"account": city.accounts["clerk"], "channel": "sms", "occasion": "x", "not_before": NOON, "created_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(sentence="free", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(sentence="alarm", first=LARGEST + 1, **row)


# --- once ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_one_occasion_makes_one_reminder_a_channel_however_often_it_is_asked(someone: Account) -> None:
    assert len(reminders.remind(account_id=someone.pk, said=DIGEST, occasion="digest:2022-11-23")) == 4
    assert reminders.remind(account_id=someone.pk, said=Said(Sentence.DIGEST, (9, 9)), occasion="digest:2022-11-23") == []
    assert Reminder.objects.filter(occasion="digest:2022-11-23").count() == 4
    inside = Reminder.objects.get(channel=Channel.IN_PAGE, occasion="digest:2022-11-23")
    assert inside.state == ReminderState.SENT and inside.said == DIGEST


@pytest.mark.django_db
def test_two_workers_at_once_send_it_once(someone: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second worker comes by while the first is talking to the gateway."""
    reminder = put(someone, Channel.SMS)
    sent: list[UUID] = []

    class Slow:
        leaves = True

        def send(self, *, reminder_id: UUID, address: str, said: Said) -> None:
            sent.append(reminder_id)
            assert reminders.deliver() == 0

    monkeypatch.setattr(senders, "sender_for", lambda channel: Slow())
    assert reminders.deliver() == 1 and reminders.deliver() == 0
    assert sent == [reminder.pk]


@pytest.mark.django_db
def test_a_worker_that_read_the_list_before_the_other_claimed_sends_nothing(someone: Account, settings: Any) -> None:
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
        reminder = put(someone, Channel.SMS)
        assert reminders.deliver() == 1
        assert reminders._deliver(reminder.pk) is False, "the second still has its number in hand"
    assert len(end.asked) == 1


@pytest.mark.django_db
def test_a_worker_broken_off_while_sending_is_told_and_never_repeated(someone: Account, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
        reminder = put(someone, Channel.SMS)
        Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.SENDING, claimed_at=NOON, tries=1)
        reminders.deliver()
        reminder.refresh_from_db()
        assert reminder.state == ReminderState.SENDING, "it may still be at work"
        monkeypatch.setattr(clock, "now", lambda: NOON + rules.CLAIM_LASTS + timedelta(seconds=1))
        reminders.deliver()
    reminder.refresh_from_db()
    assert (reminder.state, reminder.refused, end.asked) == (ReminderState.GIVEN_UP, Refusal.INTERRUPTED, [])


# --- real ends -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_mail_leaves_by_smtp_with_the_sentence_and_nothing_else(someone: Account, settings: Any) -> None:
    with mail_server() as end:
        settings.QINGYUAN_EMAIL_URL = f"smtp://127.0.0.1:{end.port}?from=qingyuan@example.gov.cn"
        reminder = put(someone, Channel.EMAIL)
        assert reminders.deliver() == 1
    reminder.refresh_from_db()
    assert reminder.state == ReminderState.SENT and reminder.sent_at == NOON
    [(recipients, text)] = end.mails
    mail = message_from_bytes(text, policy=default)
    assert recipients == ["hejie@example.gov.cn"] and mail["From"] == "qingyuan@example.gov.cn"
    assert mail["Subject"] == "清源提醒" and mail["Message-ID"] == f"<{reminder.pk}@qingyuan.invalid>"
    assert mail.get_content().strip() == "清源:您有 3 项工作今天到期,1 项已逾期,请登录查看"
    assert "何姐" not in str(mail) and "龙洞" not in str(mail)


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "state", "refused"), [
    ("550 no such mailbox", ReminderState.GIVEN_UP, Refusal.REJECTED), ("451 later", ReminderState.WAITING, ""),
])  # fmt: skip
def test_a_mailbox_that_is_not_there_is_given_up_and_a_busy_one_tried_again(
    someone: Account, settings: Any, answer: str, state: str, refused: str
) -> None:
    with mail_server(answer) as end:
        settings.QINGYUAN_EMAIL_URL = f"smtp://127.0.0.1:{end.port}?from=qingyuan@example.gov.cn"
        reminder = put(someone, Channel.EMAIL)
        assert reminders.deliver() == 0
    reminder.refresh_from_db()
    assert (reminder.state, reminder.refused, end.mails) == (state, refused, [])


@pytest.mark.django_db
@pytest.mark.parametrize(("channel", "setting", "address"), [
    (Channel.SMS, "QINGYUAN_SMS", "13900000001"), (Channel.MESSENGER, "QINGYUAN_MESSENGER", "hejie.ld"),
])  # fmt: skip
def test_a_gateway_gets_code_numbers_and_words_signed_with_the_shared_secret(
    someone: Account, settings: Any, channel: Channel, setting: str, address: str
) -> None:
    with gateway() as end:
        setattr(settings, setting, {"url": end.url, "secret": SECRET})
        reminder = put(someone, channel)
        assert reminders.deliver() == 1
    [(headers, body, raw)] = end.asked
    assert body == {
        "id": str(reminder.pk), "to": address, "code": "digest", "numbers": [3, 1],
        "text": "清源:您有 3 项工作今天到期,1 项已逾期,请登录查看",
    }  # fmt: skip
    assert headers["X-Qingyuan-Signature"] == "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "state"), [(400, "given_up"), (403, "given_up"), (429, "waiting"), (500, "waiting"), (503, "waiting"), (302, "given_up")])
def test_what_a_gateway_answers_decides_whether_it_is_tried_again(someone: Account, settings: Any, status: int, state: str) -> None:
    with gateway() as end:
        end.status, end.location = status, end.url + "/elsewhere" if status == 302 else ""
        settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
        reminder = put(someone, Channel.SMS)
        reminders.deliver()
    reminder.refresh_from_db()
    assert reminder.state == state and len(end.asked) == 1, "no redirect is followed"


@pytest.mark.django_db
def test_an_end_that_never_answers_is_tried_ever_later_and_then_given_up_visibly(
    someone: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gateway() as end:
        pass  # the port is shut again
    settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
    reminder, moment, gaps = put(someone, Channel.SMS), NOON, []
    for _try in range(len(rules.BACKOFF)):
        reminders.deliver()
        reminder.refresh_from_db()
        assert reminder.state == ReminderState.WAITING
        gaps.append(reminder.not_before - moment)
        moment = reminder.not_before
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
    assert gaps == sorted(gaps) == list(rules.BACKOFF)
    reminders.deliver()
    reminder.refresh_from_db()
    assert (reminder.state, reminder.refused, reminder.tries) == (ReminderState.GIVEN_UP, Refusal.UNREACHABLE, len(rules.BACKOFF) + 1)


@pytest.mark.django_db
def test_in_the_demo_it_is_held_in_the_outbox_whatever_is_set(someone: Account, settings: Any) -> None:
    settings.QINGYUAN_DEMO = True
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
        reminder = put(someone, Channel.SMS)
        reminders.deliver()
    reminder.refresh_from_db()
    assert reminder.state == ReminderState.HELD and end.asked == []


@pytest.mark.django_db
def test_nothing_goes_to_an_address_that_is_not_proved_nor_to_a_disabled_account(
    someone: Account, city: City, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": SECRET}
        reminder = put(someone, Channel.SMS)
        monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=2))
        code = contacts.enter(account=someone, channel="sms", address="13900000002", by=city.actor("caseworker"))
        reminders.deliver()
        reminder.refresh_from_db()
        assert (reminder.state, reminder.refused) == (ReminderState.GIVEN_UP, Refusal.NO_ADDRESS)
        contacts.verify(account=someone, channel="sms", code=f"{code:06d}", by=city.actor("caseworker"))
        Account.objects.filter(pk=someone.pk).update(is_active=False)
        put(someone, Channel.SMS, occasion="digest:2022-11-24")
        reminders.deliver()
    assert end.asked == [] and Reminder.objects.filter(refused=Refusal.NO_ADDRESS).count() >= 1


@pytest.mark.django_db
def test_a_channel_this_installation_does_not_have_says_so(someone: Account) -> None:
    reminder = put(someone, Channel.MESSENGER)
    assert reminders.deliver() == 0
    reminder.refresh_from_db()
    assert reminder.refused == Refusal.NOT_SET_UP and senders.offered() == []


# --- hours and choices -----------------------------------------------------------------------------------------------
@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 23 * 60 + 59))
def test_a_reminder_never_leaves_in_the_quiet_hours_and_never_waits_longer_than_they_last(start: int, end: int, minute: int) -> None:
    now = datetime(2022, 11, 23, minute // 60, minute % 60, tzinfo=ZONE)
    goes = rules.not_before(now, start, end)
    quiet = {(start + hour) % 24 for hour in range((end - start) % 24)}
    assert goes >= now and goes.hour not in quiet
    assert goes == now if now.hour not in quiet else goes - now <= timedelta(hours=(end - start) % 24)


@pytest.mark.django_db
def test_at_night_it_waits_for_the_morning_and_a_code_does_not(someone: Account, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    night = NOON.replace(hour=23)
    monkeypatch.setattr(clock, "now", lambda: night)
    reminder = put(someone, Channel.SMS)
    assert reminder.not_before == datetime(2022, 11, 24, 7, 0, tzinfo=ZONE)
    assert reminders.send_code(account_id=someone.pk, channel="sms", code=123).not_before == night


@pytest.mark.django_db
def test_what_the_law_makes_due_today_stands_in_the_page_though_it_was_switched_off(someone: Account, city: City) -> None:
    reminders.choose(account=someone, channels=[], quiet_from=21, quiet_to=7, digest_hour=8, version=1, by=city.actor("caseworker"))
    assert reminders.remind(account_id=someone.pk, said=DIGEST, occasion="digest:2022-11-23") == []
    [alarm] = reminders.remind(account_id=someone.pk, said=Said(Sentence.ALARM, (1,)), occasion="alarm:2022-11-23")
    assert alarm.channel == Channel.IN_PAGE and alarm.state == ReminderState.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "said"), [
    ({"digest_hour": 22}, "免打扰"), ({"quiet_to": 24}, "0 到 23"), ({"channels": ["pigeon"]}, "核实"), ({"version": 7}, "已在别处改过"),
])  # fmt: skip
def test_a_choice_that_cannot_be_is_refused_with_what_to_do(someone: Account, city: City, change: dict[str, Any], said: str) -> None:
    values = {"channels": ["sms"], "quiet_from": 21, "quiet_to": 7, "digest_hour": 8, "version": 1} | change
    with pytest.raises(reminders.ChoiceRefused, match=said):
        reminders.choose(account=someone, by=city.actor("caseworker"), **values)


@pytest.mark.django_db
def test_nobody_chooses_or_enters_for_another(someone: Account, city: City) -> None:
    with pytest.raises(reminders.ChoiceRefused):
        reminders.choose(account=someone, channels=[], quiet_from=21, quiet_to=7, digest_hour=8, version=1, by=city.actor("security"))
    for act in (
        lambda: contacts.enter(account=someone, channel="sms", address="13900000003", by=city.actor("security")),
        lambda: contacts.verify(account=someone, channel="sms", code="000000", by=city.actor("security")),
        lambda: contacts.forget(account=someone, channel="sms", by=city.actor("security")),
    ):
        with pytest.raises(contacts.ContactRefused):
            act()
