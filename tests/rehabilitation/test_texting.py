"""The one text a person may get: only who agreed, one sentence, once, by day, and nothing of it anywhere but at the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext

from qingyuan.casework.enums import Channel, Outcome, ReminderState
from qingyuan.casework.models import Due, Reminder
from qingyuan.casework.reminders import senders
from qingyuan.casework.reminders.sentences import Said
from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.clock import ZONE
from qingyuan.journeys import upkeep
from qingyuan.journeys.todo import own_requests
from qingyuan.rehabilitation.actions import own_page, texting
from qingyuan.rehabilitation.actions.texting import TextingRefused
from qingyuan.rehabilitation.enums import TextRefusal
from qingyuan.rehabilitation.models import AppointmentText, Client, Measure, OwnCode, TextConsent
from tests.casework.reminder_ends import Gateway, gateway
from tests.cast import TODAY, City, measure_values

pytestmark = pytest.mark.django_db
NOON = datetime(2022, 11, 23, 12, 0, tzinfo=ZONE)
NUMBER, WORDS = "13900000001", "您有一项预约,请查看"


class Hands:
    """The hands of a clock that a test turns."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **by: int) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    made = Hands()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def end(settings: Any) -> Iterator[Gateway]:
    settings.QINGYUAN_DEMO = False
    with gateway() as kept:
        settings.QINGYUAN_SMS = {"url": kept.url, "secret": "shared-with-the-gateway"}
        yield kept


@pytest.fixture
def person(city: City, hands: Hands) -> Client:
    """One window of the measure is open on the day of the tests, one more is made so."""
    city.enter("measures", "caseworker", measure_values(city, 0))
    client = Client.objects.get()
    own_page.hand_out(client=client, by=city.actor("caseworker"))
    own_page.set_pin(code=OwnCode.objects.get(), pin="402817")
    Due.objects.update(outcome=Outcome.CANCELLED, closed_reason="test")
    return client


@pytest.fixture
def window(person: Client) -> Due:
    return open_window(0)


def open_window(place: int, opens: date = TODAY - timedelta(days=1), days: int = 10) -> Due:
    due = list(Due.objects.order_by("position"))[place]
    due.outcome, due.closed_reason, due.opens_on, due.closes_on = Outcome.OPEN, "", opens, opens + timedelta(days=days)
    due.save()
    return due


def agreed(person: Client) -> TextConsent:
    return texting.agree(client=person, phone="139 0000 0001")


def sent(end: Gateway) -> list[dict[str, Any]]:
    texting.make_due()
    texting.deliver()
    return [body for _headers, body, _raw in end.asked]


# --- who and what --------------------------------------------------------------------------------------------------------
def test_who_agreed_gets_one_sentence_and_nothing_else(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    (body,) = sent(end)
    assert body == {"id": str(AppointmentText.objects.get().pk), "to": NUMBER, "code": "appointment", "numbers": [], "text": WORDS}
    assert len(sent(end)) == 1, "once, however often the worker comes by"
    assert AppointmentText.objects.get().state == ReminderState.SENT


def test_who_did_not_agree_gets_nothing_whatever_is_on_file(city: City, end: Gateway, person: Client, window: Due) -> None:
    texting.set_number(client=person, phone=NUMBER, by=city.actor("caseworker"))
    assert sent(end) == [] and not AppointmentText.objects.exists()


def test_nobody_without_a_page_in_use_gets_any(city: City, end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    own_page.hand_out(client=person, by=city.actor("caseworker"))
    assert sent(end) == [], "a new paper whose PIN nobody has set"
    own_page.revoke(client=person, by=city.actor("caseworker"))
    assert sent(end) == []


def test_a_window_that_is_not_open_says_nothing(end: Gateway, person: Client) -> None:
    open_window(0, opens=TODAY + timedelta(days=1))
    open_window(1, opens=TODAY - timedelta(days=20), days=20)
    agreed(person)
    assert sent(end) == []


def test_without_a_gateway_nobody_can_agree_and_nothing_is_looked_up(person: Client, window: Due, settings: Any) -> None:
    settings.QINGYUAN_DEMO, settings.QINGYUAN_SMS = False, None
    with pytest.raises(TextingRefused, match="没有接通"):
        agreed(person)
    with CaptureQueriesContext(connections["default"]) as asked:
        assert texting.make_due() == 0
    assert len(asked) == 0


def test_a_gateway_that_was_taken_away_is_said(end: Gateway, person: Client, window: Due, settings: Any) -> None:
    agreed(person)
    texting.make_due()
    settings.QINGYUAN_SMS = None
    assert texting.deliver() == 0
    assert AppointmentText.objects.get().refused == TextRefusal.NOT_SET_UP


def test_in_the_demo_nothing_leaves_and_it_stays_to_be_seen(person: Client, window: Due, settings: Any) -> None:
    settings.QINGYUAN_DEMO = True
    agreed(person)
    texting.make_due()
    assert texting.deliver() == 1 and AppointmentText.objects.get().state == ReminderState.HELD


@pytest.mark.parametrize("typed", ["", "12345", "0400-1234567", "不是号码"])
def test_without_a_mobile_number_there_is_nothing_to_agree_to(end: Gateway, person: Client, typed: str) -> None:
    with pytest.raises(TextingRefused, match="手机号"):
        texting.agree(client=person, phone=typed)
    assert not TextConsent.objects.exists() and Client.objects.get().phone == ""


# --- when ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hour", [0, 3, 7, 21, 22, 23])
def test_at_night_nothing_is_made_and_nothing_leaves(end: Gateway, person: Client, window: Due, hands: Hands, hour: int) -> None:
    agreed(person)
    texting.make_due()
    hands.moment = NOON.replace(hour=hour)
    assert texting.deliver() == 0 and end.asked == []
    assert AppointmentText.objects.get().state == ReminderState.WAITING
    hands.moment = datetime(2022, 11, 24, 8, 0, tzinfo=ZONE)
    assert texting.deliver() == 1


def test_two_windows_are_two_texts_on_two_days(end: Gateway, person: Client, hands: Hands) -> None:
    open_window(0), open_window(1)
    agreed(person)
    assert len(sent(end)) == 1
    hands.turn(hours=5)
    assert len(sent(end)) == 1, "one a day"
    hands.moment = datetime(2022, 11, 24, 7, 59, tzinfo=ZONE)
    assert len(sent(end)) == 1
    hands.turn(minutes=2)
    assert len(sent(end)) == 2
    assert AppointmentText.objects.values("due").distinct().count() == 2
    hands.turn(days=1)
    assert len(sent(end)) == 2


def test_what_is_done_or_closed_before_it_goes_does_not_go(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    texting.make_due()
    Due.objects.filter(pk=window.pk).update(outcome=Outcome.EXCUSED, closed_reason="住院")
    assert texting.deliver() == 0 and end.asked == []
    assert AppointmentText.objects.get().refused == TextRefusal.NO_LONGER


# --- taken back, sealed, gone --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["person", "caseworker", "supervisor"])
def test_a_consent_taken_back_stops_what_waits(city: City, end: Gateway, person: Client, window: Due, by: str) -> None:
    agreed(person)
    texting.make_due()
    if by == "person":
        assert texting.withdraw(client=person) == 1
    else:
        assert texting.withdraw(client=person, by=city.actor(by)) == 1
    assert texting.withdraw(client=person) == 0
    assert sent(end) == []
    kept = TextConsent.objects.get()
    assert kept.withdrawn_at is not None and kept.withdrawn_by_name
    assert agreed(person).pk != kept.pk, "agreed anew is a consent of its own"


@pytest.mark.parametrize("who", ["stranger", "officer", "clerk", "leader", "town_leader", "doctor", "auditor", "liaison"])
def test_nobody_else_takes_it_back_or_writes_a_number(city: City, end: Gateway, person: Client, who: str) -> None:
    agreed(person)
    with pytest.raises(TextingRefused):
        texting.withdraw(client=person, by=city.actor(who))
    with pytest.raises(TextingRefused):
        texting.set_number(client=person, phone="13900000009", by=city.actor(who))
    assert Client.objects.get().phone == NUMBER and texting.standing(person)


def test_who_is_sealed_gets_none(end: Gateway, person: Client, window: Due, city: City) -> None:
    agreed(person)
    texting.make_due()
    with transaction.atomic():
        texting.end(person, city.actor("supervisor"))
    Client.objects.update(sealed_on=TODAY)
    assert sent(end) == [] and texting.standing(person) is None
    with pytest.raises(TextingRefused, match="不在册"):
        agreed(person)


@pytest.mark.parametrize("what", ["sealed", "moved", "ended"])
def test_asked_again_in_the_last_moment(city: City, end: Gateway, person: Client, window: Due, what: str) -> None:
    """The text waits; then the person is sealed, moves to another unit, or the measure ends, and no action thought of the text."""
    agreed(person)
    texting.make_due()
    if what == "sealed":
        Client.objects.update(sealed_on=TODAY)
    elif what == "moved":
        Client.objects.update(unit=city.units["office"])
    else:
        Measure.objects.update(ended_on=TODAY, end_reason="discharged")
    assert texting.deliver() == 0 and end.asked == []
    assert AppointmentText.objects.get().refused == TextRefusal.NO_LONGER


def test_terms_that_changed_ask_for_a_new_consent(end: Gateway, person: Client, window: Due, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(person)
    monkeypatch.setattr(texting, "TERMS", 2)
    assert texting.standing(person) is None and sent(end) == []
    agreed(person)
    assert texting.standing(person) and TextConsent.objects.filter(withdrawn_at=None).count() == 1
    assert len(sent(end)) == 1


# --- once ----------------------------------------------------------------------------------------------------------------
def test_a_second_worker_that_comes_by_while_the_first_is_sending_sends_nothing(
    person: Client, window: Due, end: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(person)
    texting.make_due()
    gone: list[UUID] = []

    class Slow:
        leaves = True

        def send(self, *, reminder_id: UUID, address: str, said: Said) -> None:
            gone.append(reminder_id)
            assert texting.deliver() == 0 and texting.make_due() == 0

    monkeypatch.setattr(senders, "sender_for", lambda channel: Slow())
    assert texting.deliver() == 1 and texting.deliver() == 0
    assert len(gone) == 1


def test_the_database_holds_one_a_due_and_one_under_way(person: Client, window: Due, end: Gateway) -> None:
    agreed(person)
    texting.make_due()
    values = {"client": person, "unit_id": window.unit_id, "division_id": window.division_id, "not_before": NOON, "created_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentText.objects.create(due=window, state=ReminderState.GIVEN_UP, refused="no_longer", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentText.objects.create(due=open_window(1), **values)


def test_a_worker_that_was_broken_off_leaves_nothing_to_be_sent_twice(end: Gateway, person: Client, window: Due, hands: Hands) -> None:
    agreed(person)
    texting.make_due()
    AppointmentText.objects.update(state=ReminderState.SENDING, claimed_at=NOON, tries=1)
    hands.turn(minutes=11)
    assert sent(end) == []
    assert AppointmentText.objects.get().refused == TextRefusal.INTERRUPTED


# --- what comes of it ----------------------------------------------------------------------------------------------------
def test_a_gateway_that_is_down_is_tried_again_by_day_and_then_given_up(end: Gateway, person: Client, window: Due, hands: Hands) -> None:
    agreed(person)
    end.status = 503
    hours: list[int] = []
    for _try in range(4 * 24 * 60 // 30):
        before = len(end.asked)
        sent(end)
        hours += [hands.moment.hour] * (len(end.asked) - before)
        hands.turn(minutes=30)
    assert len(end.asked) == 6 and all(8 <= hour < 21 for hour in hours)
    assert len({body["id"] for _headers, body, _raw in end.asked}) == 1, "the gateway can tell that it is the same"
    kept = AppointmentText.objects.get()
    assert (kept.state, kept.refused) == (ReminderState.GIVEN_UP, TextRefusal.UNREACHABLE)


def _spent(end: Gateway, person: Client, hands: Hands) -> AppointmentText:
    """A text the gateway could not be reached for, on the first day; the clock stands on the next morning."""
    agreed(person)
    hands.moment = NOON.replace(hour=8)
    end.status = 503
    for _try in range(26):
        sent(end)
        hands.turn(minutes=30)
    kept = AppointmentText.objects.get()
    assert (kept.state, kept.refused, kept.tries, len(end.asked)) == (ReminderState.GIVEN_UP, TextRefusal.UNREACHABLE, texting.SERIES, 6)
    hands.moment = datetime(2022, 11, 24, 8, 0, tzinfo=ZONE)
    return kept


def _sms_to_an_account(city: City, at: datetime) -> None:
    """The gateway took something of somebody else."""
    Reminder.objects.create(
        account=city.accounts["clerk"], channel=Channel.SMS, sentence="digest", occasion=f"test:{at:%d%H}", state=ReminderState.SENT,
        sent_at=at, not_before=at, created_at=at,
    )  # fmt: skip


def test_what_was_given_up_is_made_again_once_when_the_gateway_is_back(
    city: City, end: Gateway, person: Client, window: Due, hands: Hands
) -> None:
    kept = _spent(end, person, hands)
    assert len(sent(end)) == 6, "nobody knows yet that the gateway is back"
    _sms_to_an_account(city, hands.moment)
    end.status = 200
    assert len(sent(end)) == 7 and end.asked[-1][1]["id"] == str(kept.pk), "the same text, and the gateway can tell"
    kept.refresh_from_db()
    assert kept.state == ReminderState.SENT and kept.sent_at == hands.moment
    hands.turn(days=1)
    assert len(sent(end)) == 7 and AppointmentText.objects.count() == 1


def test_the_second_giving_up_is_the_last(city: City, end: Gateway, person: Client, window: Due, hands: Hands) -> None:
    _spent(end, person, hands)
    _sms_to_an_account(city, hands.moment)
    hours = []
    for _try in range(6 * 48):
        before = len(end.asked)
        sent(end)
        hours += [hands.moment.hour] * (len(end.asked) - before)
        hands.turn(minutes=30)
        if (hands.moment.hour, hands.moment.minute) == (12, 0):
            _sms_to_an_account(city, hands.moment)
            Reminder.objects.exclude(sent_at=hands.moment).delete()
    assert len(end.asked) == 12 and all(8 <= hour < 21 for hour in hours)
    assert AppointmentText.objects.get().refused == TextRefusal.UNREACHABLE


def test_without_a_sign_of_the_gateway_the_last_day_is_tried(end: Gateway, person: Client, window: Due, hands: Hands) -> None:
    _spent(end, person, hands)
    end.status = 200
    last = window.closes_on - timedelta(days=1)
    hands.moment = datetime(last.year, last.month, last.day, 7, 0, tzinfo=ZONE) - timedelta(days=1)
    assert len(sent(end)) == 6
    hands.turn(days=1)
    assert len(sent(end)) == 6, "not at night"
    hands.turn(hours=2)
    assert len(sent(end)) == 7


@pytest.mark.parametrize("what", ["excused", "withdrawn", "closed"])
def test_what_is_no_longer_wanted_is_not_made_again(
    city: City, end: Gateway, person: Client, window: Due, hands: Hands, what: str
) -> None:
    _spent(end, person, hands)
    _sms_to_an_account(city, hands.moment)
    end.status = 200
    if what == "excused":
        Due.objects.filter(pk=window.pk).update(outcome=Outcome.EXCUSED, closed_reason="住院")
    elif what == "withdrawn":
        texting.withdraw(client=person)
    else:
        hands.moment = datetime.combine(window.closes_on, NOON.timetz())
    assert len(sent(end)) == 6


def test_made_again_waits_for_the_day_after_another_text(city: City, end: Gateway, person: Client, window: Due, hands: Hands) -> None:
    """The second window's text goes on the day after the tries; the first window's comes back on the day after that: one a day."""
    first = _spent(end, person, hands)
    end.status = 200
    open_window(1, opens=TODAY + timedelta(days=1))
    assert len(sent(end)) == 7 and end.asked[-1][1]["id"] != str(first.pk)
    assert len(sent(end)) == 7
    hands.turn(days=1)
    assert len(sent(end)) == 8 and end.asked[-1][1]["id"] == str(first.pk)


def test_a_gateway_that_is_set_up_again_sends_what_it_could_not(end: Gateway, person: Client, window: Due, hands: Hands, settings: Any) -> None:
    agreed(person)
    texting.make_due()
    way, settings.QINGYUAN_SMS = settings.QINGYUAN_SMS, None
    texting.deliver()
    settings.QINGYUAN_SMS = way
    hands.turn(days=1)
    assert len(sent(end)) == 1


def test_what_failed_waits_on_the_caseworkers_day_without_name_or_number(city: City, end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    end.status = 400
    sent(end)
    (job,) = own_requests.jobs(city.actor("supervisor"), TODAY)
    assert "没有发出" in job.title and "号码可能不对" in job.note
    assert NUMBER not in repr(job) and person.name not in repr(job)
    for who in ("stranger", "officer", "clerk", "town_leader", "doctor"):
        assert own_requests.jobs(city.actor(who), TODAY) == [], who
    Due.objects.filter(pk=window.pk).update(outcome=Outcome.EXCUSED, closed_reason="x")
    assert own_requests.jobs(city.actor("supervisor"), TODAY) == [], "the window is answered: nobody has to be told any more"


def test_the_log_has_the_sentence_and_no_number_no_name(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    sent(end)
    entry = WriteEntry.objects.get(act="appointment-texts.send")
    assert entry.summary == WORDS and entry.row_id == AppointmentText.objects.get().pk
    said = " ".join(str(vars(one)) for one in (*WriteEntry.objects.all(), *RowChange.objects.all()))
    assert NUMBER not in said and person.name not in said
    assert WriteEntry.objects.filter(act="text-consents.agree").exists() and WriteEntry.objects.filter(act="clients.set_phone").exists()


def test_the_number_stands_nowhere_in_the_clear(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    sent(end)
    with connections["default"].cursor() as cursor:
        cursor.execute("select phone from rehabilitation_client")
        assert NUMBER not in cursor.fetchone()[0]
    texts = [field.name for field in AppointmentText._meta.concrete_fields if field.get_internal_type() in ("CharField", "TextField")]
    assert all(AppointmentText._meta.get_field(name).choices for name in texts), "no room for a word"


def test_the_number_is_opened_only_when_it_is_sent(end: Gateway, person: Client, window: Due, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(person)
    opened: list[str] = []
    field = Client._meta.get_field("phone")
    real = type(field).reveal

    def reveal(self: Any, stored: Any) -> Any:
        if self is field and stored:
            opened.append(stored)
        return real(self, stored)

    monkeypatch.setattr(type(field), "reveal", reveal)
    texting.make_due()
    assert opened == []
    texting.deliver()
    assert len(opened) == 1


def test_the_worker_does_it(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    does = {duty.name: duty.do for duty in upkeep.duties()}
    does["texts"](), does["texts out"]()
    assert len(end.asked) == 1


def test_a_text_answers_nothing(end: Gateway, person: Client, window: Due) -> None:
    agreed(person)
    sent(end)
    assert Due.objects.get(pk=window.pk).outcome == Outcome.OPEN, "only a test or an excuse does"
