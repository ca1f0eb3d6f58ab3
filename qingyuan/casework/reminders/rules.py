"""When a reminder goes: quiet hours, when to try again, when to give up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from qingyuan.foundation.clock import ZONE

#: After each failed try, how long until the next; after the last it is given up, and says so.
BACKOFF: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
#: A claim older than this belongs to a worker that was broken off: whether it was sent nobody knows, so it is not sent again.
CLAIM_LASTS: Final = timedelta(minutes=10)


def next_try(now: datetime, tries: int) -> datetime | None:
    """When to try again after ``tries`` failures; None = give up."""
    return now + BACKOFF[tries - 1] if tries <= len(BACKOFF) else None


def is_quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether ``hour`` lies in [quiet_from, quiet_to), which may run over midnight; equal = never quiet."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def not_before(now: datetime, quiet_from: int, quiet_to: int) -> datetime:
    """``now``, or the end of the quiet hours it falls into."""
    local = now.astimezone(ZONE)
    if not is_quiet(local.hour, quiet_from, quiet_to):
        return now
    end = local.replace(hour=quiet_to, minute=0, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
