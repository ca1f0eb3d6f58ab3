"""The pages of outcomes: curves of a small city, what they close, the file that holds the same, and who has none of it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.indicators import cohorts
from qingyuan.indicators.refresh import refresh
from tests.cast import City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
LONG = 40


@pytest.fixture
def followed(city: City) -> City:
    """Forty people of 龙洞 reported in January 2021; fourteen were converted a month after another, two died, four of 石桥 are too few."""
    began = date(2021, 1, 10)
    rows = []
    for serial in range(LONG):
        values: dict[str, Any] = {"id_number": id_number(200 + serial), "decided_on": began, "served_on": began, "reported_on": began, "agreement_on": began}
        if serial < 14:
            values |= {"ended_on": began + timedelta(days=40 + 30 * serial), "end_reason": "converted"}
        elif serial < 16:
            values |= {"ended_on": began + timedelta(days=200), "end_reason": "dead"}
        rows.append(measure_values(city, serial, **values))
    city.enter("measures", "supervisor", *rows)
    city.enter(
        "measures",
        "stranger",
        *(measure_values(city, n, id_number=id_number(300 + n), division=city.divisions["石桥社区"].pk) for n in range(4)),
    )
    refresh()
    return city


def page(city: City, who: str, **query: str) -> Any:
    return browser_of(city, who).get(reverse("web:outcomes"), query)


def test_the_curve_its_numbers_at_risk_and_the_definitions_side_by_side(followed: City) -> None:
    text = text_of(page(followed, "clerk", of="converted"))
    assert "还在观察" in text and "怎样算的" in text and "同一批人,不同口径" in text and "检测阳性" in text
    assert "另有" not in text
    stays = cohorts.stays(division_id=followed.divisions["云岭市"].pk, children=[])
    assert len(stays) == LONG + 4 and sum(one.reason == "converted" for one in stays) == 14


def test_a_place_of_four_has_neither_a_curve_nor_a_line(followed: City) -> None:
    text = text_of(page(followed, "clerk", of="converted"))
    assert "龙洞镇" in text and not re.search(r"石桥镇 \d", text)
    other = text_of(page(followed, "stranger", of="converted"))
    assert "人数太少,没有曲线" in other and "100%" not in other


def test_two_deaths_are_not_told(followed: City) -> None:
    competing = text_of(page(followed, "clerk", of="converted")).split("互相竞争的结果", 1)[1].split("同一批人", 1)[0]
    assert "死亡 — — —" in competing


def test_a_competing_event_stands_with_its_interval(followed: City) -> None:
    competing = text_of(page(followed, "clerk", of="converted")).split("互相竞争的结果", 1)[1].split("同一批人", 1)[0]
    found = re.search(r"转强制隔离戒毒 (\d+)% (\d+)–(\d+)%", competing)
    assert found is not None, competing
    share, low, high = map(int, found.groups())
    assert low < share < high


def test_the_file_holds_the_points_of_the_page_and_its_making_is_logged(followed: City) -> None:
    answer = browser_of(followed, "leader").get(reverse("web:outcomes-export"), {"of": "converted", "by": "kind"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:4] == ["地方", "口径", "组", "月"] and len(lines) > 2
    assert all(int(line[4]) % 5 == 0 for line in lines[1:]) and {line[2] for line in lines[1:]} == {"社区戒毒"}
    assert ReadEntry.objects.filter(act="export", ledger="outcomes").count() == 1


@pytest.mark.parametrize(("query", "status"), [({"of": "guess"}, 404), ({"by": "person"}, 404), ({"cohort": "二零"}, 404), ({"by": "year"}, 200)])
def test_only_definitions_and_groups_that_there_are(followed: City, query: dict[str, str], status: int) -> None:
    assert page(followed, "clerk", **query).status_code == status


@pytest.mark.parametrize("who", ["doctor", "security"])
def test_who_has_no_use_for_figures_has_none_of_these(city: City, who: str) -> None:
    assert page(city, who).status_code == 403
    assert browser_of(city, who).get(reverse("web:outcomes-export")).status_code == 403


def test_nothing_followed_says_so(city: City) -> None:
    refresh()
    assert "人数太少,没有曲线" in text_of(page(city, "clerk"))
