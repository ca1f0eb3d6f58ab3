"""All ledgers, the list of one, its export and its template."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.name_buckets import TooManyNames
from qingyuan.foundation.words import in_chinese, said
from qingyuan.ledgers import exports, queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.batches import recent, waiting_for
from qingyuan.ledgers.layouts.choosing import layouts_for
from qingyuan.ledgers.sheets.export import TooManyRows
from qingyuan.organisation.enums import Action
from qingyuan.reference import statutes
from qingyuan.web import behind, shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers import batch_presenters, presenters
from qingyuan.web.ledgers.access import how_to_ask, keepers, ledger_named, may_any, readable
from qingyuan.web.ledgers.listing import PER_PAGE, Asked, asked_of, in_words, pages_of
from qingyuan.web.ledgers.sealed import sealed_list
from qingyuan.web.name_words import too_many
from qingyuan.web.reads import log_read

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: WebRequest) -> HttpResponse:
    on = clock.today()
    opened, closed = presenters.cards(registry.all_ledgers(), request.actor, on)
    context = {
        "opened": opened,
        "shelves": presenters.shelves(opened),
        "closed": closed,
        "may_import": any(card.may_create and card.ledger.importable for card in opened),
        "batches": batch_presenters.lines(recent(request.actor, on)[:8]),
        "waiting": len([b for b in waiting_for(request.actor, on) if b.state == "checked"]),
    }
    return render(request, "ledgers/index.html", context)


@require_safe
def ledger_list(request: WebRequest, code: str) -> HttpResponse:
    """The list, or after a filter only its ``#results``: the same partial either way."""
    ledger, on = ledger_named(code), clock.today()
    asked = asked_of(request, ledger)
    if asked.behind is None and not may_any(request.actor, ledger, Action.READ, on):
        raise Forbidden(what=said(ledger.title), whose=keepers(ledger), how=how_to_ask(ledger))
    if ledger.sealed:
        return sealed_list(request, ledger, asked)
    context = _list_context(request, ledger, asked)
    # A search is written down whether it finds somebody or not: also nobody is an answer about a person.
    if ledger.leaves_trace and (context["shown_ids"] or asked.wanted.search):
        act = "drill" if asked.behind else "search" if asked.wanted.search else "list"
        log_read(request, act, ledger.code, context["shown_ids"], query=asked.wanted.search)
    fragment = request.htmx and request.htmx.target == "results"
    return render(request, "ledgers/_results.html" if fragment else "ledgers/list.html", context)


def _list_context(request: WebRequest, ledger: Ledger, asked: Asked) -> dict[str, Any]:
    on, actor = clock.today(), request.actor
    here = reverse("web:ledger-list", args=(ledger.code,))
    refused: shapes.Empty | None = None
    try:
        rows, looked = asked.back(request, on)
    except TooManyNames:
        rows, looked, refused = ledger.model.objects.none(), None, too_many(here)
    joined = f"{here}?{asked.query}&" if asked.query else f"{here}?"
    shown, found = queries.page(
        ledger, rows, _number(request), PER_PAGE, exact=asked.exact, narrowed=bool(asked.wanted.codes)
    )
    pages = pages_of(found, joined, asked)
    may_create = may_any(actor, ledger, Action.CREATE, on)
    empty = refused or presenters.empty_list(ledger, asked.form.is_narrowed, may_create, here)
    context: dict[str, Any] = {
        "ledger": ledger,
        "basis": statutes.describe(ledger.legal_basis),
        "form": asked.form,
        "here": here,
        "query": asked.query,
        "narrowed": asked.form.is_narrowed,
        "behind": asked.behind,
        "batch": asked.wanted.batch_id,
        "table": presenters.table(
            ledger,
            shown,
            actor,
            sort=asked.wanted.sort,
            href=_without_sort(joined, asked),
            empty=empty,
            asked=asked.wanted.search,
        ),
        "pages": pages,
        "looked": in_words(looked, joined, asked) if looked is not None else None,
        "shown_ids": [row.pk for row in shown],
        "may_create": may_create,
        "may_export": may_any(actor, ledger, Action.EXPORT, on),
        "may_read": may_any(actor, ledger, Action.READ, on),
    }
    if context["may_export"]:
        context["layouts"] = layouts_for(ledger.code, actor.unit_id, on)
    if asked.wanted.ids is not None:
        _mine, others = queries.behind(ledger, actor, on, list(asked.wanted.ids))
        context["elsewhere"] = behind.elsewhere(
            others,
            unit_label=said(ledger.unit_label),
            people=bool(ledger.facts and ledger.facts.people),
            why=_("明细只对保管单位开放"),
            mine=pages.total,
        )
    return context


def _without_sort(joined: str, asked: Asked) -> str:
    sort = asked.wanted.sort
    return joined.replace(f"sort={sort}&", "") if sort else joined


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_safe
def export(request: WebRequest, code: str) -> HttpResponse:
    """Exactly the rows, columns, masks and order of the list, as a workbook. Errors: as the list; 400 when too many."""
    ledger, on = readable(request, code), clock.today()
    if not may_any(request.actor, ledger, Action.EXPORT, on):
        raise Forbidden(
            what=_("导出%(ledger)s") % {"ledger": said(ledger.title)}, whose=keepers(ledger), how=how_to_ask(ledger)
        )
    asked = in_chinese(asked_of)(request, ledger)
    rows = list(asked.rows(request, on, Action.EXPORT))
    log_read(request, "export", ledger.code, [row.pk for row in rows], query=asked.wanted.search)
    try:
        content = exports.rows_workbook(ledger, rows, reader=request.actor, about=asked.about)
    except TooManyRows:
        raise Forbidden(
            what=_("一次导出超过一百万行"), whose=_("您自己"), how=_("请按时期或区划缩小范围,分几次导出。")
        ) from None
    return workbook_response(content, f"{ledger.title} {asked.about}.xlsx")


@require_safe
def template(request: WebRequest, code: str) -> HttpResponse:
    ledger = readable(request, code)
    content = exports.template_workbook(ledger, for_actor=request.actor, on=clock.today())
    return workbook_response(content, _template_name(ledger))


@in_chinese
def _template_name(ledger: Ledger) -> str:
    return _("%(ledger)s 模板.xlsx") % {"ledger": ledger.title}


def workbook_response(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response
