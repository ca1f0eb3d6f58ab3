"""The three forms in which a name is looked for when it stands encrypted: whole, surname, pinyin initials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pypinyin import Style, lazy_pinyin

from qingyuan.foundation.identity import normalise_name, surname

# Surnames read otherwise than the same character in a text (Table of General Standard Characters; common usage).
SURNAME_INITIALS: Final = dict(zip("单仇曾解查区盖乐员秘折黑种朴翟任缪洗", "sqzxzogyybshcpzrmx", strict=True))
COMPOUND_INITIALS: Final = {"尉迟": "yc", "万俟": "mq", "澹台": "tt", "单于": "cy", "长孙": "zs"}
_WORDS = re.compile(r"[A-Za-z][A-Za-z'-]*|[^\x00-\u024f]")


@dataclass(frozen=True)
class NameParts:
    """``whole`` 何立新, ``surname`` 何, ``initials`` hlx; each "" when the name is empty. Index each under its own purpose."""

    whole: str
    surname: str
    initials: str


def name_parts(raw: str) -> NameParts:
    """What to index for a name, and what to look up for a search text. Never raises."""
    whole = normalise_name(raw)
    return NameParts(whole, surname(whole), initials(whole))


def initials(name: str) -> str:
    """One small letter per Chinese character or Latin word; characters without a known reading are left out."""
    words: list[str] = _WORDS.findall(normalise_name(name))
    letters = [
        word[0] if word.isascii() else "".join(lazy_pinyin(word, Style.FIRST_LETTER, errors="ignore")) for word in words
    ]
    family = surname(name)
    if family in COMPOUND_INITIALS:
        letters[:2] = COMPOUND_INITIALS[family]
    elif words and family == words[0]:
        letters[0] = SURNAME_INITIALS.get(family, letters[0])
    return "".join(letters).lower()
