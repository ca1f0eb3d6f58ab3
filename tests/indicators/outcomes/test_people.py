"""Reading an anonymous table: days as offices write them, what counts as having happened, and what is left out with its reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qingyuan.indicators.outcomes import BadTable, Columns, Followed, analyse, read, same_people, spread
from qingyuan.indicators.outcomes.people import event_of

HEADER = ["起点", "终点", "结局", "措施"]
COLUMNS = Columns("起点", "终点", "结局", "措施")


def one(start: Any, end: Any, event: Any = "1", group: Any = "社区戒毒") -> list[Any]:
    return [start, end, event, group]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2021-01-01", "2021-01-31", 30),
        ("2020年2月28日", "2020.3.1", 2),
        (date(2021, 1, 1), datetime.fromisoformat("2021-01-02T23:59"), 1),
        ("20210101", "2022/1/1", 365),
        (44197, 44198, 1),
        ("2021-01-01", "2021-01-01", 0),
    ],
)
def test_days_are_read_as_offices_write_them(start: Any, end: Any, days: int) -> None:
    found = read(HEADER, [one(start, end), one("2021-01-01", "2021-03-01")], COLUMNS)
    assert found.people[0] == Followed(days, "event", "社区戒毒") and not found.left_out


@pytest.mark.parametrize("cell", ["", " ", "0", 0, 0.0, False, "否", "无", "No", "-", "未发生"])
def test_nothing_has_happened(cell: Any) -> None:
    assert event_of(cell) == ""


@pytest.mark.parametrize(
    ("cell", "word"),
    [("1", "event"), (1, "event"), (1.0, "event"), (True, "event"), ("是", "event"), ("复吸", "复吸"), ("死亡 ", "死亡"), (2, "2"), ("2.0", "2")],
)
def test_it_has_happened(cell: Any, word: str) -> None:
    assert event_of(cell) == word


def test_plain_numbers_are_days() -> None:
    found = read(HEADER, [one(0, 12.5), one("3", "40", "")], COLUMNS)
    assert [person.time for person in found.people] == [12.5, 37] and found.until is None


def test_a_row_without_an_end_is_followed_to_the_last_day_of_the_table_or_the_one_given() -> None:
    rows = [one("2021-01-01", "", ""), one("2021-01-01", "2021-02-01")]
    assert read(HEADER, rows, COLUMNS).people[0].time == 31
    found = read(HEADER, rows, COLUMNS, date(2021, 1, 11))
    assert found.people[0].time == 10 and found.unended == 1 and found.until == date(2021, 1, 11)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (one("", "2021-01-01"), "没有起点日期"),
        (one("2021-01-05", "2021-01-01"), "终点早于起点"),
        (one("2021-01-05", "", "复吸"), "没有写哪一天"),
        (one("2021年3月", "2021-04-01"), "起点"),
        (one("2021-01-05", "明年"), "终点"),
        (one("2021-02-30", "2021-04-01"), "起点"),
        (["2021-01-05"], "写"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_its_line(row: list[Any], why: str) -> None:
    found = read(HEADER, [one("2021-01-01", "2021-01-09"), [], row], COLUMNS)
    if len(row) == 1:  # a short row: no end, nothing happened; followed like the others
        assert len(found.people) == 2
        return
    (left,) = found.left_out
    assert left.line == 4 and why in left.why and len(found.people) == 1


def test_late_entry_counts_only_from_then_on() -> None:
    columns = Columns("起点", "终点", "结局", entry="进入")
    rows = [["2021-01-01", "2021-03-01", "1", "2021-02-01"], ["2021-01-01", "2021-01-15", "1", ""], ["2021-01-01", "2021-01-15", "1", "2020-12-31"]]
    found = read(["起点", "终点", "结局", "进入"], rows, columns)
    assert [person.entry for person in found.people] == [31, 0] and "早于起点" in found.left_out[0].why
    assert analyse(found).together.survival.points[0].at_risk == 1


@pytest.mark.parametrize(
    ("header", "columns", "words"),
    [
        (["起点", "终点"], COLUMNS, "没有名为“结局”的列"),
        ([*HEADER, "起点"], COLUMNS, "都叫"),
        (HEADER, Columns("起点", "终点", "结局", "镇"), "没有名为“镇”的列"),
        ([""], COLUMNS, "没有名为"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(header: list[str], columns: Columns, words: str) -> None:
    with pytest.raises(BadTable, match=words):
        read(header, [one("2021-01-01", "2021-01-09")], columns)


def test_a_table_without_a_readable_row_is_refused_with_the_first_reason() -> None:
    with pytest.raises(BadTable, match=r"第 2 行.*起点"):
        read(HEADER, [one("昨天", "今天")], COLUMNS)
    with pytest.raises(BadTable, match="没有数据"):
        read(HEADER, [["", ""], []], COLUMNS)
    with pytest.raises(BadTable, match="天数"):
        read(HEADER, [one(0, 5)], COLUMNS, date(2021, 1, 1))


def test_an_outcome_that_never_happened_is_refused() -> None:
    found = read(HEADER, [one("2021-01-01", "2021-01-09", "复吸")], COLUMNS)
    with pytest.raises(BadTable, match="现有:复吸"):
        analyse(found, of="死亡")
    with pytest.raises(BadTable, match="大于 0"):
        analyse(found, horizons=[0])


def test_definitions_are_laid_side_by_side_on_the_same_people() -> None:
    header = ["起点", "查获日", "检测日", "查获", "检测阳性"]
    rows = [
        ["2021-01-01", "2021-12-31", "2021-06-01", "0", "1"],
        ["2021-01-01", "2021-03-01", "2021-03-01", "1", "1"],
        ["2021-01-01", "2021-12-31", "2021-12-31", "0", "0"],
        ["2021-01-01", "2021-12-31", "不详", "0", "0"],
    ]
    pair = [read(header, rows, Columns("起点", end, event)) for end, event in (("查获日", "查获"), ("检测日", "检测阳性"))]
    assert [len(reading.people) for reading in pair] == [4, 3]
    caught, tested = [analyse(reading, horizons=(180,)) for reading in same_people(pair)]
    assert len(caught.reading.people) == len(tested.reading.people) == 3
    (apart,) = spread([caught, tested])
    assert (apart.day, round(apart.least, 3), round(apart.most, 3)) == (180, 0.333, 0.667)


CELLS = st.one_of(st.text(max_size=6), st.integers(-50_000, 50_000), st.floats(allow_nan=True), st.booleans(), st.dates(), st.just(""))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
@example([[float("inf")]])
@example([["2021-01-01", float("nan"), "1"]])
def test_no_table_makes_it_stumble(rows: list[list[Any]]) -> None:
    try:
        found = read(HEADER, rows, COLUMNS)
    except BadTable:
        return
    taken = len(found.people) + len(found.left_out)
    assert taken <= len(rows) and all(person.time >= 0 for person in found.people)
    analyse(found).as_json()
