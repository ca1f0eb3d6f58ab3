"""Names, numbers of people, telephone numbers; yes and no; codes and references."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.foundation.identity import REASON_CHECK, REASON_EXCEL, REASON_OLD
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading, parse_cell, parser_for
from qingyuan.ledgers.reading.choices import Resolution, Resolvers, match_code, parse_boolean
from qingyuan.ledgers.reading.outcomes import Fault, Parsed, Suggestion
from qingyuan.ledgers.reading.people import parse_id_number, parse_name, parse_phone, parse_staff
from tests.ledgers.reading.columns import DAY, ID_NUMBERS, Spec, reading

GOOD = ID_NUMBERS[0]


@pytest.mark.parametrize(
    "typed", [GOOD, f" {GOOD} ", f"'{GOOD}", f"\t{GOOD}", GOOD.translate({48 + n: 0xFF10 + n for n in range(10)})]
)
def test_an_identity_number_is_mended_only_in_its_form(typed: str) -> None:
    assert parse_id_number(typed) == Parsed(GOOD)


@pytest.mark.parametrize("typed", [999999199001010059.0, 999999199001010059, "9.99999E+17", GOOD[:15] + "000"])
def test_a_number_excel_has_rounded_is_refused_and_never_guessed(typed: str | float) -> None:
    assert parse_id_number(typed) == Fault(REASON_EXCEL)


def test_a_wrong_check_digit_and_an_old_number_say_what_to_do() -> None:
    assert parse_id_number(GOOD[:17] + "1") == Fault(REASON_CHECK)
    assert parse_id_number(999999900101005.0) == Fault(REASON_OLD)
    assert isinstance(parse_id_number(date(1990, 1, 1)), Fault)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("李 秀", "李秀"),
        ("李\u3000秀", "李秀"),
        ("何立新 ", "何立新"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
    ],
)
def test_a_name_has_one_spelling(typed: str, name: str) -> None:
    assert parse_name(typed) == Parsed(name)


@pytest.mark.parametrize("typed", ["李秀1", "李秀?", 5.0, "李秀、王平", "李" * 41])
def test_what_is_not_one_name_is_refused(typed: str | float) -> None:
    assert isinstance(parse_name(typed), Fault)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("李秀、王平", ("李秀", "王平")),
        ("李秀,王平", ("李秀", "王平")),
        ("李秀/王平", ("李秀", "王平")),
        ("李秀 王平", ("李秀", "王平")),
        ("李秀\n王平", ("李秀", "王平")),
        ("李 秀、王 平", ("李秀", "王平")),
        ("李 秀", ("李秀",)),
        ("李秀(社工)、王平(民警)", ("李秀", "王平")),
        ("李秀、李秀", ("李秀",)),
        ("和平", ("和平",)),
    ],
)
def test_staff_are_split_into_names(typed: str, names: tuple[str, ...]) -> None:
    assert parse_staff(typed) == Parsed(names)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13812345678", "13812345678"),
        (13812345678.0, "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0874-3123456", "0874-3123456"),
        ("(0874)3123456", "08743123456"),
        ("3123456", "3123456"),
    ],
)
def test_telephone_numbers(typed: str | float, phone: str) -> None:
    assert parse_phone(typed) == Parsed(phone)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1381234567", "10 位"),
        ("13812345678/13912345678", "两个号码"),
        ("1.38E+10", "科学计数法"),
        ("打给李秀", "不是电话"),
        (True, "不是电话"),
    ],
)
def test_what_is_not_a_telephone_number_is_refused(typed: str | bool, words: str) -> None:
    outcome = parse_phone(typed)
    assert isinstance(outcome, Fault) and words in outcome.message


@pytest.mark.parametrize("typed", ["是", "有", "√", "✓", "Y", "yes", True, 1.0, "１", "已"])
def test_ways_to_say_yes(typed: str | float | bool) -> None:
    assert parse_boolean(typed) == Parsed(True)


@pytest.mark.parametrize("typed", ["否", "无", "×", "N", "没有", False, 0.0, "未"])
def test_ways_to_say_no(typed: str | float | bool) -> None:
    assert parse_boolean(typed) == Parsed(False)


def test_neither_yes_nor_no_is_asked_back() -> None:
    assert isinstance(parse_boolean("也许"), Fault)
    assert parse_boolean("/") == Parsed(None)


SAMPLE = Spec("sample", "检测方式", Kind.CODE, code_list="samples")


def test_a_code_is_found_by_its_word() -> None:
    assert parse_cell(SAMPLE, "尿液", reading()) == Parsed("urine")


def test_an_unknown_wording_is_refused_with_a_suggestion_that_can_be_accepted() -> None:
    outcome = parse_cell(SAMPLE, "尿检板", reading())
    assert isinstance(outcome, Fault)
    assert outcome.suggestions == (Suggestion("urine", "尿液"),) and outcome.hint == "尿液"


def test_what_was_learnt_for_a_source_is_used_from_then_on() -> None:
    learnt = Reading(
        day=DAY, resolvers=Resolvers(synonyms={"samples": {"尿检板": "urine"}}, code=reading().resolvers.code)
    )
    assert parse_cell(SAMPLE, "尿检板", learnt) == Parsed("urine")
    assert parse_cell(SAMPLE, "尿 检 板", learnt) == Parsed("urine")


def test_a_code_holds_on_the_day_of_its_row() -> None:
    parse = parser_for(SAMPLE, reading())
    assert parse("劳教", date(2010, 1, 1)) == Parsed("re-education")
    assert isinstance(parse("劳教", date(2020, 1, 1)), Fault)


def test_the_code_lists_of_the_house_answer_the_same_way() -> None:
    assert match_code("test_results", "阴性", DAY).value is not None
    refused = match_code("test_results", "不知道是什么", DAY)
    assert refused.value is None and refused.message


def test_divisions_and_units_are_asked_of_the_resolver_and_kept_as_text_without_one() -> None:
    towns = {"东山街道": 7}
    known = Reading(day=DAY, resolvers=Resolvers(division=lambda text: Resolution(towns.get(text), f"没有“{text}”")))
    town = Spec("town", "乡镇", Kind.DIVISION)
    assert parse_cell(town, " 东山街道 ", known) == Parsed(7)
    refused = parse_cell(town, "西山街道", known)
    assert isinstance(refused, Fault) and "西山街道" in refused.message
    assert parse_cell(town, "西山街道", reading()) == Parsed("西山街道")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("=1+1", "=1+1"),
        ("@SUM(A1)", "@SUM(A1)"),
        (" 甲\r\n乙 ", "甲\n乙"),
        (12.0, "12"),
        (date(2022, 9, 3), "2022-09-03"),
        ("a\u200bb\u00a0c", "ab c"),
    ],
)
def test_text_stays_as_typed_and_formulas_stay_text(typed: str | float | date, text: str) -> None:
    assert parse_cell(Spec("remark", "备注"), typed, reading()) == Parsed(text)


def test_text_is_refused_when_too_long_or_when_excel_has_rounded_a_long_number() -> None:
    short = Spec("case_no", "案件编号", max_length=5)
    too_long = parse_cell(short, "123456", reading())
    assert isinstance(too_long, Fault) and "6 个字" in too_long.message
    rounded = parse_cell(short, 5303812022000001234.0, reading())
    assert isinstance(rounded, Fault) and "15 位" in rounded.message
    assert parse_cell(Spec("note", "备注", Kind.LONG_TEXT, max_length=5), "123456", reading()) == Parsed("123456")


def test_true_and_one_are_not_mistaken_for_each_other_by_the_memory_of_a_column() -> None:
    parse = parser_for(Spec("times", "次数", Kind.INTEGER), reading())
    assert parse(1.0, DAY) == Parsed(1)
    assert isinstance(parse(True, DAY), Fault)
    assert parse(1, DAY) == Parsed(1)
