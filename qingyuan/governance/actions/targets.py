"""The only writers of targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.publishing import publish_target, withdraw_targets
from qingyuan.governance.enums import BidState, Measure, Over, PlanState
from qingyuan.governance.models import TargetBid, TargetMove, TargetPlan, TargetShare
from qingyuan.governance.permissions import may_publish_targets, may_set_targets, require
from qingyuan.governance.queries import targets as reads
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.target_methods import RATE_METHODS, Asked, rates, split, total_of
from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.governance.targets_rules import METHOD_WORDS, Method, refuse_coercive
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.queries import towns

LEDGER = "targets"


class PlanRefused(ValueError):
    """The plan cannot be proposed, moved or published as it is; the message says what to do."""


@dataclass(frozen=True)
class Proposal:
    """What to decompose and how. ``indicator`` may name a part. Amounts by division id.

    ``total`` None: last year's figure with ``growth`` (0.05 = 5 % more), so that nobody types it a second time.
    ``weights`` replaces the computed bases (e.g. negotiated ones).
    """

    indicator: str
    total: Decimal | None
    measure: Measure = Measure.VALUE
    method: Method = Method.EQUAL
    lot: Decimal = Decimal(1)
    growth: Decimal = Decimal(0)
    weights: Mapping[int, Decimal] | None = None
    floors: Mapping[int, Decimal] = field(default_factory=dict)
    caps: Mapping[int, Decimal] = field(default_factory=dict)
    source: str = ""
    due: str = ""

    @property
    def asked(self) -> Asked:
        return Asked(self.indicator, self.total, self.lot, self.growth, self.floors, self.caps, self.weights)


@transaction.atomic
def propose(*, city: Division, year: int, proposal: Proposal, by: Actor) -> TargetPlan:
    """A draft plan with a proposed share for every town of ``city``; a draft of the same indicator is replaced.

    Raises TargetRefused (coercive, with the printed reason), BadShares, PlanRefused, NotAllowed.
    """
    require(may_set_targets(by, city.pk, clock.today()))
    code, part = reads.split_code(proposal.indicator)
    known = known_indicator(code)
    refuse_coercive(known, part)
    clear_draft(city, year, proposal.indicator, Over.TOWNS)
    total = _total(city, year, proposal)
    shares = _rates(city, year, proposal) if proposal.measure is Measure.RATE else _amounts(city, year, proposal, known)
    plan = TargetPlan.objects.create(
        city=city,
        year=year,
        indicator=proposal.indicator,
        title=known.parts.get(part, known.label),
        unit=known.unit,
        measure=proposal.measure,
        total=total,
        method=proposal.method.value,
        parameters=_parameters(year, proposal, reads.baselines(city, proposal.indicator, year)),
    )
    for share in shares:
        share.plan = plan
    TargetShare.objects.bulk_create(shares)
    write_down(plan, "propose", by, None, snapshot_of(plan))
    publish_target(plan)
    return plan


@transaction.atomic
def adjust(
    *, share: TargetShare, agreed: Decimal, reason: str, by: Actor, seen: Decimal | None = None
) -> Decimal:
    """Move one share with the reason; returns the gap that the plan now has.

    ``seen``: the number its mover saw; where another stands by now, nothing is moved. Raises PlanRefused, NotAllowed.
    """
    plan = TargetPlan.objects.select_for_update().get(pk=share.plan_id)
    require(may_set_targets(by, plan.city_id, clock.today()))
    if plan.state == PlanState.PUBLISHED:
        raise PlanRefused(_("这项指标已经下达，不能再调；年中确需变动，请在本页按补充调整办理。"))
    snapshot = snapshot_of(plan)
    move_share(share=share, agreed=agreed, reason=reason, by=by, seen=seen)
    plan.state = PlanState.NEGOTIATING
    plan.save(update_fields=["state"])
    write_down(plan, "adjust", by, snapshot, snapshot_of(plan), reason)
    return reads.gap(plan)


def move_share(
    *,
    share: TargetShare,
    agreed: Decimal,
    reason: str,
    by: Actor,
    seen: Decimal | None = None,
    addendum: bool = False,
    document: str = "",
) -> None:
    """Move a share and keep the move. The caller has asked whether ``by`` may, and holds the plan's lock. Raises PlanRefused."""
    share.refresh_from_db()
    if seen is not None and share.agreed != seen:
        words = _("%(place)s的数刚被%(who)s改为 %(now)s,请看过再定。")
        now = reads.number_text(share.agreed)
        raise PlanRefused(words % {"place": share.place, "who": share.moved_by or _("别人"), "now": now})
    if not reason.strip():
        raise PlanRefused(_("调整要写明理由。"))
    if agreed < 0:
        raise PlanRefused(_("分解数不能小于 0。"))
    before = share.agreed
    share.agreed, share.reason, share.moved_by = agreed, reason.strip()[:200], by.name
    share.save(update_fields=["agreed", "reason", "moved_by"])
    TargetMove.objects.create(
        share=share,
        before=before,
        after=agreed,
        reason=share.reason,
        addendum=addendum,
        document=document.strip()[:60],
        by_id=by.account_id,
        by_name=by.name,
        at=clock.now(),
    )


@transaction.atomic
def publish(*, plan: TargetPlan, by: Actor, gap_owner: str = "", gap_reason: str = "") -> TargetPlan:
    """Publish a plan whose shares make up the total, or whose gap has a named owner and a reason.

    Raises PlanRefused, TargetRefused, NotAllowed.
    """
    plan = TargetPlan.objects.select_for_update().get(pk=plan.pk)
    require(may_publish_targets(by, plan.city_id, clock.today()))
    if plan.state == PlanState.PUBLISHED:
        raise PlanRefused(_("这项指标已经下达。"))
    code, part = reads.split_code(plan.indicator)
    refuse_coercive(known_indicator(code), part)
    waiting = TargetBid.objects.filter(share__plan=plan, state=BidState.OPEN).select_related("share__division", "share__unit")
    if waiting:
        names = "、".join(bid.share.place for bid in waiting)
        raise PlanRefused(_("%(towns)s提出的数还没有答复,请先答复再下达。") % {"towns": names})
    before = snapshot_of(plan)
    name_gap(plan, gap_owner, gap_reason)
    plan.state, plan.published_at, plan.published_by_name = PlanState.PUBLISHED, clock.now(), by.name
    plan.save()
    write_down(plan, "publish", by, before, snapshot_of(plan), plan.gap_reason)
    publish_target(plan)
    return plan


def name_gap(plan: TargetPlan, owner: str, reason: str) -> None:
    """The plan sums, or who carries what is missing is written on it (unsaved). Raises PlanRefused."""
    gap = reads.gap(plan)
    if gap and not (owner.strip() and reason.strip()):
        words = _("分解数与全市目标 %(total)s 差 %(gap)s,请补齐，或写明由谁承担缺口及理由。")
        raise PlanRefused(words % {"total": reads.number_text(plan.total), "gap": reads.number_text(gap)})
    plan.gap_owner, plan.gap_reason = (owner.strip()[:60], reason.strip()[:200]) if gap else ("", "")


def _total(city: Division, year: int, proposal: Proposal) -> Decimal:
    if proposal.total is None and proposal.measure is Measure.RATE:
        raise PlanRefused(_("比率要填全市目标。"))
    return total_of(city, year, proposal.asked)


def clear_draft(city: Division, year: int, indicator: str, over: Over) -> None:
    """A proposal nobody has negotiated yet gives way to a new one; anything later stands. Raises PlanRefused."""
    old = TargetPlan.objects.filter(city=city, year=year, indicator=indicator, over=over).first()
    if old is None:
        return
    if old.state != PlanState.DRAFT or TargetBid.objects.filter(share__plan=old).exists():
        raise PlanRefused(_("%(title)s %(year)s 年的指标已在协商或已下达。") % {"title": old.title, "year": year})
    withdraw_targets([old.pk])
    old.shares.all().delete()
    old.delete()


def _amounts(city: Division, year: int, proposal: Proposal, known: KnownInput) -> list[TargetShare]:
    today = clock.today()
    made, base = split(city, year, proposal.method, proposal.asked, known, today)
    by_code = {town.code: town for town in towns(city.pk, today)}
    return [
        TargetShare(
            division=by_code[share.town],
            base=base[by_code[share.town].pk],
            proposed=share.amount,
            agreed=share.amount,
            why=share.why[:120],
        )
        for share in made.shares
    ]


def _rates(city: Division, year: int, proposal: Proposal) -> list[TargetShare]:
    """Every town's rate, with last year's denominators kept as the weights they must average by."""
    today = clock.today()
    given, base = rates(city, year, proposal.method, proposal.asked, today)
    why = RATE_METHODS[proposal.method]
    return [
        TargetShare(division=town, base=base[town.pk], proposed=given[town.pk], agreed=given[town.pk], why=why)
        for town in towns(city.pk, today)
    ]


def _parameters(year: int, proposal: Proposal, baselines: Mapping[int, str]) -> dict[str, Any]:
    rate = proposal.measure is Measure.RATE
    return {
        "lot": str(proposal.lot),
        "growth": str(proposal.growth),
        "method_words": RATE_METHODS[proposal.method] if rate else METHOD_WORDS[proposal.method],
        "source": proposal.source,
        "due": proposal.due or f"{year}-12-31",
        "floors": {str(place): str(amount) for place, amount in proposal.floors.items()},
        "caps": {str(place): str(amount) for place, amount in proposal.caps.items()},
        "baselines": {str(place): text for place, text in baselines.items()},
    }


def snapshot_of(plan: TargetPlan) -> dict[str, Any]:
    shares = plan.shares.select_related("division", "unit")
    return {
        "indicator": plan.indicator,
        "total": str(plan.total),
        "state": str(plan.state),
        "gap_owner": plan.gap_owner,
        **{f"share:{share.code}": str(share.agreed) for share in shares},
    }


def write_down(
    plan: TargetPlan, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any], reason: str = ""
) -> None:
    audit.record_write(
        by=by,
        act=f"targets.{act}",
        ledger=LEDGER,
        rows=[audit.RowDelta(row_id=plan.pk, compartment=Compartment.INTERNAL, before=before, after=after)],
        division_id=plan.city_id,
        reason=reason.strip()[:200],
        summary=f"{plan.year} {plan.indicator}",
    )
