"""Where a request comes from and where one goes after signing in."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.web import navigation


def address_of(request: HttpRequest) -> str:
    """The network address, whole: for the audit and for slowing down guesses."""
    return str(request.META.get("REMOTE_ADDR", ""))


def shortened(address: str) -> str:
    """The network an address is in: /24 of IPv4, /48 of IPv6. Enough to know a place again, too little for a person."""
    try:
        whole = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"
    mapped = getattr(whole, "ipv4_mapped", None)
    whole = mapped or whole
    return str(ipaddress.ip_network((whole, 24 if whole.version == 4 else 48), strict=False).network_address)


def is_here(request: HttpRequest, url: str) -> bool:
    """Whether ``url`` is an address of this site, so that one may be sent there."""
    return bool(url) and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())


def wanted(request: HttpRequest) -> str:
    """Where one wanted to go before signing in, if that is here; else empty."""
    url = str(request.POST.get("next") or request.GET.get("next", ""))
    return url if is_here(request, url) else ""


def first_page(actor: Actor) -> str:
    """The first page of one's own road."""
    road = navigation.road_for(actor, clock.today())
    return road[0].links[0].href if road else resolve_url("web:profile")
