"""The page «公平比较» of one indicator: a picture and a table that call different only what is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.fair.table import BAR, FEWEST
from qingyuan.indicators.query import BadQuery
from qingyuan.situation.queries.fair import Beside, PlaceBeside, beside, can_compare
from qingyuan.web import charts
from qingyuan.web.context import WebRequest
from qingyuan.web.fair_words import group_text, group_tone, size_text
from qingyuan.web.figures import About, about, figures_only

SIZE = "size"


@dataclass(frozen=True)
class Row:
    """One place: its words, its numbers where they are open, and where they open."""

    name: str
    href: str
    rows_href: str
    rate: str
    done: str
    due: str
    word: str
    tone: str
    size: str
    difference: str


@dataclass(frozen=True)
class Way:
    """One way to compare, as a tab."""

    label: str
    href: str
    current: bool
    note: str = ""


@figures_only
def fair(request: WebRequest, code: str) -> HttpResponse:
    """Places right below the bar's one, by one indicator. Errors: Forbidden, Http404."""
    asked = about(request)
    try:
        item = catalogue.get(code, asked.period.last_day)
    except UnknownIndicator as error:
        raise Http404(str(error)) from error
    mix = request.GET.get("mix", "")
    if mix and item.breakdown(mix) is None:
        raise Http404
    by_size = request.GET.get("beside") == SIZE
    try:
        found = beside(code=code, mix=mix, by_size=by_size, **asked.asked)
    except BadQuery as error:
        return render(request, "indicators/no_such_period.html", {"asked": asked, "item": item, "why": error})
    ways = [
        Way(_("与全部比"), _address(asked, code), not by_size and not mix),
        Way(_("与同规模比"), _address(asked, code, beside=SIZE), by_size),
        *(
            Way(_("按%(title)s的构成比") % {"title": said(one.title)}, _address(asked, code, mix=one.column), mix == one.column)
            for one in (() if item.sample else item.breakdowns)
        ),
    ]
    context = {
        "asked": asked,
        "item": item,
        "found": found,
        "ways": ways,
        "rows": [_row(line, asked, code) for line in _in_order(found)] if found else [],
        "funnel": _picture(found, asked, code) if found else None,
        "comparable": can_compare(item),
        "bar": BAR,
        "fewest": FEWEST,
        "apart": _apart(found) if found else "",
    }
    return render(request, "indicators/fair.html", context)


def _address(asked: About, code: str, **more: str) -> str:
    return f"{reverse('web:indicator-fair', args=[code])}?{asked.query(**more)}"


def _in_order(found: Beside) -> list[PlaceBeside]:
    """By the code of the place, never by its rate: a place in the list would be read as a rank."""
    return sorted(found.lines, key=lambda line: line.figure.division.code)


def _row(line: PlaceBeside, asked: About, code: str) -> Row:
    figure = line.figure
    opens = figure.division.level != "village"
    here = figure.division.code
    whole = figure.numerator is not None and figure.denominator is not None
    return Row(
        name=figure.division.name,
        href=asked.indicator(code, division=here) if opens else "",
        rows_href=asked.rows(code, division=here) if opens else "",
        rate=figure.text,
        done=f"{figure.numerator:,.0f}" if whole else "—",
        due=f"{figure.denominator:,.0f}" if whole else "—",
        word=group_text(line.groups),
        tone=group_tone(line.groups),
        size=size_text(line.size),
        difference=_points(line.difference),
    )


def _points(difference: float | None) -> str:
    if difference is None:
        return "—"
    return _("%(points)s 个百分点") % {"points": f"{difference:+.1f}".replace("-", "−")}


def _apart(found: Beside) -> str:
    words = _("全表 %(count)s 个地方一起判:如果各地其实一样,二十张这样的表里,最多一张会有地方被误称为“明显不同”。")
    text = words % {"count": found.compared}
    if found.spread > 1:
        more = _("同一个人的几次相互关联,已按 %(times)s 次当一次折算。")
        text += more % {"times": f"{found.spread:.1f}"}
    return text


def _picture(found: Beside, asked: About, code: str) -> charts.Funnel | None:
    """Only what is open is drawn. The lines stand where the table judges."""
    samples = []
    for line in found.lines:
        figure = line.figure
        if figure.numerator is None or not figure.denominator:
            continue
        samples.append(
            charts.Sample(
                name=figure.division.name,
                done=int(figure.numerator),
                due=int(figure.denominator),
                href=asked.rows(code, division=figure.division.code) if figure.division.level != "village" else "",
                small=figure.denominator < BAR,
                outside=group_tone(line.groups) == "apart",
            )
        )
    title = said(found.indicator.title)
    return charts.funnel(samples, title=title, whole=found.centre, z=found.z, spread=found.spread)
