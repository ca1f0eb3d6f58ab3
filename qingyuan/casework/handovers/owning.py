"""Who owns what, and how it moves: a room whose rows somebody owns registers here; casework knows none of them.

Registered where the room's ledgers are (``ledgers.py``), so that being there is the registration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor


@dataclass(frozen=True)
class Owner:
    """The one owner a row has: division, unit, and the caseworker's account (None = the unit's supervisor)."""

    division_id: int
    unit_id: int
    caseworker_id: int | None


@dataclass(frozen=True)
class OwnedRow:
    """One row that moves with its subject."""

    ledger: str
    row_id: UUID
    division_id: int


@dataclass(frozen=True)
class Held:
    """A subject (a client), who owns it now, and every row that moves with it, the subject's own row first."""

    subject: UUID
    owner: Owner
    rows: tuple[OwnedRow, ...]


@dataclass(frozen=True)
class Carried:
    """What an offer shows of a subject before it is accepted, and nothing else: the name and a few plain lines."""

    name: str
    lines: tuple[str, ...]


class Move(Protocol):
    def __call__(self, subjects: Sequence[UUID], /, *, to: Owner, by: Actor, on: date, reason: str) -> None: ...


@dataclass(frozen=True)
class Keeper:
    """``current`` are the subjects in somebody's care, with ``division_id``, ``unit_id`` and ``caseworker_id``; ``held`` reads
    them for good (locked when ``lock``); ``move`` is the room's own action, the only way ownership changes."""

    code: str
    title: str
    compartment: Compartment
    current: Callable[[], QuerySet[Any]]
    held: Callable[[Iterable[UUID], bool], list[Held]]
    carried: Callable[[Iterable[UUID]], dict[UUID, Carried]]
    move: Move


class UnknownKeeper(KeyError):
    """No room has registered that code."""


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """The same code twice is a defect and raises ValueError."""
    if keeper.code in _keepers:
        raise ValueError(f"keeper {keeper.code} registered twice")
    _keepers[keeper.code] = keeper


def get(code: str) -> Keeper:
    """Raises UnknownKeeper."""
    try:
        return _keepers[code]
    except KeyError:
        raise UnknownKeeper(code) from None


def all_keepers() -> list[Keeper]:
    return list(_keepers.values())
