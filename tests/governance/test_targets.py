"""Targets: decomposed so that they sum, moved with reasons, published only when nothing is left over unnamed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qingyuan.governance.actions import targets
from qingyuan.governance.actions.targets import PlanRefused, Proposal
from qingyuan.governance.enums import Measure, PlanState
from qingyuan.governance.models import TargetMove, TargetPlan, TargetShare
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import targets as reads
from qingyuan.governance.targets_rules import Method, TargetRefused
from qingyuan.indicators.refresh import refresh
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db


def propose(desk: Desk, proposal: Proposal) -> TargetPlan:
    return targets.propose(city=desk.city.divisions["云岭市"], year=2022, proposal=proposal, by=desk.actor("clerk"))


def agreed(plan: TargetPlan) -> dict[str, Decimal]:
    return {share.division.name: share.agreed for share in plan.shares.all()}


def share(plan: TargetPlan, town: str) -> TargetShare:
    return plan.shares.get(division__name=town)


def test_an_equal_split_of_seven_meetings_sums_exactly(desk: Desk) -> None:
    plan = propose(desk, Proposal("G01", Decimal(7)))
    assert sorted(agreed(plan).values()) == [3, 4]
    assert (reads.gap(plan), plan.state) == (0, PlanState.DRAFT)
    published = targets.publish(plan=plan, by=desk.actor("leader"))
    assert (published.state, published.published_by_name) == (PlanState.PUBLISHED, "秦川")


def test_a_coercive_or_watched_figure_is_refused_as_a_target_with_the_printed_reason(desk: Desk) -> None:
    for code in ("E01", "E04", "R26", "G11", "AD01"):
        with pytest.raises(TargetRefused, match=r".{12}"):
            propose(desk, Proposal(code, Decimal(10)))
    assert TargetPlan.objects.count() == 0


def test_a_move_needs_a_reason_shows_the_gap_and_is_kept(desk: Desk) -> None:
    plan = propose(desk, Proposal("G01", Decimal(8)))
    with pytest.raises(PlanRefused, match="理由"):
        targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(3), reason="", by=desk.actor("clerk"))
    gap = targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(3), reason="人手不足", by=desk.actor("clerk"))
    assert gap == 1
    move = TargetMove.objects.get()
    assert (move.before, move.after, move.reason, move.by_name) == (4, 3, "人手不足", "周文")
    with pytest.raises(WrittenOnce):
        TargetMove.objects.update(reason="别的")


def test_a_gap_is_published_only_with_an_owner_and_a_reason(desk: Desk) -> None:
    plan = propose(desk, Proposal("G01", Decimal(8)))
    targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(3), reason="人手不足", by=desk.actor("clerk"))
    with pytest.raises(PlanRefused, match="差 1"):
        targets.publish(plan=plan, by=desk.actor("leader"))
    with pytest.raises(PlanRefused):
        targets.publish(plan=plan, by=desk.actor("leader"), gap_owner="市禁毒办", gap_reason=" ")
    done = targets.publish(plan=plan, by=desk.actor("leader"), gap_owner="市禁毒办", gap_reason="由市级统筹")
    assert (done.gap_owner, done.gap_reason) == ("市禁毒办", "由市级统筹")
    with pytest.raises(PlanRefused, match="已经下达"):
        targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(4), reason="再调", by=desk.actor("clerk"))
    with pytest.raises(PlanRefused):
        propose(desk, Proposal("G01", Decimal(9)))


def test_rates_must_average_to_the_citys_by_their_bases(desk: Desk) -> None:
    towns = {desk.city.divisions["龙洞镇"].pk: Decimal(40), desk.city.divisions["石桥镇"].pk: Decimal(10)}
    plan = propose(desk, Proposal("R01", Decimal(85), measure=Measure.RATE, weights=towns))
    assert reads.gap(plan) == 0
    gap = targets.adjust(share=share(plan, "龙洞镇"), agreed=Decimal(90), reason="基础好", by=desk.actor("clerk"))
    assert gap == Decimal("-4.0000")
    gap = targets.adjust(share=share(plan, "石桥镇"), agreed=Decimal(65), reason="人少", by=desk.actor("clerk"))
    assert gap == 0
    assert reads.small_towns(plan) == ("石桥镇",)


def test_a_new_draft_replaces_one_that_nobody_negotiated(desk: Desk) -> None:
    propose(desk, Proposal("G01", Decimal(7)))
    plan = propose(desk, Proposal("G01", Decimal(10)))
    assert TargetPlan.objects.get() == plan
    assert sum(agreed(plan).values()) == 10


def test_floors_and_caps_hold_by_town(desk: Desk) -> None:
    town = desk.city.divisions["龙洞镇"].pk
    plan = propose(desk, Proposal("G01", Decimal(8), floors={town: Decimal(6)}))
    assert agreed(plan) == {"龙洞镇": 6, "石桥镇": 2}


def test_last_years_meetings_are_the_base_of_a_split_by_last_year(desk: Desk) -> None:
    for town, who, days in (("龙洞镇", "supervisor", 3), ("石桥镇", "stranger", 1)):
        for day in range(1, days + 1):
            desk.city.enter(
                "meetings",
                who,
                {"division": desk.city.divisions[town].pk, "kind": "special", "held_on": date(2021, 3, day)}
                | {"title": f"会{day}", "special_topic": True, "decisions": "议定", "chaired_by_first": False},
            )
    refresh()
    plan = propose(desk, Proposal("G01", Decimal(8), method=Method.LAST_YEAR))
    assert agreed(plan) == {"龙洞镇": 6, "石桥镇": 2}


def test_only_the_office_proposes_and_only_those_who_approve_publish(desk: Desk) -> None:
    for who in ("supervisor", "liaison", "auditor", "officer"):
        with pytest.raises(NotAllowed):
            targets.propose(
                city=desk.city.divisions["云岭市"], year=2022, proposal=Proposal("G01", Decimal(7)), by=desk.actor(who)
            )
