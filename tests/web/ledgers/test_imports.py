"""The wizard: upload, what was recognised, what is wrong in which cell, one decision; it may be left and come back to."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import ImportBatch, LearntSynonym
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import City, id_number
from tests.web.conftest import test_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
GOOD = ("测试丙", id_number(102), "2022年10月8日", "尿液", "阴", "李秀、王平")
UNKNOWN = ("测试丁", id_number(103), 44843, "尿检板", "阴性", "李秀、王平")
BROKEN = ("测试乙", 999999199101011030, "2022.9.31", "尿液", "阴性", "李秀")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet.append(["龙洞镇2022年10月尿检登记表"])
    sheet.append(["序号", "姓 名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员", "领导签字"])
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    sheet.append(["合计", None, None, len(rows)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(browser: Client, content: bytes, address: str = "/ledgers/tests/import/", name: str = "10月.xlsx") -> Any:
    return browser.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def the_batch() -> ImportBatch:
    return ImportBatch.objects.get()


def bad_cells(page: Any) -> dict[str, str]:
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    return {cell.get("data-label", ""): cell.get_text(" ", strip=True) for cell in soup.select("table.bad-rows td.bad")}


def test_a_file_is_checked_and_every_bad_cell_says_what_to_do(town: City) -> None:
    page = upload(browser_of(town, "supervisor"), workbook(GOOD, UNKNOWN, BROKEN))
    said = text_of(page)
    assert "工作表“汇总” · 表头在第 2 行" in said and "1 行小计" in said and "领导签字" in said
    cells = bad_cells(page)
    assert "Excel 只留 15 位" in cells["身份证号"] and "1030" not in cells["身份证号"].split()[0]
    assert cells["检测日期"].startswith("2022.9.31") and "9 月没有 31 日" in cells["检测日期"]
    assert "两名" in cells["检测人"] and "都按尿液" in cells["检测方式"]
    assert "只入库没问题的 1 行" in said
    assert CommunityTest.objects.count() == 1, "nothing enters before the decision"


def test_the_decision_enters_what_is_right_and_the_same_file_again_changes_nothing(town: City) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(GOOD, BROKEN))
    page = browser.post(f"/imports/{the_batch().pk}/promote/", follow=True)
    assert "已入库 1 行" in text_of(page) and "还有 1 行有问题" in text_of(page)
    assert CommunityTest.objects.filter(tested_on=date(2022, 10, 8)).exists()
    again = text_of(upload(browser, workbook(GOOD)))
    assert "没有可入库的行" in again


def test_a_word_is_learnt_once_and_the_file_is_checked_again(town: City) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(UNKNOWN))
    batch = the_batch()
    typed = {"column": "sample", "typed": "尿检板", "code": "urine"}
    page = browser.post(f"/imports/{batch.pk}/learn/", typed, follow=True)
    assert LearntSynonym.objects.get().code == "urine"
    assert "入库 1 行" in text_of(page)
    batch.refresh_from_db()
    assert (batch.new_count, batch.bad_count) == (1, 0)


@pytest.mark.parametrize("typed", [{"column": "sample", "typed": "没有出现过的词", "code": "urine"}, {"column": "name"}])
def test_only_words_of_the_file_are_learnt(town: City, typed: dict[str, str]) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(UNKNOWN))
    browser.post(f"/imports/{the_batch().pk}/learn/", typed)
    assert not LearntSynonym.objects.exists()


def test_a_changed_value_is_shown_left_old_right_new(town: City) -> None:
    browser = browser_of(town, "supervisor")
    name, number = test_values(1)["name"], test_values(1)["id_number"]
    page = upload(browser, workbook((name, number, "2022-03-01", "尿液", "阳性", "李秀、王平")))
    changed = BeautifulSoup(page.content.decode(), "html.parser").find(id="changed")
    assert changed is not None and "结果 阴性 阳性" in " ".join(changed.get_text(" ").split())


def test_bad_rows_come_back_as_a_workbook_that_imports_again(town: City) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(BROKEN))
    answer = browser.get(f"/imports/{the_batch().pk}/bad-rows/")
    values = [str(cell) for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].values for cell in row]
    assert any("9 月没有 31 日" in value for value in values) and "2022.9.31" in values
    again = upload(browser, answer.content, name="问题行.xlsx")
    assert "有问题的 1 行" in text_of(again)


def test_the_page_can_be_left_and_come_back_to(town: City) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(GOOD))
    listed = text_of(browser.get("/ledgers/tests/import/"))
    assert "10月.xlsx" in listed and "待确认" in listed
    assert "导入待确认:10月.xlsx" in text_of(browser.get("/today/"))


def test_while_it_is_waiting_the_page_asks_for_progress_and_then_loads_anew(town: City) -> None:
    browser = browser_of(town, "supervisor")
    batch = receive(
        ledger=registry.get("tests"), filename="10月.xlsx", content=workbook(GOOD), by=town.actor("supervisor")
    )
    page = browser.get(f"/imports/{batch.pk}/")
    assert f'hx-get="/imports/{batch.pk}/progress/"' in page.content.decode()
    going = browser.get(f"/imports/{batch.pk}/progress/")
    assert "<html" not in going.content.decode() and "hx-trigger" in going.content.decode()
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKED)
    assert browser.get(f"/imports/{batch.pk}/progress/").headers["HX-Refresh"] == "true"


def test_giving_up_leaves_nothing(town: City) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(GOOD))
    page = browser.post(f"/imports/{the_batch().pk}/discard/", follow=True)
    assert "台账没有任何改动" in text_of(page)
    batch = the_batch()
    assert batch.state == BatchState.DISCARDED and not batch.blocks.exists()
    assert browser.post(f"/imports/{batch.pk}/promote/", follow=True).status_code == 200
    assert CommunityTest.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer", "caseworker", "auditor"])
def test_nobody_else_opens_a_batch(town: City, who: str) -> None:
    upload(browser_of(town, "supervisor"), workbook(GOOD, BROKEN))
    batch, browser = the_batch(), browser_of(town, who)
    for address in ("", "progress/", "bad-rows/"):
        assert browser.get(f"/imports/{batch.pk}/{address}").status_code == 404
    for address in ("promote/", "discard/", "recheck/", "learn/"):
        assert browser.post(f"/imports/{batch.pk}/{address}").status_code == 404
    assert the_batch().state == BatchState.CHECKED


@pytest.mark.parametrize("content", [b"", b"not a workbook at all", b"PK\x03\x04broken"])
def test_a_file_nobody_can_read_says_so(town: City, content: bytes) -> None:
    page = text_of(upload(browser_of(town, "supervisor"), content))
    assert "文件是空的" in page or "读不了" in page or "打不开" in page
    assert CommunityTest.objects.count() == 1


def test_the_ledger_is_recognised_by_the_header_of_the_file(town: City) -> None:
    page = upload(browser_of(town, "supervisor"), workbook(GOOD), address="/ledgers/import/")
    assert "社区检测台账" in text_of(page)
    assert the_batch().ledger == "tests"


def test_a_role_that_keeps_no_ledger_cannot_upload(town: City) -> None:
    assert browser_of(town, "auditor").get("/ledgers/import/").status_code == 403
    assert browser_of(town, "clerk").post("/ledgers/tests/import/", {}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_the_template_of_a_ledger_imports_without_complaint(town: City) -> None:
    browser = browser_of(town, "supervisor")
    answer = browser.get("/ledgers/tests/template/")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[0]
    headers = {str(cell.value).rstrip("*"): cell for row in sheet.iter_rows() for cell in row if cell.value}
    line = headers["检测日期"].row + 2
    words = {"姓名": GOOD[0], "身份证号": GOOD[1], "检测日期": "2022-10-08", "检测方式": "尿液", "结果": "阴性", "检测人": GOOD[5]}
    for header, value in words.items():
        sheet.cell(line, headers[header].column, value)
    out = BytesIO()
    book.save(out)
    assert "入库 1 行" in text_of(upload(browser, out.getvalue()))


@pytest.mark.parametrize(("show", "there", "absent"), [("bad", "有问题的 1 行", "新增的"), ("new", "新增的 1 行", "有问题的 1 行")])
def test_one_kind_of_row_can_be_looked_through_alone(town: City, show: str, there: str, absent: str) -> None:
    browser = browser_of(town, "supervisor")
    upload(browser, workbook(GOOD, BROKEN))
    page = text_of(browser.get(f"/imports/{the_batch().pk}/?show={show}"))
    assert there in page and absent not in page and "第 1—1 条,共 1 条" in page


def test_sheets_of_one_kind_are_read_together_and_the_page_says_which_and_where_each_row_stands(town: City) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {"9月": (*GOOD[:2], "2022年9月8日", *GOOD[3:]), "10月": GOOD, "家属": ("测试戊", id_number(104))}
    for name, row in rows.items():
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员"][: len(row)])
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    page = upload(browser_of(town, "supervisor"), out.getvalue())
    said = text_of(page)
    assert "工作表“9月、10月”" in said and "2 张工作表,一起读了:9月、10月" in said
    assert "没有读的工作表:家属" in said and "10月 2" in said
    assert the_batch().new_count == 2
