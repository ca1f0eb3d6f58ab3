"""How the security officer helps those who cannot sign in: a new beginning in person, and the government's sign-on."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.organisation.actions import accounts as actions
from qingyuan.organisation.actions.accounts import ResetRefused
from qingyuan.organisation.models import Account
from qingyuan.organisation.permissions import may_keep_accounts, may_reset
from qingyuan.organisation.queries import accounts_kept_by
from qingyuan.web.account import factors, sessions, single_sign_on
from qingyuan.web.account.forms import ResetForm, SubjectForm
from qingyuan.web.account.presenters import AccountLine, account_lines
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden

ON_A_PAGE = 50
REFUSED = 422


@require_safe
def index(request: WebRequest) -> HttpResponse:
    """Every account in one's range, by unit; looked for by account, name or unit."""
    _allowed(request)
    asked = request.GET.get("q", "").strip()[:40]
    lines = account_lines(accounts_kept_by(request.actor, clock.today()), asked)
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/account/accounts.html", {"page": page, "asked": asked})


@never_cache
@require_safe
def one(request: WebRequest, account_id: int) -> HttpResponse:
    """Errors: Http404 for an account outside one's range."""
    return _one(request, _account(request, account_id))


def _one(
    request: WebRequest,
    account: Account,
    form: ResetForm | None = None,
    subject: SubjectForm | None = None,
    code: str = "",
) -> HttpResponse:
    """``code``: the one-time code, told on the answer to the post that made it and nowhere else."""
    decision = may_reset(request.actor, account, clock.today())
    context = {
        "line": AccountLine.of(account, factors.has_factor(account)),
        "account": account,
        "held": factors.factors_of(account),
        "form": form or ResetForm(),
        "refusal": decision.reason,
        "code": code,
        "hours": int(actions.CODE_LASTS.total_seconds() // 3600),
        "single_sign_on": settings.QINGYUAN_OIDC["name"] if settings.QINGYUAN_OIDC else "",
        "linked": single_sign_on.is_linked(account),
        "subject_form": subject or SubjectForm(),
    }
    wrong = bool((form and form.errors) or (subject and subject.errors))
    return render(request, "web/account/account.html", context, status=REFUSED if wrong else 200)


@never_cache
@require_POST
def reset(request: WebRequest, account_id: int) -> HttpResponse:
    """Errors: Http404 for an account outside one's range."""
    account = _account(request, account_id)
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _one(request, account, form)
    what, reason, on = form.cleaned_data["what"], form.cleaned_data["reason"], clock.today()
    code = ""
    try:
        if what in (ResetForm.FACTORS, ResetForm.BOTH):
            factors.clear(account=account, reason=reason, by=request.actor, on=on)
        if what in (ResetForm.PASSWORD, ResetForm.BOTH):
            code = actions.reset_password(account=account, reason=reason, by=request.actor, on=on)
            sessions.end_with_password(account)
    except ResetRefused as refusal:
        form.add_error(None, str(refusal))
        return _one(request, account, form)
    if code:
        return _one(request, account, code=code)
    messages.success(request, _("第二因素已去掉。本人下次登录后重新添加。"))
    return redirect("web:account", account_id=account.pk)


@never_cache
@require_POST
def subject(request: WebRequest, account_id: int) -> HttpResponse:
    """Errors: Http404 for an account outside one's range."""
    account = _account(request, account_id)
    form = SubjectForm(request.POST)
    if form.is_valid():
        try:
            single_sign_on.link(
                account=account, subject=form.cleaned_data["subject"], by=request.actor, on=clock.today()
            )
        except ResetRefused as refusal:
            form.add_error("subject", str(refusal))
    if form.errors:
        return _one(request, account, subject=form)
    messages.success(request, _("已保存。"))
    return redirect("web:account", account_id=account.pk)


def _allowed(request: WebRequest) -> None:
    """Raises Forbidden."""
    decision = may_keep_accounts(request.actor)
    if not decision.allowed:
        raise Forbidden(what=_("账号的口令和第二因素"), whose=_("安全管理员"), how=decision.reason)


def _account(request: WebRequest, account_id: int) -> Account:
    _allowed(request)
    found: Account = get_object_or_404(accounts_kept_by(request.actor, clock.today()), pk=account_id)
    return found
