"""What follows from a published result: proposed by rules, heard, decided by another person, objected to, put right, left."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from docx import Document

from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import Past, StepRefused, kept_apart
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import rewards
from qingyuan.governance.models import AssessmentRound, Consequence, ConsequenceFile
from qingyuan.governance.permissions.consequences import consequence_standing
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.reward_papers import notice
from qingyuan.governance.rewards.reading import read_table
from qingyuan.journeys.todo import rewards as todo
from qingyuan.journeys.todo.tally import total
from qingyuan.reference.holidays import add_working_days
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.governance.rewarding import Rewarding, after_reply, at, proof
from tests.governance.year_end import YearEnd

pytestmark = pytest.mark.django_db

#: Both towns of the cast end at 19 points of 100: a listing, a yellow card and a commendation are rules of this table alone.
TABLE = """
id: trial
title: 试行规则
version: "1"
valid_from: 2021-01-01
applies_to: {unit_kinds: [town]}
source: 试
rules:
  - {id: G1, kind: grade, text: 列入等次名单。, source: 试, when: {}, opens: true}
  - {id: T1, kind: talk, text: 最低一等的约谈。, source: 试, when: {grades: [lowest]}}
  - {id: Y1, kind: yellow, text: 不足六成的黄牌。, source: 试, when: {to: 60}, leave: {ending: date, months: 6, words: 期满}}
  - {id: L1, kind: listing, text: 不足两成的挂牌。, source: 试, when: {to: 20}, opens: true, leave: {ending: repair, months: 12, words: 验收}}
  - {id: C1, kind: commend, text: 不足两成的也表扬。, source: 试, when: {to: 20}, opens: true}
  - {id: P1, kind: points, text: 折算。, source: 试, points: {system: 平安建设考核, cap: 3, way: linear, steps: [{at: 0, points: 0}, {at: 100, points: 3}]}}
"""


@pytest.fixture
def office(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Rewarding:
    monkeypatch.setattr(reads, "tables", lambda: (read_table(TABLE),))
    return Rewarding(YearEnd(desk))


# --- proposing -------------------------------------------------------------------------------------------------------------------
def test_a_published_round_is_proposed_for_once_and_nothing_is_proposed_twice(office: Rewarding) -> None:
    round = office.proposed()
    assert set(Consequence.objects.filter(unit__code="longdong").values_list("rule", flat=True)) == {"G1", "T1", "Y1", "L1", "C1", "P1"}
    assert rewards.propose(round=round, by=office.year_end.desk.actor("clerk")) == []
    one = office.entry("P1")
    assert (one.rule_text, one.rule_source, one.table_version, one.points) == ("折算。", "试", "1", Decimal("0.57"))
    assert one.met == [{"code": "total", "values": {"low": "19", "high": "19", "of": "100", "grade": "不合格"}}]
    assert WriteEntry.objects.filter(ledger="consequences", act="consequences.propose").count() == 12


def test_nothing_is_proposed_of_what_is_not_published(office: Rewarding) -> None:
    round = office.year_end.opened()
    with pytest.raises(StepRefused, match="公布以后"):
        rewards.propose(round=round, by=office.year_end.desk.actor("clerk"))


@pytest.mark.parametrize("who", ["leader", "supervisor", "liaison", "officer", "auditor", "town_leader"])
def test_only_the_office_has_the_rules_propose(office: Rewarding, who: str) -> None:
    round = office.round()
    with pytest.raises(NotAllowed):
        rewards.propose(round=round, by=office.year_end.desk.actor(who))
    assert not Consequence.objects.exists()


def test_the_same_rule_stands_once_for_a_result_whoever_writes(office: Rewarding) -> None:
    office.proposed()
    one = office.entry("T1")
    one.pk = None
    one.id = Consequence._meta.pk.get_default()
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_a_unit_without_a_table_of_rules_is_said_to_have_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "tables", lambda: (read_table(TABLE.replace("[town]", "[police]")),))
    office = Rewarding(YearEnd(desk))
    round = office.round()
    with pytest.raises(StepRefused, match="没有适用"):
        rewards.propose(round=round, by=desk.actor("clerk"))
    assert todo.jobs(desk.actor("clerk"), TODAY) == [], "what no table speaks of is nothing to do"


def test_the_tables_that_come_with_the_platform_name_indicators_that_places_are_compared_by() -> None:
    refused = {rule.id for table in reads.tables() for rule in table.rules if rule.refused}
    assert refused == {"N1"}
    assert "不作地区比较" in reads.why_not_compared("E01") and reads.why_not_compared("X99")


# --- hearing ----------------------------------------------------------------------------------------------------------------------
def test_nothing_against_a_unit_is_handed_up_before_it_was_heard(office: Rewarding) -> None:
    office.proposed()
    given = {"opinion": "建议按规则办。"}
    with pytest.raises(StepRefused, match="听取陈述"):
        office.take(office.entry("T1"), "submit", "clerk", **given)
    case = office.noticed("T1")
    assert case.reply_by == add_working_days(TODAY, 5)
    with pytest.raises(StepRefused, match="听取陈述"):
        office.take(case, "submit", "clerk", on=case.reply_by, **given)
    assert office.take(case, "submit", "clerk", on=after_reply(), **given).state == "to_decide"


def test_a_reply_counts_as_heard_and_is_kept_encrypted(office: Rewarding) -> None:
    office.proposed()
    case = office.submitted("T1")
    assert (case.state, case.replied_on) == ("to_decide", TODAY)
    assert case.reply.startswith("情况属实")
    assert case.paper is not None and "收到陈述意见并已考虑" in (case.paper.body or "")
    assert "情况属实" not in (case.paper.body or ""), "what the unit said stays on the platform"


@pytest.mark.parametrize("who", ["stranger", "liaison", "clerk", "town_leader", "caseworker"])
def test_only_the_unit_itself_replies(office: Rewarding, who: str) -> None:
    office.proposed()
    case = office.noticed("T1")
    with pytest.raises(NotAllowed):
        office.take(case, "reply", who, reply="代为陈述。")


def test_a_reply_with_somebodys_number_is_refused(office: Rewarding) -> None:
    office.proposed()
    case = office.noticed("T1")
    with pytest.raises(StepRefused, match="身份证号码或手机号"):
        office.take(case, "reply", "supervisor", reply="联系张三 13800138000。")


# --- deciding ----------------------------------------------------------------------------------------------------------------------
def test_another_person_decides_as_the_rule_says_and_the_unit_gets_a_numbered_paper(office: Rewarding) -> None:
    office.proposed()
    with pytest.raises(NotAllowed):
        office.take(office.submitted("T1"), "decide", "clerk")
    case = office.take(office.entry("T1"), "decide", "leader")
    assert (case.state, case.decided_kind, case.departs, case.decided_by_name) == ("decided", "talk", False, office.year_end.desk.actor("leader").name)
    assert case.object_by == add_working_days(TODAY, 10) and case.ends_on is None
    paper = Paper.objects.select_related("issue").get(pk=case.paper_id)
    assert paper.issue.number == "云禁奖〔2022〕1号" and paper.deliveries.get().unit.code == "longdong"
    signed = office.take(case, "receive", "supervisor")
    assert signed.received_on == TODAY and paper.deliveries.get().received_on == TODAY
    with pytest.raises(StepRefused):
        office.take(signed, "receive", "supervisor")


def test_who_had_a_hand_in_it_does_not_decide_even_with_the_right(office: Rewarding) -> None:
    """Whoever became leader meanwhile finds the own proposal closed."""
    office.proposed()
    leader = office.year_end.desk.actor("leader")
    standing = consequence_standing(leader, office.entry("T1"), TODAY)
    procedure = reads.procedure()
    for earlier, code in product(("propose", "notify", "submit"), ("decide", "depart", "refuse")):
        own, other = (Past(earlier, account, leader.unit_id) for account in (leader.account_id, 0))
        assert not kept_apart(procedure, procedure.step(code), standing, (own,)).allowed, (earlier, code)
        assert kept_apart(procedure, procedure.step(code), standing, (other,)).allowed, (earlier, code)


def test_a_decision_that_departs_is_lighter_has_a_reason_and_prints_it(office: Rewarding) -> None:
    office.proposed()
    case = office.submitted("L1")
    with pytest.raises(StepRefused, match="理由"):
        office.take(case, "depart", "leader", instead="talk")
    with pytest.raises(StepRefused, match="从轻"):
        office.take(case, "depart", "leader", instead="commend", reason="试")
    case = office.take(case, "depart", "leader", instead="remind", reason="下半年已经补齐人手,从轻处理。")
    assert (case.decided_kind, case.departs, case.stands_for, case.ends_on) == ("remind", True, False, None)
    paper = Paper.objects.get(pk=case.paper_id)
    assert "书面提醒" in paper.title and "下半年已经补齐人手" in (paper.body or "") and "期限和退出" not in (paper.body or "")


def test_points_may_be_decided_otherwise_within_their_cap(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.entry("P1"), "submit", "clerk", opinion="按规则折算。")
    case = office.take(case, "depart", "leader", instead="1", reason="年中区划调整,按半年计。")
    assert (case.decided_kind, case.decided_points, case.departs) == ("points", Decimal(1), True)
    other = office.take(office.entry("P1", "shiqiao"), "submit", "clerk", opinion="按规则折算。")
    assert office.take(other, "decide", "leader").decided_points == Decimal("0.57")


def test_what_is_not_taken_over_says_why_and_its_draft_falls_away(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.submitted("T1"), "refuse", "leader", reason="上半年已经约谈过。")
    assert (case.state, case.reason) == ("dropped", "上半年已经约谈过。")
    assert Paper.objects.get(pk=case.paper_id).state == "void"


def test_a_published_grade_can_neither_be_left_out_nor_changed(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.entry("G1"), "submit", "clerk", opinion="列入名单。")
    for step, given in (("refuse", {"reason": "试"}), ("depart", {"instead": "remind", "reason": "试"})):
        with pytest.raises(StepRefused, match="公布的等次"):
            office.take(case, step, "leader", **given)
    assert office.take(case, "decide", "leader").paper is None


def test_a_draft_sent_back_keeps_what_was_told_and_heard(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.submitted("T1"), "return_draft", "leader", reason="写明整改要求。")
    assert (case.state, case.noticed_on, case.replied_on) == ("proposed", TODAY, TODAY)
    with pytest.raises(StepRefused):
        office.take(case, "notify", "clerk")
    again = office.take(case, "submit", "clerk", opinion="已经补写。")
    assert again.state == "to_decide" and again.paper_id == case.paper_id


def test_two_who_had_the_same_page_open_do_not_both_decide(office: Rewarding) -> None:
    office.proposed()
    case = office.submitted("T1")
    leader = office.year_end.desk.actor("leader")
    rewards.take(case=case, step="decide", by=leader, version=case.version, at=at(TODAY))
    with pytest.raises(rewards.CaseMoved):
        rewards.take(case=case, step="refuse", by=leader, version=case.version, given={"reason": "试"}, at=at(TODAY))


def test_grades_and_points_are_submitted_decided_and_closed_together_and_nothing_else_is(office: Rewarding) -> None:
    round = office.proposed()
    clerk, leader = office.year_end.desk.actor("clerk"), office.year_end.desk.actor("leader")
    assert rewards.take_together(round=round, step="submit", by=clerk, at=at(TODAY)) == 4
    with pytest.raises(StepRefused):
        rewards.take_together(round=round, step="decide", by=clerk, at=at(TODAY))
    assert rewards.take_together(round=round, step="decide", by=leader, at=at(TODAY)) == 4
    later = add_working_days(TODAY, 11)
    assert rewards.take_together(round=round, step="close", by=clerk, at=at(later)) == 4
    states = {kind: set(Consequence.objects.filter(kind=kind).values_list("state", flat=True)) for kind in ("grade", "points", "talk", "commend")}
    assert states == {"grade": {"closed"}, "points": {"closed"}, "talk": {"proposed"}, "commend": {"proposed"}}


# --- objecting ---------------------------------------------------------------------------------------------------------------------
def test_an_objection_is_answered_by_who_did_not_decide(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.decided("T1"), "object", "supervisor", objection="数据有误,已在平台更正。")
    assert case.answer_by == add_working_days(TODAY, 10)
    for step in ("uphold", "reject"):
        with pytest.raises(NotAllowed, match="换一个人"):
            office.take(case, step, "leader", answer="维持。")
    upheld = office.take(case, "uphold", "clerk", answer="复核属实,撤销。")
    assert upheld.state == "revoked" and Paper.objects.get(pk=case.paper_id).state == "void"


def test_an_objection_is_made_once_and_in_its_time(office: Rewarding) -> None:
    office.proposed()
    case = office.decided("T1")
    with pytest.raises(StepRefused, match="异议期限"):
        office.take(case, "object", "supervisor", on=add_working_days(TODAY, 11), objection="迟了。")
    case = office.take(case, "object", "supervisor", objection="数据有误。")
    case = office.take(case, "reject", "clerk", answer="复核无误,维持。")
    assert case.state == "decided"
    with pytest.raises(StepRefused, match="已经提过"):
        office.take(case, "object", "supervisor", objection="再提一次。")


# --- leaving -----------------------------------------------------------------------------------------------------------------------
def test_a_listing_is_left_only_when_another_unit_accepts_what_was_put_right(office: Rewarding) -> None:
    office.proposed()
    case = office.decided("L1")
    assert case.ends_on == date(TODAY.year + 1, TODAY.month, TODAY.day)
    with pytest.raises(StepRefused):
        office.take(case, "expire", "clerk", on=case.ends_on + timedelta(days=30))
    with pytest.raises(StepRefused, match="佐证材料"):
        office.take(case, "report_repair", "supervisor", repair="已经整改。")
    case = office.take(case, "report_repair", "supervisor", repair="检测补齐,专人跟进。", evidence=[proof()])
    kept = ConsequenceFile.objects.get(consequence=case)
    assert kept.file_name == "整改照片.pdf" and kept.content
    with pytest.raises(NotAllowed):
        office.take(case, "accept", "leader", finding="看过。")
    case = office.take(case, "send_back", "clerk", reason="缺一个村的材料。")
    case = office.take(case, "report_repair", "supervisor", repair="已补齐。", evidence=[proof(data=b"%PDF-1.4 another")])
    case = office.take(case, "accept", "clerk", finding="到现场看过,属实。")
    assert (case.state, case.left_on) == ("left", TODAY)


def test_the_same_file_is_not_taken_twice(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.decided("L1"), "report_repair", "supervisor", repair="已整改。", evidence=[proof()])
    case = office.take(case, "send_back", "clerk", reason="补充。")
    with pytest.raises(StepRefused, match="已经传过"):
        office.take(case, "report_repair", "supervisor", repair="再报。", evidence=[proof()])
    assert Consequence.objects.get(pk=case.pk).state == "decided"


def test_a_yellow_card_is_left_by_its_day_and_may_be_made_longer(office: Rewarding) -> None:
    office.proposed()
    case = office.decided("Y1")
    ends = case.ends_on
    assert ends is not None
    with pytest.raises(StepRefused, match="期限"):
        office.take(case, "expire", "clerk", on=ends)
    with pytest.raises(StepRefused, match="晚于"):
        office.take(case, "extend", "leader", ends_on=ends - timedelta(days=1), reason="进展慢。")
    case = office.take(case, "extend", "leader", ends_on=ends + timedelta(days=60), reason="进展慢。")
    with pytest.raises(StepRefused, match="期限"):
        office.take(case, "expire", "clerk", on=ends + timedelta(days=1))
    case = office.take(case, "expire", "clerk", on=ends + timedelta(days=61))
    assert (case.state, case.left_on) == ("left", ends + timedelta(days=61))


def test_what_lasts_is_not_closed_and_what_was_signed_for_is(office: Rewarding) -> None:
    office.proposed()
    lasting, brief = office.decided("Y1"), office.decided("T1")
    later = add_working_days(TODAY, 11)
    for case in (lasting, brief):
        with pytest.raises(StepRefused):
            office.take(case, "close", "clerk", on=later)
    office.take(brief, "receive", "supervisor")
    assert office.take(brief, "close", "clerk", on=later).state == "closed"


def test_a_decision_is_withdrawn_with_its_paper(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.decided("T1"), "withdraw", "leader", reason="考核结果另有更正。")
    assert case.state == "withdrawn" and Paper.objects.get(pk=case.paper_id).state == "void"


# --- who sees -------------------------------------------------------------------------------------------------------------------------
def seen(office: Rewarding, who: str) -> set[tuple[str, str]]:
    return set(reads.entries(office.year_end.desk.actor(who), TODAY).values_list("rule", "unit__code"))


def test_a_town_sees_what_it_was_told_and_what_was_decided_openly(office: Rewarding) -> None:
    office.proposed()
    assert seen(office, "supervisor") == seen(office, "stranger") == set(), "a proposal has not left the office"
    assert len(seen(office, "clerk")) == len(seen(office, "leader")) == 12
    office.noticed("T1")
    assert seen(office, "supervisor") == seen(office, "town_leader") == {("T1", "longdong")} and seen(office, "stranger") == set()
    office.decided("L1")
    office.take(office.take(office.entry("P1"), "submit", "clerk", opinion="折算。"), "decide", "leader")
    assert seen(office, "supervisor") == {("T1", "longdong"), ("L1", "longdong"), ("P1", "longdong")}
    assert seen(office, "stranger") == {("L1", "longdong")}, "open ones of others, and nothing else of them"
    assert {rule for rule, _unit in seen(office, "auditor")} == {"T1", "L1", "P1"}


def test_what_is_withdrawn_or_dropped_is_no_longer_shown_to_others(office: Rewarding) -> None:
    office.proposed()
    office.take(office.decided("L1"), "withdraw", "leader", reason="考核结果另有更正。")
    assert seen(office, "stranger") == set() and seen(office, "supervisor") == {("L1", "longdong")}


# --- today -----------------------------------------------------------------------------------------------------------------------------
def lines(office: Rewarding, who: str, on: date = TODAY) -> list[str]:
    return [job.title for job in todo.jobs(office.year_end.desk.actor(who), on)]


def test_each_step_waits_on_the_page_of_who_takes_it(office: Rewarding) -> None:
    office.round()
    assert any("按规则提出" in one for one in lines(office, "clerk")) and lines(office, "leader") == []
    rewards.propose(round=AssessmentRound.objects.get(), by=office.year_end.desk.actor("clerk"), at=at(TODAY))
    assert not any("按规则提出奖惩建议" in one for one in lines(office, "clerk")) and lines(office, "supervisor") == []
    office.noticed("T1")
    assert lines(office, "supervisor") == ["龙洞镇人民政府约谈:陈述意见"]
    office.take(office.entry("T1"), "reply", "supervisor", reply="属实。")
    office.take(office.entry("T1"), "submit", "clerk", opinion="按规则。")
    assert lines(office, "leader") == ["龙洞镇人民政府约谈:按规则决定"]
    office.take(office.entry("T1"), "decide", "leader")
    assert lines(office, "supervisor") == ["龙洞镇人民政府约谈:签收决定"] and lines(office, "leader") == []


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "stranger", "liaison", "auditor"])
def test_what_presses_is_what_the_lines_say_is_late(office: Rewarding, who: str) -> None:
    office.proposed()
    office.noticed("T1")
    office.noticed("T1", "shiqiao")
    for rule in ("Y1", "L1"):
        office.take(office.decided(rule), "receive", "supervisor")
    office.decided("Y1", "shiqiao", "stranger")
    office.take(office.decided("L1", "shiqiao", "stranger"), "object", "stranger", objection="数据有误。")
    actor = office.year_end.desk.actor(who)
    for on in (TODAY, add_working_days(TODAY, 5), add_working_days(TODAY, 10), TODAY + timedelta(days=190), TODAY + timedelta(days=400)):
        assert total(todo.pressing(actor, on)) == sum(job.weight for job in todo.jobs(actor, on) if job.is_pressing(on)), on


# --- papers -------------------------------------------------------------------------------------------------------------------------------
def test_the_notice_says_rule_score_and_until_when_to_reply(office: Rewarding) -> None:
    office.proposed()
    paper = notice(case=office.noticed("T1"))
    text = str(paper)
    assert "最低一等的约谈" in text and "公布的等次" in text and "这是建议，不是决定" in text and "未见本市正式文件" in text
    assert paper.addressee == "龙洞镇人民政府" or "龙洞" in paper.addressee


def test_the_notice_prints_as_word_and_pdf(office: Rewarding) -> None:
    office.proposed()
    paper = notice(case=office.noticed("T1"))
    assert "陈述意见" in "".join(one.text for one in Document(io.BytesIO(render_docx(paper))).paragraphs)
    opened = pypdfium2.PdfDocument(render_pdf(paper))
    assert "陈述意见" in "".join(page.get_textpage().get_text_bounded() for page in opened)
