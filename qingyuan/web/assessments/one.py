"""One letter's assessment: its page and what its unit, its reviewers and the office do on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance import assessment_papers
from qingyuan.governance.actions import assessment_evidence as evidence
from qingyuan.governance.actions import assessments as actions
from qingyuan.governance.actions import manual
from qingyuan.governance.actions.assessment_evidence import Upload
from qingyuan.governance.actions.assessments import Own
from qingyuan.governance.models import Assessment, AssessmentEvidence, ManualEntry, SampleItem
from qingyuan.governance.permissions import sees_own_score, sees_whole_assessment
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.rules.assessments import ASSESSMENTS
from qingyuan.web.assessments import presenters
from qingyuan.web.assessments.forms import AnswerForm, EvidenceForm, FindingForm, ObjectionForm, OwnForm, ReviewForm
from qingyuan.web.assessments.views import REFUSED, forbidden, paper_response
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.kept_files import file_response
from qingyuan.web.reads import log_read
from qingyuan.web.rewards.presenters import following
from qingyuan.web.step_forms import StepForm

TOGETHER: dict[str, Callable[..., int]] = {"computed": actions.confirm_computed, "numbers": actions.confirm_numbers}


def named(request: WebRequest, assessment_id: UUID) -> Assessment:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.find(request.actor, clock.today(), assessment_id)
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, assessment_id: UUID) -> HttpResponse:
    """``?open=`` opens a clause. Errors: Http404."""
    return _page(request, named(request, assessment_id), request.GET.get("open", "")[:20])


def _page(request: WebRequest, case: Assessment, opened: str = "", wrong: dict[tuple[str, str], Any] | None = None) -> HttpResponse:
    page = presenters.case_page(request.actor, case, clock.today(), opened, wrong)
    follows = following(request.actor, case, clock.today()) if page.frozen else []
    return render(request, "assessments/one.html", {"page": page, "case": case, "follows": follows}, status=REFUSED if wrong else 200)


def back(case: Assessment, clause: str = "") -> HttpResponse:
    address = reverse("web:assessment", args=[case.pk])
    return redirect(f"{address}?open={clause}#clause-{clause}" if clause else address)


def _taken(
    request: WebRequest, case: Assessment, clause: str, which: str, form: forms.Form, done: str, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Do what the form asks; what was filled in wrongly comes back beside its field in its clause. Errors: Forbidden."""
    if not form.is_valid():
        return _page(request, case, clause, {(clause, which): form})
    try:
        act(form.cleaned_data)
    except (StepRefused, manual.EntryRefused) as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return _page(request, case, clause, {(clause, which): form})
    except PermissionError as refusal:
        raise forbidden(refusal) from refusal
    messages.success(request, done)
    return back(case, clause)


@require_POST
def take(request: WebRequest, assessment_id: UUID, step: str) -> HttpResponse:
    """Take one step of the letter's procedure. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    code = step.replace("-", "_")
    try:
        declared = reads.procedure().step(code)
    except KeyError:
        raise Http404 from None
    if not declared.froms or code in ("publish", "close", *presenters.BY_CLAUSE):
        raise Http404
    form = StepForm(declared, request.POST)
    if not form.is_valid() and form.errors.get("version") is not None:
        messages.error(request, _("这次提交不完整,请刷新页面再办。"))
        return back(case)
    words = _("已%(step)s。") % {"step": said(declared.label)}
    return _taken(
        request, case, "", code, form, words,
        lambda given: actions.take(case=case, step=code, by=request.actor, version=given["version"], given=given),
    )  # fmt: skip


@require_POST
def take_together(request: WebRequest, assessment_id: UUID, what: str) -> HttpResponse:
    """Confirm at once what data alone settles (``computed``), or as the second person what others gave (``numbers``).

    Errors: Http404, Forbidden.
    """
    case = named(request, assessment_id)
    if what not in TOGETHER:
        raise Http404
    try:
        count = TOGETHER[what](case=case, by=request.actor)
    except (StepRefused, manual.EntryRefused) as refusal:
        messages.error(request, str(refusal))
    except PermissionError as refusal:
        raise forbidden(refusal) from refusal
    else:
        words = _("已认可 %(count)d 条。") if what == "computed" else _("已复核 %(count)d 个认定,计入得分。")
        messages.success(request, words % {"count": count})
    return back(case)


@require_POST
def own(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """The unit's own points for one clause. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    form = OwnForm(request.POST, auto_id=f"own-{clause}-%s")

    def write(given: dict[str, Any]) -> None:
        try:
            actions.write_own(case=case, given={clause: Own(given["points"], given["reason"])}, by=request.actor)
        except StepRefused as refusal:
            raise StepRefused(str(refusal), "points" if refusal.field == clause else refusal.field) from refusal

    return _taken(request, case, clause, "own", form, _("已记下本条自评。"), write)


@require_POST
def add_evidence(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """A record of the platform by its address, or a file. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    form = EvidenceForm(request.POST, request.FILES, auto_id=f"evidence-{clause}-%s")

    def add(given: dict[str, Any]) -> None:
        upload, address = given.get("file"), given["row"].strip()
        if bool(upload) == bool(address):
            raise StepRefused(_("网址和文件选填一样。"), "row")
        if upload:
            evidence.add_file(case=case, clause=clause, upload=Upload(str(upload.name), upload.read()), note=given["note"], by=request.actor)
            return
        ledger, row_id = _row_of(address)
        evidence.add_row(case=case, clause=clause, ledger=ledger, row_id=row_id, note=given["note"], by=request.actor)

    return _taken(request, case, clause, "evidence", form, _("佐证已附上。"), add)


def _row_of(address: str) -> tuple[str, UUID]:
    """The record that an address of this platform names. Raises StepRefused."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        match = None
    if match is not None:
        known = {"return": ("returns", "return_id"), "paper": ("papers", "paper_id"), "ledger-row": ("", "row_id")}
        ledger, name = known.get(match.url_name or "", ("", ""))
        row_id = match.kwargs.get(name)
        if isinstance(row_id, UUID):
            return ledger or str(match.kwargs.get("code", "")), row_id
    raise StepRefused(_("认不出这个网址:请打开那条台账记录、报表或公文的页面,把地址栏里的网址粘过来。"), "row")


@require_safe
def evidence_file(request: WebRequest, assessment_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A file of evidence as it was kept. Errors: Http404."""
    case = named(request, assessment_id)
    found = get_object_or_404(AssessmentEvidence, pk=evidence_id, assessment=case, kind="file")
    if not sees_whole_assessment(request.actor, case, clock.today()):
        get_object_or_404(case.reviews, clause=found.clause, unit_id=request.actor.unit_id)
    log_read(request, "export", ASSESSMENTS, [case.pk], reason=found.digest[:12])
    return file_response(found)


@require_POST
def withdraw_evidence(request: WebRequest, assessment_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    found = get_object_or_404(AssessmentEvidence, pk=evidence_id, assessment=case)
    try:
        evidence.withdraw(evidence=found, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise forbidden(refusal) from refusal
    else:
        messages.success(request, _("佐证已撤下。"))
    return back(case, found.clause)


@require_POST
def review(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """Confirm a clause, or give it a number. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    found = case.reviews.select_related("assessment", "unit").filter(clause=clause).first()
    if found is None:
        raise Http404
    form = ReviewForm(request.POST, asked=reads.unanswered(case, clause), auto_id=f"review-{clause}-%s")

    def say(given: dict[str, Any]) -> None:
        if given["points"].strip():
            actions.set_number(review=found, value=given["points"], key=given["key"], opinion=given["opinion"], by=request.actor)
        else:
            actions.confirm(review=found, opinion=given["opinion"], by=request.actor)

    return _taken(request, case, clause, "review", form, _("已记下本条评审。"), say)


@require_POST
def confirm(request: WebRequest, assessment_id: UUID, entry_id: UUID) -> HttpResponse:
    """Confirm a number as the second person. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    entry = get_object_or_404(ManualEntry.objects.select_related("letter__division"), pk=entry_id, letter_id=case.letter_id)
    try:
        manual.review(entry=entry, by=request.actor)
    except manual.EntryRefused as refusal:
        messages.error(request, str(refusal))
    except PermissionError as refusal:
        raise forbidden(refusal) from refusal
    else:
        messages.success(request, _("已复核,计入得分。"))
    return back(case, entry.clause)


@require_POST
def objection(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """Object to one clause. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    form = ObjectionForm(request.POST, auto_id=f"object-{clause}-%s")
    return _taken(
        request, case, clause, "object", form, _("异议已提出,按期限答复。"),
        lambda given: actions.take(case=case, step="object", by=request.actor, given=given | {"clause": clause}),
    )  # fmt: skip


@require_POST
def answer(request: WebRequest, assessment_id: UUID, clause: str) -> HttpResponse:
    """Answer the objection to one clause. Errors: Http404, Forbidden."""
    case = named(request, assessment_id)
    form = AnswerForm(request.POST, auto_id=f"answer-{clause}-%s")
    return _taken(
        request, case, clause, "answer", form, _("已答复。"),
        lambda given: actions.take(case=case, step="answer", by=request.actor, given=given | {"clause": clause}),
    )  # fmt: skip


@require_POST
def finding(request: WebRequest, item_id: UUID) -> HttpResponse:
    """What the check on the spot found. Errors: Http404, Forbidden."""
    item = get_object_or_404(SampleItem.objects.select_related("frame"), pk=item_id)
    case = named(request, item.frame.assessment_id)
    form = FindingForm(request.POST, auto_id=f"found-{item.place}-%s")
    if not form.is_valid():
        return _page(request, case, "", {(str(item.pk), "finding"): form})
    given = form.cleaned_data
    try:
        actions.record_finding(item=item, finding=given["finding"], found=given["found"], found_on=given["found_on"], by=request.actor)
    except StepRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, case, "", {(str(item.pk), "finding"): form})
    except NotAllowed as refusal:
        raise forbidden(refusal) from refusal
    messages.success(request, _("已登记核查情况。"))
    return redirect(f"{reverse('web:assessment', args=[case.pk])}#sample")


@require_safe
def notice(request: WebRequest, assessment_id: UUID, suffix: str) -> HttpResponse:
    """The unit's notice of its result: every clause with its points. Errors: Http404, Forbidden for readers outside the unit."""
    case = named(request, assessment_id)
    if case.noticed_on is None:
        raise Http404
    today = clock.today()
    if not sees_own_score(request.actor, case.letter, today):
        raise Forbidden(what=_("考核结果告知书"), whose=case.unit.label, how=_("告知书有人数很少的条款的分,只由被考核单位打开。"))
    with override(settings.LANGUAGE_CODE):
        paper = assessment_papers.notice(case=case)
    log_read(request, "export", ASSESSMENTS, [case.pk])
    return paper_response(paper, suffix)
