"""Papers to persons on their pages: from a row's page to the filed receipt, refusals beside their fields, the register."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.casework.actions import papers as paper_actions
from qingyuan.casework.models import ServedPaper
from qingyuan.casework.serving.rules import PAGE
from qingyuan.documents.qr import qr_png, read_qr
from qingyuan.foundation.audit.models import ReadEntry
from tests.casework.conftest import VALUES
from tests.casework.test_served_papers import NUMBERS, PLACE, handed, issued, measure, receipt, serve, town
from tests.cast import City
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
__all__ = ["town"]


def page(city: City, who: str, address: str, *args: Any, **query: str) -> Any:
    return browser_of(city, who).get(reverse(f"web:{address}", args=args), query)


def post(city: City, who: str, address: str, *args: Any, **data: Any) -> Any:
    return browser_of(city, who).post(reverse(f"web:{address}", args=args), data)


def scan_of(paper: ServedPaper) -> SimpleUploadedFile:
    return SimpleUploadedFile("回证.png", qr_png(PAGE.payload(paper.pk, paper.content_hash)), "image/png")


def direct(paper: ServedPaper, **more: Any) -> dict[str, Any]:
    return {
        "way": "direct", "version": paper.version, "sent_on": "2022-11-12", "received_on": "2022-11-12", "receiver": "self",
    } | more  # fmt: skip


def test_a_caseworker_goes_from_the_row_to_the_filed_receipt(town: City) -> None:
    row = measure(town)
    seen = page(town, "caseworker", "ledger-row", "measures", row.pk)
    address = reverse("web:served-paper-new", args=["measures", row.pk, "decision-receipt"])
    assert BeautifulSoup(seen.content.decode(), "html.parser").select_one(f'a[href="{address}"]')
    assert post(town, "caseworker", "served-paper-new", "measures", row.pk, "decision-receipt", **NUMBERS).status_code == 302
    paper = ServedPaper.objects.get()
    post(town, "caseworker", "served-paper-move", paper.pk, "issue", version=paper.version)
    paper.refresh_from_db()
    assert paper.number == "龙洞镇文书〔2022〕1号"
    today = {"sent_on": "2022-11-23", "received_on": "2022-11-23"}
    answer = post(town, "caseworker", "served-paper-service", paper.pk, **direct(paper, **today), scan=scan_of(paper))
    assert answer.status_code == 302
    paper.refresh_from_db()
    row.refresh_from_db()
    assert (paper.state, row.served_on) == ("served", date(2022, 11, 23))
    told = text_of(page(town, "caseworker", "served-paper", paper.pk))
    assert "2022-11-23 送达" in told and "打开回证" in told and "第 1 版" in told


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(town: City) -> None:
    paper = issued(town, measure(town))
    answer = post(town, "caseworker", "served-paper-service", paper.pk, way="left", version=paper.version, sent_on="2022-11-12")
    assert answer.status_code == 422
    assert "拒收的事由" in field_error(answer, "refusal") and "见证人" in field_error(answer, "witness")
    other = issued(town, measure(town, 2))
    answer = post(town, "caseworker", "served-paper-service", paper.pk, **direct(paper), scan=scan_of(other))
    assert answer.status_code == 422 and "另一份文书" in field_error(answer, "scan")
    assert not paper.services.exists()


def test_only_the_ways_the_law_knows_for_the_paper_are_offered(town: City) -> None:
    decision = text_of(page(town, "caseworker", "served-paper", issued(town, measure(town)).pk))
    notice = text_of(page(town, "caseworker", "served-paper", issued(town, measure(town, 2), "report-notice", **PLACE).pk))
    assert "转交送达" not in decision and "公告送达" in decision and "《行政案件程序规定》第三十六条" in decision
    assert "转交送达" in notice


def test_the_files_carry_the_square_code_and_the_read_is_logged(town: City) -> None:
    paper = issued(town, measure(town), "report-notice", **PLACE)
    answer = page(town, "caseworker", "served-paper-file", paper.pk, "pdf")
    assert read_qr(answer.content) == [PAGE.payload(paper.pk, paper.content_hash)]
    assert page(town, "caseworker", "served-paper-file", paper.pk, "docx").content.startswith(b"PK")
    assert page(town, "caseworker", "served-paper-file", paper.pk, "exe").status_code == 404
    assert ReadEntry.objects.filter(act="reveal", ledger="measures").count() == 2


def test_an_english_reader_gets_the_file_under_its_chinese_name_and_the_page_in_english(town: City) -> None:
    paper = issued(town, measure(town))
    browser, english = browser_of(town, "caseworker"), {"accept-language": "en"}
    address = reverse("web:served-paper-file", args=[paper.pk, "docx"])
    named = [browser.get(address, headers=headers)["Content-Disposition"] for headers in ({}, english)]
    assert named[0] == named[1] and "%E9%80%81%E8%BE%BE%E5%9B%9E%E8%AF%81" in named[1], "送达回证"
    told = text_of(browser.get(reverse("web:served-paper", args=[paper.pk]), headers=english))
    assert "Receipt of service: decision ordering community detoxification" in told


def test_nobody_else_opens_a_paper_or_moves_it(town: City) -> None:
    paper = issued(town, measure(town))
    for who, status in (("stranger", 404), ("officer", 404), ("clerk", 403), ("auditor", 403)):
        assert page(town, who, "served-paper", paper.pk).status_code == status, who
        assert post(town, who, "served-paper-move", paper.pk, "withdraw", version=paper.version, reason="试").status_code == status
        assert post(town, who, "served-paper-service", paper.pk, **direct(paper), scan=scan_of(paper)).status_code == status
    paper.refresh_from_db()
    assert paper.state == "issued"


def test_two_who_opened_the_same_page_do_not_both_get_through(town: City) -> None:
    paper = issued(town, measure(town))
    assert post(town, "caseworker", "served-paper-service", paper.pk, **direct(paper), scan=scan_of(paper)).status_code == 302
    second = post(town, "supervisor", "served-paper-service", paper.pk, **direct(paper, reason="再登一次"))
    assert second.status_code == 422 and "被别人办过" in text_of(second)
    assert paper.services.count() == 1


def test_a_correction_and_a_taking_back_are_told_in_the_history(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    paper.refresh_from_db()
    changed = direct(paper, sent_on="2022-11-14", received_on="2022-11-14", reason="抄错")
    assert post(town, "caseworker", "served-paper-service", paper.pk, **changed).status_code == 302
    paper.refresh_from_db()
    post(town, "caseworker", "served-paper-move", paper.pk, "take-back", version=paper.version, reason="送错了人")
    told = text_of(page(town, "caseworker", "served-paper", paper.pk))
    assert "撤销送达记录" in told and "2022-11-12 送达" in told and "2022-11-14 送达" in told
    row.refresh_from_db()
    assert row.served_on is None


def test_the_register_keeps_every_number_and_is_exported_cell_for_cell(town: City) -> None:
    one, two = issued(town, measure(town)), issued(town, measure(town, 2), "report-notice", **PLACE)
    post(town, "caseworker", "served-paper-move", one.pk, "withdraw", version=one.version, reason="文书号写错")
    listed = text_of(page(town, "supervisor", "serving-register"))
    assert one.number in listed and two.number in listed and "文书号写错" in listed
    narrowed = text_of(page(town, "supervisor", "serving-register", of="people", state="withdrawn"))
    assert one.number in narrowed and two.number not in narrowed
    assert two.number not in text_of(page(town, "supervisor", "serving-register", of="people", kind="decision-receipt"))
    sheet = openpyxl.load_workbook(io.BytesIO(page(town, "supervisor", "serving-register-export", of="people").content)).active
    cells = {str(cell.value) for line in sheet.iter_rows() for cell in line}
    assert {one.number, two.number, "已撤回"} <= cells and not any("测试" in cell for cell in cells)


def test_the_office_finds_its_papers_in_the_register_and_no_person(town: City) -> None:
    issued(town, measure(town))
    paper = paper_actions.draft(kind="notice", values=VALUES, by=town.actor("clerk"))
    paper = paper_actions.sign(paper=paper_actions.submit(paper=paper, by=town.actor("clerk")), by=town.actor("leader"))
    paper = paper_actions.issue(paper=paper, by=town.actor("clerk"))
    told = text_of(page(town, "clerk", "serving-register", of="people"))
    assert paper.number in told and "系统版式" in told and "龙洞镇文书" not in told
