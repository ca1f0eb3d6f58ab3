"""A draft on the desk: the sheet with its groups and clauses, one form a page, what is wrong beside it, every edit kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.governance.actions import scheme_drafts as actions
from qingyuan.governance.actions.scheme_drafts import ARRANGED, DraftRefused, EditedMeanwhile
from qingyuan.governance.actions.schemes import SchemeRefused
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import SchemeDraft
from qingyuan.governance.permissions import NotAllowed, may_decide_draft, may_draft_scheme
from qingyuan.governance.queries.desk_drafts import writers_of
from qingyuan.governance.queries.scheme_drafts import content_of
from qingyuan.governance.scoring import clause_asks, drafting
from qingyuan.governance.scoring.drafting import Content
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.schemes import clauses, sources
from qingyuan.web.schemes.access import CONFLICT, REFUSED, draft_named, writer
from qingyuan.web.schemes.asked_form import Around, drawn, taken
from qingyuan.web.schemes.clause_data import sheet_data, sheet_form
from qingyuan.web.schemes.outline import outline_of
from qingyuan.web.schemes.problem_words import placed, refusal_said
from qingyuan.web.schemes.views import draft_line

NEW: Final = "new"


@require_safe
def draft(request: WebRequest, draft_id: UUID) -> HttpResponse:
    return _draft_page(request, draft_named(request.actor, draft_id))


def _draft_page(request: WebRequest, kept: SchemeDraft, refused: str = "", status: int = 200) -> HttpResponse:
    content, today, actor = content_of(kept), clock.today(), request.actor
    outline = outline_of(kept, content)
    writes = kept.state == DraftState.OPEN and may_draft_scheme(actor, kept.city_id, today).allowed
    decides = kept.state == DraftState.SUBMITTED and may_decide_draft(actor, kept.city_id, today).allowed
    context = {
        "line": draft_line(kept),
        "draft": kept,
        "outline": outline,
        "writes": writes,
        "decides": decides,
        "wrote_it": decides and actor.account_id in writers_of(kept),
        "edits": list(kept.revisions.all()[:6]),
        "refused": refused,
    }
    return render(request, "schemes/draft.html", context, status=status)


@dataclass(frozen=True)
class Saved:
    """What became of a save: where to go, or the page again with why not."""

    key: str = ""
    refusal: str = ""
    conflict: EditedMeanwhile | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def status(self) -> int:
        return CONFLICT if self.conflict else REFUSED if self.refusal or self.problems else 200


def _seen(request: WebRequest, kept: SchemeDraft) -> int:
    """The revision the writer had before him."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 8 else kept.revision


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: WebRequest, draft_id: UUID, place: str) -> HttpResponse:
    """One clause. POST do=save stores it, do=refresh draws the form anew, do=try answers only what stands beside it."""
    writer(request.actor)
    kept = draft_named(request.actor, draft_id)
    content = content_of(kept)
    key, group = ("", _group_for(request, content)) if place == NEW else (place, _clause_at(content, place)["group"])
    data = _clause_at(content, key)["data"] if key else clauses.new_clause(content, group)
    if request.method != "POST":
        return _clause_page(request, kept, content, key, group, data, Saved())
    data, group = clauses.read_clause_form(request.POST, data), _group_for(request, content, group)
    if request.POST.get("do") == "save":
        saved = _save_clause(request, kept, key, group, data)
        if not saved.status == 200:
            return _clause_page(request, kept, content, key, group, data, saved)
        messages.success(request, _said(content_of(SchemeDraft.objects.get(pk=kept.pk)), saved.key))
        return redirect("web:scheme-clause", draft_id=kept.pk, place=saved.key)
    return _clause_page(request, kept, content, key, group, data, Saved(), only_side=request.POST.get("do") == "try")


def _clause_at(content: Content, key: str) -> dict[str, Any]:
    """Errors: Http404."""
    if drafting.is_group(content, key):
        raise Http404
    try:
        return drafting.found(content, key)
    except KeyError as error:
        raise Http404 from error


def _group_for(request: WebRequest, content: Content, otherwise: str = "") -> str:
    """The group asked for. Errors: Http404."""
    asked = request.POST.get("group") or request.GET.get("group") or otherwise
    if asked != drafting.VETO and not drafting.is_group(content, asked):
        raise Http404
    return asked


def _save_clause(request: WebRequest, kept: SchemeDraft, key: str, group: str, data: Mapping[str, Any]) -> Saved:
    try:
        drafting.read_clause(data)
        made = actions.set_clause(
            draft=kept, seen=_seen(request, kept), key=key, group=group, data=data, by=request.actor
        )
    except SchemeUnreadable as error:
        return Saved(problems=tuple(error.problems))
    except EditedMeanwhile as error:
        return Saved(conflict=error)
    except DraftRefused as error:
        return Saved(refusal=str(error))
    return Saved(made)


def _said(content: Content, key: str) -> str:
    """Stored, and what is still to be put right."""
    side = clauses.side_of(content, key)
    count = len(side.problems) + bool(side.open_text)
    if count:
        return _("已存。本条还有 %(count)s 处要改,见右边。") % {"count": count}
    return _("已存,本条没有问题。")


def _clause_page(
    request: WebRequest,
    kept: SchemeDraft,
    content: Content,
    key: str,
    group: str,
    data: Mapping[str, Any],
    saved: Saved,
    *,
    only_side: bool = False,
) -> HttpResponse:
    shown, shown_key = drafting.with_clause(content, key, group, data)
    other = None
    if saved.conflict is not None:
        # What the other one stored, beside what this writer typed.
        other = clauses.side_of(content, key)
    context = {
        "draft": kept,
        "line": draft_line(kept),
        "key": key,
        "place": key or NEW,
        "group": group,
        "groups": _groups(content),
        "data": data,
        "side": clauses.side_of(shown, shown_key),
        "saved": saved,
        "refusal": str(saved.conflict or saved.refusal),
        "other": other,
        "stored": _clause_at(content, key)["data"] if saved.conflict else None,
        "seen": kept.revision if saved.conflict or request.method != "POST" else _seen(request, kept),
    }
    if only_side:
        return render(request, "schemes/_side.html", context)
    context |= {"sections": clauses.sections(data), "offered": sources.offered()}
    return render(request, "schemes/clause.html", context, status=saved.status)


def _groups(content: Content) -> list[tuple[str, str]]:
    shown = [(one["key"], f"{one['data'].get('id', '')} {one['data'].get('title', '')}") for one in content["groups"]]
    return [*shown, (drafting.VETO, _("否决清单"))]


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: WebRequest, draft_id: UUID) -> HttpResponse:
    """The sheet's own fields: title, dates, total, grades, what binds clauses together."""
    writer(request.actor)
    kept = draft_named(request.actor, draft_id)
    before = content_of(kept)[drafting.SHEET]
    form, saved = sheet_form(before), Saved()
    if request.method == "POST":
        form = taken(clause_asks.SHEET, request.POST, "", sources.ref_of)
        if request.POST.get("do") == "save":
            data = sheet_data(form, before)
            saved = _try(lambda: actions.set_sheet(draft=kept, seen=_seen(request, kept), data=data, by=request.actor))
            if saved.status == 200:
                messages.success(request, _("已存。"))
                return redirect("web:scheme-draft", draft_id=kept.pk)
    fields = drawn(clause_asks.SHEET, form, "", Around((), clauses.kinds_of_units(), sources.words_of))
    return _plain_page(request, kept, _("全文的规定"), fields, saved, reverse("web:scheme-sheet", args=(kept.pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: WebRequest, draft_id: UUID, place: str) -> HttpResponse:
    """A group's own fields."""
    writer(request.actor)
    kept = draft_named(request.actor, draft_id)
    content, key = content_of(kept), "" if place == NEW else place
    if key and not drafting.is_group(content, key):
        raise Http404
    form = drafting.found(content, key)["data"] if key else {"id": str(len(content["groups"]) + 1)}
    saved = Saved()
    if request.method == "POST":
        form = taken(clause_asks.GROUP, request.POST, "")
        if request.POST.get("do") == "save":
            saved = _try(
                lambda: actions.set_group(draft=kept, seen=_seen(request, kept), key=key, data=form, by=request.actor)
            )
            if saved.status == 200:
                messages.success(request, _("已存。"))
                return redirect("web:scheme-draft", draft_id=kept.pk)
    fields = drawn(clause_asks.GROUP, form, "", Around())
    title = _("第 %(id)s 组") % {"id": form.get("id", "")} if key else _("加一组")
    return _plain_page(request, kept, title, fields, saved, reverse("web:scheme-group", args=(kept.pk, place)))


def _try(act: Any) -> Saved:
    try:
        act()
    except SchemeUnreadable as error:
        return Saved(problems=tuple(error.problems))
    except EditedMeanwhile as error:
        return Saved(conflict=error)
    except DraftRefused as error:
        return Saved(refusal=str(error))
    return Saved()


def _plain_page(request: WebRequest, kept: SchemeDraft, title: str, fields: Any, saved: Saved, here: str) -> HttpResponse:
    context = {
        "draft": kept,
        "line": draft_line(kept),
        "title": title,
        "fields": fields,
        "here": here,
        "refusal": str(saved.conflict or saved.refusal),
        "problems": [placed(one) for one in saved.problems],
        "seen": kept.revision if saved.conflict or request.method != "POST" else _seen(request, kept),
    }
    return render(request, "schemes/plain.html", context, status=saved.status)


@require_POST
def arrange(request: WebRequest, draft_id: UUID) -> HttpResponse:
    """Move, remove or restore a group or clause. Errors: Http404 for a step that is none."""
    writer(request.actor)
    kept = draft_named(request.actor, draft_id)
    what = request.POST.get("step", "")
    if what not in ARRANGED:
        raise Http404
    saved = _try(
        lambda: actions.arrange(
            draft=kept, seen=_seen(request, kept), key=request.POST.get("key", "")[:12], step=what, by=request.actor
        )
    )
    if saved.status != 200:
        return _draft_page(request, draft_named(request.actor, draft_id), str(saved.conflict or saved.refusal), saved.status)
    return redirect(f"{reverse('web:scheme-draft', args=(kept.pk,))}#{request.POST.get('key', '')[:12]}")


@require_http_methods(["GET", "HEAD", "POST"])
def history(request: WebRequest, draft_id: UUID) -> HttpResponse:
    """Every edit with who and when; POST brings the sheet back to an earlier one, as a new edit."""
    kept = draft_named(request.actor, draft_id)
    refusal, status = "", 200
    if request.method == "POST":
        writer(request.actor)
        number = request.POST.get("number", "")
        saved = _try(
            lambda: actions.go_back(
                draft=kept,
                seen=_seen(request, kept),
                number=int(number) if number.isdecimal() and len(number) < 8 else 0,
                by=request.actor,
            )
        )
        if saved.status == 200:
            messages.success(request, _("已恢复;恢复前的样子还在记录里。"))
            return redirect("web:scheme-draft", draft_id=kept.pk)
        refusal, status = str(saved.conflict or saved.refusal), saved.status
        kept = draft_named(request.actor, draft_id)
    context = {
        "draft": kept,
        "line": draft_line(kept),
        "edits": list(kept.revisions.all()),
        "writes": kept.state == DraftState.OPEN and may_draft_scheme(request.actor, kept.city_id, clock.today()).allowed,
        "refusal": refusal,
    }
    return render(request, "schemes/history.html", context, status=status)


_STEPS: Final = {"submit", "return", "publish", "drop"}


@require_POST
def step(request: WebRequest, draft_id: UUID, move: str) -> HttpResponse:
    """Submit, return, publish or drop. Errors: Http404 for a step that is none, Forbidden."""
    kept = draft_named(request.actor, draft_id)
    if move not in _STEPS:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        if move == "publish":
            made = actions.publish(draft=kept, by=request.actor)
            messages.success(request, _("已发布为新的一版;已签的责任书仍按签订时的那一版。"))
            return redirect("web:scheme-published", scheme_id=made.pk)
        if move == "submit":
            actions.submit(draft=kept, by=request.actor)
        elif move == "return":
            actions.send_back(draft=kept, reason=reason, by=request.actor)
        else:
            actions.drop(draft=kept, reason=reason, by=request.actor)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理考核办法"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    except (DraftRefused, SchemeRefused, SchemeUnreadable) as refusal:
        return _draft_page(request, draft_named(request.actor, draft_id), refusal_said(refusal), REFUSED)
    return redirect("web:scheme-draft", draft_id=kept.pk)
