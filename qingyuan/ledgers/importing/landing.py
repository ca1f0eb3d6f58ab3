"""How a large batch comes in without making anyone wait: unseen in short batches, visible at once, then its consequences.

``approach`` stores rows under an ``InFlight`` line, so that no list, figure or check sees them. ``touch_down`` removes
the line and writes the one audit entry, inside the caller's transaction: that instant is the promotion. ``roll_out``
publishes facts and lets the room follow, in short batches, repeatable after a stop. ``turn_back`` undoes an approach.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import transaction

from qingyuan.foundation import audit, clock
from qingyuan.ledgers import publishing
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.models import ImportBatch, InFlight
from qingyuan.ledgers.models.imports import RowState

CHUNK = 250
BREATH = 0.06
"""Seconds between two batches: on SQLite whoever waits for the lock tries again within this time."""


def approach(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    """Store the new rows unseen. What an earlier, broken attempt left is removed first."""
    turn_back(ledger, batch)
    InFlight.objects.create(batch_id=batch.id, since=clock.now())
    staged = audit.StagedChanges(entry_id=batch.id)
    for drafts in _chunks(ledger, batch):
        with transaction.atomic():
            ledger.create(drafts=drafts, writing=replace(writing, staged=staged))
            batch.rows_done += len(drafts)
            batch.heartbeat_at = clock.now()
            batch.save(update_fields=["rows_done", "heartbeat_at"])
        time.sleep(BREATH)
    batch.found = batch.found | {"staged": [staged.count, staged.root]}
    batch.save(update_fields=["found"])


def touch_down(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    """The promotion itself, inside the caller's transaction: the rows become visible together with their audit entry."""
    count, root = batch.found["staged"]
    audit.record_write(
        by=writing.by,
        act=f"{ledger.code}.create",
        ledger=ledger.code,
        division_id=batch.division_id,
        reason=writing.reason,
        summary=str(count),
        batch_digest=batch.digest,
        staged=audit.StagedChanges(entry_id=batch.id, count=count, root=root),
    )
    InFlight.objects.filter(batch_id=batch.id).delete()


def roll_out(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    """Publish the rows' facts and let the room follow; doing it twice changes nothing."""
    rows = ledger.model.objects.filter(batch_id=batch.id).select_related(*ledger.select_related).order_by("pk")
    for chunk in _pages(rows):
        with transaction.atomic():
            if ledger.facts is not None:
                publishing.publish(ledger.facts, chunk, at=clock.now())
            if ledger.follow is not None:
                ledger.follow(rows=chunk, writing=writing)
        time.sleep(BREATH)
    batch.followed = True
    batch.save(update_fields=["followed"])


def turn_back(ledger: Ledger, batch: ImportBatch) -> None:
    """Remove what an approach stored; does nothing for a batch that never took off or has landed."""
    if not InFlight.objects.filter(batch_id=batch.id).exists():
        return
    left = ledger.model.everything.filter(batch_id=batch.id)
    while ids := list(left.values_list("pk", flat=True)[:CHUNK]):
        ledger.model.everything.filter(pk__in=ids).delete()
    audit.discard_staged(audit.StagedChanges(entry_id=batch.id))
    InFlight.objects.filter(batch_id=batch.id).delete()


def _chunks(ledger: Ledger, batch: ImportBatch) -> Iterator[list[Draft]]:
    drafts = (staged.draft for staged in staging.stream(ledger, batch, RowState.NEW))
    while chunk := list(islice(drafts, CHUNK)):
        yield chunk


def _pages(rows: Any) -> Iterator[list[Any]]:
    """Chunks by primary key, so that an earlier chunk's writes cannot shift a later one."""
    last = None
    while True:
        page = list((rows.filter(pk__gt=last) if last is not None else rows)[:CHUNK])
        if not page:
            return
        yield page
        last = page[-1].pk
