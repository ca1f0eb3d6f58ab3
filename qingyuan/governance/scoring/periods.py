"""Months, quarters and halves of a year as keys of a series: '2022-03', '2022Q1', '2022H1'."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from qingyuan.governance.scoring.numbers import ZERO

_KEY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12]))")


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"

    @property
    def word(self) -> str:
        return {Period.MONTH: "月", Period.QUARTER: "季", Period.HALF: "半年"}[self]

    @property
    def in_a_year(self) -> int:
        return {Period.MONTH: 12, Period.QUARTER: 4, Period.HALF: 2}[self]


def is_key(text: str) -> bool:
    """Whether the text names a month, quarter or half."""
    return _KEY.fullmatch(text) is not None


def fits(text: str, period: Period) -> bool:
    """Whether a key is at least as fine as the period: a month lies in a quarter, a quarter in no month."""
    match = _KEY.fullmatch(text)
    if match is None:
        return False
    finest = Period.MONTH if match["month"] else Period.QUARTER if match["quarter"] else Period.HALF
    return list(Period).index(finest) <= list(Period).index(period)


def grouped(series: Mapping[str, Decimal], period: Period) -> dict[str, Decimal]:
    """The series by the wanted period, in its order. A key that is none, or too coarse, stands by itself."""
    found: dict[str, Decimal] = {}
    for key in sorted(series):
        name = _named(key, period)
        found[name] = found.get(name, ZERO) + series[key]
    return found


def _named(key: str, period: Period) -> str:
    match = _KEY.fullmatch(key)
    if match is None or not fits(key, period) or period is Period.MONTH:
        return key
    quarter = int(match["quarter"]) if match["quarter"] else None
    if match["month"]:
        quarter = (int(match["month"]) + 2) // 3
    if period is Period.QUARTER or quarter is None:
        return key if quarter is None else f"{match['year']}Q{quarter}"
    return f"{match['year']}H{(quarter + 1) // 2}"
