"""Outcomes of community measures for the chosen place, and the curve as a file. Both hold the same closed numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from qingyuan.indicators.outcomes.closed import HORIZONS, MONTHS, ShownCurve, ShownShare
from qingyuan.indicators.outcomes.comparing import LIKELY, Apart
from qingyuan.indicators.outcomes.definitions import BY_CODE, DEFINITIONS, KINDS, Definition, Outcome
from qingyuan.indicators.outcomes.people import HAPPENED
from qingyuan.reference.catalogue import get_list
from qingyuan.situation.queries.outcomes import BY_KIND, BY_YEAR, Asked, Beside, Outcomes
from qingyuan.situation.queries.outcomes import outcomes as read_outcomes
from qingyuan.web import charts
from qingyuan.web.context import WebRequest
from qingyuan.web.figures import About, about, figures_only
from qingyuan.web.reads import log_read
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

SHOWN_MONTHS: Final = (3, 6, 12, 24, 36)
FEW: Final = "<5"


@dataclass(frozen=True)
class Way:
    """One way to look, as a tab."""

    label: str
    href: str
    current: bool
    note: str = ""


@require_safe
@figures_only
def outcomes(request: WebRequest) -> HttpResponse:
    """Curves, definitions side by side, competing events, places. Errors: Forbidden, Http404 for a definition or group there is not."""
    place = about(request)
    asked = _asked(request)
    found = read_outcomes(division=place.division, asked=asked, on=place.on)
    definition = BY_CODE[asked.outcome.value]
    curves = found.groups or ((found.whole,) if found.whole is not None else ())
    single = bool(curves) and not found.groups
    context: dict[str, Any] = {
        "place": place,
        "found": found,
        "definition": definition,
        "definitions": [Way(str(one.title), _address(place, asked, of=one.code.value), one is definition) for one in DEFINITIONS],
        "ways": _ways(place, asked),
        "narrowed": _narrowed(place, asked, found),
        "chart": _chart(definition, curves, single=single),
        "table": _by_month(curves[0]) if single else _table(asked, curves),
        "single": single,
        "whole": _whole(curves[0]) if single else "",
        "competing": _competing(asked, curves),
        "readings": _readings(found),
        "funnel": _funnel(found, definition),
        "places": _places(found),
        "test": _test_words(found),
        "export": f"curve.csv?{_query(place, asked)}",
    }
    return render(request, "outcomes/outcomes.html", context)


@require_safe
@figures_only
def export(request: WebRequest) -> HttpResponse:
    """The points of the curves as they are shown, in Chinese. Errors: Forbidden, Http404."""
    place = about(request)
    asked = _asked(request)
    found = read_outcomes(division=place.division, asked=asked, on=place.on)
    log_read(request, "export", "outcomes", (), reason=f"{place.division.code} {asked.outcome.value}")
    with override(settings.LANGUAGE_CODE):
        text = _file(place, asked, found)
        name = _("%(place)s康复成效曲线.csv") % {"place": place.division.name}
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _asked(request: WebRequest) -> Asked:
    """Errors: Http404."""
    of, by = request.GET.get("of", Outcome.LEFT.value), request.GET.get("by", "")
    kind, year = request.GET.get("kind", ""), request.GET.get("cohort", "")
    if of not in BY_CODE or by not in ("", BY_KIND, BY_YEAR) or (year and not year.isdigit()) or len(year) > 4 or len(kind) > 10:
        raise Http404
    return Asked(BY_CODE[of].code, by, kind, year)


def _query(place: About, asked: Asked, **changes: str) -> str:
    chosen = {"of": asked.outcome.value, "by": asked.by, "kind": asked.kind, "cohort": asked.year} | changes
    return place.query() + "&" + urlencode({name: value for name, value in chosen.items() if value})


def _address(place: About, asked: Asked, **changes: str) -> str:
    return "?" + _query(place, asked, **changes)


def _ways(place: About, asked: Asked) -> list[Way]:
    ways = (("", _("不分组")), (BY_KIND, _("按措施")), (BY_YEAR, _("按报到年份")))
    return [Way(label, _address(place, asked, by=by), by == asked.by) for by, label in ways]


def _narrowed(place: About, asked: Asked, found: Outcomes) -> list[Way]:
    """The filters: every measure, every year of reporting."""
    all_kinds = [Way(_("全部措施"), _address(place, asked, kind=""), not asked.kind)]
    kinds = [Way(_name(BY_KIND, kind), _address(place, asked, kind=kind), kind == asked.kind) for kind in found.kinds]
    all_years = [Way(_("全部年份"), _address(place, asked, cohort=""), not asked.year)]
    years = [Way(_name(BY_YEAR, year), _address(place, asked, cohort=year), year == asked.year) for year in found.years]
    return [*all_kinds, *kinds, *all_years, *years]


def _name(by: str, group: str) -> str:
    if by == BY_KIND:
        return get_list("measures").said(group)
    return _("%(year)s 年报到") % {"year": group} if group else _("全部")


def _chart(definition: Definition, curves: tuple[ShownCurve, ...], *, single: bool) -> charts.LineChart | None:
    if not curves:
        return None
    labels = [str(month) if month % 6 == 0 else "" for month in range(MONTHS + 1)]
    band = None
    if single:
        curve = curves[0]
        series = [charts.Series(str(definition.share), _steps(curve, "share"), "now", f"{curve.points[-1].share}%")]
        band = (charts.Series(_("区间下限"), _steps(curve, "low")), charts.Series(_("区间上限"), _steps(curve, "high")))
    else:
        styles = ("now", "then", "plan")
        by = BY_KIND if not curves[0].name.isdigit() else BY_YEAR
        series = [charts.Series(_name(by, one.name), _steps(one, "share"), styles[place % 3], _name(by, one.name)) for place, one in enumerate(curves)]
    title = _("%(what)s的比例(%%),横轴是报到后的月数") % {"what": definition.share}
    return charts.line_chart(labels, series, title=title, unit="%", stepped=True, band=band)


def _steps(curve: ShownCurve, part: str) -> list[float | None]:
    """The step valid at each month; nothing after the curve has ended."""
    return [None if (point := curve.at(month)) is None else getattr(point, part) for month in range(MONTHS + 1)]


def _table(asked: Asked, curves: tuple[ShownCurve, ...]) -> Table:
    headers = [Header(_("组")), Header(_("人数"), numeric=True), Header(_("发生"), numeric=True)]
    headers += [Header(_("%(months)s 个月") % {"months": month}, numeric=True) for month in SHOWN_MONTHS]
    rows = []
    for curve in curves:
        cells = [Cell(_name(asked.by, curve.name)), Cell(str(curve.people), numeric=True)]
        cells.append(Cell(FEW if curve.events is None else str(curve.events), numeric=True))
        rows.append(Row([*cells, *(_at(curve, month) for month in SHOWN_MONTHS)]))
    empty = Empty(_("人数太少,没有曲线"), _("不足 5 人的组不出曲线;换一个范围大些的地方或者不分组。"))
    return Table(headers, rows, empty, _("各时点的比例、区间和还在观察的人数"))


def _by_month(curve: ShownCurve) -> Table:
    """One curve, a line for each point of time: it fits beside the picture."""
    headers = [Header(_("报到以后")), *(Header(label, numeric=True) for label in (_("比例"), _("95% 区间"), _("还在观察")))]
    rows = []
    for month in SHOWN_MONTHS:
        point = curve.at(month)
        told = ("—", "—", "—") if point is None else (f"{point.share}%", "—" if point.low is None else f"{point.low}–{point.high}%", str(point.at_risk))
        rows.append(Row([Cell(_("%(months)s 个月") % {"months": month}), *(Cell(text, numeric=True) for text in told)]))
    return Table(headers, rows, Empty(_("没有可以公开的")), _("各时点的比例、区间和还在观察的人数"))


def _whole(curve: ShownCurve) -> str:
    events = FEW if curve.events is None else str(curve.events)
    return _("共 %(people)s 人次,发生 %(events)s") % {"people": curve.people, "events": events}


def _at(curve: ShownCurve, month: int) -> Cell:
    point = curve.at(month)
    if point is None:
        return Cell("—", numeric=True)
    between = "" if point.low is None else f"{point.low}–{point.high}%"
    words = _("还在观察 %(count)s 人") % {"count": point.at_risk}
    return Cell(f"{point.share}%", " · ".join(one for one in (between, words) if one), numeric=True)


def _competing(asked: Asked, curves: tuple[ShownCurve, ...]) -> Table:
    headers = [Header(_("组")), Header(_("先发生的是"))]
    headers += [Header(_("%(months)s 个月") % {"months": month}, numeric=True) for month in HORIZONS]
    rows = []
    for curve in curves:
        for kind in (HAPPENED, *(one for one in KINDS if one != HAPPENED)):
            told = curve.beside.get(kind)
            if told is not None:
                cells = [_reached(told.get(month)) for month in HORIZONS]
                label = str(BY_CODE[asked.outcome.value].title) if kind == HAPPENED else str(KINDS[kind])
                rows.append(Row([Cell(_name(asked.by, curve.name)), Cell(label), *cells]))
    return Table(headers, rows, Empty(_("没有可以公开的")), _("互相竞争的结果各占多少,每个数下面是 95% 区间"))


def _reached(told: ShownShare | None) -> Cell:
    if told is None:
        return Cell("—", numeric=True)
    between = "" if told.low is None or told.share == told.low == told.high else f"{told.low}–{told.high}%"
    return Cell(f"{told.share}%", between, numeric=True)


def _readings(found: Outcomes) -> Table:
    headers = [Header(_("口径")), *(Header(_("%(months)s 个月") % {"months": month}, numeric=True) for month in HORIZONS)]
    rows = []
    for code, points in found.by_definition.items():
        cells = [Cell("—" if (value := points[month]) is None else f"{value}%", numeric=True) for month in HORIZONS]
        rows.append(Row([Cell(str(BY_CODE[code.value].title), str(BY_CODE[code.value].how)), *cells]))
    apart = [Cell("—" if (gap := found.apart(month)) is None else _("相差 %(points)s 个百分点") % {"points": gap}, numeric=True) for month in HORIZONS]
    rows.append(Row([Cell(_("同一批人,口径之间")), *apart]))
    return Table(headers, rows, Empty(_("没有可以公开的")), _("同一批人按不同口径没有复吸的比例"))


def _apart(one: Beside) -> str:
    if one.apart is None:
        return _("不公开")
    words = {
        Apart.FEW: _("人数或应有的发生数太少,不可比"), Apart.WITHIN: _("差别可能只是偶然"),
        Apart.BEYOND_95: _("差别不像偶然"), Apart.BEYOND_998: _("差别很难说是偶然"),
    }  # fmt: skip
    return words[one.apart]


def _places(found: Outcomes) -> Table:
    numbers = [Header(label, numeric=True) for label in (_("人数"), _("发生"), _("实际与应有之比"))]
    headers = [Header(_("地方")), *numbers, Header(_("与同类相比"))]
    rows = []
    for one in found.places:
        ratio = "—" if one.ratio is None else f"{one.ratio:.1f}"
        events = FEW if one.events is None else str(one.events)
        told = [Cell(text, numeric=True) for text in (str(one.people), events, ratio)]
        rows.append(Row([Cell(one.division.name), *told, Cell(_apart(one))]))
    return Table(headers, rows, Empty(_("下面没有可以比较的地方")), _("各地与同类人应有的发生数相比,按区划代码排列"))


def _funnel(found: Outcomes, definition: Definition) -> charts.Funnel | None:
    """Only places whose numbers are open stand in the picture, with the numbers of the table."""
    beyond = (Apart.BEYOND_95, Apart.BEYOND_998)
    samples = [
        charts.Sample(one.division.name, one.events, one.people, small=one.apart is Apart.FEW, outside=one.apart in beyond)
        for one in found.places
        if one.events and one.apart is not None
    ]
    title = _("%(what)s的比例(%%)与人数") % {"what": definition.title}
    return charts.funnel(samples, title=title) if len(samples) > 1 else None


def _test_words(found: Outcomes) -> str:
    if found.test is None:
        return ""
    return _("各组之间的差别不像偶然。") if found.test.chance < LIKELY else _("各组之间的差别可能只是偶然。")


def _file(place: About, asked: Asked, found: Outcomes) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    definition = BY_CODE[asked.outcome.value]
    writer.writerow([_("地方"), _("口径"), _("组"), _("月"), _("还在观察(取整到 5)"), _("比例%"), _("区间下限%"), _("区间上限%")])
    for curve in found.groups or ((found.whole,) if found.whole else ()):
        for point in curve.points:
            low, high = ("" if one is None else one for one in (point.low, point.high))
            writer.writerow([place.division.name, definition.title, _name(asked.by, curve.name), point.month, point.at_risk, point.share, low, high])
    return out.getvalue()
