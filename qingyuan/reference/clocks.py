"""Statutory clocks: trigger, act, length, article; and the day a clock runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from qingyuan.reference.daycount import Counted, TermUnit, count
from qingyuan.reference.packs import NATIONAL, PackValue, RulePack, get_pack
from qingyuan.reference.statutes import Citation, cite
from qingyuan.reference.tables import Row, holds_on, optional_day, read_table

_PACK_PREFIX = "pack:"


class UnknownClock(LookupError):
    """No clock has this code; the message names it."""


class ClockNotInForce(ValueError):
    """The clock's law was not in force on the trigger day."""


@dataclass(frozen=True)
class Clock:
    """One statutory or reminder clock. ``rolls`` is ``yes``, ``no`` or ``pack:<key>`` (a rule-pack value)."""

    code: str
    name_zh: str
    trigger_zh: str
    act_zh: str
    amount: int
    unit: TermUnit
    rolls: str
    who: str
    consequence: str
    article: str
    confirmed: bool
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def citation(self) -> Citation:
        return cite(self.article)

    def in_force(self, day: date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Due:
    """When a clock runs out. ``latest`` is the outermost day where a local rule gives a longer one for good cause
    (nothing may be concluded before it has passed); otherwise it equals ``counted.due``."""

    clock: Clock
    counted: Counted
    latest: date
    confirmed: bool
    notes: tuple[str, ...]

    @property
    def day(self) -> date:
        """The last day in time."""
        return self.counted.due


@cache
def get_clock(code: str) -> Clock:
    """The clock of this code.

    Raises:
        UnknownClock: there is none.
    """
    for row in read_table("clocks"):
        if row["code"] == code:
            return _clock(row)
    raise UnknownClock(f"没有代码为 {code} 的期限。")


def clock_codes() -> tuple[str, ...]:
    return tuple(row["code"] for row in read_table("clocks"))


def due(code: str, trigger: date, pack: str = NATIONAL) -> Due:
    """The day a clock that started on ``trigger`` runs out under a rule pack.

    Raises:
        UnknownClock, UnknownPack: no such clock or pack.
        ClockNotInForce: the trigger lies outside the clock's validity.
    """
    clock = get_clock(code)
    if not clock.in_force(trigger):
        raise ClockNotInForce(f"{trigger} 时“{clock.name_zh}”的规定不适用，请按当时有效的规定核对日期。")
    rules = get_pack(pack)
    rolling = _rolling(clock, rules, trigger)
    override = rules.find(f"{code}.amount", trigger)
    amount = rules.number(override.key, trigger) if override else clock.amount
    outer = rules.find(f"{code}.latest", trigger)
    counted = count(trigger, amount, clock.unit, roll=rolling.roll)
    latest = counted
    if outer:
        latest = count(trigger, rules.number(outer.key, trigger), clock.unit, roll=rolling.roll)
    used = [value for value in (override, outer) if value]
    if rolling.value and (counted.rolled or latest.rolled):
        used.append(rolling.value)
    confirmed = all(value.confirmed for value in used) and (clock.confirmed or override is not None)
    return Due(clock, counted, latest.due, confirmed, tuple(value.note for value in used if value.note))


@dataclass(frozen=True)
class _Rolling:
    roll: bool
    value: PackValue | None


def _rolling(clock: Clock, rules: RulePack, on: date) -> _Rolling:
    if not clock.rolls.startswith(_PACK_PREFIX):
        return _Rolling(clock.rolls == "yes", None)
    key = clock.rolls.removeprefix(_PACK_PREFIX)
    return _Rolling(rules.flag(key, on), rules.require(key, on))


def _clock(row: Row) -> Clock:
    return Clock(
        code=row["code"],
        name_zh=row["name_zh"],
        trigger_zh=row["trigger_zh"],
        act_zh=row["act_zh"],
        amount=int(row["amount"]),
        unit=TermUnit(row["unit"]),
        rolls=row["rolls"],
        who=row["who"],
        consequence=row["consequence"],
        article=row["article"],
        confirmed=row["confirmed"] == "yes",
        valid_from=optional_day(row["valid_from"]),
        valid_to=optional_day(row["valid_to"]),
        source=row["source"],
    )
