"""Reads of reminders: one's own whole, for the security officer what became of all without what they say."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from qingyuan.casework.models import Reminder, ReminderChoice
from qingyuan.casework.models.reminder import ReminderQuerySet
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import visible_divisions


def choice_of(account_id: int) -> ReminderChoice:
    """What the holder chose, or the defaults, not stored (``version`` 0)."""
    return ReminderChoice.objects.filter(account_id=account_id).first() or ReminderChoice(account_id=account_id, version=0)


def own(actor: Actor) -> ReminderQuerySet:
    return Reminder.objects.filter(account_id=actor.account_id or 0)


def may_inspect(actor: Actor) -> bool:
    """The security officer keeps the door: whether reminders leave is his matter, what they say is not."""
    return actor.has_role(Role.SECURITY_OFFICER)


def outbox(actor: Actor, on: date) -> ReminderQuerySet:
    """All reminders of accounts in the officer's range, the newest first; numbers are not read."""
    if not may_inspect(actor):
        return Reminder.objects.none()
    units = Unit.objects.filter(division_id__in=visible_divisions(actor, on))
    return Reminder.objects.filter(account__unit__in=units).select_related("account__unit").defer("first", "second")


def standing(reminders: ReminderQuerySet) -> dict[tuple[str, str], int]:
    """How many there are by channel and state."""
    counted = reminders.order_by().values("channel", "state").annotate(count=Count("pk"))
    return {(row["channel"], row["state"]): row["count"] for row in counted}
