"""Row ids: UUIDs in time order (version 7 layout), so that new rows land together in an index."""

from __future__ import annotations

import os
import threading
import time
from typing import Any
from uuid import UUID, SafeUUID

_lock = threading.Lock()
_last_tick = 0


def new_id() -> UUID:
    """A fresh id; ids made by one process never run backwards.

    Layout (RFC 9562 §5.7, method 3): 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """``count`` fresh ids in their order, for many rows at once."""
    global _last_tick
    with _lock:
        first = max(_ticks(time.time_ns()), _last_tick + 1)
        _last_tick = first + count - 1
    chance = os.urandom(8 * count)
    return [_laid_out(first + n, int.from_bytes(chance[8 * n : 8 * n + 8])) for n in range(count)]


def _laid_out(tick: int, chance: int) -> UUID:
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance >> 2
    return uuid_of(value)


_set: Any = object.__setattr__


def uuid_of(value: int) -> UUID:
    """``UUID(int=value)`` for a value known to have at most 128 bits, past the checks that an import would repeat for
    every row."""
    found = UUID.__new__(UUID)
    _set(found, "int", value)
    _set(found, "is_safe", SafeUUID.unknown)
    return found


def text_of(value: UUID) -> str:
    """``str(value)``, in one step."""
    digits = value.hex
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _ticks(nanoseconds: int) -> int:
    """Nanoseconds as 1/4096 milliseconds."""
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    return milliseconds << 12 | rest * 4096 // 1_000_000
