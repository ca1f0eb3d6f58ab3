"""The way back of the only security officer: on the server, with a reason, written down, new factors asked for."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from qingyuan.cli import main as command_line
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.web.account import factors
from tests.cast import BEGAN, City
from tests.web.account.codes import SECRET

REASON = "手机丢失,主任持工作证当面确认"


def call(*words: str) -> int:
    return command_line.main(["account", "recover", *words], ["qingyuan.cli.commands"])


def test_the_only_security_officer_comes_back_with_a_code_and_must_add_new_factors(
    city: City, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    officer = city.accounts["security"]
    factors.TOTP.activate(officer, SECRET)
    there = Client()
    there.force_login(officer)
    assert call("security", "--reason", REASON) == 0
    told = capsys.readouterr().out.replace("\n", "")
    code = told.split(":", 1)[1][:19]
    assert len(code.split("-")) == 4 and "只显示这一遍" in told
    assert not Authenticator.objects.exists() and there.get("/me/").status_code == 302
    entries = {entry.act: entry for entry in WriteEntry.objects.filter(ledger="accounts", actor_name="命令行")}
    assert {"accounts.recover", "accounts.factor_clear"} <= set(entries)
    assert entries["accounts.recover"].reason == REASON and entries["accounts.recover"].summary == "security"
    assert code not in str([vars(entry) for entry in entries.values()])
    client = Client()
    assert client.post("/sign-in/", {"username": "security", "password": code}).status_code == 302
    assert client.get("/audit/")["Location"].startswith("/me/password/")
    new = "synthetic-新-pass-2022"
    client.post("/me/password/", {"new": new, "again": new})
    officer.refresh_from_db()
    assert officer.check_password(new)
    assert client.get("/audit/")["Location"] == "/me/security/", "new factors first"


def test_the_inspector_reads_on_the_page_of_the_log_that_and_why_it_was_done(city: City) -> None:
    assert call("security", "--reason", REASON) == 0
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(city.accounts["auditor"])
    page = client.get("/audit/").content.decode()
    assert "在服务器上找回账号" in page and REASON in page and "命令行" in page


def test_nobody_else_is_brought_back_like_this(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    before = Account.objects.get(username="clerk").password
    for words, said in (
        (("clerk", "--reason", REASON), "不是安全管理员"),
        (("nobody", "--reason", REASON), "没有账号"),
        (("security", "--reason", " 丢了 "), "请写明事由"),
    ):
        assert call(*words) == 1
        assert said in capsys.readouterr().err.replace("\n", "")
    second = Account.objects.create(username="security-two", name="安二", unit=city.units["office"])
    RoleGrant.objects.create(account=second, role=Role.SECURITY_OFFICER, division=city.divisions["云岭市"], start=BEGAN, granted_by="x")
    assert call("security", "--reason", REASON) == 1
    assert "security-two" in capsys.readouterr().err.replace("\n", "")
    Account.objects.filter(pk=second.pk).update(is_active=False)
    assert call("security", "--reason", REASON) == 0
    assert Account.objects.get(username="clerk").password == before
