"""Reads of questions about patterns: who sees which, what waits for whom, the rows one rests on as one reader may open them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from qingyuan.casework.actions.procedures import past_of, pasts_of
from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.procedures.declaration import FieldKind, Procedure, Step
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import Past, next_steps
from qingyuan.casework.queries import dues
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import (
    AssessmentEvidence,
    OrderFile,
    PatternFile,
    PatternLook,
    PatternQuestion,
    PatternRow,
)
from qingyuan.governance.models.pattern import PatternQuestionQuerySet
from qingyuan.governance.permissions import (
    assessments_visible,
    orders_visible,
    question_conditions,
    question_standing,
    questions_visible,
)
from qingyuan.governance.rules.questions import ABOUT_PERSONS, ASKING, DUES, FILES, PROCEDURE, about_persons
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Rows
from qingyuan.organisation.models import DivisionPath, RoleGrant, Unit
from qingyuan.organisation.scope import roles_with

MOST_ROWS: Final = 60


@dataclass(frozen=True)
class Walked:
    """One step of a question: ``said`` are (label, text) of what was filled in."""

    step: Step
    row: ProcedureStep
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """A row as one reader may open it. ``ledger`` and ``key`` None where he may not; ``kind``: of a file or figure, what it is.

    ``matter``: the order, assessment or question the file was laid down for, where the reader sees it.
    """

    row: str
    day: date | None
    at: datetime | None
    kind: str
    key: str = ""
    ledger: str = ""
    matter: Any = None
    title: str = ""


def procedure() -> Procedure:
    return get_procedure(PROCEDURE)


def questions(actor: Actor, on: date) -> PatternQuestionQuerySet:
    found: PatternQuestionQuerySet = questions_visible(actor, on)
    return found.select_related("unit__division", "issuer__division", "look")


def find(actor: Actor, on: date, question_id: UUID) -> PatternQuestion | None:
    return questions(actor, on).filter(pk=question_id).first()


def last_look() -> PatternLook | None:
    return PatternLook.objects.order_by("-at").first()


def offices(units: Iterable[Unit], on: date) -> dict[int, Unit]:
    """By unit the office that asks it: the nearest above it in which somebody decides such questions."""
    roles = roles_with(Action.APPROVE, ASKING, compartment=Compartment.INTERNAL, rows=Rows.UNIT)
    hands = RoleGrant.objects.on(on).filter(role__in=roles, account__is_active=True).values("account__unit_id")
    found = list(Unit.objects.filter(pk__in=hands, closed_on=None).select_related("division").order_by("code"))
    above: dict[int, dict[int, int]] = defaultdict(dict)
    listed = list(units)
    paths = DivisionPath.objects.on(on).filter(descendant__in={one.division_id for one in listed})
    for path in paths:
        above[path.descendant_id][path.ancestor_id] = path.depth
    chosen = {}
    for unit in listed:
        near = above[unit.division_id]
        over = [one for one in found if one.division_id in near and one.pk != unit.pk]
        if over:
            chosen[unit.pk] = min(over, key=lambda one: (near[one.division_id], one.code))
    return chosen


def twins(actor: Actor, question: PatternQuestion, on: date) -> list[PatternQuestion]:
    """For the office that decides: the questions to other units about the same files."""
    if not question.group or actor.unit_id != question.issuer_id:
        return []
    same = questions(actor, on).filter(look=question.look_id, pattern=question.pattern, group=question.group)
    return list(same.exclude(pk=question.pk).order_by("unit__code"))


def steps_open_to(actor: Actor, question: PatternQuestion, on: date, past: tuple[Past, ...] | None = None) -> tuple[Step, ...]:
    return next_steps(
        procedure(),
        question.state,
        question_standing(actor, question, on),
        past=past_of(PROCEDURE, question.pk) if past is None else past,
        conditions=question_conditions(question, on),
    )


def walked(question: PatternQuestion) -> list[Walked]:
    """The steps a question took, the oldest first."""
    table = procedure()
    found = []
    for row in ProcedureStep.objects.filter(procedure=PROCEDURE, subject_id=question.pk).order_by("position"):
        step, given = table.step(row.step), json.loads(row.given or "{}")
        said = tuple((one.label, str(given[one.name])) for one in step.needs if one.kind is not FieldKind.FILES and given.get(one.name))
        found.append(Walked(step, row, said))
    return found


@dataclass(frozen=True)
class Turn:
    """A question that waits for somebody: the step to take."""

    question: PatternQuestion
    step: Step


def turns(actor: Actor, on: date) -> list[Turn]:
    """Questions on which ``actor`` has something to do now, the earliest due first."""
    unit = actor.unit_id or 0
    rows = questions(actor, on).under_way().filter(Q(unit_id=unit) | Q(issuer_id=unit)).order_by("due_on", "found_at")
    listed = list(rows)
    pasts = pasts_of(PROCEDURE, [one.pk for one in listed])
    found = []
    for one in listed:
        open_steps = steps_open_to(actor, one, on, pasts.get(one.pk, ()))
        step = next((step for step in open_steps if step.main), None)
        if step is None and one.is_past_due(on):
            step = next((step for step in open_steps if step.code == "look_unanswered"), None)
        if step is not None:
            found.append(Turn(one, step))
    return found


# --- the rows it rests on ------------------------------------------------------------------------------------------------------
def closed_to(actor: Actor, question: PatternQuestion) -> bool:
    """Whether numbers that turn on few persons are closed to this reader: outside the unit, of rows about persons."""
    if actor.unit_id == question.unit_id:
        return False
    ledgers = frozenset(row.partition("/")[0] for row in question.rows.values_list("row", flat=True))
    return about_persons(question.subject, ledgers)


def rows_of(actor: Actor, question: PatternQuestion, on: date) -> list[Shown]:
    """The rows, the first ``MOST_ROWS`` of them. Of rows about persons whoever is outside the unit is shown none."""
    closed = actor.unit_id != question.unit_id
    rows = [one for one in question.rows.all() if not (closed and one.row.partition("/")[0] in ABOUT_PERSONS)]
    rows = rows[:MOST_ROWS]
    if question.subject == FILES:
        return [_file(actor, on, one) for one in rows]
    by_kind: dict[str, list[PatternRow]] = defaultdict(list)
    for one in rows:
        by_kind[one.row.partition("/")[0]].append(one)
    opened = {kind: _openable(actor, on, kind, of) for kind, of in by_kind.items()}
    found = []
    for one in rows:
        kind, _slash, key = one.row.partition("/")
        may_open = key in opened[kind]
        found.append(Shown(one.row, one.day, one.at, kind, key if may_open else "", kind if may_open else ""))
    return found


def _openable(actor: Actor, on: date, kind: str, rows: list[PatternRow]) -> frozenset[str]:
    """Numbers of the rows that this reader may open, by the ledger's own scope. A figure's month opens on its own page."""
    known = {ledger.code: ledger for ledger in registry.all_ledgers()}
    if kind != DUES and kind not in known:
        return frozenset(one.row.partition("/")[2] for one in rows)
    ids = [UUID(one.row.partition("/")[2]) for one in rows]
    if kind == DUES:
        found: Any = dues(actor, on)
    else:
        found = ledger_queries.rows(known[kind], actor, on)
    return frozenset(str(pk) for pk in found.filter(pk__in=ids).values_list("pk", flat=True))


def _file(actor: Actor, on: date, one: PatternRow) -> Shown:
    """A file with what it was laid down for, where this reader sees that."""
    kind, _slash, key = one.row.partition("/")
    if kind == "order":
        kept = OrderFile.objects.defer("content").select_related("order").get(pk=key)
        seen = orders_visible(actor, on).filter(pk=kept.order_id).exists()
        return Shown(one.row, one.day, one.at, kind, key, kind if seen else "", kept.order if seen else None, kept.order.subject if seen else "")
    if kind == "assessment":
        proof = AssessmentEvidence.objects.defer("content").select_related("assessment").get(pk=key)
        seen = assessments_visible(actor, on).filter(pk=proof.assessment_id).exists()
        return Shown(one.row, one.day, one.at, kind, key, kind if seen else "", proof.assessment if seen else None, proof.clause if seen else "")
    answer = PatternFile.objects.defer("content").get(pk=key)
    seen = questions_visible(actor, on).filter(pk=answer.question_id).exists()
    return Shown(one.row, one.day, one.at, kind, key, kind if seen else "", answer.question_id if seen else None, "")
