"""Row ids: UUIDs in time order (version 7 layout), so that new rows land together in an index."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_tick = 0


def new_id() -> UUID:
    """A fresh id; ids made by one process never run backwards.

    Layout (RFC 9562 §5.7, method 3): 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.
    """
    global _last_tick
    with _lock:
        tick = max(_ticks(time.time_ns()), _last_tick + 1)
        _last_tick = tick
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def _ticks(nanoseconds: int) -> int:
    """Nanoseconds as 1/4096 milliseconds."""
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    return milliseconds << 12 | rest * 4096 // 1_000_000
