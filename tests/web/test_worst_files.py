"""The worst files people send to the doors of the year: each is told what to do, and nothing of it is kept."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Assessment, AssessmentEvidence, Letter, LetterScan, UnitPlan, UnitTask
from qingyuan.ledgers.models import ImportBatch
from tests.documents.test_qr import CATALOGUE, claimed, crowded, pdf_file
from tests.governance.conftest import Desk, desk
from tests.governance.year_end import YearEnd
from tests.ledgers.reading.oldbooks import compound_file
from tests.web.letters.test_signing_day import scan_of
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(databases=["default", "audit"])
HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
HOLLOW = pdf_file(CATALOGUE, b"<</Type/Pages/Kids[9 0 R]/Count 1>>")
#: Name, content, what the answer says.
SCANS = [
    ("空.pdf", b"", "空的"),
    ("只有头.pdf", b"%PDF-1.7\n", "无法打开这个 PDF"),
    ("空心.pdf", HOLLOW, "无法打开这个 PDF"),
    ("满页线.pdf", crowded(60_000), "不是扫描件"),
    ("网页.pdf", HTML, "内容却是"),
    ("网页.png", HTML, "内容却是"),
    ("一万二.png", claimed(12_000, 9_000), "手机拍的"),
    ("程序.pdf", b"MZ" + bytes(300), ""),
]


def sent(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(("name", "data", "words"), SCANS, ids=[one[0] for one in SCANS])
def test_evidence_and_signed_pages_refuse_it_in_words_and_keep_nothing(desk: Desk, name: str, data: bytes, words: str) -> None:
    office = YearEnd(desk)
    case: Assessment = office.case(office.opened())
    town, began = browser_of(desk.city, "supervisor"), time.process_time()
    given = {"row": "", "note": "佐证", "file": sent(data, name)}
    evidence = town.post(reverse("web:assessment-evidence", args=[case.pk, "3.2"]), given)
    signed = town.post(reverse("web:letter-sign", args=[case.letter_id]), {"signed_on": "2022-02-25", "scan": sent(data, name)})
    for answer in (evidence, signed):
        assert answer.status_code == 422, text_of(answer)
        assert words in text_of(answer), text_of(answer)[-900:]
    assert time.process_time() - began < 20, "nobody else waits for it"
    assert not AssessmentEvidence.objects.exists() and not LetterScan.objects.exists()
    assert Letter.objects.get(pk=case.letter_id).state == LetterState.ISSUED


def test_the_page_of_another_letter_signs_nothing(desk: Desk) -> None:
    mine, other = YearEnd(desk).letters()
    town = browser_of(desk.city, "supervisor")
    answer = town.post(reverse("web:letter-sign", args=[mine.pk]), {"signed_on": "2022-02-25", "scan": sent(scan_of(other), "签字页.png")})
    assert answer.status_code == 422 and "另一份责任书" in text_of(answer)
    assert not LetterScan.objects.exists()


@pytest.mark.parametrize("name", ['引"号\'页.png', "反写\u202egnp.png", "两行\r\n名.png", "../../上一层.png", "很长" * 120 + ".png"])
def test_a_strange_name_harms_nothing_and_the_file_comes_back(desk: Desk, name: str) -> None:
    office = YearEnd(desk)
    case = office.case(office.opened())
    town = browser_of(desk.city, "supervisor")
    given = {"row": "", "note": "佐证", "file": sent(scan_of(case.letter), name)}
    assert town.post(reverse("web:assessment-evidence", args=[case.pk, "3.2"]), given).status_code == 302
    kept = AssessmentEvidence.objects.get()
    assert not set(kept.file_name or "") & set("\u202e\r\n/")
    taken = town.get(reverse("web:assessment-evidence-file", args=[case.pk, kept.pk]))
    assert taken.status_code == 200 and "\n" not in taken["Content-Disposition"]


def wide() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"列{number}" for number in range(5_000)])
    sheet.append([1] * 5_000)
    return _bytes(book)


def of_another_year() -> bytes:
    """The tasks of a year of which the unit has no plan."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["年度", "任务序号", "职责依据", "任务", "完成标准", "完成时限"])
    sheet.append([2019, 1, "禁毒法第十三条", "开足课时", "每学期两课时", "2019-12-20"])
    return _bytes(book)


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TABLES: list[tuple[str, Callable[[], bytes], str]] = [
    ("空.xlsx", lambda: b"", "空的"),
    ("网页.xlsx", lambda: HTML, "网页"),
    ("五千列.xlsx", wide, "认不出|没有找到|表头"),
    ("有密码.xlsx", lambda: compound_file("EncryptedPackage", bytes(4096)), "密码"),
    ("只是头.xlsx", lambda: b"PK\x03\x04", "损坏"),
]


@pytest.mark.parametrize(("name", "make", "words"), TABLES, ids=[one[0] for one in TABLES])
@pytest.mark.parametrize("ledger", ["unit_plans", "unit_tasks"])
def test_a_plan_does_not_come_in_by_it(desk: Desk, ledger: str, name: str, make: Callable[[], bytes], words: str) -> None:
    client = browser_of(desk.city, "liaison")
    answer = client.post(f"/ledgers/{ledger}/import/", {"file": sent(make(), name)}, follow=True)
    assert any(word in text_of(answer) for word in words.split("|")), text_of(answer)[-900:]
    assert not UnitPlan.objects.exists() and not UnitTask.objects.exists()


def test_tasks_of_a_year_without_a_plan_say_that_the_plan_comes_first(desk: Desk) -> None:
    client = browser_of(desk.city, "liaison")
    answer = client.post("/ledgers/unit_tasks/import/", {"file": sent(of_another_year(), "2019年任务.xlsx")}, follow=True)
    assert "还没有登记这一年的工作计划" in text_of(answer), text_of(answer)[-900:]
    client.post(f"/imports/{ImportBatch.objects.get().pk}/promote/")
    assert not UnitTask.objects.exists()
