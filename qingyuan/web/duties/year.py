"""The city's year: its plan and its summary, as pages and as papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.enums import PaperState
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import NotAllowed, may_draft
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.governance import year_drafts, year_papers
from qingyuan.governance.enums import NeedState
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.queries.year_book import OVER, YearBook, opened
from qingyuan.governance.queries.year_book import book as read_book
from qingyuan.governance.rules.duty_plans import TaskState
from qingyuan.governance.year_drafts import Of
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.duties import presenters
from qingyuan.web.duties.views import WIDE
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.years import YearTab, year_tabs

FORMS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


@dataclass(frozen=True)
class Signed:
    """The paper made of the plan or of the summary: where it stands. ``paper`` None: none is made yet."""

    paper: Paper | None
    state: str
    tone: str


@dataclass(frozen=True)
class NextYear:
    """What this year leaves to the next: how many units have a plan of it, and how many tasks go on into it."""

    year: int
    href: str
    plans: int
    units: int
    left: int


def _book(request: WebRequest) -> YearBook:
    """The year of the bar's place. Errors: Forbidden for who does not read all units."""
    if not request.actor.has_role(*WIDE):
        raise Forbidden(what=_("全市年度计划和总结"), whose=_("市禁毒办"), how=_("本单位的在“年度任务”里。"))
    year = request.scope.plan_year
    return read_book(city=request.scope.division, year=year, reader=request.actor, on=clock.today())


@require_safe
def book(request: WebRequest) -> HttpResponse:
    """Plan or summary of the year as a page. Errors: Forbidden."""
    found = _book(request)
    return _page(request, found, closing=request.GET.get("of") == Of.SUMMARY)


def _page(request: WebRequest, found: YearBook, *, closing: bool) -> HttpResponse:
    address, today = reverse("web:year-book"), clock.today()
    context = {
        "book": found,
        "closing": closing,
        "tabs": [
            YearTab(_("年度计划"), address, not closing),
            YearTab(_("年度总结"), f"{address}?of=summary", closing),
        ],
        "years": [one for one in year_tabs(found.year, address) if not one.current],
        "of": Of.SUMMARY if closing else Of.PLAN,
        "signed": _signed(request, found, Of.SUMMARY if closing else Of.PLAN),
        "before": _signed_before(request, found) if not closing else None,
        "may_draft": may_draft(request.actor, today).allowed and request.actor.has_role(Role.COMMISSION_CLERK),
        "next": _next(request, found) if closing else None,
        "units": presenters.unit_lines(found.units, [], found.on),
        "done": found.count(*OVER),
        "late": found.count(TaskState.LATE),
        "risk": found.count(TaskState.RISK),
        "money": number_text((found.money / 10_000).normalize()) if found.money else "0",
        "needs": [(state.label, found.needs.get(state, 0)) for state in NeedState if state is not NeedState.WITHDRAWN],
    }
    return render(request, "duties/year.html", context)


def _signed(request: WebRequest, found: YearBook, of: Of, back: int = 0) -> Signed:
    made = year_drafts.made_of(of, found.city, found.year - back, request.actor.unit_id)
    if made is None:
        return Signed(None, _("还没有起草公文"), "soon")
    state = PaperState(made.state)
    out = state in (PaperState.ISSUED, PaperState.SERVED, PaperState.ARCHIVED)
    return Signed(made, f"{made.number} · {state.label}" if made.number else str(state.label), "good" if out else "soon")


def _signed_before(request: WebRequest, found: YearBook) -> Signed | None:
    """Last year's summary, where it is made: the plan begins where it ended."""
    before = _signed(request, found, Of.SUMMARY, back=1)
    return before if before.paper is not None else None


def _next(request: WebRequest, found: YearBook) -> NextYear | None:
    """None while the year still runs."""
    if found.on.year <= found.year:
        return None
    year = found.year + 1
    left = sum(one.standing.state not in OVER for unit in found.units for one in unit.tasks)
    plans = opened(request.actor, found.on, year)
    return NextYear(year, f"{reverse('web:year-book')}?period={year}", plans, len(found.units), left)


@require_POST
def draft(request: WebRequest, of: str) -> HttpResponse:
    """Make the plan or the summary a paper to be signed. Errors: Forbidden, Http404."""
    if of not in list(Of):
        raise Http404
    found, actor = _book(request), request.actor
    if not actor.has_role(Role.COMMISSION_CLERK):
        raise Forbidden(what=_("起草年度计划和总结"), whose=_("市禁毒办"), how=_("由市禁毒办工作人员起草,领导在“公文”里签发。"))
    try:
        made = year_drafts.draft(of=Of(of), book=found, by=actor, on=found.on)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('web:year-book')}?of={of}")
    except NotAllowed as refusal:
        raise Forbidden(what=_("起草公文"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    messages.success(request, _("已按台账起草,核对文字后送签;签发、编号、送达都在公文里办。"))
    return redirect("web:paper", paper_id=made.pk)


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
