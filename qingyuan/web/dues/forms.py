from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ExcuseForm(forms.Form):
    """Which reason it was stays out of here: only that a paper was seen, and by whom."""

    paper_seen_by = forms.CharField(
        label=_("凭证由谁查看"),
        max_length=40,
        help_text=_("写查看凭证的工作人员姓名。具体是什么原因不记在这里。"),
        error_messages={"required": _("请写明凭证由谁查看。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, error_messages={"required": _("请写明原因。")})
