"""A file that comes again and again: by which recipe it is read, what is no longer in it, and remembering it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import entering, queries
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.importing import comparing, jobs, sources
from qingyuan.ledgers.importing.batches import wait_again
from qingyuan.ledgers.importing.recognising import How
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.ledgers.writing import CannotVoid, RowChanged
from qingyuan.organisation.enums import Action
from qingyuan.web.context import WebRequest
from qingyuan.web.ledgers import batch_presenters as present
from qingyuan.web.ledgers.access import batch_named
from qingyuan.web.ledgers.forms import ReasonForm, RememberForm

SHOWN = 50
CELLS = 5
HOW_WORDS = {
    How.SAVED: gettext_lazy("按“%(title)s”的配方读"),
    How.LAYOUT: gettext_lazy("认得是按“%(title)s”导出的表"),
    How.HAND: gettext_lazy("按对好的栏目读"),
}


@dataclass(frozen=True)
class Gone:
    """A row that the source's earlier files entered and this one does not hold."""

    row: Any
    cells: list[tuple[str, str]]
    may_void: bool


def context(request: WebRequest, batch: ImportBatch, ledger: Ledger) -> dict[str, Any]:
    """What the batch's page says about recipe, source and comparison. Nothing for a batch that is being worked on."""
    on, actor = clock.today(), request.actor
    how = How(batch.reading.get("how", ""))
    comparison = None if ledger.sealed else comparing.compared(batch)
    gone = comparing.gone(ledger, batch, actor, on, most=SHOWN)
    keeps = sources.may_keep(actor, ledger.code, batch.unit_id, on)
    mine = sources.sources_of(actor, on, ledger.code) if keeps else []
    settled = batch.state in (BatchState.CHECKED, BatchState.DONE)
    return {
        "how": how.value,
        "how_words": HOW_WORDS[how] % {"title": batch.reading.get("title", "")} if how in HOW_WORDS else "",
        "defaults": [(said(column.header), text) for column, text in present.defaulted(ledger, batch)],
        "may_correct": batch.state in sources.CORRECTABLE and bool(batch.stored_as),
        "comparison": comparison,
        "gone": [_gone(request, ledger, batch, row) for row in gone.rows],
        "gone_count": gone.count,
        "remember": RememberForm(sources=mine, chosen=batch.source) if keeps and settled and how != How.SAVED else None,
        "other_sources": [one for one in mine if hasattr(one, "saved") and one.pk != batch.source_id],
    }


def _gone(request: WebRequest, ledger: Ledger, batch: ImportBatch, row: Any) -> Gone:
    shown = [(said(cell.column.header), cell.text) for cell in cells(ledger, row, request.actor)[:CELLS]]
    void = entering.allowed(ledger, request.actor, Action.VOID, clock.today(), row).allowed
    return Gone(row, shown, may_void=void and not batch.bad_count)


@require_POST
def remember(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """«记住这种表»: save how the file is read, as a new source or for one there is."""
    batch, ledger = batch_named(request, batch_id)
    on = clock.today()
    if not sources.may_keep(request.actor, ledger.code, batch.unit_id, on):
        raise Http404
    form = RememberForm(request.POST, sources=sources.sources_of(request.actor, on, ledger.code))
    if not form.is_valid():
        messages.error(request, str(next(iter(next(iter(form.errors.values()))))))
        return redirect("web:import-batch", batch.pk)
    try:
        source = sources.remember(batch=batch, by=request.actor, **form.asked())
    except (sources.SourceRefused, UnreadableFile) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("记住了:以后这种表一上传就按“%(title)s”读。") % {"title": source.title})
    return redirect("web:import-batch", batch.pk)


@require_POST
def read_by(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """Read the file by a source's recipe though its header differs, or (no source) by none; then check again."""
    batch, _ledger = batch_named(request, batch_id)
    wanted = request.POST.get("source", "")
    try:
        if wanted:
            sources.read_by(batch=batch, source=_source(request, wanted))
        else:
            sources.read_plainly(batch=batch)
    except sources.SourceRefused as error:
        messages.error(request, str(error))
        return redirect("web:import-batch", batch.pk)
    if wait_again(batch=batch):
        jobs.ask_for_check(batch.pk)
    return redirect("web:import-batch", batch.pk)


def _source(request: WebRequest, text: str) -> Any:
    try:
        source = sources.open_source(request.actor, UUID(text), clock.today())
    except ValueError:
        source = None
    if source is None:
        raise Http404
    return source


@require_POST
def void_gone(request: WebRequest, batch_id: UUID, row_id: UUID) -> HttpResponse:
    """Void one row that is no longer in the file, for a reason a person gives. Never more than one at a time."""
    batch, ledger = batch_named(request, batch_id)
    on, actor = clock.today(), request.actor
    row = comparing.gone_row(ledger, batch, actor, on, row_id)
    if row is None or not queries.rows(ledger, actor, on, action=Action.VOID).filter(pk=row_id).exists():
        raise Http404
    form = ReasonForm(request.POST)
    if batch.bad_count:
        messages.error(request, _("没有作废:文件里还有问题行,这一条可能就在其中,请先改好再核对。"))
    elif not form.is_valid():
        messages.error(request, _("没有作废:请写明作废原因。"))
    else:
        try:
            ledger.void(rows=[row], writing=Writing(by=actor, on=on, reason=form.cleaned_data["reason"]))
        except (CannotVoid, RowChanged) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已作废一条;其余的没有改动。"))
    return redirect("web:import-batch", batch.pk)
