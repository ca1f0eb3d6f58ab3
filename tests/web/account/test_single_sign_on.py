"""The government's single sign-on against a real OpenID Connect provider in a process of its own on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.core import context
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client, RequestFactory

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.models import Account
from qingyuan.web.account import single_sign_on
from tests.cast import City
from tests.web.account.test_sign_in import browser, code_now, give_app, page

pytestmark = pytest.mark.django_db
SUBJECT = "Gov-Subject-7"
CLIENT = "qingyuan"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that asks for a subject and believes it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    env = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _try in range(300):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except requests.ConnectionError:
                assert running.poll() is None, "the provider did not start"
                time.sleep(0.2)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=20)


@pytest.fixture(autouse=True)
def _set_up(provider: str, settings: Any) -> None:
    cache.clear()
    settings.QINGYUAN_OIDC = {"server": provider, "client": CLIENT, "secret": "s" * 32, "name": "统一身份认证"}


def link(city: City, who: str = "clerk", subject: str = SUBJECT) -> None:
    single_sign_on.link(account=city.accounts[who], subject=subject, by=city.actor("security"))


def to_the_provider(client: Client, query: str = "") -> str:
    sent = client.get(f"/sign-in/government/{query}")
    assert sent.status_code == 302
    return str(sent["Location"])


def signed_there(address: str, subject: str = SUBJECT, **more: str) -> str:
    """What a person does at the provider; the path he is sent back to."""
    answer = requests.post(address, data={"sub": subject, **more}, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come_in(client: Client, subject: str = SUBJECT) -> Any:
    return client.get(signed_there(to_the_provider(client), subject))


def last_act() -> str:
    return str(ReadEntry.objects.order_by("-id").values_list("act", flat=True)[0])


def test_a_linked_account_comes_in_by_the_provider(city: City) -> None:
    link(city)
    client = browser()
    assert "用统一身份认证登录" in page(client.get("/sign-in/")).get_text()
    asked = parse_qs(urlsplit(to_the_provider(client, "?next=/indicators/")).query)
    assert (
        asked["response_type"] == ["code"]
        and asked["scope"] == ["openid"]
        and asked["code_challenge_method"] == ["S256"]
    )
    assert come_in(client).status_code == 302
    assert "周文" in page(client.get("/me/")).get_text()
    assert last_act() == "sign_in"


def test_the_way_back_is_kept(city: City) -> None:
    link(city)
    client = browser()
    assert client.get(signed_there(to_the_provider(client, "?next=/indicators/")))["Location"] == "/indicators/"


def test_the_second_factor_is_asked_for_all_the_same(city: City) -> None:
    link(city)
    give_app(city.accounts["clerk"])
    client = browser()
    assert come_in(client)["Location"] == "/sign-in/second-factor/"
    assert client.get("/me/").status_code == 302
    client.post("/sign-in/second-factor/", {"proof_code": code_now()})
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("subject", ["Somebody-Else", SUBJECT.lower(), "clerk"])
def test_a_subject_nobody_entered_opens_nothing_and_makes_no_account(city: City, subject: str) -> None:
    link(city)
    before = Account.objects.count()
    client = browser()
    assert come_in(client, subject)["Location"] == "/sign-in/"
    assert "没有登录成功" in page(client.get("/sign-in/")).get_text()
    assert Account.objects.count() == before and SocialAccount.objects.count() == 1
    assert client.get("/me/").status_code == 302 and last_act() == "sign_in_failed"


def test_a_disabled_account_is_told_what_a_stranger_is_told(city: City) -> None:
    link(city)
    Account.objects.filter(username="clerk").update(is_active=False)
    client = browser()
    assert come_in(client)["Location"] == "/sign-in/"
    assert "没有登录成功" in page(client.get("/sign-in/")).get_text()


def test_whoever_is_signed_in_cannot_tie_a_subject_to_himself(city: City) -> None:
    client = browser()
    client.force_login(city.accounts["supervisor"])
    client.get(signed_there(to_the_provider(client, "?process=connect")))
    assert not SocialAccount.objects.exists()


def test_an_answer_to_a_question_that_was_not_asked_here_is_refused(city: City) -> None:
    link(city)
    back = signed_there(to_the_provider(browser()))
    for answer in (
        back,
        back.split("&state=")[0],
        "/sign-in/government/return/",
        "/sign-in/government/return/?error=access_denied",
    ):
        assert browser().get(answer)["Location"] == "/sign-in/", answer
    client = browser()
    back = signed_there(to_the_provider(client))
    assert client.get(back).status_code == 302 and client.get("/me/").status_code == 200
    client.post("/sign-out/")
    assert client.get(back)["Location"] == "/sign-in/", "an answer counts once"


def test_refusing_at_the_provider_leads_back_calmly(city: City) -> None:
    client = browser()
    assert client.get(signed_there(to_the_provider(client), action="deny"))["Location"] == "/sign-in/"


def test_a_provider_that_is_away_leaves_the_way_by_password(city: City, settings: Any) -> None:
    settings.QINGYUAN_OIDC = {**settings.QINGYUAN_OIDC, "server": "http://127.0.0.1:9"}
    client = browser()
    assert client.get("/sign-in/government/")["Location"] == "/sign-in/"
    assert "没有登录成功" in page(client.get("/sign-in/")).get_text()


def test_without_a_provider_there_is_no_button_and_no_address(city: City, settings: Any) -> None:
    settings.QINGYUAN_OIDC = None
    client = browser()
    assert "统一身份认证" not in page(client.get("/sign-in/")).get_text()
    assert client.get("/sign-in/government/").status_code == 404
    assert client.get("/sign-in/government/return/?code=x&state=y").status_code == 404


def test_a_token_not_signed_by_the_provider_is_refused(provider: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    now = int(time.time())
    claims = {"iss": provider, "aud": CLIENT, "sub": SUBJECT, "iat": now, "exp": now + 300}
    forged = jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256")
    shared = jwt.encode(claims, "s" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims, None, algorithm="none")
    with context.request_context(request):
        sign_on = single_sign_on.GovernmentSignOn(request)
        app = sign_on.get_provider().app
        sign_on.did_fetch_access_token = True
        for written in (forged, shared, unsigned, ""):
            with pytest.raises(OAuth2Error):
                sign_on.complete_login(request, app, SocialToken(token="t"), response={"id_token": written})


def test_only_a_digest_of_the_subject_is_kept_and_nothing_else_the_provider_knows(city: City) -> None:
    link(city)
    come_in(browser())
    kept = SocialAccount.objects.get()
    assert SUBJECT not in kept.uid and SUBJECT not in str(kept.extra_data)
    assert set(kept.extra_data) == {"id_token"} and set(kept.extra_data["id_token"]) == {"sub"}


def test_the_officer_enters_changes_and_takes_off_a_subject_and_two_accounts_never_share_one(city: City) -> None:
    officer = browser()
    officer.force_login(city.accounts["security"])
    url = "/grants/clerk/sign-in/"
    assert "没有登记" in page(officer.get(url)).get_text()
    officer.post(f"{url}subject/", {"subject": SUBJECT})
    assert "已登记标识" in page(officer.get(url)).get_text()
    assert WriteEntry.objects.filter(act="accounts.subject", summary="clerk").exists()
    twice = officer.post("/grants/leader/sign-in/subject/", {"subject": SUBJECT})
    assert twice.status_code == 422 and "另一个账号" in page(twice).get_text()
    officer.post(f"{url}subject/", {"subject": ""})
    assert not SocialAccount.objects.exists()
    with pytest.raises(GrantRefused):
        single_sign_on.link(account=city.accounts["clerk"], subject="x", by=city.actor("clerk"))
