"""The table by role and by ledger, what changed since it was signed, why one account sees a ledger, the signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.organisation import policy
from qingyuan.organisation.actions import reviews
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Account, PolicyReview
from qingyuan.organisation.permissions import POLICY, may_administer
from qingyuan.organisation.queries import last_review
from qingyuan.organisation.scope import visible_divisions
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.rights import document, presenters
from qingyuan.web.rights.forms import RightsFilter, SignForm, WhyForm, codes

SUBJECT = "policy"
REFUSED = 422
PAPERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


def _require(request: WebRequest, action: Action = Action.READ) -> None:
    """Errors: Forbidden, saying whose the table is."""
    decision = may_administer(request.actor, action, POLICY)
    if not decision.allowed:
        raise Forbidden(
            what=_("权限总表"),
            whose=_("安全管理员和审计检查人员"),
            how=_("自己的角色看得到什么,在右上角自己的名字里。"),
        )


def _tabs(current: str) -> list[dict[str, Any]]:
    titles = {
        "rights": _("按角色"),
        "rights-ledgers": _("按台账"),
        "rights-compare": _("与上次复核比较"),
        "rights-why": _("一个账号为什么"),
    }
    return [
        {"label": label, "href": reverse(f"web:{name}"), "current": name == current} for name, label in titles.items()
    ]


def _context(request: WebRequest, current: str) -> dict[str, Any]:
    review = presenters.review(last_review(), clock.today())
    signs = may_administer(request.actor, Action.APPROVE, POLICY).allowed
    return {
        "tabs": _tabs(current),
        "review": review,
        "sign_form": SignForm.fresh(review.digest) if signs else None,
    }


@require_safe
def by_role(request: WebRequest) -> HttpResponse:
    _require(request)
    return render(request, "rights/table.html", _table(request, "rights"))


@require_safe
def by_ledger(request: WebRequest) -> HttpResponse:
    _require(request)
    return render(request, "rights/table.html", _table(request, "rights-ledgers"))


def _table(request: WebRequest, current: str) -> dict[str, Any]:
    form = RightsFilter(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in ("role", "compartment", "ledger")}
    if current == "rights":
        table = presenters.role_table(presenters.picked(**asked))
    else:
        wanted = [asked["ledger"]] if asked["ledger"] else codes()
        table = presenters.ledger_table(wanted, asked["role"], asked["compartment"])
    here = reverse(f"web:{current}")
    return _context(request, current) | {
        "form": form,
        "here": here,
        "clear_href": here if any(asked.values()) else "",
        "table": table,
        "shelves": presenters.shelves(table, of_roles=current == "rights"),
        "opened": bool(asked["role"] and current == "rights") or bool(asked["ledger"]),
    }


@require_safe
def compare(request: WebRequest) -> HttpResponse:
    """The table as it stands against what was signed last, or an earlier review against the one after it."""
    _require(request)
    history = list(PolicyReview.objects.select_related("signed_by"))
    asked = request.GET.get("review", "")
    chosen = next((one for one in history if str(one.pk) == asked), history[0] if history else None)
    found = presenters.changes(chosen.table, policy.written()) if chosen else []
    context = _context(request, "rights-compare") | {"history": history, "chosen": chosen, "changes": found}
    return render(request, "rights/compare.html", context)


@require_safe
def why(request: WebRequest) -> HttpResponse:
    """Why one account of one's own range sees a ledger or does not. The question is logged: it is about a colleague."""
    _require(request)
    form, on = WhyForm(request.GET), clock.today()
    form.is_valid()
    username, code = form.cleaned_data.get("account", "").strip(), form.cleaned_data.get("ledger", "")
    context = _context(request, "rights-why") | {"form": form, "here": reverse("web:rights-why"), "asked": username}
    if username and code:
        within = Account.objects.filter(unit__division_id__in=visible_divisions(request.actor, on))
        account = within.select_related("unit__division").filter(username=username).first()
        log_read(request, "detail", SUBJECT, (), reason=f"{username} {code}"[:300])
        context |= {"account": account, "why": presenters.why(account, code, on) if account is not None else None}
    return render(request, "rights/why.html", context)


@require_POST
def sign(request: WebRequest) -> HttpResponse:
    """The yearly signature. Errors: Forbidden; 422 with what is missing."""
    _require(request, Action.APPROVE)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            reviews.sign(by=request.actor, **form.cleaned_data)
        except reviews.ReviewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已签字。签字的总表和校验值存档,不能再改。"))
            return redirect("web:rights")
    return render(request, "rights/table.html", _table(request, "rights") | {"sign_form": form}, status=REFUSED)


@require_safe
def as_file(request: WebRequest) -> HttpResponse:
    """The table itself, to be laid beside another one outside."""
    _require(request, Action.EXPORT)
    log_read(request, "export", SUBJECT, (), reason="csv")
    response = HttpResponse("\ufeff" + policy.written(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{_('权限总表')}.csv") or "attachment"
    return response


@require_safe
def paper(request: WebRequest, kind: str) -> HttpResponse:
    """Errors: Forbidden, Http404 for another kind."""
    _require(request, Action.EXPORT)
    if kind not in PAPERS:
        raise Http404
    # An official document is Chinese, whatever language its maker reads pages in.
    with override(settings.LANGUAGE_CODE):
        actor, on = request.actor, clock.today()
        review = presenters.review(last_review(), on)
        made = document.paper(review=review, issuer=actor.unit_name, printed_by=actor.name, on=on)
        log_read(request, "print", SUBJECT, (), reason=kind)
        render_paper, media = PAPERS[kind]
        response = HttpResponse(render_paper(made), content_type=media)
        response["Content-Disposition"] = content_disposition_header(True, f"{_('权限总表')}.{kind}")
    return response
