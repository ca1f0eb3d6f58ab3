"""How Chinese text is read, in letters without tones. Its dictionaries take half a second and fifty megabytes to load:
``matching`` loads this module when a sound is first asked for, so that nobody else pays for them."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def syllables(text: str) -> tuple[str, ...]:
    """One syllable a character; signs without a reading are left out."""
    return tuple(lazy_pinyin(text, errors="ignore"))


def initials(text: str) -> str:
    """The first letter of each syllable."""
    return "".join(lazy_pinyin(text, Style.FIRST_LETTER, errors="ignore")).lower()
