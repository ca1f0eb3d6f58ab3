"""What a member unit's plan usually holds by its statutory duties: data, offered when it plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qingyuan.reference.statutes import cite

_FILE = Path(__file__).with_name("unit_duties.yaml")


@dataclass(frozen=True)
class UnitDuty:
    """A task as offered. ``article`` as printed («禁毒法第十三条»); ``month``, ``day``: by when in the plan's year."""

    task: str
    done_when: str
    article: str
    month: int
    day: int

    def due_on(self, year: int) -> date:
        return date(year, self.month, self.day)


@cache
def unit_duties() -> dict[str, tuple[UnitDuty, ...]]:
    """By kind of unit. Raises reference's UnknownArticle."""
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {kind: tuple(_duty(item) for item in items) for kind, items in data.items()}


def duties_of(kind: str) -> tuple[UnitDuty, ...]:
    return unit_duties().get(kind, ())


def _duty(item: dict[str, Any]) -> UnitDuty:
    month, day = map(int, str(item["due"]).split("-"))
    return UnitDuty(item["task"], item["done_when"], cite(item["cite"]).label, month, day)
