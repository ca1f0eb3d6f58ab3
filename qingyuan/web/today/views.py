from __future__ import annotations

import io
from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.journeys.todo import sources
from qingyuan.journeys.todo.job import Job
from qingyuan.journeys.todo.others import others
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.web.context import WebRequest
from qingyuan.web.navigation import Count
from qingyuan.web.reads import log_read
from qingyuan.web.shapes import pages
from qingyuan.web.today import BADGE, listing
from qingyuan.web.today.figures import figures
from qingyuan.web.today.lines import lines

SHOWN = 14
#: Overdue work of others that was brought before this person: a card of its own, below what is one's own to do.
BROUGHT, BROUGHT_SHOWN = "escalated", 8
PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def today(request: WebRequest) -> HttpResponse:
    """One's own work first, then the figures of the chosen range and period."""
    on, actor = clock.today(), request.actor
    mine, waiting = sources.mine(actor, on), others(actor, request.scope.division, request.scope.period, on)
    pressing = sum(1 for job in mine if job.is_pressing(on))
    request.counted = {BADGE: Count(pressing, late=True)}
    own, brought = [job for job in mine if job.kind != BROUGHT], [job for job in mine if job.kind == BROUGHT]
    _log_names(request, "list", own[:SHOWN])
    context = {
        "mine": lines(own[:SHOWN], on),
        "brought": lines(brought[:BROUGHT_SHOWN], on),
        "brought_total": len(brought),
        "brought_href": f"{reverse('web:today-all')}?kind={BROUGHT}",
        "others": lines(waiting[:SHOWN], on),
        "others_total": len(waiting),
        "pressing": pressing,
        "total": len(mine),
        "figures": figures(request.scope, actor, on),
        "day": on,
        "all_href": reverse("web:today-all") if mine else "",
        "others_href": f"{reverse('web:today-all')}?side={listing.OTHERS}",
    }
    return render(request, "today/today.html", context)


@require_safe
def everything(request: WebRequest) -> HttpResponse:
    """All of it, by deadline, narrowed as asked."""
    on = clock.today()
    side, jobs, form = _asked(request)
    asked = form.asked
    found = listing.narrowed(jobs, asked, on)
    query = urlencode({**({"side": side} if side != listing.MINE else {}), **asked})
    here = reverse("web:today-all")
    numbers = pages(_page(request), PER_PAGE, len(found), f"{here}?{query}&page=" if query else f"{here}?page=")
    shown = found[numbers.first - 1 if numbers.total else 0 : numbers.until]
    _log_names(request, "list", shown)
    context = {
        "groups": listing.grouped(shown, on),
        "form": form,
        "filtered": bool(asked),
        "side": side,
        "sides": listing.sides_of(request.actor),
        "pages": numbers,
        "query": query,
        "total": len(jobs),
        "pressing": sum(1 for job in jobs if job.is_pressing(on)),
    }
    return render(request, "today/all.html", context)


@require_safe
@in_chinese
def export(request: WebRequest) -> HttpResponse:
    """What the list shows, line for line."""
    side, jobs, form = _asked(request)
    found = listing.narrowed(jobs, form.asked, clock.today())
    columns = [Column(f"c{number}", label, Kind.TEXT) for number, label in enumerate(listing.headers())]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    title = _("等别人办") if side == listing.OTHERS else _("等我办")
    notice = "  ".join([*fiction, request.actor.unit_name, request.actor.name, clock.today().isoformat()])
    target = io.BytesIO()
    write_export(target, title=title, columns=columns, rows=[listing.cells(job) for job in found], notice=notice)
    _log_names(request, "export", found)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    name = _("%(title)s %(day)s.xlsx") % {"title": title, "day": clock.today().isoformat()}
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _asked(request: WebRequest) -> tuple[str, list[Job], listing.TodoFilter]:
    side = request.GET.get("side", listing.MINE)
    if side not in listing.sides_of(request.actor):
        side = listing.MINE
    on = clock.today()
    jobs = listing.everything(request.actor, request.scope, side, on)
    return side, jobs, listing.TodoFilter(request.GET, jobs=jobs, on=on)


def _page(request: WebRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _log_names(request: WebRequest, act: str, jobs: Iterable[Job]) -> None:
    """Names stand on this page; the look at them is written down like any other."""
    named = [job.about for job in jobs if job.about is not None]
    if named:
        log_read(request, act, "today", named)
