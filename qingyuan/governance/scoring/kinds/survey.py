"""K12 a survey's result with its sample size and interval ("知晓率 ≥ 96% 得 5 分,样本不少于 400")."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import THEN, choice, named_input, number
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import ZERO, Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule

_Z = Decimal("1.959964")
"""The 97.5 % quantile of the normal distribution: an interval that holds the truth 95 times of 100."""


class Reads(StrEnum):
    """What is scored: the share found, or the lower or upper end of its interval (the doubt against, or for, the unit)."""

    FOUND = "found"
    LOWER = "lower"
    UPPER = "upper"


_WORDS = {Reads.FOUND: "调查结果", Reads.LOWER: "区间下限", Reads.UPPER: "区间上限"}


@dataclass(frozen=True, slots=True)
class Survey(MeasuringRule):
    """Params: passed, asked (inputs: how many of the sample), least (smallest sample that counts), reads, then (over the %)."""

    title = "抽样调查"
    says = "抽样调查的结果"
    such_as = "知晓率 96% 以上得 5 分,样本不少于 400"
    asks = (
        named_input("passed", "符合的人数"),
        named_input("asked", "调查的人数"),
        number("least", "样本至少", must=True),
        choice("reads", "按哪个数", ("found", "调查结果"), ("lower", "区间下限"), ("upper", "区间上限")),
        THEN,
    )

    passed: str
    asked: str
    least: Decimal
    which: Reads
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        passed, asked = params.input("passed"), params.input("asked")
        least = params.positive("least")
        which = params.choice("reads", Reads, default=Reads.FOUND)
        then = cls.read_then(params, of)
        params.finish()
        return cls(passed, asked, least, which, then)

    def about(self) -> str:
        return f"样本不少于 {plain(self.least)},按{_WORDS[self.which]}(%)"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        passed, asked = amounts[self.passed], amounts[self.asked]
        if not asked:
            return Measure("", empty="没有调查")
        shown = f"样本 {plain(asked)},其中 {plain(passed)}"
        if passed > asked:
            return Measure(shown, waiting=f"{shown},前后不符,请核对")
        if asked < self.least:
            return Measure(shown, waiting=f"{shown},样本不足 {plain(self.least)},请补足")
        low, high = interval(passed, asked)
        found = passed * 100 / asked
        words = f"{shown},{plain(found, 2)}%(95% 区间 {plain(low, 2)}%—{plain(high, 2)}%)"
        return Measure(words, value={Reads.FOUND: found, Reads.LOWER: low, Reads.UPPER: high}[self.which])


def interval(passed: Decimal, asked: Decimal) -> tuple[Decimal, Decimal]:
    """Wilson's 95 % interval of a share, in %. Source: Wilson 1927; holds for small samples and shares near 0 and 1."""
    share, square = passed / asked, _Z * _Z
    middle = share + square / (2 * asked)
    half = _Z * ((share * (1 - share) + square / (4 * asked)) / asked).sqrt()
    base = 1 + square / asked
    hundred = Decimal(100)
    return max(ZERO, (middle - half) * hundred / base), min(hundred, (middle + half) * hundred / base)


RULE = Survey
