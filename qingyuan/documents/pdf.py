"""PDF of an official document, set by Typst. Equal input gives equal bytes, so that the file itself can be hashed."""

from __future__ import annotations

import functools
import json
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import typst

from qingyuan.documents import sheet
from qingyuan.documents.fonts import BUNDLED, FontChoice, check_glyphs, families, typst_fonts
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.view import as_data, plain_texts

TEMPLATES = Path(__file__).parent / "templates"
_MAIN = TEMPLATES / "official.typ"
# Words that stand in the templates themselves.
_TEMPLATE_WORDS = "签发人：附件抄送：注：核验码（盖章）—0123456789"
_UNDATED = date(2000, 1, 1)
# One compiler keeps fonts and parsed templates; it is not made for two threads at once.
_COMPILING = threading.Lock()


class SettingFailed(RuntimeError):
    """Typst refused: a fault of ours, not of whoever wrote the document."""


def render_pdf(document: OfficialDocument, *, fonts: FontChoice = BUNDLED) -> bytes:
    """PDF/A-2a of the document (archivable, tagged for screen readers, faces embedded).

    Raises FontsMissing, MissingGlyphs, SettingFailed.
    """
    data = as_data(document)
    check_glyphs((_TEMPLATE_WORDS, *plain_texts({key: value for key, value in data.items() if key != "qr"})), fonts)
    inputs = {
        "document": json.dumps(data, ensure_ascii=False),
        "meta": json.dumps({"title": "".join(data["title"]), "author": document.signer or document.red_head}),
    }
    with _COMPILING:
        compiler = _compiler(fonts)
        try:
            made = compiler.compile(
                format="pdf",
                sys_inputs={**_fixed_inputs(fonts), **inputs},
                timestamp=_stamp(document),
                pdf_standards="a-2a",
            )
        except typst.TypstError as error:
            raise SettingFailed(f"PDF 排版失败，请把本提示交给管理员：{error.message}") from error
    return _bytes(made)


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise SettingFailed("PDF 排版失败：没有得到文件。请重试，仍不成功请交给管理员。")
    return made


def _stamp(document: OfficialDocument) -> datetime:
    """The time written into the file: the document's own day, never the moment of printing."""
    day = document.date or _UNDATED
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@functools.lru_cache(maxsize=4)
def _compiler(choice: FontChoice) -> typst.Compiler:
    return typst.Compiler(str(_MAIN), root=str(TEMPLATES), font_paths=typst_fonts(choice))


@functools.lru_cache(maxsize=4)
def _fixed_inputs(choice: FontChoice) -> dict[str, str]:
    measures = {name.lower(): value for name, value in vars(sheet).items() if name.isupper()}
    return {"sheet": json.dumps(measures), "faces": json.dumps(families(choice))}
