"""What becomes of one cell: a value (perhaps with a note) or a fault that says what to do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta
"""One raw cell as the file holds it; an empty cell is the empty string."""


class Suggestion(NamedTuple):
    """A term the cell may have meant; ``value`` is what would be stored."""

    value: str
    label: str


class Parsed(NamedTuple):
    """A value of the column's kind, None for an empty cell. ``note`` tells a reading worth showing (44843 → …)."""

    value: object
    note: str = ""


class Fault(NamedTuple):
    """``message`` says what is wrong and what to do; ``hint`` a likely replacement, never taken by itself."""

    message: str
    hint: str = ""
    suggestions: tuple[Suggestion, ...] = ()


Outcome: TypeAlias = Parsed | Fault
EMPTY = Parsed(None)
