"""Opening files: what offices send is read, what is broken, locked or hostile is turned away with what to do."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from rustpy_xlsxwriter import write_worksheet

from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.package import DEFAULT_LIMITS, MEGABYTE, Limits
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from tests.ledgers.reading.books import book, books, opened, rewritten, saved, with_cells
from tests.ledgers.reading.oldbooks import OLE, biff, compound_file, minimal_xls, small_compound_file

ROWS = [["姓名", "检测日期"], ["何立新", "2022-10-08"]]
CSV = "姓名,检测日期\n何立新,2022-10-08\n"


def read_all(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> list[list[Cell]]:
    return [row for sheet in open_workbook(data, name, limits=limits).sheets for row in sheet.rows()]


def refused(data: bytes, name: str = "台账.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as error:
        read_all(data, name, limits or DEFAULT_LIMITS)
    assert error.value.reason_zh
    return error.value.reason_zh


def test_a_workbook_is_read_from_bytes_and_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(book(ROWS))
    for source in (path, str(path), path.read_bytes()):
        workbook = open_workbook(source, "台账.xlsx")
        assert [list(row) for row in workbook.sheets[0].rows()] == ROWS


def test_rows_count_from_row_one_and_column_a_wherever_the_table_stands() -> None:
    rows = list(opened(ROWS, start="C4").sheets[0].rows())
    assert len(rows) == 5
    assert rows[3] == ["", "", "姓名", "检测日期"]


def test_hidden_sheets_are_marked() -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("代码").sheet_state = "hidden"
    workbook.create_sheet("暗").sheet_state = "veryHidden"
    sheets = open_workbook(saved(workbook), "a.xlsx").sheets
    assert [sheet.hidden for sheet in sheets] == [False, True, True]


def test_the_1904_flag_is_seen() -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = date(2022, 10, 9)
    read = open_workbook(saved(workbook), "mac.xlsx")
    assert read.date1904 and list(read.sheets[0].rows()) == [[date(2022, 10, 9)]]
    assert not opened(ROWS).date1904


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\uff0c"])
def test_text_tables_are_read_in_every_usual_encoding_and_with_every_delimiter(
    encoding: str, mark: bytes, found: str, delimiter: str
) -> None:
    data = mark + CSV.replace(",", delimiter).encode(encoding)
    workbook = open_workbook(data, "名单.csv")
    assert workbook.encoding == found and list(workbook.sheets[0].rows()) == ROWS


def test_rare_characters_of_names_survive_gb18030() -> None:
    text = "姓名,日期\n张\U00020087䶮,2022-10-08\n"
    assert list(open_workbook(text.encode("gb18030"), "a.csv").sheets[0].rows())[1][0] == "张\U00020087䶮"


def test_a_tab_separated_file_named_xls_is_read_as_text() -> None:
    data = "姓名\t检测日期\n何立新\t2022-10-08\n".encode("gb18030")
    assert list(open_workbook(data, "导出.xls").sheets[0].rows()) == ROWS


def test_text_tables_keep_quoted_line_breaks_blank_lines_and_the_text_trick_of_exports() -> None:
    data = '姓名,身份证号\n\n"何\n立新","=""999999199001010059"""\n甲,="0123"\n'.encode()
    rows = list(open_workbook(data, "a.csv").sheets[0].rows())
    assert rows == [["姓名", "身份证号"], [], ["何\n立新", "999999199001010059"], ["甲", "0123"]]


def test_the_content_decides_not_the_name() -> None:
    assert list(open_workbook(book(ROWS), "其实是.csv").sheets[0].rows()) == ROWS


@pytest.mark.parametrize("data", [b"", b"   \r\n", b"\x00" * 100])
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", ""])
def test_an_empty_file_is_named_empty(data: bytes, name: str) -> None:
    assert "空" in refused(data, name)


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.99])
def test_a_file_cut_short_is_named_damaged(cut: float) -> None:
    data = book(ROWS)
    assert "损坏" in refused(data[: int(len(data) * cut)])


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm", "a.bin"])
def test_noise_is_not_a_workbook(name: str) -> None:
    assert "损坏" in refused(bytes(range(1, 256)) * 20, name)


def test_a_binary_file_named_csv_is_not_a_text_table() -> None:
    assert "不是文本表格" in refused(bytes(range(256)) * 20, "a.csv")


def test_text_in_no_known_encoding_is_refused() -> None:
    assert "编码" in refused("姓名,".encode() + b"\xff\xff\xff\n", "a.csv")


@pytest.mark.parametrize(
    "damage",
    [
        rewritten(book(ROWS), lambda part: part[: len(part) // 2]),
        rewritten(book(ROWS), lambda part: b"", "xl/workbook.xml"),
        rewritten(book(ROWS), lambda part: b"<worksheet>", "xl/workbook.xml"),
        with_cells(book(ROWS), '<row r="3"><c r="A3" t="s"><v>99999</v></c></row>'),
        with_cells(book(ROWS), '<row r="3"><c r="A3" t="n"><v>abc</v></c></row>'),
    ],
)
def test_damaged_xml_inside_is_a_refusal_not_a_crash(damage: bytes) -> None:
    assert any(word in refused(damage) for word in ("损坏", "没有工作表"))


def test_a_password_is_named_in_both_kinds_of_container() -> None:
    assert "密码" in refused(compound_file("EncryptedPackage", b"\x00" * 4096))
    locked = bytearray(book(ROWS))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = locked.find(signature)
        while position >= 0:
            struct.pack_into("<H", locked, position + offset, 1)
            position = locked.find(signature, position + 1)
    assert "密码" in refused(bytes(locked))


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "网页"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "a.xls", "网页"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "a.xls", "XML"),
        (OLE + b"\x00" * 600, "a.et", "WPS"),
        (b"PK\x03\x04whatever", "a.wps", "WPS"),
        (compound_file("WordDocument", b"\x00" * 4096), "a.xls", "Word"),
        (compound_file("Other", b"\x00" * 4096), "a.xls", "损坏"),
        (OLE + b"\x00" * 600, "a.xls", "损坏"),
        (CSV.encode(), "a.xlsx", "损坏"),
        (b"%PDF-1.7 \x00\x01", "a.pdf", "损坏"),
    ],
)
def test_files_that_are_something_else_say_what_to_do(data: bytes, name: str, words: str) -> None:
    assert words in refused(data, name)


@pytest.mark.parametrize(
    ("member", "words"),
    [("word/document.xml", "Word"), ("xl/workbook.bin", "xlsb"), ("content.xml", "ods"), ("名单.csv", "压缩包")],
)
def test_packages_of_other_kinds_say_what_to_do(member: str, words: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(member, "x")
    assert words in refused(stream.getvalue())


def test_a_zip_bomb_is_refused_from_its_directory_without_unpacking() -> None:
    bomb = rewritten(book(ROWS), lambda part: part + b" " * (200 * MEGABYTE))
    tracemalloc.start()
    assert "大得不正常" in refused(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * MEGABYTE


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks() -> None:
    bomb = bytearray(rewritten(book(ROWS), lambda part: part + b" " * (30 * MEGABYTE)))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as package:
        true_size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    lied = bytes(bomb).replace(struct.pack("<L", true_size), struct.pack("<L", 1000))
    assert lied != bytes(bomb)
    assert "损坏" in refused(lied)


def test_many_parts_and_too_many_bytes_are_refused() -> None:
    small = Limits(file=3_000, unpacked=4_000, entries=3)
    assert "MB" in refused(book(ROWS), limits=Limits(file=1_000))
    assert "大得不正常" in refused(book(ROWS), limits=Limits(unpacked=small.unpacked))
    assert "大得不正常" in refused(book(ROWS), limits=Limits(entries=small.entries))


def test_a_path_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(ROWS))
    with pytest.raises(UnreadableFile):
        open_workbook(path, limits=Limits(file=100))
    with pytest.raises(UnreadableFile, match="打不开"):
        open_workbook(tmp_path / "没有.xlsx")


def test_a_claim_of_a_giant_sheet_costs_nothing() -> None:
    giant = rewritten(book(ROWS), lambda part: part.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert b"XFD1048576" in zipfile.ZipFile(io.BytesIO(giant)).read("xl/worksheets/sheet1.xml")
    assert list(open_workbook(giant, "a.xlsx").sheets[0].rows()) == ROWS


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        '<c\nr = "XFD1048576"><v>1</v></c>',
        '<x:c r="XFD1048576"><v>1</v></x:c>',
        '<c r="ZZ1048576"><v>1</v></c>',
    ],
)
def test_one_cell_far_out_is_refused_and_named_because_the_sheet_would_fill_the_memory(cell: str) -> None:
    reason = refused(with_cells(book(ROWS), f'<row r="1048576">{cell}</row>'))
    assert "1048576" in reason


def test_a_far_cell_with_only_a_style_is_no_matter() -> None:
    far = with_cells(book(ROWS), '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert list(open_workbook(far, "a.xlsx").sheets[0].rows())[:2] == ROWS


def test_rows_and_columns_beyond_excel_are_refused() -> None:
    for cell in ('<c r="A99999999"><v>1</v></c>', '<c r="AAAAA1"><v>1</v></c>'):
        assert "超出" in refused(with_cells(book(ROWS), f"<row>{cell}</row>"))


def test_a_quotation_mark_never_closed_is_refused() -> None:
    data = 'a,b\n"' + "x" * 1_500_000
    assert "引号" in refused(data.encode(), "a.csv")


def test_three_hundred_thousand_rows_are_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    write_worksheet(({"姓名": "何立新", "次数": number} for number in range(300_000)), str(path))
    sheet = open_workbook(path).sheets[0]
    assert sheet.row_count == 300_001
    assert sum(1 for _row in sheet.rows()) == 300_001


def test_an_old_xls_written_by_hand_is_read() -> None:
    workbook = open_workbook(minimal_xls(), "旧.xls")
    assert list(workbook.sheets[0].rows()) == [["A1", 2.0]]


@pytest.mark.parametrize(("row", "column", "words"), [(65535, 16000, "XFD"), (65535, 65535, "太开"), (0, 256, "IW1")])
def test_a_far_cell_in_an_old_xls_is_refused_and_named(row: int, column: int, words: str) -> None:
    reason = refused(minimal_xls(row, column), "旧.xls")
    assert "太开" in reason and (words in reason or column != 256)


def test_many_wide_sheets_in_one_old_xls_are_refused_together() -> None:
    small = Limits(area=100)
    assert open_workbook(minimal_xls(9, 9), "旧.xls", limits=small).sheets
    assert "太开" in refused(minimal_xls(9, 10), "旧.xls", limits=small)


def test_sheets_are_measured_together() -> None:
    two = books({"甲": [[1] * 30] * 30, "乙": [[1] * 30] * 30})
    assert open_workbook(two, "a.xlsx", limits=Limits(area=1_800)).sheets
    assert "太开" in refused(two, limits=Limits(area=1_799))


def test_a_short_old_xls_in_the_small_sectors_of_its_container_is_read() -> None:
    assert read_all(small_compound_file("Workbook", biff()), "旧.xls") == [["A1", 2.0]]


def test_a_container_that_runs_in_a_circle_is_refused() -> None:
    circle = bytearray(minimal_xls())
    struct.pack_into("<L", circle, 512 + 4 * 2, 2)
    assert "损坏" in refused(bytes(circle), "旧.xls")
