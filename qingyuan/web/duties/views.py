"""My unit's year, another unit's, one task with its quarters, one need with its steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.governance.actions import needs as actions
from qingyuan.governance.actions.needs import NeedRefused
from qingyuan.governance.models import UnitNeed, UnitTask
from qingyuan.governance.permissions import NotAllowed, may_ask_need
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.queries.year_book import units_of
from qingyuan.governance.rules.duty_plans import QUARTERS
from qingyuan.ledgers.writing import RowChanged
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.duties import presenters
from qingyuan.web.duties.access import need_named, require_reader, task_named
from qingyuan.web.duties.forms import AskForm, ReportForm, StepForm
from qingyuan.web.errors import Forbidden
from qingyuan.web.years import year_tabs

REFUSED = 422
WIDE = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER, Role.AUDITOR)


@require_safe
def duties(request: WebRequest) -> HttpResponse:
    """The office and the inspectors: every unit. A member unit: its own year. Errors: Forbidden."""
    require_reader(request)
    actor, today, year = request.actor, clock.today(), request.scope.plan_year
    if not actor.has_role(*WIDE):
        return _unit_page(request, actor.unit_id or 0, year)
    asked = list(reads.needs(actor, today).filter(task__plan__year=year))
    units = units_of(actor, today, year)
    context = {
        "year": year,
        "years": year_tabs(year, reverse("web:duties")),
        "lines": presenters.unit_lines(units, asked, today),
        "waiting": presenters.need_lines(reads.asked_of(actor.unit_id or 0, reads.needs(actor, today)), today),
    }
    return render(request, "duties/overview.html", context)


@require_safe
def unit(request: WebRequest, unit_id: int) -> HttpResponse:
    """One unit's year. Errors: Forbidden, Http404 for a unit of which the reader sees nothing."""
    require_reader(request)
    return _unit_page(request, unit_id, request.scope.plan_year)


@require_POST
def take(request: WebRequest) -> HttpResponse:
    """Take tasks into one's own plan from what the duties of one's kind of unit offer. Errors: Forbidden."""
    require_reader(request)
    year = request.scope.plan_year
    try:
        made = actions.take_duties(year=year, texts=request.POST.getlist("duty"), by=request.actor)
    except NeedRefused as refusal:
        return _unit_page(request, request.actor.unit_id or 0, year, refused=str(refusal))
    except NotAllowed as refusal:
        raise Forbidden(what=_("加任务"), how=str(refusal)) from refusal
    messages.success(request, _("已列入 %(count)s 项任务,可以再改时限和标准。") % {"count": made})
    return redirect("web:duties")


@require_POST
def carry(request: WebRequest) -> HttpResponse:
    """Take what the year before left into one's own plan of this year. Errors: Forbidden."""
    require_reader(request)
    year = request.scope.plan_year
    try:
        made = actions.carry(year=year, ids={found for text in request.POST.getlist("task") if (found := _uuid(text))}, by=request.actor)
    except NeedRefused as refusal:
        return _unit_page(request, request.actor.unit_id or 0, year, refused=str(refusal))
    except NotAllowed as refusal:
        raise Forbidden(what=_("加任务"), how=str(refusal)) from refusal
    messages.success(request, _("已转入 %(count)s 项任务,时限是今年的同一天,可以再改。") % {"count": made})
    return redirect("web:duties")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _unit_page(request: WebRequest, unit_id: int, year: int, *, refused: str = "") -> HttpResponse:
    actor, today = request.actor, clock.today()
    found = next((one for one in units_of(actor, today, year) if one.unit.pk == unit_id), None)
    needs = reads.needs(actor, today)
    mine = needs.filter(unit_id=unit_id, task__plan__year=year)
    others = needs.filter(to_unit_id=unit_id)
    own = unit_id == actor.unit_id
    if found is None and not own and not others.exists():
        raise Http404
    name = found.unit if found else Unit.objects.filter(pk=unit_id).first()
    here = reverse("web:duties") if own else reverse("web:duty-unit", args=[unit_id])
    context = {
        "year": year,
        "years": year_tabs(year, here),
        "unit": name,
        "own": own,
        "one": found,
        "tasks": presenters.task_lines(found.tasks) if found else [],
        "waiting": presenters.need_lines(others.filter(state__in=reads.OPEN), today),
        "answered": presenters.need_lines(others.exclude(state__in=reads.OPEN)[:20], today),
        "mine": presenters.need_lines(mine, today),
        "offered": reads.offered_duties(actor, year, today) if own and found and found.plan else [],
        "left": reads.left_over(actor, year, today) if own and found and found.plan else [],
        "refused": refused,
    }
    return render(request, "duties/unit.html", context, status=REFUSED if refused else 200)


@require_safe
def task(request: WebRequest, task_id: UUID) -> HttpResponse:
    require_reader(request)
    found = task_named(request, task_id)
    asked = request.GET.get("quarter", "")
    return _task_page(request, found, quarter=int(asked) if asked in {"1", "2", "3", "4"} else 0)


def _task_page(
    request: WebRequest,
    found: UnitTask,
    *,
    quarter: int = 0,
    reporting: ReportForm | None = None,
    asking: AskForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, today = request.actor, clock.today()
    number = quarter or presenters.current_quarter(found, today)
    own = reads.task(actor, today, found.pk, Action.CHANGE) is not None
    may_ask = found.done_on is None and may_ask_need(actor, found.unit_id, today).allowed
    standing = reads.standing_of(found, today)
    context = {
        "task": found,
        "label": presenters.words_of(standing),
        "tone": presenters.TONES[standing.state],
        "risks": presenters.risk_words(standing),
        "quarters": presenters.quarters(found, reads.proofs_of(found, actor, today), today),
        "number": number,
        "own": own,
        "reporting": (reporting or _report_form(request, found, number)) if own else None,
        "asking": (asking or AskForm(units=reads.receivers(found.unit, today))) if may_ask else None,
        "needs": presenters.need_lines(reads.needs(actor, today).filter(task=found), today),
        "refused": refused,
    }
    return render(request, "duties/task.html", context, status=status)


def _report_form(request: WebRequest, found: UnitTask, number: int, data: Any = None) -> ReportForm:
    offered = reads.candidates(request.actor, found, number, clock.today())
    words = getattr(found, QUARTERS[number - 1])
    return ReportForm(data, offered=offered, initial={"quarter": number, "version": found.version, "words": words})


@require_POST
def report(request: WebRequest, task_id: UUID) -> HttpResponse:
    """Say how far a task is in a quarter. Errors: Forbidden, Http404."""
    found = task_named(request, task_id)
    asked = request.POST.get("quarter", "")
    number = int(asked) if asked in {"1", "2", "3", "4"} else presenters.current_quarter(found, clock.today())
    form = _report_form(request, found, number, request.POST)
    if not form.is_valid():
        return _task_page(request, found, quarter=number, reporting=form, status=REFUSED)
    found.version = form.cleaned_data["version"]
    try:
        actions.report(task=found, progress=form.progress(), by=request.actor)
    except (NeedRefused, RowChanged) as refusal:
        found = task_named(request, task_id)
        return _task_page(request, found, quarter=number, reporting=form, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("填任务进展"), whose=found.unit.label, how=str(refusal)) from refusal
    messages.success(request, _("已登记进展。"))
    return redirect("web:duty-task", task_id=found.pk)


@require_POST
def unlink(request: WebRequest, task_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Take back a link to a row. Errors: Forbidden, Http404."""
    found = task_named(request, task_id)
    try:
        actions.unlink(task=found, evidence_id=evidence_id, by=request.actor)
    except NeedRefused as refusal:
        return _task_page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("填任务进展"), whose=found.unit.label, how=str(refusal)) from refusal
    messages.success(request, _("已取消关联,台账行没有动。"))
    return redirect("web:duty-task", task_id=found.pk)


@require_POST
def ask(request: WebRequest, task_id: UUID) -> HttpResponse:
    """Write into a task what it needs of another unit. Errors: Forbidden, Http404."""
    found = task_named(request, task_id)
    form = AskForm(request.POST, units=reads.receivers(found.unit, clock.today()))
    if not form.is_valid():
        return _task_page(request, found, asking=form, status=REFUSED)
    try:
        actions.ask(task=found, by=request.actor, **form.cleaned_data)
    except NeedRefused as refusal:
        return _task_page(request, found, asking=form, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("提出需要配合的事"), whose=found.unit.label, how=str(refusal)) from refusal
    messages.success(request, _("已写入任务,对方单位的“今天”里会出现。"))
    return redirect("web:duty-task", task_id=found.pk)


@require_safe
def need(request: WebRequest, need_id: UUID) -> HttpResponse:
    require_reader(request)
    return _need_page(request, need_named(request, need_id))


def _need_page(
    request: WebRequest, found: UnitNeed, *, refused: str = "", taking: StepForm | None = None, step: str = "", status: int = 200
) -> HttpResponse:
    actor, today = request.actor, clock.today()
    context = {
        "need": found,
        "line": presenters.need_line(found, today),
        "offers": presenters.offers(found, actor, today),
        "road": presenters.road(found),
        "task_open": reads.task(actor, today, found.task_id) is not None,
        "refused": refused,
        "taking": taking,
        "step": step,
    }
    return render(request, "duties/need.html", context, status=status)


@require_POST
def step(request: WebRequest, need_id: UUID, step: str) -> HttpResponse:
    """One step of a need. Errors: Forbidden, Http404."""
    found = need_named(request, need_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _need_page(request, found, taking=form, step=step, status=REFUSED)
    try:
        actions.step(need=found, step=step, word=form.word(), by=request.actor)
    except NeedRefused as refusal:
        return _need_page(request, need_named(request, need_id), refused=str(refusal), taking=form, step=step, status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理配合事项"), whose=found.to_unit.label, how=str(refusal)) from refusal
    messages.success(request, _("已记下,对方看得到。"))
    return redirect("web:need", need_id=found.pk)
