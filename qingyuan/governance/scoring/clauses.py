"""One clause: its numbers looked up, its rule evaluated, its words written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.numbers import ZERO, Inputs, Number, Part, plain
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step
from qingyuan.governance.scoring.scheme import Clause, NotApplicable, Rounding, Scheme, WhenEmpty
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, InputUsed, Reading


@dataclass(frozen=True, slots=True)
class RuleRead:
    """A clause's rule with everything wrong in its parameters and the inputs it uses."""

    rule: Rule | None
    problems: tuple[str, ...]
    used: frozenset[str]


def read_rule(clause: Clause) -> RuleRead:
    """Parameters to rule. An unknown kind gives no rule and a problem that lists the kinds there are."""
    kind = KINDS.get(clause.rule.kind)
    if kind is None:
        return RuleRead(None, (f"规则“{clause.rule.kind}”不认识,现有:{'、'.join(KINDS)}",), frozenset())
    params = Params(clause.rule.params, tuple(clause.inputs))
    rule = kind.read(params, clause.points)
    used = params.used | {gate.input for gate in clause.requires}
    return RuleRead(rule, tuple(params.problems), frozenset(used))


def rule_of(clause: Clause) -> Rule:
    """The clause's rule; SchemeUnreadable where its parameters are wrong (a checked scheme has none)."""
    read = read_rule(clause)
    if read.rule is None or read.problems:
        raise SchemeUnreadable([Problem(f"条款 {clause.id}", message) for message in read.problems])
    return read.rule


def sentence_of(clause: Clause, rule: Rule) -> str:
    """The rule with the conditions without which nothing is earned."""
    gates = "".join(f";{gate.words}少于 {plain(gate.at_least)} 次的不得分" for gate in clause.requires)
    return rule.sentence(clause.points) + gates


def evaluate(clause: Clause, rule: Rule, amounts: Mapping[str, Decimal], rounding: Rounding) -> Outcome:
    """Points of the clause for these amounts: the rule, then its conditions, then rounding."""
    outcome = rule.evaluate(clause.points, amounts)
    for gate in clause.requires:
        if amounts[gate.input] < gate.at_least and outcome.points:
            words = f"{gate.words} {plain(amounts[gate.input])} 次,不得分"
            steps = (*outcome.steps, Step(words, -outcome.points))
            outcome = replace(outcome, steps=steps, arithmetic=f"{outcome.arithmetic};{words}")
    rounded = rounding.apply(outcome.points)
    if rounded == outcome.points:
        return outcome
    before = sum((step.points for step in outcome.steps[:-1]), ZERO)
    last = replace(outcome.steps[-1], points=rounded - before)
    arithmetic = f"{outcome.arithmetic},取 {rounding.decimals} 位小数得 {plain(rounded)}"
    return replace(outcome, steps=(*outcome.steps[:-1], last), arithmetic=arithmetic)


def score_clause(clause: Clause, inputs: Inputs, scheme: Scheme) -> ClauseScore:
    """The clause's score from the numbers handed in. A missing number is a state, never a zero."""
    rule = rule_of(clause)
    used = tuple(_look_up(clause, name, ref, inputs) for name, ref in clause.inputs.items())
    blank = ClauseScore(
        id=clause.id,
        title=clause.title,
        of=clause.points,
        state=ClauseState.NOT_AVAILABLE,
        points=None,
        rule=sentence_of(clause, rule),
        rule_title=rule.title,
        arithmetic="",
        inputs=used,
        lines=tuple(item.words for item in used if item.words),
        people=min((item.people for item in used if item.people is not None), default=None),
    )
    if any(item.is_empty for item in used) and not any(item.not_available for item in used):
        return _empty(blank, clause, scheme)
    if any(item.amount is None for item in used):
        return blank
    amounts = {item.name: item.amount for item in used if item.amount is not None}
    outcome = evaluate(clause, rule, amounts, scheme.rounding)
    return replace(
        blank,
        state=ClauseState.SCORED,
        points=outcome.points,
        arithmetic=outcome.arithmetic,
        steps=outcome.steps,
        veto=outcome.veto,
    )


def _look_up(clause: Clause, name: str, text: str, inputs: Inputs) -> InputUsed:
    ref = parse_ref(text, clause=clause.id, name=name)
    number = inputs.get(ref.key)
    if number is None:
        number = Number(not_available="尚未评定" if ref.source == "manual" else "没有这个取数")
    amount = number.part(ref.part)
    # Nothing to measure: asked of clauses that judge how much was done, not of those that read the base itself.
    is_empty = number.is_empty and ref.part not in {Part.NUMERATOR, Part.DENOMINATOR}
    reason = number.not_available
    if amount is None and not is_empty and not reason:
        reason = "取数没有这一部分"
    label = number.label or clause.title
    return InputUsed(
        name=name,
        ref=ref.text if text != "manual" else ref.key,
        part=ref.part,
        label=label,
        unit=number.unit,
        amount=None if is_empty else amount,
        numerator=number.numerator,
        denominator=number.denominator,
        people=number.people,
        kind=number.kind,
        not_available=reason,
        is_empty=is_empty,
        amount_label=number.part_label(ref.part) or label,
        amount_unit=number.unit if ref.part == Part.VALUE else number.count_unit,
        words=f"数据未到:{label}({reason})" if reason else _words(number, ref.part, label),
    )


def _words(number: Number, part: str, label: str) -> str:
    """'应检 214 · 已检 203 · 缺检 11', or '专题研究 2 次' where there is no ratio."""
    if number.numerator is None or number.denominator is None:
        amount, unit = number.part(part), number.unit if part == Part.VALUE else number.count_unit
        return "" if amount is None else f"{number.part_label(part) or label} {plain(amount, 2)} {unit}".strip()
    third = Part.MISSING if part in list(Part) else part
    shown = [(name, number.part(name)) for name in (Part.DENOMINATOR, Part.NUMERATOR, third)]
    return " · ".join(f"{number.part_label(name)} {plain(amount, 2)}" for name, amount in shown if amount is not None)


def _empty(blank: ClauseScore, clause: Clause, scheme: Scheme) -> ClauseScore:
    """The clause where there was nothing to measure, as its own text decides."""
    none = "、".join(item.label for item in blank.inputs if item.is_empty)
    if clause.when_empty is WhenEmpty.FULL:
        words = f"{none}:没有应办事项,按满分计"
        return _granted(blank, words, clause.points)
    if clause.when_empty is WhenEmpty.ZERO:
        return _granted(blank, f"{none}:没有应办事项,按条款不得分", ZERO)
    if clause.when_empty is WhenEmpty.NOT_APPLICABLE:
        return not_applicable(blank, f"{none}:没有应办事项,本条不适用", scheme)
    words = f"{none}:没有应办事项,条款没有写明怎么计,请考核组裁定"
    readings = (Reading("按满分计", clause.points), Reading("按零分计", ZERO), Reading("不适用,分值另行折算", None))
    return replace(blank, state=ClauseState.UNDECIDED, lines=(*blank.lines, words), readings=readings)


def _granted(blank: ClauseScore, words: str, points: Decimal) -> ClauseScore:
    steps = (Step(words, points),)
    return replace(blank, state=ClauseState.SCORED, points=points, steps=steps, arithmetic=words)


def not_applicable(blank: ClauseScore, words: str, scheme: Scheme) -> ClauseScore:
    """A clause that does not apply: granted in full, or out of the total, as the scheme says."""
    state = ClauseState.NOT_APPLICABLE
    if scheme.not_applicable is NotApplicable.FULL:
        words = f"{words},按满分计"
        return replace(blank, state=state, points=blank.of, steps=(Step(words, blank.of),), arithmetic=words)
    return replace(blank, state=state, lines=(*blank.lines, f"{words},分值由其余条款按比例分摊"))


def used_amounts(inputs: Sequence[InputUsed]) -> dict[str, Decimal]:
    """Amounts by input name, for evaluating a clause again."""
    return {item.name: item.amount for item in inputs if item.amount is not None}
