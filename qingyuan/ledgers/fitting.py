"""Whether a number fits the column it is kept in: told in words before it is stored, on every database alike.

PostgreSQL refuses what is too large for a column; SQLite would keep it, and another database could not take it over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind

_LARGEST = {
    "PositiveSmallIntegerField": 2**15 - 1,
    "SmallIntegerField": 2**15 - 1,
    "PositiveIntegerField": 2**31 - 1,
    "IntegerField": 2**31 - 1,
}


@dataclass(frozen=True)
class _Room:
    """What a column holds: numbers up to ``most``, not below nought where ``unsigned``, with so many decimals (None = any)."""

    name: str
    most: int
    unsigned: bool
    places: int | None


def misfits(ledger: Ledger, values: Mapping[str, Any]) -> list[Problem]:
    """One problem for each number that its column cannot hold."""
    found = []
    for room in _rooms(ledger.code):
        value = values.get(room.name)
        if isinstance(value, int | Decimal) and (message := _why_not(room, value)):
            found.append(Problem(column=room.name, address="", value=str(value), message=message))
    return found


def _why_not(room: _Room, value: int | Decimal) -> str:
    if not -room.most <= value <= room.most:
        return _("数太大,这一栏最多 %(most)s:请对照原件") % {"most": f"{room.most:,}"}
    if room.unsigned and value < 0:
        return _("这一栏不会是负数:请对照原件")
    if room.places is not None and isinstance(value, Decimal) and value != round(value, room.places):
        return _("小数太多,这一栏最多 %(places)s 位:请写到这一位") % {"places": room.places}
    return ""


@cache
def _rooms(code: str) -> tuple[_Room, ...]:
    ledger = registry.get(code)
    found = []
    for column in ledger.columns:
        if column.kind not in {Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY}:
            continue
        try:
            field = ledger.model._meta.get_field(column.name)
        except FieldDoesNotExist:
            continue  # kept elsewhere than in a column of that name
        kind = field.get_internal_type()
        if kind in _LARGEST:
            found.append(_Room(column.name, _LARGEST[kind], kind.startswith("Positive"), None))
        elif isinstance(field, models.DecimalField) and field.max_digits and field.decimal_places is not None:
            whole = field.max_digits - field.decimal_places
            # A weight is turned into grams and rounded there; what a person counts or measures is kept as written.
            places = field.decimal_places if column.kind == Kind.DECIMAL else None
            found.append(_Room(column.name, 10**whole - 1, False, places))
    return tuple(found)
