"""The only writers of accounts and role grants."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actions.stays import of_role, refuse_across, stays_of
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, ApiToken, Division, RoleGrant, Unit
from qingyuan.organisation.permissions import may_grant, may_keep_accounts, may_reset, may_revoke
from qingyuan.organisation.rules import unit_side

CODE_LASTS: Final = timedelta(hours=24)
# Without what looks alike on paper (0 o, 1 l i): sixteen of these are 77 bits.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class GrantRefused(ValueError):
    """The grant would break the policy; the message says which rule and what to do."""


def require(decision: Decision) -> None:
    """Raise GrantRefused unless allowed."""
    if not decision.allowed:
        raise GrantRefused(decision.reason)


def locked(account: Account) -> Account:
    """The account, held until the transaction ends: two grants to one account wait for each other."""
    return Account.objects.select_for_update(of=("self",)).select_related("unit").get(pk=account.pk)


@transaction.atomic
def create(
    *, username: str, name: str, unit: Unit, password: str | None = None, encoded: str = "", by: Actor
) -> Account:
    """A new account without any role. Without ``password`` nobody can sign in until one is set.

    ``encoded`` is a password hashed before (accounts moved from elsewhere, or many with one first password).
    """
    require(may_keep_accounts(by, _asked(by, unit.division_id)))
    account = Account(username=username, name=name, unit=unit)
    if encoded:
        account.password = encoded
    else:
        account.set_password(password)
    account.save()
    audit.record_write(by=by, act="accounts.create", ledger="accounts", rows=[], summary=username)
    return account


@transaction.atomic
def grant(
    *,
    account: Account,
    role: Role,
    division: Division,
    start: date,
    by: Actor,
    reason: str = "",
    end: date | None = None,
) -> RoleGrant:
    """Grant ``role`` over ``division`` in [start, end). Raises GrantRefused, also on secondment.

    A role stands beside everything that puts the account on a side meanwhile: its unit, its other roles and the posts it
    holds elsewhere, past, running or to come.
    """
    held = locked(account)
    if end is not None and end <= start:
        raise GrantRefused(_("止日要在起日之后。"))
    # Without an end the new grant meets every grant that has not ended by then, also one that begins later.
    others = held.grants.not_ended_by(start)
    if end is not None:
        others = others.filter(start__lt=end)
    decision = may_grant(
        by,
        held=frozenset(Role(value) for value in others.values_list("role", flat=True)),
        new=role,
        unit_side=unit_side(held.unit.kind, held.unit.zone),
        division_id=_asked(by, division.pk),
        to_account=held.pk,
    )
    require(decision)
    refuse_across(of_role(role, start, end), stays_of(held), GrantRefused)
    if others.filter(role=role, division=division).exists():
        raise GrantRefused(_("这个账号在这段时间已有这个角色和区划,不必再授。"))
    granted = RoleGrant.objects.create(
        account=held, role=role, division=division, start=start, end=end, granted_by=by.name, reason=reason
    )
    audit.record_write(
        by=by,
        act="accounts.grant",
        ledger="accounts",
        rows=[],
        division_id=division.pk,
        reason=reason,
        summary=f"{held.username} {role}",
    )
    return granted


@transaction.atomic
def revoke(*, grant: RoleGrant, end: date, by: Actor, reason: str) -> None:
    """End a grant on day ``end`` (the first day without it). Raises GrantRefused unless a security officer does it.

    An end never moves outwards: a role that runs on is granted anew, so that the walls are asked again.
    """
    require(may_revoke(by))
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("account").get(pk=grant.pk)
    require(may_keep_accounts(by, _asked(by, grant.division_id)))
    if grant.end is not None and end > grant.end:
        raise GrantRefused(_("只能提前结束;要延长的,请另授一次。"))
    if end <= grant.start:
        raise GrantRefused(_("止日要在起日之后;当天授错的,止日填明天。"))
    grant.end = end
    grant.save(update_fields=["end"])
    audit.record_write(
        by=by,
        act="accounts.revoke",
        ledger="accounts",
        rows=[],
        division_id=grant.division_id,
        reason=reason,
        summary=f"{grant.account.username} {grant.role}",
    )


@transaction.atomic
def disable(*, account: Account, by: Actor, reason: str) -> None:
    """Nobody signs in with the account any more; its tokens end with it, its roles stay on record. Twice is once."""
    held = locked(account)
    require(may_keep_accounts(by, _asked(by, held.unit.division_id)))
    if held.pk == by.account_id:
        raise GrantRefused(_("不能停用自己的账号:请另一位安全管理员办理。"))
    if not reason.strip():
        raise GrantRefused(_("请写明停用的事由。"))
    if not held.is_active:
        return
    held.is_active = False
    held.save(update_fields=["is_active"])
    tokens = ApiToken.objects.filter(account=held, withdrawn_at=None).count()
    audit.record_write(
        by=by,
        act="accounts.disable",
        ledger="accounts",
        rows=[],
        division_id=held.unit.division_id,
        reason=reason,
        summary=f"{held.username} tokens:{tokens}",
    )


@transaction.atomic
def change_password(*, account: Account, password: str, by: Actor) -> None:
    """Set a checked new password; sessions opened with the old one end. The password itself is never audited."""
    account.set_password(password)
    account.code_until = account.code_used_at = None
    account.save(update_fields=["password", "code_until", "code_used_at"])
    audit.record_write(by=by, act="accounts.password", ledger="accounts", rows=[], summary=account.username)


@transaction.atomic
def reset_password(*, account: Account, by: Actor, reason: str) -> str:
    """A one-time code instead of the password, told now to whoever hands it over and kept nowhere in clear.

    It opens the account once within ``CODE_LASTS``, and then only the page on which a new password is set; sessions
    opened before end. Raises GrantRefused.
    """
    held = locked(account)
    require(may_reset(by, held))
    if not reason.strip():
        raise GrantRefused(_("请写明事由和怎样核实了本人,如“持工作证当面”。"))
    return _give_code(held, reason, "accounts.reset", by)


def recover_password(*, account: Account, reason: str, by: Actor) -> str:
    """``reset_password`` where nobody is left who may: by a command on the server, which has asked who it is and why.

    Inside the caller's transaction, with ``account`` held.
    """
    return _give_code(account, reason, "accounts.recover", by)


def _give_code(held: Account, reason: str, act: str, by: Actor) -> str:
    code = new_code()
    held.set_password(code)
    held.code_until, held.code_used_at = clock.now() + CODE_LASTS, None
    held.save(update_fields=["password", "code_until", "code_used_at"])
    audit.record_write(
        by=by,
        act=act,
        ledger="accounts",
        rows=[],
        division_id=held.unit.division_id,
        reason=reason,
        summary=held.username,
    )
    return code


def code_opens(account: Account) -> bool:
    """Whether the password of ``account`` still opens: a real one always, a one-time code once and in time."""
    if account.code_until is None:
        return True
    return account.code_used_at is None and clock.now() < account.code_until


@transaction.atomic
def use_code(*, account: Account, by: Actor) -> bool:
    """Spend the one-time code with which ``account`` has just come in. False when another window was faster."""
    spent = Account.objects.filter(pk=account.pk, code_until__isnull=False, code_used_at=None).update(
        code_used_at=clock.now()
    )
    if spent:
        audit.record_write(by=by, act="accounts.use_code", ledger="accounts", summary=account.username)
    return bool(spent)


def new_code() -> str:
    """«abcd-efgh-jkmn-pqrs»: sixteen letters and digits, in fours as one reads them out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _each in range(4)) for _group in range(4))


def _asked(by: Actor, division_id: int) -> int | None:
    """The division to be asked about; whoever founds the city before there is any account has none."""
    return division_id if by.account_id is not None else None
