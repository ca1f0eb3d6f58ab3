"""What is kept of the frame is what would be made anew, for every reader, language and question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from qingyuan.organisation.models import Division
from qingyuan.web import kept_parts
from qingyuan.web.navigation import Count, Group, Link
from tests.cast import City, city

__all__ = ["city"]
pytestmark = pytest.mark.django_db
PAGES = ("/me/", "/letters/", "/letters/?period=2022-10&show=all", "/nowhere/")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    for kept in (kept_parts.ways, kept_parts.phone_bar, kept_parts._pickers):
        kept.cache_clear()


def _frame(city: City, who: str, url: str, language: str) -> list[str]:
    client = Client()
    client.force_login(city.accounts[who])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    return [str(found) for kind in (".ways", ".where", ".phone-bar") for found in soup.select(kind)]


def test_what_is_kept_is_what_would_be_made_anew(city: City) -> None:
    """Everybody in turn on warm parts that others have left, then each on parts made for nobody else."""
    asked = [(who, url, language) for who in city.accounts for url in PAGES for language in ("zh-hans", "en")]
    warm = [_frame(city, *one) for _again in range(2) for one in asked][-len(asked) :]
    assert kept_parts.ways.cache_info().hits > len(asked)
    for one, shown in zip(asked, warm, strict=True):
        _forget()
        assert _frame(city, *one) == shown, one


def test_a_place_that_is_renamed_is_shown_by_its_new_name(city: City) -> None:
    assert "龙洞镇" in "".join(_frame(city, "clerk", "/me/", "zh-hans"))
    Division.objects.filter(pk=city.divisions["龙洞镇"].pk).update(name="龙泉镇")
    again = "".join(_frame(city, "clerk", "/me/", "zh-hans"))
    assert "龙泉镇" in again and "龙洞镇" not in again


def test_another_number_or_page_is_another_part() -> None:
    link = Link("任务", "/tasks/", current=False, phone=True, count=Count(3))
    others = [replace(link, current=True), replace(link, count=Count(4)), replace(link, count=Count(3, late=True))]
    shown = {str(kept_parts.ways((Group("责任", (one,)),), "zh-hans")) for one in (link, *others)}
    assert len(shown) == 4
    assert "&lt;b&gt;" in kept_parts.phone_bar((Link("<b>", "/", False, True),), "zh-hans")


def test_a_question_which_may_name_somebody_is_answered_and_not_kept(city: City) -> None:
    shown = "".join(_frame(city, "clerk", "/letters/?q=heliyuan", "zh-hans"))
    assert "q=heliyuan" in shown
    assert kept_parts._pickers.cache_info().currsize == 0
    assert _frame(city, "clerk", "/letters/", "zh-hans") and kept_parts._pickers.cache_info().currsize == 1
