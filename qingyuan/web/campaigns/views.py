"""Campaigns: the list, one with its towns' counts and the reader's own lines, the form of a line, help plans, the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import Unit
from qingyuan.organisation.queries import towns
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation.actions import campaigns as actions
from qingyuan.rehabilitation.actions.campaigns import CampaignRefused
from qingyuan.rehabilitation.campaigns import LINES
from qingyuan.rehabilitation.models import Campaign
from qingyuan.web import shapes
from qingyuan.web.campaigns import exporting, presenters
from qingyuan.web.campaigns.forms import CampaignForm, LineForm, ReasonForm
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers.views import workbook_response
from qingyuan.web.reads import log_read

PER_PAGE = 50
REFUSED = 422
LEFT, ALL = "left", "all"


def _require(request: WebRequest) -> None:
    """Errors: Forbidden for whoever has no part in a campaign."""
    if not may(request.actor, Action.READ, compartment=Compartment.INTERNAL, ledger=reads.CODE, on=clock.today()).allowed:
        raise Forbidden(
            what=_("普查"), whose=_("市禁毒办、各乡镇(街道)和公安机关"), how=_("需要数字的,请市禁毒办提供汇总;名册只有执行地的社工、禁毒专干看得到。")
        )


def named(request: WebRequest, campaign_id: UUID) -> Campaign:
    """Errors: Forbidden, Http404."""
    _require(request)
    found = reads.campaigns_visible(request.actor, clock.today()).filter(pk=campaign_id).first()
    if found is None:
        raise Http404
    return found


def _by_name(request: WebRequest, action: Action = Action.READ) -> bool:
    return may(request.actor, action, compartment=Compartment.COMMUNITY, ledger=LINES, on=clock.today()).allowed


@require_safe
def index(request: WebRequest) -> HttpResponse:
    _require(request)
    on = clock.today()
    context = {
        "table": presenters.listing(list(reads.campaigns_visible(request.actor, on)[:PER_PAGE]), on),
        "may_issue": reads.may_issue(request.actor, on),
        "offers": _offers(request),
    }
    return render(request, "campaigns/list.html", context)


def _offers(request: WebRequest) -> list[Any]:
    """What other units say is this unit's; the names in it are written down as read."""
    found = list(reads.offered(request.actor, clock.today()).order_by("said_at", "pk")[:PER_PAGE])
    if found:
        log_read(request, "list", LINES, [one.pk for one in found])
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Issue one; its frame is drawn at once. Errors: Forbidden."""
    actor, on = request.actor, clock.today()
    if not reads.may_issue(actor, on):
        raise Forbidden(what=_("印发普查"), whose=_("市禁毒办"), how=_("请与市禁毒办联系。"))
    divisions = towns(actor.division_id or 0, on)
    everything = [str(one.pk) for one in divisions]
    form = CampaignForm(request.POST or None, divisions=divisions, initial={"reference_on": on, "starts_on": on, "places": everything})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "document_number", "starts_on", "ends_on", "reference_on")}
        try:
            made = actions.issue(**given, places=form.chosen, by=actor)
        except CampaignRefused as refusal:
            form.tell(str(refusal), refusal.problems)
        else:
            messages.success(request, _("已印发,名册已按基准日从台账里取好。"))
            return redirect("web:campaign", made.pk)
    return render(request, "campaigns/new.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_safe
def one(request: WebRequest, campaign_id: UUID) -> HttpResponse:
    """How far each town is; for who works there with people by name also the lines."""
    campaign = named(request, campaign_id)
    actor, on = request.actor, clock.today()
    by_name, show = _by_name(request), request.GET.get("show", LEFT)
    own = actor.unit_id if by_name or actor.has_role(Role.TOWN_LEADER) else None
    words, tone = presenters.state(campaign, on)
    counts = reads.progress(campaign)
    context = {
        "campaign": campaign,
        "places": reads.places_of(campaign),
        "state": words,
        "tone": tone,
        "progress": presenters.progress(counts, own),
        "whole": presenters.whole(counts),
        "by_name": by_name,
        "checks": actor.has_role(Role.POLICE_OFFICER),
        "may_withdraw": reads.may_issue(actor, on) and campaign.unit_id == actor.unit_id and campaign.withdrawn_at is None,
        "withdraw_form": ReasonForm(prefix="withdraw"),
    }
    if by_name:
        context |= _lines(request, campaign, show)
    return render(request, "campaigns/one.html", context)


def _chosen(request: WebRequest, campaign: Campaign, show: str) -> QuerySet[Any]:
    mine = reads.lines_visible(request.actor, clock.today()).filter(campaign=campaign)
    return reads.open_only(mine) if show != ALL else mine


def _lines(request: WebRequest, campaign: Campaign, show: str) -> dict[str, Any]:
    on, here = clock.today(), reverse("web:campaign", args=(campaign.pk,))
    found = _chosen(request, campaign, show).order_by("division__code", "pk")
    pages = shapes.pages(_number(request), PER_PAGE, found.count(), f"{here}?show={show}&page=")
    shown = list(found[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "list", LINES, [row.pk for row in shown])
    labels = ((LEFT, _("还没有核到")), (ALL, _("全部")))
    return {
        "table": presenters.table(shown, reads.doubled(campaign, shown), on),
        "pages": pages,
        "tabs": [{"label": label, "href": f"{here}?show={name}", "current": name == show, "note": ""} for name, label in labels],
        "export": f"{reverse('web:campaign-export', args=(campaign.pk,))}?show={show}" if _by_name(request, Action.EXPORT) else "",
    }


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_POST
def withdraw(request: WebRequest, campaign_id: UUID) -> HttpResponse:
    campaign = named(request, campaign_id)
    try:
        actions.withdraw(campaign=campaign, reason=request.POST.get("withdraw-words", ""), by=request.actor)
    except CampaignRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回。"))
    return redirect("web:campaign", campaign.pk)


@require_safe
def export(request: WebRequest, campaign_id: UUID) -> HttpResponse:
    """The reader's own lines as a workbook. Errors: Forbidden, Http404."""
    campaign = named(request, campaign_id)
    if not _by_name(request, Action.EXPORT):
        raise Forbidden(what=_("导出普查名册"), whose=_("执行地乡镇(街道)的社工、禁毒专干"), how=_("需要数字的,看普查页上的各地进度。"))
    found = _chosen(request, campaign, request.GET.get("show", LEFT)).order_by("division__code", "pk")
    rows = list(found)
    log_read(request, "export", LINES, [row.pk for row in rows])
    return workbook_response(exporting.workbook(campaign, rows), f"普查名册 {campaign.document_number}.xlsx")


@require_safe
def plans(request: WebRequest, campaign_id: UUID) -> HttpResponse:
    """大帮教: each person under a measure with the plan and its dates. Errors: Forbidden, Http404."""
    campaign = named(request, campaign_id)
    if not _by_name(request):
        raise Forbidden(what=_("帮教名单"), whose=_("执行地乡镇(街道)的社工、禁毒专干"), how=_("需要核对个别情况的,请执行地代为核对。"))
    on, here = clock.today(), reverse("web:campaign-plans", args=(campaign.pk,))
    found = reads.needing_plans(reads.lines_visible(request.actor, on).filter(campaign=campaign)).order_by("division__code", "pk")
    pages = shapes.pages(_number(request), PER_PAGE, found.count(), f"{here}?page=")
    shown = list(found[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "list", LINES, [row.pk for row in shown])
    context = {"campaign": campaign, "table": presenters.plan_table(reads.plan_lines(shown, on), on), "pages": pages}
    return render(request, "campaigns/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: WebRequest, line_id: UUID) -> HttpResponse:
    """How one line ended. Errors: Forbidden, Http404 for a line that is not one's own."""
    _require(request)
    on = clock.today()
    row = reads.lines_visible(request.actor, on, Action.CHANGE).filter(pk=line_id).first()
    if row is None:
        raise Http404
    units = list(Unit.objects.filter(kind__in=("town", "subdistrict", "office")).exclude(pk=row.unit_id).order_by("code"))
    initial = {
        "version": row.version,
        "state": row.state,
        "happened_on": row.happened_on,
        "paper_number": row.paper_number,
        "words": row.words,
        "to_unit": str(row.to_unit_id or ""),
        "to_place": row.to_place,
    }
    form = LineForm(request.POST or None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("version", "state", "happened_on", "paper_number", "words", "to_place")}
        try:
            actions.say(line=row, by=request.actor, to_unit=form.units.get(form.cleaned_data["to_unit"]), **given)
        except CampaignRefused as refusal:
            form.tell(str(refusal), refusal.problems)
        else:
            messages.success(request, _("已登记,进度随之更新。"))
            return redirect("web:campaign", row.campaign_id)
    log_read(request, "detail", LINES, [row.pk])
    context = {
        "row": row,
        "form": form,
        "why": presenters.why_listed(row),
        "doubled": reads.doubled(row.campaign, [row]).get(row.pk, []),
        "handed_on": row.client.unit_id != row.unit_id,
    }
    return render(request, "campaigns/line.html", context, status=REFUSED if form.errors else 200)


@require_POST
def answer(request: WebRequest, line_id: UUID) -> HttpResponse:
    """The unit that was named signs, or says why not. Errors: Forbidden, Http404."""
    _require(request)
    row = reads.offered(request.actor, clock.today()).filter(pk=line_id).first()
    if row is None:
        raise Http404
    try:
        if request.POST.get("signed") == "yes":
            actions.sign_for(line=row, by=request.actor)
            messages.success(request, _("已签收:这个人从现在起在本单位的名册上,请继续核。"))
        else:
            actions.turn_down(line=row, words=request.POST.get("words", ""), by=request.actor)
            messages.success(request, _("已退回对方,由那里继续核。"))
    except CampaignRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("web:campaigns")
