"""The year's targets, one decomposition, and the steps that move it."""

from __future__ import annotations

import io
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.actions import targets as actions
from qingyuan.governance.models import TargetPlan, TargetShare
from qingyuan.governance.permissions import NotAllowed, may_publish_targets, may_set_targets
from qingyuan.governance.targets_rules import BadShares, TargetRefused
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.query import BadQuery
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.queries import towns
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.targets import presenters
from qingyuan.web.targets.access import plan_named, plans_for
from qingyuan.web.targets.forms import AddendumForm, AdjustForm, AnswerForm, BidForm, ProposeForm, PublishForm
from qingyuan.web.years import year_tabs

REFUSED = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def targets(request: WebRequest) -> HttpResponse:
    actor, today, scope = request.actor, clock.today(), request.scope
    year = scope.plan_year
    plans = list(plans_for(actor, year, today))
    lines = presenters.lines_of(plans, actor, today)
    context = {
        "year": year,
        "years": year_tabs(year, reverse("web:targets")),
        "lines": lines,
        "whole": any(line.gap for line in lines),
        "may_propose": may_set_targets(actor, scope.division.pk, today).allowed,
    }
    return render(request, "targets/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: WebRequest) -> HttpResponse:
    """A new plan for the bar's city and year; what may not be a target is refused with the printed reason."""
    city, year = request.scope.division, request.scope.plan_year
    if not may_set_targets(request.actor, city.pk, clock.today()).allowed:
        raise Forbidden(what=_("下达指标"), whose=_("市禁毒办"), how=_("请联系市禁毒办综合科。"))
    form = ProposeForm(request.POST if request.method == "POST" else None, places=towns(city.pk, clock.today()))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(city=city, year=year, proposal=form.proposal(), by=request.actor)
        except TargetRefused as refusal:
            form.add_error("indicator", str(refusal))
        except (BadShares, actions.PlanRefused, BadQuery, UnknownIndicator) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已按方法提出建议数,可以逐个乡镇商定。"))
            return redirect("web:target-plan", plan_id=made.pk)
    status = REFUSED if form.errors else 200
    return render(request, "targets/propose.html", {"form": form, "year": year, "city": city}, status=status)


@require_safe
def plan(request: WebRequest, plan_id: UUID) -> HttpResponse:
    return plan_page(request, plan_named(request.actor, plan_id, clock.today()))


def plan_page(
    request: WebRequest,
    found: TargetPlan,
    *,
    refused: str = "",
    adjusting: AdjustForm | None = None,
    share_id: int = 0,
    publishing: PublishForm | None = None,
    bidding: BidForm | None = None,
    answering: AnswerForm | None = None,
    amending: AddendumForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, today = request.actor, clock.today()
    still_open = found.published_at is None
    may_publish = may_publish_targets(actor, found.city_id, today).allowed
    page = presenters.page_of_plan(found, actor, today)
    if amending is None and may_publish and not still_open:
        amending = AddendumForm(shares=[line.share for line in page.lines])
    context = {
        "page": page,
        "bidding": bidding or BidForm(),
        "answering": answering or AnswerForm(),
        "amending": amending,
        "opened": status == REFUSED and not still_open,
        "plan": found,
        "refused": refused,
        "adjusting": adjusting,
        "share_id": share_id,
        "publishing": publishing or PublishForm(),
        "may_adjust": still_open and may_set_targets(actor, found.city_id, today).allowed,
        "may_publish": still_open and may_publish,
    }
    return render(request, "targets/plan.html", context, status=status)


@require_POST
def adjust(request: WebRequest, plan_id: UUID, share_id: int) -> HttpResponse:
    """Move one town's share; the reason stays with it."""
    found = plan_named(request.actor, plan_id, clock.today())
    share = get_object_or_404(TargetShare, pk=share_id, plan=found)
    form = AdjustForm(request.POST)
    if not form.is_valid():
        return plan_page(request, found, adjusting=form, share_id=share.pk, status=REFUSED)
    try:
        actions.adjust(share=share, by=request.actor, **form.cleaned_data)
    except actions.PlanRefused as refusal:
        return plan_page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("调整分解数"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    messages.success(request, _("%(place)s的商定数已调整。") % {"place": share.place})
    return redirect("web:target-plan", plan_id=found.pk)


@require_POST
def publish(request: WebRequest, plan_id: UUID) -> HttpResponse:
    """Publish: the shares make up the total, or the gap has an owner and a reason."""
    found = plan_named(request.actor, plan_id, clock.today())
    form = PublishForm(request.POST)
    if not form.is_valid():
        return plan_page(request, found, publishing=form, status=REFUSED)
    try:
        actions.publish(plan=found, by=request.actor, **form.cleaned_data)
    except (actions.PlanRefused, TargetRefused, BadShares) as refusal:
        return plan_page(request, found, refused=str(refusal), publishing=form, status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("下达指标"), whose=_("市禁毒委领导"), how=str(refusal)) from refusal
    messages.success(request, _("已下达,写入此后制发的责任书。"))
    return redirect("web:target-plan", plan_id=found.pk)


@require_safe
@in_chinese
def export(request: WebRequest, plan_id: UUID) -> HttpResponse:
    """The decomposition table as shown."""
    page = presenters.page_of_plan(plan_named(request.actor, plan_id, clock.today()), request.actor, clock.today())
    names = [page.bearer, page.base_title, _("建议数"), _("商定数"), _("依据"), _("调整理由")]
    rows = [[line.place, line.base, line.proposed, line.agreed, line.why, line.share.reason] for line in page.lines]
    columns = [Column(f"c{number}", name, Kind.TEXT) for number, name in enumerate(names)]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    title = f"{page.plan.year} {page.plan.title}"
    target = io.BytesIO()
    notice = "  ".join([*fiction, _("全市目标 %(total)s") % {"total": page.total}, page.method])
    write_export(target, title=title, columns=columns, rows=rows, notice=notice)
    name = _("%(title)s 分解表.xlsx") % {"title": title}
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
