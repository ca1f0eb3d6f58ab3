"""K13 a person gives the points, with a reason kept beside them (a clause whose source prints no rule)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, number, rows, text
from qingyuan.governance.scoring.numbers import ZERO, Amounts, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Manual(Rule):
    """Params: input (the points given; outside the range they are cut), who (who gives them).

    low, high   a range narrower than the clause ("酌情给 1 至 3 分"; given points inside it or none at all)
    choices     words with their points ("优 5、良 4、…"); the input then is one of the words, or its points
    """

    title = "人工评定"
    says = "由人打分,写明理由"
    such_as = "由考核组在 0 到 5 分之间评定"
    asks = (
        INPUT,
        text("who", "由谁评定", "不填就是考核组"),
        number("low", "最低几分"),
        number("high", "最高几分"),
        rows("choices", "分等级的", text("word", "等级", must=True), number("points", "得分", must=True), help="如 优 5、良 4"),
    )

    input: str
    who: str
    low: Decimal = ZERO
    high: Decimal | None = None
    choices: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        name, who = params.input(), params.text("who", default="考核组")
        low = params.inside("下限", params.number("low", default=-params.under), of)
        high = params.inside("上限", params.number("high", default=of + params.over), of)
        if low > high:
            params.complain(f"下限 {plain(low)} 大于上限 {plain(high)}")
        choices = cls._choices(params, of) if "choices" in params else {}
        params.finish()
        return cls(name, who, low, None if high == of else high, choices)

    @staticmethod
    def _choices(params: Params, of: Decimal) -> dict[str, Decimal]:
        found = {}
        for row in params.rows("choices", "项"):
            word = row.text("word")
            if word in found:
                row.complain(f"“{word}”写了两次")
            found[word] = row.inside("得分", row.number("points"), of)
            row.finish()
        return found

    def best(self, of: Decimal) -> Decimal:
        if self.choices:
            return max(self.choices.values())
        return of if self.high is None else self.high

    def signed(self) -> frozenset[str]:
        return frozenset({self.input} if self.low < ZERO else ())

    def reads(self) -> Mapping[str, str]:
        return {self.input: "choice"} if self.choices else {}

    def sentence(self, of: Decimal) -> str:
        if self.choices:
            listed = "、".join(f"{word} {plain(points)}" for word, points in self.choices.items())
            return f"由{self.who}评定等级:{listed},写明理由"
        return f"由{self.who}在 {plain(self.low)} 到 {plain(self.best(of))} 分之间评定,写明理由"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        if self.choices:
            return self._chosen(amounts)
        given, low, high = amounts[self.input], self.low, self.best(of)
        points = min(max(given, low), high)
        steps = [Step(f"{self.who}评定", given)]
        arithmetic = f"{self.who}评定 {plain(given)}"
        if points != given:
            steps.append(Step(f"限 {plain(low)} 到 {plain(high)} 分", points - given))
            arithmetic += f",限 {plain(low)} 到 {plain(high)} 分,得 {plain(points)}"
        return Outcome(tuple(steps), arithmetic)

    def _chosen(self, amounts: Mapping[str, Decimal]) -> Outcome:
        word = Amounts.of(amounts).choices.get(self.input, "")
        if not word:
            given = amounts[self.input]
            word = next((name for name, points in self.choices.items() if points == given), plain(given))
        if word not in self.choices:
            return Outcome((), "", waiting=f"“{word}”不在等级里,可写:{'、'.join(self.choices)}")
        words = f"{self.who}评为“{word}”"
        return Outcome((Step(words, self.choices[word]),), f"{words},得 {plain(self.choices[word])}")


RULE = Manual
