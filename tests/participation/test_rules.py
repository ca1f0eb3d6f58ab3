"""Rules of this room by their own words; no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.participation import rules

D = date
GOOD_CODE = "91350100M000100Y43"  # the worked example printed with GB 32100—2015
COUNTS = st.integers(0, 40)


def columns(problems: list[Any]) -> list[str]:
    return [problem.column for problem in problems]


def test_the_check_character_is_that_of_the_standard() -> None:
    assert rules.credit_check(GOOD_CODE[:17]) == GOOD_CODE[17]


@given(st.text(alphabet=rules.CREDIT, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(rules.CREDIT))
def test_one_wrong_character_never_passes(first: str, place: int, other: str) -> None:
    """Every single slip is found: the weights are no multiples of 31."""
    wrong = first[:place] + other + first[place + 1 :]
    assert (rules.credit_check(wrong) == rules.credit_check(first)) == (wrong == first)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (GOOD_CODE, ""),
        (GOOD_CODE[:17] + "4", "最后一位"),
        (GOOD_CODE.lower(), "18 位"),
        (GOOD_CODE[:17], "18 位"),
        ("I" + GOOD_CODE[1:], "18 位"),
        ("", ""),
    ],
)
def test_a_registration_is_checked_character_by_character(code: str, words: str) -> None:
    found = rules.check_association({"registration": code})
    assert [words in problem.message for problem in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("check", "start", "end"),
    [
        (rules.check_volunteer, "joined_on", "left_on"),
        (rules.check_association, "registered_on", "closed_on"),
        (rules.check_contract, "starts_on", "ends_on"),
        (rules.check_staff, "started_on", "ended_on"),
    ],
)
def test_nothing_ends_before_it_begins(check: Any, start: str, end: str) -> None:
    assert columns(check({start: D(2022, 5, 2), end: D(2022, 5, 1)})) == [end]
    assert check({start: D(2022, 5, 2), end: D(2022, 5, 2)}) == []
    assert check({start: D(2022, 5, 2), end: None}) == []


@pytest.mark.parametrize(
    ("yuan", "words"), [("0", "大于 0"), ("-1", "大于 0"), ("0.01", ""), ("50000000", ""), ("50000001", "万元")]
)
def test_a_contract_is_paid_in_yuan(yuan: str, words: str) -> None:
    found = rules.check_contract({"amount_yuan": Decimal(yuan)})
    assert [words in problem.message for problem in found] == ([True] if words else [])


def test_a_contract_of_more_than_five_years_is_a_year_mistyped() -> None:
    assert columns(rules.check_contract({"starts_on": D(2012, 1, 1), "ends_on": D(2022, 12, 31)})) == ["ends_on"]
    assert rules.check_contract({"starts_on": D(2022, 1, 1), "ends_on": D(2024, 12, 31)}) == []


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_states_make_up_what_was_received(
    received: int, confirmed: int, unfounded: int, unclear: int, pending: int, answered: int
) -> None:
    values = {
        "received": received,
        "confirmed": confirmed,
        "unfounded": unfounded,
        "unclear": unclear,
        "pending": pending,
        "answered": answered,
    }
    wrong = set(columns(rules.check_reports(values)))
    assert ("received" in wrong) == (confirmed + unfounded + unclear + pending != received)
    assert ("answered" in wrong) == (answered > received)


def test_a_negative_count_is_no_count() -> None:
    values = {"received": 1, "confirmed": -1, "unfounded": 2, "unclear": 0, "pending": 0, "answered": 0}
    assert columns(rules.check_reports(values)) == ["received"]


def test_what_is_not_yet_told_is_not_judged() -> None:
    assert rules.check_reports({"received": 3, "confirmed": None}) == []


@given(st.dates(D(2015, 1, 1), D(2030, 12, 31)))
def test_someone_counts_on_the_last_day_and_not_on_the_next(day: date) -> None:
    out = rules.first_day_out(day)
    assert out is not None and (out - day).days == 1
    assert rules.month_end(day).month == day.month and rules.first_day_out(rules.month_end(day)).day == 1  # type: ignore[union-attr]


def test_who_has_not_gone_counts_on() -> None:
    assert rules.first_day_out(None) is None
