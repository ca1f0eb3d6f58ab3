"""The lists, one paper, its editor with the live preview, and drafts made from the situation and from a meeting."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import papers as actions
from qingyuan.casework.enums import PaperKind, PaperMove
from qingyuan.casework.models import Paper
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.document import slips_of
from qingyuan.casework.papers.permissions import NotAllowed, may_draft, may_take, require
from qingyuan.casework.papers.rules import PaperRefused, usual_word
from qingyuan.documents.model import BadDocument
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.governance import minutes
from qingyuan.indicators.query import BadQuery
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.models import Unit
from qingyuan.reference.period_words import period_label
from qingyuan.situation import citing
from qingyuan.web.context import WebRequest
from qingyuan.web.document_parts import parts_of
from qingyuan.web.errors import Forbidden
from qingyuan.web.papers import listing
from qingyuan.web.papers.access import paper_named, readers_of_papers, refused
from qingyuan.web.papers.forms import CopyForm, FilterForm, PaperForm, ReceiptForm, SignatureForm
from qingyuan.web.papers.presenters import page_of
from qingyuan.web.reads import log_read
from qingyuan.web.shapes import pages

PER_PAGE = 50
REFUSED = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@readers_of_papers
def papers(request: WebRequest) -> HttpResponse:
    """Papers of one's own unit, or (``?of=range``) those issued in one's range."""
    actor, today = request.actor, clock.today()
    of, form, asked = _asked(request)
    rows = listing.listed(actor, today, of, asked)
    query = urlencode({**({"of": of} if of != listing.OURS else {}), **asked})
    here = reverse("web:papers")
    numbers = pages(_page(request), PER_PAGE, rows.count(), f"{here}?{query}&page=" if query else f"{here}?page=")
    shown = list(rows[numbers.first - 1 if numbers.total else 0 : numbers.until])
    context = {
        "tabs": listing.tabs(actor, today, of),
        "table": listing.table(shown, of, actor, today, bool(asked)),
        "pages": numbers,
        "form": form,
        "of": of,
        "query": query,
        "filtered": bool(asked),
        "may_draft": may_draft(actor, today).allowed,
    }
    return render(request, "papers/list.html", context)


def _asked(request: WebRequest) -> tuple[str, FilterForm, dict[str, str]]:
    """The tab, the filter form and what was filtered by."""
    wanted = request.GET.get("of", "")
    of = listing.RANGE if wanted == listing.RANGE and request.actor.has_role(*listing.OVERSEERS) else listing.OURS
    names = ("kind", "state", "q")
    asked = {name: text for name in names if (text := request.GET.get(name, "").replace("\x00", "").strip()[:60])}
    return of, FilterForm(initial=asked), asked


def _page(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_safe
@readers_of_papers
@in_chinese
def export(request: WebRequest) -> HttpResponse:
    """What the list shows, cell for cell."""
    actor, today = request.actor, clock.today()
    of, _form, asked = _asked(request)
    rows = [[cell.text for cell in listing.cells(paper, of)] for paper in listing.listed(actor, today, of, asked)]
    columns = [Column(f"c{number}", label, Kind.TEXT) for number, label in enumerate(listing.headers(of))]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    target = io.BytesIO()
    write_export(target, title=_("公文"), columns=columns, rows=rows, notice="  ".join([*fiction, actor.unit_name]))
    log_read(request, "export", "papers", ())
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    name = _("公文 %(unit)s.xlsx") % {"unit": actor.unit_name}
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_safe
@readers_of_papers
def inbox(request: WebRequest) -> HttpResponse:
    """Papers served on one's unit: first those to sign for."""
    actor, today = request.actor, clock.today()
    waiting = list(reads.to_receive(actor, today))
    rows = reads.inbox(actor, today)
    numbers = pages(_page(request), PER_PAGE, rows.count(), f"{reverse('web:papers-inbox')}?page=")
    shown = list(rows[numbers.first - 1 if numbers.total else 0 : numbers.until])
    context = {
        "tabs": listing.tabs(actor, today, listing.INBOX),
        "waiting": waiting,
        "table": listing.inbox_table(shown, today),
        "pages": numbers,
    }
    return render(request, "papers/inbox.html", context)


@require_http_methods(["GET", "POST"])
@readers_of_papers
def new(request: WebRequest) -> HttpResponse:
    """The editor of a paper that is not there yet."""
    actor, today = request.actor, clock.today()
    try:
        require(may_draft(actor, today))
    except NotAllowed as refusal:
        raise refused(_("起草公文"), None, refusal) from refusal
    unit = Unit.objects.select_related("division").get(pk=actor.unit_id or 0)
    if request.method == "GET":
        kind = request.GET.get("kind", "")
        kind = kind if kind in PaperKind.values else PaperKind.NOTICE
        form = PaperForm(initial={"kind": kind, "word": usual_word(reads.usual_base(unit), kind)})
        return _editor(request, form, None)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _editor(request, form, None, REFUSED)
    try:
        paper = actions.draft(kind=form.cleaned_data["kind"], values=form.cleaned_data, by=actor)
    except PaperRefused as refusal:
        form.add_error(None, str(refusal))
        return _editor(request, form, None, REFUSED)
    messages.success(request, _("草稿已保存,写好后送签。"))
    return _after_save(request, paper)


@require_http_methods(["GET", "POST"])
def edit(request: WebRequest, paper_id: UUID) -> HttpResponse:
    """The editor of a draft. What is wrong comes back above the form; nothing is lost."""
    paper = paper_named(request, paper_id)
    try:
        require(may_take(request.actor, paper, PaperMove.CHANGE, clock.today()))
    except NotAllowed as refusal:
        raise refused(_("修改公文"), paper, refusal) from refusal
    if not paper.is_writable:
        messages.error(request, _("送签以后不能修改;需要改的,先退回。"))
        return redirect("web:paper", paper_id=paper.pk)
    if request.method == "GET":
        return _editor(request, PaperForm.of(paper), paper)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _editor(request, form, paper, REFUSED)
    try:
        paper = actions.change(
            paper=paper,
            kind=form.cleaned_data["kind"],
            values=form.cleaned_data,
            version=form.cleaned_data["version"] or 0,
            by=request.actor,
        )
    except PaperRefused as refusal:
        form.add_error(None, str(refusal))
        return _editor(request, form, paper, REFUSED)
    messages.success(request, _("已保存。"))
    return _after_save(request, paper)


def _after_save(request: WebRequest, paper: Paper) -> HttpResponse:
    """Back to the editor, or on to the paper's page where the other button was pressed."""
    stay = request.POST.get("then") == "stay"
    return redirect("web:paper-edit" if stay else "web:paper", paper_id=paper.pk)


def _editor(request: WebRequest, form: PaperForm, paper: Paper | None, status: int = 200) -> HttpResponse:
    values = form.data if form.is_bound else form.initial
    context = {"form": form, "paper": paper, "kinds": [] if paper else _kinds(values), **_preview(request, values)}
    return render(request, "papers/edit.html", context, status=status)


def _kinds(values: Any) -> list[listing.Tab]:
    """The kinds to begin with: each brings the series word it is numbered under."""
    here = reverse("web:paper-new")
    return [
        listing.Tab(str(label), f"{here}?kind={kind}", kind == values.get("kind")) for kind, label in PaperKind.choices
    ]


@require_POST
@readers_of_papers
def preview(request: WebRequest) -> HttpResponse:
    """How what is typed would be set, and what is left to mend. Keeps nothing."""
    return render(request, "papers/_preview.html", _preview(request, request.POST))


def _preview(request: WebRequest, values: Any) -> dict[str, Any]:
    unit = Unit.objects.select_related("division").get(pk=request.actor.unit_id or 0)
    kind = str(values.get("kind") or PaperKind.NOTICE)
    texts = {
        name: str(values.get(name) or "").replace("\r\n", "\n")[:most]
        for name, most in actions.FIELDS.items()
        if name != "word"
    }
    draft = Paper(
        unit=unit, division_id=unit.division_id, kind=kind if kind in PaperKind.values else PaperKind.NOTICE, **texts
    )
    draft.urgency = str(values.get("urgency") or "")
    today = clock.today()
    slips = slips_of(draft, today)
    if not draft.title.strip():
        draft.title = _("(标题)")
    try:
        document = reads.document_of(draft, today)
    except BadDocument:
        return {"slips": slips, "document": None}
    word = str(values.get("word") or "")[:20]
    document = replace(document, doc_number=f"{word}〔{today.year}〕　号" if word else "")
    return {"slips": slips, "document": document, "parts": parts_of(document)}


@require_safe
def one(request: WebRequest, paper_id: UUID) -> HttpResponse:
    return show(request, paper_named(request, paper_id))


def show(request: WebRequest, paper: Paper, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of one paper; ``forms``: those that came back with an error."""
    given = {"copy_form": CopyForm(), "signature_form": SignatureForm(), "receipt_form": ReceiptForm()}
    page = page_of(request.actor, paper, clock.today())
    return render(request, "papers/one.html", {"page": page, "paper": paper, **given, **forms}, status=status)


@require_POST
@readers_of_papers
def from_situation(request: WebRequest) -> HttpResponse:
    """A draft circular of the bar's place and period, with every figure it cites."""
    scope = request.scope
    try:
        paper = citing.draft(division=scope.division, period=scope.period, by=request.actor, on=clock.today())
    except NotAllowed as refusal:
        raise refused(_("起草通报"), None, refusal) from refusal
    except (PaperRefused, BadQuery) as refusal:
        messages.error(request, str(refusal))
        return redirect("web:situation")
    words = _("已起草%(period)s通报,登记了所引的 %(count)d 个数字;数字变动时这里会提示。")
    messages.success(request, words % {"period": period_label(scope.period), "count": paper.figures.count()})
    return redirect("web:paper", paper_id=paper.pk)


@require_POST
@readers_of_papers
def from_meeting(request: WebRequest, row_id: UUID) -> HttpResponse:
    """A draft of the minutes of a meeting of one's unit."""
    ledger = registry.get(minutes.LEDGER)
    meeting = ledger_queries.rows(ledger, request.actor, clock.today()).filter(pk=row_id).first()
    if meeting is None:
        raise Http404
    try:
        paper = minutes.draft(meeting=meeting, by=request.actor)
    except NotAllowed as refusal:
        raise Forbidden(what=_("起草纪要"), whose=meeting.unit.label, how=str(refusal)) from refusal
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:ledger-row", code=minutes.LEDGER, row_id=row_id)
    messages.success(request, _("已起草纪要:请补上地点和出席,核对议定事项。"))
    return redirect("web:paper-edit", paper_id=paper.pk)
