"""收戒: the checks of ground and exemption a police unit has signed. A list by day; no number stands above it and nothing is proposed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.enforcement import admissions as reads
from qingyuan.enforcement.actions import admissions as actions
from qingyuan.enforcement.actions.admissions import AdmissionRefused
from qingyuan.enforcement.models import AdmissionCheck
from qingyuan.enforcement.rules.admission import BY_CODE, CHECKLIST, stands_in_the_way
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.identity import mask_name
from qingyuan.foundation.words import in_english
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.reference.catalogue import get_list
from qingyuan.web import shapes
from qingyuan.web.campaigns.forms import AdmissionForm
from qingyuan.web.campaigns.views import REFUSED, named
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

PER_PAGE = 50


def _require(request: WebRequest) -> None:
    if not may(request.actor, Action.READ, compartment=Compartment.ENFORCEMENT, ledger=reads.CODE, on=clock.today()).allowed:
        raise Forbidden(
            what=_("收戒核对"), whose=_("办案的公安单位"), how=_("收戒由公安机关依法决定,逐件核对依据和不适用的情形;不下任务、不排名、不计数。")
        )


@require_safe
def listing(request: WebRequest, campaign_id: UUID) -> HttpResponse:
    """Decisions of the campaign's days that the own unit has checked, by day. Errors: Forbidden, Http404."""
    _require(request)
    campaign, on = named(request, campaign_id), clock.today()
    mine = reads.checks_visible(request.actor, on).filter(decided_on__range=(campaign.starts_on, campaign.ends_on))
    page = _number(request)
    shown = list(mine[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    more, shown = len(shown) > PER_PAGE, shown[:PER_PAGE]
    if shown:
        log_read(request, "list", reads.CODE, [check.pk for check in shown])
    here = reverse("web:campaign-admissions", args=(campaign.pk,))
    context = {
        "campaign": campaign,
        "table": _table(shown),
        "next": f"{here}?page={page + 1}" if more else "",
        "previous": f"{here}?page={page - 1}" if page > 1 else "",
    }
    return render(request, "campaigns/admissions.html", context)


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isdigit() and len(text) < 6 else 1


def _table(checks: list[AdmissionCheck]) -> shapes.Table:
    grounds = get_list(actions.GROUNDS)
    headers = [shapes.Header(label) for label in (_("决定日期"), _("姓名"), _("决定书文号"), _("依据"), _("不适用的情形"), _("签字"))]
    rows = []
    for check in checks:
        code = grounds.code(check.ground)
        cells = [
            shapes.Cell(check.decided_on.isoformat()),
            shapes.Cell(name_of(check.party), href=reverse("web:admission-sign", args=(check.party_id,))),
            shapes.Cell(check.document_number),
            shapes.Cell(grounds.said(check.ground), note=code.source if code and not in_english() else ""),
            shapes.Cell(_exemptions(check), note=check.reasons),
            shapes.Cell(check.signed_by_name, note=_("已撤回:%(why)s") % {"why": check.withdrawn_words} if check.withdrawn_at else ""),
        ]
        rows.append(shapes.Row(cells))
    empty = shapes.Empty(_("这段时间没有签过收戒核对"), _("在涉案人员台账打开一个人,点“收戒核对”。作不作决定由办案单位依法定,这里不提出名单。"))
    return shapes.Table(headers, rows, empty, caption=_("收戒核对"))


def name_of(party: Any) -> str:
    """A minor stands masked, as in the ledger."""
    return mask_name(party.name) if registry.get(reads.PARTIES).shields(party) else party.name


def _exemptions(check: AdmissionCheck) -> str:
    yes = [str(item.label) for item in CHECKLIST if check.answers.get(item.code)]
    return "、".join(yes) if yes else _("逐条核对,都没有")


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: WebRequest, party_id: UUID) -> HttpResponse:
    """The checklist of one party, and what was signed before. Errors: Forbidden, Http404."""
    _require(request)
    on = clock.today()
    party = reads.party_for(request.actor, on, party_id)
    if party is None:
        raise Http404
    form = AdmissionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("ground", "document_number", "decided_on", "reasons")}
        try:
            actions.sign(party=party, answers=form.answers, by=request.actor, **given)
        except AdmissionRefused as refusal:
            form.tell(str(refusal), refusal.problems)
        else:
            messages.success(request, _("已签字。"))
            return redirect("web:admission-sign", party.pk)
    log_read(request, "detail", reads.PARTIES, [party.pk])
    checks = [
        (check, get_list(actions.GROUNDS).said(check.ground), _exemptions(check), [str(one.label) for one in _mattered(check)])
        for check in reads.checks_visible(request.actor, on).filter(party=party)
    ]
    context = {"party": party, "name": name_of(party), "form": form, "checks": checks}
    return render(request, "campaigns/admission.html", context, status=REFUSED if form.errors else 200)


def _mattered(check: AdmissionCheck) -> list[Any]:
    return stands_in_the_way(check.ground, {code: bool(check.answers.get(code)) for code in BY_CODE})


@require_POST
def withdraw(request: WebRequest, check_id: UUID) -> HttpResponse:
    _require(request)
    check = reads.checks_visible(request.actor, clock.today(), Action.CHANGE).filter(pk=check_id).first()
    if check is None:
        raise Http404
    try:
        actions.withdraw(check=check, words=request.POST.get("words", ""), by=request.actor)
    except AdmissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回,需要的重新核对、签字。"))
    return redirect("web:admission-sign", check.party_id)
