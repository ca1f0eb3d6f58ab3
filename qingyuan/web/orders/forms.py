"""What is filled in: a draft, and for each step what its procedure asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.governance.rules.orders import TEXTS
from qingyuan.organisation.models import Unit
from qingyuan.web.step_forms import DAY, StepForm

__all__ = ["DraftForm", "StepForm"]


class OneOfMany(forms.RadioSelect):
    """One choice where the field takes a list: an order that is there has one receiver."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        chosen = data.get(name)
        return [chosen] if chosen else []


class DraftForm(forms.Form):
    subject = forms.CharField(
        label=_("督办事项"),
        max_length=TEXTS["subject"],
        help_text=_("一事一单;印在通知标题里,不写人名"),
        error_messages={"required": _("请填督办事项。")},
    )
    basis = forms.CharField(
        label=_("督办依据"),
        max_length=TEXTS["basis"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("数字、报表、批示、任务,或一句话说清楚从哪里来"),
        error_messages={"required": _("请填督办依据。")},
    )
    asked = forms.CharField(
        label=_("办理要求"),
        max_length=TEXTS["asked"],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一条:做什么、做到什么程度"),
        error_messages={"required": _("请填办理要求。")},
    )
    units = forms.TypedMultipleChoiceField(
        label=_("承办单位"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选几个单位就起草几份,一单位一份"),
        error_messages={"required": _("请至少选一个承办单位。")},
    )
    due_on = forms.DateField(label=_("办理期限"), widget=DAY, error_messages={"required": _("请填办理期限。")})
    contact = forms.CharField(
        label=_("联系人"), max_length=TEXTS["contact"], required=False, help_text=_("姓名和办公电话,印在通知的附注里")
    )
    word = forms.CharField(
        label=_("机关代字"), max_length=TEXTS["word"], required=False, help_text=_("签发时按“代字〔年〕号”连续编号")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], one_unit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.ChoiceField)
        if one_unit:
            field.widget = OneOfMany()
            field.help_text = ""
        field.choices = [(unit.pk, unit.label) for unit in units]
