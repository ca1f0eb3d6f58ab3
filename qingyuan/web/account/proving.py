"""The one form with which an account proves itself, at signing in and when asked again: a code, a passkey, or the password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.foundation.audit import record_read
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.models import Account
from qingyuan.web.account import factors, throttle
from qingyuan.web.account.devices import known_device
from qingyuan.web.account.ways import address_of

PROOF_FIELDS: Final = ("proof_code", "proof_passkey", "proof_password")


class ProofForm(forms.Form):
    """Asks for what ``account`` has: codes of the app or on paper, a passkey; the password only where there is no factor."""

    proof_code = forms.CharField(
        label=gettext_lazy("验证码"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("验证器上的 6 位数字,或一个 10 位备用码"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
    proof_password = forms.CharField(
        label=gettext_lazy("口令"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    proof_passkey = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, request: HttpRequest, account: Account) -> None:
        super().__init__(data)
        self.request, self.account = request, account
        held = factors.factors_of(account)
        self.has_factor = held.any
        # The challenge is made anew for every page that is shown; an answer to an older one is none.
        self.question = ""
        if not held.any:
            del self.fields["proof_code"], self.fields["proof_passkey"]
        else:
            del self.fields["proof_password"]
            if held.app is None and held.codes_left is None:
                del self.fields["proof_code"]
            if not held.passkeys:
                del self.fields["proof_passkey"]

    def ask(self) -> ProofForm:
        """Ready to be shown: with a fresh challenge where there is a passkey."""
        if "proof_passkey" in self.fields:
            self.question = factors.passkey_question(self.account)
        return self

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {name: cleaned.get(name) or "" for name in PROOF_FIELDS}
        if not any(given.values()):
            raise forms.ValidationError(self._missing())
        # Codes and passkeys are counted for the account too: they are short, and asked only after the right password.
        who, address = f"{self.account.username}\0proof", address_of(self.request)
        device = known_device(self.request, self.account.username)
        trying = throttle.begin(who, address, device=device, everywhere=True)
        if trying.wait:
            raise forms.ValidationError(throttle.words(trying.wait))
        if self._proves(given):
            trying.succeeded()
            return cleaned
        self._note_failure()
        raise forms.ValidationError(self._wrong())

    def _proves(self, given: Mapping[str, str]) -> bool:
        if not self.has_factor:
            found = authenticate(self.request, username=self.account.username, password=given["proof_password"])
            return found is not None and found.pk == self.account.pk
        factor = None
        if given["proof_passkey"]:
            factor = factors.check_passkey(self.account, given["proof_passkey"])
        elif given["proof_code"]:
            factor = factors.check_code(self.account, given["proof_code"])
        if factor is None:
            return False
        factors.used(self.request, self.account, factor)
        return True

    def _missing(self) -> str:
        if not self.has_factor:
            return _("请填写口令。")
        if "proof_code" in self.fields:
            return _("请填写验证码,或使用通行密钥。") if "proof_passkey" in self.fields else _("请填写验证码。")
        return _("请使用通行密钥。")

    def _wrong(self) -> str:
        if not self.has_factor:
            return _("口令不对,请重新输入。")
        return _("验证没有通过。请用最新的验证码重试;手机和备用码都丢了,请找安全管理员当面重置。")

    def _note_failure(self) -> None:
        actor = actor_of(self.account, clock.today())
        record_read(by=actor, act="proof_failed", ledger="", path=self.request.path, address=address_of(self.request))
