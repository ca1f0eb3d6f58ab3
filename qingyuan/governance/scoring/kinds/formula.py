"""The way out: points by an expression of the whitelist that indicators use, for what no other kind says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import text
from qingyuan.governance.scoring.expression import BadExpression, Expression, Undefined, read_expression
from qingyuan.governance.scoring.numbers import equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Formula(Rule):
    """Params: expression (over the clause's inputs by name), words (how it is said in the letter). Points outside the clause are cut."""

    title = "公式"
    says = "以上都说不清的,写算式"
    such_as = "完成数 * 10 / 任务数"
    asks = (
        text("expression", "算式", "用取数的名称和 + - * / ( )", must=True),
        text("words", "责任书上怎么写", must=True),
    )

    expression: Expression | None
    words: str

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        text, words = params.text("expression"), params.text("words")
        found = None
        if text:
            try:
                found = read_expression(text, params.inputs)
                params.used.update(found.names)
            except BadExpression as error:
                params.complain(f"公式:{error}")
        params.finish()
        return cls(found, words)

    def best(self, of: Decimal) -> Decimal:
        return of

    def divides(self) -> bool:
        return self.expression is not None and self.expression.divides

    def signed(self) -> frozenset[str]:
        return frozenset() if self.expression is None else self.expression.names

    def sentence(self, of: Decimal) -> str:
        return f"{self.words}(公式 {'' if self.expression is None else self.expression.text},限 0 到 {plain(of)} 分)"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        if self.expression is None:
            return Outcome((), "", waiting="公式读不出来")
        try:
            points = self.expression.value(amounts)
        except Undefined as error:
            return Outcome((), "", empty=str(error))
        shown = "、".join(f"{name} {plain(amounts[name], 2)}" for name in sorted(self.expression.names))
        return Outcome((Step(f"{self.words}({shown})", points),), equals(self.expression.text, points))


RULE = Formula
