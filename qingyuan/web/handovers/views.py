"""Hand-overs: the list of both sides, the offer, its page, and the three answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import handovers as actions
from qingyuan.casework.actions.handovers import HandOverRefused, Terms
from qingyuan.casework.handovers import queries
from qingyuan.casework.handovers.permissions import may_answer, may_send_out, may_withdraw
from qingyuan.casework.models import HandOver
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys import caseload
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.web import order_links, shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.handovers import listing, presenters
from qingyuan.web.handovers.forms import AcceptForm, OfferForm, RefuseForm, WithdrawForm
from qingyuan.web.reads import log_read

PER_PAGE = 50
REFUSED = 422


def works_by_name(request: WebRequest, action: Action = Action.READ) -> bool:
    return may(
        request.actor, action, compartment=Compartment.COMMUNITY, ledger=queries.GIVEN, on=clock.today()
    ).allowed


def require_by_name(request: WebRequest, action: Action = Action.READ) -> None:
    """Errors: Forbidden for whoever does not work with people by name."""
    if not works_by_name(request, action):
        raise Forbidden(
            what=_("移交单和里面的姓名"),
            whose=_("移出、接收两个单位的社工、禁毒专干"),
            how=_("领导和禁毒办在“交接”里看逾期没有答复的移交、各乡镇服务人数,不看姓名。"),
        )


@require_safe
def index(request: WebRequest) -> HttpResponse:
    """Both sides by name; for superiors what is late, without. Errors: Forbidden, Http404."""
    actor, on = request.actor, clock.today()
    if not works_by_name(request):
        return _overview(request)
    show = request.GET.get("show", listing.WAITING)
    if show not in (listing.WAITING, listing.GIVEN, listing.PAST):
        raise Http404
    found = listing.narrowed(actor, on, show)
    href = f"{reverse('web:handovers')}?show={show}&page="
    pages = shapes.pages(_number(request), PER_PAGE, found.count(), href)
    shown = list(found[pages.first - 1 if pages.total else 0 : pages.until])
    if shown:
        log_read(request, "list", queries.GIVEN, [one.pk for one in shown])
    context = {
        "tabs": listing.tabs(actor, on, show),
        "table": presenters.table(shown, on, listing.empty(show), _("移交")),
        "pages": pages,
        "orphans": caseload.orphans(actor, on).count(),
        "may_offer": works_by_name(request, Action.CHANGE),
    }
    return render(request, "handovers/list.html", context)


def _overview(request: WebRequest) -> HttpResponse:
    actor, on = request.actor, clock.today()
    if not actor.has_role(*queries.OVERSEERS):
        require_by_name(request)
    late = list(queries.late_below(actor, on))
    context = {
        "late": presenters.late_table(late, on, order_links.hrefs_of_handovers(actor, late, on)),
        "unattended": caseload.unattended(actor, on),
    }
    return render(request, "handovers/overview.html", context)


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Offer people to another unit or a colleague. Errors: Forbidden."""
    require_by_name(request, Action.CHANGE)
    actor, on = request.actor, clock.today()
    ids = _offerable(request)
    own = Unit.objects.get(pk=actor.unit_id or 0)
    units = queries.receivers(own, on) if may_send_out(actor, own.pk, on).allowed else []
    colleagues = [one for one in queries.workers(own.pk, on) if one.pk != actor.account_id]
    initial = {"counted_from": on, "people": [str(pk) for pk in ids if str(pk) == request.GET.get("person", "")]}
    form = OfferForm(
        request.POST or None, initial=initial, people=presenters.choices(ids, CODE), units=units, colleagues=colleagues
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _offer(request, form, own)
        except HandOverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已移交,等对方签收;签收以前仍由您这一方负责。"))
            return redirect("web:handover", made.pk)
    if ids:
        log_read(request, "list", CODE, ids)
    return render(request, "handovers/new.html", {"form": form, "any": bool(ids)}, status=REFUSED if form.errors else 200)


def _offerable(request: WebRequest) -> list[UUID]:
    actor, on = request.actor, clock.today()
    return caseload.movable(actor, on, everyone=True)


def _offer(request: WebRequest, form: OfferForm, own: Unit) -> HandOver:
    given = form.cleaned_data
    colleague = form.colleagues.get(given["receiver"])
    return actions.offer(
        keeper=CODE,
        subjects=form.chosen,
        to_unit=own if colleague else form.units[given["receiver"]],
        to_caseworker=colleague,
        terms=Terms(given["reason"], given["words"], given["counted_from"]),
        by=request.actor,
    )


def _named(request: WebRequest, handover_id: UUID) -> HandOver:
    """Errors: Forbidden; Http404, the same for one that is not there and one that is not for this person."""
    require_by_name(request)
    found = queries.seen(request.actor, clock.today()).filter(pk=handover_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, handover_id: UUID) -> HttpResponse:
    return _page(request, _named(request, handover_id))


def _page(request: WebRequest, found: HandOver, **forms: Any) -> HttpResponse:
    actor, on = request.actor, clock.today()
    gives = queries.given(actor, on).filter(pk=found.pk).exists()
    waits = found.state == "offered"
    answers = waits and may_answer(actor, found, on).allowed
    shown = presenters.people(found, actor, on, gives=gives)
    log_read(request, "detail", queries.GIVEN, [found.pk, *(queries.subjects_of(found) if shown else ())])
    context = {
        "line": presenters.line(
            found, on, presenters.workers_named([found]), queries.people_in([found])[found.pk], gives=gives
        ),
        "one": found,
        "people": shown,
        "gives": gives,
        "accept": (forms.get("accept") or _accept_form(found)) if answers else None,
        "refuse": (forms.get("refuse") or RefuseForm(prefix="refuse")) if answers else None,
        "withdraw": (forms.get("withdraw") or WithdrawForm(prefix="withdraw"))
        if waits and may_withdraw(actor, found, on).allowed
        else None,
    }
    return render(request, "handovers/one.html", context, status=REFUSED if forms else 200)


def _accept_form(found: HandOver, data: Any = None) -> AcceptForm:
    on = clock.today()
    home = found.to_unit.division_id
    places = [] if found.within else sorted(Division.objects.under(home, on), key=lambda one: (one.pk != home, one.code))
    workers: list[Account] = queries.workers(found.to_unit_id, on)
    return AcceptForm(data, prefix="accept", workers=workers, places=places, named=found.to_caseworker_id)


@require_POST
def accept(request: WebRequest, handover_id: UUID) -> HttpResponse:
    """Sign for it. Errors: Forbidden, Http404; 422 with what is wrong."""
    found = _named(request, handover_id)
    form = _accept_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, accept=form)
    caseworker = form.workers.get(form.cleaned_data.get("caseworker", ""))
    division = form.places.get(form.cleaned_data.get("division", ""))
    return _done(
        request,
        found,
        lambda: actions.accept(handover=found, by=request.actor, caseworker=caseworker, division=division),
        _("已接收,从今天起由接收方负责;名下记录和未了结的应做事项一并转来。"),
    )


@require_POST
def refuse(request: WebRequest, handover_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404; 422 with what is missing."""
    found = _named(request, handover_id)
    form = RefuseForm(request.POST, prefix="refuse")
    if not form.is_valid():
        return _page(request, found, refuse=form)
    return _done(
        request,
        found,
        lambda: actions.refuse(handover=found, why=form.cleaned_data["why"], by=request.actor),
        _("已拒收,仍由移出方负责。"),
    )


@require_POST
def withdraw(request: WebRequest, handover_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404; 422 with what is missing."""
    found = _named(request, handover_id)
    form = WithdrawForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return _page(request, found, withdraw=form)
    return _done(
        request,
        found,
        lambda: actions.withdraw(handover=found, why=form.cleaned_data["why"], by=request.actor),
        _("已撤回,仍由您这一方负责。"),
    )


def _done(request: WebRequest, found: HandOver, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except HandOverRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("web:handover", found.pk)


