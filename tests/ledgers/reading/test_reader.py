"""The stream of rows: what is data, what is left out, and every problem at its address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rustpy_xlsxwriter import write_worksheet

from qingyuan.foundation.identity import REASON_EXCEL
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import find_headers
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.reader import NoTable, RowReading, TableReading, read_table
from qingyuan.ledgers.reading.rows import Skip, skip_words
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from tests.ledgers.reading.books import book, books, opened
from tests.ledgers.reading.columns import ID_NUMBERS, SEIZURES, TESTS, Spec, reading

HEADERS = ["序号", "姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人", "备注"]
GOOD = ["何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "李秀、王平", ""]
CASE_HEADERS = ["案件编号", "查获日期", "毒品种类", "净重(克)", "抓获人数"]


def table(rows: list[list[Any]], columns: tuple[Spec, ...] = TESTS, **extra: Any) -> TableReading:
    return read_table(opened(rows, **extra), columns, reading(year_hint=2022))


def read(rows: list[list[Any]], columns: tuple[Spec, ...] = TESTS, **extra: Any) -> list[RowReading]:
    return list(table(rows, columns, **extra))


def test_a_good_row_becomes_values_by_name() -> None:
    [row] = read([HEADERS, [1, *GOOD]])
    assert row.ok and row.number == 2 and row.notes == []
    assert row.values == {
        "name": "何立新",
        "id_number": ID_NUMBERS[0],
        "tested_on": date(2022, 10, 8),
        "sample": "urine",
        "result": "negative",
        "staff": ("李秀", "王平"),
        "remark": None,
    }


def test_a_messy_month_as_offices_keep_it() -> None:
    reading = table(
        [
            ["龙洞镇2022年尿检登记(10月)"],
            ["填报单位:龙洞镇"],
            HEADERS,
            [1, "周明华", 999999199001010059, "2022.9.31", "尿液", "阴性", "李秀、王平"],
            [2, "吴 海", ID_NUMBERS[1], "二〇二二年十月八日", "尿检板", "阴性", "李秀"],
            [],
            ["", "小计", "", "", "", 2],
            [3, "郑国英", ID_NUMBERS[2][:17] + "1", 44843, "尿液", "阳", "李秀、王平"],
            [4],
            ["合 计", "", "", "", "", 3],
            ["填表人:李秀", "", "", "审核人:王平"],
        ],
        merges=["A1:H1"],
    )
    rows = list(reading)
    assert [row.number for row in rows] == [4, 5, 8]
    assert [(problem.column, problem.address) for row in rows for problem in row.problems] == [
        ("id_number", "C4"),
        ("tested_on", "D4"),
        ("sample", "E5"),
        ("id_number", "C8"),
    ]
    assert rows[0].problems[0].message == REASON_EXCEL
    assert rows[0].problems[1].value == "2022.9.31" and "9 月没有 31 日" in rows[0].problems[1].message
    assert rows[1].problems[0].hint == "尿液" and rows[1].values["name"] == "吴海"
    assert rows[2].values["tested_on"] == date(2022, 10, 9) and rows[2].notes[0].address == "D8"
    assert reading.skipped == {Skip.BLANK: 2, Skip.TOTAL: 2, Skip.NOTE: 1}
    term = reading.unknown_terms["sample", "尿检板"]
    assert term.count == 1 and term.suggestions[0].value == "urine"


def test_an_empty_required_cell_is_named_with_its_address() -> None:
    [row] = read([HEADERS, [1, "何立新", "", "2022-10-08", "尿液", " ", "李秀"]])
    assert [(problem.column, problem.address) for problem in row.problems] == [("id_number", "C2"), ("result", "F2")]
    assert all("必填" in problem.message for problem in row.problems)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], Skip.BLANK),
        ([7], Skip.BLANK),
        ([7, " ", "\u3000"], Skip.BLANK),
        (["", "合计", "", "", "", 12], Skip.TOTAL),
        (["合  计", 12], Skip.TOTAL),
        (["", "东山街道小计", "", "", "", 3], Skip.TOTAL),
        (["本页合计:", "", 12], Skip.TOTAL),
        (["累计", 12], Skip.TOTAL),
        (["注:结果以实验室复核为准"], Skip.NOTE),
        (["", "说明:本表由乡镇填报"], Skip.NOTE),
        (["填表人:李秀", "", "", "联系电话:13812345678"], Skip.NOTE),
        (["审核:王平"], Skip.NOTE),
        (["第 1 页 共 2 页"], Skip.NOTE),
        (HEADERS, Skip.HEADER),
        (["序 号", " 姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人", "备注"], Skip.HEADER),
        (["龙洞镇尿检登记表"], Skip.TITLE),
        (["示例", "何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "李秀、王平"], Skip.EXAMPLE),
    ],
)
def test_rows_that_are_not_data_are_left_out_and_counted(row: list[Any], reason: Skip) -> None:
    reading = table([["龙洞镇尿检登记表"], HEADERS, [1, *GOOD], row, [2, *GOOD]])
    assert [each.number for each in reading] == [3, 5]
    assert reading.skipped == {reason: 1}


def test_a_row_whose_required_cells_are_filled_is_data_whatever_its_words() -> None:
    remark = ["何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "李秀、王平", "合计检测三次;注:复核"]
    named = ["合计", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "", ""]
    assert [row.number for row in read([HEADERS, [1, *remark], [2, *named]])] == [2, 3]


def test_a_row_that_lacks_something_is_never_dropped_in_silence() -> None:
    [row] = read([HEADERS, [1, "何立新", "", "", "", "", "", "已外出"]])
    assert len(row.problems) == 3


def test_a_row_of_column_numbers_under_the_header_is_left_out() -> None:
    reading = table([HEADERS, ["甲", 1, 2, 3, 4, 5, 6, 7], [1, *GOOD]])
    assert [row.number for row in reading] == [3] and reading.skipped == {Skip.NUMBERING: 1}


def test_a_repeated_two_level_header_is_left_out() -> None:
    top = ["姓名", "身份证号", "检测", "", "", "检测人"]
    below = ["", "", "日期", "方式", "结果", ""]
    reading = table([top, below, GOOD[:6], top, below, GOOD[:6]], merges=["C1:E1", "A1:A2", "B1:B2", "F1:F2"])
    assert [row.number for row in reading] == [3, 6]


def test_what_was_left_out_is_told_in_words() -> None:
    assert skip_words({Skip.TITLE: 2, Skip.TOTAL: 5, Skip.BLANK: 9}) == "2 行标题行,5 行小计、合计"


def test_a_value_merged_over_rows_is_given_to_each_of_them() -> None:
    rows = read(
        [HEADERS, [1, *GOOD], [2, "", "", "2022-10-15", "尿液", "阴性", "李秀"], [3, "吴海", ID_NUMBERS[1], *GOOD[2:]]],
        merges=["B2:B3", "C2:C3"],
    )
    assert [row.values["name"] for row in rows] == ["何立新", "何立新", "吴海"]
    assert [row.values["id_number"] for row in rows] == [ID_NUMBERS[0], ID_NUMBERS[0], ID_NUMBERS[1]]
    assert all(row.ok for row in rows)


def test_a_blank_row_inside_a_merge_stays_blank_and_an_unmerged_blank_cell_is_not_filled() -> None:
    reading = table([HEADERS, [1, *GOOD], [], [2, "", ID_NUMBERS[1], *GOOD[2:]]], merges=["B2:B3"])
    rows = list(reading)
    assert [row.number for row in rows] == [2, 4] and rows[1].values["name"] is None


def test_a_number_merged_over_rows_is_asked_back_because_it_may_be_their_sum() -> None:
    rows = read(
        [
            CASE_HEADERS,
            ["A1", "2022-10-08", "冰毒", 30, 2],
            ["A2", "2022-10-09", "海洛因", "", 1],
            ["A3", "2022-10-10", "冰毒", 5, 1],
        ],
        SEIZURES,
        merges=["D2:D3"],
    )
    assert [[problem.address for problem in row.problems] for row in rows] == [["D2"], ["D3"], []]
    assert "2 行" in rows[0].problems[0].message


def test_units_of_headers_and_cells_end_in_grams_and_the_reading_says_so() -> None:
    reading = table(
        [
            ["案件编号", "查获日期", "毒品种类", "净重(公斤)"],
            ["A1", "2022-10-08", "冰毒", 1.2],
            ["A2", "10月9日", "冰毒", "350克"],
            ["A3", "2022-10-09", "冰毒", "3两"],
        ],
        SEIZURES,
    )
    rows = list(reading)
    assert [row.values["net"] for row in rows] == [Decimal(1200), Decimal(350), None]
    assert "不是法定计量单位" in rows[2].problems[0].message
    assert "2022" in rows[1].notes[0].message and rows[1].values["seized_on"] == date(2022, 10, 9)
    assert len(reading.warnings) == 1 and "公斤" in reading.warnings[0]


def test_a_weight_column_without_any_unit_is_warned_about() -> None:
    reading = table([["案件编号", "查获日期", "毒品种类", "净重"], ["A1", "2022-10-08", "冰毒", 12]], SEIZURES)
    assert "没写单位" in reading.warnings[0] and next(iter(reading)).values["net"] == Decimal(12)


def test_codes_hold_on_the_day_of_their_row() -> None:
    workbook = opened(
        [
            HEADERS[1:],
            ["何立新", ID_NUMBERS[0], "2010-01-01", "劳教", "阴性"],
            ["何立新", ID_NUMBERS[0], "2020-01-01", "劳教", "阴性"],
        ]
    )
    rows = list(read_table(workbook, TESTS, reading(), dated_by="tested_on"))
    assert rows[0].values["sample"] == "re-education"
    assert [problem.column for problem in rows[1].problems] == ["sample"]


def test_a_named_sheet_or_a_chosen_header_is_read() -> None:
    later = ["何立新", ID_NUMBERS[0], "2022-10-15", *GOOD[3:]]
    workbook = open_workbook(books({"9月": [HEADERS, [1, *GOOD]], "10月": [HEADERS, [1, *later], [2, *later]]}), "a.xlsx")
    assert len(list(read_table(workbook, TESTS, reading()))) == 3
    assert len(list(read_table(workbook, TESTS, reading(), sheet="9月"))) == 1
    for header in find_headers(workbook, TESTS):
        assert read_table(workbook, TESTS, reading(), header=header).header.sheet == header.sheet
    with pytest.raises(UnreadableFile, match="11月"):
        read_table(workbook, TESTS, reading(), sheet="11月")


def test_a_file_without_the_table_names_the_headers_looked_for() -> None:
    with pytest.raises(NoTable, match="姓名、身份证号"):
        table([["甲", "乙"], [1, 2]])
    with pytest.raises(NoTable, match="空的"):
        table([[]])


def test_gb18030_text_tables_read_like_workbooks() -> None:
    lines = [",".join(HEADERS), '1,何立新,999999199001010059,2022/10/8,尿液,阴性,"李秀,王平",', "合计,1"]
    workbook = open_workbook("\r\n".join(lines).encode("gb18030"), "名单.csv")
    [row] = list(read_table(workbook, TESTS, reading()))
    assert row.ok and row.values["staff"] == ("李秀", "王平")


def test_a_number_in_scientific_notation_in_a_text_table_is_refused() -> None:
    lines = ["姓名,身份证号,检测日期,结果", "何立新,9.99999E+17,2022-10-08,阴性"]
    [row] = list(read_table(open_workbook("\n".join(lines).encode(), "a.csv"), TESTS, reading()))
    assert [problem.message for problem in row.problems] == [REASON_EXCEL]


def test_the_row_as_typed_is_kept_for_the_workbook_that_goes_back() -> None:
    [row] = read([HEADERS, [1, *GOOD[:2], "2022.9.31", *GOOD[3:]]])
    assert row.raw[:4] == [1.0, "何立新", ID_NUMBERS[0], "2022.9.31"]


def test_a_serial_date_in_a_1904_workbook_is_its_own_day() -> None:
    workbook = opened([HEADERS[1:], ["何立新", ID_NUMBERS[0], 44843 - 1462, "尿液", "阴性"]])
    shifted = type(workbook)(workbook.filename, workbook.sheets, date1904=True)
    assert next(iter(read_table(shifted, TESTS, reading()))).values["tested_on"] == date(2022, 10, 9)


def test_personal_values_do_not_show_in_the_repr_of_a_problem() -> None:
    [row] = read([HEADERS, [1, "何立新", "999999199001010051", *GOOD[2:]]])
    assert "999999199001010051" not in repr(row.problems)


def test_progress_is_told_and_three_hundred_thousand_rows_stay_light(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    write_worksheet(({"姓名": f"何立{number % 7}", "次数": number} for number in range(300_000)), str(path))
    columns = (Spec("name", "姓名"), Spec("times", "次数", Kind.INTEGER))
    seen: list[tuple[int, int]] = []
    reading_table = read_table(
        open_workbook(path), columns, reading(), progress=lambda done, total: seen.append((done, total))
    )
    total = 0
    for row in reading_table:
        value = row.values["times"]
        assert isinstance(value, int)
        total += value
    assert total == 299_999 * 300_000 // 2
    assert seen[-1] == (300_001, 300_001) and len(seen) > 100


def test_reading_the_same_bytes_twice_gives_the_same_rows() -> None:
    data = book([HEADERS, [1, *GOOD]])
    first, second = (list(read_table(open_workbook(data, "a.xlsx"), TESTS, reading())) for _ in range(2))
    assert first == second
