"""The only writers of joint inspections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.rehabilitation import rules

INSPECTIONS = "inspections"


def prepare_inspections(drafts: Sequence[Draft], writing: Writing) -> None:
    """What happened cannot lie in the future; a department left empty was not there; the row is its writer's own."""
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("inspected_on", "rechecked_on"), writing.on)
        for name in rules.INSPECTORS:
            if draft.values.get(name) is None:
                draft.values[name] = False
        if draft.target_id is None:
            draft.caseworker_id = writing.by.account_id or 0


def record_inspections(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(INSPECTIONS), drafts, writing)


def change_inspections(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(INSPECTIONS), changes, writing)


def void_inspections(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(INSPECTIONS), rows, writing)
