"""The sealer: chains what was written since it last ran, and moves the day's anchor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from qingyuan.foundation import clock
from qingyuan.foundation.audit import by_row
from qingyuan.foundation.audit.chains import Chain, chain_of
from qingyuan.foundation.audit.models import AUDIT_DATABASE, Anchor
from qingyuan.foundation.audit.tags import GENESIS, anchor_content, audit_key, link_content, tag, tag_holds

ENTRIES_PER_TRANSACTION: Final = 500


class AnchorBroken(RuntimeError):
    """The last anchor is not one that this sealer made: sealing on would hide what happened before."""

    def __init__(self, chain: str) -> None:
        super().__init__(f"审计链 {chain} 的最新日锚被改动，封链已停止：请立即运行审计校验，并报告安全管理员和审计人员")


@dataclass(frozen=True)
class Sealed:
    """What one run did: entries chained now, and the head of the chain after it."""

    count: int
    head_seq: int
    head_hash: str


def seal(database: str) -> Sealed:
    """Chain all entries that are not chained yet, in the order of their time and id.

    Runs in short transactions, so writers wait at most for one of them. Raises AnchorBroken.
    """
    chain = chain_of(database)
    total = 0
    while True:
        with transaction.atomic(using=database):
            _wait_for_other_sealers(chain, clock.now())
            count, head_seq, head_hash = _seal_some(chain)
        total += count
        if count < ENTRIES_PER_TRANSACTION:
            return Sealed(total, head_seq, head_hash)


def unsealed_count(database: str) -> int:
    """How many entries wait for the sealer."""
    return chain_of(database).entries().filter(seq=None).count()


def _seal_some(chain: Chain) -> tuple[int, int, str]:
    last = chain.anchors().last()
    if last is not None and not tag_holds(anchor_content(chain.name, last), last.mac):
        raise AnchorBroken(chain.name)
    seq, head = (last.head_seq, last.head_hash) if last else (0, GENESIS)
    waiting = chain.entries().filter(seq=None).order_by("at", "id")[:ENTRIES_PER_TRANSACTION]
    named = "row_ids" if chain.database == AUDIT_DATABASE else "digest"
    entries = list(waiting.values_list("id", "digest", named))
    key = audit_key()
    if chain.database == AUDIT_DATABASE:
        by_row.note((place, row_ids) for place, (_id, _digest, row_ids) in enumerate(entries, start=seq + 1))
    for entry_id, digest, _row_ids in entries:
        prev, head = head, tag(link_content(head, digest), key)
        seq += 1
        chain.entries().filter(pk=entry_id).update(seq=seq, prev_hash=prev, hash=head)
    if entries:
        _move_anchor(chain, last, seq, head, len(entries))
    return len(entries), seq, head


def _move_anchor(chain: Chain, last: Anchor | None, seq: int, head: str, count: int) -> None:
    # A clock set back must not open a second anchor behind the last one.
    day = max(clock.today(), last.day) if last else clock.today()
    if last is not None and last.day == day:
        count += last.count
    values: dict[str, Any] = {"head_seq": seq, "head_hash": head, "count": count, "sealed_at": clock.now()}
    anchor = chain.anchor(day=day, **values)
    anchor.mac = tag(anchor_content(chain.name, anchor), audit_key())
    anchor.save(using=chain.database)


def _wait_for_other_sealers(chain: Chain, moment: datetime) -> None:
    """Update one row first: the row lock (PostgreSQL) or the write lock (SQLite) holds every other sealer."""
    if chain.locks().filter(pk=chain.name).update(run_at=moment):
        return
    try:
        with transaction.atomic(using=chain.database):
            chain.lock(name=chain.name, run_at=moment).save(using=chain.database, force_insert=True)
    except IntegrityError:
        chain.locks().filter(pk=chain.name).update(run_at=moment)
