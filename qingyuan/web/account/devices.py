"""Devices on which an account was signed in to before: a signed cookie, nothing in the database.

The cookie names the device by a random word and holds a short keyed digest of each account that came in on it, the last
few only: whoever finds it learns no name. It opens nothing; it only keeps others' failures away from the owner (throttle).
"""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE: Final = "qingyuan-device"
SALT: Final = "qingyuan.web.account.devices"
KEPT_SECONDS: Final = 180 * 24 * 3600
# Several people of an office share a machine; what is older is forgotten.
MOST_ACCOUNTS: Final = 8


def known_device(request: HttpRequest, username: str) -> str:
    """The word of the device when ``username`` was signed in on it before; else empty."""
    device, tags = _read(request)
    mine = _tag(username)
    return device if any(constant_time_compare(tag, mine) for tag in tags) else ""


def remember(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Note on the device that ``username`` has just come in."""
    device, tags = _read(request)
    mine = _tag(username)
    kept = [mine, *(tag for tag in tags if tag != mine)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), kept], salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, tags = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(device), [str(tag) for tag in tags]


def _tag(username: str) -> str:
    return salted_hmac(SALT, username.casefold(), algorithm="sha256").hexdigest()[:20]
