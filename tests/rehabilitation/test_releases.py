"""Every release is met the day it happens, or it is said until somebody has met the person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.journeys.todo import releases as todo
from qingyuan.journeys.todo.open_work import open_work
from qingyuan.journeys.todo.tally import total
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import draft_of_new
from qingyuan.rehabilitation.models import Release
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def person(serial: int = 1) -> dict[str, Any]:
    return {"name": f"测试{'甲乙丙丁'[serial]}", "id_number": id_number(100 + serial)}


def isolated(city: City, serial: int = 1, **days: Any) -> Any:
    values = {"division": city.divisions["龙洞社区"].pk, "decided_on": date(2020, 12, 1), "ends_on": date(2022, 11, 30)}
    return city.enter("isolation", "supervisor", person(serial) | values | days)[0]


def expected(city: City, serial: int = 1, **values: Any) -> Release:
    row = {"origin": "isolation", "expected_on": date(2022, 11, 30), "meeters": []}
    return city.enter("releases", "supervisor", person(serial) | row | values)[0]


def titles(city: City, who: str = "supervisor", on: date = TODAY) -> list[str]:
    return [job.title for job in todo.jobs(city.actor(who), on)]


def test_an_end_that_comes_near_asks_who_goes_there_before_the_day(city: City) -> None:
    isolated(city)
    assert titles(city) == ["测试乙 强制隔离戒毒快要期满,还没有出所衔接"]
    assert titles(city, on=date(2022, 10, 30)) == [] and len(titles(city, on=date(2022, 10, 31))) == 1


def test_a_release_on_the_list_takes_the_place_of_its_isolation(city: City) -> None:
    isolated(city)
    expected(city)
    assert titles(city) == ["测试乙 快要出来,还没有安排谁接"]


def test_who_is_to_go_is_said_and_nothing_presses_before_the_day(city: City) -> None:
    isolated(city)
    expected(city, meeters=["李秀"])
    (job,) = todo.jobs(city.actor("supervisor"), TODAY)
    assert "李秀" in job.note and not job.is_pressing(TODAY)
    assert total(todo.pressing(city.actor("supervisor"), TODAY)) == 0


def test_a_release_nobody_met_presses_until_it_is_met(city: City) -> None:
    isolated(city, released_on=date(2022, 11, 21))
    expected(city, expected_on=date(2022, 11, 21), released_on=date(2022, 11, 21))
    (job,) = todo.jobs(city.actor("supervisor"), TODAY)
    assert "还没有登记接到" in job.title and job.is_pressing(TODAY)
    assert total(todo.pressing(city.actor("supervisor"), TODAY)) == 1


def test_a_person_who_was_met_asks_for_nothing_more(city: City) -> None:
    isolated(city, released_on=date(2022, 11, 21))
    expected(city, expected_on=date(2022, 11, 21), released_on=date(2022, 11, 21), met_on=date(2022, 11, 21), met_by=["李秀"])
    assert titles(city) == [] and total(todo.pressing(city.actor("supervisor"), TODAY)) == 0


def test_a_release_without_any_record_of_meeting_is_told_from_the_isolation_alone(city: City) -> None:
    isolated(city, released_on=date(2022, 11, 21))
    assert titles(city) == ["测试乙 已解除强制隔离戒毒,没有接到的记录"]
    assert total(todo.pressing(city.actor("supervisor"), TODAY)) == 1


def test_counting_says_as_many_as_the_lines_that_press(city: City) -> None:
    isolated(city, 1, released_on=date(2022, 11, 21))
    isolated(city, 2)
    city.enter("measures", "supervisor", measure_values(city, 3) | person(3))
    expected(city, 3, expected_on=TODAY - DAY, origin="custody")
    actor = city.actor("supervisor")
    assert total(todo.pressing(actor, TODAY)) == sum(job.is_pressing(TODAY) for job in todo.jobs(actor, TODAY)) == 2


@pytest.mark.parametrize("who", ["stranger", "clerk", "leader", "officer", "town_leader", "auditor", "doctor"])
def test_nobody_else_hears_of_a_release(city: City, who: str) -> None:
    isolated(city, released_on=date(2022, 11, 21))
    assert titles(city, who) == [] and total(todo.pressing(city.actor(who), TODAY)) == 0


def test_what_nobody_met_is_brought_before_the_leader_without_a_name(city: City) -> None:
    isolated(city, released_on=date(2022, 11, 17))
    expected(city, expected_on=date(2022, 11, 17), released_on=date(2022, 11, 17))
    (work,) = [one for one in open_work(TODAY) if one.kind == "releases"]
    unit = city.units["longdong"].pk
    assert work.before(TODAY, [unit]).count() == 1 and work.before(date(2022, 11, 17), [unit]).count() == 0


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ({"met_on": "2022-11-21", "met_by": "李秀"}, "released_on"),
        ({"released_on": "2022-11-21", "met_on": "2022-11-20", "met_by": "李秀"}, "met_on"),
        ({"released_on": "2022-11-21", "met_on": "2022-11-21"}, "met_by"),
        ({"released_on": "2022-12-21"}, "released_on"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_with_what_to_do(city: City, typed: dict[str, str], column: str) -> None:
    isolated(city)
    texts = person() | {"origin": "强制隔离戒毒", "expected_on": "2022-11-30"} | typed
    draft = draft_of_new(registry.get("releases"), texts, city.writing("supervisor"))
    assert [problem.column for problem in draft.problems] == [column]
