"""The wizard after the file has come in: recognised, checked, decided upon. The page may be left at any time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tasks.exceptions import TaskResultDoesNotExist

from qingyuan.foundation.words import in_chinese, said
from qingyuan.ledgers import exports
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import jobs, staging
from qingyuan.ledgers.importing import promote as promoting
from qingyuan.ledgers.importing.batches import wait_again
from qingyuan.ledgers.importing.resolving import NotACode
from qingyuan.ledgers.importing.resolving import learn as learn_word
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState, RowState
from qingyuan.reference.catalogue import get_list
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.ledgers import batch_presenters as present
from qingyuan.web.ledgers import recurring
from qingyuan.web.ledgers.access import batch_named as _opened
from qingyuan.web.ledgers.views import workbook_response
from qingyuan.web.reads import log_read

SHOWN = {RowState.BAD: 20, RowState.CHANGED: 20, RowState.NEW: 10}
PER_PAGE = 50
TASK = "task"


@require_safe
def batch(request: WebRequest, batch_id: UUID) -> HttpResponse:
    found, ledger = _opened(request, batch_id)
    context: dict[str, Any] = {"batch": found, "ledger": ledger, "steps": present.steps(_step(found))}
    if _is_running(request, found):
        entering = found.state in (BatchState.CHECKED, BatchState.PROMOTING)
        context |= _progress_context(request, found) | {"steps": present.steps(4 if entering else 2)}
        return render(request, "ledgers/batch_running.html", context)
    if found.state == BatchState.CHECKED:
        context |= _checked_context(request, found, ledger) | recurring.context(request, found, ledger)
        log_read(request, "list", ledger.code, [found.pk], reason=gettext_noop("核对导入"))
        return render(request, "ledgers/batch_checked.html", context)
    context["lines"] = present.recognised(ledger, found) if found.found else None
    context |= recurring.context(request, found, ledger)
    if context["gone"]:
        log_read(request, "list", ledger.code, [line.row.pk for line in context["gone"]], reason=gettext_noop("上次有、这次没有"))
    return render(request, "ledgers/batch_ended.html", context)


def _step(batch: ImportBatch) -> int:
    return {
        BatchState.WAITING: 2,
        BatchState.CHECKING: 2,
        BatchState.CHECKED: 3,
        BatchState.PROMOTING: 4,
        BatchState.DONE: 5,
        BatchState.FAILED: 2,
        BatchState.DISCARDED: 3,
    }[BatchState(batch.state)]


def _is_running(request: WebRequest, batch: ImportBatch) -> bool:
    """Whether something is still to come by itself: a job at work, or one that was handed in and not yet taken up."""
    if batch.state in (BatchState.CHECKING, BatchState.PROMOTING):
        return True
    if batch.state == BatchState.WAITING and not batch.message:
        return True
    task_id = request.GET.get(TASK, "")
    return batch.state == BatchState.CHECKED and bool(task_id) and not _has_finished(task_id)


def _has_finished(task_id: str) -> bool:
    try:
        return bool(jobs.promote.get_result(task_id).is_finished)
    except (TaskResultDoesNotExist, NotImplementedError):
        return True


def _progress_context(request: WebRequest, batch: ImportBatch) -> dict[str, Any]:
    url = reverse("web:import-progress", args=(batch.pk,))
    task_id = request.GET.get(TASK, "")
    entering = batch.state in (BatchState.PROMOTING, BatchState.CHECKED)
    wanted = batch.new_count + batch.changed_count
    labels = {BatchState.WAITING: _("正在排队,马上开始"), BatchState.CHECKING: _("正在逐行核对")}
    return {
        "label": labels.get(BatchState(batch.state), _("正在入库")),
        "done": 0 if entering else batch.rows_done,
        "total": wanted if entering else batch.rows_total or 0,
        "note": _("可以离开本页,回来再看") if not entering else _("一次全部入库,要么都进,要么都不进"),
        "url": f"{url}?{TASK}={task_id}" if task_id else url,
        "count_known": entering or bool(batch.rows_total),
    }


@require_safe
def progress(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """The moving part of the page; once the work is done the page is loaded anew, so that it equals a reload."""
    found, _ledger = _opened(request, batch_id)
    if not _is_running(request, found):
        return HttpResponseClientRefresh()
    return render(request, "ledgers/_progress.html", _progress_context(request, found))


def _checked_context(request: WebRequest, batch: ImportBatch, ledger: Ledger) -> dict[str, Any]:
    only = request.GET.get("show", "")
    show = RowState(only) if only in (RowState.BAD, RowState.CHANGED, RowState.NEW) else None
    total = {RowState.BAD: batch.bad_count, RowState.CHANGED: batch.changed_count, RowState.NEW: batch.new_count}
    here = reverse("web:import-batch", args=(batch.pk,))
    text = request.GET.get("page", "")
    page = shapes.pages(
        int(text) if text.isdigit() and len(text) < 8 else 1, PER_PAGE, total[show] if show else 0, f"{here}?show={only}&page="
    )
    first, most = ((page.number - 1) * PER_PAGE, PER_PAGE) if show else (0, 0)

    def rows(state: RowState) -> list[Any]:
        if show is not None and show != state:
            return []
        return present.some(ledger, batch, state, first, most or SHOWN[state])

    new = rows(RowState.NEW)
    return {
        "found": present.recognised(ledger, batch),
        "bad": present.bad_rows(ledger, batch, rows(RowState.BAD)),
        "bad_headers": [said(column.header) for _index, column in present.file_columns(ledger, batch)],
        "changed": present.differences(ledger, batch, rows(RowState.CHANGED)),
        "new": present.new_rows(ledger, batch, new) if new else None,
        "takes": batch.new_count + batch.changed_count,
        "show": only if show else "",
        "pages": page if show else None,
        "here": here,
    }


@require_POST
def learn(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """«都按尿液»: remember what a word means and check the file again."""
    found, ledger = _opened(request, batch_id)
    name, typed, code = (request.POST.get(key, "") for key in ("column", "typed", "code"))
    column = next((one for one in ledger.columns if one.name == name and one.code_list), None)
    offered = [term["typed"] for term in found.found.get("terms", []) if term["column"] == name]
    if column is None or typed not in offered or not code:
        messages.error(request, _("没有改动:请先选择这个词是哪一项。"))
        return redirect("web:import-batch", found.pk)
    try:
        learn_word(
            code_list=column.code_list, text=typed, code=code, by=request.actor, source=found.source, ledger=ledger.code
        )
    except NotACode as error:
        messages.error(request, str(error))
        return redirect("web:import-batch", found.pk)
    label = get_list(column.code_list).said(code)
    messages.success(request, _("记住了:“%(typed)s”都按“%(label)s”,已重新核对。") % {"typed": typed, "label": label})
    return _check_again(request, found)


@require_POST
def recheck(request: WebRequest, batch_id: UUID) -> HttpResponse:
    return _check_again(request, _opened(request, batch_id)[0])


def _check_again(request: WebRequest, batch: ImportBatch) -> HttpResponse:
    if wait_again(batch=batch):
        jobs.ask_for_check(batch.pk)
    return redirect("web:import-batch", batch.pk)


@require_POST
def promote(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """Hand the promotion in; the page shows it going on."""
    found, _ledger = _opened(request, batch_id)
    here = reverse("web:import-batch", args=(found.pk,))
    if found.state != BatchState.CHECKED:
        messages.error(request, _("这一批还没有核对完,或者已经入库。"))
        return redirect(here)
    started = jobs.promote.enqueue(str(found.pk))
    return redirect(here if started.is_finished else f"{here}?{TASK}={started.id}")


@require_POST
def discard(request: WebRequest, batch_id: UUID) -> HttpResponse:
    found, ledger = _opened(request, batch_id)
    if found.state not in (BatchState.CHECKED, BatchState.WAITING, BatchState.FAILED):
        messages.error(request, _("这一批正在办理或者已经入库,不能放弃。"))
        return redirect("web:import-batch", found.pk)
    promoting.discard(batch=found)
    messages.success(request, _("已放弃这次导入,台账没有任何改动。"))
    return redirect("web:import-start", ledger.code)


@require_safe
def bad_rows(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """The rows that were not taken, as a workbook to mend."""
    found, ledger = _opened(request, batch_id)
    if not staging.any_in(found, RowState.BAD):
        raise Http404
    log_read(request, "export", ledger.code, [found.pk], reason=gettext_noop("下载问题行"))
    content = exports.bad_rows_workbook(ledger, found)
    return workbook_response(content, _bad_rows_name(found))


@in_chinese
def _bad_rows_name(found: ImportBatch) -> str:
    return _("%(file)s 问题行.xlsx") % {"file": found.filename.rsplit(".", 1)[0]}
