"""A workbook an office keeps: titles above, synonyms in headers, totals and notes below; written the same every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.writing_habits import Habit, dashed
from qingyuan.reference import catalogue

FICTIONAL = "演示城市 · 虚构数据"
SHEET = "汇总"
PLANTED = "planted.csv"
CREATED = datetime(2022, 11, 1, 9, 0, 0, tzinfo=UTC)


@dataclass
class Book:
    """One file: who keeps it, which ledger it is, its table."""

    path: str
    ledger: str
    keeper: str
    title: str
    headers: tuple[str, ...]
    rows: list[list[Any]]
    habit: Habit
    note: str = ""
    banner: str = field(default=FICTIONAL)


def write(book: Book, folder: Path) -> Path:
    """Write ``book`` below ``folder``; the same story gives the same bytes."""
    path = folder / book.path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = _lines(book)
    path.write_bytes(_csv(lines) if path.suffix == ".csv" else _xlsx(book, lines))
    return path


def label(code_list: str, code: str) -> str:
    """The Chinese word of a code, as people write it."""
    return catalogue.get_list(code_list).label(code)


@dataclass(frozen=True)
class PlantedCell:
    """A cell that no import may take as it is: where it stands, under which header, and what is wrong with it."""

    path: str
    sheet: str
    address: str
    header: str
    slip: Slip


def planted(book: Book) -> list[PlantedCell]:
    """The slips of ``book``, cell by cell."""
    lead = 1 if book.habit.serial_column else 0
    sheet = "" if book.path.endswith(".csv") else SHEET
    return [
        PlantedCell(book.path, sheet, f"{chr(ord('A') + lead + at)}{number}", book.headers[at], slip)
        for number, (_line, row) in enumerate(_laid_out(book), start=1)
        if isinstance(row, Slipped)
        for at, slip in row.slips.items()
    ]


def write_planted(books: Iterable[Book], folder: Path) -> Path:
    """Write the list of all slips of ``books`` beside the workbooks."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([each.name for each in fields(PlantedCell)])
    writer.writerows(astuple(cell) for book in books for cell in planted(book))
    path = folder / PLANTED
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def read_planted(folder: Path) -> list[PlantedCell]:
    """The list as it stands in ``folder``."""
    with (folder / PLANTED).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [PlantedCell(r["path"], r["sheet"], r["address"], r["header"], Slip(r["slip"])) for r in rows]


def _lines(book: Book) -> list[list[Any]]:
    return [line for line, _row in _laid_out(book)]


def _laid_out(book: Book) -> list[tuple[list[Any], list[Any] | None]]:
    """The whole sheet: titles, header, rows with the occasional blank or subtotal, total, notes; each line with the row
    it shows, None for a line that shows none."""
    habit = book.habit
    lead = ["序号"] if habit.serial_column else []
    lines: list[tuple[list[Any], list[Any] | None]] = []
    if habit.titles >= 1:
        lines.append(([f"{book.title}({book.banner})"], None))
    if habit.titles >= 2:
        lines.append(([f"填报单位:{book.path.split('/')[0]}", "", "", "", "填报日期:2022年11月1日"], None))
    lines.append(([*lead, *book.headers], None))
    for number, row in enumerate(book.rows, start=1):
        lines.append(([*([number] if lead else []), *row], row))
        if habit.totals and number % 40 == 0:
            lines.append(([*([""] if lead else []), "小计", 40], None))
    if habit.totals:
        lines.append((["合计", len(book.rows)], None))
    if habit.note and book.note:
        lines += [([], None), ([book.note], None)]
    return lines


def _xlsx(book: Book, lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": book.title, "comments": FICTIONAL, "created": CREATED})
        sheet = workbook.add_worksheet(SHEET)
        bold = workbook.add_format({"bold": True, "align": "center", "text_wrap": True, "border": 1})
        big = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        text = workbook.add_format({"num_format": "@"})
        header_at = next(number for number, line in enumerate(lines) if len(line) >= len(book.headers))
        for number, line in enumerate(lines):
            put = _putter(sheet, number, text)
            for column, value in enumerate(line):
                if number == header_at:
                    sheet.write_string(number, column, str(value), bold)
                else:
                    put(column, value)
        width = len(lines[header_at]) - 1
        if book.habit.titles and lines[0]:
            sheet.merge_range(0, 0, 0, width, str(lines[0][0]), big)
        sheet.set_column(0, width, 14)
        sheet.freeze_panes(header_at + 1, 0)
    return out.getvalue()


def _putter(sheet: Any, number: int, text: Any) -> Callable[[int, Any], None]:
    def put(column: int, value: Any) -> None:
        if value in ("", None):
            return
        if isinstance(value, int | float):
            sheet.write_number(number, column, value)
        else:
            sheet.write_string(number, column, str(value), text)

    return put


def _csv(lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["" if value is None else _plain(value) for value in line] for line in lines])
    return out.getvalue().encode("gb18030")


def _plain(value: Any) -> str:
    return dashed(value) if hasattr(value, "isoformat") else str(value)
