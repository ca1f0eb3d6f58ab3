"""What people choose: a blank to upload, what a cell is bound to, the month to fill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.office_package import FORM_LIMITS
from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.organisation.models import Division
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period, month
from qingyuan.situation.enums import Fixed, PeriodRule
from qingyuan.situation.queries.told import parts_of
from qingyuan.situation.rules.forms import LONGEST_WORDS, Binding
from qingyuan.web.uploads import CheckedFile

ACCEPT = ".xlsx,.docx"
CELL, COLUMN = "cell", "column"
MONTHS_BACK = 36
_FILE_ERRORS = {"required": _("请先选择文件。"), "empty": _("文件是空的,请重新选择。")}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _small_enough(upload: Any) -> Any:
    """The blank's own words for what is too large."""
    if upload is not None and upload.size > FORM_LIMITS.file:
        raise forms.ValidationError(_("文件太大:空白表最大 5 MB,请删去图片和多余的工作表后再上传。"))
    return upload


class UploadForm(forms.Form):
    title = forms.CharField(
        label=_("表名"), max_length=80, error_messages={"required": _("请填表名,例如“禁毒工作情况月报表”。")}
    )
    sent_by = forms.CharField(
        label=_("来表单位"), max_length=80, error_messages={"required": _("请填是哪个单位发来的表。")}
    )
    file = CheckedFile(label=_("空白表"), error_messages=_FILE_ERRORS)

    def clean_file(self) -> Any:
        return _small_enough(self.cleaned_data["file"])


class RevisionForm(forms.Form):
    """``file`` left out: the same blank, bound anew."""

    file = CheckedFile(label=_("新的空白表"), required=False, error_messages=_FILE_ERRORS)

    def clean_file(self) -> Any:
        return _small_enough(self.cleaned_data["file"])


class FillForm(forms.Form):
    month = forms.ChoiceField(label=_("所属月份"))
    known = forms.DateField(
        label=_("截至某日所知"),
        required=False,
        widget=_DAY,
        help_text=_("不填:已关账的取关账时的数,没关账的取今天已登记的全部记录"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = month_choices(today)
        field.initial = str(month(today).previous())
        self.fields["known"].widget.attrs["max"] = today.isoformat()
        self.today = today

    def clean_known(self) -> date | None:
        """Today and later mean everything recorded."""
        known: date | None = self.cleaned_data["known"]
        return known if known is not None and known < self.today else None


class FigureForm(forms.Form):
    """The figure a cell, or every cell of a column, is filled with."""

    indicator = forms.ChoiceField(label=_("指标"), error_messages={"required": _("请选择指标。")})
    part = forms.ChoiceField(label=_("取哪个数"))
    rule = forms.ChoiceField(label=_("期间"), choices=PeriodRule.choices)
    period = forms.CharField(
        label=_("固定期间"),
        required=False,
        max_length=16,
        help_text=_("期间选“固定期间”时写,例如 2021 或 2021-01..2021-10"),
    )
    scope = forms.ChoiceField(
        label=_("绑到哪里"),
        widget=forms.RadioSelect,
        choices=[(CELL, _("只这一格")), (COLUMN, _("整列:每个写着区划名称的行,各取自己的数"))],
    )
    place = forms.ChoiceField(label=_("区划"), required=False, help_text=_("只绑一格时用;整列时按行名称认"))

    def __init__(self, *args: Any, places: Sequence[Division], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("indicator", [("", _("请选择")), *indicator_choices(on)])
        self._choose("part", self._parts(on))
        self._choose("place", [("", places[0].name), *((one.code, one.name) for one in places[1:])])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _parts(self, on: date) -> list[tuple[str, str]]:
        code = str((self.data.get("indicator") if self.is_bound else self.initial.get("indicator")) or "")
        try:
            return parts_of(catalogue.get(code, on))
        except UnknownIndicator:
            return [("value", str(_("数值")))]

    def binding(self, address: str) -> Binding:
        asked = self.cleaned_data
        return Binding(
            address=address,
            indicator=asked["indicator"],
            part=asked["part"],
            rule=asked["rule"],
            period=asked["period"].strip() if asked["rule"] == PeriodRule.FIXED else "",
            place=asked["place"] if asked["scope"] == CELL else "",
        )


class WordsForm(forms.Form):
    """What a cell without a figure says."""

    fixed = forms.ChoiceField(label=_("填什么"), choices=Fixed.choices)
    words = forms.CharField(label=_("文字"), required=False, max_length=LONGEST_WORDS, help_text=_("选“固定文字”时写"))


def indicator_choices(on: date) -> list[tuple[str, str]]:
    found = sorted(catalogue.catalogue().all(on), key=lambda item: item.code)
    return [(item.code, _with_unit(f"{item.code} {said(item.title)}", said(item.unit))) for item in found]


def _with_unit(title: str, unit: str) -> str:
    return title if unit in title else f"{title}({unit})"


def month_choices(today: date) -> list[tuple[str, str]]:
    """This month and those before it, the newest first."""
    found: list[Period] = [month(today)]
    while len(found) < MONTHS_BACK:
        found.append(found[-1].previous())
    return [(str(one), period_label(one)) for one in found]
