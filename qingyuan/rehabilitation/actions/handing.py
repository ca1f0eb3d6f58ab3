"""How the care of a client passes to somebody else: the only way a client's rows change their owner by a hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks, dues
from qingyuan.casework.handovers.owning import Carried, Held, Keeper, OwnedRow, Owner
from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.actions import measures
from qingyuan.rehabilitation.actions.clients import assign_among
from qingyuan.rehabilitation.models import Client, Isolation, Measure

CODE: Final = "clients"
CHUNK: Final = 400


def current() -> QuerySet[Client]:
    """Clients in somebody's care: with a measure that has not ended, or in isolation."""
    running = Measure.objects.filter(client=OuterRef("pk"), ended_on=None)
    inside = Isolation.objects.filter(client=OuterRef("pk"), released_on=None)
    return Client.objects.filter(Exists(running) | Exists(inside))


def held(client_ids: Iterable[UUID], lock: bool = False) -> list[Held]:
    """The clients in care with what moves with them: running measures and isolation dates. What has ended, and the tests that
    were done, stay with the unit that did them."""
    ids = list(client_ids)
    clients = current().filter(pk__in=ids)
    if lock:
        clients = clients.select_for_update(of=("self",))
    rows: dict[UUID, list[OwnedRow]] = {}
    for code, found in (
        (measures.MEASURES, Measure.objects.filter(client_id__in=ids, ended_on=None)),
        (measures.ISOLATION, Isolation.objects.filter(client_id__in=ids, released_on=None)),
    ):
        for pk, client_id, division_id in found.order_by("decided_on").values_list("pk", "client_id", "division_id"):
            rows.setdefault(client_id, []).append(OwnedRow(code, pk, division_id))
    return [
        Held(
            subject=client.pk,
            owner=Owner(client.division_id, client.unit_id, client.caseworker_id),
            rows=(OwnedRow(CODE, client.pk, client.division_id), *rows.get(client.pk, ())),
        )
        for client in clients.order_by("created_at", "pk")
    ]


def carried(client_ids: Iterable[UUID]) -> dict[UUID, Carried]:
    """Name, running measure and its dates: no ID number, no telephone, no test. The caller has asked whose offer it is."""
    ids = list(client_ids)
    lines: dict[UUID, list[str]] = {}
    for row in Measure.objects.filter(client_id__in=ids, ended_on=None).select_related("division").order_by("decided_on"):
        lines.setdefault(row.client_id, []).append(_said(row))
    for inside in Isolation.objects.filter(client_id__in=ids, released_on=None).order_by("decided_on"):
        days = _("%(day)s 决定强制隔离戒毒") % {"day": inside.decided_on.isoformat()}
        lines.setdefault(inside.client_id, []).append(days)
    return {
        client.pk: Carried(client.name, tuple(lines.get(client.pk, ())))
        for client in Client.objects.filter(pk__in=ids, sealed_on=None).order_by("created_at", "pk")
    }


def _said(row: Any) -> str:
    said = [get_list("measures").said(row.kind), row.division.name]
    for label, day in ((_("%(day)s 报到"), row.reported_on), (_("%(day)s 期满"), row.ends_on)):
        if day:
            said.append(label % {"day": day.isoformat()})
    return " · ".join(said)


@transaction.atomic
def move(client_ids: Sequence[UUID], *, to: Owner, by: Actor, on: date, reason: str) -> None:
    """Give the clients to ``to``: inside the unit only the caseworker changes; to another unit go the running measures,
    isolation dates and the dues whose windows are still open, each through its own change with history and facts."""
    ids = list(client_ids)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        leaving = [one.pk for one in Client.objects.filter(pk__in=chunk).exclude(unit_id=to.unit_id)]
        if leaving:
            _to_another_unit(leaving, to, Writing(by=by, on=on, reason=reason))
        assign_among(chunk, to.caseworker_id, by=by, reason=reason)


def _to_another_unit(ids: Sequence[UUID], to: Owner, writing: Writing) -> None:
    before = {client.pk: client for client in Client.objects.filter(pk__in=ids)}
    running = list(Measure.objects.filter(client_id__in=ids, ended_on=None).select_related("client", "division"))
    inside = list(Isolation.objects.filter(client_id__in=ids, released_on=None).select_related("client", "division"))
    measures.change_measures(changes=[(row, _drafted(row, to)) for row in running], writing=writing)
    measures.change_isolation(changes=[(row, _drafted(row, to)) for row in inside], writing=writing)
    Client.objects.filter(pk__in=ids).update(division_id=to.division_id, unit_id=to.unit_id)
    deltas = [
        audit.RowDelta(
            row_id=client.pk,
            compartment=Compartment.COMMUNITY,
            before={"division_id": client.division_id, "unit_id": client.unit_id},
            after={"division_id": to.division_id, "unit_id": to.unit_id},
        )
        for client in before.values()
    ]
    audit.record_write(
        by=writing.by,
        act="clients.hand_on",
        ledger=CODE,
        rows=deltas,
        division_id=to.division_id,
        reason=writing.reason,
        summary=f"{len(deltas)}",
    )
    dues.leave_behind(subjects=[row.pk for row in running], unit_id=to.unit_id)
    clocks.leave_behind(people=[str(pk) for pk in ids], unit_id=to.unit_id)


def _drafted(row: Any, to: Owner) -> Draft:
    return Draft(number=1, values={}, division_id=to.division_id, unit_id=to.unit_id, target_id=row.pk)


CLIENTS: Final = Keeper(
    code=CODE,
    title="服务对象",
    compartment=Compartment.COMMUNITY,
    current=current,
    held=held,
    carried=carried,
    move=move,
)
