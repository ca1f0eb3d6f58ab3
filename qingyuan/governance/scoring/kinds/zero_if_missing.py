"""K5 all or nothing: full points when everything named is there, none when anything is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, choice, number, rows, text
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


class Which(StrEnum):
    ALL = "all"
    ANY = "any"


NEED = (INPUT, number("at_least", "至少", "不填就是 1"), text("words", "什么事"), UNIT)


@dataclass(frozen=True, slots=True)
class Need:
    input: str
    at_least: Decimal
    words: str
    unit: str

    def sentence(self) -> str:
        return f"{self.words}不少于 {plain(self.at_least)} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class ZeroIfMissing(Rule):
    """Params: input, at_least (1), words, unit; or `needs`, a list of these; take: all (default) or any of them must hold."""

    title = "缺则不得分"
    says = "该有的都有得满分,缺了不得分"
    such_as = "没有主持过专题研究的不得分"
    asks = (
        *NEED,
        rows("needs", "几件都要", *NEED, help="只要一件的,填上面;几件的,只填这里"),
        choice("take", "几件里", ("all", "每件都要有"), ("any", "有一件就行")),
    )

    needs: tuple[Need, ...]
    take: Which = Which.ALL

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        several = "needs" in params
        rows = params.rows("needs", "项") if several else [params]
        needs = tuple(
            Need(
                row.input(),
                row.positive("at_least", default=Decimal(1)),
                row.text("words"),
                row.text("unit", default="次"),
            )
            for row in rows
        )
        take = params.choice("take", Which, default=Which.ALL) if several else Which.ALL
        for row in [*rows, params] if several else rows:
            row.finish()
        return cls(needs, take)

    def best(self, of: Decimal) -> Decimal:
        return of

    def sentence(self, of: Decimal) -> str:
        joint = "且" if self.take is Which.ALL else "或"
        return f"{joint.join(need.sentence() for need in self.needs)},得 {plain(of)},否则不得分"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        found = [f"{need.words} {plain(amounts[need.input], 2)} {need.unit}".strip() for need in self.needs]
        short = [need for need in self.needs if amounts[need.input] < need.at_least]
        steps = [Step("满分", of)]
        if short and (self.take is Which.ALL or len(short) == len(self.needs)):
            lacking = "、".join(f"未达到{need.sentence()}" for need in short)
            steps.append(Step(lacking, -of))
            return Outcome(tuple(steps), f"{','.join(found)},{lacking},得 {plain(ZERO)}")
        return Outcome(tuple(steps), f"{','.join(found)},得 {plain(of)}")


RULE = ZeroIfMissing
