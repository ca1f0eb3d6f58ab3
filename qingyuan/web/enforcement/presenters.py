"""Exhibits and operations in the words and shapes of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.enforcement.queries import Exhibit, Results
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import number_text
from qingyuan.reference import catalogue
from qingyuan.web import shapes

FINE = "—"


def headers() -> list[tuple[str, bool]]:
    """Every heading, and whether figures stand below it."""
    return [
        (_("案件编号"), False),
        (_("物品"), False),
        (_("扣押"), True),
        (_("取样"), True),
        (_("移交"), True),
        (_("发还"), True),
        (_("销毁"), True),
        (_("在库"), True),
        (_("未入账"), True),
        (_("最近一次"), False),
        (_("问题"), False),
    ]


def table(found: Sequence[Exhibit], *, only_problems: bool) -> shapes.Table:
    made = [shapes.Header(label, numeric=numeric) for label, numeric in headers()]
    if only_problems:
        empty = shapes.Empty(_("没有对不上的物品"), _("扣押数量减去取样、移交、发还、销毁和在库,都等于零。"))
    else:
        empty = shapes.Empty(
            _("还没有涉案财物记录"), _("先导入单位现有的出入库登记。"), _("打开台账"), reverse("web:ledger-list", args=("exhibits",))
        )
    return shapes.Table(made, [_row(one) for one in found], empty, caption=_("涉案财物核对"))


def _row(one: Exhibit) -> shapes.Row:
    query = urlencode({"q": one.case_number, "when": "all"})
    href = f"{reverse('web:ledger-list', args=('exhibits',))}?{query}"
    what = (
        catalogue.get_list("drugs").said(one.drug) if one.drug else catalogue.get_list("exhibit_kinds").said(one.kind)
    )
    unit = catalogue.get_list("quantity_units").said(one.measure)
    figures = [shapes.Cell(number_text(value), numeric=True) for value in amounts(one)]
    return shapes.Row(
        [
            shapes.Cell(one.case_number, note=one.place, href=href),
            shapes.Cell(what, note=_("%(number)s · %(unit)s") % {"number": one.number, "unit": unit}),
            *figures,
            shapes.Cell(one.last_on.isoformat(), note=_("共 %(count)d 步") % {"count": len(one.row_ids)}),
            shapes.Cell(_("对不上") if one.problem else FINE, problem=one.problem),
        ]
    )


def amounts(one: Exhibit) -> list[Decimal]:
    found = one.balance
    return [
        found.seized,
        found.sampled,
        found.transferred,
        found.released,
        found.destroyed,
        found.stored,
        found.unaccounted,
    ]


def sheet(found: Iterable[Exhibit]) -> tuple[list[Column], list[list[Any]]]:
    """The same table for a workbook."""
    labels = headers()
    columns = [
        Column(f"c{number}", label, Kind.DECIMAL if numeric else Kind.TEXT) for number, (label, numeric) in enumerate(labels)
    ]
    columns[-2] = Column("last_on", labels[-2][0], Kind.DATE)
    rows: list[list[Any]] = []
    for one in found:
        code = one.drug or one.kind
        what = catalogue.get_list("drugs" if one.drug else "exhibit_kinds").said(code)
        item = f"{what} {one.number}({catalogue.get_list('quantity_units').said(one.measure)})"
        rows.append([one.case_number, item, *amounts(one), one.last_on, one.problem])
    return columns, rows


@dataclass(frozen=True)
class Line:
    title: str
    span: str
    cracked: int
    major: int
    caught: int
    grams: str


def _span(one: Results) -> str:
    until = one.until.isoformat() if one.until else _("至今")
    return f"{one.start.isoformat()} — {until}"


def lines(found: Iterable[Results]) -> list[Line]:
    return [
        Line(
            title=one.title,
            span=_span(one),
            cracked=one.cracked,
            major=one.major,
            caught=one.caught,
            grams=number_text(one.grams),
        )
        for one in found
    ]
