"""The one who acts: an immutable value built once per request, command or job."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account


@dataclass(frozen=True)
class Grant:
    """One role over one division subtree; ``unit_id`` is the unit the account belongs to."""

    role: Role
    division_id: int
    unit_id: int


@dataclass(frozen=True)
class Actor:
    account_id: int | None
    username: str
    name: str
    unit_id: int | None
    unit_name: str = ""
    division_id: int | None = None
    division_level: str = ""
    grants: tuple[Grant, ...] = field(default=())

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None

    def has_role(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


ANONYMOUS = Actor(account_id=None, username="", name="", unit_id=None)


def actor_of(account: Account, on: date) -> Actor:
    """The actor behind ``account`` with the grants in force on day ``on``; no grants for a disabled account."""
    grants: tuple[Grant, ...] = ()
    if account.is_active:
        grants = tuple(
            Grant(role=Role(grant.role), division_id=grant.division_id, unit_id=account.unit_id)
            for grant in account.grants.on(on).order_by("pk")
        )
    unit = account.unit
    return Actor(
        account_id=account.pk,
        username=account.username,
        name=account.name,
        unit_id=unit.pk,
        unit_name=unit.label,
        division_id=unit.division_id,
        division_level=unit.division.level,
        grants=grants,
    )
