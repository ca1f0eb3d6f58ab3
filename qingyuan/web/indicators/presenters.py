"""Indicators in the words and shapes of the page; closed figures carry only why and how to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.governance.forms.catalogue import all_forms, get_form
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.enums import Better, IndicatorKind
from qingyuan.indicators.query import BadQuery
from qingyuan.reference.period_words import period_label
from qingyuan.situation.queries import (
    Part,
    Reading,
    Series,
    SliceFigure,
    TownFigure,
    read,
    read_all,
    series,
    slices,
    towns,
)
from qingyuan.situation.queries.closing import Late
from qingyuan.situation.queries.fair import can_compare
from qingyuan.web import charts, shapes
from qingyuan.web.figures import About, Cell, FigureTable, Line, closed_number, late_entries
from qingyuan.web.templatetags.look import short_month

FORM = "form"
GROUPS = (
    ("E", gettext_lazy("打击与缴获")),
    ("AD", gettext_lazy("打击与缴获")),
    ("LC", gettext_lazy("打击与缴获")),
    ("P", gettext_lazy("宣传预防")),
    ("R", gettext_lazy("戒治与帮教")),
    ("G", gettext_lazy("毒情与治理")),
)
KINDS = {
    IndicatorKind.FLOW: gettext_lazy("期内发生数"),
    IndicatorKind.STOCK: gettext_lazy("期末存量"),
    IndicatorKind.DISTINCT: gettext_lazy("去重人数"),
    IndicatorKind.RATIO: gettext_lazy("比率"),
    IndicatorKind.MEAN: gettext_lazy("平均数"),
    IndicatorKind.COHORT: gettext_lazy("分批跟踪"),
    IndicatorKind.EXTERNAL: gettext_lazy("上报数"),
}


@dataclass(frozen=True)
class Entry:
    """One indicator of the catalogue."""

    reading: Reading
    href: str
    rows_href: str
    kind: str
    closed: shapes.Closed | None
    late: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    lines: list[Entry]


@dataclass(frozen=True)
class ShownPart:
    part: Part
    href: str
    closed: shapes.Closed | None


@dataclass(frozen=True)
class Split:
    """The figure by one column; ``people`` = told only on the page of the place concerned."""

    title: str
    by: str
    column: str
    figures: list[SliceFigure]
    only_own: bool


@dataclass(frozen=True)
class Page:
    reading: Reading
    kind: str
    direction: str
    closed: shapes.Closed | None
    href: str
    parts: list[ShownPart]
    months: Series | None
    chart: charts.LineChart | None
    places: list[TownFigure]
    place_table: FigureTable
    splits: list[Split]
    split_tables: list[tuple[str, shapes.Table]]
    late: Late | None = None
    fair_href: str = ""


def groups(about: About) -> list[Group]:
    """The catalogue in its three groups, in the order of the codes."""
    found: dict[str, list[Entry]] = {}
    for reading in read_all(**about.asked):
        code = reading.indicator.code
        title = next((str(title) for prefix, title in GROUPS if code.startswith(prefix)), _("其他"))
        late = late_entries(reading, about)
        words = late.words if late else ""
        line = Entry(reading, about.indicator(code), about.rows(code), kind_words(reading), _closed(reading), words)
        found.setdefault(title, []).append(line)
    order = list(dict.fromkeys(str(title) for _prefix, title in GROUPS))
    return [Group(title, found[title]) for title in sorted(found, key=lambda t: order.index(t) if t in order else 9)]


def page(code: str, about: About) -> Page:
    """Everything the page of one indicator shows, and its export. Raises BadQuery for a period it does not have."""
    reading = read(code=code, **about.asked)
    months = _series(code, about)
    places = towns(code=code, **about.asked)
    splits = [_split(reading, item.column, item.title, about) for item in reading.indicator.breakdowns]
    return Page(
        reading=reading,
        kind=kind_words(reading),
        direction=direction_words(reading),
        closed=_closed(reading),
        href=about.rows(code),
        parts=[_part(reading, part, about) for part in reading.parts],
        months=months,
        chart=_chart(reading, months, about) if months else None,
        places=places,
        place_table=_places(reading, places, about),
        splits=splits,
        split_tables=[(split.by, _slices(reading, split, about)) for split in splits],
        late=late_entries(reading, about),
        fair_href=f"{reverse('web:indicator-fair', args=[code])}?{about.query()}" if places and can_compare(reading.indicator) else "",
    )


def kind_words(reading: Reading) -> str:
    return str(KINDS[reading.indicator.kind])


def direction_words(reading: Reading) -> str:
    """Which way is good; figures that fall when people look away are not judged."""
    if reading.indicator.monitor_only or reading.indicator.better is Better.NONE:
        return _("只监测,不评好坏")
    return _("越高越好") if reading.indicator.better is Better.UP else _("越低越好")


def month_name(page_months: Series, number: int) -> str:
    month = page_months.months[number]
    return period_label(month)


def plain_number(value: Decimal | None, decimals: int) -> str:
    return "—" if value is None else f"{value:,.{decimals}f}"


def _closed(reading: Reading) -> shapes.Closed | None:
    if not reading.closed:
        return None
    text = _("人数不足 5") if reading.state is Shown.FEW else _("不显示")
    return closed_number(reading.state, text, reading.division)


def _part(reading: Reading, part: Part, about: About) -> ShownPart:
    closed = None
    if part.closed:
        closed = closed_number(Shown.FEW if "5" in part.text else Shown.HIDDEN, part.text, reading.division)
    return ShownPart(part, about.rows(reading.indicator.code, part.key), closed)


def _series(code: str, about: About) -> Series | None:
    try:
        found = series(code=code, **about.asked)
    except BadQuery:
        return None
    return found if len(found.months) > 1 else None


def _chart(reading: Reading, months: Series, about: About) -> charts.LineChart:
    years = {month.start.year for month in months.months}
    labels = [short_month(month.start) if len(years) == 1 else f"{month.start:%y.%m}" for month in months.months]
    code = reading.indicator.code
    hrefs = [about.rows(code, period=str(month)) for month in months.months]
    return charts.line_chart(
        labels,
        [
            charts.Series(_("去年同期"), [_float(value) for value in months.before], "then", _("去年同期")),
            charts.Series(_("今年"), [_float(value) for value in months.now], "now", _("今年"), hrefs),
        ],
        title=said(reading.indicator.title),
        unit=said(reading.indicator.unit),
        whole=reading.indicator.decimals == 0,
        from_zero=reading.indicator.unit != "%",
    )


def _places(reading: Reading, places: list[TownFigure], about: About) -> FigureTable:
    titles = [_value_title(reading)]
    if reading.indicator.denominator is not None:
        titles += [said(reading.indicator.numerator.title), said(reading.indicator.denominator.title)]
    if reading.indicator.proportion:
        titles.append(_("95% 区间"))
    titles.append(_("同比"))
    return FigureTable(titles, [_place(reading, figure, about) for figure in places])


def _place(reading: Reading, figure: TownFigure, about: About) -> Line:
    """A closed place opens on whose it is; villages have no page of their own."""
    opens = figure.division.level != "village"
    code, place = reading.indicator.code, figure.division.code
    cells = [Cell(figure.text, about.rows(code, division=place) if opens else "")]
    if reading.indicator.denominator is not None:
        cells += [Cell(plain_number(figure.numerator, 0)), Cell(plain_number(figure.denominator, 0))]
    if reading.indicator.proportion:
        cells.append(Cell(figure.interval or "—"))
    cells.append(Cell(figure.change or "—"))
    return Line(figure.division.name, about.indicator(code, division=place) if opens else "", cells)


def _value_title(reading: Reading) -> str:
    return _("%(title)s(%(unit)s)") % {"title": said(reading.indicator.title), "unit": said(reading.indicator.unit)}


def _split(reading: Reading, column: str, title: str, about: About) -> Split:
    code = reading.indicator.code
    figures = [_named(column, figure) for figure in slices(code=code, column=column, **about.asked)]
    only_own = reading.indicator.people and not figures
    return Split(said(title), _("按%(title)s") % {"title": said(title)}, column, figures, only_own)


def _named(column: str, figure: SliceFigure) -> SliceFigure:
    """A return by its title: the room of situation does not know the forms."""
    if column == FORM and figure.code in {form.code for form in all_forms()}:
        return replace(figure, name=f"{figure.code} {said(get_form(figure.code).title)}")
    return figure


def _slices(reading: Reading, split: Split, about: About) -> shapes.Table:
    headers = [
        shapes.Header(split.title),
        shapes.Header(_value_title(reading), numeric=True),
        shapes.Header(_("去年同期"), numeric=True),
        shapes.Header(_("同比"), numeric=True),
    ]
    code = reading.indicator.code
    lines = [
        shapes.Row(
            [
                shapes.Cell(figure.name),
                shapes.Cell(
                    figure.text, numeric=True, href=about.rows(code, breakdown=split.column, slice=figure.code)
                ),
                shapes.Cell(figure.before_text, numeric=True),
                shapes.Cell(figure.change or "—", numeric=True),
            ]
        )
        for figure in split.figures
    ]
    hint = _("涉及个人的分项只在本单位页面显示。") if split.only_own else _("本期没有记录。")
    return shapes.Table(headers, lines, shapes.Empty(_("没有分项"), hint), caption=split.by)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
