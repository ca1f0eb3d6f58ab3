"""The eleventh and twelfth planted problem are in the story as the page of the demo city tells them."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from qingyuan.demo.books.participation import of_story
from qingyuan.demo.story import participation
from qingyuan.demo.story.telling import tell
from qingyuan.situation.rules import mass_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "demo-city.md").read_text(encoding="utf-8")
TOLD = of_story(tell())


def heading(number: int) -> str:
    found = re.search(rf"^### {number}\. (.+)$", PAGE, re.M)
    assert found
    return found[1]


def workers(town: str, on: date) -> int:
    return sum(
        w.kind in {"officer", "social_worker"} and w.started <= on and (w.ended is None or w.ended >= on)
        for w in TOLD.staff
        if w.town == town
    )


def load(town: str, year: int) -> Decimal:
    """mg per 1 000 and day over January to October, by hand."""
    rows = [s for s in TOLD.water if s.target == "METH" and s.day.year == year and s.day.month <= 10 and s.town == town]
    mass = sum((mass_of(concentration=Decimal(str(s.concentration)), flow=Decimal(s.flow)) for s in rows), Decimal(0))
    return mass / sum(s.served for s in rows) * 1000


def one_place(number: Decimal) -> str:
    return str(number.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_one_town_only_is_thinly_staffed() -> None:
    assert heading(11).startswith(participation.THIN_TOWN)
    people = participation.in_force_by_town(tell().measures)
    ratios = {town: Decimal(count) / workers(town, participation.LAST) for town, count in people.items()}
    assert [town for town, ratio in ratios.items() if ratio > participation.NORM] == [participation.THIN_TOWN]
    assert f"正在执行 {people[participation.THIN_TOWN]} 人、在岗 {workers(participation.THIN_TOWN, participation.LAST)} 名" in PAGE
    assert f"{one_place(ratios[participation.THIN_TOWN])} 人/名" in PAGE
    assert workers(participation.THIN_TOWN, participation.OFFICER_LEFT) == 2, "still there on the last day"


def test_one_catchment_only_rises_while_its_register_falls() -> None:
    assert heading(12).startswith(participation.RISING_SITE)
    rising = [town for _site, town, _served, _flow in participation.SITES if load(town, 2022) > load(town, 2021)]
    assert rising == [participation.RISING_SITE]
    now, before = load(participation.RISING_SITE, 2022), load(participation.RISING_SITE, 2021)
    assert f"{one_place(now)} mg/(千人·日),同比 +{one_place(100 * (now / before - 1))}%" in PAGE
    counts = {c.month: c.current for c in tell().counts if c.town == participation.RISING_SITE}
    current, last = counts[date(2022, 10, 31)], counts[date(2021, 10, 31)]
    assert current < last
    assert f"双河镇 {current} 人,同比 −{one_place(100 * (1 - Decimal(current) / last))}%" in PAGE
