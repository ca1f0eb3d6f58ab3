"""Text of cells: cleaning, comparing, showing as typed, and the address a person finds a cell by."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from qingyuan.ledgers.reading.outcomes import Cell

EXACT_FLOAT: Final = 1e15  # Excel keeps 15 significant digits; a whole number from here on has lost its end
EMPTY_WORDS: Final = frozenset({"/", "\\", "-", "--", "---", "—", "——", "－", "／", "无", "空", "N/A", "n/a", "#N/A"})
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_ODD_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_KEY_DROP = re.compile(r"[\s*★☆●◆:;,.、。·_~^|\"'“”‘’?!！？-]+")
_BRACKETS = str.maketrans("[]【】〔〕", "()()()")
_REQUIRED_MARKS = re.compile(r"[(\[【〔](必填|必录|选填|可选|可空)[)\]】〕]|必填项?$")


def clean(text: str) -> str:
    """The text as a person sees it: no invisible characters, plain blanks, ``\\n`` between lines, no outer blanks."""
    if text.isprintable():  # every character that would be changed below is unprintable, but the plain blank
        return text.strip()
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return _ODD_SPACES.sub(" ", text).strip()


def folded(text: str) -> str:
    """Half-width, single blanks, trimmed; for numbers, dates and words, not for names."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).split())


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """One comparable form of a header: half width, no blanks, marks or line breaks, lower case. Brackets stay."""
    text = _REQUIRED_MARKS.sub("", unicodedata.normalize("NFKC", clean(text)))
    return _KEY_DROP.sub("", text.translate(_BRACKETS)).casefold()


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\u00a0\u200b\ufeff")


def number_text(number: float) -> str:
    """A number as Excel shows it in a wide cell: 15 significant digits, no exponent."""
    text = f"{number:.15g}"
    if "e" not in text:
        return text
    whole = f"{number:.0f}" if abs(number) >= 1 else f"{number:.20f}".rstrip("0")
    digits = whole.lstrip("-")
    if abs(number) < 1 or len(digits) <= 15:
        return whole
    sign = "-" if number < 0 else ""
    mantissa = text.split("e")[0].replace(".", "").lstrip("-")
    return sign + mantissa.ljust(len(digits), "0")


def typed(cell: Cell) -> str:
    """The cell as its owner sees it, for messages and for the sheet that goes back."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


@lru_cache(maxsize=2048)
def letters(index: int) -> str:
    """Column letters of a 0-based index: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Where a cell stands as Excel shows it; ``row`` counts from 1, ``column`` from 0: (17, 2) is C17."""
    return f"{letters(column)}{row}"
