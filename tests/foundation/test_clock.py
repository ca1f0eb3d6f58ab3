"""A stored moment comes back in UTC: its day is asked of the clock, never of the moment itself."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import qingyuan
from qingyuan.foundation import clock

SOURCE = Path(qingyuan.__file__).parent
# `x_at:%Y` in a text and `x_at.date()` both print yesterday from midnight to eight in the morning, when nobody tests.
UTC_DAY = re.compile(r"_at(:%|\.date\(\)|\.isoformat\(\)\[:10\]|\.strftime\()")


def test_between_midnight_and_eight_the_day_is_the_day_in_shanghai() -> None:
    stored = datetime(2022, 11, 22, 16, 10, tzinfo=UTC)
    assert stored.date() == date(2022, 11, 22)
    assert clock.day_of(stored) == date(2022, 11, 23)


def test_the_fixed_day_keeps_the_real_hour(settings: pytest.FixtureRequest) -> None:
    settings.QINGYUAN_TODAY = date(2022, 11, 23)  # type: ignore[attr-defined]
    assert clock.day_of(clock.now().astimezone(UTC)) == date(2022, 11, 23) == clock.today()


@pytest.mark.parametrize("words", ['f"{answer.answered_at:%Y-%m-%d}"', "batch.created_at.date()", "row.signed_at.strftime("])
def test_the_pattern_finds_what_it_is_for(words: str) -> None:
    assert UTC_DAY.search(words)


def test_no_line_takes_the_day_of_a_stored_moment_by_itself() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UTC_DAY.search(line) and "until_at:%" not in line and "localtime" not in line
    ]
    assert not found, f"use clock.day_of(moment): {found}"
