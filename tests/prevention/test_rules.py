"""What the rules of prevention refuse and say, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.prevention.rules import activities, cultivation, materials, plans, schools, surveys
from qingyuan.prevention.rules.materials import Move

DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))


def columns(problems: list[Any]) -> list[str]:
    return [problem.column for problem in problems]


# --- places and activities ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "village"}, []),
        ({"kind": "parcel"}, ["kind"]),
        ({"kind": "home", "setting": "courier"}, ["setting"]),
        ({"kind": "venue", "setting": "entertainment"}, []),
        ({"kind": "school", "listed_on": date(2022, 1, 1), "closed_on": date(2022, 1, 1)}, ["closed_on"]),
        ({"kind": "school", "listed_on": date(2022, 1, 1), "closed_on": date(2022, 1, 2)}, []),
        ({}, []),
    ],
)
def test_a_place_is_of_the_six_classes_and_a_home_has_no_trade(values: dict[str, Any], wrong: list[str]) -> None:
    assert columns(activities.check_place(values)) == wrong


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"reach": 0, "reach_basis": "counted"}, []),
        ({"reach": -1, "reach_basis": "counted"}, ["reach"]),
        ({"reach": 50_000, "reach_basis": "estimated"}, []),
        ({"reach": 50_001, "reach_basis": "estimated"}, ["reach"]),
        ({"reach": 900_000, "reach_basis": "platform", "form": "online"}, []),
        ({"reach": 90, "reach_basis": "platform", "form": "lecture"}, ["reach_basis"]),
        ({"reach": 9, "reach_basis": "counted", "kind": "hotel", "handed_out": -3}, ["kind", "handed_out"]),
    ],
)
def test_a_headcount_says_how_it_was_made_and_views_are_no_heads(values: dict[str, Any], wrong: list[str]) -> None:
    assert columns(activities.check_activity(values)) == wrong


# --- schools -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"stage": "primary", "pupils_p1_3": 200, "pupils_p4_6": 210, "pupils_j7_9": 0}, []),
        ({"stage": "primary", "pupils_j7_9": 30}, ["pupils_j7_9"]),
        ({"stage": "kindergarten", "pupils_p1_3": 30}, []),
        ({"stage": "senior", "pupils_s10_12": -1}, ["pupils_s10_12"]),
        ({"stage": "senior", "demonstration": "county"}, ["awarded_on"]),
        ({"stage": "senior", "awarded_on": date(2020, 6, 1)}, ["demonstration"]),
        (
            {"demonstration": "county", "awarded_on": date(2020, 6, 1), "expires_on": date(2020, 5, 31)},
            ["expires_on"],
        ),
    ],
)
def test_pupils_fit_the_stage_and_an_award_has_its_day(values: dict[str, Any], wrong: list[str]) -> None:
    assert columns(schools.check_school(values)) == wrong


@pytest.mark.parametrize(("hours", "wrong"), [("0", ["hours"]), ("0.5", []), ("8", []), ("8.5", ["hours"])])
def test_a_day_has_no_more_class_hours_than_a_day(hours: str, wrong: list[str]) -> None:
    assert columns(schools.check_lesson({"hours": Decimal(hours), "pupils": 40})) == wrong


def test_nurseries_and_universities_owe_no_class_hours() -> None:
    assert [
        stage for stage in ("primary", "vocational", "kindergarten", "university") if schools.lessons_in_scope(stage)
    ] == [
        "primary",
        "vocational",
    ]
    assert schools.taught("whole", "primary") and not schools.taught("s10_12", "primary")


LESSONS = st.lists(st.tuples(DAYS, st.integers(1, 6).map(lambda n: Decimal(n) / 2), st.uuids()), max_size=12)


@given(lessons=LESSONS, required=st.integers(1, 8), opens=DAYS, length=st.integers(0, 200))
def test_the_hours_are_reached_on_the_first_day_that_has_them(
    lessons: list[tuple[date, Decimal, UUID]], required: int, opens: date, length: int
) -> None:
    last = opens + timedelta(days=length)
    done = schools.reached(lessons, opens, last, required)
    total = schools.hours_until(lessons, opens, last)
    assert (done is not None) == (total >= required)
    if done is not None:
        assert schools.hours_until(lessons, opens, done.day) >= required
        assert schools.hours_until(lessons, opens, done.day - timedelta(days=1)) < required
        assert done.row_id in {row for day, _hours, row in lessons if day == done.day}


# --- materials ---------------------------------------------------------------------------------------------------------
MOVES = st.lists(st.builds(Move, DAYS, st.sampled_from(["in", "out"]), st.integers(1, 50)), max_size=14)


@given(MOVES)
def test_a_store_is_short_exactly_when_a_day_ends_below_nought(moves: list[Move]) -> None:
    below = [
        day
        for day in sorted({move.day for move in moves})
        if materials.balance(move for move in moves if move.day <= day) < 0
    ]
    short = materials.shortage(moves)
    assert (short is None) == (not below)
    if short is not None:
        assert short.move.direction == "out" and short.balance < short.move.quantity and short.move.day == below[0]


@given(MOVES)
def test_what_a_store_bears_ends_at_or_above_nought(moves: list[Move]) -> None:
    if materials.shortage(moves) is None:
        assert materials.balance(moves) >= 0


def test_what_comes_in_on_a_day_can_go_out_on_it() -> None:
    day = date(2022, 6, 26)
    assert materials.shortage([Move(day, "out", 5), Move(day, "in", 5)]) is None
    assert columns(materials.check_move({"quantity": 0})) == ["quantity"]


# --- cultivation -------------------------------------------------------------------------------------------------------
FOUND = {"found": True, "plant": "poppy", "plants": 12, "surveyors": ["吴主任"], "surveyed_on": date(2022, 4, 2)}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"found": False, "plant": "", "plants": 0}, []),
        ({"found": False, "plant": "", "plants": None}, []),
        ({"plants": 0}, ["plants"]),
        ({"found": False}, ["found"]),
        ({"plant": ""}, ["plant"]),
        ({"plants": -1}, ["plants"]),
        ({"surveyors": []}, ["surveyors"]),
        ({"reported_on": date(2022, 4, 1)}, ["reported_on"]),
    ],
)
def test_a_find_has_plants_and_a_zero_report_has_none(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(cultivation.check_survey(FOUND | changes)) == wrong


GONE = {"found_on": date(2022, 4, 2), "eradicated_on": date(2022, 4, 3), "plants": 12, "witnesses": ["吴主任", "何姐"]}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"witnesses": ["吴主任"]}, ["witnesses"]),
        ({"witnesses": ["吴主任", "吴主任"]}, ["witnesses"]),
        ({"plants": 0}, ["plants"]),
        ({"eradicated_on": date(2022, 4, 1)}, ["eradicated_on"]),
        ({"rechecked_on": date(2022, 4, 20)}, ["recheck_result"]),
        ({"recheck_result": "clean"}, ["rechecked_on"]),
        ({"rechecked_on": date(2022, 4, 2), "recheck_result": "clean"}, ["rechecked_on"]),
    ],
)
def test_an_eradication_has_two_witnesses_and_follows_the_find(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(cultivation.check_eradication(GONE | changes)) == wrong


def test_a_patch_has_an_area() -> None:
    assert columns(cultivation.check_patch({"area_mu": Decimal(0)})) == ["area_mu"]
    assert columns(cultivation.check_patch({"area_mu": Decimal("0.3")})) == []


# --- surveys of the public ---------------------------------------------------------------------------------------------
SAMPLE = {
    "stratum_size": 12_000,
    "sampled": 210,
    "valid": 200,
    "passed": 190,
    "began_on": date(2022, 9, 1),
    "ended_on": date(2022, 9, 9),
}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"valid": 0, "passed": 0}, ["valid"]),
        ({"valid": 211}, ["valid"]),
        ({"sampled": 12_001}, ["sampled"]),
        ({"passed": 201}, ["passed"]),
        ({"ended_on": date(2022, 8, 31)}, ["ended_on"]),
        ({"passed": -1}, ["passed"]),
    ],
)
def test_a_stratum_adds_up(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(surveys.check_awareness(SAMPLE | changes)) == wrong


def test_the_five_answers_are_the_valid_ones() -> None:
    answers = {"very_content": 120, "content": 60, "neutral": 12, "discontent": 5, "very_discontent": 3}
    base = {key: value for key, value in SAMPLE.items() if key != "passed"} | answers
    assert columns(surveys.check_safety(base | {"safe": 180})) == []
    assert columns(surveys.check_safety(base | {"neutral": 13})) == ["valid"]
    assert "201" in surveys.check_safety(base | {"neutral": 13})[0].message
    assert columns(surveys.check_safety(base | {"safe": 201})) == ["safe"]


def effective_sample(size: Decimal, weight_squares: Decimal) -> Decimal:
    """What the definitions of P01 and P02 compute of the facts."""
    return size * size / weight_squares


STRATA = st.lists(
    st.integers(1, 400).flatmap(
        lambda valid: st.tuples(st.integers(0, valid), st.just(valid), st.integers(valid, 90_000))
    ),
    min_size=1,
    max_size=6,
)


@given(STRATA)
def test_a_weighted_rate_lies_between_its_strata_and_its_sample_is_worth_no_more_than_it_has(
    strata: list[tuple[int, int, int]],
) -> None:
    size = sum(Decimal(n) for _p, _v, n in strata)
    rate = sum(surveys.stands_for(p, v, n) for p, v, n in strata) / size
    rates = [Decimal(p) / v for p, v, _n in strata]
    slack = Decimal("0.001")
    assert min(rates) - slack <= rate <= max(rates) + slack
    worth = effective_sample(size, sum((surveys.weight_square(v, n) for _p, v, n in strata), Decimal(0)))
    assert 0 < worth <= sum(v for _p, v, _n in strata) + slack


def test_two_strata_by_hand() -> None:
    """300 000 people at 90 %, 100 000 at 70 %: 85 %. Equal samples of unequal strata are worth 160 of 200."""
    assert surveys.stands_for(90, 100, 300_000) + surveys.stands_for(70, 100, 100_000) == Decimal(340_000)
    squares = surveys.weight_square(100, 300_000) + surveys.weight_square(100, 100_000)
    assert effective_sample(Decimal(400_000), squares) == Decimal(160)


# --- plans -------------------------------------------------------------------------------------------------------------
def test_the_rounds_of_a_season_follow_one_another() -> None:
    rounds = plans.season(2022, plans.month_windows("2;3;4;5;6-7;8-9"))
    assert [(each.position, each.opens.isoformat(), each.last_day.isoformat()) for each in rounds] == [
        (20221, "2022-02-01", "2022-02-28"),
        (20222, "2022-03-01", "2022-03-31"),
        (20223, "2022-04-01", "2022-04-30"),
        (20224, "2022-05-01", "2022-05-31"),
        (20225, "2022-06-01", "2022-07-31"),
        (20226, "2022-08-01", "2022-09-30"),
    ]
    assert plans.season(2024, ((2, 2), (11, 12)))[0].last_day == date(2024, 2, 29)
    assert plans.season(2024, ((2, 2), (11, 12)))[1].last_day == date(2024, 12, 31)


@pytest.mark.parametrize("text", ["", "2;3;x", "0", "13", "3-2", "2-4;4", "3;2", "2-;3;1"])
def test_windows_that_cannot_be_read_say_how_to_write_them(text: str) -> None:
    with pytest.raises(plans.BadWindows, match="2;3;4|先后"):
        plans.month_windows(text)


def test_a_window_counts_from_the_beginning_and_until_the_end() -> None:
    rounds = plans.season(2022, ((2, 2), (3, 3), (4, 4), (5, 5)))
    asked = plans.asked_for(rounds, since=date(2022, 2, 2), closed_on=date(2022, 4, 10))
    assert [(span.position, span.needed) for span in asked] == [(20222, True), (20223, False)]
    whole = plans.asked_for(rounds, since=date(2022, 2, 1), closed_on=date(2022, 5, 1))
    assert [(span.position, span.needed) for span in whole] == [(20221, True), (20222, True), (20223, True)]


def test_a_place_listed_in_the_year_is_reached_in_what_is_left_of_it() -> None:
    years = [plans.calendar_year(year) for year in (2021, 2022)]
    [first, second] = plans.asked_for(years, since=date(2021, 9, 3), closed_on=None, join_late=True)
    assert (first.opens, first.last_day) == (date(2021, 9, 3), date(2021, 12, 31))
    assert (second.opens, second.label) == (date(2022, 1, 1), "2022 年")


@given(since=DAYS, closed=st.none() | DAYS, join=st.booleans())
def test_nothing_is_asked_of_what_was_not_listed_yet_or_any_more(since: date, closed: date | None, join: bool) -> None:
    spans = [*plans.season(2022, plans.month_windows("1;2;3;4;5;6;7;8;9;10;11;12")), plans.calendar_year(2022)]
    for span in plans.asked_for(spans, since=since, closed_on=closed, join_late=join):
        assert span.opens >= since and span.opens <= span.last_day
        assert closed is None or span.opens < closed
        assert span.needed == (closed is None or span.last_day < closed)
