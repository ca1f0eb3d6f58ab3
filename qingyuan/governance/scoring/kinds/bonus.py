"""K11 lists of bonuses and penalties, each with its points, added up or the highest alone ("国家级 3、省级 2、市级 1,同一事项取最高")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, choice, number, rows, text
from qingyuan.governance.scoring.numbers import ZERO, equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step
from qingyuan.governance.scoring.scheme import Take

ITEM = (
    INPUT,
    number("each", "每次几分", must=True),
    text("words", "什么事", must=True),
    UNIT,
    number("cap", "本项最多"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that adds (or takes) `each` points every time; `cap` is the most it gives by itself."""

    input: str
    each: Decimal
    words: str
    unit: str
    cap: Decimal | None

    def points(self, amounts: Mapping[str, Decimal]) -> Decimal:
        found = max(ZERO, amounts[self.input]) * self.each
        return found if self.cap is None else min(found, self.cap)

    def sentence(self) -> str:
        own = "" if self.cap is None else f"(最多 {plain(self.cap)})"
        return f"{self.words}每{self.unit} {plain(self.each)}{own}"


@dataclass(frozen=True, slots=True)
class Bonus(Rule):
    """Params: start (0), add and take_off (lists of {input, each, words, unit, cap}), take (all|highest) among those added,
    add_cap, take_cap. The result is start + added − taken off.

    In a bonus or penalty group `add` says what is added or taken; in a base clause start is mostly the clause's points and the
    clause's `over` and `under` say how far it may leave them.
    """

    title = "加分扣分清单"
    says = "列出加分项、扣分项,逐项计"
    such_as = "国家级表彰加 3 分、省级加 2 分,同一事项取最高"
    asks = (
        number("start", "起点分", "加分组不填;得分条款一般填本条分值"),
        rows("add", "加分项", *ITEM),
        rows("take_off", "扣分项", *ITEM),
        choice("take", "几项加分怎么算", ("all", "相加"), ("highest", "只取最高一项")),
        number("add_cap", "加分最多"),
        number("take_cap", "扣分最多"),
    )

    start: Decimal
    add: tuple[Item, ...]
    take_off: tuple[Item, ...]
    take: Take
    add_cap: Decimal | None
    take_cap: Decimal | None

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        start = params.inside("起点", params.number("start", default=ZERO), of)
        add = cls._items(params, "add", "加分项")
        take_off = cls._items(params, "take_off", "扣分项")
        if not add and not take_off:
            params.complain("没有写加分项(add)或扣分项(take_off)")
        take = params.choice("take", Take, default=Take.ALL)
        caps = [params.positive(name) if name in params else None for name in ("add_cap", "take_cap")]
        params.finish()
        return cls(start, add, take_off, take, caps[0], caps[1])

    @staticmethod
    def _items(params: Params, name: str, what: str) -> tuple[Item, ...]:
        items = []
        for row in params.rows(name, what) if name in params else []:
            words, unit, cap = row.text("words"), row.text("unit", default="次"), row.maybe_number("cap")
            items.append(Item(row.input(), row.positive("each"), words, unit, cap))
            row.finish()
        return tuple(items)

    def best(self, of: Decimal) -> Decimal:
        if not self.add:
            return self.start
        ends = [item.cap for item in self.add]
        total = max if self.take is Take.HIGHEST else sum
        known = None if any(end is None for end in ends) else total([end for end in ends if end is not None])
        added = min((end for end in (known, self.add_cap) if end is not None), default=of)
        return self.start + added

    def sentence(self, of: Decimal) -> str:
        added = "、".join(item.sentence() for item in self.add)
        taken = "、".join(item.sentence() for item in self.take_off)
        highest = "只取最高的一项" if self.take is Take.HIGHEST and len(self.add) > 1 else ""
        parts = [
            f"起点 {plain(self.start)}" if self.start else "",
            f"{'加' if taken or self.start else '计'}:{added}" if added else "",
            highest,
            f"合计最多 {plain(self.add_cap)}" if self.add_cap is not None else "",
            f"扣:{taken}" if taken else "",
            f"最多扣 {plain(self.take_cap)}" if self.take_cap is not None else "",
        ]
        return ",".join(part for part in parts if part)

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        steps = [Step("起点", self.start)] if self.start else []
        adds = [Step(_said(item, amounts), item.points(amounts)) for item in self.add]
        takes = [Step(_said(item, amounts), -item.points(amounts)) for item in self.take_off]
        adds += _bounded(adds, self.take, self.add_cap)
        lost = -sum((step.points for step in takes), ZERO)
        if self.take_cap is not None and lost > self.take_cap:
            takes.append(Step(f"最多扣 {plain(self.take_cap)}", lost - self.take_cap))
        steps += [*adds, *takes]
        terms = " + ".join(f"({plain(step.points)})" if step.points < 0 else plain(step.points) for step in steps)
        return Outcome(tuple(steps), equals(terms or "0", sum((step.points for step in steps), ZERO)))


def _said(item: Item, amounts: Mapping[str, Decimal]) -> str:
    return f"{item.words} {plain(amounts[item.input], 2)} {item.unit}"


def _bounded(adds: list[Step], take: Take, cap: Decimal | None) -> list[Step]:
    """What is taken back because only the highest counts, or because of the cap."""
    total, back = sum((step.points for step in adds), ZERO), []
    if take is Take.HIGHEST and adds:
        highest = max(step.points for step in adds)
        if highest != total:
            back.append(Step("只取最高的一项", highest - total))
        total = highest
    if cap is not None and total > cap:
        back.append(Step(f"最多 {plain(cap)}", cap - total))
    return back


RULE = Bonus
