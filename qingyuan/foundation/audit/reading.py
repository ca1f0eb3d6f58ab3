"""Recording reads: committed in the audit database before the page is sent, so a GET stays read-only on the main one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import models

from qingyuan.foundation import clock
from qingyuan.foundation.audit.by_row import reads_of_any
from qingyuan.foundation.audit.models import AUDIT_DATABASE, LONGEST_TYPED, ReadEntry, longest, seal_typed
from qingyuan.foundation.audit.tags import audit_key, canonical, read_content, tag
from qingyuan.foundation.audit.writing import Doer, said_name
from qingyuan.foundation.crypto.ring import Key

LONGEST_PATH: Final = 300


def record_read(
    *,
    by: Doer,
    act: str,
    ledger: str,
    row_ids: Iterable[UUID | str | int] = (),
    path: str,
    purpose: str = "",
    reason: str = "",
    query: str = "",
    address: str = "",
) -> ReadEntry:
    """Write one read entry and commit it.

    ``act``: list, detail, reveal, export, print, search, drill, sign_in … ``path`` without its query string.
    ``query`` (what was searched for) may be personal: only a keyed digest of it is kept. ``address``: network address.
    A doer who says on which emergency look such a read rests (``emergency_behind``) has it written beside the entry.
    """
    ids = [str(row_id) for row_id in row_ids]
    behind = getattr(by, "emergency_behind", None)
    key = audit_key()
    entry = ReadEntry(
        at=clock.now(),
        actor_id=by.account_id,
        actor_name=said_name(by),
        actor_unit_id=by.unit_id,
        act=act,
        ledger=ledger,
        path=path.partition("?")[0][:LONGEST_PATH],
        address=address,
        purpose_stored=seal_typed("purpose", purpose[:LONGEST_TYPED]),
        reason_stored=seal_typed("reason", reason[:LONGEST_TYPED]),
        query_digest=_digest("query", query, key) if query else "",
        row_count=len(ids),
        rows_digest=_digest("rows", canonical(sorted(ids)), key) if ids else "",
        row_ids=canonical(ids) if ids else "",
        emergency_id=behind(ids) if behind is not None and ids else None,
    )
    for name in ("actor_name", "act", "ledger", "address"):
        setattr(entry, name, getattr(entry, name)[: longest(ReadEntry, name)])
    entry.digest = tag(read_content(entry), key)
    entry.save(using=AUDIT_DATABASE)
    return entry


def reads_of(row_id: UUID) -> models.QuerySet[ReadEntry]:
    """Who has seen this row, the newest first."""
    return reads_of_any([row_id])


def _digest(kind: str, text: str, key: Key) -> str:
    return tag(canonical([kind, text]), key)
