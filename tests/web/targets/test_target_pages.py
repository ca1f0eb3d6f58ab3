"""Targets on the page: proposed by a method, moved with reasons, refused when coercive, published when they add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import targets
from qingyuan.governance.actions.unit_targets import UnitProposal, propose
from qingyuan.governance.models import TargetPlan, TargetShare
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.models import Unit
from tests.cast import measure_values
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
ASKED = {"indicator": "G01", "total": "5", "measure": "value", "method": "equal", "lot": "1", "due": "2022-12-31"}


@pytest.fixture
def plan(desk: Desk) -> TargetPlan:
    """Five meetings over two towns: 3 and 2."""
    return targets.propose(
        city=desk.city.divisions["云岭市"],
        year=2022,
        proposal=targets.Proposal("G01", Decimal(5)),
        by=desk.actor("clerk"),
    )


def share(plan: TargetPlan, town: str) -> TargetShare:
    return plan.shares.get(division__name=town)


def test_a_proposal_splits_the_total_exactly_and_says_how(desk: Desk) -> None:
    page = text_of(browser_of(desk.city, "clerk").post("/targets/propose/", ASKED, follow=True))
    made = TargetPlan.objects.get()
    assert sorted(made.shares.values_list("proposed", flat=True)) == [2, 3]
    assert "平均分" in page and "缺口:无" in page and "合计 5" in page


@pytest.mark.parametrize("counted", ["E01", "E04", "E09"])
def test_a_coercive_count_is_refused_with_the_printed_reason(desk: Desk, counted: str) -> None:
    response = browser_of(desk.city, "clerk").post("/targets/propose/", ASKED | {"indicator": counted})
    assert response.status_code == 422
    assert "不得设为目标、得分、奖励或任务" in field_error(response, "indicator")
    assert not TargetPlan.objects.exists()


def test_a_move_needs_a_reason_and_stays_readable(desk: Desk, plan: TargetPlan) -> None:
    client = browser_of(desk.city, "clerk")
    address = f"/targets/{plan.pk}/shares/{share(plan, '石桥镇').pk}/"
    bare = client.post(address, {"agreed": "3", "reason": ""})
    assert bare.status_code == 422 and "调整要写明理由" in text_of(bare)
    page = text_of(client.post(address, {"agreed": "4", "reason": "任务重"}, follow=True))
    assert "→ 4 周文" in page and "任务重" in page and "缺口:多出" in page


def test_a_gap_is_published_only_with_its_owner_and_reason(desk: Desk, plan: TargetPlan) -> None:
    client = browser_of(desk.city, "leader")
    move = share(plan, "石桥镇")
    targets.adjust(share=move, agreed=move.agreed - 1, reason="力量不足", by=desk.actor("clerk"))
    refused = client.post(f"/targets/{plan.pk}/publish/", {})
    assert refused.status_code == 422 and "差 1" in text_of(refused) and "由谁承担缺口" in text_of(refused)
    done = client.post(f"/targets/{plan.pk}/publish/", {"gap_owner": "市禁毒办", "gap_reason": "年中再议"}, follow=True)
    assert "已下达" in text_of(done) and "缺口由市禁毒办承担:年中再议" in text_of(done)
    late = browser_of(desk.city, "clerk").post(
        f"/targets/{plan.pk}/shares/{move.pk}/", {"agreed": "3", "reason": "再调"}
    )
    assert late.status_code == 422 and "已经下达，不能再调" in text_of(late)


def test_a_town_sees_its_own_share_and_nobody_elses(desk: Desk, plan: TargetPlan) -> None:
    client = browser_of(desk.city, "supervisor")
    for address in ("/targets/", f"/targets/{plan.pk}/"):
        page = text_of(client.get(address))
        assert "石桥镇" not in page
    assert "龙洞镇" in text_of(client.get(f"/targets/{plan.pk}/"))
    assert client.get("/targets/propose/").status_code == 403
    own = share(plan, "龙洞镇")
    assert client.post(f"/targets/{plan.pk}/shares/{own.pk}/", {"agreed": "0", "reason": "不想做"}).status_code == 403
    assert client.post(f"/targets/{plan.pk}/publish/", {}).status_code == 403


def test_someone_without_targets_finds_no_plan(desk: Desk, plan: TargetPlan) -> None:
    for who in ("officer", "doctor", "liaison"):
        assert browser_of(desk.city, who).get(f"/targets/{plan.pk}/").status_code == 404


def test_bases_that_count_few_people_are_closed_for_the_office_and_open_at_home(desk: Desk) -> None:
    old = {"decided_on": date(2021, 1, 3), "served_on": date(2021, 1, 5), "reported_on": date(2021, 1, 10)}
    signed = {"agreement_on": date(2021, 1, 12)}
    desk.city.enter("measures", "supervisor", *(measure_values(desk.city, n, **(old | signed)) for n in range(3)))
    refresh()
    plan = targets.propose(
        city=desk.city.divisions["云岭市"],
        year=2022,
        proposal=targets.Proposal("R01", Decimal(95), measure=targets.Measure.RATE),
        by=desk.actor("clerk"),
    )
    assert share(plan, "龙洞镇").base == 3
    office = text_of(browser_of(desk.city, "clerk").get(f"/targets/{plan.pk}/"))
    assert "<5" in office and "龙洞镇 3" not in office
    home = text_of(browser_of(desk.city, "supervisor").get(f"/targets/{plan.pk}/"))
    assert "<5" not in home


@pytest.mark.parametrize("who", ["supervisor", "town_leader", "clerk", "leader", "auditor"])
def test_looking_writes_nothing(desk: Desk, plan: TargetPlan, who: str) -> None:
    before = WriteEntry.objects.count()
    client = browser_of(desk.city, who)
    for address in ("/targets/", f"/targets/{plan.pk}/", f"/targets/{plan.pk}/export.xlsx"):
        assert client.get(address).status_code == 200
    assert WriteEntry.objects.count() == before


# --- negotiation -----------------------------------------------------------------------------------------------------------
def test_a_town_proposes_on_its_page_and_reads_the_answer_there(desk: Desk, plan: TargetPlan) -> None:
    town, office = browser_of(desk.city, "town_leader"), browser_of(desk.city, "clerk")
    mine = share(plan, "龙洞镇")
    address = f"/targets/{plan.pk}/shares/{mine.pk}/"
    assert "为什么是这个数" in text_of(town.get(f"/targets/{plan.pk}/"))
    bare = town.post(f"{address}bid/", {"asked": "1", "reason": ""})
    assert bare.status_code == 422 and "请写明理由" in text_of(bare)
    assert "等答复" in text_of(town.post(f"{address}bid/", {"asked": "1", "reason": "人手不足", "seen": mine.agreed}, follow=True))
    bid = mine.bids.get()
    page = text_of(office.get(f"/targets/{plan.pk}/"))
    assert "人手不足" in page and "还有 1 处的意见没有答复" in page
    assert "待答复" in text_of(office.get("/targets/"))
    done = office.post(f"{address}bids/{bid.pk}/answer/", {"given": "1", "words": "情况属实"}, follow=True)
    assert "缺口:还差" in text_of(done)
    assert "情况属实" in text_of(town.get(f"/targets/{plan.pk}/"))
    second = office.post(f"{address}bids/{bid.pk}/answer/", {"given": "2", "words": "再想想"})
    assert second.status_code == 422 and "已由周文办过了" in text_of(second)


def test_a_town_neither_bids_for_another_nor_answers_itself(desk: Desk, plan: TargetPlan) -> None:
    town = browser_of(desk.city, "supervisor")
    other, mine = share(plan, "石桥镇"), share(plan, "龙洞镇")
    assert town.post(f"/targets/{plan.pk}/shares/{other.pk}/bid/", {"asked": "1", "reason": "x"}).status_code == 404
    town.post(f"/targets/{plan.pk}/shares/{mine.pk}/bid/", {"asked": "1", "reason": "人手不足"})
    bid = mine.bids.get()
    assert town.post(f"/targets/{plan.pk}/shares/{mine.pk}/bids/{bid.pk}/answer/", {"words": "同意", "given": "1"}).status_code == 403
    office = browser_of(desk.city, "clerk")
    assert office.post(f"/targets/{plan.pk}/shares/{mine.pk}/bids/{bid.pk}/withdraw/").status_code == 403
    assert "已撤回" in text_of(town.post(f"/targets/{plan.pk}/shares/{mine.pk}/bids/{bid.pk}/withdraw/", follow=True))


def test_the_list_of_figures_begins_with_what_may_be_a_target(desk: Desk) -> None:
    page = BeautifulSoup(browser_of(desk.city, "clerk").get("/targets/compare/").content, "html.parser")
    codes = [str(one["value"]).partition(".")[0] for one in page.select("select[name=indicator] option") if one["value"]]
    assert codes.index("G01") < codes.index("AD01") and codes.index("R05") < codes.index("E01")


def test_methods_are_compared_before_one_is_chosen_and_the_page_saves_nothing(desk: Desk) -> None:
    client, town = browser_of(desk.city, "clerk"), desk.city.divisions["龙洞镇"].pk
    page = text_of(client.get("/targets/compare/", {"indicator": "G01", "total": "9", "measure": "value", f"floor_{town}": "6"}))
    assert "平均分" in page and "按在岗专职人员" in page and "权重全是 0" in page and "全市 9" in page
    assert not TargetPlan.objects.exists()
    tight = client.get("/targets/compare/", {"indicator": "G01", "total": "9", "measure": "value", "cap": "2"})
    assert "最多承担 4" in text_of(tight)
    coercive = client.get("/targets/compare/", {"indicator": "E01", "total": "9", "measure": "value"})
    assert coercive.status_code == 422 and "不得设为目标" in field_error(coercive, "indicator")
    empty = client.get("/targets/compare/", {"indicator": "G01", "measure": "value"})
    assert empty.status_code == 422 and "按上年推算" in field_error(empty, "total")
    for who in ("supervisor", "auditor", "liaison"):
        assert browser_of(desk.city, who).get("/targets/compare/").status_code == 403


def test_an_addendum_moves_several_towns_at_once_and_names_the_letters_that_are_behind(desk: Desk, plan: TargetPlan) -> None:
    targets.publish(plan=plan, by=desk.actor("leader"))
    desk.letter()
    client, mine, other = browser_of(desk.city, "leader"), share(plan, "龙洞镇"), share(plan, "石桥镇")
    data = {f"share_{one.pk}": str(one.agreed) for one in (mine, other)} | {f"seen_{one.pk}": str(one.agreed) for one in (mine, other)}
    broken = client.post(f"/targets/{plan.pk}/amend/", data | {f"share_{mine.pk}": "0", "reason": "灾后"})
    assert broken.status_code == 422 and "由谁承担缺口" in text_of(broken)
    swap = {f"share_{mine.pk}": str(mine.agreed - 1), f"share_{other.pk}": str(other.agreed + 1), "reason": "灾后", "document": "云禁办8号"}
    page = text_of(client.post(f"/targets/{plan.pk}/amend/", data | swap, follow=True))
    assert "补充调整" in page and "云禁办8号" in page and "责任书上还是旧数" in page
    for who, status in (("supervisor", 403), ("auditor", 403)):
        assert browser_of(desk.city, who).post(f"/targets/{plan.pk}/amend/", data | {"reason": "x"}).status_code == status


def test_the_office_splits_over_units_on_a_page_and_a_unit_sees_its_own_part(desk: Desk) -> None:
    Unit.objects.filter(code__in=("education", "police")).update(is_member=True)
    education, police = Unit.objects.get(code="education"), Unit.objects.get(code="police")
    office = browser_of(desk.city, "clerk")
    assert "市教育局" in text_of(office.get("/targets/propose/units/"))
    asked = {"indicator": "G01", "total": "7", "method": "weights", "lot": "1", f"bears_{education.pk}": "on", f"bears_{police.pk}": "on"}
    bare = office.post("/targets/propose/units/", asked)
    assert bare.status_code == 422 and "勾选的单位都要填权重" in text_of(bare)
    nobody = office.post("/targets/propose/units/", {"indicator": "G01", "total": "7", "method": "equal", "lot": "1"})
    assert nobody.status_code == 422 and "勾选至少一个" in text_of(nobody)
    page = text_of(office.post("/targets/propose/units/", asked | {f"weight_{education.pk}": "4", f"weight_{police.pk}": "3"}, follow=True))
    assert "市教育局 4 4 4" in page and "缺口:无" in page and "成员单位" in page
    plan = TargetPlan.objects.get()
    liaison = browser_of(desk.city, "liaison")
    own = text_of(liaison.get(f"/targets/{plan.pk}/"))
    assert "分给本单位的数" in own and "市公安局" not in own
    assert "党委政府专题研究禁毒次数" in text_of(liaison.get("/targets/"))
    mine = plan.shares.get(unit=education)
    address = f"/targets/{plan.pk}/shares/{mine.pk}/"
    assert "等答复" in text_of(liaison.post(f"{address}bid/", {"asked": "2", "reason": "人手不足", "seen": "4"}, follow=True))
    bid = mine.bids.get()
    assert liaison.post(f"{address}bids/{bid.pk}/note/").status_code == 422
    answered = office.post(f"{address}bids/{bid.pk}/answer/", {"given": "3", "words": "折中"}, follow=True)
    assert "另定一数 3" in text_of(answered)
    assert "有了答复:另定一数" in text_of(liaison.get("/today/"))
    assert "知道了" in text_of(liaison.get(f"/targets/{plan.pk}/"))
    assert browser_of(desk.city, "officer").post(f"{address}bids/{bid.pk}/note/").status_code == 404
    assert "知道了" not in text_of(liaison.post(f"{address}bids/{bid.pk}/note/", follow=True))
    assert "有了答复" not in text_of(liaison.get("/today/"))


def test_who_has_no_part_of_a_units_target_finds_none(desk: Desk) -> None:
    Unit.objects.filter(code="education").update(is_member=True)
    weights = {Unit.objects.get(code="education").pk: Decimal(1)}
    plan = propose(city=desk.city.divisions["云岭市"], year=2022, proposal=UnitProposal("G01", Decimal(5), weights), by=desk.actor("clerk"))
    for who in ("officer", "prosecutor", "doctor", "supervisor", "caseworker", "town_leader"):
        assert browser_of(desk.city, who).get(f"/targets/{plan.pk}/").status_code in (403, 404), who
    for who in ("liaison", "supervisor", "officer"):
        assert browser_of(desk.city, who).get("/targets/propose/units/").status_code == 403, who
    assert browser_of(desk.city, "clerk").get(f"/targets/{plan.pk}/export.xlsx").status_code == 200
