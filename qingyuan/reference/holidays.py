"""Working days and holidays of each year, as the State Council's yearly arrangement publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from qingyuan.reference.tables import BrokenTable, optional_day, read_table

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, as moved by the year's arrangement. A year without one counts weekends only: ask ``known``."""
    if day in _days("workday"):
        return True
    return day not in _days("holiday") and day.weekday() < _SATURDAY


def holiday_name(day: date) -> str:
    """``劳动节`` for a holiday, ``周末`` for another day off, empty for a working day."""
    if is_working_day(day):
        return ""
    return _days("holiday").get(day, "周末")


def names() -> tuple[str, ...]:
    """Every word ``holiday_name`` may say."""
    return tuple(dict.fromkeys(("周末", *_days("holiday").values())))


def known(day: date) -> bool:
    """Whether the arrangement of that year is on file."""
    return day.year in known_years()


@cache
def known_years() -> frozenset[int]:
    return frozenset(int(row["year"]) for row in read_table("holidays"))


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after a day (the day itself is not counted); before it when negative."""
    step = _ONE_DAY if count >= 0 else -_ONE_DAY
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= is_working_day(day)
    return day


@cache
def _days(kind: str) -> Mapping[date, str]:
    days: dict[date, str] = {}
    for row in read_table("holidays"):
        if row["kind"] != kind:
            continue
        day, last = optional_day(row["start"]), optional_day(row["last_day"])
        if day is None or last is None or last < day:
            raise BrokenTable(f"holidays.csv 中 {row['year']} 年“{row['name_zh']}”的起止日期不对。")
        while day <= last:
            days[day] = row["name_zh"]
            day += _ONE_DAY
    return MappingProxyType(days)
