"""Pure rules of papers: steps, number, and how a page of one is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.enums import PaperKind, PaperMove, PaperState
from qingyuan.documents.page_code import PageKind

ANSWER_DAYS: Final = 3
SECRET_GRADES: Final = ("秘密", "机密", "绝密")
_WORD: Final = re.compile(r"[\u4e00-\u9fff]{2,12}")
PAGE: Final = PageKind(
    mark="QYP1",
    of_another=gettext_lazy("文件上的二维码属于另一份公文,请核对文号后到那一份的页面核验。"),
    of_other_content=gettext_lazy("文件的核验码与印发的内容不符:这不是印发的那一稿,请以平台下载的为准。"),
    mistyped=gettext_lazy("录入的核验码与这份公文不符,请照纸上核对(共四组,每组四位)。"),
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


def answer_by(served_on: date) -> date:
    """The day by which a receiving unit signs for a paper: three days, a courtesy of the office and no legal term."""
    return served_on + timedelta(days=ANSWER_DAYS)
