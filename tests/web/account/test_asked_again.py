"""Asked again before what is weighty; the list of it; one's own factors; where one is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.organisation.models import ApiToken
from qingyuan.web.account import factors, proof, sessions
from qingyuan.web.account.ways import shortened
from tests.cast import City, measure_values
from tests.census.urls import GATES, Gate
from tests.web.account.test_sign_in import PASSWORD, browser, code_now, give_app, page, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory_of_tries() -> None:
    cache.clear()


def grown_old(client: Client) -> Client:
    """The proof of signing in has run out."""
    session = client.session
    session[proof.PROVED_AT] -= proof.HOLDS_SECONDS
    session.save()
    return client


def inside(city: City, who: str) -> Client:
    client = browser()
    client.force_login(city.accounts[who])
    return client


# --- the list ---------------------------------------------------------------------------------------------------------
def test_everything_that_exports_signs_publishes_or_unseals_is_on_the_list() -> None:
    assert set(proof.ASKED_AGAIN) <= set(GATES), "an address that is gone"
    exports = {name for name, gate in GATES.items() if gate is Gate.LEDGER_EXPORT or name.endswith("-export")}
    assert {name for name in exports if proof.weighty(name, "GET", {}) is None} == set()
    for name in (
        "letter-sign",
        "letter-issue",
        "letter-amend",
        "letter-void",
        "target-publish",
        "ledger-open",
        "token-make",
    ):
        assert proof.weighty(f"web:{name}", "POST", {}) is not None, name
    for name, move in (
        ("paper-move", "sign"),
        ("paper-move", "issue"),
        ("return-move", "lock"),
        ("closing-move", "reopen"),
    ):
        assert proof.weighty(f"web:{name}", "POST", {"move": move}) is not None, (name, move)
    assert proof.weighty("web:paper-move", "POST", {"move": "send-back"}) is None
    assert proof.weighty("web:letter-sign", "GET", {}) is None


# --- files ------------------------------------------------------------------------------------------------------------
def test_an_export_asks_first_and_then_offers_the_file(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    client = inside(city, "supervisor")
    assert client.get("/ledgers/measures/export/?when=all").status_code == 200, "fresh from signing in"
    grown_old(client)
    sent = client.get(
        "/ledgers/measures/export/?when=all", headers={"referer": "http://testserver/ledgers/measures/?when=all"}
    )
    assert sent["Location"].startswith("/prove/?next=%2Fledgers%2Fmeasures%2Fexport%2F%3Fwhen%3Dall")
    asked = page(client.get(sent["Location"]))
    kept = {
        field["name"]: field["value"]
        for field in asked.select("form input[type=hidden]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    assert kept["next"] == "/ledgers/measures/export/?when=all" and kept["back"] == "/ledgers/measures/?when=all"
    wrong = client.post("/prove/", {**kept, "proof_password": "nonsense"})
    assert wrong.status_code == 422 and "口令不对" in page(wrong).get_text()
    right = page(client.post("/prove/", {**kept, "proof_password": PASSWORD}))
    link = right.find("a", string="下载文件")
    assert link is not None and link["href"] == kept["next"]  # type: ignore[index]
    assert client.get(str(link["href"])).status_code == 200  # type: ignore[index]
    assert list(ReadEntry.objects.filter(act__startswith="proof").order_by("id").values_list("act", flat=True)) == [
        "proof_failed",
        "proof",
    ]


def test_the_page_that_asks_sends_nobody_elsewhere(city: City) -> None:
    client = inside(city, "supervisor")
    answer = client.post(
        "/prove/", {"next": "https://elsewhere.example/", "back": "//elsewhere.example", "proof_password": PASSWORD}
    )
    assert answer["Location"] == "/"


# --- acts -------------------------------------------------------------------------------------------------------------
def test_an_act_waits_on_the_page_and_happens_once_it_is_proved(city: City) -> None:
    client = grown_old(inside(city, "supervisor"))
    asked = client.post("/me/tokens/make/", {"purpose": "每晚取数", "last_day": "2022-12-31"})
    assert asked.status_code == 403 and not ApiToken.objects.exists()
    form = page(asked).select_one("main form")
    assert form is not None and form["action"] == "/me/tokens/make/"
    posted = {
        field["name"]: field.get("value", "")
        for field in form.select("input")
        if field["name"] != "csrfmiddlewaretoken"
    }
    assert posted["purpose"] == "每晚取数"
    refused = client.post("/me/tokens/make/", {**posted, "proof_password": "nonsense"})
    assert refused.status_code == 403 and not ApiToken.objects.exists()
    assert client.post("/me/tokens/make/", {**posted, "proof_password": PASSWORD}).status_code == 200
    assert ApiToken.objects.get().purpose == "每晚取数"


def test_a_file_cannot_wait_so_the_proof_comes_first(city: City) -> None:
    client = grown_old(inside(city, "supervisor"))
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4", content_type="application/pdf")
    url = "/letters/00000000-0000-0000-0000-000000000000/sign/"
    answer = client.post(url, {"file": scan}, headers={"referer": "http://testserver/letters/"})
    assert answer["Location"] == "/prove/?next=%2Fletters%2F"
    assert "再提交一次" in page(client.get("/prove/")).get_text()


def test_a_fragment_and_a_program_are_told_where_to_prove_it(city: City) -> None:
    client = grown_old(inside(city, "officer"))
    fragment = client.post(
        "/ledgers/penalties/open/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/ledgers/penalties/"},
    )
    assert fragment["HX-Redirect"] == "/prove/?next=%2Fledgers%2Fpenalties%2F"
    program = client.post("/api/v1/ledgers/penalties/open", {}, content_type="application/json")
    assert program.status_code == 403 and program.json()["how"] == "/prove/"


def test_who_has_a_second_factor_proves_it_by_that_and_not_by_the_password(city: City) -> None:
    give_app(city.accounts["supervisor"])
    client = grown_old(inside(city, "supervisor"))
    fields = [field["name"] for field in page(client.get("/prove/")).select("main form input")]
    assert "proof_code" in fields and "proof_password" not in fields
    assert client.post("/prove/", {"proof_password": PASSWORD}).status_code == 422
    assert client.post("/prove/", {"proof_code": code_now()}).status_code == 302


def test_guessing_at_an_unlocked_machine_is_slowed(city: City) -> None:
    client = inside(city, "supervisor")
    for _try in range(5):
        client.post("/prove/", {"proof_password": "nonsense"})
    assert "再试" in page(client.post("/prove/", {"proof_password": PASSWORD})).get_text()


# --- one's own factors ------------------------------------------------------------------------------------------------
def test_factors_are_changed_only_after_a_fresh_proof(city: City) -> None:
    app = give_app(city.accounts["supervisor"])
    client = grown_old(inside(city, "supervisor"))
    for url in (f"/me/security/factors/{app.pk}/remove/", "/me/security/codes/"):
        assert client.post(url).status_code == 403
    for url in ("/me/security/app/", "/me/security/passkey/"):
        assert client.get(url)["Location"].startswith("/prove/")
    assert Authenticator.objects.count() == 1


def test_the_last_factor_stays_where_the_role_asks_for_one_and_goes_with_its_codes_elsewhere(city: City) -> None:
    for who, left in (("clerk", 2), ("supervisor", 0)):
        account = city.accounts[who]
        app = give_app(account)
        factors.make_codes(account=account, by=city.actor(who))
        client = inside(city, who)
        client.post(f"/me/security/factors/{app.pk}/remove/")
        assert Authenticator.objects.filter(user=account).count() == left
    assert WriteEntry.objects.filter(act="accounts.factor_remove", summary="supervisor totp").exists()


def test_nobody_takes_off_anothers_factor_or_ends_anothers_session(city: City) -> None:
    app = give_app(city.accounts["leader"])
    other = browser()
    sign_in(other, "stranger")
    place = UserSession.objects.get()
    client = inside(city, "supervisor")
    assert client.post(f"/me/security/factors/{app.pk}/remove/").status_code == 404
    assert client.post(f"/me/security/sessions/{place.pk}/end/").status_code == 404
    assert Authenticator.objects.filter(pk=app.pk).exists() and other.get("/me/").status_code == 200


def test_a_broken_answer_of_a_browser_is_refused_calmly(city: City) -> None:
    client = inside(city, "supervisor")
    client.get("/me/security/passkey/")
    for answer in (
        "",
        "null",
        "[]",
        "{",
        '{"id": 1}',
        '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}',
    ):
        assert client.post("/me/security/passkey/", {"name": "钥匙", "answer": answer}).status_code == 422, answer
    assert not Authenticator.objects.exists()


# --- where one is signed in -------------------------------------------------------------------------------------------
def test_sessions_are_listed_with_device_and_network_and_no_whole_address(city: City) -> None:
    client = browser("198.51.100.77")
    sign_in(client, "supervisor")
    text = page(client.get("/me/security/")).select_one("#sessions").get_text()  # type: ignore[union-attr]
    assert "Windows · Chrome" in text and "198.51.100.*" in text and "本机" in text
    assert UserSession.objects.get().ip == "198.51.100.0"
    assert "198.51.100.77" not in client.get("/me/security/").content.decode()


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("198.51.100.77", "198.51.100.0"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::"),
        ("::ffff:198.51.100.7", "198.51.100.0"),
        ("", "0.0.0.0"),
    ],
)
def test_addresses_are_shortened_to_their_network(whole: str, short: str) -> None:
    assert shortened(whole) == short


def test_one_session_or_all_can_be_ended(city: City) -> None:
    here, there, third = browser(), browser("203.0.113.5"), browser("192.0.2.9")
    for client in (here, there, third):
        sign_in(client, "supervisor")
    place = UserSession.objects.get(ip="203.0.113.0")
    here.post(f"/me/security/sessions/{place.pk}/end/")
    assert there.get("/me/").status_code == 302 and here.get("/me/").status_code == 200
    assert here.post("/me/security/sessions/end/")["Location"] == "/sign-in/"
    assert third.get("/me/").status_code == 302 and here.get("/me/").status_code == 302
    assert not UserSession.objects.exists()
    assert {"sign_out_one", "sign_out_everywhere"} <= set(ReadEntry.objects.values_list("act", flat=True))


def test_a_new_password_ends_the_other_sessions_and_lists_this_one(city: City) -> None:
    here, there = browser(), browser("203.0.113.5")
    for client in (here, there):
        sign_in(client, "supervisor")
    new = "quiet-river-lantern-9"
    assert here.post("/me/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert there.get("/me/").status_code == 302
    assert "本机" in page(here.get("/me/security/")).get_text()
    assert UserSession.objects.count() == 1


def test_reading_pages_notes_the_session_every_few_minutes_and_not_each_time(
    city: City, django_assert_num_queries: Any
) -> None:
    client = inside(city, "supervisor")
    client.get("/me/")
    first = UserSession.objects.get()
    client.get("/me/")
    assert UserSession.objects.get().last_seen_at == first.last_seen_at
    session = client.session
    session["seen_at"] -= 600
    session.save()
    client.get("/me/")
    assert UserSession.objects.get().last_seen_at > first.last_seen_at


def test_devices_are_told_in_words() -> None:
    words = {
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/86.0 Safari/537.36": "Windows · Chrome",
        "Mozilla/5.0 (X11; UOS x86_64) AppleWebKit/537.36 Chrome/86.0 Safari/537.36": "统信 UOS · Chrome",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Mobile Safari/604.1": "iPhone · Safari",
        "curl/8": "不认识的设备",
    }
    assert {agent: sessions.device_words(agent) for agent in words} == words
