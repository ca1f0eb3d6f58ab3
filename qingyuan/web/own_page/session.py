"""Who is at the person's own page: five minutes from the last thing done, by the server's clock. It is no account's session."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from qingyuan.rehabilitation.models import OwnCode

SECONDS: Final = 5 * 60
_KEY: Final = "own_page"


def begin(request: HttpRequest, code: OwnCode) -> None:
    """A new session key, so that one that somebody left in the phone opens nothing."""
    request.session.cycle_key()
    request.session[_KEY] = {"code": str(code.pk), "until": time.time() + SECONDS}


def prolong(request: HttpRequest) -> None:
    """Something was done: five minutes again."""
    request.session[_KEY] = request.session[_KEY] | {"until": time.time() + SECONDS}


def end(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def left(request: HttpRequest) -> int:
    """Seconds until the page closes by itself."""
    return max(int(request.session.get(_KEY, {}).get("until", 0) - time.time()), 0)


def here(request: HttpRequest) -> OwnCode | None:
    """The code of who is here, if the five minutes still run and the paper is still valid. Nothing is written."""
    kept = request.session.get(_KEY)
    if not kept or not left(request):
        return None
    found = OwnCode.objects.filter(pk=UUID(kept["code"]), revoked_at=None)
    return found.select_related("client__unit", "client__division").first()
