"""The live score of a letter, as the account named by ``--as`` may see it."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rich.tree import Tree

from qingyuan.cli.acting import actor_from, add_actor_argument
from qingyuan.cli.output import Refused, as_json, out
from qingyuan.foundation import clock
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries.schemes import SchemeChanged, scheme_of
from qingyuan.governance.queries.score import ExplainedClause, LetterScore, score_letter
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.score import SchemeNotInForce
from qingyuan.organisation.actor import Actor

HELP = "得分:一份责任书此刻的得分,逐条给出规则、算式和来源"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--letter", required=True, help="乡镇名、单位名或文号,如 龙洞镇")
    parser.add_argument("--year", type=int, help="年度,不写为今年")
    parser.add_argument("--json", action="store_true")
    add_actor_argument(parser)


def run(args: argparse.Namespace) -> int:
    reader, today = actor_from(args), clock.today()
    letter = _letter(args.letter, args.year or today.year, reader, today)
    try:
        score = score_letter(letter, _day(letter, today), reader)
    except (SchemeNotInForce, SchemeChanged) as error:
        raise Refused(str(error)) from error
    if args.json:
        as_json(as_data(score))
    else:
        out.print(as_tree(score))
    return 0


def _letter(text: str, year: int, reader: Actor, today: date) -> Letter:
    """Raises Refused: the same words for a letter that is not there and one that is not for this reader."""
    live = letters_visible(reader, today).live().of_year(year)
    for field in ("number", "division__name", "unit__name", "unit__short_name"):
        found = list(live.filter(**{field: text})[:2])
        if len(found) == 1:
            return found[0]
    raise Refused(f"没有“{text}”{year} 年的责任书,或不在您的范围内。")


def _day(letter: Letter, today: date) -> date:
    """Today; after the sheet's year its last day."""
    scheme = scheme_of(letter.scheme)
    return min(max(today, scheme.valid_from), scheme.valid_to - timedelta(days=1))


def as_data(score: LetterScore) -> dict[str, Any]:
    """What the page shows this reader, as plain data; numbers as text, exact."""
    return {
        "letter": score.letter.number,
        "title": score.letter.title,
        "on": score.on.isoformat(),
        "fact_version": score.fact_version,
        "own": score.own,
        "of": plain(score.of),
        "total": _number(score.total),
        "low": plain(score.low),
        "high": plain(score.high),
        "pending": _number(score.pending),
        "grades": list(score.grades),
        "groups": [
            {
                "title": group.title,
                "of": plain(group.of),
                "low": plain(group.low),
                "high": plain(group.high),
                "clauses": [_clause(clause) for clause in group.clauses],
            }
            for group in score.groups
        ],
        "vetoes": [_clause(clause) for clause in score.vetoes],
        "lines": list(score.lines),
    }


def _clause(clause: ExplainedClause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "title": clause.title,
        "of": plain(clause.of),
        "state": str(clause.state),
        "points": _number(clause.points),
        "word": clause.word,
        "low": plain(clause.low),
        "high": plain(clause.high),
        "rule": clause.rule,
        "arithmetic": clause.arithmetic,
        "facts": list(clause.lines),
        "sources": [
            {"source": drill.source, "code": drill.code, "part": str(drill.part), "rows": _number(drill.count)}
            for drill in clause.drills
        ],
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def as_tree(score: LetterScore) -> Tree:
    """Groups, clauses, and below each clause its numbers, arithmetic and rule."""
    grades = "—".join(score.grades[:: len(score.grades) - 1]) if len(score.grades) > 1 else "".join(score.grades)
    head = f"{score.letter.title} {score.letter.number}"
    root = Tree(_text(f"{head}\n{_total(score)} / {plain(score.of)}  {grades or '待定'}  算到 {score.on}"))
    if score.total is None:
        root.add(_text("有条款涉及人数少于 5,只给等级和区间"))
    for group in score.groups:
        branch = root.add(_text(f"{group.title}  {_span(group.low, group.high)} / {plain(group.of)}"))
        for clause in group.clauses:
            _add(branch, clause)
    if score.vetoes:
        branch = root.add(_text("否决事项"))
        for clause in score.vetoes:
            _add(branch, clause)
    for line in score.lines:
        root.add(_text(line))
    return root


def _add(branch: Tree, clause: ExplainedClause) -> None:
    points = "待定" if clause.points is None and not clause.hidden else clause.word or _number(clause.points)
    node = branch.add(_text(f"{clause.id} {clause.title}  {points} / {plain(clause.of)}"))
    for line in (*clause.lines, clause.arithmetic, clause.rule):
        if line:
            node.add(_text(line))


def _total(score: LetterScore) -> str:
    return _span(score.low, score.high) if score.total is None else plain(score.total, 2)


def _span(low: Decimal, high: Decimal) -> str:
    return plain(low, 2) if low == high else f"{plain(low, 2)}—{plain(high, 2)}"


def _text(words: str) -> str:
    """Square brackets are the reader's own, not markup."""
    return words.replace("[", r"\[")
