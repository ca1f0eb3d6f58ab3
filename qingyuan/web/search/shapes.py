"""What the search hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

MOST: Final = 8


@dataclass(frozen=True)
class Found:
    """One hit and, in words, why it is shown. ``row_id`` is there for rows and people, whose reading is logged."""

    text: str
    note: str
    href: str
    why: str = ""
    row_id: UUID | None = None


@dataclass(frozen=True)
class Group:
    """Hits of one kind, at most ``MOST``; ``more`` when there are others; ``too_many``: so many names that none was opened.

    ``since``: of a long ledger, from which day on its rows were looked through for words; ``href`` goes on from there."""

    title: str
    hits: Sequence[Found]
    more: bool = False
    too_many: bool = False
    since: date | None = None
    href: str = ""
