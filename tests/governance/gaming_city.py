"""A made-up city of honest units and planted cheats, for tests and for what the benchmark prints."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from qingyuan.governance.rules.gaming import Entry, Month, Pattern, Work, questions

UNITS: Final = 22
YEAR: Final = date(2022, 1, 1)
SHARE: Final = Decimal(95)


def city(seed: int, cheats: Mapping[int, Pattern], strength: Mapping[int, float] | None = None) -> dict[int, Work]:
    """Units of unlike size and habit; ``cheats`` by unit. An honest unit may type a week's rows in one sitting, or import.

    ``strength`` by unit: how much of what it could do a cheat does, 1 where nothing is said.
    """
    random = Random(seed)
    return {unit: _unit(random, unit, cheats.get(unit), (strength or {}).get(unit, 1.0)) for unit in range(UNITS)}


def _unit(random: Random, unit: int, cheat: Pattern | None, strength: float) -> Work:
    late_habit, sitting = random.uniform(0.01, 0.08), random.random() < 0.4
    entries: list[Entry] = []
    for number in range(random.randrange(60, 260)):
        opens = YEAR + timedelta(days=random.randrange(320))
        last = opens + timedelta(days=29)
        on_last = random.random() < (late_habit + (0.45 - late_habit) * strength if cheat is Pattern.LAST_DAY else late_habit)
        day = last if on_last else opens + timedelta(days=random.randrange(30))
        # A sitting: the rows of a week are typed on its Friday, a minute or so apart.
        typed_day = day + timedelta(days=(4 - day.weekday()) % 7 if sitting else random.randrange(4))
        entries.append(_entry(f"{unit}-{number}", day, typed_day, random.randrange(9 * 3600), last))
    if cheat is Pattern.TOGETHER:
        second = 0
        for number in range(round(30 * strength)):
            day = date(2022, 9, 1) + timedelta(days=random.randrange(60))
            second += random.randrange(4, 15)
            entries.append(_entry(f"{unit}-t{number}", day, date(2022, 12, 20), second, None))
    months = []
    for _month in range(12 * 3):
        of = random.randrange(20, 60)
        least = -(-int(SHARE) * of // 100)
        done = sum(random.random() < 0.93 for _ in range(of))
        if cheat is Pattern.AT_THRESHOLD and least - 3 <= done < least and random.random() < strength:
            done = least
        months.append(Month(done, of))
    return Work(entries, {"应检尽检率": (SHARE, months)})


def _entry(row: str, day: date, typed: date, second: int, last: date | None) -> Entry:
    moment = datetime(typed.year, typed.month, typed.day, 1, tzinfo=UTC) + timedelta(seconds=second)
    return Entry(row, day, moment, typed, last)


@dataclass(frozen=True)
class Tally:
    """Planted and found cheats by pattern; honest unit-years, and those that were asked something: at all, by pattern."""

    planted: dict[Pattern, int]
    found: dict[Pattern, int]
    honest: int
    asked: int
    wrong: dict[Pattern, int]


def tally(cities: int, patterns: Collection[Pattern] = tuple(Pattern), cheats: int = 4) -> Tally:
    """``cities`` made-up cities, each with ``cheats`` units that each do one thing in turn: from half of the time to always."""
    planted = dict.fromkeys(patterns, 0)
    found = dict.fromkeys(patterns, 0)
    wrong = dict.fromkeys(Pattern, 0)
    honest = asked = 0
    for seed in range(cities):
        kinds = sorted(patterns)
        cheating = {unit * 5: kinds[(seed + unit) % len(kinds)] for unit in range(cheats)} if kinds else {}
        chance = Random(f"strength {seed}")
        told = questions(city(seed, cheating, {unit: chance.uniform(0.5, 1.0) for unit in cheating}))
        for unit, pattern in cheating.items():
            planted[pattern] += 1
            found[pattern] += any(one.unit == unit and one.pattern is pattern for one in told)
        honest += UNITS - len(cheating)
        asked += len({one.unit for one in told} - set(cheating))
        for pattern in Pattern:
            wrong[pattern] += len({one.unit for one in told if one.pattern is pattern} - set(cheating))
    return Tally(planted, found, honest, asked, wrong)
