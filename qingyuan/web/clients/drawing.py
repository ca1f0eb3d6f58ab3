"""Draws for surprise tests: the hash before the list, the list before the seed, and the sheet by which anybody draws again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation import drawing
from qingyuan.rehabilitation.actions import draws
from qingyuan.rehabilitation.models import TestDraw
from qingyuan.web.clients.views import LEDGER
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

SHOWN = 50


class BeginForm(forms.Form):
    test_on = forms.DateField(
        label=gettext_lazy("抽检日期"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("必填:请补上"), "invalid": gettext_lazy("日期写成 2022-11-23 的样子。")},
    )
    size = forms.IntegerField(
        label=gettext_lazy("抽取人数"),
        min_value=1,
        max_value=draws.MOST,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("必填:请补上"),
            "invalid": gettext_lazy("人数写整数。"),
            "min_value": gettext_lazy("至少抽 1 人。"),
            "max_value": gettext_lazy("一次最多抽 200 人。"),
        },
    )


def _require(request: WebRequest) -> None:
    if not may(request.actor, Action.READ, compartment=Compartment.COMMUNITY, on=clock.today()).allowed:
        raise Forbidden(
            what=_("随机抽检"),
            whose=_("执行地乡镇(街道)的社工、禁毒专干"),
            how=_("要复算一次抽检,请出具单位提供“核对单”,用 qingyuan draw check 核对。"),
        )


def _draw(request: WebRequest, draw_id: UUID) -> TestDraw:
    _require(request)
    made = drawing.draws_visible(request.actor, clock.today()).filter(pk=draw_id).first()
    if made is None:
        raise Http404
    return made


@require_safe
def listing(request: WebRequest) -> HttpResponse:
    _require(request)
    return _listing(request, BeginForm(auto_id="begin_%s"))


def _listing(request: WebRequest, form: BeginForm) -> HttpResponse:
    on = clock.today()
    context = {
        "draws": [(one, *_state(one)) for one in drawing.draws_visible(request.actor, on)[:SHOWN]],
        "may_draw": drawing.may_draw(request.actor, on),
        "form": form,
    }
    return render(request, "clients/draws.html", context, status=422 if form.errors else 200)


def _state(made: TestDraw) -> tuple[str, str]:
    if made.revealed_at:
        return _("已公布种子"), "good"
    return (_("名单已锁定"), "soon") if made.frozen_at else (_("已公布校验值"), "grey")


@require_POST
def begin(request: WebRequest) -> HttpResponse:
    _require_drawing(request)
    form = BeginForm(request.POST, auto_id="begin_%s")
    if not form.is_valid():
        return _listing(request, form)
    try:
        unit = Unit.objects.get(pk=request.actor.unit_id or 0)
        made = draws.begin(unit=unit, by=request.actor, **form.cleaned_data)
    except draws.CannotDraw as error:
        form.add_error(None, str(error))
        return _listing(request, form)
    messages.success(request, _("种子的校验值已经公布。现在可以锁定名单。"))
    return redirect("web:person-draw", made.pk)


def _require_drawing(request: WebRequest) -> None:
    _require(request)
    if not drawing.may_draw(request.actor, clock.today()):
        raise Forbidden(what=_("办理随机抽检"), whose=_("本乡镇(街道)的禁毒专干"), how=_("社工看结果、做检测,抽谁由专干按程序抽。"))


@require_POST
def step(request: WebRequest, draw_id: UUID, move: str) -> HttpResponse:
    _require_drawing(request)
    made = _draw(request, draw_id)
    taken = {"freeze": draws.freeze, "reveal": draws.reveal}.get(move)
    if taken is None:
        raise Http404
    try:
        taken(draw_id=made.pk, by=request.actor)
    except draws.CannotDraw as error:
        messages.error(request, str(error))
    return redirect("web:person-draw", made.pk)


@require_safe
def detail(request: WebRequest, draw_id: UUID) -> HttpResponse:
    made, on = _draw(request, draw_id), clock.today()
    people = drawing.own_drawn(made, request.actor, on)
    tested = drawing.tested_since(made, people)
    if people:
        log_read(request, "list", LEDGER, [client.pk for client in people])
    words, tone = _state(made)
    context: dict[str, Any] = {
        "made": made,
        "state": words,
        "tone": tone,
        "steps": _steps(made),
        "people": [(client, tested.get(client.pk)) for client in people],
        "others": len(made.drawn) - len(people),
        "may_draw": drawing.may_draw(request.actor, on),
        "ready": made.frozen_at is not None and on >= made.test_on,
        "sheet_href": reverse("web:person-draw-sheet", args=(made.pk,)),
    }
    return render(request, "clients/draw.html", context)


def _steps(made: TestDraw) -> list[tuple[str, str, str]]:
    """The three steps with when they were taken and what was published."""
    shown = made.seed if made.revealed_at else ""
    last = _moment(made.revealed_at) or _("%(day)s 当天办") % {"day": made.test_on.isoformat()}
    return [
        (_("公布种子的校验值"), _moment(made.committed_at), made.seed_hash),
        (_("锁定名单(%(count)s 人)") % {"count": len(made.frozen)} if made.frozen_at else _("锁定名单"), _moment(made.frozen_at), made.list_hash),
        (_("公布种子并抽取"), last, shown),
    ]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


@require_safe
def sheet(request: WebRequest, draw_id: UUID) -> HttpResponse:
    """The sheet as a file: opaque keys, no name."""
    made = _draw(request, draw_id)
    answer = JsonResponse(drawing.sheet(made), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{made.test_on.isoformat()}.json"'
    return answer
