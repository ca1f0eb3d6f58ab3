"""The only writers of tests in the community. A test answers the due whose window it falls in, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.rehabilitation import people, rules
from qingyuan.rehabilitation.actions.settling import bring_in_line
from qingyuan.rehabilitation.models import Client, Measure

LEDGER = "tests"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each draft's client and the measure being carried out on the day of the test."""
    known = people.clients_for(drafts, among=people.within_reach(writing))
    found: list[tuple[Draft, Client]] = []
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("tested_on",), writing.on)
        client = people.find(draft, known, writing)
        if client is not None:
            found.append((draft, client))
    measures = _measures_of([client for _draft, client in found])
    for draft, client in found:
        draft.extra["client_id"] = client.pk
        draft.division_id, draft.unit_id = client.division_id, client.unit_id
        draft.caseworker_id = client.caseworker_id or 0  # nobody's is no caseworker's own
        day = draft.values.get("tested_on")
        if day is None:
            continue
        measure = next((m for m in measures.get(client.pk, []) if _covers(m, day)), None)
        if measure is None:
            draft.refuse("tested_on", _("检测日没有正在执行的社区措施,请核对日期,或先补登报到日期。"))
        else:
            draft.extra["measure_id"] = measure.pk
            draft.division_id, draft.unit_id = measure.division_id, measure.unit_id


@transaction.atomic
def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _writing.insert(registry.get(LEDGER), drafts, writing)
    if not writing.in_flight:
        follow(rows=rows, writing=writing)
    return rows


@transaction.atomic
def follow(*, rows: Sequence[Any], writing: Writing) -> None:
    """Settle the dues of the measures that ``rows`` belong to."""
    _settle({row.measure_id for row in rows}, writing)


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    touched = {row.measure_id for row, _draft in changes}
    _writing.change(registry.get(LEDGER), changes, writing)
    _settle(touched | {row.measure_id for row, _draft in changes}, writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)
    _settle({row.measure_id for row in rows}, writing)


def _settle(measure_ids: set[Any], writing: Writing) -> None:
    measures: list[Measure] = []
    ids = list(measure_ids)
    for start in range(0, len(ids), 500):
        measures += Measure.objects.filter(pk__in=ids[start : start + 500]).select_related("client")
    bring_in_line(measures, by=writing.by)


def _measures_of(clients: Sequence[Client]) -> dict[Any, list[Measure]]:
    found: dict[Any, list[Measure]] = {}
    for measure in Measure.objects.filter(client__in=clients).order_by("-decided_on"):
        found.setdefault(measure.client_id, []).append(measure)
    return found


def _covers(measure: Measure, day: Any) -> bool:
    return rules.covers(reported_on=measure.reported_on, ended_on=measure.ended_on, day=day)
