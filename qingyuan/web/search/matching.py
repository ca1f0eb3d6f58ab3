"""When a name answers to what was typed: by its words, its code, its characters written otherwise, or its sound."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_english, said
from qingyuan.reference.matching import initials, pinyin, standard, syllables

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

    @property
    def standard(self) -> str:
        """Variant and traditional characters written the standard way: 龍洞鎮 is 龙洞镇."""
        return standard(self.folded)

    @property
    def is_han(self) -> bool:
        return len(self.asked) >= SHORTEST_PINYIN and all("\u3400" <= sign <= "\u9fff" for sign in self.asked)


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
    if text.standard in standard(title.casefold()):
        return _("名称里有“%(asked)s”的规范写法") % {"asked": text.asked}
    if text.is_pinyin and _spelt(text.folded, title):
        return _("拼音是“%(asked)s”") % {"asked": text.asked}
    if text.is_han and _sounds(text.asked, title):
        return _("与“%(asked)s”同音") % {"asked": text.asked}
    return ""


def why_said(text: Text, title: str, code: str = "") -> str:
    """As ``why``, for a word of data: also by what it is called in the language of the page."""
    return why(text, title, code) or (why(text, said(title)) if in_english() else "")


def _spelt(letters: str, title: str) -> bool:
    return pinyin(title).lower().startswith(letters) or initials(title).startswith(letters)


def _sounds(asked: str, title: str) -> bool:
    """Whether the title begins with what sounds like ``asked``, syllable by syllable: 龙硐 finds 龙洞镇."""
    spelt = syllables(asked)
    return syllables(title)[: len(spelt)] == spelt
