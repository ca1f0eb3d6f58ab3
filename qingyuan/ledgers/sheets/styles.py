"""How our workbooks look: one palette and one set of cell formats for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import xlsxwriter

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.values import NUMBER_KINDS

Target: TypeAlias = str | Path | BinaryIO
"""A path or an open binary file."""

PALETTE: Final = {
    "ink": "#15302F",
    "quiet": "#6B7A79",
    "header": "#0F6B68",
    "required": "#B4402B",
    "line": "#D5DCDB",
    "bad": "#FBE9E7",
    "bad_ink": "#B4402B",
    "example": "#F3F6F5",
    "notice": "#FFF3DC",
}
DATE_FORMAT: Final = "yyyy-mm-dd"
TITLE_HEIGHT: Final = 30
NOTICE_HEIGHT: Final = 20
LINE_HEIGHT: Final = 16
FONT: Final = "宋体"
TITLE_FONT: Final = "黑体"
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass
class Book:
    """A workbook being written, with its formats made once each."""

    target: Target
    workbook: Any = field(init=False)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.workbook = xlsxwriter.Workbook(self.target, {**_OPTIONS, "in_memory": True})
        self.workbook.formats[0].set_font_name(FONT)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *problem: object) -> None:
        self.workbook.close()

    def format(self, **properties: Any) -> Any:
        """A cell format; the same properties give the same format."""
        known = tuple(sorted(properties.items()))
        if known not in self._formats:
            base = {"font_name": FONT, "font_size": 11, "font_color": PALETTE["ink"], "valign": "vcenter"}
            self._formats[known] = self.workbook.add_format(base | properties)
        return self._formats[known]

    def title(self) -> Any:
        return self.format(font_name=TITLE_FONT, font_size=16, align="center")

    def notice(self) -> Any:
        return self.format(font_color=PALETTE["quiet"], bg_color=PALETTE["notice"], align="left", text_wrap=True)

    def header(self, *, required: bool = False) -> Any:
        colour = PALETTE["required"] if required else PALETTE["header"]
        return self.format(
            bold=True,
            font_color="#FFFFFF",
            bg_color=colour,
            align="center",
            text_wrap=True,
            border=1,
            border_color=PALETTE["line"],
        )

    def body(self, kind: Kind, **extra: Any) -> Any:
        """The format of a column's cells: text stays text even when someone edits it."""
        own: dict[str, Any] = {"border": 1, "border_color": PALETTE["line"]}
        if kind == Kind.DATE:
            own |= {"num_format": DATE_FORMAT, "align": "center"}
        elif kind not in NUMBER_KINDS:
            own |= {"num_format": "@", "text_wrap": kind == Kind.LONG_TEXT}
        return self.format(**(own | extra))
