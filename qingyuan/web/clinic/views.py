"""The clinic's own year of entries into treatment, for its doctors alone. Page and file show the same closed numbers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.treatment import entries as reads
from qingyuan.treatment.actions.entries import ENTRIES
from qingyuan.web import shapes
from qingyuan.web.clinic import closing
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def entries(request: WebRequest) -> HttpResponse:
    """One year of the own clinic. Errors: Forbidden, Http404 for a year in which nobody entered."""
    on = clock.today()
    _allowed(request, Action.READ)
    year = _year(request, on)
    found = reads.tabulated(request.actor, year, on)
    shown = closing.shown(found)
    log_read(request, "list", ENTRIES, (), reason=str(year))
    tables = [(item.title, _table(item, shown.split)) for item in shown.items]
    context = {
        "shown": shown,
        "unasked": found.unasked,
        "years": reads.years(request.actor, on),
        "tables": [(title, table) for title, table in tables if table.rows],
        "closed": [title for title, table in tables if not table.rows],
        # While the year runs, two files of different days would tell the difference between them.
        "may_export": year < on.year and bool(shown.items) and _may(request, Action.EXPORT),
        "running": year == on.year,
    }
    return render(request, "clinic/entries.html", context)


@require_safe
def export(request: WebRequest) -> HttpResponse:
    """A year that is over, as a workbook. Errors: Forbidden, Http404."""
    on = clock.today()
    _allowed(request, Action.EXPORT)
    year = _year(request, on)
    if year >= on.year:
        raise Http404
    log_read(request, "export", ENTRIES, (), reason=str(year))
    return _workbook(request, year, on)


@in_chinese
def _workbook(request: WebRequest, year: int, on: date) -> HttpResponse:
    shown = closing.shown(reads.tabulated(request.actor, year, on))
    columns = [Column(f"c{place}", header, Kind.TEXT) for place, header in enumerate((_("项目"), _("情况"), _("全部"), _("其中首次治疗")))]
    rows = [[_("全年入治(人)"), "", shown.everyone, shown.first_ever]]
    for item in shown.items:
        rows += [[item.title, one.label, one.everyone, one.first_ever] for one in item.rows] or [[item.title, _("人数太少,不列"), "", ""]]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    notice = "  ".join([*fiction, request.actor.unit_name, on.isoformat(), _("每人一年只计一次;“<5”为 1 至 4 人,“—”为防止推算而不列")])
    target = BytesIO()
    title = _("%(year)s 年入治情况汇总") % {"year": year}
    write_export(target, title=title, columns=columns, rows=rows, notice=notice)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx") or "attachment"
    return response


def _may(request: WebRequest, action: Action) -> bool:
    return may(request.actor, action, compartment=Compartment.TREATMENT, ledger=ENTRIES, on=clock.today()).allowed


def _allowed(request: WebRequest, action: Action) -> None:
    """Errors: Forbidden for everybody but a clinic's doctors."""
    if not _may(request, action):
        raise Forbidden(
            what=_("入治情况汇总"),
            whose=_("本医疗机构的医生"),
            how=_("治疗记录和由它汇总的数字只在本机构;别的单位看得到的,只有机构签字报出的月汇总数。"),
        )


def _year(request: WebRequest, on: date) -> int:
    """Errors: Http404."""
    asked, there = request.GET.get("year", ""), reads.years(request.actor, on)
    if not asked:
        return there[0]
    if not (asked.isascii() and asked.isdigit()) or len(asked) > 4 or int(asked) not in there:
        raise Http404
    return int(asked)


def _table(item: closing.ShownItem, split: bool) -> shapes.Table:
    headers = [shapes.Header(_("情况")), shapes.Header(_("全部"), numeric=True)]
    if split:
        headers.append(shapes.Header(_("其中首次治疗"), numeric=True))
    rows = []
    for one in item.rows:
        if one.everyone == "0":
            continue  # answers that nobody gave would make the page three times as long; the file has them
        cells = [shapes.Cell(one.label), shapes.Cell(one.everyone, numeric=True)]
        rows.append(shapes.Row([*cells, shapes.Cell(one.first_ever, numeric=True)] if split else cells))
    return shapes.Table(headers, rows, shapes.Empty(_("人数太少,不列"), _("列出来就能推算出不足 5 人的数。")), item.title)
