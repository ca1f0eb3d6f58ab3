"""Every shared component says what it takes, and is shown as it usually is and as it is when there is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from qingyuan.web.gallery.samples import SAMPLES

COMPONENTS = settings.PACKAGE / "web" / "templates" / "components"
NAMES = sorted(path.stem for path in COMPONENTS.glob("*.html"))


@pytest.fixture
def gallery(client: Client, settings: Any, db: None) -> BeautifulSoup:
    settings.QINGYUAN_DEMO = True
    response = client.get("/_gallery/", HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_every_component_has_samples_and_no_sample_is_left_over() -> None:
    assert sorted(SAMPLES) == NAMES


def test_every_component_is_shown_full_and_empty() -> None:
    assert [name for name, samples in SAMPLES.items() if len(samples) < 2] == []


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_begins_by_stating_its_inputs(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{# Inputs: ")


def test_the_gallery_shows_every_sample(gallery: BeautifulSoup) -> None:
    shown = [figure["data-component"] for figure in gallery.select("figure[data-component]")]
    assert shown == [name for name, samples in SAMPLES.items() for _sample in samples]


def test_the_empty_table_says_what_to_do_first(gallery: BeautifulSoup) -> None:
    empty = gallery.select("figure[data-component=data_table]")[1]
    assert empty.select_one("table") is None
    assert "先下载模板" in empty.get_text()


def test_every_picture_has_its_numbers_in_a_table_behind_it(gallery: BeautifulSoup) -> None:
    for name in ("line_chart", "tile_map", "funnel", "timeline"):
        figure = gallery.select(f"figure[data-component={name}]")[0]
        assert figure.select_one("svg[role=group][aria-label]") is not None
        assert len(figure.select("details.behind table tbody tr")) > 3, name


def test_the_figures_of_the_line_chart_are_the_same_in_picture_and_table(gallery: BeautifulSoup) -> None:
    figure = gallery.select("figure[data-component=line_chart]")[0]
    column = [int(row.select("td")[1].get_text()) for row in figure.select("tbody tr")]
    assert f"今年 {sum(column)}" in figure.select_one("svg").get_text()


def test_no_picture_holds_a_number_written_for_people_as_a_coordinate(gallery: BeautifulSoup) -> None:
    values = [value for tag in gallery.select("svg *") for key, value in tag.attrs.items() if key in {"x", "y", "cx"}]
    assert values
    assert all(float(value) >= -1 for value in values)


def test_outside_the_demo_the_gallery_is_not_there(client: Client, db: None) -> None:
    assert client.get("/_gallery/").status_code == 404
