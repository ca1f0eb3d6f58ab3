"""The only writers of plans, their goals and the looks at them. What is written anew is looked at anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.rehabilitation import planning as reads
from qingyuan.rehabilitation.actions.case import OfMeasure
from qingyuan.rehabilitation.models import CarePlan, Client, PlanGoal, PlanLook
from qingyuan.rehabilitation.planning import APPROVAL
from qingyuan.rehabilitation.rules import plan as rules

GOALS_LEDGER: Final = "plan_goals"
LONGEST: Final = 300


class PlanRefused(ValueError):
    """Nothing was done; the message says why and what to do."""


@dataclass(frozen=True)
class _Plans(OfMeasure):
    """Plans remember who wrote them; a changed one is looked at again."""

    def prepare(self, drafts: Sequence[Draft], writing: Writing) -> None:
        super().prepare(drafts, writing)
        for draft in drafts:
            draft.extra["written_by_id"] = writing.by.account_id

    @transaction.atomic
    def change(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        anew = [row.pk for row, draft in changes if _rewritten(row, draft, rules.PLAN_WORDS)]
        super().change(changes=changes, writing=writing)
        _lapse(anew)

    @transaction.atomic
    def void(self, *, rows: Sequence[Any], writing: Writing) -> None:
        """Raises CannotVoid while goals stand under it. Asked behind the plans' locks: a goal that is being added is waited for."""
        _lock({row.pk for row in rows})
        if PlanGoal.objects.filter(plan__in=rows).exists():
            raise _writing.CannotVoid(_("这份计划下还有目标,请先作废目标。"))
        super().void(rows=rows, writing=writing)


@dataclass(frozen=True)
class _Goals(OfMeasure):
    """A goal belongs to the plan that counted on the day it was set, and stays there until that day is corrected."""

    def prepare(self, drafts: Sequence[Draft], writing: Writing) -> None:
        super().prepare(drafts, writing)
        ids = {draft.extra["measure_id"] for draft in drafts if "measure_id" in draft.extra}
        plans: dict[UUID, list[CarePlan]] = {}
        for plan in CarePlan.objects.filter(measure_id__in=ids).order_by("-made_on", "-pk"):
            plans.setdefault(plan.measure_id, []).append(plan)
        before = PlanGoal.objects.in_bulk([draft.target_id for draft in drafts if draft.target_id is not None])
        for draft in drafts:
            draft.extra["written_by_id"] = writing.by.account_id
            day, measure_id = draft.values.get("set_on"), draft.extra.get("measure_id")
            if day is None or measure_id is None:
                continue
            goal, there = before.get(draft.target_id), plans.get(measure_id, [])
            stays = goal.plan_id if goal is not None and (goal.set_on, goal.measure_id) == (day, measure_id) else None
            kept = next((one for one in there if one.pk == stays), None)
            plan = kept or next((one for one in there if one.made_on <= day), None)
            if plan is None:
                draft.refuse("set_on", _("这一天还没有个案计划:请先写计划,或核对日期。"))
            else:
                draft.extra["plan_id"] = plan.pk

    @transaction.atomic
    def record(self, *, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
        """Raises DuplicateRow when the plan was voided meanwhile: the draft is to be made again."""
        _stands({draft.extra["plan_id"] for draft in drafts}, _writing.DuplicateRow)
        rows = super().record(drafts=drafts, writing=writing)
        _lapse({row.plan_id for row in rows})
        return rows

    @transaction.atomic
    def change(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        """Both plans of a goal that moves are looked at anew. Raises RowChanged when the plan it moves to was voided meanwhile."""
        anew, moved = set(), set()
        for row, draft in changes:
            plan_id = draft.extra.get("plan_id", row.plan_id)
            if plan_id != row.plan_id:
                moved.add(plan_id)
            elif not _rewritten(row, draft, rules.GOAL_WORDS):
                draft.extra["written_by_id"] = row.written_by_id  # who only looked at it has not written it
                continue
            anew |= {row.plan_id, plan_id}
        _lock(anew)
        _stands(moved, _writing.RowChanged)
        super().change(changes=changes, writing=writing)
        _lapse(anew)

    @transaction.atomic
    def void(self, *, rows: Sequence[Any], writing: Writing) -> None:
        super().void(rows=rows, writing=writing)
        _lapse({row.plan_id for row in rows})


PLANS: Final = _Plans("care_plans", "made_on", ("made_on",))
GOALS: Final = _Goals(GOALS_LEDGER, "set_on", ("set_on", "looked_on"))
ENCOURAGEMENTS: Final = OfMeasure("encouragements", "given_on", ("given_on",))


@transaction.atomic
def look(*, plan: CarePlan, seen: str, agreed: bool, words: str, by: Actor) -> PlanLook:
    """The supervisor agrees to a plan as it was ``seen`` (``planning.token``), or sends it back with words. Raises PlanRefused."""
    held = CarePlan.objects.select_for_update(of=("self",)).select_related("client").filter(pk=plan.pk).first()
    if held is None or not reads.may_look(by, held.client, clock.today()):
        raise PlanRefused(_("个案计划由本单位的禁毒专干看。"))
    goals, before = reads.goals_of(held), reads.standing(held)
    newest = reads.latest(held.client_id)
    if newest is None or newest.pk != held.pk:
        raise PlanRefused(_("后来又写了新的计划,请看新的那一份。"))
    if by.account_id in reads.writers(held, goals):
        raise PlanRefused(_("自己写的计划由本单位另一名禁毒专干看。"))
    if seen != reads.token(held, goals):
        raise PlanRefused(_("计划刚改过,请重新看一遍再定。"))
    if before is not None and before.agreed:
        raise PlanRefused(_("这份计划已经同意过了;要改的,请社工改计划。"))
    if not agreed and not words.strip():
        raise PlanRefused(_("退回的,请写明要改什么。"))
    _lapse([held.pk])
    made = PlanLook.objects.create(
        plan=held,
        agreed=agreed,
        words=words.strip()[:LONGEST],
        looked_at=clock.now(),
        looked_by_id=by.account_id,
        looked_by_name=by.name[:40],
    )
    act = "approve" if agreed else "send_back"
    audit.record_write(by=by, act=f"{APPROVAL}.{act}", ledger=APPROVAL, row_id=made.pk, division_id=held.division_id)
    return made


@transaction.atomic
def note_outcomes(*, goals: Sequence[PlanGoal], outcomes: Mapping[UUID, str], held_on: date, by: Actor) -> None:
    """What was found of goals at a review on ``held_on``: each through its ledger, with its history. Raises PlanRefused for a goal of
    a unit that no longer looks after the person."""
    units = dict(Client.objects.filter(pk__in={goal.client_id for goal in goals}).values_list("pk", "unit_id"))
    if any(goal.unit_id != units.get(goal.client_id) for goal in goals if outcomes.get(goal.pk)):
        raise PlanRefused(_("原单位定的目标留在原单位;现在的单位请另写计划和目标。"))
    changes = []
    for number, goal in enumerate(goals, start=1):
        outcome = outcomes.get(goal.pk, "")
        if outcome:
            changes.append((goal, Draft(number=number, values={"outcome": outcome, "looked_on": held_on}, target_id=goal.pk)))
    if changes:
        GOALS.change(changes=changes, writing=Writing(by=by, on=clock.today()))


def _rewritten(row: Any, draft: Draft, names: tuple[str, ...]) -> bool:
    return rules.rewritten({name: getattr(row, name) for name in names}, draft.values, names)


def _lapse(plan_ids: Collection[UUID]) -> None:
    """No look stands any more at these plans. Behind their locks, so that nobody agrees to what is being written."""
    ids = list(plan_ids)
    if ids:
        _lock(ids)
        PlanLook.objects.filter(plan__in=ids, lapsed_at=None).update(lapsed_at=clock.now())


def _lock(plan_ids: Collection[UUID]) -> set[UUID]:
    """Those of the plans that still stand, held until the end of the transaction, in one order for all."""
    held = CarePlan.objects.select_for_update(of=("self",)).filter(pk__in=plan_ids).order_by("pk")
    return set(held.values_list("pk", flat=True))


def _stands(plan_ids: Collection[UUID], refusal: type[ValueError]) -> None:
    """Raises ``refusal`` when one of the plans stands no more: nothing is written under a voided plan."""
    if _lock(plan_ids) != set(plan_ids):
        raise refusal(_("目标所属的计划刚被作废,请刷新后再写。"))
