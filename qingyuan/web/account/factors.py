"""Second factors of an account: an app with changing codes, passkeys, and codes on paper for the day both are lost.

The only writer of allauth's authenticators. Secrets stand encrypted under the city's keys (``adapters.FactorAdapter``);
a code that was used is no code any more. Every change is in the audit of writes, in its own transaction.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Final

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.organisation.actions import sign_ins
from qingyuan.organisation.actions.accounts import GrantRefused, require
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account
from qingyuan.organisation.permissions import may_reset

Type = Authenticator.Type
# What a browser's answer can be that is none: the library checks signatures, not the shape of nonsense.
_NOT_AN_ANSWER: Final = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)
MOST_PASSKEYS: Final = 8
LONGEST_NAME: Final = 30
# The time in which a code is good: its own period and the tolerated ones before and after.
CODE_IS_REMEMBERED: Final = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)


class FactorRefused(ValueError):
    """The factor is not changed; the message says why and what to do."""


@dataclass(frozen=True)
class Factors:
    """What an account holds. ``codes_left`` None: no paper codes were made."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes_left: int | None = None

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def factors_of(account: Account) -> Factors:
    held = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at", "pk"))
    paper = next((one for one in held if one.type == Type.RECOVERY_CODES), None)
    return Factors(
        app=next((one for one in held if one.type == Type.TOTP), None),
        passkeys=[one for one in held if one.type == Type.WEBAUTHN],
        codes_left=len(RecoveryCodes(paper).get_unused_codes()) if paper else None,
    )


def _real(account_id: int) -> QuerySet[Authenticator]:
    """Factors that count as one; paper codes only stand in for them."""
    return Authenticator.objects.filter(user_id=account_id, type__in=(Type.TOTP, Type.WEBAUTHN))


def has_factor(account: Account) -> bool:
    return _real(account.pk).exists()


def accounts_with_factor() -> set[int]:
    """The ids of all accounts that have a factor."""
    real = Authenticator.objects.filter(type__in=(Type.TOTP, Type.WEBAUTHN))
    return set(real.values_list("user_id", flat=True))


# --- proving ----------------------------------------------------------------------------------------------------------
def check_code(account: Account, typed: str) -> Authenticator | None:
    """The factor whose code was typed: six digits of the app, or a code on paper, which is thereby used up."""
    code = "".join(typed.split()).replace("-", "")
    kinds = {app_settings.TOTP_DIGITS: Type.TOTP, app_settings.RECOVERY_CODE_DIGITS: Type.RECOVERY_CODES}
    kind = kinds.get(len(code))
    if kind is None or not (code.isascii() and code.isdigit()):
        return None
    factor = Authenticator.objects.filter(user_id=account.pk, type=kind).first()
    if factor is None or not factor.wrap().validate_code(code):
        return None
    # allauth remembers a used code in one process's memory; every process asks the same table.
    if kind == Type.TOTP and not sign_ins.spend(_code_key(factor, code), lasts=CODE_IS_REMEMBERED):
        return None
    return factor


def _code_key(factor: Authenticator, code: str) -> str:
    return hashlib.sha256(f"{factor.user_id}\0{factor.pk}\0{code}".encode()).hexdigest()


def check_passkey(account: Account, answer: str) -> Authenticator | None:
    """The passkey that signed the challenge of this session; ``answer`` is the browser's, as JSON."""
    try:
        credential = json.loads(answer)
        webauthn.parse_authentication_response(credential)
        return webauthn.complete_authentication(account, credential)
    except _NOT_AN_ANSWER:
        return None


def passkey_question(account: Account) -> str:
    """What the browser is to sign, as JSON; the challenge is kept in the session."""
    return json.dumps(webauthn.begin_authentication(account))


def used(request: HttpRequest, account: Account, factor: Authenticator) -> None:
    """Remember in the session and on the factor that it has proved its owner."""
    factor.record_usage()
    record_authentication(request, account, "mfa", id=factor.pk, type=factor.type)


# --- changing ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_app(*, account: Account, secret: str, typed: str, by: Actor) -> Authenticator:
    """Take up an app that has shown it knows ``secret``. Raises FactorRefused."""
    if Authenticator.objects.filter(user_id=account.pk, type=Type.TOTP).exists():
        raise FactorRefused(_("已经绑定了一个验证器。换手机时先去掉旧的,再绑定新的。"))
    if not validate_totp_code(secret, "".join(typed.split())):
        raise FactorRefused(_("验证码不对。请看手机上最新的 6 位数字;若一直不对,请校准手机时间。"))
    made = TOTP.activate(account, secret).instance
    _note(by, "factor_add", account, "totp")
    return made


def passkey_offer(account: Account) -> str:
    """What the browser is to make a passkey from, as JSON; the challenge is kept in the session."""
    return json.dumps(webauthn.begin_registration(account, passwordless=False))


@transaction.atomic
def add_passkey(*, account: Account, name: str, answer: str, by: Actor) -> Authenticator:
    """Take up the passkey the browser has made. Raises FactorRefused."""
    if _real(account.pk).filter(type=Type.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise FactorRefused(_("通行密钥最多 %(most)d 个,请先去掉不用的。") % {"most": MOST_PASSKEYS})
    name = name.strip()[:LONGEST_NAME] or get_adapter().generate_authenticator_name(account, Type.WEBAUTHN)
    try:
        credential = json.loads(answer)
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except _NOT_AN_ANSWER:
        raise FactorRefused(_("通行密钥没有建成。请再试一次,按浏览器的提示触摸密钥或验证指纹。")) from None
    made: Authenticator = webauthn.WebAuthn.add(account, name, credential).instance
    _note(by, "factor_add", account, "webauthn")
    return made


@transaction.atomic
def remove(*, account: Account, factor_id: int, needed: bool, by: Actor) -> None:
    """Take off one factor of one's own; with the last one the paper codes go too.

    ``needed``: a role asks for one, so the last cannot go. Raises FactorRefused; Authenticator.DoesNotExist.
    """
    factor = _real(account.pk).select_for_update().get(pk=factor_id)
    others = _real(account.pk).exclude(pk=factor.pk).exists()
    if needed and not others:
        raise FactorRefused(_("您的角色必须有第二因素:请先添加另一个,再去掉这一个。"))
    kind = factor.type
    factor.delete()
    if not others:
        Authenticator.objects.filter(user_id=account.pk).delete()
    _note(by, "factor_remove", account, kind)


@transaction.atomic
def make_codes(*, account: Account, by: Actor) -> list[str]:
    """New codes on paper, told now and never again; older ones stop. Raises FactorRefused without a factor."""
    if not has_factor(account):
        raise FactorRefused(_("备用码只和验证器或通行密钥一起用:请先添加一个。"))
    Authenticator.objects.filter(user_id=account.pk, type=Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(account).generate_codes()
    _note(by, "factor_codes", account, "recovery_codes")
    return codes


@transaction.atomic
def clear(*, account: Account, reason: str, by: Actor) -> None:
    """Take off all factors of somebody who lost them; the owner adds new ones at the next sign-in. Raises GrantRefused."""
    require(may_reset(by, account))
    if not reason.strip():
        raise GrantRefused(_("请写明事由和怎样核实了本人,如“持工作证当面”。"))
    Authenticator.objects.filter(user_id=account.pk).delete()
    audit.record_write(
        by=by, act="accounts.factor_clear", ledger="accounts", reason=reason.strip(), summary=account.username
    )


def _note(by: Actor, act: str, account: Account, kind: str) -> None:
    audit.record_write(by=by, act=f"accounts.{act}", ledger="accounts", summary=f"{account.username} {kind}")
