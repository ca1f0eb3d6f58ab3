"""The only writers of volunteers and staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qingyuan.foundation import identity, name_buckets
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.participation import rules

VOLUNTEERS, STAFF = "volunteers", "staff"


def prepare_volunteers(drafts: Sequence[Draft], writing: Writing) -> None:
    """Found again by the keyed index of the whole name; a column left empty means not insured."""
    for draft in drafts:
        _index_name(draft)
        draft.problems += rules.not_in_future(draft.values, ("joined_on", "left_on"), writing.on)
        if draft.values.get("insured") is None:
            draft.values["insured"] = False


def prepare_staff(drafts: Sequence[Draft], writing: Writing) -> None:
    """A last day may be known before it comes (a contract that ends); a first day may not."""
    for draft in drafts:
        _index_name(draft)
        draft.problems += rules.not_in_future(draft.values, ("started_on",), writing.on)


def record_volunteers(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(VOLUNTEERS), drafts, writing)


def change_volunteers(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(VOLUNTEERS), changes, writing)


def void_volunteers(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(VOLUNTEERS), rows, writing)


def record_staff(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(STAFF), drafts, writing)


def change_staff(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(STAFF), changes, writing)


def void_staff(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(STAFF), rows, writing)


def indexes(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row is found by, from its clear values."""
    return name_buckets.index_of_name(Compartment.INTERNAL, identity.normalise_name(values.get("name") or ""))


def _index_name(draft: Draft) -> None:
    if draft.values.get("name"):
        draft.extra |= indexes(draft.values)
