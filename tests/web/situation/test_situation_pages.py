"""The situation page and its circular: numbers equal the paragraph's, every link opens, few people are nowhere."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.reference.periods import Period
from qingyuan.situation.queries import results
from tests.cast import TODAY, City, city
from tests.situation.planted_figures import TELLING, plant_figures

__all__ = ["city"]
pytestmark = pytest.mark.django_db
PERIOD = "2022-01..2022-10"


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def signed_in(city: City, who: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(city.accounts[who])
    return client


def page(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return BeautifulSoup(packed.read("word/document.xml"), "xml").get_text()


def pdf_text(content: bytes) -> str:
    opened = pypdfium2.PdfDocument(content)
    return "".join(opened[number].get_textpage().get_text_range() for number in range(len(opened)))


def test_the_paragraph_on_the_page_is_the_paragraph_and_every_number_in_it_opens(told: City) -> None:
    client = signed_in(told, "clerk")
    shown = page(client, f"/situation/?period={PERIOD}").select_one(".paragraph")
    assert shown is not None
    division, period = told.divisions["云岭市"], Period.parse(PERIOD)
    report = results(division=division, period=period, reader=told.actor("clerk"), on=TODAY)
    assert shown.get_text() == division.name + report.text()
    links = shown.select("a.link")
    assert [link.get_text() for link in links] == [str(one) for one in report.figures() if not one.closed]
    for link in links:
        assert client.get(str(link["href"])).status_code == 200, link["href"]


@pytest.mark.parametrize("who", ["clerk", "supervisor", "liaison", "auditor"])
def test_every_link_of_the_page_opens(told: City, who: str) -> None:
    client = signed_in(told, who)
    found = page(client, f"/situation/?period={PERIOD}").select_one("main")
    assert found is not None
    hrefs = {str(link["href"]) for link in found.select("a[href]") if not str(link["href"]).startswith("#")}
    for href in sorted(hrefs):
        address = f"/situation/{href}" if href.startswith("?") else href
        assert client.get(address).status_code == 200, address


def test_few_people_and_what_would_tell_them_are_in_no_page_picture_table_or_file(told: City) -> None:
    client = signed_in(told, "clerk")
    towns = [f"&division={told.divisions[place].code}" for place in ("云岭市", "龙洞镇", "石桥镇")]
    for town in towns:
        for layer in ("G10", "G09", "R25", "E01"):
            text = client.get(f"/situation/?period={PERIOD}&layer={layer}{town}").content.decode()
            assert not any(number in text for number in TELLING), (town, layer)
        for kind, read in (("docx", word_text), ("pdf", pdf_text)):
            text = read(client.get(f"/situation/circular.{kind}?period={PERIOD}{town}").content)
            assert "禁毒工作" in text.replace("\r\n", "")
            assert not any(number in text for number in TELLING), (town, kind)


def test_a_closed_number_still_opens_on_why_and_whom_to_ask(told: City) -> None:
    shown = page(signed_in(told, "clerk"), f"/situation/?period={PERIOD}&division={told.divisions['龙洞镇'].code}")
    closed = shown.select(".paragraph details.closed")
    assert closed and all("不足 5" in one.get_text() or "倒推" in one.get_text() for one in closed)
    assert all("向龙洞镇发函" in one.get_text() for one in closed)


def test_the_map_draws_closed_towns_dashed_and_open_ones_by_their_number(told: City) -> None:
    for place, x in (("龙洞镇", 0), ("石桥镇", 1)):
        told.divisions[place].grid_x, told.divisions[place].grid_y = x, 0
        told.divisions[place].save()
    client = signed_in(told, "clerk")
    shut = page(client, f"/situation/?period={PERIOD}&layer=G09").select(".tiles .t")
    assert [one["class"] for one in shut] == [["t", "shut"], ["t", "shut"]]
    cases = page(client, f"/situation/?period={PERIOD}&layer=E01").select(".tiles .t text.v")
    assert [one.get_text() for one in cases] == ["1", "2"]


def test_the_town_sees_its_own_small_numbers(told: City) -> None:
    shown = page(signed_in(told, "supervisor"), f"/situation/?period={PERIOD}").select_one(".paragraph")
    assert shown is not None and "现有吸毒人员 2 人" in shown.get_text()
    assert not shown.select("details.closed")


def test_every_export_leaves_a_trace_with_what_was_taken(told: City) -> None:
    signed_in(told, "clerk").get(f"/situation/circular.docx?period={PERIOD}")
    entry = ReadEntry.objects.filter(act="export", ledger="situation").get()
    assert entry.actor_id == told.accounts["clerk"].pk and entry.path == "/situation/circular.docx"


@pytest.mark.parametrize("who", ["doctor", "security"])
def test_roles_without_use_for_figures_are_told_so(city: City, who: str) -> None:
    for path in ("/situation/", "/situation/circular.docx", "/indicators/", "/indicators/E01/"):
        response = signed_in(city, who).get(path)
        assert response.status_code == 403 and "申请授权" in response.content.decode()


def test_an_empty_city_has_a_page_that_says_what_to_do(city: City) -> None:
    text = page(signed_in(city, "clerk"), "/situation/").get_text()
    assert "这一时期还没有数字" in text and "本期没有缴获" in text


def test_a_month_has_no_line_but_says_how_to_get_one(told: City) -> None:
    assert "一个月画不成线" in page(signed_in(told, "clerk"), "/situation/?period=2022-01").get_text()


def test_an_unknown_kind_of_paper_is_not_here(city: City) -> None:
    assert signed_in(city, "clerk").get("/situation/circular.exe").status_code == 404
