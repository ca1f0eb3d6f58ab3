"""Nobody who subtracts one shown sum from another learns of one to four people; solved by brute force, with fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.indicators.differencing import Ends, joined, shows

SMALLEST = 5
COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 17, 40])
Table = dict[str, list[tuple[int, ...]]]


@st.composite
def tables(draw: st.DrawFn, counts: int = 1) -> Table:
    places, months = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    month = st.tuples(*[COUNTS] * counts)
    return {name: draw(st.lists(month, min_size=months, max_size=months)) for name in "甲乙丙丁"[:places]}


def closed_for(table: Table, own: set[str], adds_up: bool = True) -> dict[str, Ends]:
    return joined(table, own=own, adds_up=adds_up, smallest=SMALLEST)


def runs(months: int) -> list[tuple[int, int]]:
    return [(first, last - 1) for first, last in combinations(range(months + 1), 2)]


def solvable(equations: list[list[int]], wanted: list[int]) -> bool:
    """Whether a combination of the shown sums gives the wanted one: Gauss, with fractions, over all unknowns."""
    rows: list[tuple[int, list[Fraction]]] = []

    def reduced(vector: list[int]) -> list[Fraction]:
        rest = [Fraction(value) for value in vector]
        for lead, row in rows:
            if rest[lead]:
                factor = rest[lead]
                rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
        return rest

    for equation in equations:
        rest = reduced(equation)
        lead = next((index for index, value in enumerate(rest) if value), None)
        if lead is not None:
            rows.append((lead, [value / rest[lead] for value in rest]))
    return not any(reduced(wanted))


def sum_of(places: list[str], table: Table, run: tuple[int, int], one: str | None) -> list[int]:
    """The run of ``one`` place (None = of all together) as coefficients of every place's months."""
    months = len(next(iter(table.values())))
    return [int(one in (None, place) and run[0] <= month <= run[1]) for place in places for month in range(months)]


def told(table: Table, own: set[str]) -> list[tuple[str, tuple[int, int]]]:
    """Sums of one to four of other places that follow from what is shown, the city being known in full."""
    places, every = list(table), runs(len(next(iter(table.values()))))
    ends = closed_for(table, own)
    shown = [sum_of(places, table, run, None) for run in every]
    shown += [sum_of(places, table, run, place) for place in places for run in every if shows(ends[place], *run)]
    return [
        (place, run)
        for place in places
        for run in every
        if place not in own
        and any(0 < sum(month[count] for month in table[place][run[0] : run[1] + 1]) < SMALLEST for count in range(len(table[place][0])))
        and solvable(shown, sum_of(places, table, run, place))
    ]


@given(tables(), st.sets(st.sampled_from("甲乙")))
def test_no_few_people_are_told_by_adding_and_subtracting_over_places_and_runs_of_months(table: Table, own: set[str]) -> None:
    strangers = set(table) - own
    if len(strangers) > 1:
        assert told(table, own) == []


@given(tables(counts=3), st.sets(st.sampled_from("甲乙")))
def test_the_same_holds_for_parts_that_are_shown_together(table: Table, own: set[str]) -> None:
    if len(set(table) - own) > 1:
        assert told(table, own) == []


@given(tables())
def test_a_place_by_itself_tells_no_few_people_by_its_own_sums(table: Table) -> None:
    for place, ends in closed_for(table, set(), adds_up=False).items():
        counts = [month[0] for month in table[place]]
        shown = [run for run in runs(len(counts)) if shows(ends, *run)]
        equations = [[int(first <= month <= last) for month in range(len(counts))] for first, last in shown]
        for first, last in runs(len(counts)):
            if 0 < sum(counts[first : last + 1]) < SMALLEST:
                assert not solvable(equations, [int(first <= month <= last) for month in range(len(counts))])


@given(tables(), st.sets(st.sampled_from("甲乙")))
def test_a_later_month_never_closes_an_earlier_figure(table: Table, own: set[str]) -> None:
    whole = closed_for(table, own)
    for months in range(1, len(next(iter(table.values()))) + 1):
        earlier = closed_for({place: counts[:months] for place, counts in table.items()}, own)
        assert earlier == {place: ends[: months + 1] for place, ends in whole.items()}


@given(tables(), st.sets(st.sampled_from("甲乙"), min_size=1))
def test_ones_own_place_is_open_in_every_sum(table: Table, own: set[str]) -> None:
    ends = closed_for(table, own)
    assert all(not any(ends[place]) for place in own & set(table))


def test_october_is_not_told_by_two_running_totals() -> None:
    ends = joined({"甲": [(12,)] * 9 + [(3,), (20,)]}, smallest=SMALLEST)["甲"]
    assert shows(ends, 0, 8)
    assert not shows(ends, 9, 9)
    assert not shows(ends, 0, 9)
    assert not shows(ends, 10, 10)
    assert shows(ends, 0, 10)


def test_what_is_large_enough_everywhere_stays_open() -> None:
    table: Table = {"甲": [(5,), (0,), (7,)], "乙": [(0,), (0,), (30,)], "丙": [(9,), (5,), (5,)]}
    ends = closed_for(table, set())
    assert all(not any(one) for one in ends.values())


def test_one_more_place_is_closed_where_the_city_would_tell_the_few() -> None:
    table: Table = {"甲": [(20,), (3,)], "乙": [(40,), (30,)], "丙": [(40,), (9,)]}
    ends = closed_for(table, set())
    assert not shows(ends["甲"], 0, 1) and not shows(ends["丙"], 0, 1) and shows(ends["乙"], 0, 1)
