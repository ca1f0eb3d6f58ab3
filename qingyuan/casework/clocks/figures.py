"""What lists need to know about a clock, from its events: pure, the engine's own answer and nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qingyuan.casework.enums import ClockEnd
from qingyuan.reference import clocks
from qingyuan.reference.clocks import Answer, BadEvents, ClockNotInForce, Deed, Event, Kind, State, Tally

MOVING = frozenset({Deed.SUSPEND, Deed.RESUME, Deed.EXTEND, Deed.CREDIT, Deed.RESTART})
TROUBLE = 300


@dataclass(frozen=True)
class Figures:
    """``due_on`` is the day a list sorts by; ``trouble`` what the engine could not take, in its own words. ``paused_until`` is
    exclusive."""

    started_on: date | None = None
    last_day: date | None = None
    moment: datetime | None = None
    latest: date | None = None
    due_on: date | None = None
    undecided: bool = False
    paused_from: date | None = None
    paused_until: date | None = None
    reached_on: date | None = None
    end: str = ""
    ended_on: date | None = None
    trouble: str = ""


def figures(
    code: str,
    events: Sequence[Event],
    *,
    on: date,
    pack: str,
    printed_on: date | None = None,
    closed_on: date | None = None,
) -> Figures:
    """The cached figures of a clock as of a day. ``closed_on``: its row is over, whatever the clock says."""
    try:
        said = ask(code, events, on=on, pack=pack)
    except (BadEvents, ClockNotInForce) as error:
        return _closed(Figures(trouble=str(error)[:TROUBLE]), closed_on)
    if isinstance(said, Tally):
        return _closed(Figures(reached_on=said.reached_on), closed_on)
    return _closed(_of(said, _printed(said, events, printed_on), on), closed_on)


def ask(code: str, events: Sequence[Event], *, on: date, pack: str, known_on: date | None = None) -> Answer | Tally:
    """The engine's answer, of a counter its tally.

    Raises:
        BadEvents, ClockNotInForce: as the engine.
    """
    if clocks.get_clock(code).kind is Kind.COUNTER:
        return clocks.count(code, events, on=on, pack=pack, known_on=known_on)
    return clocks.answer(code, events, on=on, pack=pack, known_on=known_on)


def _of(said: Answer, printed: date | None, on: date) -> Figures:
    pause = next((one for one in reversed(said.pauses) if one[1] is None or one[1] > on), (None, None))
    return Figures(
        started_on=said.started_on,
        last_day=said.last_day,
        moment=said.moment,
        latest=said.latest,
        due_on=printed or said.last_day or (said.latest if said.clock.kind is Kind.PROMPT else None),
        undecided=said.state is State.UNDECIDED,
        paused_from=pause[0],
        paused_until=pause[1],
        end=ClockEnd.STOPPED if said.state is State.STOPPED else ClockEnd.DONE if said.ended_on else "",
        ended_on=said.ended_on,
    )


def _printed(said: Answer, events: Sequence[Event], printed: date | None) -> date | None:
    """The printed day holds until something has moved the term since the paper was printed."""
    if printed is None:
        return None
    effects = (said.clock.effect(one.event) for one in clocks.standing(events))
    return None if any(effect is not None and effect.deed in MOVING for effect in effects) else printed


def _closed(found: Figures, closed_on: date | None) -> Figures:
    if closed_on is None or found.end:
        return found
    return Figures(**{**vars(found), "end": ClockEnd.ROW, "ended_on": closed_on})


def differs(printed_on: date | None, last_day: date | None) -> bool:
    """Whether a printed end lies more than one day from the reckoned one: worth a look at the paper, never a correction."""
    return printed_on is not None and last_day is not None and abs(printed_on - last_day) > timedelta(days=1)
