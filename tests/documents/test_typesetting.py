"""Punctuation and check values as papers set them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.model import Align, Heading, KeyValue, Paragraph, Table
from qingyuan.documents.typesetting import grouped, set_wide
from qingyuan.documents.wording import wide


@pytest.mark.parametrize(("narrow", "set_as"), [
    ("经自评,已审定:合格;(满分100)", "经自评，已审定：合格；（满分100）"), ("共1,234人,10:30到", "共1,234人，10:30到"), ("R05, (a)", "R05, (a)"),
    ("5 × 3 = 15,封顶得10", "5 × 3 = 15，封顶得10"), ("", ""),
])  # fmt: skip
def test_punctuation_of_a_chinese_text_is_wide_and_of_numbers_it_is_not(narrow: str, set_as: str) -> None:
    assert wide(narrow) == set_as


@given(st.text(alphabet="甲乙1290,:;()ab ", max_size=40))
def test_setting_twice_changes_nothing_more_and_no_letter_is_lost(text: str) -> None:
    once = wide(text)
    assert wide(once) == once and len(once) == len(text)
    assert [sign for sign in once if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


def test_every_kind_of_block_is_set() -> None:
    body = set_wide([
        Paragraph.of("甲,乙"), Heading(1, "甲(乙)"), KeyValue((("甲:", "乙;"),)),
        Table(headers=("甲,",), rows=(("乙,",),), widths=(1,), align=(Align.LEFT,), note="丙:"),
    ])  # fmt: skip
    paragraph, heading, pairs, table = body
    assert isinstance(paragraph, Paragraph) and paragraph.text == "甲，乙"
    assert isinstance(heading, Heading) and heading.text == "甲（乙）"
    assert isinstance(pairs, KeyValue) and pairs.pairs == (("甲：", "乙；"),)
    assert isinstance(table, Table) and (table.headers, table.rows, table.note) == (("甲，",), (("乙，",),), "丙：")


@given(st.text(alphabet="0123456789abcdef", max_size=64))
def test_a_check_value_in_groups_is_the_same_value(digest: str) -> None:
    assert grouped(digest).replace(" ", "") == digest
    assert all(len(part) <= 8 for part in grouped(digest).split())
