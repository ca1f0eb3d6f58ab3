"""Reads of clocks. A clock is as open as the row it runs for: the same compartment, the same ledger, the same two functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from qingyuan.casework.clocks.events import events_of, standing_rows
from qingyuan.casework.clocks.figures import ask
from qingyuan.casework.clocks.wanted import ledgers_with_clocks
from qingyuan.casework.enums import ClockEnd
from qingyuan.casework.models import ClockDecision, ClockEvent, RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import rules_for, visible_to
from qingyuan.reference.clocks import Answer, BadEvents, ClockNotInForce, Event, Tally

#: Under which subject the read audit names a clock.
LEDGER = "clocks"


def clocks_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> ClockQuerySet:
    """The clocks of the rows ``actor`` may take ``action`` on; of a sealed ledger or person none."""
    found: Any = RunningClock.objects.none()
    for codes in _alike(actor, action):
        ledger = registry.get(codes[0])
        rows = RunningClock.objects.filter(ledger__in=codes, closed=False)
        found = found | visible_to(
            actor, rows, compartment=ledger.compartment, ledger=ledger.code, on=on, action=action, sealed=True
        )
    return found.select_related("division", "unit")  # type: ignore[no-any-return]


def _alike(actor: Actor, action: Action) -> list[list[str]]:
    """The ledgers that run clocks, those together for which the same rules hold: one question for each, not one a ledger."""
    found: dict[Any, list[str]] = {}
    for code in ledgers_with_clocks():
        ledger = registry.get(code)
        rules = tuple(rules_for(actor, action, ledger.compartment, code))
        if rules and not ledger.sealed:
            found.setdefault((ledger.compartment, rules), []).append(code)
    return list(found.values())


def by_pack() -> dict[str, int]:
    """How many clocks rest on which rule pack."""
    found = RunningClock.objects.order_by("pack").values_list("pack").annotate(count=Count("pk"))
    return dict(found)


def reads_any(actor: Actor, action: Action = Action.READ) -> bool:
    """Whether some rule lets ``actor`` read (or take ``action`` on) rows that run clocks at all."""
    ledgers = [registry.get(code) for code in ledgers_with_clocks()]
    return any(rules_for(actor, action, ledger.compartment, ledger.code) for ledger in ledgers if not ledger.sealed)


@dataclass(frozen=True)
class Asked:
    """What the engine answers for a clock, or ``trouble`` in its own words when the events contradict each other.
    ``provisional``: it starts on a day that stands in for the one the law means (the decision, where no receipt is on file)."""

    running: RunningClock
    said: Answer | Tally | None
    trouble: str = ""
    provisional: bool = False

    @property
    def answer(self) -> Answer | None:
        return self.said if isinstance(self.said, Answer) else None

    @property
    def tally(self) -> Tally | None:
        return self.said if isinstance(self.said, Tally) else None

    @property
    def ran_out_on(self) -> date | None:
        """The day from which a person has to decide something: the term has run out, or the counter is full. A clock that its
        row or a person has ended asks for nothing."""
        if self.running.end or self.said is None or self.said.clock.opens is None:
            return None
        if isinstance(self.said, Tally):
            return self.said.reached_on
        return self.said.last_day if self.said.over else None

    @property
    def left_open_on(self) -> date | None:
        """The same day where the row ended the clock after it: the clock asks for nothing more, but the checklist on which the end may
        rest can still be completed. None where nothing was to be decided by then."""
        running = self.running
        if running.end != ClockEnd.ROW or running.ended_on is None or self.said is None or self.said.clock.opens is None:
            return None
        if isinstance(self.said, Tally):
            day = self.said.reached_on
        else:
            day = self.said.last_day if self.said.over else None
        return day if day is not None and day <= running.ended_on else None

    @property
    def opened_on(self) -> date | None:
        """For which day a checklist may be looked into: the clock has run out, or had when its row ended it."""
        return self.ran_out_on or self.left_open_on


def asked(running: RunningClock, events: list[ClockEvent], on: date, *, more: Iterable[Event] = ()) -> Asked:
    """The engine's answer on a day; ``more``: what might happen besides (asked, never stored)."""
    try:
        said = ask(running.code, [*events_of(running.code, events), *more], on=on, pack=running.pack)
    except (BadEvents, ClockNotInForce) as error:
        return Asked(running, None, str(error))
    stands_in = any(row.word == "received" and row.column == "decided_on" for row in standing_rows(events))
    return Asked(running, said, provisional=stands_in)


def all_asked(clocks: Iterable[RunningClock], on: date) -> list[Asked]:
    """The answers of clocks on a day, in their order; one query for all their events."""
    listed = list(clocks)
    events = events_by_clock([one.pk for one in listed])
    return [asked(one, events.get(one.pk, []), on) for one in listed]


def events_by_clock(ids: Iterable[UUID]) -> dict[UUID, list[ClockEvent]]:
    found: dict[UUID, list[ClockEvent]] = {}
    for row in ClockEvent.objects.filter(clock_id__in=list(ids)):
        found.setdefault(row.clock_id, []).append(row)
    return found


def decisions_of(running: RunningClock) -> list[ClockDecision]:
    """What was begun to be decided about a clock, the newest first, each with its checks."""
    return list(running.decisions.prefetch_related("checks").order_by("-ran_out_on"))
