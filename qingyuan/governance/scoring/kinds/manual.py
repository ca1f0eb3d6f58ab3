"""K13 a person gives the points, with a reason kept beside them (a clause whose source prints no rule)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Manual(Rule):
    """Params: input (the points given; more than the clause has, or less than none, is cut), who (who gives them)."""

    title = "人工评定"

    input: str
    who: str

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, who = params.input(), params.text("who", default="考核组")
        params.finish()
        return cls(name, who)

    def best(self, of: Decimal) -> Decimal:
        return of

    def sentence(self, of: Decimal) -> str:
        return f"由{self.who}在 0 到 {plain(of)} 分之间评定,写明理由"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        given = amounts[self.input]
        points = min(max(given, ZERO), of)
        steps = [Step(f"{self.who}评定", given)]
        arithmetic = f"{self.who}评定 {plain(given)}"
        if points != given:
            steps.append(Step(f"限 0 到 {plain(of)} 分", points - given))
            arithmetic += f",限 0 到 {plain(of)} 分,得 {plain(points)}"
        return Outcome(tuple(steps), arithmetic)


RULE = Manual
