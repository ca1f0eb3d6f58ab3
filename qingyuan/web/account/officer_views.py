"""How the security officer helps those who cannot sign in: a new beginning in person, and the government's sign-on."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.organisation.actions import accounts as actions
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account
from qingyuan.organisation.permissions import may_keep_accounts, may_reset
from qingyuan.organisation.policy import needs_second_factor
from qingyuan.organisation.scope import visible_divisions
from qingyuan.web.account import factors, sessions, single_sign_on
from qingyuan.web.account.forms import ResetForm, SubjectForm
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden

REFUSED = 422


@never_cache
@require_safe
def one(request: WebRequest, username: str) -> HttpResponse:
    """How an account signs in. Errors: Forbidden; Http404 for an account outside one's range, the same as for none."""
    return _one(request, _account(request, username))


@sensitive_variables("code")
def _one(
    request: WebRequest,
    account: Account,
    form: ResetForm | None = None,
    subject: SubjectForm | None = None,
    code: str = "",
) -> HttpResponse:
    """``code``: the one-time code, told on the answer to the post that made it and nowhere else."""
    account.refresh_from_db()
    held = factors.factors_of(account)
    roles = frozenset(Role(value) for value in account.grants.on(clock.today()).values_list("role", flat=True))
    state, tone = _state(account)
    context = {
        "account": account,
        "held": held,
        "lacking": needs_second_factor(roles) and not held.any,
        "state": state,
        "tone": tone,
        "last": timezone.localtime(account.last_login) if account.last_login else None,
        "form": form or ResetForm(),
        "refusal": may_reset(request.actor, account).reason,
        "code": code,
        "hours": int(actions.CODE_LASTS.total_seconds() // 3600),
        "single_sign_on": settings.QINGYUAN_OIDC["name"] if settings.QINGYUAN_OIDC else "",
        "linked": single_sign_on.is_linked(account),
        "subject_form": subject or SubjectForm(),
    }
    wrong = bool((form and form.errors) or (subject and subject.errors))
    return render(request, "web/account/account.html", context, status=REFUSED if wrong else 200)


def _state(account: Account) -> tuple[str, str]:
    if not account.is_active:
        return _("已停用"), "grey"
    if account.must_set_password:
        return _("等本人设口令"), "soon"
    return (_("正常"), "good") if account.has_usable_password() else (_("没有口令"), "grey")


@never_cache
@require_POST
@sensitive_variables("code")
def reset(request: WebRequest, username: str) -> HttpResponse:
    """Errors: Forbidden; Http404 for an account outside one's range."""
    account = _account(request, username)
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _one(request, account, form)
    what, reason = form.cleaned_data["what"], form.cleaned_data["reason"]
    code = ""
    try:
        if what in (ResetForm.FACTORS, ResetForm.BOTH):
            factors.clear(account=account, reason=reason, by=request.actor)
        if what in (ResetForm.PASSWORD, ResetForm.BOTH):
            code = actions.reset_password(account=account, reason=reason, by=request.actor)
            sessions.end_with_password(account)
    except GrantRefused as refusal:
        form.add_error(None, str(refusal))
        return _one(request, account, form)
    if code:
        return _one(request, account, code=code)
    messages.success(request, _("第二因素已去掉。本人下次登录后重新添加。"))
    return redirect("web:grant-sign-in", account.username)


@never_cache
@require_POST
def subject(request: WebRequest, username: str) -> HttpResponse:
    """Errors: Forbidden; Http404 for an account outside one's range."""
    account = _account(request, username)
    form = SubjectForm(request.POST)
    if form.is_valid():
        try:
            single_sign_on.link(account=account, subject=form.cleaned_data["subject"], by=request.actor)
        except GrantRefused as refusal:
            form.add_error("subject", str(refusal))
    if form.errors:
        return _one(request, account, subject=form)
    messages.success(request, _("已保存。"))
    return redirect("web:grant-sign-in", account.username)


def _account(request: WebRequest, username: str) -> Account:
    decision = may_keep_accounts(request.actor)
    if not decision.allowed:
        raise Forbidden(what=_("账号的口令和第二因素"), whose=_("安全管理员"), how=decision.reason)
    within = Account.objects.filter(unit__division_id__in=visible_divisions(request.actor, clock.today()))
    found = within.select_related("unit__division").filter(username=username).first()
    if found is None:
        raise Http404
    return found
