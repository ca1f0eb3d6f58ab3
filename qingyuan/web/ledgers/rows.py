"""One row: opened, entered, changed, voided, and a number of it shown in full. Each write is one call to the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import entering
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import plain_text
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow, RowChanged
from qingyuan.organisation.enums import Action
from qingyuan.reference import statutes
from qingyuan.web.context import WebRequest
from qingyuan.web.ledger_forms import RowForm, typed_of
from qingyuan.web.ledgers import presenters
from qingyuan.web.ledgers.access import readable, row_named, writable
from qingyuan.web.ledgers.forms import ReasonForm
from qingyuan.web.reads import log_read
from qingyuan.web.row_acts import acts_for

MOVED_ON = gettext_lazy("这一条在您打开以后被别人改过,下面是您填的内容。请先看最新内容,核对后重新提交。")


@require_safe
def detail(request: WebRequest, code: str, row_id: UUID) -> HttpResponse:
    ledger = readable(request, code)
    row = row_named(request, ledger, row_id)
    if ledger.leaves_trace:
        log_read(request, "detail", ledger.code, [row.pk])
    return render(request, "ledgers/row.html", _detail_context(request, ledger, row))


def _detail_context(request: WebRequest, ledger: Ledger, row: Any) -> dict[str, Any]:
    actor, on = request.actor, clock.today()
    facts = presenters.facts(ledger, row, actor)
    return {
        "ledger": ledger,
        "row": row,
        "name": next((fact.text for fact in facts if fact.text), said(ledger.title)),
        "facts": facts,
        "events": presenters.history(ledger, row, actor),
        "recorder": presenters.recorder(row),
        "related": presenters.related(ledger, row, actor, on),
        "basis": statutes.describe(ledger.legal_basis),
        "client_id": getattr(row, "client_id", None),
        "results_href": reverse("web:operation", args=(row.pk,)) if ledger.code == "operations" else "",
        "may_change": entering.allowed(ledger, actor, Action.CHANGE, on, row).allowed,
        "may_void": entering.allowed(ledger, actor, Action.VOID, on, row).allowed,
        "logged": ledger.leaves_trace,
        "more_acts": acts_for(ledger.code, actor, row),
    }


@require_POST
def reveal(request: WebRequest, code: str, row_id: UUID, name: str) -> HttpResponse:
    """The full ID number or telephone of a row in clear, after the look has been written to the read audit."""
    ledger = readable(request, code)
    row = row_named(request, ledger, row_id)
    column = next((one for one in ledger.columns if one.name == name), None)
    if column is None or not presenters.may_be_shown(ledger, row, column, request.actor):
        raise Http404
    log_read(request, "reveal", ledger.code, [row.pk], reason=column.header)
    revealed = {"header": said(column.header), "text": plain_text(column, column.value_of(row))}
    if request.htmx:
        return render(request, "ledgers/_revealed.html", {"revealed": revealed})
    return render(request, "ledgers/row.html", _detail_context(request, ledger, row) | {"revealed": revealed})


@require_http_methods(["GET", "POST"])
def new(request: WebRequest, code: str) -> HttpResponse:
    ledger = writable(request, code)
    on = clock.today()
    if request.method == "GET":
        form = RowForm(ledger=ledger, actor=request.actor, on=on, initial=_known(request, ledger))
        return _form(request, ledger, form)
    form = RowForm(request.POST, ledger=ledger, actor=request.actor, on=on)
    writing = Writing(by=request.actor, on=on)
    draft = entering.draft_of_new(ledger, form.typed, writing)
    if not draft.problems:
        try:
            row = entering.enter(ledger, draft, writing)
        except DuplicateRow as error:
            form.add_error(None, str(error))
        else:
            if ledger.sealed:
                messages.success(request, _("已登记到%(ledger)s,登记即封存。") % {"ledger": said(ledger.title)})
                return redirect("web:ledger-list", ledger.code)
            messages.success(request, _("已登记到%(ledger)s。") % {"ledger": said(ledger.title)})
            return redirect("web:ledger-row", ledger.code, row.pk)
    form.tell(draft.problems)
    return _form(request, ledger, form)


def _known(request: WebRequest, ledger: Ledger) -> dict[str, str]:
    """What the page one comes from knows already, as the address says it; never a personal column: no name stands in an address."""
    plain = [column.name for column in ledger.columns if column.kind in (Kind.TEXT, Kind.DATE) and not column.personal]
    return {name: request.GET[name][:120] for name in plain if name in request.GET}


@require_http_methods(["GET", "POST"])
def change(request: WebRequest, code: str, row_id: UUID) -> HttpResponse:
    ledger, on = writable(request, code, Action.CHANGE), clock.today()
    row = row_named(request, ledger, row_id, Action.CHANGE)
    # What is masked by default does not stand open in a form either; it stays as it is.
    masked = [column for column in ledger.columns if column.personal and column.editable and ledger.shields(row)]
    hidden = {column.name: typed_of(column, column.value_of(row)) for column in masked}
    if request.method == "GET":
        if ledger.leaves_trace:
            log_read(request, "detail", ledger.code, [row.pk])
        form = RowForm(ledger=ledger, actor=request.actor, on=on, row=row, leave_out=hidden)
        if (field := form.fields.get(request.GET.get("at", ""))) is not None:
            field.widget.attrs["autofocus"] = True  # the one thing that is missing, as the page one comes from knows
        return _form(request, ledger, form, row)
    form = RowForm(request.POST, ledger=ledger, actor=request.actor, on=on, row=row, leave_out=hidden)
    if str(row.version) != request.POST.get("version", ""):
        form.add_error(None, str(MOVED_ON))
        return _form(request, ledger, form, row, moved_on=True)
    writing = Writing(by=request.actor, on=on, reason=request.POST.get("reason", "").strip()[:200])
    draft = entering.draft_of_change(ledger, row, hidden | form.typed, writing)
    if not draft.problems:
        try:
            changed = entering.change(ledger, row, draft, writing)
        except (DuplicateRow, RowChanged) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已修改,改前改后都留在历史里。") if changed else _("没有改动。"))
            return redirect("web:ledger-row", ledger.code, row.pk)
    form.tell(draft.problems)
    return _form(request, ledger, form, row)


def _form(
    request: WebRequest, ledger: Ledger, form: RowForm, row: Any | None = None, *, moved_on: bool = False
) -> HttpResponse:
    fixed = presenters.facts(ledger, row, request.actor) if row is not None else []
    editable = {said(column.header) for column in form.columns}
    context = {
        "ledger": ledger,
        "form": form,
        "row": row,
        "fixed": [fact for fact in fixed if fact.header not in editable],
        "moved_on": moved_on,
        "basis": statutes.describe(ledger.legal_basis),
    }
    return render(request, "ledgers/form.html", context, status=422 if form.errors else 200)


@require_POST
def void(request: WebRequest, code: str, row_id: UUID) -> HttpResponse:
    """Take a row out of every figure, with the reason; it stays readable in the audit."""
    ledger, on = writable(request, code, Action.VOID), clock.today()
    row = row_named(request, ledger, row_id, Action.VOID)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有作废:请写明作废原因。"))
        return redirect("web:ledger-row", ledger.code, row.pk)
    writing = Writing(by=request.actor, on=on, reason=form.cleaned_data["reason"])
    try:
        ledger.void(rows=[row], writing=writing)
    except (CannotVoid, RowChanged) as error:
        messages.error(request, str(error))
        return redirect("web:ledger-row", ledger.code, row.pk)
    messages.success(request, _("已作废,不再计入任何数字;原记录和原因留在审计日志里。"))
    return redirect("web:ledger-list", ledger.code)
