"""Joint inspections: rules by their words, a row in, changed, voided, and who may read it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.presenting import cells
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation import rules
from qingyuan.rehabilitation.models import Inspection
from tests.cast import TODAY, City

VISIT: dict[str, Any] = {
    "inspected_on": date(2022, 9, 14),
    "document": "云禁检〔2022〕5号",
    "police": True,
    "politics_law": None,
    "justice": True,
    "civil_affairs": None,
    "files_drawn": 9,
    "items_checked": 18,
    "items_failed": 2,
    "problems": "两份协议没有及时签订",
    "mend_by": date(2022, 10, 8),
    "rechecked_on": None,
    "recheck_passed": None,
}


def columns(**changes: Any) -> list[str]:
    return [problem.column for problem in rules.check_inspection(VISIT | changes)]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"justice": False}, ["police"]),
        ({"items_failed": 19}, ["items_failed"]),
        ({"files_drawn": -1}, ["files_drawn"]),
        ({"problems": " "}, ["problems"]),
        ({"mend_by": None}, ["mend_by"]),
        ({"mend_by": date(2022, 9, 13)}, ["mend_by"]),
        ({"items_failed": 0, "problems": "", "mend_by": None}, []),
        ({"rechecked_on": date(2022, 10, 9)}, ["recheck_passed"]),
        ({"recheck_passed": True}, ["rechecked_on"]),
        ({"rechecked_on": date(2022, 10, 9), "recheck_passed": False}, []),
        ({"rechecked_on": date(2022, 9, 1), "recheck_passed": True}, ["rechecked_on"]),
    ],
)
def test_an_inspection_by_its_words(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(**changes) == wrong


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_joint_means_two_departments(present: list[bool]) -> None:
    asked = dict(zip(rules.INSPECTORS, present, strict=True))
    assert (columns(**asked) == []) == (sum(present) >= 2)


@pytest.mark.django_db
def test_an_inspection_is_kept_rechecked_and_voided(city: City) -> None:
    [row] = city.enter("inspections", "supervisor", {"division": city.divisions["龙洞镇"].pk} | VISIT)
    assert (row.civil_affairs, row.police) == (False, True)
    stored = Inspection.everything.filter(pk=row.pk).extra(select={"raw": "problems"}).values_list("raw", flat=True)[0]
    assert "协议" not in stored
    [fact] = FactRow.objects.filter(fact="inspections")
    assert fact.data["items_failed"] == 2 and "problems" not in fact.data
    ledger, writing = registry.get("inspections"), city.writing("supervisor")
    typed = {
        "inspected_on": "2022-09-14", "document": row.document, "division": "龙洞镇", "police": "是", "justice": "是",
        "files_drawn": "9", "items_checked": "18", "items_failed": "2", "problems": row.problems, "mend_by": "2022-10-08",
        "rechecked_on": "2022-10-10", "recheck_passed": "是",
    }  # fmt: skip
    draft = draft_of_change(ledger, row, typed, writing)
    assert draft.problems == [] and change(ledger, row, draft, writing)
    [now] = FactRow.objects.filter(fact="inspections", superseded_at=None)
    assert now.data["recheck_passed"] is True
    ledger.void(rows=[row], writing=city.writing("supervisor", "重复登记"))
    assert not FactRow.objects.filter(fact="inspections", superseded_at=None).exists()


@pytest.mark.django_db
def test_the_station_reads_its_own_and_nobody_across_the_wall(city: City) -> None:
    city.enter("inspections", "supervisor", {"division": city.divisions["龙洞镇"].pk} | VISIT)
    ledger = registry.get("inspections")
    readers = {who for who in city.accounts if queries.rows(ledger, city.actor(who), TODAY).exists()}
    assert readers == {"supervisor"}
    supervisor = city.actor("supervisor")
    [row] = queries.rows(ledger, supervisor, TODAY, action=Action.CHANGE)
    shown = {cell.column.name: cell.text for cell in cells(ledger, row, supervisor, listed_only=False)}
    assert shown["problems"] == VISIT["problems"] and shown["recheck_passed"] == ""


@pytest.mark.django_db
def test_a_day_that_has_not_come_is_refused(city: City) -> None:
    ledger, writing = registry.get("inspections"), city.writing("supervisor")
    [row] = city.enter("inspections", "supervisor", {"division": city.divisions["龙洞镇"].pk} | VISIT)
    draft = draft_of_change(ledger, row, {"inspected_on": "2022-11-24", "division": "龙洞镇"}, writing)
    assert "inspected_on" in {problem.column for problem in draft.problems}
