"""The one who acts: an immutable value built once per request, command or job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Responsibility, Role
from qingyuan.organisation.models import Account, EmergencyLook, PostTerm, Substitution
from qingyuan.organisation.policy import SUBSTITUTED

LEADING = (Responsibility.FIRST, Responsibility.DIRECT, Responsibility.HEAD)


@dataclass(frozen=True)
class Grant:
    """One role over one division subtree; ``unit_id`` is the unit the account belongs to. ``for_account``: whose role it is, when
    it is that of somebody who is away."""

    role: Role
    division_id: int
    unit_id: int
    for_account: int | None = None


@dataclass(frozen=True)
class StandIn:
    """Acting for somebody who is away: on whose account and grants, for ``scope`` to read."""

    substitution_id: UUID
    account_id: int
    name: str
    unit_id: int
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class Opened:
    """What an emergency look of this account opens: rows of one compartment, until a moment."""

    look_id: UUID
    compartment: Compartment
    role: Role
    until: datetime
    row_ids: frozenset[UUID]


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
    stands_in: tuple[StandIn, ...] = field(default=())

    @property
    def acts_for(self) -> str:
        """The names of those the account acts for today, for the audit; empty when it acts for itself alone."""
        return "、".join(one.name for one in self.stands_in)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None

    def has_role(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @cached_property
    def leads(self) -> bool:
        """Whether the account holds a leading post of its own unit today."""
        terms = PostTerm.objects.on(clock.today()).filter(
            account_id=self.account_id or 0, post__unit_id=self.unit_id or 0
        )
        return self.account_id is not None and terms.filter(post__responsibility__in=LEADING).exists()

    @cached_property
    def opened(self) -> tuple[Opened, ...]:
        """The account's emergency looks, read once when first asked for. ``scope`` is what reads them for a decision, and
        looks at the clock again each time; nothing for an account without a role."""
        if self.account_id is None or not self.grants:
            return ()
        live = EmergencyLook.objects.live_at(clock.now()).filter(account_id=self.account_id, unit_id=self.unit_id or 0)
        return tuple(
            Opened(
                look_id=look.pk,
                compartment=Compartment(look.compartment),
                role=Role(look.role),
                until=look.until,
                row_ids=frozenset(row.row_id for row in look.rows.all()),
            )
            for look in live.prefetch_related("rows")
            if look.role in self.roles
        )

    def emergency_behind(self, row_ids: Iterable[UUID | str | int]) -> UUID | None:
        """The emergency look on which reading these rows rests, for the read audit; None when it rests on none."""
        opened = self.opened
        if not opened:
            return None
        seen, now = {str(row_id) for row_id in row_ids}, clock.now()
        return next(
            (one.look_id for one in opened if one.until > now and any(str(row) in seen for row in one.row_ids)), None
        )


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
        stands_in=_stands_in(account, on) if grants else (),
    )


def _stands_in(account: Account, on: date) -> tuple[StandIn, ...]:
    """Whom ``account`` acts for on a day, with their roles of that day; nobody whose account is closed."""
    found = Substitution.objects.on(on).filter(substitute=account, absent__is_active=True, absent__unit=account.unit_id)
    return tuple(
        StandIn(
            substitution_id=one.pk,
            account_id=one.absent_id,
            name=one.absent.name,
            unit_id=one.absent.unit_id,
            grants=tuple(
                Grant(Role(grant.role), grant.division_id, one.absent.unit_id, for_account=one.absent_id)
                for grant in one.absent.grants.on(on).order_by("pk")
                if Role(grant.role) in SUBSTITUTED
            ),
        )
        for one in found.select_related("absent").order_by("start", "pk")
    )
