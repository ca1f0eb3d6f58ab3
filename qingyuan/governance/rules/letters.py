"""Pure rules of letters: number, what the hash covers, what the square code says, what a scan may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.documents.codec import canonical
from qingyuan.documents.hashing import normalise_code, short_code

LARGEST_SCAN: Final = 20 * 1024 * 1024
_MARK: Final = "QY1"
_PAYLOAD: Final = re.compile(r"QY1/(?P<letter>[0-9a-f]{32})/(?P<code>[0-9A-Z-]{19})")
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


class ScanRefused(ValueError):
    """The file cannot stand for this letter's signed page; the message is the reason and what to do."""


@dataclass(frozen=True)
class PageMark:
    """What a square code on a letter's page names: the letter and the short code of its content."""

    letter_id: UUID
    code: str


def number_text(head: str, year: int, serial: int) -> str:
    """«云禁责〔2022〕9号» (GB/T 9704: full year in hexagonal brackets, no leading zeros)."""
    return f"{head}〔{year}〕{serial}号"


def hash_of(covered: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical JSON of everything that may never change."""
    return hashlib.sha256(canonical(dict(covered))).hexdigest()


def payload(letter_id: UUID, content_hash: str) -> str:
    """The text of the square code: mark, letter, short code. No name, no number of a person."""
    return f"{_MARK}/{letter_id.hex}/{short_code(content_hash)}"


def read_payload(text: str) -> PageMark | None:
    """The mark in a square code's text; None when it is someone else's code."""
    found = _PAYLOAD.fullmatch(text.strip())
    return PageMark(UUID(found["letter"]), found["code"]) if found else None


def media_type_of(data: bytes) -> str:
    """What the file really is, by its first bytes. Raises ScanRefused for anything but PDF, PNG and JPEG, or too large."""
    if len(data) > LARGEST_SCAN:
        raise ScanRefused(_("扫描件超过 20 MB,请用 200—300 dpi 重新扫描。"))
    for start, media_type in _SIGNATURES:
        if data.startswith(start):
            return media_type
    raise ScanRefused(_("只收 PDF、PNG、JPG 格式的扫描件或照片。"))


def match_page(texts: Iterable[str], typed: str, *, letter_id: UUID, content_hash: str) -> bool:
    """Whether the page was matched by its square code (True) or by the typed code (False).

    A readable code decides alone: a page of another letter, or of another content, is not rescued by typing.
    Raises ScanRefused.
    """
    marks = [mark for mark in map(read_payload, texts) if mark is not None]
    expected = short_code(content_hash)
    if marks:
        if any(mark.letter_id != letter_id for mark in marks):
            raise ScanRefused(_("扫描件上的二维码属于另一份责任书，请核对后上传到对应的那一份。"))
        if any(mark.code != expected for mark in marks):
            raise ScanRefused(_("扫描件的校验码与本责任书内容不符：纸上签的不是现在这一稿，请重新打印签订。"))
        return True
    if not typed.strip():
        raise ScanRefused(_("没有读到二维码。请重新扫描，或照纸上录入 16 位校验码。"))
    if normalise_code(typed) != expected:
        raise ScanRefused(_("录入的校验码与本责任书不符，请照纸上核对(共四组，每组四位)。"))
    return False
