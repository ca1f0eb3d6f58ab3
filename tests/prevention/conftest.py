"""A few rows of every ledger, entered the way a form enters them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.presenting import plain_text
from tests.cast import City


class Prevention:
    """The cast's city with short ways to enter, refuse, change and void."""

    def __init__(self, city: City) -> None:
        self.city = city

    def place(self, name: str = "大坪村", who: str = "supervisor", where: str = "大坪村", **changes: Any) -> Any:
        values = {"name": name, "kind": "village", "division": self.at(where), "listed_on": date(2021, 1, 1)}
        return self.enter("places", who, values | changes)

    def activity(self, day: date, place: str = "大坪村", who: str = "supervisor", **changes: Any) -> Any:
        return self.enter("activities", who, activity(day, place) | changes)

    def school(self, name: str = "龙洞小学", who: str = "liaison", where: str = "龙洞社区", **changes: Any) -> Any:
        values = {"name": name, "stage": "primary", "division": self.at(where), "listed_on": date(2020, 1, 1)}
        return self.enter("schools", who, values | changes)

    def lesson(
        self, day: date, hours: str = "1", school: str = "龙洞小学", who: str = "liaison", **changes: Any
    ) -> Any:
        values = {"school_name": school, "held_on": day, "grade_band": "p4_6", "hours": Decimal(hours), "pupils": 120}
        return self.enter("lessons", who, values | changes)

    def patch(self, code: str = "LD-01", who: str = "supervisor", where: str = "大坪村", **changes: Any) -> Any:
        values = {
            "code": code,
            "division": self.at(where),
            "land": "farmland",
            "area_mu": Decimal(30),
            "responsible": "包村干部",
            "listed_on": date(2022, 1, 1),
        }
        return self.enter("patches", who, values | changes)

    def walk(self, day: date, plants: int = 0, patch: str = "LD-01", who: str = "supervisor", **changes: Any) -> Any:
        found = {"found": True, "plant": "poppy", "plants": plants} if plants else {}
        values = {"patch_code": patch, "surveyed_on": day, "method": "foot", "surveyors": ["吴主任"]}
        return self.enter("survey_rounds", who, values | found | changes)

    def eradicate(self, found_on: date, on: date, plants: int, who: str = "supervisor", **changes: Any) -> Any:
        values = {
            "patch_code": "LD-01",
            "found_on": found_on,
            "eradicated_on": on,
            "plants": plants,
            "method": "manual",
            "witnesses": ["吴主任", "何姐"],
        }
        return self.enter("eradications", who, values | changes)

    def at(self, name: str) -> int:
        return int(self.city.divisions[name].pk)

    def enter(self, ledger: str, who: str, *values: dict[str, Any]) -> Any:
        rows = self.city.enter(ledger, who, *values)
        return rows[0] if len(rows) == 1 else rows

    def problems(self, ledger: str, who: str, *values: dict[str, Any]) -> dict[str, str]:
        """What is said to a table of rows, by column; {} when all are taken."""
        declared, writing = registry.get(ledger), self.city.writing(who)
        drafts = [
            Draft(
                number, dict(row), division_id=row.get("division") or writing.by.division_id, unit_id=writing.by.unit_id
            )
            for number, row in enumerate(values, start=1)
        ]
        if declared.prepare is not None:
            declared.prepare(drafts, writing)
        found: dict[str, str] = {}
        for draft in drafts:
            told = draft.problems + (declared.check(draft.values) if declared.check else [])
            found |= {problem.column: str(problem.message) for problem in told}
        return found

    def correct(self, row: Any, who: str = "supervisor", **typed: str) -> dict[str, str]:
        """Change a row by its form; the problems by column, {} when it was changed."""
        ledger = next(one for one in registry.all_ledgers() if one.model is type(row))
        row = ledger.model.objects.get(pk=row.pk)
        standing = {column.name: plain_text(column, column.value_of(row)) for column in ledger.columns}
        writing = self.city.writing(who, "更正")
        draft = draft_of_change(ledger, row, standing | typed, writing)
        if not draft.problems:
            change(ledger, row, draft, writing)
        return {problem.column: str(problem.message) for problem in draft.problems}

    def void(self, row: Any, who: str = "supervisor") -> None:
        ledger = next(one for one in registry.all_ledgers() if one.model is type(row))
        ledger.void(rows=[ledger.model.objects.get(pk=row.pk)], writing=self.city.writing(who, "登记错了"))


def activity(day: date, place: str = "大坪村") -> dict[str, Any]:
    return {
        "held_on": day,
        "title": f"{day:%m%d}进村宣传",
        "theme": "daily",
        "place_name": place,
        "audience": "villagers",
        "form": "leaflets",
        "reach": 60,
        "reach_basis": "counted",
    }


def facts(name: str) -> list[FactRow]:
    """The standing versions of a fact, by day."""
    return list(FactRow.objects.filter(fact=name, superseded_at=None).order_by("happened_on", "pk"))


@pytest.fixture
def work(city: City) -> Prevention:
    return Prevention(city)
