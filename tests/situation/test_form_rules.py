"""Rules of another office's form: names of places as offices write them, columns, periods, newer blanks, sums over closed cells."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.blank import BlankForm, FormCell, FormTable
from qingyuan.ledgers.reading.blank import read_blank_workbook
from qingyuan.reference.periods import BadPeriod, Period, month
from qingyuan.situation.enums import Fixed, PeriodRule
from qingyuan.situation.rules.forms import (
    BadBinding,
    Binding,
    Places,
    carry,
    check_binding,
    column_of,
    label_of,
    month_of,
    period_for,
    spoken_place,
    sums_over,
)
from tests.situation.blanks import workbook

NAMES = {"c": "云岭市", "a": "龙洞镇", "b": "石桥镇", "d": "东山街道"}
PLACES = Places("c", NAMES)
OCTOBER = Period.parse("2022-10")


def form() -> BlankForm:
    return read_blank_workbook(workbook(picture=False))


def grid(*rows: tuple[str, ...]) -> BlankForm:
    """A plain table of texts."""
    cells = tuple(
        tuple(FormCell(f"1!{chr(65 + column)}{row + 1}", text, row, column) for column, text in enumerate(texts))
        for row, texts in enumerate(rows)
    )
    return BlankForm((FormTable("1", "表", cells, len(rows[0])),))


# --- names --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("龙洞镇", "a"),
        ("龙 洞 镇", "a"),
        ("龙\u3000洞镇", "a"),
        ("1、龙洞镇", "a"),
        ("(二)石桥", "b"),
        ("3. 石桥镇", "b"),
        ("东山", "d"),
        ("东山街道办事处", "d"),
        ("合  计", "c"),
        ("全市", "c"),
        ("云岭", "c"),
    ],
)
def test_a_place_is_known_as_offices_write_it(written: str, code: str) -> None:
    assert PLACES.find(written) == (code, "")


@pytest.mark.parametrize("written", ["高新区", "龙洞镇政府食堂", "其中", "镇", "石", "12"])
def test_what_is_no_place_is_not_guessed(written: str) -> None:
    code, why = PLACES.find(written)
    assert code == "" and "不是本单位范围内" in why


def test_a_name_that_two_places_share_is_not_guessed() -> None:
    code, why = Places("c", {"a": "城关镇", "b": "城关街道"}).find("城关")
    assert code == "" and "不止一个" in why


@given(st.sampled_from(list(NAMES.items())), st.lists(st.sampled_from([" ", "\u3000", "\n"]), max_size=4))
def test_blanks_in_a_name_change_nothing(place: tuple[str, str], blanks: list[str]) -> None:
    code, name = place
    written = name[:1] + "".join(blanks) + name[1:] + "".join(blanks)
    assert PLACES.find(written) == (code, "")


@given(st.text(max_size=12))
def test_looking_for_any_text_answers_a_code_or_a_reason(text: str) -> None:
    code, why = PLACES.find(text)
    assert not (code and why) and code in {"", *NAMES}


# --- columns -----------------------------------------------------------------------------------------------------------
def test_a_heading_binds_every_row_that_names_a_place_and_says_which_it_left() -> None:
    blank = form()
    found = column_of(blank.tables[0], blank.cells["1!B4"], PLACES)
    assert [(cell.address, code) for cell, code in found.bound] == [("1!B5", "a"), ("1!B6", "b")]
    assert dict(found.left) == {
        "高新区": "“高新区”不是本单位范围内的区划",
        "合  计": "这一格是表里原有的公式,保留不动",
    }


def test_a_total_without_a_formula_gets_the_units_own_figure() -> None:
    blank = form()
    found = column_of(blank.tables[0], blank.cells["1!C4"], PLACES)
    assert [code for _cell, code in found.bound] == ["a", "b", "c"]


def test_any_cell_of_the_column_does_as_well_as_its_heading() -> None:
    blank = form()
    by_heading, by_cell = (column_of(blank.tables[0], blank.cells[a], PLACES) for a in ("1!C4", "1!C6"))
    assert by_heading.bound == by_cell.bound


@pytest.mark.parametrize(("address", "words"), [("1!B3", "横跨几列"), ("1!A5", "没有写着区划名称"), ("1!E4", "没有可绑的格")])
def test_a_column_that_cannot_be_bound_says_why(address: str, words: str) -> None:
    blank = form()
    with pytest.raises(BadBinding, match=words):
        column_of(blank.tables[0], blank.cells[address], PLACES)


def test_places_across_the_top_are_no_column_of_places() -> None:
    blank = grid(("项目", "龙洞镇", "石桥镇"), ("破案", "", ""), ("缴获", "", ""))
    with pytest.raises(BadBinding):
        column_of(blank.tables[0], blank.cells["1!B2"], Places("c", {"c": "云岭市"}))


# --- periods -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("month", "2022-10"),
        ("quarter", "2022-10"),
        ("year", "2022-01..2022-10"),
        ("last_month", "2022-09"),
        ("month_year_ago", "2021-10"),
        ("year_year_ago", "2021-01..2021-10"),
    ],
)
def test_periods_are_seen_from_the_month_of_the_form(rule: str, wanted: str) -> None:
    assert str(period_for(rule, OCTOBER)) == wanted


def test_a_quarter_runs_to_the_month_and_a_whole_one_is_a_quarter() -> None:
    assert str(period_for("quarter", Period.parse("2022-11"))) == "2022-10..2022-11"
    assert str(period_for("quarter", Period.parse("2022-12"))) == "2022Q4"
    assert str(period_for("fixed", OCTOBER, "2021")) == "2021"


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.sampled_from([rule for rule in PeriodRule if rule != PeriodRule.FIXED]))
def test_no_cell_looks_past_the_month_of_its_form(day: date, rule: PeriodRule) -> None:
    filled_for = month(day)
    assert period_for(rule, filled_for).end <= filled_for.end


def test_a_form_is_filled_for_a_month_that_has_begun() -> None:
    today = date(2022, 11, 23)
    assert str(month_of("2022-11", today)) == "2022-11"
    for text in ("2022-12", "2022Q3", "去年"):
        with pytest.raises(BadPeriod):
            month_of(text, today)


# --- bindings ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("binding", "words"),
    [
        (Binding("1!Z99", "E01"), "没有这一格"),
        (Binding("1!B5"), "请选择指标"),
        (Binding("1!B5", "E01", rule="always"), "请选择期间"),
        (Binding("1!B5", "E01", rule="fixed", period="去年"), "不是期间"),
        (Binding("1!B5", fixed="words", words=" "), "请写上"),
        (Binding("1!B5", fixed="words", words="字" * 201), "最多"),
        (Binding("1!B5", fixed="secret"), "哪一种文字"),
    ],
)
def test_a_binding_that_says_nothing_is_refused(binding: Binding, words: str) -> None:
    with pytest.raises(BadBinding, match=words):
        check_binding(binding, form().cells.get(binding.address))


def test_a_binding_is_kept_and_read_back_as_it_was() -> None:
    for binding in (Binding("1!B5", "G09", "previous", "year", place="a", label="龙洞镇"), Binding("p1!1", fixed=Fixed.DAY.value)):
        assert Binding.from_dict(binding.to_dict() | {"unheard": "of"}) == binding


def test_a_cell_is_called_by_its_row_and_its_headings() -> None:
    blank = form()
    assert label_of(blank, blank.cells["1!C5"]) == "龙洞镇 · 本期 · 破案"
    assert label_of(blank, blank.cells["1!B2"]) == "填报单位"
    under_a_line = grid(("填报单位:", "", "所属期间:", ""), ("乡镇", "破案", "查处", ""), ("龙洞镇", "", "", ""))
    assert label_of(under_a_line, under_a_line.cells["1!C3"]) == "龙洞镇 · 查处"
    assert spoken_place("1!C5") == "C5" and spoken_place("2!C5") == "表 2 C5"
    assert spoken_place("t1!R2C3") == "第 2 行第 3 列" and spoken_place("p4!1") == "第 4 段第 1 处空"


# --- newer blanks ------------------------------------------------------------------------------------------------------
def test_a_newer_blank_keeps_bindings_where_the_words_moved_and_tells_what_is_lost() -> None:
    old = grid(("乡镇", "破案"), ("龙洞镇", ""), ("石桥镇", ""), ("平安镇", ""))
    new = grid(("乡镇", "破案"), ("石桥镇", ""), ("龙洞镇", ""), ("新来镇", ""))
    bindings = [Binding(f"1!B{row}", "E01", label=label_of(old, old.cells[f"1!B{row}"])) for row in (2, 3, 4)]
    carried = carry(bindings, new)
    assert {one.label: one.address for one in carried.kept} == {"龙洞镇 · 破案": "1!B3", "石桥镇 · 破案": "1!B2"}
    assert [one.label for one in carried.dropped] == ["平安镇 · 破案"]


def test_two_rows_of_one_name_are_not_guessed_between() -> None:
    new = grid(("乡镇", "破案"), ("x", ""), ("龙洞镇", ""), ("龙洞镇", ""))
    assert carry([Binding("1!B2", "E01", label="龙洞镇 · 破案")], new).kept == ()


# --- sums ----------------------------------------------------------------------------------------------------------------
def test_a_sum_of_the_form_over_a_cell_without_a_number_is_told() -> None:
    found = sums_over(form(), ["1!B6"])
    assert [(cell.address, places) for cell, places in found] == [("1!E6", ("B6",)), ("1!B8", ("B6",))]
    assert sums_over(form(), ["1!D5"]) == [] and sums_over(form(), []) == []
