"""score(scheme, inputs, on): the explained score of one unit on one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qingyuan.governance.scoring.applies import Applies, applies_to
from qingyuan.governance.scoring.clauses import blank_clause, not_applicable, refused_clause, score_clause
from qingyuan.governance.scoring.numbers import ZERO, Inputs, plain
from qingyuan.governance.scoring.rule import VetoFired
from qingyuan.governance.scoring.scheme import Clause, Group, GroupRole, NotApplicable, Scheme
from qingyuan.governance.scoring.serialise import scheme_hash
from qingyuan.governance.scoring.totals import OPEN, Settled, earned, grade_of, held_out, least, most, settle
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, GroupScore, ScoreTree


class SchemeNotInForce(ValueError):
    """The scheme does not hold on the day asked about."""


#: How a clause is scored from its numbers; a caller that scores many like cases hands in one that remembers.
ClauseScorer = Callable[[Clause, Inputs, Scheme], ClauseScore]


def score(scheme: Scheme, inputs: Inputs, on: date, *, digest: str = "", unit_kind: str = "") -> ScoreTree:
    """Score a unit by the clauses in force on the day.

    digest     the scheme's hash where the caller has it (many units by one sheet); computed when left out
    inputs     by key: 'indicator:R05', 'return:FORM.cell', 'manual:3.1/name' (see refs.parse_ref)
    unit_kind  what kind of unit it is, for clauses that are only for some

    Raises SchemeNotInForce, and SchemeUnreadable where a rule cannot be read (check the scheme first).
    """
    if not scheme.valid_from <= on < scheme.valid_to:
        span = f"{scheme.valid_from} 至 {scheme.valid_to}(不含)"
        raise SchemeNotInForce(f"《{scheme.title}》的有效期是 {span},{on} 请选用当时有效的版本")
    groups, vetoes = _clauses(scheme, inputs, on, unit_kind, score_clause)
    return _assemble(scheme, groups, vetoes, on, digest or scheme_hash(scheme))


@dataclass(frozen=True, slots=True)
class BarePoints:
    """A total with the points of its clauses, unexplained: what many like cases are told apart by."""

    total: Decimal
    clauses: dict[str, Decimal | None]


def points_of(
    scheme: Scheme, inputs: Inputs, on: date, *, unit_kind: str = "", scorer: ClauseScorer = score_clause
) -> BarePoints:
    """The same total and points as ``score`` gives, by the same rules, without the explanation."""
    groups, vetoes = _clauses(scheme, inputs, on, unit_kind, scorer)
    clauses = [clause for group in groups for clause in group.clauses]
    fired = tuple(clause.veto for clause in [*clauses, *vetoes] if clause.veto is not None)
    return BarePoints(settle(scheme, groups, earned, fired).total, {clause.id: clause.points for clause in clauses})


def _clauses(
    scheme: Scheme, inputs: Inputs, on: date, unit_kind: str, scorer: ClauseScorer
) -> tuple[list[GroupScore], tuple[ClauseScore, ...]]:
    annexes = {annex.id: applies_to(annex.only_for, unit_kind, inputs) for annex in scheme.annexes}
    groups = [
        _score_group(scheme, group, inputs, on, unit_kind, scorer)
        for group in scheme.groups
        if annexes.get(group.annex, Applies(True)).yes is not False
    ]
    return groups, tuple(_of_unit(scheme, scheme.vetoes, inputs, on, unit_kind, scorer))


def _score_group(
    scheme: Scheme, group: Group, inputs: Inputs, on: date, unit_kind: str, scorer: ClauseScorer
) -> GroupScore:
    clauses = tuple(_of_unit(scheme, group.clauses, inputs, on, unit_kind, scorer))
    return GroupScore(group.id, group.title, group.role, group.points, ZERO, ZERO, clauses, group.annex)


def _of_unit(
    scheme: Scheme, clauses: Sequence[Clause], inputs: Inputs, on: date, unit_kind: str, scorer: ClauseScorer
) -> Iterable[ClauseScore]:
    """The clauses of this unit's sheet: of several under one number the one that is for it."""
    valid = [clause for clause in clauses if clause.in_force(on)]
    applying = {id(clause): applies_to(clause.only_for, unit_kind, inputs) for clause in valid}
    taken = {clause.id for clause in valid if applying[id(clause)].yes}
    seen: set[str] = set()
    places: Counter[str] = Counter()
    for clause in valid:
        found, policy = applying[id(clause)], clause.not_applicable or scheme.not_applicable
        variant = places[clause.id]
        places[clause.id] += 1
        if found.yes:
            yield _at(scorer(clause, inputs, scheme), variant)
        elif clause.id not in taken and clause.id not in seen and policy is not NotApplicable.OMIT:
            seen.add(clause.id)
            yield _at(_not_for_unit(clause, found, policy), variant)


def _at(scored: ClauseScore, variant: int) -> ClauseScore:
    return replace(scored, variant=variant) if variant else scored


def _not_for_unit(clause: Clause, found: Applies, policy: NotApplicable) -> ClauseScore:
    if clause.refused:
        return refused_clause(clause)
    blank = blank_clause(next(read for _, read in clause.as_read()))
    if found.yes is None:
        return replace(blank, lines=(f"不能判断是否适用:{found.why}",))
    return not_applicable(blank, f"{found.why},本条不适用", policy)


def _assemble(
    scheme: Scheme, groups: Sequence[GroupScore], vetoes: tuple[ClauseScore, ...], on: date, digest: str
) -> ScoreTree:
    clauses = [clause for group in groups for clause in group.clauses]
    fired = tuple(clause.veto for clause in [*clauses, *vetoes] if clause.veto is not None)
    now = settle(scheme, groups, earned, fired)
    # With every clause decided the best and the worst are what stands.
    undecided = any(clause.state in OPEN for clause in clauses)
    best = settle(scheme, groups, most, fired) if undecided else now
    low, high = settle(scheme, groups, least, fired).total if undecided else now.total, best.total
    shown = tuple(_shown(group, now, best) for group in groups)
    pending = sum((group.pending for group in shown if group.role is GroupRole.BASE), ZERO)
    held = held_out(groups)
    graded = grade_of(scheme, low, high, fired, held)
    return ScoreTree(
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_hash=digest,
        title=scheme.title,
        on=on,
        of=scheme.total,
        total=now.total,
        pending=pending,
        low=low,
        high=high,
        before_veto=settle(scheme, groups, earned).total if fired else now.total,
        grade=graded.grade,
        grade_note=graded.note,
        groups=shown,
        vetoes=vetoes,
        lines=tuple(_lines(scheme, shown, vetoes, fired, now, pending)),
        annexes=now.annexes,
        steps=now.steps,
        held_out=held,
    )


def _shown(group: GroupScore, now: Settled, best: Settled) -> GroupScore:
    points = now.groups[group.id]
    return replace(group, points=points, pending=best.groups[group.id] - points, steps=now.group_steps[group.id])


def _lines(
    scheme: Scheme,
    groups: Sequence[GroupScore],
    vetoes: Sequence[ClauseScore],
    fired: Sequence[VetoFired],
    now: Settled,
    pending: Decimal,
) -> list[str]:
    """What a reader must know about the total beyond the sum of its clauses."""
    lines = []
    for group in groups:
        raw = sum((earned(clause, group.role) for clause in group.clauses), ZERO)
        if any(step.words.startswith("封顶") for step in group.steps):
            lines.append(f"{group.title}:合计 {plain(raw)},封顶 {plain(group.points)}")
        lines += [f"{group.title}:{step.words}" for step in group.steps if not step.words.startswith(("封顶", "一票"))]
    lines += [step.words for step in now.steps if not step.words.startswith("一票")]
    if pending:
        lines.append(f"另有 {plain(pending)} 分数据未到或待裁定,没有计入,也没有算作失分")
    lines += [f"条款 {c.id} {c.title} {plain(c.of)} 分不计入:{c.refusal}" for c in _refused(groups, vetoes)]
    lines += [f"一票否决:{veto.reason}" for veto in fired]
    waiting = [clause.title for clause in vetoes if clause.state in {ClauseState.NOT_AVAILABLE, ClauseState.UNDECIDED}]
    if waiting:
        lines.append(f"否决事项尚未认定:{'、'.join(waiting)}")
    return lines


def _refused(groups: Sequence[GroupScore], vetoes: Sequence[ClauseScore]) -> list[ClauseScore]:
    every = [*(clause for group in groups for clause in group.clauses), *vetoes]
    return [clause for clause in every if clause.state is ClauseState.REFUSED]
