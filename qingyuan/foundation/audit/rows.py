"""Checking the row changes of entries against their chain and root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.audit.tags import ChangeChain
from qingyuan.foundation.crypto import UnknownSuite


@dataclass
class _Walk:
    chain: ChangeChain
    problem: str = ""

    def take(self, change: RowChange) -> None:
        if self.problem:
            return
        if change.position != self.chain.count:
            self.problem = f"第 {self.chain.count + 1} 行缺失或次序被改"
        elif self.chain.extend(change) != change.hash:
            self.problem = f"第 {change.position + 1} 行（记录 {change.row_id}）被改动"

    def end(self, entry: WriteEntry) -> str:
        if self.problem:
            return self.problem
        if self.chain.count != entry.row_count:
            return f"应有 {entry.row_count} 行，现有 {self.chain.count} 行"
        return "" if self.chain.root == entry.changes_root else "行变更的链根不符"


def bad_rows(entries: Sequence[WriteEntry]) -> dict[UUID, str]:
    """What is wrong with the row changes, for each entry where something is; one pass over the rows."""
    walks: dict[UUID, _Walk] = {}
    problems: dict[UUID, str] = {}
    for entry in entries:
        try:
            walks[entry.id] = _Walk(ChangeChain.of_root(entry.id, entry.changes_root))
        except UnknownSuite:
            problems[entry.id] = "变更链根无法识别"
    changes = RowChange.objects.filter(entry_id__in=list(walks)).order_by("entry_id", "position")
    for change in changes.iterator(chunk_size=2000):
        walks[change.entry_id].take(change)
    for entry in entries:
        problem = walks[entry.id].end(entry) if entry.id in walks else problems[entry.id]
        if problem:
            problems[entry.id] = problem
    return problems
