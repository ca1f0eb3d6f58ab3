"""The count beside «今天» asks a few questions and says exactly what the list says, for every role and source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.governance.actions import returns
from qingyuan.governance.models import Return
from qingyuan.journeys.todo import sources, tally
from qingyuan.journeys.todo.sources import SOURCES
from qingyuan.journeys.todo.tally import Tally, kept, total
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period
from tests.cast import PEOPLE, TODAY, City, measure_values

pytestmark = pytest.mark.django_db
#: Days on which something of the planted city is due, was due yesterday, or is due tomorrow.
DAYS = [date(2022, 3, 31), date(2022, 11, 9), date(2022, 11, 10), date(2022, 11, 11), TODAY, date(2022, 12, 1), date(2025, 1, 8), date(2025, 1, 10)]
MOST_QUERIES = 13


@pytest.fixture
def busy(city: City) -> City:
    """Something of most sources: windows open and missed, reports, instructions, tasks, returns in several states."""
    city.enter("measures", "caseworker", *(measure_values(city, serial) for serial in (1, 2, 3)))
    late = {"reported_on": None, "agreement_on": None, "decided_on": date(2022, 11, 7), "served_on": date(2022, 11, 8)}
    city.enter("measures", "supervisor", measure_values(city, 4, **late))
    given = {"level": "county", "given_on": date(2022, 11, 1), "content": "请加强社区戒毒工作"}
    for number, due in enumerate((date(2022, 11, 20), TODAY, date(2022, 12, 20)), start=1):
        paper = {"document_number": f"云政批〔2022〕{number}号", "due_on": due}
        city.enter("instructions", "supervisor", given | paper)
        city.enter("instructions", "clerk", given | paper | {"document_number": f"州批〔2022〕{number}号"})
    city.enter("unit_plans", "liaison", {"year": 2022, "title": "工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程"})
    task = {"year": 2022, "duty": "禁毒法第十三条", "done_when": "全部学校"}
    dues = (date(2022, 11, 20), TODAY, date(2022, 12, 20))
    city.enter("unit_tasks", "liaison", *(task | {"item": n, "task": f"任务{n}", "due_on": due} for n, due in enumerate(dues, start=1)))
    Unit.objects.filter(code__in=("longdong", "shiqiao")).update(kind="town")
    for month in ("2022-08", "2022-09", "2022-10"):
        returns.generate_due(city=city.divisions["云岭市"], month=Period.parse(month), by=city.actor("clerk"))
    _hand_up(city)
    return city


def _hand_up(city: City) -> None:
    """Of 龙洞镇's returns one waits for its leader, one for the office, one is to be filled in."""
    for filed, state in zip(Return.objects.filter(unit__code="longdong").order_by("period"), ("submitted", "approved"), strict=False):
        Return.objects.filter(pk=filed.pk).update(state=state, first_submitted_on=filed.due_on)


@pytest.mark.parametrize("who", list(PEOPLE))
def test_the_count_is_the_number_of_lines_that_press(busy: City, who: str) -> None:
    for day in DAYS:
        actor = busy.actor(who, day)
        for source in SOURCES:
            listed = sum(1 for job in source.jobs(actor, day) if job.is_pressing(day))
            assert total(source.pressing(actor, day)) == listed, (source.kind, day)
        assert sources.pressing(actor, day) == sum(1 for job in sources.mine(actor, day) if job.is_pressing(day))


def test_the_planted_city_presses_on_everybody_who_has_work(busy: City) -> None:
    """Else the test above would compare nothing with nothing."""
    pressed = {
        source.kind
        for who in PEOPLE
        for day in DAYS
        for source in SOURCES
        if any(job.is_pressing(day) for job in source.jobs(busy.actor(who, day), day))
    }
    assert pressed >= {"dues", "clocks", "returns", "instructions", "unit_tasks", "closing"}


@pytest.mark.parametrize("who", list(PEOPLE))
def test_every_page_pays_thirteen_questions_at_most_for_the_count(busy: City, who: str) -> None:
    actor = busy.actor(who)
    with CaptureQueriesContext(connection, ) as asked:
        sources.pressing(actor, TODAY)
    assert len(asked) <= MOST_QUERIES, [query["sql"][:120] for query in asked]


def test_questions_of_many_sources_become_one_statement(city: City, django_assert_num_queries: Callable[[int], object]) -> None:
    towns = Division.objects.filter(level="town")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert total([3, Tally(towns), Tally(towns.filter(pk__in=[])), Tally(Unit.objects.all(), most=1)]) == 3 + 2 + 1
    assert total([]) == 0 and total([4]) == 4 and total([Tally(towns)]) == 2
    assert total([Tally(towns.filter(pk__in=[]))]) == 0


def test_what_is_far_off_does_not_press(busy: City) -> None:
    before = TODAY - timedelta(days=300)
    assert sources.pressing(busy.actor("liaison", before), before) == 0


def instruction(number: str) -> dict[str, object]:
    return {"level": "county", "given_on": date(2022, 11, 1), "content": "请加强", "document_number": number, "due_on": TODAY}


LASTING = [source for source in SOURCES if source.lasting]


@pytest.mark.parametrize("who", list(PEOPLE))
def test_words_that_are_kept_hang_on_nothing_but_who_asks_and_the_day(busy: City, who: str) -> None:
    before = {source.kind: tuple(kept(source.pressing, busy.actor(who), TODAY)) for source in LASTING}
    busy.enter("measures", "caseworker", measure_values(busy, 9))
    busy.enter("instructions", "clerk", instruction("市批〔2022〕9号"))
    tally.forget()
    for source in LASTING:
        actor = busy.actor(who)
        _looks = actor.opened  # read once for each request, and part of what the words are kept by
        with CaptureQueriesContext(connection) as asked:
            parts = list(source.pressing(actor, TODAY))
        assert len(asked) == 0 and all(isinstance(part, Tally) for part in parts), source.kind
        assert tuple(kept(source.pressing, actor, TODAY)) == before[source.kind], source.kind


@pytest.mark.parametrize("who", list(PEOPLE))
def test_a_count_by_kept_words_follows_what_is_written(busy: City, who: str) -> None:
    for number in (51, 52):
        sources.pressing(busy.actor(who), TODAY)
        busy.enter("instructions", "supervisor", instruction(f"云政批〔2022〕{number}号"))
        actor = busy.actor(who)
        assert sources.pressing(actor, TODAY) == total(part for source in SOURCES for part in source.pressing(actor, TODAY))
    tally.forget()
    assert sources.pressing(actor, TODAY) == total(part for source in SOURCES for part in source.pressing(actor, TODAY))


def test_two_people_and_two_days_never_share_their_words(busy: City) -> None:
    asked = {
        (who, day): tuple(kept(SOURCES[0].pressing, busy.actor(who, day), day))
        for who in ("caseworker", "supervisor", "officer")
        for day in (TODAY, date(2022, 12, 1))
    }
    assert len({words for words in asked.values() if words}) == 4 and asked["officer", TODAY] == ()


def test_a_role_that_is_taken_away_takes_its_questions_along(busy: City) -> None:
    supervisor = busy.actor("supervisor")
    assert tuple(kept(SOURCES[0].pressing, supervisor, TODAY))
    assert tuple(kept(SOURCES[0].pressing, replace(supervisor, grants=()), TODAY)) == ()


def test_words_put_together_from_the_database_are_not_kept(busy: City) -> None:
    def pressing(actor: Actor, on: date) -> list[Tally]:
        return [Tally(Unit.objects.filter(pk__in=list(Unit.objects.values_list("pk", flat=True))))]

    actor = busy.actor("clerk")
    count = total(kept(pressing, actor, TODAY))
    Unit.objects.create(code="new", name="新单位", kind="office", division=busy.divisions["云岭市"])
    assert total(kept(pressing, actor, TODAY)) == count + 1
