"""How clocks and events are held and told to the audit; the actions on clocks share it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from qingyuan.casework.clocks.figures import Figures
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry

CHUNK = 400
CACHED = (
    "started_on",
    "last_day",
    "moment",
    "latest",
    "due_on",
    "undecided",
    "paused_from",
    "paused_until",
    "reached_on",
    "end",
    "ended_on",
    "trouble",
)
# What people typed: the audit keeps it under the clock's own key.
TYPED = frozenset({"approved_by", "paper"})


def events_by_clock(ids: Sequence[UUID]) -> dict[UUID, list[ClockEvent]]:
    found: dict[UUID, list[ClockEvent]] = {}
    for start in range(0, len(ids), CHUNK):
        for row in ClockEvent.objects.filter(clock_id__in=ids[start : start + CHUNK]):
            found.setdefault(row.clock_id, []).append(row)
    return found


def copied(event: ClockEvent) -> ClockEvent:
    """A new event that says the same."""
    leave = {"id", "corrects", "withdrawn"}
    names = [one.attname for one in event._meta.concrete_fields if one.name not in leave]
    return ClockEvent(**{name: getattr(event, name) for name in names})


def cache(running: RunningClock, found: Figures) -> None:
    for name in CACHED:
        setattr(running, name, getattr(found, name))
    if found.moment is not None:
        running.moment = timezone.make_aware(found.moment, clock.ZONE)


def snapshot(running: RunningClock) -> dict[str, object]:
    days = ("started_on", "last_day", "due_on", "paused_from", "paused_until", "reached_on", "ended_on")
    found: dict[str, object] = {name: iso(getattr(running, name)) for name in days}
    return found | {"end": str(running.end), "pack": running.pack}


def said_of(event: ClockEvent) -> dict[str, object]:
    """The event for the audit, without what is empty."""
    plain = {
        "word": event.word,
        "on": event.on.isoformat(),
        "until": iso(event.until),
        "days": event.days,
        "term": event.term,
        "option": event.option,
        "approved_by": event.approved_by,
        "paper": event.paper,
        "objected": event.objected,
        "withdrawn": event.withdrawn,
        "corrects": str(event.corrects_id) if event.corrects_id else "",
    }
    return {name: value for name, value in plain.items() if value}


def delta(running: RunningClock, before: dict[str, object], after: dict[str, object]) -> audit.RowDelta:
    compartment: Compartment = registry.get(running.ledger).compartment
    return audit.RowDelta(row_id=running.pk, compartment=compartment, before=before, after=after, personal=TYPED)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
