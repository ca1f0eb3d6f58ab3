"""The only writers of retention plans: proposed by one person, approved by another, moved on batch by batch, dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import PlanState
from qingyuan.casework.models import RetentionPlan
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

SUBJECT = "retention"


class RetentionRefused(ValueError):
    """Nothing was done; the message says why and what to do."""


def allowed(by: Actor, action: Action) -> bool:
    """Whether the table lets ``by`` look at plans (READ), propose and carry out (CREATE), or approve (APPROVE)."""
    return may(by, action, compartment=Compartment.INTERNAL, ledger=SUBJECT, on=clock.today()).allowed


@transaction.atomic
def propose(*, content: dict[str, Any], digest: str, planned_for: date, by: Actor) -> RetentionPlan:
    """Keep a plan as it was signed; it waits for a second person. Raises RetentionRefused."""
    if not allowed(by, Action.CREATE):
        raise RetentionRefused(_("到期处理方案由安全管理员提出。"))
    if planned_for > clock.today():
        raise RetentionRefused(_("截至日期在今天之后的只能预览,不能办理。"))
    if not content["lines"]:
        raise RetentionRefused(_("没有到期要办的事项,不用提出方案。"))
    if RetentionPlan.objects.filter(digest=digest).exists():
        raise RetentionRefused(_("同样的方案已经提出过,请打开那一份。"))
    made = RetentionPlan.objects.create(
        content=content, digest=digest, planned_for=planned_for, lines=len(content["lines"]),
        made_at=clock.now(), made_by_id=by.account_id, made_by_name=by.name,
    )  # fmt: skip
    _record(made, "propose", by)
    return made


@transaction.atomic
def approve(*, plan: RetentionPlan, by: Actor) -> RetentionPlan:
    """The second person. Raises RetentionRefused."""
    held = RetentionPlan.objects.select_for_update().get(pk=plan.pk)
    if held.state != PlanState.PROPOSED:
        raise RetentionRefused(_("这一份已经批准过、办完或者作废。"))
    if not allowed(by, Action.APPROVE):
        raise RetentionRefused(_("方案由市禁毒委领导批准。"))
    if held.made_by_id == by.account_id:
        raise RetentionRefused(_("提出的人不能自己批准,请另一位批准。"))
    held.state, held.approved_at = PlanState.APPROVED, clock.now()
    held.approved_by_id, held.approved_by_name = by.account_id, by.name
    held.save()
    _record(held, "approve", by)
    return held


@transaction.atomic
def drop(*, plan: RetentionPlan, by: Actor) -> RetentionPlan:
    """Give up what is left of a plan; what was carried out stays so. Raises RetentionRefused."""
    held = RetentionPlan.objects.select_for_update().get(pk=plan.pk)
    if held.state not in (PlanState.PROPOSED, PlanState.APPROVED) or not (allowed(by, Action.CREATE) or allowed(by, Action.APPROVE)):
        raise RetentionRefused(_("没有办完的方案,由提出或者批准的人作废。"))
    held.state = PlanState.DROPPED
    held.save()
    _record(held, "drop", by)
    return held


def locked(plan: RetentionPlan, by: Actor) -> RetentionPlan:
    """The plan, locked, if ``by`` may carry it out now; inside a transaction. Raises RetentionRefused."""
    held = RetentionPlan.objects.select_for_update().get(pk=plan.pk)
    if held.state != PlanState.APPROVED:
        raise RetentionRefused(_("方案要由第二个人批准以后才能办理;已经办完或者作废的不再办。"))
    if not allowed(by, Action.CREATE):
        raise RetentionRefused(_("到期处理由安全管理员办理。"))
    return held


@transaction.atomic
def advance(*, plan: RetentionPlan, lines: int, by: Actor) -> RetentionPlan:
    """So many more lines were carried out, in the same transaction. Raises RetentionRefused."""
    held = locked(plan, by)
    held.done += lines
    held.carried_by_name = by.name
    if held.done == held.lines:
        held.state, held.finished_at = PlanState.DONE, clock.now()
    held.save()
    _record(held, "carry_out", by)
    return held


def _record(plan: RetentionPlan, act: str, by: Actor) -> None:
    audit.record_write(
        by=by, act=f"retention.{act}", ledger=SUBJECT, row_id=plan.pk, division_id=by.division_id, summary=f"{plan.done}/{plan.lines}"
    )
