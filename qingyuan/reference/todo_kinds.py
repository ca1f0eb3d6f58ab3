"""Kinds of to-do: what each is called, after how many working days it is brought before whom, and on what it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from qingyuan.foundation.words import in_english
from qingyuan.reference import holidays, statutes
from qingyuan.reference.tables import BrokenTable, read_table


@dataclass(frozen=True)
class TodoKind:
    """``unit_days``, ``above_days``: working days after the last day from which the unit's leader, then the leader of the unit
    above, is shown it; None = never. ``people``: it counts people, so that few of them are not counted out elsewhere.
    ``statutory``: its last day stands in the law, so that the reminder of that day cannot be switched off."""

    code: str
    name_zh: str
    name_en: str
    unit_days: int | None
    above_days: int | None
    people: bool
    statutory: bool
    article: str
    note: str

    @property
    def said(self) -> str:
        return self.name_en if in_english() else self.name_zh

    @property
    def basis(self) -> str:
        """The article in the language of the page, or "" where none is named."""
        return statutes.cite(self.article).said if self.article else ""


@cache
def kinds() -> Mapping[str, TodoKind]:
    """Every kind by its code. Raises BrokenTable."""
    found: dict[str, TodoKind] = {}
    for row in read_table("todo_kinds"):
        kind = TodoKind(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            unit_days=_days(row["unit_days"]),
            above_days=_days(row["above_days"]),
            people=bool(row["people"]),
            statutory=bool(row["statutory"]),
            article=row["article"],
            note=row["note"],
        )
        if (kind.unit_days is None) != (kind.above_days is None) or (kind.above_days or 0) < (kind.unit_days or 0):
            raise BrokenTable(f"todo_kinds.csv 中“{kind.name_zh}”:两个天数要一起填,上级的不早于本单位的。")
        found[kind.code] = kind
    return MappingProxyType(found)


def brought_before(on: date, days: int) -> date:
    """The day before which a last day must lie so that more than ``days`` whole working days have passed by ``on``."""
    return holidays.add_working_days(on, -days)


def _days(cell: str) -> int | None:
    if not cell:
        return None
    if not cell.isdigit():
        raise BrokenTable(f"todo_kinds.csv 中“{cell}”应为工作日天数。")
    return int(cell)
