"""The forecast of the year's end in words: what it says, what it rests on, and where none is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.forecast import forecast_of, turns_on_few
from qingyuan.governance.queries.score import score_letter
from qingyuan.governance.rules.forecast import ClauseOutlook, Forecast, NoForecast, Span
from qingyuan.governance.rules.outlook import Basis
from qingyuan.organisation.actor import Actor
from qingyuan.web.letters.words import points_text, span_text

WHY_NONE: Final = {
    NoForecast.TOO_EARLY: gettext_lazy("头几个月的数太少,4 月 30 日起预计"),
    NoForecast.TOO_FEW: gettext_lazy("已到期的事项不足 20 件,说不准,不预计"),
    NoForecast.MOSTLY_BY_HAND: gettext_lazy("多数分由人评定或者还没有数,不预计"),
    NoForecast.OVER: gettext_lazy("已到年末,以得分为准"),
}
WHY_HELD: Final = {
    "manual": gettext_lazy("由人评定,不预计"),
    "return": gettext_lazy("上报数,不预计"),
    "no_number": gettext_lazy("还没有数,不预计"),
    "not_counted": gettext_lazy("不是可数的件数,按现在的得分计"),
}
CLOSED: Final = gettext_lazy("有条款涉及人数少于 5,预计只给本单位看")


@dataclass(frozen=True)
class ForecastRow:
    id: str
    title: str
    of: str
    now: str
    ahead: str
    note: str


@dataclass(frozen=True)
class ForecastPage:
    """``value`` is empty where there is no forecast; then ``note`` says why."""

    value: str
    span: str
    note: str
    also: str
    rows: tuple[ForecastRow, ...]
    rests_on: tuple[str, ...]


def forecast_page(letter: Letter, on: date, reader: Actor) -> ForecastPage:
    """As this reader may see it: others than the unit get no more than whole points, and none where few people count."""
    score = score_letter(letter, on, reader)
    if not score.own and (any(clause.hidden for clause in score.clauses) or turns_on_few(letter, on)):
        return _none(str(CLOSED))
    made = forecast_of(letter, on)
    if isinstance(made, NoForecast):
        return _none(str(WHY_NONE[made]))
    return _page(made, own=score.own)


def _none(why: str) -> ForecastPage:
    return ForecastPage("", "", why, "", (), ())


def _page(made: Forecast, *, own: bool) -> ForecastPage:
    span = made.total if own else _wider(made.total)
    return ForecastPage(
        value=points_text(span.middle),
        span=span_text(span.low, span.high),
        note=_sure(made.total),
        also=_by_hand(made),
        rows=tuple(map(_row, made.clauses)) if own else (),
        rests_on=(
            _("用本单位今年各月末的数和已经排好的应做事项;每个数推到年末 400 次,每次都按责任书的考核办法计分。"),
            _("已到期的看办成了多少(近月的分量重些),没到期的按同样的把握;本单位的数少时参照全市各乡镇的平均。"),
            _late(made),
            _("年终指全年的事都补录完以后;区间取 400 次里居中的八成三;真的年份比推算的差别大些,在 200 多个编造的年份里试过,这样的区间十次有八次落得准。"),
            _("不预计人的评定、上报数和否决事项;今后做法一变,预计就变。它不是目标,不进考核。"),
        ),
    )


def _late(made: Forecast) -> str:
    if not made.looks:
        return _("录入晚的没有算:今年还看不出月末以后补录多少(满一个月的月末还没有,或者那时台账还没有启用)。")
    return _(
        "录入晚的也算进去:今年最近 %(count)s 个月末,当天台账里还没有、后来才补录的有多少,就当今天也还差这么多;"
        "差的补录后,多出来的按同样的把握,原来缺的改算办成。"
    ) % {"count": made.looks}


def _wider(span: Span) -> Span:
    """To whole points outwards: a half point of one missed window is not told to others."""
    whole = Decimal(1)
    return Span(span.low // whole, -(-span.high // whole), span.middle.quantize(whole), span.chance)


def _sure(span: Span) -> str:
    if span.as_aimed:
        return _("八成把握")
    return _("约 %(chance)s%% 的把握(分是一档一档的)") % {"chance": round(span.chance * 100)}


def _by_hand(made: Forecast) -> str:
    if not made.by_hand:
        return ""
    return _("另有至多 %(points)s 分待人评定,不在内") % {"points": points_text(made.by_hand)}


def _row(clause: ClauseOutlook) -> ForecastRow:
    span = clause.span
    if span is None:
        ahead, note = "", str(WHY_HELD.get(clause.why_not, WHY_HELD["not_counted"]))
    else:
        ahead = span_text(span.low, span.high)
        note = ";".join(_basis(said(label), basis) for label, basis in clause.bases)
    now = points_text(clause.now) if clause.now is not None else ""
    return ForecastRow(clause.id, said(clause.title), points_text(clause.of), now, ahead, note)


def _basis(label: str, basis: Basis) -> str:
    words = {"label": label, "done": basis.done, "of": basis.of, "more": basis.to_come}
    late = round(basis.late)
    tail = _(",估计还有 %(late)s 没有录入") % {"late": late} if late else ""
    if basis.done == basis.of and not basis.to_come:
        return _("%(label)s:至今 %(done)s") % words + tail
    if not basis.to_come:
        return _("%(label)s:至今 %(of)s 办成 %(done)s") % words + tail
    return _("%(label)s:至今 %(of)s 办成 %(done)s,已排好还没到期的 %(more)s") % words + tail
