"""The tables of this room."""

from qingyuan.foundation.audit.models import (
    ReadAnchor,
    ReadEntry,
    ReadRow,
    ReadSealLock,
    RecordKey,
    RowChange,
    WriteAnchor,
    WriteEntry,
    WriteSealLock,
)

__all__ = [
    "ReadAnchor",
    "ReadEntry",
    "ReadRow",
    "ReadSealLock",
    "RecordKey",
    "RowChange",
    "WriteAnchor",
    "WriteEntry",
    "WriteSealLock",
]
