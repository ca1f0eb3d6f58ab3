"""The changes of one row in words, for its detail page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.keys import RecordKeyUnavailable, RowCipher, cipher_of, key_of
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.audit.writing import ENCRYPTED

HIDDEN: Final = _("已遮盖")
DESTROYED: Final = _("已销毁")
SEALED: Final = _("已封存")
MISSING: Final = _("密钥缺失")


@dataclass(frozen=True)
class ColumnChange:
    """One column before and after; a value that this reader gets no sight of is a word such as 已遮盖."""

    column: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)
    personal: bool = False


@dataclass(frozen=True)
class HistoryItem:
    """One entry's effect on the row. ``seq`` is None while the entry is not yet chained."""

    entry_id: UUID
    at: datetime
    actor_id: int | None
    actor_name: str
    actor_unit_id: int | None
    act: str
    kind: str
    reason: str
    summary: str
    seq: int | None
    changes: tuple[ColumnChange, ...]


@dataclass(frozen=True)
class Opening:
    """What one reader gets to see of the encrypted values of a row; ``hidden`` stands in place of the others."""

    cipher: RowCipher | None = field(repr=False)
    hidden: Promise
    personal: bool
    of_no_person: frozenset[str]

    def shown(self, name: str, value: Any) -> Any:
        if not _is_encrypted(value):
            return value
        if self.cipher is None or not (self.personal or name in self.of_no_person):
            return self.hidden
        return json.loads(self.cipher.decrypt(name, value[ENCRYPTED]))


def history(
    row_id: UUID, reader_may_see_personal: bool, of_no_person: frozenset[str] = frozenset()
) -> list[HistoryItem]:
    """Everything that was done to the row, the newest first.

    Personal values come clear only for a reader who may see them and while the row's key is alive. ``of_no_person``:
    encrypted columns that stand open on the row itself for this reader (a title), so that they do here too.
    """
    changes = list(RowChange.objects.filter(row_id=row_id))
    # Staged changes have no entry yet and are not history.
    entries = WriteEntry.objects.in_bulk([change.entry_id for change in changes])
    opening = Opening(*_key(row_id), reader_may_see_personal, of_no_person)
    items = [_item(entries[c.entry_id], c, opening) for c in changes if c.entry_id in entries]
    touched = {change.entry_id for change in changes}
    items += [
        _item(entry, None, opening) for entry in WriteEntry.objects.filter(row_id=row_id).exclude(pk__in=touched)
    ]
    return sorted(items, key=lambda item: (item.at, item.entry_id), reverse=True)


def _key(row_id: UUID) -> tuple[RowCipher | None, Promise]:
    """The cipher of the row, or the word for why there is none."""
    stored = key_of(row_id)
    if stored is None:
        return None, MISSING
    try:
        cipher = cipher_of(stored)
    except RecordKeyUnavailable as unavailable:
        return None, DESTROYED if unavailable.destroyed else SEALED
    except LookupError:
        return None, MISSING
    return cipher, HIDDEN


def _item(entry: WriteEntry, change: RowChange | None, opening: Opening) -> HistoryItem:
    return HistoryItem(
        entry_id=entry.id,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        actor_unit_id=entry.actor_unit_id,
        act=entry.act,
        kind=change.kind if change else "",
        reason=entry.reason,
        summary=entry.summary,
        seq=entry.seq,
        changes=_columns(change, opening) if change else (),
    )


def _columns(change: RowChange, opening: Opening) -> tuple[ColumnChange, ...]:
    before: dict[str, Any] = json.loads(change.before) if change.before else {}
    after: dict[str, Any] = json.loads(change.after) if change.after else {}
    return tuple(
        ColumnChange(
            column=name,
            before=opening.shown(name, before.get(name)),
            after=opening.shown(name, after.get(name)),
            personal=_is_encrypted(before.get(name)) or _is_encrypted(after.get(name)),
        )
        for name in dict.fromkeys([*before, *after])
    )


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {ENCRYPTED}
