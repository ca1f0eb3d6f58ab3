"""K3 so much off for each unit missing, never below nothing ("满分 10,每缺 1 人次扣 0.5,扣完为止")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, choice, number, rows, text
from qingyuan.governance.scoring.numbers import ZERO, equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


class Count(StrEnum):
    """How part of a `per` counts: in proportion, once begun, or only when full."""

    EXACT = "exact"
    STARTED = "started"
    FULL = "full"


_ROUNDING = {Count.STARTED: ROUND_CEILING, Count.FULL: ROUND_FLOOR}
_COUNT_WORDS = {Count.EXACT: "", Count.STARTED: "(不足的按一个算)", Count.FULL: "(不足的不扣)"}


LACK = (
    INPUT,
    number("each", "每缺一个扣"),
    UNIT,
    text("word", "怎么称呼", "缺、逾期、不合格……;不填就是“缺”"),
    number("per", "每几个算一次", "不填就是 1"),
    choice("count", "不足一次的", ("exact", "按比例"), ("started", "按一次算"), ("full", "不扣")),
    number("required", "应有几个", "填了就拿它减去取数"),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that may be missing. With `required` the input is what there is; without, the input is the lack."""

    input: str
    each: Decimal
    unit: str
    word: str
    per: Decimal
    count: Count
    required: Decimal | None

    def missing(self, amounts: Mapping[str, Decimal]) -> Decimal:
        amount = amounts[self.input]
        return max(ZERO, amount if self.required is None else self.required - amount)

    def units_lost(self, missing: Decimal) -> Decimal:
        steps = missing / self.per
        mode = _ROUNDING.get(self.count)
        return steps if mode is None else steps.to_integral_value(rounding=mode)

    def sentence(self) -> str:
        need = "" if self.required is None else f"应有 {plain(self.required)} {self.unit},"
        per = f"{plain(self.per)} {self.unit}" if self.unit else plain(self.per)
        return f"{need}每{self.word} {per}扣 {plain(self.each)}{_COUNT_WORDS[self.count]}"


@dataclass(frozen=True, slots=True)
class DeductPerMissing(Rule):
    """Params: input, each, unit, word (缺), per (1), count (exact|started|full), required; or `parts`, a list of these.

    cap: the most that can be taken off (default: all of the clause's points, and what the clause may fall below nothing).
    """

    title = "每缺一件扣分"
    says = "满分起,每缺一件扣几分"
    such_as = "满分 10 分,每缺 1 人次扣 0.5 分,扣完为止"
    asks = (
        *LACK,
        rows("parts", "分几项各扣各的", *LACK, help="只扣一项的,填上面;几项一起扣的,只填这里"),
        number("cap", "最多扣几分", "不填就扣完为止"),
    )

    lacks: tuple[Lack, ...]
    cap: Decimal | None
    under: Decimal = ZERO

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        several = "parts" in params
        rows = params.rows("parts", "项") if several else [params]
        cap = params.maybe_number("cap")
        if cap is not None and not ZERO < cap <= of + params.under:
            params.complain(f"扣分上限 {plain(cap)} 应大于 0、不超过 {plain(of + params.under)}")
        lacks = tuple(cls._lack(row) for row in rows)
        for row in [*rows, params] if several else rows:
            row.finish()
        return cls(lacks, cap, params.under)

    @staticmethod
    def _lack(row: Params) -> Lack:
        if "per" in row and "count" not in row:
            row.complain("写了 per 就要写明不足一个时怎么算:count 为 exact(按比例)、started(按一个算)或 full(不扣)")
        return Lack(
            row.input(),
            row.positive("each"),
            row.text("unit", default=""),
            row.text("word", default="缺"),
            row.positive("per", default=Decimal(1)),
            row.choice("count", Count, default=Count.EXACT),
            row.maybe_number("required"),
        )

    def best(self, of: Decimal) -> Decimal:
        return of

    def sentence(self, of: Decimal) -> str:
        end = self._end()
        return ",".join([f"满分 {plain(of)}", *(lack.sentence() for lack in self.lacks), end])

    def _end(self) -> str:
        if self.cap is not None:
            return f"最多扣 {plain(self.cap)}"
        return f"扣到 {plain(-self.under)} 为止" if self.under else "扣完为止"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        steps, terms = [Step("满分", of)], [plain(of)]
        for lack in self.lacks:
            missing = lack.missing(amounts)
            lost = lack.units_lost(missing)
            steps.append(Step(f"{lack.word} {plain(missing, 2)} {lack.unit}".strip(), -lack.each * lost))
            terms.append(f"{plain(lack.each)} × {plain(lost, 2)}")
        raw = sum((step.points for step in steps), ZERO)
        arithmetic = equals(" − ".join(terms), raw)
        least = -self.under if self.cap is None else of - self.cap
        if raw < least:
            words = self._end()
            steps.append(Step(words, least - raw))
            arithmetic += f",{words},得 {plain(least)}"
        return Outcome(tuple(steps), arithmetic)


RULE = DeductPerMissing
