"""Writes one partition of facts, or the division tables, to a Parquet file beside its place. Plain values in; no database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from qingyuan.indicators.fact_files import DECIMAL_DIGITS, DECIMAL_PLACES, FIXED_COLUMNS
from qingyuan.ledgers.facts import FactTable

BATCH: Final = 20_000
_TRIES: Final = 50
_PAUSE: Final = 0.02
_PLACES: Final = Decimal(1).scaleb(-DECIMAL_PLACES)
_ARROW: Final[Mapping[str, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}


class BadFact(ValueError):
    """A published value does not fit the type its fact table declares; names the fact, the row and the column."""


@dataclass(frozen=True)
class FactVersion:
    """One version of one published row, as the ledgers keep it. Times are aware."""

    row_id: str
    happened_on: date
    until: date | None
    division_id: int
    unit_id: int | None
    recorded_at: datetime
    superseded_at: datetime | None
    data: Mapping[str, Any]


def fact_schema(table: FactTable) -> pa.Schema:
    fixed = [pa.field(name, _ARROW[kind]) for name, kind in FIXED_COLUMNS.items()]
    return pa.schema([*fixed, *(pa.field(column.name, _ARROW[column.type]) for column in table.columns)])


def table_schema(columns: Mapping[str, str]) -> pa.Schema:
    return pa.schema([pa.field(name, _ARROW[kind]) for name, kind in columns.items()])


def write_facts(target: Path, table: FactTable, versions: Iterable[FactVersion]) -> int:
    """Write the versions to a hidden file beside ``target``; returns how many. ``put_in_place`` finishes.

    Raises:
        BadFact: a value does not fit its declared type; nothing is left behind.
    """
    return _write(target, fact_schema(table), (_fact_columns(table, batch) for batch in _batches(versions)))


def write_table(target: Path, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> int:
    """Write plain rows (one value per column, in order) to a hidden file beside ``target``."""
    arrays = {name: [row[index] for row in rows] for index, name in enumerate(columns)}
    return _write(target, table_schema(columns), iter([arrays]))


def put_in_place(target: Path) -> None:
    """Swap the finished hidden file in by one rename: a reader sees the old file or the new one, never half."""
    for tries_left in reversed(range(_TRIES)):
        try:
            os.replace(_beside(target), target)
            return
        except (
            PermissionError
        ):  # Windows refuses while a reader has the old file open, which is a matter of milliseconds
            if not tries_left:
                raise
            time.sleep(_PAUSE)


def drop(target: Path) -> None:
    """Take away a partition that has no rows left, with the empty file built for it."""
    _beside(target).unlink(missing_ok=True)
    target.unlink(missing_ok=True)


def has_schema(path: Path, table: FactTable) -> bool:
    """Whether a file still has the columns its table declares today."""
    return bool(pq.read_schema(path).equals(fact_schema(table), check_metadata=False))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.stem}.building")


def _write(target: Path, schema: pa.Schema, batches: Iterator[dict[str, list[Any]]]) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = _beside(target)
    count = 0
    try:
        with pq.ParquetWriter(hidden, schema, compression="zstd") as writer:
            for columns in batches:
                batch = pa.Table.from_pydict(columns, schema=schema)
                writer.write_table(batch)
                count += batch.num_rows
        _to_disk(hidden)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    return count


def _to_disk(path: Path) -> None:
    """Renaming a file whose bytes are not yet on the disk may leave an empty one after a power cut."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _batches(versions: Iterable[FactVersion]) -> Iterator[list[FactVersion]]:
    source = iter(versions)
    while batch := list(islice(source, BATCH)):
        yield batch


def _fact_columns(table: FactTable, batch: Sequence[FactVersion]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        "row_id": [version.row_id for version in batch],
        "happened_on": [version.happened_on for version in batch],
        "until": [version.until for version in batch],
        "division_id": [version.division_id for version in batch],
        "unit_id": [version.unit_id for version in batch],
        "recorded_at": [_utc(version.recorded_at) for version in batch],
        "superseded_at": [_utc(version.superseded_at) for version in batch],
    }
    for column in table.columns:
        read = _READERS[column.type]
        columns[column.name] = [_value(table, version, column.name, read) for version in batch]
    return columns


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _value(table: FactTable, version: FactVersion, column: str, read: Callable[[Any], Any]) -> Any:
    value = version.data.get(column)
    if value is None:
        return None
    try:
        return read(value)
    except (TypeError, ValueError, InvalidOperation):
        where = f"{table.name} {version.row_id} {column}"
        raise BadFact(f"{where}: {value!r} does not fit the declared type") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or int(value) != float(value):
        raise TypeError
    return int(value)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    return Decimal(str(value)).quantize(_PLACES)


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "boolean": _boolean,
}
