"""The patterns planted in the fictional city are such as a look finds, and its pictures are told apart. No database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qingyuan.demo.city import TOWNS
from qingyuan.demo.pictures import as_taken, handed_on
from qingyuan.demo.story import questions as story
from qingyuan.demo.story import testing
from qingyuan.demo.story.telling import tell
from qingyuan.documents.likeness import signs_of
from qingyuan.foundation import clock
from qingyuan.governance.rules.copies import NEAR, Laid, copied
from qingyuan.governance.rules.gaming import Entry, Month, Pattern, Work, questions

FIRST, LAST = date(2021, 11, 1), date(2022, 10, 31)
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


def test_the_tests_dated_on_the_last_day_and_the_months_on_the_line_are_found_and_nothing_else() -> None:
    """The story itself, as the look reads it: windows by town, months against the agreed target. Prints how many of the planted it finds."""
    told = tell()
    done = {(one.person.id_number, one.tested) for one in told.tests}
    windows: dict[str, list[Entry]] = defaultdict(list)
    months: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for measure in told.measures:
        for window in testing.windows_of(measure) if measure.reported is not None else ():
            if not FIRST <= window.last_day <= LAST:
                continue
            days = [window.opens + timedelta(days=n) for n in range((window.last_day - window.opens).days + 1)]
            answered = [day for day in days if (measure.person.id_number, day) in done]
            counted = months[measure.town][f"{window.last_day:%Y-%m}"]
            counted[0] += bool(answered)
            counted[1] += 1
            if answered:
                moment = datetime.combine(answered[0], datetime.min.time(), tzinfo=clock.ZONE)
                windows[measure.town].append(Entry(f"{measure.document}/{window.index}", answered[0], moment, answered[0], window.last_day, imported=True))
    numbers = {town: place for place, town in enumerate(sorted(months))}
    line = Decimal(story.LINE)
    city = {
        numbers[town]: Work(windows[town], {"95": (line, [Month(*pair, f"{town}/{month}") for month, pair in sorted(of.items())])})
        for town, of in months.items()
    }
    done_, of_ = (sum(pair[place] for month, pair in months[story.LINE_TOWN].items() if month >= "2022-01") for place in (0, 1))
    told_of = (Path(__file__).parents[2] / "docs/demo-city.md").read_text(encoding="utf-8")
    assert f"应检尽检率 {done_ * 100 / of_:.1f}%({done_} / {of_})" in told_of, "the page of planted problems says the figure"
    found = {(one.unit, one.pattern) for one in questions(city)}
    planted = {(numbers[story.LATE_TOWN], Pattern.LAST_DAY), (numbers[story.LINE_TOWN], Pattern.AT_THRESHOLD)}
    print(f"planted in the story: {len(planted)}, found: {len(found & planted)}, asked without cause: {len(found - planted)}")
    assert found == planted


def test_what_was_moved_to_the_last_day_is_lost_by_nobody() -> None:
    """A window is answered as before, so that no figure changes: of the tests of the town only days moved, inside their windows."""
    told = tell()
    done = {(one.person.id_number, one.tested) for one in told.tests if one.town == story.LATE_TOWN}
    windows = [
        (measure.person.id_number, window)
        for measure in told.measures if measure.town == story.LATE_TOWN and measure.reported is not None
        for window in testing.windows_of(measure) if story.LATE_FROM <= window.last_day <= story.LATE_UNTIL
    ]  # fmt: skip
    answered = [(who, one) for who, one in windows if any((who, one.opens + timedelta(days=n)) in done for n in range((one.last_day - one.opens).days + 1))]
    on_it = [(who, one) for who, one in answered if (who, one.last_day) in done]
    assert len(answered) > 0.95 * len(windows) and len(on_it) > 0.9 * len(answered)


@pytest.mark.parametrize("key", [story.LATE_KEY, story.LINE_KEY, story.TYPED_TOWN, story.STOCK_TOWN, story.FIRST_SHOWN, story.SHOWN_AGAIN])
def test_the_page_of_planted_problems_names_the_towns_of_the_story(key: str) -> None:
    told = (Path(__file__).parents[2] / "docs/demo-city.md").read_text(encoding="utf-8")
    part = told.split("## 登记里埋下的五处")[1].split("\n## ")[0]
    assert NAMES[key] in part and all(name in part for name in story.TOGETHER_TOWNS)
    assert f"{len(story.typed_together())} 场活动" in part and f"{len(story.stock_together())} 笔入库" in part
