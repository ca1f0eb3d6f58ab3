"""The page of closing, and its steps; each is one call to the room's actions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.reference import periods
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.situation.actions import closing as actions
from qingyuan.situation.queries import closing
from qingyuan.web.closings import presenters
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden


@require_safe
def closings(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden for roles that have nothing to do with closing."""
    on, scope = clock.today(), request.scope
    _allowed(request)
    month = periods.month(min(scope.period.last_day, on))
    page = presenters.page(request.actor, scope.division, month, on)
    return render(request, "closings/closings.html", {"page": page, "notices": closing.notices_for(request.actor)})


def _allowed(request: WebRequest) -> None:
    on = clock.today()
    decision = may(request.actor, Action.READ, compartment=Compartment.INTERNAL, ledger=closing.LEDGER, on=on)
    if not decision.allowed:
        raise Forbidden(what=_("关账"), whose=_("各乡镇(街道)和市禁毒办"), how=decision.reason)


@require_POST
def ask(request: WebRequest) -> HttpResponse:
    """Declare a month of the bar's place checked."""
    _allowed(request)
    try:
        month = Period.parse(request.POST.get("month", ""))
    except BadPeriod as error:
        messages.error(request, str(error))
        return redirect("web:closings")
    note = request.POST.get("reason", "") or request.POST.get("note", "")
    try:
        actions.ask(division=request.scope.division, month=month, note=note, by=request.actor)
    except actions.CannotClose as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(month)s已提交核对,等本级领导批准。") % {"month": month.label_zh})
    return redirect("web:closings")


@require_POST
def move(request: WebRequest, close_id: UUID, move: str) -> HttpResponse:
    """Approve, send back or open again. Errors: Http404 for another step or a closing outside one's range."""
    _allowed(request)
    close = get_object_or_404(closing.closings_visible(request.actor, clock.today()), pk=close_id)
    reason = request.POST.get("reason", "")
    try:
        if move == "approve":
            actions.approve(close=close, by=request.actor)
            done = _("已关账。以后登记到这个月的,都显示为补报。")
        elif move == "send-back":
            actions.send_back(close=close, reason=reason, by=request.actor)
            done = _("已退回。")
        elif move == "reopen":
            told = actions.reopen(close=close, reason=reason, by=request.actor)
            done = _("已重开,并通知了引用过这些数字的 %(count)d 处。") % {"count": len(told)}
        else:
            raise Http404
    except actions.CannotClose as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("web:closings")


@require_POST
def read_notice(request: WebRequest, notice_id: int) -> HttpResponse:
    """Errors: Http404 for a notice of another unit."""
    notice = get_object_or_404(closing.notices_for(request.actor), pk=notice_id)
    actions.read(notice=notice, by=request.actor)
    messages.success(request, _("已阅。"))
    return redirect("web:closings")


