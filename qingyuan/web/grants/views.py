"""The list of accounts, one account, and each change as one call to the room's actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.organisation.actions import accounts as actions
from qingyuan.organisation.actions import posts as post_actions
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.enums import Action, Responsibility, Role
from qingyuan.organisation.models import Account, PostTerm, RoleGrant
from qingyuan.organisation.permissions import ACCOUNTS, may_administer
from qingyuan.organisation.queries import accounts_within, ending_soon
from qingyuan.organisation.scope import visible_divisions
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.grants import presenters
from qingyuan.web.grants.forms import AccountForm, AccountsFilter, EndForm, PostForm, ReasonForm, RoleForm
from qingyuan.web.reads import log_read

SUBJECT = "accounts"
PER_PAGE = 50
REFUSED = 422
SHOWS = ("", "ending", "dormant", "unfactored")


def _require(request: WebRequest, action: Action = Action.READ) -> None:
    """Errors: Forbidden, saying whose the page is."""
    decision = may_administer(request.actor, action, ACCOUNTS)
    if not decision.allowed:
        raise Forbidden(
            what=_("账号与授权"),
            whose=_("安全管理员(审计检查人员可看)"),
            how=_("自己有什么角色、到哪天,在右上角自己的名字里;要增减的,请本单位向安全管理员申请。"),
        )


def _changes(request: WebRequest) -> bool:
    return may_administer(request.actor, Action.CHANGE, ACCOUNTS).allowed


@require_safe
def accounts(request: WebRequest) -> HttpResponse:
    """All accounts of one's range; those of which something ends soon; those nobody uses."""
    _require(request)
    on, form = clock.today(), AccountsFilter(request.GET)
    form.is_valid()
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    every = accounts_within(request.actor, on)
    found = _asked(every, form, on)
    if show == "dormant":
        found = [one for one in found if presenters.is_dormant(one, on)]
    lacking = presenters.lacks_factor(every, on)
    if show == "unfactored":
        found = [one for one in found if one.pk in lacking]
    narrowed = bool(form.cleaned_data.get("q") or form.cleaned_data.get("role"))
    query = f"q={form.cleaned_data.get('q', '')}&role={form.cleaned_data.get('role', '')}&show={show}"
    here = reverse("web:grants")
    pages = shapes.pages(_number(request), PER_PAGE, len(found), f"{here}?{query}&page=")
    shown = found[pages.first - 1 if found else 0 : pages.until]
    soon = presenters.endings(ending_soon(request.actor, on), on)
    context = {
        "tabs": _tabs(
            show,
            {
                "": len(every),
                "ending": len(soon),
                "dormant": sum(1 for one in every if presenters.is_dormant(one, on)),
                "unfactored": len(lacking),
            },
        ),
        "show": show,
        "form": form,
        "here": here,
        "clear_href": here if narrowed else "",
        "table": presenters.table(shown, on, _empty(show)),
        "pages": pages,
        "endings": soon,
        "changes": _changes(request),
    }
    return render(request, "grants/list.html", context)


def _asked(every: list[Account], form: AccountsFilter, on: Any) -> list[Account]:
    text, role = form.cleaned_data.get("q", "").strip(), form.cleaned_data.get("role", "")
    if text:
        every = [one for one in every if text in one.name or text in one.username or text in one.unit.name]
    if role:
        held = set(RoleGrant.objects.not_ended_by(on).filter(role=role).values_list("account_id", flat=True))
        every = [one for one in every if one.pk in held]
    return every


def _tabs(show: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    here = reverse("web:grants")
    titles = {
        "": _("全部账号"),
        "ending": _("快到期"),
        "dormant": _("久未登录"),
        "unfactored": _("缺第二因素"),
    }
    return [
        {"label": label, "href": f"{here}?show={name}" if name else here, "current": name == show, "note": str(counts[name])}
        for name, label in titles.items()
    ]


def _empty(show: str) -> shapes.Empty:
    if show == "dormant":
        return shapes.Empty(_("没有久未登录的账号"), _("三个月没有人登录的账号会列在这里,核实后停用。"))
    if show == "unfactored":
        return shapes.Empty(_("该有第二因素的都有了"), _("角色要求而还没有添加的账号会列在这里。"))
    return shapes.Empty(_("没有这样的账号"), _("换一个姓名、账号、单位或角色再找。"))


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _account(request: WebRequest, username: str) -> Account:
    """Errors: Forbidden; Http404 for an account outside one's range, the same as for none."""
    _require(request)
    within = Account.objects.filter(unit__division_id__in=visible_divisions(request.actor, clock.today()))
    found = within.select_related("unit__division").filter(username=username).first()
    if found is None:
        raise Http404
    return found


@require_safe
def account(request: WebRequest, username: str) -> HttpResponse:
    return _page(request, _account(request, username))


@sensitive_variables("first")
def _page(request: WebRequest, account: Account, status: int = 200, first: str = "", **forms: Any) -> HttpResponse:
    on, actor = clock.today(), request.actor
    log_read(request, "detail", SUBJECT, (), reason=account.username)
    changes = _changes(request)
    start = {"start": on}
    context = {
        "account": account,
        "side": presenters.side_of(account),
        "last_seen": presenters.last_seen(account),
        "dormant": presenters.is_dormant(account, on),
        "roles": presenters.roles(account, on),
        "posts": presenters.posts(account, on),
        "changes": changes and account.pk != actor.account_id,
        "first": first,
        "role_form": forms.get("role_form") or RoleForm(actor=actor, initial=start, auto_id="role_%s"),
        "post_form": forms.get("post_form") or PostForm(actor=actor, initial=start, auto_id="post_%s"),
        "today": on,
    }
    return render(request, "grants/account.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Open an account; its first password is told once, on the answer to this post."""
    _require(request, Action.CREATE)
    form = AccountForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create(by=request.actor, **form.cleaned_data)
            first = actions.reset_password(account=made, by=request.actor, reason=gettext_noop("新开账号"))
        except GrantRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _page(request, _account(request, made.username), first=first)
    return render(request, "grants/new.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_POST
def grant(request: WebRequest, username: str) -> HttpResponse:
    """A role over a division. Errors: Http404; 422 with what is wrong, the wall among it."""
    account = _account(request, username)
    form = RoleForm(request.POST, actor=request.actor, auto_id="role_%s")

    def do() -> None:
        given = form.cleaned_data
        actions.grant(
            account=account,
            role=Role(given["role"]),
            division=given["division"],
            start=given["start"],
            end=given["end"],
            reason=given["reason"],
            by=request.actor,
        )

    return _done(request, account, form, do, _("已授权。"), "role_form")


@require_POST
def appoint(request: WebRequest, username: str) -> HttpResponse:
    """A post with its days, of the own unit or of another. Errors as for a role."""
    account = _account(request, username)
    form = PostForm(request.POST, actor=request.actor, auto_id="post_%s")

    def do() -> None:
        given = form.cleaned_data
        post_actions.appoint_in(
            unit=given["unit"],
            title=given["title"],
            responsibility=Responsibility(given["responsibility"]),
            account=account,
            start=given["start"],
            end=given["end"],
            reason=given["reason"],
            by=request.actor,
        )

    return _done(request, account, form, do, _("已任职。"), "post_form")


def _done(
    request: WebRequest, account: Account, form: Any, do: Callable[[], None], words: str, name: str
) -> HttpResponse:
    _require(request, Action.CHANGE)
    if form.is_valid():
        try:
            do()
        except GrantRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("web:grants-account", account.username)
    return _page(request, account, REFUSED, **{name: form})


@require_POST
def disable(request: WebRequest, username: str) -> HttpResponse:
    account = _account(request, username)
    return _short(
        request,
        account,
        lambda reason: actions.disable(account=account, by=request.actor, reason=reason),
        _("账号已停用。"),
    )


def _short(request: WebRequest, account: Account, do: Callable[[str], None], words: str) -> HttpResponse:
    _require(request, Action.CHANGE)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有办理:请写事由。"))
        return redirect("web:grants-account", account.username)
    try:
        do(form.cleaned_data["reason"])
    except GrantRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("web:grants-account", account.username)


@require_POST
def end_role(request: WebRequest, grant_id: int) -> HttpResponse:
    """Errors: Http404 for a role of an account outside one's range."""
    _require(request)
    held = RoleGrant.objects.select_related("account").filter(pk=grant_id).first()
    account = _account(request, held.account.username) if held is not None else None
    if held is None or account is None:
        raise Http404
    return _ended(
        request, account, lambda end, reason: actions.revoke(grant=held, end=end, reason=reason, by=request.actor)
    )


@require_POST
def end_term(request: WebRequest, term_id: int) -> HttpResponse:
    """Errors: Http404 for a term of an account outside one's range."""
    _require(request)
    term = PostTerm.objects.select_related("account").filter(pk=term_id).first()
    if term is None or term.account is None:
        raise Http404
    account = _account(request, term.account.username)
    return _ended(
        request, account, lambda end, reason: post_actions.end_term(term=term, end=end, reason=reason, by=request.actor)
    )


def _ended(request: WebRequest, account: Account, do: Callable[[Any, str], object]) -> HttpResponse:
    _require(request, Action.CHANGE)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有结束:请填止日和事由。"))
        return redirect("web:grants-account", account.username)
    try:
        do(form.cleaned_data["end"], form.cleaned_data["reason"])
    except GrantRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已结束,止日当天起不再有。"))
    return redirect("web:grants-account", account.username)
