"""A workbook an office keeps: titles above, synonyms in headers, totals and notes below; written the same every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from qingyuan.demo.writing_habits import Habit, dashed
from qingyuan.reference import catalogue

FICTIONAL = "演示城市 · 虚构数据"
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


def _lines(book: Book) -> list[list[Any]]:
    """The whole sheet: titles, header, rows with the occasional blank or subtotal, total, notes."""
    habit = book.habit
    lead = ["序号"] if habit.serial_column else []
    lines: list[list[Any]] = []
    if habit.titles >= 1:
        lines.append([f"{book.title}({book.banner})"])
    if habit.titles >= 2:
        lines.append([f"填报单位:{book.path.split('/')[0]}", "", "", "", "填报日期:2022年11月1日"])
    lines.append([*lead, *book.headers])
    for number, row in enumerate(book.rows, start=1):
        lines.append([*([number] if lead else []), *row])
        if habit.totals and number % 40 == 0:
            lines.append([*([""] if lead else []), "小计", 40])
    if habit.totals:
        lines.append(["合计", len(book.rows)])
    if habit.note and book.note:
        lines += [[], [book.note]]
    return lines


def _xlsx(book: Book, lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": book.title, "comments": FICTIONAL, "created": CREATED})
        sheet = workbook.add_worksheet("汇总")
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
