"""Filling an office's own Word template from an official document, and the template to begin with."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any, Final

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from qingyuan.documents import office_template as marks
from qingyuan.documents import sheet
from qingyuan.documents.model import (
    Attachment,
    Block,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
    Verification,
)
from qingyuan.documents.numbering import HeadingCounter
from qingyuan.documents.office_template import Template, copy_with, paragraphs, pieces, replace_in, text_of, unhide
from qingyuan.documents.qr import qr_png
from qingyuan.documents.view import bears_urgency, header_texts, table_size
from qingyuan.documents.word import render_docx, settled
from qingyuan.documents.word_blocks import ALIGNMENTS, new_table
from qingyuan.documents.word_xml import cell_margins, element, exact, put, set_faces
from qingyuan.documents.wording import attachment_labels, chinese_date

_FACES: Final = {1: sheet.FACE_HEI, 2: sheet.FACE_KAI}
_DROPPED_WHEN_EMPTY: Final = (marks.TO, marks.ATTACHED, marks.COPIES, marks.REMARK)
_RULE: Final = 4
_SAMPLE_DAY: Final = date(2000, 1, 1)


def fill_template(template: Template, document: OfficialDocument) -> bytes:
    """The document in the office's own form, as a .docx file. What the template has no place for is left out
    (``unplaced`` says what), but never the notice nor the square code: they are set at its head and foot."""
    word = docx.Document(io.BytesIO(template.data))
    _properties(word, document)
    values = _values(document)
    _drop_empty(word, values)
    for _place, paragraph in paragraphs(word):
        text = text_of(paragraph)
        if f"«{marks.BODY}»" in _squeezed(text):
            _fill_body(word, paragraph, document.body)
        elif f"«{marks.ATTACHED}»" in _squeezed(text):
            _fill_attachments(paragraph, document)
        elif f"«{marks.SQUARE}»" in _squeezed(text):
            replace_in(paragraph, {marks.SQUARE: ""})
            _picture(WordParagraph(paragraph, word._body), document)
        elif "«" in text:
            replace_in(paragraph, values)
    for _place, paragraph in paragraphs(word):
        unhide(paragraph)
    _head_and_foot(word, template, document)
    target = io.BytesIO()
    word.save(target)
    return settled(target.getvalue())


def starter(kind: DocumentKind, unit_name: str, red_head: str) -> bytes:
    """The built-in form with placeholders in it: what an office changes in Word to make its own template."""
    minutes = kind is DocumentKind.MINUTES
    document = OfficialDocument(
        kind=kind,
        title=f"«{marks.TITLE}»",
        body=(Paragraph.of(f"«{marks.BODY}»"),),
        red_head=red_head,
        doc_number=f"«{marks.NUMBER}»",
        approver=f"«{marks.SIGNER}»" if kind is DocumentKind.REPORT else "",
        addressee="" if minutes else f"«{marks.TO}»",
        attachments=(Attachment(f"«{marks.ATTACHED}»"),),
        signer="" if minutes else unit_name,
        date=_SAMPLE_DAY,
        remark=f"«{marks.REMARK}»",
        copies_to=f"«{marks.COPIES}»",
        printed_by=unit_name,
        printed_on=_SAMPLE_DAY,
        notice=f"«{marks.NOTICE}»",
        urgency=f"«{marks.URGENCY}»" if bears_urgency(kind) else "",
        verification=Verification(code=f"«{marks.CODE}»"),
    )
    word = docx.Document(io.BytesIO(render_docx(document)))
    day = chinese_date(_SAMPLE_DAY)
    for _place, paragraph in paragraphs(word):
        text = text_of(paragraph)
        if f"«{marks.ATTACHED}»" in text:
            _set_text(paragraph, f"«{marks.ATTACHED}»")
        elif f"{day}印发" in text:
            _swap(paragraph, day, f"«{marks.PRINTED}»")
        elif day in text:
            _swap(paragraph, day, f"«{marks.DAY}»")
    target = io.BytesIO()
    word.save(target)
    return settled(target.getvalue())


def sample(kind: DocumentKind, unit_name: str, red_head: str) -> OfficialDocument:
    """A document with something in every place, to see a template with."""
    return OfficialDocument(
        kind=kind,
        title="关于检查公文模板版式的示例",
        body=(
            Paragraph.of("这是用来查看模板版式的示例文字，不是公文。请看标题、主送、各级标题、表格和落款的位置。"),
            Heading(1, "一级标题"),
            Paragraph.of("正文段落沿用占位符所在段落的字体、字号、行距和缩进。"),
            Heading(2, "二级标题"),
            Heading(3, "三级标题。", follows=(Run("后面接着写正文。"),)),
            Table(
                headers=("事项", "责任单位", "时限"),
                rows=(("示例事项", "示例单位", "2022年12月1日"),),
                caption="示例表格",
            ),
        ),
        red_head=red_head,
        doc_number="示例〔2022〕1号",
        approver="示例签发人",
        addressee="示例主送单位",
        attachments=(Attachment("示例附件一"), Attachment("示例附件二")),
        signer=unit_name,
        date=date(2022, 11, 23),
        remark="示例附注",
        copies_to="示例抄送单位",
        printed_by=unit_name,
        printed_on=date(2022, 11, 23),
        notice="示例，不作公文使用",
        urgency="加急" if bears_urgency(kind) else "",
        verification=Verification(code="0000-0000-0000-0000", qr="QINGYUAN-SAMPLE"),
    )


def _values(document: OfficialDocument) -> dict[str, str]:
    day = chinese_date(document.date) if document.date else ""
    printed = document.printed_on or document.date
    return {
        marks.TITLE: document.title.replace("\n", ""),
        marks.TO: document.addressee.rstrip("：:"),
        marks.NUMBER: document.doc_number,
        marks.SIGNER: document.approver,
        marks.DAY: day,
        marks.COPIES: document.copies_to.rstrip("。"),
        marks.OFFICE: document.signer,
        marks.REMARK: document.remark,
        marks.URGENCY: document.urgency,
        marks.PRINTER: document.printed_by,
        marks.PRINTED: chinese_date(printed) if printed else "",
        marks.CODE: document.verification.code,
        marks.NOTICE: document.notice,
        marks.ATTACHED: "、".join(one.title for one in document.attachments),
    }


def _drop_empty(word: Document, values: dict[str, str]) -> None:
    """A line whose only content would be a label (抄送：) goes, with its row where nothing else stands in it."""
    empty = [f"«{name}»" for name in _DROPPED_WHEN_EMPTY if not values[name]]
    for _place, paragraph in paragraphs(word):
        text = _squeezed(text_of(paragraph))
        if not any(mark in text for mark in empty):
            continue
        row = _row_of(paragraph)
        if row is not None:
            others = [one for one in row.iter(qn("w:p")) if one is not paragraph and text_of(one).strip()]
            table = row.getparent()
            if not others and len(table.findall(qn("w:tr"))) > 1:
                table.remove(row)
            else:
                _set_text(paragraph, "")
        elif paragraph.find(f".//{qn('w:sectPr')}") is not None or paragraph.find(f".//{qn('w:drawing')}") is not None:
            _set_text(paragraph, "")
        else:
            paragraph.getparent().remove(paragraph)


def _row_of(paragraph: Any) -> Any:
    """The row of a table in which a paragraph stands; None where a text box or the body is nearer."""
    for above in paragraph.iterancestors():
        if above.tag == qn("w:tr"):
            return above
        if above.tag == qn("w:txbxContent"):
            return None
    return None


def _fill_body(word: Document, paragraph: Any, blocks: tuple[Block, ...]) -> None:
    counter = HeadingCounter()
    kept = _keeping(paragraph)
    for block in blocks:
        for made in _made(word, paragraph, block, counter):
            paragraph.addprevious(made)
    last = paragraph.getprevious()
    if last is not None and last.tag == qn("w:p"):
        # What held the placeholder to the signature below it holds the last paragraph now, and only that one.
        for one in kept:
            put(last.get_or_add_pPr(), one)
    _leave(paragraph)


def _keeping(paragraph: Any) -> list[Any]:
    """Take «keep with next» and «keep together» off a paragraph before it is copied; gives what was taken."""
    properties = paragraph.get_or_add_pPr()
    taken = [one for tag in ("w:keepNext", "w:keepLines") for one in properties.findall(qn(tag))]
    for one in taken:
        properties.remove(one)
    return taken


def _made(word: Document, paragraph: Any, block: Block, counter: HeadingCounter) -> list[Any]:
    match block:
        case Heading():
            follows = "".join(run.text for run in block.follows)
            made = _two_faces(paragraph, counter.label_of(block) + block.text, _FACES.get(block.level, ""), follows)
            if not follows:
                put(made.get_or_add_pPr(), element("keepNext"))
            return [made]
        case KeyValue():
            return [_two_faces(paragraph, f"{label}：", sheet.FACE_HEI, value) for label, value in block.pairs]
        case Table():
            return _table(word, paragraph, block)
        case Paragraph():
            return [copy_with(paragraph, block.text)]
    return []


def _two_faces(paragraph: Any, first: str, face: str, second: str) -> Any:
    """A paragraph whose beginning stands in a face of its own: headings, and labels of minutes."""
    made = copy_with(paragraph, first)
    run = next(made.iter(qn("w:t"))).getparent()
    rest = deepcopy(run) if second else None
    if face:
        set_faces(_run_properties(run), face)
    if rest is not None:
        for piece in rest.iter(qn("w:t")):
            piece.text = second
        run.addnext(rest)
    return made


def _table(word: Document, paragraph: Any, block: Table) -> list[Any]:
    section = word.sections[0]
    room = (section.page_width or Mm(210)) - (section.left_margin or Mm(28)) - (section.right_margin or Mm(26))
    widths = tuple(share * room / Mm(1) for share in block.shares())
    size = table_size(block)
    table = new_table(
        word, 1 + len(block.rows), widths,
        top=_RULE, left=_RULE, bottom=_RULE, right=_RULE, insideH=_RULE, insideV=_RULE,
    )  # fmt: skip
    cell_margins(table, x_pt=sheet.CELL_INSET_PT, y_pt=1.5)
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    lines = [header_texts(block), *block.rows]
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        for cell, text, align in zip(row.cells, texts, block.alignments(), strict=True):
            inside = _line(paragraph, text.replace("\n", ""), size, ALIGNMENTS[align] if number else 1)
            cell._tc.replace(cell.paragraphs[0]._p, inside)
    made = [table._tbl]
    made[0].getparent().remove(made[0])
    if block.caption:
        made.insert(0, _line(paragraph, block.caption, size, 1))
    made.append(_line(paragraph, f"注：{block.note}" if block.note else "", sheet.NOTE_PT, 0))
    return made


def _line(paragraph: Any, text: str, size: float, align: Any) -> Any:
    """A paragraph in the placeholder's face, without its indent, in a smaller size."""
    made = copy_with(paragraph, text)
    properties = made.get_or_add_pPr()
    put(properties, element("ind", firstLineChars=0, firstLine=0))
    line = WordParagraph(made, None)  # type: ignore[arg-type]
    line.alignment = align
    exact(line.paragraph_format, size * 1.42)
    for run in line.runs:
        run.font.size = Pt(size)
    return made


def _fill_attachments(paragraph: Any, document: OfficialDocument) -> None:
    labels = attachment_labels(len(document.attachments))
    for place, (label, one) in enumerate(zip(labels, document.attachments, strict=True)):
        lead = "附件：" if place == 0 else "　　　"
        made = copy_with(paragraph, f"{lead}{label}{one.title}".replace("\n", ""))
        if place:
            WordParagraph(made, None).paragraph_format.space_before = Pt(0)  # type: ignore[arg-type]
        paragraph.addprevious(made)
    _leave(paragraph)


def _leave(paragraph: Any) -> None:
    """Take the placeholder's own paragraph away; one that ends a section stays, empty."""
    if paragraph.find(f".//{qn('w:sectPr')}") is not None:
        _set_text(paragraph, "")
    else:
        paragraph.getparent().remove(paragraph)


def _picture(paragraph: WordParagraph, document: OfficialDocument) -> None:
    if document.verification.qr:
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(qr_png(document.verification.qr)), width=Mm(sheet.QR_MM))


def _head_and_foot(word: Document, template: Template, document: OfficialDocument) -> None:
    """The notice and the square code where the template does not ask for them: no paper goes without."""
    if document.notice and marks.NOTICE not in template.placeholders:
        first = word.sections[0].header.paragraphs[0] if word.sections[0].header.paragraphs else None
        line = first.insert_paragraph_before() if first is not None else word.sections[0].header.add_paragraph()
        line.alignment = 1
        line.add_run(document.notice).font.size = Pt(sheet.FINE_PT)
    mark = document.verification
    if not mark.code and not mark.qr:
        return
    if marks.SQUARE in template.placeholders and marks.CODE in template.placeholders:
        return
    foot = word.add_paragraph()
    foot.paragraph_format.space_before = Pt(6)
    if marks.SQUARE not in template.placeholders:
        _picture(foot, document)
    if marks.CODE not in template.placeholders:
        foot.add_run(f"　核验码　{mark.code}").font.size = Pt(sheet.FINE_PT)


def _properties(word: Document, document: OfficialDocument) -> None:
    """Who wrote the template is no business of the paper's readers."""
    day = document.date or _SAMPLE_DAY
    properties = word.core_properties
    properties.title, properties.author = document.title.replace("\n", ""), document.signer or document.red_head
    properties.last_modified_by, properties.comments, properties.keywords = properties.author, "", document.doc_number
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)


def _run_properties(run: Any) -> Any:
    return run.get_or_add_rPr()


def _set_text(paragraph: Any, text: str) -> None:
    for place, piece in enumerate(pieces(paragraph)):
        piece.text = text if place == 0 else ""


def _swap(paragraph: Any, old: str, new: str) -> None:
    for piece in pieces(paragraph):
        if piece.text and old in piece.text:
            piece.text = piece.text.replace(old, new)


def _squeezed(text: str) -> str:
    return "".join(text.split())
