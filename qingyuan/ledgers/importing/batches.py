"""Batches as their owners meet them: who may open one, which wait for somebody, taking one up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from qingyuan.ledgers import registry
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

OPEN = (BatchState.WAITING, BatchState.CHECKING, BatchState.CHECKED, BatchState.PROMOTING)
RECENT = 20


def open_batch(actor: Actor, batch_id: UUID, on: date) -> ImportBatch | None:
    """The batch, for the one who brought it in or a colleague of the same unit with the right; else None."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    return batch if batch is not None and _may_open(actor, batch, on) else None


def recent(actor: Actor, on: date, ledger: str = "") -> Sequence[ImportBatch]:
    """The newest batches that ``actor`` may open."""
    wanted = {"ledger": ledger} if ledger else {}
    found = _near(actor).filter(**wanted)[: RECENT * 3]
    return [batch for batch in found if _may_open(actor, batch, on)][:RECENT]


def waiting_for(actor: Actor, on: date) -> Sequence[ImportBatch]:
    """Batches not yet decided upon, the oldest first."""
    found = _near(actor).filter(state__in=OPEN).order_by("created_at")[: RECENT * 3]
    return [batch for batch in found if _may_open(actor, batch, on)]


def wait_again(*, batch: ImportBatch) -> bool:
    """Put a checked or failed batch back in line to be checked anew; False when it is being worked on."""
    again = ImportBatch.objects.filter(pk=batch.pk, state__in=(BatchState.CHECKED, BatchState.FAILED, BatchState.WAITING))
    return bool(again.update(state=BatchState.WAITING, message="", finished_at=None))


def _near(actor: Actor) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(Q(account_id=actor.account_id) | Q(unit_id=actor.unit_id)).exclude(account_id=None)


def _may_open(actor: Actor, batch: ImportBatch, on: date) -> bool:
    if actor.account_id is None or (batch.account_id != actor.account_id and batch.unit_id != actor.unit_id):
        return False
    ledger = registry.get(batch.ledger)
    return may(
        actor,
        Action.CREATE,
        compartment=ledger.compartment,
        ledger=ledger.code,
        on=on,
        division_id=batch.division_id,
        unit_id=batch.unit_id,
        caseworker_id=batch.account_id,
    ).allowed
