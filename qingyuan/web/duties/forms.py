from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.words import said
from qingyuan.governance.actions.needs import Progress, Word
from qingyuan.governance.queries.needs import Proof
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.models import Unit

BAD_DAY = {"invalid": _("日期写成 2022-06-30 这样。")}


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=widget, help_text=help_text, error_messages=BAD_DAY | {"required": _("请填日期。")}
    )


class RowsField(forms.MultipleChoiceField):
    """What is offered may be linked by a colleague meanwhile, so any «ledger:key» is read; the action judges it."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        code, _colon, key = str(value).partition(":")
        try:
            UUID(key)
        except ValueError:
            return False
        return bool(code)


class ReportForm(forms.Form):
    """One quarter of a task; ``offered``: rows of the unit that can show it."""

    quarter = forms.IntegerField(min_value=1, max_value=4, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("做了什么、还差什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写一句:做了什么、还差什么。")},
    )
    rows = RowsField(label=_("用哪些台账行证明"), required=False)
    done_on = _day(_("完成日期"), help_text=_("任务全部完成才填"))
    evidence = forms.CharField(
        label=_("完成依据"), max_length=300, required=False, help_text=_("文号等;关联了台账行的可以不写")
    )

    def __init__(self, *args: Any, offered: Sequence[Proof] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rows"]
        assert isinstance(field, RowsField)
        field.choices = [
            (f"{one.ledger.code}:{one.row.pk}", f"{one.day or ''} {said(one.ledger.title)} {one.label}".strip()) for one in offered
        ]

    def progress(self) -> Progress:
        data = self.cleaned_data
        pairs = (text.split(":", 1) for text in data["rows"])
        rows = [(code, UUID(key)) for code, key in pairs]
        return Progress(data["quarter"], data["words"], rows, data["done_on"], data["evidence"])


class AskForm(forms.Form):
    """What a task needs of another unit."""

    to_unit = forms.ModelChoiceField(
        label=_("需要哪个单位"), queryset=Unit.objects.none(), error_messages={"required": _("请选单位。")}
    )
    what = forms.CharField(
        label=_("需要什么"),
        max_length=300,
        help_text=_("写明份数、内容;不写人名、身份证号和电话"),
        error_messages={"required": _("请写明需要什么。")},
    )
    due_on = _day(_("何时要"), required=True)

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("division__code", "code")
        field.label_from_instance = lambda unit: unit.label  # type: ignore[method-assign]


class StepForm(forms.Form):
    words = forms.CharField(label=_("说明"), max_length=300, required=False)
    day = _day(_("日期"))

    def word(self) -> Word:
        return Word(self.cleaned_data["words"], self.cleaned_data["day"])


class ProgrammeForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=80, error_messages={"required": _("请填行动计划的名称。")})
    first_year = forms.IntegerField(label=_("起始年度"), min_value=2008, max_value=2100)
    last_year = forms.IntegerField(label=_("结束年度"), min_value=2008, max_value=2100)
    document = forms.CharField(label=_("文号"), max_length=60, required=False)


class GoalForm(forms.Form):
    """A figure and what it is to be in each year."""

    indicator = forms.ChoiceField(label=_("指标"))

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        for year in years:
            self.fields[f"y{year}"] = forms.DecimalField(
                label=str(year),
                max_digits=16,
                decimal_places=4,
                min_value=0,
                error_messages={"required": _("请填这一年的目标。"), "invalid": _("要填数字。")},
            )
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        known = sorted(catalogue.known_inputs().values(), key=lambda info: info.name)
        field.choices = [(info.name.partition(":")[2], self._words(info)) for info in known]

    @staticmethod
    def _words(info: Any) -> str:
        indicator = catalogue.get(info.indicator)
        titles = [indicator.title, *([indicator.term(info.part).title] if info.part != VALUE else [])]
        return f"{info.name.partition(':')[2]} {'·'.join(map(said, titles))}({said(info.unit)})"

    def values(self) -> dict[int, Any]:
        return {year: self.cleaned_data[f"y{year}"] for year in self.years}


class AdoptForm(forms.Form):
    on = _day(_("印发日期"), required=True)
