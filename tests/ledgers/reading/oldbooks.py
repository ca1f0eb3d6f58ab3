"""Old .xls files built by hand, byte by byte: nothing in the house writes them, but offices still send them."""

from __future__ import annotations

import struct

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def minimal_xls(row: int = 0, column: int = 1) -> bytes:
    """One sheet, a text in A1 and a number at ``row`` and ``column``, in the smallest compound file there can be."""
    return compound_file("Workbook", biff(row, column).ljust(4096, b"\x00"))


def biff(row: int = 0, column: int = 1) -> bytes:
    """A workbook as BIFF8 records."""

    def record(code: int, body: bytes) -> bytes:
        return struct.pack("<HH", code, len(body)) + body

    start_book = record(0x0809, struct.pack("<HHHHLL", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    start_sheet = record(0x0809, struct.pack("<HHHHLL", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    end = record(0x000A, b"")
    label = record(0x0204, struct.pack("<HHHHB", 0, 0, 0, 2, 0) + b"A1")
    number = record(0x0203, struct.pack("<HHHd", row, column, 0, 2.0))
    sheet = start_sheet + label + number + end
    name = struct.pack("<BB", 5, 0) + b"Sheet"
    offset = len(start_book) + 4 + 6 + len(name) + len(end)
    bound = record(0x0085, struct.pack("<LBB", offset, 0, 0) + name)
    return start_book + bound + end + sheet


def compound_file(name: str, stream: bytes) -> bytes:
    """One stream of at least 4096 bytes in a compound file of 512-byte sectors: FAT, directory, stream."""
    sectors = -(-len(stream) // 512)
    header = OLE + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    header += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<L", 0) + b"\xff" * 4 * 108
    chain = [*range(3, 2 + sectors), 0xFFFFFFFE]
    fat = struct.pack("<L", 0xFFFFFFFD) + struct.pack("<L", 0xFFFFFFFE) + struct.pack(f"<{sectors}L", *chain)
    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream)) + b"\x00" * 256
    return header + fat.ljust(512, b"\xff") + entries + stream.ljust(sectors * 512, b"\x00")


def small_compound_file(name: str, stream: bytes) -> bytes:
    """One short stream in 64-byte sectors: FAT, directory, small FAT, and the sectors that hold the small ones."""
    count = -(-len(stream) // 64)
    sectors = -(-count * 64 // 512)
    header = OLE + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    header += (
        struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0) + struct.pack("<L", 0) + b"\xff" * 4 * 108
    )
    end = 0xFFFFFFFE
    fat = struct.pack(f"<{3 + sectors}L", 0xFFFFFFFD, end, end, *range(4, 3 + sectors), end)
    root = entry("Root Entry", 5, 1, 3, count * 64)
    entries = root + entry(name, 2, 0xFFFFFFFF, 0, len(stream)) + b"\x00" * 256
    small_fat = struct.pack(f"<{count}L", *range(1, count), end)
    body = stream.ljust(sectors * 512, b"\x00")
    return header + fat.ljust(512, b"\xff") + entries + small_fat.ljust(512, b"\xff") + body


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    body = text.ljust(64, b"\x00") + struct.pack("<HBB", len(text), kind, 1)
    return (body + struct.pack("<LLL", 0xFFFFFFFF, 0xFFFFFFFF, child) + b"\x00" * 36 + struct.pack("<LQ", start, size))[
        :128
    ]
