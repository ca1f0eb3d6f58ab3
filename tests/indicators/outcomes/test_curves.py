"""Curves, intervals and tests equal those of lifelines to 1e-6 (reference.json), and an obvious way on random people."""

from __future__ import annotations

import json
from fractions import Fraction
from math import exp, log, sqrt
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.indicators.outcomes import Followed, incidence, kaplan_meier
from qingyuan.indicators.outcomes.chances import (
    chi_squared_above,
    gamma_below,
    poisson_at_most,
    poisson_interval,
    poisson_two_sided,
)
from qingyuan.indicators.outcomes.comparing import Apart, compare, log_rank
from qingyuan.indicators.outcomes.curves import Z_95, Point

REFERENCE: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "reference.json").read_text())
CLOSE: Final = 1e-6
# The trial of 6-mercaptopurine in leukaemia (Freireich 1963), weeks in remission; a plus is somebody still in remission.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def people(name: str) -> list[Followed]:
    return [Followed(time, event, group, entry=entry) for entry, time, event, group in REFERENCE[name]]


def remissions(text: str, group: str) -> list[Followed]:
    return [Followed(float(word.rstrip("+")), "" if word.endswith("+") else "relapse", group) for word in text.split()]


def agrees(found: Point | None, value: float, low: float | None, high: float | None) -> bool:
    return (
        found is not None
        and found.value == pytest.approx(value, abs=CLOSE)
        and (found.low is None or low is None or found.low == pytest.approx(low, abs=CLOSE))
        and (found.high is None or high is None or found.high == pytest.approx(high, abs=CLOSE))
    )


@pytest.mark.parametrize(
    ("name", "rows", "of"), [("km_any", "people", ""), ("km_relapse", "people", "relapse"), ("km_late", "late", ""), ("km_tied", "tied", "")]
)
def test_the_curve_and_its_interval_are_those_of_the_reference(name: str, rows: str, of: str) -> None:
    curve = kaplan_meier(people(rows), of)
    times = {point.time for point in curve.points}
    points = [one for one in REFERENCE[name]["points"] if one[0] in times and (one[0] > 0 or curve.points[0].time == 0)]
    assert {one[0] for one in points} == times and len(times) > 20
    assert [one[0] for one in points if not agrees(curve.at(one[0]), *one[1:4])] == []
    entries = {one.entry for one in people(rows)}  # the reference's table counts who enters at a time, its curve does not
    assert [one[0] for one in points if curve.under_observation(one[0]) != one[4] and one[0] not in entries] == []
    assert curve.median() == (pytest.approx(REFERENCE[name]["median"]) if REFERENCE[name]["median"] else None)


@pytest.mark.parametrize(("name", "of"), [("km_any", ""), ("km_relapse", "relapse")])
def test_the_mean_within_a_horizon_is_that_of_the_reference(name: str, of: str) -> None:
    assert kaplan_meier(people("people"), of).restricted_mean(200) == pytest.approx(REFERENCE[name]["mean200"], abs=CLOSE)
    assert kaplan_meier(people("people"), of).restricted_mean(100_000) is None


@pytest.mark.parametrize("kind", ["relapse", "arrest"])
def test_competing_incidence_is_that_of_the_reference(kind: str) -> None:
    curve = incidence(people("people"), kind)
    points = [one for one in REFERENCE[f"aj_{kind}"] if one[0] >= curve.points[0].time and one[1] > 0]
    assert len(points) > 200
    assert [one[0] for one in points if not agrees(curve.at(one[0]), *one[1:4])] == []


@pytest.mark.parametrize(("name", "rows", "of"), [("lr_any", "people", ""), ("lr_relapse", "people", "relapse"), ("lr_tied", "tied", "")])
def test_the_log_rank_test_is_that_of_the_reference(name: str, rows: str, of: str) -> None:
    test = log_rank(people(rows), of)
    assert test is not None
    assert test.statistic == pytest.approx(REFERENCE[name]["statistic"], abs=CLOSE)
    assert test.chance == pytest.approx(REFERENCE[name]["p"], abs=CLOSE)
    assert test.freedom == REFERENCE[name]["freedom"]


def test_the_published_trial_comes_out_as_printed_in_textbooks() -> None:
    treated, placebo = remissions(TREATED, "6-MP"), remissions(PLACEBO, "placebo")
    curve = kaplan_meier(treated)
    assert [round(point.value, 3) for time in (6, 10, 23) if (point := curve.at(time))] == [0.857, 0.753, 0.448]
    assert curve.median() == 23 and kaplan_meier(placebo).median() == 8
    test = log_rank(treated + placebo)
    assert test is not None and round(test.statistic, 2) == 16.79


def test_after_the_last_one_was_seen_nothing_is_said() -> None:
    curve = kaplan_meier(remissions(TREATED, ""))
    assert curve.at(35) is not None and curve.at(36) is None and curve.under_observation(36) == 0


def test_when_it_happens_to_the_last_one_the_curve_is_at_nought_and_has_no_interval() -> None:
    point = kaplan_meier([Followed(3, "relapse"), Followed(5, "relapse")]).at(5)
    assert point is not None and (point.value, point.low, point.high) == (0.0, None, None)


def test_nobody_makes_an_empty_curve() -> None:
    curve = kaplan_meier([])
    assert (curve.points, curve.median(), curve.at(0), curve.restricted_mean(10)) == ((), None, None, None)
    assert log_rank([]) is None and compare([]) == []


EVENTS = st.sampled_from(["", "relapse", "arrest"])
CROWD = st.lists(st.builds(Followed, st.integers(0, 30).map(float), EVENTS, st.sampled_from("abc"), st.sampled_from([("m",), ("w",)])), min_size=1, max_size=40)


def test_shares_that_add_up_to_one_but_for_the_last_digit_are_one() -> None:
    # Forty-nine shares of a forty-ninth: as floats they add up to a little more than 1.
    people = [Followed(float(time), "relapse", "a", ("m",)) for time in range(1, 50)]
    last = incidence(people, "relapse").points[-1]
    assert (round(last.value, 9), last.low, last.high) == (1.0, 1.0, 1.0)


@given(CROWD)
def test_the_curve_is_the_product_reckoned_in_fractions(crowd: list[Followed]) -> None:
    curve = kaplan_meier(crowd, "relapse")
    exact = Fraction(1)
    for time in sorted({one.time for one in crowd}):
        at_risk = sum(one.time >= time for one in crowd)
        happened = sum(one.time == time and one.event == "relapse" for one in crowd)
        exact *= Fraction(at_risk - happened, at_risk)
        point = curve.at(time)
        assert point is not None and point.value == pytest.approx(float(exact), abs=1e-12) and point.at_risk == at_risk


@given(CROWD)
def test_every_kind_and_the_share_without_any_make_one_whole(crowd: list[Followed]) -> None:
    free = kaplan_meier(crowd)
    kinds = [incidence(crowd, kind) for kind in ("relapse", "arrest")]
    for point in free.points:
        shares = [found.value for one in kinds if (found := one.at(point.time))]
        assert point.value + sum(shares) == pytest.approx(1, abs=1e-12)


@given(CROWD)
def test_intervals_hold_their_value_and_stay_between_nought_and_one(crowd: list[Followed]) -> None:
    for curve in (kaplan_meier(crowd), incidence(crowd, "relapse")):
        for point in curve.points:
            if point.low is not None and point.high is not None:
                assert 0 <= point.low <= point.value + 1e-12 and point.value - 1e-12 <= point.high <= 1


@given(st.lists(st.builds(Followed, st.integers(1, 30).map(float), st.sampled_from(["relapse", "arrest"])), min_size=2, max_size=80))
def test_where_nobody_leaves_the_interval_of_a_competing_event_is_that_of_a_plain_share(crowd: list[Followed]) -> None:
    """Then k of n have had it by a day, whose variance is f(1−f)/n whatever else could have come first."""
    for point in incidence(crowd, "relapse").points:
        share = sum(one.event == "relapse" and one.time <= point.time for one in crowd) / len(crowd)
        if 0 < share < 1:
            width = Z_95 * sqrt(share * (1 - share) / len(crowd)) / (share * abs(log(share)))
            assert point.low == pytest.approx(exp(log(share) * exp(width)), abs=CLOSE)
            assert point.high == pytest.approx(exp(log(share) * exp(-width)), abs=CLOSE)


def test_with_people_who_leave_the_interval_is_as_wide_as_drawing_the_people_again_says() -> None:
    """A bootstrap of 240 people of the reference, 400 times: it knows nothing of the formula. Within a sixth of its spread."""
    crowd, dice = people("people"), Random(7)
    for kind, day in (("relapse", 120), ("arrest", 200)):
        point = incidence(crowd, kind).at(day)
        drawn = [found.value for _ in range(400) if (found := incidence(dice.choices(crowd, k=len(crowd)), kind).at(day))]
        middle = sum(drawn) / len(drawn)
        spread = sqrt(sum((one - middle) ** 2 for one in drawn) / (len(drawn) - 1))
        assert point is not None and point.low is not None and point.high is not None and len(drawn) > 390
        # On the scale of log(−log) the interval is even on both sides; back on the share's own scale its half is the deviation.
        scale = (log(-log(point.low)) - log(-log(point.high))) / (2 * Z_95)
        assert scale * point.value * abs(log(point.value)) == pytest.approx(spread, rel=1 / 6)


@given(CROWD)
def test_one_minus_the_curve_never_falls_short_of_the_competing_incidence(crowd: list[Followed]) -> None:
    curve, first = kaplan_meier(crowd, "relapse"), incidence(crowd, "relapse")
    assert all(1 - point.value >= found.value - 1e-12 for point in curve.points if (found := first.at(point.time)))


@given(CROWD)
def test_expected_events_add_up_to_the_observed_ones(crowd: list[Followed]) -> None:
    found = compare(crowd, "relapse")
    assert sum(one.expected for one in found) == pytest.approx(sum(one.observed for one in found), abs=1e-9)
    assert sum(one.people for one in found) == len(crowd)


@given(CROWD, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(crowd: list[Followed], dice: Any) -> None:
    shuffled = list(crowd)
    dice.shuffle(shuffled)
    assert kaplan_meier(shuffled) == kaplan_meier(crowd)
    once, again = compare(crowd), compare(shuffled)
    assert [(one.group, one.observed, one.apart) for one in again] == [(one.group, one.observed, one.apart) for one in once]
    assert [one.expected for one in again] == pytest.approx([one.expected for one in once], abs=1e-9)
    first, second = log_rank(crowd), log_rank(shuffled)
    assert (first is None) == (second is None)
    if first and second:
        assert second.statistic == pytest.approx(first.statistic, abs=1e-9)


@given(CROWD)
def test_like_groups_are_never_told_apart_by_their_mix(crowd: list[Followed]) -> None:
    """Each group a copy of the same people: nothing to find, whatever the covariates."""
    copies = [Followed(one.time, one.event, group, one.stratum) for group in "abc" for one in crowd]
    test = log_rank(copies)
    assert test is None or test.statistic == pytest.approx(0, abs=1e-9)
    assert all(one.observed == pytest.approx(one.expected, abs=1e-9) for one in compare(copies))


def crowd_of(group: str, stratum: str, count: int, every: int) -> list[Followed]:
    return [Followed(float(10 + number % 20), "relapse" if number % every == 0 else "", group, (stratum,)) for number in range(count)]


def test_a_group_is_measured_by_its_own_mix() -> None:
    """Town a keeps hard cases, town b light ones; within each kind both do alike, so neither stands apart."""
    mixed = [*crowd_of("a", "hard", 180, 2), *crowd_of("a", "light", 20, 20), *crowd_of("b", "hard", 20, 2), *crowd_of("b", "light", 180, 20)]
    plain = compare([Followed(one.time, one.event, one.group) for one in mixed], "relapse")
    fair = compare(mixed, "relapse")
    assert [one.apart for one in plain] == [Apart.BEYOND_998, Apart.BEYOND_998]
    assert [one.apart for one in fair] == [Apart.WITHIN, Apart.WITHIN]


def test_few_people_are_not_compared() -> None:
    (few,) = [one for one in compare([*crowd_of("a", "", 19, 1), *crowd_of("b", "", 200, 2)]) if one.group == "a"]
    assert few.apart is Apart.FEW and few.ratio is None and few.chance is None


def test_of_like_groups_hardly_any_is_flagged() -> None:
    """A thousand groups under one hazard: fewer than one in twenty beyond the inner limit, fewer than one in a hundred beyond the outer."""
    dice = Random(7)
    crowd = []
    for group in range(1000):
        for _ in range(40):
            relapse, gone = dice.expovariate(1 / 300), dice.uniform(100, 900)
            crowd.append(Followed(min(relapse, gone), "relapse" if relapse < gone else "", f"{group:04}"))
    found = [one.apart for one in compare(crowd)]
    assert Apart.FEW not in found
    assert found.count(Apart.BEYOND_95) + found.count(Apart.BEYOND_998) <= 50
    assert found.count(Apart.BEYOND_998) <= 10


def test_a_planted_group_is_found() -> None:
    crowd = [*crowd_of("a", "", 100, 10), *crowd_of("b", "", 100, 10), *crowd_of("c", "", 100, 1)]
    assert {one.group: one.apart for one in compare(crowd)}["c"] is Apart.BEYOND_998


@pytest.mark.parametrize(
    ("value", "freedom", "chance"),
    [(3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (18.307038053275146, 10, 0.05), (16.79, 1, 4.1736e-5), (0, 3, 1)],
)
def test_chi_squared_has_its_tabled_tails(value: float, freedom: int, chance: float) -> None:
    assert chi_squared_above(value, freedom) == pytest.approx(chance, rel=1e-3)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0, 3.688879), (1, 0.0253178, 5.571643), (10, 4.795389, 18.39036), (100, 81.36398, 121.62679)])
def test_the_interval_of_a_count_is_the_tabled_one(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(0, 60), st.floats(0.01, 60))
def test_the_tail_of_a_count_is_the_sum_of_its_terms(count: int, mean: float) -> None:
    term = total = exp(-mean)
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    assert poisson_at_most(count, mean) == pytest.approx(total, abs=1e-11)
    assert 0 <= poisson_two_sided(count, mean) <= 1


@given(st.floats(0.1, 500), st.floats(0, 1000))
def test_the_gamma_share_is_a_share(shape: float, value: float) -> None:
    assert -1e-12 <= gamma_below(shape, value) <= 1 + 1e-12
