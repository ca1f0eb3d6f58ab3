"""The list of a year, one entry, its steps, its papers and files; the rules; the list as a workbook."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese, said
from qingyuan.governance import reward_papers
from qingyuan.governance.actions import rewards as actions
from qingyuan.governance.models import AssessmentRound, Consequence, ConsequenceFile
from qingyuan.governance.permissions.consequences import sees_whole_consequence
from qingyuan.governance.queries import assessment_state
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rules.rewards import CONSEQUENCES
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.enums import Action
from qingyuan.web.assessments.views import paper_response
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.kept_files import file_response
from qingyuan.web.reads import log_read
from qingyuan.web.rewards import presenters
from qingyuan.web.rewards.forms import form_of
from qingyuan.web.step_taking import REFUSED, step_named, take_step

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _year(request: WebRequest, years: list[int]) -> int:
    """The year asked for, else the newest there is, else this one."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in years:
        return int(text)
    return years[0] if years else clock.today().year


@require_safe
def rewards(request: WebRequest) -> HttpResponse:
    """The entries of a year this person may see, by kind and letter number: never by points. ``?left=1``: for the office also the
    rules that could not be judged."""
    actor, today = request.actor, clock.today()
    years = reads.years(actor, today)
    page = presenters.list_page(actor, today, years, _year(request, years), with_left=request.GET.get("left") == "1")
    return render(request, "rewards/list.html", {"page": page})


@require_POST
def propose(request: WebRequest, round_id: UUID) -> HttpResponse:
    """Have the rules propose. Errors: Http404, Forbidden."""
    found = _round(request, round_id)
    try:
        made = actions.propose(round=found, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal
    else:
        messages.success(request, _("已按规则提出 %(count)d 项建议,逐项告知、呈报。") % {"count": len(made)})
    return _to_year(found)


@require_POST
def take_together(request: WebRequest, round_id: UUID, step: str) -> HttpResponse:
    """Move all entries that need no hearing and no paper. Errors: Http404, Forbidden."""
    found = _round(request, round_id)
    if step not in reads.TOGETHER:
        raise Http404
    try:
        count = actions.take_together(round=found, step=step, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise _forbidden(refusal) from refusal
    else:
        label = said(reads.procedure().step(step).label)
        messages.success(request, _("已%(step)s %(count)d 项。") % {"step": label, "count": count})
    return _to_year(found)


def _round(request: WebRequest, round_id: UUID) -> AssessmentRound:
    found = assessment_state.find_round(request.actor, clock.today(), round_id)
    if found is None:
        raise Http404
    return found


def _to_year(found: AssessmentRound) -> HttpResponse:
    return redirect(f"{reverse('web:rewards')}?year={found.year}")


# --- one entry -----------------------------------------------------------------------------------------------------------------
def _named(request: WebRequest, consequence_id: UUID) -> Consequence:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.find(request.actor, clock.today(), consequence_id)
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, consequence_id: UUID) -> HttpResponse:
    """``?step=`` opens the form of a step that is not the main one. Errors: Http404."""
    return _page(request, _named(request, consequence_id), step=request.GET.get("step", "")[:20])


def _page(request: WebRequest, case: Consequence, wrong: Any = None, step: str = "", status: int = 200) -> HttpResponse:
    page = presenters.entry_page(request.actor, case, clock.today(), wrong, step)
    return render(request, "rewards/one.html", {"page": page, "case": case, "opened": step}, status=status)


@require_POST
def take(request: WebRequest, consequence_id: UUID, step: str) -> HttpResponse:
    """Take one step; what was filled in wrongly comes back beside its field. Errors: Http404, Forbidden."""
    case = _named(request, consequence_id)
    declared = step_named(reads.procedure(), step)

    def act(given: dict[str, Any]) -> str:
        taken = actions.take(case=case, step=declared.code, by=request.actor, version=given["version"], given=given)
        return said(reads.procedure().state(taken.state).label)

    return take_step(
        request,
        declared=declared,
        form=form_of(declared, case, request.POST, request.FILES),
        act=act,
        again=lambda form, code: _page(request, case, form, code, REFUSED),
        back=lambda: redirect("web:reward", consequence_id=case.pk),
        forbidden=_forbidden,
    )


@require_safe
def file(request: WebRequest, consequence_id: UUID, proof_of_repair: UUID) -> HttpResponse:
    """A file that came with a report of what was put right. Errors: Http404."""
    case = _named(request, consequence_id)
    found = get_object_or_404(ConsequenceFile, pk=proof_of_repair, consequence=case)
    if not sees_whole_consequence(request.actor, case, clock.today()):
        raise Http404
    log_read(request, "export", CONSEQUENCES, [case.pk], reason=found.digest[:12])
    return file_response(found)


@require_safe
def notice(request: WebRequest, consequence_id: UUID, suffix: str) -> HttpResponse:
    """What the unit is told before anything is decided. Errors: Http404."""
    case = _named(request, consequence_id)
    if case.noticed_on is None or not sees_whole_consequence(request.actor, case, clock.today()):
        raise Http404
    with override(settings.LANGUAGE_CODE):
        paper = reward_papers.notice(case=case)
    log_read(request, "export", CONSEQUENCES, [case.pk])
    return paper_response(paper, suffix)


@require_safe
def rules_paper(request: WebRequest, table_digest: str, suffix: str) -> HttpResponse:
    """A table of rules as Word or PDF; which table is told by its hash. Errors: Http404."""
    found = next((one for one in reads.tables() if one.digest[:16] == table_digest), None)
    if found is None:
        raise Http404
    with override(settings.LANGUAGE_CODE):
        paper = reward_papers.rules_paper(found)
    return paper_response(paper, suffix)


# --- the list as a workbook ------------------------------------------------------------------------------------------------------
@require_safe
@in_chinese
def export(request: WebRequest) -> HttpResponse:
    """The entries of a year this person may take away: what is not one's own or open is not in it."""
    actor, today = request.actor, clock.today()
    year = _year(request, reads.years(actor, today))
    found = list(reads.entries(actor, today, Action.EXPORT).filter(round__year=year).order_by(*reads.ORDER))
    names, rows = presenters.export_rows(actor, found, today)
    columns = [Column(f"c{number}", name, Kind.TEXT) for number, name in enumerate(names)]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    title = _("%(year)s 年奖惩事项") % {"year": year}
    target = io.BytesIO()
    notice = "  ".join([*fiction, _("规则提出、领导决定;按文号排列,不排名;只对单位,不对个人")])
    write_export(target, title=title, columns=columns, rows=rows, notice=notice)
    log_read(request, "export", CONSEQUENCES, [one.pk for one in found])
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx") or "attachment"
    return response


def _forbidden(refusal: PermissionError) -> Forbidden:
    return Forbidden(what=_("办理奖惩事项"), whose=_("市禁毒办"), how=str(refusal))
