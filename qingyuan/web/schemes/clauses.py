"""The form of one clause: its sections, what it sends, and what stands beside it (problems, examples, readings)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from qingyuan.governance.problem_phrases import problem_said
from qingyuan.governance.queries.scheme_drafts import Checked, checked
from qingyuan.governance.scheme_paper import sentence
from qingyuan.governance.scoring import clause_asks as asks
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.asked import Asked
from qingyuan.governance.scoring.clauses import read_rule
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.examples import ExampleShown, examples_shown
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.scheme import Clause
from qingyuan.reference import catalogue
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.schemes import clause_data
from qingyuan.web.schemes.asked_form import Around, Drawn, Post, drawn, taken
from qingyuan.web.schemes.problem_words import Placed, placed
from qingyuan.web.schemes.sources import ref_of, words_of


@dataclass(frozen=True)
class Section:
    """A part of the form; ``open``: shown unfolded also when it is empty."""

    code: str
    title: Any
    asks: tuple[Asked, ...]
    open: bool = False


CLAUSE: Final = (
    Section("face", gettext_lazy("条文和分值"), asks.FACE, True),
    Section("inputs", gettext_lazy("用哪些数"), (asks.INPUTS,), True),
    Section("rule", gettext_lazy("怎么计分"), (asks.RULE,), True),
    Section("examples", gettext_lazy("算例(当场试算)"), (), True),
    Section("bounds", gettext_lazy("边界和前提"), asks.BOUNDS),
    Section("readings", gettext_lazy("条文有不同读法"), asks.READINGS),
    Section("whom", gettext_lazy("对谁、从何时起"), asks.WHOM),
    Section("proof", gettext_lazy("佐证、核查和依据"), asks.PROOF),
)


def asks_of(names: Sequence[str]) -> tuple[Asked, ...]:
    """Every field of a clause with these inputs."""
    return tuple(one for section in CLAUSE for one in _asks(section, names))


def _asks(section: Section, names: Sequence[str]) -> tuple[Asked, ...]:
    return (clause_data.examples_asked(names),) if section.code == "examples" else section.asks


def read_clause_form(post: Post, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was sent, as a clause of a draft; what the form does not show stays as it was."""
    names = clause_data.names_sent(post)
    kept = {key: value for key, value in (before or {}).items() if key == "refused"}
    return clause_data.clause_data(taken(asks_of(names), post, "", ref_of), post) | kept


@dataclass(frozen=True)
class DrawnSection:
    code: str
    title: Any
    fields: list[Drawn]
    open: bool


def sections(data: Mapping[str, Any]) -> list[DrawnSection]:
    """The form filled with a clause's data."""
    form, names = clause_data.clause_form(data), list(data.get("inputs", {}))
    around = Around([*names, *data.get("derive", {})], kinds_of_units(), words_of)
    found = []
    for section in CLAUSE:
        asked = (clause_data.examples_shown(form, names),) if section.code == "examples" else section.asks
        fields = drawn(asked, form, "", around)
        filled = any(form.get(one.name) for one in asked)
        found.append(DrawnSection(section.code, section.title, fields, section.open or filled))
    return found


def kinds_of_units() -> list[tuple[str, str]]:
    return [(one.code, one.said) for one in catalogue.get_list("unit_kinds").codes]


@dataclass(frozen=True)
class ReadingSide:
    """One reading of an open text and what it gives for each example."""

    id: str
    words: str
    rule: str
    results: list[ExampleShown]


@dataclass(frozen=True)
class Side:
    """What stands beside the form. ``sentence``: the rule as the letter will print it."""

    problems: list[Placed]
    open_text: str
    sentence: str
    refusal: str
    examples: list[ExampleShown]
    readings: list[ReadingSide]


def side_of(content: Content, key: str) -> Side:
    """What the checker says of the clause as it stands in ``content``."""
    try:
        clause = drafting.read_clause(drafting.found(content, key)["data"])
        found = checked(content)
    except SchemeUnreadable as error:
        return Side([placed(one) for one in error.problems], "", "", "", [], [])
    return _side(found, clause)


def _side(found: Checked, clause: Clause) -> Side:
    mine = [one for one in found.problems if is_of(one, clause)]
    opened = next((problem_said(one.message) for one in found.open_texts if is_of(one, clause)), "")
    held = next((problem_said(one.message) for one in found.held_out if is_of(one, clause)), "")
    readable = all(read.rule is not None and not read.problems for read in (read_rule(r) for _w, r in clause.as_read()))
    examples = [] if held or not readable else _examples(found, clause)
    readings = []
    if clause.is_open and readable:
        for reading, read in clause.as_read():
            if reading is not None:
                mine_only = [one for one in examples if one.reading == reading.id]
                readings.append(ReadingSide(reading.id, reading.words, phrased(sentence(read)), mine_only))
    return Side([placed(one, clause) for one in mine], opened, phrased(sentence(clause)), held, examples, readings)


def _examples(found: Checked, clause: Clause) -> list[ExampleShown]:
    try:
        return examples_shown(found.scheme, clause, found.known)
    except (SchemeUnreadable, ValueError):
        return []


def is_of(problem: Problem, clause: Clause) -> bool:
    return bool(re.fullmatch(rf"条款 {re.escape(clause.id)}", problem.where))


def new_clause(draft_content: Content, group: str) -> dict[str, Any]:
    """What a clause begins with: the next number of its group, judged by hand until a rule is chosen."""
    here = [one["data"].get("id", "") for one in draft_content["clauses"] if one["group"] == group]
    head = "否决" if group == drafting.VETO else str(drafting.found(draft_content, group)["data"].get("id", ""))
    number = len(here) + 1
    while f"{head}.{number}" in here:
        number += 1
    return {"id": f"{head}.{number}", "title": "", "rule": {"kind": "veto" if group == drafting.VETO else ""}}
