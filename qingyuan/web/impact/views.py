"""The page of the assessment, its papers, and signing it off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.governance.actions import impact as actions
from qingyuan.governance.impact.content import Assessment, FieldLine, from_json
from qingyuan.governance.impact.document import report
from qingyuan.governance.models import ImpactSignOff
from qingyuan.governance.permissions import NotAllowed, may_read_impact, may_sign_impact
from qingyuan.governance.queries.impact import is_intact, standing
from qingyuan.organisation.models import Unit
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

SUBJECT = "impact"
PAPERS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (render_pdf, "application/pdf"),
}


def _require(request: WebRequest) -> None:
    decision = may_read_impact(request.actor)
    if not decision.allowed:
        raise Forbidden(what=_("个人信息保护影响评估"), whose=_("安全管理员"), how=decision.reason)


@require_safe
def page(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden."""
    _require(request)
    log_read(request, "list", SUBJECT, ())
    now = standing(clock.today())
    context = {
        "standing": now,
        "fields": _fields(now.now),
        "flows": _flows(now.now),
        "may_sign": may_sign_impact(request.actor).allowed,
    }
    return render(request, "impact/page.html", context)


@dataclass(frozen=True)
class Shelf:
    """The fields of one compartment, folded: nobody reads two hundred lines at one go."""

    title: str
    count: int
    table: shapes.Table


def _fields(content: Assessment) -> list[Shelf]:
    """By compartment, as the assessment says them."""
    lines: dict[str, list[FieldLine]] = {}
    for line in content.fields:
        lines.setdefault(line.compartment, []).append(line)
    return [Shelf(title, len(held), _shelf(title, held)) for title, held in lines.items()]


def _shelf(title: str, lines: Sequence[FieldLine]) -> shapes.Table:
    headers = [shapes.Header(label) for label in (_("字段"), _("目的与依据"), _("保存期限"), _("谁能看"))]
    encrypted, in_clear = _("加密"), _("不加密")
    rows = [
        shapes.Row(
            [
                shapes.Cell(
                    line.what, note=f"{line.sensitivity} · {encrypted if line.encrypted else in_clear} · {line.where}"
                ),
                shapes.Cell(line.purpose, note=line.basis),
                shapes.Cell(line.retention),
                shapes.Cell("；".join(line.readers)),
            ]
        )
        for line in lines
    ]
    return shapes.Table(headers, rows, shapes.Empty(_("没有")), caption=title)


def _flows(content: Assessment) -> shapes.Table:
    headers = [shapes.Header(label) for label in (_("方式"), _("是什么"), _("带出什么"), _("到哪里"), _("限制"))]
    rows = [
        shapes.Row([shapes.Cell(text) for text in (line.kind, line.what, line.carries, line.to, line.bounds)])
        for line in content.flows
    ]
    return shapes.Table(headers, rows, shapes.Empty(_("没有")), caption=_("流向"))


@require_POST
def sign(request: WebRequest) -> HttpResponse:
    """Sign what was just read. Errors: Forbidden."""
    _require(request)
    try:
        actions.sign_off(
            digest=request.POST.get("digest", ""), conclusion=request.POST.get("conclusion", ""), by=request.actor
        )
    except NotAllowed as refusal:
        raise Forbidden(what=_("签认"), whose=_("安全管理员"), how=str(refusal)) from refusal
    except actions.SignOffRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已签认,当前内容存为一版。"))
    return redirect("web:impact")


@require_safe
def download(request: WebRequest, suffix: str) -> HttpResponse:
    """The assessment of today on paper. Errors: Forbidden, Http404 for another kind."""
    _require(request)
    now = standing(clock.today())
    return _paper(request, suffix, now.now, now.changes, now.last if not now.changes else None)


@require_safe
def signed_file(request: WebRequest, sign_id: UUID, suffix: str) -> HttpResponse:
    """A version as it was signed. Errors: Forbidden (also when it was changed since), Http404."""
    _require(request)
    signed = get_object_or_404(ImpactSignOff, pk=sign_id)
    if not is_intact(signed):
        raise Forbidden(what=_("这一版评估"), how=_("内容与签认时的校验值不符,请先核查审计日志。"))
    return _paper(request, suffix, from_json(signed.content), (), signed)


def _paper(
    request: WebRequest, suffix: str, content: Assessment, changes: tuple[str, ...], signed: ImpactSignOff | None
) -> HttpResponse:
    if suffix not in PAPERS:
        raise Http404
    make, media_type = PAPERS[suffix]
    unit = Unit.objects.select_related("division").filter(pk=request.actor.unit_id or 0).first()
    with override(settings.LANGUAGE_CODE):
        paper = report(
            content=content,
            place=unit.division.name if unit else "",
            issuer=unit.name if unit else "",
            on=signed.signed_on if signed else clock.today(),
            changes=changes,
            signed=signed,
        )
    log_read(request, "export", SUBJECT, [signed.pk] if signed else (), reason=suffix)
    response = HttpResponse(make(paper), content_type=media_type)
    name = _("个人信息保护影响评估报告.%(suffix)s") % {"suffix": suffix}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
