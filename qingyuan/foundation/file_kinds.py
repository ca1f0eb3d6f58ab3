"""What a file really is, by its first bytes, and whether its name says the same."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Final

from django.utils.translation import gettext as _

HEAD_BYTES: Final = 4096


class FileKind(StrEnum):
    """The kinds of file that offices send us; the value is how people call it."""

    PDF = "PDF"
    PNG = "PNG"
    JPEG = "JPG"
    OFFICE = "xlsx/docx"
    OLD_OFFICE = "xls"
    TEXT = "csv"
    OTHER = "?"


# Offices rename files: a table that a system exports as text is often called .xls, and Excel opens it. So a suffix may
# stand for several kinds; what it may never stand for is a picture, a program or a page.
SUFFIXES: Final[dict[FileKind, frozenset[str]]] = {
    FileKind.PDF: frozenset({".pdf"}),
    FileKind.PNG: frozenset({".png"}),
    FileKind.JPEG: frozenset({".jpg", ".jpeg"}),
    FileKind.OFFICE: frozenset({".xlsx", ".xlsm", ".xls", ".docx", ".ods", ".et", ".ett", ".wps", ".wpt"}),
    FileKind.OLD_OFFICE: frozenset({".xls", ".xlsx", ".doc", ".docx", ".et", ".ett", ".wps", ".wpt"}),
    # Whatever is no picture: a door that wants a workbook says better what is wrong with a text.
    FileKind.TEXT: frozenset({".csv", ".tsv", ".txt", ".tab", ".xls", ".xlsx", ".xlsm", ".docx", ".doc"}),
}
KNOWN_SUFFIXES: Final = frozenset().union(*SUFFIXES.values())
_HEADS: Final = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"PK\x03\x04", FileKind.OFFICE),
    (b"PK\x05\x06", FileKind.OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLD_OFFICE),
)
# First bytes of what is never taken whatever it is called: programs, scripts, archives, other pictures.
_FOREIGN: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)


class WrongFile(ValueError):
    """The name and the content do not fit together; the message says what to send instead."""


class UnknownSuffix(WrongFile):
    """A name that no door takes; a door with kinds of its own says better which it wants."""


def kind_of(head: bytes) -> FileKind:
    """The kind by the first bytes; OTHER when nothing fits."""
    for start, kind in _HEADS:
        if head.startswith(start):
            return kind
    if head.startswith(_FOREIGN):
        return FileKind.OTHER
    return FileKind.TEXT if _is_text(head[:HEAD_BYTES]) else FileKind.OTHER


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16 of Excel's «Unicode text»
    return b"\0" not in head and sum(byte < 9 for byte in head) == 0


def check_name(filename: str, head: bytes, also: frozenset[str] = frozenset()) -> FileKind:
    """The kind of a file whose name says the same. Raises WrongFile for another suffix, UnknownSuffix for one that nobody needs.

    also  suffixes of texts that one door takes besides
    """
    suffix = PurePath(filename).suffix.lower()
    kind = kind_of(head)
    if suffix in also and kind is FileKind.TEXT:
        return kind
    if suffix and suffix not in KNOWN_SUFFIXES:
        raise UnknownSuffix(
            _("不收 %(suffix)s 文件:请另存为 xlsx、docx、csv、PDF、PNG 或 JPG 再上传。") % {"suffix": suffix[:12]}
        )
    if suffix and kind in SUFFIXES and suffix not in SUFFIXES[kind]:
        words = _("文件名写着 %(suffix)s,内容却是 %(kind)s:请确认没有选错文件,不要只改后缀,用原程序另存后再上传。")
        raise WrongFile(words % {"suffix": suffix, "kind": kind.value})
    return kind
