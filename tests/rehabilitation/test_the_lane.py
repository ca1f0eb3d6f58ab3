"""From a measure to its dues to a test that answers one."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.casework.models import Due
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.rehabilitation.models import Client, Measure
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db


def test_a_reported_measure_generates_its_22_dues(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    assert Due.objects.count() == 22
    assert Due.objects.late_on(TODAY).count() == 10


def test_a_test_answers_the_window_it_falls_in(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    city.enter(
        "tests",
        "supervisor",
        {
            "name": "测试乙",
            "id_number": id_number(101),
            "tested_on": date(2022, 3, 1),
            "sample": "urine",
            "result": "negative",
            "purpose": "scheduled",
            "testers": ["李秀", "王平"],
        },
    )
    done = Due.objects.get(outcome="done")
    assert (done.opens_on, done.closes_on, done.done_on) == (date(2022, 2, 10), date(2022, 3, 10), date(2022, 3, 1))
    fact = FactRow.objects.get(fact="test_dues", row_id=done.pk, superseded_at=None)
    assert fact.data["outcome"] == "done"
    assert OutboxEntry.objects.filter(fact="test_dues", partition="2022-03").exists()


def test_a_person_is_one_client_however_often_they_come(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    city.enter("measures", "supervisor", measure_values(city, 1, kind="CR", decided_on=date(2022, 1, 4)))
    assert Client.objects.count() == 1
    assert Measure.objects.count() == 2
