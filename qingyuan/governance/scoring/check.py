"""check(scheme, known_inputs): everything that must be put right before a scheme may be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import combinations

from qingyuan.governance.scoring.bands import Closed, Span, fit
from qingyuan.governance.scoring.catalogue import KnownInput, refused
from qingyuan.governance.scoring.clauses import RuleRead, read_rule
from qingyuan.governance.scoring.examples import failing_examples
from qingyuan.governance.scoring.kinds.veto import Veto
from qingyuan.governance.scoring.numbers import ZERO, Part, plain
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.refs import BadInputRef, InputRef, parse_ref
from qingyuan.governance.scoring.rule import Rule
from qingyuan.governance.scoring.scheme import Clause, GroupRole, Scheme

_RATES = frozenset({"%", "‰"})


def check(scheme: Scheme, known_inputs: Mapping[str, KnownInput] | None = None) -> list[Problem]:
    """Every problem, in the sheet's order; empty when the scheme may be published.

    known_inputs  by key; None checks the sheet alone (someone else's sheet, whose inputs are not ours)
    """
    problems = [*_dates(scheme), *_ids(scheme), *_sums(scheme), *_grades(scheme), *_veto_list(scheme)]
    for clause in scheme.clauses():
        problems += [Problem(_place(clause), message) for message in _clause(scheme, clause, known_inputs)]
    return problems


def _place(clause: Clause) -> str:
    return f"条款 {clause.id}"


def _dates(scheme: Scheme) -> Iterable[Problem]:
    if scheme.valid_from >= scheme.valid_to:
        yield Problem("全文", f"生效日 {scheme.valid_from} 不早于失效日 {scheme.valid_to}")
    for clause in scheme.clauses():
        start, end = clause.valid_from or scheme.valid_from, clause.valid_to or scheme.valid_to
        if start < scheme.valid_from or end > scheme.valid_to:
            yield Problem(
                _place(clause), f"有效期 {start} 至 {end} 超出全文的 {scheme.valid_from} 至 {scheme.valid_to}"
            )
        if start >= end:
            yield Problem(_place(clause), f"生效日 {start} 不早于失效日 {end}")


def _ids(scheme: Scheme) -> Iterable[Problem]:
    groups = [group.id for group in scheme.groups]
    for group_id in sorted({item for item in groups if groups.count(item) > 1}):
        yield Problem(f"第 {group_id} 组", "组号重复,请改成不同的号")
    for first, second in combinations(scheme.clauses(), 2):
        if first.id == second.id and _overlap(first, second):
            yield Problem(_place(first), f"“{first.title}”与“{second.title}”同号且同时有效,请改号或错开有效期")


def _overlap(first: Clause, second: Clause) -> bool:
    starts = max(first.valid_from or date.min, second.valid_from or date.min)
    return starts < min(first.valid_to or date.max, second.valid_to or date.max)


def _sums(scheme: Scheme) -> list[Problem]:
    """Parts add up to groups and groups to the total, on each day on which something changes."""
    changes = {day for clause in scheme.clauses() for day in (clause.valid_from, clause.valid_to) if day}
    days = sorted({scheme.valid_from, *(day for day in changes if scheme.valid_from < day < scheme.valid_to)})
    found = {problem: None for day in days for problem in _sums_on(scheme, day)}
    base = [group.points for group in scheme.groups if group.role is GroupRole.BASE]
    if sum(base, ZERO) != scheme.total:
        found[Problem("总分", f"各组相加 {_addition(base)},{_off(sum(base, ZERO), scheme.total, '总分')}")] = None
    return list(found)


def _sums_on(scheme: Scheme, day: date) -> Iterable[Problem]:
    for group in scheme.groups:
        parts = [clause.points for clause in group.clauses if clause.in_force(day)]
        total, where = sum(parts, ZERO), f"第 {group.id} 组 {group.title}"
        since = "" if day == scheme.valid_from else f"(自 {day} 起)"
        if group.role is GroupRole.BASE and total != group.points:
            yield Problem(where, f"各条款相加 {_addition(parts)},{_off(total, group.points, '本组')}{since}")
        if group.role is not GroupRole.BASE and total < group.points:
            yield Problem(where, f"各条款加起来只有 {plain(total)},到不了封顶的 {plain(group.points)}{since}")


def _addition(parts: list[Decimal]) -> str:
    return f"{' + '.join(plain(part) for part in parts) or '0'} = {plain(sum(parts, ZERO))}"


def _off(total: Decimal, wanted: Decimal, what: str) -> str:
    word = "多" if total > wanted else "少"
    return f"比{what} {plain(wanted)} 分{word} {plain(abs(total - wanted))} 分,请改分值"


def _grades(scheme: Scheme) -> Iterable[Problem]:
    names = [grade.name for grade in scheme.grades]
    if len(set(names)) < len(names):
        yield Problem("等次", "等次名称重复")
    spans = [Span(f"“{grade.name}”", grade.from_points, grade.to_points) for grade in scheme.grades]
    ordered, problems = fit(spans, Closed.FROM, lowest=ZERO)
    for message in problems:
        yield Problem("等次", message)
    most = scheme.total + scheme.bonus_cap()
    for span in ordered:
        if span.low is not None and span.low > most:
            yield Problem("等次", f"{span.name}要 {plain(span.low)} 分,满分加分一共 {plain(most)},谁也达不到")


def _veto_list(scheme: Scheme) -> Iterable[Problem]:
    names = {grade.name for grade in scheme.grades}
    for clause in scheme.vetoes:
        if clause.rule.kind != "veto" or clause.points != ZERO:
            yield Problem(_place(clause), "否决清单里的条款规则应为 veto、分值应为 0")
    for clause in scheme.clauses():
        rule = read_rule(clause).rule
        if isinstance(rule, Veto) and rule.grade and rule.grade not in names:
            yield Problem(_place(clause), f"否决后定为“{rule.grade}”,但等次里没有它")


def _clause(scheme: Scheme, clause: Clause, known: Mapping[str, KnownInput] | None) -> list[str]:
    read, refs = read_rule(clause), _refs(clause)
    messages = [*_points(scheme, clause), *read.problems]
    messages += [str(ref) for ref in refs.values() if isinstance(ref, BadInputRef)]
    messages += _uses(clause, read)
    good = {name: ref for name, ref in refs.items() if isinstance(ref, InputRef)}
    units = read.rule.units() if read.rule else {}
    for name, ref in good.items():
        messages += _input(clause, ref, units.get(name, ""), known)
    if read.rule is None or messages:
        return messages
    return [*_reach(clause, read.rule), *failing_examples(scheme, clause, known or {})]


def _points(scheme: Scheme, clause: Clause) -> Iterable[str]:
    if clause.points < ZERO or (clause.points == ZERO and clause.rule.kind != "veto"):
        yield f"分值 {plain(clause.points)} 应大于 0"
    if scheme.rounding.apply(clause.points) != clause.points:
        yield f"分值 {plain(clause.points)} 的小数多于全文规定的 {scheme.rounding.decimals} 位"


def _refs(clause: Clause) -> dict[str, InputRef | BadInputRef]:
    refs: dict[str, InputRef | BadInputRef] = {}
    for name, text in clause.inputs.items():
        try:
            refs[name] = parse_ref(text, clause=clause.id, name=name)
        except BadInputRef as error:
            refs[name] = error
    return refs


def _uses(clause: Clause, read: RuleRead) -> Iterable[str]:
    for gate in clause.requires:
        if gate.input not in clause.inputs:
            yield f"前提“{gate.words}”的取数“{gate.input}”不在本条款的 inputs 里"
    for name in clause.inputs:
        if read.rule is not None and name not in read.used:
            yield f"取数“{name}”没有用到,请删去或补进规则"


def _input(clause: Clause, ref: InputRef, unit: str, known: Mapping[str, KnownInput] | None) -> Iterable[str]:
    found = None if known is None else known.get(ref.key)
    if found is not None:
        if reason := refused(found, ref.part):
            yield reason
        if unit and ref.part == Part.VALUE and unit != found.unit:
            yield f"规则按“{unit}”写,“{found.label}”的单位是“{found.unit}”,请统一"
        if not found.has(ref.part):
            yield f"“{found.label}”没有“{ref.part}”这一部分,可取:{'、'.join(found.part_names())}"
    elif known is not None and ref.source != "manual":
        yield f"取数“{ref.text}”目前没有,请改用已有的指标或报表"
    if clause.when_empty is None and _may_be_empty(ref, unit, found):
        yield "分母可能为零(没有应办事项),请写明 when_empty:full(满分)、zero(零分)、not_applicable(不适用)或 ask(待裁定)"


def _may_be_empty(ref: InputRef, unit: str, found: KnownInput | None) -> bool:
    if ref.source == "manual" or ref.part in {Part.NUMERATOR, Part.DENOMINATOR}:
        return False
    if found is not None:
        return found.ratio
    return ref.source == "indicator" and (ref.part == Part.MISSING or unit in _RATES)


def _reach(clause: Clause, rule: Rule) -> Iterable[str]:
    best = rule.best(clause.points)
    if best < clause.points:
        yield f"本条 {plain(clause.points)} 分,按规则最多得 {plain(best)},有 {plain(clause.points - best)} 分谁也拿不到"
