"""Lists and exports: one's own rows and no other, the same masks on every route, formulas that stay text."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.returning import RECORD
from qingyuan.rehabilitation.models import Measure
from tests.cast import City, id_number
from tests.web.pages import browser_of, text_of
from tests.web.swap import same_after_swap

pytestmark = pytest.mark.django_db
LIST = "/ledgers/measures/?when=all"


def rows_on(page: Any) -> list[list[str]]:
    table = BeautifulSoup(page.content.decode(), "html.parser").find("table", class_="folds")
    if table is None:
        return []
    return [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in table.find("tbody").find_all("tr")]


def sheet_of(response: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_the_town_sees_its_people_and_a_stranger_sees_nothing(town: City) -> None:
    own = browser_of(town, "supervisor").get(LIST)
    assert len(rows_on(own)) == 3 and "测试乙" in text_of(own)
    strange = browser_of(town, "stranger").get(LIST)
    assert rows_on(strange) == [] and "测试" not in text_of(strange)


def test_a_search_by_a_whole_name_finds_and_by_a_part_does_not(town: City) -> None:
    browser = browser_of(town, "supervisor")
    assert len(rows_on(browser.get(f"{LIST}&q=测试乙"))) == 1
    assert len(rows_on(browser.get(f"{LIST}&q={id_number(101)}"))) == 1
    assert rows_on(browser.get(f"{LIST}&q=测试")) == []


def test_the_clerk_is_told_whose_the_rows_are_instead_of_seeing_them(town: City) -> None:
    page = browser_of(town, "clerk").get(LIST)
    assert page.status_code == 403
    assert "禁毒专干" in text_of(page) and "测试" not in text_of(page)


def test_id_numbers_are_masked_in_list_detail_and_export(town: City) -> None:
    browser = browser_of(town, "supervisor")
    row = Measure.objects.first()
    for address in (LIST, f"/ledgers/measures/{row.pk}/", f"/ledgers/measures/{row.pk}/change/"):
        assert "9999 ****" in text_of(browser.get(address))
        assert row.client.id_number not in browser.get(address).content.decode()


@pytest.mark.parametrize("query", ["when=all", "when=all&q=测试乙", "when=all&sort=decided_on", "when=all&kind=CR", ""])
def test_the_export_equals_the_list(town: City, query: str) -> None:
    browser = browser_of(town, "supervisor")
    listed = rows_on(browser.get(f"/ledgers/measures/?{query}"))
    lines = sheet_of(browser.get(f"/ledgers/measures/export/?{query}"))
    headers = [column.header for column in registry.get("measures").listed_columns]
    at = next(place for place, line in enumerate(lines) if line[0] == headers[0])
    assert list(lines[at]) == [*headers, RECORD.header]

    def shown(value: Any) -> str:
        if value is None:
            return "—"
        return value.date().isoformat() if hasattr(value, "date") else str(value)

    exported = [[shown(value) for value in line[:-1]] for line in lines[at + 1 :]]
    assert exported == [[cell or "—" for cell in row] for row in listed]


def test_a_stranger_exports_nothing(town: City) -> None:
    lines = sheet_of(browser_of(town, "stranger").get("/ledgers/measures/export/?when=all"))
    assert "测试" not in str(lines)


def test_a_formula_in_a_value_is_text_in_the_export(city: City) -> None:
    city.enter(
        "meetings",
        "clerk",
        {"held_on": date(2022, 3, 2), "kind": "plenary", "title": '=HYPERLINK("http://x","点")', "chair": "+1+1"},
    )
    book = openpyxl.load_workbook(BytesIO(browser_of(city, "clerk").get("/ledgers/meetings/export/").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


@pytest.mark.parametrize("query", ["when=all", "when=all&q=测试乙", "when=all&kind=CD", "q=没有这个人", "when=all&page=2"])
def test_a_filtered_list_is_the_same_after_a_swap_and_after_a_reload(town: City, query: str) -> None:
    same_after_swap(browser_of(town, "supervisor"), f"/ledgers/measures/?{query}")


def test_reading_people_is_logged_with_the_rows_that_were_shown(town: City) -> None:
    browser_of(town, "supervisor").get(LIST)
    entry = ReadEntry.objects.using("audit").get(act="list", ledger="measures")
    assert entry.row_count == 3
    assert all(str(row.pk) in entry.row_ids for row in Measure.objects.all())


def test_an_export_is_logged(town: City) -> None:
    browser_of(town, "supervisor").get("/ledgers/measures/export/?when=all")
    assert ReadEntry.objects.using("audit").get(act="export").row_count == 3


def test_a_list_does_not_ask_more_for_more_rows(town: City, django_assert_max_num_queries: Any) -> None:
    browser = browser_of(town, "supervisor")
    browser.get(LIST)
    with django_assert_max_num_queries(60):
        browser.get(LIST)
    assert connection.vendor


def test_an_empty_ledger_says_what_to_do_first(city: City) -> None:
    page = text_of(browser_of(city, "supervisor").get("/ledgers/tests/"))
    assert "还没有记录" in page and "导入表格" in page


def test_the_first_page_names_the_ledgers_one_may_not_open(town: City) -> None:
    page = text_of(browser_of(town, "clerk").get("/ledgers/"))
    assert "不对您开放的台账" in page and "社区检测台账" in page
    assert "测试乙" not in page


def test_there_is_no_ledger_of_that_name(city: City) -> None:
    assert browser_of(city, "clerk").get("/ledgers/nothing/").status_code == 404


def test_the_rows_behind_a_number_are_counted_for_those_who_may_not_open_them(town: City) -> None:
    ids = ",".join(str(row.pk) for row in Measure.objects.all())
    own = browser_of(town, "supervisor").get(f"/ledgers/measures/?ids={ids}")
    assert len(rows_on(own)) == 3
    page = browser_of(town, "clerk").get(f"/ledgers/measures/?ids={ids}")
    assert page.status_code == 200
    said = text_of(page)
    assert "<5 条" in said and "龙洞镇人民政府" in said and "测试" not in said
