"""Accounts, roles and posts as the security officer keeps them; inspectors read, everyone else is turned away."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser

from qingyuan.organisation.models import Account, PostTerm, RoleGrant, Unit
from tests.cast import City
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


@pytest.fixture
def kinds(city: City) -> City:
    for code, kind in {"longdong": "town", "police": "police_narcotics", "office": "commission_office"}.items():
        Unit.objects.filter(code=code).update(kind=kind)
    return city


def role(city: City, name: str, place: str = "云岭市", **changes: str) -> dict[str, str]:
    return {
        "role": name,
        "division": str(city.divisions[place].pk),
        "start": "2022-12-01",
        "reason": "借调函",
    } | changes


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "town_leader", "officer", "doctor"])
def test_nobody_else_sees_or_changes_an_account(city: City, who: str) -> None:
    browser = browser_of(city, who)
    grant = city.accounts["caseworker"].grants.get()
    for page in ("/grants/", "/grants-new/", "/grants/caseworker/", "/grants/nobody/"):
        assert browser.get(page).status_code == 403, page
    for page in ("role/", "post/", "disable/", "sign-in/reset/"):
        assert browser.post(f"/grants/caseworker/{page}", {"reason": "x"}).status_code == 403
    assert browser.post(f"/grants/role/{grant.pk}/end/", {"end": "2022-12-01", "reason": "x"}).status_code == 403


def test_the_inspector_reads_and_changes_nothing(city: City) -> None:
    browser = browser_of(city, "auditor")
    page = browser.get("/grants/caseworker/")
    assert "社区禁毒社工 · 龙洞镇" in text_of(page) and "授予角色" not in text_of(page)
    assert browser.get("/grants-new/").status_code == 403
    assert browser.post("/grants/caseworker/role/", role(city, "auditor")).status_code == 403
    assert browser.post("/grants/caseworker/disable/", {"reason": "x"}).status_code == 403
    assert city.accounts["caseworker"].grants.count() == 1


def test_a_role_is_granted_with_its_days_and_ended_with_a_reason(kinds: City) -> None:
    browser = browser_of(kinds, "security")
    given = browser.post("/grants/liaison/role/", role(kinds, "auditor", end="2023-01-01"))
    assert given.status_code == 302
    made = RoleGrant.objects.get(account=kinds.accounts["liaison"], role="auditor")
    assert (made.start, made.end, made.granted_by) == (date(2022, 12, 1), date(2023, 1, 1), "安全员")
    assert "未到" in text_of(browser.get("/grants/liaison/"))
    ending = text_of(browser.get("/grants/?show=ending"))
    assert "没有快到期" in ending, "a role that has not begun does not end soon"
    held = kinds.accounts["liaison"].grants.get(role="unit_liaison")
    assert "请填止日和事由" in text_of(browser.post(f"/grants/role/{held.pk}/end/", {"end": ""}, follow=True))
    browser.post(f"/grants/role/{held.pk}/end/", {"end": "2022-12-20", "reason": "转岗"})
    held.refresh_from_db()
    assert held.end == date(2022, 12, 20)
    assert "沈老师 · 成员单位联络员" in text_of(browser.get("/grants/?show=ending"))


def test_the_wall_is_said_on_the_form_for_a_role_and_for_a_secondment(kinds: City) -> None:
    browser = browser_of(kinds, "security")
    answer = browser.post("/grants/caseworker/role/", role(kinds, "police_officer"))
    assert answer.status_code == 422 and "墙的两边" in text_of(answer)
    assert 'value="借调函"' in answer.content.decode(), "what was typed stays"
    police = Unit.objects.get(code="police").pk
    post = {"unit": str(police), "title": "借调", "responsibility": "staff", "start": "2023-05-01", "reason": "借调函"}
    answer = browser.post("/grants/caseworker/post/", post)
    assert answer.status_code == 422 and "借调也不行" in text_of(answer)
    assert not PostTerm.objects.exists() and city_grants(kinds, "caseworker") == 1
    assert (
        browser.post("/grants/officer/post/", post | {"title": "中队长", "responsibility": "head"}).status_code == 302
    )
    assert "中队长" in text_of(browser.get("/grants/officer/"))


def city_grants(city: City, who: str) -> int:
    return city.accounts[who].grants.count()


def test_a_new_account_holds_nothing_and_its_password_is_told_once(kinds: City) -> None:
    browser = browser_of(kinds, "security")
    unit = str(Unit.objects.get(code="education").pk)
    taken = browser.post("/grants-new/", {"username": "clerk", "name": "x", "unit": unit})
    assert "已有人用" in field_error(taken, "username")
    odd = browser.post("/grants-new/", {"username": "A b", "name": "x", "unit": unit})
    assert "小写字母" in field_error(odd, "username")
    made = browser.post("/grants-new/", {"username": "new-one", "name": "新人", "unit": unit})
    [first] = re.findall(r'<code class="hash">([\w-]{19})</code>', made.content.decode())
    assert Account.objects.get(username="new-one").check_password(first)
    assert first not in browser.get("/grants/new-one/").content.decode()
    assert "没有角色,什么也看不到" in text_of(made)
    assert Browser().login(username="new-one", password=first)


def test_disabling_and_resetting_end_what_was_open(kinds: City) -> None:
    browser, own = browser_of(kinds, "security"), browser_of(kinds, "liaison")
    assert own.get("/today/").status_code == 200
    browser.post("/grants/liaison/sign-in/reset/", {"what": "password", "reason": "忘记口令"})
    assert own.get("/today/").status_code == 302, "the session of the old password is over"
    browser.post("/grants/liaison/disable/", {"reason": ""})
    assert Account.objects.get(username="liaison").is_active
    browser.post("/grants/liaison/disable/", {"reason": "调离"})
    assert not Account.objects.get(username="liaison").is_active
    mine = browser.post("/grants/security/disable/", {"reason": "x"}, follow=True)
    assert "不能停用自己" in text_of(mine)


def test_dormant_accounts_and_the_search(city: City) -> None:
    long_ago = datetime(2022, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    Account.objects.update(created_at=long_ago, last_login=long_ago + timedelta(days=320))
    Account.objects.filter(username="clerk").update(last_login=long_ago)
    browser = browser_of(city, "auditor")
    page = text_of(browser.get("/grants/?show=dormant"))
    assert "周文" in page and "秦川" not in page
    page = text_of(browser.get("/grants/?q=龙洞"))
    assert "何姐" in page and "石平" not in page
    page = text_of(browser.get("/grants/?role=doctor"))
    assert "白医生" in page and "何姐" not in page
    assert "没有这样的账号" in text_of(browser.get("/grants/?q=无此人"))


def test_accounts_outside_one_s_range_are_not_there(city: City) -> None:
    RoleGrant.objects.filter(account=city.accounts["security"]).update(division=city.divisions["龙洞镇"])
    browser = browser_of(city, "security")
    page = text_of(browser.get("/grants/"))
    assert "何姐" in page and "石平" not in page and "周文" not in page
    foreign = city.accounts["stranger"].grants.get()
    assert browser.get("/grants/stranger/").status_code == 404 == browser.get("/grants/nobody/").status_code
    assert browser.post(f"/grants/role/{foreign.pk}/end/", {"end": "2022-12-01", "reason": "x"}).status_code == 404
    assert browser.post("/grants/stranger/role/", role(city, "auditor")).status_code == 404
    refused = browser.post("/grants/supervisor/role/", role(city, "auditor", "石桥镇"))
    assert refused.status_code == 422 and "管理范围" in text_of(refused)
