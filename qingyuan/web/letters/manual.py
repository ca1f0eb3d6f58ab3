"""Numbers given by hand as the score page shows them: how much, why, by whom, confirmed by whom, and what one may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter, ManualEntry
from qingyuan.governance.permissions import may_assess
from qingyuan.governance.queries.score import ExplainedClause
from qingyuan.governance.scoring.numbers import plain
from qingyuan.organisation.actor import Actor


@dataclass(frozen=True)
class Given:
    """One input that people answer. ``entry`` None: nobody has answered it yet."""

    key: str
    name: str
    value: str = ""
    entry: ManualEntry | None = None
    may_give: bool = False
    may_review: bool = False
    may_withdraw: bool = False
    earlier: tuple[ManualEntry, ...] = field(default=())


@dataclass(frozen=True)
class Book:
    """All entries of one letter, and whether this reader is one who assesses."""

    entries: Mapping[str, list[ManualEntry]]
    reader: Actor
    assesses: bool

    def of(self, clause: ExplainedClause) -> list[Given]:
        """The manual inputs of a clause. A closed clause shows none: the number would give its points away."""
        if clause.hidden:
            return []
        names = [drill.code for drill in clause.drills if drill.source == "manual"]
        return [self._given(f"manual:{name}", said(clause.title if "/" in name else name)) for name in names]

    def _given(self, key: str, name: str) -> Given:
        entries = self.entries.get(key, [])
        standing = next((entry for entry in entries if entry.withdrawn_at is None), None)
        mine = standing is not None and standing.by_id == self.reader.account_id
        waits = standing is not None and standing.reviewed_at is None
        return Given(
            key=key,
            name=name,
            value=number_text(standing.value) if standing else "",
            entry=standing,
            may_give=self.assesses and standing is None,
            may_review=self.assesses and waits and not mine,
            may_withdraw=self.assesses and standing is not None,
            earlier=tuple(entry for entry in entries if entry.withdrawn_at is not None),
        )


def book_of(letter: Letter, reader: Actor, on: date) -> Book:
    by_key: dict[str, list[ManualEntry]] = {}
    entries: Iterable[ManualEntry] = letter.manual_entries.all()
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    return Book(by_key, reader, may_assess(reader, letter, on).allowed)


def number_text(value: Decimal) -> str:
    return plain(value, 4)
