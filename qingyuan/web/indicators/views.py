from __future__ import annotations

import io

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_chinese
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.definition import Indicator, UnknownPart
from qingyuan.indicators.query import BadQuery
from qingyuan.indicators.unfed import load_unfed
from qingyuan.web.context import WebRequest
from qingyuan.web.figures import About, about, figures_only
from qingyuan.web.indicators import behind, exporting, presenters
from qingyuan.web.reads import log_read


@figures_only
def index(request: WebRequest) -> HttpResponse:
    """Every indicator with its figure for the chosen place and period. Errors: Forbidden."""
    asked = about(request)
    return render(request, "indicators/index.html", {"groups": presenters.groups(asked), "unfed": load_unfed(), "asked": asked})


@figures_only
def indicator(request: WebRequest, code: str) -> HttpResponse:
    """One indicator. ``known``: as known at the end of that day. Errors: Forbidden, Http404."""
    asked = about(request)
    _named(code, asked)
    try:
        page = presenters.page(code, asked)
    except BadQuery as error:
        return render(
            request, "indicators/no_such_period.html", {"asked": asked, "item": _named(code, asked), "why": error}
        )
    context = {"page": page, "asked": asked, "item": page.reading.indicator, "now_href": asked.as_now.indicator(code)}
    return render(request, "indicators/indicator.html", context)


@figures_only
def rows(request: WebRequest, code: str) -> HttpResponse:
    """The rows behind a number: those one may open, and how many and whose the others are. Errors: Forbidden, Http404."""
    asked = about(request)
    item = _named(code, asked)
    chosen = behind.Chosen(
        code=code,
        part=request.GET.get("part", "value"),
        breakdown=request.GET.get("breakdown", ""),
        slice=request.GET.get("slice", ""),
    )
    try:
        found = behind.rows_of(chosen, asked, page=request.GET.get("page", ""))
    except (UnknownPart, BadQuery) as error:
        raise Http404(str(error)) from error
    for block in found.blocks:
        if block.row_ids and block.logged:
            log_read(request, "drill", block.ledger, block.row_ids, query=f"{code} {chosen.part}")
    return render(request, "indicators/rows.html", {"found": found, "asked": asked, "item": item, "chosen": chosen})


@figures_only
def export(request: WebRequest, code: str, kind: str) -> HttpResponse:
    """Exactly what the page of the indicator shows. Errors: Forbidden, Http404 for another kind or period."""
    if kind not in exporting.KINDS:
        raise Http404
    asked = about(request)
    _named(code, asked)
    try:
        page = in_chinese(presenters.page)(code, asked)
    except BadQuery as error:
        raise Http404(str(error)) from error
    log_read(request, "export", "indicators", (), reason=f"{code} {asked.division.code} {asked.period} {kind}")
    return _file(kind, page, asked)


@in_chinese
def _file(kind: str, page: presenters.Page, asked: About) -> HttpResponse:
    content = io.BytesIO()
    media = exporting.write(content, kind, page, asked)
    response = HttpResponse(content.getvalue(), content_type=media)
    name = _("%(title)s %(place)s %(period)s") % {
        "title": page.reading.indicator.title,
        "place": asked.division.name,
        "period": asked.period,
    }
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


def _named(code: str, asked: About) -> Indicator:
    try:
        return catalogue.get(code, asked.period.last_day)
    except UnknownIndicator as error:
        raise Http404(str(error)) from error
