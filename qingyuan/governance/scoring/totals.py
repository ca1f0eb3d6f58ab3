"""From points of clauses to groups, annexes, total and grade. Every step rises (never falls) with each clause's points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.bands import Closed, Span, find, fit
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Step, VetoEffect, VetoFired
from qingyuan.governance.scoring.scheme import Grade, GroupRole, RoundedAt, Rounding, Scheme, Shared, Take
from qingyuan.governance.scoring.tree import AnnexScore, ClauseScore, ClauseState, GroupScore

Points = Callable[[ClauseScore, GroupRole], Decimal]
OPEN = frozenset({ClauseState.NOT_AVAILABLE, ClauseState.UNDECIDED})


def earned(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause is known to give (in a penalty group: to take)."""
    return clause.points or ZERO


def least(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause gives if what is still open turns out worst for the total."""
    if clause.state not in OPEN:
        return earned(clause, role)
    return clause.most if role is GroupRole.PENALTY else clause.least


def most(clause: ClauseScore, role: GroupRole) -> Decimal:
    """What a clause gives if what is still open turns out best for the total."""
    if clause.state not in OPEN:
        return earned(clause, role)
    return max(ZERO, clause.least) if role is GroupRole.PENALTY else clause.most


@dataclass(frozen=True, slots=True)
class Settled:
    """What the sheet makes of its clauses: points and steps of each group by id, the annexes, and the way to the total."""

    groups: dict[str, Decimal]
    group_steps: dict[str, tuple[Step, ...]]
    annexes: tuple[AnnexScore, ...]
    steps: tuple[Step, ...]
    total: Decimal


def settle(scheme: Scheme, groups: Sequence[GroupScore], points: Points, fired: Iterable[VetoFired] = ()) -> Settled:
    """Groups, annexes and total where each clause gives what `points` says. `fired`: the vetoes that hold."""
    fired = tuple(fired)
    zeroed = {veto.group for veto in fired if veto.effect is VetoEffect.GROUP_ZERO}
    found, steps = {}, {}
    for group in groups:
        steps[group.id] = tuple(_group_steps(scheme, group, points, group.id in zeroed))
        found[group.id] = _sum(group, points) + sum((step.points for step in steps[group.id]), ZERO)
    signed = {g.id: -found[g.id] if g.role is GroupRole.PENALTY else found[g.id] for g in groups}
    way, annexes = _sections(scheme, groups, found)
    way += _across(scheme, groups, points)
    total = sum(signed.values(), ZERO) + sum((step.points for step in way), ZERO)
    ends = _ends(scheme, total, fired)
    way += ends
    return Settled(found, steps, annexes, tuple(way), total + sum((step.points for step in ends), ZERO))


def _sum(group: GroupScore, points: Points) -> Decimal:
    return sum((points(clause, group.role) for clause in group.clauses), ZERO)


def _group_steps(scheme: Scheme, group: GroupScore, points: Points, zeroed: bool) -> Iterable[Step]:
    """Shared caps inside the group, what does not apply within it, the group's own cap."""
    total = _sum(group, points)
    for shared in scheme.shared:
        inside = [clause for clause in group.clauses if clause.id in shared.clauses]
        if inside and _home(shared, scheme) == group.id and (step := _bind(shared, inside, group.role, points)):
            total += step.points
            yield step
    outside = sum((c.of for c in group.clauses if _out_within(c)), ZERO)
    applies = sum((c.of for c in group.clauses if counts(c)), ZERO)
    if group.role is GroupRole.BASE and outside and applies:
        scaled = _even(scheme.rounding, total * (applies + outside) / applies)
        yield Step(f"{plain(outside)} 分的条款不适用,本组按 {plain(applies + outside)} ÷ {plain(applies)} 折算", scaled - total)
        total = scaled
    if group.role is not GroupRole.BASE and total > group.of:
        yield Step(f"封顶 {plain(group.of)}", group.of - total)
        total = group.of
    if zeroed and total > ZERO and group.role is not GroupRole.PENALTY:
        yield Step("一票否决,本组计 0", -total)


def counts(clause: ClauseScore) -> bool:
    """Whether the clause's points are in play: it applies, and may be scored."""
    outside = clause.state is ClauseState.NOT_APPLICABLE and clause.points is None
    return not outside and clause.state is not ClauseState.REFUSED


def _out_within(clause: ClauseScore) -> bool:
    return clause.state is ClauseState.NOT_APPLICABLE and clause.points is None and clause.within_group


def _home(shared: Shared, scheme: Scheme) -> str:
    """The one group the bound clauses stand in; empty where they stand in several."""
    homes = {group.id for group in scheme.groups for clause in group.clauses if clause.id in shared.clauses}
    return next(iter(homes)) if len(homes) == 1 else ""


def _bind(shared: Shared, clauses: Sequence[ClauseScore], role: GroupRole, points: Points) -> Step | None:
    """What the bond takes from, or gives back to, the sum of its clauses."""
    given = [points(clause, role) for clause in clauses]
    total = wanted = sum(given, ZERO)
    if shared.take is Take.HIGHEST:
        wanted = max(given)
    if shared.cap is not None:
        wanted = min(wanted, shared.cap)
    if shared.deduct_cap is not None:
        full = sum((clause.of for clause in clauses if counts(clause)), ZERO)
        wanted = max(wanted, full - shared.deduct_cap)
    return None if wanted == total else Step(f"{shared.words}:合计 {plain(total)},按 {plain(wanted)} 计", wanted - total)


def _across(scheme: Scheme, groups: Sequence[GroupScore], points: Points) -> list[Step]:
    """Bonds between clauses of several groups, as steps of the sheet."""
    steps = []
    for shared in scheme.shared:
        if _home(shared, scheme):
            continue
        bound = [(clause, group.role) for group in groups for clause in group.clauses if clause.id in shared.clauses]
        step = _bind(shared, [clause for clause, _ in bound], bound[0][1], points) if bound else None
        if step is not None:
            steps.append(replace(step, points=-step.points) if bound[0][1] is GroupRole.PENALTY else step)
    return steps


def _sections(
    scheme: Scheme, groups: Sequence[GroupScore], found: dict[str, Decimal]
) -> tuple[list[Step], tuple[AnnexScore, ...]]:
    """What scaling adds: each annex to its weight, and all of it to what applies and may be scored."""
    base = [group for group in groups if group.role is GroupRole.BASE]
    steps, annexes = [], []
    reached = applies = whole = ZERO
    for annex in scheme.annexes:
        own = [group for group in base if group.annex == annex.id]
        if not own:
            continue
        raw, outside, held = sum((found[g.id] for g in own), ZERO), not_applying(own), held_out(own)
        share = annex.points / annex.raw
        points = _even(scheme.rounding, raw * share)
        annexes.append(AnnexScore(annex.id, annex.title, annex.points, points, annex.raw, raw))
        if points != raw:
            steps.append(Step(f"{annex.title}:{plain(raw)} × {plain(annex.points)} ÷ {plain(annex.raw)}", points - raw))
        reached += points
        applies += (annex.raw - outside - held) * share
        whole += (annex.raw - held) * share
    rest = [group for group in base if not group.annex]
    outside, held = not_applying(rest), held_out(rest)
    own_points = scheme.total - sum((annex.points for annex in scheme.annexes if _present(annex.id, base)), ZERO)
    reached += sum((found[group.id] for group in rest), ZERO)
    applies += own_points - outside - held
    whole += own_points - held
    if applies != whole:
        scaled = _even(scheme.rounding, reached * whole / applies) if applies > ZERO else ZERO
        words = f"{plain(whole - applies)} 分的条款不适用,其余按 {plain(whole)} ÷ {plain(applies)} 折算"
        steps.append(Step(words, scaled - reached))
    return steps, tuple(annexes)


def _present(annex: str, groups: Sequence[GroupScore]) -> bool:
    return any(group.annex == annex for group in groups)


def _even(rounding: Rounding, points: Decimal) -> Decimal:
    return rounding.of_clause(points)


def _ends(scheme: Scheme, total: Decimal, fired: Sequence[VetoFired]) -> list[Step]:
    """Nothing below zero, the most there can be, rounding, and what vetoes do to the total."""
    steps = []

    def to(wanted: Decimal, words: str) -> None:
        nonlocal total
        if wanted != total:
            steps.append(Step(words, wanted - total))
            total = wanted

    to(max(ZERO, total), "总分最低为 0")
    if scheme.max_total is not None:
        to(min(total, scheme.max_total), f"总分最多 {plain(scheme.max_total)}")
    if scheme.rounding.at is RoundedAt.TOTAL:
        to(scheme.rounding.apply(total), f"总分取 {scheme.rounding.decimals} 位小数")
    for veto in fired:
        if veto.effect is VetoEffect.CAP and veto.cap is not None:
            to(min(total, veto.cap), f"一票否决,总分最多 {plain(veto.cap)}")
        if veto.effect is VetoEffect.SHEET_ZERO:
            to(ZERO, "一票否决,总分计 0")
    return steps


def not_applying(groups: Sequence[GroupScore]) -> Decimal:
    """Base points of clauses that do not apply, were not granted in full and were not shared out within their group."""
    found = ZERO
    for group in groups:
        if group.role is not GroupRole.BASE:
            continue
        out = [c for c in group.clauses if c.state is ClauseState.NOT_APPLICABLE and c.points is None]
        inside = any(counts(clause) for clause in group.clauses)
        found += sum((c.of for c in out if not (c.within_group and inside)), ZERO)
    return found


def held_out(groups: Sequence[GroupScore]) -> Decimal:
    """Base points of clauses that may not be scored."""
    clauses = (clause for group in groups if group.role is GroupRole.BASE for clause in group.clauses)
    return sum((clause.of for clause in clauses if clause.state is ClauseState.REFUSED), ZERO)


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


def grades_after(scheme: Scheme, grades: tuple[str, ...], fired: Sequence[VetoFired]) -> tuple[str, ...]:
    """The grades that are left once vetoes hold: a grade they name outranks the points (the lowest of several), then one lower
    for each that says so."""
    order = [span.name for span in grade_spans(scheme.grades)]
    named = [veto.grade for veto in fired if veto.effect is VetoEffect.GRADE]
    down = sum(1 for veto in fired if veto.effect is VetoEffect.GRADE_DOWN)
    if named:
        grades = (min(named, key=lambda name: order.index(name) if name in order else -1),)
    lower = [order[max(0, order.index(name) - down)] if name in order else name for name in grades]
    return tuple(dict.fromkeys(lower))


def grade_of(scheme: Scheme, low: Decimal, high: Decimal, fired: Sequence[VetoFired], held: Decimal = ZERO) -> Graded:
    """The grade, or why there is none yet.

    held  points of clauses that may not be scored: the sheet's grades are written for all its points, so they may decide
    """
    telling = [veto for veto in fired if veto.effect in {VetoEffect.GRADE, VetoEffect.GRADE_DOWN}]
    possible = grades_after(scheme, grades_between(scheme, low, high + held), telling)
    if not possible:
        return Graded("", "")
    if len(possible) > 1:
        why = "数据未到齐" if low != high else f"{plain(held)} 分不由本平台计"
        return Graded("", f"{why},等次待定({'、'.join(possible)}都有可能)")
    if telling:
        return Graded(possible[0], ";".join(f"一票否决:{veto.reason}" for veto in telling))
    return Graded(possible[0], _to_next(grade_spans(scheme.grades), possible[0], low))


def _to_next(spans: Sequence[Span], grade: str, total: Decimal) -> str:
    for span, above in zip(spans, spans[1:], strict=False):
        if span.name == grade and above.low is not None:
            return f"距{above.name}差 {plain(above.low - total)} 分"
    return ""
