"""Numbers given by hand: given with a reason, confirmed by a second person, taken back with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingyuan.governance.actions import manual as actions
from qingyuan.governance.models import Letter, ManualEntry
from qingyuan.governance.permissions import NotAllowed
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.letters.access import letter_named
from qingyuan.web.letters.clause_words import anchor_of
from qingyuan.web.letters.forms import GiveForm, ReasonForm


@require_POST
def give(request: WebRequest, letter_id: UUID) -> HttpResponse:
    letter = letter_named(request.actor, letter_id)
    form = GiveForm(request.POST)
    clause = request.POST.get("clause", "")[:20]
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return _back(letter, clause)
    data = form.cleaned_data
    return _taken(
        request,
        letter,
        clause,
        _("已记下,待第二人复核后计入得分。"),
        lambda: actions.enter(
            letter=letter,
            key=data["key"],
            value=data["value"],
            reason=data["reason"],
            by=request.actor,
            holds_from=data["holds_from"],
        ),
    )


@require_POST
def review(request: WebRequest, letter_id: UUID, entry_id: UUID) -> HttpResponse:
    letter = letter_named(request.actor, letter_id)
    entry = get_object_or_404(ManualEntry, pk=entry_id, letter=letter)
    words = _("已复核,计入得分。")
    return _taken(request, letter, entry.clause, words, lambda: actions.review(entry=entry, by=request.actor))


@require_POST
def withdraw(request: WebRequest, letter_id: UUID, entry_id: UUID) -> HttpResponse:
    letter = letter_named(request.actor, letter_id)
    entry = get_object_or_404(ManualEntry, pk=entry_id, letter=letter)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return _back(letter, entry.clause)
    reason = form.cleaned_data["reason"]
    words = _("已撤回,原评定保留可查。")
    return _taken(
        request, letter, entry.clause, words, lambda: actions.withdraw(entry=entry, reason=reason, by=request.actor)
    )


def _taken(request: WebRequest, letter: Letter, clause: str, words: str, step: Callable[[], Any]) -> HttpResponse:
    try:
        step()
    except actions.EntryRefused as refusal:
        messages.error(request, str(refusal))
    except NotAllowed as refusal:
        raise Forbidden(what=_("人工评定"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    else:
        messages.success(request, words)
    return _back(letter, clause)


def _back(letter: Letter, clause: str) -> HttpResponse:
    page = reverse("web:letter-score", args=[letter.pk])
    return redirect(f"{page}?open={clause}#{anchor_of(clause)}" if clause else page)
