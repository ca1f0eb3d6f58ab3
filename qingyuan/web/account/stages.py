"""The stages between a right password and being in, in allauth's terms."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect

from qingyuan.organisation.models import Account
from qingyuan.web.account import factors


class SecondFactorStage(LoginStage):
    """Whoever has a second factor is asked for it, in whatever role and by whichever way he comes."""

    key: Final = "second_factor"
    urlname = "web:second-factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        account = self.login.user
        if isinstance(account, Account) and factors.has_factor(account):
            return redirect(self.urlname), True
        return None, True

    def abort(self) -> HttpResponse:
        clear_login(self.request)
        return redirect("web:sign-in")
