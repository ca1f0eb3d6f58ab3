"""What moves a paper: handing up, signing, issuing, serving, signing for it, voiding; copies compared and kept; files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.actions import paper_copies, paper_service
from qingyuan.casework.actions import papers as actions
from qingyuan.casework.models import Paper, PaperScan
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.documents.fonts import FontsMissing, MissingGlyphs
from qingyuan.documents.model import BadDocument
from qingyuan.documents.office_template import BadTemplate
from qingyuan.documents.page_code import ScanRefused
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.governance import minutes
from qingyuan.situation import citing
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.papers.access import paper_named, refused
from qingyuan.web.papers.forms import CopyForm, ReceiptForm, SignatureForm
from qingyuan.web.papers.views import REFUSED, show
from qingyuan.web.reads import log_read

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_MOST_UNITS = 500


@require_POST
def move(request: WebRequest, paper_id: UUID, move: str) -> HttpResponse:
    """Take one step; what may not be done says why. Errors: Http404 for a step there is not, Forbidden."""
    paper = paper_named(request, paper_id)
    step = _STEPS.get(move)
    if step is None:
        raise Http404
    try:
        words = step(request, paper)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("办理这份公文"), paper, refusal) from refusal
    else:
        messages.success(request, words)
    return redirect("web:paper", paper_id=paper.pk)


def _submit(request: WebRequest, paper: Paper) -> str:
    actions.submit(paper=paper, by=request.actor)
    return _("已送签,在负责同志的“今天”里。")


def _send_back(request: WebRequest, paper: Paper) -> str:
    actions.send_back(paper=paper, reason=_reason(request), by=request.actor)
    return _("已退回,意见随稿送达拟稿人。")


def _sign(request: WebRequest, paper: Paper) -> str:
    form = SignatureForm(request.POST)
    if not form.is_valid():
        raise PaperRefused(_("签发人或签发日期填得不对,请核对。"))
    given = form.cleaned_data
    actions.sign(paper=paper, by=request.actor, signer_name=given["signer_name"], signed_on=given["signed_on"])
    return _("已签发,等办文人员编号印发。")


def _issue(request: WebRequest, paper: Paper) -> str:
    today = clock.today()
    made = citing.issue(paper=paper, by=request.actor, on=today, keep_figures=request.POST.get("keep") == "1")
    made = Paper.objects.select_related("issue", "unit").get(pk=made.pk)
    minutes.carry_number(paper=made, by=request.actor, on=today)
    return _("已印发 %(number)s,内容自此不再改动。") % {"number": made.number}


def _archive(request: WebRequest, paper: Paper) -> str:
    actions.archive(paper=paper, by=request.actor)
    return _("已归档。")


def _void(request: WebRequest, paper: Paper) -> str:
    number = paper.number
    actions.void(paper=paper, reason=_reason(request), by=request.actor)
    return _("%(number)s 已作废,文号保留,不再使用。") % {"number": number} if number else _("草稿已作废。")


def _reason(request: WebRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "")[:200]


_STEPS: dict[str, Callable[[WebRequest, Paper], str]] = {
    "submit": _submit,
    "send-back": _send_back,
    "sign": _sign,
    "issue": _issue,
    "archive": _archive,
    "void": _void,
}


@require_POST
def refresh(request: WebRequest, paper_id: UUID) -> HttpResponse:
    """Put today's figures into the draft."""
    paper = paper_named(request, paper_id)
    try:
        left = citing.refresh(paper=paper, by=request.actor, on=clock.today())
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("更新所引数字"), paper, refusal) from refusal
    else:
        if left.holds:
            messages.success(request, _("所引数字已更新到今天。"))
        else:
            words = _("没改过的段落已更新;还有 %(count)d 个数字在您改过的段落里,请照下面的新数手工改好后再点一次更新。")
            messages.warning(request, words % {"count": len(left.changes)})
    return redirect("web:paper", paper_id=paper.pk)


@require_POST
def serve(request: WebRequest, paper_id: UUID) -> HttpResponse:
    """Serve the paper on the chosen units."""
    paper = paper_named(request, paper_id)
    chosen = [int(text) for text in request.POST.getlist("unit")[:_MOST_UNITS] if text.isdigit() and len(text) < 10]
    try:
        made = paper_service.serve(paper=paper, unit_ids=chosen, by=request.actor)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("送达公文"), paper, refusal) from refusal
    else:
        messages.success(request, _("已送 %(count)d 个单位,各单位“今天”里等签收。") % {"count": len(made)})
    return redirect("web:paper", paper_id=paper.pk)


@require_POST
def receive(request: WebRequest, paper_id: UUID) -> HttpResponse:
    """Sign for the paper in the name of one's unit."""
    paper = paper_named(request, paper_id)
    delivery = get_object_or_404(paper.deliveries, unit_id=request.actor.unit_id or 0)
    try:
        paper_service.receive(delivery=delivery, by=request.actor)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("签收公文"), paper, refusal) from refusal
    else:
        messages.success(request, _("已签收:%(title)s") % {"title": paper.title})
    return redirect("web:paper", paper_id=paper.pk)


@require_POST
def enter_receipt(request: WebRequest, paper_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Enter a receipt that came back on paper. Errors: Http404 for a delivery of another paper, Forbidden."""
    paper = paper_named(request, paper_id)
    delivery = get_object_or_404(paper.deliveries.select_related("paper"), pk=delivery_id)
    form = ReceiptForm(request.POST)
    try:
        if not form.is_valid():
            raise PaperRefused("".join(str(errors[0]) for errors in form.errors.values()))
        given = form.cleaned_data
        paper_service.enter_receipt(delivery=delivery, name=given["name"], on=given["on"], by=request.actor)
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("登记回执"), paper, refusal) from refusal
    else:
        messages.success(request, _("已登记%(unit)s的回执。") % {"unit": delivery.unit.label})
    return redirect("web:paper", paper_id=paper.pk)


@require_POST
def check(request: WebRequest, paper_id: UUID) -> HttpResponse:
    """Compare a file with what was issued; with ``keep`` it is filed with the paper. The refusal stands beside the field."""
    paper = paper_named(request, paper_id)
    if not paper.number:
        raise Http404
    form = CopyForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, paper, REFUSED, copy_form=form)
    upload, typed = form.cleaned_data["scan"], form.cleaned_data["typed_code"]
    how: Any
    try:
        if request.POST.get("keep") == "1":
            kept = paper_copies.file_scan(
                paper=paper, data=upload.read(), file_name=str(upload.name), by=request.actor, typed_code=typed
            )
            words, how = _("是印发的原稿,盖章件已归入(核对方式:%(how)s)。"), kept.get_matched_by_display()
        else:
            how = paper_copies.check_copy(paper=paper, data=upload.read(), typed_code=typed).label
            words = _("是印发的原稿(核对方式:%(how)s)。文件没有保存。")
    except (ScanRefused, PaperRefused) as refusal:
        form.add_error("scan", str(refusal))
        return show(request, paper, REFUSED, copy_form=form)
    except NotAllowed as refusal:
        raise refused(_("归入盖章件"), paper, refusal) from refusal
    messages.success(request, words % {"how": how})
    return redirect("web:paper", paper_id=paper.pk)


@require_safe
def download(request: WebRequest, paper_id: UUID, suffix: str) -> HttpResponse:
    """The paper as Word or PDF; a draft without number and code. Errors: Http404 for another kind, Forbidden."""
    paper = paper_named(request, paper_id)
    makers: dict[str, tuple[Callable[..., bytes], str]] = {"docx": (reads.docx_of, WORD), "pdf": (reads.pdf_of, PDF)}
    if suffix not in makers:
        raise Http404
    make, media_type = makers[suffix]
    try:
        made = make(paper, clock.today())
    except (BadDocument, MissingGlyphs, FontsMissing, FileDamaged, BadTemplate) as error:
        raise Forbidden(what=_("这份公文的文件"), whose=paper.unit.label, how=str(error)) from error
    log_read(request, "export", "papers", [paper.pk], reason=suffix)
    response = HttpResponse(made, content_type=media_type)
    number = paper.number or _("草稿")
    name = f"{paper.title} {number}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    if paper.number:
        response["X-Content-Hash"] = paper.issue.content_hash
    return response


@require_safe
def scan(request: WebRequest, paper_id: UUID, scan_id: UUID) -> HttpResponse:
    """The sealed copy as it was uploaded: for the unit that issued the paper."""
    paper = paper_named(request, paper_id)
    if paper.unit_id != request.actor.unit_id:
        raise Http404
    found = get_object_or_404(PaperScan, pk=scan_id, paper=paper)
    try:
        data = reads.read_scan(found)
    except FileDamaged as damage:
        raise Forbidden(what=_("盖章件"), how=str(damage)) from damage
    response = HttpResponse(data, content_type=found.media_type)
    response["Content-Disposition"] = (
        content_disposition_header(True, found.file_name or found.digest[:16]) or "attachment"
    )
    return response
