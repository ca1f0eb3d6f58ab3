"""K2 linear between two anchors, level outside them ("60% 得 0,90% 得 10,之间按比例")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, Ask, Asked, number
from qingyuan.governance.scoring.numbers import ZERO, equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Anchor:
    at: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Linear(Rule):
    """Params: input, unit, low {at, points}, high {at, points}; `at` rises, points may rise or fall."""

    title = "按比例"
    says = "两个点之间按比例给分"
    such_as = "60% 得 0 分,90% 得 10 分,之间按比例"
    asks = (
        INPUT,
        UNIT,
        Asked("low", "低点", Ask.TABLE, True, inside=(number("at", "数到", must=True), number("points", "得分", must=True))),
        Asked("high", "高点", Ask.TABLE, True, inside=(number("at", "数到", must=True), number("points", "得分", must=True))),
    )

    input: str
    unit: str
    low: Anchor
    high: Anchor

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, unit = params.input(), params.text("unit", default="")
        low, high = (cls._anchor(params.table(side, words), of) for side, words in (("low", "低点"), ("high", "高点")))
        if low.at >= high.at:
            params.complain(f"低点 {plain(low.at)} 应小于高点 {plain(high.at)}")
        if low.points == high.points:
            params.complain("两个点得分相同,不成比例,请改用分档")
        params.finish()
        return cls(name, unit, low, high)

    @staticmethod
    def _anchor(params: Params, of: Decimal) -> Anchor:
        anchor = Anchor(params.number("at"), params.number("points"))
        params.inside("得分", anchor.points, of)
        params.finish()
        return anchor

    def units(self) -> Mapping[str, str]:
        return {self.input: self.unit}

    def best(self, of: Decimal) -> Decimal:
        return max(self.low.points, self.high.points)

    def signed(self) -> frozenset[str]:
        return frozenset({self.input} if self.low.at < ZERO else ())

    def sentence(self, of: Decimal) -> str:
        low, high = self.low, self.high
        return (
            f"不高于 {plain(low.at)}{self.unit} 得 {plain(low.points)},"
            f"不低于 {plain(high.at)}{self.unit} 得 {plain(high.points)},之间按比例"
        )

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        amount, low, high = amounts[self.input], self.low, self.high
        shown = f"{plain(amount, 2)}{self.unit}"
        if amount <= low.at:
            words = f"{shown} 不高于 {plain(low.at)}{self.unit}"
            return Outcome((Step(words, low.points),), f"{words},得 {plain(low.points)}")
        if amount >= high.at:
            words = f"{shown} 不低于 {plain(high.at)}{self.unit}"
            return Outcome((Step(words, high.points),), f"{words},得 {plain(high.points)}")
        part = (high.points - low.points) * (amount - low.at) / (high.at - low.at)
        rise = plain(high.points - low.points)
        fraction = f"({plain(amount, 2)} − {plain(low.at)}) ÷ ({plain(high.at)} − {plain(low.at)})"
        start = f"{plain(low.points)} + " if low.points else ""
        rise = f"({rise})" if high.points < low.points else rise
        points = low.points + part
        return Outcome((Step(f"{shown},按比例", points),), equals(f"{start}{rise} × {fraction}", points))


RULE = Linear
