"""What holds for every page of someone signed in: a password of one's own, a second factor, a fresh proof; last seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from qingyuan.foundation.audit import record_read
from qingyuan.organisation.models import Account
from qingyuan.web.account import proof, sessions
from qingyuan.web.account.proving import PROOF_FIELDS, ProofForm
from qingyuan.web.account.ways import address_of, is_here
from qingyuan.web.context import WebRequest

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SEEN_AT: Final = "seen_at"
SEEN_EVERY_SECONDS: Final = 5 * 60
_OURS: Final = frozenset({"web", "api-v1"})
_ALWAYS: Final = frozenset({"web:sign-in", "web:sign-out", "web:language"})
WITH_A_CODE: Final = _ALWAYS | {"web:password"}
WITHOUT_FACTOR: Final = _ALWAYS | {
    "web:security",
    "web:prove",
    "web:factor-app",
    "web:factor-passkey",
    "web:factor-codes",
    "web:session-end",
    "web:sessions-end",
}


class ProofMiddleware:
    """Sends whoever came in by a one-time code to a new password, whoever lacks a second factor to adding one, and asks
    again before what is weighty (``proof.ASKED_AGAIN``)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: WebRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match, account = request.resolver_match, request.user
        if match is None or match.namespaces[:1] == [] or match.namespaces[0] not in _OURS:
            return None
        if not isinstance(account, Account) or _comes_with_a_token(request, match.namespaces[0]):
            return None
        name = match.view_name
        program = match.namespaces[0] == "api-v1"
        if account.must_set_password and name not in WITH_A_CODE:
            return _sent(request, program, "web:password", _("请先设置自己的口令。"))
        if not account.must_set_password and name not in WITHOUT_FACTOR and proof.lacks_factor(request, request.actor):
            return _sent(request, program, "web:security", _("您的角色需要第二因素,请先在网页上添加或验证。"))
        asked = proof.weighty(name, request.method or "", kwargs)
        if asked is None or proof.is_fresh(request):
            return None
        return _asked_again(request, program, account)


def _comes_with_a_token(request: HttpRequest, namespace: str) -> bool:
    """A program's own key is its proof; the machine interface looks at it before it looks at a session."""
    return namespace == "api-v1" and request.headers.get("Authorization", "").lower().startswith("bearer ")


def _sent(request: WebRequest, program: bool, to: str, why: str) -> HttpResponse:
    """To the page that comes first; a program is told why."""
    if program:
        return JsonResponse({"message": why, "how": resolve_url(to), "problems": []}, status=403)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(to))
    return redirect(to)


def _asked_again(request: WebRequest, program: bool, account: Account) -> HttpResponse | None:
    """None when this very request brings the proof; else the page that asks for it."""
    if program:
        why = _("这一步要先在网页上确认身份,再在十分钟内办理。")
        return JsonResponse({"message": why, "how": resolve_url("web:prove"), "problems": []}, status=403)
    if request.method != "POST":
        return redirect(
            f"{resolve_url('web:prove')}?{urlencode({'next': request.get_full_path(), 'back': _page(request)})}"
        )
    if request.FILES or getattr(request, "htmx", False):
        # A file cannot wait on a page: first the proof, then the form once more.
        address = f"{resolve_url('web:prove')}?{urlencode({'next': _page(request)})}"
        messages.info(request, _("这一步要先确认身份。确认后请再提交一次。"))
        return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)
    form = ProofForm(
        request.POST if any(request.POST.get(name) for name in PROOF_FIELDS) else None, request=request, account=account
    )
    if form.is_bound and form.is_valid():
        note_proof(request)
        return None
    return render(
        request,
        "web/account/prove.html",
        {"form": form.ask(), "action": request.get_full_path(), "kept": _kept(request), "back": _page(request)},
        status=403,
    )


def note_proof(request: WebRequest) -> None:
    """The one at the keyboard has proved it again."""
    proof.proved(request)
    record_read(by=request.actor, act="proof", ledger="", path=request.path, address=address_of(request))


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, to be posted again with the proof."""
    left_out = {"csrfmiddlewaretoken", *PROOF_FIELDS}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]


def _page(request: HttpRequest) -> str:
    """The page one came from, without its host; one's first when it is not known."""
    came = request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", "")
    if not is_here(request, came):
        return resolve_url("web:home")
    parts = urlsplit(came)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class LastSeenMiddleware:
    """Notes every few minutes that a session is still used. Stands outside the guard of reads: it writes after the page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        account = getattr(request, "user", None)
        session = getattr(request, "session", None)
        if session is None or not session.accessed or not isinstance(account, Account) or not session.session_key:
            return response
        now = int(time.time())
        if now - int(session.get(SEEN_AT, 0)) >= SEEN_EVERY_SECONDS:
            session[SEEN_AT] = now
            sessions.seen(request)
        return response
