"""The only place that reads the clock. Read it once, at the edge; rules take the day as an argument."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE: Final = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The moment, aware, in Asia/Shanghai. ``settings.QINGYUAN_TODAY`` fixes the day, never the time of day."""
    real = datetime.now(ZONE)
    fixed: date | None = getattr(settings, "QINGYUAN_TODAY", None)
    if fixed is None:
        return real
    return datetime.combine(fixed, real.timetz())


def today() -> date:
    """The day in Asia/Shanghai."""
    return now().date()


def day_of(moment: datetime) -> date:
    """The day in Asia/Shanghai of a stored moment. Databases return UTC: its own date is yesterday until eight in the morning."""
    return moment.astimezone(ZONE).date()
