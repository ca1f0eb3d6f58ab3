"""Figures, changes and intervals by hand-worked cases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.indicators.catalogue import get
from qingyuan.indicators.value import change_between, compute, few_people, interval_of, wilson


def _terms(**amounts: object) -> dict[str, Decimal | None]:
    return {key: None if value is None else Decimal(str(value)) for key, value in amounts.items()}


def test_a_rate_is_scaled_and_unknown_without_a_base() -> None:
    assert compute(get("R05"), _terms(numerator=203, denominator=214)) == Decimal(20300) / 214
    assert compute(get("R05"), _terms(numerator=0, denominator=0)) is None
    assert compute(get("R05"), _terms(numerator=None, denominator=3)) is None
    assert compute(get("E04"), _terms(numerator="46200.5")) == Decimal("46.2005")
    assert compute(get("G12"), _terms(numerator=37, denominator=600_000)) == Decimal(370000) / 600_000


def test_wilson_gives_the_published_case() -> None:
    low, high = wilson(18, 20)
    assert (round(low, 3), round(high, 3)) == (0.699, 0.972)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == 1.0
    for wrong in ((1, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="not a proportion"):
            wilson(*wrong)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_solves_its_own_equation(pair: tuple[int, int]) -> None:
    """Wilson's bounds are where the share lies 1.96 standard errors away, the error taken at the bound."""
    successes, trials = pair
    low, high = wilson(successes, trials)
    share = successes / trials
    assert 0 <= low <= share <= high <= 1
    for bound in (low, high):
        if 0 < bound < 1:
            distance = abs(share - bound) / (bound * (1 - bound) / trials) ** 0.5
            assert distance == pytest.approx(1.959964, abs=1e-4)


def test_the_interval_is_worded_with_a_caution_when_the_base_is_small() -> None:
    shown = interval_of(get("G11R"), _terms(numerator=21, denominator=37))
    assert shown is not None and shown.words() == "样本较小，区间 41%—71%"
    large = interval_of(get("R05"), _terms(numerator=203, denominator=214))
    assert large is not None and large.words(decimals=1) == "区间 91.0%—97.1%"
    assert interval_of(get("G12"), _terms(numerator=3, denominator=60_000)) is None
    assert interval_of(get("R05"), _terms(numerator=0, denominator=0)) is None


def test_a_weighted_proportion_is_as_sure_as_its_effective_sample() -> None:
    """85 % of 400 000 people, known from answers worth 160: not from 400 000, and not from the 200 that were asked."""
    known = _terms(numerator=340_000, denominator=400_000, effective=160, valid=200)
    shown = interval_of(get("P01"), known)
    assert shown is not None and shown.words(decimals=1) == "区间 78.7%—89.7%" and not shown.small_sample
    low, high = wilson(136, 160)
    assert float(shown.low) == pytest.approx(100 * low) and float(shown.high) == pytest.approx(100 * high)
    few = interval_of(get("P01"), known | _terms(effective="12.5"))
    assert few is not None and few.small_sample
    assert interval_of(get("P01"), known | _terms(effective=None)) is None


def test_counts_change_in_percent_and_rates_in_points() -> None:
    grown = change_between(get("E01"), Decimal(128), Decimal(123))
    assert grown.words() == "+4.1%" and grown.points is None
    assert change_between(get("E04"), Decimal("46.2"), Decimal("50.27")).words() == "−8.1%"
    assert change_between(get("R05"), Decimal("91.2"), Decimal("92.4")).words() == "−1.2 个百分点"
    assert change_between(get("E01"), Decimal(5), Decimal(5)).words() == "持平"
    assert change_between(get("R05"), Decimal("91.24"), Decimal("91.21")).words() == "持平"


@pytest.mark.parametrize(("now", "before", "said"), [(5, 2, "+3(基数小)"), (2, 19, "−17(基数小)"), (19, 19, "持平"), (22, 20, "+10.0%")])
def test_from_a_small_base_a_count_is_compared_by_the_difference(now: int, before: int, said: str) -> None:
    assert change_between(get("E01"), Decimal(now), Decimal(before)).words() == said


def test_weights_and_rates_know_no_small_base() -> None:
    assert change_between(get("E04"), Decimal("1.10"), Decimal("1.00")).words() == "+10.0%"
    assert not change_between(get("R05"), Decimal(12), Decimal(10)).small_base


def test_nothing_is_divided_by_nought_or_by_the_unknown() -> None:
    from_nought = change_between(get("E01"), Decimal(3), Decimal(0))
    assert from_nought.percent is None and from_nought.absolute == 3 and "为零" in from_nought.words()
    assert change_between(get("E01"), Decimal(3), None).words() == "上年同期没有数据"
    assert change_between(get("E01"), None, Decimal(3)).words() == "本期没有数据"
    assert change_between(get("E01"), Decimal(3), Decimal(2), "数据不全").percent is None


def test_few_people_are_marked_and_so_are_those_left_over() -> None:
    assert few_people(get("G11"), _terms(numerator=3, rural=0, reported_places=1)) == {"numerator"}
    assert few_people(get("E01"), _terms(numerator=3, major=1)) == frozenset()
    assert few_people(get("R01"), _terms(numerator=10, denominator=12, late=0, missing=2)) == {"missing", "numerator"}
    nobody = _terms(numerator=9, denominator=9, missing=0, excused=0, people=5, people_missing=0)
    assert few_people(get("R05"), nobody) == frozenset()
