"""K6 veto: when it is found, the sheet counts nothing or the grade is fixed ("瞒报的一票否决")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step, VetoEffect, VetoFired


@dataclass(frozen=True, slots=True)
class Veto(Rule):
    """Params: input, at_least (1), effect (sheet_zero|grade), grade (for effect grade), reason, unit (起)."""

    title = "一票否决"

    input: str
    at_least: Decimal
    effect: VetoEffect
    grade: str
    reason: str
    unit: str

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        if "effect" not in params:
            params.complain("没有写明否决的后果(参数 effect):sheet_zero(全年计零分)或 grade(定为某等次)")
        effect = params.choice("effect", VetoEffect, default=VetoEffect.SHEET_ZERO)
        grade = params.text("grade", default="")
        if (effect is VetoEffect.GRADE) != bool(grade):
            params.complain("effect 为 grade 时要写 grade(定为哪一等次),为 sheet_zero 时不写")
        name, at_least = params.input(), params.positive("at_least", default=Decimal(1))
        reason, unit = params.text("reason"), params.text("unit", default="起")
        params.finish()
        return cls(name, at_least, effect, grade, reason, unit)

    def best(self, of: Decimal) -> Decimal:
        return of

    def _consequence(self) -> str:
        return "总分计 0" if self.effect is VetoEffect.SHEET_ZERO else f"等次定为“{self.grade}”"

    def sentence(self, of: Decimal) -> str:
        own = f"本条 {plain(of)} 分不得,并" if of else ""
        return f"{self.reason} {plain(self.at_least)} {self.unit}及以上的,{own}一票否决,{self._consequence()}"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        amount = amounts[self.input]
        steps = [Step("未触发时", of)] if of else []
        found = f"{self.reason} {plain(amount, 2)} {self.unit}"
        if amount < self.at_least:
            return Outcome(tuple(steps), f"{found},未触发")
        if of:
            steps.append(Step(found, -of))
        fired = VetoFired(self.effect, self.grade, found)
        return Outcome(tuple(steps) or (Step(found, ZERO),), f"{found},一票否决,{self._consequence()}", fired)


RULE = Veto
