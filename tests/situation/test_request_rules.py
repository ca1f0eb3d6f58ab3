"""Rules of requests for figures: no lists of people, answers that are numbers, small numbers closed, complete when all is in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.situation.rules.requests import (
    FEW,
    RequestRefused,
    check_count,
    check_question,
    check_words,
    is_complete,
    may_answer_now,
    plain,
    read_answer,
    show,
)


@pytest.mark.parametrize(
    "text",
    [
        "请报送吸毒人员名单",
        "在册人员花 名 册",
        "姓 名、身份证号",
        "逐人列出检测情况",
        "哪些人没有报到",
        "社区戒毒人员信息表",
        "吸毒人员的民族构成",
        "戒毒人员籍贯分布",
        " ",
    ],
)
def test_a_question_that_asks_for_people_instead_of_a_number_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused):
        check_question(text)


@pytest.mark.parametrize("text", ["现有吸毒人员多少人", "开展宣传活动场次", "新安置就业的戒毒康复人员", "社工人数"])
def test_a_question_for_a_number_is_taken(text: str) -> None:
    check_question(text)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", "12"), (" 1,234 ", "1234"), ("3.5", "3.5"), ("0", "0"), ("1 200", "1200"), ("+7", "7")],
)
def test_a_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert read_answer("number", typed).number == Decimal(number)


@pytest.mark.parametrize("typed", ["", "三", "12人", "-1", "1.23456", "1e9", "99999999999999", "nan", "1/2", "无"])
def test_what_is_no_number_says_what_to_write(typed: str) -> None:
    with pytest.raises(RequestRefused):
        read_answer("number", typed)


def test_people_are_whole() -> None:
    with pytest.raises(RequestRefused, match="整数"):
        check_count(Decimal("2.5"), people=True)
    check_count(Decimal("2.5"), people=False)
    check_count(Decimal(2), people=True)


@pytest.mark.parametrize("text", ["张某 999999198001010011", "99999919800101001X", "电话 138 1234 5678", "字" * 61])
def test_numbers_of_persons_and_long_texts_are_no_answer(text: str) -> None:
    with pytest.raises(RequestRefused):
        read_answer("words", text)
    with pytest.raises(RequestRefused):
        check_words(text, 60)


def test_short_words_are_an_answer() -> None:
    assert read_answer("words", " 已建立 ").words == "已建立"


# --- steps ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("questions", "complete"),
    [
        ([], False),
        ([(True, [])], True),
        ([(False, [])], False),
        ([(False, ["given", "excused"])], True),
        ([(False, ["given", "asked"])], False),
        ([(True, []), (False, ["given", "sent_back"])], False),
        ([(True, []), (False, ["excused"])], True),
    ],
)
def test_a_request_is_complete_when_everything_is_on_file_answered_or_excused(
    questions: list[tuple[bool, list[str]]], complete: bool
) -> None:
    assert is_complete(questions) == complete


def test_an_answer_may_be_mended_until_all_is_in() -> None:
    assert may_answer_now("open", "asked") == may_answer_now("open", "given") == may_answer_now("open", "sent_back") == ""
    assert "已收齐" in may_answer_now("closed", "given") and "免报" in may_answer_now("open", "excused")
    assert may_answer_now("withdrawn", "asked") and may_answer_now("draft", "asked")


# --- small numbers --------------------------------------------------------------------------------------------------------
def numbers(**given: int | None) -> dict[str, Decimal | None]:
    return {key: None if value is None else Decimal(value) for key, value in given.items()}


def test_few_people_are_closed_with_what_would_tell_them_and_no_total_is_told() -> None:
    shown = show(numbers(a=3, b=12, c=40), people=True)
    assert shown.texts["a"] == FEW and shown.texts["b"] == "—" and shown.texts["c"] == "40"
    assert shown.total == "" and shown.closed == {"a", "b"}


def test_the_unit_concerned_reads_its_own_number() -> None:
    assert show(numbers(a=3, b=12), people=True, own=["a"]).texts["a"] == "3"


def test_what_counts_no_people_is_shown_as_it_is() -> None:
    shown = show(numbers(a=3, b=1), people=False)
    assert (shown.texts, shown.total, shown.closed) == ({"a": "3", "b": "1"}, "4", frozenset())


def test_a_total_waits_until_every_answer_is_in() -> None:
    assert show(numbers(a=30, b=12, c=None), people=True).total == ""
    assert show(numbers(a=30, b=12), people=True).total == "42"
    assert show(numbers(a=30), people=True).total == ""


def test_a_figure_closed_where_it_came_from_stays_closed_and_leaves_no_total() -> None:
    shown = show(numbers(a=None, b=12, c=30), people=True, closed={"a": "<5"})
    assert shown.texts["a"] == "<5" and "a" in shown.closed and shown.total == ""


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1), st.booleans())
def test_whoever_knows_the_total_cannot_tell_a_closed_number(counts: dict[str, int], tell_total: bool) -> None:
    """One closed number beside a known total would be the difference, so there are never exactly one of them and a total."""
    shown = show({key: Decimal(value) for key, value in counts.items()}, people=True)
    few = {key for key, value in counts.items() if 0 < value < 5}
    assert few <= shown.closed
    assert all(shown.texts[key] in {FEW, "—"} for key in shown.closed)
    if shown.closed:
        assert shown.total == ""
    if few and len(counts) > 1:
        assert len(shown.closed) > 1 or len(counts) == 1 or sum(counts.values()) - sum(counts[k] for k in few) == 0


@pytest.mark.parametrize(("number", "text"), [("1234", "1,234"), ("1.50", "1.5"), ("100", "100"), ("0.0000", "0"), ("1200.0000", "1,200")])
def test_a_number_is_written_without_needless_noughts(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
