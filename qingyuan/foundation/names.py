"""The forms in which a name is looked for when it stands encrypted: whole, by surname, by its reading, by its initials.

Each sign is read by itself, so that a name is always read alike: the surname as surnames are read (单 shan, 解 xie), any
other sign in its first reading. Where several readings are usual, a whole reading may be typed in any of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final

from qingyuan.foundation.identity import COMPOUND_SURNAMES, normalise_name, surname

# Surnames read otherwise than the same sign in a text (现代汉语词典, entries marked 姓). Of those with two readings (覃 qin
# or tan, 乐 yue or le, 隗 wei or kui) the one met more often; by the character everyone is found.
SURNAME_READINGS: Final = dict(
    pair.split(":")
    for pair in (
        "单:shan 仇:qiu 曾:zeng 解:xie 查:zha 区:ou 盖:ge 乐:yue 员:yun 秘:bi 折:she 黑:he 种:chong 朴:piao 翟:zhai 任:ren "
        "缪:miao 洗:xian 卜:bu 阚:kan 薄:bo 隗:wei 郇:xun 召:shao 祭:zhai 繁:po 句:gou 佴:nai 不:fou 么:yao 覃:qin 尉:wei "
        "逄:pang 万:wan 石:shi 那:na 贾:jia"
    ).split()
)
COMPOUND_READINGS: Final = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
}  # fmt: skip
SHORTEST_LETTERS: Final = 2
LONGEST_INITIALS: Final = 8
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z'-]*|[^\x00-\u024f]")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_MASK: Final = "*"


class Way(StrEnum):
    """How a name answered to what was typed."""

    WHOLE = "whole"
    SURNAME = "surname"
    SURNAME_READING = "surname reading"
    READING = "reading"
    INITIALS = "initials"


@dataclass(frozen=True)
class NameParts:
    """``whole`` 何立新, ``surname`` 何, ``reading`` of the surname he, ``initials`` hlx; each "" when the name is empty."""

    whole: str
    surname: str
    reading: str
    initials: str


@dataclass(frozen=True)
class NameAsked:
    """What was typed into a search, seen as (part of) a name; a part is a surname, a reading or initials, nothing shorter."""

    whole: str
    surname: str
    letters: str

    @classmethod
    def of(cls, raw: str) -> NameAsked:
        whole = normalise_name(raw.replace("\x00", ""))
        family = whole if _HAN.fullmatch(whole) and (len(whole) == 1 or whole in COMPOUND_SURNAMES) else ""
        return cls(whole, family, _letters(whole))

    @property
    def may_be_part(self) -> bool:
        return bool(self.surname or self.letters)

    @property
    def may_be_initials(self) -> bool:
        return SHORTEST_LETTERS <= len(self.letters) <= LONGEST_INITIALS

    def way(self, shown: str) -> Way | None:
        """How a name, as its reader is shown it, answers; a mask (何**) answers by what it leaves standing alone."""
        name = normalise_name(shown).rstrip(_MASK)
        masked = name != normalise_name(shown)
        if not name or not self.whole:
            return None
        if name == self.whole and not masked:
            return Way.WHOLE
        if self.surname and surname(name) == self.surname:
            return Way.SURNAME
        if not self.letters:
            return None
        if self.letters == surname_reading(name):
            return Way.SURNAME_READING
        if masked:
            return None
        if spells(self.letters, name):
            return Way.READING
        return Way.INITIALS if self.letters == initials(name) else None


def name_parts(raw: str) -> NameParts:
    """What to index for a name, and what to look up for a search text. Never raises."""
    whole = normalise_name(raw)
    return NameParts(whole, surname(whole), surname_reading(whole), initials(whole))


def surname_reading(name: str) -> str:
    """The surname in letters without tones: zhang, ouyang; of a Latin name its first letter."""
    return family_reading(surname(name))


def family_reading(family: str) -> str:
    """The reading of what is a surname and no whole name."""
    if family in COMPOUND_READINGS:
        return "".join(COMPOUND_READINGS[family])
    return "".join(_surname_sign(family)) if len(family) == 1 else "".join(_first(sign) for sign in family)


def initials(name: str) -> str:
    """One small letter per Chinese character or Latin word; characters without a known reading are left out."""
    return "".join(options[0][0] for options in _readings(name) if options and options[0])


def spells(letters: str, name: str) -> bool:
    """Whether the letters are the whole reading of the name, any usual reading of a sign in it taken."""
    ends = {0}
    for options in _readings(name):
        ends = {end + len(one) for end in ends for one in options or ("",) if letters.startswith(one, end)}
    return len(letters) >= SHORTEST_LETTERS and len(letters) in ends


def _readings(name: str) -> list[tuple[str, ...]]:
    """The readings of each sign, the first one being the one that is indexed; a Latin word reads as itself."""
    whole = normalise_name(name)
    words: list[str] = _WORDS.findall(whole)
    family = surname(whole)
    found = [(word.lower(),) if word.isascii() else _sign(word) for word in words]
    if family in COMPOUND_READINGS:
        found[:2] = [(one,) for one in COMPOUND_READINGS[family]]
    elif words and family == words[0] and not family.isascii():
        found[0] = _surname_sign(family)
    return found


def _surname_sign(sign: str) -> tuple[str, ...]:
    if sign in SURNAME_READINGS:
        return (SURNAME_READINGS[sign],)
    return (sign.lower(),) if sign.isascii() else (_first(sign),)


def _first(sign: str) -> str:
    return next(iter(_sign(sign)), "")


@lru_cache(maxsize=16384)
def _sign(sign: str) -> tuple[str, ...]:
    """The readings of one sign without tones, the usual one first; ü is written v, as on a keyboard."""
    library = _library()
    usual = library.lazy_pinyin(sign, errors="ignore")
    others = library.pinyin(sign, style=library.Style.NORMAL, heteronym=True, errors="ignore")
    found = dict.fromkeys([*usual, *(one for reading in others for one in reading)])
    plain = (unicodedata.normalize("NFC", one).replace("ü", "v").lower() for one in found)
    return tuple(one for one in plain if one)


@cache
def _library() -> Any:
    """Loaded when a name is first read: its dictionaries take half a second and fifty megabytes."""
    return import_module("pypinyin")


def _letters(text: str) -> str:
    """Latin letters typed for a Chinese name, without blanks, signs between syllables and tone marks; else ""."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("ü", "v"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in " '’-·")
    return letters if letters.isascii() and letters.isalpha() and len(letters) >= SHORTEST_LETTERS else ""
