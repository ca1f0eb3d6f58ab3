"""The only writers of the one text a person may get («您有一项预约,请查看»), of its consent and of the number it goes to.

The person agrees on their own page and nobody agrees for them. What is sent is the same sentence for everybody, through the door of all
reminders (``casework/reminders``). Each text is claimed by a change of its state, so that two workers, or one that was broken off, send
nothing twice; whether it may still go is asked again in the moment before it goes, and only then is the number read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Channel, ReminderState
from qingyuan.casework.models import Due, Reminder
from qingyuan.casework.reminders import rules as of_reminders
from qingyuan.casework.reminders import senders
from qingyuan.casework.reminders.sentences import WORDS, Said, Sentence
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation.actions.own_page import CODES, PERSON
from qingyuan.rehabilitation.enums import TextRefusal
from qingyuan.rehabilitation.models import AppointmentText, Client, Measure, OwnCode, TextConsent
from qingyuan.rehabilitation.rules import texting as rules

logger = logging.getLogger(__name__)
#: Under which subjects the audit names them.
CONSENTS: Final = "text-consents"
TEXTS: Final = "appointment-texts"
SENDER: Final = Actor(account_id=None, username="upkeep", name="按本人同意发送", unit_id=None)
#: The version of what the person is told before they agree (``web/own_page``); a change of it is a new number and a new consent.
TERMS: Final = 1
SAID: Final = Said(Sentence.APPOINTMENT)
SLICE: Final = 20
CHUNK: Final = 400
#: After so many tries a text is given up; it is made again once, with as many.
SERIES: Final = len(of_reminders.BACKOFF) + 1


class TextingRefused(ValueError):
    """Nothing was done; the message says why and what to do."""


def is_offered() -> bool:
    """Whether this installation has a way to send texts at all (``QINGYUAN_SMS_URL``)."""
    return senders.sender_for(Channel.SMS) is not None


def standing(client: Client) -> TextConsent | None:
    """The consent that holds; None where there is none, or one to terms that have changed since."""
    return TextConsent.objects.filter(client=client, withdrawn_at=None, terms=TERMS).first()


# --- consent and number ------------------------------------------------------------------------------------------------
@transaction.atomic
def agree(*, client: Client, phone: str = "") -> TextConsent:
    """The person agrees on their own page; ``phone`` as they typed it, "" to keep the one on file. Raises TextingRefused."""
    held = _locked(client)
    if not is_offered():
        raise TextingRefused(_("本平台没有接通短信,现在发不了。"))
    number = rules.mobile(phone)
    if phone.strip() and not number:
        raise TextingRefused(_("请填 11 位手机号;座机收不到短信。"))
    if not number and not rules.mobile(held.phone or ""):
        raise TextingRefused(_("还没有登记您的手机号:请填在上面,再按同意。"))
    if number:
        _keep_number(held, number, PERSON)
    if (found := standing(held)) is not None:
        return found
    _withdraw(held, PERSON)
    made = TextConsent.objects.create(client=held, terms=TERMS, agreed_at=clock.now())
    _record("agree", CONSENTS, made.pk, held.division_id, PERSON, f"terms {TERMS}")
    return made


@transaction.atomic
def withdraw(*, client: Client, by: Actor = PERSON) -> int:
    """No more texts, whenever and without a reason: on the own page, or the caseworker for the person. What waits does not go.
    Returns how many consents there were (0 or 1). Raises TextingRefused for somebody else's client."""
    held = Client.objects.select_for_update().get(pk=client.pk)
    _require_theirs(held, by)
    return _withdraw(held, by)


def end(client: Client, by: Actor) -> None:
    """The person leaves the register (inside the caller's transaction)."""
    _withdraw(client, by)


@transaction.atomic
def set_number(*, client: Client, phone: str, by: Actor) -> None:
    """The caseworker enters the number the person gave, or takes it out (""). Raises TextingRefused."""
    held = _locked(client)
    _require_theirs(held, by)
    number = rules.mobile(phone)
    if phone.strip() and not number:
        raise TextingRefused(_("请填 11 位手机号;座机收不到短信。"))
    _keep_number(held, number, by)


def _keep_number(held: Client, number: str, by: Actor) -> None:
    if held.phone == number:
        return
    delta = audit.RowDelta(
        row_id=held.pk, compartment=Compartment.COMMUNITY, before={"phone": held.phone}, after={"phone": number}, personal=frozenset({"phone"})
    )
    held.phone = number
    held.save(update_fields=["phone"])
    audit.record_write(by=by, act="clients.set_phone", ledger="clients", rows=[delta], division_id=held.division_id)


def _withdraw(held: Client, by: Actor) -> int:
    found = list(TextConsent.objects.select_for_update().filter(client=held, withdrawn_at=None))
    for one in found:
        one.withdrawn_at, one.withdrawn_by_id, one.withdrawn_by_name = clock.now(), by.account_id, by.name[:40]
        one.save()
        _record("withdraw", CONSENTS, one.pk, held.division_id, by)
    waiting = AppointmentText.objects.filter(client=held, state=ReminderState.WAITING)
    waiting.update(state=ReminderState.GIVEN_UP, refused=TextRefusal.NO_LONGER)
    return len(found)


def _locked(client: Client) -> Client:
    held = Client.objects.select_for_update().filter(pk=client.pk, sealed_on=None).first()
    if held is None:
        raise TextingRefused(_("这个人已经不在册。"))
    return held


def _require_theirs(client: Client, by: Actor) -> None:
    if by is PERSON:
        return
    allowed = may(
        by, Action.CREATE, compartment=Compartment.COMMUNITY, ledger=CODES, on=clock.today(),
        division_id=client.division_id, unit_id=client.unit_id, caseworker_id=client.caseworker_id or 0,
    )  # fmt: skip
    if not allowed:
        raise TextingRefused(_("手机号和短信由这个人的社工或者本单位禁毒专干办理。"))


# --- making ------------------------------------------------------------------------------------------------------------
def make_due() -> int:
    """A text for every window that is open, of everybody who agreed and has an own page in use; one a due, one a person at a time.
    One that was given up because the gateway was down is made again, once. Returns how many are new or made again. Nothing is looked up
    where no text could leave, or at night."""
    now = clock.now()
    if not is_offered() or of_reminders.is_quiet(now.hour, rules.QUIET_FROM, rules.QUIET_TO):
        return 0
    agreed = TextConsent.objects.filter(withdrawn_at=None, terms=TERMS, client__sealed_on=None)
    ids = list(agreed.filter(client__own_codes__in=_in_use()).values_list("client_id", flat=True).order_by("client_id"))
    through = _last_through()
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    return sum(_make_again(chunk, now, through) + _make(chunk, now) for chunk in chunks)


def _last_through() -> datetime | None:
    """When the gateway last took a text, to whomever."""
    taken = (
        AppointmentText.objects.filter(state=ReminderState.SENT).aggregate(last=Max("sent_at"))["last"],
        Reminder.objects.filter(channel=Channel.SMS, state=ReminderState.SENT).aggregate(last=Max("sent_at"))["last"],
    )
    return max((one for one in taken if one is not None), default=None)


def _make_again(ids: Sequence[UUID], now: datetime, through: datetime | None) -> int:
    """Texts that were given up after one series of tries (or because there was no gateway) and whose window is still open wait again: as
    soon as the gateway took another text (``through``), else on the last day on which they may go. A person who has one under way, or
    got or was tried on the same day, waits as for any text; whether it may go is asked again before it goes."""
    on, last, made = now.date(), _last_days(ids), 0
    busy = set(AppointmentText.objects.under_way().filter(client_id__in=ids).values_list("client_id", flat=True))
    spent = Q(refused=TextRefusal.UNREACHABLE, tries=SERIES) | Q(refused=TextRefusal.NOT_SET_UP)
    lost = AppointmentText.objects.filter(spent, client_id__in=ids, state=ReminderState.GIVEN_UP, due__in=Due.objects.open_on(on))
    for text in lost.exclude(client_id__in=busy).select_related("due").order_by("due__closes_on", "pk"):
        moment = rules.when(now, opens_on=text.due.opens_on, closes_on=text.due.closes_on, last_on=last.get(text.client_id))
        if moment is None or text.client_id in busy or not _may_be_back(text, moment, through):
            continue
        busy.add(text.client_id)
        made += _wait_again(text, moment)
    return made


def _may_be_back(text: AppointmentText, moment: datetime, through: datetime | None) -> bool:
    if text.refused == TextRefusal.NOT_SET_UP or rules.is_last_day(moment, text.due.closes_on):
        return True
    return through is not None and text.claimed_at is not None and through > text.claimed_at


def _wait_again(text: AppointmentText, moment: datetime) -> int:
    """One by one, so that a text another worker has made for the person in this moment stands."""
    given_up = AppointmentText.objects.filter(pk=text.pk, state=ReminderState.GIVEN_UP, tries=text.tries)
    try:
        with transaction.atomic():
            return given_up.update(state=ReminderState.WAITING, refused="", not_before=moment)
    except IntegrityError:
        return 0


def _in_use() -> Any:
    return OwnCode.objects.filter(revoked_at=None).exclude(pin="")


def _make(ids: Sequence[UUID], now: datetime) -> int:
    on = now.date()
    busy = set(AppointmentText.objects.under_way().filter(client_id__in=ids).values_list("client_id", flat=True))
    owners = {pk: owner for pk, owner in _running(ids, on) if owner not in busy}
    last = _last_days(ids)
    places = dict(Client.objects.filter(pk__in=ids).values_list("pk", "unit_id"))
    made: dict[UUID, AppointmentText] = {}
    known = AppointmentText.objects.values("due")
    for due in Due.objects.open_on(on).filter(subject_id__in=list(owners)).exclude(pk__in=known).order_by("closes_on", "pk"):
        client_id = owners[due.subject_id]
        moment = rules.when(now, opens_on=due.opens_on, closes_on=due.closes_on, last_on=last.get(client_id))
        if moment is None or client_id in made or due.unit_id != places[client_id]:
            continue
        made[client_id] = AppointmentText(
            client_id=client_id, due=due, unit_id=due.unit_id, division_id=due.division_id, not_before=moment, created_at=now
        )
    before = AppointmentText.objects.count()
    # What another worker made in this moment stands: one a due, one a person under way.
    AppointmentText.objects.bulk_create(made.values(), ignore_conflicts=True)
    return AppointmentText.objects.count() - before if made else 0


def _running(ids: Sequence[UUID], on: date) -> list[tuple[UUID, UUID]]:
    """Measures that are carried out on a day, with whose they are."""
    found = Measure.objects.filter(client_id__in=ids).values_list("pk", "client_id", "ended_on")
    return [(pk, owner) for pk, owner, ended_on in found if ended_on is None or ended_on > on]


def _last_days(ids: Sequence[UUID], but: UUID | None = None) -> dict[UUID, date]:
    """The latest day on which a text to each person was tried: whether it arrived nobody knows for certain."""
    tried = AppointmentText.objects.filter(client_id__in=ids, claimed_at__isnull=False, tries__gt=0)
    if but is not None:
        tried = tried.exclude(pk=but)
    latest = tried.order_by().values_list("client_id").annotate(Max("claimed_at"))
    return {client_id: clock.day_of(moment) for client_id, moment in latest}


# --- sending -----------------------------------------------------------------------------------------------------------
def deliver(*, limit: int = SLICE) -> int:
    """Hand on what waits, one at a time; returns how many left, or are held in a demo."""
    now = clock.now()
    _give_up_broken(now)
    ids = list(AppointmentText.objects.to_send_at(now).order_by("not_before", "pk").values_list("pk", flat=True)[:limit])
    return sum(_deliver(pk) for pk in ids)


def _deliver(pk: UUID) -> bool:
    now = clock.now()
    text = AppointmentText.objects.select_related("due").get(pk=pk)
    moment = rules.when(
        now, opens_on=text.due.opens_on, closes_on=text.due.closes_on, last_on=_last_days([text.client_id], but=pk).get(text.client_id)
    )
    waiting = AppointmentText.objects.to_send_at(now).filter(pk=pk)
    if moment is not None and moment > now:
        waiting.update(not_before=moment)
        return False
    if not waiting.update(state=ReminderState.SENDING, claimed_at=now, tries=F("tries") + 1):
        return False  # another worker has it
    text.refresh_from_db(fields=["state", "claimed_at", "tries"])
    if moment is None or not _still_wanted(text, now.date()):
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.NO_LONGER)
        return False
    sender = senders.sender_for(Channel.SMS)
    if sender is None:
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.NOT_SET_UP)
        return False
    # Here and nowhere else the number is opened; it is handed to the gateway and forgotten.
    number = rules.mobile(Client.objects.filter(pk=text.client_id).values_list("phone", flat=True).get() or "")
    if not number:
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.NO_MOBILE)
        return False
    try:
        sender.send(reminder_id=text.pk, address=number, said=SAID)
    except senders.Rejected:
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.REJECTED)
    except senders.Unreachable:
        _try_again(text, now)
    else:
        _finish(text, ReminderState.SENT if sender.leaves else ReminderState.HELD)
        return True
    logger.warning("appointment text %s not sent, try %s", text.pk, text.tries)
    return False


def _still_wanted(text: AppointmentText, on: date) -> bool:
    """Asked in the last moment: the consent stands, the page is in use, the window is open and the person still here."""
    agreed = TextConsent.objects.filter(client_id=text.client_id, withdrawn_at=None, terms=TERMS, client__sealed_on=None)
    if not agreed.filter(client__own_codes__in=_in_use()).exists():
        return False
    if not Client.objects.filter(pk=text.client_id, unit_id=text.unit_id).exists():
        return False
    return Due.objects.open_on(on).filter(pk=text.due_id, subject_id__in=dict(_running([text.client_id], on))).exists()


def _try_again(text: AppointmentText, now: datetime) -> None:
    later = of_reminders.next_try(now, (text.tries - 1) % SERIES + 1)
    again = later and rules.when(later, opens_on=text.due.opens_on, closes_on=text.due.closes_on, last_on=None)
    if again is None:
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.UNREACHABLE)
    else:
        _finish(text, ReminderState.WAITING, again=again)


@transaction.atomic
def _finish(text: AppointmentText, state: ReminderState, refused: TextRefusal | None = None, again: datetime | None = None) -> None:
    """Only what this worker claimed; what came of it goes into the log with the one sentence and nothing else."""
    gone = state in (ReminderState.SENT, ReminderState.HELD)
    changes = {"state": state, "refused": refused or "", "sent_at": clock.now() if gone else None}
    if again is not None:
        changes["not_before"] = again
    claimed = AppointmentText.objects.filter(pk=text.pk, state=ReminderState.SENDING, claimed_at=text.claimed_at)
    if not claimed.update(**changes) or state == ReminderState.WAITING:
        return
    if gone:
        _record("send", TEXTS, text.pk, text.division_id, SENDER, WORDS[Sentence.APPOINTMENT])
    else:
        _record("give_up", TEXTS, text.pk, text.division_id, SENDER, str(refused))


def _give_up_broken(now: datetime) -> None:
    broken = AppointmentText.objects.filter(state=ReminderState.SENDING, claimed_at__lt=now - of_reminders.CLAIM_LASTS)
    for text in broken.select_related("due"):
        _finish(text, ReminderState.GIVEN_UP, TextRefusal.INTERRUPTED)


def _record(act: str, subject: str, row_id: UUID, division_id: int, by: Actor, summary: str = "") -> None:
    audit.record_write(by=by, act=f"{subject}.{act}", ledger=subject, row_id=row_id, division_id=division_id, summary=summary)


__all__ = ["TextingRefused", "agree", "deliver", "end", "is_offered", "make_due", "set_number", "standing", "withdraw"]
