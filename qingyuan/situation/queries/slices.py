"""A figure split by one column: by drug, by route, by measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.indicators.definition import Breakdown
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference import catalogue as codes
from qingyuan.reference import schedules
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import compared, number
from qingyuan.situation.queries.showing import Asked

SCHEDULE: Final = "schedule"


@dataclass(frozen=True)
class SliceFigure:
    """One code of a breakdown. ``share`` is 0–1 of the largest."""

    code: str
    name: str
    text: str
    value: Decimal | None = None
    before_text: str = ""
    change: str = ""
    share: float = 0.0


def slices(
    *,
    code: str,
    column: str,
    division: Division,
    period: Period,
    reader: Actor,
    on: date,
    known: date | None = None,
) -> list[SliceFigure]:
    """The figure by ``column``, the largest first; codes that had something only last year are in it too.

    Figures about people are split only for the place concerned, and there nothing is closed; for others the list is empty,
    since small parts of many places could be put together. Raises BadQuery, UnknownIndicator.
    """
    asked = Asked(period, reader, on, known)
    matrix = evaluate(asked.query(code, of=division.pk, breakdown=column))
    if matrix.indicator.people and not asked.is_own(division.pk):
        return []
    breakdown = matrix.indicator.breakdown(column)
    found = [_figure(matrix, division.pk, slice_, slice_name(breakdown, slice_)) for slice_ in matrix.slices]
    found.sort(key=lambda figure: (-(figure.value or Decimal(0)), figure.code))
    top = max((figure.value or Decimal(0) for figure in found), default=Decimal(0))
    return [_with_share(figure, top) for figure in found]


def slice_name(breakdown: Breakdown | None, code: str) -> str:
    """The code in the words of its list, a yes/no column as 是 and 否; the code itself where there are no words for it."""
    if breakdown is None:
        return code
    if breakdown.code_list:
        return codes.get_list(breakdown.code_list).said(code) or code
    if breakdown.column == SCHEDULE and code in schedules.schedule_codes():
        return schedules.get_schedule(code).said
    return {"true": _("是"), "false": _("否")}.get(code, code)


def split_is_open(whole: Decimal | None, part: Decimal | None) -> bool:
    """Whether a part can be told beside its whole without telling a few people by subtraction."""
    if not whole or part is None:
        return False
    shown = suppress({"part": int(part), "rest": int(whole - part)}, int(whole))
    return shown.cells["part"] is Shown.EXACT


def _figure(matrix: Matrix, place: int, slice_: str, name: str) -> SliceFigure:
    value = matrix.value(place, slice_=slice_)
    return SliceFigure(
        code=slice_,
        name=name,
        text=value.words(),
        value=value.value,
        before_text=number(value.previous, matrix.indicator.decimals),
        change=compared(value.change),
    )


def _with_share(figure: SliceFigure, top: Decimal) -> SliceFigure:
    if not top or figure.value is None:
        return figure
    return replace(figure, share=float(figure.value / top))
