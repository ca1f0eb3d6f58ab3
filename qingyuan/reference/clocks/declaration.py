"""A clock as the law declares it: what starts it, how long it runs, what may touch it; read from ``declarations/*.yaml``.

Every declaration names its articles; what no text fixes is a rule-pack value (``pack:<key>``) with a note, never a
constant here. A clock decides nothing about a person: where its end matters for liberty or status it names the
decision a person has to take (``opens``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from qingyuan.reference.clocks.terms import BadTermText, Term
from qingyuan.reference.tables import BrokenTable, holds_on, optional_day


class UnknownClock(LookupError):
    """No clock has this code; the message names some there are."""


class Kind(StrEnum):
    """What the day means that a clock gives."""

    DEADLINE = "deadline"  # the last day (or moment) on which the act is in time
    TERM = "term"  # the last day of a measure or a permit
    KEEP = "keep"  # the last day on which something must still be kept
    BEFORE = "before"  # the last day of an act that must come so long before the anchor
    WITHIN_LAST = "within_last"  # a window: the last so many days before the anchor
    LOOK_BACK = "look_back"  # the first day that still counts, looking back from the anchor
    YEARLY = "yearly"  # a fixed day of the year that follows the anchor
    AT_ONCE = "at_once"  # 立即, 当场, 同时: the moment itself
    PROMPT = "prompt"  # 及时: no number in the law; a reminder from the rule pack, never a deadline
    RULE = "rule"  # a way of counting, or what an event does to another clock
    COUNTER = "counter"  # events that add up to a threshold: see ``counters``


class Deed(StrEnum):
    """What an event does to a clock."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    RESTART = "restart"
    EXTEND = "extend"
    CREDIT = "credit"
    TRANSFER = "transfer"
    DONE = "done"


@dataclass(frozen=True)
class Effect:
    """One event the law knows for this clock. ``times`` limits how often it counts; ``most`` caps one extension."""

    event: str
    zh: str
    deed: Deed
    articles: str
    term: Term | None = None
    most: Term | None = None
    times: int = 0
    approver: str = ""
    paper: str = ""


@dataclass(frozen=True)
class DatedTerm:
    """One length among those the clock has had, or has for one of several cases (``option``). ``given``: the decision
    sets the length, ``most`` at the longest. ``latest`` is the outermost term for good cause."""

    term: Term | None
    option: str = ""
    zh: str = ""
    given: bool = False
    most: Term | None = None
    latest: Term | None = None
    articles: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Opens:
    """The decision a person takes when the clock has run out, and what they check first."""

    decision: str
    by: str
    checklist: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """One declared clock, counter or rule. ``rolls``: ``yes``, ``no``, ``custody`` (a deprivation of liberty is never
    extended by a holiday) or ``pack:<key>``; ``counts_start``: ``yes``, ``no`` or ``pack:<key>``."""

    code: str
    name: str
    field: str
    kind: Kind
    start: str
    trigger: str
    act: str
    who: str
    articles: str
    terms: tuple[DatedTerm, ...]
    effects: tuple[Effect, ...]
    also: tuple[str, ...] = ()
    rolls: str = "no"
    counts_start: str = "no"
    sticky: bool = False
    consequence: str = ""
    note: str = ""
    confirmed: bool = True
    of: tuple[str, ...] = ()
    day_of_year: tuple[int, int] | None = None
    reminder: str = ""
    total: Term | None = None
    opens: Opens | None = None
    counter: Mapping[str, Any] | None = None

    @cached_property
    def extensions(self) -> tuple[Effect, ...]:
        """What may extend it, in the order of the declaration."""
        return tuple(one for one in self.effects if one.deed is Deed.EXTEND)

    @cached_property
    def pack_keys(self) -> tuple[tuple[str, str, str], ...]:
        """Under which keys a rule pack may give another length: amount, unit and the outermost term, by each of its names."""
        return tuple((f"{name}.amount", f"{name}.unit", f"{name}.latest") for name in (self.code, *self.also))

    @cached_property
    def _by_event(self) -> Mapping[str, Effect]:
        return {one.event: one for one in reversed(self.effects)}

    def effect(self, word: str) -> Effect | None:
        """The declared event of this word, by its own name, its Chinese or, where only one does it, by its deed."""
        if (found := self._by_event.get(word)) is not None:
            return found
        for effect in self.effects:
            if word == effect.zh:
                return effect
        deed = _DEED_WORDS.get(word, word)
        doing = [effect for effect in self.effects if effect.deed == deed]
        return doing[0] if doing else None


# What people call the deeds of every clock.
_DEED_WORDS = {
    "trigger": "start",
    "起算": "start",
    "中止": "suspend",
    "恢复": "resume",
    "终止": "stop",
    "重新计算": "restart",
    "延长": "extend",
    "折抵": "credit",
    "转移": "transfer",
    "完成": "done",
    "end": "done",
}
_KEYS = frozenset(
    "code also name field kind start trigger act who articles term terms effects rolls counts_start sticky consequence note"
    " confirmed of day_of_year reminder total opens counter from to latest given most".split()
)
_TERM_KEYS = frozenset("term option zh given most latest articles note from to".split())
_EFFECT_KEYS = frozenset("event zh deed articles term most times approver paper".split())


def get_clock(code: str) -> Clock:
    """The clock of this code, or of one of its other names.

    Raises:
        UnknownClock: there is none.
    """
    found = _by_name().get(code.strip())
    if found is None:
        some = "、".join(list(_by_name())[:8])
        raise UnknownClock(
            f"没有代码为“{code}”的期限。现有 {len(all_clocks())} 个,如 {some};用 qingyuan clock 不带代码可列出全部。"
        )
    return found


@cache
def all_clocks() -> tuple[Clock, ...]:
    """Every declared clock, counter and rule, in the order of the files.

    Raises:
        BrokenTable: a declaration is wrong; the message names the file and the code.
    """
    folder = resources.files("qingyuan.reference.clocks").joinpath("declarations")
    found: list[Clock] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            found += _read(file.name, file.read_text(encoding="utf-8"))
    return tuple(found)


@cache
def _by_name() -> Mapping[str, Clock]:
    names: dict[str, Clock] = {}
    for clock in all_clocks():
        for name in (clock.code, *clock.also):
            if name in names:
                raise BrokenTable(f"期限代码 {name} 重复。")
            names[name] = clock
    return MappingProxyType(names)


def _read(file: str, text: str) -> list[Clock]:
    try:
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise BrokenTable(f"{file} 读不出来:{error}") from error
    if not isinstance(loaded, dict) or set(loaded) != {"field", "clocks"}:
        raise BrokenTable(f"{file} 要有 field 和 clocks 两项。")
    found = []
    for entry in loaded["clocks"]:
        try:
            found.append(_clock(entry, loaded["field"]))
        except (KeyError, TypeError, ValueError, BadTermText) as error:
            raise BrokenTable(f"{file} 中 {entry.get('code', '?')} 写得不对:{error}") from error
    return found


def _clock(entry: Mapping[str, Any], field: str) -> Clock:
    if unknown := set(entry) - _KEYS:
        raise ValueError(f"没有 {sorted(unknown)} 这样的项")
    articles = str(entry["articles"])
    effects = tuple(_effect(one, articles) for one in entry.get("effects", ()))
    start = entry.get("start", "start")
    trigger = entry["trigger"]
    base = (
        Effect(start, trigger, Deed.START, articles),
        *(() if any(one.deed == Deed.DONE for one in effects) else (Effect("done", "已办", Deed.DONE, articles),)),
    )
    day = entry.get("day_of_year")
    return Clock(
        code=entry["code"],
        also=tuple(entry.get("also", ())),
        name=entry["name"],
        field=entry.get("field", field),
        kind=Kind(entry.get("kind", "deadline")),
        start=start,
        trigger=trigger,
        act=entry.get("act", ""),
        who=entry.get("who", ""),
        articles=articles,
        terms=_terms(entry),
        effects=(*base, *effects),
        rolls=_said(entry.get("rolls", "no")),
        counts_start=_said(entry.get("counts_start", "no")),
        sticky=entry.get("sticky", False),
        consequence=entry.get("consequence", ""),
        note=entry.get("note", ""),
        confirmed=entry.get("confirmed", True),
        of=tuple(entry.get("of", ())),
        day_of_year=(day[0], day[1]) if day else None,
        reminder=entry.get("reminder", ""),
        total=Term.parse(entry["total"]) if "total" in entry else None,
        opens=_opens(entry.get("opens")),
        counter=MappingProxyType(entry["counter"]) if "counter" in entry else None,
    )


def _terms(entry: Mapping[str, Any]) -> tuple[DatedTerm, ...]:
    if "terms" in entry:
        return tuple(_dated(one) for one in entry["terms"])
    if "term" in entry or entry.get("given"):
        return (_dated({key: entry[key] for key in _TERM_KEYS & set(entry) - {"articles", "note"}}),)
    return ()


def _dated(entry: Mapping[str, Any]) -> DatedTerm:
    if unknown := set(entry) - _TERM_KEYS:
        raise ValueError(f"期限里没有 {sorted(unknown)} 这样的项")
    return DatedTerm(
        term=_term(entry, "term"),
        option=entry.get("option", ""),
        zh=entry.get("zh", ""),
        given=entry.get("given", False),
        most=_term(entry, "most"),
        latest=_term(entry, "latest"),
        articles=str(entry.get("articles", "")),
        note=entry.get("note", ""),
        valid_from=optional_day(str(entry.get("from", ""))),
        valid_to=optional_day(str(entry.get("to", ""))),
    )


def _effect(entry: Mapping[str, Any], articles: str) -> Effect:
    if unknown := set(entry) - _EFFECT_KEYS:
        raise ValueError(f"事件里没有 {sorted(unknown)} 这样的项")
    return Effect(
        event=entry["event"],
        zh=entry["zh"],
        deed=Deed(entry["deed"]),
        articles=str(entry.get("articles", articles)),
        term=_term(entry, "term"),
        most=_term(entry, "most"),
        times=entry.get("times", 0),
        approver=entry.get("approver", ""),
        paper=entry.get("paper", ""),
    )


def _term(entry: Mapping[str, Any], key: str) -> Term | None:
    return Term.parse(str(entry[key])) if key in entry else None


def _opens(entry: Mapping[str, Any] | None) -> Opens | None:
    if entry is None:
        return None
    return Opens(entry["decision"], entry["by"], tuple(_texts(entry["checklist"])))


def _texts(entries: Sequence[Any]) -> list[str]:
    if not all(isinstance(one, str) for one in entries):
        raise ValueError("核对清单每一条都要是文字")
    return list(entries)


def _said(value: Any) -> str:
    """YAML reads yes and no as booleans."""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
