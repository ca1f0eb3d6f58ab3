"""Another office's form from the blank to the file that goes out: bound once, filled with the page's own figures."""

from __future__ import annotations

import io
from decimal import Decimal

import docx
import openpyxl
import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import forms
from qingyuan.situation.actions.forms import FormRefused
from qingyuan.situation.enums import Fixed
from qingyuan.situation.models import ForeignForm, FormFilling, FormLayout
from qingyuan.situation.permissions import NotAllowed, forms_visible
from qingyuan.situation.queries import read
from qingyuan.situation.queries.forms import FileDamaged, blank_of, content_of
from qingyuan.situation.rules.forms import CHANGE, PREVIOUS, Binding
from tests.cast import TODAY, City, city
from tests.situation.blanks import document, workbook
from tests.situation.planted_figures import TELLING, plant_figures

__all__ = ["city"]
pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2022-10")


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def received(city: City, data: bytes | None = None, name: str = "月报.xlsx") -> FormLayout:
    made = forms.receive_form(
        title="禁毒月报", sent_by="州禁毒办", file_name=name, data=data or workbook(), by=city.actor("clerk")
    )
    return made.layout


def template(city: City) -> FormLayout:
    """Users and cases of every town and the city, a rate, words."""
    layout, clerk = received(city), city.actor("clerk")
    for heading, code, rule in (("1!B4", "G09", "month"), ("1!C4", "E01", "year"), ("1!D4", "R05", "year")):
        forms.bind_column(layout=layout, binding=Binding(heading, code, rule=rule), by=clerk)
    forms.bind(layout=layout, binding=Binding("1!B2", fixed=Fixed.UNIT.value), by=clerk)
    return forms.save_template(layout=layout, by=clerk)


def filled(city: City, who: str = "clerk") -> FormFilling:
    return forms.fill(form=ForeignForm.objects.get(), month=OCTOBER, by=city.actor(who))


# --- filling ----------------------------------------------------------------------------------------------------------
def test_a_filled_figure_is_the_figure_of_the_readers_own_page(told: City) -> None:
    template(told)
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(filled(told).made)))["月报"]
    assert sheet["B2"].value == "市禁毒办"
    for row, place in ((5, "龙洞镇"), (6, "石桥镇"), (8, "云岭市")):
        for column, code, period in (("B", "G09", "2022-10"), ("C", "E01", "2022-01..2022-10"), ("D", "R05", "2022-01..2022-10")):
            page = read(
                code=code,
                division=told.divisions[place],
                period=Period.parse(period),
                reader=told.actor("clerk"),
                on=TODAY,
            )
            value = sheet[f"{column}{row}"].value
            if (column, row) == ("B", 8):
                assert value == "=SUM(B5:B7)", "the office's own formula stays"
            elif page.closed:
                assert value == page.text
            elif page.amount is None:
                assert value is None
            else:
                shown = Decimal(page.text.replace(",", ""))
                assert Decimal(str(value)) == (shown / 100 if column == "D" else shown), (code, place)


def test_few_people_and_what_would_tell_them_are_nowhere_in_the_file(told: City) -> None:
    template(told)
    made = filled(told)
    assert made.made.content
    book = openpyxl.load_workbook(io.BytesIO(content_of(made.made)))
    said = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "<5" in said and not any(word in said for word in TELLING)
    closed = {one["address"] for one in made.cells if one.get("told", {}).get("closed")}
    assert {"1!B5", "1!B6"} <= closed
    assert all("number" not in one for one in made.cells if one["address"] in closed)
    assert any("不足 5 人" in one["why"] for one in made.missing)


def test_a_sum_of_the_form_over_closed_cells_is_told_before_it_goes_out(told: City) -> None:
    template(told)
    warned = {one["address"]: one["why"] for one in filled(told).missing}
    assert "当作 0" in warned["1!B8"] and "B5" in warned["1!B8"]


def test_the_file_says_where_each_figure_came_from(told: City) -> None:
    template(told)
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(filled(told).made)))["数据来源"]
    lines = ["|".join(str(value) for value in row if value) for row in sheet.iter_rows(values_only=True)]
    cases = next(line for line in lines if line.startswith("C8|"))
    for words in ("本期 · 破案", "E01 破获毒品犯罪案件数", "云岭市", "2022 年 1—10 月", TODAY.isoformat(), "由台账计算"):
        assert words in cases
    definition = next(line for line in lines if line.startswith("E01 破获毒品犯罪案件数|"))
    assert "期内破获的毒品刑事案件" in definition and "行政案件" in definition
    assert any("周文" in line and "2022 年 10 月" in line for line in lines)


def test_a_figure_as_known_on_an_earlier_day_is_the_earlier_figure(told: City) -> None:
    template(told)
    before = forms.fill(form=ForeignForm.objects.get(), month=OCTOBER, by=told.actor("clerk"), known=Period.parse("2020").start)
    cell = {one["address"]: one for one in before.cells}
    assert "1!C8" not in cell or cell["1!C8"]["text"] in {"0", "—"}
    assert before.known_on == Period.parse("2020").start


def test_what_cannot_be_filled_is_left_empty_and_listed_with_its_reason(told: City) -> None:
    layout, clerk = received(told), told.actor("clerk")
    for address, binding in (
        ("1!B5", Binding("1!B5", "G01", rule="fixed", period="2031")),
        ("1!B6", Binding("1!B6", "R99")),
        ("1!C5", Binding("1!C5", "G09", part="nothing")),
        ("1!C6", Binding("1!C6", "G09", place="999999999999")),
        ("1!D5", Binding("1!D5", "E09", rule="month")),
    ):
        forms.bind(layout=layout, binding=binding, by=clerk)
        assert address in layout.bound
    forms.save_template(layout=layout, by=clerk)
    made = filled(told)
    why = {one["address"]: one["why"] for one in made.missing}
    assert "还没有开始" in why["1!B5"] and "没有指标" in why["1!B6"] and "没有“nothing”" in why["1!C5"]
    assert "不在本单位范围" in why["1!C6"] and "没有数据" in why["1!D5"]
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(made.made)))["月报"]
    assert [sheet[place].value for place in ("B5", "B6", "C5", "C6", "D5")] == [None] * 5


def test_a_word_form_is_filled_with_value_last_year_and_change(told: City) -> None:
    layout, clerk = received(told, document(), "平安表.docx"), told.actor("clerk")
    for address, code, part in (("t1!R3C2", "G09", "value"), ("t1!R3C3", "G09", CHANGE), ("p1!2", "G09", PREVIOUS), ("p1!1", "E01", CHANGE)):
        forms.bind(layout=layout, binding=Binding(address, code, part=part), by=clerk)
    forms.save_template(layout=layout, by=clerk)
    made = filled(told)
    paper = docx.Document(io.BytesIO(content_of(made.made)))
    page = read(code="G09", division=told.divisions["云岭市"], period=OCTOBER, reader=clerk, on=TODAY)
    assert (page.text, page.change, page.before_text) == ("3,573", "持平", "3,573")
    cells = paper.tables[0].rows[2].cells
    assert (cells[1].text, cells[2].text) == (page.text, page.change)
    assert paper.paragraphs[0].text == f"填报单位:          日期:{page.before_text}年"
    assert [one["address"] for one in made.missing] == ["p1!1"], "there is no change to tell, so none is written"
    assert "上年同期" in made.missing[0]["why"]


# --- keeping ----------------------------------------------------------------------------------------------------------
def test_every_filling_is_kept_as_it_went_out_and_found_again(told: City) -> None:
    template(told)
    first = filled(told)
    digest, cells = first.made.digest, list(first.cells)
    second = filled(told)
    kept = FormFilling.objects.get(pk=first.pk)
    assert kept.made.digest == digest and kept.cells == cells and kept.by_name == "周文" and kept.month == "2022-10"
    assert content_of(kept.made) and second.pk != first.pk
    with pytest.raises(TypeError):
        kept.delete()
    acts = list(WriteEntry.objects.filter(ledger="foreign_forms").values_list("act", flat=True))
    assert acts.count("forms.fill") == 2 and {"forms.take_in", "forms.bind", "forms.save_template"} <= set(acts)


def test_a_stored_file_that_was_changed_is_not_handed_out(told: City) -> None:
    file = received(told).blank
    file.digest = "0" * 64
    with pytest.raises(FileDamaged):
        content_of(file)


def test_a_saved_template_stays_and_the_next_version_begins_with_its_bindings(told: City) -> None:
    layout, clerk = template(told), told.actor("clerk")
    with pytest.raises(FormRefused, match="不能再改"):
        forms.bind(layout=layout, binding=Binding("1!C5", "E04"), by=clerk)
    with pytest.raises(FormRefused, match="已经存为模板"):
        forms.save_template(layout=layout, by=clerk)
    again = forms.revise(form=layout.form, by=clerk).layout
    assert again.version == 2 and again.is_draft and again.bound == layout.bound
    with pytest.raises(FormRefused, match="接着绑定"):
        forms.revise(form=layout.form, by=clerk)
    forms.unbind(layout=again, addresses=["1!C5", "1!Z9"], by=clerk)
    assert "1!C5" not in again.bound and "1!C5" in FormLayout.objects.get(pk=layout.pk).bound


def test_a_newer_blank_carries_what_still_fits(told: City) -> None:
    layout, clerk = template(told), told.actor("clerk")
    book = openpyxl.load_workbook(io.BytesIO(workbook(picture=False)))
    book["月报"].insert_rows(5)
    book["月报"]["A5"] = "新设镇"
    target = io.BytesIO()
    book.save(target)
    got = forms.revise(form=layout.form, by=clerk, file_name="新月报.xlsx", data=target.getvalue())
    assert got.carried is not None and got.layout.bound["1!C6"].place == told.divisions["龙洞镇"].code
    assert blank_of(got.layout).cells["1!A5"].text == "新设镇"
    with pytest.raises(FormRefused, match="同一种文件"):
        forms.revise(form=layout.form, by=clerk, file_name="新.docx", data=document())


def test_two_who_bind_at_once_do_not_overwrite_each_other(told: City) -> None:
    layout, clerk = received(told), told.actor("clerk")
    other = FormLayout.objects.get(pk=layout.pk)
    forms.bind(layout=layout, binding=Binding("1!C5", "E01"), by=clerk)
    with pytest.raises(FormRefused, match="刚被别人改过"):
        forms.bind(layout=other, binding=Binding("1!C6", "E01"), by=clerk)


def test_a_retired_form_is_not_filled_and_its_title_is_free_again(told: City) -> None:
    layout, clerk = template(told), told.actor("clerk")
    filled(told)
    with pytest.raises(FormRefused, match="同名"):
        received(told)
    with pytest.raises(FormRefused, match="原因"):
        forms.retire(form=layout.form, reason=" ", by=clerk)
    forms.retire(form=layout.form, reason="州里不再要", by=clerk)
    with pytest.raises(FormRefused, match="停用"):
        filled(told)
    assert received(told).version == 1 and FormFilling.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("月报.xlsm", "有宏"), ("月报.xls", "另存"), ("月报.docx", "与扩展名"), ("月报", "另存"), ("月报.pdf", "另存")],
)
def test_other_kinds_of_files_are_refused_with_what_to_do(city: City, name: str, words: str) -> None:
    with pytest.raises(FormRefused, match=words):
        received(city, workbook(), name)
    assert not ForeignForm.objects.exists()


def test_an_empty_template_and_one_that_is_not_saved_are_not_filled(told: City) -> None:
    layout = received(told)
    with pytest.raises(FormRefused, match="还没有绑定"):
        forms.save_template(layout=layout, by=told.actor("clerk"))
    with pytest.raises(FormRefused, match="存为模板"):
        filled(told)


# --- who ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["leader", "supervisor", "stranger", "officer", "liaison", "auditor", "doctor", "security", "caseworker"])
def test_only_the_offices_clerk_keeps_its_forms(told: City, who: str) -> None:
    layout, actor = template(told), told.actor(who)
    for attempt in (
        lambda: forms.receive_form(title="另一张", sent_by="某办", file_name="a.xlsx", data=workbook(), by=actor),
        lambda: forms.revise(form=layout.form, by=actor),
        lambda: forms.fill(form=layout.form, month=OCTOBER, by=actor),
        lambda: forms.retire(form=layout.form, reason="试试", by=actor),
        lambda: forms.bind(layout=layout, binding=Binding("1!C5", "E01"), by=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert forms_visible(actor, TODAY).exists() == (who in {"leader", "auditor"})
