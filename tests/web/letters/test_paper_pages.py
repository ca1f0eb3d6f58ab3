"""The letter on paper: files that never change, the signed page matched or refused, addenda, verification."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from qingyuan.documents.model import DocumentKind, OfficialDocument, Paragraph
from qingyuan.documents.pdf import render_pdf
from qingyuan.governance.actions.letters import issue
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.queries import letters as reads
from qingyuan.organisation.models import PostTerm
from tests.governance.conftest import Desk
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(desk: Desk) -> Letter:
    return desk.letter()


def address(letter: Letter, more: str = "text/") -> str:
    return f"/letters/{letter.pk}/{more}"


def words_of(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")


def scan_of(content: bytes, name: str = "签字页.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def blank_page() -> bytes:
    return render_pdf(OfficialDocument(DocumentKind.NOTICE, "没有码的一页", (Paragraph.of("扫描不清"),)))


def test_a_download_stays_what_was_issued_whatever_changes_around_it(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "supervisor")
    before = client.get(address(letter, "file.docx"))
    PostTerm.objects.filter(post__unit=letter.unit).update(holder_name="后来的人")
    letter.unit.name = "改名以后"
    letter.unit.save()
    after = client.get(address(letter, "file.docx"))
    assert words_of(before.content) == words_of(after.content)
    assert before["X-Content-Hash"] == after["X-Content-Hash"] == letter.content_hash
    assert "后来的人" not in text_of(client.get(address(letter)))


def test_the_text_page_shows_number_code_hash_and_articles(desk: Desk, letter: Letter) -> None:
    page = text_of(browser_of(desk.city, "supervisor").get(address(letter)))
    for words in (
        letter.number,
        letter.content_hash,
        reads.code_of(letter),
        "第一责任人",
        "《戒毒条例》第四十四条",
        "内容未变",
    ):
        assert words in page


def test_pdf_is_a_pdf_and_another_kind_is_not_found(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "clerk")
    assert client.get(address(letter, "file.pdf")).content.startswith(b"%PDF-")
    assert client.get(address(letter, "file.exe")).status_code == 404


def test_the_signed_page_is_matched_by_its_square_code_and_makes_the_letter_signed(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "supervisor")
    sent = {"scan": scan_of(reads.pdf_of(letter)), "signed_on": "2022-02-28"}
    page = text_of(client.post(address(letter, "sign/"), sent, follow=True))
    letter.refresh_from_db()
    assert (letter.state, letter.signed_on) == (LetterState.SIGNED, date(2022, 2, 28))
    assert "核对方式:二维码" in page and "打开扫描件" in page
    scan = letter.scans.get()
    assert client.get(address(letter, f"scans/{scan.pk}/")).content == reads.pdf_of(letter)
    again = client.post(address(letter, "sign/"), {"scan": scan_of(reads.pdf_of(letter)), "signed_on": "2022-02-28"})
    assert again.status_code == 422 and "不能再归入" in text_of(again)


def test_a_page_of_another_letter_is_refused_with_the_reason_even_with_the_right_code_typed(
    desk: Desk, letter: Letter
) -> None:
    terms = desk.terms(letter.scheme)
    other = issue(unit=desk.city.units["shiqiao"], terms=terms, by=desk.actor("clerk"))
    sent = {"scan": scan_of(reads.pdf_of(other)), "signed_on": "2022-02-28", "typed_code": reads.code_of(letter)}
    response = browser_of(desk.city, "supervisor").post(address(letter, "sign/"), sent)
    assert response.status_code == 422 and "属于另一份责任书" in text_of(response)
    letter.refresh_from_db()
    assert letter.state == LetterState.ISSUED and not letter.scans.exists()


def test_without_a_readable_code_the_typed_one_decides(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "supervisor")
    unread = {"scan": scan_of(blank_page()), "signed_on": "2022-02-28"}
    assert "没有读到二维码" in text_of(client.post(address(letter, "sign/"), unread))
    wrong = {"scan": scan_of(blank_page()), "signed_on": "2022-02-28", "typed_code": "AAAA-BBBB-CCCC-DDDD"}
    assert "录入的核验码与本责任书不符" in text_of(client.post(address(letter, "sign/"), wrong))
    right = {"scan": scan_of(blank_page()), "signed_on": "2022-02-28", "typed_code": reads.code_of(letter).lower()}
    assert "人工录入校验码" in text_of(client.post(address(letter, "sign/"), right, follow=True))


def test_no_file_is_said_beside_the_field(desk: Desk, letter: Letter) -> None:
    response = browser_of(desk.city, "supervisor").post(address(letter, "sign/"), {"signed_on": "2022-02-28"})
    assert response.status_code == 422 and "请选择签字页的扫描件" in text_of(response)


def test_verifying_finds_a_letter_altered_behind_the_platforms_back(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "auditor")
    assert "内容未变" in text_of(client.get(address(letter, "verify/")))
    with pytest.raises(WrittenOnce):
        Letter.objects.filter(pk=letter.pk).update(title="改过的标题")
    with connection.cursor() as cursor:  # below every guard there is
        cursor.execute("UPDATE governance_letter SET title = %s", ["改过的标题"])
    assert "制发后被改动过" in text_of(client.get(address(letter, "verify/")))


def test_an_addendum_takes_the_letters_place_and_the_old_one_stays(desk: Desk, letter: Letter) -> None:
    client = browser_of(desk.city, "clerk")
    assert "理由" in text_of(client.post(address(letter, "amend/"), {"reason": ""}, follow=True))
    page = text_of(client.post(address(letter, "amend/"), {"reason": "区划调整"}, follow=True))
    fresh = Letter.objects.get(amends=letter)
    assert fresh.number in page and "区划调整" in page
    old = text_of(client.get(address(letter)))
    assert letter.content_hash in old and "已由补充责任书替代" in old and "内容未变" in old
    assert text_of(client.get("/letters/")).count("龙洞镇") >= 1
    assert browser_of(desk.city, "supervisor").post(address(fresh, "amend/"), {"reason": "不想签"}).status_code == 403


def test_the_office_issues_the_years_letters_in_one_round(desk: Desk) -> None:
    client = browser_of(desk.city, "clerk")
    assert "还没有发布考核办法" in text_of(client.get("/letters/"))
    scheme = desk.publish_sheet()
    assert "还有 2 个乡镇(街道)没有 2022 年责任书" in text_of(client.get("/letters/"))
    sent = {"scheme": str(scheme.pk), "on": "2022-02-24", "head": ""}
    assert "已制发 2 份责任书" in text_of(client.post("/letters/issue/", sent, follow=True))
    assert sorted(Letter.objects.values_list("number", flat=True)) == ["云禁责〔2022〕1号", "云禁责〔2022〕2号"]
    assert browser_of(desk.city, "supervisor").post("/letters/issue/", sent).status_code in (403, 302)
    assert Letter.objects.count() == 2
