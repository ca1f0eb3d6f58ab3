"""What the page says of publicity, schools and patches is what the story holds, counted here without a database."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from qingyuan.demo import governing
from qingyuan.demo.books import prevention as books
from qingyuan.demo.city import TOWNS
from qingyuan.demo.story import prevention as told
from qingyuan.demo.story.polling import letter_rate
from qingyuan.demo.story.telling import tell
from qingyuan.prevention.rules import plans, surveys

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "demo-city.md").read_text(encoding="utf-8")
WORK = told.tell()
LAST = date(2022, 10, 31)


def section(number: int) -> str:
    """The text under one planted problem."""
    found = re.search(rf"^### {number}\. (.+?)(?=^### |^## |\Z)", PAGE, re.M | re.S)
    assert found is not None, f"problem {number} is not on the page"
    return found[1]


def tenth(share: Decimal) -> str:
    return str((100 * share).quantize(Decimal("0.1"), ROUND_HALF_UP))


def places() -> list[told.Place]:
    """The directory as it is after the import: a school that gives lessons, and one that does not, is a place too."""
    return [*WORK.places, *(told.Place(one.town, one.name, "school", one.village) for one in WORK.schools)]


def reached(town: str = "") -> tuple[list[told.Place], list[told.Place]]:
    """Places of a town (or all) that somebody went to by the end of October, and those nobody did."""
    visited = {
        (one.town, one.place) for one in WORK.activities if one.held.year == told.UNVISITED_YEAR and one.held <= LAST
    }
    own = [place for place in places() if town in ("", place.town)]
    been = [place for place in own if (place.town, place.name) in visited]
    return been, [place for place in own if place not in been]


def test_the_town_that_went_to_none_of_its_villages() -> None:
    text, town = section(8), told.UNVISITED_TOWN
    been, never = reached(town)
    villages = [place for place in never if place.kind == "village"]
    assert text.startswith(f"{town}:{told.UNVISITED_YEAR} 年 {len(villages)} 个村")
    assert not [place for place in been if place.kind in ("village", "home")]
    assert f"{tenth(Decimal(len(been)) / (len(been) + len(never)))}%({len(been)} / {len(been) + len(never)})" in text
    assert f"农村 0 / {len(villages)}" in text and f"“还没有进过”{len(never)} 个" in text
    city_been, city_never = reached()
    whole = len(city_been) + len(city_never)
    assert f"全市 {tenth(Decimal(len(city_been)) / whole)}%({len(city_been)} / {whole})" in text
    shares = {one.name: len(reached(one.name)[0]) / len([p for p in places() if p.town == one.name]) for one in TOWNS}
    assert min(shares, key=lambda name: shares[name]) == town
    assert sum(1 for one in WORK.activities if one.town == town and one.held.year == 2022) > 10, "it was busy all the same"


def rounds(town: str = "") -> tuple[int, list[tuple[str, int]]]:
    """How many rounds of patches fell due by the end of October 2022, and which were not walked."""
    days = {(walk.patch, walk.day) for walk in WORK.walks}
    due = 0
    missed = []
    for patch in WORK.patches:
        for number, span in enumerate(plans.season(2022, told.ROUNDS), start=1):
            if town in ("", patch.town):
                due += 1
                if not any(code == patch.code and span.opens <= day <= span.last_day for code, day in days):
                    missed.append((patch.code, number))
    return due, missed


def test_the_patches_not_walked_where_plants_stood_the_year_before() -> None:
    text, town = section(9), told.UNWALKED_TOWN
    left_out = told.unwalked(WORK.patches)
    assert text.startswith(f"{town}:2022 年第 3、4 轮踏查,{left_out[0].village} {len(left_out)} 块地没有走")
    assert {patch.village for patch in left_out} == {left_out[0].village}
    assert f"{left_out[0].code} 到 {left_out[-1].code}" in text
    due, missed = rounds(town)
    assert missed == [(patch.code, number) for patch in left_out for number in told.UNWALKED_ROUNDS]
    assert f"{tenth(Decimal(due - len(missed)) / due)}%({due - len(missed)} / {due})" in text
    all_due, all_missed = rounds()
    assert f"{tenth(Decimal(all_due - len(all_missed)) / all_due)}%({all_due - len(all_missed)} / {all_due})" in text
    found = {walk.patch: walk.plants for walk in WORK.walks if walk.day.year == 2021 and walk.plants}
    assert set(found) <= {patch.code for patch in left_out} and set(found.values()) == set(told.FOUND_BEFORE.values())
    assert {(one.patch, one.plants) for one in WORK.eradicated if one.found.year == 2021} == set(found.items())
    assert all(f"{count} 株" in text for count in found.values())


def test_the_three_schools_that_did_not_give_four_hours() -> None:
    text = section(10)
    hours = {
        school.name: sum(
            (one.hours for one in WORK.lessons if one.school == school.name and date(2021, 9, 1) <= one.held < date(2022, 9, 1)),
            Decimal(0),
        )
        for school in WORK.schools
        if school.stage != "kindergarten"
    }
    short = {name: given for name, given in hours.items() if given < 4}
    assert sorted(short.values()) == sorted(told.SHORT_SCHOOLS.values()) and len(short) == 3
    assert text.startswith("、".join(told.SHORT_SCHOOLS) + ":")
    assert all(f"{name} {given} 课时" in text for name, given in short.items())
    assert f"{tenth(Decimal(len(hours) - 3) / len(hours))}%({len(hours) - 3} / {len(hours)})" in text
    [ended] = [school for school in WORK.schools if school.expires and school.expires < date(2022, 11, 23)]
    assert f"{ended.name},{ended.expires}" in text


@pytest.mark.parametrize("town", [town.name for town in TOWNS])
def test_awareness_computed_is_the_figure_the_letters_were_scored_with(town: str) -> None:
    strata = [one for one in WORK.awareness if one.town == town and one.wave == "ZX2022"]
    good = sum(surveys.stands_for(one.good, one.valid, one.size) for one in strata)
    rate = 100 * good / sum(one.size for one in strata)
    scored = Decimal(governing.AWARENESS.get(town) or letter_rate(town))
    assert abs(rate - scored) <= Decimal("0.06")


def test_no_store_of_the_story_is_ever_short_and_no_day_has_not_come() -> None:
    for slips in WORK.slips.values():
        stock: dict[str, int] = {}
        for slip in slips:
            stock[slip.material] = stock.get(slip.material, 0) + (slip.quantity if slip.direction == "in" else -slip.quantity)
            assert stock[slip.material] >= 0
    days = [one.held for one in WORK.activities] + [one.held for one in WORK.lessons] + [walk.day for walk in WORK.walks]
    assert max(days) <= told.LAST_ENTERED


def test_the_same_seed_tells_the_same_and_books_are_rewritten_alike() -> None:
    again = told.tell.__wrapped__()
    assert again == WORK
    first, second = (list(books.books(tell())) for _time in range(2))
    assert [(book.path, book.rows) for book in first] == [(book.path, book.rows) for book in second]
    assert 30 <= len([book for book in first if book.rows]) <= 40
