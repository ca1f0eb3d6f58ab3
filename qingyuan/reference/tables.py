"""Reads the CSV files that travel inside the package."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType


class BrokenTable(ValueError):
    """A data file cannot be read; the message names the file and the line for the expert who keeps it."""


Row = Mapping[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Rows of ``data/<name>.csv``, stripped, in file order.

    Raises:
        BrokenTable: the file is missing, a row has too many cells, or a named column repeats.
    """
    source = resources.files("qingyuan.reference").joinpath("data", f"{name}.csv")
    if not source.is_file():
        raise BrokenTable(f"没有数据文件 {name}.csv。")
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    reader = csv.DictReader(lines, strict=True)
    header = list(reader.fieldnames or ())
    if len(header) != len(set(header)):
        raise BrokenTable(f"{name}.csv 的表头有重复的列。")
    rows: list[Row] = []
    for cells in reader:
        if None in cells or None in cells.values():
            raise BrokenTable(f"{name}.csv 第 {reader.line_num} 行的列数与表头不一致。")
        rows.append(MappingProxyType({column: value.strip() for column, value in cells.items()}))
    return tuple(rows)


def optional_day(text: str) -> date | None:
    """``2008-06-01`` as a date; an empty cell is None.

    Raises:
        BrokenTable: the cell is neither empty nor an ISO date.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BrokenTable(f"日期“{text}”应写成 2022-10-01 的样子。") from error


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a half-open validity covers the day; an empty side is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)
