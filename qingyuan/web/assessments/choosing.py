"""The page on which the assessed unit picks its own filed returns as evidence for a clause: a search, boxes, one sentence.

A search goes with what is ticked and typed already, and gives it back: what was ticked stays on top, whatever is searched for next.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.actions import assessment_evidence as evidence
from qingyuan.governance.models import Assessment
from qingyuan.governance.permissions import may_self_score
from qingyuan.governance.queries.fitting_returns import Fitting, returns_that_fit
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.web.assessments.forms import ReturnsForm
from qingyuan.web.assessments.one import back, named
from qingyuan.web.assessments.presenters import return_words
from qingyuan.web.assessments.views import REFUSED, forbidden
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden

MOST_SHOWN: Final = 60
MOST_SEARCHED: Final = 60


@require_http_methods(["GET", "HEAD", "POST"])
def returns(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """``?q=`` narrows the list; a POST with ``search`` or ``clear`` does so too and keeps what is ticked. Any other POST lays the chosen ones
    beside the clause. Errors: Http404, Forbidden."""
    case, today = named(request, assessment_id), clock.today()
    title = next((said(one.title) for one in scheme_of(case.letter.scheme).clauses() if one.id == clause), None)
    if title is None:
        raise Http404
    decision = may_self_score(request.actor, case, today)
    if not decision.allowed:
        raise Forbidden(what=_("选佐证"), whose=case.unit.label, how=decision.reason)
    if case.state != "self_score":
        messages.error(request, _("自评已经报送,佐证不能再改;要补充的请市禁毒办退回。"))
        return back(case, clause)
    given = request.POST if request.method == "POST" else request.GET
    words = "" if "clear" in given else given.get("q", "")[:MOST_SEARCHED].strip()
    every = returns_that_fit(request.actor, case, clause, today)
    wanted = set(request.POST.getlist("chosen"))
    picked = [one for one in every if str(one.filed.pk) in wanted and not one.attached]
    fitting = returns_that_fit(request.actor, case, clause, today, words) if words else every
    found = [one for one in fitting if one not in picked]
    shown = picked + found[:MOST_SHOWN]
    searching = "search" in request.POST or "clear" in request.POST
    form = ReturnsForm(offered=_offered(shown), auto_id="choose-%s", initial={"note": request.POST.get("note", "")})
    if request.method == "POST" and not searching:
        form = ReturnsForm(request.POST, offered=_offered(shown), auto_id="choose-%s")
        if form.is_valid() and (done := _added(request, case, clause, form)):
            messages.success(request, _("已附上 %(count)d 张报表。") % {"count": done})
            return back(case, clause)
    page = {
        "case": case, "clause": clause, "title": title, "words": words, "form": form, "shown": shown, "any": bool(every),
        "ticked": {str(one.filed.pk) for one in picked}, "none": bool(words) and not found, "left": max(len(found) - MOST_SHOWN, 0),
        "to": f"{reverse('web:assessment', args=[case.pk])}?open={clause}#clause-{clause}",
    }  # fmt: skip
    return render(request, "assessments/choose_returns.html", page, status=REFUSED if form.errors else 200)


def _offered(shown: list[Fitting]) -> dict[UUID, str]:
    return {one.filed.pk: return_words(one.filed) for one in shown if not one.attached}


def _added(request: WebRequest, case: Assessment, clause: str, form: ReturnsForm) -> int:
    """How many were laid beside the clause; 0 with the reason beside its field. Errors: Forbidden."""
    try:
        given = form.cleaned_data
        return len(evidence.add_returns(case=case, clause=clause, chosen=given["chosen"], note=given["note"], by=request.actor))
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return 0
    except PermissionError as refusal:
        raise forbidden(refusal) from refusal
