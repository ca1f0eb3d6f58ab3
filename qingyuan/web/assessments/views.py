"""Rounds: the list, one round, its preparation, its steps, its sampled lists and its circular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance import assessment_papers
from qingyuan.governance.actions import assessment_rounds as actions
from qingyuan.governance.actions.assessment_rounds import Terms
from qingyuan.governance.models import AssessmentRound, SampleFrame
from qingyuan.governance.permissions import may_run_rounds
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.assessments import published
from qingyuan.governance.queries.orders import receivers
from qingyuan.governance.queries.rewards import tables_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules import assessments as rules
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.web.assessments import presenters
from qingyuan.web.assessments.forms import SECTION, FreezeForm, TermsForm, section_text
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.step_forms import StepForm

REFUSED = 422
FORMS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}
MANY = {"notice": actions.notify_ready, "settle": actions.settle_due}


@require_safe
def rounds(request: WebRequest) -> HttpResponse:
    """The rounds this person has a part in."""
    actor, today = request.actor, clock.today()
    may_run = may_run_rounds(actor, today).allowed
    context = {"table": presenters.rounds_table(actor, today, may_run), "may_run": may_run}
    return render(request, "assessments/list.html", context)


def round_named(request: WebRequest, round_id: UUID) -> AssessmentRound:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.find_round(request.actor, clock.today(), round_id)
    if found is None:
        raise Http404
    return found


@require_safe
def round(request: WebRequest, round_id: UUID) -> HttpResponse:
    return _round_page(request, round_named(request, round_id))


def _round_page(request: WebRequest, found: AssessmentRound, wrong: Any = None, step: str = "", status: int = 200) -> HttpResponse:
    actor, today = request.actor, clock.today()
    procedure = reads.round_procedure()
    steps = [one for one in reads.round_steps_open_to(actor, found, today) if one.code not in ("change", "freeze")]
    offers = presenters.offers_of(procedure, steps, found.version, "web:assessment-round-step", found.pk)
    may = {one.code for one in reads.round_steps_open_to(actor, found, today)}
    freeze = None
    if "freeze" in may:
        freeze = wrong if step == "freeze" and wrong else FreezeForm(ledgers=_sampled(), initial={"version": found.version})
    sections: dict[str, list[str]] = {}
    for one in found.sections.select_related("unit").order_by("clause"):
        sections.setdefault(one.unit.label, []).append(section_text(one.clause))
    # Not by the steps of the round: none is open while the letters are on their way.
    office = found.state == "open" and found.issuer_id == actor.unit_id
    context = {
        "round": found,
        "state": said(procedure.state(found.state).label),
        "tone": presenters.TONES[found.state],
        "offers": offers,
        "wrong": wrong if step != "freeze" else None,
        "wrong_step": step,
        "freeze": freeze,
        "may_change": "change" in may,
        "letters": presenters.letters_table(actor, found, today) if found.state not in ("draft", "published") else None,
        "frames": presenters.frames_table(actor, found, today) if found.frozen_at else None,
        "results": presenters.results_tables(actor, found, today) if found.state == "published" else [],
        "sections": sorted(sections.items()),
        "ready": _ready(found) if office and may_run_rounds(actor, today, Action.CHANGE).allowed else None,
    }
    return render(request, "assessments/round.html", context, status=status)


def _ready(found: AssessmentRound) -> dict[str, int]:
    """How many can be told, and how many settled, in one go."""
    today = clock.today()
    told = settled = 0
    for case in found.assessments.filter(state__in=("review", "noticed", "objected")).select_related("round"):
        holds = reads.conditions_of(case, today)
        told += case.state == "review" and "reviewed" in holds
        settled += case.state != "review" and {"window_over", "answered"} <= holds
    return {"notice": told, "settle": settled}


def _sampled() -> dict[str, str]:
    return {code: registry.get(code).title for code in rules.SAMPLED}


@require_POST
def take(request: WebRequest, round_id: UUID, step: str) -> HttpResponse:
    """Take one step of the round. Errors: Http404, Forbidden."""
    found = round_named(request, round_id)
    code = step.replace("-", "_")
    try:
        declared = reads.round_procedure().step(code)
    except KeyError:
        raise Http404 from None
    if not declared.froms or code == "change":
        raise Http404
    form: Any = FreezeForm(request.POST, ledgers=_sampled()) if code == "freeze" else StepForm(declared, request.POST)
    if not form.is_valid():
        return _round_page(request, found, form, code, REFUSED)
    try:
        actions.take(round=found, step=code, by=request.actor, version=form.cleaned_data["version"], given=form.cleaned_data)
    except StepRefused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, str(refusal))
            return _round_page(request, found, form, code, REFUSED)
        messages.error(request, str(refusal))
        return redirect("web:assessment-round", round_id=found.pk)
    except NotAllowed as refusal:
        raise forbidden(refusal) from refusal
    messages.success(request, _("已%(step)s。") % {"step": said(declared.label)})
    return redirect("web:assessment-round", round_id=found.pk)


@require_POST
def take_all(request: WebRequest, round_id: UUID, what: str) -> HttpResponse:
    """Tell or settle every letter that is ready. Errors: Http404, Forbidden."""
    found = round_named(request, round_id)
    if what not in MANY:
        raise Http404
    decision = may_run_rounds(request.actor, clock.today(), Action.CHANGE)
    if not decision.allowed or found.issuer_id != request.actor.unit_id:
        raise forbidden(NotAllowed(decision.reason or _("由组织考核的单位办理。")))
    try:
        taken = MANY[what](round=found, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:assessment-round", round_id=found.pk)
    words = _("已告知 %(count)d 个单位。") if what == "notice" else _("已定稿 %(count)d 份。")
    messages.success(request, words % {"count": taken})
    return redirect("web:assessment-round", round_id=found.pk)


# --- preparation --------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WebRequest) -> HttpResponse:
    """Prepare the year's round. Errors: Forbidden."""
    actor, today = request.actor, clock.today()
    decision = may_run_rounds(actor, today)
    if not decision.allowed:
        raise forbidden(NotAllowed(decision.reason))
    issuer = Unit.objects.select_related("division").get(pk=actor.unit_id or 0)
    year = _year_asked(request, reads.year_to_review(issuer.division, today))
    clauses, units = _clauses(issuer, year), receivers(issuer, today)
    if request.method != "POST":
        initial = {
            "year": year,
            "scored_on": min(today, today.replace(year=year, month=12, day=31)),
            "object_days": rules.usual_days("object"),
            "answer_days": rules.usual_days("answer"),
            **rules.usual_terms(today),
        }
        return _terms_page(request, TermsForm(initial=initial, clauses=clauses, units=units), None)
    form = TermsForm(request.POST, clauses=clauses, units=units)
    if not form.is_valid():
        return _terms_page(request, form, None, REFUSED)
    try:
        made = actions.draft(year=form.cleaned_data["year"], terms=_terms(form), by=actor)
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _terms_page(request, form, None, REFUSED)
    messages.success(request, _("已筹备,核对分工以后启动。"))
    return redirect("web:assessment-round", round_id=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: WebRequest, round_id: UUID) -> HttpResponse:
    """Change days and sections before the round is opened. Errors: Http404, Forbidden."""
    found = round_named(request, round_id)
    actor, today = request.actor, clock.today()
    if not any(one.code == "change" for one in reads.round_steps_open_to(actor, found, today)):
        raise Forbidden(what=_("修改考核评审"), whose=found.issuer.label, how=_("启动以后不再修改;要改的,由领导撤销本轮重新筹备。"))
    clauses, units = _clauses(found.issuer, found.year), receivers(found.issuer, today)
    if request.method != "POST":
        names = ("year", "scored_on", "self_by", "review_by", "object_days", "answer_days", "version")
        initial: dict[str, Any] = {name: getattr(found, name) for name in names}
        initial |= {SECTION + one.clause: str(one.unit_id) for one in found.sections.all()}
        return _terms_page(request, TermsForm(initial=initial, clauses=clauses, units=units, fixed_year=True), found)
    form = TermsForm(request.POST, clauses=clauses, units=units, fixed_year=True)
    if not form.is_valid():
        return _terms_page(request, form, found, REFUSED)
    try:
        actions.change(round=found, terms=_terms(form), version=form.cleaned_data["version"] or 0, by=actor)
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _terms_page(request, form, found, REFUSED)
    except NotAllowed as refusal:
        raise forbidden(refusal) from refusal
    messages.success(request, _("已保存。"))
    return redirect("web:assessment-round", round_id=found.pk)


def _year_asked(request: WebRequest, otherwise: int) -> int:
    text = (request.POST if request.method == "POST" else request.GET).get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100 else otherwise


def _clauses(issuer: Unit, year: int) -> list[tuple[str, str]]:
    """The clauses of the year's letters, each once, those of towns before those of member units."""
    found: dict[str, str] = {}
    letters = actions.letters_of(issuer.division, year)
    schemes = {(letter.is_of_unit, letter.scheme_id): letter.scheme for letter in letters}
    for (of_units, _scheme_id), scheme in sorted(schemes.items(), key=lambda item: item[0][0]):
        for clause in scheme_of(scheme).clauses():
            found.setdefault(rules.section_of(clause.id, of_units=of_units), clause.title)
    return list(found.items())


def _terms(form: TermsForm) -> Terms:
    names = ("self_by", "review_by", "scored_on", "object_days", "answer_days")
    return Terms(**{name: form.cleaned_data[name] for name in names}, sections=form.sections)


def _terms_page(request: WebRequest, form: TermsForm, found: AssessmentRound | None, status: int = 200) -> HttpResponse:
    return render(request, "assessments/terms.html", {"form": form, "round": found}, status=status)


# --- the sample and the circular ------------------------------------------------------------------------------------------------
@require_safe
def frame(request: WebRequest, frame_id: UUID) -> HttpResponse:
    """A frozen list as it was published, with how to draw from it again. Errors: Http404."""
    found = SampleFrame.objects.select_related("assessment__round", "assessment__unit").filter(pk=frame_id).first()
    if found is None or reads.find(request.actor, clock.today(), found.assessment_id) is None:
        raise Http404
    round = found.assessment.round
    drawn = [str(item.row_id) for item in found.items.order_by("place")]
    context = {
        "sampled": found,
        "round": round,
        "ledger": said(registry.get(found.ledger).title),
        "drawn": drawn,
        "rest": [one for one in found.ids if one not in drawn],
        "seed": round.seed if round.is_revealed else "",
    }
    return render(request, "assessments/frame.html", context)


@require_safe
def circular(request: WebRequest, round_id: UUID, suffix: str) -> HttpResponse:
    """The published results as an official paper. Errors: Http404 before they are published."""
    found = round_named(request, round_id)
    if found.state != "published":
        raise Http404
    with override(settings.LANGUAGE_CODE):
        results = published(found)
        rules_used = tables_of((one.unit_kind for one in results.results), found.scored_on)
        paper = assessment_papers.circular(found=results, sample=assessment_papers.checked(found), rules=rules_used)
    log_read(request, "export", rules.ASSESSMENTS, [found.pk])
    return paper_response(paper, suffix)


def paper_response(paper: OfficialDocument, suffix: str) -> HttpResponse:
    """Errors: Http404 for another kind of file."""
    if suffix not in FORMS:
        raise Http404
    printer, media = FORMS[suffix]
    response = HttpResponse(printer(paper), content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, f"{paper.title.replace(chr(10), '')}.{suffix}") or "attachment"
    return response


def forbidden(refusal: PermissionError) -> Forbidden:
    return Forbidden(what=_("办理考核评审"), whose=_("市禁毒办"), how=str(refusal))
