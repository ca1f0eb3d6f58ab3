"""Where the table of a ledger begins in a sheet and which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.blocks import Block, side_by_side
from qingyuan.ledgers.reading.levels import MOST_LEVELS, Grid, Path, shown
from qingyuan.ledgers.reading.numbers import mass_unit
from qingyuan.ledgers.reading.open import Sheet, Workbook
from qingyuan.ledgers.reading.parts import Turned
from qingyuan.ledgers.reading.shape import JUDGED_ROWS, Layout, shape_of
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import clean, key

SEARCHED_ROWS: Final = 60
SERIAL_HEADERS: Final = frozenset({"序号", "编号序号", "行号", "no", "顺序号", "项次", "#"})
ROW_HEADER: Final = "原行号"
REASON_HEADER: Final = "问题说明"
RECORD_HEADER: Final = "清源记录号"
"""The hidden last column of our own exports: which row a line is. No office has a column of that name."""
RETURNED_HEADERS: Final = frozenset({ROW_HEADER, REASON_HEADER, RECORD_HEADER})
"""Columns that only our own workbooks have; they are no column of any ledger. Of these only the record number is read."""

_LEVEL_COST: Final = 0.1
_DATA_COST: Final = 0.3
_SAME_LIST: Final = 0.75
"""Sheets with at least this share of columns in common hold the same list."""
_TOP_ENDING = re.compile(r"(情况|信息|内容|记录|登记|栏|部分)$")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_TRAILING_UNIT = re.compile(r"[/_:]([^/_:()]{1,3})$")
_SHEET_UNIT = re.compile(r"单位[::]\s*([^\s,,;;))]{1,3})")


@dataclass(frozen=True)
class HeaderMatch:
    """A header found. Rows count from 1 as Excel shows them, columns from 0.

    ``columns``: index to column name; ``labels``: every column's own text; ``units``: units of mass named by headers;
    ``unknown``: headers no column claimed; ``repeated``: headers that name a column already found;
    ``missing_required``: names of required columns; ``titles``: texts above the header. Of a list printed several times
    abreast, columns and labels are those of the first copy and ``blocks`` all copies; of a ``turned`` list, rows and
    columns are exchanged throughout. ``record``: where the numbers of an export's rows stand.
    """

    sheet: str
    header_rows: tuple[int, ...]
    data_start: int
    columns: Mapping[int, str]
    labels: tuple[Path, ...]
    units: Mapping[str, str]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    missing_required: tuple[str, ...]
    titles: tuple[str, ...]
    serial_columns: tuple[int, ...]
    score: float
    fit: float = field(default=0.0)
    blocks: tuple[Block, ...] = ()
    turned: bool = False
    record: int | None = None

    def label_of(self, name: str) -> str:
        """The header text of a column in this file."""
        return next((shown(self.labels[index]) for index, found in self.columns.items() if found == name), "")


_Sides: TypeAlias = dict[str, Turned | None]
"""Sheets already looked at from their side, by name; None for one that does not lie on it."""


class LedgerGuess(NamedTuple):
    """``fit`` from 0 to 1: how much of the file the ledger explains and how much of the ledger the file holds."""

    code: str
    header: HeaderMatch
    fit: float


class _Claim(NamedTuple):
    weight: float
    at: int
    name: str
    unit: str


class Vocabulary:
    """The headers of a ledger under comparable keys: the header itself counts more than an alias."""

    def __init__(self, columns: Sequence[ColumnSpec]) -> None:
        self.columns = tuple(columns)
        self.kinds = {column.name: column.kind for column in columns}
        self._names: dict[str, list[tuple[str, float]]] = {}
        for column in columns:
            self._add(column.name, column.header, 1.0)
            for alias in column.aliases:
                self._add(column.name, alias, 0.9)

    def _add(self, name: str, text: str, weight: float) -> None:
        self._names.setdefault(key(text), []).append((name, weight))
        bare = _BRACKETED.sub("", key(text))
        if bare != key(text) and bare:
            self._names.setdefault(bare, []).append((name, weight * 0.9))

    def claims(self, index: int, path: Path) -> Iterator[_Claim]:
        """The columns a header text may stand for, with their weights."""
        if not path:
            return
        for wording, share in _wordings(path):
            for text, unit, certainty in _readings(key(wording)):
                for name, weight in self._names.get(text, ()):
                    yield _Claim(weight * share * certainty, index, name, unit)


def find_header(sheet: Sheet, columns: Sequence[ColumnSpec]) -> HeaderMatch | None:
    """The best header in the first rows of a sheet; None when fewer than two of the columns are named there."""
    return _header_of(sheet, Vocabulary(columns), {})


def find_headers(workbook: Workbook, columns: Sequence[ColumnSpec]) -> tuple[HeaderMatch, ...]:
    """Headers of all visible sheets, best first; of equal ones the sheet with more rows comes first."""
    return _found_headers(workbook, columns, {})


def _found_headers(workbook: Workbook, columns: Sequence[ColumnSpec], sides: _Sides) -> tuple[HeaderMatch, ...]:
    vocabulary = Vocabulary(columns)
    found: list[tuple[HeaderMatch, int]] = []
    for sheet in _searched(workbook):
        header = _header_of(sheet, vocabulary, sides)
        if header is not None:
            found.append((header, sheet.row_count))
    found.sort(key=lambda each: (-round(each[0].score, 6), -each[1]))
    return tuple(header for header, _rows in found)


def guess_ledger(workbook: Workbook, ledgers: Mapping[str, Sequence[ColumnSpec]]) -> tuple[LedgerGuess, ...]:
    """Which ledger a file is of, best first; ledgers it cannot be of are left out."""
    guesses = []
    sides: _Sides = {}
    for code, columns in ledgers.items():
        headers = _found_headers(workbook, columns, sides)
        if headers:
            best = max(headers, key=lambda header: header.fit)
            guesses.append(LedgerGuess(code, best, best.fit))
    return tuple(sorted(guesses, key=lambda guess: (-guess.fit, -guess.header.score)))


def is_serial(path: Path) -> bool:
    return bool(path) and key(path[-1]) in SERIAL_HEADERS


def _searched(workbook: Workbook) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in workbook.sheets if not sheet.hidden) or workbook.sheets


def together(workbook: Workbook, headers: Sequence[HeaderMatch]) -> tuple[tuple[HeaderMatch, ...], tuple[str, ...]]:
    """Of the headers found, those of the same list as the first (a sheet a month, a sheet a village), in the order of the
    workbook; and the names of the sheets that only resemble it. Sheets of our own exports must have the same columns."""
    best = headers[0]
    names = set(best.columns.values())
    alike = {best.sheet: best}
    for header in headers[1:]:
        found = set(header.columns.values())
        same = len(found & names) >= _SAME_LIST * len(found | names)
        if header.record is not None or best.record is not None:
            same = found == names and (header.record is None) == (best.record is None)
        if same and set(header.missing_required) <= set(best.missing_required) and header.units == best.units:
            alike[header.sheet] = header
    order = [sheet.name for sheet in workbook.sheets]
    others = [header.sheet for header in headers if header.sheet not in alike]
    return tuple(alike[name] for name in order if name in alike), tuple(name for name in order if name in others)


def _header_of(sheet: Sheet, vocabulary: Vocabulary, sides: _Sides) -> HeaderMatch | None:
    header = _best_header(sheet.name, Grid(sheet.head(SEARCHED_ROWS), sheet.merged), vocabulary)
    return header or _turned_header(sheet, vocabulary, sides)


def _turned_header(sheet: Sheet, vocabulary: Vocabulary, sides: _Sides) -> HeaderMatch | None:
    """The header of a list that lies on its side. Taken only when it names every required column: a form with label and
    value side by side is none."""
    if sheet.name not in sides:
        lies = sheet.row_count <= JUDGED_ROWS and shape_of(sheet).layout == Layout.TURNED
        sides[sheet.name] = Turned(sheet) if lies else None
    turned = sides[sheet.name]
    if turned is None:
        return None
    header = _best_header(sheet.name, Grid(turned.head(SEARCHED_ROWS), turned.merged), vocabulary)
    return replace(header, turned=True) if header and not header.missing_required else None


def _best_header(name: str, grid: Grid, vocabulary: Vocabulary) -> HeaderMatch | None:
    best: HeaderMatch | None = None
    least = min(2, len(vocabulary.columns))
    for start in range(len(grid.rows)):
        if grid.blank(start):
            continue
        for depth in range(1, min(MOST_LEVELS, len(grid.rows) - start) + 1):
            if depth > 1 and grid.blank(start + depth - 1):
                break
            header = _read_block(name, grid, start, depth, vocabulary)
            if len(header.columns) >= least and (best is None or header.score > best.score + 1e-9):
                best = header
    return _whole_header(grid, best, vocabulary) if best else None


def _whole_header(grid: Grid, header: HeaderMatch, vocabulary: Vocabulary) -> HeaderMatch:
    """The header with all its levels: one level alone may name every column, but cells merged down into it or out of
    it show that more rows belong to it."""
    start, end = header.header_rows[0] - 1, header.data_start - 1
    top, bottom = grid.reach(start, end - 1)
    if (top, bottom + 1) == (start, end) or bottom + 1 - top > MOST_LEVELS:
        return header
    whole = _read_block(header.sheet, grid, top, bottom + 1 - top, vocabulary)
    if len(whole.columns) >= len(header.columns):
        return whole
    return replace(header, header_rows=whole.header_rows, data_start=whole.data_start, titles=whole.titles)


def _read_block(name: str, grid: Grid, start: int, depth: int, vocabulary: Vocabulary) -> HeaderMatch:
    paths = grid.paths(start, depth)
    blocks = side_by_side(paths)
    paths = paths[: blocks[0][-1] + 1] if blocks else paths
    claims = [claim for index, path in enumerate(paths) for claim in vocabulary.claims(index, path)]
    taken: dict[int, _Claim] = {}
    names: set[str] = set()
    repeated: dict[int, str] = {}
    for claim in sorted(claims, key=lambda each: (-each.weight, each.at)):
        if claim.at in taken:
            continue
        if claim.name in names:
            repeated.setdefault(claim.at, shown(paths[claim.at]))
            continue
        taken[claim.at] = claim
        names.add(claim.name)
    typed_data = sum(not isinstance(cell, str) for row in grid.rows[start : start + depth] for cell in row)
    score = sum(claim.weight for claim in taken.values()) - _LEVEL_COST * (depth - 1) - _DATA_COST * typed_data
    end = start + depth
    while end < len(grid.rows) and grid.continues(end):
        end += 1
    serial = tuple(index for index, path in enumerate(paths) if index not in taken and is_serial(path))
    ignored = {*taken, *serial, *repeated}
    record = record_place(paths)
    labelled = [index for index, path in enumerate(paths) if path and index not in serial and index != record]
    required = [column.name for column in vocabulary.columns if column.required]
    missing = tuple(name for name in required if name not in names)
    titles = tuple(text for row in range(start) if (text := _line(grid, row)))
    return HeaderMatch(
        sheet=name,
        header_rows=tuple(range(start + 1, end + 1)),
        data_start=end + 1,
        columns={index: taken[index].name for index in sorted(taken)},
        labels=tuple(paths),
        units=_units(taken, vocabulary, titles),
        unknown=tuple(
            shown(paths[index]) for index in labelled if index not in ignored and not _returned(paths[index])
        ),
        repeated=tuple(text for index, text in sorted(repeated.items()) if index not in taken),
        missing_required=missing,
        titles=titles,
        serial_columns=serial,
        score=score,
        fit=_fit(len(taken), len(labelled), len(required) - len(missing), len(required)),
        blocks=blocks,
        record=record,
    )


def record_place(paths: Sequence[Path]) -> int | None:
    """Where the record numbers of one of our own exports stand; None in any other file."""
    return next((index for index, path in enumerate(paths) if path and key(path[-1]) == RECORD_HEADER), None)


def _wordings(path: Path) -> list[tuple[str, float]]:
    """The texts a path may be read as, each with its share; two levels may also be written in one cell: 检测/日期."""
    if len(path) > 1:
        return _joined(path)
    levels = _BRACKETED.sub("", path[0].replace("(", "(").replace(")", ")")).split("/")
    return [(path[0], 1.0)] + ([("".join(levels), 0.95), (levels[-1], 0.8)] if len(levels) > 1 else [])


def _joined(path: Path) -> list[tuple[str, float]]:
    """Levels read together: 检测情况 over 日期 may be the column 检测情况日期, 检测日期 or just 日期."""
    *tops, last = path
    ways = {"".join(path): 1.0}
    for top in reversed(tops):
        ways.setdefault(top + last, 0.97)
        ways.setdefault(_TOP_ENDING.sub("", clean(top)) + last, 0.95)
    ways.setdefault(last, 0.8)
    return list(ways.items())


def _readings(text: str) -> Iterator[tuple[str, str, float]]:
    """A header key as it stands, then without its brackets or trailing unit: 重量(克), 重量/克."""
    inside = _BRACKETED.findall(text)
    unit = next((found for part in inside if (found := mass_unit(part))), "")
    yield text, unit, 1.0
    bare = _BRACKETED.sub("", text)
    if bare and bare != text:
        yield bare, unit, 0.95
    trailing = _TRAILING_UNIT.search(text)
    if trailing and mass_unit(trailing.group(1)):
        yield text[: trailing.start()], mass_unit(trailing.group(1)), 0.95


def _units(taken: Mapping[int, _Claim], vocabulary: Vocabulary, titles: Sequence[str]) -> dict[str, str]:
    """Units per quantity column: from its own header, else from a line such as 单位:克 above the table."""
    above = next((unit for title in titles for part in _SHEET_UNIT.findall(title) if (unit := mass_unit(part))), "")
    masses = [claim for claim in taken.values() if vocabulary.kinds[claim.name] == Kind.QUANTITY]
    return {claim.name: claim.unit or above for claim in masses if claim.unit or above}


def _returned(path: Path) -> bool:
    return key(path[-1]) in RETURNED_HEADERS


def _line(grid: Grid, row: int) -> str:
    texts = [cell for column, cell in enumerate(grid.rows[row]) if isinstance(cell, str) and cell.strip()]
    return " ".join(" ".join(text.split()) for text in texts)


def _fit(found: int, labelled: int, required_found: int, required: int) -> float:
    explained = found / labelled if labelled else 0.0
    complete = required_found / required if required else 1.0
    return round((explained + complete) / 2, 4)
