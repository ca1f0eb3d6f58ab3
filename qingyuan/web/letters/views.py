"""The year's letters and the live score of one."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import may_issue_letters
from qingyuan.web.context import WebRequest
from qingyuan.web.letters import listing
from qingyuan.web.letters.access import day_of, letter_named, stamp_of
from qingyuan.web.letters.archives import shelf_of
from qingyuan.web.letters.curve import curve_of
from qingyuan.web.letters.paper import issuable
from qingyuan.web.letters.score import ScorePage, score_page
from qingyuan.web.letters.sheet import score_workbook
from qingyuan.web.letters.words import state_text, state_tone
from qingyuan.web.shapes import Empty
from qingyuan.web.years import year_tabs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
NO_CONTENT = 204


@require_safe
def letters(request: WebRequest) -> HttpResponse:
    """The letters of the bar's range and year."""
    actor, today, scope = request.actor, clock.today(), request.scope
    year = scope.period.last_day.year
    lines = listing.lines_of(actor, scope.division, year, today)
    may_issue = may_issue_letters(actor, scope.division.pk, today).allowed
    context = {
        "lines": lines,
        "kinds": [
            (of_unit, found) for of_unit in (False, True) if (found := [line for line in lines if line.of_unit is of_unit])
        ],
        "year": year,
        "years": year_tabs(year, reverse("web:letters")),
        "signed": sum(1 for line in lines if line.letter.signed_on),
        "ranged": any(not line.exact for line in lines),
        "earlier": [(one, state_text(one.state)) for one in listing.closed_letters(actor, scope.division, year, today)],
        "issuable": issuable(scope.division, year, today) if may_issue else [],
        "shelf": shelf_of(actor, scope.division, year, today),
        "empty": _nothing(year, may_issue),
    }
    return render(request, "letters/list.html", context)


def _nothing(year: int, may_issue: bool) -> Empty:
    title = _("%(year)s 年还没有责任书") % {"year": year}
    if may_issue:
        return Empty(title, _("先发布当年的考核办法、下达年度指标,再在这里一次制发各乡镇、各成员单位的责任书。"))
    return Empty(title, _("市禁毒办制发后,这里会出现文号、得分和等次。可以在上方换一个年份。"))


@require_safe
@in_chinese
def export(request: WebRequest, suffix: str) -> HttpResponse:
    """What the list shows, cell for cell. Errors: Http404 for another kind of file."""
    today, scope = clock.today(), request.scope
    year = scope.period.last_day.year
    lines = listing.lines_of(request.actor, scope.division, year, today)
    names, rows, notice = listing.headers(), [line.cells for line in lines], listing.about(year, scope.division, today)
    title = _("%(year)s 年责任书") % {"year": year}
    if suffix == "xlsx":
        return as_file(listing.workbook(title, names, rows, notice), f"{title}.xlsx", XLSX)
    if suffix == "csv":
        return as_file(listing.as_csv(names, rows, notice), f"{title}.csv", CSV)
    raise Http404


@require_safe
def score(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """The live score; asked from its own block (a clause opened or closed) only the block."""
    letter = letter_named(request.actor, letter_id)
    context = _context(request, letter)
    fragment = request.htmx and request.htmx.target == "score"
    return render(request, "letters/_score.html" if fragment else "letters/score.html", context)


@require_safe
def live(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """Asked every two seconds by the open page: nothing new is 204, else the block with what moved said aloud."""
    letter = letter_named(request.actor, letter_id)
    if request.GET.get("seen") == stamp_of(letter):
        return HttpResponse(status=NO_CONTENT)
    context = _context(request, letter)
    response = render(request, "letters/_score.html", context)
    was, now = request.GET.get("was", "")[:16], context["page"].tile.value
    words = (
        _("得分由 %(was)s 变为 %(now)s") % {"was": was, "now": now}
        if was and was != now
        else _("数字已更新,得分没有变")
    )
    response["HX-Trigger"] = json.dumps({"qingyuan:say": {"text": words, "tone": "success"}})
    return response


def _context(request: WebRequest, letter: Letter) -> dict[str, Any]:
    page = _page(request, letter)
    parties = letter.parties.get("second", {}).get("posts", [])
    return {
        "letter": letter,
        "page": page,
        "stamp": stamp_of(letter),
        "state": state_text(letter.state),
        "tone": state_tone(letter.state),
        "responsible": [
            (role, [post["title"] for post in parties if post["responsibility"] == key])
            for key, role in (("first", _("第一责任人")), ("direct", _("直接责任人")))
        ],
        "successor": letter.addenda.first() if letter.closed_reason else None,
    }


def _page(request: WebRequest, letter: Letter) -> ScorePage:
    opened = request.GET.get("open", "").split(",")
    return score_page(letter, day_of(letter), request.actor, opened=opened, order=request.GET.get("order", "")[:8])


@require_safe
def curve(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """The card of the year's line: heavy to reckon the first time, so the page asks for it when it stands."""
    letter = letter_named(request.actor, letter_id)
    context = {"curve": curve_of(letter, day_of(letter), request.actor), "letter": letter}
    return render(request, "letters/_curve.html" if request.htmx else "letters/curve.html", context)


@require_safe
@in_chinese
def sheet(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """The score sheet as a workbook, with every clause explained, as this reader sees it."""
    letter = letter_named(request.actor, letter_id)
    page = score_page(letter, day_of(letter), request.actor, opened=None, order="sheet")
    name = _("%(title)s 得分单.xlsx") % {"title": letter.title}
    return as_file(score_workbook(page), name, XLSX)


def as_file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
