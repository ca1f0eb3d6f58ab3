"""K10 against a fixed baseline and a target ("基数 60%,目标 80%,按完成进度计分"); the target may be for the unit alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import THEN, UNIT, Ask, Asked, named_input
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import ZERO, Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule


@dataclass(frozen=True, slots=True)
class Mark:
    """A number written in the sheet, or an input of the unit ('base')."""

    fixed: Decimal | None
    input: str

    def of(self, amounts: Mapping[str, Decimal]) -> Decimal:
        return amounts[self.input] if self.fixed is None else self.fixed

    def words(self, unit: str) -> str:
        return "本单位的数" if self.fixed is None else f"{plain(self.fixed)}{unit}"


@dataclass(frozen=True, slots=True)
class Baseline(MeasuringRule):
    """Params: input, baseline and target (a number, or the name of an input), unit, then (over the % of the way made).

    The way made is (now − baseline) ÷ (target − baseline), in %; without a baseline now ÷ target. It may pass 100 % or be negative.
    """

    title = "对照基数和目标"
    says = "对照基数和目标,看走了多少"
    such_as = "基数 60%,目标 80%,按完成进度给分"
    asks = (
        named_input("input", "用哪个取数"),
        Asked("baseline", "基数", Ask.MARK, help="填数,或填一个取数的名称;不填就是 0"),
        Asked("target", "目标", Ask.MARK, True, help="填数,或填一个取数的名称"),
        UNIT,
        THEN,
    )

    input: str
    baseline: Mark
    target: Mark
    unit: str
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, unit = params.input("input"), params.text("unit", default="")
        baseline = cls._mark(params, "baseline", ZERO)
        target = cls._mark(params, "target", None)
        if baseline.fixed is not None and baseline.fixed == target.fixed:
            params.complain(f"目标与基数都是 {plain(baseline.fixed)},没有进度可算")
        then = cls.read_then(params, of)
        params.finish()
        return cls(name, baseline, target, unit, then)

    @staticmethod
    def _mark(params: Params, name: str, default: Decimal | None) -> Mark:
        if name in params and params.names_input(name):
            return Mark(None, params.input(name))
        return Mark(params.number(name, default=default), "")

    def units(self) -> Mapping[str, str]:
        return {mark: self.unit for mark in (self.input, self.baseline.input, self.target.input) if mark}

    def divides(self) -> bool:
        return self.baseline.fixed is None or self.target.fixed is None or not self.target.fixed

    def about(self) -> str:
        from_base = "" if self.baseline.fixed == ZERO else f"基数 {self.baseline.words(self.unit)},"
        return f"{from_base}目标 {self.target.words(self.unit)},按完成进度(%)"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        now, base, target = amounts[self.input], self.baseline.of(amounts), self.target.of(amounts)
        from_base = "" if not base else f"基数 {plain(base, 2)}{self.unit},"
        shown = f"{from_base}目标 {plain(target, 2)}{self.unit},实际 {plain(now, 2)}{self.unit}"
        if target == base:
            return Measure(shown, empty="目标与基数相同,算不出进度")
        return Measure(shown, value=(now - base) * 100 / (target - base))


RULE = Baseline
