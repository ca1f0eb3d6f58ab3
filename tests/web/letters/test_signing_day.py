"""One page for all letters of a year: printed together, scanned back together, each file told what became of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.documents.fonts import font_files
from qingyuan.documents.joining import joined
from qingyuan.documents.qr import qr_png
from qingyuan.governance.actions.letters import issue
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.actions.signing import file_signed_pages
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter, LetterScan
from qingyuan.governance.queries import letters as reads
from qingyuan.governance.rules.letters import PAGE
from tests.documents.test_qr import CATALOGUE, crowded, pdf_file
from tests.governance.conftest import SHEET, Desk, desk
from tests.web.letters.conftest import settle
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(databases=["default", "audit"])
SIGNED = date(2022, 2, 25)
PAGE_OF_DAY = "/letters/signing/"


@pytest.fixture
def both(desk: Desk) -> list[Letter]:
    terms = desk.terms()
    return [issue(unit=desk.city.units[town], terms=terms, by=desk.actor("clerk")) for town in ("longdong", "shiqiao")]


def scan_of(letter: Letter) -> bytes:
    return qr_png(PAGE.payload(letter.pk, letter.content_hash))


def send(client: Client, *files: tuple[str, bytes]) -> object:
    scans = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(PAGE_OF_DAY, {"signed_on": "2022-02-25", "scans": scans})


def test_many_scans_find_their_letters_whatever_the_files_are_called(desk: Desk, both: list[Letter]) -> None:
    response = send(browser_of(desk.city, "clerk"), ("2.png", scan_of(both[1])), ("扫描件.png", scan_of(both[0])))
    words = text_of(response)  # type: ignore[arg-type]
    assert "归入 2 份" in words and "全部签订了" in words
    assert set(Letter.objects.values_list("state", "signed_on")) == {(LetterState.SIGNED, SIGNED)}
    assert LetterScan.objects.count() == 2


def test_a_scan_that_fits_nothing_is_named_with_what_to_do_and_keeps_no_other_back(desk: Desk, both: list[Letter]) -> None:
    foreign = qr_png(PAGE.payload(desk.actor("clerk").account_id and both[0].scheme_id, both[0].content_hash))
    other_content = qr_png(PAGE.payload(both[1].pk, "0" * 64))
    response = send(
        browser_of(desk.city, "clerk"),
        ("别处的.png", foreign),
        ("好的.png", scan_of(both[0])),
        ("换了内容.png", other_content),
        ("再传一次.png", scan_of(both[0])),
        ("没有码.png", qr_png("https://example.cn")),
    )
    words = text_of(response)  # type: ignore[arg-type]
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "归入 1 份" in words and words.count("没有归入") == 4
    assert "不是这一年这里的责任书" in words and "不能再归入签字页" in words and "没有读到二维码" in words
    assert LetterScan.objects.count() == 1
    assert Letter.objects.get(pk=both[1].pk).state == LetterState.ISSUED


def test_a_file_with_pages_of_two_letters_is_not_filed_to_one_of_them(
    desk: Desk, both: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [PAGE.payload(one.pk, one.content_hash) for one in both]
    monkeypatch.setattr("qingyuan.governance.actions.signing.codes_on", lambda _data: codes)
    (outcome,) = file_signed_pages(letters=both, scans=[("两份.png", scan_of(both[0]))], signed_on=SIGNED, by=desk.actor("clerk"))
    assert not outcome.filed and "请一份存一个文件" in outcome.why


@pytest.mark.parametrize(("name", "data"), [("a.exe", b"MZ"), ("a.png", b""), ("a.pdf", b"\x89PNG\r\n\x1a\n")])
def test_a_file_that_is_no_scan_is_refused_beside_the_field(desk: Desk, both: list[Letter], name: str, data: bytes) -> None:
    response = send(browser_of(desk.city, "clerk"), (name, data))
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert not LetterScan.objects.exists()


def test_no_file_at_all_is_said(desk: Desk, both: list[Letter]) -> None:
    response = browser_of(desk.city, "clerk").post(PAGE_OF_DAY, {"signed_on": "2022-02-25"})
    assert response.status_code == 422 and "请选择扫描件" in text_of(response)


def test_who_only_reads_files_nothing(desk: Desk, both: list[Letter]) -> None:
    response = send(browser_of(desk.city, "auditor"), ("a.png", scan_of(both[0])))
    assert response.status_code == 403  # type: ignore[attr-defined]
    assert not LetterScan.objects.exists()


@pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts")
def test_all_letters_are_one_pdf_and_one_folder_of_word_files_in_their_order(desk: Desk, both: list[Letter]) -> None:
    client = browser_of(desk.city, "clerk")
    whole = pypdfium2.PdfDocument(client.get("/letters/signing/print.pdf").content)
    parts = [len(pypdfium2.PdfDocument(reads.pdf_of(one))) for one in both]
    assert len(whole) == sum(parts)
    names = ZipFile(BytesIO(client.get("/letters/signing/print.zip").content)).namelist()
    assert [name[:3] for name in names] == ["001", "002"] and all(name.endswith(".docx") for name in names)
    assert client.get("/letters/signing/print.exe").status_code == 404


def test_what_is_no_pdf_is_not_joined() -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        joined([b"no pdf"])


def test_a_clause_from_above_that_may_not_count_says_so_on_the_letter_with_its_reason(desk: Desk) -> None:
    text = SHEET.replace("total: 100", "total: 100\nreceived_from: 省禁毒办").replace(
        "inputs: {meetings: indicator:G01.value}", "inputs: {meetings: indicator:E01.value}"
    )
    settle(desk, people=6, tested=16)
    scheme = publish_scheme(text=text, by=desk.actor("leader"))
    letter = issue(unit=desk.city.units["longdong"], terms=desk.terms(scheme), by=desk.actor("clerk"))
    page = BeautifulSoup(browser_of(desk.city, "clerk").get(f"/letters/{letter.pk}/").content.decode(), "html.parser")
    clause = next(one for one in page.select("article.clause") if one.select_one(".no") and one.select_one(".no").get_text() == "1.1")
    words = " ".join(clause.get_text(" ").split())
    assert "不计分" in words and "不得设为目标、得分" in words and "待定" not in words
    others = [one.get_text() for one in page.select("article.clause") if one is not clause]
    assert not any("不计分" in one for one in others)


def test_a_broken_file_among_many_is_named_and_keeps_no_other_back(desk: Desk, both: list[Letter]) -> None:
    hollow = pdf_file(CATALOGUE, b"<</Type/Pages/Kids[9 0 R]/Count 1>>")
    cut = scan_of(both[1])[:60]
    response = send(browser_of(desk.city, "clerk"), ("空心.pdf", hollow), ("半截.png", cut), ("满页线.pdf", crowded(11_000)), ("好的.png", scan_of(both[0])))
    words = text_of(response)  # type: ignore[arg-type]
    assert "归入 1 份" in words and words.count("没有归入") == 3
    assert "无法打开这个 PDF" in words and "无法打开这个文件" in words and "不是扫描件" in words
    assert LetterScan.objects.get().letter_id == both[0].pk
