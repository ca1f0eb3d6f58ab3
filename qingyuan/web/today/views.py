from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.journeys.todo import sources
from qingyuan.journeys.todo.others import others
from qingyuan.web.context import WebRequest
from qingyuan.web.reads import log_read
from qingyuan.web.today.figures import figures
from qingyuan.web.today.lines import lines

SHOWN = 14


@require_safe
def today(request: WebRequest) -> HttpResponse:
    """One's own work first, then the figures of the chosen range and period."""
    on, actor = clock.today(), request.actor
    mine, waiting = sources.mine(actor, on), others(actor, request.scope.division, request.scope.period, on)
    named = [job.about for job in mine[:SHOWN] if job.about is not None]
    if named:
        # Names stand on this page; the look at them is written down like any other.
        log_read(request, "list", "today", named)
    context = {
        "mine": lines(mine[:SHOWN]),
        "mine_more": max(len(mine) - SHOWN, 0),
        "others": lines(waiting[:SHOWN]),
        "others_more": max(len(waiting) - SHOWN, 0),
        "pressing": sum(1 for job in mine if job.is_pressing(on)),
        "total": len(mine),
        "figures": figures(request.scope, actor, on),
        "day": on,
    }
    return render(request, "today/today.html", context)
