"""Someone who acts, and what they write: shared by the tests of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment

NAME, NUMBER = "何立新测试甲", "999999199101010072"
PERSONAL = frozenset({"name", "id_number"})


@dataclass(frozen=True)
class Someone:
    account_id: int | None = 7
    name: str = "周敏"
    unit_id: int | None = 3


BY = Someone()


def created(row_id: UUID, **values: Any) -> audit.RowDelta:
    after = {"name": NAME, "id_number": NUMBER, "town": "东山街道", **values}
    return audit.RowDelta(row_id, Compartment.COMMUNITY, None, after, PERSONAL)


def record(*rows: audit.RowDelta, **options: Any) -> WriteEntry:
    with transaction.atomic():
        return audit.record_write(by=BY, act="clients.create", ledger="clients", rows=rows, **options)
