"""Rounds: the list, a plan, the three steps of its draw, the sheet by which anybody draws again, the circular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.foundation.draws import BadDraw
from qingyuan.governance import inspection_papers
from qingyuan.governance.actions import inspections as actions
from qingyuan.governance.actions.inspections import NotAllowed, Plan, StepRefused
from qingyuan.governance.models import InspectionRound
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.rules.inspections import ROUNDS
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.inspections import presenters
from qingyuan.web.inspections.forms import PlanForm
from qingyuan.web.reads import log_read

REFUSED = 422
PAPERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


def require_reader(request: WebRequest) -> None:
    """Errors: Forbidden for roles to whom inspections are nothing."""
    decision = reads.reads_any(request.actor, clock.today())
    if not decision.allowed:
        raise Forbidden(what=_("联合检查"), whose=_("市禁毒办、四个检查部门和受检乡镇"), how=decision.reason)


@require_safe
def listing(request: WebRequest) -> HttpResponse:
    """Rounds and visits of one's own range. Errors: Forbidden."""
    require_reader(request)
    actor, today = request.actor, clock.today()
    rounds, visits = presenters.visible(actor, today)
    context = {"rounds": rounds, "visits": visits, "may_plan": reads.may_plan(actor, today).allowed}
    return render(request, "inspections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """A plan; saving it publishes the hash of its seed. Errors: Forbidden."""
    actor, today = request.actor, clock.today()
    decision = reads.may_plan(actor, today)
    if not decision.allowed:
        raise Forbidden(what=_("联合检查计划"), whose=_("市禁毒办"), how=decision.reason)
    senders = reads.senders(Unit.objects.get(pk=actor.unit_id or 0))
    if request.method != "POST":
        quarter = f"{today.year}Q{(today.month + 2) // 3}"
        title = _("%(year)s 年第 %(quarter)s 季度社区戒毒社区康复联合检查") % {"year": today.year, "quarter": quarter[-1]}
        initial = {"title": title, "period": quarter, "starts_on": today, "towns": 3, "file_count": 27}
        return render(request, "inspections/plan.html", {"form": PlanForm(initial=initial, senders=senders)})
    form = PlanForm(request.POST, senders=senders)
    if form.is_valid():
        given = form.cleaned_data
        names = ("title", "period", "starts_on", "ends_on", "towns", "by_kind")
        plan = Plan(**{name: given[name] for name in names}, files=given["file_count"], units=form.units())
        try:
            made = actions.plan(plan=plan, by=actor)
        except StepRefused as refusal:
            field = "file_count" if refusal.field == "files" else refusal.field
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("种子的校验值已经公布。现在可以锁定名单。"))
            return redirect("web:inspection", made.pk)
    return render(request, "inspections/plan.html", {"form": form}, status=REFUSED)


def _named(request: WebRequest, inspection_id: UUID) -> InspectionRound:
    """Errors: Forbidden, Http404."""
    require_reader(request)
    found = reads.rounds_visible(request.actor, clock.today()).filter(pk=inspection_id).select_related("unit", "division").first()
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, inspection_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    made, today = _named(request, inspection_id), clock.today()
    visits = list(reads.visits_visible(request.actor, today).filter(round=made).order_by("division__code"))
    state, tone = presenters.round_state(made)
    context: dict[str, Any] = {
        "made": made,
        "state": state,
        "tone": tone,
        "steps": presenters.steps(made),
        "drawn": presenters.drawn(made),
        "visits": [presenters.visit_line(one) for one in reads.visited(visits)],
        "parts": made.parts.select_related("unit"),
        "may_plan": reads.may_plan(request.actor, today).allowed and made.unit_id == request.actor.unit_id,
        "ready": made.frozen_at is not None and today >= made.starts_on,
        "some_final": any(one.final_at for one in visits),
    }
    return render(request, "inspections/round.html", context)


@require_POST
def move(request: WebRequest, inspection_id: UUID, move: str) -> HttpResponse:
    """Freeze or reveal. Errors: Forbidden, Http404."""
    made = _named(request, inspection_id)
    taken = {"freeze": actions.freeze, "reveal": actions.reveal}.get(move)
    if taken is None:
        raise Http404
    try:
        taken(round_id=made.pk, by=request.actor)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理联合检查的抽取"), whose=made.unit.label, how=str(refusal)) from refusal
    except (StepRefused, BadDraw) as refusal:
        messages.error(request, str(refusal))
    return redirect("web:inspection", made.pk)


@require_safe
def sheet(request: WebRequest, inspection_id: UUID) -> HttpResponse:
    """The sheet as a file: opaque lots, no name. Errors: Forbidden, Http404."""
    made = _named(request, inspection_id)
    log_read(request, "export", ROUNDS, [made.pk], reason="draw sheet")
    answer = JsonResponse(reads.sheet(made), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="inspection-{made.period}.json"'
    return answer


@require_safe
def notice(request: WebRequest, inspection_id: UUID, suffix: str) -> HttpResponse:
    """检查通报 of a round. Errors: Forbidden, Http404."""
    made = _named(request, inspection_id)
    if suffix not in PAPERS:
        raise Http404
    visits = list(reads.visits_visible(request.actor, clock.today()).filter(round=made, final_at__isnull=False).order_by("division__code"))
    if not visits:
        raise Http404
    with override(settings.LANGUAGE_CODE):
        paper = inspection_papers.circular(made, reads.visited(visits), on=clock.today())
        name = f"{made.title}通报.{suffix}"
    return sent(request, paper, suffix, name, ROUNDS, made.pk)


def sent(request: WebRequest, paper: OfficialDocument, suffix: str, name: str, ledger: str, row_id: UUID) -> HttpResponse:
    """A paper as a file, with its line in the read audit."""
    render_paper, media = PAPERS[suffix]
    log_read(request, "export", ledger, [row_id], reason=suffix)
    response = HttpResponse(render_paper(paper), content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
