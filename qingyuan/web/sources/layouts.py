"""Export layouts: those that are shipped, and the unit's own, bound from the blank workbook of a system."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.layouts import keeping
from qingyuan.ledgers.layouts.choosing import layouts_of, of_own
from qingyuan.ledgers.layouts.layout import BadLayout, Layout
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.web.context import WebRequest
from qingyuan.web.sources import presenters
from qingyuan.web.sources.access import kept_ledgers, layout_named
from qingyuan.web.sources.forms import BlankForm

REFUSED = 422
ACCEPT = ".xlsx,.xls,.csv"
MOST_BYTES = 5 * 1024 * 1024


@require_http_methods(["GET", "POST"])
def layouts(request: WebRequest) -> HttpResponse:
    """All layouts of the ledgers one keeps; POST adds one from a blank workbook. The workbook itself is not kept."""
    ledgers, on = kept_ledgers(request), clock.today()
    form = BlankForm(request.POST, request.FILES, ledgers=ledgers) if request.method == "POST" else BlankForm(ledgers=ledgers)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = data["file"]
        try:
            if upload.size > MOST_BYTES:
                raise BadLayout(_("空表不会超过 5 MB:请上传没有填数据的空表。"))
            made = keeping.from_blank(
                registry.get(data["ledger"]),
                open_workbook(upload.read(), upload.name),
                title=data["title"],
                system=data["system"],
                row=data["row"],
            )
            stored = keeping.save(layout=made, by=request.actor)
        except (BadLayout, UnreadableFile) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("栏目已认出,请逐栏核对从台账的哪一栏取。"))
            return redirect("web:layout", stored.pk)
    found = layouts_of([ledger.code for ledger in ledgers], request.actor.unit_id, on)
    lines = [presenters.layout_line(one) for one in found]
    context = {
        "lines": lines,
        "form": form,
        "accept": ACCEPT,
        "file_error": str(next(iter(form.errors.get("file", [])), "")) if form.is_bound else "",
    }
    return render(request, "sources/layouts.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "POST"])
def layout(request: WebRequest, layout_id: UUID) -> HttpResponse:
    """One own layout: each header with the ledger's column it is filled from."""
    stored, ledger = layout_named(request, layout_id)
    shown = of_own(stored)
    problem = ""
    if request.method == "POST":
        columns = presenters.columns_from(request.POST, shown, ledger)
        wanted = replace(shown, title=request.POST.get("title", ""), columns=tuple(columns))
        try:
            keeping.save(layout=wanted, by=request.actor, stored=stored)
        except BadLayout as error:
            problem, shown = str(error), wanted
            stored.refresh_from_db()
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:layout", stored.pk)
    context = {
        "stored": stored,
        "ledger": ledger,
        "shown": shown,
        "bindings": presenters.bindings(_readable(shown, ledger), ledger),
        "columns": presenters.sources_of_layout(ledger),
        "problem": problem,
    }
    return render(request, "sources/layout.html", context, status=REFUSED if problem else 200)


def _readable(shown: Layout, ledger: Ledger) -> Layout:
    """The layout without columns that the ledger does not have: what was typed, or what an older version kept."""
    known = {name for name, _header in presenters.sources_of_layout(ledger)}
    columns = [one if one.source in known or not one.source else replace(one, source="") for one in shown.columns]
    return replace(shown, columns=tuple(columns))


@require_POST
def remove(request: WebRequest, layout_id: UUID) -> HttpResponse:
    stored, _ledger = layout_named(request, layout_id)
    keeping.remove(stored=stored, by=request.actor)
    messages.success(request, _("已删去这种格式。"))
    return redirect("web:layouts")
