"""A paper from the editor to the receipt: the clerk writes with the preview beside it, the leader signs, a town signs for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qingyuan.casework.models import Paper
from qingyuan.documents.fonts import font_files
from tests.browser.conftest import Enter, Road, follow
from tests.browser.test_every_page import PHONE, grave, runs_off

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]
TITLE = "关于做好岁末年初禁毒工作的通知"


def sound(page: Page) -> list[str]:
    """What would shut somebody out of this page, or run off its side on a phone."""
    wide = page.viewport_size
    found = grave(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    over = runs_off(page)
    page.set_viewport_size(wide or {"width": 1366, "height": 768})
    return found + ([f"{over} px wider than the phone"] if over > 0 else [])


def test_a_paper_is_written_signed_numbered_served_and_signed_for(road: Road, enter: Enter) -> None:
    clerk = enter("clerk").go("/papers/")
    follow(clerk, clerk.get_by_role("link", name="起草公文").first)
    clerk.get_by_label("标题").fill(TITLE)
    clerk.get_by_label("主送").fill("各乡镇人民政府")
    clerk.get_by_label("正文").fill("请认真落实。\n一、补齐检测\n三、报齐台账")
    preview = clerk.locator("#preview")
    expect(preview).to_contain_text("按前文应为“二、”")
    clerk.get_by_label("正文").fill("请认真落实。\n一、补齐检测\n二、报齐台账")
    expect(preview).to_contain_text("可以送签")
    expect(preview).to_contain_text("云禁毒办〔2022〕")
    assert sound(clerk) == []
    follow(clerk, clerk.get_by_role("button", name="保存草稿"))
    clerk.get_by_role("button", name="送签").click()
    expect(clerk.locator(".page-head")).to_contain_text("待签发")

    leader = enter("leader").go("/today/")
    follow(leader, leader.locator("li", has_text="公文待签发").get_by_role("link", name="签发"))
    leader.get_by_role("button", name="签发").click()
    expect(leader.locator(".page-head")).to_contain_text("已签发,待印发")

    clerk.reload()
    clerk.get_by_role("button", name="编号印发").click()
    expect(clerk.locator(".page-head")).to_contain_text("云禁毒办〔2022〕1号")
    clerk.get_by_role("button", name="送达所选单位").click()
    expect(clerk.locator(".page-head")).to_contain_text("已送达")
    assert sound(clerk) == []

    town = enter("supervisor", *PHONE).go("/today/")
    follow(town, town.locator("li", has_text="公文待签收").get_by_role("link", name="签收"))
    expect(town.locator(".official")).to_contain_text("报齐台账")
    sign = town.get_by_role("button", name="签收")
    box = sign.bounding_box()
    assert box is not None and box["height"] >= 44
    sign.click()
    expect(town.locator(".note-line.success")).to_contain_text("已签收")
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("已签收 1")
    assert Paper.objects.get().steps.filter(move="receive").count() == 1


def test_the_pages_of_papers_shut_nobody_out(road: Road, enter: Enter) -> None:
    visitor = enter("clerk")
    wrong = [
        f"{address} {what}"
        for address in ("/papers/", "/papers/inbox/", "/papers/new/?kind=minutes", "/papers/templates/")
        for what in sound(visitor.go(address))
    ]
    assert wrong == []
