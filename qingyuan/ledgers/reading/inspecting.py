"""A workbook described without knowing a ledger: where each sheet's headings and records are, or why it is no list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.header import HeaderMatch, is_serial
from qingyuan.ledgers.reading.levels import Path
from qingyuan.ledgers.reading.open import Sheet, Workbook
from qingyuan.ledgers.reading.parts import Copy, Turned
from qingyuan.ledgers.reading.rows import SKIP_WORDS, Sieve, Skip
from qingyuan.ledgers.reading.shape import Layout, Shape, shape_of
from qingyuan.ledgers.reading.text import clean, is_blank, letters

_MOST_LEFT_OUT: Final = 200


@dataclass(frozen=True)
class Part:
    """Some headings of a sheet: ``path`` from the top down, ``at`` the letters (or, of a turned list, the row) where they
    stand. ``rows`` names the rows of headings inside the list, which are no columns."""

    path: Path
    at: str
    rows: tuple[int, ...] = ()


@dataclass
class Found:
    """What is in one sheet. Rows count from 1. ``first`` and ``last`` are the first and last row of data (columns, of a
    turned list), ``count`` the records; ``left_out`` the rows that are none, each with its reason."""

    name: str
    hidden: bool
    header_rows: tuple[int, ...] = ()
    columns: list[Part] = field(default_factory=list)
    first: int = 0
    last: int = 0
    count: int = 0
    titles: tuple[str, ...] = ()
    left_out: list[tuple[int, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    abreast: tuple[tuple[str, str], ...] = ()
    turned: bool = False
    not_a_list: str = ""
    list_part: Found | None = None

    def as_json(self) -> dict[str, Any]:
        """The four keys of every sheet, then what is particular to this one."""
        made: dict[str, Any] = {
            "name": self.name,
            "header_rows": list(self.header_rows),
            "columns": [_column_json(part) for part in self.columns],
            "data_rows": {"first": self.first or None, "last": self.last or None, "count": self.count},
        }
        extra = {
            "not_a_list": self.not_a_list,
            "transposed": self.turned,
            "side_by_side": [list(block) for block in self.abreast],
            "titles": list(self.titles),
            "left_out": [{"row": row, "why": why} for row, why in self.left_out],
            "hidden": self.hidden,
            "list_part": self.list_part.as_json() if self.list_part else None,
        }
        return made | {name: value for name, value in extra.items() if value}


def inspect(workbook: Workbook) -> list[Found]:
    """Every sheet of the workbook in its order."""
    return [_inspected(sheet) for sheet in workbook.sheets]


def _column_json(part: Part) -> dict[str, Any]:
    made: dict[str, Any] = {"header": list(part.path), "at": part.at}
    return made | ({"heading_rows": list(part.rows)} if part.rows else {})


def _inspected(sheet: Sheet) -> Found:
    shape = shape_of(sheet)
    if shape.layout == Layout.LIST:
        return _list(sheet, shape)
    if shape.layout == Layout.TURNED:
        return _turned(sheet, shape)
    found = Found(sheet.name, sheet.hidden, not_a_list=shape.refused)
    if shape.header:
        found.list_part = _list(sheet, shape)
    return found


def _list(sheet: Sheet, shape: Shape) -> Found:
    blocks = shape.blocks
    width = max(blocks[0]) + 1 if blocks else len(shape.paths)
    paths = shape.paths[:width]
    found = Found(
        sheet.name,
        sheet.hidden,
        header_rows=tuple(row + 1 for row in shape.header),
        columns=[Part(_clean(path), letters(index)) for index, path in enumerate(paths) if path],
        titles=shape.titles,
        abreast=tuple((letters(min(block)), letters(max(block))) for block in blocks),
    )
    copies: Sequence[Sheet] = [Copy(sheet, blocks[0], block) for block in blocks] if blocks else [sheet]
    sections: dict[int, str] = {}
    for number, copy in enumerate(copies):
        _count(found, copy, paths, shape, sections, first_copy=number == 0)
    if sections:
        found.columns.append(Part(tuple(sections.values()), "", tuple(sections)))
    return found


def _turned(sheet: Sheet, shape: Shape) -> Found:
    turned = Turned(sheet)
    start = next(index for index, path in enumerate(shape.paths) if path)
    found = Found(
        sheet.name,
        sheet.hidden,
        columns=[Part(_clean(path), str(index + 1)) for index, path in enumerate(shape.paths) if path],
        titles=shape.titles,
        turned=True,
    )
    for number, row in enumerate(turned.rows(), start=1):
        if number > shape.first and any(not is_blank(cell) for cell in row[start:]):
            found.first = found.first or number
            found.last, found.count = number, found.count + 1
    return found


def _count(
    found: Found, sheet: Sheet, paths: Sequence[Path], shape: Shape, sections: dict[int, str], *, first_copy: bool
) -> None:
    """Sorts the rows under the headings with the importer's own sieve."""
    sieve = Sieve(_as_header(sheet.name, paths, shape), (), sheet.merged)
    width = len(paths)
    for number, row in enumerate(islice(sheet.rows(), shape.below), start=1):
        if number <= shape.first:
            continue
        row = row + [""] * (width - len(row)) if len(row) < width else row
        reason = sieve.skip(number, row)
        if reason is None:
            found.first = min(found.first or number, number)
            found.last, found.count = max(found.last, number), found.count + 1
        elif reason == Skip.SECTION and first_copy:
            sections[number] = next(clean(cell) for cell in row if isinstance(cell, str) and not is_blank(cell))
        elif reason != Skip.BLANK:
            why = str(SKIP_WORDS[reason])
            found.reasons[why] += 1
            if len(found.left_out) < _MOST_LEFT_OUT:
                found.left_out.append((number, why))


def _as_header(name: str, paths: Sequence[Path], shape: Shape) -> HeaderMatch:
    """The headings as the sieve knows them, every column being of the list."""
    return HeaderMatch(
        sheet=name,
        header_rows=tuple(row + 1 for row in shape.header),
        data_start=shape.first + 1,
        columns={index: str(index) for index, path in enumerate(paths) if path and not is_serial(path)},
        labels=tuple(paths),
        units={},
        unknown=(),
        repeated=(),
        missing_required=(),
        titles=shape.titles,
        serial_columns=tuple(index for index, path in enumerate(paths) if is_serial(path)),
        score=0.0,
    )


def _clean(path: Path) -> Path:
    return tuple(" ".join(text.split()) for text in path)


def summary(found: Found) -> str:
    """One sentence about a sheet."""
    if found.not_a_list:
        return found.not_a_list
    if found.turned:
        return _("横着放的名单:栏名在第一列,%(count)s 条,自第 %(first)s 列起") % {
            "count": found.count,
            "first": letters(found.first - 1) if found.first else "—",
        }
    rows = "—".join(str(row) for row in dict.fromkeys((found.header_rows[0], found.header_rows[-1])))
    said = _("表头在第 %(rows)s 行,数据 %(count)s 行") % {"rows": rows, "count": found.count}
    if found.abreast:
        said += _(",同一名单并排 %(count)s 份(%(where)s)") % {
            "count": len(found.abreast),
            "where": "、".join(f"{first}—{last}" for first, last in found.abreast),
        }
    return said
