"""The desk: the unit's requests, a new one, one with all its steps, and the copy while it waits to be handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import data_requests as actions
from qingyuan.casework.actions.data_requests import Decided, DeskRefused
from qingyuan.casework.desk import queries, table
from qingyuan.casework.enums import Asked, AskedBy, Asker, DeskState, HandedOver, Verdict
from qingyuan.casework.models import DataRequest
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.journeys.desk import answering, collecting, copying
from qingyuan.organisation.enums import Action
from qingyuan.reference import statutes
from qingyuan.rehabilitation.models import OwnRequest
from qingyuan.rehabilitation.queries import clients
from qingyuan.web.context import WebRequest
from qingyuan.web.desk import presenters
from qingyuan.web.desk.forms import HandOverForm, IdentityForm, ReceiveForm, WordsForm
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.serving.presenters import state_words

REFUSED = 422
SHOWN = 200


def _require(request: WebRequest) -> None:
    """Errors: Forbidden for whoever receives no requests."""
    if queries.home_of(request.actor) is None:
        raise Forbidden(
            what=_("个人信息权利请求"),
            whose=_("负责单位的禁毒专干和社工、办案单位民警、医疗机构医生、市禁毒办工作人员"),
            how=_("请求由掌握这些信息的单位受理、直接答复本人,别的单位看不到。"),
        )


@require_safe
def index(request: WebRequest) -> HttpResponse:
    _require(request)
    on = clock.today()
    found = queries.requests_visible(request.actor, on)
    waiting = list(found.filter(state__in=table.OPEN).order_by("answer_by", "pk")[:SHOWN])
    ended = list(found.exclude(state__in=table.OPEN)[:SHOWN])
    log_read(request, "list", queries.REQUESTS, [one.pk for one in (*waiting, *ended)])
    context = {"waiting": presenters.listed(waiting, on), "ended": presenters.listed(ended, on, ended=True)}
    return render(request, "desk/index.html", context)


@sensitive_post_parameters("name", "id_number", "asker_name", "contact", "words")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden; 422 with what to put right."""
    _require(request)
    form = ReceiveForm(request.POST or None, initial={"received_on": clock.today(), "came_by": AskedBy.IN_PERSON})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.receive(
                kind=Asked(given["kind"]),
                asker=Asker(given["asker"]),
                came_by=AskedBy(given["came_by"]),
                received_on=given["received_on"],
                about=form.about,
                by=request.actor,
            )
        except DeskRefused as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("已登记。接着看证件原件,核对身份。"))
            return redirect("web:desk-request", made.pk)
    return render(request, "desk/new.html", {"form": form}, status=REFUSED if form.errors else 200)


def _tell(form: forms.Form, refusal: DeskRefused) -> None:
    form.add_error(None, str(refusal))
    for name, said in refusal.wrong.items():
        form.add_error(name if name in form.fields else None, said)


def _held(request: WebRequest, desk_id: UUID, action: Action = Action.READ) -> DataRequest:
    """One of the own unit's. Errors: Forbidden, Http404."""
    _require(request)
    found = queries.requests_visible(request.actor, clock.today(), action=action).select_related("unit").filter(pk=desk_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def request_page(request: WebRequest, desk_id: UUID) -> HttpResponse:
    return _page(request, _held(request, desk_id), {})


def _page(request: WebRequest, held: DataRequest, given: dict[str, forms.Form], status: int = 200) -> HttpResponse:
    actor, on = request.actor, clock.today()
    log_read(request, "detail", queries.REQUESTS, [held.pk])
    answers = queries.may_answer(actor, held, on)
    passes = answers and held.compartment != Compartment.TREATMENT and held.state in ("identified", "collected", "decided")
    receiving = queries.receiving_units(on, held) if passes else {}
    context: dict[str, Any] = {
        "held": held,
        "paper": _paper(held),
        "values": held.values,
        "basis": statutes.describe(table.ARTICLES[Asked(held.kind)]),
        "items": presenters.items(held),
        "steps": presenters.steps(held),
        "slips": list(held.slips.select_related("to_unit")),
        "grounds": [(one.code, one.label, statutes.describe(one.articles)) for one in table.grounds_for(held.kind)],
        "answers": answers,
        "corrects": held.kind == Asked.CORRECT,
        "passes": passes,
        "towns": [*receiving.get(Compartment.COMMUNITY, ()), *receiving.get(Compartment.ENFORCEMENT, ())],
        "clinics": len(receiving.get(Compartment.TREATMENT, ())),
        "open": held.state in table.OPEN,
        "identity": given.get("identity", IdentityForm()),
        "words": given.get("words", WordsForm()),
        "hand_over": given.get("hand_over", HandOverForm(initial={"on": on})),
    }
    return render(request, "desk/request.html", context, status=status)


def _paper(held: DataRequest) -> dict[str, Any] | None:
    """The numbered answer in the unit's register, and how its service stands."""
    paper = answering.paper_of(held)
    if paper is None:
        return None
    tone, words = state_words(paper, clock.today())
    return {"pk": paper.pk, "number": paper.number, "words": words, "tone": tone}


Step = Callable[[WebRequest, DataRequest], None]


class _Wrong(Exception):
    """A form of the page that is not filled in right."""

    def __init__(self, name: str, form: forms.Form) -> None:
        super().__init__(name)
        self.name, self.form = name, form


def _filled(name: str, form: forms.Form) -> dict[str, Any]:
    """Raises _Wrong."""
    if not form.is_valid():
        raise _Wrong(name, form)
    given: dict[str, Any] = form.cleaned_data
    return given


def _identify(request: WebRequest, held: DataRequest) -> None:
    given = _filled("identity", IdentityForm(request.POST))
    actions.identify(request=held, seen=given["seen"], words=given["words"], by=request.actor)


def _unproved(request: WebRequest, held: DataRequest) -> None:
    actions.unproved(request=held, words=_filled("words", WordsForm(request.POST))["words"], by=request.actor)


def _withdraw(request: WebRequest, held: DataRequest) -> None:
    words = _filled("words", WordsForm(request.POST))["words"]
    with transaction.atomic():
        answering.take_back(held, request.actor)
        actions.withdraw(request=held, words=words, by=request.actor)


def _objection(request: WebRequest, held: DataRequest) -> None:
    actions.objected(request=held, words=_filled("words", WordsForm(request.POST))["words"], by=request.actor)


def _collect(request: WebRequest, held: DataRequest) -> None:
    collecting.collect(request=held, by=request.actor, path=request.path)


def _decide(request: WebRequest, held: DataRequest) -> None:
    """Decide every item and make the answer with its copy."""
    decided = {item.pk: _decided(request, str(item.pk)) for item in actions.items_of(held)}
    collecting.check(held, decided, request.actor)
    copying.make(request=actions.decide(request=held, decided=decided, by=request.actor), by=request.actor)


def _decided(request: WebRequest, pk: str) -> Decided:
    verdict = request.POST.get(f"verdict-{pk}", "")
    if verdict not in Verdict.values:
        raise DeskRefused(_("每一项都要作出决定:同意,或者不同意并选理由。"))
    return Decided(Verdict(verdict), request.POST.get(f"ground-{pk}", ""), request.POST.get(f"remark-{pk}", ""))


def _make(request: WebRequest, held: DataRequest) -> None:
    copying.make(request=held, by=request.actor)


def _hand_over(request: WebRequest, held: DataRequest) -> None:
    given = _filled("hand_over", HandOverForm(request.POST))
    way, on, words = HandedOver(given["way"]), given["on"], given["words"]
    with transaction.atomic():
        done = actions.hand_over(request=held, way=way, on=on, seen=given["seen"], words=words, by=request.actor)
        answering.served(done, way=way, on=on, words=words, by=request.actor)


def _pass_on(request: WebRequest, held: DataRequest) -> None:
    units = [int(one) for one in request.POST.getlist("unit") if one.isdigit() and len(one) < 10]
    sides = [Compartment.TREATMENT] if request.POST.get("clinics") == "yes" else []
    actions.pass_on(request=held, sides=sides, units=units, wished=request.POST.get("wished") == "yes", by=request.actor)


STEPS: dict[str, Step] = {
    "identity": _identify,
    "unproved": _unproved,
    "withdraw": _withdraw,
    "collect": _collect,
    "decide": _decide,
    "make": _make,
    "hand-over": _hand_over,
    "objection": _objection,
    "pass-on": _pass_on,
}


@sensitive_post_parameters("words")
@require_POST
def step(request: WebRequest, desk_id: UUID, desk_step: str) -> HttpResponse:
    """One step. Errors: Forbidden, Http404; 422 with what is missing; what the rules refuse is said on the page."""
    held = _held(request, desk_id, Action.CHANGE)
    taken = STEPS.get(desk_step)
    if taken is None:
        raise Http404
    try:
        taken(request, held)
    except _Wrong as wrong:
        return _page(request, held, {wrong.name: wrong.form}, REFUSED)
    except DeskRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已登记。"))
    return redirect("web:desk-request", held.pk)


@require_safe
def copy(request: WebRequest, desk_id: UUID) -> HttpResponse:
    """The answer and the copy, to be printed or put on the person's own disk; there until it is handed over. Errors: Forbidden, Http404."""
    held = _held(request, desk_id)
    if held.state != DeskState.DECIDED or not held.stored_as or not queries.may_answer(request.actor, held, clock.today()):
        raise Http404
    try:
        data = actions.copy_of(held)
    except FileDamaged as damaged:
        raise Forbidden(what=_("答复和副本"), whose=_("安全管理员"), how=str(damaged)) from damaged
    log_read(request, "export", queries.REQUESTS, [held.pk], reason="copy")
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, _("个人信息答复.zip")) or "attachment"
    return response


@require_POST
def from_own_page(request: WebRequest, client_id: UUID, asked_id: UUID) -> HttpResponse:
    """A correction asked for on the own page becomes a request with its clock. Errors: Http404."""
    _require(request)
    client = clients(request.actor, clock.today(), action=Action.CHANGE).filter(pk=client_id).first()
    asked = OwnRequest.objects.filter(pk=asked_id, client=client).select_related("client").first() if client is not None else None
    if asked is None:
        raise Http404
    try:
        made = collecting.from_own_page(asked=asked, by=request.actor)
    except DeskRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:person-own", client_id)
    messages.success(request, _("已转为个人信息请求,按期限答复。"))
    return redirect("web:desk-request", made.pk)
