"""What is filled in: a plan, an answer of the checklist, a signature, a look again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.file_kinds import FileKind
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionMark
from qingyuan.governance.rules.inspections import LONGEST, MOST_FILES, MOST_TOWNS
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.web.uploads import CheckedFile

REQUIRED = _("必填:请补上")
NUMBER = {"required": REQUIRED, "invalid": _("写整数。"), "min_value": _("至少写 1。")}
DAY = {"required": REQUIRED, "invalid": _("日期写成 2022-11-23 的样子。")}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"})
    return forms.DateField(label=label, required=required, widget=widget, error_messages=DAY)


def _number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    messages = NUMBER | {"max_value": _("最多写 %(limit_value)s。")}
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget, help_text=help_text, error_messages=messages)


class PlanForm(forms.Form):
    """One choice of unit for each department, from those that may act for it."""

    title = forms.CharField(label=_("检查名称"), max_length=60, error_messages={"required": REQUIRED})
    period = forms.CharField(label=_("季度"), max_length=7, help_text=_("写成 2022Q4"), error_messages={"required": REQUIRED})
    starts_on = _day(_("开始日期"))
    ends_on = _day(_("结束日期"))
    towns = _number(_("抽取乡镇数"), MOST_TOWNS)
    file_count = _number(_("抽查档案总数"), MOST_FILES, _("按各乡镇档案数的比例分,每个抽到的乡镇至少一份"))
    by_kind = forms.BooleanField(label=_("在每个乡镇里按措施种类分层"), required=False, initial=True)

    def __init__(self, *args: Any, senders: Mapping[Department, Sequence[Unit]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for department, units in senders.items():
            self.fields[department.value] = forms.TypedChoiceField(
                label=_("%(department)s派员单位") % {"department": department.label},
                choices=[(unit.pk, unit.label) for unit in units],
                coerce=int,
                error_messages={"required": _("没有可以派员的单位:请先在账号与授权里建立。"), "invalid_choice": _("请从列出的单位里选。")},
            )

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"].strip().upper().replace("-", "")
        try:
            Period.parse(text)
        except BadPeriod as error:
            raise forms.ValidationError(_("季度写成 2022Q4 的样子。")) from error
        return text

    def units(self) -> dict[Department, int]:
        return {one: self.cleaned_data[one.value] for one in Department}


class MarkForm(forms.Form):
    """One item. ``was``: the answer that stood on the page when it was opened."""

    answer = forms.ChoiceField(
        label=_("结论"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选“符合”“不符合”或“不适用”。"), "invalid_choice": _("请选“符合”“不符合”或“不适用”。")},
    )
    finding = forms.CharField(
        label=_("发现了什么(只写事,不写人)"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    photo = CheckedFile(
        label=_("照片"), required=False, kinds=(FileKind.PNG, FileKind.JPEG), most=10,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg", "capture": "environment"}),
    )  # fmt: skip
    was = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)


class SignForm(forms.Form):
    mend_by = _day(_("整改期限"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("退回的理由"), max_length=200, error_messages={"required": REQUIRED})


class RecheckForm(forms.Form):
    """Everything that failed, each with whether it is mended and what was seen."""

    def __init__(self, *args: Any, failed: Sequence[InspectionMark], titles: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.failed = failed
        for one in failed:
            self.fields[f"mended-{one.pk}"] = forms.ChoiceField(
                label=titles[one.pk],
                help_text=one.finding or "",
                choices=(("yes", _("已整改")), ("no", _("没有整改"))),
                widget=forms.RadioSelect,
                initial=None if one.mended is None else "yes" if one.mended else "no",
                error_messages={"required": _("每一项都要有复查结论。"), "invalid_choice": _("请选“已整改”或“没有整改”。")},
            )
            self.fields[f"note-{one.pk}"] = forms.CharField(
                label=_("复查情况"), required=False, max_length=LONGEST, initial=one.mended_note or "", widget=forms.Textarea(attrs={"rows": 2})
            )

    def verdicts(self) -> dict[tuple[str, str], tuple[bool, str]]:
        given = self.cleaned_data
        return {(one.item, one.lot): (given[f"mended-{one.pk}"] == "yes", given[f"note-{one.pk}"]) for one in self.failed}
