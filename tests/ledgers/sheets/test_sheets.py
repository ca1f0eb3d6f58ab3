"""Workbooks we write: they open safely, look right to the reader, and come back as what they were."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.words import Problem
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import find_headers
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.reader import RowReading, TableReading, read_table
from qingyuan.ledgers.reading.rows import Skip
from qingyuan.ledgers.sheets import export
from qingyuan.ledgers.sheets.bad_rows import BadRow, write_bad_rows
from qingyuan.ledgers.sheets.export import TooManyRows, write_export
from qingyuan.ledgers.sheets.template import write_template
from qingyuan.ledgers.sheets.values import header_texts, sheet_name, written
from tests.ledgers.reading.books import opened
from tests.ledgers.reading.columns import ID_NUMBERS, SEIZURES, TESTS, Spec, reading

DEMO = "演示城市·虚构数据"
COLUMNS = (
    Spec("name", "姓名", Kind.PERSON_NAME, required=True),
    Spec("id_number", "身份证号", Kind.ID_NUMBER),
    Spec("tested_on", "检测日期", Kind.DATE, required=True),
    Spec("net", "净重", Kind.QUANTITY, unit="g"),
    Spec("count", "人数", Kind.INTEGER, unit="人"),
    Spec("present", "是否到场", Kind.BOOLEAN),
    Spec("staff", "检测人", Kind.STAFF),
    Spec("remark", "备注", Kind.LONG_TEXT, max_length=0),
)
ROW: tuple[Any, ...] = (
    "何立新",
    ID_NUMBERS[0],
    date(2022, 10, 8),
    Decimal("1234.5"),
    3,
    True,
    ("李秀", "王平"),
    "=1+1",
)
INJECTIONS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
    "|calc",
]


def exported(rows: Sequence[Sequence[object]], columns: Sequence[Spec] = COLUMNS, **extra: Any) -> bytes:
    stream = io.BytesIO()
    count = write_export(stream, title="检测台账", columns=columns, rows=iter(rows), **extra)
    assert count == len(rows)
    return stream.getvalue()


def read_back(data: bytes, columns: Sequence[Spec] = COLUMNS) -> list[RowReading]:
    return list(read_table(open_workbook(data, "a.xlsx"), columns, reading()))


def first_sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("bulk_from", [export.BULK_ROWS, 1])
def test_an_export_comes_back_through_the_import_as_what_it_was(bulk_from: int) -> None:
    [row] = read_back(exported([ROW], notice=DEMO, bulk_from=bulk_from))
    assert row.ok and tuple(row.values.values()) == ROW


@pytest.mark.parametrize("bulk_from", [export.BULK_ROWS, 1])
def test_an_export_has_title_notice_header_and_typed_cells(bulk_from: int) -> None:
    sheet = first_sheet(exported([ROW], notice=DEMO, bulk_from=bulk_from))
    assert sheet["A1"].value == "检测台账" and sheet["A2"].value == DEMO
    assert [cell.value for cell in sheet[3]] == [
        "姓名",
        "身份证号",
        "检测日期",
        "净重(克)",
        "人数",
        "是否到场",
        "检测人",
        "备注",
    ]
    assert sheet["B4"].data_type == "s" and sheet["B4"].number_format == "@"
    assert sheet["C4"].is_date and sheet["C4"].number_format == "yyyy-mm-dd"
    assert sheet["D4"].value == 1234.5 and sheet["E4"].value == 3
    assert sheet["F4"].value == "是" and sheet["G4"].value == "李秀、王平"
    assert sheet.freeze_panes == "A4" and sheet.auto_filter.ref


@pytest.mark.parametrize("bulk_from", [export.BULK_ROWS, 1])
@pytest.mark.parametrize("text", INJECTIONS)
def test_text_that_looks_like_a_formula_opens_as_text(text: str, bulk_from: int) -> None:
    data = exported(
        [[text]],
        [Spec("remark", "备注")],
        notice=text,
        bulk_from=bulk_from,
    )
    sheet = first_sheet(data)
    cell = sheet["A4"]
    assert cell.data_type == "s" and str(cell.value).replace("_x000D_", "").strip() == text.strip()
    assert cell.quotePrefix and cell.number_format == "@"
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        if name.startswith("xl/worksheets/"):
            content = zipfile.ZipFile(io.BytesIO(data)).read(name)
            assert b"<f>" not in content and b"<hyperlink" not in content


def test_formulas_in_every_other_workbook_we_write_stay_text_too() -> None:
    bad = io.BytesIO()
    write_bad_rows(
        bad,
        title="=1",
        labels=["=2"],
        columns={0: "name"},
        rows=[BadRow(4, ["=3"], [Problem("name", "A4", "=3", "=4")])],
    )
    template = io.BytesIO()
    columns = [Spec("name", "=姓名", example="=5", help="=6")]
    write_template(template, title="=7", columns=columns, choices={"name": ["=8"]}, instructions=["=9"])
    for stream in (bad, template):
        for sheet in openpyxl.load_workbook(stream).worksheets:
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=40
)


@pytest.mark.parametrize("bulk_from", [export.BULK_ROWS, 1])
@given(
    text=TEXTS,
    day=st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    net=st.decimals(0, 10**6, places=4),
    count=st.integers(0, 10**9),
)
def test_whatever_was_exported_is_imported_unchanged(
    bulk_from: int, text: str, day: date, net: Decimal, count: int
) -> None:
    row = ["何立新", ID_NUMBERS[1], day, net, count, False, ("李秀",), text]
    [back] = read_back(exported([row], bulk_from=bulk_from))
    assert back.ok
    assert list(back.values.values()) == row


def test_numbers_excel_would_round_are_written_as_text_and_read_back_exactly() -> None:
    columns = [Spec("name", "姓名"), Spec("amount", "金额", Kind.DECIMAL)]
    amount = Decimal("12345678901234.567")
    data = exported([["何立新", amount]], columns)
    assert first_sheet(data)["B3"].data_type == "s"
    assert read_back(data, columns)[0].values["amount"] == amount


def test_an_empty_export_still_has_its_header() -> None:
    sheet = first_sheet(exported([]))
    assert [cell.value for cell in sheet[2]][:2] == ["姓名", "身份证号"]


def test_a_large_export_is_written_as_a_stream_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    columns = [Spec("name", "姓名"), Spec("count", "人数", Kind.INTEGER)]
    count = write_export(path, title="大", columns=columns, rows=(["何立新", number] for number in range(60_000)))
    assert count == 60_000
    total = 0
    for row in read_table(open_workbook(path), columns, reading()):
        assert isinstance(row.values["count"], int)
        total += row.values["count"]
    assert total == 59_999 * 60_000 // 2


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows):
        exported([ROW] * 4)


@pytest.mark.parametrize("text", ["x" * 40_000, "甲" * 32_768])
def test_text_longer_than_a_cell_is_cut_with_a_mark(text: str) -> None:
    cut = written(Kind.LONG_TEXT, text)
    assert isinstance(cut, str) and len(cut) <= 32_767 and cut.endswith("(未完)")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("检测台账", "检测台账"),
        ("a/b:c*d?e[f]g\\h", "a b c d e f g h"),
        ("甲" * 40, "甲" * 31),
        ("'引号'", "引号"),
        ("//", "Sheet1"),
    ],
)
def test_any_title_makes_a_sheet_name_excel_accepts(title: str, name: str) -> None:
    assert sheet_name(title) == name


def test_headers_are_distinct_and_carry_their_unit() -> None:
    assert header_texts(
        [Spec("a", "重量(克)", unit="g"), Spec("b", "净重", unit="g"), Spec("c", "净重", unit="g")]
    ) == [
        "重量(克)",
        "净重(克)",
        "净重(克) 2",
    ]


def template(**extra: Any) -> bytes:
    stream = io.BytesIO()
    choices = {"sample": ["尿液", "毛发"], "result": [f"结果{number}" for number in range(200)]}
    write_template(
        stream,
        title="检测台账",
        columns=TESTS,
        choices=choices,
        notice=DEMO,
        instructions=["每月五日前报送。"],
        **extra,
    )
    return stream.getvalue()


def test_a_template_filled_in_is_imported_without_its_example_line() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = workbook.worksheets[0]
    values = ["1", "吴海", ID_NUMBERS[1], "2022-10-08", "尿液", "阴性", "李秀、王平", "无异常"]
    for column, value in enumerate(values, start=1):
        sheet.cell(5, column).value = value
    stream = io.BytesIO()
    workbook.save(stream)
    table: TableReading = read_table(open_workbook(stream.getvalue(), "a.xlsx"), TESTS, reading())
    [row] = list(table)
    assert row.ok and row.number == 5 and row.values["name"] == "吴海"
    assert table.skipped[Skip.EXAMPLE] == 1 and table.header.unknown == ()


def test_only_the_table_of_a_template_is_taken_for_a_table() -> None:
    headers = find_headers(open_workbook(template(), "a.xlsx"), TESTS)
    assert headers[0].sheet == "检测台账" and headers[0].missing_required == ()
    assert all(header.score < headers[0].score / 2 for header in headers[1:])


def test_a_template_marks_what_is_required_offers_lists_and_keeps_text_as_text() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = workbook.worksheets[0]
    assert [cell.value for cell in sheet[3]][:3] == ["序号", "姓名*", "身份证号*"]
    assert sheet["B3"].fill.fgColor.rgb != sheet["H3"].fill.fgColor.rgb
    assert sheet["A2"].value.startswith(DEMO)
    lists = {
        str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation if rule.type == "list"
    }
    assert lists["E5"].formula1 == "'可选项'!$A$2:$A$3" and lists["F5"].formula1 == "'可选项'!$B$2:$B$201"
    assert workbook["可选项"]["A2"].value == "尿液" and workbook["可选项"]["B201"].value == "结果199"
    assert lists["E5"].errorStyle == "warning"
    assert {sheet.column_dimensions[letter].number_format for letter in "CD"} == {"@"}
    assert [cell.value for cell in workbook["填写说明"][4]][:2] == ["姓名", "必填"]


def test_a_yes_or_no_column_has_its_two_words_to_choose_from() -> None:
    stream = io.BytesIO()
    write_template(stream, title="甲", columns=[Spec("present", "是否到场", Kind.BOOLEAN)])
    [rule] = first_sheet(stream.getvalue()).data_validations.dataValidation
    assert rule.formula1 == '"是,否"'


HEADERS = ["序号", "姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人", "血型"]


def bad_book(rows: list[list[Any]], columns: Sequence[Spec] = TESTS, **extra: Any) -> tuple[bytes, list[RowReading]]:
    """The bad rows of an import, as the workbook that goes back."""
    table = read_table(opened(rows, **extra), columns, reading())
    bad = [row for row in table if not row.ok]
    stream = io.BytesIO()
    header = table.header
    count = write_bad_rows(
        stream,
        title="检测台账 有问题的行",
        labels=["/".join(path) for path in header.labels],
        columns=header.columns,
        units=header.units,
        rows=[BadRow(row.number, row.raw, row.problems) for row in bad],
        notice=DEMO,
    )
    assert count == len(bad)
    return stream.getvalue(), bad


def test_bad_rows_go_back_with_reasons_comments_and_colour_and_come_in_again_when_mended() -> None:
    data, bad = bad_book(
        [
            HEADERS,
            [1, "何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "李秀、王平", "A"],
            [2, "周明华", 999999199001010059, "2022.9.31", "尿液", "阴性", "李秀、王平", "B"],
        ]
    )
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    sheet = workbook.worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["原行号", *HEADERS, "问题说明"]
    assert sheet["A4"].value == 3
    assert sheet["D4"].data_type == "s" and sheet["D4"].value == "999999199001010000"
    assert "15 位" in sheet["D4"].comment.text and "9 月没有 31 日" in sheet["E4"].comment.text
    assert sheet["D4"].fill.fgColor.rgb == sheet["E4"].fill.fgColor.rgb != sheet["C4"].fill.fgColor.rgb
    assert sheet["J4"].value.count(";") == 1 and "身份证号:Excel" in sheet["J4"].value

    [still_bad] = list(read_table(open_workbook(data, "a.xlsx"), TESTS, reading()))
    assert [problem.message for problem in still_bad.problems] == [problem.message for problem in bad[0].problems]

    sheet["D4"], sheet["E4"] = ID_NUMBERS[1], "2022-09-30"
    stream = io.BytesIO()
    workbook.save(stream)
    table = read_table(open_workbook(stream.getvalue(), "a.xlsx"), TESTS, reading())
    [mended] = list(table)
    assert mended.ok and mended.values["name"] == "周明华" and table.header.unknown == ("血型",)


def test_numbers_keep_the_unit_of_the_file_they_came_in() -> None:
    data, _bad = bad_book(
        [["单位:公斤"], ["案件编号", "查获日期", "毒品种类", "净重"], ["A1", "2022.9.31", "冰毒", 1.2]], SEIZURES
    )
    sheet = first_sheet(data)
    assert sheet["E3"].value == "净重(公斤)"
    [row] = read_back(data, SEIZURES)
    assert row.values["net"] == Decimal(1200)


def test_a_unit_already_in_the_header_is_not_written_twice() -> None:
    for label in ("净重(公斤)", "净重(kg)", "净重/公斤"):
        data, _bad = bad_book([["案件编号", "查获日期", "毒品种类", label], ["A1", "2022.9.31", "冰毒", 1.2]], SEIZURES)
        assert first_sheet(data)["E3"].value == label


def test_two_level_headers_come_back_in_one_line_and_are_read_again() -> None:
    merges = ["A1:A2", "B1:B2", "C1:E1"]
    rows: list[list[Any]] = [
        ["姓名", "身份证号", "检测", "", ""],
        ["", "", "日期", "方式", "结果"],
        ["何立新", ID_NUMBERS[0], "2022.9.31", "尿液", "阴性"],
    ]
    data, _bad = bad_book(rows, merges=merges)
    assert first_sheet(data)["D3"].value == "检测/日期"
    [row] = read_back(data, TESTS)
    assert [problem.column for problem in row.problems] == ["tested_on"] and row.values["result"] == "negative"


def test_a_merged_name_goes_back_with_every_row_that_needs_it() -> None:
    rows: list[list[Any]] = [
        HEADERS[:6],
        [1, "何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性"],
        [2, "", "", "2022.9.31", "尿液", "阴性"],
    ]
    data, _bad = bad_book(rows, merges=["B2:B3", "C2:C3"])
    [row] = read_back(data, TESTS)
    assert row.values["name"] == "何立新" and [problem.column for problem in row.problems] == ["tested_on"]


def test_a_problem_of_the_whole_row_stands_in_the_last_column() -> None:
    stream = io.BytesIO()
    rows = [BadRow(7, ["何立新"], [Problem("", "", "", "与第 3 行重复", hint="第 3 行")])]
    write_bad_rows(stream, title="甲", labels=["姓名"], columns={0: "name"}, rows=rows)
    assert first_sheet(stream.getvalue())["C4"].value == "与第 3 行重复"
