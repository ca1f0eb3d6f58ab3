"""Gates across a wall: the table, one's own unit's acts and inbox, the form that is signed, the receipt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import gates as actions
from qingyuan.casework.actions.gates import GateRefused
from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import Gate, gate_called
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.foundation import clock
from qingyuan.journeys.gates import counts, matching
from qingyuan.organisation.enums import Action
from qingyuan.organisation.queries import city_pack
from qingyuan.reference import statutes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.gates import presenters
from qingyuan.web.gates.forms import GateForm
from qingyuan.web.reads import log_read

REFUSED = 422
SHOWN = 100
COUNTS = "G7"


def _require(request: WebRequest) -> None:
    """Errors: Forbidden for whoever stands at no end of a gate."""
    if not queries.may_use_gates(request.actor, clock.today()):
        raise Forbidden(
            what=_("依法移交"),
            whose=_("移交、接收两个单位里有权签字、签收的人"),
            how=_("移交了什么,由移交和接收的单位各自掌握,不汇总、不统计;本人可以向自己的负责单位要清单。"),
        )


@require_safe
def index(request: WebRequest) -> HttpResponse:
    _require(request)
    actor, on = request.actor, clock.today()
    sent = list(queries.acts_visible(actor, on).select_related("to_unit")[:SHOWN])
    came = list(queries.inbox(actor, on).select_related("from_unit")[:SHOWN])
    for ledger, found in ((queries.SENT, sent), (queries.INBOX, came)):
        if found:
            log_read(request, "list", ledger, [one.pk for one in found])
    context = {
        "gates": presenters.table(actor, on, city_pack().code),
        "sent": presenters.sent(sent),
        "arrived": presenters.arrived(came),
    }
    return render(request, "gates/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest, gate_code: str) -> HttpResponse:
    """The form of one gate; a POST is the signature. Errors: Forbidden, Http404."""
    _require(request)
    gate, actor, on = _gate(gate_code), request.actor, clock.today()
    if not queries.may_sign_some(actor, gate, on) or not gate.open_in(city_pack().code):
        raise Http404
    ledger, row = _row(request, gate)
    before = queries.passed(gate, row) if row is not None else None
    if before is not None and request.method != "POST" and queries.acts_visible(actor, on).filter(pk=before.pk).exists():
        messages.info(request, _("这条记录已经送过,下面是送出的那一份。"))
        return redirect("web:gate-act", before.pk)
    computed = _computed(request, gate, on)
    asked = () if gate.code == COUNTS else gate.typed
    form = GateForm(request.POST or None, gate=gate, units=queries.receivers(gate, on), typed=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = _signed(request, gate, form, ledger, row)
        except GateRefused as refusal:
            form.add_error(None, str(refusal))
            for name, said in refusal.wrong.items():
                form.add_error(name if name in form.fields else None, said)
        else:
            messages.success(request, _("已签字;还要本单位第二人签字才送出。") if gate.two else _("已签字送出,只送了下面列出的内容。"))
            return redirect("web:gate-act", made.pk)
    if row is not None:
        log_read(request, "detail", ledger, [row.pk], reason=gate.code)
    context = {
        "gate": gate,
        "form": form,
        "copied": _copied(gate, ledger, row, computed),
        "basis": statutes.describe(gate.basis_in(city_pack().code)),
        "ledger": ledger,
        "row": row,
    }
    return render(request, "gates/new.html", context, status=REFUSED if form.errors else 200)


def _gate(code: str) -> Gate:
    gate = gate_called(code)
    if gate is None or not gate.fields:
        raise Http404
    return gate


def _row(request: WebRequest, gate: Gate) -> tuple[str, Any]:
    """The row that is named, if it is one's own. Errors: Http404."""
    if not gate.ledgers:
        return "", None
    ledger = request.GET.get("ledger", "")
    try:
        row_id = UUID(request.GET.get("row", ""))
    except ValueError:
        raise Http404 from None
    row = queries.row_of(request.actor, gate, ledger, row_id, clock.today())
    if row is None:
        raise Http404
    return ledger, row


def _signed(request: WebRequest, gate: Gate, form: GateForm, ledger: str, row: Any) -> GateAct:
    """Errors: GateRefused."""
    to_unit = form.units[form.cleaned_data["to_unit"]]
    if gate.code == COUNTS:
        return counts.sign(to_unit=to_unit, month=_told_month(clock.today()), by=request.actor)
    return actions.sign(gate=gate, to_unit=to_unit, typed=form.typed, by=request.actor, ledger=ledger, row=row)


def _told_month(on: date) -> date:
    """The first day of the month before this one."""
    return (on.replace(day=1) - timedelta(days=1)).replace(day=1)


def _computed(request: WebRequest, gate: Gate, on: date) -> dict[str, str]:
    """What is worked out and not typed: the counts of the month before this one, closed."""
    if gate.code != COUNTS:
        return {}
    month = _told_month(on)
    return {"month": f"{month:%Y-%m}", "counts": counts.said(counts.closed_counts(request.actor.unit_id or 0, month))}


def _copied(gate: Gate, ledger: str, row: Any, computed: dict[str, str]) -> list[presenters.FieldLine]:
    given = queries.copied_from(gate, ledger, row) if row is not None else computed
    return [presenters.FieldLine(str(one.header), given[one.name]) for one in gate.fields if one.name in given]


@require_safe
def act(request: WebRequest, act_id: UUID) -> HttpResponse:
    _require(request)
    held = _act(request, act_id)
    gate = _gate(held.gate)
    log_read(request, "detail", queries.SENT, [held.pk])
    waiting = held.state == GateState.WAITING
    mine = held.signed_by_id == request.actor.account_id
    context = {
        "act": held,
        "gate": gate,
        "fields": presenters.values(held, gate),
        "basis": statutes.describe(held.articles),
        "may_second": waiting and not mine and queries.may_sign_some(request.actor, gate, clock.today()),
        "may_give_up": waiting and mine,
    }
    return render(request, "gates/act.html", context)


def _act(request: WebRequest, act_id: UUID) -> GateAct:
    found = queries.acts_visible(request.actor, clock.today()).select_related("unit", "to_unit").filter(pk=act_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
def second(request: WebRequest, act_id: UUID) -> HttpResponse:
    _require(request)
    return _taken(request, _act(request, act_id), actions.second, _("已签字送出。"))


@require_POST
def give_up(request: WebRequest, act_id: UUID) -> HttpResponse:
    _require(request)
    return _taken(request, _act(request, act_id), actions.give_up, _("已撤回,没有送出。"))


def _taken(request: WebRequest, held: GateAct, step: Any, said: str) -> HttpResponse:
    try:
        step(act=held, by=request.actor)
    except GateRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("web:gate-act", held.pk)


@require_safe
def delivery(request: WebRequest, gate_delivery_id: UUID) -> HttpResponse:
    _require(request)
    held = _delivery(request, gate_delivery_id)
    gate, on = _gate(held.gate), clock.today()
    log_read(request, "detail", queries.INBOX, [held.pk])
    context = {
        "delivery": held,
        "gate": gate,
        "fields": presenters.values(held, gate),
        "basis": statutes.describe(held.articles),
        "own": matching.own_client(held, request.actor, on, path=request.path),
        "asks_own": held.compartment == "community",
        "may_receive": held.received_at is None
        and queries.inbox(request.actor, on, action=Action.CHANGE).filter(pk=held.pk).exists(),
    }
    return render(request, "gates/delivery.html", context)


def _delivery(request: WebRequest, gate_delivery_id: UUID) -> GateDelivery:
    found = queries.inbox(request.actor, clock.today()).select_related("unit", "from_unit").filter(pk=gate_delivery_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
def receive(request: WebRequest, gate_delivery_id: UUID) -> HttpResponse:
    _require(request)
    held = _delivery(request, gate_delivery_id)
    own = matching.own_client(held, request.actor, clock.today(), path=request.path)
    try:
        actions.receive(delivery=held, by=request.actor, person=own.pk if own else None)
    except GateRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已签收。"))
    return redirect("web:gate-delivery", held.pk)
