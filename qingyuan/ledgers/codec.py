"""Values of a row as JSON and back, by column kind; exact for dates and decimals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from qingyuan.ledgers.kinds import Kind

_DECIMALS = {Kind.DECIMAL, Kind.QUANTITY}
_PLAIN = {str, int, bool, type(None)}
_DAYS = {date, type(None)}
_NUMBERS = {Decimal, type(None)}
_LISTS = {tuple, list, type(None)}
_TEXTS = {str}


def dump_one(value: Any) -> Any:
    """A JSON-ready copy of ``value``."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, tuple | list):
        return [dump_one(item) for item in value]
    return value


def dump_many(values: Sequence[Any]) -> list[Any]:
    """``dump_one`` for the values of a column, which mostly are of one kind."""
    classes = set(map(type, values))
    if classes <= _PLAIN:
        return list(values)
    if classes <= _DAYS:
        return [None if value is None else value.isoformat() for value in values]
    if classes <= _NUMBERS:
        return [None if value is None else str(value) for value in values]
    if classes <= _LISTS:
        # Who acted: the same few people in most rows. Each row has a list of its own. 1 and True are equal, texts only to texts.
        if not all(set(map(type, value)) <= _TEXTS for value in values if value):
            return [dump_one(value) for value in values]
        known = {value: dump_one(value) for value in {tuple(value) for value in values if value}}
        return [list(known[tuple(value)]) if value else dump_one(value) for value in values]
    return [dump_one(value) for value in values]


def load_many(load: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    """A column through ``load`` (see ``loader_of``); what repeats is loaded once."""
    if load is None:
        return values
    known = {value: load(value) for value in set(values)}
    return [known[value] for value in values]


def loader_of(kind: Kind) -> Callable[[Any], Any] | None:
    """The inverse of ``dump_one`` for values of a kind; None where JSON keeps them as they are."""
    if kind in _DECIMALS:
        return _decimal
    return _day if kind == Kind.DATE else None


def load_one(kind: Kind, value: Any) -> Any:
    """The inverse of ``dump_one`` for one value of a kind."""
    load = loader_of(kind)
    return value if load is None else load(value)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if value and isinstance(value, str) else value or None


def same(kind: Kind, one: Any, other: Any) -> bool:
    """Whether two values of a column are the same for a person: empty is empty, 1.50 is 1.5."""
    if one in (None, "", []) and other in (None, "", []):
        return True
    if kind in _DECIMALS and one is not None and other is not None:
        return Decimal(str(one)) == Decimal(str(other))
    return bool(dump_one(one) == dump_one(other))
