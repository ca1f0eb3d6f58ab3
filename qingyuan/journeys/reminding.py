"""Each working morning one word for everybody about what is due; proving where a word may be sent.

What is counted is what «今天» shows. Made once a day for each account (the outbox refuses a second), in slices short enough
for a worker that has other things to do; a morning that was missed is made up until the evening.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from qingyuan.casework.actions import reminders
from qingyuan.casework.enums import Channel
from qingyuan.casework.models import Reminder, ReminderChoice
from qingyuan.casework.reminders import senders
from qingyuan.casework.reminders.queries import choice_of
from qingyuan.casework.reminders.sentences import LARGEST, Said, Sentence
from qingyuan.foundation import clock
from qingyuan.journeys.todo import sources
from qingyuan.journeys.todo.job import Job
from qingyuan.organisation.actions import contacts
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.models import Account
from qingyuan.reference import holidays
from qingyuan.reference.todo_kinds import kinds

#: Seconds of one slice, and the hour from which a missed morning is let go.
SLICE: Final = 1.0
EVENING: Final = 18
#: Whom this worker has looked at on a day: most have nothing due, so nothing in the outbox says that they were asked.
_looked: dict[date, set[int]] = {}


class ChannelNotOffered(ValueError):
    """This installation has no way to send through that channel."""


def make_due(*, seconds: float = SLICE) -> int:
    """Make the words of this morning for accounts whose hour has come; returns for how many accounts."""
    now = clock.now()
    on = now.date()
    if not holidays.is_working_day(on) or now.hour >= EVENING:
        return 0
    until, made = time.monotonic() + seconds, 0
    for account in _waiting(now, on):
        made += bool(remind_of_the_day(account, on))
        _looked.setdefault(on, set()).add(account.pk)
        if time.monotonic() > until:
            break
    return made


def _waiting(now: datetime, on: date) -> list[Account]:
    """Accounts with a role on ``on`` whose hour has come and whom this worker has not looked at today."""
    for past in [day for day in _looked if day != on]:
        del _looked[past]
    done = set(Reminder.objects.filter(occasion=occasion(Sentence.DIGEST, on)).values_list("account_id", flat=True))
    done |= _looked.get(on, set())
    hours = dict(ReminderChoice.objects.values_list("account_id", "digest_hour"))
    usual = ReminderChoice().digest_hour
    accounts = Account.objects.filter(is_active=True, grants__isnull=False).select_related("unit__division").distinct()
    return [one for one in accounts.order_by("pk") if one.pk not in done and hours.get(one.pk, usual) <= now.hour]


def remind_of_the_day(account: Account, on: date) -> list[Reminder]:
    """What is due today and overdue, what the law makes due today, and what was brought before a leader; each once."""
    actor = actor_of(account, on)
    if not actor.grants or not sources.pressing(actor, on):
        return []
    jobs = [job for job in sources.mine(actor, on) if job.is_pressing(on)]
    own = [job for job in jobs if job.kind != "escalated"]
    today, late = _count(job for job in own if job.day == on), _count(job for job in own if job.day < on)
    lawful, brought = _count(job for job in own if job.day == on and _statutory(job)), len(jobs) - len(own)
    said = []
    if today or late:
        said.append(Said(Sentence.DIGEST, (today, late)))
    if lawful:
        said.append(Said(Sentence.ALARM, (lawful,)))
    if brought:
        said.append(Said(Sentence.ESCALATED, (min(brought, LARGEST),)))
    return [
        made for one in said for made in reminders.remind(account_id=account.pk, said=one, occasion=occasion(one.sentence, on))
    ]


def occasion(sentence: Sentence, on: date) -> str:
    return f"{sentence.value}:{on.isoformat()}"


def _count(jobs: Iterable[Job]) -> int:
    return min(sum(1 for _job in jobs), LARGEST)


def _statutory(job: Job) -> bool:
    kind = kinds().get(job.kind)
    return kind is not None and kind.statutory


def enter_contact(*, account: Account, channel: str, address: str, by: Actor) -> None:
    """Keep the address and send a code to it. Raises ChannelNotOffered, ContactRefused."""
    if channel not in senders.offered():
        raise ChannelNotOffered
    code = contacts.enter(account=account, channel=channel, address=address, by=by)
    reminders.send_code(account_id=account.pk, channel=channel, code=code)


def prove_contact(*, account: Account, channel: str, code: str, by: Actor) -> None:
    """The code came back: from now on the channel can be chosen. Raises ContactRefused."""
    contacts.verify(account=account, channel=channel, code=code, by=by)
    reminders.code_used(account_id=account.pk, channel=channel)


def forget_contact(*, account: Account, channel: str, by: Actor) -> None:
    """The address goes, and with it the choice of its channel. Raises ContactRefused, ChoiceRefused."""
    choice = choice_of(account.pk)
    contacts.forget(account=account, channel=channel, by=by)
    if choice.version and choice.wants(channel):
        reminders.choose(
            account=account,
            channels=[one.value for one in Channel if one != channel and choice.wants(one)],
            quiet_from=choice.quiet_from,
            quiet_to=choice.quiet_to,
            digest_hour=choice.digest_hour,
            version=choice.version,
            by=by,
        )
