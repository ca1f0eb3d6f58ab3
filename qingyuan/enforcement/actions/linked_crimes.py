"""The only writers of crimes linked with drugs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.enforcement import rules
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "linked_crimes"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("happened_on", "solved_on"), writing.on)


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(LEDGER), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)
