"""Curves as they may be shown: nothing in them, and no difference between two of their numbers, tells of fewer than five people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.outcomes import incidence, kaplan_meier
from qingyuan.indicators.outcomes.closed import HORIZONS, MONTH, shown, to_five
from qingyuan.indicators.outcomes.definitions import COMPETING, DEFINITIONS, KINDS, Outcome, Stay, follow, followed
from qingyuan.indicators.outcomes.people import HAPPENED, Followed
from qingyuan.reference.tables import read_table

UNTIL = date(2022, 11, 23)
BEGAN = date(2020, 1, 10)
PEOPLE = st.lists(
    st.builds(Followed, st.integers(0, 1300).map(float), st.sampled_from(["", "", HAPPENED, "dead", "moved"])), max_size=150
)


@given(PEOPLE)
def test_between_two_points_it_happened_to_nobody_or_to_at_least_five(people: list[Followed]) -> None:
    curve = shown(people)
    if curve is None:
        assert len(people) < SMALLEST
        return
    days = [point.month * MONTH for point in curve.points]
    for since, until in zip(days, days[1:], strict=False):
        inside = [one for one in people if (since < one.time or since == 0) and one.time <= until]
        happened = sum(one.event == HAPPENED for one in inside)
        for count in (happened, len(inside) - happened):
            assert count == 0 or count >= SMALLEST
    for point in curve.points[1:]:
        left = sum(one.time > point.month * MONTH for one in people)
        assert left >= SMALLEST and point.at_risk == to_five(left)


@given(PEOPLE)
def test_a_shown_share_is_that_of_the_whole_curve_to_the_nearest_per_cent(people: list[Followed]) -> None:
    curve = shown(people)
    if curve is None:
        return
    whole = kaplan_meier(people, HAPPENED)
    for point in curve.points[1:]:
        true = whole.at(point.month * MONTH)
        assert abs(point.share - 100 * (true.value if true else 1.0)) <= 0.5 + 1e-9
    assert curve.points[0].share == 100 and curve.people % 5 == 0
    assert curve.events is None or curve.events % 5 == 0
    happened = sum(one.event == HAPPENED for one in people)
    assert (curve.events is None) == (0 < happened < SMALLEST)


@given(PEOPLE)
def test_a_competing_event_is_told_only_where_enough_had_it_since_the_horizon_before(people: list[Followed]) -> None:
    curve = shown(people)
    for kind, told in curve.beside.items() if curve else ():
        before, whole = 0, incidence(people, kind)
        for month in HORIZONS:
            now = sum(one.event == kind and one.time <= month * MONTH for one in people)
            if told[month] is not None:
                assert now == before or now - before >= SMALLEST
                before = now
            if (here := told[month]) is not None:
                true = whole.at(month * MONTH)
                assert true is not None and here.share == round(100 * true.value)
                wide = [None if one is None else round(100 * one) for one in (true.low, true.high)]
                assert [here.low, here.high] == wide, "the interval of the share that is shown, in whole per cent"


@given(st.integers(0, 10_000))
def test_to_the_nearest_five_and_never_from_enough_to_few(count: int) -> None:
    assert abs(to_five(count) - count) <= 2 and to_five(count) % 5 == 0
    assert (to_five(count) >= SMALLEST) or count < SMALLEST


def _stay(**changes: object) -> Stay:
    values = {"kind": "CD", "started": BEGAN, "ended": None, "reason": "", "place": None, "positive": None, "isolated": None}
    return Stay(**values | changes)  # type: ignore[arg-type]


def _day(days: int) -> date:
    return BEGAN + timedelta(days=days)


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        # (left, converted, positive, isolation, any): days and event
        (_stay(), [(1048, "")] * 5),
        (_stay(ended=_day(100), reason="discharged"), [(100, ""), (100, ""), (100, ""), (1048, ""), (1048, "")]),
        (_stay(ended=_day(100), reason="dead"), [(100, "dead")] * 5),
        (_stay(ended=_day(100), reason="moved_out"), [(100, "moved")] * 5),
        (_stay(ended=_day(100), reason="terminated"), [(100, "event"), *[(100, "custody")] * 4]),
        (
            _stay(ended=_day(100), reason="converted", positive=_day(90), isolated=_day(102)),
            [(100, "event"), (100, "event"), (90, "event"), (102, "event"), (90, "event")],
        ),
        (
            _stay(ended=_day(100), reason="discharged", positive=_day(120), isolated=_day(300)),
            [(100, ""), (100, ""), (100, ""), (300, "event"), (300, "event")],
        ),
        (_stay(ended=_day(100), reason="moved_out", isolated=_day(300)), [(100, "moved")] * 5),
    ],
)
def test_each_definition_reads_the_same_stay_in_its_own_way(stay: Stay, expected: list[tuple[int, str]]) -> None:
    found = [followed(stay, one.code, UNTIL) for one in DEFINITIONS]
    assert [(one.time, one.event) for one in found if one] == expected


def test_a_revoked_decision_and_a_stay_that_has_not_begun_are_left_out() -> None:
    stays = [_stay(ended=_day(5), reason="revoked"), _stay(started=UNTIL + timedelta(days=1))]
    assert not any(follow(stays, outcome, UNTIL) for outcome in Outcome)


def test_what_lies_after_the_day_asked_about_is_not_known_yet() -> None:
    stay = _stay(ended=_day(500), reason="converted", positive=_day(400), isolated=_day(500))
    assert [followed(stay, one.code, _day(300)) for one in DEFINITIONS] == [Followed(300.0, "", "", ("CD", "2020"))] * 5


def test_every_reason_for_which_a_measure_ends_is_known_here() -> None:
    ends = {row["code"] for row in read_table("measure_end_reasons") if {"CD", "CR"} & set(row["applies"].split(";"))}
    assert ends == {*COMPETING, "converted", "revoked", "discharged"}
    assert {HAPPENED, *COMPETING.values()} == set(KINDS)
