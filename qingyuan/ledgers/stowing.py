"""Rows of a large import on their way in: prepared by column outside any transaction, stored in one short one.

The same rows, keys and audit changes as ``writing.insert`` makes row by row (tests/ledgers/importing/test_stowing.py
holds the two against each other), without an instance for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

from qingyuan.foundation import audit, bulk, clock
from qingyuan.foundation.ids import new_ids
from qingyuan.ledgers.codec import dump_many, dump_one
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.keys import earlier_keys_of, index_anew, keys_of
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.writing import DuplicateRow, duplicate

PLACE = {"division", "unit"}
"""Columns that every row has by itself: a draft says them apart from its values."""


@dataclass(frozen=True)
class Stowed:
    """A chunk ready to be stored: what must be there before the rows, the rows, and their audit changes."""

    before: tuple[bulk.Lot, ...]
    rows: bulk.Lot
    keys: tuple[str, ...]
    changes: audit.PreparedChanges
    earlier: tuple[str, ...] = ()
    """The same rows' keys under the index key that is being replaced."""


def nothing_besides(*, drafts: Sequence[Draft], writing: Writing) -> Sequence[bulk.Lot]:
    """For a ledger whose rows need nothing but themselves."""
    return ()


def prepare(ledger: Ledger, drafts: Sequence[Draft], writing: Writing) -> Stowed:
    """Everything that storing ``drafts`` needs; reads the database at most for what the room's ``stow`` asks."""
    assert ledger.stow is not None and writing.staged is not None
    assert not ledger.sealed, "a sealed ledger's keys are sealed one by one: it goes in through its own create"
    before = tuple(ledger.stow(drafts=drafts, writing=writing))
    for draft in drafts:
        assert draft.division_id is not None and draft.unit_id is not None, (
            "every row stands somewhere and is someone's"
        )
    index_anew(ledger, drafts)
    ids, keys = new_ids(len(drafts)), keys_of(ledger, drafts)
    values = _values(ledger, drafts)
    row: dict[str, Sequence[Any] | bulk.Each] = {
        **values,
        "id": ids,
        "key": keys,
        "batch_id": bulk.Each(writing.batch_id),
        "recorded_at": bulk.Each(clock.now()),
        "recorded_by_id": bulk.Each(writing.by.account_id),
    }
    said = {column.name: _said(ledger, column, values, len(drafts)) for column in ledger.columns if column.stored}
    changes = audit.prepare_creations(
        writing.staged, audit.Creations(ids, ledger.compartment, said, ledger.audited_as_personal)
    )
    earlier = tuple(earlier_keys_of(ledger, drafts))
    return Stowed(before, bulk.prepare(ledger.model, len(drafts), row), tuple(keys), changes, earlier)


def store(ledger: Ledger, stowed: Stowed, writing: Writing) -> None:
    """Store a prepared chunk inside the caller's transaction. Raises DuplicateRow; then nothing of it may stay."""
    assert writing.staged is not None
    try:
        with transaction.atomic():
            if stowed.earlier and ledger.model.everything.filter(key__in=stowed.earlier, voided_at=None).exists():
                raise DuplicateRow(duplicate(ledger))
            bulk.store(*stowed.before, stowed.rows)
            audit.store_creations(writing.staged, stowed.changes)
    except IntegrityError as error:
        if ledger.model.everything.filter(key__in=stowed.keys, voided_at=None).exists():
            raise DuplicateRow(duplicate(ledger)) from error
        raise


def _values(ledger: Ledger, drafts: Sequence[Draft]) -> dict[str, list[Any]]:
    """What the drafts say about their rows, by the model's attribute: columns first, then what the room resolved."""
    found: dict[str, list[Any]] = {}
    for column in ledger.columns:
        if not column.stored or column.where in PLACE:
            continue
        field = _field(ledger, column.where)
        otherwise = "" if field.empty_strings_allowed and not field.null else None
        default = field.get_default()
        values = [draft.values.get(column.name, default) for draft in drafts]
        found[field.attname] = [otherwise if value is None else value for value in values] if None in values else values
    for name in dict.fromkeys(name for draft in drafts for name in draft.extra):
        attribute = _attribute(ledger, name)
        if attribute is None:
            continue
        values = found.get(attribute) or [_field(ledger, name).get_default()] * len(drafts)
        found[attribute] = [draft.extra.get(name, value) for draft, value in zip(drafts, values, strict=True)]
    return found | {
        "division_id": [draft.division_id for draft in drafts],
        "unit_id": [draft.unit_id for draft in drafts],
    }


def _said(ledger: Ledger, column: Column, values: dict[str, list[Any]], count: int) -> list[Any]:
    """One column as ``writing.snapshot`` gives it."""
    field = _field(ledger, column.where)
    if field.attname not in values:
        return [dump_one(field.get_default())] * count
    stored = values[field.attname]
    if column.name in PLACE:
        return [str(value) for value in stored]
    if column.kind in {Kind.DIVISION, Kind.UNIT}:
        return stored
    return dump_many(stored)


def _field(ledger: Ledger, name: str) -> models.Field[Any, Any]:
    field = ledger.model._meta.get_field(name.removesuffix("_id") if _is_reference(ledger, name) else name)
    assert isinstance(field, models.Field)
    return field


def _is_reference(ledger: Ledger, name: str) -> bool:
    return any(field.attname == name and field.is_relation for field in ledger.model._meta.concrete_fields)


def _attribute(ledger: Ledger, name: str) -> str | None:
    """The attribute of the model that ``name`` stands for; None for what a draft carries only for its room."""
    return next(
        (field.attname for field in ledger.model._meta.concrete_fields if name in {field.name, field.attname}), None
    )
