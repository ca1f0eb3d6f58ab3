"""Corrections of measures and tests: dues and facts follow, and nobody loses a test through it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.models import Due
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.writing import CannotVoid, RowChanged
from qingyuan.rehabilitation import queries
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
REPORTED = date(2022, 1, 10)


def seen(serial: int = 1, day: date = date(2022, 3, 1), **changes: Any) -> dict[str, Any]:
    values = {
        "name": f"测试{'甲乙丙丁'[serial]}",
        "id_number": id_number(100 + serial),
        "tested_on": day,
        "sample": "urine",
        "result": "negative",
        "purpose": "scheduled",
        "testers": ["李秀", "王平"],
    }
    return values | changes


def correct(city: City, row: Measure, **typed: str) -> None:
    """Change a measure as the form does."""
    row = Measure.objects.select_related("client").get(pk=row.pk)
    stands = {
        "kind": "社区戒毒" if row.kind == "CD" else "社区康复",
        "division": row.division.name,
        "decided_on": row.decided_on.isoformat(),
        "served_on": row.served_on.isoformat() if row.served_on else "",
        "reported_on": row.reported_on.isoformat() if row.reported_on else "",
        "agreement_on": row.agreement_on.isoformat() if row.agreement_on else "",
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
        "ended_on": "",
        "end_reason": "",
    }
    ledger, writing = registry.get("measures"), city.writing("supervisor", "更正")
    draft = draft_of_change(ledger, row, stands | typed, writing)
    assert draft.problems == [], draft.problems
    assert change(ledger, row, draft, writing)


def void(city: City, ledger: str, row: Any) -> None:
    registry.get(ledger).void(rows=[row], writing=city.writing("supervisor", "登错"))


def outcomes() -> dict[str, int]:
    found: dict[str, int] = {}
    for outcome in Due.objects.values_list("outcome", flat=True):
        found[outcome] = found.get(outcome, 0) + 1
    return found


@pytest.fixture
def measure(city: City) -> Measure:
    row: Measure = city.enter("measures", "supervisor", measure_values(city, 1))[0]
    return row


def test_a_corrected_report_day_moves_its_windows_and_the_test_answers_the_one_it_now_falls_in(city: City, measure: Measure) -> None:
    city.enter("tests", "supervisor", seen(day=date(2022, 2, 12)))
    assert Due.objects.get(outcome="done").position == 2
    correct(city, measure, reported_on="2022-01-15", agreement_on="2022-01-16", ends_on="")
    first, second = Due.objects.order_by("position")[:2]
    assert (first.opens_on, first.closes_on) == (date(2022, 1, 15), date(2022, 2, 15))
    assert (first.outcome, second.outcome) == ("done", "open")
    assert Due.objects.count() == 22, "moved, not added"
    fact = FactRow.objects.get(fact="test_dues", row_id=first.pk, superseded_at=None)
    assert (fact.data["opens_on"], fact.data["outcome"]) == ("2022-01-15", "done")
    assert WriteEntry.objects.filter(act="dues.move").count() == 1
    assert RowChange.objects.filter(row_id=first.pk, before__contains="2022-01-10").exists()


def test_a_report_day_taken_back_asks_for_nothing(city: City, measure: Measure) -> None:
    correct(city, measure, reported_on="", agreement_on="", ends_on="")
    assert outcomes() == {"cancelled": 22}
    assert set(Due.objects.values_list("closed_reason", flat=True)) == {"not-scheduled"}
    correct(city, measure, reported_on="2022-01-10")
    assert outcomes() == {"open": 22}


def test_a_shorter_printed_term_cancels_the_windows_beyond_it(city: City, measure: Measure) -> None:
    correct(city, measure, ends_on="2023-01-09")
    assert outcomes() == {"open": 12, "cancelled": 10}
    assert Due.objects.get(position=12).closes_on == date(2023, 1, 10), "the printed last day still belongs to the term"


def test_an_end_cancels_what_is_left_in_the_persons_favour_and_taking_it_back_opens_it(city: City, measure: Measure) -> None:
    correct(city, measure, ended_on="2022-06-20", end_reason="期满")
    assert outcomes() == {"open": 5, "cancelled": 17}
    fact = FactRow.objects.get(fact="measures", superseded_at=None)
    assert (str(fact.until), fact.data["ended_on"]) == ("2022-06-20", "2022-06-20")
    correct(city, measure)
    assert outcomes() == {"open": 22}


def test_a_measure_with_tests_is_not_voided_and_without_them_leaves_no_due(city: City, measure: Measure) -> None:
    [test] = city.enter("tests", "supervisor", seen())
    with pytest.raises(CannotVoid, match="检测"):
        void(city, "measures", measure)
    void(city, "tests", test)
    assert outcomes() == {"open": 22}, "a test taken back opens its window again"
    void(city, "measures", Measure.objects.get())
    assert outcomes() == {"cancelled": 22}
    assert not FactRow.objects.filter(fact="measures", superseded_at=None).exists()
    assert Measure.everything.get().reported_on == REPORTED, "what was entered stays readable"
    assert not queries.clients(city.actor("supervisor"), TODAY).exists(), "nobody is on a list by a void row"


def test_the_same_person_under_a_new_measure_keeps_both_lines_apart(city: City, measure: Measure) -> None:
    correct(city, measure, ended_on="2022-06-20", end_reason="期满")
    city.enter(
        "measures", "supervisor",
        measure_values(city, 1, kind="CR", decided_on=date(2022, 7, 1), served_on=date(2022, 7, 2), reported_on=date(2022, 7, 5), agreement_on=None),
    )  # fmt: skip
    city.enter("tests", "supervisor", seen(day=date(2022, 6, 1)), seen(day=date(2022, 7, 20)))
    kinds = list(CommunityTest.objects.order_by("tested_on").values_list("measure__kind", flat=True))
    assert kinds == ["CD", "CR"]
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"name": "别人"}, "name", "姓名与这个号码"),
        ({"tested_on": date(2022, 1, 9)}, "tested_on", "没有正在执行"),
        ({"tested_on": date(2022, 11, 24)}, "tested_on", "今天之后"),
        ({"id_number": id_number(177)}, "id_number", "没有这个人"),
        ({"id_number": "", "name": ""}, "name", "请填姓名"),
    ],
)
def test_a_test_that_fits_nobody_says_what_to_do(city: City, measure: Measure, changes: dict[str, Any], column: str, words: str) -> None:
    draft = Draft(number=1, values=seen() | changes)
    registry.get("tests").prepare([draft], city.writing("supervisor"))  # type: ignore[misc]
    assert [(p.column, words in p.message) for p in draft.problems][0] == (column, True)


def test_a_name_of_two_people_needs_the_number(city: City, measure: Measure) -> None:
    city.enter("measures", "supervisor", measure_values(city, 9, name="测试乙"))
    draft = Draft(number=1, values=seen(id_number=""))
    registry.get("tests").prepare([draft], city.writing("supervisor"))  # type: ignore[misc]
    assert [(p.column, "同名" in p.message) for p in draft.problems] == [("name", True)]


def test_a_wrong_name_for_a_known_number_is_refused_before_a_second_measure_is_entered(city: City, measure: Measure) -> None:
    draft = Draft(number=1, values=measure_values(city, 1, name="别人", decided_on=date(2022, 5, 1)))
    registry.get("measures").prepare([draft], city.writing("supervisor"))  # type: ignore[misc]
    assert [p.column for p in draft.problems] == ["name"]


def test_whoever_registers_a_person_as_caseworker_looks_after_them_and_dues_follow_to_the_next(city: City) -> None:
    city.enter("measures", "caseworker", measure_values(city, 1))
    mine = city.accounts["caseworker"].pk
    assert Client.objects.get().caseworker_id == mine
    assert set(Due.objects.values_list("caseworker_id", flat=True)) == {mine}
    moved = clients.assign(client_ids=[Client.objects.get().pk], caseworker=None, by=city.actor("supervisor"))
    assert moved == 1
    assert set(Due.objects.values_list("caseworker_id", flat=True)) == {None}
    assert not queries.clients(city.actor("caseworker"), TODAY).exists()
    assert queries.clients(city.actor("supervisor"), TODAY).count() == 1
    assert clients.assign(client_ids=[Client.objects.get().pk], caseworker=None, by=city.actor("supervisor")) == 0


def test_two_who_open_the_same_row_cannot_both_save_it(city: City, measure: Measure) -> None:
    first = Measure.objects.get()
    correct(city, measure, document_number="二号")
    draft = Draft(number=1, values={"document_number": "一号"})
    with pytest.raises(RowChanged, match="刷新"):
        registry.get("measures").change(changes=[(first, draft)], writing=city.writing("supervisor"))
    assert Measure.objects.get().document_number == "二号"


def test_isolation_is_two_dates_and_nothing_from_inside(city: City) -> None:
    values = {"name": "测试甲", "id_number": id_number(300), "division": city.divisions["大坪村"].pk, "decided_on": date(2022, 1, 3)}
    city.enter("isolation", "supervisor", values | {"released_on": date(2022, 9, 1)})
    fact = FactRow.objects.get(fact="isolation")
    assert (fact.happened_on, fact.until) == (date(2022, 1, 3), date(2022, 9, 1))
    assert set(fact.data) == {"person", "decisions"}
    names = {column.name for column in registry.get("isolation").columns}
    assert names == {"name", "id_number", "division", "decided_on", "ends_on", "released_on"}


def test_the_timeline_of_a_client_holds_their_rows_in_order_and_no_one_elses(city: City, measure: Measure) -> None:
    city.enter("measures", "supervisor", measure_values(city, 2))
    city.enter("tests", "supervisor", seen(day=date(2022, 5, 1)), seen(day=date(2022, 3, 1)), seen(2))
    line = queries.timeline(measure.client)
    assert [test.tested_on for test in line.tests] == [date(2022, 3, 1), date(2022, 5, 1)]
    assert {due.subject_id for due in line.dues} == {measure.pk} and len(line.dues) == 22
