"""Somebody is away: a colleague of the unit acts for them by date, inside what both may see, and the audit says for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.casework import queries as due_queries
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation import scope
from qingyuan.organisation.actions import accounts, posts, substitutions
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.actions.substitutions import SubstitutionRefused
from qingyuan.organisation.enums import Absence, Action, Responsibility, Role
from qingyuan.organisation.models import Account, RoleGrant, Substitution
from qingyuan.organisation.policy import POLICY
from qingyuan.organisation.scope import emergency_role, may, rules_for
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.queries import clients
from tests.cast import BEGAN, TODAY, City, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
BACK = TODAY + timedelta(days=7)


@pytest.fixture
def town(city: City) -> City:
    add(city, "colleague", "同事甲", "longdong", "龙洞镇")
    city.enter("measures", "caseworker", measure_values(city, 1))
    city.enter("measures", "supervisor", measure_values(city, 2))
    return city


def add(city: City, username: str, name: str, unit: str, place: str, role: str = "caseworker") -> Account:
    account = Account.objects.create(username=username, name=name, unit=city.units[unit])
    RoleGrant.objects.create(account=account, role=role, division=city.divisions[place], start=BEGAN, granted_by="set-up")
    city.accounts[username] = account
    return account


def stand_in(
    city: City, absent: str = "caseworker", acting: str = "colleague", start: date = TODAY, end: date = BACK, by: str = "supervisor"
) -> Substitution:
    return substitutions.substitute(
        absent=city.accounts[absent], substitute=city.accounts[acting], kind=Absence.LEAVE, start=start, end=end, by=city.actor(by)
    )


def names(city: City, who: str, on: date = TODAY, action: Action = Action.READ) -> set[str]:
    return {client.name for client in clients(city.actor(who, on), on, action=action)}


def test_the_substitute_sees_and_works_the_absents_people_in_those_days_and_no_others(town: City) -> None:
    assert names(town, "colleague") == set()
    stand_in(town, start=TODAY + timedelta(days=1))
    for day, seen in (
        (TODAY, set()),
        (TODAY + timedelta(days=1), {"测试乙"}),
        (BACK - timedelta(days=1), {"测试乙"}),
        (BACK, set()),
    ):
        assert names(town, "colleague", day) == names(town, "colleague", day, Action.CHANGE) == seen, day
        assert due_queries.dues(town.actor("colleague", day), day).exists() is bool(seen)
    assert names(town, "caseworker") == {"测试乙"}, "who is away keeps the own"
    assert {client.caseworker_id for client in Client.objects.all()} == {town.accounts["caseworker"].pk, None}, "nothing changes hands"


def test_a_caseworker_acts_for_the_supervisor_over_the_unit_and_signs_nothing(town: City) -> None:
    stand_in(town, "supervisor", "colleague")
    assert names(town, "colleague") == {"测试乙", "测试丙"}
    actor = town.actor("colleague")
    assert may(actor, Action.CHANGE, compartment=Compartment.INTERNAL, ledger="returns", on=TODAY, unit_id=actor.unit_id).allowed
    for code in ("returns", "papers", "closings"):
        assert not rules_for(actor, Action.APPROVE, Compartment.INTERNAL, code)
    assert not actor.has_role(Role.TOWN_SUPERVISOR), "a role is one's own"


def test_to_sign_and_to_keep_keys_is_never_done_for_somebody(town: City) -> None:
    add(town, "deputy", "副职", "longdong", "龙洞镇", "town_leader")
    stand_in(town, "town_leader", "deputy", by="supervisor")
    approving = [grant.for_account for _rule, grant in rules_for(town.actor("deputy"), Action.APPROVE, Compartment.INTERNAL, "returns")]
    assert approving == [None]
    add(town, "second", "安二", "office", "云岭市", "security_officer")
    with pytest.raises(SubstitutionRefused, match="要本人办理"):
        stand_in(town, "security", "second", by="leader")


def test_no_compartment_is_widened(town: City) -> None:
    """Whoever reads nobody by name reads nobody by name for somebody either."""
    add(town, "clerk_of_town", "文书", "longdong", "龙洞镇", "unit_liaison")
    stand_in(town, "caseworker", "clerk_of_town")
    actor = town.actor("clerk_of_town")
    assert actor.stands_in and names(town, "clerk_of_town") == set()
    assert not rules_for(actor, Action.READ, Compartment.COMMUNITY)
    reads = {rule.compartment for rule in POLICY if rule.role is Role.UNIT_LIAISON and Action.READ in rule.actions}
    assert Compartment.INTERNAL in reads
    for compartment in set(Compartment) - reads:
        for action in Action:
            assert not rules_for(actor, action, compartment), compartment


def test_nobody_stands_in_across_a_wall_in_whichever_order(town: City) -> None:
    town.units["longdong"].kind = "town"
    with pytest.raises(SubstitutionRefused, match="墙的另一边|同一个单位"):
        stand_in(town, "caseworker", "officer", by="security")
    with pytest.raises(SubstitutionRefused, match="同一个单位"):
        stand_in(town, "caseworker", "stranger")
    teacher = add(town, "teacher", "老师", "longdong", "龙洞镇", "unit_liaison")
    stand_in(town, "caseworker", "teacher")
    with pytest.raises(GrantRefused, match="墙的两边"):
        accounts.grant(
            account=teacher, role=Role.POLICE_OFFICER, division=town.divisions["云岭市"], start=TODAY, by=town.actor("security"), reason="借调"
        )
    second = add(town, "second", "老师二", "longdong", "龙洞镇", "unit_liaison")
    accounts.grant(
        account=second, role=Role.POLICE_OFFICER, division=town.divisions["云岭市"], start=TODAY, by=town.actor("security"), reason="借调"
    )
    with pytest.raises(SubstitutionRefused, match="墙的两边"):
        stand_in(town, "colleague", "second")


def test_every_entry_says_for_whom(town: City) -> None:
    stand_in(town)
    browser = browser_of(town, "colleague")
    client = Client.objects.get(caseworker_id=town.accounts["caseworker"].pk)
    assert browser.get(f"/people/{client.pk}/").status_code == 200
    entry = ReadEntry.objects.using("audit").get(act="detail", ledger="clients")
    assert (entry.actor_id, entry.actor_name) == (town.accounts["colleague"].pk, "同事甲（代何姐）")
    test = {
        "name": client.name, "id_number": client.id_number, "tested_on": date(2022, 11, 20), "sample": "urine", "result": "negative",
        "purpose": "scheduled", "testers": ["李秀", "王平"],
    }  # fmt: skip
    town.enter("tests", "colleague", test)
    assert WriteEntry.objects.get(act="tests.create").actor_name == "同事甲（代何姐）"
    for chain in ("default", "audit"):
        audit.seal(chain)
        assert audit.verify(chain).ok
    assert WriteEntry.objects.get(act="substitutions.set").actor_name == "吴主任"


def test_it_ends_early_by_whoever_is_in_it_and_never_grows(town: City) -> None:
    made = stand_in(town)
    with pytest.raises(SubstitutionRefused):
        substitutions.end_early(substitution=made, by=town.actor("stranger"))
    substitutions.end_early(substitution=made, by=town.actor("colleague"))
    assert names(town, "colleague") == set()
    made.refresh_from_db()
    assert (made.end, made.ended_by_name) == (TODAY, "同事甲")
    substitutions.end_early(substitution=made, by=town.actor("supervisor"))
    made.end = BACK + timedelta(days=1)
    made.refresh_from_db()
    assert made.end == TODAY
    stand_in(town)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"acting": "caseworker"}, "不能自己代办"),
        ({"end": TODAY}, "回岗日要在"),
        ({"end": TODAY + timedelta(days=120)}, "最多 92 天"),
        ({"start": TODAY - timedelta(days=1)}, "不能早于今天"),
        ({"by": "colleague"}, "由本人、本单位"),
        ({"by": "stranger"}, "由本人、本单位"),
        ({"by": "clerk"}, "由本人、本单位"),
    ],
)
def test_what_is_wrong_is_said(town: City, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SubstitutionRefused, match=said):
        stand_in(town, **changes)
    assert not Substitution.objects.exists()


def test_two_lines_for_the_same_days_are_refused(town: City) -> None:
    stand_in(town)
    add(town, "third", "同事丙", "longdong", "龙洞镇")
    with pytest.raises(SubstitutionRefused, match="已经登记过"):
        stand_in(town, acting="third")
    with pytest.raises(SubstitutionRefused, match="自己也离岗"):
        stand_in(town, "third", "caseworker")
    with pytest.raises(SubstitutionRefused, match="正在替别人代办"):
        stand_in(town, "colleague", "third")
    stand_in(town, acting="third", start=BACK, end=BACK + timedelta(days=3))


def test_nobody_acts_for_a_closed_account_nor_with_one(town: City) -> None:
    stand_in(town)
    Account.objects.filter(username="caseworker").update(is_active=False)
    assert names(town, "colleague") == set()
    Account.objects.filter(username="caseworker").update(is_active=True)
    Account.objects.filter(username="colleague").update(is_active=False)
    town.accounts["colleague"].refresh_from_db()
    assert names(town, "colleague") == set()


def test_an_emergency_look_rests_on_ones_own_role_alone(town: City) -> None:
    stand_in(town, "supervisor", "colleague")
    assert emergency_role(town.actor("colleague"), Compartment.COMMUNITY) is Role.CASEWORKER


def test_posts_count_too(town: City) -> None:
    """A post at the police and acting for a town helper meet on no day."""
    keeper = town.actor("security")
    post = posts.open_post(unit=town.units["police"], title="辅警", responsibility=Responsibility.STAFF, by=keeper, reason="增设")
    teacher = add(town, "teacher", "老师", "education", "云岭市", "unit_liaison")
    Account.objects.filter(pk=teacher.pk).update(unit=town.units["longdong"])
    teacher.refresh_from_db()
    stand_in(town, "caseworker", "teacher")
    with pytest.raises(GrantRefused, match="墙的两边"):
        posts.appoint(post=post, account=teacher, start=TODAY, by=keeper, reason="借调")
    posts.appoint(post=post, account=teacher, start=BACK, by=keeper, reason="借调")


def test_the_page_sets_and_ends_it_and_a_stranger_cannot(town: City) -> None:
    browser = browser_of(town, "supervisor")
    data = {
        "absent": town.accounts["caseworker"].pk, "substitute": town.accounts["colleague"].pk, "kind": "leave", "start": TODAY.isoformat(),
        "end": BACK.isoformat(),
    }  # fmt: skip
    assert "不能自己代办" in text_of(browser.post("/handovers/away/", data | {"substitute": town.accounts["caseworker"].pk}))
    assert browser.post("/handovers/away/", data).status_code == 302
    assert "何姐离岗,同事甲代办" in text_of(browser.get("/handovers/away/"))
    assert "您正在代办:何姐" in text_of(browser_of(town, "colleague").get("/today/"))
    one = Substitution.objects.get()
    assert "何姐离岗" not in text_of(browser_of(town, "stranger").get("/handovers/away/"))
    assert browser_of(town, "stranger").post(f"/handovers/away/{one.pk}/end/").status_code == 404
    assert browser_of(town, "stranger").post("/handovers/away/", data).status_code == 422
    assert browser_of(town, "officer").post("/handovers/away/", data).status_code == 422
    browser_of(town, "colleague").post(f"/handovers/away/{one.pk}/end/")
    assert Substitution.objects.get().end == TODAY


def test_the_walk_would_see_a_substitution_that_widens(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: were the question about compartments forgotten, a clerk of the town would read people by name."""
    add(town, "clerk_of_town", "文书", "longdong", "龙洞镇", "unit_liaison")
    stand_in(town, "caseworker", "clerk_of_town")
    assert "测试乙" not in text_of(browser_of(town, "clerk_of_town").get("/people/"))
    monkeypatch.setattr(scope, "_reads_in", lambda _role, _compartment: True)
    assert "测试乙" in text_of(browser_of(town, "clerk_of_town").get("/people/"))
