"""The answer to a question: terms for every place, period and slice, and the figures made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.indicators.definition import Indicator, Term
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.value import Value, change_between, compute, few_people, interval_of
from qingyuan.reference.periods import BadPeriod, Period

Terms = Mapping[str, Decimal | None]
Key = tuple[int, Period, str | None]


class NotInMatrix(LookupError):
    """The place, period or slice was not part of the question."""


@dataclass(frozen=True)
class Matrix:
    """``whole`` is the division asked about with ``children_of``; ``places`` are the others in order of their codes.

    ``data_from``: for each fact read, the first day of its first month with data; earlier periods are unknown, not nought.
    A fact kept whole on the platform (``FactTable.complete``) is known from ever.
    """

    query: IndicatorQuery
    indicator: Indicator
    version: int
    whole: int | None
    places: tuple[int, ...]
    names: Mapping[int, str]
    slices: tuple[str, ...]
    cells: Mapping[Key, Terms]
    data_from: Mapping[str, date | None]

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What was derived from these very figures, kept for as long as they are: they never change."""
        return {}

    @property
    def all_places(self) -> tuple[int, ...]:
        return self.places if self.whole is None else (self.whole, *self.places)

    def terms(self, place_id: int, period: Period | None = None, slice_: str | None = None) -> Terms:
        """Numerator, denominator and parts; raises NotInMatrix for a place or period that was not asked."""
        period = period or self.query.period
        self._check(place_id, period)
        found = self.cells.get((place_id, period, slice_))
        if found is None:
            found = {term.key: _empty(term) for term in self.indicator.terms}
        return {term.key: self._known(term, period, found[term.key]) for term in self.indicator.terms}

    def value(self, place_id: int, period: Period | None = None, slice_: str | None = None) -> Value:
        """The figure of one cell with its change; ``slice_`` one code of the breakdown, None = all together."""
        period = period or self.query.period
        terms = self.terms(place_id, period, slice_)
        now = compute(self.indicator, terms)
        before, why_not = self._before(place_id, period, slice_)
        comparable = before if not why_not else None
        return Value(
            indicator=self.indicator,
            place_id=place_id,
            period=period,
            slice=slice_,
            value=now,
            terms=terms,
            previous=comparable,
            change=change_between(self.indicator, now, before, why_not),
            interval=interval_of(self.indicator, terms),
            few=few_people(self.indicator, terms),
            running=self._as_of < period.end,
        )

    def values(self, period: Period | None = None) -> list[Value]:
        """The whole first, then the places."""
        return [self.value(place_id, period) for place_id in self.all_places]

    def series(self, place_id: int) -> list[Value]:
        """The months of the asked period, oldest first; the question must have asked for them."""
        return [self.value(place_id, month) for month in self.query.period.months()]

    @property
    def _as_of(self) -> date:
        as_of = self.query.as_of
        if as_of is None:
            raise ValueError("a matrix answers a settled question")
        return as_of

    def _check(self, place_id: int, period: Period) -> None:
        if place_id not in self.names:
            raise NotInMatrix(_("查询里没有这个地方：%(place)s") % {"place": place_id})
        if period not in self.query.periods:
            raise NotInMatrix(_("查询里没有这个期间：%(period)s") % {"period": period})

    def _known(self, term: Term, period: Period, amount: Decimal | None) -> Decimal | None:
        """Before the first data, and before the period has begun, nothing is known."""
        first = self.data_from.get(term.fact)
        if first is None or period.end <= first or self._as_of < period.start:
            return None
        return amount

    def _before(self, place_id: int, period: Period, slice_: str | None) -> tuple[Decimal | None, str]:
        """Last year's figure, and why it may not be compared with."""
        try:
            before = period.same_last_year()
        except BadPeriod:
            return None, ""
        if before not in self.query.periods:
            return None, _("未查询上年同期")
        first = self.data_from.get(self.indicator.numerator.fact)
        if first is not None and before.start < first < before.end:
            return None, _("上年同期数据不全，不计算增幅")
        return compute(self.indicator, self.terms(place_id, before, slice_)), ""


def build(
    query: IndicatorQuery,
    indicator: Indicator,
    version: int,
    rows: Iterable[tuple[Any, ...]],
    data_from: Mapping[str, date | None],
) -> Matrix:
    """A matrix from the rows of ``statement.matrix_statement``."""
    periods = query.periods
    names: dict[int, str] = {}
    whole: int | None = None
    slices: set[str] = set()
    cells: dict[Key, Terms] = {}
    for place_id, name, is_whole, number, slice_, *amounts in rows:
        names[place_id] = name or ""
        whole = place_id if is_whole else whole
        if slice_ is not None:
            slices.add(slice_)
        pairs = zip(indicator.terms, amounts, strict=True)
        cells[place_id, periods[number], slice_] = {term.key: _amount(term, amount) for term, amount in pairs}
    return Matrix(
        query=query,
        indicator=indicator,
        version=version,
        whole=whole,
        places=tuple(place for place in names if place != whole),
        names=names,
        slices=tuple(sorted(slices)),
        cells=cells,
        data_from=data_from,
    )


def _amount(term: Term, amount: Any) -> Decimal | None:
    if amount is None:
        return _empty(term)
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int, float)):
        raise TypeError(f"the term {term.key} gives {amount!r}, which is no number")
    return amount if isinstance(amount, Decimal) else Decimal(repr(amount))


def _empty(term: Term) -> Decimal | None:
    return Decimal(0) if term.empty_is_zero else None
