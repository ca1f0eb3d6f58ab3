"""Statutory clocks: what starts them, how they run, what suspends, restarts, extends or ends them, and the day they run out.

``answer`` replays what happened; ``count`` adds up a counter; ``start`` asks the plainest question, when a clock that
started on a day runs out. Pure: no database, no request, no clock of the machine.
"""

from __future__ import annotations

from datetime import date

from qingyuan.reference.clocks.answer import STATE_ZH, Answer, Reading, Reason, State
from qingyuan.reference.clocks.counters import Tally, count
from qingyuan.reference.clocks.declaration import Clock, Deed, Effect, Kind, UnknownClock, all_clocks, get_clock
from qingyuan.reference.clocks.events import BadEvents, Event, read_events
from qingyuan.reference.clocks.events import settled as standing
from qingyuan.reference.clocks.lengths import ClockNotInForce
from qingyuan.reference.clocks.replay import answer
from qingyuan.reference.clocks.terms import BadTermText, Term, Unit
from qingyuan.reference.packs import NATIONAL

__all__ = [
    "STATE_ZH",
    "Answer",
    "BadEvents",
    "BadTermText",
    "Clock",
    "ClockNotInForce",
    "Deed",
    "Effect",
    "Event",
    "Kind",
    "Reading",
    "Reason",
    "State",
    "Tally",
    "Term",
    "Unit",
    "UnknownClock",
    "all_clocks",
    "answer",
    "count",
    "get_clock",
    "read_events",
    "standing",
    "start",
]


def start(code: str, on: date, pack: str = NATIONAL) -> Answer:
    """The answer of a clock that was started on a day and has met nothing since, as of that day.

    Raises:
        UnknownClock, UnknownPack: no such clock or pack.
        ClockNotInForce: the day lies outside the clock's validity.
    """
    return answer(code, [Event(get_clock(code).start, on, 1)], on=on, pack=pack)
