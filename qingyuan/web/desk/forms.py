"""What is typed at the desk. What is wrong with a request as a whole is said by the action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qingyuan.casework.actions.data_requests import LONGEST, About
from qingyuan.casework.desk import table
from qingyuan.casework.enums import Asked, AskedBy, Asker, HandedOver

_CAME = [(one.value, one.label) for one in (AskedBy.IN_PERSON, AskedBy.LETTER)]
_NEED = {"required": gettext_lazy("请填写这一项。")}
_DAY = {"required": gettext_lazy("请填日期。"), "invalid": gettext_lazy("请写成 2022-01-01。")}


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages=_DAY)


def _seen(label: Any, *, required: bool) -> forms.MultipleChoiceField:
    said = {"required": gettext_lazy("请选看到了哪些原件。")}
    return forms.MultipleChoiceField(
        label=label, choices=list(table.PAPERS.items()), widget=forms.CheckboxSelectMultiple, required=required, error_messages=said
    )


def _words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST, required=required, widget=widget, help_text=help_text, error_messages=_NEED)


class ReceiveForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("请求什么"), choices=Asked.choices, error_messages=_NEED)
    asker = forms.ChoiceField(label=gettext_lazy("谁提出的"), choices=Asker.choices, error_messages=_NEED)
    came_by = forms.ChoiceField(label=gettext_lazy("怎样提出的"), choices=_CAME, error_messages=_NEED)
    received_on = _date(gettext_lazy("收到日期"))
    name = forms.CharField(label=gettext_lazy("关于谁:姓名"), max_length=40, error_messages=_NEED)
    id_number = forms.CharField(
        label=gettext_lazy("关于谁:身份证号"), max_length=24, error_messages=_NEED,
        help_text=gettext_lazy("写全 18 位;登记时不查任何台账,核对身份以后才查"),
    )  # fmt: skip
    asker_name = forms.CharField(
        label=gettext_lazy("提出人姓名"), max_length=40, required=False, help_text=gettext_lazy("监护人、受委托人、近亲属提出的填写")
    )
    contact = forms.CharField(label=gettext_lazy("联系方式、通信地址"), max_length=120, required=False)
    words = _words(gettext_lazy("请求的内容"), required=False, help_text=gettext_lazy("更正、补充、删除的写明是哪一项、应当是什么"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def about(self) -> About:
        given = self.cleaned_data
        return About(given["name"], given["id_number"], given["asker_name"], given["contact"], given["words"])


class IdentityForm(forms.Form):
    seen = _seen(gettext_lazy("看到的原件"), required=True)
    words = _words(gettext_lazy("说明"), required=False, help_text=gettext_lazy("证件号码不抄;委托书的日期、范围写在这里"))


class WordsForm(forms.Form):
    words = _words(gettext_lazy("说明"))


class HandOverForm(forms.Form):
    way = forms.ChoiceField(label=gettext_lazy("怎样交付"), choices=HandedOver.choices, error_messages=_NEED)
    on = _date(gettext_lazy("交付日期"))
    seen = _seen(gettext_lazy("领取人的证件(当面交付)"), required=False)
    words = _words(gettext_lazy("说明"), required=False, help_text=gettext_lazy("邮寄的写邮件号;编号的答复书,本人签名的回证在“送达”归入"))
