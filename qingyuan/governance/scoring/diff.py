"""What changed between two scores of one unit, and why ("昨天 85.1 · 缺检 1 人次")."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qingyuan.governance.scoring.numbers import ZERO, Part, plain
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, InputUsed, ScoreTree


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that gives other points than before. Points are None where it had, or has, none."""

    clause_id: str
    title: str
    before: Decimal | None
    after: Decimal | None
    why: tuple[str, ...]

    @property
    def delta(self) -> Decimal:
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class TreeDiff:
    """Changed clauses, the largest change first; `notes` are changes of the sheet, a veto or the grade."""

    before: Decimal
    after: Decimal
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def delta(self) -> Decimal:
        return self.after - self.before

    def sentence(self, when: str = "昨天") -> str:
        """'昨天 85.1 · 缺检 1 人次'; '昨天 85.1 · 没有变化'."""
        why = [reason for change in self.changes for reason in change.why] + list(self.notes)
        shown = why[:2] if len(why) <= 2 else [why[0], f"等 {len(why)} 处变化"]
        return " · ".join([f"{when} {plain(self.before, 2)}", *(shown or ["没有变化"])])


def compare(before: ScoreTree, after: ScoreTree) -> TreeDiff:
    """Every clause whose points or state changed, with the numbers that moved it."""
    old = {clause.id: clause for clause in before.clauses()}
    new = {clause.id: clause for clause in after.clauses()}
    changes = [_change(old.get(clause_id), new.get(clause_id)) for clause_id in dict.fromkeys([*old, *new])]
    found = [change for change in changes if change is not None]
    found.sort(key=lambda change: -abs(change.delta))
    return TreeDiff(before.total, after.total, tuple(found), tuple(_notes(before, after)))


def _change(old: ClauseScore | None, new: ClauseScore | None) -> Change | None:
    if old is None or new is None:
        some = new or old
        if some is None:
            return None
        words = f"增加条款“{some.title}”" if old is None else f"取消条款“{some.title}”"
        return Change(some.id, some.title, old.points if old else None, new.points if new else None, (words,))
    if old.points == new.points and old.state == new.state:
        return None
    return Change(new.id, new.title, old.points, new.points, tuple(_why(old, new)) or ("规则或取数口径有变",))


def _why(old: ClauseScore, new: ClauseScore) -> list[str]:
    if old.state is ClauseState.NOT_AVAILABLE and new.state is not ClauseState.NOT_AVAILABLE:
        return [f"“{new.title}”数据已到"]
    if new.state is ClauseState.NOT_AVAILABLE:
        return [f"“{new.title}”数据缺失"]
    if old.rule != new.rule:
        return [f"“{new.title}”规则改为:{new.rule}"]
    earlier = {item.name: item for item in old.inputs}
    return [_moved(earlier[item.name], item, new) for item in new.inputs if _differs(earlier.get(item.name), item)]


def _differs(old: InputUsed | None, new: InputUsed) -> bool:
    return old is not None and (old.amount != new.amount or old.is_empty != new.is_empty)


def _moved(old: InputUsed, new: InputUsed, clause: ClauseScore) -> str:
    if old.amount is None or new.amount is None:
        return (
            f"“{clause.title}”应办事项由{'无' if old.amount is None else '有'}变{'有' if old.amount is None else '无'}"
        )
    delta = new.amount - old.amount
    label, unit = new.amount_label or new.label, new.amount_unit
    if new.part == Part.MISSING and delta > ZERO:
        return f"{label} {plain(delta, 2)} {unit}".strip()
    sign, unit = ("增" if delta > ZERO else "减"), ("个百分点" if unit == "%" else unit)
    return f"{label}{sign} {plain(abs(delta), 2)} {unit}".strip()


def _notes(before: ScoreTree, after: ScoreTree) -> list[str]:
    notes = []
    if before.scheme_hash != after.scheme_hash:
        notes.append(f"办法由 {before.scheme_version} 版改为 {after.scheme_version} 版")
    fired = set(before.fired())
    notes += [f"一票否决:{veto.reason}" for veto in after.fired() if veto not in fired]
    lifted = [veto for veto in before.fired() if veto not in set(after.fired())]
    notes += [f"否决撤销:{veto.reason}" for veto in lifted]
    if before.grade and after.grade and before.grade != after.grade:
        notes.append(f"等次由{before.grade}变为{after.grade}")
    return notes
