"""How lately the one at the keyboard has proved who it is: at signing in, or asked again before something weighty.

``ASKED_AGAIN`` is the list of what is weighty, as data: files that leave the house, signatures, what cannot be taken back,
and how one signs in. A proof holds for ten minutes. The middleware asks; no page does so by itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account
from qingyuan.organisation.policy import needs_second_factor
from qingyuan.web.apps import PROVED_AT

HOLDS_SECONDS: Final = 10 * 60


@dataclass(frozen=True)
class Weighty:
    """Which requests to an address are asked about again. ``file``: the answer is a file, so the page stays."""

    methods: frozenset[str] = frozenset({"GET", "POST"})
    moves: frozenset[str] = field(default=frozenset())
    file: bool = False


_FILE = Weighty(file=True)
_ACT = Weighty(frozenset({"POST"}))
_PAGE = Weighty()

ASKED_AGAIN: Final[Mapping[str, Weighty]] = {
    # files that leave the house
    "web:ledger-export": _FILE,
    "web:ledger-layout": _FILE,
    "web:exhibits-export": _FILE,
    "web:clocks-export": _FILE,
    "web:campaign-export": _FILE,
    "web:outcomes-export": _FILE,
    "web:clinic-entries-export": _FILE,
    "web:question-export": _FILE,
    "web:reward-export": _FILE,
    "web:import-bad-rows": _FILE,
    "web:indicator-export": _FILE,
    "web:letter-export": _FILE,
    "web:letter-sheet": _FILE,
    "web:archive-file": _FILE,
    "web:archive-own": _FILE,
    "web:papers-export": _FILE,
    "web:serving-register-export": _FILE,
    "web:today-export": _FILE,
    "web:desk-copy": _FILE,
    "web:retention-file": _FILE,
    "web:return-export": _FILE,
    "web:target-export": _FILE,
    "web:figure-request-export": _FILE,
    "web:audit-export": _FILE,
    # signatures, issuing, what others rely on from then on
    "web:gate-new": _ACT,
    "web:retention-approve": _ACT,
    "web:retention-carry-out": _ACT,
    "web:gate-second": _ACT,
    "web:admission-sign": _ACT,
    "web:campaign-new": _ACT,
    "web:letter-issue": _ACT,
    "web:archive-keep": _ACT,
    "web:letter-sign": _ACT,
    "web:letter-amend": _ACT,
    "web:letter-void": _ACT,
    "web:paper-move": Weighty(frozenset({"POST"}), frozenset({"sign", "issue", "void"})),
    "web:return-move": Weighty(frozenset({"POST"}), frozenset({"approve", "lock"})),
    "web:closing-move": Weighty(frozenset({"POST"}), frozenset({"approve", "reopen"})),
    "web:target-publish": _ACT,
    # a sealed row is opened; rows are opened in an emergency
    "web:emergency-open": _ACT,
    "web:ledger-open": _ACT,
    "api-v1:unseal": _ACT,
    # how one signs in oneself, and how others do
    "web:token-make": _ACT,
    "web:factor-app": _PAGE,
    "web:factor-passkey": _PAGE,
    "web:factor-codes": _ACT,
    "web:factor-remove": _ACT,
    "web:grants-new": _ACT,
    "web:grant-role": _ACT,
    "web:grant-reset": _ACT,
    "web:grant-subject": _ACT,
}


def weighty(name: str, method: str, kwargs: Mapping[str, object]) -> Weighty | None:
    """What ``ASKED_AGAIN`` says of a request, or None."""
    asked = ASKED_AGAIN.get(name)
    if asked is None or ("GET" if method == "HEAD" else method) not in asked.methods:
        return None
    return asked if not asked.moves or str(kwargs.get("move", "")) in asked.moves else None


def is_fresh(request: HttpRequest) -> bool:
    """Whether a proof still holds."""
    return 0 <= time.time() - float(request.session.get(PROVED_AT, 0)) < HOLDS_SECONDS


def proved(request: HttpRequest) -> None:
    """Somebody has just proved it: by signing in, or when asked again."""
    request.session[PROVED_AT] = time.time()


def has_used_factor(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session."""
    user: Account | AnonymousUser = request.user
    if not isinstance(user, Account):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def lacks_factor(request: HttpRequest, actor: Actor) -> bool:
    """Whether the roles of ``actor`` ask for a second factor and this session has not used one."""
    if not settings.QINGYUAN_REQUIRE_SECOND_FACTOR or not needs_second_factor(actor.roles):
        return False
    return not has_used_factor(request)
