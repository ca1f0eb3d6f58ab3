"""Recipes without a database: slots, what a recipe says about a header, and what may not be said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.enums import Sensitivity
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.importing.recipe import (
    BadRecipe,
    Recipe,
    applied,
    checked,
    digest_of,
    looks_like_data,
    slots_of,
    taken_from,
    vocabulary,
)
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import HeaderMatch

COLUMNS = (
    Column("who", "姓名", Kind.PERSON_NAME, required=True, sensitivity=Sensitivity.PERSONAL),
    Column("day", "日期", Kind.DATE, required=True),
    Column("sample", "样本", Kind.CODE, required=True, code_list="test_samples", may_default=True),
    Column("mass", "重量", Kind.QUANTITY, unit="g"),
)


def header(*labels: str, columns: dict[int, str] | None = None, serial: tuple[int, ...] = ()) -> HeaderMatch:
    return HeaderMatch(
        sheet="一", header_rows=(1,), data_start=2, columns=columns or {}, labels=tuple((label,) for label in labels),
        units={}, unknown=labels, repeated=(), missing_required=(), titles=(), serial_columns=serial, score=1.0,
    )  # fmt: skip


def test_slots_name_the_second_of_a_text_and_leave_out_our_own_columns() -> None:
    assert slots_of(["姓 名", "备注", "", "备注*", "原行号", "问题说明"]) == ["姓名", "备注", "", "备注 2", "", ""]
    assert slots_of(["#", "样品#2", "样品"]) == ["#", "样品#2", "样品"], "nobody's own number is taken for our count"


@given(st.lists(st.text(alphabet="姓名日期样本备注 #2", max_size=4), max_size=8), st.randoms(use_true_random=False))
def test_a_header_is_the_same_wherever_its_columns_stand(labels: list[str], random: object) -> None:
    moved = list(labels)
    random.shuffle(moved)  # type: ignore[attr-defined]
    assert digest_of(slots_of(labels)) == digest_of(slots_of(moved))
    if any(slots_of(labels)):
        assert digest_of(slots_of(labels)) != digest_of(slots_of([*labels, "另一栏"]))


@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.sampled_from(["who", "day", ""]), max_size=5),
    st.dictionaries(st.just("sample"), st.just("尿液"), max_size=1),
    st.none() | st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_a_recipe_is_stored_whole(
    columns: dict[str, str], defaults: dict[str, str], rows: tuple[int, int] | None
) -> None:
    recipe = Recipe(
        sheet="表", columns=columns, defaults=defaults, rows=rows, words={"test_results": {"1": "negative"}}
    )
    assert Recipe.from_json(recipe.as_json()) == recipe


def test_the_recipes_word_replaces_what_the_reader_thought_and_the_rest_stays_recognised() -> None:
    found = header("编号", "对象", "日期", "样本", columns={2: "day", 3: "sample"}, serial=(0,))
    recipe = Recipe(
        columns={"对象": "who", "样本": "", "编号": "mass"}, units={"mass": "kg"}, defaults={"sample": "尿液"}
    )
    made = applied(recipe, found, COLUMNS)
    assert made.columns == {0: "mass", 1: "who", 2: "day"}
    assert made.units == {"mass": "kg"} and made.serial_columns == ()
    assert made.missing_required == () and made.unknown == ()


def test_a_column_claimed_by_the_recipe_is_taken_from_where_the_reader_saw_it() -> None:
    made = applied(Recipe(columns={"开单日": "day"}), header("开单日", "日期", columns={1: "day"}), COLUMNS)
    assert made.columns == {0: "day"}
    assert set(made.missing_required) == {"who", "sample"}


def test_what_is_taken_from_a_table_names_every_header() -> None:
    recipe = taken_from(
        ["对象", "日期", "领导签字"],
        {0: "who", 1: "day"},
        sheet="一",
        units={},
        base=Recipe(defaults={"sample": "尿液"}),
    )
    assert recipe.columns == {"对象": "who", "日期": "day", "领导签字": ""}
    assert recipe.defaults == {"sample": "尿液"}
    words = {column.name: column for column in vocabulary(COLUMNS, recipe)}
    assert "对象" in words["who"].aliases and not words["sample"].required and words["day"].required


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (Recipe(columns={"甲": "who", "乙": "who"}), "选了 2 次"),
        (Recipe(columns={"甲": "nothing"}), "没有"),
        (Recipe(columns={"民族": "who"}), "按规定不收集"),
        (Recipe(columns={"风险等级": "sample"}), "按规定不收集"),
        (Recipe(units={"mass": "斤"}), "重量单位"),
        (Recipe(units={"day": "kg"}), "重量单位"),
        (Recipe(defaults={"day": "2022-01-01"}), "逐行填写"),
        (Recipe(defaults={"who": "某人"}), "逐行填写"),
    ],
)
def test_what_cannot_be_read_by_is_refused_with_the_reason(recipe: Recipe, says: str) -> None:
    with pytest.raises(BadRecipe, match=says):
        checked(recipe, COLUMNS)


@pytest.mark.parametrize(
    "texts", [["张三", "999999199101010072"], ["李四", "2022-10-08"], ["1", "王五"], ["某", "2022.9.3"]]
)
def test_a_row_of_data_is_not_taken_for_a_header(texts: list[str]) -> None:
    assert looks_like_data(texts)
    assert not looks_like_data(["姓名", "证件号码", "检测日期", "重量(克)", "第1次"])


def test_nobody_a_day_or_a_result_may_be_said_once_for_all() -> None:
    """The census of defaults: what happened to a person is never assumed."""
    never = {
        Kind.PERSON_NAME,
        Kind.ID_NUMBER,
        Kind.PHONE,
        Kind.STAFF,
        Kind.DATE,
        Kind.QUANTITY,
        Kind.INTEGER,
        Kind.DECIMAL,
        Kind.BOOLEAN,
    }
    said = [
        (ledger.code, column) for ledger in registry.all_ledgers() for column in ledger.columns if column.may_default
    ]
    assert {code for code, _column in said} >= {"tests", "measures"}
    assert [
        column.name
        for _code, column in said
        if column.kind in never or column.personal or column.name.endswith(("result", "reason"))
    ] == []
