"""Blocks of the body in Word."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt

from qingyuan.documents import sheet, word_styles
from qingyuan.documents.model import (
    Align,
    Block,
    Heading,
    KeyValue,
    PageBreak,
    Paragraph,
    Party,
    Run,
    RunStyle,
    SignatureBlock,
    SignLine,
    Table,
)
from qingyuan.documents.numbering import HeadingCounter
from qingyuan.documents.view import header_texts, kept_with_next, sign_date, table_size
from qingyuan.documents.word_xml import cell_margins, element, exact, hint_chinese, set_faces, table_rules

ALIGNMENTS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_KEY_SHARE = 0.28
_RULE = 4  # half a point
_NOTE_PITCH_PT = 15.0
_SPACER_PT = 6.0
_SIGN_GAP_MM = 10.0


def add_blocks(document: Document, blocks: tuple[Block, ...], *, signed: bool = False) -> None:
    """Append blocks; `signed` says that a signature follows them."""
    counter = HeadingCounter()
    kept = kept_with_next(blocks, signed=signed)
    for place, block in enumerate(blocks):
        match block:
            case Paragraph():
                _paragraph(document, block, keep=place in kept)
            case Heading():
                _heading(document, block, counter.label_of(block))
            case Table():
                _table(document, block)
            case KeyValue():
                _pairs(document, block)
            case SignatureBlock():
                _signatures(document, block)
            case PageBreak():
                document.add_paragraph(style=word_styles.FLUSH).add_run().add_break(WD_BREAK.PAGE)


def add_text(paragraph: Any, text: str, face: str = "") -> Any:
    """A run of text; line breaks in it stay line breaks."""
    run = paragraph.add_run(text)
    if face:
        set_faces(run._r.get_or_add_rPr(), face)
    hint_chinese(run)
    return run


def _add_runs(paragraph: Any, runs: tuple[Run, ...]) -> None:
    faces = {RunStyle.HEI: sheet.FACE_HEI, RunStyle.KAI: sheet.FACE_KAI}
    for one in runs:
        run = add_text(paragraph, one.text, faces.get(one.style, ""))
        run.underline = one.style is RunStyle.UNDERLINE or None


def _paragraph(document: Document, block: Paragraph, *, keep: bool) -> None:
    indented = block.indent and block.align in (Align.LEFT, Align.JUSTIFY)
    paragraph = document.add_paragraph(style=word_styles.BODY if indented else word_styles.FLUSH)
    paragraph.alignment = ALIGNMENTS[block.align]
    paragraph.paragraph_format.keep_with_next = keep or None
    paragraph.paragraph_format.keep_together = keep or None
    _add_runs(paragraph, block.runs)


def _heading(document: Document, block: Heading, label: str) -> None:
    if not block.follows:
        add_text(document.add_paragraph(style=f"Heading {block.level}"), label + block.text)
        return
    paragraph = document.add_paragraph(style=word_styles.BODY)
    faces = {1: sheet.FACE_HEI, 2: sheet.FACE_KAI}
    add_text(paragraph, label + block.text, faces.get(block.level, ""))
    _add_runs(paragraph, block.follows)


def new_table(parent: Any, rows: int, widths_mm: tuple[float, ...], **rules: int) -> Any:
    """A table of fixed column widths in millimetres."""
    table = parent.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table_rules(table, **rules)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return table


def _boxed(document: Document, rows: int, shares: tuple[float, ...]) -> Any:
    """A ruled table, a little below what stands before it."""
    _spacer(document).paragraph_format.keep_with_next = True
    table = new_table(
        document, rows, tuple(share * sheet.TEXT_WIDTH_MM for share in shares),
        top=_RULE, left=_RULE, bottom=_RULE, right=_RULE, insideH=_RULE, insideV=_RULE,
    )  # fmt: skip
    cell_margins(table, x_pt=sheet.CELL_INSET_PT, y_pt=1.5)
    return table


def _cell(cell: Any, text: str, *, size: float, align: Align, face: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = word_styles.CELL, ALIGNMENTS[align]
    exact(paragraph.paragraph_format, size * 1.42)
    add_text(paragraph, text, face).font.size = Pt(size)


def _table(document: Document, block: Table) -> None:
    size = table_size(block)
    if block.caption:
        caption = document.add_paragraph(style=word_styles.CELL)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(_SPACER_PT)
        add_text(caption, block.caption, sheet.FACE_HEI).font.size = Pt(size)
    table = _boxed(document, 1 + len(block.rows), block.shares())
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    for cell, header in zip(table.rows[0].cells, header_texts(block), strict=True):
        _cell(cell, header, size=size, align=Align.CENTER, face=sheet.FACE_HEI)
    for row, values in zip(list(table.rows)[1:], block.rows, strict=True):
        for cell, value, align in zip(row.cells, values, block.alignments(), strict=True):
            _cell(cell, value, size=size, align=align)
    if block.note:
        _hold(table.rows[-1])
    _after_table(document, f"注：{block.note}" if block.note else "")


def _hold(row: Any) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _spacer(document: Document) -> Any:
    paragraph = document.add_paragraph(style=word_styles.CELL)
    exact(paragraph.paragraph_format, _SPACER_PT)
    return paragraph


def _after_table(document: Document, note: str) -> None:
    """The note of a table, and the gap that keeps two tables from running into one."""
    if note:
        paragraph = document.add_paragraph(style=word_styles.CELL)
        layout = paragraph.paragraph_format
        exact(layout, _NOTE_PITCH_PT)
        layout.left_indent, layout.first_line_indent = Pt(2 * sheet.NOTE_PT), Pt(-2 * sheet.NOTE_PT)
        layout.space_before, layout.keep_together = Pt(3), True
        add_text(paragraph, note).font.size = Pt(sheet.NOTE_PT)
    _spacer(document)


def _pairs(document: Document, block: KeyValue) -> None:
    if not block.boxed:
        for name, value in block.pairs:
            paragraph = document.add_paragraph(style=word_styles.BODY)
            add_text(paragraph, f"{name}：", sheet.FACE_HEI)
            add_text(paragraph, value)
        return
    table = _boxed(document, len(block.pairs), (_KEY_SHARE, 1 - _KEY_SHARE))
    for row, (name, value) in zip(table.rows, block.pairs, strict=True):
        _cell(row.cells[0], name, size=sheet.TABLE_PT, align=Align.CENTER, face=sheet.FACE_HEI)
        _cell(row.cells[1], value, size=sheet.TABLE_PT, align=Align.LEFT)
    _after_table(document, "")


def _signatures(document: Document, block: SignatureBlock) -> None:
    lead = document.add_paragraph(style=word_styles.BODY) if block.lead else _spacer(document)
    add_text(lead, block.lead)
    lead.paragraph_format.keep_with_next = True
    half = (sheet.TEXT_WIDTH_MM - _SIGN_GAP_MM) / 2
    lines = max(len(party.lines) for party in block.parties)
    table = new_table(document, lines + 3, (half, _SIGN_GAP_MM, half))
    cell_margins(table, x_pt=0, y_pt=0)
    for column, party in zip((0, 2), block.parties, strict=True):
        cells = [row.cells[column] for row in table.rows]
        _party(cells, party, lines, half)
    for row in list(table.rows)[:-1]:
        _hold(row)
    exact(_spacer(document).paragraph_format, 1)


def _party(cells: list[Any], party: Party, lines: int, width_mm: float) -> None:
    """One column: name, seal, a line for each post (short columns are filled up), day."""
    name = _sign_cell(cells[0], sheet.LINE_PITCH_PT)
    add_text(name, f"{party.role}：", sheet.FACE_HEI)
    add_text(name, party.unit)
    seal = _sign_cell(cells[1], sheet.LINE_PITCH_PT)
    seal.paragraph_format.space_before = seal.paragraph_format.space_after = Pt(0.7 * sheet.LINE_PITCH_PT)
    seal.paragraph_format.left_indent = Pt(3 * sheet.SMALL_PT)
    add_text(seal, "（盖章）")
    for place in range(lines):
        paragraph = _sign_cell(cells[2 + place], 1.15 * sheet.LINE_PITCH_PT)
        if place < len(party.lines):
            _sign_line(paragraph, party.lines[place], width_mm)
    day = _sign_cell(cells[-1], sheet.LINE_PITCH_PT)
    day.paragraph_format.space_before = Pt(0.5 * sheet.LINE_PITCH_PT)
    add_text(day, sign_date(party))


def _sign_cell(cell: Any, pitch: float) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.style = word_styles.SMALL
    exact(paragraph.paragraph_format, pitch)
    return paragraph


def _sign_line(paragraph: Any, line: SignLine, width_mm: float) -> None:
    add_text(paragraph, f"{line.post}：")
    if line.name:
        add_text(paragraph, line.name)
        return
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(width_mm - 2), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    add_text(paragraph, "\t")
