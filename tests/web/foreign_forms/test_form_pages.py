"""Other offices' forms on the page: uploaded, bound by a click, a column at once, filled for a month, found again."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.situation.models import ForeignForm, FormFilling, FormLayout
from tests.cast import City, city
from tests.situation.blanks import document, workbook
from tests.situation.planted_figures import TELLING, plant_figures
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["city"]
pytestmark = pytest.mark.django_db
FIGURE = {"what": "figure", "indicator": "G09", "part": "value", "rule": "month", "scope": "column"}


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def uploaded(client: Client, data: bytes | None = None, name: str = "月报.xlsx", title: str = "禁毒月报") -> Any:
    file = SimpleUploadedFile(name, workbook() if data is None else data)
    return client.post("/foreign-forms/", {"title": title, "sent_by": "州禁毒办", "file": file})


def bench(form: ForeignForm, cell: str = "") -> str:
    return f"/foreign-forms/{form.pk}/bind/" + (f"?cell={cell}" if cell else "")


def bound(told: City) -> tuple[Client, ForeignForm]:
    client = browser_of(told, "clerk")
    assert uploaded(client).status_code == 302
    form = ForeignForm.objects.get()
    assert client.post(bench(form), FIGURE | {"cell": "1!B4"}).status_code == 302
    return client, form


def test_a_blank_is_uploaded_and_its_form_stands_on_the_page_as_it_looks(told: City) -> None:
    client = browser_of(told, "clerk")
    answer = uploaded(client)
    form = ForeignForm.objects.get()
    assert answer["Location"] == bench(form)
    soup = BeautifulSoup(client.get(bench(form)).content, "html.parser")
    head = soup.find("a", string="本期")
    assert head is not None and head.find_parent("td")["colspan"] == "3"
    assert soup.find("a", string="=SUM(B5:B7)")["class"] == ["formula"]
    assert "先点一格" in soup.get_text()


def test_a_heading_offers_the_whole_column_and_binding_it_tells_which_rows_were_left(told: City) -> None:
    client, form = bound(told)
    page = text_of(client.get(bench(form, "1!B5")))
    assert "已绑定 2 行" in page and "高新区" in page and "原有的公式,保留不动" in page
    assert "G09 现有吸毒人员数 · 数值 · 龙洞镇 · 本月" in page
    other = BeautifulSoup(client.get(bench(form, "1!C4")).content, "html.parser")
    assert other.select_one('input[name="scope"][value="column"]').has_attr("checked")
    chosen = BeautifulSoup(client.get(bench(form, "1!C5")).content, "html.parser").select("a[data-cell][aria-current]")
    assert [one["id"] for one in chosen] == ["c-1-C5"]


def test_picking_an_indicator_offers_its_own_parts_without_losing_the_cell(told: City) -> None:
    client, form = bound(told)
    page = client.get(bench(form, "1!D5") + "&indicator=R05&rule=year", headers={"HX-Request": "true"})
    soup = BeautifulSoup(page.content, "html.parser")
    parts = [option["value"] for option in soup.select("#id_part option")]
    assert {"value", "denominator", "missing", "previous", "change"} <= set(parts)
    assert soup.select_one('#id_rule option[value="year"]').has_attr("selected")
    assert soup.select_one('input[name="cell"]')["value"] == "1!D5"


def test_what_is_wrong_stands_beside_its_field(told: City) -> None:
    client, form = bound(told)
    nothing = client.post(bench(form), {"what": "figure", "cell": "1!C5", "scope": "cell", "part": "value", "rule": "month"})
    assert nothing.status_code == 422 and "请选择指标" in field_error(nothing, "indicator")
    heading = client.post(bench(form), FIGURE | {"cell": "1!B3"})
    assert heading.status_code == 422 and "横跨几列" in text_of(heading)
    fixed = client.post(bench(form), FIGURE | {"cell": "1!C5", "scope": "cell", "rule": "fixed", "period": "去年"})
    assert fixed.status_code == 422 and "不是期间" in text_of(fixed)
    elsewhere = client.post(bench(form), FIGURE | {"cell": "1!C5", "scope": "cell", "place": "999999"})
    assert elsewhere.status_code == 422


def test_words_and_clearing(told: City) -> None:
    client, form = bound(told)
    client.post(bench(form), {"what": "words", "cell": "1!B2", "fixed": "words", "words": "云岭市"})
    assert FormLayout.objects.get().bound["1!B2"].words == "云岭市"
    client.post(bench(form), {"what": "clear", "cell": "1!B2"})
    assert "1!B2" not in FormLayout.objects.get().bound


def test_from_template_to_the_file_that_goes_out(told: City) -> None:
    client, form = bound(told)
    early = client.post(f"/foreign-forms/{form.pk}/fill/", {"month": "2022-10"})
    assert early.status_code == 422 and "存为模板" in text_of(early)
    assert "可以填了" in text_of(client.post(f"/foreign-forms/{form.pk}/save/", follow=True))
    page = client.post(f"/foreign-forms/{form.pk}/fill/", {"month": "2022-10", "known": ""}, follow=True)
    text = text_of(page)
    assert "没填上或要核对的" in text and "<5" in text and not any(word in text for word in TELLING)
    made = FormFilling.objects.get()
    file = client.get(f"/foreign-forms/fillings/{made.pk}/file/")
    assert hashlib.sha256(file.content).hexdigest() == made.made.digest
    assert openpyxl.load_workbook(io.BytesIO(file.content)).sheetnames[-1] == "数据来源"
    kept = text_of(client.get(f"/foreign-forms/{form.pk}/"))
    assert made.made.digest[:12] in kept and "2022 年 10 月" in kept
    assert ReadEntry.objects.filter(ledger="foreign_forms", act="export").count() == 2


def test_a_month_to_come_and_a_nonsense_day_are_refused_beside_their_field(told: City) -> None:
    client, form = bound(told)
    client.post(f"/foreign-forms/{form.pk}/save/")
    assert client.post(f"/foreign-forms/{form.pk}/fill/", {"month": "2023-01"}).status_code == 422
    assert client.post(f"/foreign-forms/{form.pk}/fill/", {"month": "2022-10", "known": "昨天"}).status_code == 422
    assert not FormFilling.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("月报.xlsm", workbook(), "有宏"), ("月报.xlsx", b"not a file", "不是 .xlsx"), ("月报.xlsx", document(), "与扩展名"), ("月报.xlsx", b"", "空的")],
)
def test_a_hostile_upload_says_what_to_do_and_keeps_nothing(told: City, name: str, data: bytes, words: str) -> None:
    answer = uploaded(browser_of(told, "clerk"), data, name)
    assert answer.status_code == 422 and words in text_of(answer) and not ForeignForm.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(told: City) -> None:
    answer = uploaded(browser_of(told, "clerk"), b"PK\x03\x04" + b"x" * (5 * 1024 * 1024))
    assert answer.status_code == 422 and "最大 5 MB" in text_of(answer)


def test_a_newer_blank_is_taken_over_and_the_old_version_stays(told: City) -> None:
    client, form = bound(told)
    client.post(f"/foreign-forms/{form.pk}/save/")
    file = SimpleUploadedFile("新.xlsx", workbook(picture=False))
    page = text_of(client.post(f"/foreign-forms/{form.pk}/revise/", {"file": file}, follow=True))
    assert "沿用 2 格" in page and "绑定 · 第 2 版" in page
    assert "第 1 版 · 绑定 2 格" in text_of(client.get(f"/foreign-forms/{form.pk}/"))


@pytest.mark.parametrize("who", ["supervisor", "liaison", "officer", "doctor", "security"])
def test_other_units_find_neither_form_nor_file(told: City, who: str) -> None:
    client, form = bound(told)
    client.post(f"/foreign-forms/{form.pk}/save/")
    client.post(f"/foreign-forms/{form.pk}/fill/", {"month": "2022-10"})
    made, other = FormFilling.objects.get(), browser_of(told, who)
    for path in (f"{form.pk}/", f"{form.pk}/bind/", f"{form.pk}/blank/", f"fillings/{made.pk}/", f"fillings/{made.pk}/file/"):
        assert other.get(f"/foreign-forms/{path}").status_code == 404
    for path in ("save", "revise", "fill", "retire"):
        assert other.post(f"/foreign-forms/{form.pk}/{path}/", {"month": "2022-10"}).status_code == 404
    assert "禁毒月报" not in text_of(other.get("/foreign-forms/"))


def test_a_leader_of_the_office_reads_and_cannot_write(told: City) -> None:
    client, form = bound(told)
    leader = browser_of(told, "leader")
    assert 'type="file"' not in leader.get("/foreign-forms/").content.decode()
    assert leader.get(bench(form, "1!B5")).status_code == 200
    assert leader.post(bench(form), FIGURE | {"cell": "1!C4"}).status_code == 403
    assert leader.post(f"/foreign-forms/{form.pk}/save/").status_code == 403
    assert "来表" in text_of(leader.get("/today/")) and "来表" not in text_of(browser_of(told, "liaison").get("/today/"))
