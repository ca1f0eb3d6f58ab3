from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.journeys.figures_on_file import answer_from_returns
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.situation.actions import requests as actions
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureQuestion, FigureRequest
from qingyuan.situation.permissions import (
    REQUESTS,
    NotAllowed,
    may_change_request,
    may_keep_requests,
    requests_visible,
)
from qingyuan.situation.queries.requests import askable, questions_of, view_of
from qingyuan.situation.rules.requests import RequestRefused
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.figure_requests import presenters
from qingyuan.web.figure_requests.forms import AskingForm, IndicatorForm, QuestionForm, ReturnForm, UnitsForm
from qingyuan.web.reads import log_read

REFUSED = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: WebRequest) -> HttpResponse:
    """The office's requests, and what one's own unit is asked."""
    actor, today = request.actor, clock.today()
    keeps = may_keep_requests(actor, today).allowed
    kept = presenters.requests_table(actor, today) if keeps or requests_visible(actor, today).exists() else None
    context = {"kept": kept, "asked": None if keeps else presenters.answers_table(actor, today), "keeps": keeps}
    return render(request, "figure_requests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Register a request. Errors: Forbidden."""
    today = clock.today()
    allowed = may_keep_requests(request.actor, today)
    if not allowed.allowed:
        raise Forbidden(what=_("登记要数"), whose=_("禁毒委员会办公室"), how=allowed.reason)
    form = AskingForm(request.POST) if request.method == "POST" else AskingForm(initial={"received_on": today})
    if form.is_bound and form.is_valid():
        try:
            asked = actions.register(asking=actions.Asking(**form.cleaned_data), by=request.actor)
        except RequestRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("web:figure-request", request_id=asked.pk)
    return render(request, "figure_requests/new.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_safe
def one(request: WebRequest, request_id: UUID) -> HttpResponse:
    return _page(request, _named(request.actor, request_id))


def _named(actor: Actor, request_id: UUID) -> FigureRequest:
    """Errors: Http404, the same for one that is not there and one that is another unit's."""
    found = requests_visible(actor, clock.today()).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _page(request: WebRequest, asked: FigureRequest, form: QuestionForm | None = None) -> HttpResponse:
    actor, today = request.actor, clock.today()
    changes = may_change_request(actor, asked, today)
    views = questions_of(asked, actor)
    waiting = sum(view.waiting for view in views)
    context = {
        "asked": asked,
        "tone": presenters.TONES[RequestState(asked.state)],
        "blocks": presenters.blocks(views, asked, changes),
        "drafts": changes.allowed and asked.state == RequestState.DRAFT,
        "withdraws": changes.allowed and asked.state in presenters.UNDER_WAY,
        "under_way": asked.state in presenters.UNDER_WAY,
        "waiting": waiting,
        "form": form or QuestionForm(),
        "steps": list(asked.steps.all()),
        "ready": bool(views) and all(view.lines for view in views),
    }
    return render(request, "figure_requests/request.html", context, status=REFUSED if form is not None else 200)


@require_POST
def add_question(request: WebRequest, request_id: UUID) -> HttpResponse:
    """Add a question and go on to settle where its figure comes from. Errors: Forbidden, Http404."""
    asked = _named(request.actor, request_id)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    try:
        made = actions.add_question(asked=asked, question=actions.Question(**form.cleaned_data), by=request.actor)
    except RequestRefused as refusal:
        form.add_error("text", str(refusal))
        return _page(request, asked, form)
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal
    return redirect("web:figure-question", question_id=made.pk)


@require_POST
def move(request: WebRequest, request_id: UUID, move: str) -> HttpResponse:
    """Pass on or withdraw. Errors: Forbidden, Http404."""
    asked = _named(request.actor, request_id)
    if move not in {"pass-on", "withdraw"}:
        raise Http404
    try:
        if move == "pass-on":
            actions.pass_on(asked=asked, by=request.actor)
            done = asked.state == RequestState.CLOSED
            messages.success(request, _("都在库里,已收齐,可以导出。") if done else _("已转下去,各单位“今天”里会看到。"))
        else:
            actions.withdraw(asked=asked, reason=request.POST.get("reason", ""), by=request.actor)
            messages.success(request, _("已撤销;答过的留着。"))
    except RequestRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal
    return redirect("web:figure-request", request_id=asked.pk)


@require_safe
def export(request: WebRequest, request_id: UUID) -> HttpResponse:
    """What the page shows as a workbook, each figure with its source; the same ones closed. Errors: Http404."""
    asked = _named(request.actor, request_id)
    with override(settings.LANGUAGE_CODE):
        columns = [Column(f"c{number}", header) for number, header in enumerate(presenters.export_headers())]
        lines = presenters.export_lines(questions_of(asked, request.actor))
        fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
        about = _("%(office)s %(number)s · 期限 %(day)s · 导出 %(today)s · “<5”为不足 5 人,“—”为防倒推不公开")
        notice = about % {
            "office": asked.asked_by,
            "number": asked.document_number,
            "day": asked.due_on.isoformat(),
            "today": clock.today().isoformat(),
        }
        target = io.BytesIO()
        write_export(target, title=asked.title, columns=columns, rows=lines, notice="  ".join([*fiction, notice]))
        name = _("%(title)s 答复.xlsx") % {"title": asked.title}
    log_read(request, "export", REQUESTS, [asked.pk], reason=asked.document_number)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


# --- where a question's figure comes from ---------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: WebRequest, question_id: UUID) -> HttpResponse:
    """Bind one question to what is on file, or choose whom it goes to. Errors: Forbidden, Http404."""
    found = FigureQuestion.objects.select_related("request").filter(pk=question_id).first()
    if found is None:
        raise Http404
    asked = _named(request.actor, found.request_id)
    if request.method != "POST":
        return _settling(request, asked, found)
    try:
        return _settled(request, asked, found)
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal


def _settling(request: WebRequest, asked: FigureRequest, question: FigureQuestion, **given: Any) -> HttpResponse:
    today = clock.today()
    chosen = list(question.answers.values_list("unit_id", flat=True))
    units = askable(asked, today)
    picked = {name: request.GET[name] for name in ("indicator", "period", "each_place") if name in request.GET}
    period = str(request.scope.period)
    initial = {"units": chosen, "due_on": question.answers.values_list("due_on", flat=True).first()}
    towns = [str(unit.pk) for unit in units if unit.division.level in (Level.TOWN, Level.VILLAGE)]
    context = {
        "asked": asked,
        "question": question,
        "view": view_of(question, list(question.answers.select_related("unit", "division")), request.actor),
        "drafts": may_change_request(request.actor, asked, today).allowed and asked.state == RequestState.DRAFT,
        "indicator": given.get("indicator") or IndicatorForm(on=today, initial={"period": period} | picked),
        "returned": given.get("returned") or ReturnForm(initial={"months": period}),
        "units": given.get("units") or UnitsForm(units=units, initial=initial),
        "towns": towns,
        "open": given.get("open", "units" if chosen else "indicator"),
        "error": given.get("error", ""),
    }
    return render(request, "figure_requests/question.html", context, status=REFUSED if given else 200)


def _settled(request: WebRequest, asked: FigureRequest, question: FigureQuestion) -> HttpResponse:
    what, by, today = request.POST.get("what", ""), request.actor, clock.today()
    bound: dict[str, Any] = {"open": what if what in {"indicator", "returned", "units"} else "indicator"}
    try:
        if what == "drop":
            actions.drop_question(question=question, by=by)
            return redirect("web:figure-request", request_id=asked.pk)
        if what == "indicator":
            form = IndicatorForm(request.POST, on=today)
            bound["indicator"] = form
            if not form.is_valid():
                return _settling(request, asked, question, **bound)
            actions.answer_from_file(question=question, by=by, **form.cleaned_data)
        elif what == "returned":
            cells = ReturnForm(request.POST)
            bound["returned"] = cells
            if not cells.is_valid():
                return _settling(request, asked, question, **bound)
            asking = cells.cleaned_data
            answer_from_returns(question=question, cell=asking["cell"], period=asking["months"], by=by)
        elif what == "units":
            units = askable(asked, today)
            choice = UnitsForm(request.POST, units=units)
            bound["units"] = choice
            if not choice.is_valid():
                return _settling(request, asked, question, **bound)
            wanted = set(choice.cleaned_data["units"])
            actions.ask_units(
                question=question,
                units=[unit for unit in units if unit.pk in wanted],
                due_on=choice.cleaned_data["due_on"],
                by=by,
            )
        else:
            raise Http404
    except RequestRefused as refusal:
        return _settling(request, asked, question, error=str(refusal), **bound)
    return redirect("web:figure-request", request_id=asked.pk)


def _forbidden(refusal: NotAllowed) -> Forbidden:
    return Forbidden(what=_("办理这件要数"), whose=_("承办这件要数的单位"), how=str(refusal))
