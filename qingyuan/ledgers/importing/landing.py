"""How a large batch comes in without making anyone wait: unseen in short batches, visible at once, then its consequences.

``approach`` stores rows under an ``InFlight`` line, so that no list, figure or check sees them. ``touch_down`` removes
the line and writes the one audit entry, inside the caller's transaction: that instant is the promotion. ``roll_out``
publishes facts and lets the room follow, in short batches, repeatable after a stop. ``turn_back`` undoes an approach.
"""

from __future__ import annotations

import time
from collections import namedtuple
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction

from qingyuan.foundation import audit, bulk, clock
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers import publishing, stowing
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.importing import beside, collecting, staging
from qingyuan.ledgers.models import ImportBatch, InFlight
from qingyuan.ledgers.models.imports import RowState

CHUNK = 500
_BOOKKEEPING = frozenset(
    {"key", "batch_id", "recorded_at", "recorded_by_id", "changed_at", "voided_at", "void_reason", "version"}
)
"""What every row has beside its own columns; no fact is made of it."""
SLOW_CHUNK = 250
"""Where a transaction also holds the work of a room (``create``, ``follow``), it holds fewer rows."""
BREATH = 0.06
"""Seconds after such a one: on SQLite whoever waits for the lock tries again within this time."""
SHORT_BREATH = 0.002
"""Seconds after a transaction that only stores; the lock is free anyway while the next chunk is prepared."""


def approach(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    """Store the new rows unseen. What an earlier, broken attempt left is removed first."""
    turn_back(ledger, batch)
    InFlight.objects.create(batch_id=batch.id, since=clock.now())
    staged = audit.StagedChanges(entry_id=batch.id)
    arriving = replace(writing, staged=staged)
    if ledger.stow is stowing.nothing_besides:
        for stowed in beside.prepared(ledger, batch, arriving, CHUNK):
            _store(ledger, batch, stowed, arriving)
            time.sleep(SHORT_BREATH)
    else:
        take = _create if ledger.stow is None else _stow
        for drafts in _chunks(ledger, batch):
            take(ledger, batch, drafts, arriving)
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


@collecting.rarely()
def roll_out(ledger: Ledger, batch: ImportBatch, writing: Writing) -> None:
    """Publish the rows' facts and let the room follow; doing it twice changes nothing."""
    partitions = _publish(ledger, batch)
    if ledger.follow is not None:
        for rows in _gathered(ledger, batch):
            ledger.follow(rows=rows, writing=writing)
            time.sleep(BREATH)
    with transaction.atomic():
        if ledger.facts is not None:
            # Once for all chunks: a run that stopped before has announced nothing, and is repeated whole.
            publishing.announce(ledger.facts.name, partitions, at=clock.now())
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


def _stow(ledger: Ledger, batch: ImportBatch, drafts: Sequence[Draft], writing: Writing) -> None:
    """Prepare a chunk while others write, then store it in one short transaction."""
    try:
        _store(ledger, batch, stowing.prepare(ledger, drafts, writing), writing)
    except IntegrityError:
        # Someone else added what this chunk was about to add as well (a person): look again, once.
        _store(ledger, batch, stowing.prepare(ledger, drafts, writing), writing)
    time.sleep(SHORT_BREATH)


def _store(ledger: Ledger, batch: ImportBatch, stowed: stowing.Stowed, writing: Writing) -> None:
    with transaction.atomic():
        stowing.store(ledger, stowed, writing)
        _progress(batch, len(stowed.rows.rows))


def _create(ledger: Ledger, batch: ImportBatch, drafts: Sequence[Draft], writing: Writing) -> None:
    """The same through the room's own ``create``, which may do more than insert rows."""
    for start in range(0, len(drafts), SLOW_CHUNK):
        some = drafts[start : start + SLOW_CHUNK]
        with transaction.atomic():
            ledger.create(drafts=some, writing=writing)
            _progress(batch, len(some))
        time.sleep(BREATH)


def _progress(batch: ImportBatch, count: int) -> None:
    batch.rows_done += count
    batch.heartbeat_at = clock.now()
    batch.save(update_fields=["rows_done", "heartbeat_at"])


def _publish(ledger: Ledger, batch: ImportBatch) -> set[str]:
    """Publish the facts of the batch's rows; returns the partitions they stand in, whether published now or before.

    A row that someone changed since the landing has published its own fact then, and one that was voided has none.
    """
    table = ledger.facts
    if table is None:
        return set()
    partitions: set[str] = set()
    for chunk in (
        _plain_rows(ledger, batch) if ledger.stow is not None else _pages(_rows(ledger, batch).filter(version=1))
    ):
        at = clock.now()
        made = publishing.first_versions(table, chunk, at)
        with transaction.atomic():
            unmoved = ledger.model.everything.filter(pk__among=made.row_ids, version=1, voided_at=None)
            if unmoved.count() == len(made.row_ids) and not publishing.any_published(table, made.row_ids):
                bulk.store(made.lot)
            else:
                publishing.publish(table, list(ledger.with_related(unmoved)), at=at)
        partitions |= made.partitions
        time.sleep(SHORT_BREATH)
    return partitions


def _plain_rows(ledger: Ledger, batch: ImportBatch) -> Iterator[list[Any]]:
    """The batch's unchanged rows as plain values, in chunks: a ledger with a ``stow`` builds its facts from its own columns.

    No encrypted column is read. A row that was built as a model would cost more than all the rest of publishing it.
    """
    names = plain_names(ledger)
    # A class of its own rather than a namespace: attributes of one kind of row are found faster.
    row = namedtuple("row", names)  # type: ignore[misc]
    # The batch has landed: what makes a row of it live is only that nobody voided it.
    rows = ledger.model.everything.filter(version=1, voided_at=None)
    for ids in _id_chunks(ledger, batch):
        yield list(map(row._make, bulk.read(rows.filter(pk__among=ids), names)))


def plain_names(ledger: Ledger) -> list[str]:
    """The attributes that a fact may be built from: no encrypted one, and none of those every row has beside its own."""
    return [
        field.attname
        for field in ledger.model._meta.concrete_fields
        if not isinstance(field, EncryptedTextField) and field.attname not in _BOOKKEEPING
    ]


def _id_chunks(ledger: Ledger, batch: ImportBatch) -> Iterator[list[Any]]:
    """Ids of the batch's rows in their order. All at once: each page of a sorted question would sort the whole batch anew."""
    ids = [row_id for (row_id,) in bulk.read(ledger.model.everything.filter(batch_id=batch.id).order_by("pk"), ["id"])]
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _gathered(ledger: Ledger, batch: ImportBatch) -> Iterator[list[Any]]:
    """The batch's rows for the room to follow, all of one measure (``gathered_by``) in one chunk: none is settled twice."""
    rows, by = _rows(ledger, batch), ledger.gathered_by
    if ledger.followed is not None:
        rows = rows.filter(ledger.followed)
    names = rows.order_by(by).values_list(by, flat=True).distinct()
    if by == "pk":
        yield from _pages(rows, SLOW_CHUNK)
        return
    last = None
    while True:
        some = list((names.filter(**{f"{by}__gt": last}) if last is not None else names)[:SLOW_CHUNK])
        if not some:
            return
        yield list(rows.filter(**{f"{by}__in": some}))
        last = some[-1]


def _rows(ledger: Ledger, batch: ImportBatch) -> Any:
    return ledger.with_related(ledger.model.objects.filter(batch_id=batch.id)).order_by("pk")


def _chunks(ledger: Ledger, batch: ImportBatch) -> Iterator[list[Draft]]:
    drafts = (staged.draft for staged in staging.stream(ledger, batch, RowState.NEW))
    while chunk := list(islice(drafts, CHUNK)):
        yield chunk


def _pages(rows: Any, count: int = CHUNK) -> Iterator[list[Any]]:
    """Chunks by primary key, so that an earlier chunk's writes cannot shift a later one."""
    last = None
    while True:
        page = list((rows.filter(pk__gt=last) if last is not None else rows)[:count])
        if not page:
            return
        yield page
        last = page[-1].pk
