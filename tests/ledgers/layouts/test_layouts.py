"""Layouts: our files are sound and say that they are assumptions; what they write comes back and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers import exports, queries, registry
from qingyuan.ledgers.layouts import keeping
from qingyuan.ledgers.layouts.choosing import layout_named, layouts_for, shipped
from qingyuan.ledgers.layouts.layout import BadLayout, Layout, LayoutColumn, layout_from, recipe_of
from qingyuan.ledgers.models import ImportBatch, OwnLayout
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.reference import catalogue
from tests.cast import TODAY, City, id_number, measure_values
from tests.ledgers.recipes.books import bring, workbook

ROUND = ("community-tests", "community-measures", "seizures")
BLANK = ("姓名", "证件号码", "采样时间", "样本", "检测结果", "民族", "备注")


def test_three_layouts_are_shipped_and_each_says_that_its_columns_are_an_assumption() -> None:
    assert {layout.key for layout in shipped()} >= set(ROUND)
    for layout in shipped():
        assert "假设" in layout.note and "核对" in layout.note, layout.key
        assert layout.system and layout.basis and layout.title_en and layout.valid_from


@pytest.mark.parametrize("layout", shipped(), ids=lambda one: one.key)
def test_a_shipped_layout_takes_only_columns_that_may_leave(layout: Layout) -> None:
    ledger = registry.get(layout.ledger)
    assert "note" not in {column.source for column in layout.columns}
    recipe = recipe_of(layout, ledger)
    assert {column.name for column in ledger.columns if column.required} <= set(recipe.columns.values())


COLUMN = {"header": "姓名", "from": "name"}


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ([{"header": "说明", "from": "note"}], "不能取自"),
        ([{"header": "甲", "from": "nothing"}], "不能取自"),
        ([COLUMN, {"header": "民族", "from": "sample"}], "不收集"),
        ([COLUMN, {"header": "日期", "from": "tested_on", "day": "us"}], "写法"),
        ([COLUMN, {"header": "结果", "from": "result", "codes": {"maybe": "1"}}], "没有列出"),
        ([COLUMN, {"header": "结果", "from": "result", "codes": {"positive": "1", "negative": "1"}}], "分不清"),
        ([{"header": "来源", "text": "社区"}], "至少要有一栏"),
        ([{"header": "姓名", "source": "name"}], "多出"),
        ([{"from": "name"}], "缺少"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_naming_the_place(columns: list[dict[str, Any]], says: str) -> None:
    data = {"code": "x", "ledger": "tests", "title": "格式", "columns": columns}
    with pytest.raises(BadLayout, match=says):
        layout_from(data, registry.get("tests"), "x.yaml")


def test_a_layout_is_in_force_from_a_day_to_a_day() -> None:
    layout = replace(shipped()[0], valid_from=date(2022, 1, 1), valid_to=date(2023, 1, 1))
    assert [
        layout.valid_on(day) for day in (date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1))
    ] == [False, True, True, False]


# --- writing -------------------------------------------------------------------------------------------------------
@pytest.fixture
def town(city: City) -> City:
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in (1, 2)))
    for serial, result in ((1, "negative"), (2, "positive")):
        city.enter(
            "tests",
            "supervisor",
            {
                "name": measure_values(city, serial)["name"],
                "id_number": id_number(100 + serial),
                "tested_on": date(2022, 10, 8),
                "sample": "urine",
                "result": result,
                "testers": ["李秀", "王平"],
                "note": "只给自己人看",
            },
        )
    case = {
        "number": "云公刑2022-7",
        "title": "某案",
        "division": city.divisions["石桥镇"].pk,
        "filed_on": date(2022, 5, 1),
    }
    case |= {name: any_code(registry.get("cases").column(name).code_list) for name in ("case_kind", "offence")}
    city.enter("cases", "officer", case)
    city.enter(
        "seizures",
        "officer",
        {"case_number": "云公刑2022-7", "drug": "OP01", "net_g": Decimal("1250.5"), "seized_on": date(2022, 5, 20)},
    )
    return city


def any_code(name: str) -> str:
    return catalogue.get_list(name).valid_on(TODAY)[0].code


def written(city: City, key: str, who: str, *, in_full: bool) -> bytes:
    layout = next(one for one in shipped() if one.key == key)
    ledger, actor = registry.get(layout.ledger), city.actor(who)
    rows = queries.rows(ledger, actor, TODAY)
    return exports.layout_workbook(ledger, layout, rows, reader=actor, in_full=in_full)


def cells(content: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).worksheets[0].values]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "who"), [("community-tests", "supervisor"), ("community-measures", "supervisor"), ("seizures", "officer")]
)
def test_what_a_layout_writes_is_recognised_read_back_and_changes_nothing(town: City, key: str, who: str) -> None:
    layout = next(one for one in shipped() if one.key == key)
    content = written(town, key, who, in_full=True)
    batch = bring(town, content, who=who, ledger=layout.ledger, name="导出.xlsx")
    assert batch.reading["how"] == "layout" and batch.reading["title"] == layout.title, batch.message
    count = len(cells(content)) - 1
    assert count > 0
    assert (batch.new_count, batch.changed_count, batch.same_count, batch.bad_count) == (0, 0, count, 0)


@pytest.mark.django_db
def test_days_codes_masses_and_fixed_texts_are_written_as_the_layout_says(town: City) -> None:
    header, line = cells(written(town, "seizures", "officer", in_full=False))
    row = dict(zip(header, line, strict=True))
    assert row["净重(千克)"] == 1.2505 and row["缴获日期"] == "2022/05/20" and row["计量单位"] == "千克"
    tests = cells(written(town, "community-tests", "supervisor", in_full=True))
    assert {line[2] for line in tests[1:]} == {"20221008"} and {line[4] for line in tests[1:]} == {"阴性", "阳性"}
    assert {line[1] for line in tests[1:]} == {id_number(101), id_number(102)}
    assert "只给自己人看" not in str(tests)


@pytest.mark.django_db
def test_without_the_word_in_full_numbers_are_masked_as_everywhere_else(town: City) -> None:
    for line in cells(written(town, "community-tests", "supervisor", in_full=False))[1:]:
        assert line[1].startswith("9999 **** ")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "leader", "town_leader", "officer", "auditor", "stranger", "liaison"])
def test_in_full_means_nothing_to_those_who_do_not_read_clear(town: City, who: str) -> None:
    """Even with rows in hand that they should never have had."""
    layout = next(one for one in shipped() if one.key == "community-tests")
    ledger = registry.get("tests")
    content = exports.layout_workbook(ledger, layout, ledger.model.objects.all(), reader=town.actor(who), in_full=True)
    if who == "stranger":  # reads clear in her own town; the rows she may have are decided by ``queries.rows``
        assert len(cells(written(town, "community-tests", who, in_full=True))) == 1
        return
    text = str(cells(content))
    assert id_number(101) not in text and "测试乙" not in text


# --- a unit's own ----------------------------------------------------------------------------------------------------
def own(town: City, who: str = "supervisor", title: str = "省平台检测表") -> OwnLayout:
    book = open_workbook(workbook(BLANK, titles=("某省系统导入模板",)), "空表.xlsx")
    layout = keeping.from_blank(registry.get("tests"), book, title=title, system="某省平台", row=None)
    return keeping.save(layout=layout, by=town.actor(who))


@pytest.mark.django_db
def test_a_blank_workbook_becomes_a_layout_bound_by_its_headers(town: City) -> None:
    stored = own(town)
    layout = layout_named(str(stored.pk), "tests", stored.unit_id, TODAY)
    assert layout is not None and layout.own and layout.titles == ("某省系统导入模板",)
    bound = {column.header: column.source for column in layout.columns}
    assert bound["姓名"] == "name" and bound["证件号码"] == "id_number" and bound["检测结果"] == "result"
    assert bound["民族"] == "" and bound["备注"] == "", "what is not collected or stays here is left empty"
    assert WriteEntry.objects.filter(row_id=stored.pk, act="tests.layout_save").exists()


@pytest.mark.django_db
def test_an_own_layout_bound_whole_comes_back_and_changes_nothing(town: City) -> None:
    stored = own(town)
    layout = layout_named(str(stored.pk), "tests", stored.unit_id, TODAY)
    assert layout is not None
    by_header = {
        "采样时间": LayoutColumn("采样时间", "tested_on", day="chinese"),
        "检测结果": LayoutColumn("检测结果", "result", codes={"negative": "0", "positive": "1"}),
        "备注": LayoutColumn("备注", "testers"),
    }
    whole = keeping.with_columns(layout, [by_header.get(column.header, column) for column in layout.columns])
    keeping.save(layout=whole, by=town.actor("supervisor"), stored=stored)
    layout = layout_named(str(stored.pk), "tests", stored.unit_id, TODAY)
    assert layout is not None
    ledger, actor = registry.get("tests"), town.actor("supervisor")
    content = exports.layout_workbook(ledger, layout, queries.rows(ledger, actor, TODAY), reader=actor, in_full=True)
    assert "2022年10月08日" in str(cells(content)) and cells(content)[0][0] == "某省系统导入模板"
    batch = bring(town, content)
    assert (batch.reading["how"], batch.same_count, batch.bad_count + batch.new_count + batch.changed_count) == (
        "layout",
        2,
        0,
    )


@pytest.mark.django_db
def test_an_own_layout_that_no_longer_fits_is_not_offered_and_stops_no_import(town: City) -> None:
    stored = own(town)
    stored.content["columns"][0]["from"] = "was_once"
    stored.save()
    assert layout_named(str(stored.pk), "tests", stored.unit_id, TODAY) is None
    assert bring(town, written(town, "community-tests", "supervisor", in_full=True)).same_count == 2


@pytest.mark.django_db
def test_an_own_layout_is_the_units_own_and_only_of_ledgers_it_keeps(town: City) -> None:
    stored = own(town)
    assert keeping.open_layout(town.actor("caseworker"), stored.pk, TODAY) == stored
    for who in ("stranger", "clerk", "officer", "town_leader", "auditor"):
        assert keeping.open_layout(town.actor(who), stored.pk, TODAY) is None, who
    assert [one.key for one in layouts_for("tests", town.units["shiqiao"].pk, TODAY)] == ["community-tests"]
    with pytest.raises(BadLayout, match="不填报"):
        own(town, who="clerk")
    with pytest.raises(BadLayout, match="同名"):
        own(town)
    keeping.remove(stored=stored, by=town.actor("supervisor"))
    assert keeping.own_layouts(town.actor("supervisor"), TODAY) == []
    own(town)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "row", "says"),
    [
        (workbook(("甲", "乙", "丙")), None, "没有认出表头"),
        (workbook(("张三", id_number(101), "2022-10-08")), 1, "不像表头"),
        (workbook(("甲", "乙")), 9, "表头要在"),
        (workbook(("甲", "乙")), 1, "至少要有一栏"),
    ],
)
def test_a_workbook_that_is_no_blank_is_refused_and_nothing_is_kept(
    town: City, content: bytes, row: int | None, says: str
) -> None:
    with pytest.raises((BadLayout, UnreadableFile), match=says):
        keeping.from_blank(registry.get("tests"), open_workbook(content, "空.xlsx"), title="空", system="", row=row)
    assert not OwnLayout.objects.exists() and not ImportBatch.objects.exists()
