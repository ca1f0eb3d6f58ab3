"""Opening a file of any kind offices send, safely, as sheets of rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol, TypeAlias

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from qingyuan.ledgers.reading.compound import check_compound
from qingyuan.ledgers.reading.delimited import decode, rows, sniff_delimiter
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.package import DEFAULT_LIMITS, Limits, check_package, too_large
from qingyuan.ledgers.reading.unreadable import UnreadableFile

Source: TypeAlias = Path | str | bytes
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_NAMES = frozenset({".csv", ".tsv", ".txt", ".tab", ".xls"})
_WPS_NAMES = frozenset({".et", ".ett", ".wps", ".wpt"})
_HTML_STARTS = (b"<html", b"<!doctype", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<div", b"<!--")
_XML_STARTS = (b"<?xml", b"<workbook")


class Merge(NamedTuple):
    """A merged range, all four bounds 0-based and inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Sheet(Protocol):
    """One sheet. ``rows()`` starts at Excel's row 1 and column A; rows may be shorter than the widest."""

    @property
    def name(self) -> str: ...

    @property
    def hidden(self) -> bool: ...

    @property
    def row_count(self) -> int: ...

    @property
    def merged(self) -> tuple[Merge, ...]: ...

    def rows(self) -> Iterator[list[Cell]]: ...

    def head(self, count: int) -> list[list[Cell]]: ...


@dataclass(frozen=True)
class Workbook:
    """``encoding`` is set for text tables; ``date1904``: plain serial numbers count days from 1904."""

    filename: str
    sheets: tuple[Sheet, ...]
    date1904: bool = False
    encoding: str = ""

    def sheet(self, name: str) -> Sheet:
        """Raises UnreadableFile when there is no such sheet."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        names = "、".join(sheet.name for sheet in self.sheets)
        raise UnreadableFile(_("没有名为“%(name)s”的工作表;现有:%(names)s") % {"name": name, "names": names})


@dataclass
class TextSheet:
    """The only sheet of a text table."""

    name: str
    text: str = field(repr=False)
    delimiter: str
    hidden: bool = False
    merged: tuple[Merge, ...] = ()

    @property
    def row_count(self) -> int:
        return self.text.count("\n") + 1

    def rows(self) -> Iterator[list[Cell]]:
        for row in rows(self.text, self.delimiter):
            yield list(row)

    def head(self, count: int) -> list[list[Cell]]:
        return list(islice(self.rows(), count))


class ExcelSheet:
    """A sheet of an Excel workbook, unpacked when first asked for."""

    def __init__(self, book: CalamineWorkbook, name: str, *, hidden: bool) -> None:
        self._book = book
        self._sheet: CalamineSheet | None = None
        self._head: list[list[Cell]] = []
        self._merged: tuple[Merge, ...] | None = None
        self.name = name
        self.hidden = hidden

    def _loaded(self) -> CalamineSheet:
        if self._sheet is None:
            with _explaining():
                self._sheet = self._book.get_sheet_by_name(self.name)
        return self._sheet

    @property
    def row_count(self) -> int:
        end = self._loaded().end
        return end[0] + 1 if end is not None else 0

    @property
    def merged(self) -> tuple[Merge, ...]:
        if self._merged is None:
            ranges = self._loaded().merged_cell_ranges or []
            self._merged = tuple(Merge(*first, *last) for first, last in ranges)
        return self._merged

    def rows(self) -> Iterator[list[Cell]]:
        sheet = self._loaded()
        if sheet.start is None:
            return iter(())
        offset = sheet.start[1]
        if not offset:
            return iter(sheet.iter_rows())
        margin: list[Cell] = [""] * offset
        return (margin + row for row in sheet.iter_rows())

    def head(self, count: int) -> list[list[Cell]]:
        if len(self._head) < count:
            self._head = list(islice(self.rows(), count))
        return self._head[:count]


def open_workbook(source: Source, filename: str = "", *, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Opens .xlsx, .xlsm, .xls, .csv, .tsv (a path or the bytes), by content first and by name second.

    Raises UnreadableFile with what to do for everything else: too large, a bomb, a password, damage, a web page named
    .xls, an empty file.
    """
    name = filename or (PurePath(source).name if not isinstance(source, bytes) else "")
    data = _bytes_of(source, limits)
    suffix = PurePath(name).suffix.lower()
    if not data.strip(b"\x00\r\n\t "):
        raise UnreadableFile(_("文件是空的:请检查是否选错了文件"))
    if suffix in _WPS_NAMES:
        raise UnreadableFile(_("这是 WPS 专用格式(%(suffix)s):请用 WPS 打开,另存为 .xlsx 再导入") % {"suffix": suffix})
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        date1904 = check_package(io.BytesIO(data), len(data), limits)
        return Workbook(name, _excel_sheets(data), date1904)
    if data.startswith(_OLE):
        check_compound(data, limits)
        return Workbook(name, _excel_sheets(data))
    _refuse_markup(data)
    if suffix in _TEXT_NAMES or not suffix:
        return _text_workbook(name, data)
    raise UnreadableFile(_("这不是能读的表格文件,可能已损坏:请用 Excel/WPS 打开后另存为 .xlsx 再导入"))


def _bytes_of(source: Source, limits: Limits) -> bytes:
    if not isinstance(source, bytes):
        path = Path(source)
        try:
            size = path.stat().st_size
            if size > limits.file:
                raise too_large(size, limits)
            return path.read_bytes()
        except OSError as error:
            raise UnreadableFile(_("文件打不开:请检查路径是否正确、文件是否正被别的程序占用")) from error
    if len(source) > limits.file:
        raise too_large(len(source), limits)
    return source


def _excel_sheets(data: bytes) -> tuple[Sheet, ...]:
    with _explaining():
        book = load_workbook(io.BytesIO(data))
        wanted = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if not wanted:
        raise UnreadableFile(_("工作簿里没有工作表:请检查是否选错了文件"))
    visible = SheetVisibleEnum.Visible
    return tuple(ExcelSheet(book, sheet.name, hidden=sheet.visible != visible) for sheet in wanted)


@contextmanager
def _explaining() -> Iterator[None]:
    """Turns the library's errors, and a panic inside it (which is no Exception), into refusals."""
    try:
        yield
    except PasswordError as error:
        raise UnreadableFile(_("文件加了密码:请用 Excel/WPS 打开,取消密码后另存再导入")) from error
    except BaseException as error:
        if isinstance(error, CalamineError | ValueError | OSError) or type(error).__name__ == "PanicException":
            reason = _("文件不完整或已损坏:请重新下载或复制,或用 Excel/WPS 打开后另存为 .xlsx")
            raise UnreadableFile(reason) from error
        raise


def _refuse_markup(data: bytes) -> None:
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_HTML_STARTS):
        raise UnreadableFile(_("这是网页改名的表格(有的系统导出就是这样):请用 Excel/WPS 打开,另存为 .xlsx 再导入"))
    if start.startswith(_XML_STARTS):
        raise UnreadableFile(_("这是 XML 格式的表格:请用 Excel/WPS 打开,另存为 .xlsx 再导入"))


def _text_workbook(name: str, data: bytes) -> Workbook:
    text, encoding = decode(data)
    if not text.strip():
        raise UnreadableFile(_("文件是空的:请检查是否选错了文件"))
    sheet = TextSheet(PurePath(name).stem or "Sheet1", text, sniff_delimiter(text))
    return Workbook(name, (sheet,), encoding=encoding)
