"""The only writers of administrative penalties; their ledger is sealed from entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.enforcement import rules
from qingyuan.enforcement.people import index_people
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

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
