"""The month on the page: a table put right once, remembered, recognised, compared; what is gone is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.ledgers.models import ImportBatch, LearntSynonym, SavedRecipe, Source
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.rehabilitation.models import Client as Person
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import City, id_number
from tests.ledgers.recipes.books import ODD, odd_book, odd_row, workbook
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
MAPPING = {
    "column-1": "name",
    "column-2": "id_number",
    "column-3": "tested_on",
    "column-4": "result",
    "column-5": "testers",
    "default-sample": "尿液",
}
WHERE = {"sheet": "Sheet1", "row": "2", "levels": "1"}


def upload(browser: Client, content: bytes, name: str = "10月.xlsx") -> Any:
    return browser.post("/ledgers/tests/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def newest() -> ImportBatch:
    return ImportBatch.objects.order_by("-created_at")[0]


def put_right(browser: Client) -> Any:
    return browser.post(f"/imports/{newest().pk}/columns/", {**WHERE, **MAPPING}, follow=True)


def remembered(browser: Client, *, whole: str = "1") -> Source:
    """A first file, put right, remembered and entered."""
    upload(browser, odd_book(odd_row(1), odd_row(2), odd_row(3)), "9月.xlsx")
    put_right(browser)
    asked = {"source": "", "title": "龙洞镇登记簿", "whole": whole, "every_months": "1"}
    browser.post(f"/imports/{newest().pk}/remember/", asked, follow=True)
    browser.post(f"/imports/{newest().pk}/promote/", follow=True)
    return Source.objects.get()


def test_a_table_nobody_knows_is_shown_pointed_at_and_put_right(town: City) -> None:
    browser = browser_of(town, "supervisor")
    page = upload(browser, odd_book(odd_row(1)))
    assert "对一对栏目" in text_of(page)
    here = f"/imports/{newest().pk}/columns/"
    lost = browser.get(here)
    assert lost.status_code == 200 and "没有认出表头" in text_of(lost) and "登记簿" in text_of(lost)
    assert id_number(101) not in lost.content.decode(), "the first rows are shown without whole numbers"
    found = browser.get(here, WHERE)
    soup = BeautifulSoup(found.content.decode(), "html.parser")
    assert soup.find("select", {"name": "column-3"}) is not None and "2022-10-08" in text_of(found)
    assert soup.find("select", {"name": "column-6"}) is None and "按规定不收集" in text_of(found)
    assert id_number(101) not in found.content.decode()
    done = put_right(browser)
    assert "已按对好的栏目重新核对" in text_of(done) and "入库 1 行" in text_of(done)
    assert "表里没有“检测方式”,都按“尿液”" in text_of(done)
    new = BeautifulSoup(done.content.decode(), "html.parser").find(id="new")
    assert new is not None and "尿液" in new.get_text(), "what the recipe adds is shown before it enters"
    assert ReadEntry.objects.filter(path=here).exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"column-1": "tested_on"}, "选了 2 次"),
        ({"column-6": "note"}, "按规定不收集"),
        ({"column-1": "nothing"}, "没有"),
        ({"row": "3"}, "不像表头"),
        ({"row": "999"}, "表头要在"),
    ],
)
def test_a_mapping_that_cannot_be_says_why_and_the_batch_stays(town: City, changes: dict[str, str], says: str) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, odd_book(odd_row(1)))
    page = browser.post(f"/imports/{newest().pk}/columns/", {**WHERE, **MAPPING, **changes})
    assert page.status_code == 422 and says in text_of(page)
    assert newest().reading == {} and newest().state == BatchState.FAILED


def test_next_month_the_table_is_recognised_and_one_press_enters_it(town: City) -> None:
    browser = browser_of(town, "supervisor")
    source = remembered(browser, whole="")
    page = upload(browser, odd_book(odd_row(1, day="2022-11-08")), "11月.xlsx")
    assert "按“龙洞镇登记簿”的配方读" in text_of(page) and "入库 1 行" in text_of(page)
    assert "上一次:9月.xlsx" in text_of(page) and "上次有的,这次都有" in text_of(page)
    assert f"/sources/{source.pk}/" in page.content.decode() and "记住这种表" not in text_of(page)
    assert "已入库 1 行" in text_of(browser.post(f"/imports/{newest().pk}/promote/", follow=True))


def test_a_recognised_table_is_put_right_again_though_its_sheet_has_another_name(town: City) -> None:
    browser = browser_of(town, "supervisor")
    remembered(browser, whole="")
    upload(browser, workbook(ODD, odd_row(1, day="2022-11-08"), sheet="11月"), "11月.xlsx")
    page = browser.get(f"/imports/{newest().pk}/columns/")
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    chosen = soup.select_one("select[name=column-3] option[selected]")
    assert page.status_code == 200 and chosen is not None and chosen["value"] == "tested_on", text_of(page)


def test_a_remembered_table_is_known_without_saying_of_which_ledger_it_is(town: City) -> None:
    browser = browser_of(town, "supervisor")
    unknown = {"file": SimpleUploadedFile("11月.xlsx", odd_book(odd_row(1, day="2022-11-08")))}
    assert "看不出这是哪本台账" in text_of(browser.post("/ledgers/import/", unknown))
    remembered(browser, whole="")
    again = {"file": SimpleUploadedFile("11月.xlsx", odd_book(odd_row(1, day="2022-11-08")))}
    page = browser.post("/ledgers/import/", again, follow=True)
    assert newest().ledger == "tests" and "的配方读" in text_of(page)
    other = browser_of(town, "stranger").post(
        "/ledgers/import/", {"file": SimpleUploadedFile("11月.xlsx", odd_book(odd_row(1)))}
    )
    assert "看不出这是哪本台账" in text_of(other), "what one unit remembers tells another nothing"


def test_a_file_is_read_plainly_when_it_is_not_that_table_after_all(town: City) -> None:
    browser = browser_of(town, "supervisor")
    source = remembered(browser)
    upload(browser, odd_book(odd_row(1)))
    page = text_of(browser.post(f"/imports/{newest().pk}/read-by/", {}, follow=True))
    assert "按“龙洞镇登记簿”读" in page and newest().source is None
    page = text_of(browser.post(f"/imports/{newest().pk}/read-by/", {"source": str(source.pk)}, follow=True))
    assert "按对好的栏目读" in page and newest().source == source
    assert browser.post(f"/imports/{newest().pk}/read-by/", {"source": "nonsense"}).status_code == 404


def test_a_changed_header_is_remembered_over_the_old_recipe(town: City) -> None:
    browser = browser_of(town, "supervisor")
    source = remembered(browser)
    upload(browser, workbook((*ODD, "备注"), (*odd_row(1), "补检")))
    browser.post(f"/imports/{newest().pk}/read-by/", {"source": str(source.pk)}, follow=True)
    asked = {"source": str(source.pk), "title": "", "whole": "", "every_months": "1"}
    page = browser.post(f"/imports/{newest().pk}/remember/", asked, follow=True)
    assert "记住了" in text_of(page)
    assert SavedRecipe.objects.get().content["columns"]["备注"] == "note"
    assert Source.objects.get().title == "龙洞镇登记簿"


@pytest.mark.parametrize(("title", "says"), [("", "起个名称"), ("名" * 61, "60")])
def test_a_source_needs_a_name(town: City, title: str, says: str) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, odd_book(odd_row(1)))
    put_right(browser)
    asked = {"source": "", "title": title, "whole": "", "every_months": "1"}
    page = browser.post(f"/imports/{newest().pk}/remember/", asked, follow=True)
    assert says in text_of(page) and not Source.objects.exists()


def test_a_word_learnt_on_the_page_of_a_source_holds_for_it_alone(town: City) -> None:
    browser = browser_of(town, "supervisor")
    source = remembered(browser)
    upload(browser, odd_book(odd_row(1, result="合格")))
    browser.post(
        f"/imports/{newest().pk}/learn/", {"column": "result", "typed": "合格", "code": "negative"}, follow=True
    )
    word = LearntSynonym.objects.get()
    assert (word.source, word.code) == (source, "negative")
    assert newest().same_count == 1 and newest().bad_count == 0
    assert WriteEntry.objects.filter(act="tests.word_learn").exists()


# --- what is gone ------------------------------------------------------------------------------------------------------
def gone_page(town: City) -> tuple[Client, Any]:
    browser = browser_of(town, "supervisor")
    remembered(browser)
    return browser, upload(browser, odd_book(odd_row(1), odd_row(2)), "10月.xlsx")


def test_rows_no_longer_in_the_file_are_a_question(town: City) -> None:
    _browser, page = gone_page(town)
    card = BeautifulSoup(page.content.decode(), "html.parser").find(id="compared")
    assert card is not None
    said = " ".join(card.get_text(" ").split())
    assert "这 1 行上次有、这次没有" in said and "测试丁" in said and "系统从不自动作废" in said
    assert CommunityTest.objects.count() == 4  # one of the fixture's own


def test_one_row_is_voided_for_a_reason_and_no_other(town: City) -> None:
    browser, _page = gone_page(town)
    row = CommunityTest.objects.get(client__name_index=_index("测试丁"), batch_id__isnull=False)
    address = f"/imports/{newest().pk}/gone/{row.pk}/void/"
    assert "请写明作废原因" in text_of(browser.post(address, {"reason": " "}, follow=True))
    assert "已作废一条" in text_of(browser.post(address, {"reason": "登记错人"}, follow=True))
    assert WriteEntry.objects.filter(act="tests.void").get().reason == "登记错人" and CommunityTest.objects.count() == 3
    assert browser.post(address, {"reason": "再来"}).status_code == 404


def _index(name: str) -> str:
    return next(person.name_index for person in Person.objects.all() if person.name == name)


def test_a_row_that_is_still_in_the_file_cannot_be_voided_here(town: City) -> None:
    browser, _page = gone_page(town)
    row = CommunityTest.objects.get(client__name_index=_index("测试乙"), batch_id__isnull=False)
    assert browser.post(f"/imports/{newest().pk}/gone/{row.pk}/void/", {"reason": "试试"}).status_code == 404
    assert CommunityTest.objects.filter(pk=row.pk).exists()


def test_with_bad_rows_in_the_file_nothing_is_voided(town: City) -> None:
    browser = browser_of(town, "supervisor")
    remembered(browser)
    page = upload(browser, odd_book(odd_row(1), odd_row(2), odd_row(3, day="2022-10-32")))
    assert "下面的可能就在其中" in text_of(page) and "作废这一条" not in text_of(page)
    row = CommunityTest.objects.get(client__name_index=_index("测试丁"), batch_id__isnull=False)
    page = browser.post(f"/imports/{newest().pk}/gone/{row.pk}/void/", {"reason": "试试"}, follow=True)
    assert "没有作废" in text_of(page) and CommunityTest.objects.filter(pk=row.pk).exists()


def test_after_entering_the_question_is_still_there(town: City) -> None:
    browser, _page = gone_page(town)
    upload(browser, odd_book(odd_row(1), odd_row(2), odd_row(4)), "10月.xlsx")
    page = browser.post(f"/imports/{newest().pk}/promote/", follow=True)
    assert "这 1 行上次有、这次没有" in text_of(page)
    assert ReadEntry.objects.filter(act="list", row_count=1).exists()


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer", "auditor", "town_leader"])
def test_nobody_else_puts_right_remembers_or_voids(town: City, who: str) -> None:
    _browser, _page = gone_page(town)
    batch, source, other = newest(), Source.objects.get(), browser_of(town, who)
    row = CommunityTest.objects.get(client__name_index=_index("测试丁"), batch_id__isnull=False)
    assert other.get(f"/imports/{batch.pk}/columns/").status_code == 404
    for address in ("columns/", "remember/", "read-by/", f"gone/{row.pk}/void/"):
        assert (
            other.post(f"/imports/{batch.pk}/{address}", {"reason": "试试", "source": str(source.pk)}).status_code
            == 404
        )
    assert CommunityTest.objects.filter(pk=row.pk).exists()
