"""Counts and masses as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers.reading.numbers import GRAMS, mass_unit, parse_mass, parse_number, tidy
from qingyuan.ledgers.reading.outcomes import Fault, Parsed


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1.2公斤", "1200"),
        ("1.2 公斤", "1200"),
        ("350克", "350"),
        ("３５０克", "350"),
        ("0.5kg", "500"),
        ("0.5KG", "500"),
        ("0.5㎏", "500"),
        ("1,200mg", "1.2"),
        ("1，200mg", "1.2"),
        ("12.34g", "12.34"),
        ("300毫克", "0.3"),
        ("5μg", "0.000005"),
        ("2吨", "2000000"),
        ("1公斤350克", "1350"),
        ("约350克", "350"),
        ("0.1千克", "100"),
    ],
)
def test_a_mass_with_its_unit_is_exact_grams(typed: str, grams: str) -> None:
    outcome = parse_mass(typed)
    assert isinstance(outcome, Parsed) and outcome.value == Decimal(grams)


def test_about_is_read_as_written_and_noted() -> None:
    outcome = parse_mass("约350克")
    assert isinstance(outcome, Parsed) and "约" in outcome.note


@pytest.mark.parametrize(
    ("typed", "unit", "grams"),
    [(12.5, "g", "12.5"), ("12.5", "克", "12.5"), (0.1, "公斤", "100"), ("350克", "kg", "350")],
)
def test_a_bare_number_takes_the_unit_of_the_header_and_a_written_unit_wins(
    typed: str | float, unit: str, grams: str
) -> None:
    outcome = parse_mass(typed, unit=unit)
    assert isinstance(outcome, Parsed) and outcome.value == Decimal(grams)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3两", "不是法定计量单位"),
        ("2斤", "不是法定计量单位"),
        ("2市斤", "不是法定计量单位"),
        ("20片", "不是重量单位"),
        ("100毫升", "不是重量单位"),
        ("5磅", "不是法定计量单位"),
        ("12.5", "没有写单位"),
        (12.5, "没有写单位"),
        ("-5克", "负数"),
        ("五克左右", "认不出"),
        ("1公斤2两", "认不出"),
        ("350克1公斤", "认不出"),
        ("5把", "不认识"),
        (True, "真假值"),
        (date(2022, 9, 3), "日期"),
    ],
)
def test_a_mass_that_is_not_certain_is_refused(typed: str | float | date, words: str) -> None:
    outcome = parse_mass(typed)
    assert isinstance(outcome, Fault) and words in outcome.message


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (12.0, 12),
        ("12", 12),
        ("１２", 12),
        ("1,200", 1200),
        ("1，200", 1200),
        ("12人", 12),
        ("12 人", 12),
        (" 12 ", 12),
        ("十二", 12),
        ("十二人", 12),
        ("1.2万", 12000),
        ("约12", 12),
        (0.0, 0),
        ("0", 0),
    ],
)
def test_whole_numbers(typed: str | float, number: int) -> None:
    outcome = parse_number(typed, unit="人", whole=True)
    assert isinstance(outcome, Parsed) and outcome.value == number and isinstance(outcome.value, int)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3.5", "整数"),
        (3.5, "整数"),
        ("1,2", "千分位"),
        ("1.2.3", "小数点"),
        ("12次", "这一栏要“人”"),
        ("12%", "百分数"),
        ("若干", "不认识"),
        (1e15, "15 位"),
        ("9999999999999999", "15 位"),
        (float("nan"), "15 位"),
        (float("inf"), "15 位"),
        ("1e99", "15 位"),
        ("1e999999999", "不认识"),
        (True, "真假值"),
        ("=1+1", "不认识"),
    ],
)
def test_what_is_not_a_count_is_refused(typed: str | float, words: str) -> None:
    outcome = parse_number(typed, unit="人", whole=True)
    assert isinstance(outcome, Fault) and words in outcome.message


def test_a_count_without_a_unit_of_its_own_takes_common_counters() -> None:
    assert parse_number("3起", whole=True) == Parsed(3)
    assert isinstance(parse_number("3桶", whole=True), Fault)


def test_a_float_is_read_as_excel_shows_it() -> None:
    assert parse_number(0.1 + 0.2) == Parsed(Decimal("0.3"))
    assert parse_number(1234567.89) == Parsed(Decimal("1234567.89"))


@pytest.mark.parametrize("typed", ["", "/", "-", "—", "无"])
def test_words_for_nothing_are_empty(typed: str) -> None:
    assert parse_number(typed, whole=True) == Parsed(None)
    assert parse_mass(typed, unit="g") == Parsed(None)


@given(st.decimals(0, 10**6, places=3), st.sampled_from(["克", "公斤", "mg", "kg", "吨"]))
def test_every_written_mass_comes_back_in_grams(amount: Decimal, unit: str) -> None:
    expected = tidy(amount * GRAMS[mass_unit(unit)])
    assert parse_mass(f"{amount}{unit}") == Parsed(expected)
    assert parse_mass(f"{amount:,}{unit}") == Parsed(expected)


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_comes_back_from_text_and_from_excel(number: int) -> None:
    assert parse_number(str(number), whole=True) == Parsed(number)
    assert parse_number(float(number), whole=True) == Parsed(number)


@given(st.text(max_size=30))
def test_no_text_breaks_the_number_reader(text: str) -> None:
    assert isinstance(parse_number(text, unit="人"), Parsed | Fault)
    assert isinstance(parse_mass(text, unit="g"), Parsed | Fault)


@pytest.mark.parametrize(("text", "unit"), [("克", "克"), ("Kg", "kg"), ("(mg)", "mg"), ("人", ""), ("元", "")])
def test_only_units_of_mass_are_units_of_mass(text: str, unit: str) -> None:
    assert mass_unit(text) == unit
