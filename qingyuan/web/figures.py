"""What pages of figures share: who may open them, what they are about, and the addresses behind a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.indicators.disclosure import Shown
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference.periods import Period
from qingyuan.situation.permissions import may_read_figures
from qingyuan.situation.queries import Reading, closing, read
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.shapes import Closed

KNOWN, NOW = "known", "now"


@dataclass(frozen=True)
class About:
    """What a page of figures is about. ``known``: as it was known at the end of that day, or at that moment; None =
    everything recorded. ``closed_at``: since when the period is closed there; then ``known`` is that moment unless the
    reader ``chose`` another day, or «now».
    """

    division: Division
    period: Period
    reader: Actor
    on: date
    known: date | None = None
    closed_at: datetime | None = None
    chose: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """As the queries of situation take it."""
        return {
            "division": self.division,
            "period": self.period,
            "reader": self.reader,
            "on": self.on,
            "known": self.known,
        }

    def query(self, **more: str) -> str:
        """The choice as it stands in an address, with ``more``; empty values are left out."""
        chosen = {"division": self.division.code, "period": str(self.period)}
        if self.chose:
            chosen[KNOWN] = self.chose
        return urlencode({name: value for name, value in (chosen | more).items() if value})

    @property
    def is_own(self) -> bool:
        """Whether the place is «the unit concerned» for the reader."""
        return in_own_scope(self.reader, self.division.pk, self.on)

    @property
    def as_now(self) -> About:
        """The same with everything recorded until now."""
        return replace(self, known=None, chose=NOW)

    def indicator(self, code: str, **more: str) -> str:
        """The page of an indicator for this place and period (``division`` and ``period`` may be given otherwise)."""
        return f"{reverse('web:indicator', args=[code])}?{self.query(**more)}"

    def rows(self, code: str, part: str = "value", **more: str) -> str:
        """The rows behind one of its numbers."""
        return f"{reverse('web:indicator-rows', args=[code])}?{self.query(part=part, **more)}"


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """One place with its figures, in the order of the titles."""

    name: str
    href: str
    cells: list[Cell]


@dataclass(frozen=True)
class FigureTable:
    """Places read against each other; drawn by ``web/_figure_table.html``."""

    titles: list[str]
    lines: list[Line]


def about(request: WebRequest) -> About:
    """The choice of the bar; ``known`` in the address is a day, or «now» to look past a closing."""
    scope, today = request.scope, clock.today()
    closed_at = closing.closed_at(scope.division.pk, scope.period)
    chose = request.GET.get(KNOWN, "")
    known: date | None = closed_at
    if chose == NOW:
        known = None
    elif chose:
        known = _day(chose)
        if known is None or known >= today:
            known, chose = closed_at, ""
    return About(scope.division, scope.period, request.actor, today, known, closed_at, chose)


def late_entries(reading: Reading, about: About) -> closing.Late | None:
    """What was recorded after the closing of the figure's period; None where it is not closed, or not read as closed."""
    if about.closed_at is None or about.chose:
        return None
    now = read(code=reading.indicator.code, **about.as_now.asked)
    return closing.late(reading, now, about.closed_at, own=about.is_own)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def figures_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the roles that work with figures. Errors: Forbidden for others."""

    @wraps(view)
    def guarded(request: WebRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = may_read_figures(request.actor)
        if not decision.allowed:
            raise Forbidden(what=_("形势和指标"), whose=_("禁毒委员会办公室"), how=decision.reason)
        return view(request, *args, **kwargs)

    return guarded


def closed_number(state: Shown, text: str, place: Division) -> Closed:
    """A closed figure that still opens: why, whose, how to ask (mission line 5)."""
    few = state is Shown.FEW
    return Closed(
        shown=text,
        why=_("涉及不足 5 人,在本单位之外不显示具体数字") if few else _("为防止从合计倒推出不足 5 人的数字,这里不显示"),
        whose=_("%(place)s及其单位") % {"place": place.name},
        ask=_("向%(place)s发函或电话核对,由其在本单位页面打开") % {"place": place.name},
    )
