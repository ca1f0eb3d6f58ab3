"""Named styles and page of a Word document: officials can edit what we make with Word's own tools."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from qingyuan.documents import sheet
from qingyuan.documents.word_xml import LATIN_FACE, element, exact, indent, put, set_faces

BODY = "公文正文"
FLUSH = "公文顶格"
TITLE = "公文标题"
RED_HEAD = "发文机关标志"
CELL = "公文表格"
FINE = "公文小字"
SMALL = "公文版记"

# A sixteen-point character on a pitch of 15.79 pt: 28 fit the line. Twentieths of a point.
_TRACKING = -5
_HEADING_FACES = (sheet.FACE_HEI, sheet.FACE_KAI, sheet.FACE_FANG, sheet.FACE_FANG)


def prepare(document: Document) -> None:
    """Set the page and every style the renderer uses."""
    _page(document)
    _defaults(document)
    styles: Any = document.styles
    _body(styles)
    for level, face in enumerate(_HEADING_FACES, start=1):
        _heading(styles[f"Heading {level}"], styles[BODY], face)
    _made(styles, TITLE, sheet.FACE_TITLE, sheet.TITLE_PT, sheet.TITLE_PITCH_PT, WD_ALIGN_PARAGRAPH.CENTER)
    head = _made(styles, RED_HEAD, sheet.FACE_TITLE, sheet.RED_HEAD_MAX_PT, 0, WD_ALIGN_PARAGRAPH.CENTER)
    head.font.color.rgb = RGBColor.from_string(sheet.RED)
    _made(styles, CELL, sheet.FACE_FANG, sheet.TABLE_PT, 0, WD_ALIGN_PARAGRAPH.LEFT)
    _made(styles, SMALL, sheet.FACE_FANG, sheet.SMALL_PT, 20, WD_ALIGN_PARAGRAPH.LEFT)
    _made(styles, FINE, sheet.FACE_SONG, sheet.FINE_PT, 13, WD_ALIGN_PARAGRAPH.CENTER)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(sheet.PAGE_WIDTH_MM), Mm(sheet.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(sheet.MARGIN_TOP_MM), Mm(sheet.MARGIN_BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(sheet.MARGIN_LEFT_MM), Mm(sheet.MARGIN_RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(15), Mm(sheet.LETTER_FOOT_MM)
    properties: Any = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("docGrid", type="lines", linePitch=round(sheet.LINE_PITCH_PT * 20)))


def _defaults(document: Document) -> None:
    """Faces, language and Word generation for whatever has no style of ours."""
    root: Any = document.styles.element
    run_defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_faces(run_defaults, sheet.FACE_FANG)
    for old in run_defaults.findall(qn("w:lang")):
        run_defaults.remove(old)
    run_defaults.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    settings: Any = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("compat")
        settings.append(compat)
    compat.append(
        element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    )
    document.settings.odd_and_even_pages_header_footer = True


def _body(styles: Any) -> None:
    normal = styles["Normal"]
    _face(normal, sheet.FACE_FANG, sheet.BODY_PT)
    body = styles.add_style(BODY, WD_STYLE_TYPE.PARAGRAPH)
    body.base_style, body.quick_style = normal, True
    _plain_spacing(body, sheet.LINE_PITCH_PT)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent(body.element.get_or_add_pPr(), first_chars=200, first_pt=2 * sheet.CHAR_PITCH_PT)
    body.element.get_or_add_rPr().append(element("spacing", val=_TRACKING))
    flush = styles.add_style(FLUSH, WD_STYLE_TYPE.PARAGRAPH)
    flush.base_style, flush.quick_style = body, True
    indent(flush.element.get_or_add_pPr())


def _heading(style: Any, body: Any, face: str) -> None:
    """Word's own heading, so that its navigation works, in the dress of the standard."""
    style.base_style, style.next_paragraph_style = body, body
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    set_faces(properties, face)
    style.font.size, style.font.bold, style.font.italic = Pt(sheet.BODY_PT), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _plain_spacing(style, sheet.LINE_PITCH_PT)
    style.paragraph_format.keep_with_next = True


def _made(styles: Any, name: str, face: str, size: float, pitch: float, align: WD_ALIGN_PARAGRAPH) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = styles["Normal"], True
    _face(style, face, size)
    _plain_spacing(style, pitch)
    style.paragraph_format.alignment = align
    return style


def _face(style: Any, face: str, size: float) -> None:
    set_faces(style.element.get_or_add_rPr(), face, latin=face if face == sheet.FACE_TITLE else LATIN_FACE)
    style.font.size = Pt(size)


def _plain_spacing(style: Any, pitch: float) -> None:
    """No space around, fixed pitch, and none of the automatic gaps between Chinese and figures."""
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if pitch:
        exact(layout, pitch)
    layout.widow_control = False
    properties = style.element.get_or_add_pPr()
    for tag, value in (("kinsoku", 1), ("overflowPunct", 1), ("autoSpaceDE", 0), ("autoSpaceDN", 0), ("snapToGrid", 0)):
        put(properties, element(tag, val=value))
