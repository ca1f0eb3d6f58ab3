"""The clinic's year: small numbers closed against whoever adds and subtracts, nobody else's page, a file of finished years alone."""

from __future__ import annotations

import io
from datetime import date
from itertools import product

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.treatment.entries import Item, Row, Year
from qingyuan.web.clinic import closing
from tests.cast import PEOPLE, City
from tests.treatment.test_entries import entered
from tests.web.pages import browser_of, text_of

SMALL = 5


def year_of(cells: list[tuple[int, int]], *, parts: bool = True) -> Year:
    """A year with one item: for each answer (treated for the first time, treated before)."""
    rows = tuple(Row(str(place), f"答{place}", first + again, first) for place, (first, again) in enumerate(cells))
    whole, first = sum(one.everyone for one in rows), sum(one.first_ever for one in rows)
    return Year(2021, whole, first, (Item("item", "项", rows, parts),), 0)


def told(shown: closing.ShownYear) -> list[tuple[str, str]]:
    return [(row.everyone, row.first_ever) for item in shown.items for row in item.rows]


def solutions(shown: closing.ShownYear, whole: int, first: int) -> list[tuple[tuple[int, int], ...]]:
    """Every table an attacker who knows the rules still holds possible, by trying all of them."""

    def fits(text: str, value: int) -> bool:
        if text == closing.FEW:
            return 0 < value < SMALL
        return value >= 0 if text == closing.KEPT else value == int(text)

    rows = told(shown)
    choices = [
        [(one, other) for one in range(whole + 1) for other in range(whole - one + 1) if fits(all_, one + other) and (not shown.split or fits(new, one))]
        for all_, new in rows
    ]
    last, found = set(choices[-1]), []
    for table in product(*choices[:-1]):  # the last row is what the totals leave
        left = whole - sum(one + other for one, other in table)
        news = [first - sum(one for one, _other in table)] if shown.split else range(left + 1)
        found += [(*table, (new, left - new)) for new in news if (new, left - new) in last]
    return found


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=3))
def test_nobody_can_work_out_a_number_below_five(cells: list[tuple[int, int]]) -> None:
    found = year_of(cells)
    shown = closing.shown(found)
    if not told(shown) or not shown.split and len(cells) > 2:  # without the split every split of a row is possible: many tables
        return
    possible = solutions(shown, found.everyone, found.first_ever)
    assert tuple(cells) in possible or not shown.split, "the truth is among what is possible"
    for place, (first, again) in enumerate(cells):
        for count, values in (
            (first + again, {table[place][0] + table[place][1] for table in possible}),
            *(((first, {table[place][0] for table in possible}), (again, {table[place][1] for table in possible})) if shown.split else ()),
        ):
            assert not 0 < count < SMALL or len(values) > 1, (cells, told(shown))


def test_the_attacker_of_this_test_would_find_a_lone_small_number() -> None:
    naked = closing.ShownYear(2021, "20", "0", True, (closing.ShownItem("项", (closing.ShownRow("甲", "<5", "0"), closing.ShownRow("乙", "17", "0"))),))
    assert {table[0] for table in solutions(naked, 20, 0)} == {(0, 3)}


def test_large_numbers_stand_open_and_few_people_close_the_whole_year() -> None:
    assert told(closing.shown(year_of([(10, 10), (8, 7)]))) == [("20", "10"), ("15", "8")]
    few = closing.shown(year_of([(2, 2)]))
    assert few.items == () and few.everyone == "<5"


def test_where_so_few_are_new_that_the_total_tells_them_nobody_is_split() -> None:
    shown = closing.shown(year_of([(2, 20), (1, 20)]))
    assert not shown.split and shown.first_ever == closing.KEPT and {first for _all, first in told(shown)} == {closing.KEPT}


def test_an_item_that_cannot_be_closed_is_left_out_whole() -> None:
    """Four and four of eight: «<5» twice would tell both."""
    assert told(closing.shown(year_of([(0, 4), (0, 4)]))) == []


def test_a_question_with_several_answers_closes_each_against_everybody_else() -> None:
    """All but two use something besides: how many do not would be told by the difference."""
    [(everyone, _first)] = told(closing.shown(year_of([(0, 18)], parts=False)))
    assert everyone == "18"
    rows = (Row("ats", "类", 18, 0),)
    shown = closing.shown(Year(2021, 20, 0, (Item("besides", "项", rows, parts=False),), 0))
    assert told(shown)[0][0] == closing.KEPT


# --- the page ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def clinic(city: City) -> City:
    """Of 2021 twelve people, six of them new; of 2022 one."""
    for serial in range(12):
        answers = {"treated_before": "never" if serial < 6 else "before", "substance": "opioids" if serial % 4 else "cannabis"}
        entered(city, serial, date(2021, 3, 1 + serial), **answers)
    entered(city, 20, date(2022, 2, 1))
    return city


@pytest.mark.django_db
def test_the_doctor_reads_the_year_and_takes_it_as_a_file_once_it_is_over(clinic: City) -> None:
    browser = browser_of(clinic, "doctor")
    page = text_of(browser.get("/clinic/entries/?year=2021"))
    assert "12" in page and "其中首次" in page and "导出" in page
    file = browser.get("/clinic/entries/export.xlsx?year=2021")
    assert file.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file) if file.streaming else file.content)).active
    assert sheet is not None
    lines = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert ["全年入治(人)", "12", "6"] in lines or any("全年入治(人)" in line and "12" in line and "6" in line for line in lines)
    substance = [line for line in lines if "主要物质" in line]
    assert substance == [["主要物质", "人数太少,不列"]], "three of twelve: the nine beside them would tell"


@pytest.mark.django_db
def test_the_running_year_gives_no_file(clinic: City) -> None:
    browser = browser_of(clinic, "doctor")
    page = text_of(browser.get("/clinic/entries/"))
    assert "不足 5 人" in page and "导出" not in page
    assert browser.get("/clinic/entries/export.xlsx?year=2022").status_code == 404
    for wrong in ("?year=1999", "?year=x", "?year=²"):
        assert browser.get(f"/clinic/entries/{wrong}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"doctor"}))
def test_nobody_else_opens_it(clinic: City, who: str) -> None:
    browser = browser_of(clinic, who)
    for address in ("/clinic/entries/", "/clinic/entries/?year=2021", "/clinic/entries/export.xlsx?year=2021"):
        answer = browser.get(address)
        assert answer.status_code in (403, 404) and "海洛因" not in answer.content.decode() and "阿片" not in answer.content.decode(), address
