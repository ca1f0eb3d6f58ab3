"""Who is asking and about what; signing in and out; pages that only read; pages that say why not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from qingyuan.demo.units import PASSWORD as PASSWORD_OF_THE_DEMO
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant, SignInFailures
from qingyuan.reference.periods import Period
from qingyuan.web import context, kept_parts, navigation
from qingyuan.web.account import throttle
from qingyuan.web.account.presenters import demo_accounts
from qingyuan.web.errors import Forbidden, broken
from qingyuan.web.middleware import ReadOnlyGetMiddleware, WriteOnRead, refuse_writes
from tests.cast import TODAY, City, city

__all__ = ["city"]
PASSWORD = "synthetic-pass-2022"


@pytest.fixture(autouse=True)
def _no_memory_of_tries() -> None:
    cache.clear()


def signed_in(city: City, who: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(city.accounts[who])
    return client


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


# --- range and period -------------------------------------------------------------------------------------------------
def choices(html: BeautifulSoup) -> list[str]:
    return [pick.get_text() for pick in html.select(".pick > summary b")]


def test_the_first_choice_is_ones_own_range_and_the_months_that_are_over(city: City) -> None:
    assert choices(page(signed_in(city, "clerk").get("/me/"))) == ["云岭市 · 2 个乡镇(街道)", "2022 年 1—10 月"]
    assert choices(page(signed_in(city, "supervisor").get("/me/"))) == ["龙洞镇", "2022 年 1—10 月"]


def test_a_choice_is_remembered_on_the_next_page(city: City) -> None:
    client = signed_in(city, "clerk")
    client.get(f"/me/?division={city.divisions['石桥镇'].code}&period=2022Q3")
    assert choices(page(client.get("/me/"))) == ["石桥镇", "2022 年第三季度"]


def test_villages_are_not_in_the_picker(city: City) -> None:
    offered = [link.get_text() for link in page(signed_in(city, "clerk").get("/me/")).select(".pick .deep-1")]
    assert offered == ["龙洞镇", "石桥镇"]


def test_another_towns_range_is_refused_with_the_way_to_ask_and_leaves_no_trace_in_the_choice(city: City) -> None:
    client = signed_in(city, "supervisor")
    response = client.get(f"/me/?division={city.divisions['石桥镇'].code}")
    assert response.status_code == 403
    text = page(response).select_one("main").get_text()  # type: ignore[union-attr]
    assert "申请授权" in text and "没有任何内容被打开" in text
    assert choices(page(client.get("/me/")))[0] == "龙洞镇"


@pytest.mark.parametrize("typed", ["2031-01", "banana", "2022-13", ""])
def test_a_period_that_is_none_or_has_not_begun_changes_nothing(city: City, typed: str) -> None:
    assert choices(page(signed_in(city, "clerk").get("/me/", {"period": typed})))[1] == "2022 年 1—10 月"


def test_in_january_the_reported_year_is_the_one_that_ended() -> None:
    assert str(context.default_period(TODAY.replace(month=1))) == "2021-01..2021-12"
    assert str(context.default_period(TODAY)) == "2022-01..2022-10"


def test_the_tree_is_read_on_the_last_day_of_the_period_that_has_come(city: City, rf: RequestFactory) -> None:
    def on(period: str) -> str:
        request: Any = rf.get("/", {"period": period})
        request.actor, request.session = city.actor("clerk"), {}
        return str(context.scope_of(request).on)

    assert [on("2022-09"), on("2022-11"), on("2022")] == ["2022-09-30", "2022-11-23", "2022-11-23"]


def test_the_period_picker_offers_no_period_that_has_not_begun() -> None:
    offered = kept_parts.PeriodChoices(Period.parse("2022-10"), TODAY)
    listed = [*offered.months, *offered.quarters, *offered.halves, *offered.years, *offered.cumulative]
    assert max(period.start for period in listed) <= TODAY
    assert [str(period) for period in offered.cumulative][-1] == "2022-01..2022-11"


def test_an_account_without_any_grant_gets_a_page_that_says_so(city: City, rf: RequestFactory) -> None:
    RoleGrant.objects.all().delete()
    response = signed_in(city, "clerk").get("/me/")
    assert "还没有任何授权" in page(response).get_text()
    request: Any = rf.get("/")
    request.actor, request.session = city.actor("clerk"), {}
    with pytest.raises(Forbidden, match="按区划查看"):
        context.scope_of(request)


# --- the road ---------------------------------------------------------------------------------------------------------
def test_the_road_shows_only_pages_that_exist_and_only_to_whom_they_serve(city: City) -> None:
    ghost = navigation.Item("没有的页", "no-such-page")
    everyone = navigation.Item("本人", "profile")
    clerks = navigation.Item("口令", "password", frozenset({Role.COMMISSION_CLERK}))
    road = (navigation.Stretch("记录", (ghost, everyone, clerks)), navigation.Stretch("度量", (ghost,)))

    def labels(who: str) -> list[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(navigation, "ROAD", road)
            groups = navigation.road_for(city.actor(who), TODAY, "profile")
        return [link.label for group in groups for link in group.links]

    assert labels("clerk") == ["本人", "口令"]
    assert labels("doctor") == ["本人"]


def test_the_count_beside_an_entry_comes_from_its_slice(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        navigation, "ROAD", (navigation.Stretch(None, (navigation.Item("本人", "profile", badge="b"),)),)
    )
    monkeypatch.setattr(navigation, "_badges", {"b": lambda actor, on: navigation.Count(7, late=True)})
    link = page(signed_in(city, "clerk").get("/me/")).select_one(".road .ways a")
    assert link is not None
    assert link["aria-current"] == "page"
    assert link.get_text().endswith("7") and link.select_one(".count.late") is not None


def test_pages_of_an_entry_light_it_up() -> None:
    item = navigation.Item("台账", "ledgers", also=("ledger-*", "imports"))
    lit = [name for name in ("ledgers", "ledger-list", "imports", "letters") if navigation._is_current(item, name)]
    assert lit == ["ledgers", "ledger-list", "imports"]


# --- what holds for every page ----------------------------------------------------------------------------------------
def test_a_stranger_is_sent_to_sign_in_and_comes_back(city: City) -> None:
    response = Client().get("/me/?period=2022")
    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=/me/%3Fperiod%3D2022"
    entered = Client().post(
        response["Location"], {"username": "clerk", "password": PASSWORD, "next": "/me/?period=2022"}
    )
    assert entered["Location"] == "/me/?period=2022"


def test_a_fragment_asked_by_a_stranger_sends_the_whole_page_to_sign_in(db: None) -> None:
    response = Client().get("/me/", HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == "/sign-in/"


def test_no_browser_keeps_a_page_of_someone_signed_in(city: City) -> None:
    assert "no-store" in signed_in(city, "clerk").get("/me/")["Cache-Control"]


def test_the_policy_of_every_page_allows_nothing_inline(city: City) -> None:
    policy = signed_in(city, "clerk").get("/me/")["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy


def rename(request: HttpRequest) -> HttpResponse:
    Account.objects.filter(username="clerk").update(name="改")
    return HttpResponse()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_page_that_is_only_opened_cannot_write(city: City, rf: RequestFactory, method: str) -> None:
    with pytest.raises(WriteOnRead):
        ReadOnlyGetMiddleware(rename)(getattr(rf, method)("/"))


def test_a_page_that_is_sent_can_write(city: City, rf: RequestFactory) -> None:
    ReadOnlyGetMiddleware(rename)(rf.post("/"))
    assert Account.objects.get(username="clerk").name == "改"


def test_the_read_audit_may_be_written_while_a_page_is_opened(city: City, rf: RequestFactory) -> None:
    def reads(request: HttpRequest) -> HttpResponse:
        ReadEntry.objects.using("audit").count()
        return HttpResponse(str(Account.objects.count()))

    assert ReadOnlyGetMiddleware(reads)(rf.get("/")).status_code == 200


@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (SELECT 1) DELETE FROM organisation_account",
        "(WITH gone AS (SELECT 1) DELETE FROM organisation_account)",
        "(INSERT INTO django_session VALUES (1))",
        "INSERT INTO django_session VALUES (1)",
        "  update organisation_account set name = 'x'",
        "REPLACE INTO organisation_account VALUES (1)",
        "DROP TABLE organisation_account",
    ],
)
def test_the_guard_knows_a_write_in_any_dress(db: None, sql: str) -> None:
    with connection.execute_wrapper(refuse_writes), connection.cursor() as cursor, pytest.raises(WriteOnRead):
        cursor.execute(sql)


@pytest.mark.parametrize("sql", ["(SELECT 1) UNION ALL (SELECT 2)", "\n ( (SELECT 1) )", "select 1"])
def test_the_guard_lets_a_question_in_parentheses_through(sql: str) -> None:
    """As PostgreSQL is asked several questions at once; SQLite knows no such parentheses, so nothing is executed."""
    assert refuse_writes(lambda said, *_rest: said, sql, None, False, {}) == sql


def test_the_guard_lets_a_reading_with_clause_through(db: None) -> None:
    with connection.execute_wrapper(refuse_writes), connection.cursor() as cursor:
        cursor.execute("WITH one AS (SELECT 1 AS n) SELECT n FROM one")
        assert cursor.fetchone() == (1,)


def test_the_frame_of_a_page_is_cheap(city: City, django_assert_max_num_queries: Any) -> None:
    client = signed_in(city, "clerk")
    client.get("/me/")
    # Session, account, grants, the two pickers and the badges of what waits (today, returns, papers,
    # requests, orders, months to close, tasks, prevention, a leading post, for whom one acts, hand-overs that hang, offices
    # without a supervisor); nothing grows with the rows.
    with django_assert_max_num_queries(25):
        client.get("/me/password/")


# --- pages that say why not -------------------------------------------------------------------------------------------
def test_what_is_not_there_is_told_calmly(city: City) -> None:
    for client in (signed_in(city, "clerk"), Client(HTTP_ACCEPT_LANGUAGE="zh-CN")):
        response = client.get("/nowhere/at/all/")
        assert response.status_code == 404
        assert "没有找到这一页" in page(response).get_text()


def test_a_broken_server_says_so_without_a_database(rf: RequestFactory) -> None:
    response = broken(rf.get("/"))
    assert response.status_code == 500
    assert re.search(r"E-[0-9a-f]{8}", response.content.decode()), "a number to tell the administrator"
    assert "已经保存的内容不受影响" in response.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_what_to_do(city: City) -> None:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="zh-CN")
    response = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert response.status_code == 403
    assert "刷新后再提交" in page(response).get_text()


# --- signing in and out -----------------------------------------------------------------------------------------------
def sign_in(client: Client, username: str, password: str) -> HttpResponse:
    response: Any = client.post("/sign-in/", {"username": username, "password": password})
    return response


def test_a_wrong_name_and_a_wrong_password_are_told_alike(city: City) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    errors = [page(sign_in(client, name, "nonsense")).select_one(".form-errors") for name in ("clerk", "nobody")]
    assert errors[0] is not None and errors[0].get_text() == errors[1].get_text()  # type: ignore[union-attr]


def test_signing_in_is_recorded_and_so_is_failing(city: City) -> None:
    client = Client()
    sign_in(client, "clerk", "nonsense")
    sign_in(client, "clerk", PASSWORD)
    client.post("/sign-out/")
    acts = list(ReadEntry.objects.order_by("id").values_list("act", "actor_id"))
    clerk = city.accounts["clerk"].pk
    assert acts == [("sign_in_failed", None), ("sign_in", clerk), ("sign_out", clerk)]


def test_signing_out_needs_a_deliberate_act(city: City) -> None:
    client = signed_in(city, "clerk")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/me/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/me/").status_code == 302


def test_the_way_back_after_signing_in_never_leads_elsewhere(city: City) -> None:
    response = Client().post(
        "/sign-in/", {"username": "clerk", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in response["Location"]


def test_a_disabled_account_does_not_get_in(city: City) -> None:
    Account.objects.filter(username="clerk").update(is_active=False)
    assert sign_in(Client(), "clerk", PASSWORD).status_code == 422


def test_guessing_is_slowed_and_the_owner_elsewhere_is_not_locked_out(city: City) -> None:
    guesser = Client(REMOTE_ADDR="198.51.100.7", HTTP_ACCEPT_LANGUAGE="zh-CN")
    for _try in range(throttle.FREE_TRIES):
        sign_in(guesser, "clerk", "nonsense")
    refused = sign_in(guesser, "clerk", PASSWORD)
    assert refused.status_code == 422
    assert "秒后再试" in page(refused).get_text()
    assert sign_in(Client(REMOTE_ADDR="198.51.100.8"), "clerk", PASSWORD).status_code == 302


def test_the_wait_grows_is_bounded_and_ends(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(throttle.time, "time", lambda: now[0])
    waits = []
    for _try in range(20):
        assert throttle.begin("clerk", "198.51.100.7").wait == 0
        waits.append(throttle.begin("clerk", "198.51.100.7").wait if _try >= throttle.FREE_TRIES - 1 else 0)
        now[0] += waits[-1]
    assert waits[throttle.FREE_TRIES - 1] == throttle.FIRST_WAIT
    assert waits == sorted(waits) and waits[-1] == throttle.LONGEST_WAIT


def test_one_address_that_tries_many_names_is_slowed_too(db: None) -> None:
    for number in range(throttle.ADDRESS_TRIES):
        throttle.begin(f"name{number}", "198.51.100.7")
    assert throttle.begin("clerk", "198.51.100.7").wait > 0
    assert throttle.begin("clerk", "198.51.100.8").wait == 0


def test_a_try_that_succeeds_leaves_the_address_as_it_was(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good sign-ins are no failures of the office they come from, and do not make anybody there wait longer."""
    now = [1_000_000.0]
    monkeypatch.setattr(throttle.time, "time", lambda: now[0])
    throttle.begin("name", "198.51.100.7")
    before = list(SignInFailures.objects.order_by("key").values_list("key", "count", "last_at"))
    for _time in range(throttle.ADDRESS_TRIES + 1):
        now[0] += 1
        trying = throttle.begin("clerk", "198.51.100.7")
        assert trying.wait == 0
        trying.succeeded()
    assert list(SignInFailures.objects.order_by("key").values_list("key", "count", "last_at")) == before


def test_demo_accounts_are_listed_in_the_demo_only(city: City, settings: Any) -> None:
    assert "演示账号" not in page(Client(HTTP_ACCEPT_LANGUAGE="zh-CN").get("/sign-in/")).get_text()
    settings.QINGYUAN_DEMO = True
    html = page(Client(HTTP_ACCEPT_LANGUAGE="zh-CN").get("/sign-in/"))
    named = {link.get_text() for link in html.select(".lines.compact .link")}
    assert named == {str(role.label) for account in city.accounts for role in city.actor(account).roles}
    assert "虚构" in html.get_text()


def test_the_sign_in_page_of_the_demo_prefers_the_town_in_which_there_is_something_to_see(city: City) -> None:
    first = {one.role: one.username for one in demo_accounts(TODAY)}
    preferred = {one.role: one.username for one in demo_accounts(TODAY, ["stranger"])}
    assert first[str(Role.TOWN_SUPERVISOR.label)] == "supervisor"
    assert preferred[str(Role.TOWN_SUPERVISOR.label)] == "stranger"
    assert {**first, str(Role.TOWN_SUPERVISOR.label): "stranger"} == preferred


def test_what_the_demo_sign_in_page_tells_is_what_the_demo_city_is_founded_with() -> None:
    text = (settings.PACKAGE / "config" / "settings.py").read_text("utf-8")
    assert f'QINGYUAN_DEMO_PASSWORD = "{PASSWORD_OF_THE_DEMO}" if QINGYUAN_DEMO else ""' in text


# --- one's own page ---------------------------------------------------------------------------------------------------
def test_ones_grants_are_told_in_words(city: City) -> None:
    text = page(signed_in(city, "caseworker").get("/me/")).select_one("main").get_text()  # type: ignore[union-attr]
    assert str(Role.CASEWORKER.label) in text and "龙洞镇" in text
    assert "社区戒毒康复的全部台账,普查名册台账、移交来的除外:本人服务对象" in text and "姓名不遮盖" in text


def test_a_new_password_needs_the_old_one_and_keeps_this_sign_in(city: City) -> None:
    client = signed_in(city, "clerk")
    wrong = client.post("/me/password/", {"old": "nonsense", "new": "a-new-long-word-7", "again": "a-new-long-word-7"})
    assert wrong.status_code == 422
    done = client.post("/me/password/", {"old": PASSWORD, "new": "a-new-long-word-7", "again": "a-new-long-word-7"})
    assert done.status_code == 302
    assert client.get("/me/").status_code == 200
    assert sign_in(Client(), "clerk", PASSWORD).status_code == 422
    assert sign_in(Client(), "clerk", "a-new-long-word-7").status_code == 302


def test_a_weak_or_mistyped_password_is_refused_beside_its_field(city: City) -> None:
    client = signed_in(city, "clerk")
    weak = page(client.post("/me/password/", {"old": PASSWORD, "new": "12345678901", "again": "12345678901"}))
    assert weak.select_one("#id_new_error") is not None
    differs = page(client.post("/me/password/", {"old": PASSWORD, "new": "a-new-long-word-7", "again": "other"}))
    assert differs.select_one("#id_again_error") is not None


def test_the_language_is_chosen_by_a_button_and_kept(city: City) -> None:
    client = signed_in(city, "clerk")
    response = client.post("/language/", {"language": "en", "next": "/me/"})
    assert response["Location"] == "/me/"
    assert '<html lang="en">' in client.get("/me/").content.decode()


def test_every_address_of_this_slice_answers_a_stranger_without_a_row(city: City) -> None:
    for name in ("profile", "password"):
        assert Client().get(reverse(f"web:{name}")).status_code == 302


def test_every_entry_of_the_navigation_stands_once() -> None:
    places = [item.url_name for stretch in navigation.ROAD for item in stretch.items]
    assert len(places) == len(set(places))
