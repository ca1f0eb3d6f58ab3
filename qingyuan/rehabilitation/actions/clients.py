"""The only writer of who is whose caseworker. Dues and clocks follow their client."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from qingyuan.casework.actions import clocks, dues
from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import index_of_name
from qingyuan.ledgers.models.row import RowQuerySet
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account
from qingyuan.rehabilitation import people
from qingyuan.rehabilitation.models import CampaignLine, Client, Measure
from qingyuan.rehabilitation.models.rows import ClientRow

CHUNK = 400
#: The models whose rows are of a client.
ROWS: tuple[type[Any], ...] = tuple(ClientRow.__subclasses__())


@transaction.atomic
def assign(*, client_ids: Sequence[UUID], caseworker: Account | None, by: Actor) -> int:
    """Make ``caseworker`` (None = nobody in particular) responsible for the clients. Returns how many changed."""
    return assign_among(client_ids, caseworker.pk if caseworker else None, by=by)


@transaction.atomic
def assign_among(client_ids: Sequence[UUID], wanted: int | None, *, by: Actor, reason: str = "") -> int:
    """As ``assign``, by the account's key."""
    changed = 0
    for start in range(0, len(client_ids), CHUNK):
        chunk = list(client_ids[start : start + CHUNK])
        clients = list(Client.objects.filter(pk__in=chunk).exclude(caseworker_id=wanted))
        deltas = [
            audit.RowDelta(
                row_id=client.pk,
                compartment=Compartment.COMMUNITY,
                before={"caseworker_id": client.caseworker_id},
                after={"caseworker_id": wanted},
            )
            for client in clients
        ]
        ids = [client.pk for client in clients]
        Client.objects.filter(pk__in=ids).update(caseworker_id=wanted)
        measures = RowQuerySet(Measure).filter(client_id__in=ids)
        for unit_id in {client.unit_id for client in clients}:
            own = measures.filter(client__unit_id=unit_id)
            dues.reassign(subjects=own.values_list("pk", flat=True), caseworker_id=wanted, unit_id=unit_id)
            people = [str(client.pk) for client in clients if client.unit_id == unit_id]
            clocks.reassign(people=people, caseworker_id=wanted, unit_id=unit_id)
        if deltas:
            audit.record_write(
                by=by, act="clients.assign", ledger="clients", rows=deltas, reason=reason, summary=f"{len(deltas)}"
            )
        changed += len(clients)
    return changed


@transaction.atomic
def reopen(*, client_ids: Collection[UUID], by: Actor) -> int:
    """Persons who were sealed and about whom there is a new decision are there again, with what was known. Returns how many."""
    sealed = list(Client.objects.select_for_update().filter(pk__in=client_ids, sealed_on__isnull=False))
    if not sealed:
        return 0
    keys = [client.pk for client in sealed]
    for model in ROWS:
        keys += model._base_manager.filter(client__in=sealed).values_list("pk", flat=True)
    keys += CampaignLine.frame.filter(client__in=sealed).values_list("pk", flat=True)
    for key in keys:
        audit.unseal_record_key(key)
    for client in sealed:
        clocks.close(person=str(client.pk), closed=False)
    deltas = [
        audit.RowDelta(
            row_id=client.pk,
            compartment=Compartment.COMMUNITY,
            before={"sealed_on": client.sealed_on.isoformat() if client.sealed_on else None},
            after={"sealed_on": None},
        )
        for client in sealed
    ]
    Client.objects.filter(pk__in=[client.pk for client in sealed]).update(sealed_on=None)
    audit.record_write(by=by, act="clients.reopen", ledger="clients", rows=deltas, summary=f"{len(deltas)}")
    return len(sealed)


def share(*, unit_id: int, caseworker: Account, every: int, by: Actor) -> int:
    """Give every ``every``-th client of a unit, in the order they came, to ``caseworker``."""
    ids = list(Client.objects.filter(unit=unit_id).order_by("created_at", "pk").values_list("pk", flat=True))
    return assign(client_ids=ids[::every], caseworker=caseworker, by=by)


def reindex() -> int:
    """Bring every client under the index key that writes now; returns how many were moved. Safe to repeat and to cut off.

    The id of a client was made of the number by the key of then; it is what rows, dues and the log of reads refer to, and stays.
    """
    moved, last = 0, None
    while True:
        page = Client.objects.order_by("pk") if last is None else Client.objects.order_by("pk").filter(pk__gt=last)
        clients = list(page[:CHUNK])
        if not clients:
            return moved
        with transaction.atomic():
            moved += sum(_reindex(client) for client in clients)
        last = clients[-1].pk


def _reindex(client: Client) -> int:
    wanted = {**index_of_name(people.HOME, client.name), "id_index": people.person_key(client.id_number).id_index}
    if all(getattr(client, name) == value for name, value in wanted.items()):
        return 0
    # A name or number that is corrected meanwhile is indexed by that correction.
    return Client.objects.filter(pk=client.pk, name_index=client.name_index, id_index=client.id_index).update(**wanted)
