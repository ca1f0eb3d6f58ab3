"""One person's plan: what is done, what is to be reached, who looked at it; the supervisor agrees or sends it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation import helping
from qingyuan.rehabilitation import planning as reads
from qingyuan.rehabilitation.actions import plans as actions
from qingyuan.rehabilitation.actions.plans import PlanRefused
from qingyuan.rehabilitation.models import CarePlan, PlanLook
from qingyuan.rehabilitation.rules.case import HELPS
from qingyuan.web.clients import plan_words
from qingyuan.web.clients.views import LEDGER, client_of
from qingyuan.web.context import WebRequest
from qingyuan.web.reads import log_read


@require_safe
def page(request: WebRequest, client_id: UUID) -> HttpResponse:
    client, on = client_of(request, client_id), clock.today()
    log_read(request, "detail", LEDGER, [client.pk])
    every = list(CarePlan.objects.filter(client=client).order_by("-made_on", "-pk"))
    plan = every[0] if every else None
    found = reads.goals_of(plan) if plan is not None else []
    look = reads.standing(plan) if plan is not None else None
    words, tone = plan_words.state(look)
    may_look = plan is not None and reads.may_look(request.actor, client, on)
    wrote = plan is not None and may_look and request.actor.account_id in reads.writers(plan, found)
    context: dict[str, Any] = {
        "client": client,
        "plan": plan,
        "helps": _helps(plan) if plan is not None else [],
        "goals": plan_words.goals(found),
        "words": words,
        "tone": tone,
        "set_on": helping.set_day(client.pk),
        "looks": list(PlanLook.objects.filter(plan__in=every)),
        "earlier": every[1:],
        "seen": reads.token(plan, found) if plan is not None else "",
        "asks": may_look and not wrote and (look is None or not look.agreed),
        "wrote": wrote and look is None,
        "may_write": _may_write(request, client_id),
        "here": plan is not None and plan.unit_id == client.unit_id,
    }
    return render(request, "clients/plan.html", context)


@require_POST
def look(request: WebRequest, client_id: UUID) -> HttpResponse:
    """The supervisor's answer. Errors: Http404 for whoever is not the person's supervisor."""
    client = client_of(request, client_id)
    plan = reads.latest(client.pk)
    if plan is None or not reads.may_look(request.actor, client, clock.today()):
        raise Http404
    agreed = request.POST.get("agreed") == "yes"
    try:
        actions.look(plan=plan, seen=request.POST.get("seen", ""), agreed=agreed, words=request.POST.get("words", ""), by=request.actor)
    except PlanRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已同意,本人在自己的页面看得到目标。") if agreed else _("已退回,写计划的人在自己的“今天”里看到。"))
    return redirect("web:person-plan", client.pk)


def _helps(plan: CarePlan) -> list[tuple[str, str]]:
    ledger = registry.get("care_plans")
    return [(said(ledger.column(name).header), getattr(plan, name)) for name in HELPS if getattr(plan, name)]


def _may_write(request: WebRequest, client_id: UUID) -> bool:
    try:
        client_of(request, client_id, Action.CREATE)
    except Http404:
        return False
    return True
