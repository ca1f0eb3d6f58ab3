"""A clause's own examples, run as tests: a sheet whose text and rule disagree is not published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.governance.scoring.clauses import by_hand_key, rule_of, score_clause
from qingyuan.governance.scoring.numbers import Number, Part, plain
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import Clause, Example, Scheme
from qingyuan.governance.scoring.structure import from_data
from qingyuan.governance.scoring.tree import ClauseScore

BY_HAND = "when_empty"
"""In an example: the points a person gives where there was nothing to measure (when_empty: manual)."""


STATE_WORDS = {
    "scored": "得分", "not_available": "数据未到", "not_applicable": "不适用", "undecided": "待裁定", "refused": "不计分",
}  # fmt: skip


def failing_examples(scheme: Scheme, clause: Clause, known: Mapping[str, KnownInput]) -> list[str]:
    """What each example that does not hold says is wrong; empty when all hold. The rule must be readable."""
    problems = []
    for index, example in enumerate(clause.examples, start=1):
        try:
            inputs = numbers_given(clause, example, known)
        except SchemeUnreadable as error:
            problems += [f"示例 {index}:{problem}" for problem in error.problems]
            continue
        unknown = [name for name in example.given if name not in (*clause.inputs, BY_HAND)]
        if unknown:
            problems.append(f"示例 {index}:取数{'、'.join(unknown)}不在本条款的 inputs 里")
            continue
        wanted = example.expect.reading
        if wanted and wanted not in {reading.id for reading in clause.readings}:
            problems.append(f"示例 {index}:没有读法“{wanted}”,现有:{'、'.join(r.id for r in clause.readings) or '无'}")
            continue
        for reading, read in clause.as_read():
            if wanted and (reading is None or reading.id != wanted):
                continue
            wrong = _disagreement(score_clause(read, inputs, scheme), example)
            if wrong:
                by = f"按读法“{reading.id}”," if reading is not None else ""
                problems.append(f"示例 {index}({example.expect.because}):{by}{wrong}")
    return problems


def readings_shown(scheme: Scheme, clause: Clause, known: Mapping[str, KnownInput]) -> list[dict[str, object]]:
    """What each reading of an undecided clause gives for each of its examples: [{given, readings: [{id, words, points, …}]}]."""
    shown: list[dict[str, object]] = []
    for example in clause.examples:
        inputs = numbers_given(clause, example, known)
        row = []
        for reading, read in clause.as_read():
            scored = score_clause(read, inputs, scheme)
            points = None if scored.points is None else plain(scored.points).replace("−", "-")
            row.append(
                {
                    "id": "" if reading is None else reading.id,
                    "words": "" if reading is None else reading.words,
                    "points": points,
                    "state": scored.state.value,
                    "arithmetic": scored.arithmetic,
                }
            )
        shown.append({"given": dict(example.given), "because": example.expect.because, "readings": row})
    return shown


def numbers_given(clause: Clause, example: Example, known: Mapping[str, KnownInput]) -> dict[str, Number]:
    """The example's numbers as inputs: 420, or {numerator: 203, denominator: 214}. Raises SchemeUnreadable."""
    rule = rule_of(clause.as_read()[0][1])
    units, reads = rule.units(), rule.reads()
    tables: dict[str, dict[str, object]] = {}
    for name, text in clause.inputs.items():
        if name not in example.given:
            continue
        ref, value = parse_ref(text, clause=clause.id, name=name), example.given[name]
        unit = known[ref.key].unit if ref.key in known else units.get(name, "")
        table = tables.setdefault(ref.key, {"label": name, "unit": unit, "parts": {}})
        if isinstance(value, Mapping):
            table.update(value)
        elif reads.get(name) == "choice" and isinstance(value, str):
            table["choice"] = value
        elif ref.part in list(Part):
            table[ref.part] = value
        else:
            table["parts"] = {**_mapping(table["parts"]), ref.part: value}
    if BY_HAND in example.given:
        tables[by_hand_key(clause)] = {"value": example.given[BY_HAND]}
    return {key: from_data(Number, table) for key, table in tables.items()}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _disagreement(scored: ClauseScore, example: Example) -> str:
    expect = example.expect
    if scored.state != expect.state:
        return f"按规则是 {scored.state.value},示例写的是 {expect.state}"
    if (scored.veto is not None) != expect.veto:
        return f"按规则{'触发' if scored.veto else '不触发'}否决,与示例不符"
    if expect.points is not None and scored.points != expect.points:
        got = "没有得分" if scored.points is None else f"得 {plain(scored.points)}"
        return f"按规则{got}({scored.arithmetic}),示例写的是 {plain(expect.points)},请改规则或示例"
    return ""


@dataclass(frozen=True, slots=True)
class ExampleShown:
    """An example beside what comes out: `wrong` says how they differ; `reading` under which reading, where there are several."""

    number: int
    because: str
    given: Mapping[str, object]
    reading: str
    expected: str
    computed: str
    arithmetic: str
    wrong: str


def examples_shown(scheme: Scheme, clause: Clause, known: Mapping[str, KnownInput]) -> list[ExampleShown]:
    """Every example run now, once for each reading it is about. The rule must be readable."""
    shown = []
    for index, example in enumerate(clause.examples, start=1):
        expect = example.expect
        expected = plain(expect.points) if expect.points is not None else STATE_WORDS.get(expect.state, expect.state)
        try:
            inputs = numbers_given(clause, example, known)
        except SchemeUnreadable as error:
            why = ";".join(problem.message for problem in error.problems)
            shown.append(ExampleShown(index, expect.because, example.given, "", expected, "—", "", why))
            continue
        for reading, read in clause.as_read():
            name = "" if reading is None else reading.id
            if expect.reading and expect.reading != name:
                continue
            scored = score_clause(read, inputs, scheme)
            computed = STATE_WORDS.get(scored.state, scored.state) if scored.points is None else plain(scored.points)
            wrong = _disagreement(scored, example)
            shown.append(
                ExampleShown(index, expect.because, example.given, name, expected, computed, scored.arithmetic, wrong)
            )
    return shown
