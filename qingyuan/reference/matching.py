"""Text as people type it, made comparable: full width, spaces, case, dashes and brackets; variant characters and pinyin.

Variant and traditional characters are the same character written otherwise (龍 is 龙, 昇 is 升): for words of the law and
names of places and offices the standard one is read. For names of people it is not: 张昇 and 张升 are two people.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import Final

from qingyuan.reference.tables import read_table

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー", "-"))
_BRACKETED = re.compile(r"[(\[{〔【〈《「『<](.*?)[)\]}〕】〉》」』>]")
_BRACKETS = re.compile(r"[()\[\]{}〔〕【】〈〉《》「」『』<>]")
_QUOTES = re.compile(r"[\"'“”‘’·•]")
_CUTOFF = 0.5
_SHORTEST_PINYIN: Final = 2
_MOST_SPELLINGS: Final = 24


def normalise(text: str) -> str:
    """One comparable form: NFKC, no spaces, no brackets or quotation marks, one dash, lower case."""
    return _BRACKETS.sub("", _unbracketed_form(text))


def alternatives(text: str) -> Iterator[tuple[str, ...]]:
    """Wordings to try in turn: the whole text; then the part outside its brackets together with the parts inside.

    ``阴性(-)`` gives ``阴性-`` first, then ``阴性`` and ``-``: both must mean the same term.
    """
    whole = normalise(text)
    if whole:
        yield (whole,)
    form = _unbracketed_form(text)
    inside = [_BRACKETS.sub("", part) for part in _BRACKETED.findall(form)]
    outside = _BRACKETS.sub("", _BRACKETED.sub("", form))
    parts = tuple(dict.fromkeys(part for part in (outside, *inside) if part))
    if parts and parts != (whole,):
        yield parts


def closest(text: str, vocabulary: tuple[str, ...]) -> list[str]:
    """The nearest entries of a normalised vocabulary, best first: those that sound the same; then those that share enough
    runs of characters with the text, and those that contain it or lie in it."""
    alike = sounding(text, vocabulary)
    text = standard(text)
    similar = difflib.get_close_matches(text, vocabulary, n=6, cutoff=_CUTOFF)
    contained = [word for word in vocabulary if len(word) > 1 and (word in text or (len(text) > 1 and text in word))]
    return list(dict.fromkeys(chain(alike, sorted(dict.fromkeys(similar + contained), key=lambda word: -_ratio(text, word)))))


def sounding(text: str, vocabulary: Sequence[str]) -> list[str]:
    """The entries that are read as the text is (龙硐镇 as 龙洞镇), or as the text spells (longdong, ldz), whole ones only."""
    if text.isascii():
        letters = "".join(sign for sign in text.casefold() if sign.isalpha())
        if len(letters) < _SHORTEST_PINYIN or any(sign.isdigit() for sign in text):
            return []
        return [word for word in vocabulary if not word.isascii() and letters in (pinyin(word), initials(word))]
    spelt = pinyin(text)
    if len(text) < _SHORTEST_PINYIN or len(spelt) < _SHORTEST_PINYIN:
        return []
    return [word for word in vocabulary if not word.isascii() and pinyin(word) == spelt]


@lru_cache(maxsize=8192)
def pinyin(text: str) -> str:
    """The whole reading without tones: longdongzhen for 龙洞镇; signs without one are left out."""
    return "".join(syllables(text))


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[str, ...]:
    """The reading a syllable a character: long, dong, zhen."""
    found: tuple[str, ...] = _sounds().syllables(standard(text))
    return found


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """The first letters of the reading: ldz for 龙洞镇."""
    found: str = _sounds().initials(standard(text))
    return found


@cache
def _sounds() -> ModuleType:
    """Loaded when first needed: reading a table without a strange word never needs it."""
    return import_module("qingyuan.reference.sounds")


def standard(text: str) -> str:
    """The text with each variant or traditional character written the standard way."""
    return text if text.isascii() else text.translate(_standards())


def spellings(name: str) -> tuple[str, ...]:
    """A name as typed, then as it may stand in the records by a variant character: all standard, and each character in
    turn by each of its variants. Each is a name of its own; a search by them shows what it found by which."""
    made = {name: None, standard(name): None}
    base = standard(name)
    for index, sign in enumerate(base):
        for other in _variants().get(sign, ()):
            made.setdefault(name[:index] + other + name[index + 1 :])
            made.setdefault(base[:index] + other + base[index + 1 :])
    return tuple(made)[:_MOST_SPELLINGS]


@cache
def _standards() -> dict[int, str]:
    return {ord(row["variant"]): row["standard"] for row in read_table("variants")}


@cache
def _variants() -> dict[str, str]:
    """Standard character → its variants, all in one text."""
    found: dict[str, str] = {}
    for row in read_table("variants"):
        found[row["standard"]] = found.get(row["standard"], "") + row["variant"]
    return found


def _ratio(text: str, word: str) -> float:
    return difflib.SequenceMatcher(None, text, word).ratio()


def _unbracketed_form(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = _QUOTES.sub("", "".join(folded.split()))
    # Once more, because folding case and closing gaps can leave letters that have yet to be composed.
    return unicodedata.normalize("NFKC", joined).translate(_DASHES)
