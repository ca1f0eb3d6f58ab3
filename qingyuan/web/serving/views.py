"""The list of papers to persons, one paper with its service, and the steps. Everything is asked of ``served_visible`` first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import served_papers as actions
from qingyuan.casework.actions.served_papers import Scan
from qingyuan.casework.enums import ServedState
from qingyuan.casework.models import ServedPaper, ServiceProof
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import PaperForm, UnknownForm, form_called
from qingyuan.casework.serving.rules import ServiceRefused
from qingyuan.documents.fonts import FontsMissing, MissingGlyphs
from qingyuan.documents.model import BadDocument, OfficialDocument
from qingyuan.documents.page_code import ScanRefused
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.foundation.words import in_chinese, said
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action
from qingyuan.reference import statutes
from qingyuan.web.context import WebRequest
from qingyuan.web.document_parts import parts_of
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers.access import row_named, writable
from qingyuan.web.serving import presenters
from qingyuan.web.serving.access import log_papers, paper_named, refused, require_reader
from qingyuan.web.serving.forms import AnswersForm, ReasonForm, ServiceForm
from qingyuan.web.shapes import pages

PER_PAGE = 50
REFUSED = 422
MAKERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}
_OF_STATE = {
    presenters.WAITING: (ServedState.ISSUED,),
    presenters.SERVED: (ServedState.SERVED,),
    presenters.DRAFTS: (ServedState.DRAFT,),
    presenters.EVERYTHING: tuple(ServedState.values),
}


@require_safe
def papers(request: WebRequest) -> HttpResponse:
    """Papers about the rows one reads, those that wait for their receipt first."""
    require_reader(request)
    on, state = clock.today(), request.GET.get("state", presenters.WAITING)
    if state not in presenters.STATES:
        raise Http404
    seen = reads.served_visible(request.actor, on)
    counts = presenters.counted(seen.order_by().values_list("state").annotate(found=Count("pk")))
    chosen = seen.filter(state__in=_OF_STATE[state]).order_by("serve_by", "-drafted_at")
    listed = pages(_page(request), PER_PAGE, chosen.count(), f"{reverse('web:serving')}?state={state}&page=")
    shown = list(chosen[listed.first - 1 if listed.total else 0 : listed.until])
    log_papers(request, "list", shown)
    context = {
        "tabs": presenters.tabs(counts, state),
        "table": presenters.table(shown, request.actor, on, state),
        "pages": listed,
    }
    return render(request, "serving/list.html", context)


def _page(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_http_methods(["GET", "POST"])
def new(request: WebRequest, ledger: str, row_id: UUID, form: str) -> HttpResponse:
    """Fill in what the row does not say, and make the draft. Errors: Http404, Forbidden."""
    declared = writable(request, ledger, Action.CHANGE)
    row = row_named(request, declared, row_id, Action.CHANGE)
    paper_form = _form(form, ledger)
    if not paper_form.by_hand:
        raise Http404
    if not paper_form.offered(row):
        messages.error(request, _("按这条记录现在的情况,不出这种文书;请先核对记录。"))
        return redirect("web:ledger-row", ledger, row_id)
    answers = AnswersForm(request.POST or None, form=paper_form, row=row)
    if request.method == "POST" and answers.is_valid():
        try:
            made = actions.draft(form=paper_form, row=row, answers=answers.answers, by=request.actor)
        except ServiceRefused as refusal:
            answers.tell(refusal.problems)
        except PaperRefused as refusal:
            answers.add_error(None, str(refusal))
        except NotAllowed as refusal:
            raise Forbidden(what=_("出文书"), whose=row.unit.label, how=str(refusal)) from refusal
        else:
            messages.success(request, _("草稿已保存,核对后编号。"))
            return redirect("web:served-paper", made.pk)
    return _answers(request, paper_form, row, answers, None)


@require_http_methods(["GET", "POST"])
def edit(request: WebRequest, served_id: UUID) -> HttpResponse:
    """Write a draft anew."""
    paper = paper_named(request, served_id, Action.CHANGE)
    row, paper_form = reads.row_of(paper), _form(paper.form, paper.ledger)
    if paper.state != ServedState.DRAFT:
        messages.error(request, _("已经编号的文书不能修改;需要改的,撤回后另出一份。"))
        return redirect("web:served-paper", paper.pk)
    answers = AnswersForm(request.POST or None, form=paper_form, row=row, paper=paper)
    if request.method == "POST" and answers.is_valid():
        clean = answers.cleaned_data
        try:
            actions.change_draft(
                paper=paper, answers=answers.answers, word=clean["word"], version=clean["version"] or 0, by=request.actor
            )
        except ServiceRefused as refusal:
            answers.tell(refusal.problems)
        except PaperRefused as refusal:
            answers.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:served-paper", paper.pk)
    return _answers(request, paper_form, row, answers, paper)


def _answers(
    request: WebRequest, paper_form: PaperForm, row: Any, answers: AnswersForm, paper: ServedPaper | None
) -> HttpResponse:
    context = {
        "form": answers,
        "paper": paper,
        "title": said(paper_form.title_of(row)),
        "basis": [statutes.cite(key).said for key in paper_form.articles.split(";")],
        "row": row,
        "ledger": paper_form.ledger,
    }
    return render(request, "serving/edit.html", context, status=REFUSED if answers.errors else 200)


def _form(code: str, ledger: str) -> PaperForm:
    """Errors: Http404."""
    try:
        return form_called(code, ledger)
    except UnknownForm:
        raise Http404 from None


@require_safe
def one(request: WebRequest, served_id: UUID) -> HttpResponse:
    paper = paper_named(request, served_id)
    log_papers(request, "detail", [paper])
    return show(request, paper)


def show(request: WebRequest, paper: ServedPaper, status: int = 200, service_form: ServiceForm | None = None) -> HttpResponse:
    """The page of one paper; ``service_form``: one that came back with an error."""
    actor, on = request.actor, clock.today()
    row, ledger = reads.row_of(paper), registry.get(paper.ledger)
    may = reads.served_visible(actor, on, action=Action.CHANGE).filter(pk=paper.pk).exists()
    standing = reads.standing(paper)
    chosen = service_form.rule.way if service_form else request.GET.get("way", standing.way if standing else "")
    way_tabs, rule = presenters.ways(paper, on, chosen, reverse("web:served-paper", args=[paper.pk]))
    # What is masked until a logged look is not set open in a preview either.
    document = None if ledger.shields(row) else _document(paper, on)
    tone, words = presenters.state_words(paper, on)
    context = {
        "paper": paper,
        "row": row,
        "title": presenters.title_of(paper, row),
        "name": presenters.name_of(paper, row, actor),
        "tone": tone,
        "words": words,
        "may": may,
        "document": document,
        "parts": parts_of(document) if document else [],
        "lines": presenters.lines(paper),
        "standing": standing,
        "ways": way_tabs,
        "rule": rule,
        "service_form": service_form or ServiceForm(rule=rule, paper=paper, stood=standing),
        "problems": reads.problems_of(paper) if paper.number else (),
        "code": reads.code_of(paper) if paper.number else "",
        "basis": [statutes.cite(key).said for key in _articles(paper)],
    }
    return render(request, "serving/one.html", context, status=status)


def _articles(paper: ServedPaper) -> list[str]:
    try:
        return form_called(paper.form).articles.split(";")
    except UnknownForm:
        return []


def _document(paper: ServedPaper, on: Any) -> Any:
    try:
        return reads.document_of(paper, on)
    except (BadDocument, UnknownForm):
        return None


@require_POST
def move(request: WebRequest, served_id: UUID, move: str) -> HttpResponse:
    """Number it, withdraw it, or take its service back. Errors: Http404 for a step there is not, Forbidden."""
    paper = paper_named(request, served_id, Action.CHANGE)
    form = ReasonForm({"reason": "-", **request.POST.dict()})
    if move not in ("issue", "withdraw", "take-back"):
        raise Http404
    if not form.is_valid():
        messages.error(request, _("没有办理:请写明原因。"))
        return redirect("web:served-paper", paper.pk)
    reason, version = request.POST.get("reason", ""), form.cleaned_data["version"]
    try:
        if move == "issue":
            made = actions.issue(paper=paper, version=version, by=request.actor)
            done = _("已编号 %(number)s。下载打印,送达时请签回证。") % {"number": made.number}
        elif move == "withdraw":
            actions.withdraw(paper=paper, reason=reason, version=version, by=request.actor)
            done = _("已撤回,文书号保留,不再使用。")
        else:
            actions.take_back(paper=paper, reason=reason, version=version, by=request.actor)
            done = _("送达记录已撤销,由它起算的期限已经重新推算。")
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("办理这份文书"), paper, refusal) from refusal
    else:
        messages.success(request, done)
    return redirect("web:served-paper", paper.pk)


@require_POST
def service(request: WebRequest, served_id: UUID) -> HttpResponse:
    """Say how it was served; with the receipt it counts as served. Of one already served: correct it."""
    paper = paper_named(request, served_id, Action.CHANGE)
    if paper.issued_on is None:
        raise Http404
    _tabs, rule = presenters.ways(paper, clock.today(), request.POST.get("way", ""), "")
    form = ServiceForm(request.POST, request.FILES, rule=rule, paper=paper)
    if not form.is_valid():
        return show(request, paper, REFUSED, form)
    try:
        words = _serve(request, paper, form)
    except ServiceRefused as refusal:
        form.tell(refusal.problems)
        return show(request, paper, REFUSED, form)
    except ScanRefused as refusal:
        form.add_error("scan" if "scan" in form.fields else None, str(refusal))
        return show(request, paper, REFUSED, form)
    except PaperRefused as refusal:
        form.add_error(None, str(refusal))
        return show(request, paper, REFUSED, form)
    except NotAllowed as refusal:
        raise refused(_("登记送达"), paper, refusal) from refusal
    if not reads.served_visible(request.actor, clock.today()).filter(pk=paper.pk).exists():
        gone = _("证明 %(number)s 已送达:这个人的姓名和记录在各处封存,正本在本人手里,登记簿只留文书号和校验值。")
        messages.success(request, gone % {"number": paper.number})
        return redirect(f"{reverse('web:serving-register')}?of=people")
    messages.success(request, words)
    return redirect("web:served-paper", paper.pk)


def _serve(request: WebRequest, paper: ServedPaper, form: ServiceForm) -> str:
    clean = form.cleaned_data
    common = {"paper": paper, "told": form.told, "version": clean["version"], "by": request.actor}
    if paper.state == ServedState.SERVED:
        actions.correct(**common, reason=clean["reason"])
        return _("已更正,由它起算的期限已经重新推算;原来登记的仍然留着。")
    upload = clean.get("scan")
    scan = Scan(upload.read(), clean.get("typed_code") or "") if upload else None
    actions.serve(**common, scan=scan)
    return _("回证已归入,文书已送达。") if scan else _("已登记送出,等回证;有了回证才算送达。")


@require_safe
def download(request: WebRequest, served_id: UUID, suffix: str) -> HttpResponse:
    """The paper with its receipt page as Word or PDF; the read is logged. Errors: Http404, Forbidden."""
    paper = paper_named(request, served_id)
    if suffix not in MAKERS:
        raise Http404
    make, media_type = MAKERS[suffix]
    log_papers(request, "reveal", [paper], reason=gettext_noop("下载文书 %(number)s") % {"number": paper.number or gettext_noop("草稿")})
    try:
        made = make(reads.document_of(paper, clock.today()))
    except (BadDocument, MissingGlyphs, FontsMissing, UnknownForm) as error:
        raise Forbidden(what=_("这份文书的文件"), whose=paper.unit.label, how=str(error)) from error
    response = HttpResponse(made, content_type=media_type)
    # A file is named by its number, never by a person, and in Chinese, as it is written.
    name = in_chinese(lambda: f"{presenters.title_of(paper)} {paper.number or _('草稿')}.{suffix}")
    response["Content-Disposition"] = content_disposition_header(True, name()) or ""
    return response


@require_safe
def proof(request: WebRequest, served_id: UUID, proof_id: UUID) -> HttpResponse:
    """The signed receipt as it was filed; the read is logged. Errors: Http404, Forbidden."""
    paper = paper_named(request, served_id)
    found = get_object_or_404(ServiceProof.objects.select_related("paper"), pk=proof_id, paper=paper)
    log_papers(request, "reveal", [paper], reason=gettext_noop("打开送达回证"))
    try:
        data = reads.read_proof(found)
    except FileDamaged as damage:
        raise Forbidden(what=_("送达回证"), how=str(damage)) from damage
    response = HttpResponse(data, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.digest[:16]) or "attachment"
    return response
