from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

ALL: Final = "all"


class PeopleFilter(forms.Form):
    q = forms.CharField(
        label=_("姓名、姓或拼音,或 18 位身份证号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    show = forms.ChoiceField(
        label=_("哪些人"), required=False, choices=[("", _("正在执行的")), (ALL, _("全部(含已结束)"))]
    )
