"""Referrals: what came to one's own unit, what one's own people were referred for, and for the office and the police closed counts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation import helping as reads
from qingyuan.rehabilitation.actions import helping as actions
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.enums import ReferralState
from qingyuan.rehabilitation.models import Referral
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.referrals import presenters

PER_PAGE = 50
#: Who is told how many were referred for what, closed when small, and nothing else of the help compartment.
COUNTED = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER, Role.POLICE_OFFICER, Role.AUDITOR)


def reads_in(request: WebRequest, ledger: str) -> bool:
    return may(request.actor, Action.READ, compartment=reads.HOME, ledger=ledger, on=clock.today()).allowed


@require_safe
def index(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden."""
    if reads_in(request, reads.REFERRALS):
        return _helpers(request)
    if reads_in(request, reads.INBOX):
        return _receivers(request)
    if request.actor.has_role(*COUNTED):
        return render(request, "referrals/counts.html", {"table": presenters.counts(reads.counts())})
    raise Forbidden(what=_("帮扶转介"), whose=_("本人的社工、禁毒专干;接收单位只看同意书列明的几项"), how=_("需要帮助别人的,请与执行地乡镇(街道)联系。"))


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _page(request: WebRequest, found: Any) -> tuple[list[Referral], shapes.Pages]:
    pages = shapes.pages(_number(request), PER_PAGE, found.count(), f"{reverse('web:referrals')}?page=")
    shown = list(found[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "list", reads.REFERRALS, [one.pk for one in shown])
    return shown, pages


def _helpers(request: WebRequest) -> HttpResponse:
    on = clock.today()
    shown, pages = _page(request, reads.referrals(request.actor, on).order_by("-made_at"))
    return render(request, "referrals/list.html", {"table": presenters.given(shown, on), "pages": pages, "inbox": False})


def _receivers(request: WebRequest) -> HttpResponse:
    on = clock.today()
    shown, pages = _page(request, reads.inbox(request.actor, on).order_by("-made_at"))
    return render(request, "referrals/list.html", {"table": presenters.received(shown, on), "pages": pages, "inbox": True})


def _received(request: WebRequest, referral_id: UUID, action: Action = Action.READ) -> Referral:
    """Errors: Http404, the same for one that is not there, not this unit's, withdrawn or expired."""
    found = reads.inbox(request.actor, clock.today(), action).filter(pk=referral_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, referral_id: UUID) -> HttpResponse:
    """What the receiving unit sees of it: the consent's fields and nothing else. Errors: Http404."""
    on: date = clock.today()
    found = _received(request, referral_id)
    log_read(request, "detail", reads.REFERRALS, [found.pk])
    context = {
        "one": found,
        "facts": presenters.facts(found, on),
        "waits": found.state == ReferralState.WAITING,
        "open": found.state == ReferralState.ACCEPTED,
        "today": on,
    }
    return render(request, "referrals/one.html", context)


@require_POST
def answer(request: WebRequest, referral_id: UUID) -> HttpResponse:
    found = _received(request, referral_id, Action.CHANGE)
    accepted = request.POST.get("accepted") == "yes"
    try:
        actions.answer(referral=found, accepted=accepted, words=request.POST.get("words", ""), by=request.actor)
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:referral", found.pk)
    messages.success(request, _("已接收,办完请登记结果。") if accepted else _("已退回,理由转给本人的社工;这一件您这里不再显示。"))
    return redirect("web:referral", found.pk) if accepted else redirect("web:referrals")


@require_POST
def close(request: WebRequest, referral_id: UUID) -> HttpResponse:
    found = _received(request, referral_id, Action.CHANGE)
    try:
        day = date.fromisoformat(request.POST.get("closed_on", ""))
    except ValueError:
        day = None
    try:
        actions.close(referral=found, outcome=request.POST.get("outcome", ""), closed_on=day, by=request.actor)
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已登记办理结果,本人的社工看得到。"))
    return redirect("web:referral", found.pk)
