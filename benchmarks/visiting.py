"""A signed-in visitor over plain HTTP, for the benchmarks: no browser, nothing but the standard library."""

from __future__ import annotations

import re
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SECONDS = 60


class CannotSignIn(RuntimeError):
    """The account or password is not one of this city."""


class Visitor:
    """Keeps its cookies; ``get`` answers (status, body, seconds)."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        _status, page, _seconds = self.get("/sign-in/")
        token = TOKEN.search(page)
        if token is None:
            raise CannotSignIn(f"{self.url} is not a sign-in page of Qingyuan")
        fields = {"csrfmiddlewaretoken": token.group(1), "username": username, "password": password}
        status, page, _seconds = self._open("/sign-in/", urlencode(fields).encode())
        if status != 200 or 'name="password"' in page:
            raise CannotSignIn(f"{username} cannot sign in at {self.url}")

    def get(self, path: str, **headers: str) -> tuple[int, str, float]:
        return self._open(path, None, headers)

    def _open(self, path: str, data: bytes | None, headers: dict[str, str] | None = None) -> tuple[int, str, float]:
        request = Request(self.url + path, data=data, headers={"Referer": self.url + path, **(headers or {})})
        began = time.perf_counter()
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                body = answer.read().decode("utf-8", "replace")
                return int(answer.status), body, time.perf_counter() - began
        except HTTPError as error:
            error.read()
            return error.code, "", time.perf_counter() - began
