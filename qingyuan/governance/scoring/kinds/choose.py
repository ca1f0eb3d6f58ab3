"""Another rule for each band of a size ("在册不足 20 人配 1 名,20 人以上配 2 名"): the bands join, each has its rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import CLOSED, UNIT, Ask, Asked, named_input, number, rows, text
from qingyuan.governance.scoring.bands import Closed, Span, find, fit
from qingyuan.governance.scoring.measured import Unreadable
from qingyuan.governance.scoring.nested import all_reads, read_part
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule


@dataclass(frozen=True, slots=True)
class Choose(Rule):
    """Params: input (the size), words, unit, closed (from|to), cases [{from, to, kind, params}]."""

    title = "按规模分别计分"
    says = "按单位大小用不同的规则"
    such_as = "在册不足 20 人的配 1 名,20 人以上的配 2 名"
    asks = (
        named_input("input", "按哪个取数分"),
        text("words", "这个数叫什么", must=True),
        UNIT,
        CLOSED,
        rows("cases", "各档", number("from", "从(含)"), number("to", "到"), Asked("", "规则", Ask.PART, True), must=True),
    )

    input: str
    words: str
    unit: str
    closed: Closed
    cases: tuple[tuple[Span, Rule], ...]

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, words, unit = params.input("input"), params.text("words"), params.text("unit", default="")
        closed = params.choice("closed", Closed, default=Closed.FROM)
        spans, rules = [], {}
        for index, row in enumerate(params.rows("cases", "档"), start=1):
            span = Span(f"第 {index} 档", row.maybe_number("from"), row.maybe_number("to"))
            spans.append(span)
            rules[span.name] = read_part(row, of) or Unreadable()
            row.finish()
        ordered, problems = fit(spans, closed)
        for problem in problems:
            params.complain(problem)
        params.finish()
        return cls(name, words, unit, closed, tuple((span, rules[span.name]) for span in ordered))

    def _rules(self) -> list[Rule]:
        return [rule for _, rule in self.cases]

    def units(self) -> Mapping[str, str]:
        inner = {name: unit for rule in self._rules() for name, unit in rule.units().items()}
        return {**inner, self.input: self.unit}

    def best(self, of: Decimal) -> Decimal:
        return min((rule.best(of) for rule in self._rules()), default=of)

    def divides(self) -> bool:
        return any(rule.divides() for rule in self._rules())

    def signed(self) -> frozenset[str]:
        return frozenset[str]().union(*(rule.signed() for rule in self._rules()))

    def reads(self) -> Mapping[str, str]:
        return all_reads(self._rules())

    def _case(self, span: Span) -> str:
        low = "" if span.low is None else f"{'≥' if self.closed is Closed.FROM else '>'} {plain(span.low)}"
        high = "" if span.high is None else f"{'<' if self.closed is Closed.FROM else '≤'} {plain(span.high)}"
        return f"{self.words} {' 且 '.join(part for part in (low, high) if part)}{self.unit}".strip()

    def sentence(self, of: Decimal) -> str:
        return ";".join(f"{self._case(span)}:{rule.sentence(of)}" for span, rule in self.cases)

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        span, rule = self.cases[find([span for span, _ in self.cases], amounts[self.input], self.closed)]
        found = rule.evaluate(of, amounts)
        return replace(found, arithmetic=f"{self.words} {plain(amounts[self.input], 2)}{self.unit};{found.arithmetic}")


RULE = Choose
