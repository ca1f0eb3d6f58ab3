"""A clause of parts: added, weighted, all needed, any enough, the highest or the best few of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from qingyuan.governance.scoring.asked import Ask, Asked, choice, number, rows, text
from qingyuan.governance.scoring.measured import Unreadable
from qingyuan.governance.scoring.nested import all_reads, read_part
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step
from qingyuan.governance.scoring.scheme import GroupRole


class Way(StrEnum):
    """SUM parts add up; WEIGHTED each counts by its weight in %; HIGHEST only the highest counts; BEST the best few;
    ALL nothing unless each part gives its full points; ANY full points when one part does."""

    SUM = "sum"
    WEIGHTED = "weighted"
    HIGHEST = "highest"
    BEST = "best"
    ALL = "all"
    ANY = "any"


_WAY_WORDS = {Way.HIGHEST: "只计最高的一项", Way.ALL: "各项都满分才得分", Way.ANY: "有一项满分即得满分"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `points` is what it is worth by itself; a penalty part's rule says what is taken, a bonus stands beyond the clause.

    at_least   with fewer points of its own the whole clause gives nothing (a floor of one item)
    """

    words: str
    points: Decimal
    weight: Decimal
    role: GroupRole
    at_least: Decimal | None
    rule: Rule

    def counted(self, points: Decimal, of: Decimal) -> Decimal:
        """What so many points of the part give the clause."""
        sign = -1 if self.role is GroupRole.PENALTY else 1
        return sign * (points * of * self.weight / (100 * self.points) if self.weight else points)

    def sentence(self) -> str:
        role = {GroupRole.BASE: "", GroupRole.BONUS: "(加分)", GroupRole.PENALTY: "(扣分)"}[self.role]
        weight = f"(占 {plain(self.weight)}%)" if self.weight else ""
        floor = "" if self.at_least is None else f"(不到 {plain(self.at_least)} 分的整条不得分)"
        return f"{self.words}{role}{weight}{floor}:{self.rule.sentence(self.points)}"


@dataclass(frozen=True, slots=True)
class Composite(Rule):
    """Params: take (sum|weighted|highest|best|all|any), count (for best), parts [{words, points, weight, role, at_least, kind, params}].

    sum: the base parts' points add up to the clause's; role bonus and penalty stand beside them (the clause's over and under
    bound them). weighted: points are the part's own scale, weights add up to 100. Other ways: points default to the clause's.
    """

    title = "分项"
    says = "一条分几项,各有各的规则"
    such_as = "组织机构 4 分、经费 3 分、队伍 3 分"
    asks = (
        choice("take", "几项怎么合", ("sum", "相加"), ("weighted", "按权重"), ("highest", "只取最高"), ("best", "取最好的几项"),
               ("all", "每项都满才得分"), ("any", "有一项满就得满分")),
        number("count", "取几项"),
        rows("parts", "各项", text("words", "这一项", must=True), number("points", "分值"), number("weight", "权重(%)"),
             choice("role", "是", ("base", "得分"), ("bonus", "加分"), ("penalty", "扣分")),
             number("at_least", "不到几分整条不得分"), Asked("", "规则", Ask.PART, True), must=True),
    )

    way: Way
    count: int
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        way = params.choice("take", Way, default=Way.SUM)
        parts = tuple(cls._part(row, way, of) for row in params.rows("parts", "项"))
        count = params.positive("count") if way is Way.BEST else Decimal(1)
        if count != count.to_integral_value() or count > max(len(parts), 1):
            params.complain(f"count {plain(count)} 应为 1 到 {len(parts)} 的整数")
        base = [part.points for part in parts if part.role is GroupRole.BASE]
        weights = [part.weight for part in parts]
        if way is Way.SUM and parts and sum(base, ZERO) != of:
            params.complain(f"各项相加 {' + '.join(map(plain, base)) or '0'} = {plain(sum(base, ZERO))},不等于本条 {plain(of)} 分")
        if way is Way.WEIGHTED and parts and sum(weights, ZERO) != 100:
            params.complain(f"各项权重相加 {plain(sum(weights, ZERO))}%,不等于 100%")
        params.finish()
        return cls(way, int(count), parts)

    @staticmethod
    def _part(row: Params, way: Way, of: Decimal) -> Part:
        needs_points = way in {Way.SUM, Way.WEIGHTED}
        points = row.positive("points", default=None if needs_points else of)
        weight = row.positive("weight") if way is Way.WEIGHTED else ZERO
        role = row.choice("role", GroupRole, default=GroupRole.BASE)
        if role is not GroupRole.BASE and way is not Way.SUM:
            row.complain("加分项、扣分项只能用在 take: sum 里")
        if way in {Way.HIGHEST, Way.BEST} and points > of:
            row.complain(f"分值 {plain(points)} 超过本条 {plain(of)} 分")
        words, floor = row.text("words"), row.maybe_number("at_least")
        over, under, row.over, row.under = row.over, row.under, ZERO, ZERO
        rule = read_part(row, points) or Unreadable()
        row.over, row.under = over, under
        row.finish()
        return Part(words, points, weight, role, floor, rule)

    def _rules(self) -> list[Rule]:
        return [part.rule for part in self.parts]

    def units(self) -> Mapping[str, str]:
        return {name: unit for rule in self._rules() for name, unit in rule.units().items() if unit}

    def divides(self) -> bool:
        return any(rule.divides() for rule in self._rules())

    def signed(self) -> frozenset[str]:
        return frozenset[str]().union(*(rule.signed() for rule in self._rules()))

    def reads(self) -> Mapping[str, str]:
        return all_reads(self._rules())

    def best(self, of: Decimal) -> Decimal:
        base = [part for part in self.parts if part.role is GroupRole.BASE]
        best = [part.counted(part.rule.best(part.points), of) for part in base]
        if self.way in {Way.SUM, Way.WEIGHTED}:
            return sum(best, ZERO)
        if self.way is Way.BEST:
            return min(of, sum(sorted(best)[-self.count :], ZERO))
        if self.way is Way.ALL:
            return of if all(part.rule.best(part.points) >= part.points for part in base) else ZERO
        if self.way is Way.ANY:
            return of if any(part.rule.best(part.points) >= part.points for part in base) else ZERO
        return max(best, default=ZERO)

    def sentence(self, of: Decimal) -> str:
        head = f"取最好的 {self.count} 项" if self.way is Way.BEST else _WAY_WORDS.get(self.way, "")
        parts = ";".join(part.sentence() for part in self.parts)
        return f"{head}。{parts}" if head else parts

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        found = [part.rule.evaluate(part.points, amounts) for part in self.parts]
        for part, outcome in zip(self.parts, found, strict=True):
            if outcome.waiting or outcome.empty:
                why = f"{part.words}:{outcome.waiting or outcome.empty}"
                return Outcome((), "", waiting=why if outcome.waiting else "", empty=why if outcome.empty else "")
        counted = [part.counted(outcome.points, of) for part, outcome in zip(self.parts, found, strict=True)]
        steps = [
            Step(f"{part.words}:{outcome.arithmetic}" if outcome.arithmetic else part.words, points)
            for part, outcome, points in zip(self.parts, found, counted, strict=True)
        ]
        return self._settled(of, steps, found, counted)

    def _settled(
        self, of: Decimal, steps: list[Step], found: Sequence[Outcome], counted: Sequence[Decimal]
    ) -> Outcome:
        raw = sum(counted, ZERO)
        wanted, words = self._wanted(of, found, counted)
        low = next(
            (part for part, outcome in zip(self.parts, found, strict=True) if _below(part, outcome)),
            None,
        )
        if low is not None and low.at_least is not None:
            wanted, words = min(wanted, ZERO), f"{low.words}不到 {plain(low.at_least)} 分,整条不得分"
        if wanted != raw:
            steps.append(Step(words, wanted - raw))
        terms = " + ".join(plain(one, 4) for one in counted)
        end = f" → {words},得 {plain(wanted, 4)}" if wanted != raw else f" = {plain(wanted, 4)}"
        return Outcome(tuple(steps), f"{terms}{end}")

    def _wanted(self, of: Decimal, found: Sequence[Outcome], counted: Sequence[Decimal]) -> tuple[Decimal, str]:
        """What the clause gives, and the words for what that changes on the plain sum."""
        full = [out.points >= part.points for part, out in zip(self.parts, found, strict=True)]
        if self.way is Way.HIGHEST:
            return max(counted, default=ZERO), "只计最高的一项"
        if self.way is Way.BEST:
            return min(of, sum(sorted(counted)[-self.count :], ZERO)), f"取最好的 {self.count} 项"
        if self.way is Way.ALL:
            return (of, "各项都满分") if all(full) else (ZERO, "有一项未满分,不得分")
        if self.way is Way.ANY:
            return (of, "有一项满分") if any(full) else (ZERO, "没有一项满分,不得分")
        return sum(counted, ZERO), ""


def _below(part: Part, outcome: Outcome) -> bool:
    return part.at_least is not None and outcome.points < part.at_least


RULE = Composite
