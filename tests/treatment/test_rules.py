"""The pure rules of a clinic's rows; no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.treatment import rules

AGREED = {"signed_on": date(2022, 2, 1), "confidentiality": True}
ENROLLED = {"enrolled_on": date(2022, 3, 1)}


def wrong(found: list[Any]) -> list[str]:
    return [problem.column for problem in found]


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"confidentiality": False}, ["confidentiality"]),
        ({"ends_on": date(2022, 1, 31)}, ["ends_on"]),
        ({"ended_on": date(2022, 1, 31), "end_reason": "moved"}, ["ended_on"]),
        ({"ended_on": date(2022, 5, 1)}, ["end_reason"]),
        ({"end_reason": "moved"}, ["ended_on"]),
        ({"ended_on": date(2022, 2, 1), "end_reason": "own_wish"}, []),
    ],
)
def test_an_agreement_promises_confidentiality_and_ends_after_it_began(changes: dict[str, Any], columns: list[str]) -> None:
    assert wrong(rules.check_agreement(AGREED | changes)) == columns


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"attendance": "taken", "dose_mg": Decimal("43.5")}, []),
        ({"attendance": "missed", "dose_mg": None}, []),
        ({"attendance": "missed", "dose_mg": Decimal(40)}, ["dose_mg"]),
        ({"attendance": "taken", "dose_mg": None}, ["dose_mg"]),
        ({"attendance": "taken", "dose_mg": Decimal(0)}, ["dose_mg"]),
    ],
)
def test_a_dose_was_taken_or_it_was_not(values: dict[str, Any], columns: list[str]) -> None:
    assert wrong(rules.check_dose(values)) == columns


def test_an_enrolment_left_before_it_began_is_refused_and_its_last_day_still_counts() -> None:
    assert wrong(rules.check_enrolment(ENROLLED | {"left_on": date(2022, 2, 28), "left_reason": "moved"})) == ["left_on"]
    first, last = date(2022, 3, 1), date(2022, 4, 1)
    assert rules.covers(enrolled_on=first, left_on=last, day=last) and rules.covers(enrolled_on=first, left_on=None, day=first)
    assert not rules.covers(enrolled_on=first, left_on=last, day=date(2022, 4, 2))
    assert not rules.covers(enrolled_on=first, left_on=None, day=date(2022, 2, 28))


def test_what_has_happened_does_not_lie_ahead() -> None:
    day = date(2022, 11, 24)
    assert wrong(rules.not_in_future({"due_on": day}, ("due_on",), date(2022, 11, 23))) == ["due_on"]
    assert rules.not_in_future({"due_on": day}, ("due_on",), day) == []
