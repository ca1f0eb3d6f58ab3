"""Looking into an old .xls before anything opens it: what is in the container, and how far its cells reach.

Follows [MS-CFB] (containers) and [MS-XLS] (records) only as far as that takes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.package import DEFAULT_LIMITS, Limits, spread_out
from qingyuan.ledgers.reading.text import address
from qingyuan.ledgers.reading.unreadable import UnreadableFile

_LAST_SECTOR: Final = 0xFFFFFFFA  # this and everything above it are marks, not sectors
_SMALL_SECTOR: Final = 64
_ENTRY: Final = 128
_BOOK_STREAMS: Final = ("Workbook", "WORKBOOK", "Book", "BOOK")
_BOF: Final = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_CELLS: Final = frozenset(
    {0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x0206, 0x0406, 0x027E}
)
_COLUMNS: Final = 256


def check_compound(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuses a container that is locked, holds something else, is damaged, or whose cells stand too far apart.

    Raises UnreadableFile.
    """
    try:
        streams = _streams(data)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise _damaged() from error
    if "EncryptedPackage" in streams:
        raise UnreadableFile(_("文件加了密码:请用 Excel/WPS 打开,取消密码后另存再导入"))
    if "WordDocument" in streams:
        raise UnreadableFile(_("这是 Word 文件,不是表格:请把里面的表格复制到 Excel,存为 .xlsx 再导入"))
    books = [streams[name] for name in _BOOK_STREAMS if name in streams]
    if not books:
        raise _damaged()
    for book in books:
        _check_extent(book, limits)


def _damaged() -> UnreadableFile:
    return UnreadableFile(_("文件不完整或已损坏:请重新下载或复制,或用 Excel/WPS 打开后另存为 .xlsx"))


def _check_extent(stream: bytes, limits: Limits) -> None:
    area = rows = columns = 0
    for kind, row, column in _cells(stream):
        if kind in _BOF:
            area, rows, columns = area + rows * columns, 0, 0
            continue
        rows, columns = max(rows, row + 1), max(columns, column + 1)
        if column >= _COLUMNS or area + rows * columns > limits.area:
            raise spread_out(address(row + 1, column))


def _cells(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Record kind, row and last column of every cell record; starts of sheets with row and column 0."""
    position, end = 0, len(stream) - 4
    while position <= end:
        kind, size = struct.unpack_from("<HH", stream, position)
        body = position + 4
        position = body + size
        if kind in _BOF:
            yield kind, 0, 0
        elif kind in _CELLS and size >= 4 and position <= len(stream):
            row, column = struct.unpack_from("<HH", stream, body)
            if kind in (0x00BD, 0x00BE):
                column = max(column, struct.unpack_from("<H", stream, position - 2)[0])
            yield kind, row, column


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of the container by name; only those that say what it is are read."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise ValueError("sector size")
    fat = _fat(data, sector)
    directory = _chain(data, fat, sector, struct.unpack_from("<L", data, 48)[0])
    threshold, small_fat_start = struct.unpack_from("<LL", data, 56)
    found: dict[str, bytes] = {}
    small: tuple[bytes, list[int]] | None = None
    for offset in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name, kind, start, size = _entry(directory, offset)
        if kind == 5:
            packed = _chain(data, fat, sector, small_fat_start)
            small = (_chain(data, fat, sector, start), list(struct.unpack(f"<{len(packed) // 4}L", packed)))
        elif kind == 2 and name in ("EncryptedPackage", "WordDocument"):
            found[name] = b""
        elif kind == 2 and name in _BOOK_STREAMS:
            if size < threshold and small is not None:
                found[name] = _chain(small[0], small[1], _SMALL_SECTOR, start, header=0)[:size]
            else:
                found[name] = _chain(data, fat, sector, start)[:size]
    return found


def _entry(directory: bytes, offset: int) -> tuple[str, int, int, int]:
    length = struct.unpack_from("<H", directory, offset + 64)[0]
    name = directory[offset : offset + max(length - 2, 0)][:62].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<LL", directory, offset + 116)
    return name, directory[offset + 66], start, size


def _fat(data: bytes, sector: int) -> list[int]:
    """The sector table, through its own list: 109 entries in the header, the rest in a chain of sectors."""
    sectors = list(struct.unpack_from("<109L", data, 76))
    next_list, per_list = struct.unpack_from("<L", data, 68)[0], sector // 4
    seen: set[int] = set()
    while next_list < _LAST_SECTOR and next_list not in seen:
        seen.add(next_list)
        *more, next_list = struct.unpack_from(f"<{per_list}L", data, (next_list + 1) * sector)
        sectors.extend(more)
    table: list[int] = []
    for number in sectors:
        if number < _LAST_SECTOR:
            table.extend(struct.unpack_from(f"<{per_list}L", data, (number + 1) * sector))
    return table


def _chain(data: bytes, table: list[int], sector: int, start: int, header: int = 1) -> bytes:
    """The sectors of a stream in order. Raises ValueError where the chain runs in a circle."""
    parts: list[bytes] = []
    while start < _LAST_SECTOR:
        if len(parts) > len(table):
            raise ValueError("circle")
        parts.append(data[(start + header) * sector : (start + header + 1) * sector])
        start = table[start]
    return b"".join(parts)
