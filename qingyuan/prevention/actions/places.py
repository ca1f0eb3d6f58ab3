"""The only writers of places and activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.prevention import queries
from qingyuan.prevention.actions.keeping import Keeper, not_future
from qingyuan.prevention.actions.plans import settle_places
from qingyuan.prevention.models import Activity, Place, School
from qingyuan.reference import catalogue

places = Keeper("places", about="pk", settle=settle_places)
activities = Keeper("activities", about="place_id", settle=settle_places)


class PlaceInUse(_writing.CannotVoid):
    """A place with activities, or of a school that is listed, is closed and not voided."""


def prepare_places(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        not_future(draft, ("listed_on",), writing.on)


@transaction.atomic
def void_places(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises PlaceInUse while activities or a school rest on a place."""
    for row in rows:
        if Activity.objects.filter(place=row).exists():
            raise PlaceInUse(_("点位“%(name)s”已有活动记录:不再使用的请填撤销日期。") % {"name": row.name})
        if School.objects.filter(place=row).exists():
            raise PlaceInUse(_("点位“%(name)s”来自学校名录,请在学校名录里办理。") % {"name": row.name})
    places.void(rows=rows, writing=writing)


def prepare_activities(drafts: Sequence[Draft], writing: Writing) -> None:
    """Recognise the place among those the writer may read; the activity then stands where the place does.

    A place that is not in the directory stays as it was written and counts for no coverage; two of one name are never
    guessed between.
    """
    names = [str(draft.values["place_name"]) for draft in drafts if draft.values.get("place_name")]
    known = queries.places_named(names, writing.by, writing.on)
    towns = [draft.values["division"] for draft in drafts if draft.values.get("division")]
    under = queries.below(towns, writing.on)
    for draft in drafts:
        not_future(draft, ("held_on",), writing.on)
        draft.extra["place_id"] = None
        found = known.get(str(draft.values.get("place_name") or ""), [])
        town = draft.values.get("division")
        if town:
            found = [place for place in found if (town, place.division_id) in under]
        if len(found) > 1:
            message = _("名录里有 %(count)d 个同名点位,请在“乡镇(村)”栏写明是哪里的。") % {"count": len(found)}
            draft.refuse("place_name", message)
        elif found:
            _stand_at(draft, found[0])
        elif not draft.values.get("kind"):
            draft.refuse("kind", _("地点不在点位名录里,请填六进类别;是名录里的,请照名录写名称。"))


def _stand_at(draft: Draft, place: Place) -> None:
    kind = draft.values.get("kind")
    if kind and kind != place.kind:
        label = catalogue.get_list("place_kinds").said(place.kind)
        draft.refuse("kind", _("这个点位在名录里是“%(kind)s”,请核对。") % {"kind": label})
        return
    day = draft.values.get("held_on")
    if day is not None and place.closed_on is not None and day >= place.closed_on:
        draft.refuse("held_on", _("这个点位 %(day)s 已撤销,请核对日期。") % {"day": place.closed_on.isoformat()})
        return
    draft.values["kind"] = place.kind
    draft.extra["place_id"] = place.pk
    draft.division_id = place.division_id
