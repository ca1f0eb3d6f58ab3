"""A visit: signing in, the checklist item by item, signatures, the look again, its record."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.governance import inspection_papers
from qingyuan.governance.actions import inspections as actions
from qingyuan.governance.actions.inspections import NotAllowed, StepRefused
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionPhoto, InspectionVisit
from qingyuan.governance.permissions import may_give_orders, orders_visible
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries.inspections import Visited
from qingyuan.governance.rules.inspections import VISITS
from qingyuan.rehabilitation import drawing
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.inspections import presenters
from qingyuan.web.inspections.forms import MarkForm, ReasonForm, RecheckForm, SignForm
from qingyuan.web.inspections.rounds import PAPERS, REFUSED, require_reader, sent
from qingyuan.web.reads import log_read


def _named(request: WebRequest, visit_id: UUID) -> InspectionVisit:
    """Errors: Forbidden, Http404."""
    require_reader(request)
    found = reads.visits_visible(request.actor, clock.today()).filter(pk=visit_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, visit_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    return _page(request, _named(request, visit_id))


def _page(request: WebRequest, visit: InspectionVisit, wrong: dict[str, forms.Form] | None = None, status: int = 200) -> HttpResponse:
    actor, today = request.actor, clock.today()
    found = reads.visited([visit])[0]
    department = reads.department_of(actor, visit.round, today)
    people = drawing.own_files(visit.round_id, visit.files, actor, today)
    if people:
        log_read(request, "list", "measures", [one.pk for one in people.values()], reason="joint inspection")
    acts = presenters.visit_acts(found, department, actor)
    failed = [one for one in found.marks if one.answer == Answer.NO]
    bound = wrong or {}
    context: dict[str, Any] = {
        "visit": visit,
        "found": found,
        "state": found.state.label,
        "tone": presenters.TONES[found.state],
        "department": Department(department).label if department else "",
        "departments": presenters.departments(found),
        "sheets": presenters.sheets(found, people),
        "failed": presenters.failed_lines(found),
        "acts": acts,
        "ask_day": presenters.ask_day(found),
        "sign_form": bound.get("sign") or SignForm(initial={"mend_by": presenters.usual_day(today)}),
        "reason_form": bound.get("reopen") or ReasonForm(),
        "recheck_form": bound.get("recheck") or (RecheckForm(failed=failed, titles=presenters.recheck_titles(found, failed)) if acts["recheck"] else None),
        "order": _order_line(request, found),
        "row_href": reverse("web:ledger-row", args=["inspections", visit.row_id]) if visit.row_id and visit.unit_id == actor.unit_id else "",
    }
    return render(request, "inspections/visit.html", context, status=status)


def _order_line(request: WebRequest, found: Visited) -> dict[str, str]:
    """The order that rests on the findings, for who may open it; or where the office drafts one."""
    actor, today = request.actor, clock.today()
    if found.order is not None:
        opens = orders_visible(actor, today).filter(pk=found.order.pk).exists()
        if not opens and not found.order.number:
            return {}
        words = _("督办单 %(number)s") % {"number": found.order.number or _("(未发)")}
        return {"words": words, "href": reverse("web:order", args=[found.order.pk]) if opens else ""}
    if found.visit.final_at and found.counted.failed and may_give_orders(actor, today).allowed:
        return {"words": _("按检查结果起草督办单"), "href": f"{reverse('web:order-new')}?from=inspection&id={found.visit.pk}", "new": "1"}
    return {}


@require_POST
def act(request: WebRequest, visit_id: UUID, act: str) -> HttpResponse:
    """Sign in, sign, take signatures back, look again. Errors: Forbidden, Http404."""
    visit = _named(request, visit_id)
    done = {"sign-in": _sign_in, "sign": _sign, "reopen": _reopen, "recheck": _recheck}.get(act)
    if done is None:
        raise Http404
    try:
        wrong = done(request, visit)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理现场检查"), whose=_("本次检查的四个部门"), how=str(refusal)) from refusal
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        wrong = None
    if wrong is not None:
        return _page(request, visit, {act: wrong}, REFUSED)
    return redirect("web:inspection-visit", visit.pk)


def _sign_in(request: WebRequest, visit: InspectionVisit) -> forms.Form | None:
    actions.sign_in(visit_id=visit.pk, by=request.actor)
    messages.success(request, _("已签到。"))
    return None


def _sign(request: WebRequest, visit: InspectionVisit) -> forms.Form | None:
    form = SignForm(request.POST)
    if not form.is_valid():
        return form
    return _tried(form, lambda: actions.sign(visit_id=visit.pk, mend_by=form.cleaned_data["mend_by"], by=request.actor))


def _reopen(request: WebRequest, visit: InspectionVisit) -> forms.Form | None:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return form
    return _tried(form, lambda: actions.reopen(visit_id=visit.pk, reason=form.cleaned_data["reason"], by=request.actor))


def _recheck(request: WebRequest, visit: InspectionVisit) -> forms.Form | None:
    found = reads.visited([visit])[0]
    failed = [one for one in found.marks if one.answer == Answer.NO]
    form = RecheckForm(request.POST, failed=failed, titles=presenters.recheck_titles(found, failed))
    if not form.is_valid():
        return form
    return _tried(form, lambda: actions.recheck(visit_id=visit.pk, mended=form.verdicts(), by=request.actor))


def _tried(form: forms.Form, write: Callable[[], object]) -> forms.Form | None:
    """The form with what was wrong beside its field; None when it was written. Raises StepRefused where it is none of its fields."""
    try:
        write()
    except StepRefused as refusal:
        if refusal.field not in form.fields:
            raise
        form.add_error(refusal.field, str(refusal))
        return form
    return None


# --- the checklist -----------------------------------------------------------------------------------------------------------
@require_safe
def checklist(request: WebRequest, visit_id: UUID, number: int) -> HttpResponse:
    """The station's sheet (0) or that of a file. Errors: Forbidden, Http404."""
    visit = _named(request, visit_id)
    return _sheet_page(request, visit, number)


def _sheet_page(
    request: WebRequest, visit: InspectionVisit, number: int, wrong: tuple[str, MarkForm, str] | None = None, status: int = 200
) -> HttpResponse:
    _lot(visit, number)
    actor, today = request.actor, clock.today()
    found = reads.visited([visit])[0]
    department = reads.department_of(actor, visit.round, today)
    people = drawing.own_files(visit.round_id, visit.files, actor, today)
    sheets = presenters.sheets(found, people)
    own = sheets[number]
    if own.person is not None:
        log_read(request, "detail", "measures", [own.person.pk], reason="joint inspection")
    context = {
        "visit": visit,
        "sheet": own,
        "sheets": sheets,
        "items": presenters.items(found, number, list(visit.photos.all()), wrong),
        "acts": presenters.visit_acts(found, department, actor),
        "next": sheets[number + 1] if number + 1 < len(sheets) else None,
    }
    return render(request, "inspections/checklist.html", context, status=status)


def _lot(visit: InspectionVisit, number: int) -> str:
    """Errors: Http404."""
    if number > len(visit.files):
        raise Http404
    return presenters.lot_of(visit, number)


@require_POST
def mark(request: WebRequest, visit_id: UUID, number: int, item: str) -> HttpResponse:
    """Save one item; with a script the item alone comes back, without one its page. Errors: Forbidden, Http404."""
    visit = _named(request, visit_id)
    lot, code = _lot(visit, number), item.upper()
    form = MarkForm(request.POST, request.FILES, auto_id=f"{code}_%s")
    error = ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.mark(visit_id=visit.pk, item=code, lot=lot, answer=given["answer"], finding=given["finding"], was=given["was"], by=request.actor)
            if given["photo"]:
                kind = "image/png" if given["photo"].name.lower().endswith(".png") else "image/jpeg"
                actions.keep_photo(visit_id=visit.pk, item=code, lot=lot, data=given["photo"].read(), media_type=kind, by=request.actor)
        except NotAllowed as refusal:
            raise Forbidden(what=_("办理现场检查"), whose=_("本次检查的四个部门"), how=str(refusal)) from refusal
        except StepRefused as refusal:
            error = str(refusal)
            if refusal.field in form.fields:
                form.add_error(refusal.field, str(refusal))
    else:
        error = " ".join(str(message) for messages_ in form.errors.values() for message in messages_)
    if not request.htmx:
        if error:
            return _sheet_page(request, visit, number, (code, form, error), REFUSED)
        return redirect(f"{reverse('web:inspection-list', args=[visit.pk, number])}#{code}")
    return _item_state(request, visit, number, code, error)


def _item_state(request: WebRequest, visit: InspectionVisit, number: int, code: str, error: str) -> HttpResponse:
    """What is kept of one item now, beside what was refused. What stands typed in its form is left alone. Errors: Http404."""
    found = reads.visited([visit])[0]
    shown = next((one for one in presenters.items(found, number, list(visit.photos.all())) if one.item.code == code), None)
    if shown is None:
        raise Http404
    acts = presenters.visit_acts(found, reads.department_of(request.actor, visit.round, clock.today()), request.actor)
    return render(request, "inspections/_state.html", {"one": replace(shown, error=error), "acts": acts})


@require_safe
def photo(request: WebRequest, visit_id: UUID, photo_id: UUID) -> HttpResponse:
    """A picture taken as evidence. Errors: Forbidden, Http404."""
    visit = _named(request, visit_id)
    found = get_object_or_404(InspectionPhoto, pk=photo_id, visit=visit)
    log_read(request, "detail", VISITS, [visit.pk], reason=found.digest[:12])
    response = HttpResponse(base64.b64decode(found.content or ""), content_type=found.media_type)
    ending = "png" if found.media_type == "image/png" else "jpg"
    response["Content-Disposition"] = f'inline; filename="{found.digest[:12]}.{ending}"'
    return response


@require_safe
def record(request: WebRequest, visit_id: UUID, suffix: str) -> HttpResponse:
    """检查记录 of a visit whose findings are signed. Errors: Forbidden, Http404."""
    visit = _named(request, visit_id)
    if suffix not in PAPERS or visit.final_at is None:
        raise Http404
    with override(settings.LANGUAGE_CODE):
        paper = inspection_papers.record(reads.visited([visit])[0], on=clock.today())
        name = f"{visit.round.period}{visit.division.name}联合检查记录.{suffix}"
    return sent(request, paper, suffix, name, VISITS, visit.pk)
