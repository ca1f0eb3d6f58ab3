"""The one file: a zip whose members are stored as they are, sorted by name, all of one time, nothing else in it.

Stored, never compressed: the bytes are the same on every machine, and a file that claims to be smaller than what comes out of
it is refused before anything is unpacked. Nothing is ever written to disk by its name.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import Final

from qingyuan.governance.archive.findings import Code, Finding

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of an archive that is read; a city's year is a few megabytes."""
MOST_PARTS: Final = 20_000
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_STORED: Final = zipfile.ZIP_STORED
_ENCRYPTED: Final = 0x1


class NotAnArchive(ValueError):
    """The file cannot be read as an archive at all; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.words)
        self.finding = finding


def write(parts: Mapping[str, bytes]) -> bytes:
    """The archive of these parts: the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", _STORED) as package:
        for name in sorted(parts):
            member = zipfile.ZipInfo(name, _WHEN)
            member.create_system, member.external_attr = 3, 0o600 << 16
            package.writestr(member, parts[name], _STORED)
    return target.getvalue()


def read(data: bytes) -> tuple[dict[str, bytes], list[Finding]]:
    """Parts by name, and what is odd about the package itself. Raises NotAnArchive where nothing can be trusted to be read."""
    if len(data) > LARGEST:
        raise _refused(Code.TOO_LARGE, "", f"文件有 {len(data):,} 字节,超过 {LARGEST // 1024 // 1024} MB,不像考核档案")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            _refuse_hostile(members, len(data))
            parts = {member.filename: package.read(member) for member in members}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError, NotImplementedError, struct.error) as error:
        raise _refused(Code.NOT_ZIP, "", _why_unread(data)) from error
    except (ValueError, UnicodeError, OverflowError, MemoryError) as error:
        if isinstance(error, NotAnArchive):
            raise
        raise _refused(Code.NOT_ZIP, "", _why_unread(data)) from error
    odd = []
    if write(parts) != data:
        words = "打包方式不是原样:次序、时间、附注或夹带的字节与原件不同(各部分的内容另行核对)"
        odd.append(Finding(Code.REPACKED, "", words))
    return parts, odd


def _why_unread(data: bytes) -> str:
    if data[:2] == b"PK":
        return "文件不完整或已损坏,读不出来(可能没有下载完整),请重新下载或从备份取出"
    return "这不是考核档案(不是 zip 文件),请确认选对了文件"


def _refuse_hostile(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what no archive of ours has, before a single member is read."""
    if len(members) > MOST_PARTS:
        raise _refused(Code.TOO_LARGE, "", f"里面有 {len(members):,} 个文件,超过 {MOST_PARTS:,} 个,不像考核档案")
    for member in members:
        name = member.filename
        if is_unsafe(name) or is_unsafe(member.orig_filename):
            raise _refused(Code.UNSAFE_NAME, name, "文件名想指到别的文件夹,已停止读取")
        if member.flag_bits & _ENCRYPTED:
            raise _refused(Code.COMPRESSED, name, "这一部分加了密,考核档案不加密,已停止读取")
        if member.compress_type != _STORED or member.file_size != member.compress_size:
            words = f"这一部分是压缩的(声称解开有 {member.file_size:,} 字节),考核档案从不压缩,已停止读取"
            raise _refused(Code.COMPRESSED, name, words)
    for name, times in Counter(member.filename for member in members).items():
        if times > 1:
            raise _refused(Code.TWICE, name, f"同一个文件名出现 {times} 次,不知道以哪个为准,已停止读取")
    claimed = sum(member.file_size for member in members)
    if claimed > size:
        raise _refused(Code.TOO_LARGE, "", f"各部分声称共 {claimed:,} 字节,比文件本身还大,已停止读取")


def is_unsafe(name: str) -> bool:
    """Whether a name is anything but a plain relative one."""
    if not name or name.startswith("/") or "\\" in name or ":" in name or any(ord(letter) < 32 for letter in name):
        return True
    return any(step in {"", ".", ".."} for step in name.split("/"))


def _refused(code: Code, where: str, words: str) -> NotAnArchive:
    return NotAnArchive(Finding(code, where, words))
