"""Slows down guessing of passwords without letting anyone lock another person out.

Failures are counted for the pair of account and network address, and for the address alone. A pair that failed
``FREE_TRIES`` times waits, each time twice as long, up to ``LONGEST_WAIT``; the owner of the account, at another
address, does not wait. Everything is forgotten ``WINDOW`` after the last failure. Only digests are kept.
"""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

FREE_TRIES = 5
ADDRESS_TRIES = 40
FIRST_WAIT = 30
LONGEST_WAIT = 15 * 60
WINDOW = 30 * 60


def wait_seconds(username: str, address: str) -> int:
    """Seconds until the next try may be made; 0 = now."""
    pair = _remaining(_key("pair", username, address), FREE_TRIES)
    return max(pair, _remaining(_key("address", "", address), ADDRESS_TRIES))


def failed(username: str, address: str) -> None:
    for key in (_key("pair", username, address), _key("address", "", address)):
        count, _last = cache.get(key, (0, 0.0))
        cache.set(key, (count + 1, time.time()), WINDOW)


def succeeded(username: str, address: str) -> None:
    """Forgets the pair's failures; the address keeps its own, or one good account would cover for guessing others."""
    cache.delete(_key("pair", username, address))


def _remaining(key: str, free: int) -> int:
    count, last = cache.get(key, (0, 0.0))
    if count < free:
        return 0
    wait = min(FIRST_WAIT * 2 ** min(count - free, 10), LONGEST_WAIT)
    return max(int(last + wait - time.time() + 0.999), 0)


def _key(kind: str, username: str, address: str) -> str:
    digest = hashlib.sha256(f"{kind}\0{username.casefold()}\0{address}".encode()).hexdigest()
    return f"sign-in-{kind}-{digest[:32]}"
