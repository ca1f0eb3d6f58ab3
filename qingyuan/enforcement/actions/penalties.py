"""The only writers of administrative penalties; their ledger is sealed from entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from qingyuan.enforcement import rules
from qingyuan.enforcement.models import Penalty
from qingyuan.enforcement.people import index_people
from qingyuan.foundation import audit
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor

LEDGER = "penalties"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    index_people(drafts, dated_by="decided_on")
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("decided_on",), writing.on)


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(LEDGER), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)


@transaction.atomic
def seal(*, rows: Sequence[Penalty], by: Actor, article: str) -> int:
    """Close in the log what the ledger has closed from entry, where that was left undone. Returns how many were open."""
    done = 0
    for row in rows:
        if not audit.seal_record_key(row.pk):
            continue
        done += 1
        audit.record_write(by=by, act="penalties.seal", ledger=LEDGER, row_id=row.pk, division_id=row.division_id, summary=article)
    return done
