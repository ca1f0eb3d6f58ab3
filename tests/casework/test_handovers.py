"""Hand-overs: until somebody accepts the giver owns; then everything named moves at once, or nothing does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import HandOverRefused, Terms
from qingyuan.casework.handovers import owning, queries
from qingyuan.casework.handovers.owning import Owner
from qingyuan.casework.models import Due, HandOver, HandOverRow
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.ledgers.models import FactRow
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.rehabilitation.actions import handing
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.actions.settling import bring_in_line
from qingyuan.rehabilitation.models import Client, Isolation, Measure
from qingyuan.rehabilitation.people import person_key
from tests.cast import BEGAN, TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
MOVED = Terms("moved", "本人迁往石桥镇居住")


@pytest.fixture
def town(city: City) -> City:
    """龙洞 has one person of 何姐 and one of nobody; 石桥 has a caseworker too."""
    colleagues(city)
    city.enter("measures", "caseworker", measure_values(city, 1))
    city.enter("measures", "supervisor", measure_values(city, 2))
    return city


def colleagues(city: City) -> None:
    for username, unit, place in (("colleague", "longdong", "龙洞镇"), ("far_caseworker", "shiqiao", "石桥镇")):
        account = Account.objects.create(username=username, name=f"同事{username[:3]}", unit=city.units[unit])
        RoleGrant.objects.create(
            account=account, role="caseworker", division=city.divisions[place], start=BEGAN, granted_by="set-up"
        )
        city.accounts[username] = account


def person(serial: int = 1) -> Client:
    return Client.objects.get(pk=person_key(id_number(100 + serial)).client_id)


def offer(city: City, *serials: int, who: str = "supervisor", to: str = "shiqiao", terms: Terms = MOVED, colleague: str = "") -> HandOver:
    return handovers.offer(
        keeper=CODE,
        subjects=[person(serial).pk for serial in serials or (1,)],
        to_unit=city.units[to],
        to_caseworker=city.accounts[colleague] if colleague else None,
        terms=terms,
        by=city.actor(who),
    )


def owner_of(serial: int = 1) -> tuple[str, int | None]:
    found = person(serial)
    measure = Measure.objects.get(client=found)
    assert measure.unit_id == found.unit_id, "a measure and its person have one owner"
    return found.unit.code, found.caseworker_id


def test_until_it_is_accepted_the_giver_owns(town: City) -> None:
    before = owner_of()
    made = offer(town)
    assert owner_of() == before == ("longdong", town.accounts["caseworker"].pk)
    assert (made.state, made.answer_by) == ("offered", date(2022, 12, 8))
    assert "戒毒条例" in made.basis
    assert {row.ledger for row in made.rows.all()} == {"clients", "measures"}


def test_accepting_moves_every_named_row_and_its_open_dues_at_once(town: City) -> None:
    made = offer(town)
    handovers.accept(
        handover=made, by=town.actor("stranger"), caseworker=town.accounts["far_caseworker"], division=town.divisions["石桥社区"]
    )
    new = town.accounts["far_caseworker"].pk
    assert owner_of() == ("shiqiao", new)
    measure = Measure.objects.get(client=person())
    assert measure.division.name == "石桥社区"
    for due in Due.objects.filter(subject_id=measure.pk):
        past = due.closes_on <= TODAY
        assert (due.unit.code, due.caseworker_id) == (("longdong", None) if past else ("shiqiao", new)), due.closes_on
    assert {due.unit.code for due in Due.objects.filter(subject_id=measure.pk)} == {"longdong", "shiqiao"}
    [fact] = FactRow.objects.filter(fact="measures", row_id=measure.pk, superseded_at=None)
    assert fact.division_id == town.divisions["石桥社区"].pk
    entry = WriteEntry.objects.get(act="measures.change")
    assert entry.actor_id == town.accounts["stranger"].pk
    assert RowChange.objects.filter(entry_id=entry.pk, row_id=measure.pk).count() == 1
    assert owner_of(2) == ("longdong", None), "who was not named stays"


def test_windows_of_the_past_stay_with_the_giver_when_the_measure_is_corrected_later(town: City) -> None:
    made = offer(town)
    handovers.accept(handover=made, by=town.actor("stranger"))
    measure = Measure.objects.select_related("client").get(client=person())
    stood = sorted(Due.objects.filter(subject_id=measure.pk).values_list("position", "unit__code"))
    bring_in_line([measure], by=town.actor("stranger"))
    assert sorted(Due.objects.filter(subject_id=measure.pk).values_list("position", "unit__code")) == stood


def test_isolation_dates_move_with_their_person(town: City) -> None:
    inside = {"name": "测试丁", "id_number": id_number(103), "division": town.divisions["龙洞社区"].pk, "decided_on": date(2022, 3, 1)}
    [row] = town.enter("isolation", "supervisor", inside)
    made = handovers.offer(
        keeper=CODE, subjects=[row.client_id], to_unit=town.units["shiqiao"], to_caseworker=None, terms=MOVED, by=town.actor("supervisor")
    )
    handovers.accept(handover=made, by=town.actor("stranger"))
    assert Isolation.objects.get().unit.code == "shiqiao"
    assert Client.objects.get(pk=row.client_id).unit.code == "shiqiao"


def test_what_came_to_a_person_while_the_offer_waited_goes_with_them(town: City) -> None:
    made = offer(town)
    later = measure_values(town, 1) | {"kind": "CR", "decided_on": date(2022, 11, 20), "served_on": None, "reported_on": None, "agreement_on": None}
    [row] = town.enter("measures", "supervisor", later)
    assert not made.rows.filter(row_id=row.pk).exists()
    handovers.accept(handover=made, by=town.actor("stranger"))
    assert set(Measure.objects.filter(client=person()).values_list("unit__code", flat=True)) == {"shiqiao"}
    assert made.rows.filter(row_id=row.pk, open=False).exists(), "what has gone is written down"


def test_a_day_before_the_offer_or_after_today_is_no_day_of_an_answer(town: City) -> None:
    made = offer(town)
    for day in (date(2022, 11, 22), date(2022, 11, 24)):
        with pytest.raises(HandOverRefused, match="办理日期"):
            handovers.accept(handover=made, by=town.actor("stranger"), on=day)
        with pytest.raises(HandOverRefused, match="办理日期"):
            handovers.refuse(handover=made, why="不收", by=town.actor("stranger"), on=day)


def test_refused_and_withdrawn_it_stays_with_the_giver(town: City) -> None:
    before = owner_of()
    made = offer(town)
    with pytest.raises(HandOverRefused, match="为什么不接收"):
        handovers.refuse(handover=made, why=" ", by=town.actor("stranger"))
    handovers.refuse(handover=made, why="本人没有来石桥居住", by=town.actor("stranger"))
    assert owner_of() == before
    again = offer(town)
    handovers.withdraw(handover=again, why="本人不迁了", by=town.actor("supervisor"))
    assert owner_of() == before
    assert list(HandOver.objects.order_by("offered_at").values_list("state", flat=True)) == ["refused", "withdrawn"]
    assert not HandOverRow.objects.filter(open=True).exists()


@pytest.mark.parametrize("second", ["accept", "refuse", "withdraw"])
def test_the_second_answer_is_told_who_was_first(town: City, second: str) -> None:
    made = offer(town)
    handovers.accept(handover=made, by=town.actor("stranger"))
    acts: dict[str, Any] = {
        "accept": lambda: handovers.accept(handover=made, by=town.actor("stranger")),
        "refuse": lambda: handovers.refuse(handover=made, why="不收", by=town.actor("stranger")),
        "withdraw": lambda: handovers.withdraw(handover=made, why="收回", by=town.actor("supervisor")),
    }
    with pytest.raises(HandOverRefused, match="石平已于 2022-11-23 办过:已接收"):
        acts[second]()
    assert owner_of()[0] == "shiqiao"


def test_an_offer_whose_giver_no_longer_owns_is_not_accepted(town: City) -> None:
    made = offer(town)
    # By another road (a correction of the unit): the giver has not got it any more.
    office = town.units["office"]
    handing.move([person().pk], to=Owner(office.division_id, office.pk, None), by=town.actor("supervisor"), on=TODAY, reason="更正")
    with pytest.raises(HandOverRefused, match="已经不负责"):
        handovers.accept(handover=made, by=town.actor("stranger"))
    assert owner_of() == ("office", None)
    assert HandOver.objects.get(pk=made.pk).state == "offered", "it is for the giver to take it back"


def test_one_row_is_in_one_offer_at_a_time(town: City) -> None:
    offer(town)
    with pytest.raises(HandOverRefused, match="正在移交"):
        offer(town)
    with pytest.raises(HandOverRefused, match="正在移交"):
        handovers.reassign(keeper=CODE, shares={person().pk: None}, terms=Terms("balance", "平衡"), by=town.actor("supervisor"))


def test_a_chain_of_hand_overs_comes_back(town: City) -> None:
    handovers.accept(handover=offer(town), by=town.actor("stranger"))
    with pytest.raises(HandOverRefused, match="只有现在负责"):
        offer(town)
    back = offer(town, who="stranger", to="longdong")
    handovers.accept(handover=back, by=town.actor("supervisor"), caseworker=town.accounts["colleague"])
    assert owner_of() == ("longdong", town.accounts["colleague"].pk)


def test_who_may_give_and_take(town: City) -> None:
    for who in ("clerk", "officer", "town_leader", "colleague", "stranger", "auditor", "doctor"):
        with pytest.raises(HandOverRefused):
            offer(town, who=who)
    with pytest.raises(HandOverRefused, match="由本单位禁毒专干办理"):
        offer(town, who="caseworker")
    made = offer(town)
    for who in ("supervisor", "caseworker", "colleague", "far_caseworker", "clerk", "officer", "town_leader"):
        with pytest.raises(HandOverRefused):
            handovers.accept(handover=made, by=town.actor(who))
        with pytest.raises(HandOverRefused):
            handovers.refuse(handover=made, why="不收", by=town.actor(who))
    for who in ("stranger", "colleague", "clerk", "officer"):
        with pytest.raises(HandOverRefused):
            handovers.withdraw(handover=made, why="收回", by=town.actor(who))
    assert owner_of()[0] == "longdong"


def test_between_colleagues_the_named_one_or_their_supervisor_accepts(town: City) -> None:
    leave = Terms("balance", "手上的人太多")
    with pytest.raises(HandOverRefused, match="选一位"):
        offer(town, who="caseworker", to="longdong", terms=leave)
    made = offer(town, who="caseworker", to="longdong", terms=leave, colleague="colleague")
    assert (made.answer_by, "由本地确认" in made.basis) == (date(2022, 11, 30), True)
    with pytest.raises(HandOverRefused, match="自己移交的不能自己接收"):
        handovers.accept(handover=made, by=town.actor("caseworker"))
    handovers.accept(handover=made, by=town.actor("colleague"))
    assert owner_of() == ("longdong", town.accounts["colleague"].pk)
    assert set(Due.objects.filter(person=str(person().pk)).values_list("caseworker_id", flat=True)) == {town.accounts["colleague"].pk}


def test_what_is_wrong_is_said(town: City) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"terms": Terms("nothing", "x")}, "从列表里选"),
        ({"terms": Terms("moved", " ")}, "请写移交说明"),
        ({"terms": Terms("moved", "x" * 301)}, "最多 300 字"),
        ({"terms": Terms("moved", "x", date(2022, 12, 1))}, "不能在今天之后"),
        ({"terms": Terms("moved", "x", date(2010, 1, 1))}, "生效之日"),
        ({"to": "office"}, "没有禁毒专干账号|墙的另一边"),
        ({"to": "police"}, "墙的另一边"),
        ({"colleague": "far_caseworker"}, "由对方单位定"),
    ]
    for changes, message in wrong:
        with pytest.raises(HandOverRefused, match=message):
            offer(town, **changes)
    made = offer(town)
    for changes, message in (
        ({"caseworker": town.accounts["colleague"]}, "接收单位现有"),
        ({"division": town.divisions["大坪村"]}, "辖区内"),
    ):
        with pytest.raises(HandOverRefused, match=message):
            handovers.accept(handover=made, by=town.actor("stranger"), **changes)  # type: ignore[arg-type]
    assert (HandOver.objects.get().state, owner_of()[0]) == ("offered", "longdong")


def test_a_measure_that_has_ended_is_nobodys_to_hand_over(town: City) -> None:
    Measure.objects.filter(client=person()).update(ended_on=date(2022, 11, 1), end_reason="discharged")
    with pytest.raises(HandOverRefused, match="没有正在执行的措施"):
        offer(town)


def test_when_the_last_day_has_passed_it_alarms_and_nothing_moves(town: City) -> None:
    made = offer(town)
    last = made.answer_by
    assert last is not None
    assert not HandOver.objects.late_on(last).exists()
    late = date(2022, 12, 9)
    assert list(HandOver.objects.late_on(late)) == [made]
    assert [one.pk for one in queries.late_below(town.actor("town_leader", late), late)] == [made.pk]
    assert [one.pk for one in queries.late_below(town.actor("clerk", late), late)] == [made.pk]
    assert not queries.late_below(town.actor("officer", late), late).exists()
    assert owner_of()[0] == "longdong"


def test_both_sides_see_it_and_nobody_else(town: City) -> None:
    made = offer(town)
    for who, gives, takes in (
        ("supervisor", True, False), ("caseworker", True, False), ("stranger", False, True), ("colleague", False, False),
        ("far_caseworker", False, False), ("clerk", False, False), ("officer", False, False), ("leader", False, False),
        ("town_leader", False, False), ("auditor", False, False), ("doctor", False, False),
    ):  # fmt: skip
        assert queries.given(town.actor(who), TODAY).filter(pk=made.pk).exists() is gives, who
        assert queries.received(town.actor(who), TODAY).filter(pk=made.pk).exists() is takes, who
    assert not queries.cases(_keeper(), town.actor("stranger"), TODAY).exists(), "before acceptance no record is open"


def _keeper() -> Any:
    return owning.get(CODE)


def test_the_offer_carries_the_name_and_the_measure_and_no_number(town: City) -> None:
    made = offer(town)
    [carried] = queries.carried(made, gives=False).values()
    assert carried.name == "测试乙"
    assert "社区戒毒" in carried.lines[0]
    assert id_number(101) not in str(carried)
    handovers.refuse(handover=made, why="不在本镇", by=town.actor("stranger"))
    made.refresh_from_db()
    assert queries.carried(made, gives=False) == {}, "who refused reads no more names"
    assert [one.name for one in queries.carried(made, gives=True).values()] == ["测试乙"]


def test_reassigning_inside_the_unit_needs_no_acceptance_but_a_reason(town: City) -> None:
    colleague = town.accounts["colleague"].pk
    shares = {person(1).pk: colleague, person(2).pk: colleague}
    with pytest.raises(HandOverRefused, match="说明"):
        handovers.reassign(keeper=CODE, shares=shares, terms=Terms("post_left", ""), by=town.actor("supervisor"))
    with pytest.raises(HandOverRefused):
        handovers.reassign(keeper=CODE, shares=shares, terms=Terms("post_left", "调走"), by=town.actor("caseworker"))
    with pytest.raises(HandOverRefused, match="只能分给本单位"):
        handovers.reassign(
            keeper=CODE, shares={person().pk: town.accounts["far_caseworker"].pk}, terms=Terms("post_left", "调走"), by=town.actor("supervisor")
        )
    made = handovers.reassign(keeper=CODE, shares=shares, terms=Terms("post_left", "调走"), by=town.actor("supervisor"))
    assert len(made) == 2, "one for each giver"
    assert owner_of(1) == owner_of(2) == ("longdong", colleague)
    assert {one.state for one in made} == {"accepted"}
    with pytest.raises(HandOverRefused, match="没有变动"):
        handovers.reassign(keeper=CODE, shares=shares, terms=Terms("post_left", "调走"), by=town.actor("supervisor"))
