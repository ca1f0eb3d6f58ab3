"""My unit's sources: what came, when the next should; a recipe changed, forgotten; a layout bound from a blank workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers.importing import sources
from qingyuan.ledgers.models import LearntSynonym, OwnLayout, SavedRecipe, Source
from tests.cast import City
from tests.ledgers.layouts.test_layouts import BLANK
from tests.ledgers.recipes.books import bring, enter, workbook
from tests.web.conftest import test_values
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人", "签字")


@pytest.fixture
def source(town: City) -> Source:
    row = test_values(2)
    content = workbook(HEADER, (row["name"], row["id_number"], "2022-10-08", "尿液", "阴性", "李秀、王平", "√"))
    batch = bring(town, content)
    made = sources.remember(batch=batch, title="龙洞镇登记表", whole=False, every_months=1, by=town.actor("supervisor"))
    enter(town, batch)
    return made


def mapping(page: Any) -> dict[str, str]:
    """The recipe's form as the browser would send it."""
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    form = soup.find("form", class_="recipe")
    assert form is not None
    chosen = {}
    for select in form.find_all("select"):
        option = select.find("option", selected=True) or select.find("option")
        chosen[select["name"]] = option["value"]
    return chosen


def test_the_list_says_what_came_and_what_should_come(
    town: City, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(town, "supervisor")
    page = text_of(browser.get("/sources/"))
    assert "龙洞镇登记表" in page and "10月.xlsx" in page and "2022 年 12 月" in page
    monkeypatch.setattr(clock, "today", lambda: date(2023, 2, 1))
    assert "2022 年 12 月,还没来" in text_of(browser.get("/sources/"))


def test_an_empty_list_says_what_to_do_first(town: City) -> None:
    assert "记住这种表" in text_of(browser_of(town, "supervisor").get("/sources/"))
    assert "数据来源" in text_of(browser_of(town, "supervisor").get("/ledgers/"))


def test_the_recipe_is_shown_and_changed_for_the_next_file(town: City, source: Source) -> None:
    browser = browser_of(town, "supervisor")
    page = browser.get(f"/sources/{source.pk}/")
    form = mapping(page)
    assert set(form.values()) >= {"name", "id_number", "tested_on", "sample", "result", "testers"}
    labels = [
        label.get_text(strip=True)
        for label in BeautifulSoup(page.content.decode(), "html.parser").select(".recipe table label")
    ]
    signed = f"column-{labels.index('签字')}"
    done = browser.post(f"/sources/{source.pk}/recipe/", {**form, signed: "note"}, follow=True)
    assert "配方已改" in text_of(done)
    assert SavedRecipe.objects.get().content["columns"]["签字"] == "note"
    batch = bring(town, workbook(HEADER, ("测试丁", "", "2022-11-08", "尿液", "阴性", "李秀、王平", "在场")))
    assert batch.reading["title"] == source.title and "note" in batch.found["columns"].values()
    wrong = browser.post(f"/sources/{source.pk}/recipe/", {**form, signed: "name"})
    assert wrong.status_code == 422 and "选了 2 次" in text_of(wrong)


def test_words_are_taught_and_forgotten_for_the_source_alone(town: City, source: Source) -> None:
    browser = browser_of(town, "supervisor")
    page = browser.post(f"/sources/{source.pk}/teach/", {"text": "杯", "meaning": "sample:saliva"}, follow=True)
    assert "“杯” → 唾液" in text_of(page)
    word = LearntSynonym.objects.get()
    assert word.source == source
    for bad in (
        {"text": "", "meaning": "sample:urine"},
        {"text": "杯", "meaning": ""},
        {"text": "杯", "meaning": "sample:none"},
    ):
        assert browser.post(f"/sources/{source.pk}/teach/", bad, follow=True).status_code == 200
    assert LearntSynonym.objects.get().code == "saliva"
    browser.post(f"/sources/{source.pk}/forget-word/", {"word": "x"}, follow=True)
    assert "已忘记这个词" in text_of(
        browser.post(f"/sources/{source.pk}/forget-word/", {"word": str(word.pk)}, follow=True)
    )
    assert not LearntSynonym.objects.exists()


def test_name_kind_and_rhythm_are_changed(town: City, source: Source) -> None:
    browser = browser_of(town, "supervisor")
    asked = {"title": "公安系统导出", "whole": "1", "every_months": "3"}
    assert "已保存" in text_of(browser.post(f"/sources/{source.pk}/change/", asked, follow=True))
    source.refresh_from_db()
    assert (source.title, source.whole, source.every_months) == ("公安系统导出", True, 3)
    refused = browser.post(f"/sources/{source.pk}/change/", {**asked, "title": ""})
    assert refused.status_code == 422 and field_error(refused, "title")


def test_forgetting_and_retiring_leave_the_rows_and_stand_in_the_audit(town: City, source: Source) -> None:
    browser = browser_of(town, "supervisor")
    assert "没有配方" in text_of(browser.post(f"/sources/{source.pk}/forget/", follow=True))
    assert "还没有记住过" in text_of(browser.post(f"/sources/{source.pk}/retire/", follow=True))
    acts = set(WriteEntry.objects.filter(row_id=source.pk).values_list("act", flat=True))
    assert acts == {"tests.recipe_save", "tests.recipe_forget", "tests.source_retire"}
    assert browser.get(f"/sources/{source.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer", "town_leader", "auditor", "doctor"])
def test_a_units_sources_and_layouts_are_its_own(town: City, source: Source, who: str) -> None:
    stored = add_layout(browser_of(town, "supervisor"))
    other = browser_of(town, who)
    assert other.get(f"/sources/{source.pk}/").status_code == 404
    for address in ("change", "recipe", "teach", "forget-word", "forget", "retire"):
        assert other.post(f"/sources/{source.pk}/{address}/", {"title": "别人的"}).status_code == 404
    assert other.get(f"/layouts/{stored.pk}/").status_code == 404
    assert other.post(f"/layouts/{stored.pk}/", {"title": "别人的"}).status_code == 404
    assert other.post(f"/layouts/{stored.pk}/remove/").status_code == 404
    listed = other.get("/sources/")
    assert listed.status_code == 403 or "龙洞镇登记表" not in text_of(listed)
    assert OwnLayout.objects.get().retired_at is None and SavedRecipe.objects.count() == 1


# --- layouts -------------------------------------------------------------------------------------------------------
def add_layout(browser: Client, **changes: Any) -> OwnLayout:
    asked = {"ledger": "tests", "title": "省平台检测表", "system": "某省平台", "row": "", **changes}
    asked.setdefault("file", SimpleUploadedFile("空表.xlsx", workbook(BLANK)))
    browser.post("/layouts/", asked, follow=True)
    return OwnLayout.objects.get()


def test_a_blank_workbook_is_bound_on_a_page_and_used(town: City) -> None:
    browser = browser_of(town, "supervisor")
    stored = add_layout(browser)
    page = browser.get(f"/layouts/{stored.pk}/")
    assert "采样时间" in text_of(page) and "不取,按右边写" in text_of(page)
    bound = {
        "title": "省平台检测表",
        "source-0": "name",
        "source-1": "id_number",
        "source-2": "tested_on",
        "source-3": "sample",
        "source-4": "result",
        "text-6": "社区",
    }
    browser.post(f"/layouts/{stored.pk}/", bound, follow=True)
    browser.post(f"/layouts/{stored.pk}/", {**bound, "way-2": "compact", "way-4": "code"}, follow=True)
    stored.refresh_from_db()
    columns = {column["header"]: column for column in stored.content["columns"]}
    assert (
        columns["采样时间"]["day"] == "compact"
        and columns["检测结果"]["code"] == "code"
        and columns["备注"]["text"] == "社区"
    )
    assert "按“省平台检测表”导出" in text_of(browser.get("/ledgers/tests/?when=all"))
    answer = browser.post(f"/ledgers/tests/layouts/{stored.pk}/?when=all", {"numbers": "masked"})
    assert answer.status_code == 200 and "spreadsheetml" in answer["Content-Type"]
    assert "已删去" in text_of(browser.post(f"/layouts/{stored.pk}/remove/", follow=True))
    assert browser.get(f"/ledgers/tests/layouts/{stored.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source-6": "note"}, "不能取自"),
        ({"source-5": "sample"}, "不收集"),
        ({"title": ""}, "起个名称"),
        ({"source-0": ""}, ""),
    ],
)
def test_a_binding_that_cannot_be_says_why(town: City, changes: dict[str, str], says: str) -> None:
    browser = browser_of(town, "supervisor")
    stored = add_layout(browser)
    page = browser.post(f"/layouts/{stored.pk}/", {"title": "省平台检测表", "source-0": "name", **changes})
    assert page.status_code == 422 and (says or "至少要有一栏") in text_of(page)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"file": SimpleUploadedFile("空.xlsx", workbook(("甲", "乙", "丙")))}, "没有认出表头"),
        ({"file": SimpleUploadedFile("坏.xlsx", b"not a workbook")}, "表格"),
        ({"ledger": "cases"}, ""),
        ({"row": "99"}, ""),
    ],
)
def test_what_is_no_blank_workbook_is_refused(town: City, changes: dict[str, Any], says: str) -> None:
    browser = browser_of(town, "supervisor")
    asked = {
        "ledger": "tests",
        "title": "格式",
        "system": "",
        "row": "",
        "file": SimpleUploadedFile("空表.xlsx", workbook(BLANK)),
        **changes,
    }
    page = browser.post("/layouts/", asked)
    assert page.status_code == 422 and says in text_of(page)
    assert not OwnLayout.objects.exists()
