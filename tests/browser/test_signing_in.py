"""Second factors in a real browser: a passkey of a virtual authenticator, an app's codes, the paper codes, asked again."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.web.account import proof
from tests.browser.test_every_page import grave, runs_off
from tests.cast import City
from tests.web.account.test_sign_in import PASSWORD, code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server: Any, city: City, settings: Any, page: Page) -> str:
    """The running city, where roles that must have a second factor are held to it."""
    cache.clear()
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    page.set_default_timeout(30_000)
    url = str(live_server.url)
    assert "://localhost" in url, "browsers make passkeys for this machine by its name only"
    return url


def come_to(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("账号").fill(who)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="退出", exact=True).click()
    page.wait_for_url("**/sign-in/")


def let_the_proof_run_out() -> None:
    for one in Session.objects.all():
        store = SessionStore(one.session_key)
        if proof.PROVED_AT in store:
            store[proof.PROVED_AT] -= proof.HOLDS_SECONDS
            store.save()


def holds(page: Page) -> None:
    """Nobody is shut out of the page that is shown, and it fits a telephone."""
    assert grave(page) == []
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert runs_off(page) <= 0
    if before is not None:
        page.set_viewport_size(before)


def test_a_passkey_is_made_opens_the_second_stage_and_answers_when_asked_again(site: str, page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    come_to(page, site, "clerk")
    page.wait_for_url("**/me/security/")
    expect(page.get_by_text("您的角色需要第二因素")).to_be_visible()
    holds(page)
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("叫什么").fill("办公室的密钥")
    page.get_by_role("button", name="开始添加").click()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    holds(page)
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    assert [one.wrap().name for one in Authenticator.objects.filter(type="webauthn")] == ["办公室的密钥"]
    leave(page)

    come_to(page, site, "clerk")
    page.wait_for_url("**/sign-in/second-factor/")
    holds(page)
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url("**/today/")

    let_the_proof_run_out()
    page.goto(f"{site}/indicators/R05/")
    page.goto(f"{site}/indicators/R05/export.xlsx")
    expect(page.get_by_role("heading", name="再确认一次身份")).to_be_visible()
    holds(page)
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("heading", name="身份已确认")).to_be_visible()
    holds(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="下载文件").click()
    assert got.value.suggested_filename.endswith(".xlsx")
    acts = set(ReadEntry.objects.values_list("act", flat=True))
    assert {"sign_in", "sign_out", "proof", "export"} <= acts
    assert WriteEntry.objects.filter(act="accounts.factor_add", summary="clerk webauthn").count() == 1


def test_an_act_goes_on_with_what_was_typed_once_a_passkey_has_answered(site: str, page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    come_to(page, site, "supervisor")
    page.wait_for_url("**/today/")
    page.goto(f"{site}/me/security/passkey/")
    page.get_by_role("button", name="开始添加").click()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    let_the_proof_run_out()
    page.goto(f"{site}/me/")
    page.get_by_label("用途").fill("每晚取数")
    page.get_by_label("有效至").fill("2022-12-31")
    page.get_by_role("button", name="生成令牌").click()
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.locator("#tokens code.key")).to_be_visible()
    expect(page.locator("#tokens")).to_contain_text("每晚取数")


def test_a_key_that_is_there_already_is_not_added_twice_and_the_page_says_so(site: str, page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    come_to(page, site, "supervisor")
    page.wait_for_url("**/today/")
    for _time in range(2):
        page.goto(f"{site}/me/security/passkey/")
        page.get_by_role("button", name="开始添加").click()
        expect(page.locator(".paper-codes").or_(page.get_by_text("已经添加过的密钥不能重复添加"))).to_be_visible()
    expect(page.get_by_text("已经添加过的密钥不能重复添加")).to_be_visible()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_an_app_and_a_code_on_paper_open_the_second_stage(site: str, page: Page) -> None:
    come_to(page, site, "officer")
    page.wait_for_url("**/me/security/")
    page.get_by_role("link", name="绑定验证器").click()
    page.get_by_text("扫不了?手工输入密钥").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("手机上显示的 6 位数字").fill("000000")
    page.get_by_role("button", name="绑定").click()
    expect(page.get_by_text("验证码不对")).to_be_visible()
    page.get_by_label("手机上显示的 6 位数字").fill(code_now(secret))
    page.get_by_role("button", name="绑定").click()
    codes = page.locator(".paper-codes code").all_inner_texts()
    assert len(codes) == 10
    leave(page)
    for code in (code_now(secret), codes[0]):
        come_to(page, site, "officer")
        page.wait_for_url("**/sign-in/second-factor/")
        page.get_by_label("验证码").fill(code)
        page.get_by_role("button", name="验证并进入").click()
        page.wait_for_url("**/today/")
        leave(page)
    come_to(page, site, "officer")
    page.get_by_label("验证码").fill(codes[0])
    page.get_by_role("button", name="验证并进入").click()
    expect(page.get_by_text("验证没有通过")).to_be_visible()
    holds(page)
