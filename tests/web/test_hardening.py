"""What holds for every answer: headers, cookies, hosts, sizes, errors; and no page carries a script or style of its own."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from qingyuan.config import urls as site
from qingyuan.web.middleware import BodyLimitMiddleware
from qingyuan.web.uploads import LARGEST_BODY, CheckedFile, InMemoryUpload
from tests.cast import City
from tests.census.urls import addresses
from tests.config.test_settings import settings_with
from tests.security.planted import Planted
from tests.security.walker import METHOD_NOT_ALLOWED, CannotFill, filled, url_of
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
REQUIRED = {
    "Content-Security-Policy": "script-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=()",
}


def lacking(answer: Any) -> list[str]:
    return [name for name, words in REQUIRED.items() if words not in answer.get(name, "")]


def inline(page: str) -> list[str]:
    """What the policy of the page would have to refuse."""
    soup = BeautifulSoup(page, "html.parser")
    found = [f"<{tag.name}>" for tag in soup.find_all("style")]
    found += ["<script>" for tag in soup.find_all("script") if not tag.get("src") and tag.get("type") != "application/json"]
    for tag in soup.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.lower().startswith("on") or name == "style"]
        found += [f"{tag.name} javascript:" for value in tag.attrs.values() if str(value).strip().lower().startswith("javascript:")]
    return found


def test_what_would_be_refused_is_seen() -> None:
    page = '<a onclick="x()" href="javascript:y()" style="a:b">x</a><script>z</script><style>q</style>'
    assert sorted(inline(page)) == ["<script>", "<style>", "a javascript:", "a onclick", "a style"]
    assert inline('<script src="/static/x.js"></script><b class="on">x</b>') == []


@pytest.mark.long
@pytest.mark.once
def test_every_page_has_its_headers_and_nothing_inline(planted: Planted) -> None:
    told, seen = [], 0
    for who in ("supervisor", "clerk", "officer", "security"):
        browser = Client(raise_request_exception=False)
        browser.force_login(planted.accounts[who])
        for address in addresses():
            try:
                ways = list(filled(planted, address))[:2]
            except CannotFill:
                continue
            for kwargs in ways:
                answer = browser.get(url_of(address, kwargs))
                seen += 1
                told += [f"{who} {address.route}: no {name}" for name in lacking(answer)]
                if "text/html" in answer.get("Content-Type", ""):
                    told += [f"{who} {address.route}: {one}" for one in inline(answer.content.decode())]
                if "no-store" not in answer.get("Cache-Control", ""):
                    told.append(f"{who} {address.route}: may be kept by a browser")
                if answer.status_code == METHOD_NOT_ALLOWED:
                    break
    assert seen > 400
    assert told == [], told[:20]


def test_pages_of_errors_have_the_same_headers_nothing_inline_and_no_detail(city: City) -> None:
    browser = browser_of(city, "supervisor")
    browser.raise_request_exception = False
    answers = {
        404: browser.get("/nothing-here/"),
        403: browser.get("/audit/"),
        400: browser.get("/today/", headers={"Host": "evil.example"}),
        413: browser.post("/ledgers/import/", data=b"x", content_type="text/plain", CONTENT_LENGTH=str(LARGEST_BODY + 1)),
    }
    # The frame of every page breaks: the page of the error may not need it.
    with mock.patch("qingyuan.web.navigation.road_for", side_effect=ValueError("阚晓雾 999999199101016019")):
        answers[500] = browser.get("/profile/")
    for status, answer in answers.items():
        assert answer.status_code == status, (status, answer.status_code)
        assert lacking(answer) == [], status
        page = answer.content.decode()
        assert inline(page) == [] and "Traceback" not in page and "阚晓雾" not in page and "evil.example" not in page
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text_of(answer)), "it says in Chinese what to do"


def test_a_body_longer_than_any_door_is_refused_before_it_is_read(rf: RequestFactory) -> None:
    def never(request: HttpRequest) -> HttpResponse:
        raise AssertionError("it was let in")

    for length, status in ((str(LARGEST_BODY + 1), 413), ("-5", 400), ("1e9", 400), ("９", 400)):
        request = rf.post("/", data=b"", content_type="text/plain", CONTENT_LENGTH=length)
        assert BodyLimitMiddleware(never)(request).status_code == status
    let = BodyLimitMiddleware(lambda request: HttpResponse("in"))
    assert let(rf.post("/", {"a": "b"})).status_code == 200


def test_a_file_is_held_in_memory_and_never_in_a_temporary_folder(rf: RequestFactory) -> None:
    assert django_settings.FILE_UPLOAD_HANDLERS == [f"{InMemoryUpload.__module__}.{InMemoryUpload.__name__}"]
    large = SimpleUploadedFile("大.csv", b"a,b\n" * 1_000_000)
    upload = rf.post("/", {"file": large}).FILES["file"]
    assert isinstance(upload, InMemoryUploadedFile) and isinstance(upload.file, io.BytesIO) and upload.size == 4_000_000


@pytest.mark.parametrize(
    ("path", "who", "field"),
    [("/ledgers/tests/import/", "supervisor", "file"), ("/layouts/", "supervisor", "file"), ("/foreign-forms/", "clerk", "file")],
)
def test_each_door_for_files_refuses_a_picture_called_a_table(city: City, path: str, who: str, field: str) -> None:
    png = SimpleUploadedFile("名单.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    data = {field: png, "title": "月报", "sent_by": "某办", "ledger": "tests"}
    answer = browser_of(city, who).post(path, data)
    if answer.status_code == 404:
        pytest.fail(f"{path} is gone: name the door's new address here")
    assert answer.status_code == 422 and "只改后缀" in text_of(answer)


def test_every_field_for_a_file_is_a_checked_one() -> None:
    root = Path(site.__file__).parents[1] / "web"
    plain = [str(path) for path in root.rglob("*.py") if "forms.FileField(" in path.read_text(encoding="utf-8")]
    assert plain == [str(root / "uploads.py")] or plain == [], plain
    assert issubclass(CheckedFile, object)


def test_cookies_are_of_one_city_closed_to_scripts_and_other_sites(city: City, tmp_path: Path) -> None:
    found = settings_with(tmp_path, QINGYUAN_CITY="yunling")
    names = {found[f"{kind}_COOKIE_NAME"] for kind in ("SESSION", "CSRF", "LANGUAGE")}
    assert len(names) == 3 and all(name.startswith("__Host-qingyuan-yunling") for name in names)
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{kind}_COOKIE_SECURE"] and found[f"{kind}_COOKIE_HTTPONLY"]
        assert found[f"{kind}_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000 and found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    plain = settings_with(tmp_path, QINGYUAN_CITY="yunling", QINGYUAN_HTTPS="0")
    assert plain["SESSION_COOKIE_NAME"] == "qingyuan-yunling" and plain["SECURE_HSTS_SECONDS"] == 0
    browser = Client()
    browser.post("/sign-in/", {"username": "supervisor", "password": "synthetic-pass-2022"})
    cookie = browser.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]


def test_another_host_is_refused_and_not_repeated(city: City) -> None:
    answer = Client().get("/sign-in/", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and b"evil" not in answer.content


def test_the_machine_interface_answers_with_a_file_and_never_with_a_page(city: City) -> None:
    answer = browser_of(city, "supervisor").get("/api/v1/ledgers")
    assert "attachment" in answer["Content-Disposition"] and "json" in answer["Content-Type"]
    assert "Access-Control-Allow-Origin" not in answer
