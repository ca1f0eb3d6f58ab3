"""What people type becomes a code, or a sentence that says what to type."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference.catalogue import build_list, get_list, list_names
from qingyuan.reference.matching import normalise
from qingyuan.reference.tables import BrokenTable, Row, optional_day, read_table

DAY = date(2022, 10, 1)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("test_samples", "尿液", "urine"),
        ("test_samples", " 尿　液 ", "urine"),
        ("test_samples", "URINE", "urine"),
        ("test_results", "阴性（-）", "negative"),
        ("test_results", "(－)", "negative"),
        ("test_results", "—", "negative"),
        ("test_results", "＋", "positive"),
        ("test_results", "【阳性】", "positive"),
        ("drugs", "Ｋ粉", "KE01"),
        ("drugs", "四号", "OP01"),
        ("drugs", "白粉", "OP01"),
        ("drugs", "麻古", "ST02"),
        ("drugs", "甲基苯丙胺(冰毒)", "ST01"),
        ("drugs", "甲基苯丙胺（麻古）", "ST02"),
        ("drugs", "op01", "OP01"),
        ("measures", "强戒", "CID"),
        ("offences", "吸毒", "AD-PS84c"),
        ("offences", "贩卖毒品", "CL347"),
        ("sexes", "男", "1"),
    ],
)
def test_a_wording_is_recognised(name: str, text: str, code: str) -> None:
    found = get_list(name).match(text, DAY)
    assert found.ok
    assert found.code is not None
    assert found.code.code == code
    assert found.reason == ""


def test_a_near_miss_gets_a_question_and_no_guess() -> None:
    found = get_list("test_samples").match("尿液体", DAY)
    assert found.code is None
    assert [code.code for code in found.suggestions] == ["urine"]
    assert "是不是“尿液”？" in found.reason


def test_a_far_miss_in_a_short_list_is_told_all_that_can_be_written() -> None:
    found = get_list("test_samples").match("xyz", DAY)
    assert found.suggestions == ()
    assert found.reason.endswith("可填：尿液、血液、毛发、唾液。")


def test_a_far_miss_in_a_long_list_is_sent_to_the_list() -> None:
    assert get_list("drugs").match("qqqqqqqq", DAY).reason.endswith("请对照代码表填写。")


@pytest.mark.parametrize("text", ["", "  ", "()", "　"])
def test_an_empty_cell_matches_nothing(text: str) -> None:
    found = get_list("test_results").match(text, DAY)
    assert found.code is None
    assert found.reason


def test_two_different_terms_in_one_cell_are_refused() -> None:
    found = get_list("test_results").match("阴性(阳性)", DAY)
    assert found.code is None
    assert {code.code for code in found.suggestions} == {"negative", "positive"}
    assert "请写明其中一项" in found.reason


class TestTermsOfRepealedLaw:
    def test_re_education_is_refused_after_its_end_and_the_term_of_today_is_named(self) -> None:
        found = get_list("measures").match("劳教戒毒", date(2022, 3, 1))
        assert found.code is None
        assert [code.code for code in found.suggestions] == ["CID"]
        assert "自 2013-12-28 起不再使用" in found.reason
        assert "强制隔离戒毒" in found.reason

    @pytest.mark.parametrize(
        ("text", "last_day", "first_refused"),
        [
            ("劳教戒毒", date(2013, 12, 27), date(2013, 12, 28)),
            ("强制戒毒", date(2008, 5, 31), date(2008, 6, 1)),
        ],
    )
    def test_history_keeps_its_own_word_up_to_the_last_day(
        self, text: str, last_day: date, first_refused: date
    ) -> None:
        measures = get_list("measures")
        assert measures.match(text, last_day).ok
        assert not measures.match(text, first_refused).ok

    def test_a_historic_row_still_reads_correctly(self) -> None:
        assert get_list("measures").label("LJ") == "劳教戒毒"

    def test_the_office_dissolved_in_2018_leads_to_its_successor(self) -> None:
        found = get_list("unit_kinds").match("综治办", DAY)
        assert [code.code for code in found.suggestions] == ["politics_law"]

    def test_a_term_of_a_later_law_is_refused_before_it(self) -> None:
        found = get_list("offences").match("聚众吸毒", DAY)
        assert found.code is None
        assert "2026-01-01 起才适用" in found.reason
        assert get_list("offences").match("聚众吸毒", date(2026, 1, 1)).ok

    def test_a_substance_before_its_listing_is_not_a_drug_and_the_open_code_is_offered(self) -> None:
        found = get_list("drugs").match("依托咪酯", date(2023, 9, 30))
        assert [code.code for code in found.suggestions] == ["UN09"]
        assert "其他未列管成瘾物质" in found.reason
        listed = get_list("drugs").match("依托咪酯", date(2023, 10, 1)).code
        assert listed is not None
        assert listed.code == "SE05"

    def test_a_term_that_ended_without_successor_is_refused_plainly(self) -> None:
        codes = build_list("gone", "旧词", "Gone", (_row("A", "旧称", valid_to="2020-01-01"),))
        assert codes.match("旧称", DAY).reason == "“旧称”自 2020-01-01 起不再使用，2022-10-01 的记录不能再填。"

    def test_a_chain_of_replacements_is_followed_to_its_end(self) -> None:
        rows = (
            _row("A", "甲", valid_to="2010-01-01", replaced_by="B"),
            _row("B", "乙", valid_to="2015-01-01", replaced_by="C"),
            _row("C", "丙", valid_from="2015-01-01"),
        )
        found = build_list("chain", "链", "Chain", rows).match("甲", DAY)
        assert [code.code for code in found.suggestions] == ["C"]


def _row(code: str, name: str, valid_from: str = "", valid_to: str = "", replaced_by: str = "") -> Row:
    return {
        "code": code, "name_zh": name, "name_en": "", "aliases": "", "valid_from": valid_from, "valid_to": valid_to,
        "replaced_by": replaced_by, "source": "test",
    }  # fmt: skip


@given(st.text(max_size=30), st.sampled_from(list_names()))
def test_matching_never_fails_and_always_gives_a_code_or_a_reason(text: str, name: str) -> None:
    found = get_list(name).match(text, DAY)
    assert (found.code is None) != (found.reason == "")
    assert all(code.valid_on(DAY) for code in found.suggestions)


AS_TYPED = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.sampled_from("　（）【】《》“”—－‐·"),
)


@given(st.text(AS_TYPED, max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_missing_table_and_a_bad_date_are_named() -> None:
    with pytest.raises(BrokenTable, match="no_such_table"):
        read_table("no_such_table")
    with pytest.raises(BrokenTable, match="2022/10/1"):
        optional_day("2022/10/1")
