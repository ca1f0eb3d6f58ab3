"""Only differences that the numbers carry are called differences; how often that errs, and how often it sees, is printed."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import comb

import pytest

from qingyuan.indicators.fair import FairTable, Group, Place, compare, possible_groups
from qingyuan.indicators.fair.exact import Counts, chance_of
from qingyuan.indicators.fair.table import BAR, LEVEL

TABLES = 300


def place(key: int, done: int, due: int, **more: object) -> Place:
    return Place(key, {"": (done, due)}, **more)  # type: ignore[arg-type]


def alike(*extra: Place) -> list[Place]:
    """Eight places of 200 at 90 %, and ``extra``."""
    return [*(place(key, 180, 200) for key in range(100, 108)), *extra]


def drawn(chance: random.Random, cases: int, rate: float) -> int:
    return sum(chance.random() < rate for _ in range(cases))


def towns(chance: random.Random, many: int, rate: float, rates: dict[int, float] | None = None) -> list[Place]:
    """Towns from eight to a few hundred cases, every case its own draw."""
    found = []
    for key in range(many):
        due = max(8, int(chance.lognormvariate(4.6, 0.9)))
        found.append(place(key, drawn(chance, due, (rates or {}).get(key, rate)), due))
    return found


def people_of_habit(chance: random.Random, many: int, rate: float) -> list[Place]:
    """The same, but everybody is due six times and comes or does not come by a habit of his own."""
    found = []
    for key in range(many):
        people = max(2, int(chance.lognormvariate(4.6, 0.9)) // 6)
        done = sum(drawn(chance, 6, chance.betavariate(rate, 1 - rate)) for _ in range(people))
        found.append(place(key, done, people * 6, people=people))
    return found


def flagged(make: Callable[[random.Random], list[Place]]) -> float:
    chance = random.Random(20221231)
    return sum(compare(make(chance)).ranks for _ in range(TABLES)) / TABLES


@pytest.mark.parametrize("many", [5, 22, 53])
@pytest.mark.parametrize("rate", [0.5, 0.9])
def test_where_all_are_alike_at_most_one_table_in_twenty_calls_anybody_different(many: int, rate: float) -> None:
    share = flagged(lambda chance: towns(chance, many, rate))
    print(f"\n{many} towns alike at {rate:.0%}: {share:.1%} of {TABLES} tables call any town different (held: {LEVEL:.0%} of tables)")
    assert share <= LEVEL


@pytest.mark.parametrize("many", [5, 22, 53])
def test_a_few_people_of_bad_habit_do_not_make_a_town_different(many: int) -> None:
    share = flagged(lambda chance: people_of_habit(chance, many, 0.9))
    print(f"\n{many} towns alike, six tests a person by habit: {share:.1%} of {TABLES} tables call any town different")
    assert share <= LEVEL


def test_lines_at_nineteen_in_twenty_would_call_most_tables_different() -> None:
    """What this replaces: every town held against 95 % by itself."""
    chance = random.Random(3)
    tables = [compare(towns(chance, 22, 0.9)) for _ in range(100)]
    naive = sum(any((one.chance or 1) < 0.05 for one in table.standings) for table in tables) / len(tables)
    print(f"\nwithout holding the whole table: {naive:.0%} of tables of 22 like towns call somebody different")
    assert naive > 3 * LEVEL


def test_a_planted_difference_is_seen() -> None:
    chance, seen = random.Random(5), {}
    for worse in (0.86, 0.80, 0.75):
        hits = wrong = 0
        for _ in range(100):
            others = towns(chance, 21, 0.9)
            table = compare([*others, place(99, drawn(chance, 300, worse), 300)])
            hits += table.by_key[99].group is Group.LOWER
            wrong += any(table.by_key[one.key].group is Group.LOWER for one in others)
        seen[worse] = hits
        print(f"\na town of 300 at {worse:.0%} among 21 at 90%: seen in {hits} of 100 tables; another town blamed in {wrong}")
        assert wrong <= 5
    assert seen[0.75] >= 95 and seen[0.80] >= 75 and seen[0.86] < seen[0.80]


# --- exactness ------------------------------------------------------------------------------------------------------------


def plainly(own: Counts, whole: Counts) -> float:
    """Fisher's test by whole numbers."""
    (done, due), (all_done, all_due) = own, whole
    ways = {
        count: comb(all_done, count) * comb(all_due - all_done, due - count)
        for count in range(max(0, due - all_due + all_done), min(due, all_done) + 1)
    }
    total = sum(ways.values())
    below = sum(way for count, way in ways.items() if count <= done)
    above = sum(way for count, way in ways.items() if count >= done)
    return min(1.0, 2 * min(below, above) / total)


@pytest.mark.parametrize("seed", range(40))
def test_the_chance_is_exact(seed: int) -> None:
    chance = random.Random(seed)
    all_due = chance.randint(2, 400)
    all_done, due = chance.randint(0, all_due), chance.randint(1, all_due)
    done = chance.randint(max(0, due - all_due + all_done), min(due, all_done))
    expected = plainly((done, due), (all_done, all_due))
    assert chance_of([(done, due)], [(all_done, all_due)]) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_over_strata_the_draws_add_up() -> None:
    own, whole = [(3, 5), (8, 20)], [(9, 12), (30, 70)]
    ways: dict[int, float] = {}
    for first in range(6):
        for second in range(21):
            one = comb(9, first) * comb(3, 5 - first) / comb(12, 5)
            other = comb(30, second) * comb(40, 20 - second) / comb(70, 20)
            ways[first + second] = ways.get(first + second, 0) + one * other
    below, above = sum(w for n, w in ways.items() if n <= 11), sum(w for n, w in ways.items() if n >= 11)
    assert chance_of(own, whole) == pytest.approx(min(1.0, 2 * min(below, above)), rel=1e-9)


@pytest.mark.parametrize("counts", [(0, 50_000), (50_000, 50_000), (45_000, 50_000)])
def test_large_counts_neither_overflow_nor_take_long(counts: Counts) -> None:
    assert 0.0 <= chance_of([counts], [(counts[0] + 400_000, 500_000)]) <= 1.0


# --- who is compared with whom --------------------------------------------------------------------------------------------


def groups(table: FairTable) -> dict[int, Group]:
    return {one.key: one.group for one in table.standings}


def test_a_place_below_the_bar_is_not_comparable_however_bad_it_looks() -> None:
    table = compare(alike(place(1, 0, BAR - 1), place(2, 0, BAR)))
    assert groups(table)[1] is Group.INCOMPARABLE
    assert groups(table)[2] is Group.LOWER


def test_a_place_with_nothing_due_is_not_comparable() -> None:
    assert groups(compare(alike(place(1, 0, 0))))[1] is Group.INCOMPARABLE


@pytest.mark.parametrize("many", [0, 1, 2])
def test_beside_too_few_places_nobody_is_compared(many: int) -> None:
    table = compare([place(key, 50 * key, 100) for key in range(many)])
    assert set(groups(table).values()) <= {Group.INCOMPARABLE} and table.compared == 0 and not table.ranks


def test_without_a_clear_difference_all_are_tied() -> None:
    table = compare([place(key, 180 + key % 3, 200) for key in range(10)])
    assert set(groups(table).values()) == {Group.SAME} and not table.ranks


def test_equal_numbers_stand_in_equal_groups_whatever_their_order() -> None:
    places = alike(place(1, 100, 200), place(2, 100, 200))
    assert groups(compare(places)) == groups(compare(places[::-1]))
    assert groups(compare(places))[1] is groups(compare(places))[2] is Group.LOWER


def test_the_mix_of_cases_is_set_against_the_like() -> None:
    """Everybody does well with the easy and half with the hard; one place has mostly hard ones."""
    easy_towns = [Place(key, {"easy": (171, 180), "hard": (10, 20)}) for key in range(6)]
    hard_town = Place(9, {"easy": (19, 20), "hard": (90, 180)})
    assert compare([*easy_towns, hard_town]).by_key[9].group is Group.SAME
    crude = [place(one.key, one.done, one.due) for one in (*easy_towns, hard_town)]
    assert compare(crude).by_key[9].group is Group.LOWER


def test_a_place_is_set_beside_its_own_size_alone() -> None:
    large = [place(key, 540, 600, within="large") for key in range(4)]
    small = [place(10 + key, 60, 100, within="middle") for key in range(4)]
    assert set(groups(compare([*large, *small])).values()) == {Group.SAME}
    assert {place(1, 1, due).size for due in (299, 300, 99)} == {"middle", "large", "small"}


def test_everybody_at_a_hundred_per_cent_is_tied() -> None:
    assert set(groups(compare([place(key, 100, 100) for key in range(12)])).values()) == {Group.SAME}


def test_the_whole_difference_is_said_in_points() -> None:
    found = compare(alike(place(1, 150, 200))).by_key[1]
    assert found.group is Group.LOWER and found.difference == pytest.approx(100 * (150 - 200 * 1590 / 1800) / 200)


def test_what_is_shown_of_a_hidden_number_is_every_group_it_could_be_in() -> None:
    places = alike(place(1, 198, 200))
    assert possible_groups(places, 1, [(200 - missing, 200) for missing in range(1, 5)]) == {Group.HIGHER}
    places = alike(place(1, 38, 40))
    assert possible_groups(places, 1, [(40 - missing, 40) for missing in range(1, 5)]) == {Group.SAME}
    places = alike(place(1, 118, 120))
    assert possible_groups(places, 1, [(120 - missing, 120) for missing in range(1, 5)]) == {Group.SAME, Group.HIGHER}


@pytest.mark.parametrize("seed", range(15))
def test_whatever_the_numbers_every_place_has_its_group(seed: int) -> None:
    chance = random.Random(seed)
    places = []
    for key in range(chance.randint(0, 40)):
        due = chance.choice([0, 1, 29, 30, 31, 500, 5000])
        people = chance.choice([None, 0, 1, due])
        places.append(place(key, chance.randint(0, due), due, people=people, within=chance.choice(["", "a"])))
    table = compare(places)
    assert [one.key for one in table.standings] == [one.key for one in places]
    for one in table.standings:
        assert (one.chance is None) is (one.group is Group.INCOMPARABLE)
        assert one.chance is None or 0 <= one.chance <= 1
