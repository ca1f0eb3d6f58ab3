"""The only writers of accounts and role grants."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from qingyuan.foundation import audit
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Division, RoleGrant, Unit
from qingyuan.organisation.permissions import may_grant, may_revoke
from qingyuan.organisation.rules import unit_side


class GrantRefused(ValueError):
    """The grant would break the policy; the message says which rule and what to do."""


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
    account.save(update_fields=["password"])
    audit.record_write(by=by, act="accounts.password", ledger="accounts", rows=[], summary=account.username)
