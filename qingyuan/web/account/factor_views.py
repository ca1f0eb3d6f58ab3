"""The second stage of signing in, one's own factors and sessions, and being asked again."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.documents.qr import qr_png
from qingyuan.organisation.models import Account
from qingyuan.organisation.policy import needs_second_factor
from qingyuan.web.account import factors, proof, sessions
from qingyuan.web.account.factors import FactorRefused
from qingyuan.web.account.forms import AppForm, PasskeyForm
from qingyuan.web.account.middleware import note_proof
from qingyuan.web.account.proving import ProofForm
from qingyuan.web.account.stages import SecondFactorStage
from qingyuan.web.account.ways import is_here
from qingyuan.web.context import WebRequest
from qingyuan.web.middleware import open_to_strangers

REFUSED = 422
FEW_CODES = 3


@open_to_strangers
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: WebRequest) -> HttpResponse:
    """After the right password: the code or the passkey. Without a sign-in that waits for it, back to the beginning."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    account = stage.login.user if stage is not None else None
    if stage is None or not isinstance(account, Account) or not account.is_active:
        return redirect("web:sign-in")
    form = ProofForm(request.POST if request.method == "POST" else None, request=request, account=account)
    if request.method == "POST" and form.is_valid():
        response: HttpResponse = stage.exit()
        return response
    status = REFUSED if form.errors else 200
    return render(request, "web/account/second_factor.html", {"form": form.ask()}, status=status)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: WebRequest) -> HttpResponse:
    """Asked again, on a page of its own: then on to where one was going. A file is offered as a link, for it leaves no page."""
    account = _mine(request)
    given = request.POST if request.method == "POST" else request.GET
    following, back = (_inside(request, given.get(name, "")) for name in ("next", "back"))
    form = ProofForm(request.POST if request.method == "POST" else None, request=request, account=account)
    context = {"action": resolve_url("web:prove"), "back": back, "kept": [("next", following), ("back", back)]}
    if request.method == "POST" and form.is_valid():
        note_proof(request)
        if _is_file(following):
            return render(request, "web/account/proved.html", {"file": following, "back": back})
        return redirect(following or back or "web:home")
    status = REFUSED if form.errors else 200
    return render(request, "web/account/prove.html", {**context, "form": form.ask()}, status=status)


def _inside(request: WebRequest, url: str) -> str:
    return url if is_here(request, url) else ""


def _is_file(url: str) -> bool:
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return False
    asked = proof.weighty(match.view_name, "GET", match.kwargs)
    return asked is not None and asked.file


@never_cache
@require_safe
def security(request: WebRequest) -> HttpResponse:
    return _security(request, _mine(request))


def _security(request: WebRequest, account: Account, codes: list[str] | None = None) -> HttpResponse:
    """``codes``: on paper, told on the answer to the post that made them and nowhere else."""
    held = factors.factors_of(account)
    context = {
        "account": account,
        "held": held,
        "needed": needs_second_factor(request.actor.roles),
        "lacking": proof.lacks_factor(request, request.actor),
        "few": held.codes_left is not None and held.codes_left <= FEW_CODES,
        "codes": codes or [],
        "places": sessions.places_of(account, request),
    }
    return render(request, "web/account/security.html", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def add_app(request: WebRequest) -> HttpResponse:
    """The square code for the telephone, then its first number."""
    account = _mine(request)
    if factors.factors_of(account).app is not None:
        messages.error(request, _("已经绑定了一个验证器。换手机时先去掉旧的,再绑定新的。"))
        return redirect("web:security")
    secret = totp.get_totp_secret()
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = factors.add_app(account=account, secret=secret, typed=form.cleaned_data["code"], by=request.actor)
        except FactorRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            totp.clear_totp_secret(request)
            return _added(request, account, made, _("验证器已绑定。以后登录时输入手机上的 6 位数字。"))
    context = {
        "form": form,
        "picture": _picture(get_adapter().build_totp_url(account, secret)),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    return render(request, "web/account/factor_app.html", context, status=REFUSED if form.errors else 200)


def _picture(text: str) -> str:
    return "data:image/png;base64," + base64.b64encode(qr_png(text, scale=5)).decode()


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def add_passkey(request: WebRequest) -> HttpResponse:
    account = _mine(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = factors.add_passkey(account=account, name=given["name"], answer=given["answer"], by=request.actor)
        except FactorRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _added(request, account, made, _("通行密钥已添加。"))
    context = {"form": form, "offer": factors.passkey_offer(account)}
    return render(request, "web/account/factor_passkey.html", context, status=REFUSED if form.errors else 200)


def _added(request: WebRequest, account: Account, factor: Authenticator, words: str) -> HttpResponse:
    """Adding is using: the session has shown it. With the first factor come the codes on paper."""
    factors.used(request, account, factor)
    messages.success(request, words)
    if factors.factors_of(account).codes_left is None:
        return _security(request, account, factors.make_codes(account=account, by=request.actor))
    return redirect("web:security")


@never_cache
@require_POST
def remove_factor(request: WebRequest, factor_id: int) -> HttpResponse:
    """Errors: Http404 for a factor that is not one's own."""
    account = _mine(request)
    needed = needs_second_factor(request.actor.roles)
    try:
        factors.remove(account=account, factor_id=factor_id, needed=needed, by=request.actor)
    except Authenticator.DoesNotExist:
        raise Http404 from None
    except FactorRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已去掉。"))
    return redirect("web:security")


@never_cache
@require_POST
def make_codes(request: WebRequest) -> HttpResponse:
    account = _mine(request)
    try:
        return _security(request, account, factors.make_codes(account=account, by=request.actor))
    except FactorRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:security")


@require_POST
def end_session(request: WebRequest, place_id: int) -> HttpResponse:
    """Errors: Http404 for a session that is not one's own."""
    try:
        sessions.end(account=_mine(request), place_id=place_id, request=request, by=request.actor)
    except UserSession.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("那里的登录已经结束。"))
    return redirect("web:security")


@require_POST
def end_sessions(request: WebRequest) -> HttpResponse:
    """Everywhere, here too."""
    sessions.end_all(account=_mine(request), request=request, by=request.actor)
    logout(request)
    messages.success(request, _("所有地方的登录都已结束。"))
    return redirect("web:sign-in")


def _mine(request: WebRequest) -> Account:
    """The account at the keyboard; strangers never come this far (ActorMiddleware)."""
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    return account
