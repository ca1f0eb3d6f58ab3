"""The only writers of accounts and role grants."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Division, RoleGrant, Unit
from qingyuan.organisation.permissions import may_grant, may_reset, may_revoke
from qingyuan.organisation.rules import unit_side

CODE_LASTS: Final = timedelta(hours=24)
# Without what looks alike on paper (0 o, 1 l i): sixteen of these are 77 bits.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class GrantRefused(ValueError):
    """The grant would break the policy; the message says which rule and what to do."""


class ResetRefused(ValueError):
    """The account is not this officer's to reset, or no reason was given; the message says what to do."""


@transaction.atomic
def create(
    *, username: str, name: str, unit: Unit, password: str | None = None, encoded: str = "", by: Actor
) -> Account:
    """A new account without any role. Without ``password`` nobody can sign in until one is set.

    ``encoded`` is a password hashed before (accounts moved from elsewhere, or many with one first password).
    """
    account = Account(username=username, name=name, unit=unit)
    if encoded:
        account.password = encoded
    else:
        account.set_password(password)
    account.save()
    audit.record_write(by=by, act="accounts.create", ledger="accounts", rows=[], summary=username)
    return account


@transaction.atomic
def grant(*, account: Account, role: Role, division: Division, start: date, by: Actor, reason: str = "") -> RoleGrant:
    """Grant ``role`` over ``division`` from ``start``. Raises GrantRefused, also on secondment."""
    # The new grant has no end, so it meets every grant that has not ended by then, also one that begins later.
    held = frozenset(Role(value) for value in account.grants.not_ended_by(start).values_list("role", flat=True))
    unit = account.unit
    decision = may_grant(by, held=held, new=role, unit_side=unit_side(unit.kind, unit.zone))
    if not decision.allowed:
        raise GrantRefused(decision.reason)
    granted = RoleGrant.objects.create(
        account=account, role=role, division=division, start=start, granted_by=by.name, reason=reason
    )
    audit.record_write(
        by=by,
        act="accounts.grant",
        ledger="accounts",
        rows=[],
        division_id=division.pk,
        reason=reason,
        summary=f"{account.username} {role}",
    )
    return granted


@transaction.atomic
def revoke(*, grant: RoleGrant, end: date, by: Actor, reason: str) -> None:
    """End a grant on day ``end`` (the first day without it). Raises GrantRefused unless a security officer does it."""
    decision = may_revoke(by)
    if not decision.allowed:
        raise GrantRefused(decision.reason)
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
def change_password(*, account: Account, password: str, by: Actor) -> None:
    """Set a checked new password; sessions opened with the old one end. The password itself is never audited."""
    account.set_password(password)
    account.code_until = account.code_used_at = None
    account.save(update_fields=["password", "code_until", "code_used_at"])
    audit.record_write(by=by, act="accounts.password", ledger="accounts", rows=[], summary=account.username)


@transaction.atomic
def reset_password(*, account: Account, reason: str, by: Actor, on: date) -> str:
    """Replace a lost password by a one-time code and return it: it is told now and kept nowhere in clear.

    It opens the account once within ``CODE_LASTS``, and then only the page on which a new password is set; sessions
    opened before end. Raises ResetRefused.
    """
    decision = may_reset(by, account, on)
    if not decision.allowed:
        raise ResetRefused(decision.reason)
    if not reason.strip():
        raise ResetRefused(_("请写明事由和怎样核实了本人,如“持工作证当面”。"))
    code = new_code()
    account.set_password(code)
    account.code_until, account.code_used_at = clock.now() + CODE_LASTS, None
    account.save(update_fields=["password", "code_until", "code_used_at"])
    audit.record_write(
        by=by, act="accounts.reset_password", ledger="accounts", reason=reason.strip(), summary=account.username
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
