"""The only writers of special operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.enforcement.models import Case
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "operations"


class OperationHasCases(_writing.CannotVoid):
    """An operation that live cases belong to cannot be voided; take them out of it first."""


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(LEDGER), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises OperationHasCases while cases of the unit name the operation."""
    for row in rows:
        if Case.objects.filter(operation_number=row.number, unit_id=row.unit_id).exists():
            raise OperationHasCases(_("还有案件归在行动 %(number)s 下,请先改这些案件。") % {"number": row.number})
    _writing.void(registry.get(LEDGER), rows, writing)
