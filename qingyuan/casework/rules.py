"""Pure rules of dues: which event answers which window, and what a due is on a given day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class Slot:
    """A window in which something should be done: [opens, closes)."""

    due_id: UUID
    opens: date
    closes: date


@dataclass(frozen=True)
class Done:
    """Something that was done: on which day, by which row."""

    day: date
    row_id: UUID


class State(StrEnum):
    """What a due is for a person on a day."""

    AHEAD = "ahead"
    OPEN = "open"
    LATE = "late"
    LOOKED_INTO = "looked_into"
    DONE = "done"
    EXCUSED = "excused"
    CANCELLED = "cancelled"


def match(slots: Sequence[Slot], events: Iterable[Done]) -> dict[UUID, Done]:
    """The first event inside each window answers it; one event answers one window at most.

    Windows of one schedule do not overlap, so the order of slots does not matter; where two schedules overlap the
    window that closes first takes the event, which leaves the other the better chance.
    """
    answered: dict[UUID, Done] = {}
    used: set[UUID] = set()
    ordered = sorted(events, key=lambda event: (event.day, event.row_id))
    for slot in sorted(slots, key=lambda slot: (slot.closes, slot.opens, slot.due_id)):
        for event in ordered:
            if event.row_id not in used and slot.opens <= event.day < slot.closes:
                answered[slot.due_id] = event
                used.add(event.row_id)
                break
    return answered


def needed(slot: Slot, ended_on: date | None) -> bool:
    """Whether a window still has to be answered when its measure ended on ``ended_on``.

    A window the end cuts through is dropped in the person's favour.
    """
    return ended_on is None or slot.closes <= ended_on


def state_on(*, opens: date, closes: date, outcome: str, on: date, found: bool = False) -> State:
    """The state of a due on day ``on``; late means that its window has closed without an answer, looked into that somebody has
    said what came of it (``found``). Both are missed."""
    if outcome != "open":
        return State(outcome)
    if on >= closes:
        return State.LOOKED_INTO if found else State.LATE
    return State.OPEN if on >= opens else State.AHEAD
