"""From points of clauses to groups, total and grade. Every step rises (never falls) with each clause's points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qingyuan.governance.scoring.bands import Closed, Span, find, fit
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import VetoEffect, VetoFired
from qingyuan.governance.scoring.scheme import Grade, Group, GroupRole, Scheme
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, GroupScore

Points = Callable[[ClauseScore, GroupRole], Decimal]
_OPEN = frozenset({ClauseState.NOT_AVAILABLE, ClauseState.UNDECIDED})


def earned(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause is known to give (in a penalty group: to take)."""
    return clause.points or ZERO


def least(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause gives if what is still open turns out worst for the total."""
    return clause.of if clause.state in _OPEN and role is GroupRole.PENALTY else earned(clause, role)


def most(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause gives if what is still open turns out best for the total."""
    return clause.of if clause.state in _OPEN and role is not GroupRole.PENALTY else earned(clause, role)


def group_points(group: Group | GroupScore, clauses: Sequence[ClauseScore], points: Points) -> Decimal:
    """A base group is the sum of its clauses; a bonus or penalty group is cut at its own points."""
    total = sum((points(clause, group.role) for clause in clauses), ZERO)
    return total if group.role is GroupRole.BASE else min(total, _cap(group))


def _cap(group: Group | GroupScore) -> Decimal:
    return group.of if isinstance(group, GroupScore) else group.points


def total_points(scheme: Scheme, groups: Sequence[GroupScore], points: Mapping[str, Decimal]) -> Decimal:
    """The sheet's total from points by group id, before any veto: base scaled to what applies, + bonus − penalty."""
    base, bonus, penalty = (
        sum((points[group.id] for group in groups if group.role is role), ZERO)
        for role in (GroupRole.BASE, GroupRole.BONUS, GroupRole.PENALTY)
    )
    applies = scheme.total - not_applying(groups)
    if applies != scheme.total:
        base = scheme.rounding.apply(base * scheme.total / applies) if applies else ZERO
    return max(ZERO, base + bonus - penalty)


def not_applying(groups: Sequence[GroupScore]) -> Decimal:
    """Base points of clauses that do not apply and were not granted in full."""
    clauses = (clause for group in groups if group.role is GroupRole.BASE for clause in group.clauses)
    return sum((c.of for c in clauses if c.state is ClauseState.NOT_APPLICABLE and c.points is None), ZERO)


def grade_spans(grades: Sequence[Grade]) -> list[Span]:
    """The grades as bands, lowest first."""
    return fit([Span(grade.name, grade.from_points, grade.to_points) for grade in grades], Closed.FROM)[0]


@dataclass(frozen=True, slots=True)
class Graded:
    grade: str
    note: str


def grades_between(scheme: Scheme, low: Decimal, high: Decimal) -> tuple[str, ...]:
    """Every grade the total can still be, lowest first; empty where the scheme has none."""
    spans = grade_spans(scheme.grades)
    if not spans:
        return ()
    first, last = find(spans, low, Closed.FROM), find(spans, high, Closed.FROM)
    return tuple(span.name for span in spans[first : last + 1])


def grade_of(scheme: Scheme, low: Decimal, high: Decimal, fired: Sequence[VetoFired]) -> Graded:
    """The grade, or why there is none yet; a veto that names a grade outranks the points."""
    named = [veto for veto in fired if veto.effect is VetoEffect.GRADE]
    if named:
        return Graded(named[0].grade, f"一票否决:{named[0].reason}")
    possible = grades_between(scheme, low, high)
    if not possible:
        return Graded("", "")
    if len(possible) > 1:
        return Graded("", f"数据未到齐,等次待定({'、'.join(possible)}都有可能)")
    return Graded(possible[0], _to_next(grade_spans(scheme.grades), possible[0], low))


def _to_next(spans: Sequence[Span], grade: str, total: Decimal) -> str:
    for span, above in zip(spans, spans[1:], strict=False):
        if span.name == grade and above.low is not None:
            return f"距{above.name}差 {plain(above.low - total)} 分"
    return ""
