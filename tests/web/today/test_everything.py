"""«全部 n 件»: grouped by when, narrowed by kind, unit and time, paged, exported line for line."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.indicators.refresh import refresh
from qingyuan.web.today import views
from tests.cast import PEOPLE, TODAY, City, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(town: City) -> City:
    for number, due in enumerate((TODAY - timedelta(days=9), TODAY, TODAY + timedelta(days=5), TODAY + timedelta(days=60)), start=1):
        town.enter("instructions", "supervisor", {
            "document_number": f"云政批〔2022〕{number}号", "level": "county", "given_on": date(2022, 11, 1),
            "content": "请加强社区戒毒工作", "due_on": due,
        })  # fmt: skip
    return town


def lines(page: str) -> list[str]:
    return [f"云政批〔2022〕{n}号" for n in (1, 2, 3, 4) if f"云政批〔2022〕{n}号" in page]


def test_the_first_page_leads_to_all_of_it_and_says_how_much(given: City) -> None:
    browser = browser_of(given, "supervisor")
    said = re.search(r'<a class="r" href="/today/all/">全部 (\d+) 件 →</a>', browser.get("/today/").content.decode())
    listed = browser.get("/today/all/").content.decode()
    assert said is not None and int(said[1]) == listed.count('class="whose"') >= 5


def test_lines_stand_under_when_they_are_due(given: City) -> None:
    page = browser_of(given, "supervisor").get("/today/all/").content.decode()
    order = ("<h2>已逾期", "2022〕1号", "<h2>今天到期", "2022〕2号", "<h2>七天以内", "2022〕3号", "<h2>以后", "2022〕4号")
    at = [page.index(words) for words in order]
    assert at == sorted(at)
    assert "已提请单位负责人" in page or "已提请上级" in page


@pytest.mark.parametrize(("query", "numbers"), [
    ("when=late", [1]), ("when=today", [2]), ("when=soon", [3]), ("when=later", [4]),
    ("kind=instructions", [1, 2, 3, 4]), ("kind=dues", []), ("kind=instructions&when=today", [2]),
    ("who=龙洞镇人民政府", [1, 2, 3, 4]), ("when=nonsense&kind=none", [1, 2, 3, 4]),
])  # fmt: skip
def test_it_is_narrowed_by_kind_unit_and_time(given: City, query: str, numbers: list[int]) -> None:
    page = text_of(browser_of(given, "supervisor").get(f"/today/all/?{query}"))
    assert lines(page) == [f"云政批〔2022〕{n}号" for n in numbers]


def test_a_long_list_is_paged(given: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 2)
    browser = browser_of(given, "supervisor")
    first, last = text_of(browser.get("/today/all/?kind=instructions")), text_of(browser.get("/today/all/?kind=instructions&page=2"))
    assert lines(first) == ["云政批〔2022〕1号", "云政批〔2022〕2号"] and "第 1—2 条,共 4 条" in first
    assert lines(last) == ["云政批〔2022〕3号", "云政批〔2022〕4号"]
    assert lines(text_of(browser.get("/today/all/?kind=instructions&page=99999"))) == lines(last)
    assert lines(text_of(browser.get("/today/all/?kind=instructions&page=x"))) == lines(first)


def sheet(answer: Any) -> list[list[str]]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [[str(cell or "") for cell in row] for row in rows]


def test_the_export_holds_what_the_page_shows_and_names_in_it_leave_a_trace(given: City) -> None:
    given.enter("measures", "supervisor", measure_values(given, 4, reported_on=None, agreement_on=None))
    browser = browser_of(given, "supervisor")
    rows = sheet(browser.get("/today/all/export.xlsx?when=late"))
    text = "\n".join("|".join(row) for row in rows)
    assert "测试戊 还没有报到" in text and "云政批〔2022〕1号" in text and "云政批〔2022〕2号" not in text
    assert "《戒毒条例》第十四条" in text and "已提请上级" in text
    assert ReadEntry.objects.using("audit").filter(act="export", ledger="today", row_count__gte=2).exists()


def test_everybody_has_a_list_of_what_they_wait_for_and_only_the_office_of_what_is_owed_to_it(given: City) -> None:
    refresh()
    office = text_of(browser_of(given, "clerk").get("/today/all/?side=others"))
    assert lines(office) == [f"云政批〔2022〕{n}号" for n in (1, 2, 3, 4)] and "等别人办" in office
    town = text_of(browser_of(given, "supervisor").get("/today/all/?side=others"))
    assert "等别人办" in town and lines(town) == []


@pytest.mark.parametrize("who", list(PEOPLE))
def test_everybody_with_a_range_opens_the_list_and_strangers_to_the_people_read_no_name(given: City, who: str) -> None:
    refresh()
    answer = browser_of(given, who).get("/today/all/")
    assert answer.status_code == 200
    if who not in ("supervisor", "caseworker"):
        assert "测试" not in answer.content.decode()


def test_nothing_to_do_says_where_to_go(city: City) -> None:
    page = text_of(browser_of(city, "officer").get("/today/all/"))
    assert "没有待办" in page and "要登记的,从“台账”进" in page and "导出" not in page
