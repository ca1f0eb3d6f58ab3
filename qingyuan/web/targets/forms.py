from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.words import said
from qingyuan.governance.actions.targets import METHOD_WORDS, Proposal
from qingyuan.governance.enums import Measure
from qingyuan.governance.targets_rules import Method
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import InputInfo
from qingyuan.indicators.definition import VALUE


def _words(info: InputInfo) -> str:
    """「R05.missing 应检尽检率·缺检(人次)」"""
    indicator = catalogue.get(info.indicator)
    titles = [indicator.title, *([indicator.term(info.part).title] if info.part != VALUE else [])]
    return f"{info.name.partition(':')[2]} {'·'.join(map(said, titles))}({said(info.unit)})"


class ProposeForm(forms.Form):
    """What to decompose and how."""

    indicator = forms.ChoiceField(label=_("指标"))
    total = forms.DecimalField(
        label=_("全市目标"),
        max_digits=16,
        decimal_places=4,
        min_value=0,
        error_messages={"required": _("请填全市目标。"), "invalid": _("要填数字。")},
    )
    measure = forms.ChoiceField(label=_("口径"), choices=Measure.choices)
    method = forms.ChoiceField(
        label=_("分解方法"),
        choices=[],
        required=False,
        help_text=_("比率不分解:各乡镇同一比率,按上年分母加权核对"),
    )
    growth = forms.DecimalField(
        label=_("增幅(%)"), required=False, max_digits=6, decimal_places=2, help_text=_("按上年基数分解时用")
    )
    lot = forms.DecimalField(label=_("最小单位"), required=False, initial=1, min_value=Decimal("0.0001"))
    source = forms.CharField(label=_("数据来源"), max_length=60, required=False)
    due = forms.DateField(
        label=_("完成时限"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        known = sorted(catalogue.known_inputs().values(), key=lambda info: info.name)
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.choices = [(method.value, said(words)) for method, words in METHOD_WORDS.items()]
        field.choices = [(info.name.partition(":")[2], _words(info)) for info in known]

    def proposal(self) -> Proposal:
        data = self.cleaned_data
        return Proposal(
            indicator=data["indicator"],
            total=data["total"],
            measure=Measure(data["measure"]),
            method=Method(data["method"] or Method.EQUAL.value),
            lot=data["lot"] or Decimal(1),
            growth=(data["growth"] or Decimal(0)) / 100,
            source=data["source"].strip(),
            due=data["due"].isoformat() if data["due"] else "",
        )


class AdjustForm(forms.Form):
    agreed = forms.DecimalField(
        label=_("商定数"),
        max_digits=16,
        decimal_places=4,
        min_value=0,
        error_messages={"required": _("请填商定数。"), "invalid": _("要填数字。")},
    )
    reason = forms.CharField(label=_("理由"), max_length=200, error_messages={"required": _("调整要写明理由。")})


class PublishForm(forms.Form):
    gap_owner = forms.CharField(label=_("缺口由谁承担"), max_length=60, required=False)
    gap_reason = forms.CharField(label=_("缺口理由"), max_length=200, required=False)
