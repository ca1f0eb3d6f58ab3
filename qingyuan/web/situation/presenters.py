"""The situation page in the words and pictures of the page; every number carries the address it opens on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.value import SMALL_SAMPLE
from qingyuan.situation.queries import (
    BadQuery,
    Figure,
    Results,
    SliceFigure,
    TownFigure,
    read,
    results,
    series,
    slices,
    town_table,
    towns,
)
from qingyuan.situation.queries.places import TABLE
from qingyuan.web import charts, shapes
from qingyuan.web.figures import About, Cell, FigureTable, Line, closed_number, late_entries
from qingyuan.web.templatetags.look import short_month

LAYERS = ("G10", "G09", "R25", "E01")
CASES, WEIGHT, TESTED = "E01", "E04", "R05"
ROUTE, DRUG = "origin", "drug"
TRENDS = ("G09", "R25")


@dataclass(frozen=True)
class Piece:
    """A stretch of the paragraph: words, an open number with its address, or a closed one."""

    text: str
    href: str = ""
    closed: shapes.Closed | None = None
    returned: bool = False


@dataclass(frozen=True)
class Layer:
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Map:
    tiles: charts.TileMap
    unit: str
    title: str
    layers: list[Layer]
    closed: int


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars. ``share`` in hundredths of the largest."""

    name: str
    text: str
    share: int
    change: str
    before: str
    href: str


@dataclass(frozen=True)
class Trend:
    """A stock month by month."""

    title: str
    href: str
    chart: charts.LineChart | None


@dataclass(frozen=True)
class Page:
    pieces: list[Piece]
    notes: tuple[str, ...]
    cases: charts.LineChart | None
    map: Map | None
    trends: list[Trend]
    tested: charts.Funnel | None
    tested_closed: int
    routes: list[Bar]
    drugs: list[Bar]
    table: FigureTable | None
    below: str


def page(about: About, *, layer: str = "") -> Page:
    """Everything the page shows, for its reader."""
    report = results(**about.asked)
    layer = layer if layer in LAYERS else LAYERS[0]
    below = towns(code=layer, **about.asked)
    drawn = _map(about, layer, below)
    funnel, closed = _tested(about)
    return Page(
        pieces=pieces(about, report),
        notes=report.notes,
        cases=_months(about, CASES, _("破获毒品案件"), links=True),
        map=drawn,
        trends=[_trend(about, code) for code in (TRENDS[:1] if drawn else TRENDS)],
        tested=funnel,
        tested_closed=closed,
        routes=_bars(about, ROUTE),
        drugs=_bars(about, DRUG),
        table=_table(about) if below else None,
        below=_("乡镇(街道)") if drawn else _("下级区划"),
    )


def pieces(about: About, report: Results) -> list[Piece]:
    """The paragraph: what is not a number is plain words."""
    found = [Piece(about.division.name)]
    for sentence in report.sentences:
        for fragment in sentence:
            found.append(_number(about, fragment) if isinstance(fragment, Figure) else Piece(fragment))
            if isinstance(fragment, Figure) and (late := _late(about, fragment)):
                found.append(Piece(f"({late})", href=about.as_now.indicator(fragment.indicator)))
    return found


def _late(about: About, figure: Figure) -> str:
    """What came in after the closing of the period, beside a figure that stands in the paragraph as itself."""
    if about.closed_at is None or about.chose or figure.closed or figure.part != "value" or figure.slice:
        return ""
    late = late_entries(read(code=figure.indicator, **about.asked), about)
    return late.words if late else ""


def _number(about: About, figure: Figure) -> Piece:
    if figure.closed:
        state = Shown.FEW if "5" in figure.text else Shown.HIDDEN
        return Piece(str(figure), closed=closed_number(state, str(figure), about.division))
    if figure.slice:
        href = about.rows(figure.indicator, slice=figure.slice, breakdown=figure.breakdown)
    elif figure.part == "value":
        href = about.indicator(figure.indicator)
    else:
        href = about.rows(figure.indicator, figure.part)
    return Piece(str(figure), href=href, returned=figure.returned)


def _months(about: About, code: str, title: str, *, links: bool = False) -> charts.LineChart | None:
    try:
        found = series(code=code, **about.asked)
    except BadQuery:
        return None
    now, before = [_plain(value) for value in found.now], [_plain(value) for value in found.before]
    if len(found.months) < 2:
        return None
    years = {month.last_day.year for month in found.months}
    labels = [short_month(month.last_day) if len(years) == 1 else f"{month.last_day:%y.%m}" for month in found.months]
    hrefs = [about.rows(code, period=str(month)) if links else "" for month in found.months]
    adds_up = links
    return charts.line_chart(
        labels,
        [
            charts.Series(_("去年同期"), before, "then", _end(_("去年同期"), before, adds_up)),
            charts.Series(_("今年"), now, "now", _end(_("今年"), now, adds_up), hrefs),
        ],
        title=title,
        unit=said(found.unit),
        whole=True,
        from_zero=True,
    )


def _end(name: str, values: list[float | None], adds_up: bool) -> str:
    """What stands at the end of a line: its sum, for what may be added over months."""
    if not adds_up or any(value is None for value in values):
        return name
    return f"{name} {sum(value or 0 for value in values):,.0f}"


def _map(about: About, layer: str, below: list[TownFigure]) -> Map | None:
    """Towns as tiles; None where they have no place on the schematic map."""
    placed = [figure for figure in below if figure.division.grid_x is not None and figure.division.grid_y is not None]
    if len(placed) < 2:
        return None
    tiles = [
        charts.Tile(
            name=figure.division.name,
            column=figure.division.grid_x or 0,
            row=figure.division.grid_y or 0,
            value=_plain(figure.value),
            shown=figure.text,
            href=about.indicator(layer, division=figure.division.code),
        )
        for figure in placed
    ]
    indicator = catalogue.get(layer, about.period.last_day)
    title = _("各地%(title)s") % {"title": said(indicator.title)}
    return Map(
        charts.tile_map(tiles, title=title), said(indicator.unit), said(indicator.title), _layers(about, layer),
        sum(1 for figure in placed if figure.hidden),
    )  # fmt: skip


def _layers(about: About, current: str) -> list[Layer]:
    names = {"G10": _("每万人在册"), "G09": _("在册人数"), "R25": _("正在执行"), "E01": _("破获案件")}
    return [Layer(names[code], f"?{about.query(layer=code)}", code == current) for code in LAYERS]


def _tested(about: About) -> tuple[charts.Funnel | None, int]:
    """Towns as dots around the rate of the whole, and how many may not be drawn for this reader."""
    below = towns(code=TESTED, **about.asked)
    samples = [
        charts.Sample(
            name=figure.division.name,
            done=int(figure.numerator),
            due=int(figure.denominator),
            href=about.indicator(TESTED, division=figure.division.code) if _is_picked(figure) else "",
            small=figure.denominator < SMALL_SAMPLE,
        )
        for figure in below
        if figure.numerator is not None and figure.denominator
    ]
    whole = read(code=TESTED, **about.asked).amount
    rate = float(whole / 100) if whole is not None else None
    return charts.funnel(samples, title=_("应检尽检率"), whole=rate), sum(1 for figure in below if figure.closed)


def _is_picked(figure: TownFigure) -> bool:
    """Villages are no choice of the bar, so they have no page of their own."""
    return figure.division.level != "village"


def _bars(about: About, column: str) -> list[Bar]:
    return [_bar(about, column, figure) for figure in slices(code=WEIGHT, column=column, **about.asked)]


def _bar(about: About, column: str, figure: SliceFigure) -> Bar:
    return Bar(
        name=figure.name,
        text=figure.text,
        share=round(figure.share * 100),
        change=figure.change,
        before=figure.before_text,
        href=about.rows(WEIGHT, slice=figure.code, breakdown=column),
    )


def _trend(about: About, code: str) -> Trend:
    indicator = catalogue.get(code, about.period.last_day)
    return Trend(said(indicator.title), about.indicator(code), _months(about, code, said(indicator.title)))


def _table(about: About) -> FigureTable:
    """The table of the circular, each open number with its address."""
    columns = town_table(codes=TABLE, **about.asked)
    lines = [
        Line(figures[0].division.name, _place(about, figures[0]), [_cell(about, figure) for figure in figures])
        for figures in zip(*columns.values(), strict=True)
    ]
    return FigureTable(list(columns), lines)


def _place(about: About, figure: TownFigure) -> str:
    return f"?{about.query(division=figure.division.code)}" if _is_picked(figure) else ""


def _cell(about: About, figure: TownFigure) -> Cell:
    opens = _is_picked(figure) and figure.value is not None
    return Cell(figure.text, about.indicator(figure.code, division=figure.division.code) if opens else "")


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
