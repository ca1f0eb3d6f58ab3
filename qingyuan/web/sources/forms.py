"""Forms of sources and layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.sources import LONGEST_TITLE

RHYTHMS = [
    ("1", gettext_lazy("每月")),
    ("3", gettext_lazy("每季")),
    ("12", gettext_lazy("每年")),
    ("0", gettext_lazy("不定期")),
]
KINDS = [("", gettext_lazy("只有新的(如每月一张登记表)")), ("1", gettext_lazy("是全部(如系统导出的全员名单)"))]
_NEEDS_TITLE = {"required": gettext_lazy("请起个名称。")}


class SourceForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("这种表的名称"), max_length=LONGEST_TITLE, required=True, error_messages=_NEEDS_TITLE
    )
    whole = forms.ChoiceField(
        label=gettext_lazy("每次的文件"),
        choices=KINDS,
        required=False,
        help_text=gettext_lazy("是全部的,少了的行会逐条问您;系统不会自动作废。"),
    )
    every_months = forms.ChoiceField(label=gettext_lazy("多久来一次"), choices=RHYTHMS)


class BlankForm(forms.Form):
    """The blank workbook of a system. ``row`` is asked for only when the header is not recognised."""

    ledger = forms.ChoiceField(label=gettext_lazy("导出哪本台账"))
    title = forms.CharField(label=gettext_lazy("格式名称"), max_length=LONGEST_TITLE, error_messages=_NEEDS_TITLE)
    system = forms.CharField(label=gettext_lazy("是哪个系统的"), max_length=60, required=False)
    row = forms.IntegerField(
        label=gettext_lazy("表头在第几行"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=gettext_lazy("认得出的可以不填"),
    )
    file = forms.FileField(error_messages={"required": gettext_lazy("请选择该系统的空表。"), "empty": gettext_lazy("文件是空的,请重新选择。")})

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: Any = None, *, ledgers: Sequence[Ledger]
    ) -> None:
        super().__init__(data, files, auto_id="blank_%s")
        self.fields["ledger"].choices = [(one.code, said(one.title)) for one in ledgers]  # type: ignore[attr-defined]
