"""What one's own page says about one's own grants, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.organisation.enums import Role, Rows
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.organisation.policy import Rule
from qingyuan.organisation.scope import rules_of
from qingyuan.web import rule_words


@dataclass(frozen=True)
class GrantWords:
    role: str
    division: str
    since: date
    until: date | None
    granted_by: str
    reason: str
    rights: list[str]


@dataclass(frozen=True)
class DemoAccount:
    username: str
    name: str
    unit: str
    role: str


def grants_in_words(account: Account, on: date) -> list[GrantWords]:
    """The grants of ``account`` in force on day ``on`` and what each opens."""
    return [
        GrantWords(
            role=str(Role(grant.role).label),
            division=grant.division.name,
            since=grant.start,
            until=grant.end,
            granted_by=grant.granted_by,
            reason=grant.reason,
            rights=[_right(rule) for rule in rules_of(Role(grant.role))],
        )
        for grant in account.grants.on(on).select_related("division").order_by("pk")
    ]


def _right(rule: Rule) -> str:
    """「社区戒毒康复:本人服务对象;可查看、导出、登记;姓名不遮盖」"""
    parts = {"what": rule_words.what(rule), "rows": Rows(rule.rows).label, "acts": rule_words.acts(rule)}
    words = _("%(what)s:%(rows)s,可%(acts)s") % parts
    return words + (_(";姓名不遮盖") if rule.clear else "")


def demo_accounts(on: date, preferred: Collection[str] = ()) -> list[DemoAccount]:
    """One account per role, in the order of the road from town to city: who one can be in the demo city.

    ``preferred`` usernames stand for their role before any other (the town in which there is something to see).
    """
    grants = RoleGrant.objects.on(on).filter(account__is_active=True).select_related("account__unit").order_by("pk")
    chosen: dict[str, RoleGrant] = {}
    for grant in sorted(grants, key=lambda grant: grant.account.username not in preferred):
        chosen.setdefault(grant.role, grant)
    return [
        DemoAccount(
            username=chosen[role].account.username,
            name=chosen[role].account.name,
            unit=chosen[role].account.unit.label,
            role=str(role.label),
        )
        for role in Role
        if role in chosen
    ]
