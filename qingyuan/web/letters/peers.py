"""Beside towns of its kind: a difference that chance alone makes is never shown as a place in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import people_behind, question
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator
from qingyuan.indicators.matrix import Terms
from qingyuan.indicators.queries import evaluate
from qingyuan.web.charts.funnel import limits

#: Fewer people in execution than this and one of them moves the rate by more than 3 %.
ENOUGH = 30
FEW = 5
CASELOAD, TESTING = "R25", "R05"


@dataclass(frozen=True)
class Beside:
    """A word for the tile and the line below it."""

    word: str
    note: str


def beside(letter: Letter, on: date, *, own: bool) -> Beside:
    """How the town's testing compares with the whole city's, or why it is not compared."""
    caseload = evaluate(question(CASELOAD, letter.city_id, on)).value(letter.division_id).value
    if caseload is None or caseload < ENOUGH:
        return Beside(_("不排名"), _too_few(int(caseload or 0), own))
    matrix = evaluate(question(TESTING, letter.city_id, on))
    people = people_behind(matrix.indicator, matrix.terms(letter.division_id))
    if not own and people is not None and people < FEW:
        return Beside(_("不排名"), _("涉及人数少于 5 的数字不作比较"))
    return compared(matrix.indicator, matrix.terms(letter.division_id), matrix.terms(letter.city_id))


def _too_few(caseload: int, own: bool) -> str:
    if own:
        return _("在执行 %(count)s 人,样本不足以比较") % {"count": caseload}
    return _("在执行不足 %(enough)s 人,样本不足以比较") % {"enough": ENOUGH}


def compared(indicator: Indicator, town: Terms, city: Terms) -> Beside:
    """Wilson's interval around the city's rate, as in the funnel (see charts.funnel).

    How wide it is follows from how many answers the town's rate rests on: of a weighted rate those of its sample, since the
    weights add up to people who were never asked.
    """
    done, due = town[NUMERATOR], town[DENOMINATOR]
    trials = town[indicator.sample] if indicator.sample else due
    all_done, all_due = city[NUMERATOR], city[DENOMINATOR]
    if not due or not trials or not all_due or done is None or all_done is None:
        return Beside(_("不排名"), _("本年还没有应检的人,无从比较"))
    low, high = limits(float(all_done / all_due), float(trials))
    rate = float(done / due)
    if rate < low:
        return Beside(_("检测偏低"), _("应检尽检率低于全市,差别不像偶然"))
    if rate > high:
        return Beside(_("检测偏高"), _("应检尽检率高于全市,差别不像偶然"))
    return Beside(_("不排名"), _("应检尽检率与全市的差别可能只是偶然"))
