"""A map of places as equal tiles: a town of 900 people is as easy to see as one of 90 000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TILE_WIDTH, TILE_HEIGHT, GAP = 72, 58, 4
SHADES = 6


@dataclass(frozen=True)
class Tile:
    """A place. ``value`` None is closed (fewer than 5, or hidden so that it cannot be computed); ``shown`` says how."""

    name: str
    column: int
    row: int
    value: float | None
    shown: str
    href: str = ""


@dataclass(frozen=True)
class DrawnTile:
    name: str
    shown: str
    href: str
    x: int
    y: int
    middle: int
    name_y: int
    value_y: int
    shade: str


@dataclass(frozen=True)
class TileMap:
    title: str
    tiles: list[DrawnTile]
    width: int
    height: int
    tile_width: int = TILE_WIDTH
    tile_height: int = TILE_HEIGHT

    @property
    def has_closed(self) -> bool:
        return any(tile.shade == "shut" for tile in self.tiles)


def tile_map(tiles: Sequence[Tile], *, title: str) -> TileMap:
    """Geometry and shades. Shades are equal steps from the lowest to the highest value shown, dark = more.

    Columns and rows may begin anywhere; empty rims are cut off.
    """
    first_column = min((tile.column for tile in tiles), default=0)
    first_row = min((tile.row for tile in tiles), default=0)
    known = [tile.value for tile in tiles if tile.value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    drawn = [_draw(tile, tile.column - first_column, tile.row - first_row, low, high) for tile in tiles]
    columns = max((tile.column for tile in tiles), default=-1) - first_column + 1
    rows = max((tile.row for tile in tiles), default=-1) - first_row + 1
    width, height = columns * (TILE_WIDTH + GAP) - GAP, rows * (TILE_HEIGHT + GAP) - GAP
    return TileMap(title, drawn, max(width, 0), max(height, 0))


def _draw(tile: Tile, column: int, row: int, low: float, high: float) -> DrawnTile:
    x, y = column * (TILE_WIDTH + GAP), row * (TILE_HEIGHT + GAP)
    return DrawnTile(
        name=tile.name,
        shown=tile.shown,
        href=tile.href,
        x=x,
        y=y,
        middle=x + TILE_WIDTH // 2,
        name_y=y + 24,
        value_y=y + 43,
        shade="shut" if tile.value is None else f"t{_shade(tile.value, low, high)}",
    )


def _shade(value: float, low: float, high: float) -> int:
    if high == low:
        return SHADES // 2
    return min(int((value - low) / (high - low) * SHADES), SHADES - 1)
