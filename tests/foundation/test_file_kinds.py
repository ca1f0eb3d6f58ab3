"""A file is what its first bytes say; a name that says otherwise is refused with what to do."""

from __future__ import annotations

import pytest

from qingyuan.foundation.file_kinds import FileKind, WrongFile, check_name, kind_of

HEADS = {
    FileKind.PDF: b"%PDF-1.7\n",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n\x00\x00",
    FileKind.JPEG: b"\xff\xd8\xff\xe0",
    FileKind.OFFICE: b"PK\x03\x04\x14\x00",
    FileKind.OLD_OFFICE: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
    FileKind.TEXT: "姓名,身份证号\n".encode("gb18030"),
    FileKind.OTHER: b"MZ\x90\x00",
}


@pytest.mark.parametrize("kind", list(HEADS))
def test_a_kind_is_known_by_its_first_bytes(kind: FileKind) -> None:
    assert kind_of(HEADS[kind]) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("本月.xlsx", FileKind.OFFICE),
        ("旧表.xls", FileKind.OLD_OFFICE),
        ("其实是新表.xls", FileKind.OFFICE),
        ("系统导出.xls", FileKind.TEXT),
        ("名单.csv", FileKind.TEXT),
        ("扫描.PDF", FileKind.PDF),
        ("照片.JPG", FileKind.JPEG),
        ("没有后缀", FileKind.PNG),
    ],
)
def test_names_that_offices_give_are_taken(name: str, kind: FileKind) -> None:
    assert check_name(name, HEADS[kind]) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("照片.png", FileKind.PDF),
        ("扫描.pdf", FileKind.OFFICE),
        ("名单.xlsx", FileKind.PDF),
        ("名单.csv", FileKind.OFFICE),
        ("照片.jpg", FileKind.TEXT),
    ],
)
def test_a_name_that_says_otherwise_is_refused(name: str, kind: FileKind) -> None:
    with pytest.raises(WrongFile, match="只改后缀"):
        check_name(name, HEADS[kind])


@pytest.mark.parametrize("suffix", [".exe", ".html", ".svg", ".js", ".bat", ".php", ".zip"])
def test_what_nobody_needs_is_refused_by_its_name(suffix: str) -> None:
    with pytest.raises(WrongFile, match="不收"):
        check_name(f"名单{suffix}", HEADS[FileKind.OFFICE])


@pytest.mark.parametrize("head", [b"GIF89a", b"\x7fELF", b"#!/bin/sh\n", b"\x1f\x8b\x08", b"a\0b"])
def test_programs_archives_and_other_pictures_are_no_text(head: bytes) -> None:
    assert kind_of(head) is FileKind.OTHER
