"""A share is negotiated: the town proposes, the office answers, each in words; after publication only by addendum."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import target_bids, targets
from qingyuan.governance.actions.target_bids import Addendum, Answer
from qingyuan.governance.actions.targets import PlanRefused, Proposal
from qingyuan.governance.enums import BidState, Measure
from qingyuan.governance.models import TargetBid, TargetMove, TargetPlan, TargetShare
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import targets as reads
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.target_methods import Asked, compare, compare_rates, rates
from qingyuan.governance.targets_rules import TOWN_METHODS, BadShares, Method
from tests.cast import TODAY
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(desk: Desk) -> TargetPlan:
    return targets.propose(
        city=desk.city.divisions["云岭市"], year=2022, proposal=Proposal("G01", Decimal(8)), by=desk.actor("clerk")
    )


def share(plan: TargetPlan, town: str) -> TargetShare:
    return plan.shares.get(division__name=town)


def ask(desk: Desk, plan: TargetPlan, number: int, who: str = "supervisor", **more: object) -> TargetBid:
    return target_bids.bid(share=share(plan, "龙洞镇"), asked=Decimal(number), reason="人手不足", by=desk.actor(who), **more)  # type: ignore[arg-type]


def test_a_town_proposes_and_the_office_agrees_so_that_the_gap_shows(desk: Desk, plan: TargetPlan) -> None:
    made = ask(desk, plan, 3)
    assert (made.standing, made.asked, made.state) == (4, 3, BidState.OPEN)
    done = target_bids.answer(bid=made, reply=Answer("情况属实", Decimal(3)), by=desk.actor("clerk"))
    assert (done.state, done.given, share(plan, "龙洞镇").agreed) == (BidState.ACCEPTED, 3, 3)
    assert reads.gap(plan) == 1
    assert TargetMove.objects.get().reason == "情况属实"


@pytest.mark.parametrize(("given", "state", "stands"), [(None, BidState.DECLINED, 4), (Decimal(4), BidState.DECLINED, 4), (Decimal(5), BidState.SETTLED, 5)])
def test_the_office_keeps_the_number_or_settles_on_another(
    desk: Desk, plan: TargetPlan, given: Decimal | None, state: BidState, stands: int
) -> None:
    done = target_bids.answer(bid=ask(desk, plan, 2), reply=Answer("按上年完成情况", given), by=desk.actor("clerk"))
    assert (done.state, share(plan, "龙洞镇").agreed) == (state, stands)


def test_nothing_is_published_while_a_town_waits_for_its_answer(desk: Desk, plan: TargetPlan) -> None:
    made = ask(desk, plan, 3)
    with pytest.raises(PlanRefused, match="龙洞镇提出的数还没有答复"):
        targets.publish(plan=plan, by=desk.actor("leader"))
    target_bids.withdraw(bid=made, by=desk.actor("supervisor"))
    assert targets.publish(plan=plan, by=desk.actor("leader")).published_at


def test_a_bid_needs_a_reason_another_number_and_one_at_a_time(desk: Desk, plan: TargetPlan) -> None:
    mine = share(plan, "龙洞镇")
    for asked, reason, message in ((3, " ", "写明理由"), (4, "少一点", "一样"), (-1, "少一点", "不能小于 0")):
        with pytest.raises(PlanRefused, match=message):
            target_bids.bid(share=mine, asked=Decimal(asked), reason=reason, by=desk.actor("supervisor"))
    ask(desk, plan, 3)
    with pytest.raises(PlanRefused, match="还没有答复"):
        ask(desk, plan, 2)
    assert TargetBid.objects.count() == 1


def test_a_town_bids_for_its_own_share_only_and_answers_none(desk: Desk, plan: TargetPlan) -> None:
    for who in ("stranger", "clerk", "leader", "liaison", "caseworker", "officer", "auditor"):
        with pytest.raises(NotAllowed):
            ask(desk, plan, 3, who)
    made = ask(desk, plan, 3, "town_leader")
    for who in ("supervisor", "town_leader", "stranger", "auditor"):
        with pytest.raises(NotAllowed):
            target_bids.answer(bid=made, reply=Answer("同意", Decimal(3)), by=desk.actor(who))
    with pytest.raises(NotAllowed):
        target_bids.withdraw(bid=made, by=desk.actor("stranger"))


def test_of_two_people_answering_the_second_is_told_by_whom_it_was_done(desk: Desk, plan: TargetPlan) -> None:
    made = ask(desk, plan, 3)
    stale = TargetBid.objects.get(pk=made.pk)
    target_bids.answer(bid=made, reply=Answer("同意", Decimal(3)), by=desk.actor("clerk"))
    with pytest.raises(PlanRefused, match="已由周文办过了:已同意"):
        target_bids.answer(bid=stale, reply=Answer("不改"), by=desk.actor("clerk"))
    with pytest.raises(PlanRefused, match="不能撤回"):
        target_bids.withdraw(bid=stale, by=desk.actor("supervisor"))
    assert TargetMove.objects.count() == 1


def test_of_two_people_moving_one_share_the_second_sees_what_stands_first(desk: Desk, plan: TargetPlan) -> None:
    first, second = share(plan, "龙洞镇"), share(plan, "龙洞镇")
    targets.adjust(share=first, agreed=Decimal(5), reason="任务重", by=desk.actor("clerk"), seen=Decimal(4))
    with pytest.raises(PlanRefused, match="刚被周文改为 5"):
        targets.adjust(share=second, agreed=Decimal(3), reason="人少", by=desk.actor("clerk"), seen=Decimal(4))
    with pytest.raises(PlanRefused, match="刚改为 5"):
        ask(desk, plan, 3, seen=Decimal(4))
    assert share(plan, "龙洞镇").agreed == 5 and TargetMove.objects.get().before == 4


def test_an_answer_and_its_move_are_in_the_audit_with_the_reason(desk: Desk, plan: TargetPlan) -> None:
    target_bids.answer(bid=ask(desk, plan, 3), reply=Answer("情况属实", Decimal(3)), by=desk.actor("clerk"))
    acts = list(WriteEntry.objects.filter(ledger="targets").order_by("pk").values_list("act", flat=True))
    assert acts == ["targets.propose", "targets.bid", "targets.answer"]


# --- by addendum -----------------------------------------------------------------------------------------------------------
def test_after_publication_shares_move_together_by_addendum_and_the_sum_is_kept(desk: Desk, plan: TargetPlan) -> None:
    targets.publish(plan=plan, by=desk.actor("leader"))
    mine, other = share(plan, "龙洞镇"), share(plan, "石桥镇")
    changes = Addendum(
        {mine.pk: Decimal(3), other.pk: Decimal(5)}, {mine.pk: Decimal(4), other.pk: Decimal(4)}, "灾后任务调整", "云禁办〔2022〕8号"
    )
    target_bids.amend(plan=plan, addendum=changes, by=desk.actor("leader"))
    assert reads.gap(plan) == 0
    assert [(move.after, move.addendum, move.document) for move in TargetMove.objects.order_by("after")] == [
        (3, True, "云禁办〔2022〕8号"), (5, True, "云禁办〔2022〕8号"),
    ]  # fmt: skip
    city = desk.city.divisions
    assert reads.agreed_targets(city["云岭市"], desk.city.units["longdong"], 2022)[0].target == "3"


def test_an_addendum_that_breaks_the_sum_without_an_owner_changes_nothing(desk: Desk, plan: TargetPlan) -> None:
    targets.publish(plan=plan, by=desk.actor("leader"))
    mine = share(plan, "龙洞镇")
    seen = {mine.pk: Decimal(4)}
    with pytest.raises(PlanRefused, match="差 1"):
        target_bids.amend(plan=plan, addendum=Addendum({mine.pk: Decimal(3)}, seen, "减一次"), by=desk.actor("leader"))
    assert share(plan, "龙洞镇").agreed == 4 and not TargetMove.objects.exists()
    owned = Addendum({mine.pk: Decimal(3)}, seen, "减一次", gap_owner="市禁毒办", gap_reason="市级补一次")
    assert target_bids.amend(plan=plan, addendum=owned, by=desk.actor("leader")).gap_owner == "市禁毒办"
    with pytest.raises(PlanRefused, match="刚被"):
        target_bids.amend(plan=plan, addendum=owned, by=desk.actor("leader"))


def test_an_addendum_is_for_those_who_publish_and_needs_a_reason(desk: Desk, plan: TargetPlan) -> None:
    mine = share(plan, "龙洞镇")
    change = Addendum({mine.pk: Decimal(3)}, {}, "减一次", gap_owner="市禁毒办", gap_reason="补")
    with pytest.raises(PlanRefused, match="还没有下达"):
        target_bids.amend(plan=plan, addendum=change, by=desk.actor("leader"))
    targets.publish(plan=plan, by=desk.actor("leader"))
    for who in ("supervisor", "town_leader", "auditor", "liaison"):
        with pytest.raises(NotAllowed):
            target_bids.amend(plan=plan, addendum=change, by=desk.actor(who))
    for change, message in ((Addendum({mine.pk: Decimal(3)}, {}, " "), "理由"), (Addendum({}, {}, "无"), "没有改动")):
        with pytest.raises(PlanRefused, match=message):
            target_bids.amend(plan=plan, addendum=change, by=desk.actor("leader"))


# --- methods side by side ------------------------------------------------------------------------------------------------
def test_methods_stand_side_by_side_and_what_cannot_be_used_says_why(desk: Desk) -> None:
    city = desk.city.divisions["云岭市"]
    found = compare(city, 2022, Asked("G01", Decimal(8)), known_indicator("G01"), TODAY)
    columns = {column.method: column for column in found.columns}
    assert set(columns) == set(TOWN_METHODS) and sorted(columns[Method.EQUAL].amounts.values()) == [4, 4]
    assert "权重全是 0" in columns[Method.CASELOAD].refused and not columns[Method.CASELOAD].amounts


def test_what_is_shown_is_what_a_proposal_gives(desk: Desk) -> None:
    city, town = desk.city.divisions["云岭市"], desk.city.divisions["龙洞镇"].pk
    asked = Asked("G01", Decimal(9), floors={town: Decimal(6)})
    [shown] = [one for one in compare(city, 2022, asked, known_indicator("G01"), TODAY).columns if one.method is Method.EQUAL]
    made = targets.propose(city=city, year=2022, proposal=Proposal("G01", Decimal(9), floors={town: Decimal(6)}), by=desk.actor("clerk"))
    assert {one.division_id: one.agreed for one in made.shares.all()} == shown.amounts


def test_a_total_left_empty_comes_from_last_years_figure_or_says_that_there_is_none(desk: Desk) -> None:
    with pytest.raises(BadShares, match="上年没有这个数"):
        targets.propose(
            city=desk.city.divisions["云岭市"], year=2022, proposal=Proposal("G01", None, growth=Decimal("0.1")), by=desk.actor("clerk")
        )


def test_a_plan_that_no_town_can_take_is_not_made(desk: Desk) -> None:
    caps = {desk.city.divisions[town].pk: Decimal(2) for town in ("龙洞镇", "石桥镇")}
    with pytest.raises(BadShares, match="最多承担 4,离全市目标 8 还差 4"):
        targets.propose(city=desk.city.divisions["云岭市"], year=2022, proposal=Proposal("G01", Decimal(8), caps=caps), by=desk.actor("clerk"))
    assert not TargetPlan.objects.exists()


@pytest.mark.parametrize(
    ("method", "message"), [(Method.LAST_YEAR, "上年没有各乡镇的比率"), (Method.POPULATION, "比率只能"), (Method.CAPACITY, "比率只能")]
)
def test_a_rate_is_given_alike_or_by_what_was_lacking_and_in_no_other_way(desk: Desk, method: Method, message: str) -> None:
    city = desk.city.divisions["云岭市"]
    bases = {desk.city.divisions[town].pk: Decimal(40) for town in ("龙洞镇", "石桥镇")}
    wanted = Proposal("R01", Decimal(85), measure=Measure.RATE, method=method, weights=bases)
    with pytest.raises(BadShares, match=message):
        targets.propose(city=city, year=2022, proposal=wanted, by=desk.actor("clerk"))
    found = {one.method: one for one in compare_rates(city, 2022, wanted.asked, TODAY).columns}
    assert set(found) == {Method.EQUAL, Method.LAST_YEAR} and set(found[Method.EQUAL].amounts.values()) == {Decimal(85)}
    assert "上年没有" in found[Method.LAST_YEAR].refused


def test_a_town_of_few_takes_the_citys_rate_so_that_its_own_cannot_be_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    city, divisions = desk.city.divisions["云岭市"], desk.city.divisions
    large, small = divisions["龙洞镇"].pk, divisions["石桥镇"].pk
    monkeypatch.setattr(reads, "last_rates", lambda *asked: {large: Decimal(80), small: Decimal(25)})
    asked = Asked("R01", Decimal(90), weights={large: Decimal(50), small: Decimal(4)})
    given, _base = rates(city, 2022, Method.LAST_YEAR, asked, TODAY)
    assert given == {large: Decimal("90.0"), small: Decimal("90.0")}


def test_what_rounding_up_adds_to_rates_is_no_gap(desk: Desk) -> None:
    bases = {desk.city.divisions[town].pk: Decimal(40) for town in ("龙洞镇", "石桥镇")}
    wanted = Proposal("R01", Decimal("85.05"), measure=Measure.RATE, weights=bases)
    plan = targets.propose(city=desk.city.divisions["云岭市"], year=2022, proposal=wanted, by=desk.actor("clerk"))
    for number, gap in (("85.1", 0), ("85.2", 0), ("85.3", Decimal("-0.125")), ("85", Decimal("0.025"))):
        targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(number), reason="取整", by=desk.actor("clerk"))
        assert reads.gap(plan) == gap
