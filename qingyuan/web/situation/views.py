from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.papers.permissions import may_draft
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.organisation.models import Unit
from qingyuan.situation import document
from qingyuan.situation.queries import results, town_table
from qingyuan.web.context import WebRequest
from qingyuan.web.figures import about, figures_only
from qingyuan.web.reads import log_read
from qingyuan.web.situation import presenters

PAPERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


@figures_only
def situation(request: WebRequest) -> HttpResponse:
    """The page of the chosen division and period. ``layer``: which figure the map shows. Errors: Forbidden."""
    asked = about(request)
    page = presenters.page(asked, layer=request.GET.get("layer", ""))
    drafts = may_draft(request.actor, asked.on).allowed
    return render(request, "situation/situation.html", {"page": page, "asked": asked, "may_draft": drafts})


@figures_only
def circular(request: WebRequest, kind: str) -> HttpResponse:
    """The same figures, closed as on the page, as an official circular. Errors: Forbidden, Http404 for another kind."""
    if kind not in PAPERS:
        raise Http404
    # An official document is Chinese, whatever language its maker reads pages in.
    with override(settings.LANGUAGE_CODE):
        return _circular(request, kind)


def _circular(request: WebRequest, kind: str) -> HttpResponse:
    asked, on = about(request), clock.today()
    division, period = asked.division, asked.period
    report = results(**asked.asked)
    table = town_table(**asked.asked)
    unit = Unit.objects.get(pk=request.actor.unit_id or 0)
    paper = document.circular(
        report=report,
        towns=table if any(table.values()) else {},
        issuer=unit.name,
        on=on,
        # The number is given when the paper is signed; the office writes it in.
        doc_number=_("  〔%(year)d〕  号") % {"year": on.year},
    )
    render_paper, media = PAPERS[kind]
    log_read(request, "export", "situation", (), reason=f"{division.code} {period} {kind}")
    response = HttpResponse(render_paper(paper), content_type=media)
    name = _("%(place)s%(period)s禁毒工作情况通报") % {
        "place": division.name,
        "period": period.label_zh.replace(" ", ""),
    }
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response
