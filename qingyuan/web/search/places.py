"""Places by name, code or pinyin; each opens the situation there, a village that of its town."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.situation.permissions import may_read_figures
from qingyuan.web.context import DIVISION, places_of
from qingyuan.web.search.matching import Text, why
from qingyuan.web.search.shapes import MOST, Found


def places(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Divisions of the actor's range, larger ones first."""
    if not may_read_figures(actor).allowed:
        return []
    hits = [
        Found(place.division.name, place.division.code, _situation(place.division), reason)
        for place in places_of(actor, on)
        if (reason := why(asked, place.division.name, place.division.code))
    ]
    return (hits + _villages(asked, actor, on))[:MOST]


def _situation(division: Division) -> str:
    return f"{reverse('web:situation')}?{DIVISION}={division.code}"


def _villages(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Villages are not steered by: their town's page is opened, and the note says so."""
    towns = {place.division.pk: place.division for place in places_of(actor, on)}
    parents = DivisionPath.objects.on(on).filter(ancestor_id__in=towns, depth=1, descendant__level=Level.VILLAGE)
    found = parents.select_related("descendant").order_by("descendant__code")
    return [
        Found(
            path.descendant.name,
            _("属于%(town)s,打开%(town)s的形势") % {"town": towns[path.ancestor_id].name},
            _situation(towns[path.ancestor_id]),
            reason,
        )
        for path in found
        if (reason := why(asked, path.descendant.name, path.descendant.code))
    ]
