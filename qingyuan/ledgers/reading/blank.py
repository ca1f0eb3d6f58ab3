"""The blank workbook of another office, read as it looks: cells, merges, formulas, number formats."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.documents.blank import BlankForm, FormCell, FormTable
from qingyuan.foundation.office_package import FORM_LIMITS, OFFICE, Package, PackageRefused, damaged, open_package
from qingyuan.ledgers.reading.package import Limits, check_package
from qingyuan.ledgers.reading.text import letters
from qingyuan.ledgers.reading.unreadable import UnreadableFile

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS: Final = f"{{{MAIN}}}"
MOST_ROWS: Final = 400
MOST_COLUMNS: Final = 80
MOST_CELLS: Final = 12_000
#: Cells that the reading library's check may lay out; a form is small.
AREA: Final = 4_000_000
#: Blank cells may be many where whole rows carry a format; more than this is no form.
MOST_STYLED: Final = 300_000
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_IN_FORMULA: Final = re.compile(r"(?<![A-Za-z0-9_.])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![A-Za-z0-9_(])")
_PERCENT_FORMATS: Final = frozenset({9, 10})
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of the workbook: its number from 1, its name and the part it stands in."""

    number: int
    name: str
    part: str


@dataclass(frozen=True)
class _Styles:
    percent: frozenset[int]
    bordered: frozenset[int]


def open_form(data: bytes, filename: str = "") -> Package:
    """The package of an .xlsx, with every check an import makes. Raises PackageRefused."""
    package = open_package(data, filename, ".xlsx")
    limits = Limits(file=FORM_LIMITS.file, unpacked=FORM_LIMITS.unpacked, entries=FORM_LIMITS.entries, area=AREA)
    try:
        check_package(io.BytesIO(data), len(data), limits)
    except UnreadableFile as error:
        raise PackageRefused(str(error)) from error
    return package


def read_blank_workbook(data: bytes, filename: str = "") -> BlankForm:
    """Every visible worksheet as a table. Raises PackageRefused with what to do."""
    package = open_form(data, filename)
    try:
        tables = _tables(package)
    except ValueError as error:
        if isinstance(error, PackageRefused):
            raise
        raise damaged() from error  # a number that is none, where the format wants one
    if not tables:
        raise PackageRefused(_("工作簿里没有可填的表:请检查是否选错了文件。"))
    if sum(len(row) for table in tables for row in table.rows) > MOST_CELLS:
        raise PackageRefused(_("表里的格子太多,不像一张报表:请只留要报的那张表,另存后再上传。"))
    return BlankForm(tuple(tables))


def _tables(package: Package) -> list[FormTable]:
    texts, styles = _shared_texts(package), _styles(package)
    found = [_table(sheet, package.parse(sheet.part), texts, styles) for sheet in visible_sheets(package)]
    return [table for table in found if table.rows]


def sheets(package: Package) -> list[tuple[SheetPart, bool]]:
    """Worksheets in the workbook's order, each with whether it is visible."""
    main = package.main_part()
    parts = package.relations(main)
    found = []
    for number, one in enumerate(package.parse(main).iterfind(f"{NS}sheets/{NS}sheet"), start=1):
        part = parts.get(one.get(f"{{{OFFICE}}}id", ""), "")
        if part in package and "worksheets/" in part:
            seen = one.get("state", "visible") == "visible"
            found.append((SheetPart(number, one.get("name", ""), part), seen))
    return found


def visible_sheets(package: Package) -> list[SheetPart]:
    return [sheet for sheet, seen in sheets(package) if seen]


def position(reference: str) -> tuple[int, int]:
    """``C7`` → row 6, column 2. Raises PackageRefused for what is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise PackageRefused(_("表里有读不懂的单元格位置“%(cell)s”。") % {"cell": reference[:12]})
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def reference(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def _table(sheet: SheetPart, root: Any, texts: list[str], styles: _Styles) -> FormTable:
    merges = _merges(root)
    covered = {
        (row, column)
        for top, left, bottom, right in merges.values()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(merges)
    cells: dict[tuple[int, int], FormCell] = {}
    bordered: set[tuple[int, int]] = set()
    shared: dict[str, tuple[tuple[int, int], str]] = {}  # number → where its first cell stands, its text
    for element in root.iterfind(f"{NS}sheetData/{NS}row/{NS}c"):
        if len(cells) > MOST_STYLED:
            raise _too_wide(sheet.name)
        place = position(element.get("r", ""))
        style = int(element.get("s", "0"))
        if style in styles.bordered:
            bordered.add(place)
        formula = element.find(f"{NS}f")
        if formula is not None and formula.get("t") == "shared" and formula.get("ref"):
            shared[formula.get("si", "")] = (place, formula.text or "")
        cells[place] = FormCell(
            address=f"{sheet.number}!{reference(*place)}",
            text=_text(element, texts),
            row=place[0],
            column=place[1],
            formula=_formula_words(formula, place, shared),
            fixed=_why_fixed(formula),
            percent=style in styles.percent,
        )
    rows, columns = _extent(cells, merges, bordered)
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise _too_wide(sheet.name)
    return FormTable(
        key=str(sheet.number),
        title=sheet.name,
        rows=tuple(
            tuple(
                _placed(cells.get((row, column)), sheet, row, column, merges)
                for column in range(columns)
                if (row, column) not in covered
            )
            for row in range(rows)
        ),
        columns=columns,
    )


def _too_wide(name: str) -> PackageRefused:
    what = _("工作表“%(name)s”超过 %(rows)d 行或 %(columns)d 列,不像一张报表:请只留要报的部分,另存后再上传。")
    return PackageRefused(what % {"name": name[:31], "rows": MOST_ROWS, "columns": MOST_COLUMNS})


def _placed(
    cell: FormCell | None, sheet: SheetPart, row: int, column: int, merges: Mapping[tuple[int, int], tuple[int, ...]]
) -> FormCell:
    made = cell or FormCell(f"{sheet.number}!{reference(row, column)}", "", row, column)
    span = merges.get((row, column))
    if span is None:
        return made
    return FormCell(
        made.address, made.text, row, column, span[2] - row + 1, span[3] - column + 1,
        made.formula, made.fixed, made.percent,
    )  # fmt: skip


def _extent(
    cells: dict[tuple[int, int], FormCell],
    merges: Mapping[tuple[int, int], tuple[int, ...]],
    bordered: set[tuple[int, int]],
) -> tuple[int, int]:
    """Rows and columns that hold something: words, a formula, a merge, or a box drawn to be filled."""
    ends = [(row + 1, column + 1) for (row, column), cell in cells.items() if cell.text or cell.formula]
    ends += [(bottom + 1, right + 1) for _top, _left, bottom, right in merges.values()]
    boxes = [(row + 1, column + 1) for row, column in bordered]
    whole = [*ends, *boxes]
    # Borders drawn down to row 1000 are no form: then only what has words counts.
    if whole and (max(r for r, _c in whole) > MOST_ROWS or max(c for _r, c in whole) > MOST_COLUMNS):
        whole = ends
    return max((r for r, _c in whole), default=0), max((c for _r, c in whole), default=0)


def _merges(root: Any) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    found: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    area = 0
    for one in root.iterfind(f"{NS}mergeCells/{NS}mergeCell"):
        first, _colon, last = one.get("ref", "").partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        area += (bottom - top + 1) * (right - left + 1)
        if area > 4 * MOST_CELLS:
            raise PackageRefused(_("表里有一个合并了太多格子的单元格(%(cell)s):请取消多余的合并后再上传。") % {"cell": first})
        found[top, left] = (top, left, bottom, right)
    return found


def _text(element: Any, texts: list[str]) -> str:
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return "".join(one.text or "" for one in element.iterfind(f"{NS}is//{NS}t")).strip()
    value = element.findtext(f"{NS}v") or ""
    if element.find(f"{NS}f") is not None:
        return ""
    if kind == "s" and value.isdigit() and int(value) < len(texts):
        return texts[int(value)].strip()
    return value.strip()


def _formula_words(formula: Any, place: tuple[int, int], shared: dict[str, tuple[tuple[int, int], str]]) -> str:
    """``=SUM(C5:C9)``; a formula that is written once for several cells is told as it holds here."""
    if formula is None:
        return ""
    if formula.text or formula.get("t") != "shared":
        return f"={formula.text or ''}"
    first, text = shared.get(formula.get("si", ""), (place, ""))
    down, right = place[0] - first[0], place[1] - first[1]

    def moved(match: re.Match[str]) -> str:
        row, column = position(f"{match[2]}{match[4]}")
        row, column = (row if match[3] else row + down), (column if match[1] else column + right)
        return f"{match[1]}{letters(column)}{match[3]}{row + 1}" if row >= 0 and column >= 0 else match[0]

    return "=" + _IN_FORMULA.sub(moved, text)


def _why_fixed(formula: Any) -> str:
    """A formula that carries others (the first of a shared one, an array) cannot be taken away alone."""
    if formula is not None and (formula.get("t") in {"array", "dataTable"} or formula.get("ref")):
        return _("这一格的公式带着别的格,不能改成填数")
    return ""


def _shared_texts(package: Package) -> list[str]:
    name = next((name for name in package.names if name.lower() == "xl/sharedstrings.xml"), "")
    if not name:
        return []
    found = []
    for item in package.parse(name).iterfind(f"{NS}si"):
        # Readings of characters (rPh) are no text of the cell.
        runs = [*item.iterfind(f"{NS}t"), *item.iterfind(f"{NS}r/{NS}t")]
        found.append("".join(run.text or "" for run in runs))
    return found


def _styles(package: Package) -> _Styles:
    name = next((name for name in package.names if name.lower() == "xl/styles.xml"), "")
    if not name:
        return _Styles(frozenset(), frozenset())
    root = package.parse(name)
    formats = {
        int(one.get("numFmtId", "0"))
        for one in root.iterfind(f"{NS}numFmts/{NS}numFmt")
        if "%" in _QUOTED.sub("", one.get("formatCode", ""))
    } | _PERCENT_FORMATS
    drawn = {
        number
        for number, border in enumerate(root.iterfind(f"{NS}borders/{NS}border"))
        if any(side.get("style") not in (None, "none") for side in border)
    }
    percent, bordered = set(), set()
    for number, xf in enumerate(root.iterfind(f"{NS}cellXfs/{NS}xf")):
        if int(xf.get("numFmtId", "0")) in formats:
            percent.add(number)
        if int(xf.get("borderId", "0")) in drawn:
            bordered.add(number)
    return _Styles(frozenset(percent), frozenset(bordered))
