"""No account stands on two sides of a wall on one day: by its unit, its roles, its posts, in whichever order they come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.actions import accounts, posts
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.enums import Responsibility, Role, Side
from qingyuan.organisation.models import Account, PostTerm, Unit
from qingyuan.organisation.rules import Stay, across
from tests.cast import TODAY, City

NEXT_YEAR = date(2023, 1, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def kinds(city: City) -> City:
    for code, kind in {
        "longdong": "town",
        "police": "police_narcotics",
        "office": "commission_office",
        "clinic": "clinic",
    }.items():
        Unit.objects.filter(code=code).update(kind=kind)
        city.units[code].refresh_from_db()
    return city


def teacher(city: City) -> Account:
    """Somebody of the education bureau: on no side by the unit."""
    unit = Unit.objects.get(code="education")
    Unit.objects.filter(pk=unit.pk).update(kind="education")
    return accounts.create(username="teacher", name="新老师", unit=unit, by=city.actor("security"))


def give(city: City, account: Account, role: Role, start: date, end: date | None = None) -> None:
    accounts.grant(
        account=account,
        role=role,
        division=city.divisions["龙洞镇"],
        start=start,
        end=end,
        by=city.actor("security"),
        reason="借调函",
    )


def second(
    city: City, account: Account, unit: str, start: date, end: date | None = None, who: str = "security"
) -> PostTerm:
    return posts.appoint_in(
        unit=city.units[unit],
        title="借调人员",
        responsibility=Responsibility.STAFF,
        account=account,
        start=start,
        end=end,
        by=city.actor(who),
        reason="借调函",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("start", [TODAY, NEXT_YEAR])
def test_a_helper_is_not_seconded_to_the_police_and_the_seconded_is_given_no_helper_s_role(
    kinds: City, start: date
) -> None:
    """Both orders, today and for a day to come."""
    account = teacher(kinds)
    give(kinds, account, Role.CASEWORKER, start)
    with pytest.raises(GrantRefused, match=r"墙的两边.*借调也不行"):
        second(kinds, account, "police", start)
    assert not PostTerm.objects.filter(account=account).exists()

    other = accounts.create(username="other", name="另一位", unit=account.unit, by=kinds.actor("security"))
    second(kinds, other, "police", start)
    with pytest.raises(GrantRefused, match="墙的两边"):
        give(kinds, other, Role.CASEWORKER, start)
    assert not other.grants.exists()


@pytest.mark.django_db
def test_two_posts_on_two_sides_exclude_each_other_in_both_orders(kinds: City) -> None:
    account = teacher(kinds)
    second(kinds, account, "longdong", NEXT_YEAR)
    with pytest.raises(GrantRefused, match="2023-01-01 起"):
        second(kinds, account, "police", TODAY)
    second(kinds, account, "police", TODAY, NEXT_YEAR)
    with pytest.raises(GrantRefused, match="墙的两边"):
        second(kinds, account, "clinic", NEXT_YEAR - A_DAY, NEXT_YEAR)


@pytest.mark.django_db
def test_one_side_after_the_other_is_no_meeting(kinds: City) -> None:
    """The end is the first day without it: 12-31 with the police, from 01-01 with the helpers."""
    account = teacher(kinds)
    give(kinds, account, Role.PROSECUTOR, TODAY, NEXT_YEAR)
    give(kinds, account, Role.CASEWORKER, NEXT_YEAR)
    second(kinds, account, "police", TODAY, NEXT_YEAR)
    with pytest.raises(GrantRefused, match="墙"):
        second(kinds, account, "police", TODAY, NEXT_YEAR + A_DAY)


@pytest.mark.django_db
def test_the_own_unit_stands_beside_every_post_for_good(kinds: City) -> None:
    """Somebody of the town is not seconded to the police, nor a policeman to the town, on no day."""
    for who, unit in (("town_leader", "police"), ("officer", "longdong"), ("clerk", "clinic"), ("doctor", "office")):
        with pytest.raises(GrantRefused, match="墙的两边"):
            second(kinds, kinds.accounts[who], unit, date(2030, 1, 1), date(2030, 2, 1))
    second(kinds, kinds.accounts["officer"], "office", TODAY)


@pytest.mark.django_db
def test_an_end_is_only_moved_inwards_so_that_nothing_meets_by_being_prolonged(kinds: City) -> None:
    account = teacher(kinds)
    give(kinds, account, Role.PROSECUTOR, TODAY, NEXT_YEAR)
    give(kinds, account, Role.CASEWORKER, NEXT_YEAR)
    first = account.grants.get(role=Role.PROSECUTOR)
    with pytest.raises(GrantRefused, match="提前"):
        accounts.revoke(grant=first, end=NEXT_YEAR + A_DAY, by=kinds.actor("security"), reason="延长")
    term = second(kinds, account, "police", TODAY, NEXT_YEAR)
    with pytest.raises(GrantRefused, match="提前"):
        posts.end_term(term=term, end=NEXT_YEAR + A_DAY, by=kinds.actor("security"), reason="延长")
    posts.end_term(term=term, end=TODAY + A_DAY, by=kinds.actor("security"), reason="结束借调")
    term.refresh_from_db()
    assert term.end == TODAY + A_DAY
    assert WriteEntry.objects.filter(act="posts.end_term", ledger="accounts").count() == 1


@pytest.mark.django_db
def test_nobody_grants_or_appoints_himself_and_nobody_but_the_security_officer_does(kinds: City) -> None:
    mine = kinds.accounts["security"]
    with pytest.raises(GrantRefused, match="不能给自己"):
        give(kinds, mine, Role.AUDITOR, TODAY)
    with pytest.raises(GrantRefused, match="不能给自己"):
        second(kinds, mine, "education", TODAY)
    for who in ("auditor", "clerk", "supervisor", "leader"):
        with pytest.raises(GrantRefused, match="安全管理员"):
            second(kinds, kinds.accounts["liaison"], "education", TODAY, who=who)
        with pytest.raises(GrantRefused, match="安全管理员"):
            accounts.create(username="x", name="x", unit=kinds.units["education"], by=kinds.actor(who))
        with pytest.raises(GrantRefused, match="安全管理员"):
            accounts.disable(account=kinds.accounts["liaison"], by=kinds.actor(who), reason="停用")
        with pytest.raises(GrantRefused, match="安全管理员"):
            accounts.reset_password(account=kinds.accounts["liaison"], by=kinds.actor(who), reason="忘了")


@pytest.mark.django_db
def test_a_town_s_security_officer_reaches_no_other_town_and_not_the_city(kinds: City) -> None:
    account = teacher(kinds)
    local = accounts.create(username="local", name="镇安全员", unit=kinds.units["longdong"], by=kinds.actor("security"))
    give(kinds, local, Role.SECURITY_OFFICER, TODAY)
    kinds.accounts["local"] = local
    by = kinds.actor("local")
    for place in ("云岭市", "石桥镇"):
        with pytest.raises(GrantRefused, match="管理范围"):
            accounts.grant(
                account=account, role=Role.AUDITOR, division=kinds.divisions[place], start=TODAY, by=by, reason="x"
            )
    with pytest.raises(GrantRefused, match="管理范围"):
        second(kinds, account, "shiqiao", TODAY, who="local")
    with pytest.raises(GrantRefused, match="管理范围"):
        accounts.disable(account=kinds.accounts["stranger"], by=by, reason="停用")


@pytest.mark.django_db
def test_a_disabled_account_is_appointed_to_nothing_and_stays_on_record(kinds: City) -> None:
    account = kinds.accounts["liaison"]
    accounts.disable(account=account, by=kinds.actor("security"), reason="调离")
    accounts.disable(account=account, by=kinds.actor("security"), reason="调离")
    account.refresh_from_db()
    assert not account.is_active and account.grants.exists()
    assert WriteEntry.objects.filter(act="accounts.disable").count() == 1
    with pytest.raises(GrantRefused, match="停用"):
        second(kinds, account, "education", TODAY)


DAYS = st.dates(date(2022, 1, 1), date(2022, 3, 1))


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    start = draw(DAYS)
    end = draw(st.none() | st.integers(1, 40).map(lambda days: start + timedelta(days=days)))
    return Stay(draw(st.sampled_from(list(Side))), start, end, "x")


@given(stays(), st.lists(stays(), max_size=4))
def test_across_is_what_a_day_by_day_look_finds(new: Stay, others: list[Stay]) -> None:
    last = date(2022, 6, 1)

    def sides_on(day: date, held: list[Stay]) -> set[Side]:
        return {one.side for one in held if one.start <= day and (one.end is None or day < one.end)} - {Side.NEUTRAL}

    days = [date(2022, 1, 1) + timedelta(days=number) for number in range((last - date(2022, 1, 1)).days)]
    obvious = any(
        len({new.side} | sides_on(day, [other])) > 1
        for other in others
        for day in days
        if new.side is not Side.NEUTRAL and sides_on(day, [new]) and sides_on(day, [other])
    )
    assert (across(new, others) is not None) == obvious
