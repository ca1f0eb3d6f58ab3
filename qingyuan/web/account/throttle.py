"""Slows down guessing of passwords and codes without letting anyone lock another person out.

Failures are counted for the pair of account and network address, and for the address alone. A pair that failed
``FREE_TRIES`` times waits, each time twice as long, up to ``LONGEST_WAIT``; the owner of the account, at another
address, does not wait. A device on which the account was signed in to before (``devices``) is counted by itself and
heeds nobody else's failures: whoever guesses from the same office cannot keep the owner out on his own machine.
``everywhere``: also counted for the account from all unknown devices together, for second factors, whose codes are short
and which are asked only after the right password. Everything is forgotten ``WINDOW`` after the last failure. Only
digests are kept, in the database: every web process counts on the same line.
"""

from __future__ import annotations

import hashlib
import time

from django.utils.translation import gettext as _

from qingyuan.organisation.actions import sign_ins

FREE_TRIES = 5
ADDRESS_TRIES = 40
ACCOUNT_TRIES = 20
FIRST_WAIT = 30
LONGEST_WAIT = 15 * 60
WINDOW = 30 * 60
MINUTE = 60


def wait_seconds(username: str, address: str, *, device: str = "", everywhere: bool = False) -> int:
    """Seconds until the next try may be made; 0 = now. ``device``: the known one this comes from, else empty."""
    free = _counts(username, address, device, everywhere)
    found = sign_ins.failures(free, within=WINDOW)
    return max(_remaining(*found.get(key, (0, 0.0)), tries) for key, tries in free.items())


def failed(username: str, address: str, *, device: str = "", everywhere: bool = False) -> None:
    for key in _counts(username, address, device, everywhere):
        sign_ins.count_failure(key, within=WINDOW)


def succeeded(username: str, address: str, *, device: str = "") -> None:
    """Forgets the pair's failures; the address keeps its own, or one good account would cover for guessing others."""
    sign_ins.forget(_key("device", username, device) if device else _key("pair", username, address))


def words(seconds: int) -> str:
    """What the one who must wait is told."""
    if seconds < MINUTE:
        return _("试错次数太多,请 %(seconds)s 秒后再试。") % {"seconds": seconds}
    return _("试错次数太多,请 %(minutes)s 分钟后再试。") % {"minutes": -(-seconds // MINUTE)}


def _counts(username: str, address: str, device: str, everywhere: bool) -> dict[str, int]:
    """The counters one try belongs to, each with the tries that are free."""
    if device:
        return {_key("device", username, device): FREE_TRIES}
    counts = {_key("pair", username, address): FREE_TRIES, _key("address", "", address): ADDRESS_TRIES}
    return counts | ({_key("account", username, ""): ACCOUNT_TRIES} if everywhere else {})


def _remaining(count: int, last: float, free: int) -> int:
    if count < free:
        return 0
    wait = min(FIRST_WAIT * 2 ** min(count - free, 10), LONGEST_WAIT)
    return max(int(last + wait - time.time() + 0.999), 0)


def _key(kind: str, username: str, address: str) -> str:
    digest = hashlib.sha256(f"{kind}\0{username.casefold()}\0{address}".encode()).hexdigest()
    return f"sign-in-{kind}-{digest[:32]}"
