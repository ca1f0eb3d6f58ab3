"""The page of an indicator as a file: the same numbers, the same ones closed."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.indicators.query import known_day
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.ledgers.sheets.values import risky
from qingyuan.web.figures import About
from qingyuan.web.indicators.presenters import Page, month_name, plain_number

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Line = tuple[str, str, str, str, str, str]


def write(target: BinaryIO, kind: str, page: Page, about: About) -> str:
    """Write the file and return its media type. Text in it never becomes a formula."""
    lines, title = list(lines_of(page)), _title(page, about)
    notice = _("演示城市 · 虚构数据") if settings.QINGYUAN_DEMO else ""
    if kind == "xlsx":
        columns = [Column(f"c{number}", header) for number, header in enumerate(_headers())]
        write_export(target, title=title, columns=columns, rows=lines, notice=notice)
        return KINDS[kind]
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerows([[title], *([[notice]] if notice else []), _headers()])
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    text.flush()
    text.detach()
    return KINDS[kind]


def lines_of(page: Page) -> list[Line]:
    """Section, name, this period, last year, change, unit: everything the page shows, in its order."""
    reading = page.reading
    unit, decimals = reading.indicator.unit, reading.indicator.decimals
    lines: list[Line] = [
        (_("本指标"), reading.division.name, reading.text, reading.before_text, reading.change, unit),
    ]
    lines += [(_("组成"), part.title, part.text, "", "", part.unit) for part in reading.parts]
    if page.months is not None:
        lines += [
            (
                _("按月"),
                month_name(page.months, number),
                plain_number(page.months.now[number], decimals),
                plain_number(page.months.before[number], decimals),
                "",
                unit,
            )
            for number in range(len(page.months.months))
        ]
    lines += [(_("分地区"), place.division.name, place.text, "", place.change, unit) for place in page.places]
    for split in page.splits:
        lines += [
            (split.by, figure.name, figure.text, figure.before_text, figure.change, unit) for figure in split.figures
        ]
    return lines


def _headers() -> list[str]:
    return [_("部分"), _("名称"), _("本期"), _("去年同期"), _("同比"), _("单位")]


def _title(page: Page, about: About) -> str:
    words = {
        "title": page.reading.indicator.title,
        "place": about.division.name,
        "period": about.period.label_zh,
    }
    title = _("%(place)s %(period)s %(title)s") % words
    if about.known is None:
        return title
    return _("%(title)s(截至 %(day)s 所知)") % {"title": title, "day": known_day(about.known).isoformat()}


def _safe(cell: str) -> str:
    return f"'{cell}" if risky(cell) and not cell.startswith("+") and cell != "-" else cell
