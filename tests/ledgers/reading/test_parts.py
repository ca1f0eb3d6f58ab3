"""One list in several places: sheets of a kind, copies abreast, pages, a list on its side; and headings in levels."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.blocks import side_by_side
from qingyuan.ledgers.reading.header import find_header
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.parts import Stretch, Turned, place_of
from qingyuan.ledgers.reading.reader import NoTable, RowReading, TableReading, read_table
from qingyuan.ledgers.reading.rows import Skip
from tests.ledgers.reading.books import books, opened
from tests.ledgers.reading.columns import ID_NUMBERS, SEIZURES, TESTS, Spec, reading

HEADERS = ["序号", "姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人"]
PEOPLE = [("何立新", ID_NUMBERS[0]), ("吴海", ID_NUMBERS[1]), ("郑国英", ID_NUMBERS[2])]


def row(number: int, person: int, day: str = "2022-10-08", result: str = "阴性") -> list[Any]:
    return [number, *PEOPLE[person], day, "尿液", result, "李秀、王平"]


def table_of(sheets: dict[str, list[list[Any]]], columns: tuple[Spec, ...] = TESTS, **extra: Any) -> TableReading:
    return read_table(open_workbook(books(sheets, **extra), "台账.xlsx"), columns, reading())


def places(table: TableReading, rows: list[RowReading]) -> list[str]:
    return [place_of([stretch.as_json() for stretch in table.stretches], each.number) for each in rows]


# --- several sheets ------------------------------------------------------------------------------------------------


def test_a_sheet_a_month_is_read_as_one_list_and_addresses_name_the_sheet() -> None:
    table = table_of(
        {
            "9月": [["龙洞镇尿检登记"], HEADERS, row(1, 0, "2022-09-08"), row(2, 1, "2022-09-31")],
            "10月": [HEADERS, row(1, 0), row(2, 1, result="不知")],
            "说明": [["每月五日前报"]],
        }
    )
    rows = list(table)
    assert [each.values["name"] for each in rows] == ["何立新", "吴海", "何立新", "吴海"]
    assert [problem.address for each in rows for problem in each.problems] == ["9月!D4", "10月!F3"]
    assert places(table, rows) == ["9月 3", "9月 4", "10月 2", "10月 3"]
    assert [each.number for each in rows] == sorted({each.number for each in rows})
    assert "2 张工作表" in table.warnings[0] and "9月、10月" in table.warnings[0] and table.sheet_words == "9月、10月"


def test_a_sheet_that_sums_up_the_others_adds_nothing_twice() -> None:
    september, october = row(1, 0, "2022-09-08"), row(1, 1)
    summed = [HEADERS, row(1, 0, "2022-09-08"), row(2, 1), row(3, 2)]
    table = table_of({"9月": [HEADERS, september], "10月": [HEADERS, october], "汇总": summed})
    assert [each.values["name"] for each in table] == ["何立新", "吴海", "郑国英"]
    assert table.skipped[Skip.REPEATED] == 2


def test_the_same_row_twice_in_one_sheet_stays_twice_for_the_check_to_tell() -> None:
    table = table_of({"9月": [HEADERS, row(1, 0), row(2, 0)], "10月": [HEADERS, row(1, 1)]})
    assert len(list(table)) == 3 and not table.skipped


def test_columns_in_another_order_are_laid_out_like_the_best_sheet_for_the_workbook_that_goes_back() -> None:
    other = ["姓名", "结果", "检测日期", "身份证号", "检测方式", "检测人", "村"]
    september = [[*HEADERS, "备注"], [*row(1, 0, "2022-09-08"), "无"]]
    october = [other, ["吴海", "阴性", "2022-10-08", ID_NUMBERS[1], "尿液", "李秀、王平", "兴隆村"]]
    table = table_of({"9月": september, "10月": october})
    first, second = list(table)
    assert table.header.sheet == "9月" and len(second.raw) == len(first.raw)
    assert second.raw[1:7] == ["吴海", ID_NUMBERS[1], "2022-10-08", "尿液", "阴性", "李秀、王平"]
    assert any("10月" in warning and "村" in warning for warning in table.warnings)


def test_a_sheet_of_another_kind_is_named_and_not_read() -> None:
    relatives = [["姓名", "身份证号", "检测日期", "与本人关系"], ["吴海", ID_NUMBERS[1], "2022-10-08", "父"]]
    table = table_of({"登记": [HEADERS, row(1, 0)], "家属": relatives})
    assert len(list(table)) == 1 and table.sheets == ("登记",)
    assert "家属" in table.warnings[0] and "没有读" in table.warnings[0]


def test_sheets_that_weigh_in_other_units_are_not_mixed() -> None:
    def sheet(unit: str) -> list[list[Any]]:
        return [["案件编号", "查获日期", "毒品种类", f"净重({unit})"], [unit, "2022-10-08", "冰毒", 2]]

    table = table_of({"甲": sheet("克"), "乙": sheet("公斤")}, SEIZURES)
    assert len(list(table)) == 1 and any("没有读" in warning for warning in table.warnings)


def test_many_sheets_are_named_in_a_few_words() -> None:
    table = table_of({f"{number}号禁毒工作服务站": [HEADERS, row(1, 0, f"2022-10-{number:02d}")] for number in range(1, 13)})
    assert len(list(table)) == 12 and "等 12 张" in table.sheet_words and len(table.sheet_words) <= 80


# --- copies abreast and pages ---------------------------------------------------------------------------------------


def abreast(*pairs: tuple[list[Any], list[Any]]) -> list[list[Any]]:
    return [[*left, "", *right] for left, right in pairs]


def test_a_list_printed_twice_abreast_is_one_list_with_the_cells_own_addresses() -> None:
    table = table_of({"Sheet1": abreast((HEADERS, HEADERS), (row(1, 0), row(3, 2, "2022.9.31")), (row(2, 1), [""] * 7))})
    rows = list(table)
    assert [each.values["name"] for each in rows] == ["何立新", "吴海", "郑国英"]
    assert [problem.address for problem in rows[2].problems] == ["L2"]
    assert places(table, rows) == ["2(A—G)", "3(A—G)", "2(I—O)"]
    assert rows[2].raw[1] == "郑国英" and "并排印了 2 份" in table.warnings[0]


def test_pages_are_read_one_after_the_other_each_from_left_to_right() -> None:
    page = (HEADERS, HEADERS)
    rows = [["登记表"], *abreast(page, (row(1, 0), row(2, 1)), page, (row(3, 2), row(4, 0, "2022-10-15")))]
    table = table_of({"Sheet1": rows}, merges=["A1:O1"])
    read = list(table)
    assert [(each.values["name"], str(each.values["tested_on"])) for each in read] == [
        ("何立新", "2022-10-08"),
        ("吴海", "2022-10-08"),
        ("郑国英", "2022-10-08"),
        ("何立新", "2022-10-15"),
    ]
    assert table.skipped[Skip.HEADER] == 2 and len({each.number for each in read}) == 4


def test_two_levels_abreast_with_merged_cells_down_the_rows() -> None:
    top, below = ["姓名", "身份证号", "检测", "", ""], ["", "", "日期", "方式", "结果"]
    rows = [[*top, *top], [*below, *below]]
    rows += [["何立新", ID_NUMBERS[0], "2022-10-08", "尿液", "阴性", "吴海", ID_NUMBERS[1], "2022-10-08", "尿液", "阴性"]]
    rows += [["", "", "2022-10-15", "尿液", "阴性", "", "", "2022-10-15", "尿液", "阴性"]]
    merges = ["A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2", "H1:J1", "A3:A4", "B3:B4", "F3:F4", "G3:G4"]
    read = list(table_of({"Sheet1": rows}, merges=merges))
    assert [each.values["name"] for each in read] == ["何立新", "何立新", "吴海", "吴海"] and all(each.ok for each in read)


def test_a_column_named_twice_without_a_whole_copy_is_still_only_a_warning() -> None:
    table = table_of({"Sheet1": [[*HEADERS, "检测日期"], [*row(1, 0), "2022-10-09"]]})
    assert table.header.blocks == () and any("重复出现" in warning for warning in table.warnings)


@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=2, max_size=4, unique=True), st.integers(2, 4), st.booleans())
def test_any_sequence_repeated_is_found_whatever_stands_between(names: list[str], times: int, gaps: bool) -> None:
    one = [(name,) for name in names] + ([()] if gaps else [])
    blocks = side_by_side(one * times)
    assert len(blocks) == times and all(len(block) == len(names) for block in blocks)
    assert side_by_side([*(one * times), ("戊",)]) == ()


# --- a list on its side ---------------------------------------------------------------------------------------------


def test_a_list_on_its_side_is_read_a_column_a_record() -> None:
    rows = [[header, first, second] for header, first, second in zip(HEADERS[1:], row(1, 0)[1:], row(2, 1, "2022.9.31")[1:], strict=True)]
    table = table_of({"Sheet1": rows})
    read = list(table)
    assert table.header.turned and [each.values["name"] for each in read] == ["何立新", "吴海"]
    assert [problem.address for problem in read[1].problems] == ["C3"]
    assert places(table, read) == ["B 列", "C 列"] and "第一列" in table.warnings[0]


def test_turning_a_sheet_twice_gives_the_sheet() -> None:
    sheet = opened([HEADERS, row(1, 0)]).sheets[0]
    assert list(Turned(Turned(sheet)).rows()) == list(sheet.rows())


def test_a_form_of_labels_and_values_is_refused_with_the_reason() -> None:
    form = [["姓名", "何立新", "住址", "龙洞村"], ["检测日期", "2022-10-08", "检测人", "李秀"], ["结果", "阴性", "备注", "无"]]
    with pytest.raises(NoTable, match="不是名单"):
        list(table_of({"登记表": form}, SEIZURES))
    assert "不是名单" in table_of({"登记表": form}).doubt
    assert table_of({"登记": [HEADERS, row(1, 0)]}).doubt == ""


# --- levels ---------------------------------------------------------------------------------------------------------

VISITS = (
    Spec("name", "姓名", Kind.PERSON_NAME, required=True),
    Spec("decided_on", "决定日期", Kind.DATE, required=True),
    Spec("reported_on", "报到日期", Kind.DATE),
    Spec("result", "结果"),
)


def test_a_lower_heading_is_told_apart_by_the_one_above_it() -> None:
    rows = [["姓名", "决定情况", "", "报到情况", ""], ["", "日期", "文号", "日期", "结果"], ["何立新", "2022-10-08", "一号", "2022-10-15", "已报到"]]
    table = table_of({"Sheet1": rows}, VISITS, merges=["A1:A2", "B1:C1", "D1:E1"])
    [read] = list(table)
    assert str(read.values["decided_on"]) == "2022-10-08" and str(read.values["reported_on"]) == "2022-10-15"
    assert table.header.unknown == ("决定情况/文号",)


def test_three_levels_are_matched_by_their_lower_two() -> None:
    rows = [
        ["姓名", "办理情况", "", ""],
        ["", "决定", "报到", ""],
        ["", "日期", "日期", "结果"],
        ["何立新", "2022-10-08", "2022-10-15", "已报到"],
    ]
    header = find_header(opened(rows, merges=["A1:A3", "B1:D1", "C2:D2"]).sheets[0], VISITS)
    assert header is not None and header.header_rows == (1, 2, 3)
    assert header.columns == {0: "name", 1: "decided_on", 2: "reported_on", 3: "result"}


# --- under the table ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "merges", "reason"),
    [
        (["此前数据以纸质台账为准"], ["A3:G3"], Skip.NOTE),
        (["", "请各村核对"], ["B3:G3"], Skip.NOTE),
        (["", "领导签字:"], [], Skip.NOTE),
        (["经办人:李秀", "", "", "2022-11-01"], [], Skip.NOTE),
        (["", "龙洞村:"], [], Skip.SECTION),
    ],
)
def test_notes_and_headings_between_rows_are_left_out_and_counted(line: list[Any], merges: list[str], reason: Skip) -> None:
    table = table_of({"Sheet1": [HEADERS, row(1, 0), line, row(2, 1)]}, merges=merges)
    assert len(list(table)) == 2 and table.skipped == {reason: 1}


def test_places_in_words() -> None:
    first, second = Stretch("9月", 3, 40), Stretch("10月", 2, 9, offset=39)
    assert place_of([first.as_json(), second.as_json()], 41) == "10月 2"
    assert place_of([Stretch("9月", 2, 5, copy="A—C").as_json(), Stretch("9月", 2, 5, 4, "E—G").as_json()], 6) == "2(E—G)"
    assert place_of([], 17) == "17" and place_of([first.as_json()], 99) == "99"
