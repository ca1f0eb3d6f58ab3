from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.web.context import WebRequest
from qingyuan.web.reads import log_read
from qingyuan.web.search.finding import find

LONGEST = 60


@require_safe
def search(request: WebRequest) -> HttpResponse:
    """What the box finds; the search is logged with the rows it showed, never with its words."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = find(text, request.actor, clock.today()) if text else []
    rows = [hit.row_id for group in groups for hit in group.hits if hit.row_id is not None]
    if text:
        log_read(request, "search", "", rows, query=text)
    return render(request, "search/search.html", {"groups": groups, "search_text": text})
