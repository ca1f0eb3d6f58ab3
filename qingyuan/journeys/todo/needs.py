"""What other units need of one's own, and what one's own was refused; for the office, numbers that towns proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.enums import BidState, NeedState
from qingyuan.governance.models import TargetBid, UnitNeed
from qingyuan.governance.permissions import bids_answered, may_ask_need, may_set_targets, needs_to_answer, needs_visible
from qingyuan.governance.queries.targets import number_text
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action


def jobs(actor: Actor, on: date) -> list[Job]:
    """Requests to answer or to deliver, the earliest first; then what was refused to one's own unit."""
    waiting = needs_to_answer(actor, on).select_related("unit", "task").order_by("due_on")
    return [_job(need, on) for need in waiting] + _refused(actor, on)


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(needs_to_answer(actor, on).filter(owed_on__lte=on))


def _job(need: UnitNeed, on: date) -> Job:
    note = _("为了“%(task)s”,%(day)s 要") % {"task": need.task.task[:40], "day": need.due_on.isoformat()}
    act = _("去答复") if need.state == NeedState.ASKED else _("填办到情况")
    left = until(need.owed_on, on) if need.owed_on else None
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


def overdue_elsewhere(actor: Actor, on: date) -> list[Job]:
    """For the office, which brings units together: what one unit owes another and has not answered or done by its day."""
    rows = needs_visible(actor, on).filter(owed_on__lt=on).exclude(to_unit_id=actor.unit_id or 0)
    return [
        Job(
            _("%(to)s没有配合%(unit)s:%(what)s") % {"to": need.to_unit.label, "unit": need.unit.label, "what": need.what[:40]},
            _("应于 %(day)s 前%(word)s;请协调")
            % {"day": need.owed_on.isoformat(), "word": _("答复") if need.state == NeedState.ASKED else _("办到")},
            until(need.owed_on, on),
            _("去协调"),
            page("need", need.pk),
            need.to_unit.label,
        )
        for need in rows.select_related("unit", "to_unit").order_by("owed_on", "pk")
    ]


def answered(actor: Actor, on: date) -> list[Job]:
    """What the office said to numbers one's own town or unit proposed, until somebody of it has taken note."""
    rows = bids_answered(actor, on).select_related("share__plan", "share__division", "share__unit").order_by("answered_at")
    return [
        Job(
            _("“%(title)s”提的数有了答复:%(state)s") % {"title": said(bid.share.plan.title), "state": bid.get_state_display()},
            _("提出 %(asked)s,现定 %(given)s · %(answer)s")
            % {"asked": number_text(bid.asked), "given": number_text(bid.given), "answer": bid.answer[:60]},
            None,
            _("去看"),
            page("target-plan", bid.share.plan_id),
            bid.share.place,
        )
        for bid in rows
    ]


def bids(actor: Actor, on: date) -> list[Job]:
    """One line for every target on which towns or units wait for an answer; then the answers to one's own."""
    return [*_asked(actor, on), *answered(actor, on)]


def _asked(actor: Actor, on: date) -> list[Job]:
    waiting: dict[object, list[TargetBid]] = {}
    for bid in TargetBid.objects.filter(state=BidState.OPEN).select_related("share__plan", "share__division", "share__unit").order_by("at"):
        waiting.setdefault(bid.share.plan_id, []).append(bid)
    found = []
    for plan_id, asked in waiting.items():
        plan = asked[0].share.plan
        if may_set_targets(actor, plan.city_id, on).allowed:
            title = _("有 %(count)s 处对“%(title)s”提了另外的数") % {"count": len(asked), "title": plan.title}
            names = "、".join(one.share.place for one in asked[:3])
            found.append(Job(title, names, None, _("去答复"), page("target-plan", plan_id), weight=len(asked)))
    return found
