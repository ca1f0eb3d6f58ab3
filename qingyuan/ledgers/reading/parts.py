"""A sheet seen from its side or in part: a turned list, or one of several copies abreast, as rows like any other; and
the numbers that rows go by when a list stands in several places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.blocks import Block
from qingyuan.ledgers.reading.open import Merge, Sheet
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.text import address, letters

WIDEST_TURNED: Final = 400
"""A list on its side has few records; beyond this many columns a sheet is not turned."""


class Turned:
    """The sheet with rows and columns exchanged: its first column reads as the row of headings."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.hidden = sheet.hidden
        rows = [row[:WIDEST_TURNED] for row in sheet.rows()]
        width = max((len(row) for row in rows), default=0)
        self._rows: list[list[Cell]] = [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
        self.merged = tuple(
            Merge(merge.first_column, merge.first_row, merge.last_column, merge.last_row) for merge in sheet.merged
        )

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def rows(self) -> Iterator[list[Cell]]:
        return (list(row) for row in self._rows)

    def head(self, count: int) -> list[list[Cell]]:
        return [list(row) for row in self._rows[:count]]

    def address(self, row: int, column: int) -> str:
        """The address in the sheet as it is; ``row`` counts from 1, ``column`` from 0."""
        return address(column + 1, row - 1)


class Copy:
    """One of several copies of a list abreast, its columns moved to where the first copy has them."""

    def __init__(self, sheet: Sheet, first: Block, block: Block) -> None:
        self.name = sheet.name
        self.hidden = sheet.hidden
        self._sheet = sheet
        self._from = dict(zip(first, block, strict=True))
        self._width = max(first) + 1
        to = {theirs: ours for ours, theirs in self._from.items()}
        self.merged = tuple(
            Merge(merge.first_row, to[merge.first_column], merge.last_row, to.get(merge.last_column, to[merge.first_column]))
            for merge in sheet.merged
            if merge.first_column in to
        )

    @property
    def row_count(self) -> int:
        return self._sheet.row_count

    def rows(self) -> Iterator[list[Cell]]:
        for row in self._sheet.rows():
            cells: list[Cell] = [""] * self._width
            for ours, theirs in self._from.items():
                if theirs < len(row):
                    cells[ours] = row[theirs]
            yield cells

    def head(self, count: int) -> list[list[Cell]]:
        return list(islice(self.rows(), count))

    def address(self, row: int, column: int) -> str:
        return address(row, self._from.get(column, column))


@dataclass(frozen=True)
class Stretch:
    """Rows of one sheet that are read in one go, and the numbers they go by in the whole list.

    ``first`` and ``last`` are rows of the sheet (columns, of a turned list); a row's number is the row plus ``offset``.
    ``copy``: the letters of the columns, when the list stands there several times abreast.
    """

    sheet: str
    first: int
    last: int
    offset: int = 0
    copy: str = ""
    turned: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def place_of(stretches: Sequence[Mapping[str, Any]], number: int) -> str:
    """Where the row of this number stands, for people: 17, or «10月 17» of several sheets, «17(F—I)» of several copies,
    «C 列» of a turned list. ``stretches`` are ``Stretch`` as JSON; without any, a number is the row itself."""
    at = next((one for one in stretches if one["first"] <= number - one["offset"] <= one["last"]), None)
    if at is None:
        return str(number)
    row = number - at["offset"]
    text = _("%(column)s 列") % {"column": letters(row - 1)} if at["turned"] else str(row)
    text += f"({at['copy']})" if at["copy"] else ""
    return f"{at['sheet']} {text}" if len({one["sheet"] for one in stretches}) > 1 else text
