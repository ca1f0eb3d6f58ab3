"""Counters: events that add up to a threshold, with the evidence of each day. They conclude nothing.

Occasions (a test refused or evaded) add up one by one. Absences are sets of days: overlapping records of one absence are
one; lawful days are taken out; an absence shorter than the days that must be reported counts only when a person has
decided that it does. What is objected to is shown both ways.
Sources: 戒毒条例第十九、二十条;公安机关办理行政案件程序规定第二百六十五条(以上包括本数);民法典第一千二百五十九条(超过不包括本数)。
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.answer import Reason
from qingyuan.reference.clocks.declaration import Clock, Kind, get_clock
from qingyuan.reference.clocks.events import BadEvents, Event, settled
from qingyuan.reference.clocks.sentences import Sentence
from qingyuan.reference.packs import NATIONAL, RulePack, get_pack
from qingyuan.reference.statutes import describe

_ONE_DAY = timedelta(days=1)
_LAWFUL = ("lawful", "leave", "合法离开", "请假")


@dataclass(frozen=True)
class Occasion:
    """One counted event. ``days`` are the days that count; empty for an occasion without length."""

    event: str
    zh: str
    first: date
    last: date
    days: tuple[date, ...]
    counted: bool
    why: str
    objected: bool = False
    decided: bool = False


@dataclass(frozen=True)
class Tally:
    """What the counter shows on a day.

    ``reached_on`` is the first day on which a threshold was met (None: not met); ``undisputed_on`` the same without what
    is objected to. ``times`` and ``days`` are what counts now.
    """

    clock: Clock
    pack: str
    on: date
    times: int
    days: int
    reached_on: date | None
    undisputed_on: date | None
    occasions: tuple[Occasion, ...]
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]

    @property
    def reached(self) -> bool:
        return self.reached_on is not None

    def as_json(self) -> dict[str, Any]:
        """Plain values for programs."""
        opens = self.clock.opens
        return {
            "code": self.clock.code,
            "name": self.clock.name,
            "kind": str(self.clock.kind),
            "pack": self.pack,
            "on": self.on.isoformat(),
            "times": self.times,
            "days": self.days,
            "reached": self.reached,
            "reached_on": self.reached_on.isoformat() if self.reached_on else None,
            "undisputed_on": self.undisputed_on.isoformat() if self.undisputed_on else None,
            "basis": describe(self.clock.articles),
            "opens": {"decision": opens.decision, "by": opens.by, "checklist": list(opens.checklist)}
            if opens and self.reached
            else None,
            "occasions": [
                {
                    "event": one.event,
                    "first": one.first.isoformat(),
                    "last": one.last.isoformat(),
                    "days": [day.isoformat() for day in one.days],
                    "counted": one.counted,
                    "why": one.why,
                    "objected": one.objected,
                }
                for one in self.occasions
            ],
            "reasons": [
                {"text": one.text, "articles": one.articles, "basis": describe(one.articles)} for one in self.reasons
            ],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class _Bars:
    """The thresholds: so many times (included), more than so many days, absences from so many days on."""

    times: int
    over: int | None
    from_days: int


def count(code: str, events: Sequence[Event], *, on: date, pack: str = NATIONAL, known_on: date | None = None) -> Tally:
    """Adds up a counter on a day.

    Raises:
        UnknownClock, UnknownPack: no such counter or pack.
        BadEvents: the code is a clock and no counter, or an event it does not know.
    """
    clock = get_clock(code)
    if clock.kind is not Kind.COUNTER or clock.counter is None:
        raise BadEvents(f"{clock.code}“{clock.name}”是期限,不是计数。")
    rules = get_pack(pack)
    bars = _bars(clock, rules, on)
    happened = [event for event in settled(events, known_on) if event.on <= on]
    lawful = _lawful_days(happened, on)
    occasions = _occasions(clock, happened, lawful, bars, on)
    times, days = _totals(occasions)
    reached = _reached(occasions, bars)
    undisputed = _reached([one for one in occasions if not one.objected], bars)
    return Tally(
        clock,
        pack,
        on,
        times,
        days,
        reached,
        undisputed,
        tuple(occasions),
        tuple(_reasons(clock, occasions, bars, reached, undisputed)),
        (clock.note,) if clock.note else (),
    )


def _bars(clock: Clock, rules: RulePack, on: date) -> _Bars:
    said = clock.counter or {}
    over = rules.number(said["days_over"], on) if "days_over" in said else None
    from_days = rules.number(said["from_days"], on) if "from_days" in said else 1
    return _Bars(rules.number(said["times"], on), over, from_days)


def _lawful_days(events: Sequence[Event], on: date) -> frozenset[date]:
    return frozenset(day for one in events if one.event in _LAWFUL for day in _span(one, on))


def _occasions(clock: Clock, events: Sequence[Event], lawful: frozenset[date], bars: _Bars, on: date) -> list[Occasion]:
    names = dict((clock.counter or {})["names"])
    spoken = {zh: event for event, zh in names.items()}
    found: list[Occasion] = []
    for one in events:
        if one.event in _LAWFUL:
            continue
        event = spoken.get(one.event, one.event)
        if event not in names:
            known = "、".join(f"{name}({zh})" for name, zh in (*names.items(), ("lawful", "合法离开")))
            raise BadEvents(f"“{clock.name}”不认识第 {one.place} 个事件“{one.event}”。可以写:{known}。")
        if event == "left":
            found.append(_absence(one, names[event], lawful, bars, on))
        else:
            found.append(_occasion(one, event, names[event]))
    return _joined(found)


def _occasion(one: Event, event: str, zh: str) -> Occasion:
    why = sentences.WITH_GROUND if one.lawful else sentences.ONCE
    return Occasion(event, zh, one.on, one.on, (), not one.lawful, why, one.objected)


def _absence(one: Event, zh: str, lawful: frozenset[date], bars: _Bars, on: date) -> Occasion:
    span = _span(one, on)
    days = () if one.lawful else tuple(day for day in span if day not in lawful)
    if not days:
        return Occasion("left", zh, span[0], span[-1], (), False, sentences.ALL_LAWFUL, one.objected)
    if len(days) < bars.from_days and not one.decided:
        why = Sentence(sentences.TOO_SHORT, days=len(days), least=bars.from_days)
        return Occasion("left", zh, span[0], span[-1], days, False, why, one.objected)
    off = len(span) - len(days)
    why = Sentence(sentences.DAYS_LESS, days=len(days), off=off) if off else Sentence(sentences.DAYS, days=len(days))
    return Occasion("left", zh, span[0], span[-1], days, True, why, one.objected, one.decided)


def _joined(occasions: list[Occasion]) -> list[Occasion]:
    """Overlapping records of one absence become one; the days of both, objected to only if both are."""
    joined: list[Occasion] = []
    for one in sorted(occasions, key=lambda occasion: (occasion.first, occasion.last)):
        before = next(
            (
                place
                for place, other in enumerate(joined)
                if one.event == other.event == "left" and one.first <= other.last and one.counted and other.counted
            ),
            None,
        )
        if before is None:
            joined.append(one)
            continue
        other = joined[before]
        days = tuple(sorted({*other.days, *one.days}))
        joined[before] = Occasion(
            "left",
            one.zh,
            other.first,
            max(other.last, one.last),
            days,
            True,
            Sentence(sentences.DAYS_JOINED, days=len(days)),
            one.objected and other.objected,
            one.decided or other.decided,
        )
    return joined


def _totals(occasions: Sequence[Occasion]) -> tuple[int, int]:
    counted = [one for one in occasions if one.counted]
    return len(counted), len({day for one in counted for day in one.days})


def _reached(occasions: Sequence[Occasion], bars: _Bars) -> date | None:
    """The first day on which the times are full or the days are over.

    An occasion counts on its day; an absence counts as one from the day it is long enough to count at all, or from
    its first day where a person has decided that it does.
    """
    counted = [one for one in occasions if one.counted]
    starts = sorted(_counts_on(one, bars) for one in counted)
    full = starts[bars.times - 1] if len(starts) >= bars.times else None
    days = sorted({day for one in counted for day in one.days})
    over = days[bars.over] if bars.over is not None and len(days) > bars.over else None
    return min((day for day in (full, over) if day is not None), default=None)


def _counts_on(one: Occasion, bars: _Bars) -> date:
    if not one.days or one.decided:
        return one.first
    return one.days[min(bars.from_days, len(one.days)) - 1]


def _reasons(
    clock: Clock, occasions: Sequence[Occasion], bars: _Bars, reached: date | None, undisputed: date | None
) -> list[Reason]:
    found = [_told(one) for one in occasions]
    times, days = _totals(occasions)
    if bars.over is not None:
        params = {"times": times, "days": days, "bar": bars.times, "over": bars.over, "first": bars.over + 1}
        found.append(Reason(sentences.BAR_AND_DAYS, clock.articles, params))
    else:
        found.append(Reason(sentences.BAR, clock.articles, {"times": times, "bar": bars.times}))
    if reached is None:
        found.append(Reason(sentences.NOT_REACHED))
    else:
        found.append(Reason(sentences.REACHED, "", {"day": reached}))
        if undisputed is None:
            found.append(Reason(sentences.UNDISPUTED_NOT))
        elif undisputed != reached:
            found.append(Reason(sentences.UNDISPUTED, "", {"day": undisputed}))
    return found


def _told(one: Occasion) -> Reason:
    params: dict[str, Any] = {"day": one.first, "what": one.zh, "why": one.why}
    if one.first == one.last:
        return Reason(sentences.OCCASION_DISPUTED if one.objected else sentences.OCCASION, "", params)
    pattern = sentences.OCCASIONS_DISPUTED if one.objected else sentences.OCCASIONS
    return Reason(pattern, "", params | {"until": one.last})


def _span(one: Event, on: date) -> list[date]:
    """The days of an absence, both ends included; one that goes on ends today."""
    last = min(one.until or on, on)
    return [one.on + _ONE_DAY * step for step in range((last - one.on).days + 1)]
