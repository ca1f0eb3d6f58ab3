"""Text tables: encoding, delimiter, rows. UTF-8 with or without a mark, UTF-16 with one, and GB18030."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.unreadable import UnreadableFile

DELIMITERS: Final = (",", "\t", ";", "|", "\uff0c")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIELD_LIMIT: Final = 1_000_000
_SAMPLE_LINES: Final = 60
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises UnreadableFile when it is not text in a known encoding."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name), name
    if _CONTROL.search(data):
        raise UnreadableFile(_("这不是文本表格,也不是 Excel 文件:请用 Excel/WPS 打开后另存为 .xlsx 再导入"))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(data, "gb18030"), "gb18030"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        text = _("文件的文字编码认不出(不是 UTF-8,也不是 GB18030):请用 Excel/WPS 打开后另存为 .xlsx 再导入")
        raise UnreadableFile(text) from error


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most columns most evenly; a comma when none does."""
    lines = text[:200_000].splitlines()[:_SAMPLE_LINES]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _parse("\n".join(lines), delimiter) if row]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        score = wide.count(usual) / len(widths) * min(usual, 30) ** 0.5
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records in order, blank lines as empty lists, so that numbers agree with what Excel shows.

    Raises UnreadableFile where a quotation mark is opened and never closed.
    """
    try:
        for row in _parse(text, delimiter):
            yield [_plain(field) for field in row]
    except csv.Error as error:
        problem = _("文本表格的引号不成对,读到一半无法继续:请用 Excel/WPS 打开检查后另存为 .xlsx 再导入")
        raise UnreadableFile(problem) from error


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _plain(field: str) -> str:
    """``="0123"`` is how systems make Excel keep text; the text is what is meant."""
    if not field.startswith("="):
        return field
    inner = _EXCEL_TEXT.fullmatch(field.strip())
    return inner.group(1) if inner else field
