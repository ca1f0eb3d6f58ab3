"""The page behind the box in the bar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.web.context import WebRequest
from qingyuan.web.navigation import BY_NAME
from qingyuan.web.reads import log_read
from qingyuan.web.search.finding import find
from qingyuan.web.search.matching import Text

LONGEST = 60


@require_safe
def search(request: WebRequest) -> HttpResponse:
    """What the box finds; the search is logged with the rows it showed, never with its words."""
    asked = Text.of(request.GET.get("q", "")[:LONGEST])
    groups = find(asked, request.actor, clock.today()) if asked.asked else []
    rows = [hit.row_id for group in groups for hit in group.hits if hit.row_id is not None]
    if asked.asked:
        log_read(request, "search", "search", rows, query=asked.asked)
    context = {
        "groups": groups,
        "search_text": asked.asked,
        "finds_people": request.actor.has_role(*BY_NAME),
    }
    return render(request, "search/search.html", context)
