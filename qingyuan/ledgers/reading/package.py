"""Looking into a zip workbook before anything opens it: bombs, far cells, passwords, files that are something else.

The reading library lays a sheet out densely between its first and last cell, so two cells far apart would take
all memory: every sheet is streamed once and its extent measured here.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.text import letters
from qingyuan.ledgers.reading.unreadable import UnreadableFile

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a file may cost. Bytes, except ``ratio`` (unpacked to packed), ``entries`` and ``area`` (cells laid out)."""

    file: int = 100 * MEGABYTE
    unpacked: int = 1536 * MEGABYTE
    ratio: int = 200
    ratio_from: int = 64 * MEGABYTE
    entries: int = 2_000
    area: int = 60_000_000


DEFAULT_LIMITS = Limits()
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_CHUNK = 4 * MEGABYTE
_LONGEST_TAG = MEGABYTE
_ENCRYPTED_BIT = 0x1
_ROW = re.compile(rb"""<row\s[^>]*?\br\s*=\s*["'](\d{1,12})""")
_FAR_CELL = re.compile(rb"""<c r="((?:[A-Z]{2,}[0-9]+|[A-Z][0-9]{7,}))"[^>]*>""")
_UNUSUAL_CELL = re.compile(rb"""<c(?! r="[A-Z]|[A-Za-z])""")
_PREFIXED_CELL = re.compile(rb""":c(?=[\s>/])""")
_ANY_CELL = re.compile(rb"""[<:]c\s[^>]*?\br\s*=\s*["']\s*([A-Za-z]+[0-9]+)["'][^>]*>""")
_ANY_ROW = re.compile(rb"""[<:]row\s[^>]*?\br\s*=\s*["']\s*(\d{1,12})""")
_REFERENCE = re.compile(rb"([A-Za-z]+)([0-9]+)")
_DATE_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true|on)["']""")


def too_large(size: int, limits: Limits) -> UnreadableFile:
    """The refusal of a file by its size."""
    text = _("文件有 %(size)s MB,超过 %(limit)s MB 的上限:请按月份或按乡镇拆成几个文件分别导入")
    return UnreadableFile(text % {"size": size // MEGABYTE, "limit": limits.file // MEGABYTE})


def check_package(stream: IO[bytes], packed_size: int, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Refuses a package that is unsafe or is not a workbook; true when its dates count from 1904.

    ``stream`` is the open file, ``packed_size`` its length in bytes. Raises UnreadableFile.
    """
    try:
        with zipfile.ZipFile(stream) as package:
            return _check(package, packed_size, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(_("文件不完整或已损坏:请重新下载或复制,或用 Excel/WPS 打开后另存为 .xlsx")) from error


def _check(package: zipfile.ZipFile, packed_size: int, limits: Limits) -> bool:
    entries = package.infolist()
    _check_kind({entry.filename for entry in entries})
    if any(entry.flag_bits & _ENCRYPTED_BIT for entry in entries):
        raise UnreadableFile(_("文件加了密码:请用 Excel/WPS 打开,取消密码后另存再导入"))
    declared = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    swollen = declared > limits.ratio_from and declared > limits.ratio * max(packed, 1)
    if len(entries) > limits.entries or declared > limits.unpacked or swollen or packed > packed_size:
        raise _bomb()
    unpacked = area = 0
    for entry in entries:
        extent = _Extent()
        with package.open(entry) as content:
            for chunk in _chunks(content):
                unpacked += len(chunk)
                if unpacked > limits.unpacked:
                    raise _bomb()
                extent.see(chunk)
        area += extent.area()
        if area > limits.area:
            raise spread_out(extent.farthest)
    return _DATE_1904.search(package.read("xl/workbook.xml")) is not None


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile(_("这是 Word 文件,不是表格:请把里面的表格复制到 Excel,存为 .xlsx 再导入"))
    if "xl/workbook.bin" in names:
        raise UnreadableFile(_("这是二进制工作簿(.xlsb):请用 Excel/WPS 打开,另存为 .xlsx 再导入"))
    if "content.xml" in names:
        raise UnreadableFile(_("这是 OpenDocument 表格(.ods):请打开后另存为 .xlsx 再导入"))
    raise UnreadableFile(_("这是压缩包,不是表格:请先解压,再导入里面的 .xlsx 或 .csv 文件"))


def _bomb() -> UnreadableFile:
    return UnreadableFile(_("文件解压后大得不正常,已停止读取:请用 Excel/WPS 打开,只留需要的工作表,另存后再导入"))


def spread_out(farthest: str) -> UnreadableFile:
    """The refusal of sheets whose cells stand so far apart that laying them out would fill the memory."""
    text = _("表格铺得太开(最远到 %(cell)s 单元格),无法读取:请删掉数据区以外的内容,或把数据复制到新表再导入")
    return UnreadableFile(text % {"cell": farthest})


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


class _Extent:
    """How far the cells of one part reach, measured chunk by chunk. Every part is measured: its name proves nothing."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 26
        self.far_rows = 0
        self.farthest = ""
        self._rest = b""
        self._unusual = False
        self._started = False

    def see(self, chunk: bytes) -> None:
        if not self._started and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnreadableFile(_("文件不是通常的写法:请用 Excel/WPS 打开后另存为 .xlsx 再导入"))
        self._started = True
        text = self._rest + chunk
        cut = text.rfind(b"<")
        whole, self._rest = (text[:cut], text[cut:]) if cut >= 0 else (text, b"")
        if len(self._rest) > _LONGEST_TAG:
            raise UnreadableFile(_("文件里有不正常的内容,已停止读取:请用 Excel/WPS 打开后另存为 .xlsx 再导入"))
        self._measure(whole)

    def _measure(self, text: bytes) -> None:
        self._unusual = self._unusual or bool(_UNUSUAL_CELL.search(text) or _PREFIXED_CELL.search(text))
        for row in (_ANY_ROW if self._unusual else _ROW).findall(text):
            self.rows = max(self.rows, int(row))
        for cell in (_ANY_CELL if self._unusual else _FAR_CELL).finditer(text):
            if not cell.group().endswith(b"/>"):
                self._reach(cell.group(1))

    def _reach(self, reference: bytes) -> None:
        parts = _REFERENCE.fullmatch(reference)
        if parts is None:
            return
        column = _column_number(parts.group(1))
        row = int(parts.group(2)[:12])
        if column > self.columns or row > self.far_rows:
            self.farthest = f"{letters(min(column, 10**6) - 1)}{row}"
        self.columns = max(self.columns, column)
        self.far_rows = max(self.far_rows, row)

    def area(self) -> int:
        """Cells laid out for the part, empty ones included. Raises UnreadableFile beyond what Excel can hold."""
        self._measure(self._rest)
        rows = max(self.far_rows, min(self.rows, 10**6 - 1))
        if self.columns > LAST_COLUMN or self.far_rows > LAST_ROW:
            raise UnreadableFile(_("文件里有超出 Excel 范围的单元格:请用 Excel/WPS 打开后另存为 .xlsx 再导入"))
        self.farthest = self.farthest or f"A{rows}"
        return rows * self.columns


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.upper()[:5]:
        number = number * 26 + letter - 64
    return number
