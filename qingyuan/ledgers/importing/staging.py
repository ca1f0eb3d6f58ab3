"""Staged rows as ciphertext: values, what was typed, problems and differences, under the ledger's compartment key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan.foundation.crypto import decrypt_text, encrypt_text
from qingyuan.foundation.words import Problem
from qingyuan.ledgers.codec import dump, dump_one, load
from qingyuan.ledgers.declaration import Draft, Ledger
from qingyuan.ledgers.models import ImportBatch, StagedRow

AAD = "ledgers.StagedRow.payload"
PAGE = 1000
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Difference:
    """One column of a row that is already in the ledger: what stands there and what the file says."""

    column: str
    now: str
    file: str


@dataclass
class Staged:
    """A staged row, opened. ``raw`` is the row as typed, by column index, for giving bad rows back."""

    number: int
    state: str
    draft: Draft
    raw: list[Any] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    key: str = ""


def close(ledger: Ledger, batch: ImportBatch, staged: Staged) -> StagedRow:
    """The staged row as it is stored."""
    draft = staged.draft
    payload = {
        "values": dump(draft.values),
        "extra": dump(draft.extra),
        "division": draft.division_id,
        "unit": draft.unit_id,
        "caseworker": draft.caseworker_id,
        "version": draft.target_version,
        "problems": [[p.column, p.address, p.value, str(p.message), str(p.hint)] for p in draft.problems],
        "raw": [dump_one(value) if isinstance(value, int | float | bool) else str(value or "") for value in staged.raw],
        "notes": staged.notes,
        "differences": [[d.column, d.now, d.file] for d in staged.differences],
    }
    text = json.dumps(payload, ensure_ascii=False, default=str)
    return StagedRow(
        batch=batch,
        number=staged.number,
        state=staged.state,
        key=staged.key,
        target_id=draft.target_id,
        payload=encrypt_text(ledger.compartment, text, AAD),
    )


def open_row(ledger: Ledger, row: StagedRow) -> Staged:
    """The inverse of ``close``."""
    payload = json.loads(decrypt_text(ledger.compartment, row.payload, AAD))
    draft = Draft(
        number=row.number,
        values=load(ledger.columns, payload["values"]),
        extra={name: _typed(name, value) for name, value in payload["extra"].items()},
        division_id=payload["division"],
        unit_id=payload["unit"],
        caseworker_id=payload["caseworker"],
        problems=[Problem(*problem) for problem in payload["problems"]],
        target_id=row.target_id,
        target_version=payload["version"],
    )
    return Staged(
        number=row.number,
        state=row.state,
        draft=draft,
        raw=payload["raw"],
        notes=payload["notes"],
        differences=[Difference(*difference) for difference in payload["differences"]],
        key=row.key,
    )


def stream(ledger: Ledger, batch: ImportBatch, *states: str) -> Iterator[Staged]:
    """Opened rows of ``batch`` in the given states, in the file's order.

    Read a page at a time rather than by a cursor: on SQLite an open cursor holds an old snapshot, and a caller that
    writes between two rows while someone else writes too would be refused («database is locked») without waiting.
    """
    rows = StagedRow.objects.filter(batch=batch, state__in=states).order_by("number")
    last = 0
    while page := list(rows.filter(number__gt=last)[:PAGE]):
        for row in page:
            yield open_row(ledger, row)
        last = page[-1].number


def _typed(name: str, value: Any) -> Any:
    """Extra attributes are ids and dates: uuids end in ``_id`` and are 36 characters, dates are ISO."""
    if isinstance(value, str) and name.endswith("_id") and len(value) == 36:
        return UUID(value)
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    return value
