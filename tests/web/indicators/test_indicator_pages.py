"""Indicators: the catalogue, one indicator, the rows behind a number, exports; each as one reader may see it."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.indicators import catalogue
from tests.cast import City, city
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


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    if path.split("?")[0].endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))
    return response.content.decode()


def test_the_catalogue_lists_every_indicator_and_each_opens(told: City) -> None:
    client = signed_in(told, "clerk")
    shown = page(client, f"/indicators/?period={PERIOD}")
    codes = {item.code for item in catalogue.catalogue().all()}
    names = {link.get_text() for link in shown.select(".lot td:first-child a")}
    assert names == {catalogue.get(code).title for code in codes}
    for link in shown.select(".lot a[href]"):
        assert client.get(str(link["href"])).status_code == 200


def test_the_page_of_an_indicator_says_how_it_is_reckoned_and_what_it_is(told: City) -> None:
    text = page(signed_in(told, "clerk"), f"/indicators/E04/?period={PERIOD}").get_text()
    for words in (
        "1.57",
        "期内缴获的各类毒品净重",
        "易制毒化学品",
        "按缴获地相加",
        "公安局禁毒大队",
        "不得设为目标",
        "海洛因",
    ):
        assert words in text


def test_few_people_and_what_would_tell_them_are_in_no_page_and_no_file(told: City) -> None:
    client = signed_in(told, "clerk")
    for code in ("G09", "G10", "G11", "R25"):
        for place in ("云岭市", "龙洞镇", "石桥镇"):
            query = f"?period={PERIOD}&division={told.divisions[place].code}"
            for path in ("", "rows/", "export.csv", "export.xlsx"):
                text = text_of(client, f"/indicators/{code}/{path}{query}")
                assert not any(number in text for number in TELLING), (code, place, path)


def test_the_closed_place_of_the_table_opens_on_whose_it_is(told: City) -> None:
    client = signed_in(told, "clerk")
    shown = page(client, f"/indicators/R25/?period={PERIOD}")
    row = next(row for row in shown.select(".places tr") if "龙洞镇" in row.get_text())
    assert "<5" in row.get_text()
    opened = page(client, str(row.select("td a")[0]["href"])).get_text()
    assert "龙洞镇人民政府" in opened and "<5 人" in opened and "发函或电话核对" in opened


def test_the_rows_behind_a_number_are_counted_by_unit_for_the_clerk_and_listed_for_the_town(told: City) -> None:
    query = f"?period={PERIOD}&division={told.divisions['石桥镇'].code}&part=numerator"
    outside = page(signed_in(told, "officer"), f"/indicators/R25/rows/{query}").get_text()
    assert "没有您能打开的行" in outside and "石某" not in outside
    inside = page(signed_in(told, "stranger"), f"/indicators/R25/rows/?period={PERIOD}")
    assert len(inside.select("table.folds tbody tr")) == 7 and "石某甲" in inside.get_text()


def test_another_town_sees_neither_rows_nor_page(told: City) -> None:
    client = signed_in(told, "stranger")
    for path in ("", "rows/", "export.csv"):
        address = f"/indicators/R25/{path}?division={told.divisions['龙洞镇'].code}"
        assert client.get(address).status_code == 403
    assert "龙某" not in page(client, f"/indicators/R25/rows/?period={PERIOD}").get_text()


def test_opening_rows_of_people_leaves_a_trace_and_cases_are_seen_by_their_unit(told: City) -> None:
    signed_in(told, "stranger").get(f"/indicators/R25/rows/?period={PERIOD}")
    assert ReadEntry.objects.filter(act="drill", ledger="measures", row_count=7).exists()
    shown = page(signed_in(told, "officer"), f"/indicators/E01/rows/?period={PERIOD}")
    assert {cell.get_text() for cell in shown.select("tbody td:first-child")} == {"A1", "A2", "A3"}
    assert "3 起" in page(signed_in(told, "clerk"), f"/indicators/E01/rows/?period={PERIOD}").get_text()


def test_a_slice_opens_only_its_own_rows(told: City) -> None:
    shown = page(signed_in(told, "officer"), f"/indicators/E04/rows/?period={PERIOD}&breakdown=drug&slice=ST01")
    assert {cell.get_text() for cell in shown.select("tbody td:first-child")} == {"A2"}


def test_the_export_holds_what_the_page_shows_and_is_logged(told: City) -> None:
    client = signed_in(told, "clerk")
    text = text_of(client, f"/indicators/E01/export.csv?period={PERIOD}").removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text)))
    by_name = {(line[0], line[1]): line[2] for line in lines if len(line) == 6}
    assert by_name["本指标", "云岭市"] == "3"
    assert by_name["分地区", "龙洞镇"] == "1" and by_name["分地区", "石桥镇"] == "2"
    assert by_name["按月", "2022 年 10 月"] == "2"
    assert ReadEntry.objects.filter(act="export", ledger="indicators").count() == 1


def test_as_known_on_a_day_before_anything_was_recorded_there_is_nothing(told: City) -> None:
    client = signed_in(told, "clerk")
    before = page(client, f"/indicators/E01/?period={PERIOD}&known=2022-11-22")
    assert "只算 2022-11-22 当天结束前已登记的记录" in before.get_text()
    assert before.select_one(".big") is not None and before.select_one(".big").get_text(strip=True) in {"0起", "—"}  # type: ignore[union-attr]
    now = page(client, f"/indicators/E01/?period={PERIOD}")
    assert now.select_one(".big").get_text(strip=True) == "3起"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/X99/",
        "/indicators/X99/rows/",
        "/indicators/E01/rows/?part=nothing",
        "/indicators/E01/rows/?breakdown=person",
        "/indicators/E01/export.exe",
        "/indicators/X99/export.csv",
    ],
)
def test_what_is_not_there_is_not_found(city: City, path: str) -> None:
    assert signed_in(city, "clerk").get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["known=banana", "known=2099-01-01", "period=banana", "page=0", "page=9999999999", "page=-1"]
)
def test_nonsense_in_an_address_changes_nothing(city: City, query: str) -> None:
    client = signed_in(city, "clerk")
    assert client.get(f"/indicators/R05/?{query}").status_code == 200
    assert client.get(f"/indicators/R05/rows/?{query}").status_code == 200
