"""The tiles: what the score is now, what it was yesterday and why it moved, the grade and how far the next one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.models import ScoreSnapshot
from qingyuan.governance.queries.curve import CurvePoint, score_yesterday
from qingyuan.governance.queries.score import LetterScore
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.diff import compare
from qingyuan.governance.scoring.tree import ClauseState
from qingyuan.organisation.actor import Actor
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.letters.words import grades_text, points_text, span_text


@dataclass(frozen=True)
class ScoreTile:
    value: str
    of: str
    note: str
    also: str


@dataclass(frozen=True)
class GradeTile:
    value: str
    note: str
    also: str


def score_tile(score: LetterScore, reader: Actor) -> ScoreTile:
    return ScoreTile(
        value=span_text(score.low, score.high) if score.total is None else points_text(score.total),
        of=points_text(score.of),
        note=_since_yesterday(score, reader),
        also=_also(score),
    )


def _also(score: LetterScore) -> str:
    if score.total is None:
        return _("有条款涉及人数少于 5,只给区间")
    if score.pending:
        return _("另有 %(points)s 分数据未到,没有算作失分") % {"points": points_text(score.pending)}
    return ""


def _since_yesterday(score: LetterScore, reader: Actor) -> str:
    before = score_yesterday(score.letter, score.on, reader)
    if before is None:
        return _("昨天还没有得分")
    if score.total is None or before.points is None or score.tree is None:
        return _("昨天 %(points)s") % {"points": span_text(before.low, before.high)}
    return _own_change(score, before)


def _own_change(score: LetterScore, before: CurvePoint) -> str:
    """In the engine's words where yesterday's score can be told from the rows; else by the clauses that moved."""
    yesterday = score.on - timedelta(days=1)
    then = tree_of(score.letter, yesterday)
    if score.tree is not None and then.total == before.points:
        return phrased(compare(then, score.tree).sentence(_("昨天")))
    kept = ScoreSnapshot.objects.filter(letter=score.letter, day=yesterday).first()
    moved = _moved(score, kept.clauses) if kept is not None else []
    return " · ".join([_("昨天 %(points)s") % {"points": points_text(before.points or Decimal(0))}, *moved[:2]])


def _moved(score: LetterScore, kept: dict[str, str | None]) -> list[str]:
    """«定期检测到位 −0.5», the largest move first: what was entered today may be about earlier days."""
    moves = []
    for clause in score.clauses:
        old = kept.get(clause.id)
        change = (clause.points or Decimal(0)) - (Decimal(old.replace("−", "-")) if old else Decimal(0))
        if change:
            sign = "+" if change > 0 else "−"
            moves.append((abs(change), f"{said(clause.title)} {sign}{points_text(abs(change))}"))
    return [words for _size, words in sorted(moves, key=lambda move: -move[0])]


def grade_tile(score: LetterScore) -> GradeTile:
    note = phrased(score.grade_note)
    if not score.own:
        note = _("按已公开的得分推出的范围") if len(score.grades) > 1 else ""
    return GradeTile(grades_text(score.grades), note, _veto_words(score))


def _veto_words(score: LetterScore) -> str:
    fired = [
        said(clause.title) for clause in score.vetoes if clause.state is ClauseState.SCORED and _fired(score, clause.id)
    ]
    if fired:
        return _("一票否决:%(what)s") % {"what": "、".join(fired)}
    if any(clause.state is ClauseState.NOT_AVAILABLE for clause in score.vetoes):
        return _("否决事项尚未认定")
    return _("无否决事项")


def _fired(score: LetterScore, clause_id: str) -> bool:
    """A fired veto leaves a step that takes the points away, or, worth none itself, the only step it has."""
    clause = score.clause(clause_id)
    return bool(clause.steps) if not clause.of else any(step.points < 0 for step in clause.steps)
