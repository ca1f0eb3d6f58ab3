"""Signing in and out, one's own page, one's own words: language, password, factors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.organisation.models import Account


class SignInForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填写账号。")},
    )
    password = forms.CharField(
        label=gettext_lazy("口令"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填写口令。")},
    )


class NewPasswordForm(forms.Form):
    """A new password for somebody who came in with a one-time code."""

    new = forms.CharField(
        label=gettext_lazy("新口令"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输入一次"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if self.account.check_password(new):
            raise forms.ValidationError(_("新口令要和现在的不一样。"))
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新口令不一样。"))
        return cleaned


class PasswordForm(NewPasswordForm):
    """A new password, after the old one."""

    old = forms.CharField(
        label=gettext_lazy("现在的口令"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "new", "again")

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise forms.ValidationError(_("现在的口令不对,请重新输入。"))
        return old


class AppForm(forms.Form):
    """The first code of an app that is being added."""

    code = forms.CharField(
        label=gettext_lazy("手机上显示的 6 位数字"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写手机上显示的数字。")},
    )


class PasskeyForm(forms.Form):
    """A passkey the browser has made."""

    name = forms.CharField(
        label=gettext_lazy("叫什么"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("方便以后认出来,如“办公室的安全密钥”"),
    )
    answer = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("通行密钥没有建成。请再试一次,按浏览器的提示触摸密钥或验证指纹。")},
    )


class ResetForm(forms.Form):
    """What the security officer does for somebody who stands before him, and how he knows who it is."""

    PASSWORD, FACTORS, BOTH = "password", "factors", "both"
    what = forms.ChoiceField(
        label=gettext_lazy("重置什么"),
        choices=[
            (PASSWORD, gettext_lazy("口令:给一个一次性口令")),
            (FACTORS, gettext_lazy("第二因素:去掉全部验证器、通行密钥和备用码")),
            (BOTH, gettext_lazy("两样都重置")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择重置什么。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("事由和核实方式"),
        max_length=200,
        help_text=gettext_lazy("如“本人持工作证当面申请”,记入审计"),
        error_messages={"required": gettext_lazy("请写明事由和怎样核实了本人。")},
    )


class SubjectForm(forms.Form):
    """By which word the government's sign-on knows the account."""

    subject = forms.CharField(
        label=gettext_lazy("用户标识(sub)"),
        required=False,
        max_length=191,
        help_text=gettext_lazy("由统一身份认证的管理员提供,区分大小写;留空并保存就是取消。只存摘要。"),
    )


class TokenForm(forms.Form):
    """A key for a program of one's own."""

    purpose = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=60,
        help_text=gettext_lazy("哪个程序、做什么,如“县局平台每晚取数”"),
        error_messages={"required": gettext_lazy("请写明用途。")},
    )
    last_day = forms.DateField(
        label=gettext_lazy("有效至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("最长一年,到期再换"),
        error_messages={"required": gettext_lazy("请选有效期。"), "invalid": gettext_lazy("请写成 2022-10-13。")},
    )
