"""The register of papers (文书登记簿): every number that was given, withdrawn ones too, by unit, year, form and state.

Papers between units come from ``papers_visible``, papers to persons from ``served_visible``; a person stands in neither list.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.casework.enums import PaperKind, PaperState, ServedState, ServiceWay
from qingyuan.casework.models import Paper, ServedPaper
from qingyuan.casework.papers.permissions import papers_visible
from qingyuan.casework.serving import queries as reads
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese, said
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.web.context import WebRequest
from qingyuan.web.papers.access import paper_decisions, require_papers
from qingyuan.web.papers.words import state_tone
from qingyuan.web.reads import log_read
from qingyuan.web.serving.forms import FilterForm
from qingyuan.web.serving.presenters import TONES, Tab, title_of
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table, pages

PAPERS, PEOPLE = "papers", "people"
PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Book:
    """One of the two registers for one reader: ``rows`` as asked, ``form`` to ask otherwise; ``closed``: numbers whose person is
    sealed, which open nothing."""

    of: str
    rows: Any
    form: FilterForm
    asked: Mapping[str, str]
    closed: frozenset[UUID] = frozenset()


@require_safe
def register(request: WebRequest) -> HttpResponse:
    _require(request)
    book = _book(request)
    query = urlencode({"of": book.of, **book.asked})
    here = reverse("web:serving-register")
    text = request.GET.get("page", "")
    number = int(text) if text.isdigit() and len(text) < 8 else 1
    numbers = pages(number, PER_PAGE, book.rows.count(), f"{here}?{query}&page=")
    shown = list(book.rows[numbers.first - 1 if numbers.total else 0 : numbers.until])
    context = {
        "tabs": _tabs(request, book.of),
        "table": _table(book, shown),
        "pages": numbers,
        "form": book.form,
        "of": book.of,
        "query": query,
        "filtered": bool(book.asked),
    }
    return render(request, "serving/register.html", context)


@require_safe
@in_chinese
def export(request: WebRequest) -> HttpResponse:
    """What the list shows, cell for cell."""
    _require(request)
    book = _book(request)
    columns = [Column(f"c{place}", label, Kind.TEXT) for place, label in enumerate(_headers(book.of))]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    target = io.BytesIO()
    rows = [[cell.text for cell in cells] for cells in _lines(book, book.rows)]
    notice = "  ".join([*fiction, request.actor.unit_name])
    write_export(target, title=_("文书登记簿"), columns=columns, rows=rows, notice=notice)
    log_read(request, "export", reads.LEDGER if book.of == PEOPLE else "papers", ())
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    name = _("文书登记簿 %(unit)s.xlsx") % {"unit": request.actor.unit_name}
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _tabs(request: WebRequest, of: str) -> list[Tab]:
    here = reverse("web:serving-register")
    found = [Tab(_("公文"), f"{here}?of={PAPERS}", of == PAPERS)] if any(paper_decisions(request)) else []
    if reads.reads_any(request.actor):
        found.append(Tab(_("送人员的文书"), f"{here}?of={PEOPLE}", of == PEOPLE))
    return found


def _book(request: WebRequest) -> Book:
    on = clock.today()
    may = reads.reads_any(request.actor)
    of = request.GET.get("of", PEOPLE if may else PAPERS)
    if of != PEOPLE and not any(paper_decisions(request)):
        of = PEOPLE  # a clinic has papers to persons and no others
    return _of_people(request, on) if of == PEOPLE and may else _of_papers(request, on)


def _require(request: WebRequest) -> None:
    """Errors: Forbidden for who reads neither papers between units nor rows that have papers to persons."""
    if not reads.reads_any(request.actor):
        require_papers(request)


def _of_papers(request: WebRequest, on: date) -> Book:
    seen = papers_visible(request.actor, on)
    kinds = [(str(kind), str(label)) for kind, label in PaperKind.choices]
    states = [(str(state), str(label)) for state, label in PaperState.choices]
    form = _filters(request, seen, "issue__year", kinds, states)
    asked = form.asked()
    names = {"unit": "unit_id", "year": "issue__year", "kind": "kind", "state": "state"}
    rows = seen.filter(**{names[name]: value for name, value in asked.items()})
    rows = rows.select_related("unit", "issue__template").order_by("-issue__year", "issue__word", "-issue__serial", "-created_at")
    return Book(PAPERS, rows, form, asked)


def _of_people(request: WebRequest, on: date) -> Book:
    # What was closed with its person keeps its line: a number, no name, nothing to open.
    closed = frozenset(reads.closed_numbers(request.actor).order_by().values_list("pk", flat=True))
    seen = reads.served_visible(request.actor, on) | ServedPaper.objects.filter(pk__in=closed).select_related("unit", "division")
    kinds = [(one.code, said(one.title)) for one in reads.forms_read_by(request.actor)]
    states = [(str(state), str(label)) for state, label in ServedState.choices]
    form = _filters(request, seen, "year", kinds, states)
    asked = form.asked()
    names = {"unit": "unit_id", "year": "year", "kind": "form", "state": "state"}
    rows = seen.filter(**{names[name]: value for name, value in asked.items()})
    return Book(PEOPLE, rows.order_by("-year", "word", "-serial", "-drafted_at"), form, asked, closed)


def _filters(
    request: WebRequest, seen: Any, year: str, kinds: list[tuple[str, str]], states: list[tuple[str, str]]
) -> FilterForm:
    """What one can choose: units and years that stand in what this person sees."""
    pairs = seen.order_by().values_list("unit_id", "unit__short_name", "unit__name", year).distinct()
    units: dict[str, str] = {}
    years = set()
    for unit_id, short, name, of_year in pairs:
        units[str(unit_id)] = short or name
        years.add(of_year)
    found = sorted(units.items(), key=lambda pair: pair[1])
    return FilterForm(
        request.GET, units=found, years=sorted(filter(None, years), reverse=True), kinds=kinds, states=states
    )


def _headers(of: str) -> list[str]:
    how = [_("送达方式"), _("送达日期")] if of == PEOPLE else [_("签发"), _("模板")]
    return [_("文书号"), _("文种或文书"), _("单位"), _("编号日期"), _("格式版本") if of == PEOPLE else _("标题"), *how, _("状态")]


def _lines(book: Book, rows: Iterable[Any]) -> list[list[Cell]]:
    return [_served_line(one, one.pk in book.closed) if book.of == PEOPLE else _paper_line(one) for one in rows]


def _served_line(paper: ServedPaper, closed: bool) -> list[Cell]:
    mark = _("已封存 · 核验码 %(code)s") % {"code": reads.code_of(paper)} if closed else ""
    return [
        Cell(paper.number or _("(未编号)"), href="" if closed else reverse("web:served-paper", args=[paper.pk]), note=mark),
        Cell(title_of(paper)),
        Cell(paper.unit.label),
        Cell(_iso(paper.issued_on)),
        Cell(_("第 %(version)d 版") % {"version": paper.form_version}),
        Cell(str(ServiceWay(paper.way).label) if paper.way else "", note=_("拒收") if paper.refused else ""),
        Cell(_iso(paper.served_on)),
        Cell(str(ServedState(paper.state).label), tone=TONES[ServedState(paper.state)], note=paper.closed_reason),
    ]


def _paper_line(paper: Paper) -> list[Cell]:
    issue = getattr(paper, "issue", None)
    template = issue.template if issue is not None else None
    version = _("本单位模板第 %(version)d 版") % {"version": template.version} if template is not None else _("系统版式")
    return [
        Cell(paper.number or _("(未编号)"), href=reverse("web:paper", args=[paper.pk])),
        Cell(str(PaperKind(paper.kind).label)),
        Cell(paper.unit.label),
        Cell(_iso(issue.issued_on) if issue is not None else ""),
        Cell(paper.title),
        Cell(paper.approver_name),
        Cell(version if issue is not None else ""),
        Cell(str(PaperState(paper.state).label), tone=state_tone(paper.state), note=paper.closed_reason),
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _table(book: Book, shown: list[Any]) -> Table:
    rows = [Row(cells) for cells in _lines(book, shown)]
    hint = _("换一个单位、年度或状态,或清除筛选。") if book.asked else _("文书编号以后登记在这里,撤回、作废的号也留着。")
    empty = Empty(_("没有符合条件的文书"), hint)
    return Table([Header(label) for label in _headers(book.of)], rows, empty, caption=_("文书登记簿"))
