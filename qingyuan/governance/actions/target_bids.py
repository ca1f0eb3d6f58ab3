"""Negotiating a share: a town or unit proposes another number, the office answers, and what was agreed is changed by addendum later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.governance.actions.publishing import publish_target
from qingyuan.governance.actions.targets import PlanRefused, move_share, name_gap, snapshot_of, write_down
from qingyuan.governance.enums import ANSWERED, BidState, PlanState
from qingyuan.governance.models import TargetBid, TargetPlan, TargetShare
from qingyuan.governance.permissions import may_bid, may_publish_targets, may_set_targets, require
from qingyuan.governance.queries.targets import number_text
from qingyuan.organisation.actor import Actor


@dataclass(frozen=True)
class Answer:
    """What the office says to a number proposed. ``given`` None: the share stays as it is; else it becomes that number."""

    words: str
    given: Decimal | None = None


@transaction.atomic
def bid(*, share: TargetShare, asked: Decimal, reason: str, by: Actor, seen: Decimal | None = None) -> TargetBid:
    """A town or unit proposes another number for its own share. Raises PlanRefused, NotAllowed.

    ``seen``: the number it was looking at; where the office has moved it meanwhile, the town looks again first.
    """
    plan = TargetPlan.objects.select_for_update().get(pk=share.plan_id)
    require(may_bid(by, share, clock.today()))
    share.refresh_from_db()
    if plan.state == PlanState.PUBLISHED:
        raise PlanRefused(_("这项指标已经下达;确需变动,请书面报市禁毒办按补充调整办理。"))
    if not reason.strip():
        raise PlanRefused(_("请写明理由:人手、任务量、上年完成情况等。"))
    if asked < 0:
        raise PlanRefused(_("希望的数不能小于 0。"))
    if seen is not None and seen != share.agreed:
        raise PlanRefused(_("分给您的数刚改为 %(now)s,请看过再提。") % {"now": number_text(share.agreed)})
    if asked == share.agreed:
        raise PlanRefused(_("希望的数和现在分给您的数一样,不用提。"))
    if share.bids.filter(state=BidState.OPEN).exists():
        raise PlanRefused(_("上一次提的还没有答复;要改请先撤回。"))
    before = snapshot_of(plan)
    made = TargetBid.objects.create(
        share=share,
        standing=share.agreed,
        asked=asked,
        reason=reason.strip()[:200],
        by_name=by.name,
        at=clock.now(),
    )
    plan.state = PlanState.NEGOTIATING
    plan.save(update_fields=["state"])
    write_down(plan, "bid", by, before, snapshot_of(plan) | {f"asked:{share.code}": str(asked)}, reason)
    return made


@transaction.atomic
def answer(*, bid: TargetBid, reply: Answer, by: Actor) -> TargetBid:
    """The office accepts a number, settles on another, or keeps what stands; always in words. Raises PlanRefused, NotAllowed."""
    plan = TargetPlan.objects.select_for_update().get(pk=bid.share.plan_id)
    bid = TargetBid.objects.select_for_update(of=("self",)).select_related("share__division", "share__unit").get(pk=bid.pk)
    require(may_set_targets(by, plan.city_id, clock.today()))
    if bid.state != BidState.OPEN:
        who = bid.answered_by_name or bid.by_name
        raise PlanRefused(_("这条意见已由%(who)s办过了:%(state)s。") % {"who": who, "state": BidState(bid.state).label})
    if not reply.words.strip():
        raise PlanRefused(_("请写明答复:为什么同意、另定或者不改。"))
    before = snapshot_of(plan)
    if reply.given is not None and reply.given != bid.share.agreed:
        move_share(share=bid.share, agreed=reply.given, reason=reply.words, by=by)
    standing = bid.share.agreed
    bid.state = (
        BidState.ACCEPTED if standing == bid.asked else BidState.DECLINED if standing == bid.standing else BidState.SETTLED
    )
    bid.given, bid.answer = standing, reply.words.strip()[:200]
    bid.answered_by_name, bid.answered_at = by.name, clock.now()
    bid.save()
    write_down(plan, "answer", by, before, snapshot_of(plan) | {f"answer:{bid.share.code}": bid.state}, reply.words)
    return bid


@transaction.atomic
def withdraw(*, bid: TargetBid, by: Actor) -> TargetBid:
    """The town takes its number back. Raises PlanRefused once it is answered, NotAllowed."""
    plan = TargetPlan.objects.select_for_update().get(pk=bid.share.plan_id)
    bid = TargetBid.objects.select_for_update(of=("self",)).select_related("share__division", "share__unit").get(pk=bid.pk)
    require(may_bid(by, bid.share, clock.today()))
    if bid.state != BidState.OPEN:
        raise PlanRefused(_("这条意见已经答复,不能撤回。"))
    before = snapshot_of(plan)
    bid.state, bid.answered_by_name, bid.answered_at = BidState.WITHDRAWN, by.name, clock.now()
    bid.save(update_fields=["state", "answered_by_name", "answered_at"])
    write_down(plan, "withdraw", by, before, snapshot_of(plan) | {f"answer:{bid.share.code}": bid.state})
    return bid


@transaction.atomic
def note(*, bid: TargetBid, by: Actor) -> TargetBid:
    """Its own people have read the answer: it leaves their to-dos. A second time changes nothing. Raises PlanRefused, NotAllowed."""
    bid = TargetBid.objects.select_for_update(of=("self",)).select_related("share__plan", "share__division").get(pk=bid.pk)
    require(may_bid(by, bid.share, clock.today()))
    if bid.state not in ANSWERED:
        raise PlanRefused(_("这条意见还没有答复。"))
    if bid.noted_at is None:
        bid.noted_at, bid.noted_by_name = clock.now(), by.name
        bid.save(update_fields=["noted_at", "noted_by_name"])
        write_down(bid.share.plan, "note", by, {"noted": ""}, {f"noted:{bid.share.code}": by.name})
    return bid


@dataclass(frozen=True)
class Addendum:
    """A change after publication: new numbers by share id with those seen before, one reason, its paper."""

    agreed: Mapping[int, Decimal]
    seen: Mapping[int, Decimal]
    reason: str
    document: str = ""
    gap_owner: str = ""
    gap_reason: str = ""


@transaction.atomic
def amend(*, plan: TargetPlan, addendum: Addendum, by: Actor) -> TargetPlan:
    """Change shares of a published plan, all or none: the sum is kept, or the gap gets an owner. Raises PlanRefused, NotAllowed."""
    plan = TargetPlan.objects.select_for_update().get(pk=plan.pk)
    require(may_publish_targets(by, plan.city_id, clock.today()))
    if plan.state != PlanState.PUBLISHED:
        raise PlanRefused(_("还没有下达,请直接调整。"))
    before = snapshot_of(plan)
    moved = 0
    for share in plan.shares.select_related("division", "unit").filter(pk__in=addendum.agreed):
        wanted = addendum.agreed[share.pk]
        if wanted == addendum.seen.get(share.pk, share.agreed) == share.agreed:
            continue
        move_share(
            share=share,
            agreed=wanted,
            reason=addendum.reason,
            by=by,
            seen=addendum.seen.get(share.pk),
            addendum=True,
            document=addendum.document,
        )
        moved += 1
    if not moved:
        raise PlanRefused(_("没有改动任何一个数。"))
    owner, why = addendum.gap_owner or plan.gap_owner, addendum.gap_reason or plan.gap_reason
    name_gap(plan, owner, why)
    plan.save(update_fields=["gap_owner", "gap_reason"])
    write_down(plan, "amend", by, before, snapshot_of(plan), addendum.reason)
    publish_target(plan)
    return plan
