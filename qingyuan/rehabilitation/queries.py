"""Reads of clients and their timelines, always through ``visible_to``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.casework.models import Due
from qingyuan.casework.rules import Done
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation.models import Client, CommunityTest, Isolation, Measure
from qingyuan.rehabilitation.people import name_index, person_key


def clients(actor: Actor, on: date, *, action: Action = Action.READ) -> QuerySet[Client]:
    """The clients ``actor`` may take ``action`` on."""
    return visible_to(
        actor,
        Client.objects.select_related("division", "unit"),
        compartment=Compartment.COMMUNITY,
        on=on,
        action=action,
    )


def search_clients(queryset: QuerySet[Client], text: str) -> QuerySet[Client]:
    """Clients whose whole name or whole ID number is ``text``; there is no search by part of a name."""
    text = text.strip()
    if len(text) == 18:
        return queryset.filter(id_index=person_key(text.upper()).id_index)
    return queryset.filter(name_index=name_index(text))


@dataclass(frozen=True)
class Timeline:
    """Everything this room knows about one client, in order of time."""

    client: Client
    measures: Sequence[Measure]
    isolations: Sequence[Isolation]
    tests: Sequence[CommunityTest]
    dues: Sequence[Due]


def timeline(client: Client) -> Timeline:
    """The client's measures, isolation periods, tests and dues. The caller has asked ``clients`` first."""
    measures = list(Measure.objects.filter(client=client).select_related("division", "unit").order_by("decided_on"))
    return Timeline(
        client=client,
        measures=measures,
        isolations=list(Isolation.objects.filter(client=client).order_by("decided_on")),
        tests=list(CommunityTest.objects.filter(client=client).order_by("tested_on")),
        dues=list(Due.objects.filter(subject_id__in=[measure.pk for measure in measures]).order_by("closes_on")),
    )


def measures_by_id(ids: Iterable[UUID]) -> dict[UUID, Measure]:
    """Measures with their clients for dues already narrowed by ``visible_to``."""
    return {measure.pk: measure for measure in Measure.objects.filter(pk__in=list(ids)).select_related("client")}


def done_by_measure(measure_ids: Iterable[UUID]) -> dict[UUID, list[Done]]:
    """The tests of each measure as events that answer dues."""
    found: dict[UUID, list[Done]] = {}
    ids = list(measure_ids)
    for start in range(0, len(ids), 500):
        rows: Any = CommunityTest.objects.filter(measure_id__in=ids[start : start + 500])
        for pk, measure_id, day in rows.values_list("pk", "measure_id", "tested_on"):
            found.setdefault(measure_id, []).append(Done(day=day, row_id=pk))
    return found
