"""K9 against the year before, with a floor for who is good already ("同比上升每 1 个百分点…,已达 95% 的得满分")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import THEN, UNIT, choice, named_input, number
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule


class Way(StrEnum):
    """PERCENT: (now − before) ÷ before, in %; DIFFERENCE: now − before, in the number's own unit."""

    PERCENT = "percent"
    DIFFERENCE = "difference"


class Better(StrEnum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class YearOnYear(MeasuringRule):
    """Params: now, before (inputs), way (percent|difference), better (high|low), unit, then (over the improvement).

    good_from   this year's number from which full points are given whatever the change (better low: up to which)
    """

    title = "同比"
    says = "与上年比"
    such_as = "比上年每提高 1 个百分点得 1 分;已到 95% 的得满分"
    asks = (
        named_input("now", "今年的数"),
        named_input("before", "上年的数"),
        choice("way", "怎么比", ("percent", "变化的 %"), ("difference", "差多少")),
        choice("better", "哪头好", ("high", "升了好"), ("low", "降了好")),
        UNIT,
        number("good_from", "到了这个数不论升降得满分"),
        THEN,
    )

    now: str
    before: str
    way: Way
    better: Better
    unit: str
    good_from: Decimal | None
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        now, before = params.input("now"), params.input("before")
        way, better = params.choice("way", Way, default=Way.PERCENT), params.choice("better", Better, default=Better.HIGH)
        unit, good = params.text("unit", default=""), params.maybe_number("good_from")
        then = cls.read_then(params, of)
        params.finish()
        return cls(now, before, way, better, unit, good, then)

    def units(self) -> Mapping[str, str]:
        return {self.now: self.unit, self.before: self.unit}

    def divides(self) -> bool:
        return self.way is Way.PERCENT

    def about(self) -> str:
        word = "上升" if self.better is Better.HIGH else "下降"
        good = ""
        if self.good_from is not None:
            sign = "≥" if self.better is Better.HIGH else "≤"
            good = f"(今年 {sign} {plain(self.good_from)}{self.unit} 的直接得满分)"
        return f"比上年{word}{'(%)' if self.way is Way.PERCENT else ''}{good}"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        now, before = amounts[self.now], amounts[self.before]
        shown = f"今年 {plain(now, 2)}{self.unit},上年 {plain(before, 2)}{self.unit}"
        if self.good_from is not None and (
            now >= self.good_from if self.better is Better.HIGH else now <= self.good_from
        ):
            return Measure(f"{shown},已达 {plain(self.good_from)}{self.unit},得满分 {plain(of)}", given=of)
        change = now - before if self.better is Better.HIGH else before - now
        if self.way is Way.DIFFERENCE:
            return Measure(shown, value=change)
        if not before:
            return Measure(shown, empty="上年为零,算不出同比")
        return Measure(shown, value=change * 100 / abs(before))


RULE = YearOnYear
