"""Reads for the room's actions: what was done for whom, and which of the readable rows a written name means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from qingyuan.casework.rules import Done
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import DivisionPath
from qingyuan.prevention.models import Activity, Lesson, Patch, Place, School, SurveyRound
from qingyuan.prevention.permissions import readable

CHUNK = 400
T = TypeVar("T")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """``items`` in lists short enough for one question to the database."""
    whole = list(items)
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]


def visits(place_ids: Sequence[UUID]) -> dict[UUID, list[Done]]:
    """The activities held at each place."""
    rows: Any = Activity.objects.filter(place_id__in=place_ids)
    return _done(rows.values_list("place_id", "held_on", "pk"))


def walks(patch_ids: Sequence[UUID]) -> dict[UUID, list[Done]]:
    """The rounds walked on each patch."""
    rows: Any = SurveyRound.objects.filter(patch_id__in=patch_ids)
    return _done(rows.values_list("patch_id", "surveyed_on", "pk"))


def lessons(school_ids: Sequence[UUID]) -> dict[UUID, list[tuple[date, Decimal, UUID]]]:
    """The lessons of each school: day, class hours, row."""
    found: dict[UUID, list[tuple[date, Decimal, UUID]]] = {}
    rows: Any = Lesson.objects.filter(school_id__in=school_ids)
    for school_id, day, hours, pk in rows.values_list("school_id", "held_on", "hours", "pk"):
        found.setdefault(school_id, []).append((day, hours, pk))
    return found


def _done(rows: Iterable[tuple[UUID, date, UUID]]) -> dict[UUID, list[Done]]:
    found: dict[UUID, list[Done]] = {}
    for subject, day, pk in rows:
        found.setdefault(subject, []).append(Done(day=day, row_id=pk))
    return found


def places_named(names: Iterable[str], by: Actor, on: date) -> dict[str, list[Place]]:
    """Readable places by name; several may share one."""
    found: dict[str, list[Place]] = {}
    for some in chunks(sorted(set(names))):
        for place in readable(Place.objects.filter(name__in=some), "places", by, on):
            found.setdefault(place.name, []).append(place)
    return found


def schools_named(names: Iterable[str], by: Actor, on: date) -> dict[str, School]:
    """Readable schools by name, which is theirs alone in a city."""
    found: dict[str, School] = {}
    for some in chunks(sorted(set(names))):
        found |= {one.name: one for one in readable(School.objects.filter(name__in=some), "schools", by, on)}
    return found


def patches_coded(codes: Iterable[str], by: Actor, on: date) -> dict[str, Patch]:
    """Readable patches by code."""
    found: dict[str, Patch] = {}
    for some in chunks(sorted(set(codes))):
        found |= {one.code: one for one in readable(Patch.objects.filter(code__in=some), "patches", by, on)}
    return found


def surveys_of(patch_ids: Iterable[UUID]) -> dict[tuple[UUID, date], SurveyRound]:
    """The rounds of patches by patch and day."""
    found: dict[tuple[UUID, date], SurveyRound] = {}
    for some in chunks(set(patch_ids)):
        found |= {(one.patch_id, one.surveyed_on): one for one in SurveyRound.objects.filter(patch_id__in=some)}
    return found


def below(division_ids: Iterable[int], on: date) -> set[tuple[int, int]]:
    """Pairs (division, one at or below it) for the divisions asked about."""
    rows = DivisionPath.objects.on(on).filter(ancestor_id__in=set(division_ids))
    return set(rows.values_list("ancestor_id", "descendant_id"))
