"""Questions about patterns: listed once, asked by a person, answered before anything follows, counted by nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.fonts import font_files
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import questions as actions
from qingyuan.governance.actions.questions import LOOKER, CaseMoved, Listed, LookedAlready
from qingyuan.governance.enums import PatternKind
from qingyuan.governance.models import PatternFile, PatternLook, PatternQuestion, PatternRow, PictureSigns
from qingyuan.governance.queries import questions as reads
from qingyuan.governance.queries.patterns import gather, lines_of
from qingyuan.governance.rules.questions import FILES, TYPED, answer_by, counted, looked_at, worded
from qingyuan.governance.scoring.serialise import read_scheme_file
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.journeys import questioning, upkeep
from qingyuan.journeys.todo import questions as todo
from qingyuan.ledgers import registry
from qingyuan.organisation.models import RoleGrant
from qingyuan.prevention.models import Activity
from tests.cast import TODAY, City
from tests.census.house import PACKAGE
from tests.governance.orders import Orders
from tests.governance.patterns import (
    answered_with,
    asked,
    look,
    picture,
    saved_smaller,
    step,
    typed_as_done,
    typed_together,
)

DUE = TODAY + timedelta(days=14)


def now(question: PatternQuestion) -> PatternQuestion:
    return PatternQuestion.objects.get(pk=question.pk)


@pytest.fixture
def office(city: City, tmp_path: Any, settings: Any) -> Orders:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return Orders(city)


# --- looking -----------------------------------------------------------------------------------------------------------------
def test_rows_typed_together_are_listed_for_the_office_and_not_yet_asked(city: City) -> None:
    rows = typed_together(city)
    typed_as_done(city)
    [found] = look()
    assert (found.unit.code, found.pattern, found.subject, found.state) == ("longdong", "together", TYPED, "proposed")
    assert (found.seen, found.of, found.issuer.code) == (12, 12, "office")
    assert {one.row for one in found.rows.all()} == {f"activities/{row.pk}" for row in rows}
    assert found.asked_on is None and found.due_on is None


def test_the_same_rows_are_listed_once_however_often_one_looks(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    assert len(look()) == 1
    with pytest.raises(LookedAlready, match="已经看过"):
        look()
    assert look(again=True) == [] and PatternQuestion.objects.count() == 1


def test_new_rows_with_the_pattern_are_a_new_question_about_them_alone(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    first = look()[0]
    before = set(first.rows.values_list("row", flat=True))
    more = typed_together(city, start=12, count=10)
    [second] = look(again=True)
    assert set(second.rows.values_list("row", flat=True)) == {f"activities/{row.pk}" for row in more}
    assert not before & set(second.rows.values_list("row", flat=True))


def test_a_row_cannot_be_asked_about_twice_even_by_hand(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    row = look()[0].rows.first()
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PatternRow(question=row.question, pattern=row.pattern, row=row.row).save()


def test_rows_of_one_moment_came_from_a_program_and_are_no_question(city: City) -> None:
    rows = typed_together(city)
    typed_as_done(city)
    moment = Activity.everything.get(pk=rows[0].pk).recorded_at
    Activity.everything.filter(pk__in=[row.pk for row in rows]).update(recorded_at=moment)
    assert look() == []


def test_two_that_look_at_once_list_one_question_and_the_second_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks between the first's reading and its writing, which is when it could go wrong."""
    typed_together(city)
    typed_as_done(city)
    real = actions._found
    inside: list[int] = []

    def slow(seen: Any) -> Any:
        found = real(seen)
        if not inside:
            inside.append(1)
            actions.look(on=TODAY)
        return found

    monkeypatch.setattr(actions, "_found", slow)
    with pytest.raises(LookedAlready, match="刚刚看过"):
        actions.look(on=TODAY)
    assert PatternQuestion.objects.count() == 1 and PatternLook.objects.count() == 1


def test_a_look_says_what_was_read_and_how_much(city: City) -> None:
    typed_together(city)
    made = actions.look(on=TODAY)
    assert (made.first_day, made.last_day, made.month) == (date(2021, 11, 1), date(2022, 10, 31), "2022-10")
    assert {"subject": TYPED, "units": 1, "count": 12} in made.looked


def test_the_worker_looks_once_a_month(city: City, settings: Any) -> None:
    typed_together(city)
    typed_as_done(city)
    assert questioning.nightly() == 1 and questioning.nightly() == 0
    assert "questions" in {duty.name for duty in upkeep.duties()}
    settings.QINGYUAN_TODAY = date(2022, 12, 1)
    assert questioning.nightly() == 0 and PatternLook.objects.count() == 2


def test_a_unit_above_which_nobody_decides_is_not_listed(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    RoleGrant.objects.filter(account__username__in=("clerk", "leader")).update(end=date(2022, 1, 1))
    assert look() == []


def test_lines_are_read_from_the_sheet_that_a_unit_signed() -> None:
    lines = lines_of(read_scheme_file(FOLDER / "town-2022.yaml"), TODAY)
    assert ("R01", 95) in lines and ("R05", 98) in lines and ("G07", 100) not in lines


# --- copies ------------------------------------------------------------------------------------------------------------------
def test_the_same_photograph_for_two_orders_is_found_though_it_was_saved_anew(office: Orders) -> None:
    answered_with(office, picture(), on=date(2022, 9, 6), due=date(2022, 9, 20))
    answered_with(office, saved_smaller(), picture(5), on=date(2022, 10, 6), due=date(2022, 10, 20))
    [found] = look()
    assert (found.pattern, found.subject, found.unit.code, found.chance) == ("copied", FILES, "longdong", None)
    assert found.seen == 2 and PictureSigns.objects.count() == 3
    assert look(again=True) == []


def test_two_photographs_for_two_orders_are_no_question(office: Orders) -> None:
    answered_with(office, picture(1), on=date(2022, 9, 6), due=date(2022, 9, 20))
    answered_with(office, picture(2), on=date(2022, 10, 6), due=date(2022, 10, 20))
    assert look() == []


def test_a_file_of_an_earlier_year_is_not_opened(office: Orders) -> None:
    answered_with(office, picture(1), on=date(2021, 9, 6), due=date(2021, 9, 20))
    assert gather(*looked_at(TODAY)).files == []


# --- the road ----------------------------------------------------------------------------------------------------------------
def test_the_clerk_signs_the_unit_explains_the_clerk_accepts(city: City) -> None:
    question = asked(city)
    assert (question.state, question.asked_on, question.due_on) == ("asked", TODAY, DUE)
    step(city, question, "answer", "supervisor", answer="九月断网,纸上先记,来网以后一起补登。", evidence=[picture()])
    assert (now(question).state, now(question).answered_on) == ("answered", TODAY)
    step(city, question, "accept", "clerk", reason="看过纸面记录,属实。")
    assert (now(question).state, now(question).ended_on) == ("accepted", TODAY)
    assert [one.step for one in ProcedureStep.objects.filter(subject_id=question.pk)] == ["find", "ask", "answer", "accept"]
    acts = set(WriteEntry.objects.filter(row_id=question.pk).values_list("act", flat=True))
    assert acts == {f"pattern_questions.{one}" for one in ("find", "ask", "answer", "accept")}
    assert PatternFile.objects.get().question_id == question.pk


def test_nothing_follows_before_the_unit_was_heard_or_its_day_is_over(city: City, settings: Any) -> None:
    question = asked(city)
    for code in ("accept", "look_into", "settle", "look_unanswered"):
        with pytest.raises(StepRefused):
            step(city, question, code, "clerk", reason="先转核实")
    settings.QINGYUAN_TODAY = DUE + timedelta(days=1)
    step(city, question, "look_unanswered", "clerk", reason="逾期没有说明,请核对原始记录。")
    assert now(question).state == "looking"
    # The right of reply is not lost by a day.
    step(city, question, "add", "supervisor", more="专干住院,现补充说明。", evidence=[])
    step(city, question, "settle", "clerk", reason="核对属实,没有问题。")
    assert now(question).state == "settled"


def test_the_database_itself_keeps_an_acceptance_without_an_answer_out(city: City) -> None:
    question = asked(city)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatternQuestion.objects.filter(pk=question.pk).update(state="accepted", ended_on=TODAY)


def test_only_the_office_asks_and_only_the_unit_answers(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    [found] = look()
    for who in ("supervisor", "stranger", "auditor", "officer", "caseworker"):
        with pytest.raises(NotAllowed):
            step(city, found, "ask", who, due_on=DUE)
    with pytest.raises(NotAllowed):
        actions.take(question=found, step="ask", by=LOOKER, given={"due_on": DUE})
    step(city, found, "ask", "leader", due_on=DUE)
    for who in ("clerk", "stranger", "town_leader", "caseworker"):
        with pytest.raises(NotAllowed):
            step(city, found, "answer", who, answer="替他说明", evidence=[])


def test_two_people_at_once_the_second_is_told_to_look_again(city: City) -> None:
    question = asked(city)
    actions.take(question=question, step="extend", by=city.actor("clerk"), version=question.version, given={"due_on": DUE + timedelta(days=3)})
    with pytest.raises(CaseMoved):
        actions.take(question=question, step="withdraw", by=city.actor("leader"), version=question.version, given={"reason": "问错了"})


@pytest.mark.parametrize("words", ["请李四(身份证号999999199101010010)说明", "电话13800000000"])
def test_numbers_of_persons_are_refused_on_both_sides(city: City, words: str) -> None:
    question = asked(city)
    with pytest.raises(StepRefused):
        step(city, question, "answer", "supervisor", answer=words, evidence=[])


def test_an_extension_goes_forward(city: City) -> None:
    question = asked(city)
    with pytest.raises(StepRefused, match="晚于"):
        step(city, question, "extend", "clerk", due_on=TODAY + timedelta(days=1))


# --- who sees it -------------------------------------------------------------------------------------------------------------
def test_a_question_is_seen_by_its_unit_and_by_who_looks_over_the_range(city: City) -> None:
    question = asked(city)
    seen = {who for who in city.accounts if reads.find(city.actor(who), TODAY, question.pk)}
    assert seen == {"supervisor", "town_leader", "clerk", "leader", "auditor"}


def test_what_was_found_is_seen_by_the_office_alone_until_it_is_signed(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    [found] = look()
    assert {who for who in city.accounts if reads.find(city.actor(who), TODAY, found.pk)} == {"clerk", "leader"}
    step(city, found, "leave", "clerk", reason="已知断网,不用问。")
    assert {who for who in city.accounts if reads.find(city.actor(who), TODAY, found.pk)} == {"clerk", "leader"}
    assert look(again=True) == [], "what was not asked is not listed again"


def test_a_neighbour_in_the_same_town_is_not_shown_the_question(city: City) -> None:
    question = asked(city)
    neighbour = city.units["education"]
    neighbour.division = city.divisions["龙洞镇"]
    neighbour.save()
    PatternQuestion.objects.filter(pk=question.pk).update(unit=neighbour)
    assert reads.find(city.actor("supervisor"), TODAY, question.pk) is None
    assert reads.find(city.actor("liaison"), TODAY, question.pk) is not None


def test_rows_open_by_their_ledgers_own_scope(city: City) -> None:
    question = asked(city)
    own = reads.rows_of(city.actor("supervisor"), question, TODAY)
    assert len(own) == 12 and all(one.key for one in own)
    assert all(one.key for one in reads.rows_of(city.actor("clerk"), question, TODAY)), "activities are open to the office"


def test_rows_about_persons_are_not_listed_outside_the_unit(city: City) -> None:
    question = asked(city)
    PatternRow(question=question, pattern=PatternKind.LAST_DAY, row="dues/00000000-0000-7000-8000-000000000001", day=TODAY).save()
    assert not [one for one in reads.rows_of(city.actor("clerk"), question, TODAY) if one.kind == "dues"]
    assert reads.closed_to(city.actor("clerk"), question) and not reads.closed_to(city.actor("supervisor"), question)
    assert [one for one in reads.rows_of(city.actor("supervisor"), question, TODAY) if one.kind == "dues"][0].key == ""


# --- pure --------------------------------------------------------------------------------------------------------------------
def test_few_persons_are_not_told_outside_their_unit() -> None:
    assert counted(9, 12, closed=True).closed and "9" not in worded(PatternKind.LAST_DAY, counted(9, 12, closed=True))
    assert counted(3, 60, closed=True).closed and not counted(20, 60, closed=True).closed
    assert not counted(9, 12, closed=False).closed


@pytest.mark.parametrize("pattern", list(PatternKind))
def test_a_question_asks_and_does_not_accuse(pattern: PatternKind) -> None:
    words = worded(pattern, counted(12, 20, closed=False), 1)
    assert "请说明" in words and not [bad for bad in ("造假", "作弊", "弄虚", "违规", "编造", "扣分") if bad in words]


def test_an_answer_is_asked_within_ten_working_days() -> None:
    assert answer_by(TODAY) == date(2022, 12, 7)


def test_twelve_whole_months_are_looked_at() -> None:
    assert looked_at(date(2022, 1, 5)) == (date(2021, 1, 1), date(2021, 12, 31))


def test_no_account_is_named_in_what_is_found() -> None:
    columns = {field.name for model in (PatternQuestion, PatternRow) for field in model._meta.fields}
    assert not [name for name in {*columns, *(one.name for one in fields(Listed))} if "account" in name or "worker" in name or name == "by"]
    source = (PACKAGE / "governance/queries/patterns.py").read_text(encoding="utf-8")
    assert "recorded_by" not in source and "by_name" not in source


# --- today -------------------------------------------------------------------------------------------------------------------
def test_it_stands_in_today_of_whoever_has_the_turn(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    [found] = look()
    assert [job.act for job in todo.jobs(city.actor("clerk"), TODAY)] == ["去决定"] and todo.jobs(city.actor("supervisor"), TODAY) == []
    step(city, found, "ask", "clerk", due_on=DUE)
    [job] = todo.jobs(city.actor("supervisor"), TODAY)
    assert job.act == "去说明" and "请本单位说明" in job.title and todo.jobs(city.actor("clerk"), TODAY) == []
    later = DUE + timedelta(days=1)
    assert [job.act for job in todo.jobs(city.actor("clerk"), later)] == ["催问或转核实"]


# --- what is never made of it ------------------------------------------------------------------------------------------------
MODELS = ("PatternQuestion", "PatternRow", "PatternLook")


def users_of_questions(root: Path) -> set[str]:
    """Files that name the tables."""
    found = set()
    for path in root.rglob("*.py"):
        if "/migrations/" not in path.as_posix() and any(name in path.read_text(encoding="utf-8") for name in MODELS):
            found.add(path.relative_to(root).as_posix())
    return found


def test_nothing_counts_how_many_questions_a_unit_was_asked() -> None:
    """No fact, indicator, scheme, form, letter, score or engagement reads them: only their own pages, today and the demo."""
    assert users_of_questions(PACKAGE) == {
        "demo/questions.py", "governance/actions/questions.py", "governance/models/__init__.py", "governance/models/pattern.py",
        "governance/permissions/__init__.py", "governance/queries/order_basis.py", "governance/queries/questions.py",
        "journeys/questioning.py", "journeys/todo/questions.py", "web/questions/presenters.py", "web/questions/views.py",
    }  # fmt: skip
    assert not [name for name in registry.facts() if "question" in name or "pattern" in name]
    assert not [ledger.code for ledger in registry.all_ledgers() if ledger.model.__name__.startswith("Pattern")]
    counted_by = [
        str(path)
        for folder in ("indicators/definitions", "governance/schemes", "governance/forms")
        for path in (PACKAGE / folder).rglob("*.yaml")
        if "pattern_question" in path.read_text(encoding="utf-8")
    ]
    assert counted_by == []


def test_the_look_for_counters_sees_one(tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text("n = PatternQuestion.objects.count()", encoding="utf-8")
    assert users_of_questions(tmp_path) == {"score.py"}


def test_a_question_moves_no_score_and_no_figure(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    before = _facts()
    question = step(city, look()[0], "ask", "clerk", due_on=DUE)
    step(city, question, "answer", "supervisor", answer="断网补登。", evidence=[])
    step(city, question, "look_into", "clerk", reason="看纸面记录")
    assert _facts() == before


def _facts() -> list[Any]:
    from qingyuan.ledgers.models import FactRow, OutboxEntry  # noqa: PLC0415

    return [FactRow.objects.count(), OutboxEntry.objects.count()]
