"""Steps of the negotiation: methods compared, a town's number, the office's answer, the addendum."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.governance.actions import target_bids as actions
from qingyuan.governance.actions.target_bids import Answer
from qingyuan.governance.actions.targets import PlanRefused
from qingyuan.governance.enums import Measure
from qingyuan.governance.models import TargetBid, TargetPlan, TargetShare
from qingyuan.governance.permissions import NotAllowed, may_set_targets
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.target_methods import compare as compared
from qingyuan.governance.queries.target_methods import compare_rates
from qingyuan.governance.queries.targets import split_code
from qingyuan.governance.targets_rules import BadShares, TargetRefused, refuse_coercive
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.query import BadQuery
from qingyuan.organisation.queries import towns
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.targets import comparing
from qingyuan.web.targets.access import own_shares, plan_named, sees_whole
from qingyuan.web.targets.forms import AddendumForm, AnswerForm, BidForm, ProposeForm
from qingyuan.web.targets.views import REFUSED, plan_page


@require_safe
def compare(request: WebRequest) -> HttpResponse:
    """All methods side by side for one total, before any is chosen. Errors: Forbidden."""
    city, year, today = request.scope.division, request.scope.plan_year, clock.today()
    if not may_set_targets(request.actor, city.pk, today).allowed:
        raise Forbidden(what=_("下达指标"), whose=_("市禁毒办"), how=_("请联系市禁毒办综合科。"))
    form = ProposeForm(request.GET or None, places=towns(city.pk, today))
    page = None
    if form.is_bound and form.is_valid():
        proposal = form.proposal()
        try:
            code, part = split_code(proposal.indicator)
            known = known_indicator(code)
            refuse_coercive(known, part)
            rate = proposal.measure is Measure.RATE
            found = compare_rates(city, year, proposal.asked, today) if rate else compared(city, year, proposal.asked, known, today)
            page = comparing.page_of(found, form, request.actor, today, indicator=proposal.indicator)
        except TargetRefused as refusal:
            form.add_error("indicator", str(refusal))
        except (BadShares, BadQuery, UnknownIndicator) as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "page": page, "year": year, "city": city}
    return render(request, "targets/compare.html", context, status=REFUSED if form.errors else 200)


def _plan_and_share(request: WebRequest, plan_id: UUID, share_id: int) -> tuple[TargetPlan, TargetShare]:
    """Errors: Http404 for a plan that is not there or not for this person, and for another town's share."""
    today = clock.today()
    found = plan_named(request.actor, plan_id, today)
    shares = TargetShare.objects.filter(plan=found).select_related("division", "unit")
    if not sees_whole(request.actor, found.city_id, today):
        shares = shares.filter(own_shares(request.actor, today))
    return found, get_object_or_404(shares, pk=share_id)


@require_POST
def bid(request: WebRequest, plan_id: UUID, share_id: int) -> HttpResponse:
    """A town proposes another number for its own share."""
    found, share = _plan_and_share(request, plan_id, share_id)
    form = BidForm(request.POST)
    if not form.is_valid():
        return plan_page(request, found, bidding=form, share_id=share.pk, status=REFUSED)
    try:
        actions.bid(share=share, by=request.actor, **form.cleaned_data)
    except PlanRefused as refusal:
        return plan_page(request, found, refused=str(refusal), bidding=form, status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("对分解数提意见"), whose=share.place, how=str(refusal)) from refusal
    messages.success(request, _("已提给市禁毒办,答复会写在这里。"))
    return redirect("web:target-plan", plan_id=found.pk)


@require_POST
def answer(request: WebRequest, plan_id: UUID, share_id: int, bid_id: UUID) -> HttpResponse:
    """The office answers a town's number in words."""
    found, share = _plan_and_share(request, plan_id, share_id)
    asked = get_object_or_404(TargetBid, pk=bid_id, share=share)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return plan_page(request, found, answering=form, share_id=share.pk, status=REFUSED)
    try:
        actions.answer(bid=asked, reply=Answer(**form.cleaned_data), by=request.actor)
    except PlanRefused as refusal:
        return plan_page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("答复协商意见"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    messages.success(request, _("已答复%(place)s。") % {"place": share.place})
    return redirect("web:target-plan", plan_id=found.pk)


@require_POST
def withdraw(request: WebRequest, plan_id: UUID, share_id: int, bid_id: UUID) -> HttpResponse:
    """The town takes back what nobody has answered yet."""
    found, share = _plan_and_share(request, plan_id, share_id)
    asked = get_object_or_404(TargetBid, pk=bid_id, share=share)
    try:
        actions.withdraw(bid=asked, by=request.actor)
    except PlanRefused as refusal:
        return plan_page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("撤回意见"), whose=share.place, how=str(refusal)) from refusal
    messages.success(request, _("已撤回,可以重新提。"))
    return redirect("web:target-plan", plan_id=found.pk)


@require_POST
def note(request: WebRequest, plan_id: UUID, share_id: int, bid_id: UUID) -> HttpResponse:
    """Its own people have read the answer."""
    found, share = _plan_and_share(request, plan_id, share_id)
    try:
        actions.note(bid=get_object_or_404(TargetBid, pk=bid_id, share=share), by=request.actor)
    except PlanRefused as refusal:
        return plan_page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("知悉答复"), whose=share.place, how=str(refusal)) from refusal
    return redirect("web:target-plan", plan_id=found.pk)


@require_POST
def amend(request: WebRequest, plan_id: UUID) -> HttpResponse:
    """Shares of a published plan changed together, with the reason."""
    found = plan_named(request.actor, plan_id, clock.today())
    if not sees_whole(request.actor, found.city_id, clock.today()):
        raise Forbidden(what=_("下达后的调整"), whose=_("市禁毒委领导"), how=_("请书面报市禁毒办。"))
    form = AddendumForm(request.POST, shares=list(found.shares.select_related("division", "unit")))
    if not form.is_valid():
        return plan_page(request, found, amending=form, status=REFUSED)
    try:
        actions.amend(plan=found, addendum=form.addendum(), by=request.actor)
    except (PlanRefused, BadShares) as refusal:
        return plan_page(request, found, refused=str(refusal), amending=form, status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("下达后的调整"), whose=_("市禁毒委领导"), how=str(refusal)) from refusal
    messages.success(request, _("已调整;责任书上的数要另发补充责任书。"))
    return redirect("web:target-plan", plan_id=found.pk)
