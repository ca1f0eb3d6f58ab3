"""A mean over rounds, with the highest and lowest left out where the sheet says so ("四个季度平均", "去掉最高分和最低分")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import THEN, UNIT, Ask, Asked
from qingyuan.governance.scoring.measured import Measure, MeasuringRule
from qingyuan.governance.scoring.numbers import ZERO, Amounts, plain
from qingyuan.governance.scoring.rule import Params, Rule


@dataclass(frozen=True, slots=True)
class Rounds(MeasuringRule):
    """Params: inputs (default: all of the clause), drop_ends (true|false), unit, then (over the mean)."""

    title = "多轮平均"
    says = "几轮取平均"
    such_as = "四个季度取平均;去掉最高分和最低分"
    asks = (
        Asked("inputs", "用哪几个取数", Ask.INPUTS, help="不选就是全部"),
        Asked("drop_ends", "去掉最高和最低", Ask.FLAG),
        UNIT,
        THEN,
    )

    inputs: tuple[str, ...]
    drop_ends: bool
    unit: str
    then: Rule

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        names, drop = params.names("inputs"), params.flag("drop_ends")
        if drop and len(names) < 3:
            params.complain(f"只有 {len(names)} 轮,去掉最高最低就没有了")
        unit, then = params.text("unit", default=""), cls.read_then(params, of)
        params.finish()
        return cls(names, drop, unit, then)

    def units(self) -> Mapping[str, str]:
        return dict.fromkeys(self.inputs, self.unit)

    def divides(self) -> bool:
        return False

    def about(self) -> str:
        return f"{len(self.inputs)} 轮{'去掉最高、最低后' if self.drop_ends else ''}平均"

    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        every = sorted(amounts[name] for name in self.inputs)
        kept = every[1:-1] if self.drop_ends else every
        mean = sum(kept, ZERO) / len(kept)
        dropped = f"去掉 {plain(every[0], 2)} 和 {plain(every[-1], 2)}," if self.drop_ends else ""
        shown = f"{dropped}({' + '.join(plain(one, 2) for one in kept)}) ÷ {len(kept)} = {plain(mean, 4)}{self.unit}"
        return Measure(shown, value=mean)


RULE = Rounds
