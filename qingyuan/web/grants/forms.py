"""An account, a role with its division and days, a post with its days; every change has a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level, Responsibility, Role
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.organisation.scope import visible_divisions

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
BAD_DAY = gettext_lazy("请写成 2022-10-13。")


def _reason(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, help_text=help_text, error_messages={"required": gettext_lazy("请写事由。")}
    )


def _units(actor: Actor, on: date) -> Any:
    return Unit.objects.filter(closed_on=None, division_id__in=visible_divisions(actor, on))


class AccountsFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("姓名、账号或单位"), max_length=40, required=False)
    role = forms.ChoiceField(label=gettext_lazy("角色"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s")
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", _("全部")), *Role.choices]


class AccountForm(forms.Form):
    username = forms.RegexField(
        regex=r"\A[a-z][a-z0-9_-]{2,39}\Z",
        label=gettext_lazy("账号"),
        help_text=gettext_lazy("小写字母开头,3 至 40 位字母、数字、- 或 _"),
        error_messages={
            "required": gettext_lazy("请填账号。"),
            "invalid": gettext_lazy("账号用小写字母开头,3 至 40 位字母、数字、- 或 _。"),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=40, error_messages={"required": gettext_lazy("请填姓名。")}
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("请选择"),
        error_messages={
            "required": gettext_lazy("请选单位。"),
            "invalid_choice": gettext_lazy("请选管理范围内的单位。"),
        },
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = _units(actor, clock.today())

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if Account.objects.filter(username=username).exists():
            raise forms.ValidationError(_("这个账号已有人用,请换一个。"))
        return username


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), choices=Role.choices, error_messages={"required": gettext_lazy("请选角色。")}
    )
    division = forms.ModelChoiceField(
        label=gettext_lazy("区划范围"),
        queryset=Division.objects.none(),
        empty_label=gettext_lazy("请选择"),
        error_messages={
            "required": gettext_lazy("请选区划。"),
            "invalid_choice": gettext_lazy("请选管理范围内的区划。"),
        },
    )
    start = forms.DateField(label=gettext_lazy("起"), widget=DAY, error_messages={"invalid": BAD_DAY})
    end = forms.DateField(
        label=gettext_lazy("止"),
        widget=DAY,
        required=False,
        help_text=gettext_lazy("止日当天起不再有;不填则没有止日"),
        error_messages={"invalid": BAD_DAY},
    )
    reason = _reason(gettext_lazy("事由"), gettext_lazy("如任免文号、借调函"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ModelChoiceField)
        on = clock.today()
        within = Division.objects.on(on).filter(pk__in=visible_divisions(actor, on))
        division.queryset = within.exclude(level=Level.VILLAGE).order_by("code")


class PostForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("任职单位"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("借调的选借调去的单位"),
        error_messages={
            "required": gettext_lazy("请选单位。"),
            "invalid_choice": gettext_lazy("请选管理范围内的单位。"),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("职务"), max_length=60, error_messages={"required": gettext_lazy("请填职务。")}
    )
    responsibility = forms.ChoiceField(label=gettext_lazy("责任"), choices=Responsibility.choices)
    start = forms.DateField(label=gettext_lazy("起"), widget=DAY, error_messages={"invalid": BAD_DAY})
    end = forms.DateField(label=gettext_lazy("止"), widget=DAY, required=False, error_messages={"invalid": BAD_DAY})
    reason = _reason(gettext_lazy("事由"), gettext_lazy("如任免文号、借调函"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = _units(actor, clock.today())


class EndForm(forms.Form):
    end = forms.DateField(error_messages={"required": gettext_lazy("请填止日。"), "invalid": BAD_DAY})
    reason = _reason(gettext_lazy("事由"), "")


class ReasonForm(forms.Form):
    reason = _reason(gettext_lazy("事由"), "")
