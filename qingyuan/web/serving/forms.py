"""What a person fills in: the answers of a form, how a paper was served, the scan of its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.enums import Receiver, ServedState, ServiceWay
from qingyuan.casework.models import PaperService, ServedPaper
from qingyuan.casework.serving.declared import PaperForm
from qingyuan.casework.serving.rules import LENGTHS, Told
from qingyuan.foundation import clock
from qingyuan.foundation.words import Problem, said
from qingyuan.reference.service_ways import WayOfService
from qingyuan.web.uploads import SCANS, CheckedFile

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WORDS = {
    "through": gettext_lazy("通过哪个单位"),
    "tracking": gettext_lazy("邮件号"),
    "consent": gettext_lazy("本人同意的方式和日期"),
    "why": gettext_lazy("用过哪些方式、为什么送不到"),
    "place": gettext_lazy("公告的地点或者媒体"),
    "refusal": gettext_lazy("拒收的事由"),
    "witness": gettext_lazy("见证人"),
    "receiver_name": gettext_lazy("代收人姓名"),
    "relation": gettext_lazy("代收人与本人的关系"),
    "servers": gettext_lazy("送达人"),
}
_HANDED = ("receiver", "receiver_name", "relation")


class _Told(forms.Form):
    """Problems an action tells stand beside their fields."""

    def tell(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.add_error(one.column if one.column in self.fields else None, one.message)


class AnswersForm(_Told):
    """One field a question of the form; a draft also shows its series word."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, form: PaperForm, row: Any, paper: ServedPaper | None = None) -> None:
        stood = paper.answers if paper is not None else {asked.name: asked.usual(row) for asked in form.questions}
        start: dict[str, Any] = dict(stood)
        if paper is not None:
            start |= {"version": paper.version, "word": paper.word}
        super().__init__(data, initial=start)
        self.paper_form = form
        for asked in form.questions:
            widget = forms.Textarea(attrs={"rows": 4}) if asked.long else forms.TextInput()
            self.fields[asked.name] = forms.CharField(
                label=said(asked.label), help_text=said(asked.help), required=False, widget=widget, max_length=asked.most
            )
        if paper is not None:
            self.fields["word"] = forms.CharField(
                label=_("文书代字"), max_length=12, help_text=_("编号时按“代字〔年〕号”连续编号")
            )

    @property
    def answers(self) -> dict[str, str]:
        return {asked.name: self.cleaned_data.get(asked.name, "") for asked in self.paper_form.questions}


class ServiceForm(_Told):
    """How a paper was served by one way, with only the fields this way asks for."""

    way = forms.CharField(widget=forms.HiddenInput, max_length=12)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, rule: WayOfService, paper: ServedPaper,
        stood: PaperService | None = None,
    ) -> None:  # fmt: skip
        self.rule, self.paper = rule, paper
        super().__init__(data, files, initial=_start(rule, paper, stood))
        for name, field in _fields(rule).items():
            self.fields[name] = field
        if paper.state == ServedState.SERVED:
            self.fields["reason"] = forms.CharField(
                label=_("更正的原因"), max_length=200, error_messages={"required": _("请写明更正的原因。")}
            )
            return
        self.fields["scan"] = CheckedFile(
            kinds=SCANS,
            most=20,
            required=False,
            label=_("签了名的回证(扫描件或者照片)"),
            help_text=_("没有回证先不选:登记为送出,回证回来后再归入;有了回证才算送达"),
        )
        self.fields["typed_code"] = forms.CharField(
            label=_("核验码"), required=False, max_length=40, help_text=_("读不到二维码时,照纸上录入 16 位核验码")
        )

    @property
    def told(self) -> Told:
        clean = self.cleaned_data
        words = {name: str(clean.get(name) or "") for name in LENGTHS}
        return Told(
            self.rule.way, clean["sent_on"], clean.get("received_on"), str(clean.get("receiver") or ""), words
        )


def _start(rule: WayOfService, paper: ServedPaper, stood: PaperService | None) -> dict[str, Any]:
    start: dict[str, Any] = {"way": rule.way, "version": paper.version, "sent_on": clock.today(), "receiver": Receiver.SELF}
    if stood is not None and stood.way == rule.way:
        start |= stood.words | {"sent_on": stood.sent_on, "received_on": stood.received_on}
        start["receiver"] = stood.receiver or Receiver.SELF
    return start


def _fields(rule: WayOfService) -> dict[str, forms.Field]:
    sent = {ServiceWay.LEFT: _("留置日期"), ServiceWay.NOTICE: _("公告日期"), ServiceWay.DIRECT: _("送达日期")}
    found: dict[str, forms.Field] = {
        "sent_on": forms.DateField(
            label=sent.get(ServiceWay(rule.way), _("送出日期")), widget=DAY, error_messages={"required": _("请填日期。")}
        )
    }
    handed = rule.way not in (ServiceWay.LEFT, ServiceWay.NOTICE)
    if handed:
        hint = _("本人或者代收人签名的日期;还没有收到的不填")
        found["received_on"] = forms.DateField(label=_("签收日期"), widget=DAY, required=False, help_text=hint)
        found["receiver"] = forms.ChoiceField(label=_("由谁签收"), choices=Receiver.choices, required=False)
    wanted = [name for name in WORDS if name in rule.needs]
    optional = ["receiver_name", "relation"] if handed else []
    for name in (*wanted, *optional, *([] if rule.way == ServiceWay.NOTICE else ["servers"])):
        found[name] = forms.CharField(label=WORDS[name], max_length=LENGTHS[name], required=False)
    return found


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200)
    version = forms.IntegerField()


class FilterForm(forms.Form):
    """The register: whose numbers, which year, which form, in which state."""

    def __init__(self, data: Any, *, units: list[tuple[str, str]], years: list[int], kinds: list[tuple[str, str]],
                 states: list[tuple[str, str]]) -> None:  # fmt: skip
        super().__init__(data, auto_id="register_%s")
        everything = [("", _("全部"))]
        self.fields["unit"] = forms.ChoiceField(label=_("单位"), choices=everything + units, required=False)
        self.fields["year"] = forms.ChoiceField(
            label=_("年度"), choices=everything + [(str(year), str(year)) for year in years], required=False
        )
        self.fields["kind"] = forms.ChoiceField(label=_("文种或文书"), choices=everything + kinds, required=False)
        self.fields["state"] = forms.ChoiceField(label=_("状态"), choices=everything + states, required=False)

    def asked(self) -> dict[str, str]:
        """What was chosen; anything that is no choice counts as not asked."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
