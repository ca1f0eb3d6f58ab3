"""Bands over a line of numbers: which one a number falls into, and whether they gap or overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from qingyuan.governance.scoring.numbers import plain


class Closed(StrEnum):
    """Which end belongs to the band: FROM is 'from ≤ x < to' (≥ 95 得 3), TO is 'from < x ≤ to' (≤ 5 得 3)."""

    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True)
class Span:
    """One band; None is open-ended. `name` is how complaints call it."""

    name: str
    low: Decimal | None
    high: Decimal | None

    def holds(self, value: Decimal, closed: Closed) -> bool:
        if closed is Closed.FROM:
            return (self.low is None or self.low <= value) and (self.high is None or value < self.high)
        return (self.low is None or self.low < value) and (self.high is None or value <= self.high)


def fit(spans: Sequence[Span], closed: Closed, *, lowest: Decimal | None = None) -> tuple[list[Span], list[str]]:
    """Bands in rising order, an end left out filled from the neighbour, and everything wrong between them.

    lowest   the least number there can be (grades: 0); None asks for an open lower end, or zero with Closed.FROM,
             since counts and rates are never negative.
    """
    ordered = _from_below(sorted(spans, key=lambda span: _place(span, spans)))
    problems = []
    for span in ordered:
        if span.low is not None and span.high is not None and span.low >= span.high:
            problems.append(f"{span.name}的起点 {plain(span.low)} 不小于终点 {plain(span.high)}")
    filled = [_fill_high(span, ordered[i + 1 :]) for i, span in enumerate(ordered)]
    for below, above in zip(filled, filled[1:], strict=False):
        problems += _between(below, above)
    if filled:
        problems += _ends(filled[0], filled[-1], closed, lowest or Decimal(0))
    return filled, problems


def _place(span: Span, spans: Sequence[Span]) -> tuple[bool, Decimal, bool]:
    """Where a band stands in the order: by its start, or, where that is left out, by the border next below its end."""
    if span.low is not None:
        return True, span.low, False
    limits = (limit for other in spans for limit in (other.low, other.high) if limit is not None)
    below = [limit for limit in limits if span.high is None or limit < span.high]
    return (True, max(below), True) if below and span.high is not None else (False, Decimal(0), True)


def _from_below(ordered: Sequence[Span]) -> list[Span]:
    """A start left out is the end of the band below ("不超过 3 天得 5、不超过 7 天得 2")."""
    filled: list[Span] = []
    for span in ordered:
        before = filled[-1].high if filled else None
        filled.append(replace(span, low=before) if span.low is None and before is not None else span)
    return filled


def _fill_high(span: Span, above: Sequence[Span]) -> Span:
    return span if span.high is not None or not above else replace(span, high=above[0].low)


def _between(below: Span, above: Span) -> list[str]:
    if above.low is None or below.high is None or below.high > above.low:
        return [f"{below.name}与{above.name}重叠,同一个数会落在两档里,请改起止"]
    if below.high < above.low:
        return [f"{below.name}与{above.name}之间有空档:{plain(below.high)} 到 {plain(above.low)} 没有规定,请把起止接上"]
    return []


def _ends(first: Span, last: Span, closed: Closed, lowest: Decimal) -> list[str]:
    problems = []
    covers_lowest = first.low is None or first.low < lowest or (first.low == lowest and closed is Closed.FROM)
    if not covers_lowest and first.low is not None:
        word = "低于" if closed is Closed.FROM else "不超过"
        problems.append(f"{word} {plain(first.low)} 的没有规定,请补最低一档")
    if last.high is not None:
        word = "达到或超过" if closed is Closed.FROM else "超过"
        problems.append(f"{word} {plain(last.high)} 的没有规定,请让最高一档不设上限")
    return problems


def find(spans: Sequence[Span], value: Decimal, closed: Closed) -> int:
    """The place of the band that holds the value. LookupError if the bands leave it out (a checked scheme has none)."""
    for index, span in enumerate(spans):
        if span.holds(value, closed):
            return index
    raise LookupError(f"{plain(value)} 不在任何一档里,请先检查这份办法")
