"""The only writers of the outbox. Each reminder is claimed by a change of its state before it is handed on: whoever did not
make that change does not send it. A claim that nobody finished is given up, never sent a second time."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Channel, Refusal, ReminderState
from qingyuan.casework.models import Reminder, ReminderChoice
from qingyuan.casework.reminders import rules, senders
from qingyuan.casework.reminders.queries import choice_of
from qingyuan.casework.reminders.sentences import Said, Sentence
from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account, Contact

logger = logging.getLogger(__name__)
#: So many are handed on in one slice: the worker has other things to do.
SLICE: Final = 20
#: What is said at once, whatever the hour: its holder sits and waits for it.
AT_ONCE: Final = frozenset({Sentence.CONTACT_CODE})
#: What cannot be switched off inside the page.
ALWAYS: Final = frozenset({Sentence.ALARM})


class ChoiceRefused(ValueError):
    """The choice stays as it was; the message says what to change."""


@transaction.atomic
def remind(*, account_id: int, said: Said, occasion: str) -> list[Reminder]:
    """Put ``said`` into the outbox for every channel its holder chose; what is there for this occasion is left as it is.

    Returns those that are new.
    """
    choice, now = choice_of(account_id), clock.now()
    channels = [channel for channel in Channel if choice.wants(channel) or (channel == Channel.IN_PAGE and said.sentence in ALWAYS)]
    return [made for channel in channels if (made := _put(account_id, channel, said, occasion, choice, now)) is not None]


@transaction.atomic
def send_code(*, account_id: int, channel: str, code: int) -> Reminder:
    """The code that proves a contact, through that channel alone, chosen or not."""
    now = clock.now()
    _wipe_codes(account_id, channel)
    said = Said(Sentence.CONTACT_CODE, (code,))
    made = _put(account_id, Channel(channel), said, f"code:{now:%Y-%m-%dT%H:%M:%S.%f}", choice_of(account_id), now)
    assert made is not None
    return made


@transaction.atomic
def code_used(*, account_id: int, channel: str) -> None:
    """A code that was used does not go on standing in the outbox."""
    _wipe_codes(account_id, channel)


def _wipe_codes(account_id: int, channel: str) -> None:
    old = Reminder.objects.filter(account_id=account_id, channel=channel, sentence=Sentence.CONTACT_CODE)
    old.filter(state=ReminderState.WAITING).update(state=ReminderState.GIVEN_UP, refused=Refusal.INTERRUPTED)
    old.exclude(state=ReminderState.SENDING).update(first=0)


def _put(
    account_id: int, channel: Channel, said: Said, occasion: str, choice: ReminderChoice, now: datetime
) -> Reminder | None:
    first, second = (*said.numbers, None, None)[:2]
    in_page = channel == Channel.IN_PAGE
    when = now if in_page or said.sentence in AT_ONCE else rules.not_before(now, choice.quiet_from, choice.quiet_to)
    values = {
        "sentence": said.sentence,
        "first": first,
        "second": second,
        "state": ReminderState.SENT if in_page else ReminderState.WAITING,
        "sent_at": now if in_page else None,
        "not_before": when,
        "created_at": now,
    }
    reminder, new = Reminder.objects.get_or_create(
        account_id=account_id, channel=channel, occasion=occasion, defaults=values
    )
    return reminder if new else None


def deliver(*, limit: int = SLICE) -> int:
    """Hand on what waits, one at a time, ``limit`` at most; returns how many left or are held."""
    now = clock.now()
    _give_up_broken(now)
    ids = list(Reminder.objects.to_send_at(now).order_by("not_before", "pk").values_list("pk", flat=True)[:limit])
    return sum(_deliver(reminder_id) for reminder_id in ids)


def _deliver(reminder_id: UUID) -> bool:
    now = clock.now()
    waiting = Reminder.objects.to_send_at(now).filter(pk=reminder_id)
    if not waiting.update(state=ReminderState.SENDING, claimed_at=now, tries=F("tries") + 1):
        return False  # another worker has it
    reminder = Reminder.objects.get(pk=reminder_id)
    sender = senders.sender_for(reminder.channel)
    address = _address(reminder)
    if sender is None or address is None:
        _finish(reminder, ReminderState.GIVEN_UP, Refusal.NOT_SET_UP if sender is None else Refusal.NO_ADDRESS)
        return False
    try:
        sender.send(reminder_id=reminder.pk, address=address, said=reminder.said)
    except senders.Rejected:
        _finish(reminder, ReminderState.GIVEN_UP, Refusal.REJECTED)
    except senders.Unreachable:
        again = rules.next_try(now, reminder.tries)
        if again is None:
            _finish(reminder, ReminderState.GIVEN_UP, Refusal.UNREACHABLE)
        else:
            _finish(reminder, ReminderState.WAITING, again=again)
    else:
        _finish(reminder, ReminderState.SENT if sender.leaves else ReminderState.HELD)
        return True
    logger.warning("reminder %s not sent through %s, try %s", reminder.pk, reminder.channel, reminder.tries)
    return False


def _finish(reminder: Reminder, state: ReminderState, refused: Refusal | None = None, again: datetime | None = None) -> None:
    """Only what this worker claimed: a claim that was given up meanwhile stays given up."""
    done = state in (ReminderState.SENT, ReminderState.HELD)
    changes = {"state": state, "refused": refused or "", "sent_at": clock.now() if done else None}
    if again is not None:
        changes["not_before"] = again
    claimed = Reminder.objects.filter(pk=reminder.pk, state=ReminderState.SENDING, claimed_at=reminder.claimed_at)
    claimed.update(**changes)


def _give_up_broken(now: datetime) -> None:
    broken = Reminder.objects.filter(state=ReminderState.SENDING, claimed_at__lt=now - rules.CLAIM_LASTS)
    broken.update(state=ReminderState.GIVEN_UP, refused=Refusal.INTERRUPTED)


def _address(reminder: Reminder) -> str | None:
    """Where it goes: a proved address, or for a code the one it is to prove. None for nowhere and for disabled accounts."""
    contacts = Contact.objects.filter(account_id=reminder.account_id, channel=reminder.channel, account__is_active=True)
    if reminder.sentence != Sentence.CONTACT_CODE:
        contacts = contacts.filter(verified_at__isnull=False)
    contact = contacts.first()
    return contact.address if contact is not None else None


@transaction.atomic
def choose(
    *, account: Account, channels: Collection[str], quiet_from: int, quiet_to: int, digest_hour: int, version: int, by: Actor
) -> ReminderChoice:
    """Which channels and hours from now on. ``version`` is that of the form, 0 for the first choice. Raises ChoiceRefused."""
    if by.account_id != account.pk:
        raise ChoiceRefused(_("提醒方式只由本人选择。"))
    if not all(0 <= hour <= 23 for hour in (quiet_from, quiet_to, digest_hour)):
        raise ChoiceRefused(_("时间填 0 到 23 点。"))
    if rules.is_quiet(digest_hour, quiet_from, quiet_to):
        raise ChoiceRefused(_("每日提示的时间落在免打扰时段里,请改其中一个。"))
    proved = set(Contact.objects.filter(account=account, verified_at__isnull=False).values_list("channel", flat=True))
    for channel in channels:
        if channel not in Channel.values or (channel != Channel.IN_PAGE and channel not in proved):
            raise ChoiceRefused(_("先填写并核实联系方式,再选用这个渠道。"))
    held = ReminderChoice.objects.select_for_update().filter(account=account).first()
    if (held.version if held else 0) != version:
        raise ChoiceRefused(_("提醒方式已在别处改过,请重新打开本页再改。"))
    choice = held or ReminderChoice(account=account, version=0)
    for channel in Channel:
        setattr(choice, channel.value, channel in channels)
    choice.quiet_from, choice.quiet_to, choice.digest_hour = quiet_from, quiet_to, digest_hour
    choice.version += 1
    choice.save()
    audit.record_write(by=by, act="reminders.choose", ledger="accounts", rows=[], summary=",".join(sorted(channels)))
    return choice
