"""Which channels and hours; an address; the code that proves it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.enums import Channel
from qingyuan.casework.models import ReminderChoice
from qingyuan.organisation.enums import ContactChannel


class ChoiceForm(forms.Form):
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("从哪里提醒我"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("先填写并核实联系方式,再选用这个渠道。")},
    )
    quiet_from = forms.TypedChoiceField(label=gettext_lazy("免打扰起"), coerce=int)
    quiet_to = forms.TypedChoiceField(label=gettext_lazy("免打扰止"), coerce=int)
    digest_hour = forms.TypedChoiceField(label=gettext_lazy("每日提示时间"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choice: ReminderChoice, usable: list[str], **kwargs: Any) -> None:
        named = [channel for channel in Channel if channel == Channel.IN_PAGE or channel in usable]
        kwargs["initial"] = {
            "channels": [channel.value for channel in named if choice.wants(channel)],
            "quiet_from": choice.quiet_from,
            "quiet_to": choice.quiet_to,
            "digest_hour": choice.digest_hour,
            "version": choice.version,
        }
        super().__init__(*args, **kwargs)
        hours = [(hour, _("%(hour)d 点") % {"hour": hour}) for hour in range(24)]
        for name in ("quiet_from", "quiet_to", "digest_hour"):
            self._choices(name, hours)
        self._choices("channels", [(channel.value, str(channel.label)) for channel in named])

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AddressForm(forms.Form):
    channel = forms.ChoiceField(choices=ContactChannel.choices, widget=forms.HiddenInput)
    address = forms.CharField(
        label=gettext_lazy("联系地址"), max_length=120, error_messages={"required": gettext_lazy("请填写联系地址。")}
    )


class CodeForm(forms.Form):
    channel = forms.ChoiceField(choices=ContactChannel.choices, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("请填写收到的 6 位数字。")},
    )
