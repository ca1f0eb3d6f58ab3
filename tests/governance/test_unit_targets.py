"""A city target over member units: it sums exactly, a unit bargains for its own part, and an answer waits until it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import target_bids, targets
from qingyuan.governance.actions.target_bids import Answer
from qingyuan.governance.actions.targets import PlanRefused, Proposal
from qingyuan.governance.actions.unit_targets import UnitProposal, propose
from qingyuan.governance.enums import BidState, Over
from qingyuan.governance.models import TargetPlan, TargetShare
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import targets as reads
from qingyuan.governance.targets_rules import UNIT_METHODS, BadShares, Limits, Method, TargetRefused, decompose_whole
from qingyuan.journeys.todo import needs as todo
from qingyuan.organisation.models import Unit
from tests.cast import TODAY
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db
BEARERS = ("education", "police", "procuratorate")


@pytest.fixture
def members(desk: Desk) -> dict[str, Unit]:
    Unit.objects.filter(code__in=BEARERS).update(is_member=True)
    return {code: Unit.objects.get(code=code) for code in BEARERS}


def made(desk: Desk, members: dict[str, Unit], total: int = 7, **more: object) -> TargetPlan:
    weights = {unit.pk: Decimal(0) for unit in members.values()}
    return propose(
        city=desk.city.divisions["云岭市"],
        year=2022,
        proposal=UnitProposal("G01", Decimal(total), **({"weights": weights} | more)),  # type: ignore[arg-type]
        by=desk.actor("clerk"),
    )


def share(plan: TargetPlan, code: str) -> TargetShare:
    return plan.shares.get(unit__code=code)


@given(
    total=st.integers(0, 900),
    weights=st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any),
    method=st.sampled_from(UNIT_METHODS),
)
def test_whatever_the_weights_the_parts_of_units_sum_exactly(total: int, weights: list[int], method: Method) -> None:
    by_unit = {f"u{number}": Decimal(weight) for number, weight in enumerate(weights)}
    found = decompose_whole(Decimal(total), by_unit, method, Limits(who="成员单位"))
    assert sum(found.amounts().values()) == total and found.gap == 0


def test_a_target_is_split_over_the_chosen_units_by_stated_weights(desk: Desk, members: dict[str, Unit]) -> None:
    weights = {members["education"].pk: Decimal(3), members["police"].pk: Decimal(1)}
    plan = made(desk, members, 8, weights=weights, method=Method.WEIGHTS)
    assert dict(plan.shares.values_list("unit__code", "agreed")) == {"education": 6, "police": 2}
    assert (plan.over, reads.gap(plan)) == (Over.UNITS, 0)
    assert set(plan.shares.values_list("why", flat=True)) == {"按填写的权重"}


def test_the_same_figure_may_stand_over_towns_and_over_units(desk: Desk, members: dict[str, Unit]) -> None:
    city = desk.city.divisions["云岭市"]
    over_towns = targets.propose(city=city, year=2022, proposal=Proposal("G01", Decimal(8)), by=desk.actor("clerk"))
    over_units = made(desk, members)
    again = made(desk, members, 9)
    assert not TargetPlan.objects.filter(pk=over_units.pk).exists(), "a draft nobody bargained over gives way"
    assert {plan.pk for plan in TargetPlan.objects.all()} == {over_towns.pk, again.pk}


def test_last_years_shares_are_the_base_of_this_years(desk: Desk, members: dict[str, Unit]) -> None:
    city = desk.city.divisions["云岭市"]
    weights = {members["education"].pk: Decimal(2), members["police"].pk: Decimal(1)}
    with pytest.raises(PlanRefused, match="上年没有"):
        made(desk, members, weights=weights, method=Method.LAST_YEAR)
    before = propose(
        city=city, year=2021, proposal=UnitProposal("G01", Decimal(6), weights, Method.WEIGHTS), by=desk.actor("clerk")
    )
    targets.publish(plan=before, by=desk.actor("leader"))
    plan = made(desk, members, 12, weights=weights, method=Method.LAST_YEAR)
    assert dict(plan.shares.values_list("unit__code", "base")) == {"education": 4, "police": 2}
    assert dict(plan.shares.values_list("unit__code", "agreed")) == {"education": 8, "police": 4}
    assert share(plan, "education").bearer in plan.parameters["baselines"]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"weights": {}}, BadShares, "没有可以分解的成员单位"),
        ({"weights": {999: Decimal(1)}}, PlanRefused, "不是本级的禁毒委成员单位"),
        ({"method": Method.POPULATION}, PlanRefused, "只能平均分"),
        ({"floor": Decimal(4)}, BadShares, "各成员单位下限合计 12"),
        ({"cap": Decimal(2)}, BadShares, "各成员单位最多承担 6"),
    ],
)
def test_what_cannot_be_split_over_units_is_refused_with_what_to_change(
    desk: Desk, members: dict[str, Unit], changes: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        made(desk, members, **changes)
    assert not TargetPlan.objects.exists()


def test_a_coercive_count_is_no_target_of_a_unit(desk: Desk, members: dict[str, Unit]) -> None:
    weights = {members["police"].pk: Decimal(1)}
    with pytest.raises(TargetRefused, match="不得设为目标"):
        propose(
            city=desk.city.divisions["云岭市"], year=2022, proposal=UnitProposal("E01", Decimal(9), weights), by=desk.actor("clerk")
        )


def test_only_the_office_proposes(desk: Desk, members: dict[str, Unit]) -> None:
    weights = {members["police"].pk: Decimal(1)}
    for who in ("liaison", "supervisor", "auditor"):
        with pytest.raises(NotAllowed):
            propose(city=desk.city.divisions["云岭市"], year=2022, proposal=UnitProposal("G01", Decimal(9), weights), by=desk.actor(who))


def test_a_unit_bargains_for_its_own_part_and_for_no_others(desk: Desk, members: dict[str, Unit]) -> None:
    plan = made(desk, members)
    own = share(plan, "education")
    for who in ("officer", "supervisor", "clerk", "auditor", "doctor"):
        with pytest.raises(NotAllowed):
            target_bids.bid(share=own, asked=Decimal(1), reason="人手", by=desk.actor(who))
    made_bid = target_bids.bid(share=own, asked=Decimal(1), reason="人手不足", by=desk.actor("liaison"))
    with pytest.raises(PlanRefused, match="市教育局提出的数还没有答复"):
        targets.publish(plan=plan, by=desk.actor("leader"))
    target_bids.answer(bid=made_bid, reply=Answer("同意", Decimal(1)), by=desk.actor("clerk"))
    assert reads.gap(plan) == 7 - sum(plan.shares.values_list("agreed", flat=True))
    with pytest.raises(PlanRefused, match="由谁承担缺口"):
        targets.publish(plan=plan, by=desk.actor("leader"))
    done = targets.publish(plan=plan, by=desk.actor("leader"), gap_owner="市禁毒办", gap_reason="由办公室承担")
    assert done.gap_owner == "市禁毒办"
    moves = [(move.before, move.after, move.reason) for move in own.moves.all()]
    assert [(move[1], move[2]) for move in moves] == [(1, "同意")]


def test_a_published_part_stands_in_what_the_unit_promises(desk: Desk, members: dict[str, Unit]) -> None:
    plan = made(desk, members)
    targets.publish(plan=plan, by=desk.actor("leader"))
    city = desk.city.divisions["云岭市"]
    [line] = reads.agreed_targets(city, members["education"], 2022)
    assert (line.indicator, line.target) == ("G01", reads.number_text(share(plan, "education").agreed))
    assert reads.agreed_targets(city, desk.city.units["longdong"], 2022) == [], "a town promises nothing by a unit's part"
    assert reads.agreed_targets(city, desk.city.units["office"], 2022) == []


def test_an_answer_is_a_to_do_of_who_asked_until_it_is_read(desk: Desk, members: dict[str, Unit]) -> None:
    plan = made(desk, members)
    asked = target_bids.bid(share=share(plan, "education"), asked=Decimal(1), reason="人手", by=desk.actor("liaison"))
    assert [job.act for job in todo.bids(desk.actor("clerk"), TODAY)] == ["去答复"]
    assert todo.bids(desk.actor("liaison"), TODAY) == []
    with pytest.raises(PlanRefused, match="还没有答复"):
        target_bids.note(bid=asked, by=desk.actor("liaison"))
    target_bids.answer(bid=asked, reply=Answer("上年就做到了"), by=desk.actor("clerk"))
    [job] = todo.bids(desk.actor("liaison"), TODAY)
    assert "未同意" in job.title and "上年就做到了" in job.note
    for who in ("clerk", "officer", "supervisor", "stranger", "doctor"):
        assert todo.bids(desk.actor(who), TODAY) == [], who
    with pytest.raises(NotAllowed):
        target_bids.note(bid=asked, by=desk.actor("officer"))
    target_bids.note(bid=asked, by=desk.actor("liaison"))
    target_bids.note(bid=asked, by=desk.actor("liaison"))
    assert todo.bids(desk.actor("liaison"), TODAY) == []
    assert WriteEntry.objects.filter(act="targets.note").count() == 1, "a second time changes nothing"


def test_a_towns_people_read_the_answer_to_their_own_number_only(desk: Desk) -> None:
    city = desk.city.divisions["云岭市"]
    plan = targets.propose(city=city, year=2022, proposal=Proposal("G01", Decimal(8)), by=desk.actor("clerk"))
    mine = plan.shares.get(division__name="龙洞镇")
    asked = target_bids.bid(share=mine, asked=Decimal(3), reason="人手", by=desk.actor("supervisor"))
    done = target_bids.answer(bid=asked, reply=Answer("同意", Decimal(3)), by=desk.actor("clerk"))
    assert done.state == BidState.ACCEPTED
    assert len(todo.bids(desk.actor("supervisor"), TODAY)) == len(todo.bids(desk.actor("town_leader"), TODAY)) == 1
    assert todo.bids(desk.actor("stranger"), TODAY) == []
    assert todo.bids(desk.actor("caseworker"), TODAY) == [], "who may not speak for the town has nothing to answer"


def test_over_which_units_a_city_decomposes(desk: Desk, members: dict[str, Unit]) -> None:
    Unit.objects.filter(code="police").update(closed_on=date(2022, 1, 1))
    assert [unit.code for unit in reads.member_units(desk.city.divisions["云岭市"].pk)] == ["education", "procuratorate"]
