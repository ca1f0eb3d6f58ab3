"""What stands in a cell we write: text as text, dates as dates, numbers only where Excel keeps them exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from django.utils.translation import gettext as _

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.spec import ColumnSpec

Written: TypeAlias = str | int | float | Decimal | date | None
"""A cell ready to be written; None is an empty cell."""

LONGEST_TEXT: Final = 32_767  # characters Excel holds in one cell
SIGNIFICANT: Final = 15  # digits Excel keeps of a number
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
UNIT_WORDS: Final = {"g": "克", "kg": "公斤", "mg": "毫克"}
NUMBER_KINDS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY})
_SHEET_NAME_DROP = re.compile(r"[\[\]:*?/\\]")
_NARROWEST, _WIDEST = 8, 42


def written(kind: Kind, value: object) -> Written:
    """The cell for a value of a column kind. Numbers Excel would round are written as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.date() if kind == Kind.DATE else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value
    if isinstance(value, int | float | Decimal) and kind in NUMBER_KINDS:
        return value if fits(value) else text_of(f"{value:f}" if isinstance(value, Decimal) else str(value))
    if isinstance(value, list | tuple):
        return text_of("、".join(str(item) for item in value))
    return text_of(str(value))


def fits(value: int | float | Decimal) -> bool:
    """Whether Excel keeps every digit of the number."""
    number = Decimal(str(value))
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= SIGNIFICANT and abs(number) < 10**15


def text_of(text: str) -> str:
    """The text as far as a cell holds it, with a mark where it was cut."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 6] + _("…(未完)")


def risky(text: str) -> bool:
    """Whether a spreadsheet that took the text for typed input would run it."""
    return text.startswith(FORMULA_STARTS)


def header_text(column: ColumnSpec) -> str:
    """The header as people see it, with the unit the numbers are in: 重量(克)."""
    unit = UNIT_WORDS.get(column.unit, column.unit)
    return f"{column.header}({unit})" if unit and unit not in column.header else column.header


def header_texts(columns: Sequence[ColumnSpec]) -> list[str]:
    """Headers of all columns, made distinct where two are the same."""
    texts: list[str] = []
    for column in columns:
        text, count = header_text(column), 1
        while text in texts:
            count += 1
            text = f"{header_text(column)} {count}"
        texts.append(text)
    return texts


def sheet_name(title: str) -> str:
    """A name Excel accepts for a sheet: at most 31 characters, none of ``[]:*?/\\``."""
    return _SHEET_NAME_DROP.sub(" ", title).strip(" '")[:31].strip(" '") or "Sheet1"


def column_width(column: ColumnSpec, header: str, sample: Sequence[Written]) -> float:
    """Characters wide enough for the header and most values; Chinese characters count twice."""
    widths = sorted(display_width(str(value).split("\n")[0]) for value in sample if value is not None)
    usual = widths[int(len(widths) * 0.95)] if widths else _usual(column.kind)
    return float(min(max(display_width(header) + 3, usual + 2, _NARROWEST), _WIDEST))


def display_width(text: str) -> int:
    """Columns a text takes on screen."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def lines_of(text: str, width: float) -> int:
    """Lines a wrapped text takes in a column of this width."""
    return sum(max(1, -(-display_width(line) // int(width))) for line in text.split("\n"))


def _usual(kind: Kind) -> int:
    usual = {Kind.DATE: 11, Kind.ID_NUMBER: 19, Kind.PHONE: 13, Kind.LONG_TEXT: 36, Kind.STAFF: 16, Kind.UNIT: 24}
    return usual.get(kind, 10)
