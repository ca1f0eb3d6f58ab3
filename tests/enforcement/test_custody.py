"""Every gram seized is somewhere: the balance of an exhibit, without a database, and the page that shows it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.enforcement import rules
from qingyuan.enforcement.models import Movement
from qingyuan.enforcement.queries import exhibits
from qingyuan.enforcement.rules.custody import Stage, Step, balance, problem_of
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.ledgers.models import FactRow
from qingyuan.reference.catalogue import get_list
from tests.cast import TODAY, City
from tests.enforcement.rows import CASE, filed
from tests.web.pages import browser_of, text_of

DAY = date(2022, 5, 20)


def steps(*taken: tuple[str, int | str]) -> list[Step]:
    """One step a day."""
    return [Step(Stage(stage), DAY + timedelta(days=number), Decimal(quantity)) for number, (stage, quantity) in enumerate(taken)]


def said(*taken: tuple[str, int | str], on: date = TODAY) -> str:
    made = steps(*taken)
    return problem_of(balance(made), on=on, last_step=made[-1].on, days_to_store=7)


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ([("seized", 100), ("sampled", 2), ("stored", 98)], ""),
        ([("seized", 100), ("sampled", 2), ("stored", 98), ("destroyed", 98)], ""),
        ([("seized", 100), ("stored", 100), ("sampled", 2), ("counted", 98), ("transferred", 98)], ""),
        ([("seized", 5), ("released", 5)], ""),
        ([("seized", 100), ("sampled", 2)], "98 没有去向"),
        ([("seized", 100), ("sampled", 2), ("stored", 90)], "8 没有去向"),
        ([("seized", 100), ("stored", 100), ("counted", 97)], "少 3"),
        ([("seized", 100), ("stored", 100), ("counted", 0)], "少 100"),
        ([("seized", 100), ("stored", 100), ("counted", 101)], "多 1"),
        ([("seized", 100), ("stored", 100), ("destroyed", 120)], "多 20"),
        ([("seized", 100), ("stored", "100.5")], "多 0.5"),
        ([("stored", 100)], "没有扣押记录"),
    ],
)
def test_what_does_not_come_out_is_said_with_its_amount(taken: list[tuple[str, int | str]], words: str) -> None:
    answer = said(*taken)
    assert words in answer if words else answer == ""


def test_what_was_just_seized_has_its_days_to_reach_the_store() -> None:
    assert said(("seized", 10), on=DAY + timedelta(days=7)) == ""
    assert "没有去向" in said(("seized", 10), on=DAY + timedelta(days=8))


amounts = st.decimals(0, 5000, places=2)
taken_steps = st.lists(st.tuples(st.sampled_from(Stage), amounts, st.integers(0, 30), st.integers(1, 3)), max_size=12)


@settings(deadline=None)
@given(taken=taken_steps)
def test_nothing_is_lost_by_the_arithmetic(taken: list[tuple[Stage, Decimal, int, int]]) -> None:
    made = [Step(stage, DAY + timedelta(days=days), quantity, turn) for stage, quantity, days, turn in taken]
    found = balance(made)
    out = found.sampled + found.transferred + found.released + found.destroyed
    assert found.seized + found.overdrawn == out + found.stored + found.loose + found.missing
    assert found.stored >= 0 and found.loose >= 0 and found.overdrawn >= 0
    assert found.unaccounted == found.seized - out - found.stored
    assert balance(reversed(made)) == found, "the order in which rows are read does not matter"
    if problem_of(found, on=TODAY, last_step=DAY, days_to_store=7) == "" and made:
        assert found.is_whole and found.loose == 0


def test_the_stages_of_the_list_are_those_of_the_arithmetic() -> None:
    assert {code.code for code in get_list("custody_stages")} == set(Stage)


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"drug": ""}, ["drug"]),
        ({"kind": "cash", "measure": "yuan"}, ["drug"]),
        ({"kind": "cash", "drug": "", "measure": "yuan"}, []),
        ({"measure": "piece"}, ["measure"]),
        ({"quantity": Decimal(0)}, ["quantity"]),
        ({"quantity": Decimal(0), "stage": "counted"}, []),
        ({"quantity": Decimal(-1), "stage": "counted"}, ["quantity"]),
        ({"handlers": ["李秀"]}, ["handlers"]),
        ({"handlers": ["李秀", "李秀"]}, ["handlers"]),
    ],
)
def test_a_movement_is_weighed_named_and_seen_by_two(changes: dict[str, Any], columns: list[str]) -> None:
    assert [problem.column for problem in rules.check_movement(MOVED | changes)] == columns


MOVED: dict[str, Any] = {
    "case_number": CASE["number"],
    "exhibit": "W1",
    "kind": "drug",
    "drug": "OP01",
    "stage": "seized",
    "moved_on": DAY,
    "quantity": Decimal("120.5"),
    "measure": "g",
    "handlers": ["李秀", "王平"],
}


def moved(city: City, *taken: tuple[str, str], exhibit: str = "W1", who: str = "officer") -> list[Movement]:
    rows = [
        MOVED | {"stage": stage, "quantity": Decimal(quantity), "exhibit": exhibit, "moved_on": DAY + timedelta(days=number)}
        for number, (stage, quantity) in enumerate(taken)
    ]
    return city.enter("exhibits", who, *rows)


@pytest.mark.django_db
def test_an_exhibit_is_counted_in_one_unit_from_beginning_to_end(city: City) -> None:
    filed(city)
    moved(city, ("seized", "120.5"))
    with pytest.raises(AssertionError, match="同一种"):
        city.enter("exhibits", "officer", MOVED | {"stage": "stored", "measure": "ml"})
    assert Movement.objects.count() == 1


@pytest.mark.django_db
def test_the_page_shows_what_is_missing_and_where_it_stands(city: City) -> None:
    filed(city)
    moved(city, ("seized", "120.5"), ("sampled", "1.5"), ("stored", "119"), ("destroyed", "119"))
    moved(city, ("seized", "80"), ("sampled", "1"), ("stored", "70"), exhibit="W2")
    whole, broken = sorted(exhibits(city.actor("officer"), TODAY), key=lambda one: one.number)
    assert (whole.problem, whole.balance.unaccounted) == ("", 0)
    assert "9 没有去向" in broken.problem and broken.balance.unaccounted == 9
    browser = browser_of(city, "officer")
    page = text_of(browser.get("/exhibits/"))
    assert "1 件对不上,共 2 件" in page and "W2" in page and "W1" not in page and "海洛因" in page
    assert ReadEntry.objects.filter(act="list", ledger="exhibits", row_count=3).exists()
    assert "W1" in text_of(browser.get("/exhibits/?show=all"))


@pytest.mark.django_db
def test_the_page_and_its_workbook_say_the_same(city: City) -> None:
    filed(city)
    moved(city, ("seized", "80"), ("sampled", "1"), ("stored", "70"))
    sheet = openpyxl.load_workbook(BytesIO(browser_of(city, "officer").get("/exhibits/export/").content)).worksheets[0]
    lines = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    last = lines[-1]
    assert last[0] == CASE["number"] and [float(x) for x in last[2:9]] == [80, 1, 0, 0, 0, 70, 9]
    assert "没有去向" in str(last[-1])


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "supervisor", "prosecutor", "auditor", "doctor"])
def test_nobody_else_opens_the_page(city: City, who: str) -> None:
    filed(city)
    moved(city, ("seized", "80"))
    for address in ("/exhibits/", "/exhibits/export/"):
        answer = browser_of(city, who).get(address)
        assert answer.status_code == 403 and CASE["number"] not in text_of(answer)


@pytest.mark.django_db
def test_the_fact_of_a_movement_has_grams_only_where_it_was_weighed(city: City) -> None:
    filed(city)
    moved(city, ("seized", "120.5"))
    city.enter("exhibits", "officer", MOVED | {"exhibit": "C1", "kind": "cash", "drug": "", "measure": "yuan", "quantity": Decimal(300)})
    data = [fact.data for fact in FactRow.objects.filter(fact="exhibits").order_by("pk")]
    assert data == [
        {"stage": "seized", "kind": "drug", "drug": "OP01", "grams": "120.5"},
        {"stage": "seized", "kind": "cash", "drug": None, "grams": None},
    ]
