from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.reference.periods import BadPeriod
from qingyuan.situation.actions import forms as actions
from qingyuan.situation.enums import LayoutState
from qingyuan.situation.models import FormFilling, FormLayout
from qingyuan.situation.permissions import FORMS, NotAllowed, forms_visible, may_change_form, may_keep_forms
from qingyuan.situation.rules.forms import month_of
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.foreign_forms import presenters
from qingyuan.web.foreign_forms.access import file_response, filling_named, form_named, refused
from qingyuan.web.foreign_forms.forms import ACCEPT, FillForm, UploadForm
from qingyuan.web.reads import log_read

REFUSED = 422
FILLINGS_SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: WebRequest) -> HttpResponse:
    """The unit's forms; POST keeps a new blank. Errors: Forbidden."""
    actor, today = request.actor, clock.today()
    reads = may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=FORMS, unit_id=actor.unit_id, on=today)
    if not reads.allowed:
        raise Forbidden(what=_("来表"), whose=_("禁毒委员会办公室"), how=reads.reason)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            received = actions.receive_form(
                title=form.cleaned_data["title"],
                sent_by=form.cleaned_data["sent_by"],
                file_name=upload.name or "",
                data=upload.read(),
                by=actor,
            )
        except actions.FormRefused as refusal:
            form.add_error("file", str(refusal))
        except NotAllowed as refusal:
            raise refused(_("登记来表"), refusal) from refusal
        else:
            messages.success(request, _("空白表已收下。在表上点一格,选它填什么;点一列的表头可以整列绑定。"))
            return redirect("web:foreign-form-bind", form_id=received.layout.form_id)
    found = list(forms_visible(actor, today).prefetch_related("layouts").order_by("retired_on", "title"))
    latest: dict[UUID, FormFilling] = {}
    for filling in FormFilling.objects.filter(form__in=found).order_by("filled_at", "pk"):
        latest[filling.form_id] = filling
    drafts = {one.form_id: one for one in FormLayout.objects.filter(form__in=found, state=LayoutState.DRAFT)}
    context = {
        "table": presenters.index_table(found, latest, drafts),
        "form": form,
        "keeps": may_keep_forms(actor, today).allowed,
        "accept": ACCEPT,
        "file_error": str(next(iter(form.errors.get("file", [])), "")) if form.is_bound else "",
    }
    return render(request, "foreign_forms/list.html", context, status=REFUSED if form.errors else 200)


@require_safe
def one(request: WebRequest, form_id: UUID) -> HttpResponse:
    return _page_of(request, form_id)


def _page_of(request: WebRequest, form_id: UUID, form: FillForm | None = None) -> HttpResponse:
    actor, today = request.actor, clock.today()
    shown = form_named(actor, form_id)
    layouts = list(shown.layouts.select_related("blank").defer("blank__content").order_by("-version"))
    saved = [layout for layout in layouts if not layout.is_draft]
    fillings = list(shown.fillings.select_related("layout", "made").defer("made__content")[:FILLINGS_SHOWN])
    changes = may_change_form(actor, shown, today).allowed and shown.retired_on is None
    context = {
        "shown": shown,
        "layouts": layouts,
        "saved": saved[0] if saved else None,
        "draft": next((layout for layout in layouts if layout.is_draft), None),
        "changes": changes,
        "form": form or FillForm(today=today),
        "table": presenters.fillings_table(fillings),
    }
    return render(request, "foreign_forms/form.html", context, status=REFUSED if form is not None else 200)


@require_POST
def fill(request: WebRequest, form_id: UUID) -> HttpResponse:
    """Fill a month and show what was filled, with its file. Errors: Forbidden, Http404."""
    shown = form_named(request.actor, form_id)
    form = FillForm(request.POST, today=clock.today())
    if not form.is_valid():
        return _page_of(request, form_id, form)
    try:
        month = month_of(form.cleaned_data["month"], clock.today())
        # What goes to another office is Chinese, whatever language its maker reads pages in.
        with override(settings.LANGUAGE_CODE):
            made = actions.fill(form=shown, month=month, known=form.cleaned_data["known"], by=request.actor)
    except (actions.FormRefused, BadPeriod) as refusal:
        form.add_error("month", str(refusal))
        return _page_of(request, form_id, form)
    except NotAllowed as refusal:
        raise refused(_("填这张来表"), refusal) from refusal
    log_read(request, "export", FORMS, [made.pk], reason=f"{made.month} {made.made.digest[:16]}")
    if made.missing:
        words = _("已填 %(count)d 格;有 %(missing)d 处没填上或要核对,见下面的表。")
        messages.warning(request, words % {"count": len(made.cells), "missing": len(made.missing)})
    else:
        messages.success(request, _("已填 %(count)d 格,全部填上。") % {"count": len(made.cells)})
    return redirect("web:foreign-form-filling", filling_id=made.pk)


@require_POST
def retire(request: WebRequest, form_id: UUID) -> HttpResponse:
    shown = form_named(request.actor, form_id)
    try:
        actions.retire(form=shown, reason=request.POST.get("reason", ""), by=request.actor)
    except actions.FormRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise refused(_("停用这张来表"), refusal) from refusal
    else:
        messages.success(request, _("已停用;填过的都还在。"))
    return redirect("web:foreign-form", form_id=form_id)


@require_safe
def blank(request: WebRequest, form_id: UUID) -> HttpResponse:
    """The newest blank as it came. Errors: Http404, Forbidden."""
    shown = form_named(request.actor, form_id)
    layout = shown.layouts.select_related("blank").latest("version")
    log_read(request, "export", FORMS, [shown.pk], reason=layout.blank.digest[:16])
    return file_response(layout.blank, layout.blank.file_name or f"{shown.title}.{shown.kind}")


@require_safe
def filling(request: WebRequest, filling_id: UUID) -> HttpResponse:
    """What went out: each figure with its source, and what could not be filled. Errors: Http404."""
    shown = filling_named(request.actor, filling_id)
    context = {
        "filling": shown,
        "form": shown.form,
        "table": presenters.cells_table(shown),
        "missing": presenters.missing_table(shown),
    }
    return render(request, "foreign_forms/filling.html", context)


@require_safe
def made(request: WebRequest, filling_id: UUID) -> HttpResponse:
    """The filled file, byte for byte as it was made. Errors: Http404, Forbidden."""
    shown = filling_named(request.actor, filling_id)
    log_read(request, "export", FORMS, [shown.pk], reason=f"{shown.month} {shown.made.digest[:16]}")
    return file_response(shown.made, f"{shown.form.title} {shown.period.label_zh}.{shown.form.kind}")
