"""Record, change and void for a ledger of this room; what follows from the rows is brought in line in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

Settle = Callable[[Collection[UUID], Writing], None]
"""Called with the ids of what the written rows are about; may be repeated at will."""


@dataclass(frozen=True)
class Keeper:
    """The writers of one ledger. ``about`` is the attribute that says what a row is about; ``settle`` follows from it."""

    code: str
    about: str = ""
    settle: Settle | None = None

    @transaction.atomic
    def record(self, *, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
        rows = _writing.insert(registry.get(self.code), drafts, writing)
        if not writing.in_flight:
            self.follow(rows=rows, writing=writing)
        return rows

    @transaction.atomic
    def follow(self, *, rows: Sequence[Any], writing: Writing) -> None:
        self._settle(self._subjects(rows), writing)

    @transaction.atomic
    def change(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        before = self._subjects([row for row, _draft in changes])
        _writing.change(registry.get(self.code), changes, writing)
        self._settle(before | self._subjects([row for row, _draft in changes]), writing)

    @transaction.atomic
    def void(self, *, rows: Sequence[Any], writing: Writing) -> None:
        _writing.void(registry.get(self.code), rows, writing)
        self._settle(self._subjects(rows), writing)

    def _subjects(self, rows: Sequence[Any]) -> set[UUID]:
        found = {getattr(row, self.about) for row in rows} if self.about else set()
        return found - {None}

    def _settle(self, subjects: set[UUID], writing: Writing) -> None:
        if self.settle is not None and subjects:
            self.settle(subjects, writing)


def not_future(draft: Draft, names: tuple[str, ...], on: date) -> None:
    """What has happened cannot lie after today."""
    for name in names:
        value = draft.values.get(name)
        if isinstance(value, date) and value > on:
            draft.refuse(name, _("日期在今天之后,请核对。"))
