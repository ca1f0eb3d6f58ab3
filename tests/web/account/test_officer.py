"""The security officer helps in person: a code shown once, factors taken off, only in his range, never his own."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import RoleGrant
from qingyuan.organisation.policy import SECOND_FACTOR
from qingyuan.web.account import factors
from tests.cast import City
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
    lacking = page(officer.get("/grants/?show=unfactored")).select("tbody tr")
    names = {row.select_one("small").get_text() for row in lacking}  # type: ignore[union-attr]
    assert names == {who for who in city.accounts if city.actor(who).roles & SECOND_FACTOR} - {"auditor"}
    assert "没有,角色要求" in page(officer.get("/grants/clerk/sign-in/")).get_text()
    assert "角色要求" not in page(officer.get("/grants/caseworker/sign-in/")).get_text()


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "supervisor", "officer"])
def test_nobody_else_sees_accounts_or_resets_them(city: City, who: str) -> None:
    client = browser()
    client.force_login(city.accounts[who])
    target = city.accounts["caseworker"]
    before = target.password
    assert client.get(f"/grants/{target.username}/sign-in/").status_code == 403
    for what in ("password", "factors"):
        assert client.post(f"/grants/{target.username}/sign-in/reset/", {"what": what, "reason": REASON}).status_code == 403
    target.refresh_from_db()
    assert target.password == before
    with pytest.raises(GrantRefused):
        accounts.reset_password(account=target, reason=REASON, by=city.actor(who))
    with pytest.raises(GrantRefused):
        factors.clear(account=target, reason=REASON, by=city.actor(who))


def test_a_code_is_shown_once_works_once_and_stands_nowhere(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    there = browser()
    sign_in(there, "clerk")
    answer = officer.post(f"/grants/{target.username}/sign-in/reset/", {"what": "password", "reason": REASON})
    code = page(answer).select_one("code.one-time").get_text()  # type: ignore[union-attr]
    assert len(code) == 19
    assert code not in officer.get(f"/grants/{target.username}/sign-in/").content.decode()
    assert there.get("/me/").status_code == 302, "what was open with the lost password is closed"
    entry = WriteEntry.objects.get(act="accounts.reset")
    assert entry.reason == REASON and entry.summary == "clerk" and code not in str(vars(entry))
    assert "等本人设口令" in page(officer.get("/grants/clerk/sign-in/")).get_text()
    client = browser()
    sign_in(client, "clerk", code)
    assert client.get("/me/")["Location"] == "/me/password/"


def test_lost_factors_are_taken_off_and_the_reason_is_kept(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    give_app(target)
    assert officer.post(f"/grants/{target.username}/sign-in/reset/", {"what": "factors", "reason": REASON}).status_code == 302
    assert not Authenticator.objects.exists()
    assert WriteEntry.objects.get(act="accounts.factor_clear").reason == REASON
    give_app(target)
    both = officer.post(f"/grants/{target.username}/sign-in/reset/", {"what": "both", "reason": REASON})
    assert page(both).select_one("code.one-time") is not None and not Authenticator.objects.exists()


def test_without_a_reason_or_a_choice_nothing_is_reset(city: City, officer: Client) -> None:
    target = city.accounts["clerk"]
    before = target.password
    for posted in ({"what": "password", "reason": " "}, {"reason": REASON}, {"what": "everything", "reason": REASON}):
        assert officer.post(f"/grants/{target.username}/sign-in/reset/", posted).status_code == 422
    target.refresh_from_db()
    assert target.password == before
    with pytest.raises(GrantRefused, match="事由"):
        accounts.reset_password(account=target, reason=" ", by=city.actor("security"))


def test_an_officer_does_not_reset_himself(city: City, officer: Client) -> None:
    own = city.accounts["security"]
    assert "另一位安全管理员" in page(officer.get(f"/grants/{own.username}/sign-in/")).get_text()
    answer = officer.post(f"/grants/{own.username}/sign-in/reset/", {"what": "password", "reason": REASON})
    assert answer.status_code == 422 and page(answer).select_one("code.one-time") is None


def test_an_officer_of_one_town_reaches_that_town_only(city: City) -> None:
    RoleGrant.objects.filter(role=Role.SECURITY_OFFICER).update(division=city.divisions["石桥镇"])
    client = browser()
    client.force_login(city.accounts["security"])
    far = city.accounts["supervisor"]
    assert client.get(f"/grants/{far.username}/sign-in/").status_code == 404
    assert client.post(f"/grants/{far.username}/sign-in/reset/", {"what": "password", "reason": REASON}).status_code == 404
    with pytest.raises(GrantRefused, match="范围"):
        accounts.reset_password(account=far, reason=REASON, by=city.actor("security"))


def test_codes_are_long_and_without_letters_that_look_alike() -> None:
    codes = {accounts.new_code() for _each in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("0o1li")
