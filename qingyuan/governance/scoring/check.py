"""check(scheme, known_inputs): everything that must be put right before a scheme may be published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from qingyuan.governance.scoring.bands import Closed, Span, fit
from qingyuan.governance.scoring.catalogue import KnownInput, not_of_units, refused
from qingyuan.governance.scoring.clauses import RuleRead, read_rule, rule_of
from qingyuan.governance.scoring.examples import failing_examples
from qingyuan.governance.scoring.expression import read_expression
from qingyuan.governance.scoring.forbidden import hold_out, refusal_of
from qingyuan.governance.scoring.kinds.veto import Veto
from qingyuan.governance.scoring.numbers import ZERO, Part, plain
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.refs import BadInputRef, InputRef, parse_ref
from qingyuan.governance.scoring.rule import Rule, VetoEffect
from qingyuan.governance.scoring.scheme import TOWN_KINDS, Clause, NotApplicable, OnlyFor, Scheme, Size
from qingyuan.governance.scoring.sums import bonds, doubles, overlap, sums

_RATES = frozenset({"%", "‰"})


EMPTY_WORDS = (
    "分母可能为零(没有应办事项),请写明 when_empty:full(满分)、zero(零分)、not_applicable(不适用)、manual(人工评定)或 ask(待裁定)"
)


def check(scheme: Scheme, known_inputs: Mapping[str, KnownInput] | None = None) -> list[Problem]:
    """Every problem, in the sheet's order; empty when the scheme may be published.

    known_inputs  by key; None checks the sheet alone (someone else's sheet, whose inputs are not ours)
    """
    scheme = hold_out(scheme, known_inputs)
    problems = [*_dates(scheme), *_ids(scheme), *sums(scheme), *_grades(scheme), *_veto_list(scheme)]
    problems += [*bonds(scheme), *doubles(scheme)]
    for clause in scheme.clauses():
        problems += [Problem(_place(clause), message) for message in _clause(scheme, clause, known_inputs)]
    if known_inputs is not None and scheme.applies_to.units_only:
        problems += place_only(scheme, known_inputs, scheme.applies_to.unit_kinds)
    return problems


def place_only(scheme: Scheme, known: Mapping[str, KnownInput], kinds: Collection[str]) -> list[Problem]:
    """What of a sheet cannot be read for units of these kinds, because it is known of places or filed by others only."""
    found = []
    for clause in scheme.clauses():
        mine = [kind for kind in kinds if not clause.only_for.unit_kinds or kind in clause.only_for.unit_kinds]
        if clause.refused or not mine:
            continue
        found += [Problem(_place(clause), message) for message in _not_of_units([*clause.inputs.values(), *_sizes_of(clause.only_for)], known, mine)]
    for annex in scheme.annexes:
        if not annex.only_for.unit_kinds or set(annex.only_for.unit_kinds) - set(TOWN_KINDS):
            found += [Problem(f"附件 {annex.id}", message) for message in _not_of_units(_sizes_of(annex.only_for), known, kinds)]
    return found


def _not_of_units(texts: Iterable[str], known: Mapping[str, KnownInput], kinds: Collection[str]) -> list[str]:
    messages = []
    for text in texts:
        try:
            ref = parse_ref(text)
        except BadInputRef:
            continue  # said where the clause is read
        if ref.key in known and (message := not_of_units(known[ref.key], kinds)):
            messages.append(message)
    return list(dict.fromkeys(messages))


def _sizes_of(only_for: OnlyFor) -> list[str]:
    return [size.of for size in only_for.sizes]


def questions(scheme: Scheme) -> list[Problem]:
    """What the text leaves open: the scheme is sound and can be tried, but is not published until each is answered."""
    return [
        Problem(
            _place(clause),
            f"条文有 {len(clause.readings)} 种读法,请选一种写进 chosen:{_listed(clause)}",
        )
        for clause in scheme.clauses()
        if clause.is_open
    ]


def _listed(clause: Clause) -> str:
    return ";".join(f"{reading.id}({reading.words})" for reading in clause.readings)


def held_out_clauses(scheme: Scheme, known_inputs: Mapping[str, KnownInput] | None = None) -> list[Problem]:
    """Clauses of a sheet from above that are kept but not counted, each with its reason."""
    held = hold_out(scheme, known_inputs)
    return [Problem(_place(clause), clause.refused) for clause in held.clauses() if clause.refused]


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
        if first.id == second.id and overlap(first, second):
            yield Problem(_place(first), f"“{first.title}”与“{second.title}”同号且同时有效,请改号或错开有效期")


def _grades(scheme: Scheme) -> Iterable[Problem]:
    names = [grade.name for grade in scheme.grades]
    if len(set(names)) < len(names):
        yield Problem("等次", "等次名称重复")
    spans = [Span(f"“{grade.name}”", grade.from_points, grade.to_points) for grade in scheme.grades]
    ordered, problems = fit(spans, Closed.FROM, lowest=ZERO)
    for message in problems:
        yield Problem("等次", message)
    most = scheme.total + scheme.bonus_cap() if scheme.max_total is None else scheme.max_total
    for span in ordered:
        if span.low is not None and span.low > most and not scheme.has_no_end:
            yield Problem("等次", f"{span.name}要 {plain(span.low)} 分,满分加分一共 {plain(most)},谁也达不到")


def _veto_list(scheme: Scheme) -> Iterable[Problem]:
    names = {grade.name for grade in scheme.grades}
    groups = {group.id for group in scheme.groups}
    for clause in scheme.vetoes:
        if clause.rule.kind != "veto" or clause.points != ZERO:
            yield Problem(_place(clause), "否决清单里的条款规则应为 veto、分值应为 0")
    for clause in scheme.clauses():
        rule = read_rule(clause).rule
        if not isinstance(rule, Veto):
            continue
        named = [rule.grade, "" if rule.repair is None else rule.repair.grade]
        for grade in named:
            if grade and grade not in names:
                yield Problem(_place(clause), f"否决后定为“{grade}”,但等次里没有它")
        if rule.effect is VetoEffect.GRADE_DOWN and not names:
            yield Problem(_place(clause), "否决后降一等,但没有等次")
        if rule.group and rule.group not in groups:
            yield Problem(_place(clause), f"否决后第 {rule.group} 组计 0,但没有这一组")
        if rule.cap is not None and not ZERO <= rule.cap < scheme.total:
            yield Problem(_place(clause), f"否决后总分最多 {plain(rule.cap)},应不小于 0、小于总分 {plain(scheme.total)}")


def _clause(scheme: Scheme, clause: Clause, known: Mapping[str, KnownInput] | None) -> list[str]:
    if clause.refused:
        return [] if scheme.received_from else ["refused 只能写在上级下发的办法里(写明 received_from)"]
    messages = [*_points(scheme, clause), *_alternatives(clause)]
    refs = _refs(clause)
    messages += [str(ref) for ref in refs.values() if isinstance(ref, BadInputRef)]
    if known is None or all(ref.key not in known for ref in refs.values() if isinstance(ref, InputRef)):
        messages += [reason for reason in [refusal_of(clause, known)] if reason]
    for _reading, read in clause.as_read():
        messages += [message for message in _as_read(read, refs, known) if message not in messages]
    if messages:
        return messages
    first = rule_of(clause.as_read()[0][1])
    return [*_reach(clause, first), *failing_examples(scheme, clause, known or {})]


def _alternatives(clause: Clause) -> Iterable[str]:
    ids = [reading.id for reading in clause.readings]
    if len(ids) == 1:
        yield "readings 只有一种读法,不成问题,请补另一种或删去"
    if len(set(ids)) < len(ids):
        yield "readings 里读法的 id 重复"
    if clause.chosen and clause.chosen not in ids:
        yield f"chosen 选的“{clause.chosen}”不在 readings 里"


def _as_read(
    clause: Clause, refs: Mapping[str, InputRef | BadInputRef], known: Mapping[str, KnownInput] | None
) -> Iterable[str]:
    """What is wrong with the clause under one reading."""
    read = read_rule(clause)
    yield from read.problems
    yield from _uses(clause, read)
    units = read.rule.units() if read.rule else {}
    asked = False
    for name, ref in refs.items():
        if isinstance(ref, InputRef):
            yield from _input(clause, ref, units.get(name, ""), known)
            asked = asked or _may_be_empty(ref, units.get(name, ""), (known or {}).get(ref.key))
    divides = read.rule is not None and not read.problems and (read.rule.divides() or _derives_by_division(clause))
    if clause.when_empty is None and (asked or divides):
        yield EMPTY_WORDS


def _derives_by_division(clause: Clause) -> bool:
    return any(read_expression(text, clause.inputs).divides for text in clause.derive.values())


def _points(scheme: Scheme, clause: Clause) -> Iterable[str]:
    if clause.points < ZERO or (clause.points == ZERO and clause.rule.kind != "veto"):
        yield f"分值 {plain(clause.points)} 应大于 0"
    if scheme.rounding.apply(clause.points) != clause.points:
        yield f"分值 {plain(clause.points)} 的小数多于全文规定的 {scheme.rounding.decimals} 位"
    if clause.over < ZERO or clause.under < ZERO:
        yield "over(可以超出的分)和 under(可以倒扣的分)不能小于 0"
    if clause.not_applicable is NotApplicable.OMIT and clause.only_for == OnlyFor():
        yield "not_applicable: omit 只用于有 only_for 的条款"
    for size in clause.only_for.sizes:
        yield from _size(size)
    for name in clause.derive:
        if name in clause.inputs:
            yield f"派生的数“{name}”与取数同名,请改名"


def _size(size: Size) -> Iterable[str]:
    try:
        parse_ref(size.of)
    except BadInputRef as error:
        yield str(error)
    if size.at_least is None and size.below is None:
        yield f"规模“{size.words}”没有写 at_least(以上)或 below(不足)"
    if size.at_least is not None and size.below is not None and size.at_least >= size.below:
        yield f"规模“{size.words}”的 at_least {plain(size.at_least)} 不小于 below {plain(size.below)}"


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
        if gate.input not in (*clause.inputs, *clause.derive):
            yield f"前提“{gate.words}”的取数“{gate.input}”不在本条款的 inputs 里"
    for name in clause.inputs:
        if read.rule is not None and name not in read.used:
            yield f"取数“{name}”没有用到,请删去或补进规则"
    for name in clause.derive:
        if read.rule is not None and name not in read.used:
            yield f"派生的数“{name}”没有用到,请删去或补进规则"


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
