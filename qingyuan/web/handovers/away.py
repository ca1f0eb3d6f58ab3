"""Who stands in for whom while somebody is away: the list, the form, the early end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.foundation import clock
from qingyuan.organisation import queries
from qingyuan.organisation.actions import substitutions as actions
from qingyuan.organisation.actions.substitutions import SubstitutionRefused
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Absence
from qingyuan.organisation.models import Account, Substitution
from qingyuan.organisation.permissions import may_end_substitution
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden

REFUSED = 422
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_WRONG_DAY = gettext_lazy("日期请写成 2022-11-01。")


class AwayForm(forms.Form):
    absent = forms.ChoiceField(label=gettext_lazy("谁离岗"), error_messages={"required": gettext_lazy("请选谁离岗。")})
    substitute = forms.ChoiceField(
        label=gettext_lazy("由谁代办"),
        help_text=gettext_lazy("同一个单位的同事"),
        error_messages={"required": gettext_lazy("请选由谁代办。")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("离岗情形"), choices=Absence.choices, help_text=gettext_lazy("只选一类,不写病情、家事")
    )
    start = forms.DateField(
        label=gettext_lazy("离岗第一天"),
        widget=_DAY,
        error_messages={"required": gettext_lazy("请填离岗第一天。"), "invalid": _WRONG_DAY},
    )
    end = forms.DateField(
        label=gettext_lazy("回岗日"),
        widget=_DAY,
        help_text=gettext_lazy("这一天起代办自动结束"),
        error_messages={"required": gettext_lazy("请填回岗日。"), "invalid": _WRONG_DAY},
    )

    def __init__(self, *args: Any, people: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        for name in ("absent", "substitute"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("请选择")), *((key, one.name) for key, one in self.people.items())]


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: WebRequest) -> HttpResponse:
    """Those not over yet, and the form for the own unit. Errors: Forbidden for an account without a role."""
    actor, on = request.actor, clock.today()
    if not actor.grants:
        raise Forbidden(what=_("离岗代办"), whose=_("有角色的账号"), how=_("请先由安全管理员授予角色。"))
    people = _people(actor)
    form = AwayForm(request.POST or None, people=people, initial={"start": on, "absent": str(actor.account_id)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.substitute(
                absent=form.people[given["absent"]],
                substitute=form.people[given["substitute"]],
                kind=Absence(given["kind"]),
                start=given["start"],
                end=given["end"],
                by=actor,
            )
        except SubstitutionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。到日子自动开始、自动结束。"))
            return redirect("web:handover-away")
    lines = [_line(actor, one) for one in queries.substitutions(actor, on)]
    context = {"form": form, "lines": lines, "any": len(people) > 1}
    return render(request, "handovers/away.html", context, status=REFUSED if form.errors else 200)


def _people(actor: Actor) -> list[Account]:
    """The accounts of the own unit that hold a role; only oneself can be absent unless one answers for the unit, which the
    action decides."""
    own = Account.objects.select_related("unit__division").get(pk=actor.account_id or 0)
    return sorted([own, *queries.colleagues_of(own, clock.today())], key=lambda one: (one.name, one.pk))


def _line(actor: Actor, one: Substitution) -> dict[str, Any]:
    return {"one": one, "now": one.start <= clock.today(), "may_end": may_end_substitution(actor, one).allowed}


@require_POST
def end(request: WebRequest, substitution_id: UUID) -> HttpResponse:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = queries.substitutions(request.actor, clock.today()).filter(pk=substitution_id).first()
    if found is None:
        raise Http404
    try:
        actions.end_early(substitution=found, by=request.actor)
    except SubstitutionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已结束,从今天起不再代办。"))
    return redirect("web:handover-away")


