"""One clause: its numbers looked up, its rule evaluated, its words written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from qingyuan.governance.scoring.expression import BadExpression, Undefined, read_expression
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.numbers import ZERO, Amounts, Inputs, Number, Part, plain
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.refs import BadInputRef, InputRef, parse_ref
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step
from qingyuan.governance.scoring.scheme import Clause, NotApplicable, Rounding, Scheme, WhenEmpty, as_short
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, InputUsed, Reading

NOWHERE: Final = Decimal(10) ** 9
"""How far a clause without end may pass its points when its parameters are read: further than any sheet goes."""
DECIDED: Final = "points"
"""The name of the input that stands for points an assessment decided."""
_KEPT: Final = 4096
_BASES: Final = frozenset({Part.NUMERATOR, Part.DENOMINATOR})
_OF_EVERY_NUMBER: Final = frozenset(Part)


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
    over = NOWHERE if clause.uncapped else clause.over
    params = Params(clause.rule.params, (*clause.inputs, *clause.derive), over=over, under=clause.under)
    rule = kind.read(params, clause.points)
    problems = list(params.problems)
    used = params.used | {gate.input for gate in clause.requires}
    for name, text in clause.derive.items():
        try:
            used |= read_expression(text, clause.inputs).names
        except BadExpression as error:
            problems.append(f"派生的数“{name}”:{error}")
    return RuleRead(rule, tuple(problems), frozenset(used))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What of a clause is the same for every unit. The clause itself is held, so that its id is no other's."""

    clause: Clause
    rule: Rule
    sentence: str
    reads: Mapping[str, str]
    refs: tuple[tuple[str, str, InputRef], ...]


_prepared: OrderedDict[int, _Prepared] = OrderedDict()


def _prepare(clause: Clause) -> _Prepared:
    """Read once for each clause: the same clause scores every unit. Two threads may read it twice, which is harmless.

    Raises SchemeUnreadable where the rule's parameters are wrong (a checked scheme has none).
    """
    kept = _prepared.get(id(clause))
    if kept is not None and kept.clause is clause:
        return kept
    read = read_rule(clause)
    if read.rule is None or read.problems:
        raise SchemeUnreadable([Problem(f"条款 {clause.id}", message) for message in read.problems])
    try:
        refs = tuple((name, text, parse_ref(text, clause=clause.id, name=name)) for name, text in clause.inputs.items())
    except BadInputRef as error:
        raise SchemeUnreadable([Problem(f"条款 {clause.id}", str(error))]) from error
    made = _Prepared(clause, read.rule, sentence_of(clause, read.rule), read.rule.reads(), refs)
    while len(_prepared) >= _KEPT:
        _prepared.popitem(last=False)
    _prepared[id(clause)] = made
    return made


def rule_of(clause: Clause) -> Rule:
    """The clause's rule; SchemeUnreadable where its parameters are wrong (a checked scheme has none)."""
    return _prepare(clause).rule


def sentence_of(clause: Clause, rule: Rule) -> str:
    """The rule with the conditions without which nothing is earned."""
    gates = "".join(f";{gate.words}少于 {plain(gate.at_least)} 次的不得分" for gate in clause.requires)
    return rule.sentence(clause.points) + gates


def evaluate(clause: Clause, rule: Rule, amounts: Mapping[str, Decimal], rounding: Rounding) -> Outcome:
    """Points of the clause for these amounts: what is derived, the rule, its conditions, its ends, then rounding."""
    given = Amounts.of(amounts)
    for name, text in clause.derive.items():
        try:
            given = given.with_amount(name, read_expression(text, clause.inputs).value(amounts))
        except Undefined as error:
            return Outcome((), "", empty=str(error))
    outcome = rule.evaluate(clause.points, given)
    if outcome.waiting or outcome.empty:
        return outcome
    for gate in clause.requires:
        if given[gate.input] < gate.at_least and outcome.points:
            words = f"{gate.words} {plain(given[gate.input])} 次,不得分"
            outcome = _with_step(outcome, words, -outcome.points)
    return _rounded(_bounded(clause, outcome), rounding)


def _with_step(outcome: Outcome, words: str, points: Decimal) -> Outcome:
    return replace(
        outcome, steps=(*outcome.steps, Step(words, points)), arithmetic=f"{outcome.arithmetic};{words}"
    )


def _bounded(clause: Clause, outcome: Outcome) -> Outcome:
    """No lower and no higher than the clause allows, whatever its rule says."""
    points, low, high = outcome.points, -clause.under, clause.points + clause.over
    if points < low:
        return _with_step(outcome, f"最低 {plain(low)}", low - points)
    if points > high and not clause.uncapped:
        return _with_step(outcome, f"本条最多 {plain(high)}", high - points)
    return outcome


def _rounded(outcome: Outcome, rounding: Rounding) -> Outcome:
    """Steps short enough to add up exactly, the last one bringing them to the rounded points."""
    if not outcome.steps:
        return outcome
    exact = outcome.points
    points = rounding.of_clause(exact)
    if points == exact and all(as_short(step.points) for step in outcome.steps):
        return outcome
    short = Rounding(decimals=12)
    first = tuple(s if as_short(s.points) else Step(s.words, short.apply(s.points)) for s in outcome.steps[:-1])
    before = sum((step.points for step in first), ZERO)
    last = replace(outcome.steps[-1], points=points - before)
    arithmetic = outcome.arithmetic
    if points != exact and points == rounding.apply(points):
        arithmetic = f"{arithmetic},取 {rounding.decimals} 位小数得 {plain(points)}"
    return replace(outcome, steps=(*first, last), arithmetic=arithmetic)


def score_clause(clause: Clause, inputs: Inputs, scheme: Scheme) -> ClauseScore:
    """The clause's score from the numbers handed in. A missing number is a state, never a zero.

    An undecided text is scored by each reading; where they agree on the points they are the points. What an assessment
    decided against all this (``decided_key``) takes its place.
    """
    if clause.refused:
        return refused_clause(clause)
    scored = _scored(clause, inputs, scheme)
    decided = inputs.get(decided_key(clause))
    return scored if decided is None or scored.veto is not None else _decided(scored, decided, decided_key(clause))


def _scored(clause: Clause, inputs: Inputs, scheme: Scheme) -> ClauseScore:
    if not clause.is_open:
        (_reading, read), *_others = clause.as_read()
        return _score(read, inputs, scheme)
    scored = [(reading, _score(read, inputs, scheme)) for reading, read in clause.as_read()]
    first = scored[0][1]
    same = (first.state, first.points, first.veto)
    if all((one.state, one.points, one.veto) == same for _, one in scored):
        if first.state is ClauseState.NOT_AVAILABLE:
            return first
        return replace(first, lines=(*first.lines, "条文有不同读法,这里各种读法得分相同"))
    readings = tuple(
        Reading(f"{reading.words}:{one.arithmetic}" if one.arithmetic else reading.words, one.points)
        for reading, one in scored
        if reading is not None
    )
    words = "条文没有写明怎么读,请选定一种读法"
    lines = (*first.lines, words)
    rule = "或:".join(one.rule for _, one in scored)
    return replace(
        first,
        state=ClauseState.UNDECIDED,
        points=None,
        steps=(),
        arithmetic="",
        rule=rule,
        lines=lines,
        readings=readings,
        veto=None,
    )


def decided_key(clause: Clause) -> str:
    """The input by which an assessment gives a clause other points than were computed, with its reason and a second person."""
    return f"manual:{clause.id}/{DECIDED}"


def _decided(scored: ClauseScore, given: Number, key: str) -> ClauseScore:
    """The clause with the points that were decided; what was computed stays said. Before the second person they do not count."""
    points = given.part(Part.VALUE)
    item = InputUsed(
        name=DECIDED,
        ref=key,
        part=Part.VALUE,
        label="评审认定",
        unit="分",
        amount=points,
        kind=given.kind,
        not_available=given.not_available,
    )
    with_it = replace(scored, inputs=(*scored.inputs, item))
    if points is None:
        return replace(with_it, lines=(*scored.lines, f"评审另定的分尚未计入({given.not_available})"))
    high = points if scored.uncapped else scored.of + scored.over
    points = min(max(points, -scored.under), high)
    before = "没有得分" if scored.points is None else f"{plain(scored.points)} 分"
    words = f"评审认定 {plain(points)} 分(按数据计算{before})"
    return replace(
        with_it,
        state=ClauseState.SCORED,
        points=points,
        arithmetic=words,
        steps=(Step(words, points),),
        readings=(),
    )


def refused_clause(clause: Clause) -> ClauseScore:
    """A clause that may not be scored: its words stay, its points are held out."""
    return ClauseScore(
        clause.id,
        clause.title,
        clause.points,
        ClauseState.REFUSED,
        None,
        rule="",
        rule_title="不予计分",
        arithmetic="",
        lines=(clause.refused,),
        refusal=clause.refused,
    )


def blank_clause(clause: Clause, used: tuple[InputUsed, ...] = ()) -> ClauseScore:
    """The clause before it has points."""
    return _with_outcome(_prepare(clause), used, None)


def _with_outcome(prepared: _Prepared, used: tuple[InputUsed, ...], outcome: Outcome | None) -> ClauseScore:
    clause = prepared.clause
    return ClauseScore(
        id=clause.id,
        title=clause.title,
        of=clause.points,
        state=ClauseState.NOT_AVAILABLE if outcome is None else ClauseState.SCORED,
        points=None if outcome is None else outcome.points,
        rule=prepared.sentence,
        rule_title=prepared.rule.title,
        arithmetic="" if outcome is None else outcome.arithmetic,
        steps=() if outcome is None else outcome.steps,
        inputs=used,
        lines=tuple(item.words for item in used if item.words),
        people=min((item.people for item in used if item.people is not None), default=None),
        veto=None if outcome is None else outcome.veto,
        over=clause.over,
        under=clause.under,
        uncapped=clause.uncapped,
    )


def _score(clause: Clause, inputs: Inputs, scheme: Scheme) -> ClauseScore:
    prepared = _prepare(clause)
    rule, reads = prepared.rule, prepared.reads
    used = tuple(_look_up(clause, name, text, ref, inputs, reads.get(name, "")) for name, text, ref in prepared.refs)
    if any(item.is_empty for item in used) and not any(item.not_available for item in used):
        none = "、".join(item.label for item in used if item.is_empty)
        return _empty(blank_clause(clause, used), clause, scheme, inputs, f"{none}:没有应办事项")
    if any(item.amount is None for item in used):
        return blank_clause(clause, used)
    apart, waiting = _beside_nobody(prepared, inputs)
    if apart or waiting:
        return _not_counted(blank_clause(clause, used), clause, scheme, inputs, apart, waiting)
    outcome = evaluate(clause, rule, used_amounts(used), scheme.rounding)
    if outcome.empty or outcome.waiting:
        return _not_counted(blank_clause(clause, used), clause, scheme, inputs, outcome.empty, outcome.waiting)
    return _with_outcome(prepared, used, outcome)


def _not_counted(
    blank: ClauseScore, clause: Clause, scheme: Scheme, inputs: Inputs, empty: str, waiting: str
) -> ClauseScore:
    if empty:
        return _empty(blank, clause, scheme, inputs, empty)
    return replace(blank, lines=(*blank.lines, waiting))


def _beside_nobody(prepared: _Prepared, inputs: Inputs) -> tuple[str, str]:
    """Why a clause that sets its unit beside others cannot: for good, and for the time being."""
    if not prepared.reads:
        return "", ""
    compared = [inputs[ref.key] for name, _text, ref in prepared.refs if prepared.reads.get(name) == "peers"]
    return next((one.no_peers for one in compared if one.no_peers), ""), next(
        (one.peers_waiting for one in compared if one.peers_waiting), ""
    )


def _look_up(clause: Clause, name: str, text: str, ref: InputRef, inputs: Inputs, reads: str) -> InputUsed:
    number = inputs.get(ref.key)
    if number is None:
        number = Number(not_available="尚未评定" if ref.source == "manual" else "没有这个取数")
    amount = number.part(ref.part)
    if amount is None and reads == "choice" and number.choice and not number.not_available:
        amount = ZERO
    # Nothing to measure: asked of clauses that judge how much was done, not of those that read the base itself.
    is_empty = number.is_empty and ref.part not in _BASES
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
        series=number.series if reads == "series" else {},
        peers=number.peers if reads == "peers" else {},
        choice=number.choice if reads == "choice" else "",
    )


def _words(number: Number, part: str, label: str) -> str:
    """'应检 214 · 已检 203 · 缺检 11', or '专题研究 2 次' where there is no ratio."""
    if number.numerator is None or number.denominator is None:
        amount, unit = number.part(part), number.unit if part == Part.VALUE else number.count_unit
        return "" if amount is None else f"{number.part_label(part) or label} {plain(amount, 2)} {unit}".strip()
    third = Part.MISSING if part in _OF_EVERY_NUMBER else part
    shown = [(name, number.part(name)) for name in (Part.DENOMINATOR, Part.NUMERATOR, third)]
    return " · ".join(f"{number.part_label(name)} {plain(amount, 2)}" for name, amount in shown if amount is not None)


def _empty(blank: ClauseScore, clause: Clause, scheme: Scheme, inputs: Inputs, why: str) -> ClauseScore:
    """The clause where there was nothing to measure, as its own text decides."""
    if clause.when_empty is WhenEmpty.FULL:
        return _granted(blank, f"{why},按满分计", clause.points)
    if clause.when_empty is WhenEmpty.ZERO:
        return _granted(blank, f"{why},按条款不得分", ZERO)
    if clause.when_empty is WhenEmpty.NOT_APPLICABLE:
        return not_applicable(blank, f"{why},本条不适用", clause.not_applicable or scheme.not_applicable)
    if clause.when_empty is WhenEmpty.MANUAL:
        return _by_hand(blank, clause, inputs.get(by_hand_key(clause)), why)
    words = f"{why},条款没有写明怎么计,请考核组裁定"
    readings = (Reading("按满分计", clause.points), Reading("按零分计", ZERO), Reading("不适用,分值另行折算", None))
    return replace(blank, state=ClauseState.UNDECIDED, lines=(*blank.lines, words), readings=readings)


def by_hand_key(clause: Clause) -> str:
    """The input by which a person gives the points where there was nothing to measure."""
    return f"manual:{clause.id}/when_empty"


def _by_hand(blank: ClauseScore, clause: Clause, given: Number | None, why: str) -> ClauseScore:
    points = None if given is None else given.part(Part.VALUE)
    if points is None:
        return replace(blank, lines=(*blank.lines, f"{why},由考核组人工评定({by_hand_key(clause)}),尚未评定"))
    points = min(max(points, ZERO), clause.points)
    return _granted(blank, f"{why},考核组评定 {plain(points)}", points)


def _granted(blank: ClauseScore, words: str, points: Decimal) -> ClauseScore:
    steps = (Step(words, points),)
    return replace(blank, state=ClauseState.SCORED, points=points, steps=steps, arithmetic=words)


def not_applicable(blank: ClauseScore, words: str, policy: NotApplicable) -> ClauseScore:
    """A clause that does not apply: granted in full, or its points shared out."""
    state = ClauseState.NOT_APPLICABLE
    if policy is NotApplicable.FULL:
        words = f"{words},按满分计"
        return replace(blank, state=state, points=blank.of, steps=(Step(words, blank.of),), arithmetic=words)
    within = policy is NotApplicable.WITHIN_GROUP
    where = "由本组其余条款" if within else "由其余条款"
    return replace(blank, state=state, lines=(*blank.lines, f"{words},分值{where}按比例分摊"), within_group=within)


def used_amounts(inputs: Sequence[InputUsed]) -> Amounts:
    """Amounts by input name, for evaluating a clause again."""
    return Amounts(
        {item.name: item.amount for item in inputs if item.amount is not None},
        series={item.name: item.series for item in inputs if item.series},
        peers={item.name: item.peers for item in inputs if item.peers},
        choices={item.name: item.choice for item in inputs if item.choice},
    )
