"""How offices write the same thing in different ways: dates, headers, weights. Flaws as in real tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_EXCEL_EPOCH = date(1899, 12, 30)


def dotted(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def dashed(day: date) -> str:
    return day.isoformat()


def slashed(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"


def worded(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def packed(day: date) -> str:
    return f"{day:%Y%m%d}"


def chinese(day: date) -> str:
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def serial(day: date) -> int:
    """A date that lost its format: the number Excel keeps."""
    return (day - _EXCEL_EPOCH).days


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def full_width(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})


def grams(value: Decimal, chance: random.Random) -> str | float:
    """A weight as people write it."""
    way = chance.random()
    if value >= 1000 and way < 0.6:
        return f"{(value / 1000).normalize():f}公斤"
    if value >= 1000:
        return f"{(value / 1000).normalize():f}kg"
    if way < 0.45:
        return f"{value.normalize():f}克"
    if way < 0.6:
        return full_width(f"{value.normalize():f}") + "克"
    if way < 0.75:
        return f"{value.normalize():f}g"
    return float(value)


@dataclass(frozen=True)
class Habit:
    """One office's manner: how it writes dates, what its headers say, what stands above and below the table."""

    dates: Callable[[date], Any]
    other_dates: Callable[[date], Any]
    serial_column: bool
    titles: int
    totals: bool
    note: bool
    csv: bool

    def day(self, value: date | None, chance: random.Random) -> Any:
        if value is None:
            return ""
        return self.other_dates(value) if chance.random() < 0.04 else self.dates(value)


def habit_of(position: int) -> Habit:
    """The manner of the office at ``position`` in the list of towns; every notation occurs somewhere."""
    notations: tuple[Callable[[date], Any], ...] = (dashed, dotted, slashed, worded, packed, chinese)
    return Habit(
        dates=notations[position % len(notations)],
        other_dates=serial if position % 2 else worded,
        serial_column=position % 3 != 1,
        titles=(2, 1, 2, 0)[position % 4],
        totals=position % 3 == 0,
        note=position % 2 == 0,
        csv=position in {8, 19},
    )
