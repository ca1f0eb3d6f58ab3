"""Finding the table: titles above, synonyms, units in headers, two levels, several sheets, several ledgers."""

from __future__ import annotations

from typing import Any

import pytest

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import HeaderMatch, find_header, find_headers, guess_ledger
from qingyuan.ledgers.reading.open import open_workbook
from tests.ledgers.reading.books import books, opened
from tests.ledgers.reading.columns import ID_NUMBERS, SEIZURES, TESTS, Spec

PERSON = ["何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "李秀、王平", ""]
HEADERS = ["姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人", "备注"]


def header_of(rows: list[list[Any]], columns: tuple[Spec, ...] = TESTS, **extra: Any) -> HeaderMatch:
    found = find_header(opened(rows, **extra).sheets[0], columns)
    assert found is not None
    return found


def test_a_plain_header_in_the_first_row() -> None:
    header = header_of([HEADERS, PERSON])
    assert header.header_rows == (1,) and header.data_start == 2
    assert list(header.columns.values()) == [column.name for column in TESTS]
    assert header.unknown == () and header.missing_required == ()


def test_titles_and_reporting_lines_above_the_header_are_skipped_and_kept_as_titles() -> None:
    header = header_of(
        [
            ["龙洞镇2022年10月尿检登记表"],
            ["填报单位:龙洞镇禁毒办", "", "", "填报日期:2022年11月1日"],
            [],
            HEADERS,
            PERSON,
        ],
        merges=["A1:G1"],
    )
    assert header.header_rows == (4,) and header.data_start == 5
    assert header.titles == ("龙洞镇2022年10月尿检登记表", "填报单位:龙洞镇禁毒办 填报日期:2022年11月1日")


@pytest.mark.parametrize(
    "headers",
    [
        ["被检测人", "公民身份号码", "尿检时间", "检材", "检测结果", "检测人员", "备注"],
        ["姓 名", "身份证号\n", "检测\n日期", "检测方式", " 结果 ", "检测人:", "备 注"],
        ["*姓名", "身份证号(必填)", "检测日期*", "检测方式", "结果【必填】", "检测人", "备注"],
        ["姓名", "身份证号码(18位)", "日期(年月日)", "检测方式", "检测结果(阴/阳)", "检测人", "备注"],
        ["姓\u3000名", "身份证号", "检测日期", "检测方式", "结果", "检测人(两名)", "备注"],
    ],
)
def test_synonyms_blanks_marks_and_brackets_in_headers_do_not_matter(headers: list[str]) -> None:
    header = header_of([headers, PERSON])
    assert list(header.columns.values()) == [column.name for column in TESTS]


def test_serial_columns_are_ignored_and_strange_columns_are_named() -> None:
    header = header_of([["序号", *HEADERS, "血型"], [1, *PERSON, "A"]])
    assert header.serial_columns == (0,) and header.unknown == ("血型",)
    assert header.columns[1] == "name"


def test_missing_required_columns_are_named() -> None:
    header = header_of([["姓名", "检测日期", "结果"], ["何立新", "2022-10-08", "阴性"]])
    assert header.missing_required == ("id_number",)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("重量(克)", "克"),
        ("净重(公斤)", "公斤"),
        ("净重【kg】", "kg"),
        ("重量/克", "克"),
        ("净重", ""),
        ("缴获数量(mg)", "mg"),
    ],
)
def test_the_unit_in_a_header_is_read(text: str, unit: str) -> None:
    header = header_of([["案件编号", "查获日期", "毒品种类", text]], SEIZURES)
    assert header.columns[3] == "net" and header.units.get("net", "") == unit


def test_the_unit_may_stand_in_a_line_above_the_table() -> None:
    header = header_of(
        [["缴毒统计表"], ["填报单位:永宁镇  单位:公斤"], ["案件编号", "查获日期", "毒品种类", "净重"]], SEIZURES
    )
    assert header.units == {"net": "公斤"}


def test_two_levels_with_merged_cells_are_joined() -> None:
    header = header_of(
        [
            ["序号", "姓名", "身份证号", "检测", "", "", "检测人", "备注"],
            ["", "", "", "日期", "方式", "结果", "", ""],
            [1, *PERSON],
        ],
        merges=["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:G2", "H1:H2"],
    )
    assert header.header_rows == (1, 2) and header.data_start == 3
    assert list(header.columns.values()) == [column.name for column in TESTS]
    assert header.labels[3] == ("检测", "日期")


def test_a_second_level_that_names_every_column_does_not_hide_the_first() -> None:
    header = header_of(
        [["登记表"], ["姓名", "身份证号", "检测情况", "", ""], ["", "", "检测日期", "检测方式", "结果"], PERSON[:5]],
        merges=["A2:A3", "B2:B3", "C2:E2"],
    )
    assert header.header_rows == (2, 3) and header.titles == ("登记表",)
    assert header.labels[2] == ("检测情况", "检测日期")


def test_a_second_level_nobody_knows_is_still_header_and_not_data() -> None:
    columns = (Spec("item", "项目"), Spec("now", "本期"), Spec("before", "上年同期"))
    header = header_of(
        [["项目", "本期", "", "上年同期", ""], ["", "金额", "占比", "金额", "占比"], ["收入", 1, 2, 3, 4]],
        columns,
        merges=["A1:A2", "B1:C1", "D1:E1"],
    )
    assert header.header_rows == (1, 2) and header.data_start == 3 and len(header.columns) == 3


def test_a_reporting_cell_merged_beside_the_table_is_no_level_of_its_header() -> None:
    rows = [[*PERSON[:5], "附注"] for _number in range(5)]
    header = header_of([["登记表", "", "", "", "", "旁注"], ["甲"], ["乙"], HEADERS[:5], *rows], merges=["F1:F9"])
    assert header.header_rows == (4,)


def test_two_levels_in_a_text_table_are_joined_without_merges() -> None:
    data = "姓名,身份证号,检测,,,检测人\n,,日期,方式,结果,\n".encode() + ",".join(PERSON[:6]).encode()
    header = find_header(open_workbook(data, "a.csv").sheets[0], TESTS)
    assert header is not None and header.header_rows == (1, 2)
    assert list(header.columns.values()) == [column.name for column in TESTS[:6]]


def test_a_header_merged_over_two_rows_ends_where_the_merge_ends() -> None:
    merges = [f"{letter}1:{letter}2" for letter in "ABCDEFG"]
    header = header_of([HEADERS, [], PERSON], merges=merges)
    assert header.data_start == 3


def test_a_column_named_twice_is_read_once_and_reported() -> None:
    header = header_of([[*HEADERS, "检测日期"], [*PERSON, "2022-10-09"]])
    assert header.columns[2] == "tested_on" and header.repeated == ("检测日期",)


def test_a_header_counts_more_than_an_alias_of_another_column() -> None:
    columns = (
        Spec("happened", "日期", Kind.DATE),
        Spec("tested_on", "检测日期", Kind.DATE, aliases=("日期",)),
        Spec("name", "姓名"),
    )
    assert header_of([["姓名", "检测日期", "日期"]], columns).columns == {0: "name", 1: "tested_on", 2: "happened"}


def test_a_table_that_starts_far_from_the_corner_is_found() -> None:
    header = header_of([HEADERS, PERSON], start="D10")
    assert header.header_rows == (10,) and min(header.columns) == 3


def test_a_sheet_without_the_headers_has_no_table() -> None:
    assert find_header(opened([["甲", "乙"], ["1", "2"]]).sheets[0], TESTS) is None
    assert find_header(opened([["姓名", "年龄"], ["何立新", "30"]]).sheets[0], TESTS) is None


def test_the_best_sheet_comes_first_and_of_equal_ones_the_longer() -> None:
    workbook = open_workbook(
        books(
            {
                "说明": [["填写说明"]],
                "9月": [HEADERS, PERSON],
                "汇总": [HEADERS, PERSON, PERSON],
                "旧": [HEADERS[:3], PERSON[:3]],
            }
        ),
        "a.xlsx",
    )
    assert [header.sheet for header in find_headers(workbook, TESTS)] == ["汇总", "9月", "旧"]


def test_hidden_sheets_are_searched_only_when_there_is_no_other() -> None:
    workbook = open_workbook(books({"说明": [["填写说明"]], "数据": [HEADERS, PERSON]}), "a.xlsx")
    workbook.sheets[1].hidden = True  # type: ignore[misc]
    assert find_headers(workbook, TESTS) == ()


def test_the_ledger_of_a_file_is_guessed_by_what_it_explains() -> None:
    ledgers = {"tests": TESTS, "seizures": SEIZURES}
    tests = guess_ledger(opened([HEADERS, PERSON]), ledgers)
    assert [guess.code for guess in tests] == ["tests"] and tests[0].fit == 1.0
    seizures = guess_ledger(opened([["案件编号", "查获日期", "毒品种类", "重量(克)", "姓名", "结果"]]), ledgers)
    assert [guess.code for guess in seizures][0] == "seizures"
    assert guess_ledger(opened([["甲", "乙"]]), ledgers) == ()


def test_a_data_row_is_never_taken_for_a_second_level() -> None:
    header = header_of([HEADERS, PERSON, PERSON, PERSON])
    assert header.header_rows == (1,)
    assert header_of([["标题"], HEADERS, PERSON], merges=["A1:G1"]).header_rows == (2,)
