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

LEDGER = "instructions"


def jobs(actor: Actor, on: date) -> list[Job]:
    return [_job(row, on) for row in _rows(actor, on, Q(unit_id=actor.unit_id or 0))]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(_rows(actor, on, Q(unit_id=actor.unit_id or 0, due_on__lte=on)))


def others(actor: Actor, on: date) -> list[Job]:
    return [_job(row, on) for row in _rows(actor, on, ~Q(unit_id=actor.unit_id or 0))]


def _rows(actor: Actor, on: date, which: Q) -> Any:
    return queries.rows(registry.get(LEDGER), actor, on).filter(which, answered_on=None)


def _job(row: Any, on: date) -> Job:
    return Job(
        _("批示待反馈 %(number)s") % {"number": row.document_number},
        row.content[:60],
        until(row.due_on, on),
        _("打开"),
        page("ledger-row", LEDGER, row.pk),
        row.unit.label,
    )
