"""The log for inspectors: two lists, one entry, the check of a chain, the export. Reading it leaves a trace too."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import RowChange
from qingyuan.foundation.paging import keys_of
from qingyuan.foundation.words import in_chinese
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.permissions import inspects
from qingyuan.web import shapes
from qingyuan.web.audit import chain, entries, presenters
from qingyuan.web.audit.entries import READS, WRITES, Asked, AuditFilter
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

SUBJECT = "audit"
PER_PAGE = 50
ROWS_PER_PAGE = 20
MOST_EXPORTED = 50_000
RISKY = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def audit_list(request: WebRequest, tab: str = WRITES) -> HttpResponse:
    """One of the two lists, or after a filter only its ``#results``. Errors: Forbidden, Http404 for another tab."""
    entries.require_inspector(request)
    form, asked, found = _asked(request, tab)
    context = _list_context(request, tab, form, asked, found)
    log_read(
        request,
        "list",
        SUBJECT,
        (),
        reason=_chinese_words("%(tab)s 第 %(page)s 页", tab, page=context["pages"].number),
    )
    fragment = request.htmx and request.htmx.target == "results"
    if fragment:
        return render(request, "audit/_results.html", context)
    state = chain.chain(tab) if inspects(request.actor) else None
    return render(request, "audit/list.html", context | {"chain": state})


@in_chinese
def _chinese_words(words: str, tab: str, **values: object) -> str:
    """What the log keeps about its own reading: in Chinese, whatever language the reader's pages are in."""
    return words % {"tab": _titles()[tab], **values}


def _titles() -> dict[str, str]:
    return {WRITES: _("写入"), READS: _("查阅")}


def _asked(request: WebRequest, tab: str) -> tuple[AuditFilter, Asked, Any]:
    if tab not in chain.DATABASES:
        raise Http404
    form = AuditFilter(request.GET, tab=tab, actor=request.actor)
    asked = entries.asked_of(form)
    search = entries.asked_writes if tab == WRITES else entries.asked_reads
    return form, asked, search(request.actor, asked)


def _list_context(request: WebRequest, tab: str, form: AuditFilter, asked: Asked, found: Any) -> dict[str, Any]:
    here = reverse("web:audit-list", args=(tab,))
    joined = f"{here}?{asked.query}&" if asked.query else f"{here}?"
    pages = shapes.pages(_number(request), PER_PAGE, found.count(), f"{joined}page=")
    keys = keys_of(found, pages.first - 1, pages.until, pages.total)
    by_key = found.model.objects.in_bulk(keys)
    shown = [by_key[key] for key in keys]
    return {
        "tab": tab,
        "tabs": _tabs(tab, asked),
        "form": form,
        "asked": asked,
        "here": here,
        "pages": pages,
        "table": presenters.table(presenters.lines(shown, request.actor), tab, _empty(asked, here)),
        "most": MOST_EXPORTED,
    }


def _tabs(tab: str, asked: Asked) -> list[dict[str, Any]]:
    kept = Asked(who=asked.who, ledger=asked.ledger, day=asked.day, row=asked.row, unit=asked.unit).query
    return [
        {
            "label": title,
            "href": reverse("web:audit-list", args=(name,)) + (f"?{kept}" if kept else ""),
            "current": name == tab,
        }
        for name, title in _titles().items()
    ]


def _empty(asked: Asked, here: str) -> shapes.Empty:
    if asked.is_narrowed:
        return shapes.Empty(_("没有符合条件的记录"), _("换一个人、一天或一种操作再看。"), _("清除筛选"), here)
    return shapes.Empty(_("还没有记录"), _("有人登记、修改或查阅后,这里会逐条出现。"))


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_safe
def write(request: WebRequest, write_id: UUID) -> HttpResponse:
    """One write with the changes of its rows. Errors: Forbidden, Http404."""
    entries.require_inspector(request)
    entry = entries.writes(request.actor).filter(pk=write_id).first()
    if entry is None:
        raise Http404
    rows = RowChange.objects.filter(entry_id=entry.pk).order_by("position")
    here = reverse("web:audit-write", args=(entry.pk,))
    pages = shapes.pages(_number(request), ROWS_PER_PAGE, rows.count(), f"{here}?page=")
    page = list(rows[(pages.number - 1) * ROWS_PER_PAGE : pages.number * ROWS_PER_PAGE])
    changes = presenters.changes(entry, page, request.actor, clock.today())
    log_read(request, "detail", SUBJECT, [entry.pk, *(change.row_id for change in page)])
    context = {
        "entry": entry,
        "line": presenters.lines([entry], request.actor)[0],
        "place": presenters.place_of(entry.division_id),
        "changes": changes,
        "closed": any(change.closed for change in changes),
        "pages": pages,
    }
    return render(request, "audit/write.html", context)


@require_safe
def read(request: WebRequest, read_id: UUID) -> HttpResponse:
    """One look at rows: by whom, from where, at which. Errors: Forbidden, Http404."""
    entries.require_inspector(request)
    entry = entries.reads(request.actor).filter(pk=read_id).first()
    if entry is None:
        raise Http404
    log_read(request, "detail", SUBJECT, [entry.pk])
    context = {
        "entry": entry,
        "line": presenters.lines([entry], request.actor)[0],
        "purpose": presenters.typed(entry, "purpose", request.actor),
        "row_ids": presenters.rows_of(entry)[:200],
        "emergency_href": reverse("web:emergency-look", args=(entry.emergency_id,)) if entry.emergency_id else "",
    }
    return render(request, "audit/read.html", context)


@require_POST
def verify(request: WebRequest, tab: str) -> HttpResponse:
    """Check a chain now and say what was found; only its ``#chain`` when asked for by a swap. Errors: Forbidden, Http404."""
    entries.require_inspector(request)
    if not inspects(request.actor):
        raise Forbidden(what=_("校验整条链"), whose=_("审计检查人员和安全管理员"), how=_("请他们校验。"))
    if tab not in chain.DATABASES:
        raise Http404
    log_read(request, "verify", SUBJECT, (), reason=_chinese_words("%(tab)s", tab))
    state = chain.chain(tab, chain.check(tab, by=request.actor))
    if request.htmx:
        return render(request, "audit/_chain.html", {"chain": state})
    form, asked, found = _asked(request, tab)
    return render(request, "audit/list.html", _list_context(request, tab, form, asked, found) | {"chain": state})


@require_safe
def export(request: WebRequest, tab: str) -> HttpResponse | StreamingHttpResponse:
    """What the list shows, as CSV in UTF-8. Errors: Forbidden (also when there are too many), Http404."""
    entries.require_inspector(request)
    _form, asked, found = _asked(request, tab)
    count = found.count()
    if count > MOST_EXPORTED:
        raise Forbidden(
            what=_("一次导出 %(count)s 条审计记录") % {"count": count},
            whose=_("您自己"),
            how=_("一次最多导出 %(most)s 条:请按日期或操作人缩小范围,分几次导出。") % {"most": MOST_EXPORTED},
        )
    log_read(
        request,
        "export",
        SUBJECT,
        (),
        query=asked.query,
        reason=_chinese_words("%(tab)s %(count)s 条", tab, count=count),
    )
    made = _chinese(_csv(found, tab, request.actor))
    response = StreamingHttpResponse(made, content_type="text/csv; charset=utf-8")
    name = _file_name(tab)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@in_chinese
def _file_name(tab: str) -> str:
    return _("审计日志 %(tab)s %(day)s.csv") % {"tab": _titles()[tab], "day": clock.today().isoformat()}


def _chinese(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces of a file, each made in Chinese: it is sent when the view is long over."""
    step = in_chinese(next)
    while (piece := step(pieces, None)) is not None:
        yield piece


class _Echo:
    """A file whose writing gives the text back."""

    def write(self, text: str) -> str:
        return text


def _csv(found: Any, tab: str, reader: Actor) -> Iterator[str]:
    writer = csv.writer(_Echo())
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    yield "\ufeff"
    yield str(writer.writerow([*fiction, _titles()[tab]]))
    yield str(writer.writerow(presenters.export_headers(tab)))
    batch: list[Any] = []
    for entry in found.iterator(chunk_size=500):
        batch.append(entry)
        if len(batch) == 500:
            yield from _csv_lines(writer, batch, reader)
            batch = []
    yield from _csv_lines(writer, batch, reader)


def _csv_lines(writer: Any, batch: list[Any], reader: Actor) -> Iterator[str]:
    for line in presenters.lines(batch, reader):
        cells = [
            line.at,
            line.who,
            line.unit,
            line.act,
            line.subject,
            line.about,
            line.reason,
            str(line.rows),
            line.sealed,
        ]
        yield str(writer.writerow([f"'{cell}" if cell.startswith(RISKY) else cell for cell in cells]))
