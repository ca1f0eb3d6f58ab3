"""Text as people type it, made comparable: full width, spaces, case, dashes and brackets."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー", "-"))
_BRACKETED = re.compile(r"[(\[{〔【〈《「『<](.*?)[)\]}〕】〉》」』>]")
_BRACKETS = re.compile(r"[()\[\]{}〔〕【】〈〉《》「」『』<>]")
_QUOTES = re.compile(r"[\"'“”‘’·•]")
_CUTOFF = 0.5


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
    """The nearest entries of a normalised vocabulary, best first: those that share enough runs of characters with the
    text, and those that contain it or lie in it."""
    similar = difflib.get_close_matches(text, vocabulary, n=6, cutoff=_CUTOFF)
    contained = [word for word in vocabulary if len(word) > 1 and (word in text or (len(text) > 1 and text in word))]
    return sorted(dict.fromkeys(similar + contained), key=lambda word: -_ratio(text, word))


def _ratio(text: str, word: str) -> float:
    return difflib.SequenceMatcher(None, text, word).ratio()


def _unbracketed_form(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = _QUOTES.sub("", "".join(folded.split()))
    # Once more, because folding case and closing gaps can leave letters that have yet to be composed.
    return unicodedata.normalize("NFKC", joined).translate(_DASHES)
