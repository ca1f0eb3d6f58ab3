"""Facts: what a ledger publishes to the observatory. No name, number, birth date, address or coordinate (house.md §1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Literal

FactType = Literal["text", "integer", "decimal", "date", "boolean"]


class FactKind(StrEnum):
    EVENT = "event"
    INTERVAL = "interval"


@dataclass(frozen=True)
class FactColumn:
    """``coercive``: counting it may never become a target or a point, by whatever formula (mission line 3)."""

    name: str
    type: FactType
    title: str
    coercive: bool = False


@dataclass(frozen=True)
class Fact:
    """One version of a ledger row as the observatory sees it. ``until`` is exclusive; None = still open."""

    happened_on: date
    data: dict[str, Any]
    until: date | None = None
    division_id: int | None = None


@dataclass(frozen=True)
class FactTable:
    """``build`` turns a row into its fact, or None when this row publishes nothing (not yet dated).

    ``complete``: the platform is the only source of these rows, from its first day on, so that none means nought. Of all
    others nothing is known before the first month with data: the rows of then may not have been taken in yet.
    """

    name: str
    kind: FactKind
    columns: tuple[FactColumn, ...]
    build: Callable[[Any], Fact | None]
    title: str = ""
    people: bool = False
    complete: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> FactColumn | None:
        return next((column for column in self.columns if column.name == name), None)


def partition_of(day: date) -> str:
    """The file a fact of ``day`` lives in: its month."""
    return day.isoformat()[:7]


_AS_IT_IS: Final = (str, int, bool)


def jsonable(value: Any) -> Any:
    """A fact value as JSON keeps it: dates and decimals as text, exact."""
    if value is None or value.__class__ in _AS_IT_IS:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
