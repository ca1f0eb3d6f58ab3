"""A unit answers; the office that handles the request sends back or excuses."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.foundation import clock
from qingyuan.situation.actions import requests as actions
from qingyuan.situation.enums import AnswerKind, AnswerState
from qingyuan.situation.models import FigureAnswer
from qingyuan.situation.permissions import NotAllowed, answers_visible, may_answer, requests_visible
from qingyuan.situation.rules.requests import RequestRefused, may_answer_now
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.figure_requests import presenters
from qingyuan.web.figure_requests.forms import AnswerForm

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: WebRequest, answer_id: UUID) -> HttpResponse:
    """The unit's own answer, with its form while it may be given. Errors: Http404, Forbidden."""
    found = answers_visible(request.actor, clock.today()).filter(pk=answer_id).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        asked = form.cleaned_data
        actions.answer(given=found, typed=asked["typed"], note=asked["note"], by=request.actor)
    except RequestRefused as refusal:
        form.add_error("typed", str(refusal))
        return _page(request, found, form)
    except NotAllowed as refusal:
        raise Forbidden(what=_("答复这一条"), whose=found.unit.label, how=str(refusal)) from refusal
    messages.success(request, _("已答复,以您的账号签收;收齐之前可以改。"))
    return redirect("web:figure-requests")


def _page(request: WebRequest, found: FigureAnswer, form: AnswerForm | None = None) -> HttpResponse:
    asked = found.question.request
    allowed = may_answer(request.actor, found, clock.today()).allowed
    typed = presenters.own_text(found) if found.state != AnswerState.ASKED else ""
    context = {
        "answer": found,
        "question": found.question,
        "asked": asked,
        "tone": presenters.ANSWER_TONES[AnswerState(found.state)],
        "answers": allowed and not may_answer_now(asked.state, found.state),
        "why_not": may_answer_now(asked.state, found.state),
        "form": form or AnswerForm(initial={"typed": typed, "note": found.note}),
        "is_number": found.question.kind == AnswerKind.NUMBER,
        "own": presenters.own_text(found),
        "steps": list(found.steps.all()),
    }
    return render(request, "figure_requests/answer.html", context, status=REFUSED if form is not None else 200)


@require_POST
def judge(request: WebRequest, answer_id: UUID, move: str) -> HttpResponse:
    """Send an answer back, or excuse the unit, with a reason. Errors: Http404, Forbidden."""
    kept = requests_visible(request.actor, clock.today()).values("pk")
    rows = FigureAnswer.objects.select_related("question__request__unit", "unit", "division")
    found = rows.filter(pk=answer_id, question__request__in=kept).first()
    steps = {"send-back": actions.send_back, "excuse": actions.excuse}
    if found is None or move not in steps:
        raise Http404
    try:
        steps[move](given=found, reason=request.POST.get("reason", ""), by=request.actor)
    except RequestRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise Forbidden(what=_("退回或免报"), whose=_("承办这件要数的单位"), how=str(refusal)) from refusal
    else:
        words = _("已退回%(unit)s,理由随件送达。") if move == "send-back" else _("已记%(unit)s免报。")
        messages.success(request, words % {"unit": found.unit.label})
    return redirect("web:figure-request", request_id=found.question.request_id)
