"""Instructions of leaders (批示) not answered yet, with the day they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.ledgers import queries, registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

LEDGER = "instructions"


def jobs(actor: Actor, on: date) -> list[Job]:
    """One's own unit answers in the ledger; who may only read it opens the row."""
    own = Q(unit_id=actor.unit_id or 0)
    changeable = queries.rows(registry.get(LEDGER), actor, on, action=Action.CHANGE).filter(own, answered_on=None)
    mine = set(changeable.values_list("pk", flat=True))
    return [_job(row, on, answers=row.pk in mine) for row in _rows(actor, on, own)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(_rows(actor, on, Q(unit_id=actor.unit_id or 0, due_on__lte=on)))


def others(actor: Actor, on: date) -> list[Job]:
    return [_job(row, on) for row in _rows(actor, on, ~Q(unit_id=actor.unit_id or 0))]


def _rows(actor: Actor, on: date, which: Q) -> Any:
    return queries.rows(registry.get(LEDGER), actor, on).filter(which, answered_on=None)


def _job(row: Any, on: date, *, answers: bool = False) -> Job:
    where = page("ledger-change", LEDGER, row.pk, query="at=answered_on") if answers else page("ledger-row", LEDGER, row.pk)
    return Job(
        _("批示待反馈 %(number)s") % {"number": row.document_number},
        _("应于 %(day)s 办结:%(asked)s") % {"day": row.due_on.isoformat(), "asked": row.content[:60]},
        until(row.due_on, on),
        _("填反馈") if answers else _("打开"),
        where,
        row.unit.label,
    )
