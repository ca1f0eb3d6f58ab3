"""Reads of requests for figures: what one reader may see of each answer, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.foundation.enums import Zone
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, RoleGrant, Unit
from qingyuan.situation.enums import AnswerKind, AnswerState
from qingyuan.situation.models import FigureAnswer, FigureQuestion, FigureRequest
from qingyuan.situation.models.requests import FigureAnswerQuerySet
from qingyuan.situation.permissions import ANSWERING, answers_visible
from qingyuan.situation.queries.told import Told
from qingyuan.situation.rules.requests import ShownAnswers, show

_WAITING = frozenset({AnswerState.ASKED, AnswerState.SENT_BACK})


@dataclass(frozen=True)
class AnswerLine:
    """One answer as the reader sees it: of a unit (``answer``), or on file (``told``)."""

    key: str
    who: str
    text: str
    closed: bool
    answer: FigureAnswer | None = None
    told: Told | None = None


@dataclass(frozen=True)
class QuestionView:
    question: FigureQuestion
    lines: tuple[AnswerLine, ...]
    total: str

    @property
    def on_file(self) -> bool:
        return bool(self.question.on_file)

    @property
    def waiting(self) -> int:
        return sum(1 for line in self.lines if line.answer is not None and line.answer.state in _WAITING)


def questions_of(asked: FigureRequest, reader: Actor) -> list[QuestionView]:
    """Every question with its answers, small numbers closed for this reader."""
    answers: dict[Any, list[FigureAnswer]] = {}
    rows = FigureAnswer.objects.filter(question__request=asked).select_related("unit", "division")
    for answer in rows.order_by("division__code", "unit__code"):
        answers.setdefault(answer.question_id, []).append(answer)
    return [view_of(question, answers.get(question.pk, []), reader) for question in asked.questions.all()]


def view_of(question: FigureQuestion, answers: Sequence[FigureAnswer], reader: Actor) -> QuestionView:
    """An excused unit has no number; words are shown as they are."""
    told = {f"file-{number}": Told.from_dict(one) for number, one in enumerate(question.on_file)}
    numbers: dict[str, Decimal | None] = {key: one.number for key, one in told.items()}
    closed = {key: one.text for key, one in told.items() if one.closed}
    # A figure of an indicator is open or closed already as on its reader's page; one of a signed return is judged here.
    mine = {key for key, one in told.items() if one.indicator}
    for answer in answers:
        if answer.state == AnswerState.EXCUSED or question.kind == AnswerKind.WORDS:
            continue
        numbers[str(answer.pk)] = answer.number if answer.state == AnswerState.GIVEN else None
        if answer.unit_id == reader.unit_id:
            mine.add(str(answer.pk))
    shown: ShownAnswers[str] = show(numbers, people=question.people, own=mine, closed=closed)
    lines = [
        AnswerLine(key, one.division, shown.texts.get(key, "") or one.text, key in shown.closed, told=one)
        for key, one in told.items()
    ]
    for answer in answers:
        key = str(answer.pk)
        text = answer.words if question.kind == AnswerKind.WORDS and answer.state == AnswerState.GIVEN else shown.texts.get(key, "")
        lines.append(AnswerLine(key, answer.unit.label, text, key in shown.closed, answer=answer))
    return QuestionView(question, tuple(lines), shown.total)


def waiting_for(actor: Actor, on: date) -> FigureAnswerQuerySet:
    """What the actor's own unit is asked and may answer, the earliest due first."""
    return answers_visible(actor, on, action=Action.CHANGE).waiting().order_by("due_on", "question__position")


def askable(asked: FigureRequest, on: date) -> list[Unit]:
    """The units under the request's division where somebody may answer, those of the towns first. Clinics are not asked:
    what they know leaves them by no such way."""
    under = Division.objects.under(asked.division_id, on).values("pk")
    hands = RoleGrant.objects.on(on).filter(role__in=ANSWERING, account__is_active=True).values("account__unit_id")
    units = Unit.objects.filter(division__in=under, closed_on=None, pk__in=hands)
    found = list(units.exclude(pk=asked.unit_id).exclude(zone=Zone.HEALTH).select_related("division"))
    return sorted(found, key=lambda unit: (unit.division_id == asked.division_id, unit.division.code, unit.code))
