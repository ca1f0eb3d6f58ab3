"""Where publicity goes: the directory, the activity that finds its place, and the year's plan that follows from both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from qingyuan.ledgers.writing import CannotVoid
from qingyuan.prevention.models import Activity, Place, ReachPlan
from tests.prevention.conftest import Prevention, activity, facts

pytestmark = pytest.mark.django_db
JUNE, MARCH = date(2022, 6, 26), date(2022, 3, 1)


def plan(place: Place) -> dict[int, tuple[str, date | None]]:
    return {row.position: (row.outcome, row.done_on) for row in ReachPlan.objects.filter(place=place)}


def test_a_listed_place_is_to_be_reached_once_a_year(work: Prevention) -> None:
    place = work.place()
    assert plan(place) == {2021: ("open", None), 2022: ("open", None)}
    work.activity(JUNE)
    work.activity(MARCH, title="三月进村")
    assert plan(place) == {2021: ("open", None), 2022: ("done", MARCH)}
    [old, new] = facts("reach_plan")
    assert (new.happened_on, new.until) == (date(2022, 1, 1), date(2023, 1, 1))
    assert new.data == {"opens_on": "2022-01-01", "done_on": "2022-03-01", "outcome": "done", "kind": "village"}
    assert old.data["outcome"] == "open"


def test_the_plan_follows_every_correction(work: Prevention) -> None:
    place = work.place()
    held = work.activity(JUNE)
    assert work.correct(held, held_on="2021-06-26") == {}
    assert plan(place) == {2021: ("done", date(2021, 6, 26)), 2022: ("open", None)}
    assert work.correct(held, place_name="别处") == {}
    assert plan(place)[2021] == ("open", None), "an activity that was elsewhere answers nothing here"
    assert Activity.objects.get().place_id is None
    assert work.correct(held, place_name="大坪村") == {}
    assert plan(place)[2021][0] == "done"
    work.void(held)
    assert plan(place) == {2021: ("open", None), 2022: ("open", None)}


def test_a_place_closed_in_the_year_need_not_be_reached_any_more(work: Prevention) -> None:
    place = work.place()
    assert work.correct(place, closed_on="2022-05-01") == {}
    assert plan(place) == {2021: ("open", None), 2022: ("cancelled", None)}
    assert "已撤销" in work.problems("activities", "supervisor", activity(JUNE))["held_on"]
    assert work.problems("activities", "supervisor", activity(MARCH)) == {}


def test_the_kind_of_a_place_does_not_change_under_its_plan(work: Prevention) -> None:
    place = work.place()
    assert work.correct(place, kind="学校", name="大坪新村") == {}
    place.refresh_from_db()
    assert (place.kind, place.name) == ("village", "大坪新村")


@override_settings(QINGYUAN_DUES_FROM=date(2022, 1, 1))
def test_plans_do_not_reach_back_before_the_ledgers_began(work: Prevention) -> None:
    assert plan(work.place(listed_on=date(2015, 1, 1))) == {2021: ("open", None), 2022: ("open", None)}


def test_an_activity_takes_kind_and_division_from_its_place(work: Prevention) -> None:
    place = work.place()
    held = work.activity(JUNE)
    assert (held.place_id, held.kind, held.division_id) == (place.pk, "village", place.division_id)
    assert "农村" in work.problems("activities", "supervisor", activity(MARCH) | {"kind": "school"})["kind"]


def test_a_place_that_is_not_listed_stays_as_it_was_written(work: Prevention) -> None:
    assert "照名录写名称" in work.problems("activities", "supervisor", activity(JUNE, "镇上赶集点"))["kind"]
    held = work.activity(JUNE, place="镇上赶集点", kind="village")
    assert (held.place_id, held.place_name, held.division_id) == (None, "镇上赶集点", work.at("龙洞镇"))
    [fact] = facts("activities")
    assert fact.data["at_listed_place"] is False and "镇上" not in repr(fact.data)


def test_two_places_of_one_name_are_never_guessed_between(work: Prevention) -> None:
    one = work.place("文化广场", where="大坪村")
    work.place("文化广场", where="龙洞社区", kind="community")
    values = activity(JUNE, "文化广场")
    assert "2 个同名点位" in work.problems("activities", "supervisor", values)["place_name"]
    held = work.enter("activities", "supervisor", values | {"division": work.at("大坪村")})
    assert held.place_id == one.pk


def test_the_place_of_another_town_is_as_unknown_as_none(work: Prevention) -> None:
    work.place("石桥广场", who="stranger", where="石桥社区", kind="community")
    held = work.activity(JUNE, place="石桥广场", kind="community")
    assert held.place_id is None and held.division_id == work.at("龙洞镇")


def test_a_member_unit_finds_the_places_of_the_whole_city(work: Prevention) -> None:
    place = work.place()
    held = work.activity(JUNE, who="liaison")
    assert (held.place_id, held.unit_id) == (place.pk, work.city.units["education"].pk)
    assert plan(place)[2022] == ("done", JUNE)


def test_days_that_have_not_come_are_refused(work: Prevention) -> None:
    tomorrow = date(2022, 11, 24)
    assert "今天之后" in work.problems("activities", "supervisor", activity(tomorrow))["held_on"]
    values: dict[str, Any] = {"name": "x", "kind": "home", "division": work.at("大坪村"), "listed_on": tomorrow}
    assert "今天之后" in work.problems("places", "supervisor", values)["listed_on"]


def test_a_place_in_use_is_closed_and_not_voided(work: Prevention) -> None:
    place = work.place()
    held = work.activity(JUNE)
    with pytest.raises(CannotVoid, match="撤销日期"):
        work.void(place)
    work.void(held)
    work.void(place)
    assert not Place.objects.exists()
    assert set(plan(place).values()) == {("cancelled", None)}
    assert facts("places") == []


def test_the_facts_of_places_are_intervals(work: Prevention) -> None:
    work.place(kind="venue", setting="entertainment", closed_on=date(2022, 9, 1))
    [fact] = facts("places")
    assert (fact.happened_on, fact.until) == (date(2021, 1, 1), date(2022, 9, 1))
    assert fact.data == {"kind": "venue", "setting": "entertainment"}
