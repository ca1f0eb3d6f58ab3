"""Signing in and out, one's own page, password and language."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from qingyuan.foundation import clock
from qingyuan.foundation.audit import record_read
from qingyuan.organisation.actions import accounts, tokens
from qingyuan.organisation.actor import ANONYMOUS
from qingyuan.organisation.models import Account, ApiToken
from qingyuan.web.account import sessions, throttle
from qingyuan.web.account.devices import known_device
from qingyuan.web.account.forms import NewPasswordForm, PasswordForm, SignInForm, TokenForm
from qingyuan.web.account.presenters import demo_accounts, grants_in_words
from qingyuan.web.account.ways import address_of, first_page, wanted
from qingyuan.web.context import WebRequest
from qingyuan.web.middleware import open_to_strangers


@open_to_strangers
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: WebRequest) -> HttpResponse:
    if not request.actor.is_anonymous and request.method == "GET":
        return redirect(wanted(request) or first_page(request.actor))
    form = SignInForm(request.POST or None, initial={"username": request.GET.get("account", "")[:40]})
    account = _try(request, form) if request.method == "POST" and form.is_valid() else None
    if account is not None:
        return _enter(request, account)
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "single_sign_on": settings.QINGYUAN_OIDC["name"] if settings.QINGYUAN_OIDC else "",
        "demo_accounts": demo_accounts(clock.today(), settings.QINGYUAN_DEMO_ACCOUNTS)
        if settings.QINGYUAN_DEMO
        else [],
        "demo_password": settings.QINGYUAN_DEMO_PASSWORD,
    }
    return render(request, "web/account/sign_in.html", context, status=422 if form.errors else 200)


def _try(request: WebRequest, form: SignInForm) -> Account | None:
    """The account whose password this is; otherwise the form carries the reason.

    A wrong name, a wrong password and a code that is spent are one answer, or the page would tell which accounts exist.
    """
    username, address = form.cleaned_data["username"], address_of(request)
    device = known_device(request, username)
    trying = throttle.begin(username, address, device=device)
    if trying.wait:
        form.add_error(None, throttle.words(trying.wait))
        return None
    account = authenticate(request, username=username, password=form.cleaned_data["password"])
    if isinstance(account, Account) and accounts.code_opens(account):
        trying.succeeded()
        return account
    record_read(by=ANONYMOUS, act="sign_in_failed", ledger="", path=request.path, query=username, address=address)
    form.add_error(None, _("账号或口令不对。请核对后再试;忘记口令请联系本单位安全管理员重置。"))
    return None


def _enter(request: WebRequest, account: Account) -> HttpResponse:
    """Through the stages (a second factor where there is one) to where one wanted to go."""
    if not request.actor.is_anonymous:
        # Somebody else sat here: his session ends before the new one's first stage is noted in it.
        _leave(request)
    login = Login(user=account, redirect_url=wanted(request) or None)
    return perform_password_login(request, {"username": account.username}, login)


@open_to_strangers
@require_POST
def sign_out(request: WebRequest) -> HttpResponse:
    if not request.actor.is_anonymous:
        _leave(request)
    else:
        logout(request)
    messages.success(request, _("已退出。"))
    return redirect("web:sign-in")


def _leave(request: WebRequest) -> None:
    record_read(by=request.actor, act="sign_out", ledger="", path=request.path, address=address_of(request))
    sessions.forget(request)
    logout(request)


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
    """A new password after the old one; whoever came in with a one-time code need not type that again."""
    account = request.user
    if not isinstance(account, Account):
        return redirect("web:sign-in")
    kind = NewPasswordForm if account.must_set_password else PasswordForm
    form = kind(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        accounts.change_password(account=account, password=form.cleaned_data["new"], by=request.actor)
        sessions.end_with_password(account, but=request)
        sessions.forget(request)
        update_session_auth_hash(request, account)
        sessions.seen(request)
        messages.success(request, _("口令已修改。其他地方的登录已经失效。"))
        return redirect("web:profile")
    context = {"form": form, "must_set": account.must_set_password}
    return render(request, "web/account/password.html", context, status=422 if form.errors else 200)


@open_to_strangers
@require_POST
def language(request: WebRequest) -> HttpResponse:
    """Remembers the language in a cookie and comes back."""
    response: HttpResponse = set_language(request)
    return response
