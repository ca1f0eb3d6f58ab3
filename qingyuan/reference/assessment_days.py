"""How long each turn of the yearly assessment takes, in working days; no law says so, each line is marked with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from qingyuan.reference.tables import BrokenTable, read_table


@dataclass(frozen=True)
class AssessmentDays:
    """``days``: working days; ``source``: what the number rests on, printed beside it."""

    code: str
    name_zh: str
    days: int
    note: str
    source: str


@cache
def assessment_days() -> Mapping[str, AssessmentDays]:
    """By code: self_score, review, object, answer; of what follows: reply, decision_object, decision_answer. Raises BrokenTable."""
    found = {}
    for row in read_table("assessment_days"):
        if not row["days"].isdigit() or not 1 <= int(row["days"]) <= 60:
            raise BrokenTable(f"assessment_days.csv 中“{row['name_zh']}”的天数应为 1 到 60 的整数。")
        if not row["source"]:
            raise BrokenTable(f"assessment_days.csv 中“{row['name_zh']}”没有写依据。")
        found[row["code"]] = AssessmentDays(row["code"], row["name_zh"], int(row["days"]), row["note"], row["source"])
    return MappingProxyType(found)
