"""The place: one county-level city, 22 towns, 240 villages, 600 000 people. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

CITY_CODE, CITY_NAME = "999981", "云岭市"
PROVINCE, PREFECTURE = ("99", "演示省"), ("9999", "演示州")
VILLAGES_IN_ALL = 240


@dataclass(frozen=True)
class Town:
    """``rate``: current registered users per 10 000; ``x``/``y``: place on the schematic map."""

    code: str
    name: str
    population: int
    rate: int
    x: int
    y: int
    key: str

    @property
    def urban(self) -> bool:
        return self.name.endswith("街道")

    @property
    def current_weight(self) -> float:
        return self.population * self.rate / 10_000


TOWNS: tuple[Town, ...] = (
    Town("999981001", "东山街道", 68_000, 38, 3, 1, "dongshan"),
    Town("999981002", "西门街道", 52_000, 35, 4, 1, "ximen"),
    Town("999981003", "杨柳街道", 41_000, 34, 4, 2, "yangliu"),
    Town("999981101", "永宁镇", 36_000, 47, 3, 2, "yongning"),
    Town("999981102", "石桥镇", 34_000, 52, 5, 2, "shiqiao"),
    Town("999981103", "清水河镇", 31_000, 44, 6, 1, "qingshuihe"),
    Town("999981104", "龙洞镇", 29_000, 23, 2, 2, "longdong"),
    Town("999981105", "普安镇", 28_000, 26, 2, 0, "puan"),
    Town("999981106", "马场镇", 27_000, 30, 3, 0, "machang"),
    Town("999981107", "白果镇", 27_000, 28, 4, 0, "baiguo"),
    Town("999981108", "兴隆镇", 26_000, 25, 5, 0, "xinglong"),
    Town("999981109", "双河镇", 26_000, 27, 2, 1, "shuanghe"),
    Town("999981110", "岩脚镇", 25_000, 31, 2, 3, "yanjiao"),
    Town("999981111", "三岔镇", 24_000, 33, 3, 3, "sancha"),
    Town("999981112", "平寨镇", 23_000, 24, 4, 3, "pingzhai"),
    Town("999981113", "沙子镇", 22_000, 30, 5, 3, "shazi"),
    Town("999981201", "青岩乡", 18_000, 16, 1, 1, "qingyan"),
    Town("999981202", "落别乡", 17_000, 17, 1, 3, "luobie"),
    Town("999981203", "猫洞乡", 9_000, 3, 1, 0, "maodong"),
    Town("999981204", "新场乡", 11_000, 4, 0, 1, "xinchang"),
    Town("999981205", "木城乡", 9_500, 2, 0, 2, "mucheng"),
    Town("999981206", "大寨乡", 16_500, 6, 1, 2, "dazhai"),
)
SMALL = {"猫洞乡": 3, "新场乡": 4, "木城乡": 2}

_FIRST = "上下大小新老东西南北前后中高长石青白红黄"
_SECOND = "坪坝寨湾沟岭坡田塘溪桥井泉岩洞垭冲坳"


@dataclass(frozen=True)
class Village:
    code: str
    name: str
    urban: bool


@cache
def villages() -> dict[str, tuple[Village, ...]]:
    """Villages and communities by town name, 240 in all, every name once in the city."""
    names = iter(first + second for second in _SECOND for first in _FIRST)
    shares = share(VILLAGES_IN_ALL, [town.population for town in TOWNS])
    made: dict[str, tuple[Village, ...]] = {}
    for town, count in zip(TOWNS, shares, strict=True):
        communities = count if town.urban else max(1, count // 5)
        made[town.name] = tuple(
            Village(
                code=f"{town.code}{(position + 1) if position < communities else 200 + position:03d}",
                name=next(names) + ("社区" if position < communities else "村"),
                urban=position < communities,
            )
            for position in range(count)
        )
    return made


def share(total: int, weights: list[float] | list[int]) -> list[int]:
    """``total`` in whole parts by weight, summing exactly (largest remainder)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (exact[i] - parts[i], weights[i]), reverse=True)
    for position in by_rest[: total - sum(parts)]:
        parts[position] += 1
    return parts


def share_over_towns(total: int) -> dict[str, int]:
    """``total`` users over the towns by their weight; the three smallest towns have a fixed handful."""
    scaled = {name: round(count * total / 1800) for name, count in SMALL.items()}
    others = [town for town in TOWNS if town.name not in SMALL]
    parts = share(total - sum(scaled.values()), [town.current_weight for town in others])
    return scaled | {town.name: part for town, part in zip(others, parts, strict=True)}
