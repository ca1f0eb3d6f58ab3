"""Answering a request for figures from a signed return: the return is governance's, the request is situation's."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.forms.catalogue import all_forms, get_form
from qingyuan.governance.models import Return
from qingyuan.governance.permissions import returns_visible
from qingyuan.organisation.actor import Actor
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import requests
from qingyuan.situation.models import FigureQuestion
from qingyuan.situation.queries.told import RETURNED, Told
from qingyuan.situation.rules.requests import RequestRefused, plain

MARK: Final = "."
#: Coercive cells in these measures count the people found or dealt with; others count staff, cases, leaflets.
PEOPLE: Final = frozenset({"人", "人次", "名"})


def cell_choices() -> list[tuple[str, str]]:
    """(``form.cell``, words) of every number that units sign for every month."""
    return [
        (f"{form.code}{MARK}{cell.code}", f"{said(form.title)} · {said(cell.title)}({said(cell.unit)})") for form in all_forms() for cell in form.cells
    ]


def answer_from_returns(*, question: FigureQuestion, cell: str, period: Period, by: Actor) -> FigureQuestion:
    """Answer with the sum of a cell over the months, unit by unit, from locked returns the actor may read.

    A unit of which a month is missing is left out and told: half a period is no figure of it. Raises RequestRefused,
    NotAllowed.
    """
    form_code, _mark, cell_code = cell.partition(MARK)
    if cell not in dict(cell_choices()):
        raise RequestRefused(_("没有这张报表或这一格,请重新选择。"))
    months = [str(month) for month in period.months()]
    found = returns_visible(by, clock.today()).current().filter(form=form_code, period__in=months)
    by_unit: dict[int, list[Return]] = {}
    for filed in found.order_by("division__code", "unit__code", "period"):
        by_unit.setdefault(filed.unit_id, []).append(filed)
    told = [_told(rows, cell_code, period, len(months)) for rows in by_unit.values()]
    about = get_form(form_code).cell(cell_code)
    people = about.coercive and about.unit in PEOPLE
    return requests.put_on_file(question=question, told=told, by=by, source=f"{cell} {period}", people=people)


def _told(rows: Sequence[Return], cell: str, period: Period, months: int) -> Told:
    form = get_form(rows[0].form)
    amounts = [filed.values.get(cell) for filed in rows if filed.state == ReturnState.LOCKED]
    known = [amount for amount in amounts if amount is not None]
    lacking = months - len(known)
    total = sum(known, Decimal(0))
    return Told(
        text="" if lacking else plain(total),
        number=None if lacking else total,
        unit=form.cell(cell).unit,
        why=gettext_noop("有 %(count)d 个月的报表还没有锁定") % {"count": lacking} if lacking else "",
        title=f"{form.title} · {form.cell(cell).title}",
        division=rows[0].unit.label,
        period=period.label_zh,
        place=rows[0].division.code,
        span=str(period),
        known=clock.today().isoformat(),
        source=RETURNED,
    )


__all__ = ["answer_from_returns", "cell_choices"]
