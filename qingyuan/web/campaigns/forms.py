"""What people type about a campaign, about how one line ended, and into the check before isolation treatment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.enforcement.rules.admission import CHECKLIST
from qingyuan.foundation.words import Problem
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.rules.campaign import SAYABLE

_BAD_DAY = gettext_lazy("日期写成 2022-11-23 的样子。")
_MUST = gettext_lazy("必填:请补上")


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"required": _MUST, "invalid": _BAD_DAY},
    )


def text_field(label: Any, help_text: Any = "", *, most: int = 60, required: bool = True) -> forms.CharField:
    too_long = gettext_lazy("太长了,最多 %(limit_value)d 个字。")
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _MUST, "max_length": too_long},
    )


def words_field(label: Any, help_text: Any = "", *, most: int = 300, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _MUST, "max_length": gettext_lazy("太长了,最多 %(limit_value)d 个字。")},
    )


class Telling(forms.Form):
    """A form that takes what an action refused, each beside its field."""

    def tell(self, message: str, problems: Iterable[Problem]) -> None:
        found = list(problems)
        for problem in found:
            self.add_error(problem.column if problem.column in self.fields else None, problem.message)
        if not found:
            self.add_error(None, message)


class CampaignForm(Telling):
    title = text_field(gettext_lazy("名称"), gettext_lazy("如“2022 年冬季大普查”"), most=80)
    document_number = text_field(gettext_lazy("印发文号"))
    starts_on = day_field(gettext_lazy("从"))
    ends_on = day_field(gettext_lazy("到"))
    reference_on = day_field(gettext_lazy("名册基准日"), gettext_lazy("这一天在册(动态管控)或者在执行措施的人进名册;线索和入户走访不进名册"))
    places = forms.MultipleChoiceField(
        label=gettext_lazy("范围"), widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("请至少选一个范围。")}
    )

    def __init__(self, *args: Any, divisions: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.divisions = {str(one.pk): one for one in divisions}
        field = self.fields["places"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.name) for key, one in self.divisions.items()]

    @property
    def chosen(self) -> list[Division]:
        return [self.divisions[key] for key in self.cleaned_data["places"]]


class LineForm(Telling):
    """``version`` is the line as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=gettext_lazy("核查结果"), error_messages={"required": gettext_lazy("请选核查结果。")})
    happened_on = day_field(gettext_lazy("日期"), gettext_lazy("见到、联系、通知书写明的那一天"))
    words = words_field(gettext_lazy("依据"), gettext_lazy("在哪里见的、怎么联系上的、找过哪里;不写住院、涉诉、家事"))
    paper_number = text_field(gettext_lazy("凭证编号"), gettext_lazy("在押、死亡、出境和外地接收的,填文书编号"), required=False)
    to_unit = forms.ChoiceField(label=gettext_lazy("现在由谁负责(本市)"), required=False, help_text=gettext_lazy("对方签收以前仍算没有核到"))
    to_place = text_field(gettext_lazy("现在的地方(外地)"), most=120, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        state, to_unit = self.fields["state"], self.fields["to_unit"]
        assert isinstance(state, forms.ChoiceField) and isinstance(to_unit, forms.ChoiceField)
        state.choices = [("", _("请选择")), *((one.value, one.label) for one in SAYABLE)]
        to_unit.choices = [("", _("不是")), *((key, one.label) for key, one in self.units.items())]


class ReasonForm(Telling):
    words = words_field(gettext_lazy("原因"), required=True, most=200)


_YES_NO = (("yes", gettext_lazy("是")), ("no", gettext_lazy("否")))


class AdmissionForm(Telling):
    """Every item is answered by hand: none is filled in beforehand."""

    ground = forms.ChoiceField(label=gettext_lazy("依据禁毒法第三十八条"), error_messages={"required": gettext_lazy("请选依据禁毒法第三十八条的哪一项。")})
    document_number = text_field(gettext_lazy("决定书文号"))
    decided_on = day_field(gettext_lazy("决定日期"))
    reasons = words_field(gettext_lazy("核对为“是”而仍然适用的理由"), most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground.choices = [("", _("请选择")), *((code.code, code.said) for code in get_list("isolation_grounds"))]
        for item in CHECKLIST:
            self.fields[item.code] = forms.ChoiceField(
                label=str(item.label),
                choices=_YES_NO,
                widget=forms.RadioSelect,
                help_text=_("禁毒法第三十九条") if item.article == "NL39" else _("各地规定;只对直接决定(成瘾严重)有影响"),
                error_messages={"required": gettext_lazy("请逐条核对,选“是”或者“否”。")},
            )
        self.order_fields(["ground", "document_number", "decided_on", *(item.code for item in CHECKLIST), "reasons"])

    @property
    def answers(self) -> dict[str, bool]:
        return {item.code: self.cleaned_data[item.code] == "yes" for item in CHECKLIST if self.cleaned_data.get(item.code)}
