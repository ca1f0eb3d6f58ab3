"""Letters of member units on pages: the office chooses whom, a unit reads its own score down to its own rows, and nobody else's."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from qingyuan.governance.actions.letters import issue
from qingyuan.governance.models import Letter, PublishedScheme
from qingyuan.governance.queries.score import score_letter
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.models import Unit
from qingyuan.web.letters import opens
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.governance.test_unit_letters import letter_of, members, overdue, planned, terms
from tests.web.pages import browser_of, text_of

__all__ = ["members"]
pytestmark = pytest.mark.django_db


def options(client: Client, to: str) -> list[str]:
    soup = BeautifulSoup(client.get("/letters/").content.decode(), "html.parser")
    return [one.get_text(strip=True) for one in soup.select(f"#issue-scheme-{to} option")]


def test_the_office_chooses_member_units_and_issues_to_those_picked(desk: Desk, members: dict[str, Unit]) -> None:
    client = browser_of(desk.city, "clerk")
    assert "还没有发布给成员单位的考核办法" in text_of(client.get("/letters/"))
    sheet = terms(desk).scheme
    desk.publish_sheet()
    assert [("成员单位" in one) for one in options(client, "units")] == [True] and [("成员单位" in one) for one in options(client, "towns")] == [False]
    sent = {"to": "units", "scheme": str(sheet.pk), "on": "2022-02-24", "head": "", "which": "some"}
    assert "先选单位" in text_of(client.post("/letters/issue/", sent, follow=True))
    picked = sent | {"unit": [str(members["education"].pk)]}
    assert "已制发 1 份责任书" in text_of(client.post("/letters/issue/", picked, follow=True))
    assert browser_of(desk.city, "liaison").post("/letters/issue/", picked).status_code == 403
    assert "已制发 2 份责任书" in text_of(client.post("/letters/issue/", sent | {"which": "all"}, follow=True))
    assert all(letter.is_of_unit for letter in Letter.objects.all()) and Letter.objects.count() == 3
    towns = PublishedScheme.objects.get(code="town")
    client.post("/letters/issue/", sent | {"which": "all", "scheme": str(towns.pk)}, follow=True)
    assert Letter.objects.count() == 3, "the towns' sheet is for no member unit"


def test_towns_and_units_stand_in_two_tables_on_the_list_and_one_after_the_other_in_the_file(desk: Desk, members: dict[str, Unit]) -> None:
    letter_of(desk, members["education"])
    desk.letter("longdong")
    client = browser_of(desk.city, "clerk")
    soup = BeautifulSoup(client.get("/letters/").content.decode(), "html.parser")
    rows = {table["id"]: table.get_text(" ") for table in soup.select("section[id]") if table["id"] in ("towns", "units")}
    assert "龙洞镇" in rows["towns"] and "市教育局" not in rows["towns"] and "应检尽检与全市比" in rows["towns"]
    assert "市教育局" in rows["units"] and "龙洞镇" not in rows["units"] and "应检尽检与全市比" not in rows["units"]
    lines = client.get("/letters/export.csv").content.decode("utf-8-sig").splitlines()
    cells = [line.split(",") for line in lines[2:]]
    assert [(row[0], row[-1]) for row in cells] == [("龙洞镇", "乡镇(街道)"), ("市教育局", "成员单位")]
    page = text_of(client.get("/letters/signing/"))
    assert "市教育局" in page and "龙洞镇" in page


def test_a_unit_reads_its_score_down_to_its_own_rows(desk: Desk, members: dict[str, Unit]) -> None:
    letter = letter_of(desk, members["education"])
    planned(desk, (date(2022, 6, 30), date(2022, 6, 29)), (date(2022, 6, 30), None))
    meeting = {"kind": "government", "special_topic": True, "chaired_by_first": True, "chair": "局长", "decisions": "研究", "held_on": date(2022, 3, 1)}
    desk.city.enter("meetings", "liaison", meeting | {"title": "教育局专题会"})
    desk.city.enter("meetings", "supervisor", meeting | {"title": "镇里专题会"})
    refresh()
    client = browser_of(desk.city, "liaison")
    page = client.get(f"/letters/{letter.pk}/?open=1.1,2.2")
    assert "年度任务按期完成" in text_of(page) and "田局" in text_of(client.get(f"/letters/{letter.pk}/text/"))
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    links = [str(link["href"]) for link in soup.select("a[href*='of_unit=education']")]
    assert links and not soup.select("a[href^='/indicators/G']"), "a unit's number is not on a page of places"
    opened = {urlsplit(link).path: text_of(client.get(link)) for link in links}
    meetings = next(words for path, words in opened.items() if "meetings" in path)
    tasks = next(words for path, words in opened.items() if "unit_tasks" in path)
    assert "教育局专题会" in meetings and "镇里专题会" not in meetings
    assert re.search(r"任务2", tasks) and not re.search(r"任务1(?!\d)", tasks), "the one that is not done"
    for more in ("curve/", "forecast/", "moved/", "sheet.xlsx", "live/"):
        assert client.get(f"/letters/{letter.pk}/{more}").status_code == 200, more
    assert client.get(f"{next(path for path in opened if 'meetings' in path)}?indicator=G01&of_unit=nobody").status_code == 404


def test_a_request_not_answered_opens_to_its_page_and_to_others_says_how_many_and_whose(desk: Desk, members: dict[str, Unit]) -> None:
    letter, asked = letter_of(desk, members["police"]), overdue(desk, members["police"])
    client = browser_of(desk.city, "officer")
    soup = BeautifulSoup(client.get(f"/letters/{letter.pk}/?open=3.1").content.decode(), "html.parser")
    links = [str(link["href"]) for link in soup.select("p.opening a")]
    assert links == [reverse("web:need", args=[asked.pk])]
    assert "派人参加校园检查" in text_of(client.get(links[0]))
    (explained,) = [one for one in score_letter(letter, TODAY, desk.actor("officer")).clause("3.1").drills if one.part == "missing"]
    (shut,) = opens.openings(explained, letter.division, desk.actor("prosecutor"), TODAY)
    assert not shut.href and [(one.unit, one.closed.shown) for one in shut.closed] == [(members["police"].name, "1 件")]
    assert "派人参加校园检查" not in str(shut)


def test_nobody_opens_the_letter_of_another_unit(desk: Desk, members: dict[str, Unit]) -> None:
    letter = letter_of(desk, members["education"])
    town = issue(unit=desk.city.units["longdong"], terms=desk.terms(), by=desk.actor("clerk"))
    for who in ("officer", "prosecutor", "supervisor", "stranger", "doctor"):
        client = browser_of(desk.city, who)
        for more in ("", "text/", "sheet.xlsx", "file.pdf", "curve/"):
            assert client.get(f"/letters/{letter.pk}/{more}").status_code == 404, (who, more)
        assert "市教育局" not in text_of(client.get("/letters/")), who
    assert browser_of(desk.city, "liaison").get(f"/letters/{town.pk}/").status_code == 404
