"""The list with what was looked at, one question with its rows and its road, its steps, the files of an answer, the workbook."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.governance.actions import questions as actions
from qingyuan.governance.models import PatternFile, PatternQuestion
from qingyuan.governance.permissions import may_answer_questions, may_decide_questions, may_read_questions
from qingyuan.governance.queries import questions as reads
from qingyuan.governance.rules.questions import RANGE
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.kept_files import file_response
from qingyuan.web.questions import presenters
from qingyuan.web.reads import log_read
from qingyuan.web.step_forms import StepForm
from qingyuan.web.step_taking import REFUSED, step_named, take_step

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _require_reader(request: WebRequest) -> bool:
    """Whether this reader looks over a range (the office, the inspectors). Errors: Forbidden for who neither asks nor answers."""
    actor, today = request.actor, clock.today()
    whole = may_read_questions(actor, today)
    if whole.allowed or may_decide_questions(actor, today).allowed:
        return True
    if may_answer_questions(actor, today).allowed or may_answer_questions(actor, today, reading=True).allowed:
        return False
    raise Forbidden(what=_("数据问询"), how=whole.reason)


@require_safe
def questions(request: WebRequest) -> HttpResponse:
    """Questions by state; for the office and the inspectors also what was looked at and what was not. Errors: Forbidden."""
    over_range = _require_reader(request)
    actor, today = request.actor, clock.today()
    chosen = presenters.OVER if request.GET.get("of") == presenters.OVER else presenters.UNDER_WAY
    context = {
        "tabs": presenters.tabs(actor, today, chosen),
        "table": presenters.table(actor, today, chosen),
        "look": presenters.look_page(),
        "measured": presenters.measured_table(),
        "measured_on": presenters.measured_words(),
        "over_range": over_range,
    }
    return render(request, "questions/list.html", context)


@require_safe
def export(request: WebRequest) -> HttpResponse:
    """The questions of one's range as a workbook, for the office and the inspectors. Errors: Forbidden."""
    if not _require_reader(request):
        raise Forbidden(what=_("导出数据问询"), how=_("汇总由市禁毒办导出;本单位的一件一件在页面上看。"))
    actor, today = request.actor, clock.today()
    ids = list(reads.questions(actor, today).values_list("pk", flat=True))
    with override(settings.LANGUAGE_CODE):
        columns = [Column(f"c{number}", header) for number, header in enumerate(presenters.export_headers())]
        fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
        notice = _("导出 %(today)s · 问询只是请单位说明,不是结论,不计分、不排名") % {"today": today.isoformat()}
        target = io.BytesIO()
        lines = presenters.export_lines(actor, today)
        write_export(target, title=_("数据问询"), columns=columns, rows=lines, notice="  ".join([*fiction, notice]))
        name = _("数据问询 %(today)s.xlsx") % {"today": today.isoformat()}
    log_read(request, "export", RANGE, ids)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_safe
def one(request: WebRequest, pattern_id: UUID) -> HttpResponse:
    """``?step=`` opens the form of a step that is not the main one. Errors: Http404."""
    return _page(request, _named(request, pattern_id), step=request.GET.get("step", ""))


def _named(request: WebRequest, pattern_id: UUID) -> PatternQuestion:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.find(request.actor, clock.today(), pattern_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: WebRequest, question: PatternQuestion, wrong: StepForm | None = None, step: str = "", status: int = 200
) -> HttpResponse:
    page = presenters.page_of(request.actor, question, clock.today(), wrong, step)
    return render(request, "questions/one.html", {"page": page, "question": question, "opened": step}, status=status)


@require_POST
def take(request: WebRequest, pattern_id: UUID, step: str) -> HttpResponse:
    """Take one step; what was filled in wrongly comes back beside its field. Errors: Http404, Forbidden."""
    question = _named(request, pattern_id)
    declared = step_named(reads.procedure(), step)

    def act(given: dict[str, Any]) -> str:
        taken = actions.take(question=question, step=declared.code, by=request.actor, version=given["version"], given=given)
        return presenters.state_words(taken)

    return take_step(
        request,
        declared=declared,
        form=StepForm(declared, request.POST, request.FILES),
        act=act,
        again=lambda form, code: _page(request, question, form, code, REFUSED),
        back=lambda: redirect("web:question", pattern_id=question.pk),
        forbidden=lambda refusal: Forbidden(what=_("办理数据问询"), whose=question.issuer.label, how=str(refusal)),
    )


@require_safe
def file(request: WebRequest, pattern_id: UUID, kept_id: UUID) -> HttpResponse:
    """A file of an answer as it came in. Errors: Http404."""
    question = _named(request, pattern_id)
    found = get_object_or_404(PatternFile, pk=kept_id, question=question)
    log_read(request, "export", RANGE, [question.pk], reason=found.digest[:12])
    return file_response(found)
