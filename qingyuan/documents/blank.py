"""A blank form of another office as a page can show it: tables of cells and lines with gaps. Values only.

An address names one place to fill, the same from upload to filling: ``1!C7`` (sheet 1), ``t1!R2C3`` (Word table 1, row and
column from 1), ``p4!1`` (paragraph 4, its first gap).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property


@dataclass(frozen=True)
class FormCell:
    """One cell, or one gap of a line. ``row`` and ``column`` count from 0 in its table.

    ``formula`` is the form's own; ``fixed`` says why nothing may be written here; ``percent``: the cell's number format shows
    0.05 as 5 %, so a rate is written as a hundredth.
    """

    address: str
    text: str
    row: int = 0
    column: int = 0
    rowspan: int = 1
    colspan: int = 1
    formula: str = ""
    fixed: str = ""
    percent: bool = False

    @property
    def place(self) -> str:
        """The address inside its table: ``C7``, ``R2C3``, ``1``."""
        return self.address.rsplit("!", 1)[-1]


@dataclass(frozen=True)
class FormTable:
    """``rows`` hold the cells that begin there; what a merged cell covers is not repeated."""

    key: str
    title: str
    rows: tuple[tuple[FormCell, ...], ...]
    columns: int

    @property
    def cells(self) -> Iterator[FormCell]:
        for row in self.rows:
            yield from row

    def at(self, row: int, column: int) -> FormCell | None:
        """The cell that stands at a place, merged ones included."""
        return self._places.get((row, column))

    @cached_property
    def _places(self) -> dict[tuple[int, int], FormCell]:
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for column in range(cell.column, cell.column + cell.colspan)
        }


@dataclass(frozen=True)
class FormLine:
    """A paragraph; gaps are the FormCells among its pieces."""

    key: str
    pieces: tuple[str | FormCell, ...]

    @property
    def cells(self) -> Iterator[FormCell]:
        for piece in self.pieces:
            if isinstance(piece, FormCell):
                yield piece

    @property
    def text(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)


@dataclass(frozen=True)
class BlankForm:
    blocks: tuple[FormTable | FormLine, ...]

    @property
    def tables(self) -> tuple[FormTable, ...]:
        return tuple(block for block in self.blocks if isinstance(block, FormTable))

    @cached_property
    def cells(self) -> dict[str, FormCell]:
        return {cell.address: cell for block in self.blocks for cell in block.cells}

    def block_of(self, address: str) -> FormTable | FormLine | None:
        key = address.split("!", 1)[0]
        return next((block for block in self.blocks if block.key == key), None)


@dataclass(frozen=True)
class Entry:
    """What is written into one cell: the words of the page, and the number where it is one (``percent``: in per cent)."""

    text: str
    number: Decimal | None = None
    percent: bool = False


@dataclass(frozen=True)
class AnnexTable:
    """``title`` stands over it; empty for the first."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Annex:
    """Where every figure came from and what could not be filled; goes behind the form as a sheet or a page."""

    title: str
    notes: tuple[str, ...]
    tables: tuple[AnnexTable, ...]
