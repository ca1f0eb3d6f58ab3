"""What stands around the body in Word: head of the first page, running head and number, signature, imprint, code."""

from __future__ import annotations

import io
import math
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from qingyuan.documents import sheet, word_styles
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.qr import qr_png
from qingyuan.documents.titles import balance, width
from qingyuan.documents.view import (
    Form,
    addressee_line,
    copies_line,
    form_of,
    head_size,
    printed_on_line,
)
from qingyuan.documents.word_blocks import add_text, new_table
from qingyuan.documents.word_xml import cell_margins, exact, field, hang_at_foot, hang_picture, red_rule, set_faces
from qingyuan.documents.wording import attachment_labels, chinese_date

_OVERHANG_LEFT_MM = sheet.MARGIN_LEFT_MM - (sheet.PAGE_WIDTH_MM - sheet.LETTER_RULE_MM) / 2
_OVERHANG_RIGHT_MM = sheet.MARGIN_RIGHT_MM - (sheet.PAGE_WIDTH_MM - sheet.LETTER_RULE_MM) / 2
# Clear of the page number on either side: the same place on odd and even pages.
_CODE_LEFT_MM = 24.0
_WORDS_LEFT_MM = _CODE_LEFT_MM + sheet.QR_MM + 3
_LETTER_QR_MM = 14.0
_FOLIO_PITCH_PT = 18.0
_HINT_PITCH_PT = 13.0
_IMPRINT_INSET_PT = 3.0
_IMPRINT_PITCH_PT = 20.0  # as the style of its lines has it
_EIGHTHS_PER_MM = 8 * sheet.PT_PER_MM


def blank(document: Document, lines: int = 1) -> None:
    for _ in range(lines):
        document.add_paragraph(style=word_styles.FLUSH)


def add_title(document: Document, title: str) -> None:
    lines = balance(title)
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph(style=word_styles.TITLE)
        add_text(paragraph, line)
        paragraph.paragraph_format.keep_with_next = place < len(lines) - 1


def add_head(document: Document, paper: OfficialDocument) -> None:
    """版头 of the four forms, then title and addressee."""
    match form_of(paper):
        case Form.FILE:
            taken = _urgency(document, paper)
            _red_head(document.add_paragraph(style=word_styles.RED_HEAD), paper, sheet.RED_HEAD_DROP_MM - taken)
            blank(document, 2)
            _number(document, paper)
            blank(document, 2)
        case Form.MINUTES:
            taken = _urgency(document, paper)
            _red_head(document.add_paragraph(style=word_styles.RED_HEAD), paper, sheet.RED_HEAD_DROP_MM / 2 - taken)
            blank(document, 1)
            _number(document, paper)
            blank(document, 2)
        case Form.LETTER:
            _letter_frame(document, paper)
            _letter_number(document, paper)
            blank(document, 2)
        case Form.PLAIN:
            blank(document, 1)
    add_title(document, paper.title)
    if form_of(paper) is Form.PLAIN and paper.doc_number:
        number = document.add_paragraph(style=word_styles.FLUSH)
        add_text(number, paper.doc_number)
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number.paragraph_format.space_before = Pt(0.3 * sheet.LINE_PITCH_PT)
    blank(document, 1)
    if paper.addressee:
        addressee = document.add_paragraph(style=word_styles.FLUSH)
        add_text(addressee, addressee_line(paper.addressee))
        addressee.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _urgency(document: Document, paper: OfficialDocument) -> float:
    """紧急程度 at the left of the first line (7.2.3). Returns the millimetres it takes from the drop of the red head."""
    if not paper.urgency:
        return 0.0
    paragraph = document.add_paragraph(style=word_styles.FLUSH)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    add_text(paragraph, paper.urgency, sheet.FACE_HEI)
    return sheet.LINE_PITCH_PT / sheet.PT_PER_MM


def _letter_number(document: Document, paper: OfficialDocument) -> None:
    """文号 of a 函 at the right edge, with the urgency opposite (10.1)."""
    number = document.add_paragraph(style=word_styles.FLUSH)
    if not paper.urgency:
        add_text(number, paper.doc_number)
        number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return
    number.alignment = WD_ALIGN_PARAGRAPH.LEFT
    number.paragraph_format.tab_stops.add_tab_stop(Pt(sheet.TEXT_WIDTH_PT), WD_TAB_ALIGNMENT.RIGHT)
    add_text(number, paper.urgency, sheet.FACE_HEI)
    add_text(number, f"\t{paper.doc_number}")


def _red_head(paragraph: Any, paper: OfficialDocument, drop_mm: float) -> None:
    size = head_size(paper)
    paragraph.paragraph_format.space_before = Mm(drop_mm)
    exact(paragraph.paragraph_format, size * 1.15)
    add_text(paragraph, paper.red_head).font.size = Pt(size)


def _number(document: Document, paper: OfficialDocument) -> None:
    """文号, with 签发人 opposite on upward documents, over the red rule."""
    paragraph = document.add_paragraph(style=word_styles.FLUSH)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_text(paragraph, paper.doc_number)
    if paper.approver:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        layout = paragraph.paragraph_format
        layout.tab_stops.add_tab_stop(Pt(sheet.TEXT_WIDTH_PT - sheet.BODY_PT), WD_TAB_ALIGNMENT.RIGHT)
        layout.tab_stops.add_tab_stop(Pt(sheet.BODY_PT), WD_TAB_ALIGNMENT.LEFT)
        paragraph.runs[0].text = f"\t{paper.doc_number}"
        add_text(paragraph, "\t签发人：")
        add_text(paragraph, paper.approver, sheet.FACE_KAI)
    gap = round(sheet.RED_RULE_GAP_MM * sheet.PT_PER_MM)
    red_rule(paragraph._p.get_or_add_pPr(), "bottom", gap_pt=gap)


def _letter_frame(document: Document, paper: OfficialDocument) -> None:
    """The head and rules of a 函: in header and footer of its first page, which alone has them."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    header = section.first_page_header
    notice = header.paragraphs[0]
    notice.style = word_styles.FINE
    add_text(notice, paper.notice)
    mark = header.add_paragraph(style=word_styles.RED_HEAD)
    _red_head(mark, paper, sheet.LETTER_HEAD_TOP_MM - 15 - 13 / sheet.PT_PER_MM)
    _overhang(mark)
    red_rule(mark._p.get_or_add_pPr(), "bottom", kind="thickThinSmallGap", eighths=24, gap_pt=11)
    mark.paragraph_format.space_after = Mm(4)
    foot = section.first_page_footer.paragraphs[0]
    foot.style = word_styles.FINE
    printed = paper.verification
    for words in (f"核验码　{printed.code}" if printed.code else "", printed.hint):
        line = foot.insert_paragraph_before(style=word_styles.FINE)
        add_text(line, words)
        line.alignment, line.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Mm(_WORDS_LEFT_MM)
    _overhang(foot)
    red_rule(foot._p.get_or_add_pPr(), "bottom", kind="thinThickSmallGap", eighths=24)


def _overhang(paragraph: Any) -> None:
    """Rules of a 函 are 170 mm wide, wider than the text."""
    paragraph.paragraph_format.left_indent = Mm(-_OVERHANG_LEFT_MM)
    paragraph.paragraph_format.right_indent = Mm(-_OVERHANG_RIGHT_MM)


def add_running(document: Document, paper: OfficialDocument) -> None:
    """Notice above and page number below, outside: odd pages right, even pages left."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.style = word_styles.FINE
        add_text(paragraph, paper.notice)
    _folio(section.footer, paper, WD_ALIGN_PARAGRAPH.RIGHT)
    _folio(section.even_page_footer, paper, WD_ALIGN_PARAGRAPH.LEFT)


def _folio(footer: Any, paper: OfficialDocument, side: WD_ALIGN_PARAGRAPH) -> None:
    right = side == WD_ALIGN_PARAGRAPH.RIGHT
    paragraph = footer.paragraphs[0]
    paragraph.style, paragraph.alignment = word_styles.SMALL, WD_ALIGN_PARAGRAPH.LEFT
    layout = paragraph.paragraph_format
    exact(layout, _FOLIO_PITCH_PT)
    for stop in list(layout.tab_stops):
        stop._element.getparent().remove(stop._element)
    layout.tab_stops.add_tab_stop(Pt(sheet.SMALL_PT), WD_TAB_ALIGNMENT.LEFT)
    layout.tab_stops.add_tab_stop(Mm(_WORDS_LEFT_MM), WD_TAB_ALIGNMENT.LEFT)
    layout.tab_stops.add_tab_stop(Pt(sheet.TEXT_WIDTH_PT - sheet.SMALL_PT), WD_TAB_ALIGNMENT.RIGHT)
    code = f"核验码　{paper.verification.code}" if paper.verification.code else ""
    if right:
        add_text(paragraph, f"\t\t{code}\t").font.size = Pt(sheet.FINE_PT)
        _page_number(paragraph)
    else:
        add_text(paragraph, "\t")
        _page_number(paragraph)
        add_text(paragraph, f"\t{code}").font.size = Pt(sheet.FINE_PT)
    hint = footer.add_paragraph(style=word_styles.FINE)
    add_text(hint, paper.verification.hint)
    hint.alignment, hint.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Mm(_WORDS_LEFT_MM)
    exact(hint.paragraph_format, _HINT_PITCH_PT)


def _page_number(paragraph: Any) -> None:
    for text in ("— ", "", " —"):
        run = add_text(paragraph, text, sheet.FACE_SONG)
        set_faces(run._r.get_or_add_rPr(), sheet.FACE_SONG, latin=sheet.FACE_SONG)
        if not text:
            field(run._r, "PAGE")


def add_attachment_list(document: Document, paper: OfficialDocument) -> None:
    """附件说明: one line below the body, two characters in."""
    labels = attachment_labels(len(paper.attachments))
    pitch = sheet.CHAR_PITCH_PT
    for place, (label, one) in enumerate(zip(labels, paper.attachments, strict=True)):
        paragraph = document.add_paragraph(style=word_styles.FLUSH)
        layout = paragraph.paragraph_format
        layout.keep_with_next = True
        hanging = pitch * (6.2 if label else 5)
        layout.left_indent, layout.first_line_indent = Pt(hanging), Pt((2 if place == 0 else 5) * pitch - hanging)
        if place == 0:
            layout.space_before = Pt(sheet.LINE_PITCH_PT)
        layout.tab_stops.add_tab_stop(Pt(hanging))
        lead = "附件：" if place == 0 else ""
        add_text(paragraph, lead + (f"{label}\t" if label else "") + one.title.replace("\n", ""))


def add_signature(document: Document, paper: OfficialDocument) -> None:
    """署名 centred over 成文日期, whose right edge is four characters in (7.3.5.1); then 附注."""
    pitch = sheet.CHAR_PITCH_PT
    date = chinese_date(paper.date) if paper.date else ""
    over = (width(paper.signer) - width(date)) / 2
    lines = [(paper.signer, max(0.0, 4 - over)), (date, 4.0)]
    shown = [(text, edge) for text, edge in lines if text]
    for place, (text, edge) in enumerate(shown):
        paragraph = document.add_paragraph(style=word_styles.FLUSH)
        add_text(paragraph, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        layout = paragraph.paragraph_format
        layout.right_indent = Pt(edge * pitch)
        layout.space_before = Pt(2 * sheet.LINE_PITCH_PT) if place == 0 else None
        layout.keep_with_next = place < len(shown) - 1 or bool(paper.remark)
    if paper.remark:
        add_text(document.add_paragraph(style=word_styles.BODY), f"（{paper.remark}）")


def add_imprint(document: Document, paper: OfficialDocument) -> None:
    """版记 at the foot of the last page: thick rules outside, a thin one between."""
    rows = []
    if paper.copies_to:
        rows.append((f"抄送：{copies_line(paper.copies_to)}", ""))
    if paper.printed_by:
        rows.append((paper.printed_by, printed_on_line(paper)))
    if not rows:
        return
    thick, thin = round(sheet.THICK_RULE_MM * _EIGHTHS_PER_MM), round(sheet.THIN_RULE_MM * _EIGHTHS_PER_MM)
    table = new_table(document, len(rows), (sheet.TEXT_WIDTH_MM,), top=thick, bottom=thick, insideH=thin)
    cell_margins(table, x_pt=sheet.SMALL_PT, y_pt=_IMPRINT_INSET_PT)
    for row, (text, right) in zip(table.rows, rows, strict=True):
        paragraph = row.cells[0].paragraphs[0]
        paragraph.style = word_styles.SMALL
        layout = paragraph.paragraph_format
        if right:
            layout.tab_stops.add_tab_stop(Pt(sheet.TEXT_WIDTH_PT - 2 * sheet.SMALL_PT), WD_TAB_ALIGNMENT.RIGHT)
            add_text(paragraph, f"{text}\t{right}")
        else:
            layout.left_indent, layout.first_line_indent = Pt(3 * sheet.SMALL_PT), Pt(-3 * sheet.SMALL_PT)
            add_text(paragraph, text)
    carrier = document.add_paragraph(style=word_styles.FINE)
    exact(carrier.paragraph_format, 1)
    lines = sum(_lines_of(text) if not right else 1 for text, right in rows)
    height = lines * _IMPRINT_PITCH_PT + len(rows) * 2 * _IMPRINT_INSET_PT + 2
    hang_at_foot(carrier, table, width_mm=sheet.TEXT_WIDTH_MM, height_pt=height)


def _lines_of(text: str) -> int:
    """How many lines 抄送 takes: a hanging indent of three characters, one character free on either side."""
    first = sheet.TEXT_WIDTH_PT / sheet.SMALL_PT - 2
    return 1 + max(0, math.ceil((width(text) - first) / (first - 3)))


def add_square_code(document: Document, paper: OfficialDocument) -> None:
    """The square code in the free foot of the last page; the paragraph that carries it is all but invisible."""
    carrier = document.add_paragraph(style=word_styles.FINE)
    exact(carrier.paragraph_format, 1)
    if not paper.verification.qr:
        return
    picture = io.BytesIO(qr_png(paper.verification.qr))
    # Below the number there is room for the whole code; a 函 has its lower rule there, so the code is smaller.
    letter = form_of(paper) is Form.LETTER
    size = _LETTER_QR_MM if letter else sheet.QR_MM
    above = sheet.LETTER_FOOT_MM + size + 2 if letter else sheet.MARGIN_BOTTOM_MM - sheet.FOLIO_DROP_MM
    shape = carrier.add_run().add_picture(picture, width=Mm(size))
    hang_picture(shape._inline, top_mm=sheet.PAGE_HEIGHT_MM - above, left_mm=_CODE_LEFT_MM)
