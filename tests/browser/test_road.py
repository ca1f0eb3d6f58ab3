"""The newcomer's road: a town brings in its sheet, its score moves, half a point opens down to what was not done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from qingyuan.rehabilitation.models import CommunityTest
from tests.browser.conftest import Enter, Road, follow, untested, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_town_brings_in_its_sheet_and_finds_the_lost_half_point(road: Road, enter: Enter) -> None:
    open_before = len(untested())
    tests_before = CommunityTest.objects.count()
    page = enter("supervisor").go("/ledgers/")
    follow(page, page.get_by_role("link", name="导入表格"))
    sheet = {"name": "龙洞镇尿检.xlsx", "mimeType": XLSX, "buffer": workbook(spoil=1)}
    page.locator("input[type=file]").set_input_files(sheet)
    expect(page.locator("[data-chosen]")).to_contain_text("龙洞镇尿检.xlsx")
    page.get_by_role("button", name="上传并核对").click()

    bad = page.locator("table.bad-rows td.bad")
    expect(bad).to_contain_text("2022.9.31")
    expect(bad).to_contain_text("9 月没有 31 日")
    assert CommunityTest.objects.count() == tests_before, "nothing enters before the decision"
    page.get_by_role("button", name=f"只入库没问题的 {open_before - 1} 行").click()
    expect(page.get_by_text(f"已入库 {open_before - 1} 行")).to_be_visible()
    road.upkeep()

    page.goto(f"{road.url}/dues/?state=late")
    expect(page.locator("table tbody tr")).to_have_count(1)

    letter = road.letters["longdong"]
    page.goto(f"{road.url}/letters/{letter.pk}/")
    clause = page.locator("article.clause", has_text="定期检测到位")
    expect(clause.locator(".pts")).to_contain_text("9.5 / 10")
    clause.get_by_role("link", name="明细").click()
    opening = page.locator("article.clause.open .opening a").first
    expect(opening).to_be_visible()
    opening.click()
    expect(page.locator("main")).to_contain_text("1 人次")
    row = page.locator("table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("测试")
    row.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("测试")


def test_the_open_score_moves_without_a_reload(road: Road, enter: Enter) -> None:
    letter = road.letters["longdong"]
    watcher = enter("supervisor").go(f"/letters/{letter.pk}/")
    points = watcher.locator("article.clause", has_text="定期检测到位").locator(".pts")
    before = points.inner_text()
    worker = enter("supervisor").go("/ledgers/tests/import/")
    sheet = {"name": "龙洞镇尿检.xlsx", "mimeType": XLSX, "buffer": workbook(spoil=0)}
    worker.locator("input[type=file]").set_input_files(sheet)
    worker.get_by_role("button", name="上传并核对").click()
    worker.get_by_role("button", name=re.compile(r"^入库 \d+ 行$")).click()
    expect(worker.get_by_text(re.compile(r"已入库 \d+ 行"))).to_be_visible()
    road.upkeep()
    expect(points).not_to_have_text(before, timeout=6_000)
    expect(points).to_contain_text("10 / 10")


def test_the_clerk_sees_how_many_whose_and_how_to_ask_but_nobody(road: Road, enter: Enter) -> None:
    missed = len(untested())
    page = enter("clerk").go("/indicators/R05/rows/?part=missing&division=999981000000&period=2022-01..2022-11")
    closed = page.locator("details.closed").first
    expect(closed.locator("summary")).to_contain_text(f"{missed} 人次")
    closed.locator("summary").click()
    told = closed.locator("div")
    expect(told).to_be_visible()
    expect(told).to_contain_text("龙洞镇")
    expect(told).to_contain_text("发函或电话核对")
    assert "测试" not in page.content()

    page.goto(f"{road.url}/people/")
    expect(page.locator("h1")).to_contain_text("不对您开放")
    page.goto(f"{road.url}/indicators/R05/?division=999981000000&period=2022-01..2022-11")
    before = page.locator(".figure-head .big").inner_text()
    town = enter("supervisor").go("/ledgers/tests/import/")
    sheet = {"name": "龙洞镇尿检.xlsx", "mimeType": XLSX, "buffer": workbook(spoil=0)}
    town.locator("input[type=file]").set_input_files(sheet)
    town.get_by_role("button", name="上传并核对").click()
    town.get_by_role("button", name=re.compile(r"^入库 \d+ 行$")).click()
    expect(town.get_by_text(re.compile(r"已入库 \d+ 行"))).to_be_visible()
    road.upkeep()
    page.reload()
    expect(page.locator(".figure-head .big")).not_to_have_text(before)
    expect(page.locator(".figure-head .big")).to_contain_text("100")
