"""Proposing a target over member units: which of them bear it, by which weights."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.actions.targets import PlanRefused
from qingyuan.governance.actions.unit_targets import UnitProposal
from qingyuan.governance.actions.unit_targets import propose as propose_over_units
from qingyuan.governance.permissions import may_set_targets
from qingyuan.governance.queries.targets import member_units
from qingyuan.governance.targets_rules import METHOD_WORDS, UNIT_METHODS, BadShares, Method, TargetRefused
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.query import BadQuery
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.targets.forms import ProposeForm
from qingyuan.web.targets.views import REFUSED


class UnitProposeForm(ProposeForm):
    """As for towns, with a weight for each unit that bears a part; without floors and caps of its own."""

    measure = None  # type: ignore[assignment]  # a rate has no denominator by unit
    field_order = ("indicator", "total", "method", "growth", "lot", "floor", "cap", "source", "due")

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        self.fields["total"].required, self.fields["total"].help_text = True, ""
        self.fields["total"].error_messages["required"] = _("请填全市目标。")
        self.fields["growth"].help_text = _("只用于按上年商定数")
        self.fields["floor"].label, self.fields["cap"].label = _("各单位不少于"), _("各单位不多于")
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.choices = [(one.value, said(METHOD_WORDS[one])) for one in UNIT_METHODS]
        method.help_text = ""
        for unit in units:
            self.fields[f"bears_{unit.pk}"] = forms.BooleanField(label=unit.label, required=False)
            self.fields[f"weight_{unit.pk}"] = forms.DecimalField(
                label=_("%(unit)s的权重") % {"unit": unit.label},
                required=False,
                max_digits=10,
                decimal_places=2,
                min_value=0,
                error_messages={"invalid": gettext_lazy("要填数字。")},
            )

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or {}
        chosen = [unit for unit in self.units if data.get(f"bears_{unit.pk}")]
        if not chosen:
            self.add_error(None, _("请勾选至少一个承担的单位。"))
        if data.get("method") == Method.WEIGHTS:
            for unit in chosen:
                if data.get(f"weight_{unit.pk}") is None and f"weight_{unit.pk}" not in self.errors:
                    self.add_error(f"weight_{unit.pk}", _("按权重分,勾选的单位都要填权重。"))
        return data

    def bearers(self) -> list[tuple[Any, Any]]:
        """The two fields of each unit."""
        return [(self[f"bears_{unit.pk}"], self[f"weight_{unit.pk}"]) for unit in self.units]

    def proposal_over_units(self) -> UnitProposal:
        data = self.cleaned_data
        return UnitProposal(
            indicator=data["indicator"],
            total=data["total"],
            weights={
                unit.pk: data.get(f"weight_{unit.pk}") or Decimal(0) for unit in self.units if data[f"bears_{unit.pk}"]
            },
            method=Method(data["method"] or Method.EQUAL.value),
            lot=data["lot"] or Decimal(1),
            growth=(data["growth"] or Decimal(0)) / 100,
            floor=data["floor"],
            cap=data["cap"],
            source=data["source"].strip(),
            due=data["due"].isoformat() if data["due"] else "",
        )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: WebRequest) -> HttpResponse:
    """A new plan over the city's member units; what may not be a target is refused with the printed reason. Errors: Forbidden."""
    city, year = request.scope.division, request.scope.plan_year
    if not may_set_targets(request.actor, city.pk, clock.today()).allowed:
        raise Forbidden(what=_("下达指标"), whose=_("市禁毒办"), how=_("请联系市禁毒办综合科。"))
    form = UnitProposeForm(request.POST if request.method == "POST" else None, units=member_units(city.pk))
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_over_units(city=city, year=year, proposal=form.proposal_over_units(), by=request.actor)
        except TargetRefused as refusal:
            form.add_error("indicator", str(refusal))
        except (BadShares, PlanRefused, BadQuery, UnknownIndicator) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已按方法提出建议数,可以逐个单位商定。"))
            return redirect("web:target-plan", plan_id=made.pk)
    context = {"form": form, "year": year, "city": city}
    return render(request, "targets/propose_units.html", context, status=REFUSED if form.errors else 200)
