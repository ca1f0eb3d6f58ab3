"""The bench: the form as it looks, one cell chosen, and beside it what that cell is to be filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.documents.blank import BlankForm
from qingyuan.foundation import clock
from qingyuan.foundation.office_package import PackageRefused
from qingyuan.organisation.models import Division
from qingyuan.situation.actions import forms as actions
from qingyuan.situation.enums import Fixed, PeriodRule
from qingyuan.situation.models import ForeignForm, FormLayout
from qingyuan.situation.permissions import NotAllowed, may_change_form
from qingyuan.situation.queries import forms as reads
from qingyuan.situation.rules.forms import Binding, ColumnFound
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.foreign_forms import presenters
from qingyuan.web.foreign_forms.access import form_named, refused
from qingyuan.web.foreign_forms.forms import ACCEPT, CELL, COLUMN, FigureForm, RevisionForm, WordsForm

REFUSED = 422
LEFT_SHOWN = 4


@dataclass
class _Bench:
    """What the page stands on while one request is answered."""

    request: WebRequest
    shown: ForeignForm
    layout: FormLayout
    blank: BlankForm
    places: list[Division]
    address: str

    @property
    def path(self) -> str:
        return reverse("web:foreign-form-bind", args=[self.shown.pk])

    @property
    def here(self) -> str:
        """The page with this cell chosen, standing at it."""
        return f"{self.path}?cell={quote(self.address)}#{presenters.anchor(self.address)}"


@require_http_methods(["GET", "HEAD", "POST"])
def bench(request: WebRequest, form_id: UUID) -> HttpResponse:
    """``cell``: the address chosen. POST binds it (or its column), or takes the binding away. Errors: Http404, Forbidden."""
    shown = form_named(request.actor, form_id)
    layout = shown.layouts.select_related("blank", "form__unit__division").order_by("-version").first()
    if layout is None:
        raise Forbidden(what=shown.title)
    try:
        blank = reads.blank_of(layout)
    except (reads.FileDamaged, PackageRefused) as error:
        raise Forbidden(what=shown.title, how=str(error)) from error
    given = request.POST if request.method == "POST" else request.GET
    here = _Bench(request, shown, layout, blank, reads.choosable(shown.unit, clock.today()), given.get("cell", "")[:40])
    if request.method != "POST":
        return _page(here)
    try:
        return _bound(here)
    except NotAllowed as refusal:
        raise refused(_("绑定这张来表"), refusal) from refusal


def _page(
    here: _Bench, figure: FigureForm | None = None, words: WordsForm | None = None, error: str = ""
) -> HttpResponse:
    bound = here.layout.bound
    binding = bound.get(here.address)
    changes = may_change_form(here.request.actor, here.shown, clock.today()).allowed
    wrong = bool(error or (figure and figure.errors) or (words and words.errors))
    context = {
        "shown": here.shown,
        "layout": here.layout,
        "may_bind": changes and here.layout.is_draft and here.shown.retired_on is None,
        "changes": changes and here.shown.retired_on is None,
        "blocks": presenters.blocks(here.blank, bound, here.places, here.address, path=here.path),
        "chosen": presenters.chosen(here.blank, bound, here.places, here.address),
        "figure": figure or _figure_form(here, binding),
        "words": words or WordsForm(initial={"fixed": binding.fixed or Fixed.UNIT, "words": binding.words} if binding else None),
        "is_words": bool(words is not None or (binding and binding.fixed)),
        "error": error,
        "count": len(bound),
        "accept": ACCEPT,
    }
    return render(here.request, "foreign_forms/bench.html", context, status=REFUSED if wrong else 200)


def _figure_form(here: _Bench, binding: Binding | None) -> FigureForm:
    """What the address asks for (another indicator was picked), else what the cell is bound to, else the usual."""
    cell = here.blank.cells.get(here.address)
    heading = cell is not None and bool(cell.text) and cell.colspan == 1 and here.address.split("!")[0].isdigit()
    initial: dict[str, Any] = {"part": "value", "rule": PeriodRule.MONTH, "scope": COLUMN if heading and not binding else CELL}
    if binding is not None and not binding.fixed:
        initial |= {
            "indicator": binding.indicator,
            "part": binding.part,
            "rule": binding.rule,
            "period": binding.period,
            "place": binding.place,
        }
    asked = here.request.GET
    initial |= {name: asked[name] for name in ("indicator", "part", "rule", "period", "place", "scope") if name in asked}
    return FigureForm(initial=initial, places=here.places, on=clock.today())


def _bound(here: _Bench) -> HttpResponse:
    what, by = here.request.POST.get("what", ""), here.request.actor
    try:
        if what == "clear":
            actions.unbind(layout=here.layout, addresses=[here.address], by=by)
            messages.success(here.request, _("已解除绑定。"))
        elif what == "words":
            form = WordsForm(here.request.POST)
            if not form.is_valid():
                return _page(here, words=form)
            asked = form.cleaned_data
            made = Binding(here.address, fixed=asked["fixed"], words=asked["words"] if asked["fixed"] == Fixed.WORDS else "")
            actions.bind(layout=here.layout, binding=made, by=by)
            messages.success(here.request, _("已绑定。"))
        else:
            figure = FigureForm(here.request.POST, places=here.places, on=clock.today())
            if not figure.is_valid():
                return _page(here, figure=figure)
            _bind_figure(here, figure)
    except actions.FormRefused as refusal:
        here.layout.refresh_from_db()
        typed = FigureForm(here.request.POST, places=here.places, on=clock.today()) if what == "figure" else None
        return _page(here, figure=typed, error=str(refusal))
    return redirect(here.here)


def _bind_figure(here: _Bench, figure: FigureForm) -> None:
    binding = figure.binding(here.address)
    if figure.cleaned_data["scope"] == CELL:
        actions.bind(layout=here.layout, binding=binding, by=here.request.actor)
        messages.success(here.request, _("已绑定。"))
        return
    found = actions.bind_column(layout=here.layout, binding=binding, by=here.request.actor)
    messages.success(here.request, _("已绑定 %(count)d 行。") % {"count": len(found.bound)})
    if found.left:
        messages.warning(here.request, _left_words(found))


def _left_words(found: ColumnFound) -> str:
    shown = [f"{label}:{why}" for label, why in found.left[:LEFT_SHOWN]]
    more = _("等 %(count)d 行") % {"count": len(found.left)} if len(found.left) > LEFT_SHOWN else ""
    return _("没有绑定的行 — %(rows)s%(more)s") % {"rows": ";".join(shown), "more": more}


@require_POST
def save(request: WebRequest, form_id: UUID) -> HttpResponse:
    """The draft becomes a template. Errors: Http404, Forbidden."""
    shown = form_named(request.actor, form_id)
    layout = shown.layouts.select_related("form").latest("version")
    try:
        actions.save_template(layout=layout, by=request.actor)
    except actions.FormRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:foreign-form-bind", form_id=form_id)
    except NotAllowed as refusal:
        raise refused(_("存为模板"), refusal) from refusal
    messages.success(request, _("已存为模板第 %(version)d 版,现在可以填了。") % {"version": layout.version})
    return redirect("web:foreign-form", form_id=form_id)


@require_POST
def revise(request: WebRequest, form_id: UUID) -> HttpResponse:
    """A new version, over the same blank or a newer one. Errors: Http404, Forbidden."""
    shown = form_named(request.actor, form_id)
    form = RevisionForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return redirect("web:foreign-form", form_id=form_id)
    upload = form.cleaned_data["file"]
    try:
        received = actions.revise(
            form=shown,
            by=request.actor,
            file_name=upload.name if upload else "",
            data=upload.read() if upload else b"",
        )
    except actions.FormRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:foreign-form", form_id=form_id)
    except NotAllowed as refusal:
        raise refused(_("另起一版"), refusal) from refusal
    carried = received.carried
    if carried is not None and carried.dropped:
        lost = "、".join(one.label or one.address for one in carried.dropped[:LEFT_SHOWN])
        words = _("沿用 %(kept)d 格;新表里找不到原位置的 %(count)d 格要重新绑定:%(lost)s。")
        messages.warning(request, words % {"kept": len(carried.kept), "count": len(carried.dropped), "lost": lost})
    elif carried is not None:
        messages.success(request, _("沿用 %(kept)d 格,核对后存为模板。") % {"kept": len(carried.kept)})
    return redirect("web:foreign-form-bind", form_id=form_id)
