"""Values of a row as JSON and back, by column kind; exact for dates and decimals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind

_DECIMALS = {Kind.DECIMAL, Kind.QUANTITY}


def dump(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON-ready copy of ``values``."""
    return {name: dump_one(value) for name, value in values.items()}


def dump_one(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [dump_one(item) for item in value]
    return value


def load(columns: tuple[Column, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of ``dump`` for values named by ``columns``."""
    kinds = {column.name: column.kind for column in columns}
    return {name: load_one(kinds.get(name, Kind.TEXT), value) for name, value in values.items()}


def load_one(kind: Kind, value: Any) -> Any:
    if value is None or value == "":
        return None if kind in _DECIMALS | {Kind.DATE} else value
    if kind in _DECIMALS:
        return Decimal(str(value))
    if kind == Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def same(kind: Kind, one: Any, other: Any) -> bool:
    """Whether two values of a column are the same for a person: empty is empty, 1.50 is 1.5."""
    if one in (None, "", []) and other in (None, "", []):
        return True
    if kind in _DECIMALS and one is not None and other is not None:
        return Decimal(str(one)) == Decimal(str(other))
    return bool(dump_one(one) == dump_one(other))
