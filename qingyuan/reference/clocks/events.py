"""What happened to a clock, as people write it down: a list of events in JSON, corrected and withdrawn as things become known.

One event: ``{"event": "received", "on": "2022-03-01"}``. Further keys, all optional: ``until`` (for something with an
end, such as an appraisal), ``term`` (``"30 day"``, for an extension or a length set by a decision), ``days`` (credited),
``option`` (which case of the law applies), ``approved_by``, ``paper``, ``note``, ``recorded_on`` (when it became known),
``id``, ``corrects`` (the id it replaces), ``withdrawn`` (true: the event of that id never happened), for counters also
``lawful``, ``objected`` and ``decided``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from qingyuan.reference.clocks.terms import BadTermText, Term


class BadEvents(ValueError):
    """The events cannot be read or contradict the clock; the message says which one and what to write."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. ``at`` is set where the hour is known; ``place`` is its position in the file, from 1."""

    event: str
    on: date
    place: int
    at: datetime | None = None
    until: date | None = None
    until_at: datetime | None = None
    term: Term | None = None
    days: int = 0
    option: str = ""
    approved_by: str = ""
    paper: str = ""
    note: str = ""
    recorded_on: date | None = None
    id: str = ""
    corrects: str = ""
    withdrawn: bool = False
    lawful: bool = False
    objected: bool = False
    decided: bool = False

    @property
    def moment(self) -> datetime:
        return self.at or datetime.combine(self.on, time())


# The same thing in the words people use for it.
_OTHER_NAMES = {
    "kind": "event",
    "type": "event",
    "date": "on",
    "day": "on",
    "at": "on",
    "from": "on",
    "to": "until",
}
_KEYS = frozenset(Event.__dataclass_fields__) - {"place", "at", "until_at"}


def read_events(loaded: Any) -> tuple[Event, ...]:
    """Events from what a JSON file holds: a list, or an object with ``events``.

    Raises:
        BadEvents: not a list of objects, an unknown key, a day that is none, an event without name or day.
    """
    if isinstance(loaded, Mapping):
        loaded = loaded.get("events")
    if not isinstance(loaded, Sequence) or isinstance(loaded, str):
        raise BadEvents('事件文件要是一个列表,如 [{"event": "start", "on": "2022-03-01"}]。')
    return tuple(_event(entry, place) for place, entry in enumerate(loaded, start=1))


def settled(events: Iterable[Event], known_on: date | None = None) -> tuple[Event, ...]:
    """What holds after corrections, in the order of time; with ``known_on``, as one knew it on that day.

    Raises:
        BadEvents: a correction of something that is not there.
    """
    known = [one for one in events if known_on is None or (one.recorded_on or one.on) <= known_on]
    if not any(one.corrects or one.withdrawn or one.id for one in known):
        return tuple(known) if len(known) < 2 else tuple(sorted(known, key=lambda one: (one.moment, one.place)))
    standing: dict[str, Event] = {}
    for one in known:
        if one.corrects:
            if one.corrects not in standing:
                raise BadEvents(f"第 {one.place} 个事件更正的“{one.corrects}”不存在,请核对编号。")
            del standing[one.corrects]
        if one.withdrawn and not one.corrects:
            raise BadEvents(f"第 {one.place} 个事件写明撤回,请用 corrects 写出撤回的是哪一个。")
        if not one.withdrawn:
            name = one.id or f"#{one.place}"
            if name in standing:
                raise BadEvents(f"第 {one.place} 个事件的编号“{name}”重复;如果是更正,请用 corrects。")
            standing[name] = one
    return tuple(sorted(standing.values(), key=lambda one: (one.moment, one.place)))


def _event(entry: Any, place: int) -> Event:
    if not isinstance(entry, Mapping):
        raise BadEvents(f'第 {place} 个事件要写成 {{"event": "start", "on": "2022-03-01"}} 的样子。')
    named: dict[str, Any] = {}
    for key, value in entry.items():
        name = _OTHER_NAMES.get(key, key)
        if name not in _KEYS:
            raise BadEvents(f"第 {place} 个事件里的“{key}”看不懂;可以写:{'、'.join(sorted(_KEYS))}。")
        named[name] = value
    if not isinstance(named.get("event"), str) or not named["event"].strip():
        raise BadEvents(f"第 {place} 个事件没有写是什么事(event)。")
    if "on" not in named:
        raise BadEvents(f"第 {place} 个事件没有写日期(on)。")
    on, at = _moment(named["on"], place)
    until, until_at = _moment(named["until"], place) if named.get("until") else (None, None)
    if until is not None and (until < on or (until_at and at and until_at < at)):
        raise BadEvents(f"第 {place} 个事件的结束 {until} 早于开始 {on}。")
    return Event(
        event=named["event"].strip(),
        on=on,
        place=place,
        at=at,
        until=until,
        until_at=until_at,
        term=_term(named.get("term"), place),
        days=_days(named.get("days", 0), place),
        recorded_on=_moment(named["recorded_on"], place)[0] if named.get("recorded_on") else None,
        option=_text(named, "option", place),
        approved_by=_text(named, "approved_by", place),
        paper=_text(named, "paper", place),
        note=_text(named, "note", place),
        id=_text(named, "id", place),
        corrects=_text(named, "corrects", place),
        withdrawn=_flag(named, "withdrawn", place),
        lawful=_flag(named, "lawful", place),
        objected=_flag(named, "objected", place),
        decided=_flag(named, "decided", place),
    )


def _moment(value: Any, place: int) -> tuple[date, datetime | None]:
    try:
        if isinstance(value, str) and len(value.strip()) == len("2022-03-01"):
            return date.fromisoformat(value.strip()), None
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip()).replace(tzinfo=None)
            return moment.date(), moment
    except ValueError:
        pass
    raise BadEvents(f"第 {place} 个事件的日期“{value}”要写成 2022-03-01,按小时计算的写成 2022-03-01T14:30。")


def _term(value: Any, place: int) -> Term | None:
    if value in (None, ""):
        return None
    try:
        return Term.parse(str(value))
    except BadTermText as error:
        raise BadEvents(f"第 {place} 个事件:{error}") from error


def _days(value: Any, place: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36500:
        raise BadEvents(f"第 {place} 个事件的天数“{value}”要是不小于零的整数。")
    return value


def _text(named: Mapping[str, Any], key: str, place: int) -> str:
    value = named.get(key, "")
    if not isinstance(value, str):
        raise BadEvents(f"第 {place} 个事件的“{key}”要是文字。")
    return value.strip()


def _flag(named: Mapping[str, Any], key: str, place: int) -> bool:
    value = named.get(key, False)
    if not isinstance(value, bool):
        raise BadEvents(f"第 {place} 个事件的“{key}”要写 true 或者 false。")
    return value
