"""The clerk's path through the scheme editor, as docs/handbook/paths/scheme-editor.md tells it, and the leader who publishes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qingyuan.documents.fonts import font_files
from qingyuan.governance.models import PublishedScheme
from tests.browser.conftest import Enter, Road, follow
from tests.browser.test_papers import sound

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]


def test_a_clerk_writes_a_new_version_tries_it_and_a_leader_publishes_it(road: Road, enter: Enter) -> None:
    clerk = enter("clerk").go("/schemes/")
    assert sound(clerk) == []
    clerk.get_by_label("由哪一版起草").select_option(index=1)
    clerk.get_by_label("用于哪一年").fill("2022")
    follow(clerk, clerk.get_by_role("button", name="建草稿"))
    expect(clerk.locator(".page-head")).to_contain_text("起草中")
    assert sound(clerk) == []

    # A new clause in the first group: points moved from 1.1, a kind by its sentence, its fields, an example.
    follow(clerk, clerk.get_by_role("link", name="在“组织领导”加一条"))
    clerk.get_by_label("考核内容").fill("走访记录")
    clerk.get_by_label("条文", exact=True).fill("走访缺一次扣 1 分,扣完为止。")
    clerk.locator("#f-points").fill("2")
    clerk.get_by_label("在本条里叫").first.fill("缺次")
    clerk.get_by_label("取自").first.fill("手工 缺走访次数")
    clerk.locator("#f-rule-kind").select_option(label="满分起,每缺一件扣几分")
    clerk.get_by_label("每缺一个扣").first.fill("1")
    clerk.get_by_label("单位", exact=True).first.fill("次")
    expect(clerk.locator("#clause-side")).to_contain_text("每缺 1 次")
    clerk.get_by_label("缺次", exact=True).first.fill("3")
    clerk.get_by_label("说的是什么情形").first.fill("缺三次")
    clerk.get_by_label("应得几分").first.fill("1")
    expect(clerk.locator("#examples-run")).to_contain_text("不符")
    clerk.get_by_label("应得几分").first.fill("0")
    expect(clerk.locator("#examples-run")).to_contain_text("相符")
    assert sound(clerk) == []
    follow(clerk, clerk.get_by_role("button", name="保存"))
    expect(clerk.locator("body")).to_contain_text("已存,本条没有问题")

    # The sheet says at once that its parts no longer add up, and leads to the place.
    follow(clerk, clerk.get_by_role("link", name="回到全表"))
    expect(clerk.locator("#problems")).to_contain_text("多 2 分")
    expect(clerk.get_by_role("link", name="改好才能送审")).to_be_visible()
    follow(clerk, clerk.get_by_role("link", name="党委政府专题研究禁毒工作"))
    clerk.locator("#f-points").fill("8")
    clerk.get_by_label("每次得").first.fill("4")
    for row, points in enumerate(("8", "4", "8", "0")):
        clerk.get_by_label("应得几分").nth(row).fill(points)
    follow(clerk, clerk.get_by_role("button", name="保存"))
    follow(clerk, clerk.get_by_role("link", name="回到全表"))
    expect(clerk.locator("#problems")).to_contain_text("没有问题")

    # Removed and put back; the order changed.
    clerk.get_by_role("button", name="移出 走访记录").click()
    expect(clerk.locator("#removed")).to_contain_text("走访记录")
    clerk.get_by_role("button", name="放回").click()
    expect(clerk.locator("#problems")).to_contain_text("没有问题")

    follow(clerk, clerk.get_by_role("link", name="试算"))
    expect(clerk.locator("table")).to_contain_text("龙洞镇")
    assert sound(clerk) == []
    follow(clerk, clerk.get_by_role("link", name="龙洞镇"))
    expect(clerk.locator("table")).to_contain_text("没有这一条")
    clerk.go_back()
    clerk.go_back()
    clerk.get_by_role("button", name="送审").click()
    expect(clerk.locator(".page-head")).to_contain_text("待发布")

    leader = enter("leader").go("/schemes/")
    follow(leader, leader.get_by_role("link", name="云岭市乡镇(街道)2022 年禁毒工作责任制考核办法").first)
    expect(leader.locator("body")).to_contain_text("已签的责任书仍按签订时的那一版")
    follow(leader, leader.get_by_role("button", name="发布这一版"))
    expect(leader.locator(".page-head")).to_contain_text("第 2 版")
    assert sound(leader) == []
    assert PublishedScheme.objects.filter(version="2").count() == 1
