"""Forms of the ledger pages: the filters of a list, a reason, a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.reference import catalogue

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
            label=ledger.column(ledger.dated_by).header,
            required=False,
            choices=[("", period_label), (ALL_DAYS, _("不限日期"))],
        )
        for column in self._choosable():
            codes = catalogue.get_list(column.code_list).choices(on)
            self.fields[column.name] = forms.ChoiceField(
                label=column.header, required=False, choices=[("", _("全部")), *codes]
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
    searched = [column.header for column in ledger.columns if column.searchable]
    whole = any(column.personal and column.searchable for column in ledger.columns)
    names = "、".join(searched)
    return _("%(columns)s(写全)") % {"columns": names} if whole else names


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=_LONGEST_REASON, error_messages={"required": gettext_lazy("请写明原因。")})


class UploadForm(forms.Form):
    file = forms.FileField(
        error_messages={
            "required": gettext_lazy("请先选择文件。"),
            "empty": gettext_lazy("文件是空的,请重新选择。"),
        }
    )
