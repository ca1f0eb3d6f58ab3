"""Telling a list, a list on its side and a form apart, without knowing a ledger."""

from __future__ import annotations

from typing import Any

import pytest

from qingyuan.ledgers.reading.inspecting import Found, inspect, summary
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.shape import Layout, kind, names_an_attribute, shape_of
from tests.ledgers.reading.books import books, opened

LIST = [["序号", "姓名", "性别", "到访日期"], [1, "何立新", "男", "2022-10-08"], [2, "吴海", "男", "2022-10-09"]]


def found(rows: list[list[Any]], **extra: Any) -> Found:
    [sheet] = inspect(opened(rows, **extra))
    return sheet


def headings(sheet: Found) -> list[str]:
    return ["/".join(part.path) for part in sheet.columns]


def test_a_plain_list_is_described_with_the_four_keys_alone() -> None:
    assert found(LIST).as_json() == {
        "name": "Sheet1",
        "header_rows": [1],
        "columns": [
            {"header": ["序号"], "at": "A"},
            {"header": ["姓名"], "at": "B"},
            {"header": ["性别"], "at": "C"},
            {"header": ["到访日期"], "at": "D"},
        ],
        "data_rows": {"first": 2, "last": 3, "count": 2},
    }


def test_titles_reporting_lines_totals_and_notes_are_no_data() -> None:
    sheet = found(
        [
            ["龙洞镇走访登记表"],
            ["填报单位:龙洞镇", "", "", "填报日期:2022-11-01"],
            *LIST,
            ["合计", "", "", 2],
            ["注:本表每月报一次"],
            ["领导签字:"],
        ],
        merges=["A1:D1"],
    )
    assert sheet.header_rows == (3,) and (sheet.first, sheet.last, sheet.count) == (4, 5, 2)
    assert [row for row, _why in sheet.left_out] == [6, 7, 8]
    assert sheet.titles[0] == "龙洞镇走访登记表"


def test_two_and_three_levels_are_read_as_paths_from_the_top_down() -> None:
    sheet = found(
        [
            ["单位", "年内走访", "", "", "", "备注"],
            ["", "上半年", "", "下半年", "", ""],
            ["", "户数", "人数", "户数", "人数", ""],
            ["龙洞镇", 3, 9, 4, 8, ""],
            ["永宁镇", 5, 12, 1, 2, ""],
        ],
        merges=["A1:A3", "B1:E1", "B2:C2", "D2:E2", "F1:F3"],
    )
    assert sheet.header_rows == (1, 2, 3) and sheet.count == 2
    assert headings(sheet)[0] == "单位" and headings(sheet)[4] == "年内走访/下半年/人数"


def test_a_second_level_without_merged_cells_is_found_by_its_gaps() -> None:
    data = "姓名,走访,,备注\n,日期,结果,\n何立新,2022-10-08,在家,\n吴海,2022-10-09,外出,\n".encode()
    [sheet] = inspect(open_workbook(data, "走访.csv"))
    assert sheet.header_rows == (1, 2) and headings(sheet) == ["姓名", "走访/日期", "走访/结果", "备注"]


def test_a_row_that_fills_every_column_is_data_and_not_a_second_level() -> None:
    sheet = found([["姓名", "住址", "情况"], ["何立新", "龙洞村", "在家"], ["吴海", "兴隆村", "外出"]])
    assert sheet.header_rows == (1,) and sheet.count == 2


def test_headings_inside_the_list_are_told_apart_from_data() -> None:
    sheet = found([["姓名", "到访次数"], ["龙洞村:"], ["何立新", 3], ["兴隆村:"], ["吴海", 2]])
    assert sheet.count == 2 and sheet.as_json()["columns"][-1] == {
        "header": ["龙洞村:", "兴隆村:"],
        "at": "",
        "heading_rows": [2, 4],
    }


def test_the_header_repeated_on_every_page_is_no_data() -> None:
    sheet = found([*LIST, LIST[0], [3, "郑国英", "女", "2022-10-10"]])
    assert sheet.count == 3 and [row for row, _why in sheet.left_out] == [4]


def test_a_list_printed_twice_abreast_is_one_list() -> None:
    sheet = found(
        [
            ["值班表"],
            ["序号", "姓名", "电话", "", "序号", "姓名", "电话"],
            [1, "何立新", "13800000001", "", 3, "郑国英", "13800000003"],
            [2, "吴海", "13800000002", "", "", "", ""],
        ],
        merges=["A1:G1"],
    )
    assert headings(sheet) == ["序号", "姓名", "电话"] and sheet.count == 3
    assert sheet.abreast == (("A", "C"), ("E", "G")) and "并排 2 份" in summary(sheet)


@pytest.mark.parametrize(
    "rows",
    [
        [["单位名称", "龙洞镇"], ["填报日期", "2022-10-08"], ["在册人数", 31], ["负责人姓名", "何立新"]],
        [["姓名", "何立新", "吴海"], ["出生日期", "1990-01-01", "1985-03-12"], ["走访次数", 3, 4], ["走访结果", "在家", "外出"]],
        [["序号", 1, 2, 3], ["姓名", "何立新", "吴海", "郑国英"], ["走访次数", 3, 4, 1], ["走访结果", "在家", "外出", "在家"]],
        [["项目名称", "东山街道", "合计"], ["在册人数", 31, 31], ["新增人数", 2, 2], ["检测人次", 99, 99]],
        [
            ["项目", "一、在册", "1.期初", "2.增加", "二、检测", "1.次数", "2.人数"],
            ["东山街道", "", 31, 2, "", 99, 30],
            ["永宁镇", "", 20, 1, "", 50, 20],
        ],
    ],
)
def test_a_list_on_its_side_is_read_from_its_side(rows: list[list[Any]]) -> None:
    sheet = found(rows)
    assert sheet.turned and not sheet.not_a_list
    assert headings(sheet) == [str(row[0]) for row in rows]
    assert sheet.count == len(rows[0]) - 1 and sheet.as_json()["transposed"] is True


@pytest.mark.parametrize(
    ("rows", "merges", "why"),
    [
        (
            [["会议时间", "2022.1.20", "地点", "会议室"], ["会议名称", "例会", "主持人", "何立新"], ["会议议题", "走访", "记录人", "吴海"]],
            [],
            "写着数或日期",
        ),
        (
            [["姓名", "何立新", "性别", "男"], ["住址", "龙洞村", "电话", "13800000001"], ["职务", "无", "备注", "在家"]],
            [],
            "一格栏名、一格内容",
        ),
        (
            [["名称", "厂家", "主要参数", ""], ["甲", "子", "型号", "8K"], ["", "", "功率", "2.9kW"], ["", "", "电压", "220V"]],
            ["C1:D1", "A2:A4", "B2:B4"],
            "没有自己的栏名",
        ),
        (
            [["中文名", "何立新", "成就", "甲"], ["外文名", "He", "", "乙"], ["别名", "新", "", "丙"], ["出生地", "云岭", "院校", "云岭"]],
            ["C1:C3"],
            "向下合并",
        ),
        (
            [["单位", "经办", "去向", "附记"], ["事项", "走访", "", "丙"], ["经过", "略", "丁", ""], ["后续", "略", "戊", ""]],
            ["B2:C2", "C3:D3", "A4:B4"],
            "合并得不一样",
        ),
        ([["何立新"], ["吴海"]], [], "只有一列"),
        ([], [], "空的"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(rows: list[list[Any]], merges: list[str], why: str) -> None:
    sheet = found(rows, merges=merges)
    assert why in sheet.not_a_list and sheet.columns == [] and sheet.count == 0
    assert sheet.as_json()["not_a_list"] == summary(sheet)


def test_a_form_below_a_list_is_told_and_the_list_still_shown() -> None:
    rows = [["姓名", "职务", "任期", ""], ["", "", "起", "止"], ["何立新", "主任", "2019-06-15", "2023-06-14"]]
    rows += [["吴海", "副主任", "2019-06-15", "2023-06-14"], ["主任人数:", "", "1", ""], ["副主任人数:", "", "1", ""], ["干事人数:", "", "0", ""]]
    sheet = found(rows, merges=["A1:A2", "B1:B2", "C1:D1", *(f"A{n}:B{n}" for n in (5, 6, 7)), *(f"C{n}:D{n}" for n in (5, 6, 7))])
    assert "第 5 至 7 行" in sheet.not_a_list and sheet.columns == []
    assert sheet.list_part is not None and sheet.list_part.count == 2
    assert headings(sheet.list_part) == ["姓名", "职务", "任期/起", "任期/止"]


def test_every_sheet_is_described_hidden_ones_too() -> None:
    workbook = open_workbook(books({"九月": LIST, "说明": [["填写说明"]]}), "a.xlsx")
    workbook.sheets[1].hidden = True  # type: ignore[misc]
    first, second = inspect(workbook)
    assert first.count == 2 and second.not_a_list and second.as_json()["hidden"] is True


def test_a_long_sheet_is_a_list_even_if_its_first_column_names_attributes() -> None:
    rows = [["甲人数", "乙"], *([f"第{letter}项人数", "x" if number % 2 else number] for number, letter in enumerate("一二三四五" * 60))]
    assert shape_of(opened(rows).sheets[0]).layout == Layout.LIST


@pytest.mark.parametrize(
    ("cell", "said"),
    [("1,182,871.70", "number"), (3, "number"), ("19.69% ", "number"), ("2016年7月7日", "date"), ("2022.1.20", "date"),
     ("何立新", "text"), ("0000-0000000", "text"), ("-", ""), ("", "")],
)
def test_the_kind_of_a_cell(cell: Any, said: str) -> None:
    assert kind(cell) == said


@pytest.mark.parametrize("text", ["担保金额", "出生日期", "占比(%)", "认缴出资额(万元)", "是否履行", "净重 (克)", "联系电话:"])
def test_names_of_attributes(text: str) -> None:
    assert names_an_attribute(text)


@pytest.mark.parametrize("text", ["何立新", "龙洞镇", "云岭市禁毒协会", "2022-10-08", "31", ""])
def test_names_of_things_and_people_are_none(text: str) -> None:
    assert not names_an_attribute(text)
