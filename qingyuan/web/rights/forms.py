"""What is asked of the table, and the signature under it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Role
from qingyuan.organisation.policy import ADMINISTRATION, POLICY
from qingyuan.web import rule_words


def codes() -> list[str]:
    """Every ledger there is, and what else the table names."""
    known = [ledger.code for ledger in registry.all_ledgers()]
    named = sorted(code for rule in POLICY for code in rule.ledgers | rule.but)
    return list(dict.fromkeys([*known, *named, *sorted(ADMINISTRATION)]))


class RightsFilter(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("角色"), required=False)
    compartment = forms.ChoiceField(label=gettext_lazy("数据分区"), required=False)
    ledger = forms.ChoiceField(label=gettext_lazy("台账或事项"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s")
        choices: dict[str, list[tuple[str, str]]] = {
            "role": [(one.value, str(one.label)) for one in Role],
            "compartment": [(one.value, str(one.label)) for one in Compartment],
            "ledger": [(code, rule_words.title(code)) for code in codes()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *offered]


class WhyForm(forms.Form):
    """One account and one ledger."""

    account = forms.CharField(label=gettext_lazy("账号"), max_length=40, required=False)
    ledger = forms.ChoiceField(label=gettext_lazy("台账或事项"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s")
        ledger = self.fields["ledger"]
        assert isinstance(ledger, forms.ChoiceField)
        ledger.choices = [("", _("请选择")), *((code, rule_words.title(code)) for code in codes())]


class SignForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    remark = forms.CharField(
        label=gettext_lazy("复核说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("看了什么、与上次相比的改动是否都有据"),
        error_messages={"required": gettext_lazy("请写复核说明。")},
    )
    next_due = forms.DateField(
        label=gettext_lazy("下次复核期限"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("一年以内"),
        error_messages={"required": gettext_lazy("请填下次复核期限。"), "invalid": gettext_lazy("请写成 2022-10-13。")},
    )

    @classmethod
    def fresh(cls, digest: str) -> SignForm:
        return cls(initial={"digest": digest, "next_due": clock.today() + timedelta(days=365)})
