"""Is this page the paper that was issued? Its square code, its typed code, and what a scan may be.

One answer for every kind of paper: a kind gives the mark its square codes begin with and the words of its refusals.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qingyuan.documents.codec import canonical
from qingyuan.documents.hashing import normalise_code, short_code
from qingyuan.documents.qr import UnreadableScan, read_qr
from qingyuan.documents.scans import clean_scan

LARGEST_SCAN: Final = 20 * 1024 * 1024
_REST: Final = re.compile(r"/(?P<paper>[0-9a-f]{32})/(?P<code>[0-9A-Z-]{19})")
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


class ScanRefused(ValueError):
    """The file cannot stand for this paper; the message is the reason and what to do."""


@dataclass(frozen=True)
class PageMark:
    """What a square code on a page names: the paper and the short code of its content."""

    paper_id: UUID
    code: str


@dataclass(frozen=True)
class PageKind:
    """``mark`` begins the square codes of this kind, which say no name and no title; the others are whole sentences."""

    mark: str
    of_another: str | Promise
    of_other_content: str | Promise
    mistyped: str | Promise

    def payload(self, paper_id: UUID, content_hash: str) -> str:
        """The text of the square code: mark, paper, short code."""
        return f"{self.mark}/{paper_id.hex}/{short_code(content_hash)}"

    def read_payload(self, text: str) -> PageMark | None:
        """The mark in a square code's text; None when it is someone else's code."""
        clean = text.strip()
        found = _REST.fullmatch(clean, len(self.mark)) if clean.startswith(self.mark) else None
        return PageMark(UUID(found["paper"]), found["code"]) if found else None

    def match(self, texts: Iterable[str], typed: str, *, paper_id: UUID, content_hash: str) -> bool:
        """Whether the page was matched by its square code (True) or by the typed code (False).

        A readable code decides alone: a page of another paper, or of another content, is not rescued by typing.
        Raises ScanRefused.
        """
        marks = [mark for mark in map(self.read_payload, texts) if mark is not None]
        expected = short_code(content_hash)
        if any(mark.paper_id != paper_id for mark in marks):
            raise ScanRefused(str(self.of_another))
        if any(mark.code != expected for mark in marks):
            raise ScanRefused(str(self.of_other_content))
        if marks:
            return True
        if not typed.strip():
            raise ScanRefused(_("没有读到二维码。请重新扫描，或照纸上录入 16 位核验码。"))
        if normalise_code(typed) != expected:
            raise ScanRefused(str(self.mistyped))
        return False


def hash_of(covered: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical JSON of everything that may never change."""
    return hashlib.sha256(canonical(dict(covered))).hexdigest()


def media_type_of(data: bytes) -> str:
    """What the file really is, by its first bytes. Raises ScanRefused for anything but PDF, PNG and JPEG, or too large."""
    if len(data) > LARGEST_SCAN:
        raise ScanRefused(_("扫描件超过 20 MB,请用 200—300 dpi 重新扫描。"))
    for start, media_type in _SIGNATURES:
        if data.startswith(start):
            return media_type
    raise ScanRefused(_("只收 PDF、PNG、JPG 格式的扫描件或照片。"))


def codes_on(data: bytes) -> list[str]:
    """The texts of the square codes on a scan. Raises ScanRefused when the file cannot be opened."""
    try:
        return read_qr(data)
    except UnreadableScan as error:
        raise ScanRefused(str(error)) from error


def drawn_anew(data: bytes) -> bytes:
    """The scan as a picture drawn anew, nothing hidden in it kept. Raises ScanRefused when it cannot be opened."""
    try:
        return clean_scan(data)
    except UnreadableScan as error:
        raise ScanRefused(str(error)) from error
