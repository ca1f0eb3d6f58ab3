"""From a declared clock and what happened to it, the answer: every event is replayed in the order of time, each with its reason.

Nothing is carried over from an earlier answer, so a back-dated or corrected event needs no special way. The clock
concludes nothing about a person: it says which day it is and why, and which decision somebody has to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.answer import Answer, Reason
from qingyuan.reference.clocks.concluding import concluded
from qingyuan.reference.clocks.declaration import Clock, Deed, Kind, get_clock
from qingyuan.reference.clocks.deeds import replay
from qingyuan.reference.clocks.events import Event, settled
from qingyuan.reference.clocks.running import Run
from qingyuan.reference.packs import NATIONAL, get_pack


def answer(
    code: str, events: Sequence[Event], *, on: date, pack: str = NATIONAL, known_on: date | None = None
) -> Answer:
    """What the clock says on a day about these events.

    Events after ``on`` are left out (what is planned has not happened); ``known_on`` leaves out what was recorded later.

    Raises:
        UnknownClock, UnknownPack: no such clock or pack.
        ClockNotInForce: the trigger lies outside the clock's validity.
        BadEvents: an event this clock does not know, two starts, a resumption of what never paused and the like.
    """
    clock = get_clock(code)
    if clock.of:
        return _through(clock, answer(clock.of[0], events, on=on, pack=pack, known_on=known_on))
    run = Run(clock, get_pack(pack))
    for event in settled(events, known_on):
        if event.on <= on or _looks_ahead(clock, event):
            replay(run, event)
    return concluded(run, on)


def _looks_ahead(clock: Clock, event: Event) -> bool:
    """Whether this is the anchor of a clock that runs towards it: the day a term will end is known beforehand."""
    effect = clock.effect(event.event)
    return clock.kind in (Kind.BEFORE, Kind.WITHIN_LAST) and effect is not None and effect.deed is Deed.START


def _through(rule: Clock, answered: Answer) -> Answer:
    """A rule that speaks about another clock is asked through that clock."""
    said = Reason(sentences.THROUGH, rule.articles, {"name": rule.name, "act": rule.act})
    notes = (*([rule.note] if rule.note else []), *answered.notes)
    return replace(answered, reasons=(said, *answered.reasons), notes=notes)
