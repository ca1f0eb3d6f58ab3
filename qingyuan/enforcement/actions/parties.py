"""The only writers of parties: the people in a case, each in one role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from qingyuan.casework.actions import clocks
from qingyuan.enforcement import rules
from qingyuan.enforcement.actions._lookup import place_in_case
from qingyuan.enforcement.people import index_people
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "parties"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each draft's case, index the person, and derive from the number whether it was a minor."""
    place_in_case(drafts, writing)
    index_people(drafts, dated_by="caught_on")
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("caught_on", "outcome_on"), writing.on)


@transaction.atomic
def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _writing.insert(registry.get(LEDGER), drafts, writing)
    if not writing.in_flight:
        follow(rows=rows, writing=writing)
    return rows


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)
    follow(rows=[row for row, _draft in changes], writing=writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)
    clocks.give_up(ledger=LEDGER, rows=rows, by=writing.by)


def follow(*, rows: Sequence[Any], writing: Writing) -> None:
    """The clocks of custody and bail follow what was done with the person."""
    clocks.follow(ledger=LEDGER, rows=rows, by=writing.by)
