"""The first step of an import: a file comes in. What is in it is shown before anything enters a ledger."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import jobs
from qingyuan.ledgers.importing.batches import recent
from qingyuan.ledgers.importing.receive import CannotImport, receive
from qingyuan.ledgers.importing.recognising import ledger_of
from qingyuan.ledgers.reading.header import guess_ledger
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.organisation.enums import Action
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers import batch_presenters
from qingyuan.web.ledgers.access import may_any, writable
from qingyuan.web.ledgers.forms import ACCEPT, UploadForm


@require_http_methods(["GET", "POST"])
def start(request: WebRequest, code: str) -> HttpResponse:
    """Import into a known ledger."""
    return _start(request, writable(request, code))


@require_http_methods(["GET", "POST"])
def start_any(request: WebRequest) -> HttpResponse:
    """Import a file without saying of which ledger it is: its header says so, and the next page shows it."""
    if not _importable(request):
        raise Forbidden(
            what=_("导入表格"), whose=_("各台账的填报单位"), how=_("您的角色不填报台账;要填报的,请向安全管理员申请角色。")
        )
    return _start(request, None)


def _importable(request: WebRequest) -> list[Ledger]:
    on = clock.today()
    return [
        ledger
        for ledger in registry.all_ledgers()
        if ledger.importable and may_any(request.actor, ledger, Action.CREATE, on)
    ]


def _start(request: WebRequest, ledger: Ledger | None) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            content = upload.read()
            target = ledger or _guess(request, content, upload.name)
            batch = receive(ledger=target, filename=upload.name, content=content, by=request.actor)
        except (CannotImport, UnreadableFile) as error:
            form.add_error("file", str(error))
        else:
            jobs.ask_for_check(batch.id)
            return redirect("web:import-batch", batch.id)
    refusal = str(next(iter(form.errors.get("file", [])), "")) if form.is_bound else ""
    context = {
        "ledger": ledger,
        "importable": _importable(request),
        "error": refusal,
        "accept": ACCEPT,
        "steps": batch_presenters.steps(1),
        "batches": batch_presenters.lines(recent(request.actor, clock.today(), ledger.code if ledger else "")),
    }
    return render(request, "ledgers/import_start.html", context, status=422 if refusal else 200)


def _guess(request: WebRequest, content: bytes, filename: str) -> Ledger:
    """The ledger this person may fill that the file is of. Errors: CannotImport, UnreadableFile."""
    if not content:
        raise CannotImport(_("文件是空的,请重新选择。"))
    mine, workbook = _importable(request), open_workbook(content, filename)
    known = ledger_of(workbook, mine, request.actor.unit_id, clock.today())
    if known is not None:
        return known
    guesses = guess_ledger(workbook, {ledger.code: ledger.columns for ledger in mine})
    if not guesses:
        titles = "、".join(said(ledger.title) for ledger in mine)
        raise CannotImport(
            _("看不出这是哪本台账的表。您可以填报的有:%(titles)s;请从那本台账的页面导入。") % {"titles": titles}
        )
    return registry.get(guesses[0].code)
