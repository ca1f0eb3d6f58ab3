"""The schemes there are: published versions, drafts on the desk, files in and out, numbers that may be scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.documents.model import BadDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.actions import scheme_drafts as actions
from qingyuan.governance.actions.scheme_drafts import DraftRefused
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedScheme, SchemeDraft
from qingyuan.governance.permissions import may_draft_scheme
from qingyuan.governance.queries.rewards import tables_of
from qingyuan.governance.queries.scheme_drafts import content_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.scheme_paper import annex, sentence
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.lines import with_lines
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.writing import scheme_yaml
from qingyuan.web.context import WebRequest
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.schemes.access import REFUSED, draft_named, drafts_of, writer
from qingyuan.web.schemes.forms import BeginForm, ImportForm
from qingyuan.web.schemes.problem_words import Placed, as_written
from qingyuan.web.schemes.sources import matching, shelves

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF, YAML = "application/pdf", "application/yaml; charset=utf-8"
TONES = {DraftState.OPEN: "blue", DraftState.SUBMITTED: "soon", DraftState.PUBLISHED: "good", DraftState.DROPPED: "grey"}


@dataclass(frozen=True)
class DraftLine:
    draft: SchemeDraft
    title: str
    version: str
    year: str
    state: Any
    tone: str


def draft_line(draft: SchemeDraft) -> DraftLine:
    sheet = content_of(draft)[drafting.SHEET]
    state = DraftState(draft.state)
    return DraftLine(
        draft, str(sheet.get("title", "")), str(sheet.get("version", "")), str(sheet.get("valid_from", ""))[:4], state.label, TONES[state]
    )


@require_safe
def schemes(request: WebRequest) -> HttpResponse:
    """Every version, the newest first; the drafts for those who work on them."""
    return _list(request)


def _list(request: WebRequest, begun: BeginForm | None = None, brought: ImportForm | None = None, problems: list[Placed] | None = None) -> HttpResponse:
    actor, today = request.actor, clock.today()
    drafts, writes = drafts_of(actor), may_draft_scheme(actor, actor.division_id, today).allowed
    year = request.scope.plan_year
    context = {
        "published": PublishedScheme.objects.annotate(letter_count=Count("letters")),
        "drafts": [draft_line(one) for one in drafts],
        "sees_drafts": bool(drafts) or writes,
        "may_draft": writes,
        "begin": begun or BeginForm(initial={"year": year}),
        "bring": brought or ImportForm(),
        "problems": problems,
    }
    wrong = bool(problems) or any(form is not None and form.errors for form in (begun, brought))
    return render(request, "schemes/list.html", context, status=REFUSED if wrong else 200)


@require_POST
def begin(request: WebRequest) -> HttpResponse:
    writer(request.actor)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _list(request, begun=form)
    try:
        draft = actions.begin(by=request.actor, **form.cleaned_data)
    except DraftRefused as refusal:
        form.add_error("title", str(refusal))
        return _list(request, begun=form)
    messages.success(request, _("草稿已建,每次修改都会记下是谁、什么时候改的。"))
    return redirect("web:scheme-draft", draft_id=draft.pk)


@require_POST
def take_in(request: WebRequest) -> HttpResponse:
    """A YAML or JSON file as a draft; what is wrong with it by line."""
    writer(request.actor)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, brought=form)
    try:
        text = form.cleaned_data["file"].read().decode("utf-8-sig")
        draft = actions.take_in(text=text, by=request.actor)
    except UnicodeDecodeError:
        form.add_error("file", _("文件不是 UTF-8 编码的文字,请用记事本另存为 UTF-8。"))
        return _list(request, brought=form)
    except SchemeUnreadable as refusal:
        return _list(request, brought=form, problems=[as_written(one) for one in with_lines(text, refusal.problems)])
    messages.success(request, _("文件已导入为草稿。"))
    return redirect("web:scheme-draft", draft_id=draft.pk)


@require_safe
def inputs(request: WebRequest) -> HttpResponse:
    """Which numbers there are, and which of them may not be scored and why."""
    writer(request.actor)
    asked = request.GET.get("q", "").strip()[:60]
    context = {"q": asked, "found": matching(asked) if asked else [], "shelves": [] if asked else shelves()}
    return render(request, "schemes/_inputs.html" if request.htmx else "schemes/inputs.html", context)


@dataclass(frozen=True)
class ClauseRead:
    """A clause as anyone reads it: the rule in the sentence that the machine follows."""

    clause: Clause
    rule: str


@require_safe
def published(request: WebRequest, scheme_id: UUID) -> HttpResponse:
    """A published version, clause by clause. It does not change."""
    kept = get_object_or_404(PublishedScheme, pk=scheme_id)
    scheme = scheme_of(kept)
    context = {
        "kept": kept,
        "scheme": scheme,
        "groups": [(group, [ClauseRead(one, phrased(sentence(one))) for one in group.clauses]) for group in scheme.groups],
        "vetoes": [ClauseRead(one, phrased(sentence(one))) for one in scheme.vetoes],
        "letters": kept.letters.count(),
        "may_draft": may_draft_scheme(request.actor, request.actor.division_id, clock.today()).allowed,
    }
    return render(request, "schemes/published.html", context)


@require_safe
@in_chinese
def published_file(request: WebRequest, scheme_id: UUID, suffix: str) -> HttpResponse:
    return _file(scheme_of(get_object_or_404(PublishedScheme, pk=scheme_id)), suffix, draft=False)


@require_safe
@in_chinese
def draft_file(request: WebRequest, draft_id: UUID, suffix: str) -> HttpResponse:
    """The draft as it stands. Errors: Http404 for another kind of file, 422 for a draft that cannot be printed yet."""
    kept = draft_named(request.actor, draft_id)
    try:
        return _file(drafting.scheme_of(content_of(kept)), suffix, draft=True)
    except (SchemeUnreadable, BadDocument) as refusal:
        return HttpResponse(str(refusal), status=REFUSED, content_type="text/plain; charset=utf-8")


def _file(scheme: Scheme, suffix: str, *, draft: bool) -> HttpResponse:
    rules = tables_of(scheme.applies_to.unit_kinds, scheme.valid_to - timedelta(days=1))
    if suffix == "yaml":
        content, kind = scheme_yaml(scheme).encode(), YAML
    elif suffix == "docx":
        content, kind = render_docx(annex(scheme, draft=draft, rules=rules)), WORD
    elif suffix == "pdf":
        content, kind = render_pdf(annex(scheme, draft=draft, rules=rules)), PDF
    else:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    name = f"{scheme.title} 第{scheme.version}版.{suffix}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
