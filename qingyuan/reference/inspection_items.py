"""What a joint inspection of a town's station looks at: dated items, each with its article. An item is about the unit's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from qingyuan.foundation.words import in_english
from qingyuan.reference.tables import BrokenTable, holds_on, optional_day, read_table

STATION: Final = "station"
FILE: Final = "file"


@dataclass(frozen=True)
class InspectionItem:
    """``part``: looked at once at the station, or in every file drawn; ``help``: where to look."""

    code: str
    part: str
    name_zh: str
    name_en: str
    help: str
    article: str
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def said(self) -> str:
        return self.name_en if in_english() else self.name_zh


@cache
def _items() -> tuple[InspectionItem, ...]:
    found = []
    for row in read_table("inspection_items"):
        if row["part"] not in (STATION, FILE) or not row["article"] or not row["source"]:
            raise BrokenTable(f"inspection_items.csv 的“{row['code']}”要写明 part(station 或 file)、条款和来源。")
        found.append(
            InspectionItem(
                **{name: row[name] for name in ("code", "part", "name_zh", "name_en", "help", "article", "source")},
                valid_from=optional_day(row["valid_from"]),
                valid_to=optional_day(row["valid_to"]),
            )
        )
    if len({one.code for one in found}) != len(found):
        raise BrokenTable("inspection_items.csv 有重复的代码。")
    return tuple(found)


def inspection_items(on: date, part: str = "") -> Sequence[InspectionItem]:
    """The checklist as it stands on a day, in its order; of one part where asked. Raises BrokenTable."""
    return [one for one in _items() if holds_on(on, one.valid_from, one.valid_to) and part in ("", one.part)]
