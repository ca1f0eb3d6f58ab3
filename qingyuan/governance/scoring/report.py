"""A score and a check as documented JSON: every number an exact decimal in text, every field always there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.governance.scoring.check import held_out_clauses, questions
from qingyuan.governance.scoring.examples import readings_shown
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.problems import Problem
from qingyuan.governance.scoring.rule import Step, VetoFired
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.serialise import scheme_hash, tree_hash
from qingyuan.governance.scoring.totals import grades_after, grades_between
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, GroupScore, InputUsed, ScoreTree

STATES = {
    ClauseState.SCORED: "scored",
    ClauseState.NOT_AVAILABLE: "pending",
    ClauseState.NOT_APPLICABLE: "not_applicable",
    ClauseState.UNDECIDED: "undecided",
    ClauseState.REFUSED: "refused",
}


def score_report(scheme: Scheme, tree: ScoreTree) -> dict[str, Any]:
    """The score as `qingyuan scheme score --json` prints it; docs/how-to/try-a-scheme.md says what each field means."""
    possible = grades_after(scheme, grades_between(scheme, tree.low, tree.high + tree.held_out), tree.fired())
    texts = {id(scored): scheme.clause(scored.id, tree.on, scored.variant) for scored in tree.clauses()}
    return {
        "scheme": {"id": tree.scheme_id, "title": tree.title, "version": tree.scheme_version, "hash": tree.scheme_hash},
        "on": tree.on.isoformat(),
        "totals": {
            "of": _text(tree.of),
            "points": _text(tree.total),
            "pending": _text(tree.pending),
            "held_out": _text(tree.held_out),
            "low": _text(tree.low),
            "high": _text(tree.high),
            "before_veto": _text(tree.before_veto),
        },
        "grade": {"name": tree.grade, "note": tree.grade_note, "possible": list(possible)},
        "groups": [_group(group, texts) for group in tree.groups],
        "annexes": [
            {
                "id": annex.id,
                "title": annex.title,
                "of": _text(annex.of),
                "points": _text(annex.points),
                "raw_of": _text(annex.raw_of),
                "raw": _text(annex.raw),
            }
            for annex in tree.annexes
        ],
        "steps": [_step(step) for step in tree.steps],
        "vetoes": [_clause(clause, texts) for clause in tree.vetoes],
        "fired": [_veto(veto) for veto in tree.fired()],
        "lines": list(tree.lines),
        "hash": tree_hash(tree),
    }


def _group(group: GroupScore, texts: Mapping[int, Clause]) -> dict[str, Any]:
    return {
        "id": group.id,
        "title": group.title,
        "role": group.role.value,
        "annex": group.annex,
        "of": _text(group.of),
        "points": _text(group.points),
        "pending": _text(group.pending),
        "clauses": [_clause(clause, texts) for clause in group.clauses],
        "steps": [_step(step) for step in group.steps],
    }


def _clause(clause: ClauseScore, texts: Mapping[int, Clause]) -> dict[str, Any]:
    written = texts[id(clause)]
    return {
        "id": clause.id,
        "title": clause.title,
        "text": written.text,
        "of": _text(clause.of),
        "state": STATES[clause.state],
        "points": _maybe(clause.points),
        "lost": _maybe(clause.lost),
        "kind": written.rule.kind,
        "rule": clause.rule,
        "sentence": clause.arithmetic or ";".join(clause.lines) or clause.refusal,
        "steps": [_step(step) for step in clause.steps],
        "inputs": [_input(item) for item in clause.inputs],
        "lines": list(clause.lines),
        "readings": [{"words": one.words, "points": _maybe(one.points)} for one in clause.readings],
        "refusal": clause.refusal,
        "veto": None if clause.veto is None else _veto(clause.veto),
    }


def _input(item: InputUsed) -> dict[str, Any]:
    return {
        "name": item.name,
        "ref": item.ref,
        "part": item.part,
        "label": item.label,
        "unit": item.unit,
        "amount": _maybe(item.amount),
        "numerator": _maybe(item.numerator),
        "denominator": _maybe(item.denominator),
        "not_available": item.not_available,
        "words": item.words,
    }


def _step(step: Step) -> dict[str, str]:
    return {"words": step.words, "points": _text(step.points)}


def _veto(veto: VetoFired) -> dict[str, Any]:
    return {
        "effect": veto.effect.value,
        "grade": veto.grade,
        "cap": _maybe(veto.cap),
        "group": veto.group,
        "reason": veto.reason,
    }


def check_report(
    scheme: Scheme, problems: Sequence[Problem], known: Mapping[str, KnownInput] | None = None
) -> dict[str, Any]:
    """The check as `qingyuan scheme check --json` prints it."""
    open_ones = [clause for clause in scheme.clauses() if clause.is_open]
    return {
        "id": scheme.id,
        "title": scheme.title,
        "version": scheme.version,
        "hash": scheme_hash(scheme),
        "clauses": sum(1 for _clause in scheme.clauses()),
        "total": _text(scheme.total),
        "sound": not problems,
        "publishable": not problems and not open_ones,
        "problems": [_problem(problem) for problem in problems],
        "questions": [
            {**_problem(problem), "cases": [] if problems else _cases(readings_shown(scheme, clause, known or {}))}
            for problem, clause in zip(questions(scheme), open_ones, strict=True)
        ],
        "held_out": [_problem(problem) for problem in held_out_clauses(scheme, known)],
    }


def _cases(shown: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each reading gives, with the state in the words of the report."""
    names = {state.value: word for state, word in STATES.items()}
    return [
        {
            "given": _plain_data(case["given"]),
            "because": case["because"],
            "readings": [{**one, "state": names[one["state"]]} for one in case["readings"]],
        }
        for case in shown
    ]


def _plain_data(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain_data(item) for key, item in value.items()}
    return _text(value) if isinstance(value, Decimal) else value


def _problem(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "message": problem.message}


def _text(value: Decimal) -> str:
    """A decimal as programs read it: no exponent, no trailing zeros, an ASCII minus."""
    return plain(value).replace("−", "-")


def _maybe(value: Decimal | None) -> str | None:
    return None if value is None else _text(value)
