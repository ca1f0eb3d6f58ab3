"""Whether a page is the paper that was issued, for any kind of paper."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.hashing import short_code
from qingyuan.documents.page_code import LARGEST_SCAN, PageKind, PageMark, ScanRefused, codes_on, hash_of, media_type_of
from qingyuan.documents.qr import qr_png

KIND = PageKind(mark="QYT", of_another="另一份", of_other_content="内容不符", mistyped="录入不符")
MINE, OTHER = UUID(int=1), UUID(int=2)
CONTENT, CHANGED = hash_of({"title": "一"}), hash_of({"title": "二"})
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


def matched(*texts: str, typed: str = "") -> bool:
    return KIND.match(texts, typed, paper_id=MINE, content_hash=CONTENT)


@given(st.uuids(), HASHES)
def test_a_payload_reads_back_as_the_paper_and_its_short_code(paper_id: UUID, content_hash: str) -> None:
    text = KIND.payload(paper_id, content_hash)
    assert KIND.read_payload(f" {text}\n") == PageMark(paper_id, short_code(content_hash))


@pytest.mark.parametrize("mark", ["QY1", "QYP1", "Q", "QYTT"])
def test_one_kind_does_not_read_the_code_of_another(mark: str) -> None:
    assert KIND.read_payload(replace(KIND, mark=mark).payload(MINE, CONTENT)) is None


@given(st.text(max_size=80))
def test_a_text_that_is_not_ours_names_no_paper(text: str) -> None:
    assert KIND.read_payload(text) is None or text.strip().startswith("QYT/")


def test_the_square_code_of_the_page_decides_even_among_others() -> None:
    assert matched("https://example.org/", KIND.payload(MINE, CONTENT), typed="0000-0000-0000-0000")


@pytest.mark.parametrize("typed", ["", short_code(CONTENT)])
def test_a_readable_code_of_another_paper_or_content_is_not_rescued_by_typing(typed: str) -> None:
    with pytest.raises(ScanRefused, match="另一份"):
        matched(KIND.payload(MINE, CONTENT), KIND.payload(OTHER, CONTENT), typed=typed)
    with pytest.raises(ScanRefused, match="内容不符"):
        matched(KIND.payload(MINE, CHANGED), typed=typed)


def test_without_a_readable_code_the_typed_one_decides() -> None:
    assert not matched("别人的码", typed=short_code(CONTENT).lower().replace("-", " "))
    with pytest.raises(ScanRefused, match="没有读到二维码"):
        matched("别人的码", typed="  ")
    with pytest.raises(ScanRefused, match="录入不符"):
        matched(typed=short_code(CHANGED))


def test_a_scan_is_known_by_its_first_bytes_and_its_size() -> None:
    assert media_type_of(b"%PDF-1.7") == "application/pdf"
    assert media_type_of(qr_png("一")) == "image/png"
    assert media_type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    with pytest.raises(ScanRefused, match="PDF、PNG、JPG"):
        media_type_of(b"PK\x03\x04")
    with pytest.raises(ScanRefused, match="20 MB"):
        media_type_of(b"%PDF-" + bytes(LARGEST_SCAN))


def test_codes_are_read_off_a_scan_and_a_broken_file_is_refused_with_what_to_do() -> None:
    assert codes_on(qr_png(KIND.payload(MINE, CONTENT))) == [KIND.payload(MINE, CONTENT)]
    with pytest.raises(ScanRefused, match="请"):
        codes_on(b"\x89PNG\r\n\x1a\n broken")
