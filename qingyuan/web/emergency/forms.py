"""Whom one asks for, why and by which article; and what the second person says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import in_english
from qingyuan.journeys.emergency import Wanted
from qingyuan.organisation.actions.emergency import ARTICLES
from qingyuan.organisation.enums import EmergencyVerdict
from qingyuan.reference import statutes


def _in_words(article: statutes.Citation) -> str:
    """The article and, for those who read Chinese, what it says; the summaries are Chinese as the law is."""
    return article.said if in_english() else f"{article.label} {article.text_short}"


class OpenForm(forms.Form):
    """A whole number, or a whole name with the birth date; never a part of one."""

    number = forms.CharField(
        label=gettext_lazy("身份证号"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("写全 18 位;不知道号码的,写下面的姓名和出生日期"),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    born = forms.DateField(
        label=gettext_lazy("出生日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("请写成 1991-01-01。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("事由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("发生了什么、为什么不能等对方单位上班;会给复核人看,不写姓名和号码"),
        error_messages={"required": gettext_lazy("请写事由。")},
    )
    article = forms.ChoiceField(
        label=gettext_lazy("依据条款"), error_messages={"required": gettext_lazy("请选依据的条款。")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.fields["article"]
        assert isinstance(article, forms.ChoiceField)
        cited = [statutes.cite(key) for key in ARTICLES]
        article.choices = [("", _("请选择")), *((one.key, _in_words(one)) for one in cited)]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.cleaned_data["number"], self.cleaned_data["name"], self.cleaned_data["born"])


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("意见"),
        choices=EmergencyVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选意见。")},
    )
    remark = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("看了哪些查阅、是否必要;有异议的写明哪里不妥"),
        error_messages={"required": gettext_lazy("请写复核说明。")},
    )
