"""Facts leave here: new versions beside old ones, and the partitions to refresh, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from qingyuan.foundation import bulk
from qingyuan.ledgers.facts import FactTable, jsonable, partition_of
from qingyuan.ledgers.models import FactRow, OutboxEntry

CHUNK = 1000


class Version(NamedTuple):
    """One version of a row's fact, not yet stored; ``data`` as JSON keeps it."""

    row_id: UUID
    partition: str
    happened_on: date
    until: date | None
    division_id: int
    unit_id: int | None
    data: dict[str, Any]


def publish(table: FactTable, rows: Sequence[Any], *, at: datetime, known: bool = True) -> None:
    """Publish ``rows`` (objects with ``id``, ``division_id``, ``unit_id``) as they are now, in the caller's transaction.

    ``known`` False = the rows are new, so no old version needs closing. A row whose fact is unchanged keeps its version.
    """
    built = {row.id: version_of(table, row) for row in rows}
    current = _current(table.name, list(built)) if known else {}
    touched: set[str] = set()
    closing: list[int] = []
    fresh: list[Version] = []
    for row_id, new in built.items():
        old = current.get(row_id)
        if old is not None and new is not None and _equal(old, new):
            continue
        if old is not None:
            closing.append(old.pk)
            touched.add(old.partition)
        if new is not None:
            fresh.append(new)
            touched.add(new.partition)
    _close(closing, at)
    bulk.store(lot_of(table, fresh, at))
    announce(table.name, touched, at=at)


def version_of(table: FactTable, row: Any) -> Version | None:
    """The fact of ``row`` as it is now; None when it publishes nothing."""
    fact = table.build(row)
    if fact is None:
        return None
    return Version(
        row_id=row.id,
        partition=partition_of(fact.happened_on),
        happened_on=fact.happened_on,
        until=fact.until,
        division_id=fact.division_id or row.division_id,
        unit_id=row.unit_id,
        data={name: jsonable(fact.data.get(name)) for name in table.names},
    )


def lot_of(table: FactTable, versions: Sequence[Version], at: datetime) -> bulk.Lot:
    """``versions`` ready to be stored; needs no transaction."""
    columns = dict(zip(_COLUMNS, zip(*versions, strict=True), strict=True)) if versions else dict.fromkeys(_COLUMNS, ())
    return bulk.prepare(
        FactRow, len(versions), {**columns, "fact": bulk.Each(table.name), "recorded_at": bulk.Each(at)}
    )


class NewFacts(NamedTuple):
    """First versions ready to be stored, the ids of the rows looked at, and the partitions the facts stand in."""

    lot: bulk.Lot
    row_ids: list[UUID]
    partitions: set[str]


def first_versions(table: FactTable, rows: Sequence[Any], at: datetime) -> NewFacts:
    """What ``lot_of`` makes of ``version_of`` each row, put together by column; needs no transaction."""
    found = [(row, fact) for row in rows if (fact := table.build(row)) is not None]
    facts = [fact for _row, fact in found]
    happened = [fact.happened_on for fact in facts]
    months = {day: partition_of(day) for day in set(happened)}
    values: dict[str, Sequence[Any] | bulk.Each | bulk.Ready] = {
        "row_id": [row.id for row, _fact in found],
        "partition": [months[day] for day in happened],
        "happened_on": happened,
        "until": [fact.until for fact in facts],
        "division_id": [fact.division_id or row.division_id for row, fact in found],
        "unit_id": [row.unit_id for row, _fact in found],
        "data": bulk.Ready(_texts(table, [fact.data for fact in facts])),
        "fact": bulk.Each(table.name),
        "recorded_at": bulk.Each(at),
    }
    return NewFacts(bulk.prepare(FactRow, len(facts), values), [row.id for row in rows], set(months.values()))


def _texts(table: FactTable, data: Sequence[dict[str, Any]]) -> list[str]:
    """Each fact's data as ``json.dumps`` writes it, from its columns' texts."""
    columns = []
    for name in table.names:
        head = json.dumps(name) + ": "
        values = [one.get(name) for one in data]
        classes = set(map(type, values)) - {type(None)}
        if classes == {Decimal}:  # 1.50 and 1.5 are equal and written differently
            values = [None if value is None else str(value) for value in values]
        if len(classes) <= 1 and list not in classes and dict not in classes:
            known = {value: head + json.dumps(jsonable(value)) for value in set(values)}
            columns.append([known[value] for value in values])
        else:
            columns.append([head + json.dumps(jsonable(value)) for value in values])
    return [f"{{{', '.join(parts)}}}" for parts in zip(*columns, strict=True)] if columns else ["{}"] * len(data)


def any_published(table: FactTable, row_ids: Sequence[UUID]) -> bool:
    """Whether one of ``row_ids`` has a version that is current."""
    return FactRow.objects.filter(fact=table.name, row_id__among=row_ids, superseded_at=None).exists()


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


_COLUMNS: Final = Version._fields


def _equal(old: FactRow, new: Version) -> bool:
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
