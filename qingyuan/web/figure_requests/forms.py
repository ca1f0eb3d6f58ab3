"""What people type: the letter as it came, a question, where its figure comes from, an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.journeys.figures_on_file import cell_choices
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.situation.enums import AnswerKind
from qingyuan.situation.queries.told import parts_of
from qingyuan.situation.rules.requests import MOST_NOTE

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskingForm(forms.Form):
    title = forms.CharField(label=_("事项"), max_length=120, error_messages={"required": _("请写明是什么事。")})
    asked_by = forms.CharField(label=_("要数单位"), max_length=80, error_messages={"required": _("请写明哪个单位要。")})
    document_number = forms.CharField(label=_("来文字号"), max_length=60, required=False, help_text=_("电话要的可以不填"))
    received_on = forms.DateField(label=_("收到日期"), widget=_DAY, error_messages={"required": _("请填收到日期。")})
    due_on = forms.DateField(label=_("答复期限"), widget=_DAY, error_messages={"required": _("请填对方要求的期限。")})


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("要什么数"),
        max_length=200,
        error_messages={"required": _("请写明要什么数。")},
        help_text=_("只要数和简短文字;名单、姓名、号码不在这里要"),
    )
    kind = forms.ChoiceField(label=_("答复"), choices=AnswerKind.choices)
    measure = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    people = forms.BooleanField(
        label=_("数的是涉毒、戒治、涉案等人员"), required=False, initial=True, help_text=_("不足 5 人的答复在答复单位之外不公开;数工作人员、场次的不勾")
    )


class IndicatorForm(forms.Form):
    indicator = forms.ChoiceField(label=_("指标"), error_messages={"required": _("请选择指标。")})
    part = forms.ChoiceField(label=_("取哪个数"))
    period = forms.CharField(label=_("期间"), max_length=16, help_text=_("2022-10、2022Q3、2022 或 2022-01..2022-10"))
    each_place = forms.BooleanField(label=_("每个乡镇(街道)一个数"), required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = sorted(catalogue.catalogue().all(on), key=lambda item: item.code)
        _choose(
            self, "indicator", [("", _("请选择")), *((item.code, f"{item.code} {said(item.title)}") for item in found)]
        )
        code = str((self.data.get("indicator") if self.is_bound else self.initial.get("indicator")) or "")
        try:
            parts = parts_of(catalogue.get(code, on))
        except UnknownIndicator:
            parts = [("value", str(_("数值")))]
        _choose(self, "part", parts)

    def clean_period(self) -> Period:
        return _period(self.cleaned_data["period"])


class ReturnForm(forms.Form):
    cell = forms.ChoiceField(label=_("报表和项目"))
    months = forms.CharField(label=_("期间"), max_length=16, help_text=_("一个月或几个月,如 2022-01..2022-10"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "cell", cell_choices())

    def clean_months(self) -> Period:
        return _period(self.cleaned_data["months"])


class UnitsForm(forms.Form):
    units = forms.TypedMultipleChoiceField(
        label=_("向哪些单位要"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个单位。")},
    )
    due_on = forms.DateField(label=_("给下面的期限"), required=False, widget=_DAY, help_text=_("不填:与对方的期限相同"))

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "units", [(unit.pk, unit.label) for unit in units])


class AnswerForm(forms.Form):
    typed = forms.CharField(label=_("答复"), max_length=80, required=False)
    note = forms.CharField(
        label=_("说明"),
        max_length=MOST_NOTE,
        required=False,
        help_text=_("口径、与上期相差大的原因;不写人名和号码"),
        widget=forms.TextInput,
    )


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except BadPeriod as error:
        raise forms.ValidationError(str(error)) from None
