"""The security officer helps in person: a code shown once, factors taken off, only in his range, never his own."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.actions.accounts import ResetRefused
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import RoleGrant
from qingyuan.web.account import factors
from tests.cast import TODAY, City
from tests.web.account.test_sign_in import browser, give_app, page, sign_in

pytestmark = pytest.mark.django_db
REASON = "本人持工作证当面申请"


@pytest.fixture(autouse=True)
def _no_memory_of_tries() -> None:
    cache.clear()


@pytest.fixture
def officer(city: City) -> Client:
    client = browser()
    client.force_login(city.accounts["security"])
    return client


def test_the_list_shows_who_lacks_a_factor_that_the_role_asks_for(city: City, officer: Client) -> None:
    give_app(city.accounts["auditor"])
    rows = {
        row.select_one("small").get_text(): row.get_text() for row in page(officer.get("/accounts/")).select("tbody tr")
    }  # type: ignore[union-attr]
    assert set(rows) == set(city.accounts)
    assert "没有,角色要求" in rows["clerk"] and "已添加" in rows["auditor"] and "角色要求" not in rows["caseworker"]
    found = page(officer.get("/accounts/?q=何")).select("tbody tr")
    assert len(found) == 1 and "何姐" in found[0].get_text()
    assert "没有找到" in page(officer.get("/accounts/?q=禤")).get_text()


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "supervisor", "officer"])
def test_nobody_else_sees_accounts_or_resets_them(city: City, who: str) -> None:
    client = browser()
    client.force_login(city.accounts[who])
    target = city.accounts["caseworker"]
    before = target.password
    assert client.get("/accounts/").status_code == 403
    assert client.get(f"/accounts/{target.pk}/").status_code == 403
    for what in ("password", "factors"):
        assert client.post(f"/accounts/{target.pk}/reset/", {"what": what, "reason": REASON}).status_code == 403
    target.refresh_from_db()
    assert target.password == before
    with pytest.raises(ResetRefused):
        accounts.reset_password(account=target, reason=REASON, by=city.actor(who), on=TODAY)
    with pytest.raises(ResetRefused):
        factors.clear(account=target, reason=REASON, by=city.actor(who), on=TODAY)


def test_a_code_is_shown_once_works_once_and_stands_nowhere(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    there = browser()
    sign_in(there, "clerk")
    answer = officer.post(f"/accounts/{target.pk}/reset/", {"what": "password", "reason": REASON})
    code = page(answer).select_one("code.one-time").get_text()  # type: ignore[union-attr]
    assert len(code) == 19
    assert code not in officer.get(f"/accounts/{target.pk}/").content.decode()
    assert there.get("/me/").status_code == 302, "what was open with the lost password is closed"
    entry = WriteEntry.objects.get(act="accounts.reset_password")
    assert entry.reason == REASON and entry.summary == "clerk" and code not in str(vars(entry))
    assert "等本人设口令" in page(officer.get("/accounts/")).get_text()
    client = browser()
    sign_in(client, "clerk", code)
    assert client.get("/me/")["Location"] == "/me/password/"


def test_lost_factors_are_taken_off_and_the_reason_is_kept(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    give_app(target)
    assert officer.post(f"/accounts/{target.pk}/reset/", {"what": "factors", "reason": REASON}).status_code == 302
    assert not Authenticator.objects.exists()
    assert WriteEntry.objects.get(act="accounts.factor_clear").reason == REASON
    give_app(target)
    both = officer.post(f"/accounts/{target.pk}/reset/", {"what": "both", "reason": REASON})
    assert page(both).select_one("code.one-time") is not None and not Authenticator.objects.exists()


def test_without_a_reason_or_a_choice_nothing_is_reset(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    before = target.password
    for posted in ({"what": "password", "reason": " "}, {"reason": REASON}, {"what": "everything", "reason": REASON}):
        assert officer.post(f"/accounts/{target.pk}/reset/", posted).status_code == 422
    target.refresh_from_db()
    assert target.password == before
    with pytest.raises(ResetRefused, match="事由"):
        accounts.reset_password(account=target, reason=" ", by=city.actor("security"), on=TODAY)


def test_an_officer_does_not_reset_himself(city: City, officer: Client) -> None:
    own = city.accounts["security"]
    assert "另一位安全管理员" in page(officer.get(f"/accounts/{own.pk}/")).get_text()
    answer = officer.post(f"/accounts/{own.pk}/reset/", {"what": "password", "reason": REASON})
    assert answer.status_code == 422 and page(answer).select_one("code.one-time") is None


def test_an_officer_of_one_town_reaches_that_town_only(city: City) -> None:
    RoleGrant.objects.filter(role=Role.SECURITY_OFFICER).update(division=city.divisions["石桥镇"])
    client = browser()
    client.force_login(city.accounts["security"])
    assert [row.get_text() for row in page(client.get("/accounts/")).select("tbody small")] == ["stranger"]
    far = city.accounts["supervisor"]
    assert client.get(f"/accounts/{far.pk}/").status_code == 404
    assert client.post(f"/accounts/{far.pk}/reset/", {"what": "password", "reason": REASON}).status_code == 404
    with pytest.raises(ResetRefused, match="范围"):
        accounts.reset_password(account=far, reason=REASON, by=city.actor("security"), on=TODAY)


def test_codes_are_long_and_without_letters_that_look_alike() -> None:
    codes = {accounts.new_code() for _each in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("0o1li")
