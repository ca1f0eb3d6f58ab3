"""Word file of an official document, in the faces the standard names. Equal input gives equal bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK

from qingyuan.documents import sheet, word_styles
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.view import annex_marks
from qingyuan.documents.word_blocks import add_blocks, add_text
from qingyuan.documents.word_frame import (
    add_attachment_list,
    add_head,
    add_imprint,
    add_running,
    add_signature,
    add_square_code,
    add_title,
    blank,
)

# The zip format counts from 1980; a fixed day keeps the bytes equal from one run to the next.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def render_docx(paper: OfficialDocument) -> bytes:
    """The document as a .docx file that Word and WPS can edit."""
    document = docx.Document()
    word_styles.prepare(document)
    _properties(document, paper)
    add_running(document, paper)
    add_head(document, paper)
    add_blocks(document, paper.body, signed=bool(paper.signer or paper.date))
    add_attachment_list(document, paper)
    add_signature(document, paper)
    _annexes(document, paper)
    add_imprint(document, paper)
    add_square_code(document, paper)
    target = io.BytesIO()
    document.save(target)
    return settled(target.getvalue())


def _annexes(document: Document, paper: OfficialDocument) -> None:
    for mark, one in zip(annex_marks(len(paper.attachments)), paper.attachments, strict=True):
        if not one.body:
            continue
        head = document.add_paragraph(style=word_styles.FLUSH)
        head.add_run().add_break(WD_BREAK.PAGE)
        add_text(head, mark, sheet.FACE_HEI)
        blank(document)
        add_title(document, one.title)
        blank(document)
        add_blocks(document, one.body)


def _properties(document: Document, paper: OfficialDocument) -> None:
    day = datetime(paper.date.year, paper.date.month, paper.date.day, tzinfo=UTC) if paper.date else None
    moment = (day or datetime(2000, 1, 1, tzinfo=UTC)).replace(tzinfo=None)
    properties = document.core_properties
    properties.title = paper.title.replace("\n", "")
    properties.author = properties.last_modified_by = paper.signer or paper.red_head
    properties.subject, properties.comments, properties.keywords = paper.kind.value, "", paper.doc_number
    properties.created = properties.modified = moment
    properties.language = "zh-CN"


def settled(data: bytes) -> bytes:
    """The same package with fixed times, in a fixed order."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        # [Content_Types].xml sorts first, where readers that stream expect it.
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, source.read(name))
    return target.getvalue()
