"""Office files from outside: what is refused before anything is parsed, and that what is not touched stays byte for byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from qingyuan.foundation.office_package import (
    PackageLimits,
    PackageRefused,
    open_package,
    parse_part,
    resolve,
    xml_text,
)
from tests.situation.blanks import document, workbook


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def with_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = content

    return change


def macro_typed(parts: dict[str, bytes]) -> None:
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")


HOSTILE = {
    "nothing": (b"", "空的"),
    "only zeros": (b"\x00" * 40, "空的"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 90, "不是 .xlsx 或 .docx"),
    "an old or locked file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧格式"),
    "half a file": (workbook()[:900], "不完整或已损坏"),
    "macros": (repacked(workbook(), with_part("xl/vbaProject.bin", b"x")), "有宏"),
    "macros by type": (repacked(workbook(), macro_typed), "有宏"),
    "a bomb": (repacked(workbook(), with_part("xl/media/zeros.bin", b"\x00" * 70_000_000)), "大得不正常"),
    "many parts": (repacked(workbook(), lambda parts: parts.update({f"x/{n}": b"" for n in range(500)})), "大得不正常"),
    "a Word file": (document(), "与扩展名 .xlsx 不符"),
    "some archive": (repacked(workbook(), lambda parts: parts.pop("[Content_Types].xml") and None), "不完整或已损坏"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_form_is_refused_with_what_to_do(what: str) -> None:
    data, words = HOSTILE[what]
    with pytest.raises(PackageRefused, match=words):
        open_package(data, "来表.xlsx", ".xlsx")


def test_a_macro_file_is_refused_by_its_name_too() -> None:
    with pytest.raises(PackageRefused, match="有宏"):
        open_package(workbook(), "来表.xlsm", ".xlsx")


def test_too_large_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(PackageRefused, match="上限"):
        open_package(workbook(), "来表.xlsx", ".xlsx", PackageLimits(file=100))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>',
    ],
)
def test_a_part_with_a_doctype_is_refused(text: str) -> None:
    with pytest.raises(PackageRefused):
        parse_part(text.encode())


def test_a_package_that_is_only_opened_is_saved_as_it_came() -> None:
    data = workbook()
    saved = open_package(data, "a.xlsx", ".xlsx").save()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(saved)) as new:
        assert old.namelist() == new.namelist()
        assert all(old.read(name) == new.read(name) for name in old.namelist())


@pytest.mark.parametrize(
    ("folder", "target", "part"),
    [
        ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets", "../media/a.png", "xl/media/a.png"),
        ("xl", "../../../../etc/passwd", "etc/passwd"),
    ],
)
def test_a_relation_cannot_leave_the_package(folder: str, target: str, part: str) -> None:
    assert resolve(folder, target) == part


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    assert xml_text("甲\x00乙\x1f\ud800丙\uffff\n") == "甲乙丙\n"
