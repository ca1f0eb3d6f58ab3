"""Reads of supervision orders: who sees which, what waits for whom, whom one can be given to, the road one has gone."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from qingyuan.casework.actions.procedures import past_of, pasts_of
from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.papers.permissions import papers_visible
from qingyuan.casework.procedures.declaration import FieldKind, Procedure, Step
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import Past, next_steps
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment, Zone
from qingyuan.governance.models import SupervisionOrder
from qingyuan.governance.models.order import WITH_RECEIVER, OrderQuerySet
from qingyuan.governance.permissions import conditions_of, may_give_orders, orders_visible, standing_of
from qingyuan.governance.rules.orders import ANSWERS, PROCEDURE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Rows
from qingyuan.organisation.models import Division, RoleGrant, Unit
from qingyuan.organisation.scope import roles_with


@dataclass(frozen=True)
class Walked:
    """One step of an order as its page tells it: ``said`` are (label, text) of what was filled in; ``files`` how many came."""

    step: Step
    row: ProcedureStep
    said: tuple[tuple[str, str], ...]
    files: int


def procedure() -> Procedure:
    return get_procedure(PROCEDURE)


def orders(actor: Actor, on: date) -> OrderQuerySet:
    """The orders ``actor`` may read, those of one's own office from their first draft."""
    found = orders_visible(actor, on)
    return found.select_related("unit__division", "issuer__division", "paper__issue")  # type: ignore[no-any-return]


def find(actor: Actor, on: date, order_id: UUID) -> SupervisionOrder | None:
    found: SupervisionOrder | None = orders(actor, on).filter(pk=order_id).first()
    return found


def steps_open_to(
    actor: Actor, order: SupervisionOrder, on: date, past: tuple[Past, ...] | None = None
) -> tuple[Step, ...]:
    """The steps this person may take now, in the order of the table; ``past``: those it took, where they are at hand."""
    return next_steps(
        procedure(),
        order.state,
        standing_of(actor, order, on),
        past=past_of(PROCEDURE, order.pk) if past is None else past,
        conditions=conditions_of(order, on),
    )


def walked(order: SupervisionOrder) -> list[Walked]:
    """The steps an order took, the oldest first."""
    table = procedure()
    rows = ProcedureStep.objects.filter(procedure=PROCEDURE, subject_id=order.pk).order_by("position")
    return [_walked(table.step(row.step), row) for row in rows]


def _walked(step: Step, row: ProcedureStep) -> Walked:
    given: dict[str, Any] = json.loads(row.given or "{}")
    said = tuple(
        (field.label, str(given[field.name]))
        for field in step.needs
        if field.kind is not FieldKind.FILES and given.get(field.name)
    )
    files = next((int(given[one.name]) for one in step.needs if one.kind is FieldKind.FILES and given.get(one.name)), 0)
    return Walked(step, row, said, files)


def reminded(order_ids: Collection[UUID]) -> dict[UUID, ProcedureStep]:
    """The last reminder of each order that was reminded of."""
    if not order_ids:
        return {}
    rows = ProcedureStep.objects.filter(procedure=PROCEDURE, step="remind", subject_id__in=list(order_ids))
    return {row.subject_id: row for row in rows.order_by("position")}


def receivers(issuer: Unit, on: date) -> list[Unit]:
    """Units under the issuer's division where somebody may answer an order, the towns first. Clinics are in another network."""
    roles = roles_with(Action.CHANGE, ANSWERS, compartment=Compartment.INTERNAL, rows=Rows.UNIT)
    hands = RoleGrant.objects.on(on).filter(role__in=roles, account__is_active=True).values("account__unit_id")
    under = Division.objects.under(issuer.division_id, on).values("pk")
    units = Unit.objects.filter(division__in=under, closed_on=None, pk__in=hands).exclude(pk=issuer.pk)
    found = list(units.exclude(zone=Zone.HEALTH).select_related("division"))
    return sorted(found, key=lambda unit: (unit.division_id == issuer.division_id, unit.division.code, unit.code))


def of_unit(actor: Actor, on: date) -> OrderQuerySet:
    """Orders given to one's own unit that are under way."""
    return orders(actor, on).sent().under_way().filter(unit_id=actor.unit_id or 0)


def given_by_unit(actor: Actor, on: date) -> OrderQuerySet:
    """Orders that one's own unit gave or is about to give, under way."""
    return orders(actor, on).under_way().filter(issuer_id=actor.unit_id or 0)


def about(cited: dict[str, Any], actor: Actor, on: date) -> list[SupervisionOrder]:
    """Orders under way that rest on the same row, so that nobody is asked twice for one thing."""
    key = cited.get("row")
    if not key:
        return []
    return list(orders(actor, on).under_way().filter(Q(cited__row=key)).order_by("due_on"))


def asked_about(row_ids: Collection[UUID], actor: Actor, on: date) -> set[str]:
    """Those of ``row_ids`` on which an order under way rests, as texts."""
    wanted = [str(pk) for pk in row_ids]
    if not wanted:
        return set()
    found = orders(actor, on).under_way().filter(cited__row__in=wanted)
    return {str((order.cited or {}).get("row")) for order in found}


@dataclass(frozen=True)
class Turn:
    """An order that waits for somebody: the step to take."""

    order: SupervisionOrder
    step: Step


def turns(actor: Actor, on: date, *, past_day: bool = False) -> list[Turn]:
    """The orders on which ``actor`` has something to do now, the earliest due first; ``past_day``: only those that a receiver
    has and whose day is today or over.

    A draft is its drafter's. Of an order past its day the office reminds or escalates, one of them a day; before that it waits.
    """
    unit = actor.unit_id or 0
    rows = orders(actor, on).under_way().filter(Q(unit_id=unit) | Q(issuer_id=unit)).order_by("due_on", "recorded_at")
    if past_day:
        rows = rows.filter(due_on__lte=on, state__in=WITH_RECEIVER)
    listed = list(rows)
    # Two queries, however many orders there are: every page asks, for the count in the navigation.
    pasts = pasts_of(PROCEDURE, [order.pk for order in listed if _separates(order.state)])
    asked = reminded([order.pk for order in listed if order.issuer_id == unit and order.is_past_due(on)])
    asked_today = {pk for pk, row in asked.items() if clock.day_of(row.at) == on}
    found = []
    for order in listed:
        step = _turn(actor, order, on, pasts.get(order.pk, ()))
        if step is not None and not (step.code == "escalate" and order.pk in asked_today):
            found.append(Turn(order, step))
    return found


def _separates(state: str) -> bool:
    """Whether a step of this state looks at who took an earlier one."""
    return any(step.other_person or step.other_unit for step in procedure().steps_from(state))


def _turn(actor: Actor, order: SupervisionOrder, on: date, past: tuple[Past, ...]) -> Step | None:
    if order.state == "draft" and order.drafted_by_id != actor.account_id:
        return None
    open_steps = steps_open_to(actor, order, on, past)
    main = next((step for step in open_steps if step.main), None)
    # The receiver may answer while an extension is looked at; that is no reason to call for it.
    if main is not None and not (order.state == "extension" and main.code == "answer"):
        return main
    if order.is_past_due(on):
        return next((step for step in open_steps if step.code == "escalate"), None)
    return None


def may_give(actor: Actor, on: date) -> bool:
    """Whether ``actor`` drafts orders for his unit."""
    return may_give_orders(actor, on).allowed


def paper_readable(actor: Actor, order: SupervisionOrder, on: date) -> bool:
    """Whether the notice of an order opens for this reader."""
    return order.paper_id is not None and papers_visible(actor, on).filter(pk=order.paper_id).exists()
