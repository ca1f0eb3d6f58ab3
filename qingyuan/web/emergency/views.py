"""Emergency looks: one's own with the form that opens one, those one reviews, all of them for inspectors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.journeys import emergency as journey
from qingyuan.organisation.actions import emergency as actions
from qingyuan.organisation.enums import EmergencyVerdict
from qingyuan.organisation.models import EmergencyLook
from qingyuan.organisation.permissions import may_review_emergency
from qingyuan.organisation.queries import emergency_looks
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.emergency import presenters
from qingyuan.web.emergency.forms import OpenForm, ReviewForm
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

SUBJECT = "emergency"
PER_PAGE = 30
REFUSED = 422
LASTS_HOURS = int(actions.LASTS.total_seconds() // 3600)


@require_safe
def looks(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden for someone who can neither open, review nor inspect one."""
    return _list(request, OpenForm())


def _list(request: WebRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    actor, on = request.actor, clock.today()
    home = journey.home_of(actor)
    found = emergency_looks(actor)
    if home is None and found is None:
        raise Forbidden(
            what=_("紧急查阅"),
            whose=_("社区、公安的一线人员,及其负责人、安全管理员和审计检查人员"),
            how=_("您的角色没有可以紧急查阅的记录;戒毒治疗、帮扶、举报人、纪检和封存的记录,任何人都不能紧急查阅。"),
        )
    own = EmergencyLook.objects.filter(account_id=actor.account_id or 0)
    every = (
        own
        if found is None
        else EmergencyLook.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=own.values("pk")))
    )
    every = every.select_related("account", "unit__superior", "reviewed_by")
    pages = shapes.pages(_number(request), PER_PAGE, every.count(), f"{reverse('web:emergency')}?page=")
    shown = list(every[pages.first - 1 if pages.total else 0 : pages.until])
    now = clock.now()
    live = [presenters.line(look, on) for look in own.live_at(now).select_related("account", "unit", "reviewed_by")]
    log_read(request, "list", SUBJECT, [look.pk for look in shown])
    context: dict[str, Any] = {
        "home": home,
        "form": form if home is not None else None,
        "lasts": LASTS_HOURS,
        "days": actions.REVIEW_DAYS,
        "live": live,
        "table": presenters.table(shown, on, _empty()),
        "pages": pages,
    }
    return render(request, "emergency/list.html", context, status=status)


def _empty() -> shapes.Empty:
    return shapes.Empty(_("没有紧急查阅"), _("有人打开以后,这里逐次列出:谁、为什么、看了什么、谁复核的。"))


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@sensitive_post_parameters("number", "name", "born")
@require_POST
def open_look(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden as for the list; 422 with what to do when nobody is opened."""
    if journey.home_of(request.actor) is None:
        return _list(request, OpenForm(), REFUSED)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _list(request, form, REFUSED)
    try:
        look = journey.open_for(
            wanted=form.wanted,
            reason=form.cleaned_data["reason"],
            article=form.cleaned_data["article"],
            by=request.actor,
            path=request.path,
            address=str(request.META.get("REMOTE_ADDR", "")),
        )
    except actions.EmergencyRefused as refusal:
        form.add_error(None, str(refusal))
        return _list(request, form, REFUSED)
    messages.success(
        request, _("已打开 %(hours)d 小时,每次查看都记入日志;两个工作日内由第二人复核。") % {"hours": LASTS_HOURS}
    )
    return redirect("web:emergency-look", look.pk)


def _look(request: WebRequest, look_id: UUID) -> EmergencyLook:
    """Errors: Http404, the same for a look that is not there and one that is not for this person."""
    found = emergency_looks(request.actor)
    mine = Q(account_id=request.actor.account_id)
    seen = mine if found is None else mine | Q(pk__in=found.values("pk"))
    looks = EmergencyLook.objects.select_related("account", "unit__superior", "reviewed_by")
    look = looks.filter(seen, pk=look_id).first()
    if look is None or request.actor.is_anonymous:
        raise Http404
    return look


@require_safe
def look(request: WebRequest, look_id: UUID) -> HttpResponse:
    return _page(request, _look(request, look_id), ReviewForm())


def _page(request: WebRequest, look: EmergencyLook, form: ReviewForm, status: int = 200) -> HttpResponse:
    actor, now = request.actor, clock.now()
    own = look.account_id == actor.account_id
    live = look.until > now and look.closed_at is None
    log_read(request, "detail", SUBJECT, [look.pk])
    context = {
        "line": presenters.line(look, clock.today()),
        "look": look,
        "own": own,
        "live": live,
        "opened": presenters.opened(look) if own and live else [],
        "reads": presenters.reads(look),
        "form": form if look.reviewed_at is None and may_review_emergency(actor, look).allowed else None,
    }
    return render(request, "emergency/look.html", context, status=status)


@require_POST
def close(request: WebRequest, look_id: UUID) -> HttpResponse:
    look = _look(request, look_id)
    try:
        actions.close(look=look, by=request.actor)
    except actions.EmergencyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已合上。"))
    return redirect("web:emergency-look", look.pk)


@require_POST
def review(request: WebRequest, look_id: UUID) -> HttpResponse:
    """The second person's word. Errors: Http404; 422 with what is missing or why not."""
    look = _look(request, look_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        verdict = EmergencyVerdict(form.cleaned_data["verdict"])
        try:
            actions.review(look=look, verdict=verdict, remark=form.cleaned_data["remark"], by=request.actor)
        except actions.EmergencyRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已记下复核意见。"))
        return redirect("web:emergency-look", look.pk)
    return _page(request, look, form, REFUSED)
