"""The list, one order, its draft, its steps and the files that came with an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.picture import draw
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.governance.actions import orders as actions
from qingyuan.governance.actions.orders import Basis
from qingyuan.governance.enums import BasisKind
from qingyuan.governance.models import OrderFile, SupervisionOrder
from qingyuan.governance.queries import order_basis
from qingyuan.governance.queries import orders as reads
from qingyuan.governance.queries.order_basis import Start
from qingyuan.governance.rules.orders import ISSUING, LEDGER, usual_due
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import may
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.kept_files import file_response
from qingyuan.web.orders import presenters
from qingyuan.web.orders.forms import DraftForm, StepForm
from qingyuan.web.reads import log_read
from qingyuan.web.step_taking import REFUSED, step_named, take_step

#: What an address may say a draft begins from.
START = ("from", "id", "ledger", "indicator", "part", "place", "span")


def _require_reader(request: WebRequest) -> None:
    """Errors: Forbidden for roles that read orders of no unit."""
    decisions = [
        may(request.actor, Action.READ, compartment=Compartment.INTERNAL, ledger=subject, on=clock.today())
        for subject in (LEDGER, ISSUING)
    ]
    if not any(decisions):
        raise Forbidden(what=_("督办"), how=decisions[0].reason)


@require_safe
def orders(request: WebRequest) -> HttpResponse:
    """Orders by state. Errors: Forbidden."""
    _require_reader(request)
    actor, today = request.actor, clock.today()
    chosen = presenters.OVER if request.GET.get("of") == presenters.OVER else presenters.UNDER_WAY
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    late = reads.orders(actor, today).past_due(today)
    by_unit: dict[str, int] = {}
    for name in late.values_list("unit__short_name", flat=True):
        by_unit[name] = by_unit.get(name, 0) + 1
    context = {
        "tabs": presenters.tabs(actor, today, chosen),
        "table": presenters.table(actor, today, chosen, text),
        "of": chosen,
        "q": text,
        "late": sorted(by_unit.items(), key=lambda one: (-one[1], one[0])),
        "may_give": reads.may_give(actor, today),
    }
    return render(request, "orders/list.html", context)


@require_safe
def flow(request: WebRequest) -> HttpResponse:
    """The procedure as a picture and as a table, both from the same declaration. Errors: Forbidden."""
    _require_reader(request)
    procedure = reads.procedure()
    rows = [
        {
            "label": said(step.label),
            "froms": [said(procedure.state(code).label) for code in step.froms],
            "to": said(procedure.state(step.to).label) if step.to else "",
            "who": "、".join(dict.fromkeys(said(procedure.party(who.side).label) for who in step.who)),
            "roles": "、".join(sorted(str(role.label) for role in procedure.takers(step))),
            "needs": [(said(one.label), one.required) for one in step.needs],
            "note": said(step.note),
            "apart": [said(procedure.step(code).label) for code in dict.fromkeys((*step.other_person, *step.other_unit))],
        }
        for step in procedure.steps
    ]
    context = {"picture": draw(procedure, words=said), "rows": rows, "procedure": procedure}
    return render(request, "orders/flow.html", context)


# --- drafts ----------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """A draft, with its basis filled in where the address names one. Errors: Forbidden."""
    actor, today = request.actor, clock.today()
    try:
        actions.require_giving(actor, today)
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal
    issuer = Unit.objects.select_related("division").get(pk=actor.unit_id or 0)
    units = reads.receivers(issuer, today)
    asked = request.POST if request.method == "POST" else request.GET
    start, why = _start(request, asked)
    if request.method != "POST":
        offered = {unit.pk for unit in units}
        initial: dict[str, Any] = {
            "due_on": usual_due(today),
            "contact": actor.name,
            "word": actions.word_of(issuer),
            **(start.values if start is not None else {}),
            "units": [pk for pk in (start.unit_ids if start is not None else ()) if pk in offered],
        }
        return _draft_page(request, DraftForm(initial=initial, units=units), None, asked, why=why, start=start)
    form = DraftForm(request.POST, units=units)
    if not form.is_valid() or why:
        return _draft_page(request, form, None, asked, REFUSED, why=why, start=start)
    basis = Basis(start.kind, start.cited) if start is not None else None
    try:
        given = form.cleaned_data
        made = actions.draft(values=given, unit_ids=given["units"], due_on=given["due_on"], by=actor, basis=basis)
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _draft_page(request, form, None, asked, REFUSED, start=start)
    if len(made) > 1:
        messages.success(request, _("已起草 %(count)d 份,一单位一份,逐份送签。") % {"count": len(made)})
        return redirect("web:orders")
    messages.success(request, _("已起草,看过以后送签。"))
    return redirect("web:order", order_id=made[0].pk)


def _start(request: WebRequest, asked: QueryDict) -> tuple[Start | None, str]:
    """What the address names as the basis, and why it could not be taken."""
    actor, today, origin = request.actor, clock.today(), asked.get("from", "")
    try:
        if origin == "figure":
            return (
                order_basis.from_figure(
                    actor,
                    today,
                    indicator=asked.get("indicator", "")[:12],
                    part=asked.get("part", "value")[:20],
                    division=asked.get("place", "")[:20],
                    period=asked.get("span", "")[:20],
                ),
                "",
            )
        if origin in ("return", "row", "handover", "inspection", "question"):
            row_id = UUID(asked.get("id", ""))
            if origin == "question":
                return order_basis.from_question(actor, today, row_id), ""
            if origin == "handover":
                return order_basis.from_handover(actor, today, row_id), ""
            if origin == "inspection":
                return order_basis.from_inspection(actor, today, row_id), ""
            if origin == "return":
                return order_basis.from_return(actor, today, row_id), ""
            return order_basis.from_row(actor, today, asked.get("ledger", "")[:40], row_id), ""
    except StepRefused as refusal:
        return None, str(refusal)
    except ValueError:
        return None, _("没有找到要引用的依据,它可能已经作废,或不在您的范围内。")
    return None, ""


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: WebRequest, order_id: UUID) -> HttpResponse:
    """Change a draft. Errors: Http404, Forbidden."""
    order = _named(request, order_id)
    actor, today = request.actor, clock.today()
    if not any(step.code == "change" for step in reads.steps_open_to(actor, order, today)):
        raise Forbidden(what=_("修改督办单"), whose=order.issuer.label, how=_("送签以后不能修改;要改的,请负责同志先退回。"))
    units = reads.receivers(order.issuer, today)
    if request.method != "POST":
        initial = {name: getattr(order, name) for name in ("subject", "basis", "asked", "due_on", "contact", "word")}
        initial |= {"units": [order.unit_id], "version": order.version}
        return _draft_page(request, DraftForm(initial=initial, units=units, one_unit=True), order, QueryDict())
    form = DraftForm(request.POST, units=units, one_unit=True)
    if not form.is_valid():
        return _draft_page(request, form, order, QueryDict(), REFUSED)
    given = form.cleaned_data
    try:
        actions.change(
            order=order,
            values=given,
            unit_id=given["units"][0],
            due_on=given["due_on"],
            version=given["version"] or 0,
            by=actor,
        )
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _draft_page(request, form, order, QueryDict(), REFUSED)
    except NotAllowed as refusal:
        raise _forbidden(refusal, order) from refusal
    messages.success(request, _("已保存。"))
    return redirect("web:order", order_id=order.pk)


def _draft_page(
    request: WebRequest,
    form: DraftForm,
    order: SupervisionOrder | None,
    asked: QueryDict,
    status: int = 200,
    *,
    why: str = "",
    start: Start | None = None,
) -> HttpResponse:
    # What was sent with a basis that cannot be taken keeps naming it: sent again it is refused again, not drafted without.
    named = start is not None or (why and status == REFUSED)
    kept = [(name, asked.get(name, "")[:60]) for name in START if asked.get(name)] if named else []
    context = {"form": form, "order": order, "kept": kept, "why": why, "cited": bool(start and start.cited and start.kind != BasisKind.NOTE)}
    return render(request, "orders/draft.html", context, status=status)


# --- one order ---------------------------------------------------------------------------------------------------------------
@require_safe
def one(request: WebRequest, order_id: UUID) -> HttpResponse:
    """``?step=`` opens the form of a step that is not the main one. Errors: Http404."""
    return _page(request, _named(request, order_id), step=request.GET.get("step", ""))


def _named(request: WebRequest, order_id: UUID) -> SupervisionOrder:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.find(request.actor, clock.today(), order_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: WebRequest, order: SupervisionOrder, wrong: StepForm | None = None, step: str = "", status: int = 200
) -> HttpResponse:
    page = presenters.page_of(request.actor, order, clock.today(), wrong, step)
    return render(request, "orders/one.html", {"page": page, "order": order, "opened": step}, status=status)


@require_POST
def take(request: WebRequest, order_id: UUID, step: str) -> HttpResponse:
    """Take one step; what was filled in wrongly comes back beside its field. Errors: Http404, Forbidden."""
    order = _named(request, order_id)
    declared = step_named(reads.procedure(), step, hidden=("change",))

    def act(given: dict[str, Any]) -> str:
        taken = actions.take(order=order, step=declared.code, by=request.actor, version=given["version"], given=given)
        return presenters.state_words(taken)

    def back() -> HttpResponse:
        """To the list where the step took the order out of one's sight."""
        seen = reads.find(request.actor, clock.today(), order.pk) is not None
        return redirect("web:order", order_id=order.pk) if seen else redirect("web:orders")

    return take_step(
        request,
        declared=declared,
        form=StepForm(declared, request.POST, request.FILES),
        act=act,
        again=lambda form, code: _page(request, order, form, code, REFUSED),
        back=back,
        forbidden=lambda refusal: _forbidden(refusal, order),
    )


@require_safe
def file(request: WebRequest, order_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of evidence as it came in. Errors: Http404."""
    order = _named(request, order_id)
    found = get_object_or_404(OrderFile, pk=file_id, order=order)
    log_read(request, "export", LEDGER, [order.pk], reason=found.digest[:12])
    return file_response(found)


def _forbidden(refusal: NotAllowed, order: SupervisionOrder | None = None) -> Forbidden:
    whose = order.issuer.label if order is not None else _("禁毒委员会办公室")
    return Forbidden(what=_("办理督办单"), whose=whose, how=str(refusal))

