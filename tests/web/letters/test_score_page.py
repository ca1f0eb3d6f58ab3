"""The live score: three clicks to the rows for the town, words instead of numbers for everyone else."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import manual
from qingyuan.governance.models import Letter, ManualEntry, ScoreSnapshot
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import closing
from tests.governance.conftest import Desk
from tests.web.letters.conftest import WINDOWS, come_to_test
from tests.web.pages import browser_of, text_of
from tests.web.swap import same_after_swap

pytestmark = pytest.mark.django_db
ALL = "?open=1.1,1.2,1.3,1.4,2.1,2.2,2.3,2.4,3.1,3.2,V1,V2"
STAMP = re.compile(r"\d+-\d+-\d+-[a-z]+-\d{4}")
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')


def page_of(letter: Letter, more: str = "") -> str:
    return f"/letters/{letter.pk}/{more}"


def soup_of(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def link(soup: BeautifulSoup, words: str) -> str:
    found = next((a for a in soup.select("main a") if words in a.get_text()), None)
    assert found is not None, f"no link «{words}»"
    return str(found["href"])


def cells_of(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_town_goes_from_its_score_to_the_rows_in_three_clicks(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    score = soup_of(client, link(soup_of(client, "/letters/"), "龙洞镇"))  # the letter
    clause = soup_of(client, link(score, "明细 定期检测到位"))  # click 1: the clause, in place
    rows = client.get(link(clause, "打开这 2 行"))  # click 2: the rows
    assert rows.status_code == 200
    assert "应检尽检率 · 缺检" in text_of(rows) and "测试" in text_of(rows)


def test_an_open_clause_says_rule_arithmetic_number_and_basis(town: Desk, letter: Letter) -> None:
    page = text_of(browser_of(town.city, "supervisor").get(page_of(letter, "?open=2.3")))
    for words in (
        "条款 2.3 第 1 版",
        "满分 10,每缺 1 人次扣 0.5,扣完为止",
        "10 − 0.5 × 2 = 9",
        "应检 18 · 已检 16 · 缺检 2",
        "禁毒法第三十五条",
    ):
        assert words in page


def test_what_came_in_after_the_closing_stands_beside_its_clause(town: Desk, letter: Letter) -> None:
    """The score is live, the month is closed: where the two differ, both are said."""
    place, client = town.city.divisions["龙洞镇"], browser_of(town.city, "supervisor")
    for month in Period.parse("2022-01..2022-03").months():
        asked = closing.ask(division=place, month=month, note="", by=town.actor("supervisor"))
        closing.approve(close=asked, by=town.actor("town_leader"))
    assert "已关账" not in text_of(client.get(page_of(letter, "?open=1.1")))
    row = {"held_on": date(2022, 3, 9), "kind": "special", "title": "补记的会", "special_topic": True, "decisions": "落实"}
    town.city.enter("meetings", "supervisor", row)
    refresh()
    page = text_of(client.get(page_of(letter, "?open=1.1")))
    assert re.search(r"1.3 ?月\s*已关账 2", page) and "补报 +1" in page
    assert "补报" not in text_of(client.get(page_of(letter, "?open=2.3")))


def test_a_swap_leaves_the_page_as_a_reload_does(town: Desk, letter: Letter) -> None:
    block = same_after_swap(browser_of(town.city, "supervisor"), page_of(letter, "?open=2.3,1.1&order=sheet"), "score")
    assert [one["id"] for one in block.select("article.open")] == ["clause-1-1", "clause-2-3"]


def test_lost_points_come_first_and_the_sheets_order_is_one_click_away(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    first = soup_of(client, page_of(letter))
    numbers = [one.get_text() for one in first.select("article .no")]
    assert numbers[:3] == ["2.4", "2.2", "2.3"]
    ordered = soup_of(client, link(first, "按条款顺序"))
    assert [one.get_text() for one in ordered.select("article .no")] == [
        "1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "V1", "V2",
    ]  # fmt: skip


def clerk_sees(town: Desk, letter: Letter) -> dict[str, object]:
    """Everything a clerk can get about the score by any route of these pages, without tokens and versions."""
    client = browser_of(town.city, "clerk")
    texts = {
        route: TOKEN.sub("", STAMP.sub("stamp", client.get(route).content.decode()))
        for route in (
            "/letters/",
            page_of(letter),
            page_of(letter, ALL),
            page_of(letter, "live/?open=2.1,2.2,2.3,2.4"),
            page_of(letter, "curve/"),
            "/letters/export.csv",
        )
    }
    sheets = {
        route: cells_of(client.get(route).content) for route in ("/letters/export.xlsx", page_of(letter, "sheet.xlsx"))
    }
    return texts | sheets


def test_two_scores_behind_the_same_words_are_the_same_page_sheet_and_list_for_the_clerk(
    town: Desk, letter: Letter
) -> None:
    own = browser_of(town.city, "supervisor")
    before, own_before = clerk_sees(town, letter), text_of(own.get(page_of(letter)))
    come_to_test(town, 5, WINDOWS[2])
    refresh()
    after, own_after = clerk_sees(town, letter), text_of(own.get(page_of(letter)))
    assert own_before != own_after and "缺检 1" in own_after
    assert before == after


def test_the_clerk_reads_a_word_a_range_and_how_to_ask_and_never_the_number(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "clerk")
    html = client.get(page_of(letter, ALL)).content.decode()
    page = text_of(client.get(page_of(letter, ALL)))
    assert "人数少于 5" in page and "发函询问" in page and "不可比" in page
    for hidden in ("缺检 2", "已检 16", "10 − 0.5", "20 − 2 ×", "88.89", "72.12", "未签协议 1"):
        assert hidden not in html
    hrefs = [str(a["href"]) for a in BeautifulSoup(html, "html.parser").select("main a")]
    assert not [href for href in hrefs if href.startswith(("/dues/", "/ledgers/measures", "/ledgers/tests"))]


def test_open_numbers_tell_the_clerk_how_many_and_whose(town: Desk, letter: Letter) -> None:
    page = text_of(browser_of(town.city, "clerk").get(page_of(letter, "?open=1.1")))
    assert "党委政府专题研究禁毒次数 2 次" in page and "打开这 2 行" in page  # meetings are the office's own to read


def test_another_town_finds_nothing_by_any_address(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "stranger")
    routes = ("", "live/", "curve/", "sheet.xlsx", "text/", "file.pdf", "file.docx", "verify/")
    assert [client.get(page_of(letter, route)).status_code for route in routes] == [404] * len(routes)
    assert "龙洞镇" not in text_of(client.get("/letters/"))
    assert "龙洞镇" not in client.get("/letters/export.csv").content.decode("utf-8-sig")


def test_an_open_page_fetches_nothing_until_the_facts_move(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    block = soup_of(client, page_of(letter, "?open=2.3")).find(id="score")
    assert block is not None
    assert client.get(str(block["hx-get"])).status_code == 204  # type: ignore[index]
    come_to_test(town, 5, WINDOWS[2])
    refresh()
    fresh = client.get(str(block["hx-get"]))  # type: ignore[index]
    assert fresh.status_code == 200 and "10 − 0.5 × 1 = 9.5" in text_of(fresh)
    said = json.loads(fresh.headers["HX-Trigger"])["qingyuan:say"]["text"]
    assert said.startswith("得分由 72.12 变为 ")


def test_yesterday_and_what_changed_stand_below_the_score(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    assert "昨天 72.12 · 没有变化" in text_of(client.get(page_of(letter)))
    kept = {"day": "2022-11-22", "points": "73.12", "pending": 20, "shown_low": 20, "shown_high": 90, "tree_hash": "-"}
    clauses = {"1.1": "10", "1.2": "5", "2.1": "20", "2.2": "18", "2.3": "10", "2.4": "10.12"}
    ScoreSnapshot.objects.create(
        letter=letter, **kept, clauses=clauses, fact_version=1, taken_at="2022-11-22T23:00+08:00"
    )
    assert "昨天 73.12 · 定期检测到位 −1" in text_of(client.get(page_of(letter)))


def test_the_list_shows_both_exports_and_page_the_same_cells(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "clerk")
    rows = list(csv.reader(io.StringIO(client.get("/letters/export.csv").content.decode("utf-8-sig"))))
    sheet = cells_of(client.get("/letters/export.xlsx").content)
    line = next(row for row in rows if row[0] == "龙洞镇")
    assert line in [[cell or "" for cell in row] for row in sheet]
    page = text_of(client.get("/letters/"))
    assert all(cell in page for cell in line)
    assert "不排名" in page and "已制发，待签" in page


def test_a_number_given_by_hand_shows_who_when_and_why_and_waits_for_a_second_person(
    town: Desk, letter: Letter
) -> None:
    clerk, leader = browser_of(town.city, "clerk"), browser_of(town.city, "leader")
    given = {"key": "manual:知晓率调查", "clause": "3.1", "value": "98", "reason": "第三方电话调查,样本 400"}
    assert "理由" in text_of(clerk.post(page_of(letter, "given/"), given | {"reason": ""}, follow=True))
    waiting = text_of(clerk.post(page_of(letter, "given/"), given, follow=True))
    assert "周文" in waiting and "样本 400" in waiting and "待第二人复核" in waiting and "复核通过" not in waiting
    entry = ManualEntry.objects.get()
    own = text_of(clerk.post(page_of(letter, f"given/{entry.pk}/review/"), follow=True))
    assert "换一人复核" in own
    counted = text_of(leader.post(page_of(letter, f"given/{entry.pk}/review/"), follow=True))
    assert "秦川" in counted and "98% ≥ 98%,得 5" in counted
    assert browser_of(town.city, "supervisor").post(page_of(letter, "given/"), given).status_code == 403


def test_withdrawing_a_number_needs_a_reason_and_keeps_it_readable(town: Desk, letter: Letter) -> None:
    entry = manual.enter(
        letter=letter, key="manual:知晓率调查", value=manual.Decimal(96), reason="初报", by=town.actor("clerk")
    )
    clerk = browser_of(town.city, "clerk")
    assert "理由" in text_of(clerk.post(page_of(letter, f"given/{entry.pk}/withdraw/"), {"reason": ""}, follow=True))
    page = text_of(clerk.post(page_of(letter, f"given/{entry.pk}/withdraw/"), {"reason": "样本不足"}, follow=True))
    assert "初报" in page and "样本不足" in page and "尚未认定" in page


@pytest.mark.parametrize("who", ["supervisor", "caseworker", "town_leader", "clerk", "leader", "auditor"])
def test_opening_pages_writes_nothing(town: Desk, letter: Letter, who: str) -> None:
    client, before = browser_of(town.city, who), WriteEntry.objects.count()
    routes = ("", ALL, "live/", "curve/", "sheet.xlsx", "text/", "file.pdf", "file.docx", "verify/")
    for route in ("/letters/", "/letters/export.xlsx", *(page_of(letter, route) for route in routes)):
        assert client.get(route).status_code == 200, route
    assert (WriteEntry.objects.count(), ManualEntry.objects.count(), ScoreSnapshot.objects.count()) == (before, 0, 0)
