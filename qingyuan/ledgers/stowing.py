"""Rows of a large import on their way in: prepared by column outside any transaction, stored in one short one.

The same rows, keys and audit changes as ``writing.insert`` makes row by row (tests/ledgers/importing/test_stowing.py
holds the two against each other), without an instance for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from qingyuan.foundation import audit, bulk, clock
from qingyuan.foundation.ids import new_ids
from qingyuan.ledgers.codec import dump_many, dump_one
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.keys import earlier_keys_of, earlier_keys_of_columns, index_anew, keys_of, keys_of_columns
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.writing import DuplicateRow, duplicate

PLACE = {"division", "unit"}
"""Columns that every row has by itself: a draft says them apart from its values."""
UNSAID: Final = object()


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


@dataclass(frozen=True)
class Lines:
    """New rows by column, as drafts would say them row by row. ``extra`` may hold ``UNSAID`` where a row says nothing."""

    count: int
    values: Mapping[str, Sequence[Any]] = field(repr=False)
    extra: Mapping[str, Sequence[Any]] = field(repr=False)
    division_ids: Sequence[int | None] = field(repr=False)
    unit_ids: Sequence[int | None] = field(repr=False)

    def between(self, first: int, last: int) -> Lines:
        """The rows from ``first`` up to and without ``last``."""
        return Lines(
            min(last, self.count) - first,
            {name: values[first:last] for name, values in self.values.items()},
            {name: values[first:last] for name, values in self.extra.items()},
            self.division_ids[first:last],
            self.unit_ids[first:last],
        )


def prepare(ledger: Ledger, drafts: Sequence[Draft], writing: Writing) -> Stowed:
    """Everything that storing ``drafts`` needs; reads the database at most for what the room's ``stow`` asks."""
    assert ledger.stow is not None
    before = tuple(ledger.stow(drafts=drafts, writing=writing))
    index_anew(ledger, drafts)
    earlier = list(earlier_keys_of(ledger, drafts))
    return _prepared(ledger, _lines_of(ledger, drafts), keys_of(ledger, drafts), writing, before, earlier=earlier)


def prepare_lines(ledger: Ledger, lines: Lines, writing: Writing, at: datetime) -> Stowed:
    """The same for rows that need nothing besides themselves and never become drafts; needs no database at all."""
    assert ledger.stow is nothing_besides
    said = {"unit_id": lines.unit_ids, "division_id": lines.division_ids, **lines.extra, **lines.values}
    earlier = earlier_keys_of_columns(ledger, said)
    return _prepared(ledger, lines, keys_of_columns(ledger, said), writing, (), at, earlier)


def _prepared(
    ledger: Ledger,
    lines: Lines,
    keys: list[str],
    writing: Writing,
    before: tuple[bulk.Lot, ...],
    at: datetime | None = None,
    earlier: Sequence[str] = (),
) -> Stowed:
    assert writing.staged is not None
    assert not ledger.sealed, "a sealed ledger's keys are sealed one by one: it goes in through its own create"
    assert None not in lines.division_ids and None not in lines.unit_ids, "every row stands somewhere and is someone's"
    ids = new_ids(lines.count)
    values = _values(ledger, lines)
    row: dict[str, Sequence[Any] | bulk.Each | bulk.Ready] = {
        **values,
        "id": ids,
        "key": keys,
        "batch_id": bulk.Each(writing.batch_id),
        "recorded_at": bulk.Each(at or clock.now()),
        "recorded_by_id": bulk.Each(writing.by.account_id),
    }
    said = {column.name: _said(ledger, column, values, lines.count) for column in ledger.columns if column.stored}
    changes = audit.prepare_creations(
        writing.staged, audit.Creations(ids, ledger.compartment, said, ledger.audited_as_personal)
    )
    return Stowed(before, bulk.prepare(ledger.model, lines.count, row), tuple(keys), changes, tuple(earlier))


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


def _lines_of(ledger: Ledger, drafts: Sequence[Draft]) -> Lines:
    values = {
        column.name: [draft.values.get(column.name, default) for draft in drafts]
        for column, default in _own_columns(ledger)
    }
    names = dict.fromkeys(name for draft in drafts for name in draft.extra)
    extra = {name: [draft.extra.get(name, UNSAID) for draft in drafts] for name in names}
    return Lines(
        len(drafts), values, extra, [draft.division_id for draft in drafts], [draft.unit_id for draft in drafts]
    )


def _own_columns(ledger: Ledger) -> Iterator[tuple[Column, Any]]:
    """The columns that stand on the row itself, its place apart, each with what stands there when nothing is said."""
    for column in ledger.columns:
        if column.stored and column.where not in PLACE:
            yield column, _field(ledger, column.where).get_default()


def _values(ledger: Ledger, lines: Lines) -> dict[str, list[Any]]:
    """What the lines say about their rows, by the model's attribute: columns first, then what the room resolved."""
    found: dict[str, list[Any]] = {}
    for column, default in _own_columns(ledger):
        field = _field(ledger, column.where)
        otherwise = "" if field.empty_strings_allowed and not field.null else None
        values = list(lines.values.get(column.name) or [default] * lines.count)
        found[field.attname] = [otherwise if value is None else value for value in values] if None in values else values
    for name, resolved in lines.extra.items():
        attribute = _attribute(ledger, name)
        if attribute is None:
            continue
        values = found.get(attribute) or [_field(ledger, name).get_default()] * lines.count
        found[attribute] = [
            value if one is UNSAID else one for one, value in zip(resolved, values, strict=True)
        ]
    return found | {"division_id": list(lines.division_ids), "unit_id": list(lines.unit_ids)}


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
