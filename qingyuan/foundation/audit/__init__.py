"""The audit: who wrote what, who read what, in a chain that shows every later change.

Owns: write entries with their row changes (main database, inside the action's transaction), read entries (audit
database, committed before the page is sent), record keys, sealing, day anchors, verification. Hands out: the functions
below. Never does: decide who may read the audit, or hold a foreign key.
"""

from qingyuan.foundation.audit.anchors import OutsideAnchor, export_anchor, parse_anchor
from qingyuan.foundation.audit.by_row import Compared, reads_of_any
from qingyuan.foundation.audit.by_row import compare as compare_reads_by_row
from qingyuan.foundation.audit.by_row import rebuild as rebuild_reads_by_row
from qingyuan.foundation.audit.creations import Creations, PreparedChanges, prepare_creations, store_creations
from qingyuan.foundation.audit.histories import ColumnChange, HistoryItem, history
from qingyuan.foundation.audit.keys import (
    RecordKeyUnavailable,
    destroy_record_key,
    rewrap_record_keys,
    seal_record_key,
    unseal_record_key,
)
from qingyuan.foundation.audit.reading import reads_of, record_read
from qingyuan.foundation.audit.sealing import AnchorBroken, Sealed, seal, unsealed_count
from qingyuan.foundation.audit.verifying import Finding, Tampering, VerifyReport, verify
from qingyuan.foundation.audit.writing import (
    AuditOutsideTransaction,
    Doer,
    RowDelta,
    StagedChanges,
    discard_staged,
    record_write,
    stage_changes,
)

__all__ = [
    "AnchorBroken",
    "AuditOutsideTransaction",
    "ColumnChange",
    "Compared",
    "Creations",
    "Doer",
    "Finding",
    "HistoryItem",
    "OutsideAnchor",
    "PreparedChanges",
    "RecordKeyUnavailable",
    "RowDelta",
    "Sealed",
    "StagedChanges",
    "Tampering",
    "VerifyReport",
    "compare_reads_by_row",
    "destroy_record_key",
    "discard_staged",
    "export_anchor",
    "history",
    "parse_anchor",
    "prepare_creations",
    "reads_of",
    "reads_of_any",
    "rebuild_reads_by_row",
    "record_read",
    "record_write",
    "rewrap_record_keys",
    "seal",
    "seal_record_key",
    "stage_changes",
    "store_creations",
    "unseal_record_key",
    "unsealed_count",
    "verify",
]
