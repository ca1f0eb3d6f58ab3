"""Counts of registered users by town and month; never a person. 9 600 ever registered, 1 800 current at the end."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from qingyuan.demo.city import TOWNS, share_over_towns
from qingyuan.situation.rules import month_end

REGISTERED, CURRENT, ABSTINENT, LEFT = 9_600, 1_800, 6_200, 120
MONTHS = [date(year, month, 1) for year in (2020, 2021, 2022) for month in range(1, 13)][:34]
NEW_BY_YEAR = {2020: 15.0, 2021: 10.5, 2022: 4.6}
# The third planted problem: since June 2022 石桥镇 finds new users in its villages, while the city finds fewer.
RISING_TOWN, RISING_FROM = "石桥镇", date(2022, 6, 1)


@dataclass(frozen=True)
class Count:
    town: str
    month: date
    registered: int
    abstinent: int
    dead: int
    left: int
    current: int
    in_contact: int
    new: int
    new_rural: int


class Counts:
    """Walks back from the last month, so that the last month holds exactly what the city says of itself."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def counts(self) -> list[Count]:
        registered, current = share_over_towns(REGISTERED), share_over_towns(CURRENT)
        abstinent, left = share_over_towns(ABSTINENT), share_over_towns(LEFT)
        made: list[Count] = []
        for town in TOWNS:
            ever, free, gone = registered[town.name], abstinent[town.name], left[town.name]
            dead = ever - free - gone - current[town.name]
            for month in reversed(MONTHS):
                new = self._new(town.name, town.current_weight, month)
                now = ever - free - dead - gone
                made.append(self._count(town.name, town.urban, month, ever, free, dead, gone, now, new))
                ever, free, dead = self._a_month_back(ever, free, dead, now, new)
        return sorted(made, key=lambda count: (count.month, count.town))

    def _count(
        self, town: str, urban: bool, month: date, ever: int, free: int, dead: int, gone: int, now: int, new: int
    ) -> Count:
        if town == RISING_TOWN and month >= RISING_FROM:
            rural = new
        else:
            rural = sum(self.random.random() < (0.1 if urban else 0.55) for _ in range(new))
        missing = sum(self.random.random() < 0.03 for _ in range(now))
        return Count(town, month_end(month), ever, free, dead, gone, now, now - missing, new, rural)

    def _new(self, town: str, weight: float, month: date) -> int:
        share = weight / sum(each.current_weight for each in TOWNS)
        expected = NEW_BY_YEAR[month.year] * share
        found = int(expected) + (self.random.random() < expected % 1)
        if town == RISING_TOWN and month >= RISING_FROM:
            return found + self.random.choice((2, 2, 3))
        return found

    def _a_month_back(self, ever: int, free: int, dead: int, now: int, new: int) -> tuple[int, int, int]:
        """The state before this month: fewer ever registered, fewer abstinent, so more current users."""
        freed = min(free, round(now * 0.021 + self.random.random()))
        died = 1 if dead and self.random.random() < 0.09 else 0
        return ever - new, free - freed, dead - died
