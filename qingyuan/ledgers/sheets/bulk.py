"""Large exports: the same table, written by the fast writer as a stream."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

from rustpy_xlsxwriter import Format, write_worksheet

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.sheets.styles import DATE_FORMAT, FONT, NOTICE_HEIGHT, PALETTE, TITLE_FONT, TITLE_HEIGHT, Target
from qingyuan.ledgers.sheets.values import NUMBER_KINDS, Written, column_width, header_texts, sheet_name


def write_bulk(
    target: Target,
    *,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[Written]],
    notice: str,
    sample: Sequence[Sequence[Written]],
    hidden: Collection[str] = (),
) -> int:
    """Writes a stream of ready cells and returns how many rows there were. There must be at least one row.

    This writer hides a column by its width, which is nought.
    """
    headers = header_texts(columns)
    counted = _Counted(headers, rows)
    lines = [(title, Format().set_bold().set_font_name(TITLE_FONT).set_font_size(16).set_align("center"))]
    if notice:
        lines.append((notice, Format().set_font_name(FONT).set_background_color(PALETTE["notice"])))
    header_style = Format().set_bold().set_font_name(FONT).set_font_color("#FFFFFF").set_align("center")
    widths = {
        header: 0.0 if column.name in hidden else column_width(column, header, [row[index] for row in sample])
        for index, (column, header) in enumerate(zip(columns, headers, strict=True))
    }
    last = len(columns) - len(hidden) - 1
    write_worksheet(
        cast(Any, iter(counted)),
        target,
        sheet_name=sheet_name(title),
        header_row=len(lines),
        merge_ranges=[(row, 0, row, max(last, 1), text, style) for row, (text, style) in enumerate(lines)],
        row_heights={0: TITLE_HEIGHT, **dict.fromkeys(range(1, len(lines)), NOTICE_HEIGHT)},
        column_widths=widths,
        column_formats={header: _format(column.kind) for header, column in zip(headers, columns, strict=True)},
        header_format=header_style.set_background_color(PALETTE["header"]),
        freeze_row=len(lines) + 1,
        autofilter=True,
        page_setup={"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": (0, len(lines))},
    )
    return counted.count


class _Counted:
    """Rows as records, counted as they pass."""

    def __init__(self, headers: Sequence[str], rows: Iterable[Sequence[Written]]) -> None:
        self.count = 0
        self._headers = headers
        self._rows = rows

    def __iter__(self) -> Iterator[dict[str, Written]]:
        for row in self._rows:
            self.count += 1
            yield dict(zip(self._headers, row, strict=True))


def _format(kind: Kind) -> Format:
    style = Format().set_font_name(FONT)
    if kind == Kind.DATE:
        return style.set_num_format(DATE_FORMAT)
    return style if kind in NUMBER_KINDS else style.set_num_format("@").set_quote_prefix()
