"""The security officer and the inspector at their desks: the policy table, a grant that a wall refuses, the yearly signatures,
the log searched by unit and row, an emergency look with its digest, a chain found whole."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import ImpactSignOff
from qingyuan.journeys import chain_checks
from qingyuan.organisation.actions import emergency
from qingyuan.organisation.models import EmergencyLook, PolicyReview, RoleGrant
from qingyuan.rehabilitation.models import Client, CommunityTest
from tests.browser.conftest import Enter, Road, follow
from tests.browser.test_every_page import PHONE
from tests.browser.test_papers import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]


def downloaded(page: Page, name: str) -> str:
    """The file name of what the link or button called ``name`` sends."""
    with page.expect_download() as got:
        page.get_by_role("link", name=name, exact=True).click()
    return got.value.suggested_filename


def test_the_security_officer_reads_the_table_signs_it_and_takes_it_along(road: Road, enter: Enter) -> None:
    officer = enter("security").go("/today/")
    follow(officer, officer.locator("li", has_text="权限总表还没有复核过").get_by_role("link", name="去复核"))
    shelves = officer.locator("details.behind")
    assert shelves.count() > 8 and officer.locator("details.behind[open]").count() == 0, "one line a role"
    shelves.filter(has_text="社区禁毒社工").locator("summary").click()
    expect(shelves.filter(has_text="社区禁毒社工").get_by_text("社工只看自己的服务对象")).to_be_visible()
    assert sound(officer) == []

    follow(officer, officer.get_by_role("link", name="按台账"))
    officer.get_by_label("台账或事项").select_option("parties")
    follow(officer, officer.get_by_role("button", name="筛选"))
    expect(officer.locator("details.behind[open]")).to_contain_text("公安办案民警")
    assert sound(officer) == []

    follow(officer, officer.get_by_role("link", name="一个账号为什么"))
    officer.get_by_label("账号").fill("clerk")
    officer.get_by_label("台账或事项").select_option("tests")
    follow(officer, officer.get_by_role("button", name="筛选"))
    expect(officer.locator("main")).to_contain_text("周文")
    assert sound(officer) == []

    follow(officer, officer.get_by_role("link", name="按角色"))
    officer.get_by_text("复核签字", exact=True).click()
    officer.get_by_label("复核说明").fill("逐行看过,没有多余的授权。")
    follow(officer, officer.get_by_role("button", name="签字存档"))
    expect(officer.locator("main")).to_contain_text("已签字")
    assert PolicyReview.objects.count() == 1
    assert [downloaded(officer, name) for name in ("Word", "PDF", "CSV")] == ["权限总表.docx", "权限总表.pdf", "权限总表.csv"]
    follow(officer, officer.get_by_role("link", name="与上次复核比较"))
    assert sound(officer) == []


def test_a_grant_that_would_join_two_walls_is_refused_and_another_is_given(road: Road, enter: Enter) -> None:
    officer = enter("security").go("/grants/")
    follow(officer, officer.get_by_role("link", name="何姐"))
    before = RoleGrant.objects.filter(account=road.city.accounts["caseworker"]).count()

    def grant(role: str, reason: str) -> None:
        form = officer.locator("form[action$='/role/']")
        form.get_by_label("角色").select_option(label=role)
        form.get_by_label("区划范围").select_option(label="龙洞镇")
        form.get_by_label("事由").fill(reason)
        follow(officer, form.get_by_role("button", name="授权"))

    grant("公安办案民警", "借调专班")
    expect(officer.locator("main")).to_contain_text(re.compile("墙|两边|一侧"))
    assert RoleGrant.objects.filter(account=road.city.accounts["caseworker"]).count() == before
    assert sound(officer) == []
    grant("乡镇(街道)禁毒专干", "代管半年")
    expect(officer.locator("main")).to_contain_text("代管半年")
    assert RoleGrant.objects.filter(account=road.city.accounts["caseworker"]).count() == before + 1


def test_the_security_officer_signs_the_impact_assessment_and_takes_it_along(road: Road, enter: Enter) -> None:
    officer = enter("security").go("/impact/")
    expect(officer.locator("main")).to_contain_text("还没有签认过")
    assert "tests/" not in officer.locator("main").inner_text(), "names of tests are for the paper"
    assert sound(officer) == []
    officer.get_by_role("button", name="签认").first.click()
    officer.get_by_label("结论").fill("处理合法、正当、必要,措施与风险相当。")
    follow(officer, officer.locator("dialog").get_by_role("button", name="签认"))
    expect(officer.locator("main")).to_contain_text("此后内容没有变化")
    assert ImpactSignOff.objects.count() == 1
    assert downloaded(officer, "PDF").endswith(".pdf")
    with officer.expect_download() as got:
        officer.locator(".page-head").get_by_role("link", name="Word").click()
    assert got.value.suggested_filename == "个人信息保护影响评估报告.docx"


@pytest.fixture
def looked(road: Road) -> EmergencyLook:
    """石桥's officer opened somebody of 龙洞 in the night."""
    client = Client.objects.order_by("pk")[0]
    look = emergency.open_look(
        compartment=Compartment.COMMUNITY,
        rows=[("clients", client.pk)],
        reason="夜间有人求助,需要核对",
        article="NL34",
        by=road.city.actor("stranger"),
    )
    for database in ("default", "audit"):
        audit.seal(database)
        chain_checks.check(database, by=chain_checks.WORKER)
    return look


def test_the_inspector_searches_the_log_and_follows_an_emergency_look(road: Road, enter: Enter, looked: Any) -> None:
    row = CommunityTest.objects.order_by("pk")[0]
    enter("supervisor").go(f"/ledgers/tests/{row.pk}/")
    inspector = enter("auditor").go("/audit/writes/")
    chain = inspector.locator("#chain")
    expect(chain).to_contain_text("完好")
    expect(chain).to_contain_text("后台核对了全部")
    chain.get_by_role("button", name="重新校验").click()
    expect(chain.get_by_role("status").last).to_contain_text("核对了")
    expect(chain).to_contain_text("内容、次序、日锚都与写入时一致")
    assert sound(inspector) == []

    inspector.get_by_label("单位").select_option(label="石桥镇人民政府")
    inspector.get_by_role("button", name="筛选").click()
    expect(inspector.locator("#results")).to_contain_text("石平")
    expect(inspector.locator("#results")).not_to_contain_text("吴主任")

    follow(inspector, inspector.get_by_role("link", name="查阅").first)
    inspector.goto(f"{road.url}/audit/reads/")
    inspector.get_by_label("记录编号").fill(str(row.pk))
    inspector.get_by_role("button", name="筛选").click()
    expect(inspector.locator("#results")).to_contain_text("吴主任")
    expect(inspector.locator("#results")).to_contain_text("打开")
    assert sound(inspector) == []

    inspector.goto(f"{road.url}/emergency/")
    expect(inspector.locator("main")).to_contain_text("石平")
    assert sound(inspector) == []
    inspector.goto(f"{road.url}/emergency/{looked.pk}/")
    expect(inspector.locator("main")).to_contain_text("夜间有人求助")
    assert sound(inspector) == []


def test_the_desks_of_both_work_on_a_phone_and_in_english(road: Road, enter: Enter, looked: Any) -> None:
    for who, addresses in (
        ("security", ("/rights/", "/rights/ledgers/", "/impact/", "/grants/", "/me/security/", "/me/")),
        ("auditor", ("/audit/writes/", "/audit/reads/", "/emergency/")),
    ):
        visitor = enter(who, *PHONE)
        wrong = [f"{address} {what}" for address in addresses for what in sound(visitor.go(address))]
        assert wrong == []
