"""A figure over the places right below one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.value import Value
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import TownFigure, closed_text
from qingyuan.situation.queries.showing import Asked, places

#: What the table of places says, in the order of the circular: the same on page and paper.
TABLE = ("E01", "G09", "G10", "R25", "R05")


def towns(
    *, code: str, division: Division, period: Period, reader: Actor, on: date, known: date | None = None
) -> list[TownFigure]:
    """An indicator over the divisions right below ``division``, small numbers closed with complements.

    Raises BadQuery, UnknownIndicator.
    """
    found = places(code, division.pk, Asked(period, reader, on, known))
    divisions = Division.objects.in_bulk(found.matrix.places)
    values = {place: found.matrix.value(place) for place in found.matrix.places}
    shown = [v.value for place, v in values.items() if v.value is not None and found.states[place] is Shown.EXACT]
    top = float(max(shown, default=0))
    return [_figure(divisions[place], value, found.states[place], top) for place, value in values.items()]


def town_table(
    *,
    codes: Sequence[str] = TABLE,
    division: Division,
    period: Period,
    reader: Actor,
    on: date,
    known: date | None = None,
) -> dict[str, list[TownFigure]]:
    """Column title with its unit → figures of every place below, for the page's table and the circular.

    A column of which nothing is known anywhere (registers are not kept by village) is left out.
    """
    table: dict[str, list[TownFigure]] = {}
    asked = Asked(period, reader, on, known)
    for code in codes:
        indicator = places(code, division.pk, asked).matrix.indicator
        title = _("%(title)s(%(unit)s)") % {"title": said(indicator.title), "unit": said(indicator.unit)}
        column = towns(code=code, division=division, period=period, reader=reader, on=on, known=known)
        if any(figure.closed or figure.value is not None for figure in column):
            table[title] = [replace(figure, code=code) for figure in column]
    return table


def _figure(division: Division, value: Value, state: Shown, top: float) -> TownFigure:
    if state is not Shown.EXACT:
        return TownFigure(division, closed_text(state), None, few=state is Shown.FEW, hidden=state is Shown.HIDDEN)
    both = value.indicator.denominator is not None
    return TownFigure(
        division=division,
        text=value.words(),
        shade=float(value.value) / top if top and value.value is not None else None,
        few=False,
        hidden=False,
        value=value.value,
        numerator=value.numerator if both else None,
        denominator=value.denominator,
        change=value.change.words(),
        interval=value.interval.words() if value.interval else "",
    )
