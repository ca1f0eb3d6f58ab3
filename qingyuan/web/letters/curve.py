"""The line of the year and where it fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.curve import CurvePoint, score_curve
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.diff import compare
from qingyuan.organisation.actor import Actor
from qingyuan.web.charts import LineChart, Series, line_chart
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.letters.words import points_text
from qingyuan.web.templatetags.look import short_month


@dataclass(frozen=True)
class Curve:
    chart: LineChart
    words: str


def curve_of(letter: Letter, on: date, reader: Actor) -> Curve:
    """Month-ends of the letter's year and today; where the points are closed, the upper and lower edge."""
    points = score_curve(letter, on, reader)
    labels = [short_month(point.day) for point in points]
    exact = all(point.points is not None for point in points)
    chart = line_chart(labels, _series(points, exact), title=_("今年各月末的得分"), unit=_("分"))
    return Curve(chart, _fall(letter, points) if exact else _("有条款涉及人数少于 5,只画区间;各点按当日的规则算"))


def _series(points: Sequence[CurvePoint], exact: bool) -> list[Series]:
    if exact:
        return [Series(_("得分"), [float(point.low) for point in points])]
    return [
        Series(_("至多"), [float(point.high) for point in points], style="then"),
        Series(_("至少"), [float(point.low) for point in points], style="then"),
    ]


def _fall(letter: Letter, points: Sequence[CurvePoint]) -> str:
    """The steepest fall between two month-ends, with the clause that fell most."""
    falls = [(before.low - after.low, before, after) for before, after in pairwise(points) if after.low < before.low]
    if not falls:
        return _("各月末没有下降")
    _size, before, after = max(falls, key=lambda fall: fall[0])
    moved = compare(tree_of(letter, before.day), tree_of(letter, after.day))
    clause = next((change for change in moved.changes if change.delta < 0), None)
    words = _("%(month)s 月下降 %(points)s 分") % {
        "month": after.day.month,
        "points": points_text(abs(moved.delta or Decimal(0))),
    }
    if clause is None:
        return words
    return f"{words}:{said(clause.title)}({phrased(clause.why[0])})"
