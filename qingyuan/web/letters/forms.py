from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import clock
from qingyuan.web.uploads import SCANS, CheckedFile

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SignedPageForm(forms.Form):
    """The scan that came back, the day it was signed, and the printed code where the square code cannot be read."""

    scan = CheckedFile(
        kinds=SCANS,
        most=20,
        label=_("签字页扫描件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={
            "required": _("请选择签字页的扫描件。"),
            "empty": _("这个文件是空的,请重新扫描。"),
        },
    )
    signed_on = forms.DateField(label=_("签订日期"), widget=DAY, error_messages={"required": _("请填签订日期。")})
    typed_code = forms.CharField(
        label=_("核验码"),
        required=False,
        max_length=40,
        help_text=_("读不到二维码时,照纸上录入 16 位核验码(四组,每组四位)"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "XXXX-XXXX-XXXX-XXXX"}
        ),
    )


class IssueForm(forms.Form):
    """What all letters of one round share."""

    on = forms.DateField(label=_("成文日期"), widget=DAY, error_messages={"required": _("请填成文日期。")})
    head = forms.CharField(
        label=_("机关代字"), required=False, max_length=20, help_text=_("不填则按地名首字,如“云禁责”")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=200, error_messages={"required": _("请写明理由,理由随记录保存。")}
    )


class GiveForm(forms.Form):
    """A number given by hand for one input of the sheet."""

    key = forms.CharField(max_length=80)
    value = forms.DecimalField(
        label=_("数值"),
        max_digits=12,
        decimal_places=4,
        min_value=0,
        error_messages={"required": _("请填数值。"), "invalid": _("要填数字。")},
    )
    reason = forms.CharField(
        label=_("理由和依据"), max_length=300, error_messages={"required": _("请写明理由和依据。")}
    )
    holds_from = forms.DateField(label=_("认定日期"), required=False, widget=DAY)
