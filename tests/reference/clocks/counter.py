"""The second, obvious way: a clerk with a wall calendar who ticks off one day after the other.

Knows nothing of the engine: no interval arithmetic, no roll-over function, its own idea of months. Only the list of days
off is shared, because the State Council publishes it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

from qingyuan.reference.holidays import is_working_day

DAY = timedelta(days=1)


def same_day(day: date, months: int, *, sticky: bool = False) -> date:
    """The corresponding day, walked month by month on the calendar's leaves."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    last = monthrange(year, month)[1]
    if sticky and day.day == monthrange(day.year, day.month)[1]:
        return date(year, month, last)
    return date(year, month, min(day.day, last))


def ticked(start: date, days: int, off: Collection[date], *, counts_start: bool = False, working: bool = False) -> date:
    """The day on which the last of ``days`` ticks falls."""
    day = start if counts_start else start + DAY
    left = days
    while True:
        if day not in off and (not working or is_working_day(day)):
            left -= 1
            if left == 0:
                return day
        day += DAY


def length(start: date, months: int, *, counts_start: bool = False, sticky: bool = False) -> int:
    """How many ticks a term of months has."""
    end = same_day(start, months, sticky=sticky)
    return (end - start).days if counts_start else (end - start).days


def rolled(day: date) -> date:
    while not is_working_day(day):
        day += DAY
    return day
