"""Plans and shares as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_english, said
from qingyuan.governance.enums import BidState, Measure, Over, PlanState
from qingyuan.governance.models import TargetBid, TargetMove, TargetPlan, TargetShare
from qingyuan.governance.permissions import may_bid
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.targets import (
    OldLetter,
    base_of,
    gap,
    number_text,
    old_letters,
    small_towns,
    split_code,
)
from qingyuan.governance.targets_rules import BadShares, Method
from qingyuan.indicators.definition import DENOMINATOR
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference import periods
from qingyuan.web.targets.access import own_shares, sees_whole

TONES = {PlanState.DRAFT: "calm", PlanState.NEGOTIATING: "soon", PlanState.PUBLISHED: "good"}
FEW = "<5"


@dataclass(frozen=True)
class PlanLine:
    """One plan of the year. ``mine``: the reader's own share where it sees no more."""

    plan: TargetPlan
    state: str
    tone: str
    total: str
    method: str
    gap: str
    mine: str
    waiting: int


@dataclass(frozen=True)
class ShareLine:
    share: TargetShare
    place: str
    base: str
    proposed: str
    agreed: str
    moved: bool
    small: bool
    moves: tuple[TargetMove, ...]
    why: str
    base_href: str
    bids: tuple[TargetBid, ...]
    waiting: TargetBid | None
    last: str
    may_bid: bool
    may_note: bool


@dataclass(frozen=True)
class PlanPage:
    plan: TargetPlan
    units: bool
    bearer: str
    state: str
    tone: str
    total: str
    method: str
    whole: bool
    lines: tuple[ShareLine, ...]
    sum: str
    gap: str
    short: bool
    base_title: str
    waiting: int
    old_letters: tuple[OldLetter, ...]


def lines_of(plans: Sequence[TargetPlan], reader: Actor, on: date) -> list[PlanLine]:
    return [_line(plan, reader, on) for plan in plans]


def _line(plan: TargetPlan, reader: Actor, on: date) -> PlanLine:
    whole = sees_whole(reader, plan.city_id, on)
    own = None if whole else plan.shares.filter(own_shares(reader, on)).first()
    return PlanLine(
        plan=plan,
        state=str(PlanState(plan.state).label),
        tone=TONES[PlanState(plan.state)],
        total=with_unit(plan, plan.total),
        method=said(plan.parameters.get("method_words", "")),
        gap=gap_words(plan) if whole else "",
        mine=with_unit(plan, own.agreed) if own else "",
        waiting=TargetBid.objects.filter(share__plan=plan, state=BidState.OPEN).count() if whole else 0,
    )


def page_of_plan(plan: TargetPlan, reader: Actor, on: date) -> PlanPage:
    whole = sees_whole(reader, plan.city_id, on)
    rows = plan.shares.select_related("division", "unit").prefetch_related("moves", "bids")
    shares = list(rows if whole else rows.filter(own_shares(reader, on)))
    bases = _bases(plan, shares, reader, on)
    small = set(small_towns(plan)) if whole else set()
    lines = tuple(_share(plan, share, bases[share.pk], share.division.name in small, reader, on) for share in shares)
    agreed = sum((share.agreed for share in shares), Decimal(0))
    units = plan.over == Over.UNITS
    return PlanPage(
        plan=plan,
        units=units,
        bearer=_("成员单位") if units else _("乡镇(街道)"),
        state=str(PlanState(plan.state).label),
        tone=TONES[PlanState(plan.state)],
        total=with_unit(plan, plan.total),
        method=said(plan.parameters.get("method_words", "")),
        whole=whole,
        lines=lines,
        sum=number_text(agreed) if plan.measure == Measure.VALUE else "",
        gap=gap_words(plan) if whole else "",
        short=whole and gap_words(plan) != _("无"),
        base_title=_base_title(plan),
        waiting=sum(line.waiting is not None for line in lines),
        old_letters=tuple(old_letters(plan)) if whole else (),
    )


def _share(plan: TargetPlan, share: TargetShare, base: str, small: bool, reader: Actor, on: date) -> ShareLine:
    moves, bids = tuple(share.moves.all()), tuple(share.bids.all())
    may = may_bid(reader, share, on).allowed
    return ShareLine(
        share=share,
        place=share.place,
        base=base,
        proposed=number_text(share.proposed),
        agreed=number_text(share.agreed),
        moved=share.agreed != share.proposed,
        small=small,
        moves=moves,
        why=", ".join(map(_reason, share.why.split(","))) if in_english() else share.why,
        base_href=_base_href(plan, share),
        bids=bids,
        waiting=next((bid for bid in bids if bid.state == BidState.OPEN), None),
        last=str(plan.parameters.get("baselines", {}).get(share.bearer, "")),
        may_bid=may and plan.published_at is None,
        may_note=may,
    )


def _base_href(plan: TargetPlan, share: TargetShare) -> str:
    """The rows behind the figure a share follows: of the town, of the year before."""
    found = (split_code(plan.indicator)[0], DENOMINATOR) if plan.measure == Measure.RATE else base_of(Method(plan.method), plan.indicator)
    if found is None or plan.over == Over.UNITS:
        return ""
    code, part = found
    query = urlencode({"division": share.division.code, "period": str(periods.year(plan.year - 1)), "part": part})
    return f"{reverse('web:indicator-rows', args=[code])}?{query}"


def _reason(piece: str) -> str:
    """One step of how a share came about, kept in Chinese: a word of data and its number."""
    word, _space, amount = piece.partition(" ")
    return f"{said(word)} {amount}".strip()


def _bases(plan: TargetPlan, shares: Sequence[TargetShare], reader: Actor, on: date) -> Mapping[int, str]:
    """The weights as shown: those that count people are closed when few, and so is what would tell them."""
    texts = {share.pk: number_text(share.base) if share.base is not None else "" for share in shares}
    if not _counts_people(plan):
        return texts
    counts = {share.pk: int(share.base or 0) for share in shares}
    own = {share.pk for share in shares if in_own_scope(reader, share.division_id, on)}
    shown = suppress(counts, sum(counts.values()), own=own).cells
    return {
        pk: text if shown[pk] is Shown.EXACT else FEW if shown[pk] is Shown.FEW else "—" for pk, text in texts.items()
    }


def _counts_people(plan: TargetPlan) -> bool:
    if plan.over == Over.UNITS:
        return False
    if plan.measure == Measure.RATE or plan.method == Method.CASELOAD:
        return True
    return plan.method == Method.LAST_YEAR and known_indicator(split_code(plan.indicator)[0]).people


def _base_title(plan: TargetPlan) -> str:
    if plan.measure == Measure.RATE:
        return _("上年分母")
    titles = {
        Method.EQUAL: _("份数"),
        Method.POPULATION: _("上年常住人口"),
        Method.CASELOAD: _("上年在执行人数"),
        Method.LAST_YEAR: _("上年基数"),
        Method.CAPACITY: _("上年在岗专职人员"),
        Method.WEIGHTS: _("权重"),
    }
    if plan.over == Over.UNITS and plan.method == Method.LAST_YEAR:
        return _("上年商定数")
    return titles.get(Method(plan.method), _("权重"))


def with_unit(plan: TargetPlan, amount: Decimal) -> str:
    return f"{number_text(amount)}{plan.unit}" if plan.unit == "%" else f"{number_text(amount)} {said(plan.unit)}"


def gap_words(plan: TargetPlan) -> str:
    """«无», or how much is short or promised beyond, and who answers for it."""
    try:
        lacking = gap(plan)
    except BadShares as problem:
        return str(problem)
    if not lacking:
        return _("无")
    words = _("还差 %(gap)s") if lacking > 0 else _("多出 %(gap)s")
    text = words % {"gap": number_text(abs(lacking))}
    return f"{text} · {plan.gap_owner}" if plan.gap_owner else text
