"""The only writers of schools and lessons. A school is a place of 六进 too: the directory of places follows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.prevention import queries
from qingyuan.prevention.actions.keeping import Keeper, not_future
from qingyuan.prevention.actions.places import places
from qingyuan.prevention.actions.plans import settle_schools
from qingyuan.prevention.enums import SCHOOL
from qingyuan.prevention.models import Activity, Lesson, Place, School
from qingyuan.prevention.rules import schools as rules

PUPILS = tuple(f"pupils_{band}" for band in rules.BANDS)


class SchoolHasLessons(_writing.CannotVoid):
    """A school with lessons is closed and not voided."""


def _follow_schools(school_ids: Collection[UUID], writing: Writing) -> None:
    """The place of each school is there and says what the school says; then the plan of its class hours."""
    by = replace(writing, batch_id=None, staged=None)
    for ids in queries.chunks(school_ids):
        rows = list(School.objects.filter(pk__in=ids).select_related("place"))
        _add_places([row for row in rows if row.place_id is None], by)
        moved = [(row.place, _as_place(row)) for row in rows if row.place is not None and _has_moved(row)]
        if moved:
            places.change(changes=moved, writing=by)
    settle_schools(school_ids, writing)


def _add_places(rows: Sequence[School], writing: Writing) -> None:
    """A place of that name that is there already is taken; the others are added."""
    known = {
        (place.division_id, place.name): place
        for place in Place.objects.filter(kind=SCHOOL, name__in=[row.name for row in rows])
    }
    missing = [row for row in rows if (row.division_id, row.name) not in known]
    added = places.record(drafts=[_as_place(row) for row in missing], writing=writing) if missing else []
    known |= {(place.division_id, place.name): place for place in added}
    for row in rows:
        row.place = known[(row.division_id, row.name)]
    School.objects.bulk_update(rows, ["place"])


def _as_place(row: School) -> Draft:
    values = {
        "name": row.name,
        "kind": SCHOOL,
        "division": row.division_id,
        "setting": "",
        "listed_on": row.listed_on,
        "closed_on": row.closed_on,
    }
    return Draft(number=1, values=values, division_id=row.division_id, unit_id=row.unit_id)


def _has_moved(row: School) -> bool:
    place = row.place
    assert place is not None  # the caller has asked
    stands = (place.name, place.division_id, place.closed_on)
    return stands != (row.name, row.division_id, row.closed_on)


schools = Keeper("schools", about="pk", settle=_follow_schools)
lessons = Keeper("lessons", about="school_id", settle=settle_schools)


def prepare_schools(drafts: Sequence[Draft], writing: Writing) -> None:
    """Pupils not given are none."""
    for draft in drafts:
        not_future(draft, ("listed_on", "awarded_on"), writing.on)
        for name in PUPILS:
            if draft.values.get(name) is None:
                draft.values[name] = 0
        if draft.values.get("qingjiao") is None:
            draft.values["qingjiao"] = False


@transaction.atomic
def void_schools(*, rows: Sequence[Any], writing: Writing) -> None:
    """A school entered by mistake goes with its place, unless activities were held there. Raises SchoolHasLessons."""
    for row in rows:
        if Lesson.objects.filter(school=row).exists():
            raise SchoolHasLessons(_("%(name)s还有课程记录:撤并的学校请填撤并日期。") % {"name": row.name})
    schools.void(rows=rows, writing=writing)
    left = Place.objects.filter(pk__in=[row.place_id for row in rows])
    unused = [place for place in left if not Activity.objects.filter(place=place).exists()]
    if unused:
        places.void(rows=unused, writing=writing)


def prepare_lessons(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each lesson's school among those the writer may read; the lesson stands where the school does."""
    names = [str(draft.values["school_name"]) for draft in drafts if draft.values.get("school_name")]
    known = queries.schools_named(names, writing.by, writing.on)
    for draft in drafts:
        not_future(draft, ("held_on",), writing.on)
        name = draft.values.get("school_name")
        if not name:
            continue
        school = known.get(str(name))
        if school is None:
            draft.refuse("school_name", _("学校名录里没有这所学校:请写全称,或先登记学校。"))
            continue
        draft.extra["school_id"] = school.pk
        draft.division_id, draft.unit_id = school.division_id, school.unit_id
        band, day = draft.values.get("grade_band"), draft.values.get("held_on")
        if band and not rules.taught(str(band), school.stage):
            draft.refuse("grade_band", _("这所学校没有这个年级段,请核对。"))
        if day is not None and school.closed_on is not None and day >= school.closed_on:
            draft.refuse("held_on", _("这所学校 %(day)s 已撤并,请核对日期。") % {"day": school.closed_on.isoformat()})
