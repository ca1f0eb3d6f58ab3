"""Promotion: the checked rows enter their ledger through the room's own actions, all of them or none.

A batch of ordinary size goes in as one short transaction. A large one is stored in short batches that nobody sees
(``InFlight``), becomes visible in one instant, and its facts and dues follow in short batches; see docs/adr/0003.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.importing import collecting, landing, staging
from qingyuan.ledgers.importing.beside import Interrupted
from qingyuan.ledgers.importing.receive import forget_file
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState, RowState
from qingyuan.ledgers.writing import DuplicateRow, RowChanged
from qingyuan.organisation.actor import Actor

STALE_AFTER = timedelta(minutes=2)
ONE_TRANSACTION = 2_000
"""Up to so many new rows go in at once; more would keep other writers waiting."""


class NotReady(ValueError):
    """The batch cannot be promoted now; the message says why."""


@collecting.rarely()
def promote(*, batch_id: UUID | str, by: Actor) -> ImportBatch:
    """Bring the new and changed rows of a checked batch into the ledger: all of them or none.

    Raises NotReady unless the batch is checked. A row that someone else entered or changed since the check stops the
    whole promotion with a message; checking again sorts it out.
    """
    batch = _take(batch_id)
    ledger = registry.get(batch.ledger)
    writing = Writing(by=by, on=clock.today(), batch_id=batch.id, reason=gettext_noop("导入 %(file)s") % {"file": batch.filename})
    large = batch.new_count > ONE_TRANSACTION
    try:
        if large:
            landing.approach(ledger, batch, writing)
        with transaction.atomic():
            if large:
                landing.touch_down(ledger, batch, writing)
            else:
                _create(ledger, batch, writing)
            _change(ledger, batch, writing)
            batch.state, batch.finished_at, batch.followed = BatchState.DONE, clock.now(), not large
            batch.save(update_fields=["state", "finished_at", "followed"])
    except Exception as error:
        landing.turn_back(ledger, batch)
        changed = isinstance(error, DuplicateRow | RowChanged)
        batch.state = BatchState.WAITING if changed else BatchState.CHECKED
        batch.message = _("核对之后台账有变动,需要重新核对一次。") if changed else ""
        if isinstance(error, Interrupted):
            batch.message = str(error)
        batch.finished_at, batch.followed = None, True
        batch.save(update_fields=["state", "message", "finished_at", "followed"])
        raise
    if large:
        landing.roll_out(ledger, batch, writing)
    forget_file(batch)
    return batch


def discard(*, batch: ImportBatch) -> None:
    """Give a batch up: nothing of it was in the ledger, nothing remains but its digest."""
    with transaction.atomic():
        batch.blocks.all().delete()
        batch.state, batch.finished_at = BatchState.DISCARDED, clock.now()
        batch.save(update_fields=["state", "finished_at"])
    forget_file(batch)


def _take(batch_id: UUID | str) -> ImportBatch:
    """Claim the batch; a claim whose worker died is taken over after a while."""
    with transaction.atomic():
        stale = Q(state=BatchState.PROMOTING, heartbeat_at__lt=clock.now() - STALE_AFTER)
        claimed = ImportBatch.objects.filter(Q(state=BatchState.CHECKED) | stale, pk=batch_id).update(
            state=BatchState.PROMOTING, heartbeat_at=clock.now(), rows_done=0
        )
        if not claimed:
            raise NotReady(_("这一批还没有核对完,或者已经入库。"))
    return ImportBatch.objects.get(pk=batch_id)


def _create(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    drafts: list[Draft] = [staged.draft for staged in staging.stream(ledger, batch, RowState.NEW)]
    if drafts:
        ledger.create(drafts=drafts, writing=writing)


def _change(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    changed = [staged.draft for staged in staging.stream(ledger, batch, RowState.CHANGED)]
    if not changed:
        return
    rows = ledger.with_related(ledger.model.objects.all()).in_bulk([draft.target_id for draft in changed])
    missing = [draft for draft in changed if draft.target_id not in rows]
    if missing:
        raise RowChanged(_("要更新的行有的已被作废,请重新核对。"))
    if any(rows[draft.target_id].version != draft.target_version for draft in changed):
        raise RowChanged(_("要更新的行在核对之后又被改过,请重新核对。"))
    ledger.change(changes=[(rows[draft.target_id], draft) for draft in changed], writing=writing)
