"""What a task needs of another unit is asked, answered and delivered; a quarter rests on rows; late is read from the days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import needs as actions
from qingyuan.governance.actions.needs import NeedRefused, Progress, Word
from qingyuan.governance.enums import NeedState
from qingyuan.governance.letters.unit_duties import unit_duties
from qingyuan.governance.models import TaskEvidence, UnitNeed, UnitNeedStep
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.rules.duty_plans import (
    ANSWER_DAYS,
    NEED_STEPS,
    NeedDays,
    Risk,
    TaskState,
    names_a_person,
    quarter_days,
    standing,
)
from qingyuan.journeys.todo import escalated
from qingyuan.journeys.todo.needs import overdue_elsewhere
from qingyuan.ledgers.writing import RowChanged
from qingyuan.organisation.models import Unit
from qingyuan.reference import catalogue
from tests.cast import TODAY, City

PLAN = {"year": 2022, "title": "市教育局 2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程"}
TASK = {
    "year": 2022, "item": 1, "duty": "禁毒法第十三条", "task": "校园周边联合检查", "done_when": "每学期 1 次",
    "due_on": date(2022, 12, 20), "done_on": None, "evidence": "",
}  # fmt: skip
FRIDAY, LATER = date(2022, 11, 25), (date(2022, 12, 9), date(2022, 12, 12))
DAYS = {"year": 2022, "due_on": date(2022, 12, 20), "done_on": None}
TOLD = {"first_quarter": "a", "second_quarter": "b", "third_quarter": "c"}


# --- by the days alone ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "needs", "on", "state", "days", "risks"),
    [
        ({"done_on": date(2022, 12, 20)}, (), date(2023, 1, 1), TaskState.DONE, 0, ()),
        ({"done_on": date(2022, 12, 23)}, (), date(2023, 1, 1), TaskState.DONE_LATE, 3, ()),
        ({}, (), date(2022, 12, 21), TaskState.LATE, 1, ()),
        (TOLD, (), date(2022, 11, 1), TaskState.RUNNING, 49, ()),
        (TOLD, (), date(2022, 12, 20), TaskState.RISK, 0, (Risk.SOON,)),
        ({}, (), date(2022, 5, 1), TaskState.RISK, 233, (Risk.SILENT,)),
        (TOLD, (NeedState.REFUSED,), date(2022, 11, 1), TaskState.RISK, 49, (Risk.REFUSED,)),
        (TOLD, (NeedState.ASKED,), date(2022, 11, 1), TaskState.RISK, 49, (Risk.NEED_LATE,)),
        (TOLD, (NeedState.MET,), date(2022, 11, 1), TaskState.RUNNING, 49, ()),
    ],
)
def test_where_a_task_stands(
    changes: dict[str, Any], needs: tuple[NeedState, ...], on: date, state: TaskState, days: int, risks: tuple[Risk, ...]
) -> None:
    asked = [NeedDays(one, date(2022, 10, 1), date(2022, 12, 1), None) for one in needs]
    found = standing(DAYS | changes, asked, on)
    assert (found.state, found.days, found.risks) == (state, days, risks)


@given(st.sampled_from(NeedState), st.dates(date(2022, 1, 1), date(2022, 6, 1)), st.integers(0, 60), st.integers(0, 60), st.integers(0, 90))
def test_a_need_is_late_exactly_when_its_day_is_past(state: NeedState, asked: date, due: int, promised: int, after: int) -> None:
    need = NeedDays(state, asked, asked + timedelta(days=due), asked + timedelta(days=promised))
    owed = {NeedState.ASKED: min(due, 7), NeedState.PROMISED: promised}.get(state)
    assert need.is_late(asked + timedelta(days=after)) == (owed is not None and after > owed)


@given(st.integers(2009, 2090), st.integers(1, 4))
def test_quarters_follow_one_another_without_gap(year: int, quarter: int) -> None:
    first, last = quarter_days(year, quarter)
    following = quarter_days(year + (quarter == 4), quarter % 4 + 1)[0]
    assert first <= last and last + timedelta(days=1) == following


@pytest.mark.parametrize(("text", "named"), [("提供 2022 年 12 份资料", False), ("电话13812345678", True), ("99999919910101101X", True)])
def test_numbers_of_persons_are_known(text: str, named: bool) -> None:
    assert names_a_person(text) is named


def test_every_state_that_is_left_open_can_be_ended() -> None:
    ends = {state for states, _to, _side in NEED_STEPS.values() for state in states}
    assert {NeedState.ASKED, NeedState.PROMISED, NeedState.REFUSED} <= ends and NeedState.WITHDRAWN not in ends


# --- asked and answered --------------------------------------------------------------------------------------------------
@pytest.fixture
def task(city: City) -> Any:
    city.enter("unit_plans", "liaison", PLAN)
    [made] = city.enter("unit_tasks", "liaison", TASK)
    return made


def ask(city: City, task: Any, to: str = "police", who: str = "liaison", what: str = "派两名民警参加检查") -> UnitNeed:
    return actions.ask(task=task, to_unit=city.units[to], what=what, due_on=date(2022, 12, 5), by=city.actor(who))


def take(city: City, need: UnitNeed, step: str, who: str, words: str = "", day: date | None = None) -> UnitNeed:
    return actions.step(need=need, step=step, word=Word(words, day), by=city.actor(who))


@pytest.mark.django_db
def test_a_need_is_promised_delivered_and_every_word_stays(city: City, task: Any) -> None:
    need = take(city, ask(city, task), "promise", "officer", "周五去", date(2022, 12, 1))
    assert (need.state, need.promised_on, need.answered_at is not None) == (NeedState.PROMISED, date(2022, 12, 1), True)
    need = take(city, need, "deliver", "officer", "派了 2 人", TODAY)
    assert (need.state, need.met_on) == (NeedState.MET, TODAY)
    need = take(city, need, "reopen", "liaison", "只到了 1 人", date(2022, 12, 2))
    assert (need.state, need.promised_on, need.met_on) == (NeedState.PROMISED, date(2022, 12, 2), None)
    steps = list(UnitNeedStep.objects.values_list("step", "by_name", "words"))
    assert [one[0] for one in steps] == ["ask", "promise", "deliver", "reopen"] and steps[3][2] == "只到了 1 人"
    with pytest.raises(WrittenOnce):
        UnitNeedStep.objects.update(words="别的")
    assert WriteEntry.objects.filter(ledger="unit_needs").count() == 4


@pytest.mark.django_db
def test_a_refusal_says_why_and_puts_the_task_at_risk(city: City, task: Any) -> None:
    need = ask(city, task)
    with pytest.raises(NeedRefused, match="写明原因"):
        take(city, need, "refuse", "officer")
    take(city, need, "refuse", "officer", "警力都在外地")
    [row] = reads.tasks(city.actor("liaison"), TODAY, 2022)
    assert Risk.REFUSED in reads.standing_of(row, TODAY).risks
    assert take(city, need, "promise", "officer", "", date(2022, 12, 9)).state == NeedState.PROMISED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "who", "words", "day", "message"),
    [
        ("promise", "officer", "", None, "哪一天"),
        ("promise", "officer", "", date(2022, 11, 1), "不早于今天"),
        ("deliver", "officer", "", TODAY, "办到了什么"),
        ("deliver", "officer", "做了", date(2022, 12, 30), "今天以前"),
        ("refuse", "officer", "找 13812345678", None, "不写身份证号、手机号"),
        ("reopen", "liaison", "没有来", date(2022, 12, 2), "待答复"),
        ("withdraw", "liaison", "", None, "不需要"),
        ("dance", "liaison", "", None, "没有这一步"),
    ],
)
def test_a_step_that_cannot_be_taken_says_what_to_do(
    city: City, task: Any, step: str, who: str, words: str, day: date | None, message: str
) -> None:
    need = ask(city, task)
    with pytest.raises(NeedRefused, match=message):
        take(city, need, step, who, words, day)
    assert UnitNeed.objects.get().state == NeedState.ASKED and UnitNeedStep.objects.count() == 1


@pytest.mark.django_db
def test_each_side_takes_its_own_steps_only(city: City, task: Any) -> None:
    need = ask(city, task)
    for step in ("promise", "refuse", "deliver"):
        for who in ("liaison", "prosecutor", "clerk", "auditor", "leader", "doctor"):
            with pytest.raises(NotAllowed):
                take(city, need, step, who, "好", date(2022, 12, 1))
    for who in ("officer", "clerk", "supervisor"):
        with pytest.raises(NotAllowed):
            take(city, need, "withdraw", who, "不要了")
    with pytest.raises(NotAllowed):
        ask(city, task, to="education", who="officer")


@pytest.mark.django_db
def test_of_two_answers_the_second_sees_that_it_is_answered(city: City, task: Any) -> None:
    need = ask(city, task)
    stale = UnitNeed.objects.get(pk=need.pk)
    take(city, need, "deliver", "officer", "派了 2 人")
    with pytest.raises(NeedRefused, match="已办到"):
        take(city, stale, "refuse", "officer", "没有人")
    assert UnitNeedStep.objects.count() == 2


@pytest.mark.django_db
def test_nothing_is_asked_of_a_clinic_of_oneself_in_the_past_or_about_a_person(city: City, task: Any) -> None:
    for to, what, message in (("clinic", "看一看", "没有人能"), ("education", "看一看", "没有人能"), ("police", " ", "需要什么"),
                              ("police", "查 99999919910101101X", "不写身份证号")):  # fmt: skip
        with pytest.raises(NeedRefused, match=message):
            ask(city, task, to=to, what=what)
    with pytest.raises(NeedRefused, match="今天以后"):
        actions.ask(task=task, to_unit=city.units["police"], what="看", due_on=date(2022, 11, 1), by=city.actor("liaison"))
    assert not UnitNeed.objects.exists()


@pytest.mark.django_db
def test_both_units_and_the_commission_see_a_need_and_nobody_else(city: City, task: Any) -> None:
    ask(city, task)
    seen = {who for who in city.accounts if reads.needs(city.actor(who), TODAY).exists()}
    assert seen == {"liaison", "officer", "clerk", "leader", "auditor"}


# --- quarters rest on rows ---------------------------------------------------------------------------------------------------
def meeting(city: City, who: str, day: date) -> Any:
    values = {"division": city.divisions["云岭市"].pk, "kind": "special", "held_on": day, "title": "联席会",
              "special_topic": True, "decisions": "议定", "chaired_by_first": False}  # fmt: skip
    [made] = city.enter("meetings", who, values)
    return made


@pytest.mark.django_db
def test_a_quarter_is_shown_by_rows_of_ones_own_and_counted_live(city: City, task: Any) -> None:
    row = meeting(city, "liaison", date(2022, 5, 6))
    [offered] = reads.candidates(city.actor("liaison"), task, 2, TODAY)
    assert offered.row == row and offered.label == "联席会"
    done = actions.report(
        task=task, progress=Progress(2, "开了会", [("meetings", row.pk)], done_on=date(2022, 5, 6)), by=city.actor("liaison")
    )
    assert (done.second_quarter, done.done_on, done.evidence) == ("开了会", date(2022, 5, 6), "关联台账 1 条")
    assert reads.counted([done]) == {done.pk: 1} and reads.candidates(city.actor("liaison"), task, 2, TODAY) == []
    [proof] = reads.proofs_of(done, city.actor("clerk"), TODAY)[2]
    assert proof.row == row
    [closed] = reads.proofs_of(done, city.actor("officer"), TODAY)[2]
    assert closed.row is None and closed.label == ""


@pytest.mark.django_db
def test_rows_of_others_and_of_ledgers_about_persons_show_nothing(city: City, task: Any) -> None:
    other = meeting(city, "supervisor", date(2022, 5, 6))
    by = city.actor("liaison")
    for rows, message in (([("meetings", other.pk)], "不是本单位"), ([("volunteers", other.pk)], "不能作"), ([("measures", other.pk)], "不能作")):
        with pytest.raises(NeedRefused, match=message):
            actions.report(task=task, progress=Progress(2, "开了会", rows), by=by)
    assert not TaskEvidence.objects.exists()
    for quarter, words, message in ((2, " ", "写一句"), (5, "做", "没有到")):
        with pytest.raises(NeedRefused, match=message):
            actions.report(task=task, progress=Progress(quarter, words), by=by)
    with pytest.raises(NeedRefused, match="完成依据"):
        actions.report(task=task, progress=Progress(2, "完成", done_on=date(2022, 5, 1)), by=by)
    for who in ("officer", "clerk", "auditor"):
        with pytest.raises(NotAllowed):
            actions.report(task=task, progress=Progress(2, "做"), by=city.actor(who))


@pytest.mark.django_db
def test_of_two_people_reporting_one_task_the_second_reads_again(city: City, task: Any) -> None:
    by = city.actor("liaison")
    stale = reads.task(by, TODAY, task.pk)
    assert stale is not None
    actions.report(task=task, progress=Progress(2, "甲说"), by=by)
    with pytest.raises(RowChanged):
        actions.report(task=stale, progress=Progress(2, "乙说"), by=by)


@pytest.mark.django_db
def test_a_link_made_by_mistake_is_taken_back_by_its_unit_alone(city: City, task: Any) -> None:
    row = meeting(city, "liaison", date(2022, 5, 6))
    actions.report(task=task, progress=Progress(2, "开了会", [("meetings", row.pk)]), by=city.actor("liaison"))
    proof = TaskEvidence.objects.get()
    with pytest.raises(NotAllowed):
        actions.unlink(task=task, evidence_id=proof.pk, by=city.actor("clerk"))
    actions.unlink(task=task, evidence_id=proof.pk, by=city.actor("liaison"))
    with pytest.raises(NeedRefused, match="已经取消"):
        actions.unlink(task=task, evidence_id=proof.pk, by=city.actor("liaison"))
    assert WriteEntry.objects.filter(act="unit_tasks.unlink").count() == 1


# --- from the duties -----------------------------------------------------------------------------------------------------------
def test_every_duty_offered_has_a_known_kind_of_unit_an_article_and_a_day_of_the_year() -> None:
    kinds = {one.code for one in catalogue.get_list("unit_kinds").codes}
    for kind, duties in unit_duties().items():
        assert kind in kinds
        for duty in duties:
            assert duty.due_on(2023).year == 2023 and duty.article and duty.done_when
            assert not re.search("破案|抓获|缴获|查处|阳性|收戒", duty.task + duty.done_when)


@pytest.mark.django_db
def test_a_unit_takes_tasks_from_its_duties_once_and_into_a_plan_that_is_there(city: City) -> None:
    Unit.objects.filter(code="education").update(kind="education")
    by = city.actor("liaison")
    offered = [duty.task for duty in reads.offered_duties(by, 2022, TODAY)]
    assert offered == ["中小学毒品预防专题教育课开足", "培训禁毒教育骨干教师"]
    with pytest.raises(NeedRefused, match="先登记计划"):
        actions.take_duties(year=2022, texts=offered, by=by)
    city.enter("unit_plans", "liaison", PLAN)
    city.enter("unit_tasks", "liaison", TASK | {"item": 4})
    assert actions.take_duties(year=2022, texts=offered, by=by) == 2
    made = list(reads.tasks(by, TODAY, 2022).order_by("item").values_list("item", "duty"))
    assert [item for item, _duty in made] == [4, 5, 6] and "第十三条" in made[1][1]
    assert reads.offered_duties(by, 2022, TODAY) == []
    with pytest.raises(NeedRefused, match="勾选"):
        actions.take_duties(year=2022, texts=offered, by=by)
    with pytest.raises(NotAllowed):
        actions.take_duties(year=2022, texts=offered, by=city.actor("clerk"))


@pytest.mark.django_db
def test_by_when_something_is_owed_is_what_the_days_say_after_every_step(city: City, task: Any) -> None:
    need = actions.ask(task=task, to_unit=city.units["police"], what="数据", due_on=TODAY + timedelta(days=20), by=city.actor("liaison"))
    assert need.owed_on == TODAY + timedelta(days=ANSWER_DAYS) == reads.days_of(need).owed_by
    for who, code, word in (
        ("officer", "promise", Word(day=TODAY + timedelta(days=9))),
        ("officer", "deliver", Word("送来三份", TODAY)),
        ("liaison", "reopen", Word("还缺一份", TODAY + timedelta(days=3))),
        ("liaison", "withdraw", Word("不需要了")),
    ):
        need = actions.step(need=need, step=code, word=word, by=city.actor(who))
        need.refresh_from_db()
        assert need.owed_on == reads.days_of(need).owed_by, code


@pytest.mark.django_db
def test_a_need_overdue_comes_to_the_office_at_once_then_before_the_leaders_of_who_owes_it(city: City, task: Any) -> None:
    Unit.objects.filter(code="police").update(superior=city.units["office"])
    actions.ask(task=task, to_unit=city.units["police"], what="数据", due_on=FRIDAY, by=city.actor("liaison"))
    assert not overdue_elsewhere(city.actor("clerk"), FRIDAY)
    [line] = overdue_elsewhere(city.actor("clerk"), FRIDAY + timedelta(days=1))
    assert line.title == "市公安局禁毒大队没有配合市教育局:数据" and "前答复" in line.note
    assert not overdue_elsewhere(city.actor("supervisor"), FRIDAY + timedelta(days=1)), "a town reads no need of others"
    shown = {day: [job.title for job in escalated.jobs(city.actor("leader"), day) if "配合事项" in job.title] for day in LATER}
    assert list(shown.values()) == [[], ["市公安局禁毒大队:配合事项逾期 1 件"]], "after ten working days, before who leads the unit above"
