"""When a name answers to what was typed: by its words, its code, or how it is spelt in pinyin."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

SHORTEST_PINYIN = 2


@dataclass(frozen=True)
class Text:
    """What was typed, evened out: full-width letters become plain ones, outer blanks go."""

    asked: str

    @classmethod
    def of(cls, raw: str) -> Text:
        return cls(unicodedata.normalize("NFKC", raw).replace("\x00", "").strip())

    @property
    def folded(self) -> str:
        return self.asked.casefold()

    @property
    def is_pinyin(self) -> bool:
        return self.asked.isascii() and self.asked.isalpha() and len(self.asked) >= SHORTEST_PINYIN


def why(text: Text, title: str, code: str = "") -> str:
    """In words why ``title`` (or its ``code``) answers to ``text``; empty when it does not."""
    if not text.asked:
        return ""
    if code and code.casefold() == text.folded:
        return _("编号就是“%(asked)s”") % {"asked": text.asked}
    if text.folded in title.casefold():
        return _("名称里有“%(asked)s”") % {"asked": text.asked}
    if code and code.casefold().startswith(text.folded):
        return _("编号以“%(asked)s”开头") % {"asked": text.asked}
    if text.is_pinyin and _spelt(text.folded, title):
        return _("拼音是“%(asked)s”") % {"asked": text.asked}
    return ""


def _spelt(letters: str, title: str) -> bool:
    whole, initials = _spellings(title)
    return whole.startswith(letters) or initials.startswith(letters)


@lru_cache(maxsize=2048)
def _spellings(title: str) -> tuple[str, str]:
    """Whole pinyin and initials: longdongzhen and ldz for 龙洞镇."""
    whole = "".join(lazy_pinyin(title, errors="ignore"))
    return whole.lower(), "".join(lazy_pinyin(title, Style.FIRST_LETTER, errors="ignore")).lower()
