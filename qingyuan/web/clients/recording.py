"""What happened to one client, entered from the client's page: the person is given, the row is its ledger's own."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation import queries
from qingyuan.rehabilitation.actions import helping
from qingyuan.rehabilitation.models import Client
from qingyuan.web.clients import presenters
from qingyuan.web.clients.views import FIXED, LEDGER, client_of
from qingyuan.web.context import WebRequest
from qingyuan.web.ledger_forms import RowForm
from qingyuan.web.reads import log_read

#: The ledgers a row of a client may be entered in from the client's page; a test has a page of its own.
RECORDED: Final = (
    *("releases", "team", "care_plans", "plan_goals", "absences", "warnings", "encouragements"),
    *("suspensions", "moves", "credits", "controls"),
)


ABSENCES: Final = "absences"
#: What is written here goes on at the plan's own page.
OF_PLAN: Final = frozenset({"care_plans", "plan_goals"})


@require_http_methods(["GET", "POST"])
def record(request: WebRequest, client_id: UUID, code: str) -> HttpResponse:
    client, on = client_of(request, client_id, Action.CREATE), clock.today()
    if code not in RECORDED:
        raise Http404
    ledger = registry.get(code)
    if request.method == "GET":
        log_read(request, "detail", LEDGER, [client.pk])
        start = {column.name: request.GET[column.name] for column in ledger.columns if column.name in request.GET and not column.personal}
        return _form(request, client, ledger, RowForm(ledger=ledger, actor=request.actor, on=on, initial=start, leave_out=FIXED))
    form = RowForm(request.POST, ledger=ledger, actor=request.actor, on=on, leave_out=FIXED)
    writing = Writing(by=request.actor, on=on)
    draft = entering.draft_of_new(ledger, form.typed | {"name": client.name, "id_number": client.id_number}, writing)
    if not draft.problems:
        try:
            row = entering.enter(ledger, draft, writing)
        except (DuplicateRow, CannotVoid) as error:
            form.add_error(None, str(error))
        else:
            if code == ABSENCES and (why := request.POST.get("why", "").strip()):
                helping.keep_reason(absence=row, why=why, by=request.actor)
            return redirect("web:person-plan", client.pk) if code in OF_PLAN else _entered(client, request)
    form.tell(draft.problems)
    return _form(request, client, ledger, form)


def _entered(client: Client, request: WebRequest) -> HttpResponse:
    """Back to the person; one who was sealed by this very row is no longer there for anybody."""
    if queries.clients(request.actor, clock.today()).filter(pk=client.pk).exists():
        messages.success(request, _("已登记,期限和待办随之更新。"))
        return redirect("web:person-detail", client.pk)
    messages.success(request, _("已停止动态管控并封存:名单、搜索、导出里不再有这个人,数字照旧。"))
    return redirect("web:people")


def _form(request: WebRequest, client: Client, ledger: Ledger, form: RowForm) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "title": said(ledger.title).removesuffix("台账"),
        "purpose": said(ledger.purpose),
        "masked": presenters.masked_number(client),
        # Why stands in the help compartment: it is no column of the ledger, and is asked for beside its form.
        "asks_why": ledger.code == ABSENCES,
        "why": request.POST.get("why", ""),
    }
    return render(request, "clients/record.html", context, status=422 if form.errors else 200)
