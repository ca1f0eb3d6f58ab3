"""A month closed on the page, and what other pages then say."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from qingyuan.indicators.refresh import refresh
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose
from tests.cast import City
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
PAGE = "/closings/?division=999981101000&period=2022-09"


def meeting(city: City, title: str) -> None:
    row = {"held_on": date(2022, 9, 7), "kind": "party_standing", "title": title, "special_topic": True}
    city.enter("meetings", "supervisor", row | {"decisions": "开展大走访"})
    refresh()


def close(city: City) -> PeriodClose:
    asker = browser_of(city, "supervisor")
    asker.get(PAGE)
    asker.post(reverse("web:closing-ask"), {"month": "2022-09", "note": ""})
    made = PeriodClose.objects.get()
    browser_of(city, "town_leader").post(reverse("web:closing-move", args=(made.pk, "approve")))
    made.refresh_from_db()
    return made


def test_the_page_offers_each_person_their_step_and_no_other(city: City) -> None:
    asker, decider = browser_of(city, "supervisor"), browser_of(city, "town_leader")
    assert "提交核对" in text_of(asker.get(PAGE)) and "提交核对" not in text_of(decider.get(PAGE))
    asker.post(reverse("web:closing-ask"), {"month": "2022-09", "note": ""})
    assert "批准关账" in text_of(decider.get(PAGE)) and "批准关账" not in text_of(asker.get(PAGE))
    clerk = text_of(browser_of(city, "clerk").get("/closings/?division=999981000000&period=2022-09"))
    assert "龙洞镇 待批准" in clerk and "还有 2 个没有关账" in clerk


def test_what_cannot_be_closed_is_said_and_nothing_is_written(city: City) -> None:
    browser = browser_of(city, "supervisor")
    for month in ("2022-11", "2022Q3", "next"):
        browser.get(PAGE)
        browser.post(reverse("web:closing-ask"), {"month": month})
        page = BeautifulSoup(browser.get(PAGE).content.decode(), "html.parser")
        assert page.find(class_="error") or "还没有过完" in page.get_text() or "选一个月" in page.get_text() or "不是期间" in page.get_text()
    assert not PeriodClose.objects.exists()


def test_the_figure_says_since_when_it_is_closed_and_what_came_later(city: City) -> None:
    meeting(city, "九月例会")
    close(city)
    browser = browser_of(city, "supervisor")
    address = reverse("web:indicator", args=("G01",)) + "?division=999981101000&period=2022-09"
    before = text_of(browser.get(address))
    assert "已关账" in before and "没有补报" in before
    meeting(city, "九月补记的会")
    after = browser.get(address)
    assert "补报 +1" in text_of(after) and "连同补报现为 2" in text_of(after)
    assert "补报" not in text_of(browser.get(address + "&known=now")).replace("连同关账以后补报的", "")
    listed = text_of(browser.get(reverse("web:indicators") + "?division=999981101000&period=2022-09"))
    assert "补报 +1" in listed and "连同补报一起看" in listed


def test_opening_again_puts_the_figure_back_and_shows_the_reason(city: City) -> None:
    made = close(city)
    browser = browser_of(city, "town_leader")
    browser.get(PAGE)
    browser.post(reverse("web:closing-move", args=(made.pk, "reopen")), {"reason": "短"})
    made.refresh_from_db()
    assert made.state == CloseState.CLOSED
    browser.post(reverse("web:closing-move", args=(made.pk, "reopen")), {"reason": "九月的会漏登两次"})
    page = text_of(browser.get(PAGE))
    assert "已重开" in page and "九月的会漏登两次" in page


@pytest.mark.parametrize("who", ["officer", "doctor", "prosecutor", "liaison", "security"])
def test_others_have_no_such_page(city: City, who: str) -> None:
    browser = browser_of(city, who)
    assert browser.get("/closings/").status_code == 403
    assert browser.post(reverse("web:closing-ask"), {"month": "2022-09"}).status_code == 403
    assert not PeriodClose.objects.exists()


def test_today_asks_the_one_whose_step_it_is(city: City) -> None:
    asker, decider = browser_of(city, "supervisor"), browser_of(city, "town_leader")
    assert "2022 年 10 月的数字待核对关账" in text_of(asker.get("/today/"))
    assert "待核对关账" not in text_of(browser_of(city, "caseworker").get("/today/"))
    asker.get("/closings/?division=999981101000&period=2022-10")
    asker.post(reverse("web:closing-ask"), {"month": "2022-10", "note": ""})
    assert "待核对关账" not in text_of(asker.get("/today/"))
    assert "龙洞镇 2022 年 10 月待批准关账" in text_of(decider.get("/today/"))
