"""A long list is read from its index: the same pages in the same order, the same counts, and nothing walked over."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from qingyuan.casework.models import Due
from qingyuan.foundation import paging
from qingyuan.foundation.counting import how_much
from qingyuan.foundation.paging import KeyPage, counted, key_page
from qingyuan.journeys import upkeep
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.queries import LookedBack, RowFilter, Told
from qingyuan.organisation.models import DivisionPath
from qingyuan.rehabilitation import queries as people
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.models import Client, Measure
from tests.cast import TODAY, City, id_number, measure_values

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
    ledger, actor = registry.get("cases"), city.actor("officer")
    return queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(**wanted), TODAY, by=actor)


@pytest.fixture
def cases(city: City) -> City:
    city.enter("cases", "officer", *(case_values(city, number) for number in range(COUNT)))
    return city


@pytest.mark.parametrize("sort", ["", "filed_on", "-filed_on", "case_kind", "-offence"])
@pytest.mark.parametrize("size", [1, 4, 10, 50])
@pytest.mark.parametrize("exact", [False, True])
def test_pages_are_the_slices_of_the_whole_however_they_are_counted_to(cases: City, sort: str, size: int, exact: bool) -> None:
    ledger, rows = registry.get("cases"), listed_cases(cases, sort=sort)
    whole = [row.pk for row in rows]
    assert len(whole) == COUNT
    for start in range(0, COUNT, size):
        shown, found = queries.page(ledger, rows, start // size + 1, size, exact=exact)
        assert [row.pk for row in shown] == whole[start : start + size]
        assert (found.start, found.total, found.more) == (start, COUNT, False)


@pytest.mark.parametrize("most", [1, 7, 22, 23, 24])
@pytest.mark.parametrize("size", [1, 4, 10])
def test_a_count_that_stops_says_so_and_is_never_wrong(cases: City, most: int, size: int) -> None:
    rows = listed_cases(cases)
    whole = [row.pk for row in rows]
    for number in range(1, 26):
        found = key_page(rows, number, size, most=most)
        last = -(-COUNT // size)
        assert found.number == min(number, last) and found.start == (found.number - 1) * size
        assert found.keys == whole[found.start : found.start + size]
        assert found.total < COUNT if found.more else found.total == COUNT
        assert found.total >= min(most, COUNT) and found.total >= found.start + len(found.keys)


@pytest.mark.parametrize("size", [1, 4, 10])
def test_a_list_is_turned_only_so_far_and_says_where_it_stops(cases: City, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(paging, "MOST_TURNED", 20)
    rows, deepest = listed_cases(cases), 20 // size
    whole = [row.pk for row in rows]
    for number in (1, deepest - 1, deepest, deepest + 1, 999):
        found = key_page(rows, number, size, most=5)
        assert found.number == min(max(number, 1), deepest) and found.keys == whole[found.start : found.start + size]
        assert found.deepest is (found.number == deepest) and found.more
    assert key_page(rows, 999, size, exact=True).keys[-1] == whole[-1], "who asks for the whole number may go to its end"


@pytest.mark.parametrize("text", ["贩卖", "A5399", "A5399000003", "没有"])
def test_what_a_search_finds_is_the_reach_s_alone_though_asked_for_by_keys(cases: City, text: str) -> None:
    ledger = registry.get("cases")
    all_found, own = ledger.model.objects.all(), queries.rows(ledger, cases.actor("officer"), TODAY).filter(number__endswith="3")
    everything = {row.pk for row in queries.filtered(ledger, all_found, RowFilter(search=text), TODAY, by=cases.actor("officer"))}
    found = {row.pk for row in queries.filtered(ledger, own, RowFilter(search=text), TODAY, by=cases.actor("officer"))}
    assert found == everything & {row.pk for row in own}
    assert bool(found) is (text != "没有")


@pytest.mark.parametrize("most", [0, 1, COUNT - 1, COUNT, COUNT + 1])
def test_counting_stops_at_the_bar(cases: City, most: int) -> None:
    assert counted(listed_cases(cases), most) == (min(most, COUNT), COUNT > most)


def test_a_short_page_tells_how_many_there_are_by_itself(cases: City) -> None:
    rows = listed_cases(cases)
    with CaptureQueriesContext(connection) as asked:
        found = key_page(rows, 1, 50)
    assert len(asked) == 1 and (found.total, found.more) == (COUNT, False)


def test_an_empty_list_has_one_empty_page(cases: City) -> None:
    assert key_page(listed_cases(cases).none(), 3, 50) == KeyPage([], 1, 0, 0)


def test_a_page_brings_its_rows_whole_with_what_they_are_shown_with(cases: City) -> None:
    shown, _found = queries.page(registry.get("cases"), listed_cases(cases), 3, 10)
    with CaptureQueriesContext(connection) as asked:
        assert {row.division.name for row in shown} <= {"龙洞镇", "石桥镇"} and {row.unit.code for row in shown} == {"police"}
    assert len(asked) == 0 and len(shown) == 3


def told(city: City, role: str = "officer") -> Told:
    [found] = queries.told([registry.get("cases")], city.actor(role), TODAY)
    return found


def test_a_write_a_change_and_a_void_are_told_at_once(cases: City) -> None:
    ledger = registry.get("cases")
    assert told(cases).count == COUNT and told(cases).moment is not None
    (row,) = cases.enter("cases", "officer", case_values(cases, 99))
    assert told(cases) == Told(COUNT + 1, moment=row.recorded_at)
    ledger.void(rows=[row], writing=cases.writing("officer", "重复登记"))
    assert told(cases).count == COUNT
    model = ledger.model
    model.everything.filter(pk=listed_cases(cases)[0].pk).update(changed_at=row.recorded_at + timedelta(days=1))
    assert told(cases).moment == row.recorded_at + timedelta(days=1)


def test_who_may_read_nothing_is_told_of_nothing(cases: City) -> None:
    assert told(cases, "supervisor") == Told(0)


@pytest.mark.parametrize("role", ["officer", "supervisor", "caseworker", "clerk", "auditor"])
def test_all_ledgers_are_told_of_in_one_question_as_each_by_itself(cases: City, role: str) -> None:
    cases.enter("measures", "supervisor", *(measure_values(cases, n) for n in range(3)))
    ledgers, actor = registry.all_ledgers(), cases.actor(role)
    with CaptureQueriesContext(connection) as asked:
        found = queries.told(ledgers, actor, TODAY)
    assert len([one for one in asked.captured_queries if "organisation_emergencylook" not in one["sql"]]) <= 1
    for ledger, one in zip(ledgers, found, strict=True):
        rows = queries.held(ledger, actor, TODAY)
        moments = [moment for row in rows for moment in (row.recorded_at, row.changed_at) if moment is not None]
        assert one == Told(rows.count(), moment=max(moments, default=None)), ledger.code


def test_of_a_long_ledger_the_count_stops_and_the_newest_day_stands_for_the_last_change(cases: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "how_much", partial(how_much, most=COUNT - 1))
    assert told(cases) == Told(COUNT - 1, more=True, newest=date(2022, 1, 7))
    monkeypatch.setattr(queries, "how_much", partial(how_much, most=COUNT))
    assert not told(cases).more


def back(city: City, most: int, monkeypatch: pytest.MonkeyPatch, before: date | None = None, **wanted: Any) -> tuple[list[Any], LookedBack | None]:
    monkeypatch.setattr(queries, "MOST_LOOKED", most)
    ledger, actor = registry.get("cases"), city.actor("officer")
    found, looked = queries.looked_back(ledger, queries.rows(ledger, actor, TODAY), RowFilter(**wanted), TODAY, by=actor, before=before)
    return list(found), looked


@pytest.mark.parametrize("most", [1, 3, 5, 10, 22, 23, 24])
@pytest.mark.parametrize("wanted", [{"search": "贩卖"}, {"search": "0001"}, {"sort": "case_kind"}, {"search": "毒品", "sort": "-offence"}])
def test_looking_further_back_comes_to_every_row_once(cases: City, monkeypatch: pytest.MonkeyPatch, most: int, wanted: dict[str, str]) -> None:
    whole, met, before = {row.pk for row in listed_cases(cases, **wanted)}, list[Any](), None
    for _part in range(COUNT + 1):
        found, looked = back(cases, most, monkeypatch, before, **wanted)
        met += [row.pk for row in found]
        if looked is None:
            assert before is None and most >= COUNT, "only a list that is no longer is looked through at one go"
            break
        assert all((looked.since is None or row.filed_on >= looked.since) for row in found)
        assert looked.since is None or looked.count >= most
        if looked.since is None:
            break
        assert before is None or looked.since < before
        before = looked.since
    assert sorted(met) == sorted(whole)


def test_what_an_index_answers_is_found_in_all_rows(cases: City, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = cases.enter("cases", "officer", case_values(cases, 500) | {"filed_on": date(2015, 1, 1), "cracked_on": date(2015, 1, 1)})
    assert back(cases, 2, monkeypatch, search=old.number) == ([old], None)
    found, looked = back(cases, 2, monkeypatch)
    assert len(found) == COUNT + 1 and looked is None, "the list in its own order"
    found, looked = back(cases, 2, monkeypatch, sort="filed_on")
    assert found[0] == old and looked is None
    found, looked = back(cases, 2, monkeypatch, search="贩卖")
    assert old not in found and looked is not None and looked.since is not None and looked.since > old.filed_on


def test_rows_behind_a_number_and_a_batch_are_never_cut_short(cases: City, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = frozenset(row.pk for row in listed_cases(cases))
    found, looked = back(cases, 2, monkeypatch, ids=ids, sort="case_kind")
    assert len(found) == COUNT and looked is None


def test_a_person_is_found_however_long_ago_beside_the_words_of_the_last_days(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.enter("cases", "officer", *(case_values(city, number) for number in range(6)))
    values = {"name": "赵测试", "id_number": id_number(77), "sex": "", "role": "suspect"}
    ledger, actor = registry.get("parties"), city.actor("officer")
    for n in range(6):
        own = {"id_number": id_number(70 + n), "case_number": f"A5399{n:06d}", "caught_on": date(2022, 1, 1 + n)}
        city.enter("parties", "officer", values | own)
    monkeypatch.setattr(queries, "MOST_LOOKED", 2)
    asked = queries.looked_back(ledger, queries.rows(ledger, actor, TODAY), RowFilter(search="赵测试"), TODAY, by=actor)
    assert len(asked[0]) == 6


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
    told = plans_of(lambda: queries.told([registry.get("cases")], officer, TODAY))
    assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in told[0]
    counted = plans_of(rows.count)
    assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in counted[0]
    for number, exact in ((1, False), (4, False), (4, True)):
        keys = plans_of(lambda number=number, exact=exact: queries.page(ledger, rows, number, 5, exact=exact))[int(exact)]
        assert "USING COVERING INDEX enforcement_case_listed (unit_id=?" in keys
        assert "TEMP B-TREE" not in keys, "the index has the order of the list"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own plans")
@pytest.mark.parametrize("code", ["tests", "measures"])
def test_counts_and_pages_of_a_town_are_read_in_the_index_alone(city: City, code: str) -> None:
    ledger, town = registry.get(code), city.actor("supervisor")
    rows = queries.filtered(ledger, queries.rows(ledger, town, TODAY), RowFilter(), TODAY)
    name = {"tests": "rehabilitation_test_listed", "measures": "rehabilitation_measure_listed"}[code]
    told = plans_of(lambda: queries.told([ledger], town, TODAY))
    keys = plans_of(lambda: queries.page(ledger, rows, 1, 5))[0]
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
