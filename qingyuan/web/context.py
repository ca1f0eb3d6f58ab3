"""Range and period: chosen once, in the bar, and obeyed by every page.

``?division=<code>&period=<period>`` chooses and is remembered in the session; ``request.scope`` tells the choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.scope import divisions_in_scope
from qingyuan.reference import periods
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.web import kept_parts, navigation
from qingyuan.web.errors import Forbidden

DIVISION, PERIOD = "division", "period"
LAST_SIGN_IN = "last_sign_in"
# A picker is for places one steers by; villages are reached through their town's pages.
PICKED_LEVELS = (Level.COUNTRY, Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWN)


@dataclass(frozen=True)
class Place:
    """A division as the picker lists it; ``depth`` counts from the actor's own root."""

    division: Division
    depth: int


@dataclass(frozen=True)
class ScopeChoice:
    """What every page is about: ``on`` is the last day of the period that has come (the tree is read on it).

    ``plan_year``: the year whose plans, tasks and targets are meant. The figures of January are those of the year before; what is
    planned then is the year that has begun, unless a period was chosen.
    """

    division: Division
    period: Period
    on: date
    plan_year: int
    places: tuple[Place, ...] = field(default=(), repr=False, compare=False)

    @property
    def query(self) -> str:
        """The choice as it stands in an address."""
        return f"{DIVISION}={self.division.code}&{PERIOD}={self.period}"

    @property
    def division_label(self) -> str:
        """「云岭市 · 22 个乡镇(街道)」, or the name alone for the lowest level."""
        below = Counter(place.division.level for place in self._below())
        if towns := below.get(Level.TOWN, 0):
            return _("%(name)s · %(count)s 个乡镇(街道)") % {"name": self.division.name, "count": towns}
        return self.division.name

    def _below(self) -> Iterator[Place]:
        inside, depth = False, 0
        for place in self.places:
            if place.division.pk == self.division.pk:
                inside, depth = True, place.depth
            elif inside and place.depth <= depth:
                return
            elif inside:
                yield place


def default_period(today: date) -> Period:
    """From January to the last month that is over: the figures an office reports."""
    return periods.ytd(periods.month(today).previous())


def places_of(actor: Actor, on: date) -> tuple[Place, ...]:
    """The divisions ``actor`` may choose on day ``on``, each root followed by what lies below it, by code."""
    found: dict[int, Place] = {}
    for root_id in sorted(divisions_in_scope(actor)):
        depths = dict(DivisionPath.objects.on(on).filter(ancestor_id=root_id).values_list("descendant_id", "depth"))
        under = Division.objects.under(root_id, on).on(on).filter(level__in=PICKED_LEVELS)
        for division in _tree_order(list(under), root_id):
            found.setdefault(division.pk, Place(division, depths[division.pk]))
    return tuple(found.values())


def _tree_order(divisions: list[Division], root_id: int) -> list[Division]:
    """Codes run in tree order; the root stands first even where its own code does not."""
    return sorted(divisions, key=lambda division: (division.pk != root_id, division.code))


def scope_of(request: WebRequest, *, heed_address: bool = True) -> ScopeChoice:
    """The choice for this request, remembered in the session where the address makes it.

    Errors: Forbidden for someone without any range, and when the address names a division outside one's own.
    """
    actor = request.actor
    today = clock.today()
    chosen = _period(request, today)
    period = chosen or default_period(today)
    on = periods.as_of(period, today)
    places = places_of(actor, on) or places_of(actor, today)
    if not places:
        raise Forbidden(
            what=_("按区划查看的页面"),
            whose="",
            how=_("您的账号目前没有授权。请本单位向安全管理员申请角色和区划范围。"),
        )
    plan_year = chosen.last_day.year if chosen else today.year
    return ScopeChoice(_division(request, places, heed_address), period, on, plan_year, places)


def _division(request: HttpRequest, places: tuple[Place, ...], heed_address: bool) -> Division:
    by_code = {place.division.code: place.division for place in places}
    asked = request.GET.get(DIVISION, "") if heed_address else ""
    if asked:
        if asked not in by_code:
            raise Forbidden(
                what=_("区划 %(code)s 的页面") % {"code": asked[:12]},
                whose=_("所在区划的禁毒办"),
                how=_("请在上方“范围”中选择您负责的区划;确需查看的,请向安全管理员申请授权。"),
            )
        if request.session.get(DIVISION) != asked:
            request.session[DIVISION] = asked
        return by_code[asked]
    return by_code.get(request.session.get(DIVISION, ""), places[0].division)


def _period(request: HttpRequest, today: date) -> Period | None:
    """The period that was chosen; None where none was."""
    asked = request.GET.get(PERIOD, "")
    chosen = _begun(asked, today)
    if chosen is not None:
        if request.session.get(PERIOD) != str(chosen):
            request.session[PERIOD] = str(chosen)
        return chosen
    return _begun(request.session.get(PERIOD, ""), today)


def _begun(text: str, today: date) -> Period | None:
    """The period, if it is one and has begun; anything else typed into an address falls back to the last choice."""
    try:
        period = Period.parse(text)
    except BadPeriod:
        return None
    return period if period.start <= today else None


class WebRequest(HttpRequest):
    """The request as every view of web gets it (see middleware); ``scope`` is read lazily."""

    actor: Actor
    scope: ScopeChoice
    htmx: HtmxDetails
    #: What the page itself has counted already, by the badge that would count it once more.
    counted: Mapping[str, navigation.Count]


@dataclass(frozen=True)
class LastSignIn:
    """When this account signed in before: on the machine's real days, which a demo's fixed day does not move."""

    at: Any
    days_ago: int


def last_sign_in(request: HttpRequest) -> LastSignIn | None:
    at = parse_datetime(request.session.get(LAST_SIGN_IN, "") or "")
    if at is None:
        return None
    local = timezone.localtime(at)
    return LastSignIn(local, (timezone.localdate() - local.date()).days)


def frame(request: WebRequest) -> dict[str, Any]:
    """Context of the base page. Costs nothing for fragments, which never ask for it."""
    return {"frame": Frame(request), "demo": settings.QINGYUAN_DEMO}


class Frame:
    """What the base page shows around a page; every part is computed when asked for, once."""

    def __init__(self, request: WebRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor | None:
        actor: Actor | None = getattr(self._request, "actor", None)
        return None if actor is None or actor.is_anonymous else actor

    @cached_property
    def today(self) -> date:
        return clock.today()

    @cached_property
    def scope(self) -> ScopeChoice | None:
        """The choice; the last good one on the page that says the asked range is not one's own."""
        if self.actor is None:
            return None
        try:
            if self._request.scope:  # lazy: this is where it is read, once, also for the view
                return self._request.scope
        except Forbidden:
            return self._last_good_scope()
        return None

    def _last_good_scope(self) -> ScopeChoice | None:
        try:
            return scope_of(self._request, heed_address=False)
        except Forbidden:
            return None

    @cached_property
    def road(self) -> list[navigation.Group]:
        if self.actor is None:
            return []
        match = self._request.resolver_match
        known = getattr(self._request, "counted", None)
        return navigation.road_for(self.actor, self.today, match.url_name or "" if match else "", known)

    @property
    def ways_html(self) -> SafeString:
        """The links of the road."""
        return kept_parts.ways(tuple(self.road), get_language())

    @property
    def phone_html(self) -> SafeString:
        """The few ways at the thumb."""
        return kept_parts.phone_bar(tuple(navigation.phone_links(self.road)), get_language())

    @property
    def picks_html(self) -> SafeString | str:
        """The pickers of range and period; nothing for somebody without a range."""
        scope = self.scope
        if scope is None:
            return ""
        places = tuple(kept_parts.PickedPlace(one.division.code, one.division.name, one.depth) for one in scope.places)
        picks = kept_parts.Picks(scope.division_label, scope.division.code, scope.period, self.today, places)
        return kept_parts.pickers(picks, self._request.GET.urlencode(), get_language())

    @cached_property
    def family(self) -> tuple[navigation.Link, ...]:
        """The pages beside this one, when the road has one entry for several."""
        match = self._request.resolver_match
        return navigation.family_of(self.road, match.url_name or "") if match else ()

    @cached_property
    def back(self) -> navigation.Link | None:
        """The way back to «今天» with what is left there, for every page but «今天» itself."""
        first = next((link for group in self.road for link in group.links), None)
        return None if first is None or first.current else first

    @cached_property
    def last_sign_in(self) -> LastSignIn | None:
        return last_sign_in(self._request)
