"""Engagement by unit and month: who is behind with what, and the duties behind each count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Instruction, Return, SupervisionOrder, UnitTask
from qingyuan.governance.queries import engagement as reads
from qingyuan.governance.queries.engagement import Duty, Tally
from qingyuan.organisation.models import Unit
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table
from qingyuan.web.templatetags.look import month_label


@require_safe
def overview(request: WebRequest) -> HttpResponse:
    """Units by months of the bar's range and period. Errors: Forbidden for accounts without a range."""
    scope, today = _scope(request), clock.today()
    found = reads.duties(request.actor, today, division_id=scope.division.pk, period=scope.period)
    table = reads.by_unit_and_month(found)
    units = Unit.objects.filter(pk__in=table).select_related("division").order_by("division__code", "code")
    context = {
        "table": _overview(list(units), table, scope.period, today),
        "kinds": _kinds([tally for months in table.values() for tally in months.values()]),
    }
    return render(request, "orders/engagement.html", context)


def _scope(request: WebRequest) -> Any:
    if not request.actor.grants or request.scope is None:
        raise Forbidden(what=_("履职情况"), how=_("您的账号没有区划范围,请向安全管理员申请。"))
    return request.scope


def _months(period: Period, on: date) -> list[Period]:
    """The months of the period that have begun, the last twelve at most."""
    return [month for month in period.months() if month.start <= on][-12:]


def _overview(units: Sequence[Unit], table: dict[int, dict[str, Tally]], period: Period, on: date) -> Table:
    months = _months(period, on)
    headers = [Header(_("单位"))]
    headers += [Header(month_label(month), numeric=True) for month in months]
    headers += [Header(_("到期"), numeric=True), Header(_("没有按时"), numeric=True), Header(_("至今没办"), numeric=True)]
    rows = []
    for unit in units:
        here = reverse("web:orders-engagement-unit", args=[unit.pk])
        whole = reads.total(table[unit.pk].values())
        cells = [Cell(unit.label, href=here)]
        cells += [_month_cell(table[unit.pk].get(str(month)), f"{here}?month={month}") for month in months]
        cells += [Cell(str(whole.due), numeric=True), Cell(str(whole.late), numeric=True), Cell(str(whole.open), numeric=True)]
        rows.append(Row(cells))
    empty = Empty(_("这一时期没有到期的事"), _("报表、督办单、批示、年度任务到了期限才计入;换一个时期看看。"))
    return Table(headers, rows, empty, caption=_("各单位没有按时办的事"))


def _month_cell(tally: Tally | None, href: str) -> Cell:
    """How many were not done by their day; a month in which nothing was due says so by a dash."""
    if tally is None:
        return Cell("", numeric=True)
    return Cell(str(tally.late), href=href if tally.late else "", numeric=True)


def _kinds(tallies: Sequence[Tally]) -> list[tuple[str, int, int, int]]:
    """(words, due, late, open) of each kind of duty."""
    whole = reads.total(tallies)
    return [(str(reads.WORDS[fact][0]), *whole.by_fact[fact]) for fact in reads.SUBJECTS if fact in whole.by_fact]  # type: ignore[misc]


@require_safe
def unit(request: WebRequest, unit_id: int) -> HttpResponse:
    """The duties of one unit, each opening what it is about. Errors: Http404 where this reader sees none of them, Forbidden."""
    scope, today = _scope(request), clock.today()
    found = reads.duties(request.actor, today, division_id=scope.division.pk, period=scope.period, unit_id=unit_id)
    whose = Unit.objects.filter(pk=unit_id).first()
    if whose is None or not found:
        raise Http404
    months = {str(month) for month in _months(scope.period, today)}
    chosen = request.GET.get("month", "")
    shown = [duty for duty in found if duty.is_late() and (not chosen or duty.month == chosen)]
    if chosen and chosen not in months:
        raise Http404
    context = {
        "whose": whose,
        "month": period_label(Period.parse(chosen)) if chosen else "",
        "table": _duty_table(shown),
        "kinds": _kinds([tally for one in reads.by_unit_and_month(found).values() for tally in one.values()]),
    }
    return render(request, "orders/engagement_unit.html", context)


def _duty_table(found: Sequence[Duty]) -> Table:
    headers = [Header(_("什么事")), Header(_("期限")), Header(_("办的日期")), Header(_("情况"))]
    titles = _titles(found)
    rows = []
    for duty in found:
        title, href = titles.get((duty.fact, duty.row_id), (_("(已作废)"), ""))
        late, never = reads.WORDS[duty.fact]
        rows.append(
            Row(
                [
                    Cell(title, href=href, note=str(late)),
                    Cell(duty.due_on.isoformat()),
                    Cell(duty.done_on.isoformat() if duty.done_on else ""),
                    Cell(_("逾期") if duty.done_on else str(never), tone="soon" if duty.done_on else "late"),
                ]
            )
        )
    return Table(headers, rows, Empty(_("都按时办了"), _("这一时期到期的事没有逾期的。")), caption=_("没有按时办的事"))


def _titles(found: Sequence[Duty]) -> dict[tuple[str, UUID], tuple[str, str]]:
    """(fact, row) → the words of its line and where it opens."""
    ids: dict[str, list[UUID]] = {}
    for duty in found:
        ids.setdefault(duty.fact, []).append(duty.row_id)
    titles: dict[tuple[str, UUID], tuple[str, str]] = {}
    for filed in Return.objects.filter(series_id__in=ids.get(reads.RETURNS, []), superseded_at=None).order_by("version"):
        words = _("%(form)s %(period)s") % {"form": said(get_form(filed.form).title), "period": period_label(filed.month)}
        titles[reads.RETURNS, filed.series_id] = (words, reverse("web:return", args=[filed.pk]))
    for order in SupervisionOrder.objects.filter(pk__in=ids.get(reads.ORDERS, [])):
        titles[reads.ORDERS, order.pk] = (f"{order.number} {order.subject}", reverse("web:order", args=[order.pk]))
    for row in Instruction.objects.filter(pk__in=ids.get(reads.INSTRUCTIONS, [])):
        href = reverse("web:ledger-row", args=["instructions", row.pk])
        titles[reads.INSTRUCTIONS, row.pk] = (f"{row.document_number} {row.content[:40]}", href)
    for task in UnitTask.objects.filter(pk__in=ids.get(reads.TASKS, [])):
        titles[reads.TASKS, task.pk] = (task.task[:60], reverse("web:ledger-row", args=["unit_tasks", task.pk]))
    return titles
