"""试算: what the draft would have given last year, letter by letter, before anybody publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.models import SchemeDraft
from qingyuan.governance.queries.scheme_drafts import Checked, checked, content_of
from qingyuan.governance.queries.scheme_trial import ClauseEffect, LetterEffect, Span, Trial, letters_tried, trial
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.web.context import WebRequest
from qingyuan.web.letters.access import letter_named
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.schemes.access import draft_named
from qingyuan.web.schemes.views import draft_line

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Line:
    """A letter with both totals in words; ``moved`` counts the clauses that differ."""

    effect: LetterEffect
    place: str
    before: str
    after: str
    delta: str
    tone: str
    moved: int


def year_of(request: WebRequest) -> int:
    """The year asked for, else the bar's. Errors: Http404 for what is no year."""
    text = request.GET.get("year", "")
    if not text:
        return request.scope.period.last_day.year
    if not text.isdecimal() or len(text) != 4 or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Http404
    return int(text)


def day_in(year: int, today: date) -> date:
    """The last day of a year that is over, else today."""
    return min(date(year, 12, 31), today)


def _checked(kept: SchemeDraft) -> tuple[Checked | None, int]:
    """The draft where it can be tried; how many things stand in the way."""
    try:
        found = checked(content_of(kept))
    except SchemeUnreadable as error:
        return None, len(error.problems)
    # A version given twice stands in the way of publishing, not of reckoning.
    wrong = [one for one in found.problems if one.where != "全文"]
    if wrong or not found.scheme.groups:
        return None, max(1, len(wrong))
    return found, 0


@require_safe
def effect(request: WebRequest, draft_id: UUID) -> HttpResponse:
    """Every letter of the year: old points, new points, the difference."""
    kept = draft_named(request.actor, draft_id)
    year, today = year_of(request), clock.today()
    found, wrong = _checked(kept)
    lines: list[Line] = []
    if found is not None and year <= today.year:
        letters = letters_tried(request.actor, request.scope.division.pk, year, today, found.scheme)
        lines = [line_of(one) for one in trial(found.scheme, letters, day_in(year, today), request.actor).letters]
    context = {
        "draft": kept,
        "line": draft_line(kept),
        "lines": lines,
        "wrong": wrong,
        "year": year,
        "on": day_in(year, today),
        "years": [today.year - 1, today.year],
        "open_texts": len(found.open_texts) if found else 0,
        "ranged": any(not one.effect.exact for one in lines),
    }
    return render(request, "schemes/effect.html", context)


@require_safe
def effect_of(request: WebRequest, draft_id: UUID, letter_id: UUID) -> HttpResponse:
    """One letter clause by clause. Errors: Http404."""
    kept = draft_named(request.actor, draft_id)
    letter = letter_named(request.actor, letter_id)
    found, wrong = _checked(kept)
    on = day_in(letter.year, clock.today())
    shown: Trial | None = trial(found.scheme, [letter], on, request.actor) if found is not None and letter.year <= on.year else None
    context = {
        "draft": kept,
        "line": draft_line(kept),
        "letter": letter,
        "found": line_of(shown.letters[0]) if shown else None,
        "clauses": [_clause(one) for one in shown.letters[0].clauses] if shown else [],
        "wrong": wrong,
        "on": on,
    }
    return render(request, "schemes/effect_letter.html", context)


def line_of(effect: LetterEffect) -> Line:
    delta = effect.delta if effect.exact else effect.open_delta
    return Line(
        effect,
        effect.letter.addressee,
        _span(effect.before),
        _span(effect.after),
        _delta(delta),
        "" if not delta else "good" if delta > 0 else "late",
        sum(1 for clause in effect.clauses if clause.changed and not clause.closed),
    )


def _span(span: Span) -> str:
    low, high = span
    return plain(low, 2) if low == high else f"{plain(low, 2)} — {plain(high, 2)}"


def _delta(delta: Decimal | None) -> str:
    if delta is None:
        return "—"
    return "0" if not delta else f"{'+' if delta > 0 else ''}{plain(delta, 2)}"


@dataclass(frozen=True)
class ClauseLine:
    id: str
    title: str
    before: str
    after: str
    delta: str
    why: str
    arithmetic: str
    changed: bool
    closed: bool


def _clause(one: ClauseEffect) -> ClauseLine:
    return ClauseLine(
        one.id,
        said(one.title),
        _of(one.before, one.of_before, closed=one.closed),
        _of(one.after, one.of_after, closed=one.closed),
        _delta(one.delta),
        ";".join(map(phrased, one.why)),
        phrased(one.arithmetic),
        one.changed,
        one.closed,
    )


def _of(points: Decimal | None, of: Decimal | None, *, closed: bool) -> str:
    if of is None:
        return _("没有这一条")
    if closed:
        return _("只对本单位开放")
    return f"{_('待定') if points is None else plain(points, 2)} / {plain(of, 2)}"

