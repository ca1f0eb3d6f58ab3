"""A figure month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.indicators import catalogue
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import BadQuery
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period, PeriodKind, ytd
from qingyuan.situation.queries.showing import Asked, month_states

LONGEST = 36


@dataclass(frozen=True)
class Series:
    """Months of the period with the same months a year before; None where nothing is known or may be shown.

    ``closed`` says which months are closed to this reader.
    """

    months: tuple[Period, ...]
    now: tuple[Decimal | None, ...]
    before: tuple[Decimal | None, ...]
    unit: str
    closed: tuple[bool, ...] = ()


def series(
    *, code: str, division: Division, period: Period, reader: Actor, on: date, known: date | None = None
) -> Series:
    """An indicator month by month; a single month is shown with those before it in its year.

    Outside the place concerned, months that rest on few people are left out. Raises BadQuery, UnknownIndicator.
    """
    whole = ytd(period) if period.kind is PeriodKind.MONTH and period.start.month > 1 else period
    if whole.length > LONGEST:
        raise BadQuery(_("按月看一次最多 %(count)d 个月,请缩短时期。") % {"count": LONGEST})
    asked = Asked(whole, reader, on, known)
    matrix = evaluate(asked.query(code, of=division.pk, months=True))
    months = tuple(month for month in whole.months() if month.start <= on)
    both = (*months, *(month.same_last_year() for month in months))
    states = month_states(code, division.pk, asked, both)

    def amount(month: Period) -> Decimal | None:
        return matrix.value(division.pk, month).value if states[month] is Shown.EXACT else None

    return Series(
        months=months,
        now=tuple(amount(month) for month in months),
        before=tuple(amount(month.same_last_year()) for month in months),
        unit=matrix.indicator.unit,
        closed=tuple(states[month] is not Shown.EXACT for month in months),
    )


def monthly_codes() -> Sequence[str]:
    """Indicators that have a month, in the order of their codes."""
    return [indicator.code for indicator in catalogue.catalogue().all() if PeriodKind.MONTH in indicator.period_kinds]
