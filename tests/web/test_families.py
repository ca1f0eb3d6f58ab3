"""One entry of the road for pages that belong together: each leads to the others, and what waits behind any is counted on it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from qingyuan.web import navigation
from qingyuan.web.navigation import Count, Group
from tests.cast import TODAY, City, city

__all__ = ["city"]
pytestmark = pytest.mark.django_db


def opened(city: City, who: str, url: str) -> BeautifulSoup:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(city.accounts[who])
    return BeautifulSoup(client.get(url).content, "html.parser")


def family(html: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in html.select(".family a")]


def labels(groups: list[Group]) -> list[str]:
    return [link.label for group in groups for link in group.links]


def test_the_road_has_one_entry_and_each_page_leads_to_the_other(city: City) -> None:
    html = opened(city, "clerk", "/schemes/")
    assert family(html) == ["考核评审", "考核办法", "奖惩", "数据问询"] == family(opened(city, "clerk", "/assessments/"))
    assert "考核办法" not in [link.get_text(strip=True) for link in html.select(".road .ways a")]
    current = html.select(".road .ways a[aria-current]")
    assert [link.get_text(strip=True) for link in current] == ["考核评审"]


def test_who_may_not_open_the_others_sees_no_family(city: City) -> None:
    assert family(opened(city, "liaison", "/returns/")) == []


def test_who_has_only_the_page_under_another_has_it_on_the_road(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    head = next(item for stretch in navigation.ROAD for item in stretch.items if item.url_name == "assessments")
    only = navigation.Stretch("责任", tuple(item for stretch in navigation.ROAD for item in stretch.items if item is not head))
    monkeypatch.setattr(navigation, "ROAD", (only,))
    assert "考核办法" in labels(navigation.road_for(city.actor("clerk"), TODAY))


def test_what_waits_behind_both_is_one_number(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("assessments", "schemes")
    kin = {item.url_name: item for stretch in navigation.ROAD for item in stretch.items if item.url_name in names}
    stretch = navigation.Stretch("责任", tuple(
        navigation.Item(item.label, name, badge=name, under=item.under) for name, item in kin.items()
    ))
    monkeypatch.setattr(navigation, "ROAD", (stretch,))
    known = {"assessments": Count(2), "schemes": Count(1, late=True)}
    [head] = navigation.road_for(city.actor("clerk"), TODAY, known=known)[0].links
    assert head.count == Count(3, late=True)
    assert {link.label: link.count for link in head.family if link.count} == {"考核评审": Count(2), "考核办法": Count(1, late=True)}


def test_every_entry_under_another_stands_beside_it() -> None:
    for stretch in navigation.ROAD:
        names = {item.url_name for item in stretch.items if not item.under}
        assert {item.under for item in stretch.items if item.under} <= names
