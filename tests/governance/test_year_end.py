"""The yearly assessment: the whole road, what is refused on it, and that a published result never changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation import draws
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.governance.actions import archive, assessment_evidence, assessment_rounds, assessments, manual
from qingyuan.governance.actions.assessment_evidence import Upload
from qingyuan.governance.actions.assessments import CaseMoved
from qingyuan.governance.archive import package
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.assessment_papers import checked, circular
from qingyuan.governance.models import (
    Assessment,
    AssessmentArchive,
    AssessmentEvidence,
    AssessmentResult,
    AssessmentRound,
    Letter,
    ManualEntry,
    Objection,
    SampleFrame,
    SampleItem,
)
from qingyuan.governance.queries import archive as archived
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.assessments import NotPublished, published
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.serialise import read_tree, tree_hash
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.holidays import add_working_days
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.governance.year_end import SELF_BY, YearEnd, at

MEETING = {
    "kind": "government", "title": "镇长办公会专题研究禁毒", "special_topic": True, "chaired_by_first": True, "chair": "镇长",
    "decisions": "研究年度禁毒工作安排。",
}  # fmt: skip


@pytest.fixture
def office(desk: Desk) -> YearEnd:
    return YearEnd(desk)


def meetings(office: YearEnd, count: int) -> list[Any]:
    rows = [MEETING | {"held_on": date(2022, 3, 1 + number), "title": f"专题会{number}"} for number in range(count)]
    made = office.desk.city.enter("meetings", "supervisor", *rows)
    refresh()
    return made


def points(case: Assessment, clause: str) -> Decimal | None:
    return tree_of(case.letter, case.round.scored_on).clause(clause).points


# --- the road ---------------------------------------------------------------------------------------------------------------
def test_a_round_goes_from_its_draft_to_its_publication_by_those_who_do_it(office: YearEnd) -> None:
    round = office.published()
    assert (round.state, round.published_on) == ("published", TODAY)
    steps = ProcedureStep.objects.filter(procedure="letter_assessment", subject_id=office.case(round).pk)
    assert list(steps.values_list("step", "by_name")) == [
        ("begin", "周文"),
        ("file", "吴主任"),
        ("notice", "周文"),
        ("accept", "吴主任"),
        ("publish", "秦川"),
    ]
    assert AssessmentResult.objects.count() == 2
    acts = set(WriteEntry.objects.filter(ledger="assessments").values_list("act", flat=True))
    assert {"assessments.begin", "assessments.review", "assessments.notice", "assessments.publish"} <= acts


def test_each_clause_goes_to_the_unit_named_for_it_and_the_rest_to_the_office(office: YearEnd) -> None:
    case = office.case(office.opened())
    units = dict(case.reviews.values_list("clause", "unit__code"))
    assert units["3.2"] == "education" and set(units.values()) == {"education", "office"}


def test_opening_commits_to_a_seed_that_nobody_is_shown(office: YearEnd) -> None:
    round = office.opened()
    assert round.commitment == draws.commit(round.seed)
    assert not round.is_revealed
    assert WriteEntry.objects.filter(ledger="assessment-rounds", act="assessment-rounds.open").exists()


def test_one_year_has_one_round(office: YearEnd) -> None:
    office.draft()
    with pytest.raises(StepRefused, match="一年只办一轮"):
        assessment_rounds.draft(year=2022, terms=office.terms(), by=office.desk.actor("clerk"), at=at(TODAY))


def test_a_year_without_letters_has_no_round(office: YearEnd) -> None:
    with pytest.raises(StepRefused, match="责任书"):
        assessment_rounds.draft(year=2022, terms=office.terms(), by=office.desk.actor("clerk"), at=at(TODAY))


@pytest.mark.parametrize(
    ("field", "value"),
    [("self_by", TODAY), ("review_by", SELF_BY), ("scored_on", TODAY + timedelta(days=1)), ("object_days", 0), ("answer_days", 61)],
)
def test_days_of_a_round_that_cannot_be_kept_are_refused_at_their_field(office: YearEnd, field: str, value: Any) -> None:
    with pytest.raises(StepRefused) as refused:
        office.draft(**{field: value})
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["supervisor", "liaison", "officer", "auditor", "caseworker", "leader"])
def test_only_the_office_prepares_a_round(office: YearEnd, who: str) -> None:
    office.letters()
    with pytest.raises(NotAllowed):
        assessment_rounds.draft(year=2022, terms=office.terms(), by=office.desk.actor(who), at=at(TODAY))


# --- self-score -------------------------------------------------------------------------------------------------------------
def test_the_unit_says_its_own_points_only_where_it_differs(office: YearEnd) -> None:
    meetings(office, 1)
    case = office.case(office.opened())
    assert points(case, "1.1") == 5
    office.own(case, c1_1=("5", ""), c3_2=("4.5", "现场看过,档案齐全"))
    assert {line.clause: (line.points, line.computed) for line in case.self_scores.all()} == {"3.2": (Decimal("4.5"), None)}


@pytest.mark.parametrize("typed", ["十", "10.555", "11", "-1", "NaN", "1e999"])
def test_points_that_are_no_points_are_refused_in_words(office: YearEnd, typed: str) -> None:
    case = office.case(office.opened())
    with pytest.raises(StepRefused) as refused:
        office.own(case, c1_1=(typed, "有会议"))
    assert refused.value.field == "1.1"


def test_a_deviation_without_a_reason_is_refused(office: YearEnd) -> None:
    meetings(office, 1)
    case = office.case(office.opened())
    with pytest.raises(StepRefused, match="理由"):
        office.own(case, c1_1=("10", " "))


def test_more_points_than_computed_need_evidence_before_filing(office: YearEnd) -> None:
    (meeting,) = meetings(office, 1)
    case = office.case(office.opened())
    office.own(case, c1_1=("10", "另有一次会没有录入"))
    with pytest.raises(StepRefused, match="佐证"):
        office.take(case, "file", "supervisor", statement="已落实。")
    by = office.desk.actor("supervisor")
    assessment_evidence.add_row(case=case, clause="1.1", ledger="meetings", row_id=meeting.pk, note="会议纪要在台账里", by=by, at=at(TODAY))
    assert office.take(case, "file", "supervisor", statement="已落实。").state == "review"


@pytest.mark.parametrize("who", ["clerk", "leader", "stranger", "liaison", "auditor", "town_leader"])
def test_nobody_else_writes_a_units_own_score(office: YearEnd, who: str) -> None:
    case = office.case(office.opened())
    with pytest.raises(NotAllowed):
        office.own(case, who, c1_1=("10", "有会议"))


def test_a_filed_self_score_is_not_written_in_any_more(office: YearEnd) -> None:
    case = office.filed(office.opened())
    with pytest.raises(StepRefused, match="退回"):
        office.own(case, c1_1=("10", "有会议"))
    case = office.take(case, "return_self", "clerk", reason="请补充", self_by=TODAY + timedelta(days=5))
    office.own(case, c3_2=("3", "补充"))
    assert case.self_scores.count() == 1


def test_a_unit_that_files_nothing_is_reviewed_as_the_platform_reckons_once_its_day_is_over(office: YearEnd) -> None:
    case = office.case(office.opened())
    with pytest.raises(StepRefused, match="自评期限"):
        office.take(case, "start_review", "clerk")
    assert office.take(case, "start_review", "clerk", SELF_BY + timedelta(days=1)).state == "review"


# --- evidence ---------------------------------------------------------------------------------------------------------------
def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(target, "PNG")
    return target.getvalue()


def test_a_row_is_evidence_by_reference_and_hash_and_never_a_copy(office: YearEnd) -> None:
    (meeting,) = meetings(office, 1)
    case = office.case(office.opened())
    by = office.desk.actor("supervisor")
    kept = assessment_evidence.add_row(case=case, clause="1.1", ledger="meetings", row_id=meeting.pk, note="专题会", by=by, at=at(TODAY))
    assert (kept.content, kept.file_name, kept.row_id, len(kept.digest)) == ("", "", meeting.pk, 64)
    assert assessment_evidence.digest_now(kept, by, TODAY) == kept.digest
    type(meeting).objects.filter(pk=meeting.pk).update(title="改过的会")
    assert assessment_evidence.digest_now(kept, by, TODAY) != kept.digest


def test_a_row_one_may_not_see_is_no_evidence(office: YearEnd) -> None:
    (meeting,) = meetings(office, 1)
    case = office.case(office.opened(), "shiqiao")
    by = office.desk.actor("stranger")
    with pytest.raises(StepRefused, match="不在您的范围"):
        assessment_evidence.add_row(case=case, clause="1.1", ledger="meetings", row_id=meeting.pk, note="别人的会", by=by, at=at(TODAY))


def test_a_picture_is_drawn_anew_kept_encrypted_and_once(office: YearEnd) -> None:
    case, by = office.case(office.opened()), office.desk.actor("supervisor")
    add: Callable[[], AssessmentEvidence] = lambda: assessment_evidence.add_file(  # noqa: E731
        case=case, clause="3.2", upload=Upload("档案.png", png()), note="档案柜", by=by, at=at(TODAY)
    )
    kept = add()
    assert kept.media_type == "image/png" and kept.size > 0
    with pytest.raises(StepRefused, match="已经附在"):
        add()


def test_a_file_that_is_no_scan_is_refused(office: YearEnd) -> None:
    case, by = office.case(office.opened()), office.desk.actor("supervisor")
    with pytest.raises(StepRefused, match="PDF"):
        assessment_evidence.add_file(case=case, clause="3.2", upload=Upload("a.exe", b"MZ90"), note="程序", by=by, at=at(TODAY))


def test_no_note_holds_somebodys_number(office: YearEnd) -> None:
    case, by = office.case(office.opened()), office.desk.actor("supervisor")
    with pytest.raises(StepRefused, match="身份证号码"):
        assessment_evidence.add_file(case=case, clause="3.2", upload=Upload("a.png", png()), note="13900001111 的档案", by=by, at=at(TODAY))


# --- joint review -----------------------------------------------------------------------------------------------------------
def test_a_reviewer_sets_another_number_that_counts_after_a_second_person(office: YearEnd) -> None:
    meetings(office, 2)
    case = office.filed(office.opened())
    assert points(case, "1.1") == 10
    review = assessments.set_number(
        review=office.review(case, "1.1"), value="5", opinion="一次会没有议定事项。", by=office.desk.actor("clerk"), at=at(TODAY)
    )
    assert points(case, "1.1") == 10
    manual.review(entry=review.entry, by=office.desk.actor("leader"))
    assert points(case, "1.1") == 5
    assert "按数据计算10 分" in tree_of(case.letter, TODAY).clause("1.1").arithmetic.replace(" 10", "10")


def test_the_reviewer_is_not_the_second_person(office: YearEnd) -> None:
    case = office.filed(office.opened())
    by = office.desk.actor("liaison")
    review = assessments.set_number(review=office.review(case, "3.2"), value="4", key="manual:3.2/given", opinion="抽查4份。", by=by, at=at(TODAY))
    with pytest.raises(manual.EntryRefused, match="换一人"):
        manual.review(entry=review.entry, by=by)


@pytest.mark.parametrize(("who", "clause"), [("liaison", "1.1"), ("clerk", "3.2"), ("supervisor", "1.1"), ("stranger", "1.1"), ("auditor", "3.2")])
def test_a_clause_is_reviewed_by_its_own_unit_alone(office: YearEnd, who: str, clause: str) -> None:
    case = office.filed(office.opened())
    for act in (assessments.confirm, lambda **rest: assessments.set_number(value="1", **rest)):
        with pytest.raises(NotAllowed):
            act(review=office.review(case, clause), opinion="看过", by=office.desk.actor(who), at=at(TODAY))


def test_a_reviewing_unit_gives_no_number_for_a_clause_of_another(office: YearEnd) -> None:
    case = office.filed(office.opened())
    with pytest.raises(PermissionError):
        manual.enter(letter=case.letter, key="manual:1.1/points", value=Decimal(1), reason="越权", by=office.desk.actor("liaison"))


def test_a_clause_without_a_number_is_not_confirmed_but_given_one(office: YearEnd) -> None:
    case = office.filed(office.opened())
    with pytest.raises(StepRefused, match="还没有得分"):
        assessments.confirm(review=office.review(case, "3.2"), opinion="", by=office.desk.actor("liaison"), at=at(TODAY))


def test_points_are_decided_only_in_an_assessment(office: YearEnd) -> None:
    case = office.case(office.opened())
    with pytest.raises(PermissionError, match="评审中"):
        manual.enter(letter=case.letter, key="manual:1.1/points", value=Decimal(9), reason="提前改", by=office.desk.actor("clerk"))


def test_a_changed_mind_replaces_the_number_and_keeps_the_old_one_readable(office: YearEnd) -> None:
    meetings(office, 2)
    case = office.filed(office.opened())
    by = office.desk.actor("clerk")
    for value in ("5", "7.5"):
        assessments.set_number(review=office.review(case, "1.1"), value=value, opinion=f"认定{value}", by=by, at=at(TODAY))
    entries = ManualEntry.objects.filter(letter=case.letter, key="manual:1.1/points").order_by("entered_at")
    assert sorted((entry.value, entry.withdrawn_at is None) for entry in entries) == [(Decimal(5), False), (Decimal("7.5"), True)]


def test_nothing_is_told_before_every_clause_is_reviewed_and_confirmed(office: YearEnd) -> None:
    case = office.filed(office.opened())
    with pytest.raises(StepRefused, match="都办完"):
        office.take(case, "notice", "clerk")
    office.review_all(case)
    told = office.take(case, "notice", "clerk")
    assert (told.state, told.object_by) == ("noticed", add_working_days(TODAY, 5))


# --- the check by sample ------------------------------------------------------------------------------------------------------
def frozen(office: YearEnd, round: AssessmentRound) -> AssessmentRound:
    return office.step(round, "freeze", "clerk", ledger="meetings", share="10", least="2")


def test_the_draw_is_recomputed_from_what_was_published(office: YearEnd) -> None:
    meetings(office, 6)
    round = frozen(office, office.opened())
    assert not SampleItem.objects.exists()
    round = office.step(round, "reveal", "clerk")
    frame = SampleFrame.objects.get(assessment=office.case(round))
    assert draws.opens(round.commitment, round.seed) and draws.list_hash(frame.ids) == frame.list_hash
    drawn = [str(item.row_id) for item in frame.items.all()]
    assert drawn == list(draws.draw(round.seed, frame.ids, 2))
    other = SampleFrame.objects.get(assessment=office.case(round, "shiqiao"))
    assert (other.ids, other.wanted) == ([], 0)


def test_the_seed_is_shown_only_after_the_list_is_frozen_and_both_only_once(office: YearEnd) -> None:
    meetings(office, 3)
    round = office.opened()
    with pytest.raises(StepRefused, match="冻结"):
        office.step(round, "reveal", "clerk")
    round = frozen(office, round)
    with pytest.raises(StepRefused, match="冻结"):
        frozen(office, round)
    round = office.step(round, "reveal", "clerk")
    with pytest.raises(StepRefused, match="抽样"):
        office.step(round, "reveal", "clerk")


def test_a_list_that_was_tampered_with_is_not_drawn_from(office: YearEnd) -> None:
    meetings(office, 3)
    round = frozen(office, office.opened())
    frame = SampleFrame.objects.get(assessment=office.case(round))
    with pytest.raises(WrittenOnce):
        SampleFrame.objects.filter(pk=frame.pk).update(ids=frame.ids[:1])
    SampleFrame._base_manager.filter(pk=frame.pk).update(ids=frame.ids[:1])
    with pytest.raises(StepRefused, match="校验值不符"):
        office.step(round, "reveal", "clerk")


@pytest.mark.parametrize("given", [{"ledger": "measures"}, {"share": "101"}, {"share": "一成"}, {"least": "-1"}, {"ledger": "lessons"}])
def test_a_list_of_people_an_empty_one_and_a_share_that_is_none_are_refused(office: YearEnd, given: dict[str, str]) -> None:
    meetings(office, 3)
    with pytest.raises(StepRefused):
        office.step(office.opened(), "freeze", "clerk", **({"ledger": "meetings", "share": "10", "least": "1"} | given))


def test_findings_are_written_once_by_those_who_check_and_the_result_waits_for_them(office: YearEnd) -> None:
    meetings(office, 4)
    round = office.step(frozen(office, office.opened()), "reveal", "clerk")
    case = office.filed(round)
    office.review_all(case)
    with pytest.raises(StepRefused):
        office.take(case, "notice", "clerk")
    first, second = SampleItem.objects.filter(frame__assessment=case)
    write: Callable[..., SampleItem] = lambda item, who, **changes: assessments.record_finding(  # noqa: E731
        **({"item": item, "finding": "true", "found": "看了纪要原件。", "found_on": TODAY, "by": office.desk.actor(who), "at": at(TODAY)} | changes)
    )
    for who in ("supervisor", "stranger", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            write(first, who)
    with pytest.raises(StepRefused, match="看到什么"):
        write(first, "liaison", found=" ")
    with pytest.raises(StepRefused, match="启动与今天之间"):
        write(first, "liaison", found_on=TODAY + timedelta(days=1))
    write(first, "liaison")
    with pytest.raises(StepRefused, match="登记过"):
        write(first, "clerk")
    write(second, "clerk", finding="partly")
    assert office.take(case, "notice", "clerk").state == "noticed"


# --- objection --------------------------------------------------------------------------------------------------------------
def objected(office: YearEnd, clause: str = "1.1", wanted: str = "10") -> Assessment:
    meetings(office, 1)
    case = office.noticed(office.opened())
    return office.take(case, "object", "supervisor", clause=clause, wanted=wanted, reason="漏记一次专题会,纪要在台账。")


def answer(office: YearEnd, case: Assessment, who: str, decision: str, value: str = "", clause: str = "1.1") -> Assessment:
    return office.take(case, "answer", who, clause=clause, decision=decision, points=value, reason="核对纪要原件后答复。")


def test_an_objection_upheld_changes_the_points_by_a_new_entry_that_a_second_person_confirms(office: YearEnd) -> None:
    case = objected(office)
    assert points(case, "1.1") == 5
    case = answer(office, case, "leader", "upheld", "10")
    assert points(case, "1.1") == 5
    with pytest.raises(StepRefused, match="答复"):
        office.take(case, "accept", "supervisor")
    office.confirm_all(case)
    assert points(case, "1.1") == 10
    assert office.take(case, "accept", "supervisor").state == "settled"
    row = Objection.objects.get(assessment=case)
    assert (row.state, row.answered_by_name, row.entry.value) == ("upheld", "秦川", Decimal(10))


def test_an_upheld_objection_replaces_the_number_of_the_review(office: YearEnd) -> None:
    meetings(office, 2)
    case = office.filed(office.opened())
    office.review_all(case)
    review = office.review(case, "1.1")
    assessments.set_number(review=review, value="2", opinion="只认一次。", by=office.desk.actor("clerk"), at=at(TODAY))
    office.confirm_all(case)
    case = office.take(case, "notice", "clerk")
    case = office.take(case, "object", "supervisor", clause="1.1", wanted="10", reason="两次都有纪要。")
    case = answer(office, case, "leader", "upheld", "7")
    office.confirm_all(case)
    assert points(case, "1.1") == 7
    old = ManualEntry.objects.get(pk=office.review(case, "1.1").entry_id)
    assert old.withdrawn_at is not None and "另有认定" in (old.withdrawn_reason or "")


def test_an_objection_rejected_leaves_the_points_and_says_why(office: YearEnd) -> None:
    case = answer(office, objected(office), "leader", "rejected")
    assert points(case, "1.1") == 5
    assert office.take(case, "accept", "supervisor").state == "settled"
    with pytest.raises(StepRefused):
        office.take(case, "object", "supervisor", clause="1.1", wanted="9", reason="再提")


def test_whoever_reviewed_the_clause_does_not_answer_for_it(office: YearEnd) -> None:
    case = objected(office)
    with pytest.raises(StepRefused, match="换一个人答复"):
        answer(office, case, "clerk", "rejected")


@pytest.mark.parametrize("who", ["supervisor", "stranger", "liaison", "auditor"])
def test_nobody_outside_the_office_and_its_leaders_answers(office: YearEnd, who: str) -> None:
    case = objected(office)
    with pytest.raises(NotAllowed):
        answer(office, case, who, "upheld", "10")


def test_the_time_to_object_runs_in_working_days_and_ends(office: YearEnd) -> None:
    case = office.noticed(office.opened())
    last = add_working_days(TODAY, 5)
    with pytest.raises(StepRefused, match="异议期限"):
        office.take(case, "object", "supervisor", last + timedelta(days=1), clause="1.1", wanted="10", reason="晚了")
    with pytest.raises(StepRefused, match="异议期限"):
        office.take(case, "settle", "clerk", last)
    assert office.take(case, "settle", "clerk", last + timedelta(days=1)).state == "settled"


@pytest.mark.parametrize(("clause", "wanted"), [("V1", "0"), ("9.9", "1"), ("1.1", "11"), ("1.1", "五"), ("1.1", "5")])
def test_an_objection_to_no_clause_or_for_no_other_points_is_refused(office: YearEnd, clause: str, wanted: str) -> None:
    with pytest.raises(StepRefused):
        objected(office, clause, wanted)


def test_one_clause_is_objected_to_once(office: YearEnd) -> None:
    case = objected(office)
    with pytest.raises(StepRefused, match="只提一次"):
        office.take(case, "object", "supervisor", clause="1.1", wanted="9", reason="再提一次")


def test_a_round_is_not_published_while_an_objection_waits(office: YearEnd) -> None:
    case = objected(office)
    office.settled(case.round, "shiqiao", "stranger")
    with pytest.raises(StepRefused, match="定稿"):
        office.step(AssessmentRound.objects.get(pk=case.round_id), "publish", "leader")


# --- publication ------------------------------------------------------------------------------------------------------------
def test_a_published_result_holds_points_clauses_grade_hashes_and_the_objections(office: YearEnd) -> None:
    case = answer(office, objected(office), "leader", "rejected")
    office.take(case, "accept", "supervisor")
    round = AssessmentRound.objects.get(pk=case.round_id)
    office.settled(round, "shiqiao", "stranger")
    round = office.step(round, "publish", "leader")
    first = published(round).results[0]
    tree = tree_of(case.letter, TODAY)
    assert (first.total, first.grade, first.tree_hash) == (tree.total, tree.grade, tree_hash(tree))
    assert tree_hash(read_tree(first.tree)) == first.tree_hash
    assert first.clauses["1.1"] == 5 and set(first.clauses) == {one.id for one in tree.clauses()}
    assert (first.scheme_version, first.scheme_hash) == (case.letter.scheme.version, case.letter.scheme.content_hash)
    (told,) = first.objections
    assert (told.clause, told.state, told.answer) == ("1.1", "rejected", "核对纪要原件后答复。")
    assert {entry.key for entry in first.entries} >= {"manual:3.2/given"}


def test_a_published_result_never_changes_by_any_way_of_the_orm(office: YearEnd) -> None:
    round = office.published()
    row = AssessmentResult.objects.select_related("assessment").get(assessment=office.case(round))
    before = published(round)
    attempts: list[Callable[[], Any]] = [
        lambda: AssessmentResult.objects.filter(pk=row.pk).update(points=100),
        lambda: AssessmentResult._base_manager.filter(pk=row.pk).update(points=100),
        lambda: AssessmentResult._default_manager.filter(pk=row.pk).update(grade="先进"),
        lambda: AssessmentResult.objects.bulk_update([row], ["points"]),
        lambda: AssessmentResult.objects.filter(pk=row.pk).delete(),
        lambda: AssessmentResult._base_manager.filter(pk=row.pk).delete(),
        row.delete,
        lambda: AssessmentResult.objects.update_or_create(pk=row.pk, defaults={"points": 100}),
    ]
    for attempt in attempts:
        with pytest.raises(WrittenOnce):
            attempt()
    row.points = Decimal(100)
    with pytest.raises(WrittenOnce):
        row.save()
    with pytest.raises(WrittenOnce):
        row.save(update_fields=["points"])
    assert published(round) == before


def test_a_published_result_never_changes_by_any_action(office: YearEnd) -> None:
    round = office.published()
    case = office.case(round)
    before = published(round)
    entry = ManualEntry.objects.standing().filter(letter=case.letter)[0]
    clerk = office.desk.actor("clerk")
    refusals: list[Callable[[], Any]] = [
        lambda: manual.withdraw(entry=entry, reason="改一改", by=clerk),
        lambda: manual.enter(letter=case.letter, key="manual:1.1/points", value=Decimal(1), reason="改", by=clerk),
        lambda: assessments.confirm(review=office.review(case, "1.1"), opinion="", by=clerk, at=at(TODAY)),
        lambda: office.own(case, c1_1=("10", "改")),
        lambda: office.step(round, "publish", "leader"),
        lambda: office.step(round, "withdraw", "leader", reason="撤销"),
        lambda: office.take(case, "notice", "clerk"),
        lambda: office.take(case, "object", "supervisor", clause="1.1", wanted="10", reason="晚了"),
    ]
    for refused in refusals:
        with pytest.raises((ValueError, PermissionError)):
            refused()
    meetings(office, 2)  # what is recorded later moves the live score, and not what was published
    assert published(AssessmentRound.objects.get(pk=round.pk)) == before


def test_a_round_under_way_has_no_results_to_ask_for(office: YearEnd) -> None:
    with pytest.raises(NotPublished):
        published(office.opened())


def test_only_a_leader_publishes(office: YearEnd) -> None:
    round = office.opened()
    office.settled(round)
    office.settled(round, "shiqiao", "stranger")
    for who in ("clerk", "supervisor", "liaison", "auditor"):
        with pytest.raises(NotAllowed):
            office.step(round, "publish", who)


def test_a_withdrawn_round_leaves_room_for_another(office: YearEnd) -> None:
    round = office.step(office.opened(), "withdraw", "leader", reason="分工有误")
    assert set(round.assessments.values_list("state", flat=True)) == {"closed"}
    again = assessment_rounds.draft(year=2022, terms=office.terms(), by=office.desk.actor("clerk"), at=at(TODAY))
    assert again.state == "draft"


def test_two_people_with_one_page_open_take_one_step(office: YearEnd) -> None:
    case = office.case(office.opened())
    taken = assessments.take(
        case=case, step="file", by=office.desk.actor("supervisor"), version=case.version, given={"statement": "已落实。"}, at=at(TODAY)
    )
    assert taken.version == case.version + 1
    with pytest.raises(CaseMoved):
        assessments.take(
            case=case, step="file", by=office.desk.actor("supervisor"), version=case.version, given={"statement": "已落实。"}, at=at(TODAY)
        )


# --- who sees what ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "towns"),
    [
        ("clerk", {"longdong", "shiqiao"}), ("leader", {"longdong", "shiqiao"}), ("auditor", {"longdong", "shiqiao"}),
        ("supervisor", {"longdong"}), ("town_leader", {"longdong"}), ("stranger", {"shiqiao"}),
        ("liaison", {"longdong", "shiqiao"}), ("officer", set()), ("doctor", set()), ("security", set()),
    ],
)  # fmt: skip
def test_assessments_are_seen_by_the_office_the_unit_itself_and_its_reviewers(office: YearEnd, who: str, towns: set[str]) -> None:
    round = office.opened()
    actor = office.desk.actor(who)
    assert {case.unit.code for case in reads.of_round(actor, round, TODAY)} == towns
    assert bool(reads.rounds(actor, TODAY)) == bool(towns)


def test_whose_turn_it_is_follows_the_procedure(office: YearEnd) -> None:
    round = office.opened()
    turns: Callable[[str], list[str]] = lambda who: [step.code for _case, step in reads.turns(office.desk.actor(who), TODAY)]  # noqa: E731
    assert (turns("supervisor"), turns("clerk"), turns("stranger")) == (["file"], [], ["file"])
    case = office.filed(round)
    assert len(reads.to_review(office.desk.actor("liaison"), TODAY)) == 1
    assert len(reads.to_review(office.desk.actor("clerk"), TODAY)) == case.reviews.count() - 1
    office.review_all(case)
    assert turns("clerk") == ["notice"]
    office.take(case, "notice", "clerk")
    assert turns("supervisor") == ["accept"]


def test_publishing_keeps_an_archive_whose_root_stands_on_the_paper(office: YearEnd) -> None:
    round = office.published()
    kept = AssessmentArchive.objects.get()
    assert (kept.year, kept.basis, kept.on, kept.letters) == (round.year, "published", round.scored_on, 2)
    report = verify(archived.bytes_of(kept), root=kept.root_hash)
    assert report.intact and report.letters == 2
    told = {name.rsplit(" ", 1)[0]: Decimal(total) for name, total in report.totals}
    assert told == {one.letter_number: one.total for one in published(round).results}
    body = "".join(str(block) for block in circular(found=published(round), sample=checked(round)).body)
    assert kept.root_hash in body.replace(" ", ""), "a long value stands there in groups"


def test_nothing_on_the_paper_lets_a_small_number_be_guessed_by_its_hash(office: YearEnd) -> None:
    round = office.published()
    body = "".join(str(block) for block in circular(found=published(round), sample=checked(round)).body)
    assert not any(one.tree_hash[:12] in body.replace(" ", "") for one in published(round).results)


def test_objections_and_evidence_go_into_the_units_own_extract_alone(office: YearEnd) -> None:
    office.published()
    kept = AssessmentArchive.objects.get()
    letter = Letter.objects.get(unit__code="longdong")
    opened, own = archived.open_bytes(kept, "宋办"), archived.own_bytes(kept, letter)
    assert own is not None and verify(opened).intact and verify(own).intact
    held = {name.rpartition("/")[2] for name in package.read(opened)[0]}
    mine = {name.rpartition("/")[2] for name in package.read(own)[0]}
    assert "review.json" not in held and "review.json" in mine and "round.json" in held & mine


def test_without_an_archive_that_verifies_nothing_is_published(office: YearEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_given: object) -> None:
        raise archive.ArchiveRefused("归档文件没有通过核验")

    monkeypatch.setattr(archive, "keep", refused)
    with pytest.raises(StepRefused, match="没有通过核验"):
        office.published()
    assert AssessmentRound.objects.get().state != "published"


# --- together -------------------------------------------------------------------------------------------------------------
def test_what_data_alone_settles_is_confirmed_at_once_and_the_rest_is_left_to_be_looked_at(office: YearEnd) -> None:
    meetings(office, 2)
    round = office.opened()
    case = office.case(round)
    office.own(case, c1_1=("5", "只算一次"))
    case = office.filed(round)
    clerk = office.desk.actor("clerk")
    settled = {one.clause for one in reads.settled_by_data(clerk, case, TODAY)}
    assert settled and "1.1" not in settled, "what the unit scored otherwise is looked at by itself"
    assert settled.isdisjoint({"1.3", "3.1", "3.2", "V1", "V2"}), "what people answer is answered one by one"
    assert assessments.confirm_computed(case=case, by=clerk) == len(settled)
    assert set(case.reviews.filter(state="confirmed").values_list("clause", flat=True)) == settled
    with pytest.raises(StepRefused, match="逐条"):
        assessments.confirm_computed(case=case, by=clerk)


def test_a_unit_confirms_together_only_its_own_clauses_and_nobody_before_the_review(office: YearEnd) -> None:
    round = office.opened()
    with pytest.raises(StepRefused):
        assessments.confirm_computed(case=office.case(round), by=office.desk.actor("clerk"))
    case = office.filed(round)
    for who in ("liaison", "supervisor", "stranger", "auditor"):
        with pytest.raises(StepRefused):
            assessments.confirm_computed(case=case, by=office.desk.actor(who))
    assert not case.reviews.filter(state="confirmed").exists()


def test_the_second_person_confirms_together_what_others_gave_and_never_the_own(office: YearEnd) -> None:
    case = office.filed(office.opened())
    clerk, leader = office.desk.actor("clerk"), office.desk.actor("leader")
    for clause in ("1.3", "3.1"):
        key = next(iter(reads.unanswered(case, clause)))
        assessments.set_number(review=office.review(case, clause), value="0", key=key, opinion="查台账认定。", by=clerk)
    with pytest.raises(StepRefused, match="没有等您复核"):
        assessments.confirm_numbers(case=case, by=clerk)
    assert assessments.confirm_numbers(case=case, by=leader) == 2
    assert set(ManualEntry.objects.filter(letter=case.letter).values_list("reviewed_by_name", flat=True)) == {leader.name}


def test_the_year_to_review_is_the_earliest_with_letters_and_no_round(office: YearEnd) -> None:
    city = office.desk.city.divisions["云岭市"]
    assert reads.year_to_review(city, TODAY) == 2022
    office.letters()
    assert reads.year_to_review(city, date(2023, 1, 4)) == 2022
    assessment_rounds.draft(year=2022, terms=office.terms(), by=office.desk.actor("clerk"))
    assert reads.year_to_review(city, date(2023, 1, 4)) == 2023
