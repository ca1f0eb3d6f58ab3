"""The facts of this room: cells by town, never rows of people."""

from __future__ import annotations

from datetime import date
from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable

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
