"""How a typed body is read into blocks. No database."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.papers.text import LONGEST_BODY, MOST_ROWS, as_typed, numbered, read_body, secret_mark
from qingyuan.documents.model import Align, Heading, KeyValue, Paragraph, Table

BODY = """为做好岁末年初工作,现通知如下。
一、压实责任
（一）主要负责同志亲自抓
1.每月研究一次。研究情况记入会议台账。
(1)指定专人。
(2)按月报送。
（二）分管同志具体抓
二、抓好落实
各地要认真执行。
"""


def kinds(text: str, *, minutes: bool = False) -> list[str]:
    return [type(block).__name__ for block in read_body(text, minutes=minutes).blocks]


def test_headings_of_four_levels_are_recognised_and_their_numbers_agree() -> None:
    read = read_body(BODY)
    assert read.slips == ()
    headings = [(block.level, block.text) for block in read.blocks if isinstance(block, Heading)]
    assert headings == [
        (1, "压实责任"), (2, "主要负责同志亲自抓"), (3, "每月研究一次。"), (4, "指定专人。"), (4, "按月报送。"),
        (2, "分管同志具体抓"), (1, "抓好落实"),
    ]  # fmt: skip
    third = next(block for block in read.blocks if isinstance(block, Heading) and block.level == 3)
    assert third.follows[0].text == "研究情况记入会议台账。"


@pytest.mark.parametrize(
    ("text", "line", "written", "expected"),
    [
        ("一、甲\n三、乙", 2, "三、", "二、"),
        ("二、甲", 1, "二、", "一、"),
        ("一、甲\n（一）乙\n二、丙\n（二）丁", 4, "（二）", "（一）"),
        ("1.甲\n3.乙", 2, "3.", "2."),
    ],
)
def test_a_number_out_of_order_is_told_with_its_line(text: str, line: int, written: str, expected: str) -> None:
    slip = read_body(text).slips[0]
    assert slip.line == line
    assert written in slip.message and expected in slip.message


@given(st.lists(st.integers(min_value=1, max_value=4), max_size=30))
def test_headings_numbered_as_the_standard_counts_are_never_complained_about(levels: list[int]) -> None:
    """Whatever the order of levels: numbers made by an independent count agree with what the reader expects."""
    counts = [0, 0, 0, 0]
    lines = []
    for level in levels:
        counts[level - 1] += 1
        counts[level:] = [0] * (4 - level)
        lines.append(numbered(level, counts[level - 1]) + "事项")
    read = read_body("\n".join(lines))
    assert read.slips == ()
    assert [block.level for block in read.blocks if isinstance(block, Heading)] == levels


def test_amounts_and_years_at_the_head_of_a_line_are_no_headings() -> None:
    assert kinds("1.5 克海洛因\n2022 年以来\n十一、") == ["Paragraph"] * 3


def test_a_pasted_sheet_is_a_table_with_caption_and_note() -> None:
    read = read_body(
        "情况如下。\n表1：各地情况\n单位\t破案\t说明\n龙洞镇\t12\t持续走访重点场所,没有空档\n石桥镇\t—\t无\n注：截至十月底\n请对照整改。"
    )
    assert read.slips == () and read.lines == (1, 2, 7)
    table = read.blocks[1]
    assert isinstance(table, Table)
    assert (table.caption, table.note, table.headers) == ("各地情况", "截至十月底", ("单位", "破案", "说明"))
    assert table.align == (Align.CENTER, Align.RIGHT, Align.LEFT)


def test_a_ragged_table_names_its_line_and_both_counts() -> None:
    read = read_body("甲\t乙\n1\t2\n3")
    assert [type(block) for block in read.blocks] == [Table, Paragraph]
    ragged = read_body("甲\t乙\n1\t2\t3")
    assert ragged.blocks == () and ragged.slips[0].line == 2
    assert "3 格" in ragged.slips[0].message and "2 列" in ragged.slips[0].message


def test_a_table_of_a_header_alone_or_too_long_is_refused() -> None:
    assert "没有数据行" in read_body("甲\t乙").slips[0].message
    long = "\n".join(["甲\t乙"] * (MOST_ROWS + 1))
    assert "附件" in read_body(long).slips[0].message


def test_minutes_begin_with_who_met_and_a_notice_does_not() -> None:
    text = "时间：2022年9月9日\n出席：市公安局、市司法局\n会议议定：\n时间：不在开头"
    read = read_body(text, minutes=True)
    head = read.blocks[0]
    assert isinstance(head, KeyValue) and head.pairs == (("时间", "2022年9月9日"), ("出席", "市公安局、市司法局"))
    assert kinds(text, minutes=True) == ["KeyValue", "Paragraph", "Paragraph"]
    assert kinds(text) == ["Paragraph"] * 4


def test_a_body_too_long_is_one_slip_and_no_blocks() -> None:
    read = read_body("字" * (LONGEST_BODY + 1))
    assert read.blocks == () and "附件" in read.slips[0].message


@given(st.text(alphabet=string.ascii_letters + "一二、（）().。\t\n 表注:：1234", max_size=300))
def test_nothing_typed_is_lost_or_breaks_the_reader(text: str) -> None:
    """Every line without tabs that carries words comes back in some block, whatever was typed."""
    read = read_body(text)
    if read.slips:
        return
    printed = "".join(
        block.text + ("".join(run.text for run in block.follows) if isinstance(block, Heading) else "")
        if isinstance(block, Paragraph | Heading)
        else block.caption + block.note + "".join(block.headers) + "".join("".join(row) for row in block.rows)
        for block in read.blocks
        if isinstance(block, Paragraph | Heading | Table)
    )
    letters = [char for char in text if char.isascii() and char.isalpha()]
    assert sorted(char for char in printed if char.isascii() and char.isalpha()) == sorted(letters)


@pytest.mark.parametrize("text", ["秘密★10年", "机密 ★1年", "密级：绝密", "绝密☆"])
def test_marks_of_state_secrets_are_seen(text: str) -> None:
    assert secret_mark("普通标题", f"前文{text}后文")


def test_speaking_of_secrecy_is_no_secret() -> None:
    assert secret_mark("关于做好保密工作的通知", "遵守工作秘密管理规定;商业秘密另行规定") == ""


# --- blocks typed again ---------------------------------------------------------------------------------------------------
WORDS = st.text("计划任务12abc、.（）一 \t\n。；", min_size=1, max_size=30).filter(lambda text: bool(text.split()))
CELLS = st.lists(WORDS, min_size=2, max_size=2).map(tuple)
BLOCKS = st.one_of(
    WORDS.map(Paragraph.of),
    st.builds(Heading, st.sampled_from([1, 2]), st.text("指标任务甲乙", min_size=1, max_size=8)),
    st.builds(Table, headers=CELLS, rows=st.lists(CELLS, min_size=1, max_size=3).map(tuple)),
)


@given(st.lists(BLOCKS, min_size=1, max_size=8))
def test_blocks_typed_out_are_read_as_the_same_kinds_without_a_slip(blocks: list[Heading | Paragraph | Table]) -> None:
    apart = [block for one in blocks for block in (one, Paragraph.of("另起。"))]  # tables that touch become one, as in a sheet
    read = read_body(as_typed(apart))
    assert read.slips == ()
    assert [type(block) for block in read.blocks] == [type(block) for block in apart]
    assert [block.text for block in read.blocks if isinstance(block, Heading)] == [block.text for block in apart if isinstance(block, Heading)]


def test_a_sentence_that_looks_like_a_heading_stays_a_sentence() -> None:
    typed = as_typed([Heading(1, "指标"), Paragraph.of("一、办班;\n二、检查。"), Table(headers=("甲", "乙"), rows=(("1", ""),), note="未审计")])
    assert typed.splitlines() == ["一、指标", "“一、办班; 二、检查。”", "甲\t乙", "1\t—", "注：未审计"]
