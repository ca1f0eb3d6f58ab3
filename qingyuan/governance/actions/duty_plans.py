"""The only writers of member units' plans and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.governance.actions.publishing import withdraw_needs
from qingyuan.governance.models import UnitNeed, UnitPlan, UnitTask
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

PLANS, TASKS = "unit_plans", "unit_tasks"


class PlanHasTasks(_writing.CannotVoid):
    """A plan with live tasks cannot be voided; void the tasks first."""


def prepare_plans(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        _not_future(draft, ("adopted_on", "filed_on"), writing.on)


def prepare_tasks(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the plan of the writer's unit and the task's year; a task without its plan is not taken."""
    years = {draft.values.get("year") for draft in drafts if draft.values.get("year")}
    plans = {plan.year: plan for plan in UnitPlan.objects.filter(unit_id=writing.by.unit_id, year__in=years)}
    for draft in drafts:
        _not_future(draft, ("done_on",), writing.on)
        year = draft.values.get("year")
        if not year:
            continue
        plan = plans.get(year)
        if plan is None:
            draft.refuse("year", _("本单位还没有登记这一年的工作计划,请先登记计划。"))
            continue
        draft.extra["plan_id"] = plan.pk
        draft.division_id, draft.unit_id = plan.division_id, plan.unit_id


def record_plans(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(PLANS), drafts, writing)


def change_plans(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(PLANS), changes, writing)


@transaction.atomic
def void_plans(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises PlanHasTasks while live tasks rest on a plan."""
    for row in rows:
        if row.tasks.exists():
            raise PlanHasTasks(_("%(year)s 年计划下还有任务,请先作废任务。") % {"year": row.year})
    _writing.void(registry.get(PLANS), rows, writing)


def record_tasks(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(TASKS), drafts, writing)


def change_tasks(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(TASKS), changes, writing)


@transaction.atomic
def void_tasks(*, rows: Sequence[Any], writing: Writing) -> None:
    """What a task needed of other units falls with it: an unanswered request of a task there is not may cost nobody points."""
    ids = [row.pk for row in rows]
    list(UnitTask.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))  # as ``needs.ask`` does
    held = UnitNeed.objects.select_for_update(of=("self",)).filter(task__in=ids).order_by("pk")
    withdraw_needs([need.pk for need in held])
    _writing.void(registry.get(TASKS), rows, writing)


def _not_future(draft: Draft, names: tuple[str, ...], on: date) -> None:
    for name in names:
        value = draft.values.get(name)
        if isinstance(value, date) and value > on:
            draft.refuse(name, _("日期在今天之后,请核对。"))
