"""Supervision orders of the office, through the actions people use, each step on its own day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from qingyuan.demo.loading import keeper
from qingyuan.demo.questions import shown_with
from qingyuan.demo.story import orders as story
from qingyuan.foundation import clock
from qingyuan.governance.actions import orders
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.actions.orders import Basis
from qingyuan.governance.models import Return, SupervisionOrder
from qingyuan.governance.queries import order_basis
from qingyuan.governance.queries.order_basis import Start
from qingyuan.organisation.models import Unit

PERIOD: Final = "2022-01..2022-10"
CONTACT: Final = "周文"


def give_orders() -> list[SupervisionOrder]:
    """Give the orders of the story in the order of their days: numbers follow one another, and so do their days."""
    given: dict[int, SupervisionOrder] = {}
    for number, told in enumerate(story.ORDERS):
        given[number] = _drafted(told)
    steps = [
        (step.on, place, number, step)
        for number, told in enumerate(story.ORDERS)
        for place, step in enumerate(told.steps)
    ]
    for on, place, number, step in sorted(steps, key=lambda one: (one[0], one[2], one[1])):
        filled = {**step.given, "evidence": _shown(story.ORDERS[number])} if step.step == "answer" else step.given
        given[number] = orders.take(
            order=given[number], step=step.step, by=keeper(step.who), given=filled, at=_at(on, 9 + place)
        )
    return list(given.values())


def _shown(told: story.Order) -> list[Evidence]:
    """The photographs that came with an answer, where any did."""
    return shown_with(told.unit, told.subject, first=told is story.ORDERS[0])


def _drafted(told: story.Order) -> SupervisionOrder:
    unit = Unit.objects.select_related("division").get(code=told.unit)
    start = _start(told, unit)
    values: dict[str, Any] = {"subject": told.subject, "asked": told.asked, "basis": told.basis, "contact": CONTACT}
    if start is not None:
        values |= {"subject": start.values["subject"], "basis": start.values["basis"]}
    made = orders.draft(
        values=values,
        unit_ids=[unit.pk],
        due_on=told.by,
        by=keeper("office"),
        basis=Basis(start.kind, start.cited) if start is not None else None,
        at=_at(told.drafted, 8),
    )
    return made[0]


def _start(told: story.Order, unit: Unit) -> Start | None:
    """What an order rests on, as a clerk takes it from the platform that day."""
    clerk = keeper("office")
    if told.origin == "figure":
        return order_basis.from_figure(
            clerk, told.drafted, indicator="R05", part="missing", division=unit.division.code, period=PERIOD
        )
    if told.origin == "return":
        filed = Return.objects.filter(unit=unit, period="2022-10").order_by("form")[0]
        return order_basis.from_return(clerk, clock.today(), filed.pk)
    return None


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 20, tzinfo=clock.ZONE)
