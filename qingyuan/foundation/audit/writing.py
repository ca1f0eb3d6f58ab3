"""Recording writes, inside the action's own transaction; and staging a large import's row changes before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connections, models, transaction

from qingyuan.foundation import clock
from qingyuan.foundation.audit.keys import RowCipher, ciphers_for_writing
from qingyuan.foundation.audit.models import (
    LONGEST_TYPED,
    MAIN_DATABASE,
    Immutable,
    RecordKey,
    RowChange,
    WriteEntry,
    longest,
    seal_typed,
)
from qingyuan.foundation.audit.tags import ChangeChain, audit_key, canonical, tag, write_content
from qingyuan.foundation.crypto.ring import configured_suite
from qingyuan.foundation.crypto.suites import suite_of
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_id

CHANGES_PER_BATCH: Final = 2000
ENCRYPTED: Final = "enc"


class AuditOutsideTransaction(RuntimeError):
    """A write was recorded outside the transaction of the action, so one could stay without the other."""

    def __init__(self) -> None:
        super().__init__("审计必须写在操作自己的事务里：请在 transaction.atomic() 内调用 record_write")


class StagedMismatch(RuntimeError):
    """Staged changes that are not all there, or that belong to an entry already written."""

    def __init__(self) -> None:
        super().__init__("暂存的变更与登记时不一致：请放弃这次导入并重新上传文件")


class Doer(Protocol):
    """The one who acts; ``organisation.Actor`` satisfies it."""

    @property
    def account_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...

    @property
    def unit_id(self) -> int | None: ...


def said_name(by: Doer) -> str:
    """The work name as the audit keeps it; of a doer who acts for somebody who is away, with for whom (``acts_for``)."""
    acts_for = str(getattr(by, "acts_for", "") or "")
    return f"{by.name}（代{acts_for}）"[: longest(WriteEntry, "actor_name")] if acts_for else by.name


@dataclass(frozen=True)
class RowDelta:
    """What happened to one row. ``before`` None: created; ``after`` None: voided; else changed.

    Values are plain Python (text, numbers, days, None). Columns named in ``personal`` are encrypted under the row's key.
    """

    row_id: UUID
    compartment: Compartment | str
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)
    personal: frozenset[str] = frozenset()


@dataclass
class StagedChanges:
    """Row changes already stored for an entry that is not yet written; these three values are all there is to keep."""

    entry_id: UUID = field(default_factory=new_id)
    count: int = 0
    root: str = ""


def record_write(
    *,
    by: Doer,
    act: str,
    ledger: str,
    rows: Sequence[RowDelta] = (),
    row_id: UUID | None = None,
    division_id: int | None = None,
    reason: str = "",
    summary: str = "",
    batch_digest: str = "",
    staged: StagedChanges | None = None,
) -> WriteEntry:
    """Write one entry for one action, with a row change for each row; the action's transaction carries both.

    ``summary`` holds no personal value. ``row_id`` names the row when the entry is about one without changing its
    columns; with exactly one of ``rows`` it is taken from there. ``staged``: changes stored by ``stage_changes``.
    Raises AuditOutsideTransaction, RecordKeyUnavailable for a sealed or destroyed row, StagedMismatch.
    """
    if not connections[MAIN_DATABASE].in_atomic_block:
        raise AuditOutsideTransaction
    changes = staged or StagedChanges()
    if staged is not None:
        _refuse_mismatch(staged)
    # An entry without rows has a root too, so that rows cannot be slipped under it later.
    for start in range(0, len(rows) if changes.root else max(len(rows), 1), CHANGES_PER_BATCH):
        _insert(changes, _prepare(changes, rows[start : start + CHANGES_PER_BATCH]))
    if row_id is None and len(rows) == 1 and changes.count == 1:
        row_id = rows[0].row_id
    entry = WriteEntry(
        id=changes.entry_id,
        at=clock.now(),
        actor_id=by.account_id,
        actor_name=said_name(by),
        actor_unit_id=by.unit_id,
        act=act,
        ledger=ledger,
        row_id=row_id,
        division_id=division_id,
        reason_stored=seal_typed("reason", reason),
        summary=summary,
        batch_digest=batch_digest,
        row_count=changes.count,
        changes_root=changes.root,
    )
    _refuse_too_long(entry, reason)
    entry.digest = tag(write_content(entry), audit_key())
    entry.save(using=MAIN_DATABASE)
    return entry


def stage_changes(staged: StagedChanges, rows: Sequence[RowDelta]) -> None:
    """Store some of a large import's changes in short transactions of their own, before the rows themselves.

    They are invisible in every history until ``record_write(staged=...)`` writes their entry.
    """
    for start in range(0, len(rows), CHANGES_PER_BATCH):
        # Encrypting comes before the transaction: on SQLite nobody else can write while it is open.
        prepared = _prepare(staged, rows[start : start + CHANGES_PER_BATCH])
        with transaction.atomic(using=MAIN_DATABASE):
            if WriteEntry.objects.filter(pk=staged.entry_id).exists():
                raise StagedMismatch
            _insert(staged, prepared)


def discard_staged(staged: StagedChanges) -> None:
    """Remove the changes of an import that was given up. Raises Immutable once their entry is written.

    The record keys made for its rows stay: they open nothing. In short transactions, so that nobody waits; the last
    changes go first, so that what is left is a beginning.
    """
    while True:
        with transaction.atomic(using=MAIN_DATABASE):
            if WriteEntry.objects.filter(pk=staged.entry_id).exists():
                raise Immutable
            left: models.QuerySet[RowChange] = models.QuerySet(RowChange, using=MAIN_DATABASE).filter(entry_id=staged.entry_id)
            last = list(left.order_by("-position").values_list("position", flat=True)[:CHANGES_PER_BATCH])
            if last:
                left.filter(position__gte=last[-1]).delete()
        if len(last) < CHANGES_PER_BATCH:
            break
    staged.count, staged.root = 0, ""


@dataclass(frozen=True)
class _Prepared:
    """Changes and keys ready to be inserted, and where the chain stands after them."""

    keys: list[RecordKey]
    changes: list[RowChange]
    count: int
    root: str


def _prepare(staged: StagedChanges, rows: Sequence[RowDelta]) -> _Prepared:
    number, _, head = staged.root.partition(":")
    suite = suite_of(int(number) if number else configured_suite())
    chain = ChangeChain(staged.entry_id, suite, count=staged.count, head=head)
    ciphers, keys = ciphers_for_writing({row.row_id: row.compartment for row in rows if _has_personal(row)})
    changes = [_change(staged.entry_id, chain, row, ciphers.get(row.row_id)) for row in rows]
    return _Prepared(keys, changes, chain.count, chain.root)


def _insert(staged: StagedChanges, prepared: _Prepared) -> None:
    RecordKey.objects.bulk_create(prepared.keys)
    RowChange.objects.bulk_create(prepared.changes)
    staged.count, staged.root = prepared.count, prepared.root


def _change(entry_id: UUID, chain: ChangeChain, row: RowDelta, cipher: RowCipher | None) -> RowChange:
    before, after, kind = row.before, row.after, RowChange.Kind.CHANGE
    if before is None:
        kind = RowChange.Kind.CREATE
    elif after is None:
        kind = RowChange.Kind.VOID
    else:
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        before = {name: before.get(name) for name in changed}
        after = {name: after.get(name) for name in changed}
    change = RowChange(
        entry_id=entry_id,
        position=chain.count,
        row_id=row.row_id,
        kind=kind.value,
        before=_stored(before, row.personal, cipher),
        after=_stored(after, row.personal, cipher),
    )
    change.hash = chain.extend(change)
    return change


def _stored(values: Mapping[str, Any] | None, personal: frozenset[str], cipher: RowCipher | None) -> str:
    if values is None:
        return ""
    return canonical({name: _value(name, value, personal, cipher) for name, value in values.items()})


def _value(name: str, value: Any, personal: frozenset[str], cipher: RowCipher | None) -> Any:
    if name not in personal or value is None or value == "":
        return value
    if cipher is None:
        raise ValueError(name)
    return {ENCRYPTED: cipher.encrypt(name, canonical(value))}


def _has_personal(row: RowDelta) -> bool:
    return any(
        values.get(name) not in (None, "") for values in (row.before, row.after) if values for name in row.personal
    )


def _refuse_mismatch(staged: StagedChanges) -> None:
    stored = RowChange.objects.filter(entry_id=staged.entry_id)
    last = stored.order_by("-position").values_list("position", "hash").first()
    position, head = last or (-1, "")
    if staged.count != position + 1 or (staged.count and not staged.root.endswith(":" + head)):
        raise StagedMismatch
    if stored.count() != staged.count:
        raise StagedMismatch


def _refuse_too_long(entry: WriteEntry, reason: str) -> None:
    # SQLite would store it whole and PostgreSQL refuse it: the same text must be refused by both.
    limits = {name: longest(WriteEntry, name) for name in ("actor_name", "act", "ledger", "summary", "batch_digest")}
    for name, limit in {**limits, "reason": LONGEST_TYPED}.items():
        if len(reason if name == "reason" else getattr(entry, name)) > limit:
            raise ValueError(f"审计栏目 {name} 不能超过 {limit} 字：请缩短后重试")
