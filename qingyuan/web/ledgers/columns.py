"""Putting right how a file is read: where its header is, and which header is which column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from qingyuan.foundation import clock
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import jobs, sources
from qingyuan.ledgers.importing.batches import wait_again
from qingyuan.ledgers.importing.receive import CannotImport, content_of
from qingyuan.ledgers.importing.recipe import Recipe, labels_of, slots_of
from qingyuan.ledgers.importing.recognising import header_by, pointed_at
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.reading.header import SEARCHED_ROWS, HeaderMatch
from qingyuan.ledgers.reading.open import Workbook, open_workbook
from qingyuan.ledgers.reading.parts import Turned
from qingyuan.ledgers.reading.text import is_blank, typed
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.web import mapping
from qingyuan.web.context import WebRequest
from qingyuan.web.ledgers import batch_presenters as present
from qingyuan.web.ledgers.access import batch_named
from qingyuan.web.reads import log_read

REFUSED = 422
SAMPLES = 2
PREVIEW_ROWS, PREVIEW_COLUMNS = 10, 8
_SMALL = range(1, 4)


@dataclass(frozen=True)
class Look:
    """Where one looks in the workbook. ``rows`` is set when a person pointed at the header."""

    sheet: str
    header: HeaderMatch | None
    rows: tuple[int, int] | None = None
    problem: str = ""


@require_http_methods(["GET", "POST"])
def columns(request: WebRequest, batch_id: UUID) -> HttpResponse:
    batch, ledger = batch_named(request, batch_id)
    if batch.state not in sources.CORRECTABLE:
        messages.error(request, _("这一批正在办理或者已经入库,不能再改读法。"))
        return redirect("web:import-batch", batch.pk)
    try:
        workbook = open_workbook(content_of(batch), batch.filename)
    except (CannotImport, UnreadableFile) as error:
        messages.error(request, str(error))
        return redirect("web:import-batch", batch.pk)
    base = Recipe.from_json(batch.reading["recipe"]) if batch.reading.get("recipe") else Recipe()
    asked = request.POST if request.method == "POST" else request.GET
    look = _look(asked, workbook, ledger, base)
    log_read(request, "list", ledger.code, [batch.pk], reason=gettext_noop("对栏目"))
    if request.method == "GET" or look.header is None:
        return _page(request, batch, ledger, workbook, look, base)
    place = Recipe(sheet=look.header.sheet, words=base.words)
    recipe = mapping.recipe_from(request.POST, ledger, labels_of(look.header), place, rows=look.rows)
    try:
        sources.correct(batch=batch, recipe=recipe, by=request.actor)
    except (sources.SourceRefused, UnreadableFile) as error:
        return _page(request, batch, ledger, workbook, look, recipe, problem=str(error))
    if wait_again(batch=batch):
        jobs.ask_for_check(batch.pk)
    messages.success(request, _("已按对好的栏目重新核对。"))
    return redirect("web:import-batch", batch.pk)


def _look(asked: Any, workbook: Workbook, ledger: Ledger, base: Recipe) -> Look:
    """What the address asks to look at: a sheet and a row that are there, else what is recognised."""
    names = [sheet.name for sheet in workbook.sheets]
    sheet, row, levels = asked.get("sheet", ""), _number(asked.get("row", "")), _number(asked.get("levels", "")) or 1
    sheet = sheet if sheet in names else ""
    try:
        if row is not None:
            chosen = workbook.sheet(sheet or _first(workbook))
            rows = (row, row + levels - 1)
            return Look(chosen.name, pointed_at(chosen, rows, ledger.columns), rows)
        recipe = Recipe(sheet=sheet, columns=base.columns, defaults=base.defaults) if sheet else base
        if recipe.sheet not in names:  # last month's sheet had another name
            recipe = replace(recipe, sheet="")
        header = header_by(recipe, workbook, ledger.columns)
        return Look(header.sheet if header else sheet or _first(workbook), header, recipe.rows)
    except UnreadableFile as error:
        return Look(sheet or _first(workbook), None, problem=str(error))


def _first(workbook: Workbook) -> str:
    return next((sheet.name for sheet in workbook.sheets if not sheet.hidden), workbook.sheets[0].name)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 4 else None


def _page(
    request: WebRequest,
    batch: ImportBatch,
    ledger: Ledger,
    workbook: Workbook,
    look: Look,
    recipe: Recipe,
    *,
    problem: str = "",
) -> HttpResponse:
    problem = problem or look.problem
    context: dict[str, Any] = {
        "batch": batch,
        "ledger": ledger,
        "steps": present.steps(2),
        "sheets": [sheet.name for sheet in workbook.sheets if not sheet.hidden] or [look.sheet],
        "look": look,
        "row": look.rows[0] if look.rows else look.header.header_rows[0] if look.header else "",
        "levels": look.rows[1] - look.rows[0] + 1 if look.rows else len(look.header.header_rows) if look.header else 1,
        "small": _SMALL,
        "problem": problem,
        "table": None,
        "preview": [],
    }
    if look.header is not None:
        labels = labels_of(look.header)
        slotted = slots_of(labels)
        chosen = {
            index: recipe.columns[slot] if slot in recipe.columns else look.header.columns.get(index, "")
            for index, slot in enumerate(slotted)
            if slot
        }
        units = Recipe(units={**look.header.units, **recipe.units}, defaults=recipe.defaults)
        samples = _samples(workbook, look.header)
        context["table"] = mapping.mapping_of(ledger, labels, chosen, units, clock.today(), samples)
    else:
        context["preview"] = _preview(workbook, look.sheet)
    return render(request, "ledgers/columns.html", context, status=REFUSED if problem else 200)


def _samples(workbook: Workbook, header: HeaderMatch) -> dict[int, list[str]]:
    """The first cells below each header, for telling what a column is."""
    found: dict[int, list[str]] = {}
    sheet = workbook.sheet(header.sheet)
    seen = Turned(sheet) if header.turned else sheet
    for row in seen.head(SEARCHED_ROWS)[header.data_start - 1 :]:
        for index, cell in enumerate(row):
            if not is_blank(cell) and len(found.setdefault(index, [])) < SAMPLES:
                found[index].append(typed(cell))
    return found


def _preview(workbook: Workbook, sheet: str) -> list[tuple[int, list[str]]]:
    """The first rows of a sheet in which no header was found, numbered as Excel numbers them."""
    rows = workbook.sheet(sheet).head(PREVIEW_ROWS)
    return [
        (number, [mapping.hidden(typed(cell)) for cell in row[:PREVIEW_COLUMNS]]) for number, row in enumerate(rows, start=1)
    ]
