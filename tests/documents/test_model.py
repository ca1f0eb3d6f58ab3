from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.model import BadDocument, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.documents.numbering import HeadingCounter, chinese_numeral
from qingyuan.documents.titles import balance, red_head_size, width
from qingyuan.documents.wording import attachment_labels, tight


def test_a_document_without_a_title_is_refused() -> None:
    with pytest.raises(BadDocument, match="没有标题"):
        OfficialDocument(kind=DocumentKind.NOTICE, title=" ", body=())


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\uffff"])
def test_text_that_would_break_a_word_file_is_refused(bad: str) -> None:
    with pytest.raises(BadDocument, match="控制字符"):
        Paragraph.of(f"甲{bad}乙")


def test_a_short_row_names_its_number() -> None:
    with pytest.raises(BadDocument, match="第 2 行有 1 格"):
        Table(("甲", "乙"), (("1", "2"), ("3",)))


@pytest.mark.parametrize("widths", [(1.0,), (1.0, 0.0), (1.0, -2.0)])
def test_column_widths_must_be_whole_and_positive(widths: tuple[float, ...]) -> None:
    with pytest.raises(BadDocument, match="列宽"):
        Table(("甲", "乙"), (), widths=widths)


def test_a_fifth_level_of_heading_is_refused() -> None:
    with pytest.raises(BadDocument, match="1 至 4 级"):
        Heading(5, "太深")


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numerals(number: int, words: str) -> None:
    assert chinese_numeral(number) == words


@pytest.mark.parametrize("number", [0, 100])
def test_chinese_numerals_outside_their_range_are_refused(number: int) -> None:
    with pytest.raises(BadDocument):
        chinese_numeral(number)


def test_lower_headings_start_again_under_each_higher_one() -> None:
    counter = HeadingCounter()
    levels = (1, 2, 3, 4, 4, 3, 2, 3, 1, 2)
    labels = [counter.label_of(Heading(level, "题")) for level in levels]
    assert labels == ["一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "1.", "二、", "（一）"]


def test_a_heading_without_number_does_not_count() -> None:
    counter = HeadingCounter()
    assert counter.label_of(Heading(1, "前言", numbered=False)) == ""
    assert counter.label_of(Heading(1, "形势")) == "一、"


def test_a_long_title_breaks_after_a_function_word_into_even_lines() -> None:
    title = "云岭市禁毒委员会关于2022年1—10月全市毒情形势和禁毒工作情况的通报"
    assert balance(title) == ("云岭市禁毒委员会关于2022年1—10月", "全市毒情形势和禁毒工作情况的通报")


def test_a_title_keeps_the_breaks_its_author_set() -> None:
    assert balance("关于禁毒工作\n整改情况的报告") == ("关于禁毒工作", "整改情况的报告")


def test_a_header_is_never_left_with_one_character_on_its_last_line() -> None:
    assert balance("完成时限", 3) == ("完成", "时限")
    assert balance("按期完成（人次）", 5) == ("按期完成", "（人次）")


@given(st.text(alphabet="云岭市禁毒委员会关于的和情况通报（）《》、2022%", min_size=1, max_size=90))
def test_breaking_a_title_loses_nothing_and_starts_no_line_with_a_closing_mark(title: str) -> None:
    lines = balance(title)
    assert "".join(lines) == title
    assert all(width(line) <= 20 for line in lines)
    # Where marks stand so thick that no good place is left, width comes first.
    if not any(pair in title for pair in ("）", "》", "、", "（", "《", "%")):
        assert all(len(line) > 1 for line in lines) or len(title) == 1


@pytest.mark.parametrize("length", range(4, 21))
def test_a_red_head_fits_its_line(length: int) -> None:
    size = red_head_size("禁" * length)
    assert 22 <= size <= 58
    assert size * length <= 442.3 or size == 22


def test_text_made_tight_keeps_spaces_between_latin_words() -> None:
    assert tight("2022 年 1—10 月 GB/T 9704 共 5 件") == "2022年1—10月 GB/T 9704共5件".replace("月 GB", "月GB")


def test_a_single_attachment_is_not_numbered() -> None:
    assert attachment_labels(1) == ("",)
    assert attachment_labels(2) == ("1.", "2.")
    assert attachment_labels(0) == ()
