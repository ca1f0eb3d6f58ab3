"""K6 veto: when it is found, the sheet counts nothing, is capped or its grade is fixed ("瞒报的一票否决")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, Ask, Asked, choice, number, text
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step, VetoEffect, VetoFired


@dataclass(frozen=True, slots=True)
class Repair:
    """What lifts a veto, or softens it to a grade: put right in time, as an input of the clause says (1 or more)."""

    input: str
    words: str
    grade: str


@dataclass(frozen=True, slots=True)
class Veto(Rule):
    """Params: input, at_least (1), effect, reason, unit (起).

    effect   sheet_zero | grade (with `grade`) | grade_down (one lower) | cap (with `cap`) | group_zero (with `group`)
    repair   {input, words, grade}: the veto is lifted when put right; with `grade` that grade is set instead
    """

    title = "一票否决"
    says = "出了这种事,总分或等次就受影响"
    such_as = "瞒报的一票否决"
    asks = (
        INPUT,
        number("at_least", "几起以上", "不填就是 1"),
        choice("effect", "后果", ("sheet_zero", "全年计零分"), ("grade", "定为某等次"), ("grade_down", "降一等"),
               ("cap", "总分最多几分"), ("group_zero", "某一组计零"), must=True),
        text("grade", "定为哪一等次"),
        number("cap", "总分最多几分"),
        text("group", "哪一组计零"),
        text("reason", "事由", must=True),
        UNIT,
        Asked("repair", "整改了的", Ask.TABLE, inside=(INPUT, text("words", "怎么算整改了"), text("grade", "整改后的等次"))),
    )

    input: str
    at_least: Decimal
    effect: VetoEffect
    grade: str
    reason: str
    unit: str
    cap: Decimal | None = None
    group: str = ""
    repair: Repair | None = None

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        if "effect" not in params:
            params.complain("没有写明否决的后果(参数 effect):sheet_zero(全年计零分)或 grade(定为某等次)")
        effect = params.choice("effect", VetoEffect, default=VetoEffect.SHEET_ZERO)
        grade = params.text("grade", default="")
        if (effect is VetoEffect.GRADE) != bool(grade):
            params.complain("effect 为 grade 时要写 grade(定为哪一等次),其他后果不写")
        cap, group = params.maybe_number("cap"), params.text("group", default="")
        if (effect is VetoEffect.CAP) != (cap is not None):
            params.complain("effect 为 cap 时要写 cap(总分最多几分),其他后果不写")
        if (effect is VetoEffect.GROUP_ZERO) != bool(group):
            params.complain("effect 为 group_zero 时要写 group(哪一组计零),其他后果不写")
        name, at_least = params.input(), params.positive("at_least", default=Decimal(1))
        reason, unit = params.text("reason"), params.text("unit", default="起")
        repair = cls._repair(params.table("repair", "整改")) if "repair" in params else None
        params.finish()
        return cls(name, at_least, effect, grade, reason, unit, cap, group, repair)

    @staticmethod
    def _repair(row: Params) -> Repair:
        found = Repair(row.input(), row.text("words"), row.text("grade", default=""))
        row.finish()
        return found

    def best(self, of: Decimal) -> Decimal:
        return of

    def consequence(self) -> str:
        """What follows when it is found, without what a repair would change."""
        if self.effect is VetoEffect.GRADE:
            return f"等次定为“{self.grade}”"
        if self.effect is VetoEffect.CAP and self.cap is not None:
            return f"总分最多 {plain(self.cap)}"
        if self.effect is VetoEffect.GROUP_ZERO:
            return f"第 {self.group} 组计 0"
        return "等次降一等" if self.effect is VetoEffect.GRADE_DOWN else "总分计 0"

    def sentence(self, of: Decimal) -> str:
        own = f"本条 {plain(of)} 分不得,并" if of else ""
        found = f"{self.reason} {plain(self.at_least)} {self.unit}及以上的,{own}一票否决,{self.consequence()}"
        if self.repair is None:
            return found
        after = f"改定为“{self.repair.grade}”" if self.repair.grade else "不再否决"
        return f"{found};{self.repair.words}的,{after}"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        amount = amounts[self.input]
        steps = [Step("未触发时", of)] if of else []
        found = f"{self.reason} {plain(amount, 2)} {self.unit}"
        if amount < self.at_least:
            return Outcome(tuple(steps), f"{found},未触发")
        if of:
            steps.append(Step(found, -of))
        fired = VetoFired(self.effect, self.grade, found, self.cap, self.group)
        words = f"{found},一票否决,{self.consequence()}"
        if self.repair is not None and amounts[self.repair.input] >= Decimal(1):
            after = f"改定为“{self.repair.grade}”" if self.repair.grade else "不再否决"
            words = f"{found},{self.repair.words},{after}"
            eased = VetoFired(VetoEffect.GRADE, self.repair.grade, f"{found},{self.repair.words}")
            return Outcome(tuple(steps) or (Step(words, ZERO),), words, eased if self.repair.grade else None)
        return Outcome(tuple(steps) or (Step(found, ZERO),), words, fired)


RULE = Veto
