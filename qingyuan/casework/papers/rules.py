"""Pure rules of papers: steps, number, what the hash covers, what the square code says, what a scan may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind, PaperMove, PaperState
from qingyuan.documents.codec import canonical
from qingyuan.documents.hashing import normalise_code, short_code

LARGEST_SCAN: Final = 20 * 1024 * 1024
ANSWER_DAYS: Final = 3
SECRET_GRADES: Final = ("秘密", "机密", "绝密")
_MARK: Final = "QYP1"
_PAYLOAD: Final = re.compile(r"QYP1/(?P<paper>[0-9a-f]{32})/(?P<code>[0-9A-Z-]{19})")
_WORD: Final = re.compile(r"[\u4e00-\u9fff]{2,12}")
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
#: Kinds that go to somebody: without 主送 nobody has received them.
ADDRESSED: Final = frozenset({PaperKind.LETTER, PaperKind.NOTICE, PaperKind.CIRCULAR, PaperKind.REPORT})

_S, _M = PaperState, PaperMove
#: Step → the states it may be taken from, and the state it leads to (None: stays).
PROCEDURE: Final[Mapping[PaperMove, tuple[frozenset[PaperState], PaperState | None]]] = {
    _M.CHANGE: (frozenset({_S.DRAFT, _S.SENT_BACK}), None),
    _M.REFRESH: (frozenset({_S.DRAFT, _S.SENT_BACK}), None),
    _M.SUBMIT: (frozenset({_S.DRAFT, _S.SENT_BACK}), _S.SUBMITTED),
    _M.SEND_BACK: (frozenset({_S.SUBMITTED, _S.SIGNED}), _S.SENT_BACK),
    _M.SIGN: (frozenset({_S.SUBMITTED}), _S.SIGNED),
    _M.ISSUE: (frozenset({_S.SIGNED}), _S.ISSUED),
    _M.SERVE: (frozenset({_S.ISSUED, _S.SERVED}), _S.SERVED),
    _M.FILE_SCAN: (frozenset({_S.ISSUED, _S.SERVED, _S.ARCHIVED}), None),
    _M.ARCHIVE: (frozenset({_S.ISSUED, _S.SERVED}), _S.ARCHIVED),
    _M.VOID: (
        frozenset({_S.DRAFT, _S.SENT_BACK, _S.SUBMITTED, _S.SIGNED, _S.ISSUED, _S.SERVED, _S.ARCHIVED}), _S.VOID,
    ),
}  # fmt: skip


class PaperRefused(ValueError):
    """The step cannot be taken as things stand; the message says what to do."""


class ScanRefused(ValueError):
    """The file cannot stand for this paper; the message is the reason and what to do."""


@dataclass(frozen=True)
class PageMark:
    """What a square code on a paper names: the paper and the short code of its content."""

    paper_id: UUID
    code: str


def steps_from(state: str) -> list[PaperMove]:
    """Steps that exist in this state, in the order in which a paper takes them."""
    return [move for move, (froms, _to) in PROCEDURE.items() if state in froms]


def after(move: PaperMove, state: str) -> PaperState:
    """The state after a step. Raises PaperRefused when it does not exist in this state."""
    froms, to = PROCEDURE[move]
    if state not in froms:
        words = _("这份公文现在是“%(state)s”,不能%(move)s;请刷新页面看最新状态。")
        raise PaperRefused(words % {"state": PaperState(state).label, "move": move.label})
    return to or PaperState(state)


def check_word(word: str) -> str:
    """机关代字 as it is printed. Raises PaperRefused."""
    clean = word.strip()
    if not _WORD.fullmatch(clean):
        raise PaperRefused(_("机关代字要用 2—12 个汉字,如“云禁毒办”或“云禁毒办函”,不带年份和括号。"))
    return clean


def number_text(word: str, year: int, serial: int) -> str:
    """«云禁毒办〔2022〕12号» (GB/T 9704 7.2.5: full year in hexagonal brackets, no leading zeros)."""
    return f"{word}〔{year}〕{serial}号"


def usual_word(base: str, kind: str) -> str:
    """The series of a kind under a unit's own 代字: letters and minutes are numbered apart from files."""
    return (base + {PaperKind.LETTER: "函", PaperKind.MINUTES: "纪要"}.get(PaperKind(kind), ""))[:12]


def hash_of(covered: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical JSON of everything that may never change."""
    return hashlib.sha256(canonical(dict(covered))).hexdigest()


def payload(paper_id: UUID, content_hash: str) -> str:
    """The text of the square code: mark, paper, short code. No name, no title."""
    return f"{_MARK}/{paper_id.hex}/{short_code(content_hash)}"


def read_payload(text: str) -> PageMark | None:
    """The mark in a square code's text; None when it is someone else's code."""
    found = _PAYLOAD.fullmatch(text.strip())
    return PageMark(UUID(found["paper"]), found["code"]) if found else None


def media_type_of(data: bytes) -> str:
    """What the file really is, by its first bytes. Raises ScanRefused for anything but PDF, PNG and JPEG, or too large."""
    if len(data) > LARGEST_SCAN:
        raise ScanRefused(_("扫描件超过 20 MB,请用 200—300 dpi 重新扫描。"))
    for start, media_type in _SIGNATURES:
        if data.startswith(start):
            return media_type
    raise ScanRefused(_("只收 PDF、PNG、JPG 格式的扫描件或照片。"))


def match_page(texts: Iterable[str], typed: str, *, paper_id: UUID, content_hash: str) -> bool:
    """Whether the page was matched by its square code (True) or by the typed code (False).

    A readable code decides alone: a page of another paper, or of another content, is not rescued by typing.
    Raises ScanRefused.
    """
    marks = [mark for mark in map(read_payload, texts) if mark is not None]
    expected = short_code(content_hash)
    if marks:
        if any(mark.paper_id != paper_id for mark in marks):
            raise ScanRefused(_("文件上的二维码属于另一份公文,请核对文号后到那一份的页面核验。"))
        if any(mark.code != expected for mark in marks):
            raise ScanRefused(_("文件的校验码与印发的内容不符:这不是印发的那一稿,请以平台下载的为准。"))
        return True
    if not typed.strip():
        raise ScanRefused(_("没有读到二维码。请重新扫描,或照纸上录入 16 位校验码。"))
    if normalise_code(typed) != expected:
        raise ScanRefused(_("录入的校验码与这份公文不符,请照纸上核对(共四组,每组四位)。"))
    return False


def answer_by(served_on: date) -> date:
    """The day by which a receiving unit signs for a paper: three days, a courtesy of the office and no legal term."""
    return served_on + timedelta(days=ANSWER_DAYS)
