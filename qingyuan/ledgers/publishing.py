"""Facts leave here: new versions beside old ones, and the partitions to refresh, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from qingyuan.ledgers.facts import Fact, FactTable, jsonable, partition_of
from qingyuan.ledgers.models import FactRow, OutboxEntry

CHUNK = 1000


def publish(table: FactTable, rows: Sequence[Any], *, at: datetime, known: bool = True) -> None:
    """Publish ``rows`` (objects with ``id``, ``division_id``, ``unit_id``) as they are now.

    ``known`` False = the rows are new, so no old version needs closing. A row whose fact is unchanged keeps its version.
    """
    built = {row.id: (row, table.build(row)) for row in rows}
    current = _current(table.name, list(built)) if known else {}
    touched: set[str] = set()
    closing: list[int] = []
    fresh: list[FactRow] = []
    for row_id, (row, fact) in built.items():
        old = current.get(row_id)
        new = _version(table, row, fact, at) if fact is not None else None
        if old is not None and new is not None and _equal(old, new):
            continue
        if old is not None:
            closing.append(old.pk)
            touched.add(old.partition)
        if new is not None:
            fresh.append(new)
            touched.add(new.partition)
    _close(closing, at)
    FactRow.objects.bulk_create(fresh, batch_size=CHUNK)
    announce(table.name, touched, at=at)


def withdraw(table: FactTable, row_ids: Sequence[UUID], *, at: datetime) -> None:
    """Close the current versions of ``row_ids`` without a successor (voided rows)."""
    current = _current(table.name, row_ids)
    _close([old.pk for old in current.values()], at)
    announce(table.name, {old.partition for old in current.values()}, at=at)


def announce(fact: str, partitions: Iterable[str], *, at: datetime) -> None:
    """Put ``partitions`` of ``fact`` into the outbox."""
    OutboxEntry.objects.bulk_create(
        OutboxEntry(fact=fact, partition=partition, created_at=at) for partition in sorted(set(partitions))
    )


def _version(table: FactTable, row: Any, fact: Fact, at: datetime) -> FactRow:
    return FactRow(
        fact=table.name,
        partition=partition_of(fact.happened_on),
        row_id=row.id,
        happened_on=fact.happened_on,
        until=fact.until,
        division_id=fact.division_id or row.division_id,
        unit_id=row.unit_id,
        recorded_at=at,
        data={column.name: jsonable(fact.data.get(column.name)) for column in table.columns},
    )


def _equal(old: FactRow, new: FactRow) -> bool:
    return (
        old.happened_on == new.happened_on
        and old.until == new.until
        and old.division_id == new.division_id
        and old.unit_id == new.unit_id
        and old.data == new.data
    )


def _current(fact: str, row_ids: Sequence[UUID]) -> dict[UUID, FactRow]:
    found: dict[UUID, FactRow] = {}
    for start in range(0, len(row_ids), CHUNK // 2):
        chunk = row_ids[start : start + CHUNK // 2]
        for version in FactRow.objects.filter(fact=fact, row_id__in=chunk, superseded_at=None):
            found[version.row_id] = version
    return found


def _close(pks: Sequence[int], at: datetime) -> None:
    for start in range(0, len(pks), CHUNK // 2):
        FactRow.objects.filter(pk__in=pks[start : start + CHUNK // 2]).update(superseded_at=at)
