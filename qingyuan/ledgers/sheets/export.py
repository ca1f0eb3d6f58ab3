"""The export of a list: small ones styled, large ones fast, both safe to open and to import again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.sheets.bulk import write_bulk
from qingyuan.ledgers.sheets.styles import NOTICE_HEIGHT, TITLE_HEIGHT, Book, Target
from qingyuan.ledgers.sheets.values import Written, column_width, header_texts, risky, sheet_name, written

BULK_ROWS: Final = 20_000
MOST_ROWS: Final = 1_048_000  # Excel's last row less titles
_SAMPLED: Final = 200


class TooManyRows(ValueError):
    """More rows than one sheet holds: narrow the list by period or division and export in parts."""


def write_export(
    target: Target,
    *,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[object]],
    notice: str = "",
    hidden: Collection[str] = (),
    bulk_from: int = BULK_ROWS,
) -> int:
    """Writes ``rows`` (values in the order of ``columns``, as the reader may see them) and returns how many.

    ``notice`` is a line under the title (演示城市·虚构数据, what was filtered). Codes come as their words, staff as a list
    of names, dates as dates, masses in grams. ``hidden``: names of the last columns, which are written and not shown.
    Raises TooManyRows beyond one sheet.
    """
    kinds = [column.kind for column in columns]
    cells = ([written(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in _bounded(rows))
    first = list(islice(cells, bulk_from))
    if len(first) < bulk_from:
        _write_styled(target, title, columns, first, notice, hidden)
        return len(first)
    return write_bulk(
        target,
        title=title,
        columns=columns,
        rows=chain(first, cells),
        notice=notice,
        sample=first[:_SAMPLED],
        hidden=hidden,
    )


def _bounded(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise TooManyRows(str(MOST_ROWS))
        yield row


def _write_styled(
    target: Target,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Sequence[Sequence[Written]],
    notice: str,
    hidden: Collection[str],
) -> None:
    with Book(target) as book:
        sheet = book.workbook.add_worksheet(sheet_name(title))
        header_row = write_titles(book, sheet, title, notice, len(columns) - len(hidden))
        headers = header_texts(columns)
        for index, (column, header) in enumerate(zip(columns, headers, strict=True)):
            sample = [row[index] for row in rows[:_SAMPLED]]
            sheet.set_column(index, index, column_width(column, header, sample), None, {"hidden": column.name in hidden})
            sheet.write_string(header_row, index, header, book.header())
        for offset, row in enumerate(rows, start=header_row + 1):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                write_cell(book, sheet, offset, index, column.kind, value)
        # The filter reaches over what is hidden, so that sorting by it takes the hidden cells along.
        finish(sheet, header_row, header_row + len(rows), len(columns))


def write_titles(book: Book, sheet: Any, title: str, notice: str, width: int) -> int:
    """Title and notice over the table; returns the row of the header, 0-based."""
    lines = [(title, book.title(), TITLE_HEIGHT)] + ([(notice, book.notice(), NOTICE_HEIGHT)] if notice else [])
    for row, (text, style, height) in enumerate(lines):
        sheet.set_row(row, height)
        if width > 1:
            sheet.merge_range(row, 0, row, width - 1, "", style)
        sheet.write_string(row, 0, text, style)
    return len(lines)


def write_cell(book: Book, sheet: Any, row: int, column: int, kind: Kind, value: Written, **style: Any) -> None:
    """One cell by what it holds; text never becomes a formula, a link or a number."""
    if value is None:
        sheet.write_blank(row, column, None, book.body(kind, **style))
    elif isinstance(value, str):
        extra = {"quote_prefix": True} if risky(value) else {}
        text_kind = kind if kind not in {Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY} else Kind.TEXT
        sheet.write_string(row, column, value, book.body(text_kind, **(style | extra)))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, book.body(Kind.DATE, **style))
    else:
        sheet.write_number(row, column, value, book.body(kind, **style))


def finish(sheet: Any, header_row: int, last_row: int, width: int) -> None:
    """Frozen header, filter, and a page that prints."""
    sheet.freeze_panes(header_row + 1, 0)
    sheet.autofilter(header_row, 0, max(last_row, header_row), width - 1)
    set_page(sheet, header_row)


def set_page(sheet: Any, header_row: int) -> None:
    """Landscape A4, one page wide, the rows down to the header on every page, numbered."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, header_row)
    sheet.set_footer("&C&P / &N")
