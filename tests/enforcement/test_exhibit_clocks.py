"""Clocks of seized drugs: three days to send a sample, and at once into the store what is left; later steps answer them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from qingyuan.casework.actions import clocks as actions
from qingyuan.casework.actions.clocks import CannotRecord, Given
from qingyuan.casework.models import RunningClock
from qingyuan.enforcement import clocks
from qingyuan.enforcement.models import Movement
from qingyuan.enforcement.rules.custody import Stage, Step
from qingyuan.journeys.todo import clocks as to_do
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.reference import clocks as engine
from tests.cast import TODAY, City
from tests.enforcement.rows import CASE, filed

SEIZED = date(2022, 11, 16)
DAY = timedelta(days=1)


# --- from the steps alone ----------------------------------------------------------------------------------------------
def seized(*later: tuple[str, int, int], kind: str = "drug", on: date = SEIZED) -> Any:
    """A hundred grams seized, and later steps as stage, days after, grams."""
    steps = [Step(Stage.SEIZED, on, Decimal(100))]
    steps += [Step(Stage(stage), on + days * DAY, Decimal(grams)) for stage, days, grams in later]
    return SimpleNamespace(stage="seized", kind=kind, moved_on=on, steps=steps)


def said(row: Any) -> dict[str, dict[str, date]]:
    return {one.code: {each.word: each.on for each in one.said} for one in clocks.of_movement(row)}


def test_what_was_seized_runs_the_three_days_until_a_sample_is_sent() -> None:
    (want,) = clocks.of_movement(seized())
    assert (want.code, want.closed_on) == ("D206", None)
    assert engine.start("D206", SEIZED).day == date(2022, 11, 19)


def test_a_sample_answers_it_and_the_rest_is_to_be_stored_until_nothing_is_loose() -> None:
    assert said(seized(("sampled", 1, 2))) == {
        "D206": {"seized": SEIZED, "sampled": SEIZED + DAY},
        "D207": {"sampled": SEIZED + DAY},
    }
    stored = said(seized(("sampled", 1, 2), ("stored", 2, 50), ("stored", 4, 48)))
    assert stored["D207"] == {"sampled": SEIZED + DAY, "stored": SEIZED + 4 * DAY}


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (seized(("sampled", 1, 100)), ["D206"]),  # the whole was the sample
        (seized(("stored", 0, 100), ("sampled", 1, 2)), ["D206"]),  # already in the store
        (seized(kind="phone"), []),
        (seized(on=date(2016, 6, 30)), []),  # before the rules on samples
        (SimpleNamespace(stage="stored", kind="drug", moved_on=SEIZED, steps=[]), []),
    ],
)
def test_only_drugs_run_them_and_only_while_something_is_left(row: Any, codes: list[str]) -> None:
    assert list(said(row)) == codes


def test_what_left_without_a_sample_is_over_and_nobody_is_asked() -> None:
    (want,) = clocks.of_movement(seized(("destroyed", 5, 100)))
    assert want.closed_on == SEIZED + 5 * DAY


def test_whether_a_holiday_moves_the_day_is_nobody_s_text_and_the_answer_says_so() -> None:
    sunday = engine.start("D206", date(2022, 11, 16))
    assert sunday.day == date(2022, 11, 19) and not sunday.confirmed
    assert any("条文没有写节假日是否顺延" in str(note) for note in sunday.notes)
    assert engine.start("D206", date(2022, 11, 14)).confirmed, "a working day is sure whatever the pack says"


# --- from the ledger ---------------------------------------------------------------------------------------------------
def step(city: City, stage: str, on: date, grams: str = "100", exhibit: str = "W1", who: str = "officer") -> Any:
    values = {
        "case_number": CASE["number"], "exhibit": exhibit, "kind": "drug", "drug": "OP01", "stage": stage, "moved_on": on,
        "quantity": Decimal(grams), "measure": "g", "handlers": ["陈警官", "李警官"],
    }  # fmt: skip
    return city.enter("exhibits", who, values)[0]


def running(row: Any, code: str = "D206") -> RunningClock:
    return RunningClock.objects.get(subject_id=row.pk, code=code)


@pytest.mark.django_db
def test_a_later_step_of_the_same_exhibit_answers_the_clock_of_the_first(city: City) -> None:
    filed(city)
    first, other = step(city, "seized", SEIZED), step(city, "seized", SEIZED, exhibit="W2")
    assert running(first).due_on == date(2022, 11, 19)
    step(city, "sampled", SEIZED + DAY, "2")
    assert (running(first).end, running(first).ended_on, running(other).end) == ("done", SEIZED + DAY, "")
    assert running(first, "D207").end == ""
    step(city, "stored", SEIZED + 2 * DAY, "98")
    assert (running(first, "D207").end, running(first, "D207").ended_on) == ("done", SEIZED + 2 * DAY)
    assert RunningClock.objects.count() == 3, "the later steps run none of their own"


@pytest.mark.django_db
def test_a_sample_that_was_never_taken_opens_the_clock_again(city: City) -> None:
    filed(city)
    first, sample = step(city, "seized", SEIZED), step(city, "sampled", SEIZED + DAY, "2")
    registry.get("exhibits").void(rows=[sample], writing=city.writing("officer", "登错"))
    assert (running(first).end, running(first, "D207").end) == ("", "row")


@pytest.mark.django_db
def test_a_step_moved_to_another_exhibit_leaves_the_first_open(city: City) -> None:
    filed(city)
    first, other = step(city, "seized", SEIZED), step(city, "seized", SEIZED, exhibit="W2")
    sample = Movement.objects.select_related("case").get(pk=step(city, "sampled", SEIZED + DAY, "2").pk)
    ledger = registry.get("exhibits")
    stood = {column.name: column.stored_value_of(sample) for column in ledger.columns if column.stored}
    draft = Draft(1, stood | {"case_number": CASE["number"], "exhibit": "W2"}, division_id=sample.division_id, unit_id=sample.unit_id)
    draft.target_id = sample.pk
    ledger.prepare([draft], city.writing("officer"))  # type: ignore[misc]
    ledger.change(changes=[(sample, draft)], writing=city.writing("officer"))
    assert (running(first).end, running(other).end) == ("", "done")


@pytest.mark.django_db
def test_the_to_do_of_the_unit_follows_and_an_extension_is_recorded_once(city: City) -> None:
    filed(city)
    first, officer = step(city, "seized", SEIZED), city.actor("officer")
    (job,) = to_do.jobs(officer, TODAY)
    assert "毒品送检" in job.title and job.left is not None
    assert to_do.jobs(city.actor("supervisor"), TODAY) == []
    clock = running(first)
    actions.record(running=clock, given=Given("extended", SEIZED + 2 * DAY, term="4 day"), version=clock.version, by=officer)
    assert running(first).due_on == date(2022, 11, 23)
    with pytest.raises(CannotRecord, match="以 1 次为限"):
        actions.record(running=clock, given=Given("extended", SEIZED + 3 * DAY), version=clock.version, by=officer)
    with pytest.raises(CannotRecord, match="送检取样"):
        actions.record(running=clock, given=Given("sampled", SEIZED + 3 * DAY), version=clock.version, by=officer)
    step(city, "sampled", SEIZED + 5 * DAY, "2")
    assert to_do.jobs(officer, TODAY) == []


@pytest.mark.django_db
def test_rows_that_stood_before_are_begun_once_and_steps_without_a_clock_are_only_looked_at(city: City) -> None:
    filed(city)
    first = step(city, "seized", SEIZED)
    step(city, "sampled", SEIZED + DAY, "2")
    with connection.cursor() as cursor:
        for table in ("casework_clockevent", "casework_runningclock"):
            cursor.execute(f"delete from {table}")
    assert actions.catch_up() == 2 and running(first).end == "done"
    assert actions.catch_up() == 0
