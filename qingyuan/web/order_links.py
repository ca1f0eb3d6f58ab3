"""Where a draft can be begun: the button «督办» beside a late return, an instruction, a task, a figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.models import HandOver
from qingyuan.foundation import clock
from qingyuan.governance.models import Return
from qingyuan.governance.queries import orders as reads
from qingyuan.governance.queries.order_basis import INSTRUCTIONS, TASKS
from qingyuan.organisation.actor import Actor
from qingyuan.web.row_acts import RowAct


def href_of_return(actor: Actor, filed: Return, on: date) -> str:
    """The address of a draft about a return that is late; "" for who gives no orders, or where nothing is late."""
    if filed.due_on >= on or filed.first_submitted_on is not None or filed.unit_id == actor.unit_id:
        return ""
    return _address("return", id=filed.pk) if reads.may_give(actor, on) else ""


def href_of_figure(actor: Actor, on: date, *, indicator: str, part: str, place: str, span: str) -> str:
    """The address of a draft that rests on a figure; "" for who gives no orders."""
    if not reads.may_give(actor, on):
        return ""
    return _address("figure", indicator=indicator, part=part, place=place, span=span)


def hrefs_of_handovers(actor: Actor, late: Sequence[HandOver], on: date) -> dict[UUID, str]:
    """By hand-over nobody answered in time: a draft about it, or the order there is; {} for who gives no orders."""
    if not late or not reads.may_give(actor, on):
        return {}
    rests = reads.given_by_unit(actor, on).filter(cited__row__in=[str(one.pk) for one in late])
    there = {str((order.cited or {}).get("row")): reverse("web:order", args=[order.pk]) for order in rests}
    return {one.pk: there.get(str(one.pk)) or _address("handover", id=one.pk) for one in late}


def acts_of_instruction(actor: Actor, row: Any) -> list[RowAct]:
    return _acts(actor, row, INSTRUCTIONS, row.answered_on)


def acts_of_task(actor: Actor, row: Any) -> list[RowAct]:
    return _acts(actor, row, TASKS, row.done_on)


def acts_of_order(actor: Actor, row: Any) -> list[RowAct]:
    """On the ledger's page of an order: where it is worked on."""
    return [RowAct(_("打开督办单"), reverse("web:order", args=[row.pk]))]


def _acts(actor: Actor, row: Any, ledger: str, done: date | None) -> list[RowAct]:
    """Another unit's row whose day is past; one that has an order already opens it."""
    today = clock.today()
    if done is not None or row.due_on >= today or row.unit_id == actor.unit_id or not reads.may_give(actor, today):
        return []
    there = reads.about({"row": str(row.pk)}, actor, today)
    if there:
        return [RowAct(_("看督办单"), reverse("web:order", args=[there[0].pk]))]
    return [RowAct(_("督办"), _address("row", ledger=ledger, id=row.pk))]


def _address(origin: str, **more: str | UUID) -> str:
    query = QueryDict(mutable=True)
    query.update({"from": origin, **{name: str(value) for name, value in more.items()}})
    return f"{reverse('web:order-new')}?{query.urlencode()}"
