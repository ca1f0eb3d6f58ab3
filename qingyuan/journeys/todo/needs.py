"""What other units need of one's own, and what one's own was refused; for the office, numbers that towns proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.foundation.clock import ZONE
from qingyuan.governance.enums import BidState, NeedState
from qingyuan.governance.models import TargetBid, UnitNeed
from qingyuan.governance.permissions import may_ask_need, may_set_targets, needs_to_answer
from qingyuan.governance.queries.needs import days_of
from qingyuan.governance.rules.duty_plans import ANSWER_DAYS
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action


def jobs(actor: Actor, on: date) -> list[Job]:
    """Requests to answer or to deliver, the earliest first; then what was refused to one's own unit."""
    waiting = needs_to_answer(actor, on).select_related("unit", "task").order_by("due_on")
    return [_job(need, on) for need in waiting] + _refused(actor, on)


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(needs_to_answer(actor, on).filter(_owed(on)))


def _owed(on: date) -> Q:
    """What ``NeedDays.owed_by`` says of rows: owed on ``on`` or before."""
    asked_before = datetime.combine(on - timedelta(days=ANSWER_DAYS - 1), time(), tzinfo=ZONE)
    asked = Q(state=NeedState.ASKED) & (Q(due_on__lte=on) | Q(asked_at__lt=asked_before))
    return asked | Q(state=NeedState.PROMISED, promised_on__lte=on)


def _job(need: UnitNeed, on: date) -> Job:
    owed = days_of(need).owed_by
    note = _("为了“%(task)s”,%(day)s 要") % {"task": need.task.task[:40], "day": need.due_on.isoformat()}
    act = _("去答复") if need.state == NeedState.ASKED else _("填办到情况")
    left = until(owed, on) if owed else None
    title = _("%(unit)s需要配合:%(what)s") % {"unit": need.unit.label, "what": need.what[:40]}
    return Job(title, note, left, act, page("need", need.pk), need.unit.label)


def _refused(actor: Actor, on: date) -> list[Job]:
    unit_id = actor.unit_id or 0
    if not may_ask_need(actor, unit_id, on, Action.CHANGE).allowed:
        return []
    rows = UnitNeed.objects.filter(unit_id=unit_id, state=NeedState.REFUSED, task__done_on=None, task__voided_at=None)
    return [
        Job(
            _("%(unit)s没有答应:%(what)s") % {"unit": need.to_unit.label, "what": need.what[:40]},
            _("另想办法,或者请市禁毒办协调;不再需要的请撤回"),
            None,
            _("查看"),
            page("need", need.pk),
            need.to_unit.label,
        )
        for need in rows.select_related("to_unit").order_by("due_on")
    ]


def bids(actor: Actor, on: date) -> list[Job]:
    """One line for every target on which towns wait for an answer."""
    waiting: dict[object, list[TargetBid]] = {}
    for bid in TargetBid.objects.filter(state=BidState.OPEN).select_related("share__plan", "share__division").order_by("at"):
        waiting.setdefault(bid.share.plan_id, []).append(bid)
    found = []
    for plan_id, asked in waiting.items():
        plan = asked[0].share.plan
        if may_set_targets(actor, plan.city_id, on).allowed:
            title = _("%(count)s 个乡镇对“%(title)s”提了另外的数") % {"count": len(asked), "title": plan.title}
            names = "、".join(one.share.division.name for one in asked[:3])
            found.append(Job(title, names, None, _("去答复"), page("target-plan", plan_id), weight=len(asked)))
    return found
