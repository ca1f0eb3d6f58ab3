"""The page «今天» counts what presses once: the number beside its entry is the number on the page."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from qingyuan.journeys.todo import sources
from qingyuan.web import today
from tests.cast import TODAY, City
from tests.web.pages import browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("late", [0, 3])
def test_today_shows_beside_its_entry_what_it_counted_itself(city: City, monkeypatch: pytest.MonkeyPatch, late: int) -> None:
    given = {"level": "county", "given_on": date(2022, 11, 1), "content": "请加强"}
    for number in range(late):
        city.enter("instructions", "supervisor", given | {"document_number": f"云政批〔2022〕{number + 1}号", "due_on": TODAY})
    pressing = sources.pressing(city.actor("supervisor"), TODAY)
    assert pressing >= late
    elsewhere = browser_of(city, "supervisor").get("/search/")
    monkeypatch.setattr(today, "pressing", lambda actor, on: pytest.fail("counted twice"))
    page = browser_of(city, "supervisor").get("/today/")
    assert entry(page) == entry(elsewhere) and str(pressing) in entry(page)


def entry(page: object) -> str:
    link = BeautifulSoup(page.content.decode(), "html.parser").select_one('a[href="/today/"]')  # type: ignore[attr-defined]
    return link.get_text(" ", strip=True) if link else ""
