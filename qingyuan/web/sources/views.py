"""The sources of my unit, and one of them: its recipe, its words, its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import sources as keeping
from qingyuan.ledgers.importing.recipe import Recipe
from qingyuan.ledgers.importing.resolving import NotACode, learn
from qingyuan.ledgers.models import Source
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.web import mapping
from qingyuan.web.context import WebRequest
from qingyuan.web.sources import presenters
from qingyuan.web.sources.access import kept_ledgers, source_named
from qingyuan.web.sources.forms import SourceForm

REFUSED = 422


@require_safe
def sources(request: WebRequest) -> HttpResponse:
    kept_ledgers(request)
    on = clock.today()
    mine = keeping.sources_of(request.actor, on)
    return render(request, "sources/list.html", {"table": presenters.sources_table(mine, on), "count": len(mine)})


@require_safe
def source(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, ledger = source_named(request, source_id)
    return _page(request, found, ledger)


def _page(
    request: WebRequest,
    found: Source,
    ledger: Ledger,
    *,
    form: SourceForm | None = None,
    recipe: Recipe | None = None,
    problem: str = "",
) -> HttpResponse:
    on = clock.today()
    known = keeping.saved_recipe(found)
    shown = recipe or known
    table = None
    if shown is not None:
        labels, columns = presenters.labels_and_columns(shown)
        table = mapping.mapping_of(ledger, labels, columns, shown, on)
    started = {"title": found.title, "whole": "1" if found.whole else "", "every_months": str(found.every_months)}
    context: dict[str, Any] = {
        "source": found,
        "ledger": ledger,
        "form": form or SourceForm(initial=started),
        "table": table,
        "problem": problem,
        "words": presenters.words(found, ledger),
        "teachable": presenters.teachable(ledger, on),
        "files": presenters.files(found),
        "expected": presenters.expected(found, keeping.last_files([found]).get(found.pk), on),
    }
    refused = bool(problem) or bool(form and form.errors)
    return render(request, "sources/source.html", context, status=REFUSED if refused else 200)


@require_POST
def change(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, ledger = source_named(request, source_id)
    form = SourceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            keeping.change_source(
                source=found,
                title=data["title"],
                whole=bool(data["whole"]),
                every_months=int(data["every_months"]),
                by=request.actor,
            )
        except keeping.SourceRefused as error:
            form.add_error("title", str(error))
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:source", found.pk)
    found.refresh_from_db()
    return _page(request, found, ledger, form=form)


@require_POST
def recipe(request: WebRequest, source_id: UUID) -> HttpResponse:
    """Change which header is which column; the headers themselves come from the file that was remembered."""
    found, ledger = source_named(request, source_id)
    known = keeping.saved_recipe(found)
    if known is None:
        messages.error(request, _("这个来源还没有配方:请导入一个文件,对好栏目后点“记住这种表”。"))
        return redirect("web:source", found.pk)
    labels, _columns = presenters.labels_and_columns(known)
    wanted = mapping.recipe_from(request.POST, ledger, labels, known)
    try:
        keeping.change_recipe(source=found, recipe=wanted, by=request.actor)
    except (keeping.SourceRefused, UnreadableFile) as error:
        return _page(request, found, ledger, recipe=wanted, problem=str(error))
    messages.success(request, _("配方已改,下一个文件起按新的读;已入库的没有改动。"))
    return redirect("web:source", found.pk)


@require_POST
def teach(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, ledger = source_named(request, source_id)
    name, _colon, code = request.POST.get("meaning", "").partition(":")
    column = next((one for one in ledger.columns if one.name == name and one.code_list), None)
    text = request.POST.get("text", "")
    try:
        if column is None:
            raise NotACode(_("请选择这个词是哪一项。"))
        learn(code_list=column.code_list, text=text, code=code, by=request.actor, source=found, ledger=ledger.code)
    except NotACode as error:
        messages.error(request, str(error) if text.strip() else _("请写上表里的词。"))
    else:
        messages.success(request, _("记住了,只在这个来源的表里这样读。"))
    return redirect("web:source", found.pk)


@require_POST
def forget_word(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, _ledger = source_named(request, source_id)
    text = request.POST.get("word", "")
    try:
        if not text.isdigit() or len(text) > 18:
            raise keeping.SourceRefused(_("这个词已经忘记了。"))
        keeping.forget_word(source=found, word_id=int(text), by=request.actor)
    except keeping.SourceRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已忘记这个词。"))
    return redirect("web:source", found.pk)


@require_POST
def forget(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, _ledger = source_named(request, source_id)
    keeping.forget_recipe(source=found, by=request.actor)
    messages.success(request, _("配方和这个来源的词都已忘记;已入库的没有改动。"))
    return redirect("web:source", found.pk)


@require_POST
def retire(request: WebRequest, source_id: UUID) -> HttpResponse:
    found, _ledger = source_named(request, source_id)
    keeping.retire(source=found, by=request.actor)
    messages.success(request, _("这个来源已停用,不再等它的文件;已入库的没有改动。"))
    return redirect("web:sources")
