"""Rows of a ledger brought under the index key that writes now: their blind indexes, buckets and natural keys.

Rows are read and written a few at a time while others work; what somebody changes meanwhile was indexed by that change.
Doing it twice changes nothing, so a run that was cut off is simply begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers.declaration import Draft, Ledger
from qingyuan.ledgers.keys import key_of, standing

ROWS: Final = 200
_people: dict[Compartment, Callable[[], int]] = {}


def register_people(compartment: Compartment, move: Callable[[], int]) -> None:
    """A room whose rows hang on a noun of its own for people says how those are brought under the key that writes now."""
    _people[compartment] = move


def reindex_people(compartments: Iterable[Compartment]) -> int:
    """How many people of these compartments were moved."""
    return sum(_people[one]() for one in compartments if one in _people)


@dataclass(frozen=True)
class Reindexed:
    """``equal``: rows that two processes entered at the same moment, equal to another row; a person voids one of them."""

    moved: int
    equal: tuple[UUID, ...] = ()


def reindex(ledger: Ledger) -> Reindexed:
    """Every row of the ledger, voided and arriving ones too."""
    moved, equal = 0, []
    for rows in _pages(ledger):
        wanted = [(row, values) for row in rows if (values := _differing(ledger, row))]
        try:
            with transaction.atomic():
                moved += sum(_write(ledger, row, values) for row, values in wanted)
        except IntegrityError:
            for row, values in wanted:
                try:
                    with transaction.atomic():
                        moved += _write(ledger, row, values)
                except IntegrityError:
                    equal.append(row.pk)
    return Reindexed(moved, tuple(equal))


def _differing(ledger: Ledger, row: Any) -> dict[str, Any]:
    """The attributes that would be stored otherwise today."""
    whole = standing(ledger, row, Draft(number=0, values={}))
    wanted = {"key": key_of(ledger, whole)}
    fields = {field.attname for field in row._meta.concrete_fields}
    if ledger.indexes is not None:
        wanted |= {name: whole.extra[name] for name in ledger.indexes(whole.values) if name in fields}
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}


def _write(ledger: Ledger, row: Any, values: dict[str, Any]) -> int:
    return ledger.model._base_manager.filter(pk=row.pk, version=row.version).update(**values)


def _pages(ledger: Ledger) -> Iterator[Sequence[Any]]:
    rows, last = ledger.with_related(ledger.model._base_manager.all()).order_by("pk"), None
    while page := list((rows if last is None else rows.filter(pk__gt=last))[:ROWS]):
        yield page
        last = page[-1].pk
