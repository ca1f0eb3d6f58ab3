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
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from qingyuan.organisation.actions import sign_ins

FREE_TRIES = 5
ADDRESS_TRIES = 40
ACCOUNT_TRIES = 20
FIRST_WAIT = 30
LONGEST_WAIT = 15 * 60
WINDOW = 30 * 60
MINUTE = 60


@dataclass(frozen=True)
class Try:
    """One try that was counted before it is made; ``wait``: the seconds after which it may be made, then it was not counted."""

    wait: int
    own: str
    _before: dict[str, float]
    _written: float

    def succeeded(self) -> None:
        """Forgets the pair's failures; the address keeps its own, or one good account would cover for guessing others."""
        for key, last in self._before.items():
            if key == self.own:
                sign_ins.forget(key)
            else:
                sign_ins.give_back(key, before=last, written=self._written)


def begin(username: str, address: str, *, device: str = "", everywhere: bool = False) -> Try:
    """Before every try: it counts as failed until it has succeeded, so that who asks many times at once gets no more tries than who
    asks one after the other. ``device``: the known one this comes from, else empty."""
    free = _counts(username, address, device, everywhere)
    waits = {key: partial(_remaining, free=tries) for key, tries in free.items()}
    wait, before, written = sign_ins.reserve(waits, within=WINDOW)
    return Try(wait, _key("device", username, device) if device else _key("pair", username, address), before, written)


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
