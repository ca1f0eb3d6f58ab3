from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.actions.dues import FINDINGS
from qingyuan.reference.catalogue import get_list


class ExcuseForm(forms.Form):
    """Which reason it was stays out of here: only that a paper was seen, and by whom."""

    paper_seen_by = forms.CharField(
        label=_("凭证由谁查看"),
        max_length=40,
        help_text=_("写查看凭证的工作人员姓名。具体是什么原因不记在这里。"),
        error_messages={"required": _("请写明凭证由谁查看。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FoundForm(forms.Form):
    """What came of a missed window, from the list; no free words, so that none of them can say where somebody was."""

    found = forms.ChoiceField(label=_("查明的情况"), error_messages={"required": _("请选查明的情况。"), "invalid_choice": _("请选查明的情况。")})

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, kinds = self.fields["found"], get_list(FINDINGS)
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *kinds.choices(on)]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, error_messages={"required": _("请写明原因。")})
