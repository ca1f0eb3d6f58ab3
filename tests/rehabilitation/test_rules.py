"""Rules of measures and tests against worked cases of the law; no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.rehabilitation import rules

D = date
days = st.dates(D(2019, 1, 1), D(2026, 12, 31))
GOOD: dict[str, Any] = {
    "decided_on": D(2022, 1, 3),
    "served_on": D(2022, 1, 5),
    "reported_on": D(2022, 1, 10),
    "agreement_on": D(2022, 1, 12),
}


def columns(values: dict[str, Any]) -> list[str]:
    return [problem.column for problem in rules.check_measure(values)]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"served_on": D(2022, 1, 2)}, ["served_on"]),
        ({"reported_on": D(2022, 1, 2), "agreement_on": None}, ["reported_on"]),
        ({"reported_on": None}, ["agreement_on"]),
        ({"agreement_on": D(2022, 1, 9)}, ["agreement_on"]),
        ({"ended_on": D(2022, 2, 1)}, ["end_reason"]),
        ({"end_reason": "completed"}, ["ended_on"]),
        ({"ended_on": D(2022, 1, 2), "end_reason": "completed"}, ["ended_on"]),
        ({"ends_on": D(2022, 1, 9)}, ["ends_on"]),
        ({"ends_on": D(2022, 1, 10)}, []),
        ({"reported_on": None, "agreement_on": None, "ends_on": D(2022, 1, 2)}, ["ends_on"]),
    ],
)
def test_dates_out_of_order_are_named_with_what_to_do(changes: dict[str, Any], wrong: list[str]) -> None:
    found = rules.check_measure(GOOD | changes)
    assert [problem.column for problem in found] == wrong
    assert all(problem.message.endswith("。") for problem in found)


@given(st.fixed_dictionaries({name: st.none() | days for name in (*GOOD, "ends_on", "ended_on")}), st.sampled_from(["", "completed"]))
def test_what_the_rules_let_through_the_database_accepts(values: dict[str, Any], reason: str) -> None:
    """The constraints of the table and the schedule never fail on a row without problems."""
    if values["decided_on"] is None or columns(values | {"end_reason": reason}):
        return
    decided, reported, ended = values["decided_on"], values["reported_on"], values["ended_on"]
    assert reported is None or reported >= decided
    assert ended is None or ended >= decided
    assert bool(ended) == bool(reason)
    assert values["ends_on"] is None or reported is None or values["ends_on"] >= reported


def test_a_person_has_fifteen_days_from_receiving_the_decision_to_report() -> None:
    """DR14: 自收到责令社区戒毒决定书之日起15日内报到; counted from the day after, natural days."""
    assert rules.report_due(kind="CD", decided_on=D(2022, 1, 3), served_on=D(2022, 1, 5)) == D(2022, 1, 20)
    assert rules.report_due(kind="CD", decided_on=D(2022, 1, 3), served_on=None) == D(2022, 1, 18)
    assert rules.report_due(kind="CR", decided_on=D(2022, 1, 3), served_on=D(2022, 1, 5)) == D(2022, 1, 20)
    assert rules.report_due(kind="??", decided_on=D(2022, 1, 3), served_on=None) is None


def test_community_detox_lasts_three_years_from_the_report_and_rehabilitation_as_long_as_its_paper_says() -> None:
    """NL33: 社区戒毒的期限为三年; NL48: 社区康复不超过三年."""
    assert rules.expected_end(kind="CD", reported_on=D(2022, 1, 10), printed_end=None) == D(2025, 1, 9)
    assert rules.expected_end(kind="CD", reported_on=D(2020, 2, 29), printed_end=None) == D(2023, 2, 27)
    assert rules.expected_end(kind="CR", reported_on=D(2022, 1, 10), printed_end=None) is None
    assert rules.expected_end(kind="CD", reported_on=None, printed_end=None) is None
    for kind in ("CD", "CR"):
        printed = D(2024, 5, 5)
        assert rules.expected_end(kind=kind, reported_on=D(2022, 1, 10), printed_end=printed) == printed, "the paper rules"


@given(days, st.none() | days, days)
def test_a_measure_covers_the_days_from_report_to_end(reported: date, ended: date | None, day: date) -> None:
    assert rules.covers(reported_on=reported, ended_on=ended, day=day) == (reported <= day and (ended is None or day <= ended))
    assert not rules.covers(reported_on=None, ended_on=ended, day=day)


@pytest.mark.parametrize(
    ("testers", "enough"),
    [([], False), (["李秀"], False), (["李秀", "李秀"], False), (["李秀", ""], False), (["李秀", "王平"], True), (None, False)],
)
def test_a_test_is_done_by_two_different_people(testers: list[str] | None, enough: bool) -> None:
    assert (rules.check_test({"testers": testers}) == []) == enough


def test_nobody_is_released_before_the_decision() -> None:
    assert [p.column for p in rules.check_isolation({"decided_on": D(2022, 1, 2), "released_on": D(2022, 1, 1)})] == ["released_on"]
    assert rules.check_isolation({"decided_on": D(2022, 1, 2), "released_on": D(2022, 1, 2)}) == []


def test_what_has_happened_is_not_in_the_future() -> None:
    values = {"a": D(2022, 11, 24), "b": D(2022, 11, 23), "c": None, "d": "2022-12-01"}
    assert [p.column for p in rules.not_in_future(values, ("a", "b", "c", "d"), D(2022, 11, 23))] == ["a"]
