"""What a clock opens for a person: the checklist, line by line, and what was decided. Nothing here happens by itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingyuan.casework.actions import clock_decisions as actions
from qingyuan.casework.actions.clocks import CannotRecord
from qingyuan.organisation.enums import Action
from qingyuan.web.clocks.forms import DecideForm
from qingyuan.web.clocks.views import clock_named, page
from qingyuan.web.context import WebRequest


@require_POST
def check(request: WebRequest, clock_id: UUID) -> HttpResponse:
    running = clock_named(request, clock_id, Action.CHANGE)
    position, turn = (_whole(request.POST.get(name, "")) for name in ("position", "turn"))
    try:
        actions.look_into(
            running=running, position=position, finding=request.POST.get("finding", ""), turn=turn, by=request.actor
        )
    except CannotRecord as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已记下这一条的核对。"))
    return redirect("web:clock", running.pk)


@require_POST
def decide(request: WebRequest, clock_id: UUID) -> HttpResponse:
    running = clock_named(request, clock_id, Action.CHANGE)
    form = DecideForm(request.POST)
    if form.is_valid():
        clean = form.cleaned_data
        decided = actions.Decided(clean["result"], clean["decided_on"], clean["office"], clean["paper"])
        try:
            actions.decide(running=running, decided=decided, by=request.actor)
        except CannotRecord as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("已登记这项决定。由此发生的事(如解除、终止)请另外登记。"))
            return redirect("web:clock", running.pk)
    return page(request, running, decide_form=form)


def _whole(text: str) -> int:
    """A number of a hidden field; -1, which names nothing, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 6 else -1
