from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.identity import (
    REASON_BIRTH,
    REASON_CHECK,
    REASON_EMPTY,
    REASON_EXCEL,
    REASON_FORM,
    REASON_OLD,
    BadIdentityNumber,
    IdentityNumber,
    check_digit,
    mask_name,
    normalise_name,
    parse,
    surname,
)

GOOD = ("999999199101010072", "999999198806018248", "999999194912310025")
AREA = "999999"


def number(born: date, sequence: int) -> str:
    first17 = f"{AREA}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


numbers = st.builds(number, st.dates(date(1900, 1, 1), date(2022, 12, 31)), st.integers(1, 999)).filter(
    lambda text: not text.endswith("000")
)


def reason(raw: object, **options: bool) -> str:
    with pytest.raises(BadIdentityNumber) as caught:
        parse(raw, **options)
    return caught.value.reason_zh


@pytest.mark.parametrize("text", GOOD)
def test_known_numbers_are_accepted(text: str) -> None:
    assert parse(text).text == text


def test_a_wrong_check_digit_sends_back_to_the_original() -> None:
    assert reason("999999199101010071") == REASON_CHECK
    assert REASON_CHECK.startswith("校验位不符")


@given(numbers)
def test_every_made_number_reads_back_with_its_birth_date_and_sex(text: str) -> None:
    read = parse(text)
    assert read.text == text
    assert read.birth_date.strftime("%Y%m%d") == text[6:14]
    assert read.sex == ("1" if int(text[14:17]) % 2 else "2")


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(text: str, place: int, shift: int) -> None:
    old = text[place]
    new = "0123456789"[(int(old) + shift) % 10] if old != "X" else str(shift)
    with pytest.raises(BadIdentityNumber):
        parse(text[:place] + new + text[place + 1 :])


@given(numbers, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_noticed(text: str, place: int) -> None:
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if swapped != text:
        with pytest.raises(BadIdentityNumber):
            parse(swapped)


@given(numbers)
def test_full_width_small_x_blanks_and_apostrophe_are_mended(text: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in text.lower())
    assert parse(wide).text == text
    assert parse(f" '{text[:6]} {text[6:14]} {text[14:].lower()}\u3000").text == text


@given(numbers)
def test_what_excel_leaves_of_a_number_is_explained(text: str) -> None:
    rounded = text[:15] + "000"
    assert reason(rounded) == REASON_EXCEL
    assert reason(float(rounded)) == REASON_EXCEL
    assert reason(f"{float(rounded):.14E}") == REASON_EXCEL
    assert reason(int(rounded)) == REASON_EXCEL


def test_scientific_notation_is_excels_work_too() -> None:
    assert reason("9.99999E+17") == REASON_EXCEL


def test_a_number_that_rightly_ends_in_000_is_believed_from_the_original_only() -> None:
    text = next(
        made
        for day in range(1, 29)
        for month in range(1, 13)
        if (made := number(date(1990, month, day), 100)).endswith("000")
    )
    assert reason(text) == REASON_EXCEL
    assert parse(text, from_original=True).text == text
    assert reason(text[:14] + "200" + "0", from_original=True) == REASON_EXCEL


def test_old_numbers_of_fifteen_digits_are_explained_not_guessed() -> None:
    assert reason("999999910101007") == REASON_OLD


@pytest.mark.parametrize(
    "raw", ["99999919910101007", "9999991991010100721", "A99999199101010072", "099999199101010072"]
)
def test_what_is_no_number_at_all_is_told_its_form(raw: str) -> None:
    assert reason(raw) == REASON_FORM


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000"])
def test_an_empty_cell_is_named_as_empty(raw: str | None) -> None:
    assert reason(raw) == REASON_EMPTY


@pytest.mark.parametrize("born", ["19910230", "19911301", "18000101", "00000000"])
def test_an_impossible_birth_date_is_refused(born: str) -> None:
    first17 = f"{AREA}{born}007"
    assert reason(first17 + check_digit(first17)) == REASON_BIRTH


def test_a_refusal_never_repeats_the_number() -> None:
    for raw in ("999999199101010071", "999999199101010000", "999999910101007", "99999919910101"):
        assert raw not in reason(raw)


def test_the_number_is_masked_wherever_it_is_printed() -> None:
    value = parse("999999198806018248")
    assert value.masked() == "9999 **** 8248"
    assert "198806" not in f"{value} {value!r} {[value]}"


def test_age_is_complete_on_the_birthday() -> None:
    value = IdentityNumber("999999198806018248")
    assert value.age_on(date(2006, 5, 31)) == 17
    assert value.age_on(date(2006, 6, 1)) == 18


def test_check_digit_needs_seventeen_digits() -> None:
    for text in ("1" * 16, "1" * 18, "1" * 16 + "X", "\u0661" * 17):
        with pytest.raises(BadIdentityNumber):
            check_digit(text)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("何立新", "何**"), ("李明", "李*"), ("欧阳若水", "欧阳**"), ("买买提·吐尔逊", "买***"), ("王", "王"), ("", "")],
)
def test_names_keep_their_surname_and_hide_the_rest(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (" 李 明 ", "李明"),
        ("李\u3000明", "李明"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_one_spelling_per_name(raw: str, name: str) -> None:
    assert normalise_name(raw) == name


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(raw: str) -> None:
    assert normalise_name(normalise_name(raw)) == normalise_name(raw)


@given(st.text(alphabet="何立新欧阳明王", min_size=2, max_size=6))
def test_a_mask_never_shows_more_than_the_surname(name: str) -> None:
    assert mask_name(name).rstrip("*") == surname(name)
    assert surname(name) != name
