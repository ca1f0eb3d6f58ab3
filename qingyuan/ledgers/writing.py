"""What every room's actions call to write rows: the rows, their audit and their facts in one transaction.

Rooms call these from their own ``actions``; views, imports and the API never do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.ledgers import publishing
from qingyuan.ledgers.codec import dump_one, same
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.keys import earlier_keys_of, index_anew, key_of, standing

CHUNK = 500
# A reason may name somebody. The audit keeps it encrypted beside who voided the row; the row says only that there is one.
IN_THE_AUDIT = "见审计日志"


class DuplicateRow(ValueError):
    """A live row with the same natural key is already there; the message says what to do."""


class CannotVoid(ValueError):
    """A room refuses to void a row while others rest on it; the message says what to do first."""


class RowChanged(ValueError):
    """Someone else changed the row since it was read; read it again and repeat."""


@transaction.atomic
def insert(ledger: Ledger, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    """Insert ``drafts`` as live rows. Raises DuplicateRow and writes nothing when one is already there."""
    at = clock.now()
    index_anew(ledger, drafts)
    rows = [_build(ledger, draft, writing, at) for draft in drafts]
    refuse_earlier(ledger, drafts)
    try:
        with transaction.atomic():
            ledger.model.objects.bulk_create(rows, batch_size=CHUNK)
    except IntegrityError as error:
        if not ledger.model.objects.filter(key__in=[row.key for row in rows[:CHUNK]]).exists() and len(rows) <= CHUNK:
            raise
        raise DuplicateRow(duplicate(ledger)) from error
    deltas = [(row, None, snapshot(ledger, row)) for row in rows]
    if writing.staged is not None:
        audit.stage_changes(writing.staged, _row_deltas(ledger, deltas))
        _seal(ledger, rows)
        return rows
    _audit(ledger, writing, "create", deltas)
    if ledger.facts is not None:
        publishing.publish(ledger.facts, rows, at=at, known=False)
    return rows


@transaction.atomic
def change(ledger: Ledger, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    """Apply each draft's values to its row. Raises RowChanged when a row moved on since it was read."""
    at = clock.now()
    deltas = []
    for row, draft in changes:
        before = snapshot(ledger, row)
        read_version = row.version
        _apply(ledger, row, draft)
        whole = standing(ledger, row, draft)
        for name in ledger.indexes(whole.values) if ledger.indexes else ():
            if name in whole.extra and hasattr(row, name):
                setattr(row, name, whole.extra[name])
        row.key = key_of(ledger, whole)
        refuse_earlier(ledger, [whole], but=row.pk)
        row.changed_at = at
        row.version = read_version + 1
        _save(ledger, row, read_version)
        deltas.append((row, before, snapshot(ledger, row)))
    _audit(ledger, writing, "change", deltas)
    if ledger.facts is not None:
        publishing.publish(ledger.facts, [row for row, _draft in changes], at=at)


@transaction.atomic
def void(ledger: Ledger, rows: Sequence[Any], writing: Writing) -> None:
    """Void ``rows`` with the reason in ``writing``; they stay readable in history and leave every figure."""
    if not writing.reason.strip():
        raise ValueError(_("请写明作废原因。"))
    at = clock.now()
    deltas = []
    for row in rows:
        before = snapshot(ledger, row)
        read_version = row.version
        row.voided_at, row.void_reason, row.version = at, IN_THE_AUDIT, read_version + 1
        _save(ledger, row, read_version)
        deltas.append((row, before, None))
    _audit(ledger, writing, "void", deltas)
    if ledger.facts is not None:
        publishing.withdraw(ledger.facts, [row.id for row in rows], at=at)


def refuse_earlier(ledger: Ledger, drafts: Sequence[Draft], *, but: UUID | None = None) -> None:
    """Raises DuplicateRow for a row whose equal stands under the index key that is being replaced: no constraint sees it."""
    earlier = list(earlier_keys_of(ledger, drafts))
    for start in range(0, len(earlier), CHUNK):
        if ledger.model.everything.filter(key__in=earlier[start : start + CHUNK], voided_at=None).exclude(pk=but).exists():
            raise DuplicateRow(duplicate(ledger))


def duplicate(ledger: Ledger) -> str:
    """Why a row that is already there is refused, and what to do."""
    return _("台账里已有相同的一条(%(key)s 相同)。请打开原来的那条修改,或作废后重登。") % {
        "key": "、".join(_header(ledger, name) for name in ledger.natural_key)
    }


def republish(ledger: Ledger, rows: Sequence[Any]) -> None:
    """Publish ``rows`` again after something they depend on changed."""
    if ledger.facts is not None:
        publishing.publish(ledger.facts, rows, at=clock.now())


def snapshot(ledger: Ledger, row: Any) -> dict[str, Any]:
    """The row's values by column name as the audit keeps them."""
    values = {column.name: dump_one(column.stored_value_of(row)) for column in ledger.columns if column.stored}
    for name in ("division", "unit"):
        if name in values:
            values[name] = str(values[name])
    return {name: str(value) if hasattr(value, "pk") else value for name, value in values.items()}


def _build(ledger: Ledger, draft: Draft, writing: Writing, at: Any) -> Any:
    assert draft.division_id is not None and draft.unit_id is not None, "every row stands somewhere and is someone's"
    row = ledger.model(
        division_id=draft.division_id,
        unit_id=draft.unit_id,
        batch_id=writing.batch_id,
        recorded_at=at,
        recorded_by_id=writing.by.account_id,
        key=key_of(ledger, draft),
    )
    _apply(ledger, row, draft)
    return row


def _apply(ledger: Ledger, row: Any, draft: Draft) -> None:
    for column in ledger.columns:
        if column.stored and column.name in draft.values and column.where not in {"division", "unit"}:
            value = draft.values[column.name]
            setattr(row, column.where, "" if value is None and _is_text(row, column.where) else value)
    for name, value in draft.extra.items():
        setattr(row, name, value)
    if draft.division_id is not None:
        row.division_id = draft.division_id
    if draft.unit_id is not None:
        row.unit_id = draft.unit_id


def _is_text(row: Any, attribute: str) -> bool:
    field = row._meta.get_field(attribute)
    return bool(field.empty_strings_allowed and not field.null)


def _save(ledger: Ledger, row: Any, read_version: int) -> None:
    """Write the row only if nobody moved it on since it was read."""
    fields = [
        field.attname for field in row._meta.concrete_fields if not field.primary_key and field.name != "recorded_at"
    ]
    values = {name: getattr(row, name) for name in fields}
    updated = ledger.model.everything.filter(pk=row.pk, version=read_version).update(**values)
    if not updated:
        raise RowChanged(_("这一条刚被别人改过,请刷新后再改。"))


def _audit(ledger: Ledger, writing: Writing, kind: str, deltas: Sequence[tuple[Any, Any, Any]]) -> None:
    rows = [row for row, _before, _after in deltas]
    _unseal(ledger, rows)
    audit.record_write(
        by=writing.by,
        act=f"{ledger.code}.{kind}",
        ledger=ledger.code,
        rows=_row_deltas(ledger, deltas),
        division_id=deltas[0][0].division_id if deltas else None,
        reason=writing.reason,
        summary=f"{len(deltas)}",
    )
    _seal(ledger, rows)


def _seal(ledger: Ledger, rows: Sequence[Any]) -> None:
    """What is sealed in the ledger is sealed in the log as well, from entry (mission lines 4 and 6)."""
    for row in rows if ledger.sealed else ():
        audit.seal_record_key(row.id)


def _unseal(ledger: Ledger, rows: Sequence[Any]) -> None:
    """For the length of one action's transaction, so that its values can be added under the same key."""
    for row in rows if ledger.sealed else ():
        audit.unseal_record_key(row.id)


def _row_deltas(ledger: Ledger, deltas: Sequence[tuple[Any, Any, Any]]) -> list[audit.RowDelta]:
    return [
        audit.RowDelta(
            row_id=row.id,
            compartment=ledger.compartment,
            before=before,
            after=after,
            personal=ledger.audited_as_personal,
        )
        for row, before, after in deltas
    ]


def _header(ledger: Ledger, name: str) -> str:
    """The column's header; of what the room resolved, the words its model has for it."""
    found = next((str(column.header) for column in ledger.columns if column.name == name), "")
    return found or str(getattr(ledger.model._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def changed_columns(ledger: Ledger, row: Any, values: dict[str, Any]) -> list[str]:
    """The columns of ``values`` that differ from ``row`` for a person."""
    return [
        column.name
        for column in ledger.columns
        if column.name in values
        and column.editable
        and not same(column.kind, column.stored_value_of(row), _comparable(values[column.name]))
    ]


def _comparable(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value
