"""What holds for every page: who is asking, about what, reads that only read, and nothing left in a browser's cache."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from qingyuan.foundation import clock
from qingyuan.organisation.actor import ANONYMOUS, actor_of
from qingyuan.web import errors
from qingyuan.web.context import DIVISION, ScopeChoice, WebRequest, scope_of
from qingyuan.web.uploads import LARGEST_BODY

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = "open_to_strangers"
WRITES = "writes_on_get"
# PostgreSQL puts the parts of a UNION in parentheses.
_READS = re.compile(
    r"[\s(]*(?:SELECT|WITH|VALUES|EXPLAIN|PRAGMA|SHOW|SET|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.I
)
_WRITE_IN_WITH = re.compile(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+SET)\b", re.I)


class WriteOnRead(RuntimeError):
    """A page opened by GET tried to change the main database: a fault of the program, never of the person."""

    def __init__(self, sql: str) -> None:
        super().__init__(f"打开页面时不得改动数据: {sql[:80]}")


def open_to_strangers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a page that may be seen without signing in."""
    setattr(view, PUBLIC, True)
    return view


# What a page of ours never asks a browser for.
NOT_NEEDED = (
    *("camera", "microphone", "geolocation", "payment", "usb", "serial", "display-capture", "midi"),
    *("accelerometer", "gyroscope", "magnetometer", "browsing-topics"),
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in NOT_NEEDED)


class HeadersMiddleware:
    """What every answer carries besides Django's own headers; outermost, so that errors carry it too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.path.startswith(errors.API):
            # A browser that is led to the machine interface keeps the answer as a file and shows nothing as a page.
            response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
        return response


class BodyLimitMiddleware:
    """Refuses by its announced length what no door would take, before a byte of it is read.

    A body without a length is not read at all: the server takes it for empty.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isascii() or not length.isdigit():
            return errors.unreadable(request)
        if int(length) > LARGEST_BODY:
            return errors.too_large(request)
        return self.get_response(request)


def writes_on_get(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks the few addresses that a standard makes others open by GET although something is written (OpenID Connect)."""
    setattr(view, WRITES, True)
    return view


class NoNullCharactersMiddleware:
    """Takes NUL out of what an address asks: it means nothing to anyone, and PostgreSQL refuses a text that holds it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\0" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "").replace("\0", "")
        return self.get_response(request)


class ActorMiddleware:
    """``request.actor`` and (lazily) ``request.scope``; sends strangers to the sign-in page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: WebRequest) -> HttpResponseBase:
        actor = actor_of(request.user, clock.today()) if request.user.is_authenticated else ANONYMOUS
        request.actor = actor
        request.scope = cast(ScopeChoice, SimpleLazyObject(lambda: scope_of(request)))
        response = self.get_response(request)
        if not actor.is_anonymous:
            # A shared office computer: the next person's "back" button must not show this page.
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: WebRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        actor = request.actor
        match = request.resolver_match
        if match is None or match.namespaces[:1] != ["web"] or getattr(view, PUBLIC, False):
            return None
        if not actor.is_anonymous:
            if DIVISION in request.GET:
                bool(request.scope)  # an address outside one's range is refused at once
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(resolve_url("web:sign-in"))
        return redirect_to_login(request.get_full_path())


class ReadOnlyGetMiddleware:
    """A GET only reads the main database. Sessions are saved further out, and the read audit is another database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        # A session whose password was changed meanwhile is deleted when its user is asked for: before the door shuts.
        user = getattr(request, "user", None)
        bool(user and user.is_authenticated)

        def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            match = request.resolver_match
            if match is not None and getattr(match.func, WRITES, False):
                return execute(sql, params, many, context)
            return refuse_writes(execute, sql, params, many, context)

        with connections[DEFAULT_DB_ALIAS].execute_wrapper(guard):
            return self.get_response(request)


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Database instrumentation: lets reading statements through. Errors: WriteOnRead."""
    if not _READS.match(sql) or (sql.lstrip("( \t\r\n")[:4].upper() == "WITH" and _WRITE_IN_WITH.search(sql)):
        raise WriteOnRead(sql)
    return execute(sql, params, many, context)
