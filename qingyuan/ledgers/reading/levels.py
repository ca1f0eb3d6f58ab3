"""The header as a block of one to three rows: merged cells resolved, one path of texts per column.

Knows nothing of ledgers, so that any workbook can be described with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from qingyuan.ledgers.reading.open import Merge
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.text import clean, is_blank, key

MOST_LEVELS: Final = 3
WIDEST: Final = 1_000  # a header beyond this many columns is not one
Path: TypeAlias = tuple[str, ...]


class Grid:
    """The first rows of a sheet with merged cells filled in from their top left corner."""

    def __init__(self, rows: Sequence[Sequence[Cell]], merged: Sequence[Merge] = ()) -> None:
        self.rows = [list(row[:WIDEST]) for row in rows]
        self.width = max((len(row) for row in self.rows), default=0)
        for row in self.rows:
            row.extend([""] * (self.width - len(row)))
        self.merged = [merge for merge in merged if merge.first_row < len(self.rows)]
        self._origins = self._corners()

    def _corners(self) -> dict[tuple[int, int], tuple[int, int]]:
        corners: dict[tuple[int, int], tuple[int, int]] = {}
        left = len(self.rows) * self.width  # merged cells do not overlap; a file in which they do is not worth the time
        for merge in self.merged:
            rows = range(merge.first_row, min(merge.last_row, len(self.rows) - 1) + 1)
            columns = range(merge.first_column, min(merge.last_column, self.width - 1) + 1)
            left -= len(rows) * len(columns)
            if left < 0:
                break
            for row in rows:
                for column in columns:
                    corners[row, column] = (merge.first_row, merge.first_column)
        return corners

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The corner of the merged cell that covers a cell, else the cell itself."""
        return self._origins.get((row, column), (row, column))

    def cell(self, row: int, column: int) -> Cell:
        """The cell as it is seen: a merged cell shows its corner's value everywhere."""
        origin_row, origin_column = self.origin(row, column)
        return self.rows[origin_row][origin_column] if origin_column < self.width else ""

    def blank(self, row: int) -> bool:
        """Whether nothing is typed in the row itself."""
        return all(is_blank(cell) for cell in self.rows[row])

    def continues(self, row: int) -> bool:
        """Whether a row holds nothing but the lower part of cells merged from above."""
        covered = any(merge.first_row < row <= merge.last_row for merge in self.merged)
        return covered and self.blank(row)

    def reach(self, first: int, last: int) -> tuple[int, int]:
        """The rows that cells merged downwards tie to the rows ``first`` to ``last``: where the topmost such cell begins
        and the lowest one ends. Cells merged over more rows than a header has are not of the header."""
        top, bottom = first, last
        for merge in self.merged:
            tall = merge.last_row > merge.first_row
            near = merge.last_row - merge.first_row < MOST_LEVELS
            if tall and near and merge.first_row <= last and merge.last_row >= first:
                top, bottom = min(top, merge.first_row), max(bottom, merge.last_row)
        return top, bottom

    def paths(self, start: int, depth: int) -> list[Path]:
        """Per column the texts from top to bottom, each once: (检测, 日期) under a merged 检测, (姓名,) over two rows."""
        levels = [[self._label(row, column) for column in range(self.width)] for row in range(start, start + depth)]
        for upper, lower in zip(levels, levels[1:], strict=False):
            _spread(upper, lower)
        return [_path([level[column] for level in levels]) for column in range(self.width)]

    def _label(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return clean(cell) if isinstance(cell, str) else ""


def shown(path: Path) -> str:
    """A path in one line, as people say it."""
    return "/".join(" ".join(text.split()) for text in path)


def _spread(upper: list[str], lower: list[str]) -> None:
    """Unmerged two-level headers (text tables): a top text also stands over the empty cells to its right, as long as
    the columns below have texts of their own."""
    for column in range(1, len(upper)):
        if not upper[column] and upper[column - 1] and lower[column] and lower[column - 1] != upper[column - 1]:
            if lower[column - 1]:
                upper[column] = upper[column - 1]


def _path(texts: list[str]) -> Path:
    path: list[str] = []
    for text in texts:
        if text and (not path or key(path[-1]) != key(text)):
            path.append(text)
    return tuple(path)
