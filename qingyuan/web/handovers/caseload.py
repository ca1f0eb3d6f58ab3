"""Who carries how many, and giving people anew to the workers of the own unit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingyuan.casework.actions import handovers as actions
from qingyuan.casework.actions.handovers import HandOverRefused, Terms
from qingyuan.casework.handovers import queries
from qingyuan.casework.handovers.permissions import may_reassign
from qingyuan.casework.handovers.rules import ratio_on
from qingyuan.foundation import clock
from qingyuan.journeys import caseload as reads
from qingyuan.organisation.queries import city_pack
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.handovers import presenters
from qingyuan.web.handovers.forms import BALANCE, ReassignForm
from qingyuan.web.handovers.views import REFUSED, require_by_name, works_by_name
from qingyuan.web.reads import log_read

NOBODY = "none"


@require_safe
def caseload(request: WebRequest) -> HttpResponse:
    """A supervisor's own workers by name, a caseworker's own line; for superiors towns. Errors: Forbidden."""
    actor, on = request.actor, clock.today()
    ratio = ratio_on(on, city_pack().code)
    if not works_by_name(request):
        if not actor.has_role(*queries.OVERSEERS):
            require_by_name(request)
        scope = request.scope
        table = presenters.towns(scope.division, scope.period, actor, on)
        return render(request, "handovers/caseload.html", {"table": table, "ratio": ratio, "own": False})
    found = reads.loads(actor, on)
    answers = _answers(request)
    if not answers:
        found = [one for one in found if one.account is not None and one.account.pk == actor.account_id]
    table = presenters.loads_table(found, ratio, may_reassign=answers)
    context = {"table": table, "ratio": ratio, "own": True, "people": sum(one.people for one in found), "answers": answers}
    return render(request, "handovers/caseload.html", context)


def _answers(request: WebRequest) -> bool:
    return may_reassign(request.actor, request.actor.unit_id or 0, clock.today()).allowed


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: WebRequest) -> HttpResponse:
    """Give the people of one carrier to others of the unit. Errors: Forbidden; Http404 for a carrier that is none here."""
    actor, on = request.actor, clock.today()
    if not _answers(request):
        raise Forbidden(
            what=_("在本单位内重新分派"), whose=_("本单位禁毒专干"), how=_("社工之间移交,用“移交”,由同事签收。")
        )
    carrier = request.GET.get("carrier", "")
    ids = _ids(request, carrier)
    workers = queries.workers(actor.unit_id or 0, on)
    giver = _giver(request, carrier)
    suggested = reads.suggestion(actor, ids, on, without=giver)
    names = {account.pk: account.name for account in workers}
    said = {pk: _("建议给 %(name)s") % {"name": names[worker]} for pk, worker in suggested.items()}
    initial = {"people": [str(pk) for pk in ids], "reason": "post_left" if _gone(request, giver) else ""}
    form = ReassignForm(
        request.POST or None, initial=initial, people=presenters.choices(ids, CODE, said), colleagues=workers
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _give(request, form, giver)
        except HandOverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已重新分派,%(count)d 份移交单已记下,从今天起由新的经办人负责。") % {"count": len(made)})
            return redirect("web:handover-caseload")
    if ids:
        log_read(request, "list", CODE, ids)
    context = {"form": form, "any": bool(ids), "here": f"{reverse('web:handover-reassign')}?carrier={carrier}"}
    return render(request, "handovers/reassign.html", context, status=REFUSED if form.errors else 200)


def _carrier_id(carrier: str) -> int | None:
    return int(carrier) if carrier.isdigit() and len(carrier) < 12 else None


def _giver(request: WebRequest, carrier: str) -> int | None:
    """Whom nothing is given back to: the carrier, or of those without a worker the supervisor who minds them."""
    minder = reads.minder(request.actor.unit_id or 0, clock.today()) if carrier == NOBODY else None
    return minder.pk if minder else _carrier_id(carrier)


def _ids(request: WebRequest, carrier: str) -> list[UUID]:
    """Of one account, of nobody in particular, or (without ``carrier``) of everyone who is gone."""
    actor, on = request.actor, clock.today()
    if carrier == NOBODY:
        return reads.movable(actor, on)
    if carrier:
        wanted = _carrier_id(carrier)
        if wanted is None:
            raise Http404
        return reads.movable(actor, on, carrier=wanted)
    left = set(reads.orphans(actor, on).values_list("pk", flat=True))
    return [pk for pk in reads.movable(actor, on, everyone=True) if pk in left]


def _gone(request: WebRequest, giver: int | None) -> bool:
    on = clock.today()
    able = {account.pk for account in queries.workers(request.actor.unit_id or 0, on)}
    return giver is None or giver not in able


def _give(request: WebRequest, form: ReassignForm, giver: int | None) -> list[object]:
    given = form.cleaned_data
    shares: dict[UUID, int | None]
    if given["to"] == BALANCE:
        shares = dict(reads.suggestion(request.actor, form.chosen, clock.today(), without=giver))
        if not shares:
            raise HandOverRefused(_("本单位现在没有别的人可以接,请先由安全管理员开通社工账号。"))
    else:
        shares = dict.fromkeys(form.chosen, int(given["to"]))
    terms = Terms(given["reason"], given["words"])
    return list(actions.reassign(keeper=CODE, shares=shares, terms=terms, by=request.actor))


