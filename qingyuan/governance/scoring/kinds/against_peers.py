"""K8, without places: against the average, the best or the middle of the units ("达到平均数的得 3 分", "以最高的为满分折算")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import THEN, UNIT, choice, named_input, number
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import ZERO, Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule


class To(StrEnum):
    AVERAGE = "average"
    MEDIAN = "median"
    HIGHEST = "highest"
    LOWEST = "lowest"


class Compared(StrEnum):
    """RATIO: own ÷ mark in %; DIFFERENCE: own − mark; SPREAD: (own − lowest) ÷ (highest − lowest) in % (without `to`)."""

    RATIO = "ratio"
    DIFFERENCE = "difference"
    SPREAD = "spread"


_WORDS = {To.AVERAGE: "平均", To.MEDIAN: "中位", To.HIGHEST: "最高", To.LOWEST: "最低"}


@dataclass(frozen=True, slots=True)
class AgainstPeers(MeasuringRule):
    """Params: input, to (average|median|highest|lowest), way (ratio|difference|spread), least_units (3), unit, then.

    The mark is taken over all units, the unit itself among them.
    """

    title = "与其他单位比"
    says = "与各单位的平均、最高比"
    such_as = "达到全市平均数的得 3 分"
    asks = (
        named_input("input", "用哪个取数"),
        choice("to", "与什么比", ("average", "平均"), ("median", "中位"), ("highest", "最高"), ("lowest", "最低")),
        choice("way", "怎么比", ("ratio", "占它的 %"), ("difference", "差多少"), ("spread", "在最低与最高之间的 %")),
        number("least_units", "至少几个单位才比", "不填就是 3"),
        UNIT,
        THEN,
    )

    input: str
    to: To
    way: Compared
    least_units: Decimal
    unit: str
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, to = params.input("input"), params.choice("to", To, default=To.AVERAGE)
        way = params.choice("way", Compared, default=Compared.RATIO)
        least, unit = params.positive("least_units", default=Decimal(3)), params.text("unit", default="")
        then = cls.read_then(params, of)
        params.finish()
        return cls(name, to, way, least, unit, then)

    def units(self) -> Mapping[str, str]:
        return {self.input: self.unit}

    def reads(self) -> Mapping[str, str]:
        return {self.input: "peers"}

    def about(self) -> str:
        if self.way is Compared.SPREAD:
            return "在最低与最高之间的位置(%)"
        what = "占各单位" if self.way is Compared.RATIO else "比各单位"
        return f"{what}{_WORDS[self.to]}{'的 %' if self.way is Compared.RATIO else '高出的数'}"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        if self.input not in amounts.peers:
            return Measure("", waiting="没有其他单位的数(peers),比不出来")
        own = amounts[self.input]
        every = sorted([own, *amounts.peers.get(self.input, {}).values()])
        if len(every) < self.least_units:
            return Measure("", empty=f"可比的单位只有 {len(every)} 个,不足 {plain(self.least_units)} 个")
        low, high = every[0], every[-1]
        shown = f"本单位 {plain(own, 2)}{self.unit},{len(every)} 个单位"
        if self.way is Compared.SPREAD:
            shown += f"最低 {plain(low, 2)}{self.unit}、最高 {plain(high, 2)}{self.unit}"
            if low == high:
                return Measure(shown, empty="各单位都一样,比不出高低")
            return Measure(shown, value=(own - low) * 100 / (high - low))
        mark = _mark(every, self.to)
        shown += f"{_WORDS[self.to]} {plain(mark, 2)}{self.unit}"
        if self.way is Compared.DIFFERENCE:
            return Measure(shown, value=own - mark)
        if not mark:
            return Measure(shown, empty=f"各单位{_WORDS[self.to]}为零,不能作比")
        return Measure(shown, value=own * 100 / mark)


def _mark(every: Sequence[Decimal], to: To) -> Decimal:
    """Of numbers in rising order."""
    middle = len(every) // 2
    if to is To.MEDIAN:
        return every[middle] if len(every) % 2 else (every[middle - 1] + every[middle]) / 2
    return {To.AVERAGE: sum(every, ZERO) / len(every), To.HIGHEST: every[-1], To.LOWEST: every[0]}[to]


RULE = AgainstPeers
