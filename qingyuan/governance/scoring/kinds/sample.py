"""K7 a sampled check ("随机抽查 10% 学校,不足 4 所按 4 所,每 1 所不合格扣 1 分"): the sample must be as large as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import UNIT, choice, named_input, number
from qingyuan.governance.scoring.numbers import ZERO, equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


class Loses(StrEnum):
    """EACH: so much for each that failed; SHARE: the share that failed takes that share of the points."""

    EACH = "each"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Sample(Rule):
    """Params: population, checked, failed (inputs), rate (% to be checked), least (how many at least), loses, each, unit.

    Where there are fewer than `least` all of them are checked. A sample smaller than that gives no points yet, it is completed.
    """

    title = "抽查"
    says = "随机抽查,每一个不合格扣几分"
    such_as = "抽查 10% 的学校,不足 4 所按 4 所,每所不合格扣 1 分"
    asks = (
        named_input("population", "总数"),
        named_input("checked", "抽查数"),
        named_input("failed", "不合格数"),
        number("rate", "抽查比例(%)", must=True),
        number("least", "至少抽查几个"),
        choice("loses", "怎么扣", ("each", "每个扣几分"), ("share", "按不合格的比例扣")),
        number("each", "每个扣几分"),
        UNIT,
    )

    population: str
    checked: str
    failed: str
    rate: Decimal
    least: Decimal
    loses: Loses
    each: Decimal
    unit: str

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        population, checked, failed = params.input("population"), params.input("checked"), params.input("failed")
        if len({population, checked, failed}) < 3:
            params.complain("总数、抽查数、不合格数应是三个不同的取数")
        rate, least = params.positive("rate"), params.positive("least", default=Decimal(1))
        if rate > 100:
            params.complain(f"抽查比例 {plain(rate)}% 超过 100%")
        loses = params.choice("loses", Loses, default=Loses.EACH)
        each = params.positive("each") if loses is Loses.EACH else ZERO
        unit = params.text("unit", default="个")
        params.finish()
        return cls(population, checked, failed, rate, least, loses, each, unit)

    def best(self, of: Decimal) -> Decimal:
        return of

    def divides(self) -> bool:
        return True

    def sentence(self, of: Decimal) -> str:
        lost = f"每 1 {self.unit}不合格扣 {plain(self.each)},扣完为止" if self.each else "按不合格的比例扣分"
        return f"满分 {plain(of)},抽查 {plain(self.rate)}%(不足 {plain(self.least)} {self.unit}的按 {plain(self.least)} {self.unit}),{lost}"

    def needed(self, population: Decimal) -> Decimal:
        """How many must be checked of so many: the rate rounded up, at least the least, at most all."""
        share = (population * self.rate / 100).to_integral_value(rounding=ROUND_CEILING)
        return min(population, max(share, self.least))

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        population, checked, failed = (amounts[name] for name in (self.population, self.checked, self.failed))
        if not population:
            return Outcome((), "", empty="没有可抽查的")
        needed, shown = self.needed(population), f"共 {plain(population)} {self.unit},抽查 {plain(checked)}"
        if checked < needed:
            return Outcome((), "", waiting=f"{shown},应抽查 {plain(needed)} {self.unit},请补足")
        if checked > population or failed > checked:
            return Outcome((), "", waiting=f"{shown},不合格 {plain(failed)},前后不符,请核对")
        lost = self.each * failed if self.loses is Loses.EACH else of * failed / checked
        steps = [Step("满分", of), Step(f"不合格 {plain(failed)} {self.unit}", -lost)]
        by = f"{plain(self.each)} × {plain(failed)}" if self.each else f"{plain(of)} × {plain(failed)} ÷ {plain(checked)}"
        arithmetic = f"{shown};{equals(f'{plain(of)} − {by}', of - lost)}"
        if lost > of:
            steps.append(Step("扣完为止", lost - of))
            arithmetic += ",扣完为止,得 0"
        return Outcome(tuple(steps), arithmetic)


RULE = Sample
