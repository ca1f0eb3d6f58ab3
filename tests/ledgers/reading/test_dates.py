"""Dates as people write them: every notation the offices use, and every one that must be refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers import registry
from qingyuan.ledgers.reading.cells import Reading, parse_cell
from qingyuan.ledgers.reading.dates import parse_date, small_number
from qingyuan.ledgers.reading.outcomes import Fault, Parsed

THIRD = date(2022, 9, 3)
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
HAN = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    "typed",
    [
        "2022/9/3",
        "2022-9-3",
        "2022-09-03",
        "2022.9.3",
        "2022年9月3日",
        "2022年09月03日",
        "2022 年 9 月 3 日",
        "2022年9月3号",
        "20220903",
        "2022 9 3",
        "2022、9、3",
        "二〇二二年九月三日",
        "二零二二年九月三日",
        "二○二二年九月三日",
        "二O二二年九月三日",
        "贰零贰贰年玖月叁日",
        "2022年九月三日",
        "2022/9/3 08:30",
        "2022-09-03 08:30:00",
        "2022-09-03T08:30:00Z",
        "2022年9月3日14时30分",
        "2022年9月3日 星期六",
        "2022年9月3日(周六)",
        "20220903083000",
        "2022-9-3\u3000",
        "\t2022/9/3\n",
        datetime.combine(date(2022, 9, 3), time(8, 30)),
        THIRD,
        20220903,
        20220903.0,
    ],
)
def test_every_common_notation_is_the_same_day(typed: str | float | date) -> None:
    assert parse_date(typed) == Parsed(THIRD)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("二〇二二年十月八日", date(2022, 10, 8)),
        ("二〇二二年十二月三十一日", date(2022, 12, 31)),
        ("二〇二二年一月廿三日", date(2022, 1, 23)),
        ("二〇二二年元月二十日", date(2022, 1, 20)),
        ("二〇二〇年二月二十九日", date(2020, 2, 29)),
    ],
)
def test_days_in_chinese_numerals_are_read(typed: str, day: date) -> None:
    assert parse_date(typed) == Parsed(day)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2022.9.31", "9 月没有 31 日"),
        ("2022-02-29", "2022 年 2 月没有 29 日"),
        ("2022-02-30", "2 月没有 30 日"),
        ("20220931", "9 月没有 31 日"),
        ("2022/13/1", "没有 13 月"),
        ("二〇二二年九月三十一日", "9 月没有 31 日"),
        ("2022年9月", "没有写到日"),
        ("二〇二二年三月", "没有写到日"),
        ("2022-09", "没有写到日"),
        ("2022年", "没有写到日"),
        (2022, "只写了年份"),
        (2022.9, "分不清日子"),
        (9.3, "分不清日子"),
        ("9月3日", "没有写年份"),
        ("22.9.3", "四位年份"),
        ("22年9月3日", "四位年份"),
        ("111.9.3", "四位年份"),
        ("一一一年九月三日", "四位年份"),
        ("民国111年9月3日", "民国"),
        ("民国一一一年", "民国"),
        ("111.3.5", "四位年份"),
        ("111-03-05", "四位年份"),
        ("9/3/2022", "分不清哪个是月"),
        ("03-09-2022 08:30", "分不清哪个是月"),
        ("3022-09-03", "不合理"),
        ("1022-09-03", "不合理"),
        ("2022年9月3日至9月5日", "一段时间"),
        ("上个月", "认不出"),
        ("2022-9-314", "9 月没有 314 日"),
        ("=TODAY()", "认不出"),
        (True, "不是日期"),
        (time(8, 30), "不是日期"),
        (timedelta(hours=30), "不是日期"),
        (-5, "认不出"),
        (1e300, "认不出"),
    ],
)
def test_what_is_not_one_certain_day_is_refused_with_the_reason(typed: str | float, words: str) -> None:
    outcome = parse_date(typed)
    assert isinstance(outcome, Fault) and words in outcome.message


def test_a_day_without_its_year_takes_the_year_of_the_batch_and_says_so() -> None:
    outcome = parse_date("9月3日", year_hint=2022)
    assert isinstance(outcome, Parsed) and outcome.value == THIRD and "2022" in outcome.note
    assert parse_date("9.3", year_hint=2022) == outcome
    refused = parse_date("9月31日", year_hint=2022)
    assert isinstance(refused, Fault) and "9 月没有 31 日" in refused.message


def test_a_short_year_is_refused_even_with_the_year_of_the_batch_but_offers_the_likely_day() -> None:
    outcome = parse_date("22.9.3", year_hint=2022)
    assert isinstance(outcome, Fault) and outcome.hint == "2022-09-03"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("民国111年9月3日", "2022-09-03"),
        ("民国一一一年九月三日", "2022-09-03"),
        ("中华民国111.9.3", "2022-09-03"),
        ("民国元年一月一日", "1912-01-01"),
        ("民国111年9月31日", ""),
        ("民国一一一年", ""),
        ("民国", ""),
    ],
)
def test_a_year_of_the_republic_is_refused_and_its_day_only_offered(typed: str, hint: str) -> None:
    outcome = parse_date(typed, year_hint=2022)
    assert isinstance(outcome, Fault) and outcome.hint == hint and "公历" in outcome.message


MONTHS = ["2022年3月", "2022年03月", "二〇二二年三月", "2022-03", "2022/3", "2022.3", "2022.03", "202203", 202203, "2022年3月份", "2022 3"]


@pytest.mark.parametrize("typed", MONTHS)
def test_a_month_alone_is_enough_only_where_the_column_says_so(typed: str | int) -> None:
    taken = parse_date(typed, month_enough=True)
    assert isinstance(taken, Parsed) and taken.value == date(2022, 3, 1) and "只写到月" in taken.note
    refused = parse_date(typed)
    assert isinstance(refused, Fault) and "2022-09-03" in refused.message


@pytest.mark.parametrize("typed", ["2022-09-03", "20220903", 44807, datetime.combine(THIRD, time())])
def test_a_whole_day_is_as_good_in_a_column_of_months(typed: str | float | date) -> None:
    outcome = parse_date(typed, month_enough=True)
    assert isinstance(outcome, Parsed) and outcome.value == THIRD


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2022.1", "1 月还是 10 月"), (2022.1, "分不清日子"), ("2022年13月", "没有 13 月"), ("3月", "认不出"), (2022, "只写了年份"), ("1022-03", "不合理")],
)
def test_what_is_no_certain_month_is_refused_too(typed: str | float, words: str) -> None:
    outcome = parse_date(typed, month_enough=True)
    assert isinstance(outcome, Fault) and words in outcome.message


@given(DAYS)
def test_a_month_comes_back_as_its_first_day_whatever_the_notation(day: date) -> None:
    year = "".join(HAN[int(digit)] for digit in str(day.year))
    written = (f"{day:%Y-%m}", f"{day:%Y%m}", f"{day.year}年{day.month}月", f"{year}年{_han(day.month)}月", f"{day:%Y.%m}")
    read = {outcome.value for text in written if isinstance(outcome := parse_date(text, month_enough=True), Parsed)}
    assert read == {day.replace(day=1)} and all(isinstance(parse_date(text), Fault) for text in written)


@given(DAYS)
def test_the_eight_notations_of_offices_come_back_as_one_day_or_are_refused_never_another(day: date) -> None:
    read = (
        datetime.combine(day, time()),
        f"{day.isoformat()} 00:00:00",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        f"{day.month}月{day.day}日",
    )
    for cell in read:
        outcome = parse_date(cell, year_hint=day.year)
        assert isinstance(outcome, Parsed) and outcome.value == day
    short = f"{day.year % 100:02d}.{day.month}.{day.day}"
    for cell in (short, f"{day.year - 1911}.{day.month}.{day.day}", f"民国{day.year - 1911}年{day.month}月{day.day}日"):
        assert isinstance(parse_date(cell, year_hint=day.year), Fault)


@pytest.mark.parametrize("typed", [44843, 44843.0, "44843", 44843.75])
def test_a_serial_number_becomes_its_day_and_the_note_shows_it(typed: str | float) -> None:
    outcome = parse_date(typed)
    assert isinstance(outcome, Parsed) and outcome.value == date(2022, 10, 9)
    assert "44843" in outcome.note and "2022-10-09" in outcome.note


def test_a_workbook_that_counts_from_1904_shifts_its_serial_numbers() -> None:
    outcome = parse_date(44843 - 1462, date1904=True)
    assert isinstance(outcome, Parsed) and outcome.value == date(2022, 10, 9)


@pytest.mark.parametrize("typed", ["", "  ", "/", "—", "无", "／"])
def test_words_for_nothing_are_empty(typed: str) -> None:
    assert parse_date(typed) == Parsed(None)


@given(DAYS)
def test_a_written_day_comes_back_whatever_the_notation(day: date) -> None:
    year = "".join(HAN[int(digit)] for digit in str(day.year))
    written = (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{_han(day.month)}月{_han(day.day)}日",
    )
    assert {parse_date(text) for text in written} == {Parsed(day)}


@given(DAYS)
def test_a_serial_number_comes_back_as_the_day_excel_counted(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    outcome = parse_date(float(serial))
    assert isinstance(outcome, Parsed) and outcome.value == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_date_reader(text: str) -> None:
    assert isinstance(parse_date(text, year_hint=2022), Parsed | Fault)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿三", 23),
        ("三十一", 31),
        ("〇八", 8),
        ("一二", 12),
        ("元", 1),
        ("8", 8),
        ("千", None),
    ],
)
def test_small_chinese_numbers(text: str, number: int | None) -> None:
    assert small_number(text) == number


def _han(number: int) -> str:
    tens, units = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[units] if units else "")


def test_the_ledger_of_monthly_counts_takes_a_month_and_the_ledger_of_tests_wants_the_day() -> None:
    circumstances = Reading(day=date(2022, 11, 23))
    month = registry.get("registrations").column("month")
    assert parse_cell(month, "2022年10月", circumstances) == Parsed(date(2022, 10, 1), "只写到月,按这个月读")
    assert isinstance(parse_cell(registry.get("tests").column("tested_on"), "2022年10月", circumstances), Fault)
