"""What a password must not be; the list works without a network and misses nothing that is on it."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from qingyuan.demo.units import PASSWORD as PASSWORD_OF_THE_DEMO
from qingyuan.organisation.passwords import KnownPasswords, is_known, known

LISTED = ("!Q2w3e4r5t6z", "password1234", "qwertyuiop123", "1qaz2wsx3edc4rfv", "woaini1314520", "liverpoolfc1")


@pytest.mark.parametrize("password", [*LISTED, *(one.upper() for one in LISTED)])
def test_what_has_been_in_a_breach_is_refused_in_any_letter_case(password: str) -> None:
    assert is_known(password)


def test_a_long_one_is_taken_and_one_nobody_types_is_refused_in_words() -> None:
    sentence = "云岭的雨下了三天三夜吗"
    validate_password((sentence * 12)[:128])
    with pytest.raises(ValidationError, match="128"):
        validate_password((sentence * 12)[:129])


@pytest.mark.parametrize("password", ["Sunshine2022!!", "2022dragon2022", "iloveyou--1314", "admin@12345678"])
def test_a_common_word_is_not_made_better_by_digits_and_signs_at_its_ends(password: str) -> None:
    assert is_known(password)


@pytest.mark.parametrize(
    "password", ["quiet-river-lantern-9", "云岭的雨下了三天三夜吗", PASSWORD_OF_THE_DEMO, "synthetic-pass-2022"]
)
def test_words_that_do_not_belong_together_are_let_through(password: str) -> None:
    assert not is_known(password)


def test_few_good_passwords_are_refused_for_nothing() -> None:
    refused = sum(secrets.token_urlsafe(15) in known() for _each in range(4000))
    assert refused < 4000 * 0.02


def test_the_list_is_as_large_as_it_says_and_names_its_source() -> None:
    assert known().entries > 1_400_000 and len(known().bits) < 1_900_000
    assert "SecLists" in known().source and "MIT" in known().source


def test_a_list_finds_everything_that_was_put_in_and_survives_the_disk(tmp_path: Path) -> None:
    words = [f"word-{number}-{secrets.token_hex(4)}" for number in range(2000)]
    KnownPasswords.of(words, "test").write(tmp_path / "list.bloom")
    read = KnownPasswords.read(tmp_path / "list.bloom")
    assert read.entries == 2000 and read.source == "test"
    assert all(word in read for word in words)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-Word1", "password_too_short"),
        ("password1234", "password_known"),
        ("482915736201", "password_entirely_numeric"),
    ],
)
def test_the_settings_ask_for_twelve_characters_that_nobody_knows(password: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert why in {error.code for error in refused.value.error_list}
