"""Whether every exhibit comes out, and what an operation came to, for the unit that handles the cases."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.enforcement import queries
from qingyuan.enforcement.queries import Exhibit
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.enforcement import presenters
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

PER_PAGE: Final = 50
ALL: Final = "all"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def exhibits(request: WebRequest) -> HttpResponse:
    """Exhibits that do not come out; ``?show=all`` every one. Errors: Forbidden for whoever keeps no exhibits."""
    _allowed(request, "exhibits", Action.READ, _("涉案财物核对"))
    found, every = _asked(request, Action.READ)
    problems = sum(1 for one in found if one.problem)
    chosen = found if every else [one for one in found if one.problem]
    here = reverse("web:exhibits")
    pages = shapes.pages(_page(request), PER_PAGE, len(chosen), f"{here}?show={ALL}&page=" if every else f"{here}?page=")
    shown = chosen[max(pages.first - 1, 0) : pages.until]
    log_read(request, "list", "exhibits", [row_id for one in shown for row_id in one.row_ids])
    context = {
        "table": presenters.table(shown, only_problems=bool(found) and not every),
        "pages": pages,
        "every": every,
        "total": len(found),
        "problems": problems,
        "may_export": may(request.actor, Action.EXPORT, compartment=Compartment.ENFORCEMENT, ledger="exhibits", on=clock.today()).allowed,
    }
    return render(request, "enforcement/exhibits.html", context)


@require_safe
def export(request: WebRequest) -> HttpResponse:
    """The table of the page, all of it, as a workbook."""
    _allowed(request, "exhibits", Action.EXPORT, _("导出涉案财物核对表"))
    found, every = in_chinese(_asked)(request, Action.EXPORT)
    chosen = found if every else [one for one in found if one.problem]
    log_read(request, "export", "exhibits", [row_id for one in chosen for row_id in one.row_ids])
    return _workbook(chosen, every)


@in_chinese
def _workbook(chosen: Sequence[Exhibit], every: bool) -> HttpResponse:
    columns, rows = presenters.sheet(chosen)
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    about = _("全部物品") if every else _("对不上的物品")
    target = BytesIO()
    write_export(target, title=_("涉案财物核对表"), columns=columns, rows=rows, notice="  ".join([*fiction, about]))
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, _("涉案财物核对表.xlsx")) or "attachment"
    return response


@require_safe
def operation(request: WebRequest, operation_id: UUID) -> HttpResponse:
    """What an operation came to, counted from its cases. Errors: Http404, the same for one that is not there."""
    on = clock.today()
    _allowed(request, "operations", Action.READ, _("专项行动成果"))
    found = queries.operation_named(request.actor, operation_id, on)
    if found is None:
        raise Http404
    log_read(request, "detail", "operations", [found.pk])
    context = {
        "operation": found,
        "lines": presenters.lines(queries.operation_results(request.actor, found, on)),
    }
    return render(request, "enforcement/operation.html", context)


def _asked(request: WebRequest, action: Action) -> tuple[list[Exhibit], bool]:
    return queries.exhibits(request.actor, clock.today(), action=action), request.GET.get("show", "") == ALL


def _page(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _allowed(request: WebRequest, ledger: str, action: Action, what: str) -> None:
    decision = may(request.actor, action, compartment=Compartment.ENFORCEMENT, ledger=ledger, on=clock.today())
    if not decision.allowed:
        raise Forbidden(what=what, whose=_("办案的公安机关"), how=_("需要数字的,看“指标”“形势”;需要核对个案的,向办案单位发函。"))
