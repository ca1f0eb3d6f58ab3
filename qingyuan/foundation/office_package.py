"""Office files (.xlsx, .docx) as what they are: a zip of XML parts. Opened safely, one part changed, the rest left byte for byte.

A form of another office goes back to that office: its styles, logos, other sheets and printer settings are theirs. So a part
that is not written to is copied as it came.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree

MEGABYTE: Final = 1024 * 1024
RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES: Final = "[Content_Types].xml"
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_BIT: Final = 0x1
_CHUNK: Final = MEGABYTE
# A fixed day for parts of our own: equal content gives equal bytes.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


class PackageRefused(ValueError):
    """The file cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class PackageLimits:
    """Bytes; ``ratio`` is unpacked to packed and counts from ``ratio_from`` on."""

    file: int = 5 * MEGABYTE
    unpacked: int = 60 * MEGABYTE
    ratio: int = 200
    ratio_from: int = 8 * MEGABYTE
    entries: int = 400


FORM_LIMITS: Final = PackageLimits()


class Package:
    """The parts of one file. ``replace`` and ``add`` change what ``save`` writes, nothing else does."""

    def __init__(self, infos: list[zipfile.ZipInfo], parts: dict[str, bytes]) -> None:
        self._infos = infos
        self._parts = parts
        self._fresh: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def read(self, name: str) -> bytes:
        """Raises PackageRefused when there is no such part."""
        try:
            return self._parts[name]
        except KeyError:
            raise damaged() from None

    def parse(self, name: str) -> Any:
        """The root element of an XML part. Raises PackageRefused for a part that is missing, broken or has a DOCTYPE."""
        return parse_part(self.read(name))

    def replace(self, name: str, content: bytes | Any) -> None:
        """Give an existing part new content (bytes or a root element)."""
        self.read(name)
        self._parts[name] = _bytes(content)

    def add(self, name: str, content: bytes | Any) -> None:
        if name in self._parts:
            raise ValueError(name)
        self._parts[name] = _bytes(content)
        self._fresh.append(name)

    def remove(self, name: str) -> None:
        self._parts.pop(name, None)

    def save(self) -> bytes:
        """The package again: parts in their old order with their old dates, new ones at the end."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for info in self._infos:
                if info.filename not in self._parts:
                    continue
                made.writestr(_entry(info.filename, info.date_time), self._parts[info.filename])
            for name in self._fresh:
                made.writestr(_entry(name, _DAY), self._parts[name])
        return target.getvalue()

    def relations(self, part: str) -> dict[str, str]:
        """Relation id → part name, for the relations of ``part`` that lead inside the package."""
        name = relations_part(part)
        if name not in self._parts:
            return {}
        folder = posixpath.dirname(part)
        found = {}
        for one in self.parse(name).iterfind(f"{{{RELS}}}Relationship"):
            if one.get("TargetMode") != "External":
                found[one.get("Id", "")] = resolve(folder, one.get("Target", ""))
        return found

    def main_part(self) -> str:
        """The part that is the document itself. Raises PackageRefused."""
        for one in self.parse("_rels/.rels").iterfind(f"{{{RELS}}}Relationship"):
            if one.get("Type", "").endswith("/officeDocument"):
                return resolve("", one.get("Target", ""))
        raise damaged()


def open_package(data: bytes, filename: str, suffix: str, limits: PackageLimits = FORM_LIMITS) -> Package:
    """A package of the kind ``suffix`` (".xlsx" or ".docx"), checked before anything is parsed.

    Raises PackageRefused: too large, a bomb, a password, macros, the wrong kind, damage.
    """
    if len(data) > limits.file:
        what = _("文件有 %(size).1f MB,超过 %(limit)d MB 的上限:空白表用不了这么大,请删去图片和多余的工作表后再上传。")
        raise PackageRefused(what % {"size": len(data) / MEGABYTE, "limit": limits.file // MEGABYTE})
    if not data.strip(b"\x00\r\n\t "):
        raise PackageRefused(_("文件是空的:请检查是否选错了文件。"))
    if data.startswith(_OLE):
        raise PackageRefused(_("这是旧格式(.xls/.doc)或加了密码的文件:请用 Office/WPS 打开,另存为 .xlsx 或 .docx 再上传。"))
    if not data.startswith(_ZIP):
        raise PackageRefused(_("这不是 .xlsx 或 .docx 文件:请用 Office/WPS 打开后另存再上传。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            package = _unpacked(packed, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error
    _check_kind(package, filename, suffix)
    return package


def _unpacked(packed: zipfile.ZipFile, limits: PackageLimits) -> Package:
    infos = packed.infolist()
    if any(info.flag_bits & _ENCRYPTED_BIT for info in infos):
        raise PackageRefused(_("文件加了密码:请用 Office/WPS 打开,取消密码后另存再上传。"))
    declared, small = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    swollen = declared > limits.ratio_from and declared > limits.ratio * max(small, 1)
    doubled = len({info.filename for info in infos}) < len(infos)
    if len(infos) > limits.entries or declared > limits.unpacked or swollen or doubled:
        raise _bomb()
    parts: dict[str, bytes] = {}
    whole = 0
    for info in infos:
        pieces = []
        # What an entry says of its size proves nothing: it is counted while it is unpacked.
        with packed.open(info) as content:
            for piece in _chunks(content):
                whole += len(piece)
                if whole > limits.unpacked:
                    raise _bomb()
                pieces.append(piece)
        parts[info.filename] = b"".join(pieces)
    return Package(infos, parts)


def _chunks(content: Any) -> Iterator[bytes]:
    while piece := content.read(_CHUNK):
        yield piece


def _check_kind(package: Package, filename: str, suffix: str) -> None:
    types = package.read(CONTENT_TYPES)
    macros = any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in package.names)
    if macros or b"macroEnabled" in types or filename.lower().endswith((".xlsm", ".docm", ".xltm", ".dotm")):
        raise PackageRefused(_("文件里有宏:请用 Office/WPS 打开,另存为不带宏的 .xlsx 或 .docx 再上传。"))
    main = package.main_part()
    wanted = {".xlsx": b"spreadsheetml.sheet.main+xml", ".docx": b"wordprocessingml.document.main+xml"}[suffix]
    if main not in package or wanted not in types:
        raise PackageRefused(
            _("文件内容与扩展名 %(suffix)s 不符:请用 Office/WPS 打开,另存为 .xlsx 或 .docx 再上传。") % {"suffix": suffix}
        )


def parse_part(data: bytes) -> Any:
    """An XML part without entities, outside files or unheard-of depth. Raises PackageRefused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged() from error
    if root is None or root.getroottree().docinfo.doctype:
        raise PackageRefused(_("文件里有不正常的内容:请用 Office/WPS 打开后另存再上传。"))
    return root


def relations_part(part: str) -> str:
    """``xl/workbook.xml`` → ``xl/_rels/workbook.xml.rels``"""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(folder: str, target: str) -> str:
    """A relation's target as a part name; it cannot leave the package."""
    path = posixpath.normpath(posixpath.join("/", folder, target))
    return path.lstrip("/")


def xml_text(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return "".join(sign for sign in text if (sign >= " " or sign in "\n\t") and not _is_unfit(sign))


def _is_unfit(sign: str) -> bool:
    return "\ud800" <= sign <= "\udfff" or sign in "\ufffe\uffff"


def damaged() -> PackageRefused:
    return PackageRefused(_("文件不完整或已损坏:请重新下载或复制,或用 Office/WPS 打开后另存再上传。"))


def _bomb() -> PackageRefused:
    return PackageRefused(_("文件解压后大得不正常,已停止读取:请用 Office/WPS 打开,只留需要的内容,另存后再上传。"))


def _entry(name: str, day: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=day)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _bytes(content: bytes | Any) -> bytes:
    if isinstance(content, bytes):
        return content
    made: bytes = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
