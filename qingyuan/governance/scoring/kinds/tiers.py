"""K1 tier table: the band a number falls into gives the points ("≥ 98% 得 5,≥ 95% 得 3,低于 95% 得 0")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import CLOSED, INPUT, UNIT, number, rows
from qingyuan.governance.scoring.bands import Closed, Span, find, fit
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Tiers(Rule):
    """Params: input, unit, closed (from|to), bands [{from, to, points}]; an end left out is the neighbour's."""

    title = "分档"
    says = "一个数落在哪一档,就得那一档的分"
    such_as = "≥ 98% 得 5 分,≥ 95% 得 3 分,低于 95% 不得分"
    asks = (
        INPUT,
        UNIT,
        CLOSED,
        rows("bands", "各档", number("from", "从(含)"), number("to", "到"), number("points", "得分", must=True), must=True,
             help="相邻的档接得上,只写一头也可以"),
    )

    input: str
    unit: str
    closed: Closed
    bands: tuple[tuple[Span, Decimal], ...]

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, unit = params.input(), params.text("unit", default="")
        closed = params.choice("closed", Closed, default=Closed.FROM)
        spans, points = [], {}
        for index, row in enumerate(params.rows("bands", "档"), start=1):
            span = Span(f"第 {index} 档", row.maybe_number("from"), row.maybe_number("to"))
            spans.append(span)
            points[span.name] = row.number("points")
            row.inside("得分", points[span.name], of)
            row.finish()
        ordered, problems = fit(spans, closed)
        for problem in problems:
            params.complain(problem)
        params.finish()
        return cls(name, unit, closed, tuple((span, points[span.name]) for span in ordered))

    def units(self) -> Mapping[str, str]:
        return {self.input: self.unit}

    def best(self, of: Decimal) -> Decimal:
        return max((points for _, points in self.bands), default=ZERO)

    def signed(self) -> frozenset[str]:
        below = any(limit is not None and limit < ZERO for span, _ in self.bands for limit in (span.low, span.high))
        return frozenset({self.input} if below else ())

    def sentence(self, of: Decimal) -> str:
        downward = self.bands[::-1] if self.closed is Closed.FROM else self.bands
        return ",".join(f"{self._words(span)}得 {plain(points)}" for span, points in downward)

    def _words(self, span: Span) -> str:
        bound = span.low if self.closed is Closed.FROM else span.high
        if bound is not None and (bound != ZERO or self.closed is Closed.TO):
            sign = "≥" if self.closed is Closed.FROM else "≤"
            return f"{sign} {plain(bound)}{self.unit} "
        rest = span.high if self.closed is Closed.FROM else span.low
        if rest is None:
            return "不论多少都"
        return f"{'低于' if self.closed is Closed.FROM else '超过'} {plain(rest)}{self.unit} "

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        amount = amounts[self.input]
        spans = [span for span, _ in self.bands]
        span, points = self.bands[find(spans, amount, self.closed)]
        shown = f"{self._shown(amount)}{self.unit}"
        words = f"{shown} {self._words(span).strip()}"
        return Outcome((Step(words, points),), f"{words},得 {plain(points)}")

    def _shown(self, amount: Decimal) -> str:
        """Two places, or as many as it takes not to write 94.996 as 95.00 beside a band that begins at 95."""
        limits = [limit for span, _ in self.bands for limit in (span.low, span.high) if limit is not None]
        for places in range(2, 12):
            text = plain(amount, places)
            written = Decimal(text.replace("−", "-"))
            if all((written < limit, written == limit) == (amount < limit, amount == limit) for limit in limits):
                return text
        return plain(amount)


RULE = Tiers
