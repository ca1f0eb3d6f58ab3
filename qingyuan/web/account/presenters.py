"""What one's own page says about one's own grants, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Action, Role, Rows
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.organisation.policy import POLICY, Rule, needs_second_factor
from qingyuan.web.account.factors import accounts_with_factor


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
            rights=[_right(rule) for rule in POLICY if rule.role == grant.role],
        )
        for grant in account.grants.on(on).select_related("division").order_by("pk")
    ]


def _right(rule: Rule) -> str:
    """「社区戒毒康复:本人服务对象;可查看、导出、登记;姓名不遮盖」"""
    what = str(Compartment(rule.compartment).label)
    if rule.ledgers:
        titles = {ledger.code: str(ledger.title) for ledger in registry.all_ledgers()}
        what = _("、").join(titles.get(code, code) for code in sorted(rule.ledgers))
    acts = _("、").join(str(action.label) for action in Action if action in rule.actions)
    words = _("%(what)s:%(rows)s,可%(acts)s") % {"what": what, "rows": Rows(rule.rows).label, "acts": acts}
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


@dataclass(frozen=True)
class AccountLine:
    """An account as the security officer sees it: who, where, in which roles, and how it signs in."""

    id: int
    username: str
    name: str
    unit: str
    roles: list[str]
    last: datetime | None
    state: str
    tone: str
    factor: str
    factor_tone: str

    @classmethod
    def of(cls, account: Account, has_factor: bool) -> AccountLine:
        """``account`` comes from ``queries.accounts_kept_by``, with its grants in force."""
        grants: list[RoleGrant] = account.grants_now  # type: ignore[attr-defined]
        roles = frozenset(Role(grant.role) for grant in grants)
        state, tone = _state(account)
        factor, factor_tone = (_("已添加"), "good") if has_factor else (_("没有"), "calm")
        if not has_factor and needs_second_factor(roles):
            factor, factor_tone = _("没有,角色要求"), "soon"
        return cls(
            id=account.pk,
            username=account.username,
            name=account.name,
            unit=account.unit.label,
            roles=[f"{role.label}" for role in Role if role in roles],
            last=account.last_login,
            state=state,
            tone=tone,
            factor=factor,
            factor_tone=factor_tone,
        )


def _state(account: Account) -> tuple[str, str]:
    if not account.is_active:
        return _("已停用"), "calm"
    if account.must_set_password:
        return _("等本人设口令"), "soon"
    return (_("正常"), "good") if account.has_usable_password() else (_("没有口令"), "calm")


def account_lines(found: Iterable[Account], asked: str) -> list[AccountLine]:
    """The lines of ``found`` that have ``asked`` in the account, the name or the unit."""
    held = accounts_with_factor()
    lines = (AccountLine.of(account, account.pk in held) for account in found)
    return [
        line
        for line in lines
        if not asked or asked.casefold() in f"{line.username}\0{line.name}\0{line.unit}".casefold()
    ]
