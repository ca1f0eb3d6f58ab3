"""What people type about a hand-over. Names of people stand in the choices only for those who read them anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.actions.handovers import LONGEST
from qingyuan.casework.handovers.rules import REASONS
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.reference.catalogue import get_list

BALANCE = "balance"
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _words(label: Any, help_text: Any, required: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": required},
    )


class PeopleForm(forms.Form):
    """``people``: key → name and what runs, of those the writer may move."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("移交谁"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("请先选要移交的人。"),
            "invalid_choice": gettext_lazy("选的人里有的不在您的名下,请刷新后重选。"),
        },
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("移交原因"), error_messages={"required": gettext_lazy("请选移交原因。")}
    )
    words = _words(
        gettext_lazy("移交说明"),
        gettext_lazy("写清来龙去脉和要注意的事;不写治疗、帮扶内容"),
        gettext_lazy("请写移交说明。"),
    )

    def __init__(self, *args: Any, people: Mapping[UUID, str], reasons: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("people", [(str(pk), said) for pk, said in people.items()])
        codes = [code for code in get_list(REASONS) if not reasons or code.code in reasons]
        self._choose("reason", [("", _("请选择")), *((code.code, code.said) for code in codes)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["people"]]


class OfferForm(PeopleForm):
    receiver = forms.ChoiceField(
        label=gettext_lazy("移交给"), error_messages={"required": gettext_lazy("请选接收单位或者同事。")}
    )
    counted_from = forms.DateField(
        label=gettext_lazy("起算日"),
        widget=_DAY,
        help_text=gettext_lazy("变更执行地的,填变更之日;其他填今天。答复期限从这一天起算"),
        error_messages={"required": gettext_lazy("请填起算日。"), "invalid": gettext_lazy("日期请写成 2022-11-01。")},
    )
    field_order = ("people", "receiver", "reason", "counted_from", "words")

    def __init__(self, *args: Any, units: Sequence[Unit], colleagues: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[str, Any]] = [("", _("请选择"))]
        if colleagues:
            groups.append((_("本单位同事"), [(f"a{one.pk}", one.name) for one in colleagues]))
        if units:
            groups.append((_("别的单位"), [(f"u{one.pk}", one.label) for one in units]))
        self._choose("receiver", groups)
        self.units = {f"u{one.pk}": one for one in units}
        self.colleagues = {f"a{one.pk}": one for one in colleagues}


class ReassignForm(PeopleForm):
    to = forms.ChoiceField(label=gettext_lazy("分给"), widget=forms.RadioSelect)
    field_order = ("people", "to", "reason", "words")

    def __init__(self, *args: Any, colleagues: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, reasons=("post_left", "balance", "recusal", "duties_changed", "other"), **kwargs)
        workers = [(str(one.pk), one.name) for one in colleagues]
        self._choose("to", [(BALANCE, _("按各人手上的人数均衡(建议)")), *workers])
        self.fields["to"].initial = BALANCE
        self.fields["people"].label = _("分派谁")


class AcceptForm(forms.Form):
    caseworker = forms.ChoiceField(label=gettext_lazy("由谁负责"), required=False)
    division = forms.ChoiceField(label=gettext_lazy("新执行地"), required=False)

    def __init__(
        self, *args: Any, workers: Sequence[Account], places: Sequence[Division], named: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        caseworker, division = self.fields["caseworker"], self.fields["division"]
        assert isinstance(caseworker, forms.ChoiceField) and isinstance(division, forms.ChoiceField)
        if named is not None:
            del self.fields["caseworker"]
        else:
            caseworker.choices = [("", _("专干直接负责")), *((str(one.pk), one.name) for one in workers)]
        if not places:
            del self.fields["division"]
        else:
            division.choices = [(str(one.pk), one.name) for one in places]
        self.workers = {str(one.pk): one for one in workers}
        self.places = {str(one.pk): one for one in places}


class RefuseForm(forms.Form):
    why = _words(
        gettext_lazy("为什么不接收"),
        gettext_lazy("写明理由、应由谁负责;拒收后仍由移出方负责"),
        gettext_lazy("请写明为什么不接收、应由谁负责。"),
    )


class WithdrawForm(forms.Form):
    why = _words(gettext_lazy("撤回的原因"), "", gettext_lazy("请写明撤回的原因。"))
