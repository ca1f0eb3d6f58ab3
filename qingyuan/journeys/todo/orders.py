"""Supervision orders that wait for this person, and those this person waits for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.procedures.declaration import Step
from qingyuan.foundation import clock
from qingyuan.foundation.time_left import TimeLeft
from qingyuan.foundation.words import said
from qingyuan.governance.models import SupervisionOrder
from qingyuan.governance.models.order import WITH_RECEIVER
from qingyuan.governance.queries import orders as reads
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor

SOON = 7
ACTS: Final = {
    "escalate": gettext_lazy("催办或提级"),
    "close": gettext_lazy("去核查"),
    "grant_extension": gettext_lazy("去批复"),
    "issue": gettext_lazy("去签发"),
}


def jobs(actor: Actor, on: date) -> list[Job]:
    """One line an order on which it is this person's turn: to sign, to receive, to answer, to check, to escalate."""
    found = reads.turns(actor, on)
    asked = reads.reminded([one.order.pk for one in found if one.order.unit_id == actor.unit_id])
    return [_job(one, on, asked.get(one.order.pk)) for one in found]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield len(reads.turns(actor, on, past_day=True))


def others(actor: Actor, on: date) -> list[Job]:
    """Orders given to others that are soon due or past their day, with whoever has them; for a unit's leader its own."""
    unit = actor.unit_id or 0
    mine = {one.order.pk for one in reads.turns(actor, on)}
    given = reads.given_by_unit(actor, on).filter(state__in=WITH_RECEIVER)
    own = reads.of_unit(actor, on).filter(state__in=WITH_RECEIVER)
    found = {order.pk: order for order in (*given, *own) if order.pk not in mine}
    return [
        _waiting(order, on, own=order.unit_id == unit) for order in found.values() if (order.due_on - on).days <= SOON
    ]


def _job(one: reads.Turn, on: date, asked: ProcedureStep | None) -> Job:
    order, step = one.order, one.step
    title = _("督办单%(state)s:%(subject)s") % {"state": _state(order), "subject": order.subject}
    if step.code == "escalate":
        title = _("%(unit)s未反馈督办单 %(number)s") % {"unit": order.unit.label, "number": order.number}
    note = _note(order, on)
    if asked is not None:
        note = _("%(note)s · %(day)s 催办过") % {"note": note, "day": clock.day_of(asked.at).isoformat()}
    return Job(
        title,
        note,
        _left(order, on),
        _act(step),
        page("order", order.pk, query="step=remind" if step.code == "escalate" else ""),
        order.unit.label,
    )


def _state(order: SupervisionOrder) -> str:
    return said(reads.procedure().state(order.state).label)


def _act(step: Step) -> str:
    """The button leads to where a step is taken; it does not say that it is taken already."""
    return str(ACTS.get(step.code, said(step.label)))


def _left(order: SupervisionOrder, on: date) -> TimeLeft | None:
    """The receiver's day while the receiver has it; what waits for the office itself has no day of its own."""
    return until(order.due_on, on) if order.state in WITH_RECEIVER else None


def _note(order: SupervisionOrder, on: date) -> str:
    if order.state in WITH_RECEIVER:
        words = _("%(number)s · 应于 %(day)s 反馈:%(basis)s")
        return words % {"number": order.number, "day": order.due_on.isoformat(), "basis": order.basis[:40]}
    return _("%(number)s · %(basis)s") % {"number": order.number or _("未编号"), "basis": order.basis[:60]}


def _waiting(order: SupervisionOrder, on: date, *, own: bool) -> Job:
    words = _("本单位的督办单 %(number)s %(subject)s") if own else _("督办单 %(number)s %(subject)s")
    title = words % {"number": order.number, "subject": order.subject}
    note = _("%(state)s · 应于 %(day)s 反馈") % {"state": _state(order), "day": order.due_on.isoformat()}
    return Job(title, note, until(order.due_on, on), _("查看"), page("order", order.pk), order.unit.label)
