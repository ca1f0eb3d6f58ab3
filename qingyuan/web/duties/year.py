"""The city's year: its plan and its summary, as pages and as papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.governance import year_papers
from qingyuan.governance.enums import NeedState
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.queries.year_book import OVER, YearBook
from qingyuan.governance.queries.year_book import book as read_book
from qingyuan.governance.rules.duty_plans import TaskState
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.duties import presenters
from qingyuan.web.duties.views import WIDE
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

FORMS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str = ""


def _book(request: WebRequest) -> YearBook:
    """The year of the bar's place. Errors: Forbidden for who does not read all units."""
    if not request.actor.has_role(*WIDE):
        raise Forbidden(what=_("全市年度计划和总结"), whose=_("市禁毒办"), how=_("本单位的在“年度任务”里。"))
    year = request.scope.period.last_day.year
    return read_book(city=request.scope.division, year=year, reader=request.actor, on=clock.today())


@require_safe
def book(request: WebRequest) -> HttpResponse:
    """Plan or summary of the year as a page. Errors: Forbidden."""
    found = _book(request)
    closing = request.GET.get("of") == "summary"
    address = reverse("web:year-book")
    context = {
        "book": found,
        "closing": closing,
        "tabs": [
            Tab(_("年度计划"), address, not closing),
            Tab(_("年度总结"), f"{address}?of=summary", closing),
        ],
        "units": presenters.unit_lines(found.units, [], found.on),
        "done": found.count(*OVER),
        "late": found.count(TaskState.LATE),
        "risk": found.count(TaskState.RISK),
        "money": number_text((found.money / 10_000).normalize()) if found.money else "0",
        "needs": [(state.label, found.needs.get(state, 0)) for state in NeedState if state is not NeedState.WITHDRAWN],
    }
    return render(request, "duties/year.html", context)


@require_safe
def plan(request: WebRequest, suffix: str) -> HttpResponse:
    return _paper(request, suffix, year_papers.year_plan)


@require_safe
def summary(request: WebRequest, suffix: str) -> HttpResponse:
    return _paper(request, suffix, year_papers.year_summary)


def _paper(request: WebRequest, suffix: str, make: Callable[..., OfficialDocument]) -> HttpResponse:
    """Errors: Forbidden, Http404 for another kind of file."""
    if suffix not in FORMS:
        raise Http404
    # An official document is Chinese, whatever language its maker reads pages in.
    with override(settings.LANGUAGE_CODE):
        found = _book(request)
        issuer = Unit.objects.get(pk=request.actor.unit_id or 0)
        paper = make(book=found, issuer=issuer.name, on=clock.today())
    log_read(request, "export", "unit_tasks", [task.row.pk for one in found.units for task in one.tasks])
    printer, media = FORMS[suffix]
    response = HttpResponse(printer(paper), content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, f"{paper.title}.{suffix}") or "attachment"
    return response
