"""A long list is read from its index: the same pages in the same order, the same counts, and nothing walked over."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from qingyuan.casework.models import Due
from qingyuan.journeys import upkeep
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.queries import RowFilter
from qingyuan.organisation.models import DivisionPath
from qingyuan.rehabilitation import queries as people
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.models import Client, Measure
from tests.cast import TODAY, City, measure_values

pytestmark = pytest.mark.django_db
COUNT = 23


def case_values(city: City, number: int, **changes: Any) -> dict[str, Any]:
    day = date(2022, 1, 1) + timedelta(days=number % 7)
    return {
        "number": f"A5399{number:06d}",
        "title": "某某贩卖毒品案",
        "case_kind": "criminal" if number % 3 else "administrative",
        "offence": "CL347",
        "filed_on": day,
        "cracked_on": day,
        "division": city.divisions["龙洞镇" if number % 2 else "石桥镇"].pk,
    } | changes


def listed_cases(city: City, **wanted: Any) -> QuerySet[Any]:
    ledger = registry.get("cases")
    return queries.filtered(ledger, queries.rows(ledger, city.actor("officer"), TODAY), RowFilter(**wanted), TODAY)


@pytest.fixture
def cases(city: City) -> City:
    city.enter("cases", "officer", *(case_values(city, number) for number in range(COUNT)))
    return city


@pytest.mark.parametrize("sort", ["", "filed_on", "-filed_on", "case_kind", "-offence"])
@pytest.mark.parametrize("size", [1, 4, 10, 50])
def test_pages_counted_from_the_nearer_end_are_the_slices_of_the_whole(cases: City, sort: str, size: int) -> None:
    ledger, rows = registry.get("cases"), listed_cases(cases, sort=sort)
    whole = [row.pk for row in rows]
    assert len(whole) == COUNT
    for start in range(0, COUNT, size):
        found = queries.page(ledger, rows, start, min(start + size, COUNT), COUNT)
        assert [row.pk for row in found] == whole[start : start + size]


def test_nothing_is_asked_for_a_page_behind_the_last_row(cases: City) -> None:
    ledger, rows = registry.get("cases"), listed_cases(cases)
    with CaptureQueriesContext(connection) as asked:
        assert queries.page(ledger, rows, 30, 80, COUNT) == [] and queries.page(ledger, rows, -1, 0, 0) == []
    assert len(asked) == 0


def test_a_page_brings_its_rows_whole_with_what_they_are_shown_with(cases: City) -> None:
    found = queries.page(registry.get("cases"), listed_cases(cases), 20, 23, COUNT)
    with CaptureQueriesContext(connection) as asked:
        assert {row.division.name for row in found} <= {"龙洞镇", "石桥镇"} and {row.unit.code for row in found} == {"police"}
    assert len(asked) == 0


def test_a_write_a_change_and_a_void_are_told_at_once(cases: City) -> None:
    ledger, officer = registry.get("cases"), cases.actor("officer")
    count, entered = queries.told(ledger, officer, TODAY)
    assert count == COUNT and entered is not None
    (row,) = cases.enter("cases", "officer", case_values(cases, 99))
    assert queries.told(ledger, officer, TODAY) == (COUNT + 1, row.recorded_at)
    ledger.void(rows=[row], writing=cases.writing("officer", "重复登记"))
    assert queries.told(ledger, officer, TODAY)[0] == COUNT
    model = ledger.model
    model.everything.filter(pk=listed_cases(cases)[0].pk).update(changed_at=row.recorded_at + timedelta(days=1))
    assert queries.told(ledger, officer, TODAY)[1] == row.recorded_at + timedelta(days=1)


def test_who_may_read_nothing_is_told_of_nothing(cases: City) -> None:
    assert queries.told(registry.get("cases"), cases.actor("supervisor"), TODAY) == (0, None)


def plans_of(ask: Any) -> list[str]:
    """The plan of each query that ``ask`` makes (SQLite)."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = []
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
            found.append(" | ".join(str(line[3]) for line in cursor.fetchall()))
    return [plan for plan in found if "organisation_emergencylook" not in plan]


def test_a_whole_number_finds_its_row_alone_and_a_part_of_it_all_that_hold_it(cases: City) -> None:
    cases.enter("cases", "officer", case_values(cases, 7) | {"number": "A5399000007-2"})
    found = {text: {row.number for row in listed_cases(cases, search=text)} for text in ("A5399000007", "00007", "A539900")}
    assert found["A5399000007"] == {"A5399000007"}
    assert found["00007"] == {"A5399000007", "A5399000007-2"}
    assert len(found["A539900"]) == COUNT + 1
    assert listed_cases(cases, search="A5399000007", division_id=cases.divisions["石桥镇"].pk).count() == 0


def test_where_the_range_leaves_nothing_out_its_rows_are_not_asked_where_they_stand(cases: City) -> None:
    city, town = cases.divisions["云岭市"].pk, cases.divisions["石桥镇"].pk
    whole, part = listed_cases(cases, division_id=city), listed_cases(cases, division_id=town)
    assert "descendant_id" not in str(whole.query) and whole.count() == COUNT
    assert "descendant_id" in str(part.query) and 0 < part.count() < COUNT
    # A place that was dissolved before stands under no city of today: then each row is asked again.
    DivisionPath.objects.filter(descendant_id=town).update(valid_to=date(2022, 6, 1))
    again = listed_cases(cases, division_id=city)
    assert "descendant_id" in str(again.query) and again.count() == COUNT - part_of(cases, town)


def part_of(cases: City, division_id: int) -> int:
    return registry.get("cases").model.objects.filter(division_id=division_id).count()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own plans")
def test_counts_and_pages_of_a_police_unit_are_read_in_the_index_alone(cases: City) -> None:
    ledger, rows = registry.get("cases"), listed_cases(cases)
    officer = cases.actor("officer")
    told = plans_of(lambda: queries.told(registry.get("cases"), officer, TODAY))
    assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in told[0]
    counted = plans_of(rows.count)
    assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in counted[0]
    for start in (0, 15):
        keys, _whole = plans_of(lambda start=start: queries.page(ledger, rows, start, start + 5, COUNT))
        assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in keys
        assert "TEMP B-TREE" not in keys, "the index has the order of the list"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own plans")
@pytest.mark.parametrize("code", ["tests", "measures"])
def test_counts_and_pages_of_a_town_are_read_in_the_index_alone(city: City, code: str) -> None:
    ledger, town = registry.get(code), city.actor("supervisor")
    rows = queries.filtered(ledger, queries.rows(ledger, town, TODAY), RowFilter(), TODAY)
    name = {"tests": "rehabilitation_test_listed", "measures": "rehabilitation_measure_listed"}[code]
    told = plans_of(lambda: queries.told(ledger, town, TODAY))
    keys = plans_of(lambda: queries.page(ledger, rows, 0, 5, 10))[0]
    assert f"USING COVERING INDEX {name} (unit_id=?" in told[0], told
    assert f"USING COVERING INDEX {name} (unit_id=?" in keys and "TEMP B-TREE" not in keys, keys


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its statistics by itself")
def test_the_worker_tells_sqlite_how_much_a_unit_has(cases: City) -> None:
    cases.enter("cases", "officer", *(case_values(cases, number) for number in range(COUNT, 200)))
    [duty] = [duty for duty in upkeep.duties() if duty.name == "statistics"]
    duty.do()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'enforcement_case_listed'")
        (told,) = cursor.fetchone()
    assert told.startswith("200 200 "), "two hundred rows, and all of them of one unit"


def obvious(found: QuerySet[Client], everyone: bool) -> list[Any]:
    """Everybody's standing, then sorted by it."""
    standings = people.standings(found.values_list("pk", flat=True), TODAY)
    current = {
        pk
        for pk, one in standings.items()
        if everyone or (one.measure is not None and (one.measure.ended_on is None or one.measure.ended_on > TODAY))
    }
    key = {pk: (one.next_due is None, one.next_due.closes_on if one.next_due else date.max, pk) for pk, one in standings.items()}
    return sorted(current, key=lambda pk: key[pk])


@pytest.mark.parametrize("seed", range(4))
def test_people_stand_in_the_order_of_who_has_waited_longest(city: City, seed: int) -> None:
    chance = random.Random(seed)
    city.enter("measures", "supervisor", *(measure_values(city, n, reported_on=date(2022, 1, 6) + timedelta(days=n), agreement_on=None) for n in range(8)))
    city.enter("measures", "supervisor", measure_values(city, 0, kind="CR", decided_on=date(2022, 6, 1), served_on=None, reported_on=None, agreement_on=None))
    for measure in Measure.objects.all():
        if chance.random() < 0.5:
            Measure.objects.filter(pk=measure.pk).update(
                ended_on=TODAY + timedelta(days=chance.choice((-40, 0, 1, 60))), end_reason="expired"
            )
    for due in Due.objects.all():
        if chance.random() < 0.4:
            Due.objects.filter(pk=due.pk).update(outcome="excused", closed_reason="外出")
    found = people.clients(city.actor("supervisor"), TODAY)
    for everyone in (True, False):
        assert people.waiting_order(found, TODAY, everyone=everyone) == obvious(found, everyone)


def test_the_order_of_people_is_asked_for_in_three_questions_however_many_they_are(city: City) -> None:
    city.enter("measures", "supervisor", *(measure_values(city, n) for n in range(6)))
    found = people.clients(city.actor("supervisor"), TODAY)
    with CaptureQueriesContext(connection) as asked:
        assert len(people.waiting_order(found, TODAY, everyone=False)) == 6
    assert len(asked) == 3


def test_a_caseworker_has_only_her_own_in_the_order(city: City) -> None:
    city.enter("measures", "supervisor", *(measure_values(city, n) for n in range(4)))
    mine = Client.objects.all()[0]
    clients.assign(client_ids=[mine.pk], caseworker=city.accounts["caseworker"], by=city.actor("supervisor"))
    found = people.clients(city.actor("caseworker"), TODAY)
    assert people.waiting_order(found, TODAY, everyone=True) == [mine.pk]
