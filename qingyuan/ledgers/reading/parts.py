"""A sheet seen from its side or in part: a turned list, or one of several copies abreast, as rows like any other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from qingyuan.ledgers.reading.blocks import Block
from qingyuan.ledgers.reading.open import Merge, Sheet
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.text import address

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
