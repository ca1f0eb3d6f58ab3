"""score(scheme, inputs, on): the explained score of one unit on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from qingyuan.governance.scoring.clauses import score_clause
from qingyuan.governance.scoring.numbers import ZERO, Inputs, plain
from qingyuan.governance.scoring.rule import VetoEffect, VetoFired
from qingyuan.governance.scoring.scheme import Group, GroupRole, Scheme
from qingyuan.governance.scoring.serialise import scheme_hash
from qingyuan.governance.scoring.totals import (
    earned,
    grade_of,
    group_points,
    least,
    most,
    not_applying,
    total_points,
)
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, GroupScore, ScoreTree


class SchemeNotInForce(ValueError):
    """The scheme does not hold on the day asked about."""


def score(scheme: Scheme, inputs: Inputs, on: date, *, digest: str = "") -> ScoreTree:
    """Score a unit by the clauses in force on the day.

    digest  the scheme's hash where the caller has it (many units by one sheet); computed when left out
    inputs  by key: 'indicator:R05', 'return:FORM.cell', 'manual:3.1/name' (see refs.parse_ref)

    Raises SchemeNotInForce, and SchemeUnreadable where a rule cannot be read (check the scheme first).
    """
    if not scheme.valid_from <= on < scheme.valid_to:
        span = f"{scheme.valid_from} 至 {scheme.valid_to}(不含)"
        raise SchemeNotInForce(f"《{scheme.title}》的有效期是 {span},{on} 请选用当时有效的版本")
    groups = [_score_group(scheme, group, inputs, on) for group in scheme.groups]
    vetoes = tuple(score_clause(clause, inputs, scheme) for clause in scheme.vetoes if clause.in_force(on))
    return _assemble(scheme, groups, vetoes, on, digest or scheme_hash(scheme))


def _score_group(scheme: Scheme, group: Group, inputs: Inputs, on: date) -> GroupScore:
    clauses = tuple(score_clause(clause, inputs, scheme) for clause in group.clauses if clause.in_force(on))
    points = group_points(group, clauses, earned)
    pending = group_points(group, clauses, most) - points
    return GroupScore(group.id, group.title, group.role, group.points, points, pending, clauses)


def _assemble(
    scheme: Scheme, groups: Sequence[GroupScore], vetoes: tuple[ClauseScore, ...], on: date, digest: str
) -> ScoreTree:
    before = total_points(scheme, groups, {group.id: group.points for group in groups})
    low, high = _range(scheme, groups)
    clauses = [clause for group in groups for clause in group.clauses]
    fired = tuple(clause.veto for clause in [*clauses, *vetoes] if clause.veto is not None)
    total = before
    if any(veto.effect is VetoEffect.SHEET_ZERO for veto in fired):
        total = low = high = ZERO
    graded = grade_of(scheme, low, high, fired)
    pending = sum((group.pending for group in groups if group.role is GroupRole.BASE), ZERO)
    return ScoreTree(
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_hash=digest,
        title=scheme.title,
        on=on,
        of=scheme.total,
        total=total,
        pending=pending,
        low=low,
        high=high,
        before_veto=before,
        grade=graded.grade,
        grade_note=graded.note,
        groups=tuple(groups),
        vetoes=vetoes,
        lines=tuple(_lines(scheme, groups, vetoes, fired, total, pending)),
    )


def _range(scheme: Scheme, groups: Sequence[GroupScore]) -> tuple[Decimal, Decimal]:
    """The least and the most the total can still be."""
    low = {group.id: group_points(group, group.clauses, least) for group in groups}
    high = {group.id: group_points(group, group.clauses, most) for group in groups}
    return total_points(scheme, groups, low), total_points(scheme, groups, high)


def _lines(
    scheme: Scheme,
    groups: Sequence[GroupScore],
    vetoes: Sequence[ClauseScore],
    fired: Sequence[VetoFired],
    total: Decimal,
    pending: Decimal,
) -> list[str]:
    """What a reader must know about the total beyond the sum of its clauses."""
    lines = []
    for group in groups:
        raw = sum((earned(clause, group.role) for clause in group.clauses), ZERO)
        if raw != group.points:
            lines.append(f"{group.title}:合计 {plain(raw)},封顶 {plain(group.points)}")
    outside = not_applying(groups)
    if outside:
        applies = scheme.total - outside
        lines.append(f"{plain(outside)} 分的条款不适用,其余按 {plain(scheme.total)} ÷ {plain(applies)} 折算")
    if pending:
        lines.append(f"另有 {plain(pending)} 分数据未到或待裁定,没有计入,也没有算作失分")
    lines += [f"一票否决:{veto.reason}" for veto in fired]
    waiting = [clause.title for clause in vetoes if clause.state is ClauseState.NOT_AVAILABLE]
    if waiting:
        lines.append(f"否决事项尚未认定:{'、'.join(waiting)}")
    return lines
