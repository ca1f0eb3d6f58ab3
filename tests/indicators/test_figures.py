"""Figures of the made-up city by hand: boundaries that move, corrections, breakdowns, series, rows and holders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qingyuan.indicators import store
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.definition import UnknownPart
from qingyuan.indicators.matrix import Matrix, NotInMatrix
from qingyuan.indicators.queries import RowRef, evaluate, holders, rows_behind
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.reference.periods import Period
from tests.indicators.city import TODAY, City


def ask(code: str, period: str, **given: object) -> Matrix:
    given = {"children_of": 1, "as_of": TODAY, **given}
    return evaluate(IndicatorQuery(code, Period.parse(period), **given))  # type: ignore[arg-type]


def test_a_merged_town_s_past_counts_in_its_successor_and_nothing_is_lost_or_doubled(folder: Path, city: City) -> None:
    city.add("cases", date(2022, 3, 1), 6, solved=1)
    city.add("cases", date(2022, 9, 1), 3, solved=1)
    city.add("cases", date(2022, 3, 1), 7, solved=1)
    city.add("cases", date(2021, 1, 5), 6, solved=1)
    city.write(folder)
    year = ask("E01", "2022")
    assert {place: year.value(place).value for place in year.places} == {2: 0, 3: 2, 4: 0, 7: 1}
    assert year.value(1).value == 3
    assert year.value(3).previous == 1, "last year is read within this year's boundaries"
    before = ask("E01", "2022-03")
    assert {place: before.value(place).value for place in before.places} == {2: 0, 3: 0, 4: 0, 6: 1, 7: 1}
    later = ask("E01", "2022-09")
    assert 7 not in later.places and 6 not in later.places and later.value(1).value == 1


def test_the_towns_of_a_prefecture_are_asked_by_level(folder: Path, city: City) -> None:
    city.add("cases", date(2022, 9, 1), 5, solved=1)
    city.write(folder)
    matrix = ask("E01", "2022-09", children_of=10, level="town")
    assert matrix.places == (2, 3, 4) and matrix.value(2).value == 1 and matrix.value(10).value == 1
    assert matrix.names[2] == "东山街道"
    assert ask("E01", "2022", children_of=10, level="town").places == (2, 3, 4, 7), "6 is counted within 3"


def test_the_newest_cell_of_a_month_counts_once_and_a_merged_town_s_old_cell_not_at_all(
    folder: Path, city: City
) -> None:
    for month_end, town, current in (
        ("2022-05-31", 3, 40), ("2022-05-31", 6, 10), ("2022-10-31", 3, 52), ("2022-09-30", 2, 30), ("2022-10-31", 2, 31),
    ):  # fmt: skip
        city.add("registrations", date.fromisoformat(month_end), town, current=current)
    city.write(folder)
    assert ask("G09", "2022-01..2022-10").value(1).value == 83
    october = ask("G09", "2022-10")
    assert october.value(1).terms["reported_places"] == 2 and october.value(4).value is None
    assert ask("G09", "2022-05").value(1).value == 50


def test_as_known_on_gives_the_figure_of_that_day_for_ever(folder: Path, city: City) -> None:
    first, second = datetime(2022, 10, 6, 1, tzinfo=UTC), datetime(2022, 11, 2, 1, tzinfo=UTC)
    city.add("cases", date(2022, 10, 5), row="a", recorded=first, superseded=second, solved=1)
    city.add("cases", date(2022, 10, 5), 3, row="a", recorded=second, solved=1)
    city.add("cases", date(2022, 10, 5), row="void", recorded=first, superseded=second, solved=1)
    city.write(folder)
    now, then = ask("E01", "2022-10"), ask("E01", "2022-10", as_of=None, as_known_on=date(2022, 11, 1))
    assert (now.value(1).value, now.value(2).value, now.value(3).value) == (1, 0, 1)
    assert (then.value(1).value, then.value(2).value) == (2, 2)
    assert ask("E01", "2022-10", as_of=None, as_known_on=date(2022, 10, 5)).value(1).value == 0
    assert ask("E01", "2022-10", as_of=None, as_known_on=date(2022, 11, 2)).value(3).value == 1


def test_slices_add_up_to_the_whole_and_name_what_is_not_known(folder: Path, city: City) -> None:
    for drug, grams in (("OP01", "9.5"), ("ST01", "30.25"), ("ST01", "1"), (None, "2")):
        city.add("seizures", date(2022, 10, 5), drug=drug, net_g=grams)
    city.write(folder)
    matrix = ask("E04", "2022-10", breakdown="drug")
    assert matrix.slices == ("", "OP01", "ST01")
    parts = {drug: matrix.terms(2, None, drug)["numerator"] for drug in matrix.slices}
    assert parts == {"": 2, "OP01": Decimal("9.5"), "ST01": Decimal("31.25")}
    assert matrix.terms(2)["numerator"] == Decimal("42.75") and matrix.value(2).value == Decimal("0.04275")
    query = matrix.query
    assert len(rows_behind(query, division_id=2, slice_="ST01")) == 2
    assert len(rows_behind(query, division_id=2, slice_="")) == 1


def test_months_beside_their_running_total(folder: Path, city: City) -> None:
    for day in ("2021-01-05", "2021-02-05", "2021-02-06", "2022-01-05", "2022-02-05", "2022-02-06", "2022-02-07"):
        city.add("cases", date.fromisoformat(day), solved=1)
    city.write(folder)
    matrix = ask("E01", "2022-01..2022-03", months=True)
    assert [value.value for value in matrix.series(1)] == [1, 3, 0]
    assert [value.previous for value in matrix.series(1)] == [1, 2, 0]
    assert matrix.value(1).value == 4 and matrix.value(1).change.words() == "+1(基数小)"
    assert matrix.series(1)[2].change.words() == "上年同期为零，不计算增幅"


def test_before_the_first_data_nothing_is_known_and_half_a_year_is_not_compared_with(folder: Path, city: City) -> None:
    city.add("cases", date(2021, 6, 15), solved=1)
    city.add("cases", date(2022, 5, 1), solved=1)
    city.write(folder)
    assert ask("E01", "2021-05").value(1).value is None
    assert ask("E01", "2021-07").value(1).value == 0
    assert ask("E01", "2022").value(1).change.words() == "上年同期数据不全，不计算增幅"
    assert ask("E01", "2022").value(1).previous is None
    future = ask("E01", "2023-01").value(1)
    assert future.value is None and future.change.words() == "本期没有数据"
    assert ask("E01", "2022-11").value(1).running and not ask("E01", "2022-10").value(1).running


def test_without_any_facts_every_figure_is_unknown(folder: Path) -> None:
    City().write(folder)
    for code in ("E01", "R05", "G09", "E09", "G12"):
        value = ask(code, "2022-10").value(1)
        assert value.value is None and value.words() == "—"
        assert rows_behind(ask(code, "2022-10").query) == []


def test_rows_and_holders_of_a_lost_half_point(folder: Path, city: City) -> None:
    for number, (town, unit, person, outcome) in enumerate(
        [(2, 11, "p1", "open"), (2, 11, "p1", "open"), (5, 12, "p2", "open"), (3, 13, "p3", "open"), (2, 11, "p4", "done"),
         (2, 11, "p5", "excused")]
    ):  # fmt: skip
        city.add("test_dues", date(2022, 10, 9), town, unit=unit, row=f"due-{number}", person=person, outcome=outcome)
    city.write(folder)
    matrix = ask("R05", "2022-10", children_of=2)
    assert matrix.value(2).amount("missing") == 3 and matrix.value(2).amount("people_missing") == 2
    assert rows_behind(matrix.query, part="missing") == [RowRef("test_dues", f"due-{n}") for n in (0, 1, 2)]
    assert [row.row_id for row in rows_behind(matrix.query)] == ["due-0", "due-1", "due-2", "due-4"]
    assert [row.row_id for row in rows_behind(matrix.query, part="excused")] == ["due-5"]
    found = holders(matrix.query, part="missing")
    assert [(item.division_id, item.unit_id, item.rows, item.people) for item in found] == [
        (2, 11, 2, 1),
        (5, 12, 1, 1),
    ]
    assert rows_behind(matrix.query, part="missing", division_id=4) == []


def test_an_answer_is_kept_until_the_files_change(folder: Path, city: City) -> None:
    city.add("cases", date(2022, 10, 5), solved=1)
    city.write(folder)
    first = ask("E01", "2022-10")
    assert ask("E01", "2022-10") is first
    city.add("cases", date(2022, 10, 6), solved=1)
    city.write(folder)
    assert ask("E01", "2022-10").value(1).value == 2
    assert first.value(1).value == 1 and first.version + 1 == store.version()


def test_a_question_that_cannot_be_asked_says_what_can(folder: Path) -> None:
    with pytest.raises(BadQuery, match="drug"):
        ask("E04", "2022-10", breakdown="person")
    with pytest.raises(BadQuery, match="无"):
        ask("G09", "2022-10", breakdown="drug; drop table x")
    with pytest.raises(UnknownIndicator, match="R05"):
        ask("Z99", "2022-10")
    with pytest.raises(UnknownPart, match="missing"):
        rows_behind(ask("R05", "2022-10").query, part="nobody")
    matrix = ask("E01", "2022-10")
    with pytest.raises(NotInMatrix):
        matrix.value(99)
    with pytest.raises(NotInMatrix):
        matrix.value(1, Period.parse("2020-01"))
