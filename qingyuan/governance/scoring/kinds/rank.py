"""K8 place among other units ("排名前 3 得 5 分,第 4 至 6 名得 3 分,其余得 1 分"); too few units have no places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import THEN, UNIT, choice, named_input, number
from qingyuan.governance.scoring.kinds.yoy import Better
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule


class By(StrEnum):
    """PLACE: 1 is first; PERCENT: place ÷ number of units, in %."""

    PLACE = "place"
    PERCENT = "percent"


class Ties(StrEnum):
    """Which place units with the same number share: the best of theirs, the worst, or the middle."""

    BEST = "best"
    WORST = "worst"
    MIDDLE = "middle"


_TIE_WORDS = {Ties.BEST: "并列取前", Ties.WORST: "并列取后", Ties.MIDDLE: "并列取中间"}


@dataclass(frozen=True, slots=True)
class Rank(MeasuringRule):
    """Params: input, by (place|percent), better (high|low), ties (best|worst|middle), least_units (3), unit, then."""

    title = "排名"
    says = "在各单位里排名给分"
    such_as = "第 1 至 3 名得 5 分,其余得 1 分"
    asks = (
        named_input("input", "用哪个取数"),
        choice("by", "按什么", ("place", "名次"), ("percent", "名次占单位数的 %")),
        choice("better", "怎么排", ("high", "高的在前"), ("low", "低的在前")),
        choice("ties", "并列的", ("best", "取前"), ("worst", "取后"), ("middle", "取中间"), must=True),
        number("least_units", "至少几个单位才排", "不填就是 3"),
        UNIT,
        THEN,
    )

    input: str
    by: By
    better: Better
    ties: Ties
    least_units: Decimal
    unit: str
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        if "ties" not in params:
            params.complain("没有写明并列怎么算(参数 ties):best(并列取前)、worst(取后)或 middle(取中间)")
        name = params.input("input")
        by, better = params.choice("by", By, default=By.PLACE), params.choice("better", Better, default=Better.HIGH)
        ties = params.choice("ties", Ties, default=Ties.BEST)
        least, unit = params.positive("least_units", default=Decimal(3)), params.text("unit", default="")
        then = cls.read_then(params, of)
        params.finish()
        return cls(name, by, better, ties, least, unit, then)

    def units(self) -> Mapping[str, str]:
        return {self.input: self.unit}

    def reads(self) -> Mapping[str, str]:
        return {self.input: "peers"}

    def about(self) -> str:
        order = "从高到低" if self.better is Better.HIGH else "从低到高"
        share = "名次占单位数的 %" if self.by is By.PERCENT else "名次"
        return f"各单位{order}排,按{share}({_TIE_WORDS[self.ties]},不足 {plain(self.least_units)} 个单位不排)"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        if self.input not in amounts.peers:
            return Measure("", waiting="没有其他单位的数(peers),比不出来")
        own, others = amounts[self.input], list(amounts.peers.get(self.input, {}).values())
        units = len(others) + 1
        if units < self.least_units:
            return Measure("", empty=f"可比的单位只有 {units} 个,不足 {plain(self.least_units)} 个,不排名")
        ahead = sum(1 for other in others if (other > own if self.better is Better.HIGH else other < own))
        level = sum(1 for other in others if other == own)
        behind = {Ties.BEST: Decimal(0), Ties.WORST: Decimal(level), Ties.MIDDLE: Decimal(level) / 2}[self.ties]
        place = 1 + ahead + behind
        tied = f",{level + 1} 个单位并列" if level else ""
        shown = f"{plain(own, 2)}{self.unit},在 {units} 个单位里排第 {plain(place)}{tied}"
        return Measure(shown, value=place if self.by is By.PLACE else place * 100 / units)


RULE = Rank
