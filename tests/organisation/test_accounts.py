"""Grants: only the security officer gives them, and none joins the two sides of a wall, also later or on secondment."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.enums import Role, Side
from qingyuan.organisation.models import Account, RoleGrant, Unit
from qingyuan.organisation.rules import unit_side
from tests.cast import TODAY, City

pytestmark = pytest.mark.django_db


def newcomer(city: City, unit: str = "longdong", kind: str = "town") -> Account:
    Unit.objects.filter(code=unit).update(kind=kind)
    return accounts.create(
        username="newcomer", name="新人", unit=Unit.objects.get(code=unit), password=None, by=city.actor("security")
    )


def give(city: City, account: Account, role: Role, start: date = TODAY, who: str = "security") -> RoleGrant:
    return accounts.grant(
        account=account, role=role, division=city.divisions["龙洞镇"], start=start, by=city.actor(who), reason="测试"
    )


def test_a_new_account_holds_nothing_and_cannot_sign_in_without_a_password(city: City) -> None:
    account = newcomer(city)
    assert actor_of(account, TODAY).grants == ()
    assert not account.has_usable_password()
    assert WriteEntry.objects.filter(act="accounts.create", summary="newcomer").exists()


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "auditor", "officer"])
def test_only_the_security_officer_grants_and_revokes(city: City, who: str) -> None:
    account = newcomer(city)
    with pytest.raises(GrantRefused, match="安全管理员"):
        give(city, account, Role.AUDITOR, who=who)
    granted = give(city, account, Role.CASEWORKER)
    with pytest.raises(GrantRefused, match="安全管理员"):
        accounts.revoke(grant=granted, end=date(2022, 12, 1), by=city.actor(who), reason="测试")
    granted.refresh_from_db()
    assert granted.end is None


def test_roles_on_both_sides_of_a_wall_are_refused_with_what_to_do(city: City) -> None:
    account = newcomer(city)
    give(city, account, Role.CASEWORKER)
    for role in (Role.POLICE_OFFICER, Role.COMMISSION_CLERK, Role.PROSECUTOR, Role.DOCTOR):
        with pytest.raises(GrantRefused, match="墙"):
            give(city, account, role)
    give(city, account, Role.TOWN_SUPERVISOR)
    assert RoleGrant.objects.filter(account=account).count() == 2


def test_a_grant_that_would_meet_a_later_one_is_refused(city: City) -> None:
    """The helper's role begins next year; an open police role from today would stand beside it then."""
    account = newcomer(city)
    give(city, account, Role.CASEWORKER, start=date(2023, 1, 1))
    with pytest.raises(GrantRefused, match="墙"):
        give(city, account, Role.PROSECUTOR, start=TODAY)


def test_after_a_role_has_ended_the_other_side_is_open_again(city: City) -> None:
    account = newcomer(city, "education", "education")
    old = give(city, account, Role.CASEWORKER, start=date(2022, 1, 1))
    accounts.revoke(grant=old, end=TODAY, by=city.actor("security"), reason="转岗")
    give(city, account, Role.UNIT_LIAISON)
    give(city, account, Role.PROSECUTOR)
    assert actor_of(account, TODAY).roles == {Role.UNIT_LIAISON, Role.PROSECUTOR}
    assert actor_of(account, date(2022, 6, 1)).roles == {Role.CASEWORKER}


@pytest.mark.parametrize(
    ("unit", "kind", "role"),
    [
        ("police", "police_narcotics", Role.CASEWORKER),
        ("police", "police_station", Role.DOCTOR),
        ("office", "commission_office", Role.CASEWORKER),
        ("office", "commission_office", Role.TOWN_SUPERVISOR),
        ("procuratorate", "procuratorate", Role.CASEWORKER),
        ("clinic", "hospital", Role.POLICE_OFFICER),
    ],
)
def test_a_policeman_or_a_clerk_cannot_be_seconded_to_the_helpers(city: City, unit: str, kind: str, role: Role) -> None:
    """The commission office and every police account count as enforcement, whatever role they hold (mission line 1)."""
    account = newcomer(city, unit, kind)
    with pytest.raises(GrantRefused, match="借调"):
        give(city, account, role)
    give(city, account, Role.AUDITOR)


def test_the_side_of_a_unit_comes_from_its_network_and_its_kind() -> None:
    assert unit_side("office", "police") is Side.ENFORCEMENT
    assert unit_side("clinic", "health") is Side.TREATMENT
    assert unit_side("commission_office", "commission") is Side.ENFORCEMENT
    assert unit_side("education", "commission") is Side.NEUTRAL
    assert unit_side("nothing known", "commission") is Side.NEUTRAL


def test_a_disabled_account_acts_without_any_right(city: City) -> None:
    account = city.accounts["supervisor"]
    assert actor_of(account, TODAY).grants
    account.is_active = False
    assert actor_of(account, TODAY).grants == ()


def test_the_audit_names_a_new_password_and_never_holds_it(city: City) -> None:
    accounts.change_password(account=city.accounts["clerk"], password="another-long-one", by=city.actor("clerk"))
    entry = WriteEntry.objects.get(act="accounts.password")
    assert "another-long-one" not in repr(list(vars(entry).values())) + entry.reason
    assert Account.objects.get(username="clerk").check_password("another-long-one")
