"""Months of a place and of the places below it, in the words and shapes of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.scope import in_own_scope, may
from qingyuan.reference.periods import Period
from qingyuan.reference.periods import year as year_of
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose
from qingyuan.situation.queries import closing
from qingyuan.web import shapes
from qingyuan.web.templatetags.look import month_label

TONES = {CloseState.ASKED: "soon", CloseState.CLOSED: "good", CloseState.SENT_BACK: "late", CloseState.REOPENED: "soon"}


@dataclass(frozen=True)
class MonthLine:
    """One month of the place: how far it is, by whom, and the one step this person can take."""

    month: Period
    name: str
    state: str
    tone: str
    said: list[str]
    close: PeriodClose | None = None
    may_ask: bool = False
    may_decide: bool = False
    may_reopen: bool = False

    @property
    def key(self) -> str:
        return str(self.month)


@dataclass(frozen=True)
class Page:
    year: int
    division: Division
    lines: list[MonthLine]
    below: shapes.Table | None
    below_month: Period
    below_open: int = 0


def page(actor: Actor, division: Division, month: Period, on: date) -> Page:
    """``month``: whose state below is listed; its year's months are shown of the place itself."""
    year = month.start.year
    months = [one for one in year_of(year).months() if one.is_complete(on)]
    rows = PeriodClose.objects.filter(division=division, period__in=[str(one) for one in months]).order_by("asked_at")
    newest = {row.period: row for row in rows}
    able = {action: _may(actor, action, division, on) for action in (Action.CREATE, Action.APPROVE)}
    own = in_own_scope(actor, division.pk, on)
    lines = [_line(one, newest.get(str(one)), able, own) for one in reversed(months)]
    below = _below(actor, division, month, on) if month.is_complete(on) else []
    return Page(
        year=year,
        division=division,
        lines=lines,
        below=_below_table(below, month) if below else None,
        below_month=month,
        below_open=sum(1 for _place, close in below if close is None or close.state != CloseState.CLOSED),
    )


def _line(month: Period, close: PeriodClose | None, able: dict[Action, bool], own: bool) -> MonthLine:
    name = month_label(month)
    open_again = close is None or close.state in (CloseState.SENT_BACK, CloseState.REOPENED)
    asks = open_again and own and able[Action.CREATE]
    if close is None:
        return MonthLine(month, name, _("未关账"), "calm", [], may_ask=asks)
    state = CloseState(close.state)
    return MonthLine(
        month=month,
        name=name,
        state=str(state.label),
        tone=TONES[state],
        said=said(close),
        close=close,
        may_ask=asks,
        may_decide=state is CloseState.ASKED and own and able[Action.APPROVE],
        may_reopen=state is CloseState.CLOSED and able[Action.APPROVE],
    )


def said(close: PeriodClose) -> list[str]:
    """What happened to a closing, step by step."""
    steps = [_("%(who)s %(at)s 核对") % {"who": close.asked_by_name, "at": _at(close.asked_at)}]
    if close.note:
        steps.append(_("说明:%(note)s") % {"note": close.note})
    if close.decided_at is not None:
        what = _("退回") if close.state == CloseState.SENT_BACK else _("批准")
        steps.append(f"{close.decided_by_name} {_at(close.decided_at)} {what}")
    if close.refusal:
        steps.append(_("退回原因:%(reason)s") % {"reason": close.refusal})
    if close.reopened_at is not None:
        words = {"who": close.reopened_by_name, "at": _at(close.reopened_at), "reason": close.reopen_reason}
        steps.append(_("%(who)s %(at)s 重开:%(reason)s") % words)
    return steps


def _at(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


def _may(actor: Actor, action: Action, division: Division, on: date) -> bool:
    compartment = Compartment.INTERNAL
    return may(actor, action, compartment=compartment, ledger=closing.LEDGER, division_id=division.pk, on=on).allowed


def _below(actor: Actor, division: Division, month: Period, on: date) -> list[tuple[Division, PeriodClose | None]]:
    """The places right below that close, with the newest closing of the month that this person may see."""
    paths = DivisionPath.objects.on(on).filter(ancestor_id=division.pk, depth=1).values("descendant_id")
    places = list(Division.objects.filter(pk__in=paths).exclude(level="village").order_by("code"))
    rows = closing.closings_visible(actor, on).filter(division__in=places, period=str(month)).order_by("asked_at")
    newest = {row.division_id: row for row in rows}
    return [(place, newest.get(place.pk)) for place in places]


def _below_table(below: list[tuple[Division, PeriodClose | None]], month: Period) -> shapes.Table:
    headers = [shapes.Header(text) for text in (_("地方"), _("状态"), _("经过"))]
    lines = []
    for place, close in below:
        state = str(CloseState(close.state).label) if close else _("未关账")
        tone = TONES[CloseState(close.state)] if close else "calm"
        happened = ";".join(said(close)) if close else ""
        lines.append(shapes.Row([shapes.Cell(place.name), shapes.Cell(state, tone=tone), shapes.Cell(happened)]))
    return shapes.Table(headers, lines, shapes.Empty(""), caption=month.label_zh)
