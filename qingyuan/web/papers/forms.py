"""What a person fills in: the paper itself, a signature given on paper, whom to serve, a receipt, a copy to check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import Openness, PaperKind, PaperState, Urgency
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.rules import SECRET_GRADES
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.web.uploads import SCANS, CheckedFile

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
#: The secret grades stand on the form so that choosing one is refused with the reason, and not left to guesswork.
GRADES = [*Openness.choices, *((grade, lazy(said, str)(grade)) for grade in SECRET_GRADES)]


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("文种"), choices=PaperKind.choices)
    title = forms.CharField(
        label=_("标题"), max_length=120, error_messages={"required": _("请填标题。")}, help_text=_("标题里不写个人姓名")
    )
    addressee = forms.CharField(
        label=_("主送"), max_length=300, required=False, help_text=_("收文单位全称,用顿号或逗号分开;纪要不填")
    )
    body = forms.CharField(
        label=_("正文"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false"}),
        help_text=_("一行一段。“一、”“(一)”“1.”“(1)”开头的是标题;表格从 Excel 整块粘贴,前一行写“表:名称”"),
    )
    attachments = forms.CharField(
        label=_("附件"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个名称"),
    )
    copies_to = forms.CharField(label=_("抄送"), max_length=300, required=False)
    remark = forms.CharField(label=_("附注"), max_length=120, required=False, help_text=_("如联系人和电话,印在括号里"))
    word = forms.CharField(
        label=_("机关代字"),
        max_length=20,
        error_messages={"required": _("请填机关代字。")},
        help_text=_("印发时按“代字〔年〕号”连续编号"),
    )
    dated = forms.DateField(label=_("成文日期"), required=False, widget=DAY, help_text=_("不填则用印发日期"))
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, required=False)
    openness = forms.ChoiceField(
        label=_("公开属性"),
        choices=GRADES,
        initial=Openness.INTERNAL,
        help_text=_("涉密不上网:秘密及以上不在本平台办理"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, paper: Paper) -> PaperForm:
        """The form as the paper stands."""
        return cls(initial={name: getattr(paper, name) for name in cls.base_fields})


class SignatureForm(forms.Form):
    """A signature given on paper, where the unit has no leader's account here."""

    signer_name = forms.CharField(label=_("签发人"), max_length=40, required=False)
    signed_on = forms.DateField(label=_("签发日期"), required=False, widget=DAY)


class ReceiptForm(forms.Form):
    name = forms.CharField(label=_("签收人"), max_length=40, error_messages={"required": _("请录入回执上的签收人。")})
    on = forms.DateField(label=_("签收日期"), widget=DAY, error_messages={"required": _("请填签收日期。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today


class CopyForm(forms.Form):
    """A file to compare with what was issued."""

    scan = CheckedFile(
        kinds=SCANS,
        most=20,
        label=_("文件"),
        error_messages={"required": _("请选择要核验的文件。"), "empty": _("这个文件是空的,请重新选择。")},
    )
    typed_code = forms.CharField(
        label=_("核验码"),
        required=False,
        max_length=40,
        help_text=_("读不到二维码时,照纸上录入 16 位核验码(四组,每组四位)"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "XXXX-XXXX-XXXX-XXXX"}
        ),
    )


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("文种"), choices=[("", _("全部")), *PaperKind.choices], required=False)
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *PaperState.choices], required=False)
    q = forms.CharField(label=_("标题或文号"), max_length=60, required=False)
