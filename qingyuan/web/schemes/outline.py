"""The whole draft at a glance: groups and clauses in order, and of each how many things are wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qingyuan.foundation.words import said
from qingyuan.governance.models import SchemeDraft
from qingyuan.governance.queries.scheme_drafts import checked
from qingyuan.governance.scheme_paper import sentence
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.schemes.problem_words import Placed, placed


@dataclass(frozen=True)
class ClauseLine:
    key: str
    id: str
    title: str
    points: str
    rule: str
    wrong: int
    open_text: bool
    held_out: bool


@dataclass(frozen=True)
class GroupLines:
    key: str
    id: str
    title: str
    points: str
    role: str
    clauses: list[ClauseLine]
    wrong: list[Placed]


@dataclass(frozen=True)
class Found:
    """A problem with the page where it is put right."""

    problem: Placed
    href: str


@dataclass(frozen=True)
class Outline:
    """``ready``: nothing stands in the way of handing it on."""

    groups: list[GroupLines]
    vetoes: list[ClauseLine]
    problems: list[Found]
    open_texts: list[Found]
    held_out: list[Found]
    removed: list[dict[str, str]]
    ready: bool


def outline_of(draft: SchemeDraft, content: Content) -> Outline:
    try:
        found = checked(content)
        problems, opened, held, ready = found.problems, found.open_texts, found.held_out, found.ready
    except SchemeUnreadable as error:
        problems, opened, held, ready = tuple(error.problems), (), (), False
    by_id = {one["data"].get("id", ""): one["key"] for one in reversed(content["clauses"])}
    groups = [
        GroupLines(
            one["key"],
            str(one["data"].get("id", "")),
            str(one["data"].get("title", "")),
            _points(one["data"]),
            str(one["data"].get("role", "base")),
            [_line(row, problems, opened, held) for row in content["clauses"] if row["group"] == one["key"]],
            [placed(p) for p in problems if re.match(rf"第 {re.escape(str(one['data'].get('id', '')))} 组", p.where)],
        )
        for one in content["groups"]
    ]
    vetoes = [_line(row, problems, opened, held) for row in content["clauses"] if row["group"] == drafting.VETO]
    return Outline(
        groups,
        vetoes,
        [_found(draft, content, one, by_id) for one in problems],
        [_found(draft, content, one, by_id) for one in opened],
        [_found(draft, content, one, by_id) for one in held],
        [{"key": one["key"], "words": f"{one['data'].get('id', '')} {one['data'].get('title', '')}"} for one in content["removed"]],
        ready,
    )


def _points(data: Any) -> str:
    value = data.get("points")
    return "" if value is None else plain(value) if not isinstance(value, (str, int)) else str(value)


def _line(row: Any, problems: Any, opened: Any, held: Any) -> ClauseLine:
    data = row["data"]
    where = f"条款 {data.get('id', '')}"
    try:
        clause = drafting.read_clause(data)
        rule = phrased(sentence(clause)) or (said(KINDS[clause.rule.kind].title) if clause.rule.kind in KINDS else "")
    except SchemeUnreadable:
        rule = ""
    return ClauseLine(
        row["key"],
        str(data.get("id", "")),
        str(data.get("title", "")),
        _points(data),
        rule,
        sum(1 for one in problems if one.where == where),
        any(one.where == where for one in opened),
        any(one.where == where for one in held),
    )


def _found(draft: SchemeDraft, content: Content, problem: Problem, by_id: dict[str, str]) -> Found:
    """The problem with the address of the form, at the field, where it is put right."""
    clause = re.fullmatch(r"条款 (\S+)", problem.where)
    if clause and clause[1] in by_id:
        key = by_id[clause[1]]
        try:
            said = placed(problem, drafting.read_clause(drafting.found(content, key)["data"]))
        except SchemeUnreadable:
            said = placed(problem)
        return Found(said, f"{reverse('web:scheme-clause', args=(draft.pk, key))}#{said.fragment}")
    said = placed(problem)
    group = re.match(r"第 (\S+) 组", problem.where)
    key = next((one["key"] for one in content["groups"] if group and str(one["data"].get("id", "")) == group[1]), "")
    if key:
        return Found(said, reverse("web:scheme-group", args=(draft.pk, key)))
    fragment = {"总分": "f-total", "等次": "f-grades"}.get(problem.where, "")
    return Found(said, reverse("web:scheme-sheet", args=(draft.pk,)) + (f"#{fragment}" if fragment else ""))
