"""Questions about patterns: planted cheats are found, honest units left alone, imports and sittings are no offence."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from math import comb

import pytest

from qingyuan.governance.rules.gaming import Entry, Pattern, Question, Work, questions, tail
from tests.governance.gaming_city import city, tally


def test_the_tail_is_the_exact_binomial_one() -> None:
    by_hand = sum(comb(20, k) * 0.3**k * 0.7 ** (20 - k) for k in range(12, 21))
    assert tail(12, 20, 0.3) == pytest.approx(by_hand, rel=1e-9)
    assert tail(0, 20, 0.3) == 1.0


@pytest.mark.parametrize("pattern", list(Pattern))
def test_a_planted_cheat_is_asked_about_its_own_rows(pattern: Pattern) -> None:
    told = [one for one in questions(city(7, {4: pattern})) if one.pattern is pattern]
    assert [one.unit for one in told] == [4]
    assert all(row.startswith("4-") for one in told for row in one.rows)


def test_four_in_five_planted_cheats_are_found_and_hardly_an_honest_unit_asked() -> None:
    found = tally(12)
    assert sum(found.found.values()) >= 0.8 * sum(found.planted.values())
    assert found.asked <= 0.05 * found.honest


def test_clean_cities_are_asked_next_to_nothing() -> None:
    found = tally(12, ())
    assert found.asked <= 0.02 * found.honest


def typed(imported: bool, ago: int) -> Work:
    moment = datetime(2022, 12, 20, 1, tzinfo=UTC)
    day = date(2022, 12, 20) - timedelta(days=ago)
    rows = [
        Entry(str(n), day - timedelta(days=n), moment + timedelta(seconds=6 * n), date(2022, 12, 20), None, imported)
        for n in range(30)
    ]
    return Work(rows)


def test_an_import_or_what_is_typed_within_days_is_no_question() -> None:
    honest = city(3, {})
    asked = {
        name: [one for one in questions(honest | {99: work}) if one.unit == 99]
        for name, work in (("by hand", typed(False, 40)), ("import", typed(True, 40)))
    }
    assert [one.pattern for one in asked["by hand"]] == [Pattern.TOGETHER]
    assert asked["import"] == []
    fresh = typed(False, 0)
    today = Work([replace(one, happened_on=date(2022, 12, 19)) for one in fresh.entries])
    assert not [one for one in questions(honest | {99: today}) if one.unit == 99]


def test_a_question_names_a_unit_and_rows_and_no_worker() -> None:
    assert {one.name for one in fields(Question)} == {"unit", "pattern", "seen", "of", "usual", "chance", "rows", "subject"}


def test_few_rows_carry_no_question() -> None:
    few = Work([replace(one, last_day=one.happened_on) for one in typed(False, 40).entries[:7]])
    assert not [one for one in questions(city(3, {}) | {99: few}) if one.unit == 99]
