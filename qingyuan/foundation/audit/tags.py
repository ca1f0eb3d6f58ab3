"""The bytes an entry stands for, and the keyed tags over them.

A tag is "<key id>:<hex>" under the ring's audit key: whoever can write the database but not read the key folder can
neither forge an entry nor rechain what follows a change.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from qingyuan.foundation.audit.models import Anchor, ReadEntry, RowChange, WriteEntry
from qingyuan.foundation.crypto import KeyMissing, keyring
from qingyuan.foundation.crypto.ring import AUDIT_SCOPE, Key, Purpose, configured_suite
from qingyuan.foundation.crypto.suites import Suite, suite_of

GENESIS: Final = "genesis"


quoted = json.encoder.encode_basestring
"""``canonical`` of a text."""


def canonical(value: object) -> str:
    """One JSON text per value: sorted keys, no blanks; days and moments in ISO form, decimals and ids as text."""
    return _ENCODER.encode(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    # UUIDs, translated labels and anything else that a person would read as text.
    return str(value)


# Made once: json.dumps would build an encoder for every value of an import.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def audit_key() -> Key:
    """The key for new tags."""
    return keyring().current(AUDIT_SCOPE, Purpose.AUDIT, configured_suite())


def tag(content: str, key: Key) -> str:
    return f"{key.id}:{key.suite.mac(key.raw, content.encode()).hex()}"


def tag_holds(content: str, stored: str) -> bool:
    """Whether ``stored`` is the tag of ``content`` under the key it names."""
    key_id = stored.partition(":")[0]
    try:
        key = keyring().key(key_id)
    except KeyMissing:
        return False
    return key.scope == AUDIT_SCOPE and hmac.compare_digest(tag(content, key).encode(), stored.encode())


def write_content(entry: WriteEntry) -> str:
    """Everything a write entry says, sealing apart."""
    return canonical(
        [
            "write",
            entry.id,
            entry.at,
            entry.actor_id,
            entry.actor_name,
            entry.actor_unit_id,
            entry.act,
            entry.ledger,
            entry.reason_stored,
            entry.row_id,
            entry.division_id,
            entry.summary,
            entry.batch_digest,
            entry.row_count,
            entry.changes_root,
        ]
    )


def read_content(entry: ReadEntry) -> str:
    """Everything a read entry says, sealing apart."""
    return canonical(
        [
            "read",
            entry.id,
            entry.at,
            entry.actor_id,
            entry.actor_name,
            entry.actor_unit_id,
            entry.act,
            entry.ledger,
            entry.reason_stored,
            entry.path,
            entry.address,
            entry.purpose_stored,
            entry.query_digest,
            entry.row_count,
            entry.rows_digest,
            entry.row_ids,
            # Said only where there is one: entries written before there were emergency looks keep the tag they have.
            *([entry.emergency_id] if entry.emergency_id else []),
        ]
    )


def link_content(prev_hash: str, digest: str) -> str:
    """What an entry's ``hash`` is the tag of."""
    return canonical(["link", prev_hash, digest])


def anchor_content(chain: str, anchor: Anchor) -> str:
    return canonical(["anchor", chain, anchor.day, anchor.head_seq, anchor.head_hash, anchor.count])


class ChangeChain:
    """The running hash over one entry's row changes; its last value is the entry's root."""

    def __init__(self, entry_id: UUID, suite: Suite, *, count: int = 0, head: str = "") -> None:
        self.suite = suite
        self.count = count
        self.head = head or suite.digest(f"changes|{entry_id}".encode()).hex()

    @classmethod
    def of_root(cls, entry_id: UUID, root: str) -> ChangeChain:
        """A chain at its beginning, with the suite that made ``root``. Raises ValueError for a malformed root."""
        number = root.partition(":")[0]
        return cls(entry_id, suite_of(int(number) if number.isdigit() else 0))

    @property
    def root(self) -> str:
        return f"{self.suite.number}:{self.head}"

    def extend(self, change: RowChange) -> str:
        """The hash of the next change."""
        return self._take(change.position, str(change.row_id), change.kind, change.before, change.after)

    def extend_all(self, kind: str, row_ids: Sequence[str], after: Sequence[str]) -> list[str]:
        """The hashes of changes of one kind, without a ``before``, that follow each other at the chain's end."""
        digest, head, made = self.suite.digest, self.head, []
        for position, (row_id, text) in enumerate(zip(row_ids, after, strict=True), start=self.count):
            content = f'["{head}",{position},"{row_id}","{kind}","",{quoted(text)}]'
            head = digest(content.encode()).hex()
            made.append(head)
        self.head = head
        self.count += len(made)
        return made

    def _take(self, position: int, row_id: str, kind: str, before: str, after: str) -> str:
        # ``canonical`` of the list of these six, put together by hand: an import does this for every row (``extend_all``).
        content = f'["{self.head}",{position},"{row_id}","{kind}",{quoted(before)},{quoted(after)}]'
        self.head = self.suite.digest(content.encode()).hex()
        self.count += 1
        return self.head
