"""The page of a unit's own Word templates: what is in use for each kind, upload with the check, preview, back to built-in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.actions import paper_templates as actions
from qingyuan.casework.actions.paper_templates import TemplateRefused
from qingyuan.casework.enums import PaperKind
from qingyuan.casework.models import PaperTemplate
from qingyuan.casework.papers import templates as reads
from qingyuan.casework.papers.document import KINDS
from qingyuan.casework.papers.permissions import NotAllowed, may_keep_templates, require
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.documents.office_template import KNOWN, BadTemplate, required
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.papers.access import refused
from qingyuan.web.reads import log_read

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFUSED = 422


class TemplateForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("模板文件"),
        error_messages={
            "required": gettext_lazy("请选择 .docx 模板。"),
            "empty": gettext_lazy("这个文件是空的,请重新选择。"),
        },
    )


@dataclass(frozen=True)
class KindLine:
    """One kind with the version in use (None: the built-in form), the earlier ones, and what was wrong with a file."""

    kind: str
    label: str
    live: PaperTemplate | None
    earlier: list[PaperTemplate]
    marks: str
    problems: tuple[str, ...] = ()


@require_safe
def templates(request: WebRequest) -> HttpResponse:
    return _page(request)


def _page(request: WebRequest, wrong: str = "", problems: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    actor, today = request.actor, clock.today()
    _require(request)
    kept = list(reads.templates_visible(actor, today))
    lines = [
        KindLine(
            kind=kind,
            label=str(label),
            live=next((one for one in kept if one.kind == kind and one.live), None),
            earlier=[one for one in kept if one.kind == kind and not one.live],
            marks="".join(f"«{name}»" for name in required(KINDS[kind])),
            problems=problems if kind == wrong else (),
        )
        for kind, label in PaperKind.choices
    ]
    known = "".join(f"«{name}»" for name in KNOWN)
    return render(request, "papers/templates.html", {"lines": lines, "known": known}, status=status)


@require_POST
def upload(request: WebRequest, paper_kind: str) -> HttpResponse:
    """Check a file and take it into use; what is wrong stands beside its kind. Errors: Http404 for another kind."""
    _require(request)
    _known(paper_kind)
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, paper_kind, tuple(str(one) for one in form.errors["file"]), REFUSED)
    given = form.cleaned_data["file"]
    try:
        made = actions.upload(kind=paper_kind, data=given.read(), file_name=str(given.name), by=request.actor)
    except TemplateRefused as refusal:
        return _page(request, paper_kind, refusal.problems, REFUSED)
    except PaperRefused as refusal:
        return _page(request, paper_kind, (str(refusal),), REFUSED)
    words = _("%(kind)s模板第 %(version)d 版已启用,请先看一下示例。")
    messages.success(request, words % {"kind": made.get_kind_display(), "version": made.version})
    return redirect("web:paper-templates")


@require_safe
def starter(request: WebRequest, paper_kind: str) -> HttpResponse:
    """The built-in form with placeholders, to begin with. Errors: Http404 for another kind."""
    _require(request)
    _known(paper_kind)
    unit = Unit.objects.get(pk=request.actor.unit_id or 0)
    label = PaperKind(paper_kind).label
    return _file(reads.starter_of(unit, paper_kind), _("%(kind)s模板起点.docx") % {"kind": label})


@require_safe
def preview(request: WebRequest, template_id: UUID) -> HttpResponse:
    """A version filled with sample text."""
    template = _named(request, template_id)
    try:
        made = reads.sample_of(template)
    except (FileDamaged, BadTemplate) as damage:
        raise Forbidden(what=_("模板文件"), how=str(damage)) from damage
    log_read(request, "export", "paper-templates", [template.pk], reason="docx")
    name = _("%(kind)s模板第 %(version)d 版示例.docx")
    return _file(made, name % {"kind": template.get_kind_display(), "version": template.version})


@require_POST
def use(request: WebRequest, template_id: UUID) -> HttpResponse:
    """Take a version into use, or (``built-in``) lay it aside for the built-in form."""
    template = _named(request, template_id)
    try:
        if request.POST.get("built-in") == "1":
            actions.use_built_in(template=template, by=request.actor)
            words = _("%(kind)s已改回系统版式。") % {"kind": template.get_kind_display()}
        else:
            actions.use(template=template, by=request.actor)
            words = _("已启用%(kind)s模板第 %(version)d 版。") % {
                "kind": template.get_kind_display(),
                "version": template.version,
            }
    except NotAllowed as refusal:
        raise refused(_("公文模板"), None, refusal) from refusal
    messages.success(request, words)
    return redirect("web:paper-templates")


def _require(request: WebRequest) -> None:
    try:
        require(may_keep_templates(request.actor, clock.today()))
    except NotAllowed as refusal:
        raise refused(_("公文模板"), None, refusal) from refusal


def _known(kind: str) -> None:
    if kind not in PaperKind.values:
        raise Http404


def _named(request: WebRequest, template_id: UUID) -> PaperTemplate:
    """Errors: Http404, the same for one that is not there and one of another unit."""
    _require(request)
    found = reads.templates_visible(request.actor, clock.today()).filter(pk=template_id).first()
    if found is None:
        raise Http404
    return found


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=WORD)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
