"""Lists and exports: one's own rows and no other, the same masks on every route, formulas that stay text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.counting import how_much
from qingyuan.foundation.paging import key_page
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.importing.returning import RECORD
from qingyuan.rehabilitation.models import Measure
from qingyuan.web.ledgers import listing, views
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


# --- long lists -------------------------------------------------------------------------------------------------------
CASES = "/ledgers/cases/?when=all"


@pytest.fixture
def long_list(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """Sixty cases, one a day, where twenty-five already are a long list."""
    city.enter(
        "cases",
        "officer",
        *(
            {
                "number": f"A5399{n:06d}",
                "title": "某某贩卖毒品案",
                "case_kind": "criminal",
                "offence": "CL347",
                "division": city.divisions["龙洞镇"].pk,
                "filed_on": date(2022, 1, 1) + timedelta(days=n),
                "operation_number": "",
            }
            for n in range(60)
        ),
    )
    monkeypatch.setattr(queries, "key_page", partial(key_page, most=25))
    monkeypatch.setattr(queries, "how_much", partial(how_much, most=25))
    monkeypatch.setattr(queries, "MOST_LOOKED", 25)
    monkeypatch.setattr(listing, "PER_PAGE", 10)
    monkeypatch.setattr(views, "PER_PAGE", 10)
    return city


def link_of(page: Any, words: str) -> str:
    found = BeautifulSoup(page.content.decode(), "html.parser").find("a", string=words)
    assert found is not None, words
    return str(found["href"])


def test_a_long_list_says_that_there_are_more_and_counts_to_its_end_when_asked(long_list: City) -> None:
    browser = browser_of(long_list, "officer")
    page = browser.get(CASES)
    assert "第 1—10 条,共 25 条以上" in text_of(page) and "共 25 条," not in text_of(page)
    assert "共 25 条以上" in text_of(browser.get(link_of(page, "下一页")))
    assert "第 31—40 条,共 40 条以上" in text_of(browser.get(f"{CASES}&page=4")), "a page behind the bar"
    whole = browser.get(link_of(page, "数一数共有多少"))
    assert "第 1—10 条,共 60 条" in text_of(whole) and "以上" not in text_of(whole)
    assert "第 11—20 条,共 60 条" in text_of(browser.get(link_of(whole, "下一页")))
    assert "第 51—60 条,共 60 条" in text_of(browser.get(f"{CASES}&page=999")), "behind the end is the last page"


def test_a_list_as_long_as_the_bar_is_counted_whole(long_list: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "key_page", partial(key_page, most=60))
    page = text_of(browser_of(long_list, "officer").get(CASES))
    assert "第 1—10 条,共 60 条" in page and "以上" not in page


def test_a_word_is_looked_for_in_the_last_days_and_further_back_when_asked(long_list: City) -> None:
    browser = browser_of(long_list, "officer")
    page = browser.get(f"{CASES}&q=贩卖")
    assert "“贩卖”只在 2022-02-05 以来的 25 条里找过,更早的还没有找。" in text_of(page) and "共 25 条" in text_of(page)
    second = browser.get(link_of(page, "再往前看"))
    assert "“贩卖”这次在 2022-01-11 到 2022-02-05 前一天的 25 条里找过" in text_of(second)
    assert link_of(second, "从最近的看起").endswith("q=%E8%B4%A9%E5%8D%96&when=all")
    assert "第 11—20 条,共 25 条" in text_of(browser.get(link_of(second, "下一页"))), "the next page is of the same days"
    last = browser.get(link_of(second, "再往前看"))
    assert "“贩卖”这次在 2022-01-11 以前的 10 条里找过,已到最早的一条。" in text_of(last) and "再往前看" not in text_of(last)


def test_another_order_sorts_the_last_days_of_a_long_list_and_says_so(long_list: City) -> None:
    browser = browser_of(long_list, "officer")
    page = text_of(browser.get(f"{CASES}&sort=offence"))
    assert "清单太长,这个次序只排了 2022-02-05 以来的 25 条;先选时期,就排这一时期。" in page
    assert "这个次序" not in text_of(browser.get("/ledgers/cases/?period=2022-03&sort=offence"))
    assert "这个次序" not in text_of(browser.get(f"{CASES}&sort=filed_on")), "the index has it"


def test_a_nonsensical_day_to_look_back_from_asks_from_the_newest(long_list: City) -> None:
    page = text_of(browser_of(long_list, "officer").get(f"{CASES}&q=贩卖&before=gestern"))
    assert "2022-02-05 以来的 25 条里找过" in page


def test_a_file_holds_all_rows_however_far_back_the_page_looked(long_list: City) -> None:
    sheet = sheet_of(browser_of(long_list, "officer").get("/ledgers/cases/export/?when=all&q=贩卖"))
    assert sum(1 for line in sheet if any(str(value).startswith("A5399") for value in line)) == 60


def test_looking_back_asks_for_scope_like_any_list(long_list: City) -> None:
    page = browser_of(long_list, "stranger").get(f"{CASES}&q=贩卖&before=2022-02-05")
    assert "某某贩卖毒品案" not in text_of(page) and rows_on(page) == []


def test_the_first_page_of_ledgers_says_of_a_long_one_that_there_are_more(long_list: City) -> None:
    page = text_of(browser_of(long_list, "officer").get("/ledgers/"))
    assert re.search(r"25\s*\S+\s*以上", page)
    assert "最近一条是 2022-03-01 的" in page
