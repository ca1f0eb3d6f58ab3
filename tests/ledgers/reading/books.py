"""Workbooks made in memory for tests, tidy and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import openpyxl

from qingyuan.ledgers.reading.open import Workbook, open_workbook

SHEET_PART = "xl/worksheets/sheet1.xml"


def book(
    rows: Sequence[Sequence[Any]], *, merges: Iterable[str] = (), title: str = "Sheet1", start: str = "A1"
) -> bytes:
    """An .xlsx with one sheet whose first cell is ``start``."""
    return books({title: rows}, merges=merges, start=start)


def books(sheets: dict[str, Sequence[Sequence[Any]]], *, merges: Iterable[str] = (), start: str = "A1") -> bytes:
    """An .xlsx with several sheets; ``merges`` apply to the first."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        corner = sheet[start]
        for row_index, row in enumerate(rows):
            for column_index, value in enumerate(row):
                if value not in (None, ""):
                    cell = sheet.cell(corner.row + row_index, corner.column + column_index)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"  # openpyxl would take "=…" for a formula
    for merge in merges:
        workbook.worksheets[0].merge_cells(merge)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def opened(rows: Sequence[Sequence[Any]], **extra: Any) -> Workbook:
    return open_workbook(book(rows, **extra), "台账.xlsx")


def rewritten(data: bytes, change: Callable[[bytes], bytes], part: str = SHEET_PART) -> bytes:
    """The same package with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return stream.getvalue()


def with_cells(data: bytes, xml: str) -> bytes:
    """The package with more rows at the end of its first sheet."""
    return rewritten(data, lambda part: part.replace(b"</sheetData>", xml.encode() + b"</sheetData>"))
