"""What this room publishes: cells of five people and more (or of nobody), of one clinic and one month, once the clinic has
signed for them. No row, no person, and nothing that was closed when it left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.reference.periods import Period
from qingyuan.treatment.queries import COHORT, DECEMBER, LABELS

CELLS: Final = (*LABELS, *COHORT)
_TITLES: Final = ("签订自愿戒毒协议", "门诊治疗", "住院治疗", "月末在组", "上一年入组", "满 12 个月仍在组", "满 12 个月已不在组")


@dataclass(frozen=True)
class Told:
    """A month as it left a clinic. ``id``: the reference both sides of the gate know; ``numbers``: what was not closed."""

    id: UUID
    unit_id: int
    division_id: int
    month: date
    numbers: Mapping[str, int]


def _told(told: Told) -> Fact:
    """Dated on the last day of its month. ``yearly``: the month that tells of the year's cohort."""
    last = Period.parse(f"{told.month:%Y-%m}").last_day
    cells = {name: told.numbers.get(name) for name in CELLS}
    return Fact(happened_on=last, data={**cells, "yearly": told.month.month == DECEMBER})


#: Admissions are never a target, and nobody may wish for fewer people to leave a treatment that is theirs to leave: every cell is marked.
MONTHS: Final = FactTable(
    name="treatment_months",
    kind=FactKind.EVENT,
    title="医疗机构签字报出的月汇总数",
    people=True,
    build=_told,
    columns=(
        *(FactColumn(name, "integer", title, coercive=True) for name, title in zip(CELLS, _TITLES, strict=True)),
        FactColumn("yearly", "boolean", "含上一年入组人员的去留"),
    ),
)
