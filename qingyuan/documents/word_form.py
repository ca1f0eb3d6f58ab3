"""The blank Word form of another office: read as paragraphs with gaps and tables, and filled in place.

Only ``word/document.xml`` is changed; styles, headers, pictures and numbering are copied as they came. A gap is a run of
underscores, or underlined blanks, as people leave them to be written on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree

from qingyuan.documents.blank import Annex, BlankForm, Entry, FormCell, FormLine, FormTable
from qingyuan.foundation.office_package import PackageRefused, open_package, xml_text

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = f"{{{WORD}}}"
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
MOST_CELLS: Final = 8_000
MOST_COLUMNS: Final = 60
#: What an underlined blank is taken for while gaps are looked for; no text of a form holds it.
_BLANK: Final = "\ue000"
_GAP: Final = re.compile(f"[_＿{_BLANK}]{{2,}}")


@dataclass(frozen=True)
class _Piece:
    """A ``w:t`` of a paragraph and where its text begins in the paragraph's."""

    node: Any
    start: int
    text: str
    underlined: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read_blank_document(data: bytes, filename: str = "") -> BlankForm:
    """The body from top to bottom. Raises PackageRefused with what to do."""
    package = open_package(data, filename, ".docx")
    blocks: list[FormTable | FormLine] = []
    for key, element in _blocks(package.parse(package.main_part())):
        if element.tag == f"{W}tbl":
            blocks.append(_table(key, element))
        elif line := _line(key, element):
            blocks.append(line)
    form = BlankForm(tuple(blocks))
    if not form.cells:
        raise PackageRefused(_("文件里没有可填的地方:表格的格子、下划线(____)才能绑定,请检查是否选错了文件。"))
    if len(form.cells) > MOST_CELLS:
        raise PackageRefused(_("文件里的格子太多,不像一张报表:请只留要报的部分,另存后再上传。"))
    return form


def fill_document(data: bytes, entries: Mapping[str, Entry], annex: Annex, filename: str = "") -> bytes:
    """``data`` with ``entries`` (by address) written and ``annex`` on a page behind it; equal input gives equal bytes.

    Raises PackageRefused.
    """
    package = open_package(data, filename, ".docx")
    main = package.main_part()
    root = package.parse(main)
    for key, element in list(_blocks(root)):
        wanted = dict(_of_block(entries, key))
        if not wanted:
            continue
        if element.tag == f"{W}tbl":
            for cell, node in _cells(key, element):
                entry = wanted.get(cell.address.split("!", 1)[1])
                if entry is not None:
                    _write_cell(node, entry.text)
        else:
            _write_gaps(element, wanted)
    _append(root, annex)
    package.replace(main, root)
    return package.save()


def _of_block(entries: Mapping[str, Entry], key: str) -> Iterator[tuple[str, Entry]]:
    for address, entry in entries.items():
        block, _mark, place = address.partition("!")
        if block == key:
            yield place, entry


def _blocks(root: Any) -> Iterator[tuple[str, Any]]:
    """Paragraphs ``p1…`` and tables ``t1…`` of the body, in order."""
    body = root.find(f"{W}body")
    paragraphs = tables = 0
    for element in body if body is not None else ():
        if element.tag == f"{W}p":
            paragraphs += 1
            yield f"p{paragraphs}", element
        elif element.tag == f"{W}tbl":
            tables += 1
            yield f"t{tables}", element


# --- tables --------------------------------------------------------------------------------------------------------------
def _table(key: str, element: Any) -> FormTable:
    cells = [cell for cell, _node in _cells(key, element)]
    rows = max((cell.row + cell.rowspan for cell in cells), default=0)
    columns = max((cell.column + cell.colspan for cell in cells), default=0)
    if columns > MOST_COLUMNS or len(cells) > MOST_CELLS:
        raise PackageRefused(_("文件里的格子太多,不像一张报表:请只留要报的部分,另存后再上传。"))
    by_row = tuple(tuple(cell for cell in cells if cell.row == row) for row in range(rows))
    return FormTable(key, "", by_row, columns)


def _cells(key: str, table: Any) -> list[tuple[FormCell, Any]]:
    """Cells that begin somewhere, each with its ``w:tc``; continued ones lengthen the cell above."""
    found: list[tuple[FormCell, Any]] = []
    open_above: dict[int, int] = {}  # column → index in found of the merged cell that runs down through it
    for row, tr in enumerate(table.iterfind(f"{W}tr")):
        column = _number(tr.find(f"{W}trPr/{W}gridBefore"), 0)
        for tc in tr.iterfind(f"{W}tc"):
            span = max(_number(tc.find(f"{W}tcPr/{W}gridSpan"), 1), 1)
            if column + span > MOST_COLUMNS:
                raise PackageRefused(_("文件里的格子太多,不像一张报表:请只留要报的部分,另存后再上传。"))
            merge = tc.find(f"{W}tcPr/{W}vMerge")
            above = open_above.get(column)
            if merge is not None and merge.get(f"{W}val", "continue") == "continue" and above is not None:
                cell, node = found[above]
                found[above] = (_taller(cell, row - cell.row + 1), node)
            else:
                address = f"{key}!R{row + 1}C{column + 1}"
                found.append((FormCell(address, _text(tc), row, column, 1, span), tc))
                open_above.pop(column, None)
                if merge is not None:
                    open_above[column] = len(found) - 1
            column += span
    return found


def _taller(cell: FormCell, rows: int) -> FormCell:
    return FormCell(cell.address, cell.text, cell.row, cell.column, rows, cell.colspan)


def _number(element: Any, default: int) -> int:
    text = element.get(f"{W}val", "") if element is not None else ""
    return int(text) if text.isdigit() and len(text) < 4 else default


def _write_cell(tc: Any, text: str) -> None:
    """The words in the cell's first run, in its own face; what stood there goes."""
    paragraphs = tc.findall(f"{W}p")
    first = paragraphs[0] if paragraphs else etree.SubElement(tc, f"{W}p")
    runs = [run for paragraph in paragraphs for run in paragraph.iterfind(f"{W}r")]
    face = next((run.find(f"{W}rPr") for run in runs if run.find(f"{W}rPr") is not None), None)
    if face is None:
        face = first.find(f"{W}pPr/{W}rPr")
    for run in runs:
        run.getparent().remove(run)
    made = etree.SubElement(first, f"{W}r")
    if face is not None:
        made.append(deepcopy(face))
    _text_node(made, text)


# --- lines ---------------------------------------------------------------------------------------------------------------
def _line(key: str, paragraph: Any) -> FormLine | None:
    """None for an empty paragraph."""
    pieces = _pieces(paragraph)
    shown = "".join(piece.text for piece in pieces)
    if not shown.strip():
        return None
    found: list[str | FormCell] = []
    at = 0
    for number, gap in enumerate(_GAP.finditer(_shadow(pieces)), start=1):
        found += [shown[at : gap.start()], FormCell(f"{key}!{number}", shown[gap.start() : gap.end()].strip())]
        at = gap.end()
    return FormLine(key, (*found, shown[at:]))


def _pieces(paragraph: Any) -> list[_Piece]:
    found, start = [], 0
    for run in paragraph.iterfind(f"{W}r"):
        line = run.find(f"{W}rPr/{W}u")
        underlined = line is not None and line.get(f"{W}val", "single") != "none"
        for node in run.iterfind(f"{W}t"):
            text = node.text or ""
            found.append(_Piece(node, start, text, underlined))
            start += len(text)
    return found


def _shadow(pieces: list[_Piece]) -> str:
    """The text with underlined blanks made visible to the pattern."""
    return "".join(
        "".join(_BLANK if sign.isspace() else sign for sign in piece.text) if piece.underlined else piece.text
        for piece in pieces
    )


def _write_gaps(paragraph: Any, wanted: Mapping[str, Entry]) -> None:
    pieces = _pieces(paragraph)
    edits = [
        (gap.start(), gap.end(), wanted[str(number)].text)
        for number, gap in enumerate(_GAP.finditer(_shadow(pieces)), start=1)
        if str(number) in wanted
    ]
    # From the end, so that the places before stay where they are.
    for start, end, text in reversed(edits):
        for piece in pieces:
            if piece.end <= start or piece.start >= end:
                continue
            kept = piece.node.text or ""
            left, right = kept[: max(start - piece.start, 0)], kept[end - piece.start :] if end < piece.end else ""
            piece.node.text = left + (xml_text(text) if piece.start <= start < piece.end else "") + right
            piece.node.set(_XML_SPACE, "preserve")


def _text(element: Any) -> str:
    lines = ["".join(node.text or "" for node in paragraph.iter(f"{W}t")) for paragraph in element.iterfind(f"{W}p")]
    return "\n".join(line for line in lines if line.strip()).strip()


def _text_node(run: Any, text: str) -> None:
    node = etree.SubElement(run, f"{W}t")
    node.text = xml_text(text)
    node.set(_XML_SPACE, "preserve")


# --- the page of sources ------------------------------------------------------------------------------------------------
def _append(root: Any, annex: Annex) -> None:
    body = root.find(f"{W}body")
    last = body.find(f"{W}sectPr")
    made = [_page_break(), _paragraph(annex.title, bold=True), *(_paragraph(note) for note in annex.notes)]
    for table in annex.tables:
        if table.title:
            made += [_paragraph(""), _paragraph(table.title, bold=True)]
        made.append(_annex_table(table.header, table.rows))
    # A body may not end with a table.
    made.append(_paragraph(""))
    for element in made:
        body.append(element) if last is None else last.addprevious(element)


def _element(tag: str, **attributes: str) -> Any:
    made = etree.Element(f"{W}{tag}")
    for name, value in attributes.items():
        made.set(f"{W}{name}", value)
    return made


def _page_break() -> Any:
    paragraph, run = _element("p"), _element("r")
    run.append(_element("br", type="page"))
    paragraph.append(run)
    return paragraph


def _paragraph(text: str, *, bold: bool = False, small: bool = False) -> Any:
    paragraph, run, face = _element("p"), _element("r"), _element("rPr")
    if small:
        properties = _element("pPr")
        properties.append(_element("spacing", before="20", after="20", line="240", lineRule="auto"))
        paragraph.append(properties)
    if bold:
        face.append(_element("b"))
    if small:
        face.append(_element("sz", val="16"))
    run.append(face)
    _text_node(run, text)
    paragraph.append(run)
    return paragraph


def _annex_table(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Any:
    table, properties = _element("tbl"), _element("tblPr")
    properties.append(_element("tblW", w="5000", type="pct"))
    borders = _element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(side, val="single", sz="4", space="0", color="808080"))
    properties.append(borders)
    table.append(properties)
    grid = _element("tblGrid")
    for _column in header:
        grid.append(_element("gridCol", w=str(9000 // max(len(header), 1))))
    table.append(grid)
    for number, line in enumerate((header, *rows)):
        row = _element("tr")
        if number == 0:
            repeated = _element("trPr")
            repeated.append(_element("tblHeader"))
            row.append(repeated)
        for text in line:
            cell = _element("tc")
            cell.append(_paragraph(text, bold=number == 0, small=True))
            row.append(cell)
        table.append(row)
    return table
