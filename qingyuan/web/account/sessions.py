"""Where an account is signed in: the device in words, the network it is in, since when and last seen; ending them.

The only writer of allauth's list of sessions. Addresses are kept shortened (``ways.shortened``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation.audit import record_read
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account
from qingyuan.web.account.ways import address_of, shortened

# The first that fits; browsers name each other in their own names, so the order matters.
_BROWSERS: Final = (
    ("微信", r"MicroMessenger"),
    ("360", r"QIHU|360SE|360EE"),
    ("QQ 浏览器", r"QQBrowser"),
    ("奇安信可信浏览器", r"Qaxbrowser"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("统信 UOS", r"UOS|Uos"),
    ("麒麟", r"Kylin"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True)
class Place:
    """One session as its owner sees it."""

    id: int
    device: str
    network: str
    since: datetime
    seen: datetime
    here: bool


def device_words(user_agent: str) -> str:
    """«Windows · Chrome»; what is not known is said so."""
    parts = [_first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent)]
    return " · ".join(part for part in parts if part) or _("不认识的设备")


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, text)), "")


def network_words(address: str) -> str:
    """«198.51.100.*»: the network, as one recognises it."""
    if ":" in address:
        return f"{address.rstrip(':')}:…"
    return address.rpartition(".")[0] + ".*"


def places_of(account: Account, request: HttpRequest) -> list[Place]:
    """Sessions that still open something, the newest first."""
    mine = list(UserSession.objects.filter(user_id=account.pk).order_by("-last_seen_at"))
    keys = [one.session_key for one in mine]
    now = timezone.now()
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    return [
        Place(
            id=one.pk,
            device=device_words(one.user_agent),
            network=network_words(one.ip),
            since=one.created_at,
            seen=one.last_seen_at,
            here=one.session_key == request.session.session_key,
        )
        for one in mine
        if one.session_key in alive
    ]


def seen(request: HttpRequest) -> None:
    """This session is still used; it is listed from now on if it was not."""
    key = request.session.session_key
    now = timezone.now()
    address = shortened(address_of(request))
    if not UserSession.objects.filter(session_key=key).update(last_seen_at=now, ip=address):
        UserSession.objects.create_from_request(request)


@transaction.atomic
def end(*, account: Account, place_id: int, request: HttpRequest, by: Actor) -> None:
    """Sign out one of one's own sessions. Raises UserSession.DoesNotExist."""
    UserSession.objects.get(user_id=account.pk, pk=place_id).end()
    _note(request, by, "sign_out_one")


@transaction.atomic
def end_all(*, account: Account, request: HttpRequest, by: Actor) -> int:
    """Sign out everywhere, here too; returns how many sessions ended."""
    _note(request, by, "sign_out_everywhere")
    return _end(UserSession.objects.filter(user_id=account.pk))


@transaction.atomic
def end_with_password(account: Account, *, but: HttpRequest | None = None) -> int:
    """The password is another one: what was opened with the old one is taken off the list, save the session of ``but``."""
    mine = UserSession.objects.filter(user_id=account.pk)
    return _end(mine.exclude(session_key=but.session.session_key) if but is not None else mine)


def forget(request: HttpRequest) -> None:
    """This session is about to end or to get another key."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def _end(found: QuerySet[UserSession]) -> int:
    ended = list(found)
    for one in ended:
        one.end()
    return len(ended)


def _note(request: HttpRequest, by: Actor, act: str) -> None:
    record_read(by=by, act=act, ledger="", path=request.path, address=address_of(request))
