"""What every slice does before it sends rows: the read is in the audit database, or nothing is shown."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from qingyuan.foundation import audit
from qingyuan.web.context import WebRequest


def log_read(
    request: WebRequest,
    act: str,
    ledger: str,
    row_ids: Iterable[UUID],
    *,
    query: str = "",
    reason: str = "",
) -> None:
    """Write one read entry; ``act``: list, detail, reveal, export, search, drill."""
    audit.record_read(
        by=request.actor,
        act=act,
        ledger=ledger,
        row_ids=list(row_ids),
        path=request.path,
        query=query,
        reason=reason,
        address=str(request.META.get("REMOTE_ADDR", "")),
    )

