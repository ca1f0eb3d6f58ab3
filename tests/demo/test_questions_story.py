"""The patterns planted in the fictional city are such as a look finds, and its pictures are told apart. No database."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qingyuan.demo.city import TOWNS
from qingyuan.demo.pictures import as_taken, handed_on
from qingyuan.demo.story import questions as story
from qingyuan.documents.likeness import signs_of
from qingyuan.foundation import clock
from qingyuan.governance.rules.copies import NEAR, Laid, copied
from qingyuan.governance.rules.gaming import Entry, Pattern, Work, questions

NAMES = {town.key: town.name for town in TOWNS}


def work(typed: list[story.Typed], on: tuple[object, int]) -> Work:
    day, hour = on
    began = datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)  # type: ignore[attr-defined]
    return Work([Entry(str(n), one.day, began + timedelta(seconds=one.after), day) for n, one in enumerate(typed)])  # type: ignore[arg-type]


def test_what_two_towns_typed_together_is_found_for_each_of_them() -> None:
    city = {1: work(story.typed_together(), story.TYPED_ON), 2: work(story.stock_together(), story.STOCK_ON)}
    found = questions(city)
    assert [(one.unit, one.pattern) for one in found] == [(1, Pattern.TOGETHER), (2, Pattern.TOGETHER)]
    # What was typed within the last two weeks after its day is no part of it.
    assert [len(one.rows) for one in found] == [16, 12]


def test_the_photograph_shown_again_is_the_same_and_others_are_not() -> None:
    first, again, other = signs_of(as_taken(story.BOARD)), signs_of(handed_on(story.BOARD)), signs_of(as_taken(story.JOINT))
    assert first is not None and again is not None and other is not None
    assert (first ^ again).bit_count() <= NEAR < (first ^ other).bit_count()
    files = [Laid("a", 1, "order", "x", "1", first), Laid("b", 2, "order", "y", "2", again), Laid("c", 2, "order", "z", "3", other)]
    assert [(one.unit, one.rows) for one in copied(files)] == [(1, ("a",)), (2, ("b",))]


@pytest.mark.parametrize("key", [story.TYPED_TOWN, story.STOCK_TOWN, story.FIRST_SHOWN, story.SHOWN_AGAIN])
def test_the_page_of_planted_problems_names_the_towns_of_the_story(key: str) -> None:
    told = (Path(__file__).parents[2] / "docs/demo-city.md").read_text(encoding="utf-8")
    part = told.split("## 登记里埋下的三处")[1].split("\n## ")[0]
    assert NAMES[key] in part and all(name in part for name in story.TOGETHER_TOWNS)
    assert f"{len(story.typed_together())} 场活动" in part and f"{len(story.stock_together())} 笔入库" in part
