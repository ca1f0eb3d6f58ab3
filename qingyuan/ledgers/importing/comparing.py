"""A file against the last one of its source: what came before, and which rows are no longer in it.

Provenance is ``batch_id``: a row belongs to the source whose batch entered it. A row that is missing now is a question
to a person and never more: nothing here voids anything.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.foundation.crypto import keyring
from qingyuan.ledgers import queries
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.keys import every_key_of
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.models import ImportBatch, Source
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor


@dataclass(frozen=True)
class Comparison:
    """``previous``: the last file of the source that is in, None for the first. ``span``: the days among which rows are
    asked about (first and last), None where the source's files hold everything."""

    previous: ImportBatch | None
    span: tuple[date, date] | None
    is_latest: bool


@dataclass(frozen=True)
class Gone:
    """How many rows are no longer in the file, and the first of them."""

    count: int
    rows: list[Any]


def compared(batch: ImportBatch) -> Comparison | None:
    """How ``batch`` stands to its source; None without a source."""
    if batch.source_id is None:
        return None
    done = ImportBatch.objects.filter(source_id=batch.source_id, state=BatchState.DONE).exclude(pk=batch.pk)
    previous = done.filter(created_at__lt=batch.created_at).order_by("-finished_at").first()
    later = done.filter(created_at__gt=batch.created_at).exists()
    return Comparison(previous, _span(batch), is_latest=not later)


def candidates(ledger: Ledger, batch: ImportBatch, actor: Actor, on: date) -> QuerySet[Any]:
    """Live rows that earlier files of the batch's source entered, of those ``actor`` may read. Where files hold only their
    own days, only rows of the days that this file covers. None of a sealed ledger: its rows are not laid beside a file."""
    rows = queries.rows(ledger, actor, on)
    comparison = compared(batch)
    if ledger.sealed or comparison is None or not comparison.is_latest:
        return rows.none()
    if batch.state not in (BatchState.CHECKED, BatchState.DONE):
        return rows.none()
    assert batch.source is not None, "compared() said so"
    earlier = ImportBatch.objects.filter(source=batch.source, state=BatchState.DONE).exclude(pk=batch.pk)
    found = rows.filter(batch_id__in=earlier.values("pk"))
    if not batch.source.whole:
        if comparison.span is None:
            return rows.none()
        lookup = ledger.column(ledger.dated_by).lookup
        found = found.filter(**{f"{lookup}__range": comparison.span})
    return found.order_by(*(ledger.ordering or (f"-{ledger.column(ledger.dated_by).lookup}", "pk")))


def gone(ledger: Ledger, batch: ImportBatch, actor: Actor, on: date, *, most: int) -> Gone:
    """The candidates that ``batch`` does not hold: how many, and the first ``most`` of them.

    A row of the file that has a problem has no key yet, so its row may be among these: see ``batch.bad_count``. The file's
    keys are ciphertext, so they are opened a block at a time and kept as a digest of eight bytes each.
    """
    earlier = candidates(ledger, batch, actor, on)
    if not earlier.exists():
        return Gone(0, [])
    here = {_digest(key) for key in staging.keys(ledger, batch)}
    # A file checked before index keys were rotated knows its rows by keys of then.
    rotated = len(keyring().index_keys_ever(str(ledger.compartment))) > 1
    count = 0
    first: list[Any] = []
    for pk, key in earlier.values_list("pk", "key").iterator():
        if _digest(key) in here or (rotated and not here.isdisjoint(map(_digest, _every_key(ledger, pk)))):
            continue
        count += 1
        if len(first) < most:
            first.append(pk)
    return Gone(count, list(earlier.filter(pk__in=first)) if first else [])


def gone_row(ledger: Ledger, batch: ImportBatch, actor: Actor, on: date, row_id: UUID) -> Any | None:
    """The one row, when it is a candidate that ``batch`` does not hold; else None."""
    row = candidates(ledger, batch, actor, on).filter(pk=row_id).first()
    if row is None:
        return None
    return None if not every_key_of(ledger, row).isdisjoint(staging.keys(ledger, batch)) else row


def _every_key(ledger: Ledger, row_id: UUID) -> set[str]:
    return every_key_of(ledger, ledger.with_related(ledger.model.objects.all()).get(pk=row_id))


def _digest(key: str) -> bytes:
    """Eight bytes tell the keys of a file apart: among a million rows two share one once in a few million files."""
    return hashlib.blake2b(key.encode(), digest_size=8).digest()


def next_month(source: Source, last: ImportBatch | None) -> date | None:
    """The first day of the month in which the next file is expected; None when it comes irregularly or never came."""
    if not source.every_months or last is None:
        return None
    months = last.created_at.year * 12 + last.created_at.month - 1 + source.every_months
    return date(months // 12, months % 12 + 1, 1)


def _span(batch: ImportBatch) -> tuple[date, date] | None:
    span = batch.found.get("span")
    return (date.fromisoformat(span[0]), date.fromisoformat(span[1])) if span else None


def is_dated(ledger: Ledger) -> bool:
    """Whether files of the ledger cover days, so that a file may hold only its own."""
    return ledger.column(ledger.dated_by).kind == Kind.DATE
