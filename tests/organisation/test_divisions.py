"""Divisions of any depth, their closure, and a merger in the middle of a year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.organisation.actions import divisions
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.queries import division_by_name_or_code, towns
from qingyuan.organisation.rules import BadDivisionTable, DivisionLine, closure, doubled, level_of, parent_code
from tests.cast import TODAY, City

SETTER = Actor(account_id=None, username="set-up", name="初始化", unit_id=None)
BEGAN = date(2015, 1, 1)
MERGED = date(2022, 7, 1)


def load(*lines: tuple[str, str], valid_from: date = BEGAN) -> int:
    return divisions.load(lines=[DivisionLine(*line) for line in lines], valid_from=valid_from, by=SETTER)


def parents_of(numbers: list[int]) -> dict[int, int | None]:
    """A forest: each node hangs under an earlier one, or under none."""
    return {node: (None if node == 0 or number % 5 == 0 else number % node) for node, number in enumerate(numbers)}


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_the_closure_holds_every_ancestor_at_its_distance_and_nothing_else(numbers: list[int]) -> None:
    parents = parents_of(numbers)
    expected = set()
    for node in parents:
        walker: int | None = node
        depth = 0
        while walker is not None:
            expected.add((walker, node, depth))
            walker, depth = parents[walker], depth + 1
    pairs = list(closure(parents))
    assert set(pairs) == expected and len(pairs) == len(expected)
    for ancestor, descendant, depth in pairs:
        for other, below, more in pairs:
            if other == descendant:
                assert (ancestor, below, depth + more) in expected, "an ancestor's ancestor is an ancestor"


@given(st.integers(2, 12))
def test_a_circle_of_parents_is_refused(size: int) -> None:
    with pytest.raises(BadDivisionTable):
        list(closure({node: (node + 1) % size for node in range(size)}))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("99", Level.PROVINCE),
        ("9999", Level.PREFECTURE),
        ("999981", Level.COUNTY),
        ("999981101", Level.TOWN),
        ("999981101001", Level.VILLAGE),
        ("999981000000", Level.COUNTY),
        ("990000000000", Level.PROVINCE),
    ],
)
def test_the_level_is_read_from_the_code(code: str, level: Level) -> None:
    assert level_of(code) == level


@pytest.mark.parametrize("code", ["9", "99998", "99998110100", "abcdef", "9999811010011"])
def test_a_code_of_another_length_is_refused_with_its_text(code: str) -> None:
    with pytest.raises(BadDivisionTable, match=code):
        level_of(code)


def test_the_nearest_known_ancestor_is_the_parent_even_when_levels_are_left_out() -> None:
    known = {"990000000000", "999981000000", "999981101001"}
    assert parent_code("999981101001", known) == "999981000000"
    assert parent_code("999981000000", known) == "990000000000"
    assert parent_code("990000000000", known) is None


def test_codes_that_come_twice_are_named() -> None:
    assert doubled([DivisionLine("99", "甲"), DivisionLine("990000000000", "甲"), DivisionLine("98", "乙")]) == ["990000000000"]


@pytest.mark.django_db
def test_any_depth_loads_and_the_same_table_again_adds_nothing() -> None:
    """A county without a town level between, and a province above all."""
    table = (("99", "演示省"), ("9999", "演示州"), ("999981", "云岭市"), ("999981101001", "直属社区"))
    assert load(*table) == 4
    assert load(*table) == 0
    village = Division.objects.get(code="999981101001")
    up = DivisionPath.objects.filter(descendant=village).order_by("depth").values_list("ancestor__name", "depth")
    assert list(up) == [("直属社区", 0), ("云岭市", 1), ("演示州", 2), ("演示省", 3)]
    assert load(*table, ("999981101002", "第二社区")) == 1
    assert Division.objects.get(code="999981101002").level == Level.VILLAGE


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [("99998", "少一位"), ("999981", "重复")])
def test_a_bad_line_leaves_nothing_behind(bad: tuple[str, str]) -> None:
    with pytest.raises(BadDivisionTable):
        load(("999981", "云岭市"), ("999981101", "龙洞镇"), bad)
    assert not Division.objects.exists() and not DivisionPath.objects.exists()


@pytest.mark.django_db
def test_after_a_merger_the_old_rows_roll_up_to_the_successor_and_before_it_they_do_not(city: City) -> None:
    """龙洞镇 joins 石桥镇 on 1 July: its villages are found under 石桥镇 from that day, and under 龙洞镇 before."""
    old, new, village = (city.divisions[name] for name in ("龙洞镇", "石桥镇", "大坪村"))
    city_id = city.divisions["云岭市"].pk
    divisions.merge(division=old, into=new, on=MERGED, by=SETTER)
    before, after = date(2022, 6, 30), MERGED
    under = {day: set(Division.objects.under(new.pk, day).values_list("name", flat=True)) for day in (before, after)}
    assert under[before] == {"石桥镇", "石桥社区"}
    assert under[after] == {"石桥镇", "石桥社区", "龙洞镇", "龙洞社区", "大坪村"}
    assert {place.name for place in towns(city_id, before)} == {"龙洞镇", "石桥镇"}
    assert {place.name for place in towns(city_id, after)} == {"石桥镇"}
    for day, depth in ((before, 2), (after, 3)):
        paths = DivisionPath.objects.on(day).filter(ancestor_id=city_id, descendant=village)
        assert [path.depth for path in paths] == [depth], "once a day, never twice: a sum would count it double"
    assert DivisionPath.objects.on(after).filter(ancestor=old, descendant=village).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("into", ["龙洞镇", "大坪村"])
def test_nothing_merges_into_itself_or_into_what_stands_under_it(city: City, into: str) -> None:
    paths = DivisionPath.objects.count()
    with pytest.raises(BadDivisionTable, match="并入"):
        divisions.merge(division=city.divisions["龙洞镇"], into=city.divisions[into], on=MERGED, by=SETTER)
    assert DivisionPath.objects.count() == paths


@pytest.mark.django_db
def test_a_place_is_found_by_code_name_or_beginning_and_never_guessed(city: City) -> None:
    root = city.divisions["云岭市"].pk
    for text in ("999981101", "999981101000", "龙洞镇"):
        assert division_by_name_or_code(text, root, TODAY) == city.divisions["龙洞镇"]
    assert division_by_name_or_code("大坪", root, TODAY) == city.divisions["大坪村"]
    assert division_by_name_or_code("龙洞", root, TODAY) is None, "镇 or 社区?"
    assert division_by_name_or_code("无此地", root, TODAY) is None
    assert division_by_name_or_code("石桥镇", city.divisions["龙洞镇"].pk, TODAY) is None
