"""Forms of the ledger pages: the filters of a list, a reason, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.sources import LONGEST_TITLE
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.models import Source
from qingyuan.reference import catalogue
from qingyuan.web.uploads import CheckedFile

ALL_DAYS = "all"
ACCEPT = ".xlsx,.xls,.csv"
_LONGEST_REASON = 200


class FilterForm(forms.Form):
    """``q``, ``when`` and one choice per filterable code column."""

    def __init__(self, data: Mapping[str, Any], *, ledger: Ledger, on: date, period_label: str) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.ledger = ledger
        if any(column.searchable for column in ledger.columns):
            self.fields["q"] = forms.CharField(label=_search_label(ledger), required=False, max_length=60)
        self.fields["when"] = forms.ChoiceField(
            label=said(ledger.column(ledger.dated_by).header),
            required=False,
            choices=[("", period_label), (ALL_DAYS, _("不限日期"))],
        )
        for column in self._choosable():
            codes = catalogue.get_list(column.code_list).choices(on)
            self.fields[column.name] = forms.ChoiceField(
                label=said(column.header), required=False, choices=[("", _("全部")), *codes]
            )
        self.fields["sort"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """What was chosen; anything that is no choice of this form counts as not asked."""
        self.is_valid()
        return self.cleaned_data

    @property
    def codes(self) -> dict[str, tuple[str, ...]]:
        asked = self.asked()
        return {column.name: (asked[column.name],) for column in self._choosable() if asked.get(column.name)}

    @property
    def is_narrowed(self) -> bool:
        asked = self.asked()
        return any(asked.get(name) for name in self.fields if name != "sort")

    def _choosable(self) -> list[Column]:
        return [column for column in self.ledger.columns if column.filterable and column.kind == Kind.CODE]


def _search_label(ledger: Ledger) -> str:
    searched = [said(column.header) for column in ledger.columns if column.searchable]
    personal = [column for column in ledger.columns if column.personal and column.searchable and column.index]
    names = {"columns": "、".join(searched)}
    if any(column.kind == Kind.PERSON_NAME for column in personal):
        return _("%(columns)s(姓名可只写姓或拼音)") % names
    return _("%(columns)s(写全)") % names if personal else names["columns"]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=_LONGEST_REASON, error_messages={"required": gettext_lazy("请写明原因。")})


class PurposeForm(forms.Form):
    """What numbers in full are wanted for; one word is no purpose."""

    purpose = forms.CharField(
        label=gettext_lazy("号码写全的用途"),
        min_length=4,
        max_length=_LONGEST_REASON,
        help_text=gettext_lazy("如:录入禁毒信息系统 2022 年 10 月社区检测。用途和导出的每一条都记入查阅日志。"),
        error_messages={
            "required": gettext_lazy("请写明号码写全的用途。"),
            "min_length": gettext_lazy("用途写得具体些:录入哪个系统、哪个月的。"),
        },
    )


class RememberForm(forms.Form):
    """A new source by its name, or one there is whose recipe is to be replaced."""

    source = forms.ChoiceField(label=gettext_lazy("记到"), required=False)
    title = forms.CharField(label=gettext_lazy("这种表的名称"), required=False, max_length=LONGEST_TITLE)
    whole = forms.ChoiceField(
        label=gettext_lazy("每次的文件"),
        choices=[("", gettext_lazy("只有新的(如每月一张登记表)")), ("1", gettext_lazy("是全部(如系统导出的全员名单)"))],
        required=False,
    )
    every_months = forms.ChoiceField(
        label=gettext_lazy("多久来一次"),
        choices=[
            ("1", gettext_lazy("每月")),
            ("3", gettext_lazy("每季")),
            ("12", gettext_lazy("每年")),
            ("0", gettext_lazy("不定期")),
        ],
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, sources: Sequence[Source], chosen: Source | None = None
    ) -> None:
        super().__init__(data, auto_id="remember_%s")
        self._sources = {str(source.pk): source for source in sources}
        choices = [("", _("新的一种")), *((key, source.title) for key, source in self._sources.items())]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        if chosen is not None and str(chosen.pk) in self._sources:
            self.initial["source"] = str(chosen.pk)

    @property
    def has_sources(self) -> bool:
        return bool(self._sources)

    def asked(self) -> dict[str, Any]:
        """Keywords of ``sources.remember``."""
        data = self.cleaned_data
        return {
            "source": self._sources.get(data["source"]),
            "title": data["title"],
            "whole": bool(data["whole"]),
            "every_months": int(data["every_months"] or 1),
        }


class UploadForm(forms.Form):
    file = CheckedFile(
        error_messages={
            "required": gettext_lazy("请先选择文件。"),
            "empty": gettext_lazy("文件是空的,请重新选择。"),
        }
    )
