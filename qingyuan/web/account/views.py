"""Signing in and out, one's own page, password and language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from qingyuan.foundation import clock
from qingyuan.foundation.audit import record_read
from qingyuan.organisation.actions import accounts, tokens
from qingyuan.organisation.actor import ANONYMOUS, Actor, actor_of
from qingyuan.organisation.models import Account, ApiToken
from qingyuan.web import navigation
from qingyuan.web.account import throttle
from qingyuan.web.account.forms import PasswordForm, SignInForm, TokenForm
from qingyuan.web.account.presenters import demo_accounts, grants_in_words
from qingyuan.web.context import LAST_SIGN_IN, WebRequest
from qingyuan.web.middleware import open_to_strangers

# A wrong name and a wrong password are one answer, or the page would tell which accounts exist.
MINUTE = 60


@open_to_strangers
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: WebRequest) -> HttpResponse:
    if not request.actor.is_anonymous and request.method == "GET":
        return redirect(_after(request, request.actor))
    form = SignInForm(request.POST or None, initial={"username": request.GET.get("account", "")[:40]})
    account = _try(request, form) if request.method == "POST" and form.is_valid() else None
    if account is not None:
        return _enter(request, account)
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_accounts": demo_accounts(clock.today(), settings.QINGYUAN_DEMO_ACCOUNTS)
        if settings.QINGYUAN_DEMO
        else [],
        "demo_password": settings.QINGYUAN_DEMO_PASSWORD,
    }
    return render(request, "web/account/sign_in.html", context, status=422 if form.errors else 200)


def _try(request: WebRequest, form: SignInForm) -> Account | None:
    """The account whose password this is; otherwise the form carries the reason."""
    username, address = form.cleaned_data["username"], _address(request)
    if wait := throttle.wait_seconds(username, address):
        form.add_error(None, _wait_words(wait))
        return None
    account = authenticate(request, username=username, password=form.cleaned_data["password"])
    if isinstance(account, Account):
        throttle.succeeded(username, address)
        return account
    throttle.failed(username, address)
    record_read(by=ANONYMOUS, act="sign_in_failed", ledger="", path=request.path, query=username, address=address)
    form.add_error(None, _("账号或口令不对。请核对后再试;忘记口令请联系本单位安全管理员重置。"))
    return None


def _enter(request: WebRequest, account: Account) -> HttpResponse:
    before = account.last_login
    login(request, account)
    if before is not None:
        request.session[LAST_SIGN_IN] = before.isoformat()
    actor = actor_of(account, clock.today())
    record_read(by=actor, act="sign_in", ledger="", path=request.path, address=_address(request))
    return redirect(_after(request, actor))


def _wait_words(seconds: int) -> str:
    if seconds < MINUTE:
        return _("试错次数太多,请 %(seconds)s 秒后再试。") % {"seconds": seconds}
    return _("试错次数太多,请 %(minutes)s 分钟后再试。") % {"minutes": -(-seconds // MINUTE)}


def _address(request: WebRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _after(request: WebRequest, actor: Actor) -> str:
    """Where one wanted to go, if that is here; else the first page of one's road."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return str(wanted)
    road = navigation.road_for(actor, clock.today())
    return road[0].links[0].href if road else resolve_url("web:profile")


@open_to_strangers
@require_POST
def sign_out(request: WebRequest) -> HttpResponse:
    if not request.actor.is_anonymous:
        record_read(by=request.actor, act="sign_out", ledger="", path=request.path, address=_address(request))
    logout(request)
    messages.success(request, _("已退出。"))
    return redirect("web:sign-in")


def profile(request: WebRequest) -> HttpResponse:
    account = request.user
    if not isinstance(account, Account):
        return redirect("web:sign-in")
    return _profile(request, account, TokenForm())


def _profile(request: WebRequest, account: Account, form: TokenForm, key: str = "") -> HttpResponse:
    on = clock.today()
    context = {
        "account": account,
        "grants": grants_in_words(account, on),
        "tokens": ApiToken.objects.valid_on(on).filter(account=account),
        "token_form": form,
        "key": key,
    }
    return render(request, "web/account/profile.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_POST
def make_token(request: WebRequest) -> HttpResponse:
    """The key stands on the answer to this post and nowhere else: it is told once."""
    account = request.user
    if not isinstance(account, Account):
        return redirect("web:sign-in")
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _profile(request, account, form)
    try:
        _token, key = tokens.make(account=account, by=request.actor, **form.cleaned_data)
    except tokens.TokenRefused as refusal:
        form.add_error(None, str(refusal))
        return _profile(request, account, form)
    return _profile(request, account, TokenForm(), key)


@require_POST
def withdraw_token(request: WebRequest, token_id: int) -> HttpResponse:
    """Errors: Http404 for a token that is not one's own."""
    token = get_object_or_404(ApiToken, pk=token_id, account_id=request.actor.account_id)
    tokens.withdraw(token=token, by=request.actor)
    messages.success(request, _("令牌已停用。"))
    return redirect("web:profile")


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: WebRequest) -> HttpResponse:
    account = request.user
    if not isinstance(account, Account):
        return redirect("web:sign-in")
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        accounts.change_password(account=account, password=form.cleaned_data["new"], by=request.actor)
        update_session_auth_hash(request, account)
        messages.success(request, _("口令已修改。其他地方的登录已经失效。"))
        return redirect("web:profile")
    return render(request, "web/account/password.html", {"form": form}, status=422 if form.errors else 200)


@open_to_strangers
@require_POST
def language(request: WebRequest) -> HttpResponse:
    """Remembers the language in a cookie and comes back."""
    response: HttpResponse = set_language(request)
    return response
