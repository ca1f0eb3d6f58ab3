"""The rules of what ends: each on articles on file, none acting before its day, none that is not confirmed switched on unsaid."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference import retention, statutes
from qingyuan.reference.daycount import TermUnit
from qingyuan.reference.retention import RetentionRule

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))
RULES = st.sampled_from(retention.rules())


@given(RULES, DAYS, st.integers(0, 400), st.integers(0, 400))
def test_what_has_ended_stays_ended_and_never_before_it_happened(rule: RetentionRule, event: date, days: int, more: int) -> None:
    on = event + timedelta(days=days)
    assert not rule.acts_on(event, event - timedelta(days=1))
    if rule.acts_on(event, on):
        assert rule.acts_on(event, on + timedelta(days=more))


@given(RULES, DAYS)
def test_the_day_is_counted_alike_by_a_clerk_with_a_calendar(rule: RetentionRule, event: date) -> None:
    if not rule.active or (rule.valid_from and event < rule.valid_from):
        assert rule.ends_on(event) is None
        return
    day, left = event, rule.after or 0
    if rule.unit is TermUnit.YEAR:
        # The same day of that later year; of 29 February, where that year has none, the last of the month.
        same = event.replace(day=28) if (event.month, event.day) == (2, 29) else event
        day, left = same.replace(year=event.year + left), 0
        if event != same and calendar.isleap(day.year):
            day = day.replace(day=29)
    while left:
        day, left = day + timedelta(days=1), left - 1
    assert rule.ends_on(event) == day


def test_records_of_minors_are_sealed_from_june_2021_and_violations_from_2026() -> None:
    minor, violation = retention.rule("MINOR"), retention.rule("VIOLATION")
    assert minor.ends_on(date(2021, 5, 31)) is None and minor.ends_on(date(2021, 6, 1)) == date(2021, 6, 1)
    assert violation.ends_on(date(2025, 12, 31)) is None and violation.ends_on(date(2026, 1, 1)) == date(2026, 1, 1)


def test_a_term_that_no_text_confirms_never_acts_and_says_so() -> None:
    treatment = retention.rule("TREATMENT")
    assert not treatment.active and not treatment.confirmed and "没有核对到" in treatment.note
    assert treatment.ends_on(date(1990, 1, 1)) is None


@given(RULES, st.integers(0, 12))
def test_a_few_people_are_told_by_their_number_to_nobody(rule: RetentionRule, count: int) -> None:
    told = rule.counted(count)
    assert told == ("<5" if rule.people and 1 <= count <= 4 else str(count))


@pytest.mark.parametrize("rule", retention.rules(), ids=lambda one: one.code)
def test_every_rule_says_on_what_it_rests(rule: RetentionRule) -> None:
    assert statutes.cite_all(rule.articles) and rule.source and rule.note
    if rule.active and not rule.confirmed:
        assert "平台默认" in rule.source


def test_the_digest_of_the_rules_is_the_same_in_every_process_and_changes_with_a_rule() -> None:
    first, *others = retention.rules()
    assert retention.digest() == retention.digest(list(retention.rules()))
    assert retention.digest() != retention.digest([replace(first, after=1), *others])
