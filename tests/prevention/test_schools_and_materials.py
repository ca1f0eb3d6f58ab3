"""Schools that are places too, the class hours of a school year, and a store that cannot give what it does not have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.ledgers.writing import CannotVoid
from qingyuan.prevention.models import LessonPlan, MaterialMove, Place, ReachPlan, School
from tests.prevention.conftest import Prevention, facts

pytestmark = pytest.mark.django_db


def year(school: School, position: int) -> tuple[str, date | None, Decimal]:
    row = LessonPlan.objects.get(school=school, position=position)
    return row.outcome, row.done_on, row.hours


def test_a_school_is_a_place_and_stays_one(work: Prevention) -> None:
    school = work.school()
    school.refresh_from_db()
    place = Place.objects.get()
    assert school.place_id == place.pk
    assert (place.name, place.kind, place.division_id) == ("龙洞小学", "school", work.at("龙洞社区"))
    assert ReachPlan.objects.filter(place=place, position=2022, kind="school").exists()
    assert work.correct(school, "liaison", name="龙洞中心小学", closed_on="2022-08-01") == {}
    place.refresh_from_db()
    assert (place.name, place.closed_on) == ("龙洞中心小学", date(2022, 8, 1))


def test_a_school_takes_the_place_that_is_there(work: Prevention) -> None:
    standing = work.place("龙洞小学", where="龙洞社区", kind="school")
    school = work.school()
    school.refresh_from_db()
    assert school.place_id == standing.pk and Place.objects.count() == 1


def test_four_hours_in_a_school_year(work: Prevention) -> None:
    school = work.school()
    assert year(school, 2021) == ("open", None, Decimal(0))
    for month in (9, 11):
        work.lesson(date(2021, month, 10))
    third = work.lesson(date(2022, 3, 10), "1.5")
    assert year(school, 2021) == ("open", None, Decimal("3.5"))
    work.lesson(date(2022, 6, 26), "0.5")
    assert year(school, 2021) == ("done", date(2022, 6, 26), Decimal(4))
    work.lesson(date(2022, 9, 1), "2")
    assert year(school, 2022) == ("open", None, Decimal(2)), "the first of September begins another year"
    assert work.correct(third, "liaison", hours="1") == {}
    assert year(school, 2021) == ("open", None, Decimal("3.5"))
    fact = next(one for one in facts("lesson_plan") if one.happened_on == date(2022, 8, 31))
    assert fact.data == {
        "opens_on": "2021-09-01",
        "done_on": None,
        "outcome": "open",
        "stage": "primary",
        "hours": "3.5",
    }


def test_a_nursery_owes_no_hours_and_a_closed_school_none_for_the_year_it_did_not_finish(work: Prevention) -> None:
    work.school("龙洞幼儿园", stage="kindergarten")
    assert not LessonPlan.objects.exists()
    school = work.school()
    assert work.correct(school, "liaison", closed_on="2022-07-10") == {}
    assert year(school, 2021)[0] == "cancelled"
    assert year(school, 2022)[0] == "cancelled", "what was planned before is taken back"
    assert "已撤并" in work.problems("lessons", "liaison", lesson(date(2022, 9, 1)))["held_on"]


def lesson(day: date, **changes: Any) -> dict[str, Any]:
    values = {"school_name": "龙洞小学", "held_on": day, "grade_band": "p4_6", "hours": Decimal(1), "pupils": 10}
    return values | changes


def test_a_lesson_needs_a_school_that_is_listed_and_a_grade_it_has(work: Prevention) -> None:
    day = date(2022, 6, 1)
    assert "先登记学校" in work.problems("lessons", "liaison", lesson(day))["school_name"]
    school = work.school()
    assert "年级段" in work.problems("lessons", "liaison", lesson(day, grade_band="s10_12"))["grade_band"]
    held = work.enter("lessons", "liaison", lesson(day))
    assert (held.school_id, held.division_id, held.unit_id) == (school.pk, school.division_id, school.unit_id)
    [fact] = facts("lessons")
    assert fact.data == {"grade_band": "p4_6", "hours": "1", "pupils": 10}


def test_a_school_with_lessons_is_not_voided_and_one_without_goes_with_its_place(work: Prevention) -> None:
    school = work.school()
    held = work.lesson(date(2022, 6, 1))
    with pytest.raises(CannotVoid, match="撤并日期"):
        work.void(school, "liaison")
    with pytest.raises(CannotVoid, match="学校名录"):
        work.void(Place.objects.get(), "liaison")
    work.void(held, "liaison")
    work.void(school, "liaison")
    assert not School.objects.exists() and not Place.objects.exists()
    assert set(LessonPlan.objects.values_list("outcome", flat=True)) == {"cancelled"}


def test_pupils_reach_the_facts_as_one_number(work: Prevention) -> None:
    work.school(pupils_p1_3=120, pupils_p4_6=130, qingjiao=True, demonstration="county", awarded_on=date(2020, 6, 1))
    [fact] = facts("schools")
    assert fact.data == {
        "stage": "primary", "in_scope": True, "pupils": 250, "qingjiao": True, "demonstration": "county",
        "awarded_on": "2020-06-01", "expires_on": None,
    }  # fmt: skip


# --- the store ---------------------------------------------------------------------------------------------------------
def slip(day: int, direction: str, quantity: int, number: str, **changes: Any) -> dict[str, Any]:
    values = {
        "moved_on": date(2022, 6, day),
        "slip": number,
        "material": "leaflet",
        "direction": direction,
        "quantity": quantity,
    }
    return values | changes


def test_a_store_gives_no_more_than_it_has(work: Prevention) -> None:
    work.enter("materials", "supervisor", slip(1, "in", 500, "R1"))
    assert work.problems("materials", "supervisor", slip(26, "out", 500, "C1")) == {}
    told = work.problems("materials", "supervisor", slip(26, "out", 501, "C1"))
    assert "2022-06-26 结存 500,不够发出 501" in told["quantity"]
    assert "结存 0" in work.problems("materials", "supervisor", slip(26, "out", 1, "C1", material="poster"))["quantity"]
    assert "结存 0" in work.problems("materials", "liaison", slip(26, "out", 1, "C1"))["quantity"], (
        "another unit's store"
    )


def test_a_table_is_judged_as_a_whole_and_once_more_changes_nothing(work: Prevention) -> None:
    table = [slip(5, "out", 300, "C1"), slip(1, "in", 200, "R1"), slip(3, "in", 100, "R2")]
    assert work.problems("materials", "supervisor", *table) == {}
    work.enter("materials", "supervisor", *table)
    assert work.problems("materials", "supervisor", *table) == {}, "the same file again is not taken twice"
    assert "结存 0" in work.problems("materials", "supervisor", slip(6, "out", 1, "C2"))["quantity"]


def test_what_was_given_out_keeps_what_came_in(work: Prevention) -> None:
    [came, _gone] = work.enter("materials", "supervisor", slip(1, "in", 200, "R1"), slip(5, "out", 150, "C1"))
    assert "不够" in work.correct(came, quantity="149")["quantity"]
    assert work.correct(came, quantity="150") == {}
    with pytest.raises(CannotVoid, match="先作废那一天的发出"):
        work.void(came)
    assert MaterialMove.objects.count() == 2
    assert [(fact.data["direction"], fact.data["quantity"]) for fact in facts("materials")] == [
        ("in", 150),
        ("out", 150),
    ]
