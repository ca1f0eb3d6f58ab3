"""The structured form of a gate: the receiver and the fields it lists, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.actions.gates import LONGEST
from qingyuan.casework.gates.table import Field, Gate
from qingyuan.organisation.models import Unit


class GateForm(forms.Form):
    to_unit = forms.ChoiceField(label=gettext_lazy("送给"), error_messages={"required": gettext_lazy("请选接收单位。")})

    def __init__(self, *args: Any, gate: Gate, units: Sequence[Unit], typed: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate, self.units = gate, {str(unit.pk): unit for unit in units}
        receiver = self.fields["to_unit"]
        assert isinstance(receiver, forms.ChoiceField)
        receiver.choices = [("", _("请选择")), *((pk, unit.name) for pk, unit in self.units.items())]
        for one in typed:
            self.fields[one.name] = _field(one)

    @property
    def typed(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "to_unit"}


def _field(one: Field) -> forms.Field:
    said = {"required": _("请填写:通道列明的每一项都要有。")}
    label: Any = one.header
    if one.choices:
        return forms.ChoiceField(label=label, choices=[("", _("请选择")), *one.choices], error_messages=said)
    if one.day:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, widget=widget, error_messages=said)
    if one.long:
        text = _("只写这件事本身;不写治疗、检测结果、家庭和谈话内容")
        return forms.CharField(
            label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), help_text=text, error_messages=said
        )
    return forms.CharField(label=label, max_length=80, error_messages=said)
