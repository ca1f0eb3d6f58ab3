"""Dues: today's work of a town; for others how many, whose and how to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework import queries
from qingyuan.casework.actions import dues as actions
from qingyuan.casework.models import Due
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys import due_words
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation.queries import measures_by_id
from qingyuan.web import shapes
from qingyuan.web.behind import Behind, behind_of, elsewhere
from qingyuan.web.context import WebRequest
from qingyuan.web.dues import presenters
from qingyuan.web.dues.forms import ExcuseForm, FoundForm, WithdrawForm
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

FACT = "test_dues"
PER_PAGE = 50
OFFICE = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER, Role.TOWN_LEADER, Role.AUDITOR)


@require_safe
def due_list(request: WebRequest) -> HttpResponse:
    behind = behind_of(request, FACT)
    if behind is not None:
        return _behind(request, behind)
    on = clock.today()
    if not _may(request, Action.READ):
        return _overview(request)
    state = request.GET.get("state", presenters.OPEN)
    if state not in presenters.STATES:
        raise Http404
    below = DivisionPath.objects.on(on).filter(ancestor_id=request.scope.division.pk)
    mine = queries.dues(request.actor, on).in_division(below.values("descendant_id"))
    period = request.scope.period
    chosen = presenters.narrowed(mine, state, period, on)
    pages = _pages(request, chosen.count(), f"{reverse('web:dues')}?state={state}&page=")
    shown = list(chosen[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "list", queries.LEDGER, [due.pk for due in shown])
    context = {
        "tabs": presenters.tabs(mine, state, period, on),
        "table": presenters.table(shown, request.actor, on, presenters.empty(state)),
        "pages": pages,
        "state": state,
    }
    return render(request, "dues/list.html", context)


def _may(request: WebRequest, action: Action) -> bool:
    decision = may(request.actor, action, compartment=Compartment.COMMUNITY, ledger=queries.LEDGER, on=clock.today())
    return decision.allowed


def _pages(request: WebRequest, total: int, href: str) -> shapes.Pages:
    text = request.GET.get("page", "")
    return shapes.pages(int(text) if text.isdigit() and len(text) < 8 else 1, PER_PAGE, total, href)


def _behind(request: WebRequest, behind: Behind) -> HttpResponse:
    """The dues behind a number: one's own as rows, the rest counted by unit."""
    on = clock.today()
    mine, others = queries.behind(request.actor, on, list(behind.of(FACT)))
    pages = _pages(request, mine.count(), f"{reverse('web:dues')}?{behind.query}&page=")
    shown = list(mine.order_by("-closes_on", "pk")[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "drill", queries.LEDGER, [due.pk for due in shown])
    context = {
        "behind": behind,
        "table": presenters.table(shown, request.actor, on, shapes.Empty(_("这个数里没有您能打开的行"))),
        "pages": pages,
        "elsewhere": elsewhere(
            others, unit_label=_("人次"), people=True, why=_("姓名和明细只对执行地的专干、社工开放"), mine=pages.total
        ),
        "whole": len(behind.refs),
    }
    return render(request, "dues/behind.html", context)


def _overview(request: WebRequest) -> HttpResponse:
    """For those who answer for towns without reading people: how many were missed and where."""
    if not request.actor.has_role(*OFFICE):
        raise Forbidden(
            what=_("检测窗口和应做事项"),
            whose=_("执行地乡镇(街道)的禁毒专干、社工"),
            how=_("需要数字的,看“指标”;确需核对的,请执行地代为核对。"),
        )
    scope = request.scope
    table = presenters.towns(scope.division, scope.period, request.actor, clock.today())
    return render(request, "dues/overview.html", {"table": table})


def _due(request: WebRequest, due_id: UUID, action: Action) -> Due:
    """Errors: Http404 for a due that is not there or not one's own."""
    due = queries.dues(request.actor, clock.today(), action=action).filter(pk=due_id).first()
    if due is None:
        raise Http404
    return due


@require_safe
def detail(request: WebRequest, due_id: UUID) -> HttpResponse:
    due = _due(request, due_id, Action.READ)
    log_read(request, "detail", queries.LEDGER, [due.pk])
    return _page(request, due)


def _page(request: WebRequest, due: Due, form: ExcuseForm | None = None, found_form: FoundForm | None = None) -> HttpResponse:
    on, wrong = clock.today(), any(one is not None and one.errors for one in (form, found_form))
    measure = measures_by_id([due.subject_id]).get(due.subject_id)
    said = due_words.words(due, measure, on)
    context: dict[str, Any] = {
        "due": due,
        "said": said,
        "measure": measure,
        "name": presenters.shown_name(measure, presenters.names_clear(request.actor)),
        "may_change": queries.dues(request.actor, on, action=Action.CHANGE).filter(pk=due.pk).exists(),
        "form": form or ExcuseForm(initial={"paper_seen_by": request.actor.name}),
        "found": due_words.found(due),
        "found_form": found_form or FoundForm(on=on, initial={"found": due.found}),
        "events": audit.history(due.pk, True),
    }
    return render(request, "dues/due.html", context, status=422 if wrong else 200)


@require_http_methods(["POST"])
def excuse(request: WebRequest, due_id: UUID) -> HttpResponse:
    due = _due(request, due_id, Action.CHANGE)
    form = ExcuseForm(request.POST)
    if form.is_valid():
        try:
            actions.excuse(due=due, paper_seen_by=form.cleaned_data["paper_seen_by"], by=request.actor)
        except actions.CannotExcuse as error:
            form.add_error("paper_seen_by", str(error))
        else:
            messages.success(request, _("已登记合法缺席,这一次不计入应检。"))
            return redirect("web:due-detail", due.pk)
    return _page(request, due, form)


@require_POST
def look_into(request: WebRequest, due_id: UUID) -> HttpResponse:
    """What came of a missed window: it leaves the list of what waits, and stays missed in every figure."""
    due = _due(request, due_id, Action.CHANGE)
    form = FoundForm(request.POST, on=clock.today())
    if form.is_valid():
        try:
            actions.look_into(due=due, found=form.cleaned_data["found"], by=request.actor)
        except actions.CannotSay as error:
            form.add_error("found", str(error))
        else:
            messages.success(request, _("已记下查明的情况;这一次仍然算缺检,不再列在待办里。"))
            return redirect("web:due-detail", due.pk)
    return _page(request, due, found_form=form)


@require_POST
def withdraw(request: WebRequest, due_id: UUID) -> HttpResponse:
    due = _due(request, due_id, Action.CHANGE)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有撤回:请写明原因。"))
        return redirect("web:due-detail", due.pk)
    try:
        actions.withdraw_excuse(due=due, reason=form.cleaned_data["reason"], by=request.actor)
    except actions.CannotExcuse as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤回,这一次重新计入应检。"))
    return redirect("web:due-detail", due.pk)
