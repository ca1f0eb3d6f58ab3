"""Coming in: the right password, the second stage, known devices, codes of the security officer, one answer to strangers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.crypto import looks_encrypted
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account
from qingyuan.organisation.policy import SECOND_FACTOR
from qingyuan.web.account import devices, factors, proof, throttle
from tests.cast import TODAY, City

PASSWORD = "synthetic-pass-2022"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_memory_of_tries() -> None:
    cache.clear()


def code_now(secret: str = SECRET, step: int = 0) -> str:
    """What the app shows now (``step`` 0), or shows after ``step`` times thirty seconds."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + step))


def give_app(account: Account) -> Authenticator:
    """An app whose first code was used long ago."""
    made: Authenticator = factors.TOTP.activate(account, SECRET).instance
    return made


def page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def browser(address: str = "198.51.100.8") -> Client:
    return Client(
        REMOTE_ADDR=address, HTTP_ACCEPT_LANGUAGE="zh-CN", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0"
    )


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password})


def acts() -> list[str]:
    return list(ReadEntry.objects.order_by("id").values_list("act", flat=True))


# --- the second stage -------------------------------------------------------------------------------------------------
def test_the_right_password_alone_opens_nothing_where_there_is_a_second_factor(city: City) -> None:
    give_app(city.accounts["clerk"])
    client = browser()
    assert sign_in(client, "clerk")["Location"] == "/sign-in/second-factor/"
    assert client.get("/me/")["Location"].startswith("/sign-in/")
    assert client.get("/api/v1/letters").status_code == 401
    wrong = client.post("/sign-in/second-factor/", {"proof_code": "000000"})
    assert wrong.status_code == 422 and "验证没有通过" in page(wrong).get_text()
    done = client.post("/sign-in/second-factor/", {"proof_code": code_now()})
    assert done.status_code == 302
    assert client.get("/me/").status_code == 200
    assert acts() == ["proof_failed", "sign_in"]


def test_a_code_of_the_app_opens_once(city: City) -> None:
    give_app(city.accounts["clerk"])
    code = code_now()
    for expected in (302, 422):
        client = browser()
        sign_in(client, "clerk")
        assert client.post("/sign-in/second-factor/", {"proof_code": code}).status_code == expected


def test_the_way_back_is_kept_through_the_second_stage(city: City) -> None:
    give_app(city.accounts["clerk"])
    client = browser()
    client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": "/indicators/"})
    assert client.post("/sign-in/second-factor/", {"proof_code": code_now()})["Location"] == "/indicators/"


def test_the_second_stage_without_a_first_leads_back_to_the_beginning(db: None) -> None:
    client = browser()
    for response in (
        client.get("/sign-in/second-factor/"),
        client.post("/sign-in/second-factor/", {"proof_code": "123456"}),
    ):
        assert response["Location"] == "/sign-in/"


def test_an_account_disabled_between_the_stages_does_not_get_in(city: City) -> None:
    give_app(city.accounts["clerk"])
    client = browser()
    sign_in(client, "clerk")
    Account.objects.filter(username="clerk").update(is_active=False)
    assert client.post("/sign-in/second-factor/", {"proof_code": code_now()})["Location"] == "/sign-in/"
    assert client.get("/me/").status_code == 302


def test_whoever_sits_down_where_another_is_signed_in_ends_that_session(city: City) -> None:
    give_app(city.accounts["clerk"])
    client = browser()
    sign_in(client, "supervisor")
    sign_in(client, "clerk")
    assert client.get("/me/").status_code == 302, "neither the one nor, yet, the other"
    client.post("/sign-in/second-factor/", {"proof_code": code_now()})
    assert "周文" in page(client.get("/me/")).get_text()
    assert acts() == ["sign_in", "sign_out", "sign_in"]


def test_a_code_on_paper_stands_in_once(city: City) -> None:
    account = city.accounts["clerk"]
    give_app(account)
    codes = factors.make_codes(account=account, by=city.actor("clerk"))
    assert len(set(codes)) == 10 and all(len(code) == 10 for code in codes)
    for expected in (302, 422):
        client = browser()
        sign_in(client, "clerk")
        assert client.post("/sign-in/second-factor/", {"proof_code": codes[3]}).status_code == expected
    assert factors.factors_of(account).codes_left == 9


def test_no_secret_of_a_factor_stands_clear_in_the_database(city: City) -> None:
    account = city.accounts["clerk"]
    give_app(account)
    codes = factors.make_codes(account=account, by=city.actor("clerk"))
    with connection.cursor() as cursor:
        cursor.execute("select type, data from mfa_authenticator order by type")
        stored = {kind: str(data) for kind, data in cursor.fetchall()}
    assert SECRET not in stored["totp"] and not any(code in stored["recovery_codes"] for code in codes)
    paper = Authenticator.objects.get(type="recovery_codes")
    app = Authenticator.objects.get(type="totp")
    assert looks_encrypted(paper.data["seed"]) and looks_encrypted(app.data["secret"])


# --- who must ---------------------------------------------------------------------------------------------------------
def test_roles_that_must_are_told_to_add_one_before_anything_opens(city: City, settings: Any) -> None:
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    for who in city.accounts:
        must = bool(city.actor(who).roles & SECOND_FACTOR)
        client = browser()
        sign_in(client, who)
        assert (client.get("/me/").get("Location") == "/me/security/") is must, who
        assert (client.get("/api/v1/ledgers").status_code == 403) is must, who
        assert (client.get("/today/", headers={"HX-Request": "true"}).get("HX-Redirect") == "/me/security/") is must, (
            who
        )
        assert client.get("/me/security/").status_code == 200
    assert {
        Role.SECURITY_OFFICER,
        Role.AUDITOR,
        Role.COMMISSION_CLERK,
        Role.POLICE_OFFICER,
        Role.DOCTOR,
    } <= SECOND_FACTOR


def test_adding_an_app_opens_the_rest_and_hands_out_codes_once(city: City, settings: Any) -> None:
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    client = browser()
    sign_in(client, "clerk")
    shown = page(client.get("/me/security/app/"))
    secret = shown.select_one("code.secret").get_text().replace(" ", "")  # type: ignore[union-attr]
    assert shown.select_one(".square img")["src"].startswith("data:image/png")  # type: ignore[index,union-attr]
    assert client.post("/me/security/app/", {"code": "12345"}).status_code == 422
    added = client.post("/me/security/app/", {"code": code_now(secret)})
    codes = [code.get_text() for code in page(added).select(".paper-codes code")]
    assert len(codes) == 10
    assert client.get("/me/").status_code == 200
    again = client.get("/me/security/").content.decode()
    assert not any(code in again for code in codes)
    kinds = list(
        WriteEntry.objects.filter(act__startswith="accounts.factor").order_by("at").values_list("act", "summary")
    )
    assert kinds == [("accounts.factor_add", "clerk totp"), ("accounts.factor_codes", "clerk recovery_codes")]


def test_a_session_that_has_not_used_its_factor_is_asked_for_it(city: City, settings: Any) -> None:
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    client = browser()
    client.force_login(city.accounts["clerk"])
    give_app(city.accounts["clerk"])
    assert client.get("/me/")["Location"] == "/me/security/"
    assert "现在验证" in page(client.get("/me/security/")).get_text()
    assert client.post("/prove/", {"proof_code": code_now(), "next": "/me/"})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_program_with_its_own_key_is_not_asked_for_a_telephone(city: City, settings: Any) -> None:
    settings.QINGYUAN_REQUIRE_SECOND_FACTOR = True
    client = browser()
    client.force_login(city.accounts["supervisor"])
    made = client.post("/me/tokens/make/", {"purpose": "试", "last_day": TODAY.isoformat()})
    key = page(made).select_one("code.key").get_text()  # type: ignore[union-attr]
    assert Client().get("/api/v1/ledgers", headers={"authorization": f"Bearer {key}"}).status_code == 200


# --- guessing ---------------------------------------------------------------------------------------------------------
def test_failures_of_another_at_the_same_address_do_not_keep_the_owner_out_on_his_known_device(city: City) -> None:
    office = "198.51.100.7"
    known = browser(office)
    assert sign_in(known, "clerk").status_code == 302
    known.post("/sign-out/")
    guesser = browser(office)
    for _try in range(throttle.ADDRESS_TRIES + 5):
        sign_in(guesser, "clerk", "nonsense")
    assert throttle.begin("clerk", office).wait > 0
    assert sign_in(guesser, "clerk").status_code == 422, "the guesser waits even with the right password"
    assert sign_in(browser(office), "clerk").status_code == 422, "so does a new machine there"
    assert sign_in(known, "clerk").status_code == 302
    assert sign_in(browser("203.0.113.5"), "clerk").status_code == 302, "and so is the owner elsewhere let in"


def test_a_known_device_is_slowed_by_its_own_failures_only(city: City) -> None:
    known = browser()
    sign_in(known, "clerk")
    known.post("/sign-out/")
    for _try in range(throttle.FREE_TRIES):
        sign_in(known, "clerk", "nonsense")
    refused = sign_in(known, "clerk")
    assert refused.status_code == 422 and "秒后再试" in page(refused).get_text()
    assert throttle.begin("supervisor", "198.51.100.8").wait == 0


def test_a_device_knows_only_who_came_in_on_it_and_a_changed_cookie_knows_nobody(city: City) -> None:
    client = browser()
    sign_in(client, "clerk")
    cookie = client.cookies[devices.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and "clerk" not in cookie.value
    request: Any = type("R", (), {"COOKIES": {devices.COOKIE: cookie.value}})()
    assert devices.known_device(request, "clerk") and devices.known_device(request, "CLERK")
    assert devices.known_device(request, "supervisor") == ""
    request.COOKIES[devices.COOKIE] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    assert devices.known_device(request, "clerk") == ""


def test_whoever_holds_the_password_cannot_try_codes_from_address_to_address(city: City) -> None:
    give_app(city.accounts["clerk"])
    for number in range(throttle.ACCOUNT_TRIES):
        client = browser(f"203.0.113.{number + 1}")
        sign_in(client, "clerk")
        client.post("/sign-in/second-factor/", {"proof_code": "000000"})
    client = browser("192.0.2.77")
    sign_in(client, "clerk")
    refused = client.post("/sign-in/second-factor/", {"proof_code": code_now()})
    assert refused.status_code == 422 and "再试" in page(refused).get_text()


def test_trying_codes_from_address_to_address_does_not_keep_the_owner_out_on_his_known_device(city: City) -> None:
    give_app(city.accounts["clerk"])
    known = browser()
    sign_in(known, "clerk")
    known.post("/sign-in/second-factor/", {"proof_code": code_now(step=-1)})
    known.post("/sign-out/")
    for number in range(throttle.ACCOUNT_TRIES + 3):
        throttle.begin("clerk\0proof", f"203.0.113.{number + 1}", everywhere=True)
    assert throttle.begin("clerk\0proof", "203.0.113.200", everywhere=True).wait > 0
    sign_in(known, "clerk")
    assert known.post("/sign-in/second-factor/", {"proof_code": code_now()}).status_code == 302


# --- a code from the security officer ---------------------------------------------------------------------------------
def reset(city: City, who: str = "clerk") -> str:
    return accounts.reset_password(account=city.accounts[who], reason="当面", by=city.actor("security"))


def test_a_one_time_code_opens_only_the_page_of_a_new_password(city: City) -> None:
    code = reset(city)
    assert sign_in(browser(), "clerk").status_code == 422, "the lost password is gone"
    client = browser()
    sign_in(client, "clerk", code)
    assert client.get("/today/")["Location"] == "/me/password/"
    assert client.get("/api/v1/letters").status_code == 403
    assert client.post("/me/tokens/make/", {"purpose": "x", "last_day": "2022-12-01"})["Location"] == "/me/password/"
    same = client.post("/me/password/", {"new": code, "again": code})
    assert same.status_code == 422
    done = client.post("/me/password/", {"new": "quiet-river-lantern-9", "again": "quiet-river-lantern-9"})
    assert done.status_code == 302
    assert client.get("/me/").status_code == 200
    assert sign_in(browser(), "clerk", "quiet-river-lantern-9").status_code == 302
    written = set(WriteEntry.objects.filter(ledger="accounts").values_list("act", flat=True))
    assert written >= {"accounts.reset", "accounts.use_code", "accounts.password"}


def test_a_one_time_code_opens_once_and_not_after_its_day(city: City) -> None:
    code = reset(city)
    sign_in(browser(), "clerk", code)
    assert sign_in(browser(), "clerk", code).status_code == 422
    code = reset(city)
    Account.objects.filter(username="clerk").update(code_until=clock.now() - timedelta(minutes=1))
    assert sign_in(browser(), "clerk", code).status_code == 422


def test_a_reset_of_the_password_leaves_the_second_factor_in_place(city: City) -> None:
    give_app(city.accounts["clerk"])
    code = reset(city)
    client = browser()
    assert sign_in(client, "clerk", code)["Location"] == "/sign-in/second-factor/"
    client.post("/sign-in/second-factor/", {"proof_code": code_now()})
    assert client.get("/me/")["Location"] == "/me/password/"


# --- strangers learn nothing ------------------------------------------------------------------------------------------
def test_no_answer_tells_whether_an_account_exists_is_disabled_or_waits_with_a_code(city: City) -> None:
    reset(city, "leader")
    Account.objects.filter(username="leader").update(code_until=clock.now() - timedelta(minutes=1))
    Account.objects.filter(username="auditor").update(is_active=False)
    give_app(city.accounts["officer"])
    said = set()
    for who, password in (("clerk", "x"), ("nobody", "x"), ("auditor", PASSWORD), ("leader", "x"), ("officer", "x")):
        answer = sign_in(browser(), who, password)
        form = page(answer).select_one(".form-errors")
        assert form is not None
        said.add((answer.status_code, form.get_text()))
    assert len(said) == 1


def test_nothing_of_the_library_is_routed_by_itself(db: None) -> None:
    for name in ("account_login", "account_signup", "account_reset_password", "account_email", "mfa_index", "mfa_authenticate",
                 "socialaccount_signup", "socialaccount_connections", "usersessions_list", "openid_connect_login"):  # fmt: skip
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert set(get_resolver().namespace_dict) == {"web", "api-v1"}
    for path in ("/accounts/signup/", "/accounts/login/", "/accounts/password/reset/"):
        assert Client().get(path).status_code in (302, 404) and mail.outbox == []


def test_signing_in_proves_it_for_a_while_and_no_longer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser()
    sign_in(client, "clerk")
    at = client.session[proof.PROVED_AT]
    request: Any = type("R", (), {"session": client.session})()
    monkeypatch.setattr(proof.time, "time", lambda: at + proof.HOLDS_SECONDS - 1)
    assert proof.is_fresh(request)
    monkeypatch.setattr(proof.time, "time", lambda: at + proof.HOLDS_SECONDS)
    assert not proof.is_fresh(request)
