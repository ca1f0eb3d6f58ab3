"""The rows an import would not take, as a workbook: mend them there and import it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import REASON_HEADER, ROW_HEADER
from qingyuan.ledgers.reading.numbers import mass_unit
from qingyuan.ledgers.reading.text import EXACT_FLOAT, typed
from qingyuan.ledgers.sheets.export import finish, write_cell, write_titles
from qingyuan.ledgers.sheets.styles import LINE_HEIGHT, PALETTE, Book, Target
from qingyuan.ledgers.sheets.values import Written, display_width, lines_of, sheet_name, text_of

REASON_WIDTH: Final = 60
_NUMBER_WIDTH: Final = 8
_WIDEST: Final = 42
_SAMPLED: Final = 200


@dataclass(frozen=True)
class BadRow:
    """``number`` is the row in the file that came, or in words its place; ``cells`` its values as typed, in the order of
    that file."""

    number: int | str
    cells: Sequence[object] = field(repr=False)
    problems: Sequence[Problem] = ()


def write_bad_rows(
    target: Target,
    *,
    title: str,
    labels: Sequence[str],
    columns: Mapping[int, str],
    rows: Iterable[BadRow],
    units: Mapping[str, str] | None = None,
    notice: str = "",
) -> int:
    """Writes the rows under the header they came with, bad cells coloured with the reason as a comment, all reasons in
    the last column; returns how many rows.

    ``labels`` are the header texts by position, ``columns`` maps positions to column names (as ``HeaderMatch`` has
    them), ``units`` the units the file's header named, so that the numbers mean the same when they come back. The first
    column (原行号) and the last (问题说明) are ours and are not read on the next import.
    """
    headers = _headers(labels, columns, units or {})
    positions = {name: index for index, name in columns.items()}
    hint = _("请改红色格子,改好后整个文件再导入一次;“原行号”“问题说明”两栏不用管。")
    with Book(target) as book:
        sheet = book.workbook.add_worksheet(sheet_name(title))
        width = len(headers) + 2
        header_row = write_titles(book, sheet, title, f"{notice}  {hint}" if notice else hint, width)
        widest = [display_width(header) + 3 for header in headers]
        count = 0
        for count, row in enumerate(rows, start=1):
            _write_row(book, sheet, header_row + count, row, headers, positions)
            if count <= _SAMPLED:
                widest = [max(wide, _width_of(row.cells, index)) for index, wide in enumerate(widest)]
        _write_header(book, sheet, header_row, headers, widest)
        finish(sheet, header_row, header_row + count, width)
    return count


def _width_of(cells: Sequence[object], index: int) -> int:
    return display_width(str(_as_typed(cells[index]) or "")) + 2 if index < len(cells) else 0


def _headers(labels: Sequence[str], columns: Mapping[int, str], units: Mapping[str, str]) -> list[str]:
    headers = []
    for index, label in enumerate(labels):
        unit = units.get(columns.get(index, ""), "")
        named = any(mass_unit(part) for part in label.replace("(", "(").replace(")", "").replace(")", "").split("("))
        headers.append(f"{label}({unit})" if unit and not named and f"/{unit}" not in label else label)
    return headers


def _write_header(book: Book, sheet: Any, header_row: int, headers: Sequence[str], widths: Sequence[int]) -> None:
    sheet.set_row(header_row, 30)
    sheet.set_column(0, 0, _NUMBER_WIDTH)
    sheet.write_string(header_row, 0, ROW_HEADER, book.header())
    for index, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        sheet.set_column(index, index, min(width, _WIDEST))
        sheet.write_string(header_row, index, header, book.header())
    sheet.set_column(len(headers) + 1, len(headers) + 1, REASON_WIDTH)
    sheet.write_string(header_row, len(headers) + 1, REASON_HEADER, book.header(required=True))


def _write_row(
    book: Book, sheet: Any, at: int, row: BadRow, headers: Sequence[str], positions: Mapping[str, int]
) -> None:
    reasons: dict[int, list[str]] = {}
    for problem in row.problems:
        reasons.setdefault(positions.get(problem.column, -1), []).append(_reason(problem))
    write = sheet.write_number if isinstance(row.number, int) else sheet.write_string
    write(at, 0, row.number, book.body(Kind.INTEGER, font_color=PALETTE["quiet"]))
    for index in range(len(headers)):
        value = _as_typed(row.cells[index] if index < len(row.cells) else None)
        bad = {"bg_color": PALETTE["bad"], "font_color": PALETTE["bad_ink"]} if index in reasons else {}
        kind = Kind.DATE if isinstance(value, date) else Kind.DECIMAL if isinstance(value, int | float) else Kind.TEXT
        write_cell(book, sheet, at, index + 1, kind, value, **bad)
        if index in reasons:
            sheet.write_comment(at, index + 1, "\n".join(reasons[index]), {"x_scale": 1.6, "font_size": 10})
    told = [f"{headers[index]}:{text}" if index >= 0 else text for index, texts in reasons.items() for text in texts]
    summary = text_of(";".join(told))
    sheet.set_row(at, LINE_HEIGHT * lines_of(summary, REASON_WIDTH))
    sheet.write_string(at, len(headers) + 1, summary, book.body(Kind.LONG_TEXT, font_color=PALETTE["bad_ink"]))


def _reason(problem: Problem) -> str:
    """Message and hint of a problem in one sentence."""
    return (
        _("%(message)s(可能是 %(hint)s)") % {"message": problem.message, "hint": problem.hint}
        if (problem.hint and problem.hint not in problem.message)
        else problem.message
    )


def _as_typed(value: object) -> Written:
    """A raw cell as its owner saw it; a number that has lost its end is text, so that nothing loses it again."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return typed(value)
    if isinstance(value, int | float):
        return value if abs(value) < EXACT_FLOAT else typed(float(value))
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else typed(value)
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return typed(value)
    return text_of(str(value))
