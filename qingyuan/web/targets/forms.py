from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.words import said
from qingyuan.governance.actions.target_bids import Addendum
from qingyuan.governance.actions.targets import Proposal
from qingyuan.governance.enums import Measure
from qingyuan.governance.models import TargetShare
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.targets import number_text, split_code
from qingyuan.governance.scoring.catalogue import refused
from qingyuan.governance.targets_rules import METHOD_WORDS, TOWN_METHODS, Method
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import InputInfo
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.models import Division


def _words(info: InputInfo) -> str:
    """「R05.missing 应检尽检率·缺检(人次)」"""
    indicator = catalogue.get(info.indicator)
    titles = [indicator.title, *([indicator.term(info.part).title] if info.part != VALUE else [])]
    return f"{info.name.partition(':')[2]} {'·'.join(map(said, titles))}({said(info.unit)})"


def _no_target(info: InputInfo) -> bool:
    code, part = split_code(info.name.partition(":")[2])
    return bool(refused(known_indicator(code), part))


def _bound(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=16, decimal_places=4, min_value=0, error_messages={"invalid": _("要填数字。")}
    )


class ProposeForm(forms.Form):
    """What to decompose and how; ``places``: the towns that may have a floor and a cap of their own."""

    indicator = forms.ChoiceField(label=_("指标"))
    total = forms.DecimalField(
        label=_("全市目标"),
        required=False,
        max_digits=16,
        decimal_places=4,
        min_value=0,
        help_text=_("不填就按上年实数和增幅推算"),
        error_messages={"invalid": _("要填数字。")},
    )
    measure = forms.ChoiceField(label=_("口径"), choices=Measure.choices)
    method = forms.ChoiceField(
        label=_("分解方法"),
        choices=[],
        required=False,
        help_text=_("比率只有两种:平均分是各乡镇同一比率;按上年基数是缩小同样比例的差距"),
    )
    growth = forms.DecimalField(
        label=_("增幅(%)"),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=-100,
        help_text=_("推算全市目标时用:上年实数加上这个增幅"),
    )
    lot = forms.DecimalField(label=_("最小单位"), required=False, initial=1, min_value=Decimal("0.0001"))
    floor = _bound(_("各乡镇不少于"))
    cap = _bound(_("各乡镇不多于"))
    source = forms.CharField(label=_("数据来源"), max_length=60, required=False)
    due = forms.DateField(
        label=_("完成时限"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, places: Sequence[Division] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        for town in places:
            self.fields[f"floor_{town.pk}"] = _bound(_("%(place)s下限") % {"place": town.name})
            self.fields[f"cap_{town.pk}"] = _bound(_("%(place)s上限") % {"place": town.name})
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        # What may be no target stands last: chosen, it is refused with its reason.
        known = sorted(catalogue.known_inputs().values(), key=lambda info: (_no_target(info), info.name))
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.choices = [(method.value, said(words)) for method in TOWN_METHODS for words in [METHOD_WORDS[method]]]
        field.choices = [(info.name.partition(":")[2], _words(info)) for info in known]

    def proposal(self) -> Proposal:
        data = self.cleaned_data
        return Proposal(
            indicator=data["indicator"],
            total=data["total"],
            measure=Measure(data["measure"]),
            method=Method(data["method"] or Method.EQUAL.value),
            lot=data["lot"] or Decimal(1),
            growth=(data["growth"] or Decimal(0)) / 100,
            floors=self._bounds("floor"),
            caps=self._bounds("cap"),
            source=data["source"].strip(),
            due=data["due"].isoformat() if data["due"] else "",
        )


    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("total") is None and data.get("growth") is None and "total" not in self.errors:
            self.add_error("total", _("请填全市目标,或者填增幅按上年推算。"))
        return data

    def _bounds(self, kind: str) -> dict[int, Decimal]:
        """A town's own bound, else the one for all."""
        data = self.cleaned_data
        own = {town.pk: data.get(f"{kind}_{town.pk}") for town in self.places}
        found = {pk: data[kind] if bound is None else bound for pk, bound in own.items()}
        return {pk: bound for pk, bound in found.items() if bound is not None}

    def bounds_of(self, town: Division) -> tuple[Any, Any]:
        """The two fields of a town, for the table."""
        return self[f"floor_{town.pk}"], self[f"cap_{town.pk}"]


class AdjustForm(forms.Form):
    seen = forms.DecimalField(required=False, max_digits=16, decimal_places=4, widget=forms.HiddenInput)
    agreed = forms.DecimalField(
        label=_("商定数"),
        max_digits=16,
        decimal_places=4,
        min_value=0,
        error_messages={"required": _("请填商定数。"), "invalid": _("要填数字。")},
    )
    reason = forms.CharField(label=_("理由"), max_length=200, error_messages={"required": _("调整要写明理由。")})


class PublishForm(forms.Form):
    gap_owner = forms.CharField(label=_("缺口由谁承担"), max_length=60, required=False)
    gap_reason = forms.CharField(label=_("缺口理由"), max_length=200, required=False)


class BidForm(forms.Form):
    """A town's own number."""

    seen = forms.DecimalField(required=False, max_digits=16, decimal_places=4, widget=forms.HiddenInput)
    asked = forms.DecimalField(
        label=_("希望的数"),
        max_digits=16,
        decimal_places=4,
        min_value=0,
        error_messages={"required": _("请填希望的数。"), "invalid": _("要填数字。")},
    )
    reason = forms.CharField(
        label=_("理由"), max_length=200, error_messages={"required": _("请写明理由:人手、任务量、上年完成情况等。")}
    )


class AnswerForm(forms.Form):
    """The office's answer; an empty number keeps what stands."""

    given = forms.DecimalField(
        label=_("定为"),
        required=False,
        max_digits=16,
        decimal_places=4,
        min_value=0,
        help_text=_("不填就不改"),
        error_messages={"invalid": _("要填数字。")},
    )
    words = forms.CharField(label=_("答复"), max_length=200, error_messages={"required": _("请写明答复。")})


class AddendumForm(PublishForm):
    """Shares changed after publication: a number for each, one reason."""

    reason = forms.CharField(label=_("调整理由"), max_length=200, error_messages={"required": _("调整要写明理由。")})
    document = forms.CharField(label=_("文号"), max_length=60, required=False)
    field_order = ("reason", "document", "gap_owner", "gap_reason")

    def __init__(self, *args: Any, shares: Sequence[TargetShare] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = shares
        for share in shares:
            field = forms.DecimalField(max_digits=16, decimal_places=4, min_value=0, error_messages={"invalid": _("要填数字。")})
            field.label, field.initial = share.place, number_text(share.agreed)
            self.fields[f"share_{share.pk}"] = field
            self.fields[f"seen_{share.pk}"] = forms.DecimalField(required=False, widget=forms.HiddenInput, initial=share.agreed)

    def numbers(self) -> list[tuple[Any, Any]]:
        """The two fields of each share: the number, and what was seen."""
        return [(self[f"share_{share.pk}"], self[f"seen_{share.pk}"]) for share in self.shares]

    def addendum(self) -> Addendum:
        data = self.cleaned_data
        return Addendum(
            agreed={share.pk: data[f"share_{share.pk}"] for share in self.shares},
            seen={share.pk: seen for share in self.shares if (seen := data.get(f"seen_{share.pk}")) is not None},
            reason=data["reason"],
            document=data["document"],
            gap_owner=data["gap_owner"],
            gap_reason=data["gap_reason"],
        )
