"""The facts of this room: cells by town, never rows of people."""

from __future__ import annotations

from datetime import date
from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.situation.rules import mass_of

COUNTS = ("registered", "current", "abstinent", "dead", "left", "in_contact", "newly_found", "newly_found_rural")
TITLES = ("登记累计", "现有", "戒断三年", "死亡", "离境", "在控", "新发现", "新发现(农村)")
COERCIVE = frozenset({"current", "in_contact", "newly_found", "newly_found_rural"})


def _registration(row: Any) -> Fact:
    return Fact(happened_on=row.month, data={name: getattr(row, name) for name in COUNTS})


def _population(row: Any) -> Fact:
    return Fact(happened_on=date(row.year, 1, 1), data={"resident": row.resident})


REGISTRATIONS = FactTable(
    name="registrations",
    kind=FactKind.EVENT,
    title="在册人数(月末)",
    people=True,
    build=_registration,
    columns=tuple(
        FactColumn(name, "integer", title, coercive=name in COERCIVE)
        for name, title in zip(COUNTS, TITLES, strict=True)
    ),
)

POPULATION = FactTable(
    name="population",
    kind=FactKind.EVENT,
    title="常住人口(年初)",
    build=_population,
    columns=(FactColumn("resident", "integer", "常住人口"),),
)


def _water(row: Any) -> Fact:
    return Fact(
        happened_on=row.sampled_on,
        data={
            "target": row.target,
            "below_limit": row.below_limit,
            "mass_mg": mass_of(concentration=row.concentration, flow=row.flow),
            "served": row.served,
        },
    )


WASTEWATER = FactTable(
    name="wastewater",
    kind=FactKind.EVENT,
    title="污水监测(每样品每标志物)",
    build=_water,
    columns=(
        FactColumn("target", "text", "标志物"),
        FactColumn("below_limit", "boolean", "低于定量限"),
        FactColumn("mass_mg", "decimal", "日负荷总量(mg)"),
        FactColumn("served", "integer", "服务人口"),
    ),
)
