"""The figures beside the work: this period, its months, its change; grey where good and bad may not be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.enums import Better
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.indicators.value import Value
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import in_own_scope
from qingyuan.situation.queries import series
from qingyuan.web import charts
from qingyuan.web.context import ScopeChoice
from qingyuan.web.navigation import FIGURES
from qingyuan.web.templatetags.look import signed
from qingyuan.web.today.lines import link

CODES = ("E01", "E04", "R05", "G11", "G09")
FEW = "<5"


@dataclass(frozen=True)
class Figure:
    title: str
    text: str
    unit: str
    spark: charts.Sparkline | None
    grey: bool
    change: str
    tone: str
    href: str


def figures(scope: ScopeChoice, reader: Actor, on: date) -> list[Figure]:
    """The figures of the chosen range and period, for roles that work with figures."""
    if not reader.has_role(*FIGURES):
        return []
    found = [_figure(code, scope, reader, on) for code in CODES]
    return [figure for figure in found if figure is not None]


def _figure(code: str, scope: ScopeChoice, reader: Actor, on: date) -> Figure | None:
    place = scope.division
    query = IndicatorQuery(indicator=code, period=scope.period, division_ids=(place.pk,), as_of=on)
    try:
        indicator = catalogue.get(code, scope.period.last_day)
        value = evaluate(query).value(place.pk)
        months = series(code=code, division=place, period=scope.period, reader=reader, on=on)
    except (UnknownIndicator, BadQuery):
        return None
    closed = value.turns_on_few and not in_own_scope(reader, place.pk, on)
    spark = charts.sparkline([_number(one) for one in months.now], said(indicator.title))
    href = link("indicator", code)
    return Figure(
        title=said(indicator.title),
        text=FEW if closed else value.words(),
        unit=said(indicator.unit),
        spark=spark,
        grey=not value.coloured or indicator.monitor_only,
        change="" if closed else _change(value),
        tone="" if closed else _tone(value),
        href=f"{href}?{scope.query}" if href else "",
    )


def _change(value: Value) -> str:
    """The change in the little room there is: points of a rate without the long word."""
    if value.change.points:
        return _("%(points)s 点") % {"points": signed(round(value.change.points, 1))}
    return value.change.words() if value.previous is not None else "—"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _tone(value: Value) -> str:
    moved = value.change.absolute
    if not moved or not value.coloured or value.indicator.monitor_only:
        return ""
    return "good" if (moved > 0) == (value.indicator.better is Better.UP) else "late"
