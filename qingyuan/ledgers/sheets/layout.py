"""A workbook in the columns of another system: texts as texts, exact numbers, nothing of our own look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import MOST_ROWS, TooManyRows
from qingyuan.ledgers.sheets.styles import Book, Target
from qingyuan.ledgers.sheets.values import display_width, fits, risky, sheet_name, text_of


def write_layout(
    target: Target, *, sheet: str, titles: Sequence[str], headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Writes ``rows`` under ``headers`` and returns how many; ``titles`` stand above, a line each.

    Cells are text (a text that a spreadsheet would run is quoted) or exact numbers. Raises TooManyRows.
    """
    count = 0
    with Book(target) as book:
        page = book.workbook.add_worksheet(sheet_name(sheet))
        for number, title in enumerate(titles):
            page.write_string(number, 0, title, book.format())
        top = len(titles)
        for index, header in enumerate(headers):
            page.set_column(index, index, min(max(display_width(header) + 3, 12), 30))
            page.write_string(top, index, header, book.format(bold=True, border=1))
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise TooManyRows(str(MOST_ROWS))
            for index, value in enumerate(row):
                _write(book, page, top + count, index, value)
        page.freeze_panes(top + 1, 0)
    return count


def _write(book: Book, page: Any, row: int, index: int, value: Any) -> None:
    if value == "" or value is None:
        return
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and fits(value):
        page.write_number(row, index, value, book.body(Kind.DECIMAL))
        return
    text = text_of(f"{value:f}" if isinstance(value, Decimal) else str(value))
    extra = {"quote_prefix": True} if risky(text) else {}
    page.write_string(row, index, text, book.body(Kind.TEXT, **extra))
