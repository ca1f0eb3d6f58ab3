"""The list of clocks by state: the page, its file and the interface for programs ask the same thing."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.reference.clocks import Kind

OVER, TODAY, SOON, PAUSED, UNSAID, PROMPT, COUNTED, ALL = (
    "over",
    "today",
    "soon",
    "paused",
    "unsaid",
    "prompt",
    "counted",
    "all",
)
STATES = (OVER, TODAY, SOON, PAUSED, UNSAID, PROMPT, COUNTED, ALL)
DAYS_AHEAD = 30


def narrowed(clocks: ClockQuerySet, state: str, on: date, *, ended: bool = False) -> ClockQuerySet:
    """``ended``: of one person or row, «all» is really all of it."""
    chosen = {
        OVER: lambda: clocks.over_on(on),
        TODAY: lambda: clocks.due_on_day(on),
        SOON: lambda: clocks.due_within(on, on + timedelta(days=DAYS_AHEAD)),
        PAUSED: lambda: clocks.paused_on(on),
        UNSAID: lambda: clocks.standing().filter(Q(undecided=True) | ~Q(trouble="")),
        PROMPT: lambda: clocks.running_on(on).filter(kind=Kind.PROMPT),
        COUNTED: lambda: clocks.standing().filter(kind=Kind.COUNTER, events__isnull=False).distinct(),
        ALL: lambda: clocks if ended else clocks.standing().exclude(kind=Kind.COUNTER, events__isnull=True),
    }
    return chosen[state]().order_by("due_on", "pk")


def first_state(clocks: ClockQuerySet, on: date) -> str:
    """What presses most and has something in it: an empty page is no place to begin."""
    return next((state for state in (OVER, TODAY, SOON) if narrowed(clocks, state, on).exists()), ALL)
