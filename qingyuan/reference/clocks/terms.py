"""A length of time as a law writes it: ``24 hour``, ``15 day``, ``3 working_day``, ``2 month``, ``3 year``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


_UNIT_ZH = {Unit.HOUR: "小时", Unit.DAY: "日", Unit.WORKING_DAY: "个工作日", Unit.MONTH: "个月", Unit.YEAR: "年"}
# What people write in a file of events; the longer word first, so that 个工作日 is not read as 日.
_SPOKEN = {
    "working_days": Unit.WORKING_DAY,
    "working_day": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "工作日": Unit.WORKING_DAY,
    "hours": Unit.HOUR,
    "hour": Unit.HOUR,
    "小时": Unit.HOUR,
    "days": Unit.DAY,
    "day": Unit.DAY,
    "日": Unit.DAY,
    "天": Unit.DAY,
    "months": Unit.MONTH,
    "month": Unit.MONTH,
    "个月": Unit.MONTH,
    "月": Unit.MONTH,
    "years": Unit.YEAR,
    "year": Unit.YEAR,
    "年": Unit.YEAR,
}
_WRITTEN = re.compile(r"\s*(?P<amount>[0-9]{1,4})\s*(?P<unit>[a-z_]+|[一-鿿]+)\s*")


class BadTermText(ValueError):
    """A length that cannot be read; the message shows how one is written."""


@dataclass(frozen=True)
class Term:
    """``amount`` units; never negative."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Term:
        """``15 day``, ``15日``, ``3 个工作日``.

        Raises:
            BadTermText: anything else, or a number of more than four digits.
        """
        found = _WRITTEN.fullmatch(text)
        unit = _SPOKEN.get(found["unit"]) if found else None
        if found is None or unit is None:
            raise BadTermText(f"期限长度“{text}”看不懂，请写成 15 day、3 working_day、2 month 或者 15日 的样子。")
        return cls(int(found["amount"]), unit)

    @property
    def label(self) -> str:
        """``15 日``."""
        return f"{self.amount} {_UNIT_ZH[self.unit]}"

    @property
    def months(self) -> int:
        """The term in whole months; zero for one that is not counted by months."""
        return {Unit.MONTH: 1, Unit.YEAR: 12}.get(self.unit, 0) * self.amount

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"
