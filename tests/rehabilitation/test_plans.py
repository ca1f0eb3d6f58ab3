"""Plans with goals: looked at by a second person, looked at anew when rewritten; encouragements stand beside warnings and are counted nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.foundation import clock
from qingyuan.journeys.todo import plans as todo
from qingyuan.journeys.todo.tally import total
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow, RowChanged
from qingyuan.rehabilitation import planning as reads
from qingyuan.rehabilitation.actions import helping
from qingyuan.rehabilitation.actions import plans as actions
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.actions.plans import PlanRefused
from qingyuan.rehabilitation.models import CarePlan, Client, Encouraged, PlanGoal, PlanLook, SupportReview
from qingyuan.rehabilitation.rules import plan as rules
from qingyuan.rehabilitation.way import way
from qingyuan.web.clients.way import told
from qingyuan.web.referrals.helping import _open_goals
from tests.cast import TODAY, City, id_number, measure_values

DAY = timedelta(days=1)
WHO = {"name": "测试甲", "id_number": id_number(100)}
PLAN = WHO | {"made_on": date(2022, 5, 1), "skills": "学电工", "review_on": date(2022, 12, 1)}
GOAL = WHO | {"set_on": date(2022, 5, 2), "number": 1, "goal": "学完电工班", "own_words": "我想学电工", "by_on": date(2022, 12, 31)}
WELL = WHO | {"given_on": date(2022, 6, 1), "kind": "spoken", "did": "按时来面谈", "given_by": ["何姐"]}
OTHERS = ("stranger", "clerk", "leader", "officer", "prosecutor", "town_leader", "doctor", "auditor", "security")


def columns(found: list[Any]) -> list[str]:
    return [problem.column for problem in found]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"by_on": date(2022, 5, 2)}, ["by_on"]),
        ({"number": 0}, ["number"]),
        ({"number": 21}, ["number"]),
        ({"outcome": "partly"}, ["looked_on"]),
        ({"looked_on": date(2022, 8, 1)}, ["outcome"]),
        ({"outcome": "partly", "looked_on": date(2022, 5, 1)}, ["looked_on"]),
        ({"outcome": "reached", "looked_on": date(2022, 8, 1)}, []),
    ],
)
def test_a_goal_has_its_day_and_its_outcome_the_day_of_the_look(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_goal(GOAL | changes)) == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"kind": "certificate"}, ["days"]),
        ({"kind": "certificate", "days": 90}, []),
        ({"days": 90}, ["days"]),
        ({"kind": "fewer_visits"}, ["basis"]),
        ({"kind": "fewer_visits", "basis": "协议第六条"}, []),
    ],
)
def test_a_certificate_says_its_days_and_fewer_visits_rest_on_the_agreement(changes: dict[str, Any], wrong: list[str]) -> None:
    assert columns(rules.check_encouragement(WELL | changes)) == wrong


@pytest.fixture
def plan(city: City) -> CarePlan:
    city.enter("measures", "caseworker", measure_values(city, 0))
    [made] = city.enter("care_plans", "caseworker", PLAN)
    city.enter("plan_goals", "caseworker", GOAL)
    return CarePlan.objects.get(pk=made.pk)


def looked(city: City, plan: CarePlan, agreed: bool = True, words: str = "", who: str = "supervisor", seen: str = "") -> PlanLook:
    plan = CarePlan.objects.get(pk=plan.pk)
    return actions.look(plan=plan, seen=seen or reads.token(plan, reads.goals_of(plan)), agreed=agreed, words=words, by=city.actor(who))


def change(city: City, code: str, row: Any, who: str, **values: Any) -> None:
    draft = Draft(number=1, values=values, target_id=row.pk)
    draft.extra["written_by_id"] = city.accounts[who].pk
    registry.get(code).change(changes=[(row, draft)], writing=city.writing(who))


@pytest.mark.django_db
def test_only_the_supervisor_of_the_unit_agrees_and_never_who_wrote_it(city: City, plan: CarePlan) -> None:
    for who in ("caseworker", *OTHERS):
        with pytest.raises(PlanRefused, match="禁毒专干看"):
            looked(city, plan, who=who)
    assert reads.agreed(plan.client_id) is None
    looked(city, plan)
    assert reads.agreed(plan.client_id) == plan
    with pytest.raises(PlanRefused, match="已经同意过"):
        looked(city, plan, agreed=False, words="再改")


@pytest.mark.django_db
def test_a_plan_or_a_goal_the_supervisor_wrote_waits_for_another(city: City, plan: CarePlan) -> None:
    city.enter("plan_goals", "supervisor", GOAL | {"number": 2, "goal": "找到工作"})
    with pytest.raises(PlanRefused, match="另一名禁毒专干"):
        looked(city, plan)
    assert todo.jobs(city.actor("supervisor"), TODAY) == []


@pytest.mark.django_db
def test_sent_back_it_needs_words_and_shows_to_who_wrote_it_until_rewritten(city: City, plan: CarePlan) -> None:
    supervisor, worker = city.actor("supervisor"), city.actor("caseworker")
    with pytest.raises(PlanRefused, match="写明要改什么"):
        looked(city, plan, agreed=False, words=" ")
    looked(city, plan, agreed=False, words="写明找哪一家")
    assert reads.agreed(plan.client_id) is None and todo.jobs(supervisor, TODAY) == []
    assert [job.title for job in todo.jobs(worker, TODAY)] == ["个案计划退回来了"]
    change(city, "care_plans", CarePlan.objects.get(), "caseworker", skills="到县就业局学电工")
    assert todo.jobs(worker, TODAY) == [] and [job.title for job in todo.jobs(supervisor, TODAY)] == ["个案计划待您看"]
    assert PlanLook.objects.get().lapsed_at is not None
    looked(city, plan)
    assert PlanLook.objects.count() == 2 and reads.agreed(plan.client_id) is not None


@pytest.mark.django_db
def test_nobody_agrees_to_words_that_were_changed_meanwhile(city: City, plan: CarePlan) -> None:
    seen = reads.token(plan, reads.goals_of(plan))
    change(city, "plan_goals", PlanGoal.objects.get(), "caseworker", goal="学完焊工班")
    with pytest.raises(PlanRefused, match="刚改过"):
        looked(city, plan, seen=seen)
    assert not PlanLook.objects.exists()


@pytest.mark.django_db
def test_a_rewritten_goal_is_looked_at_anew_and_a_look_at_its_outcome_is_not(city: City, plan: CarePlan) -> None:
    looked(city, plan)
    goal = PlanGoal.objects.get()
    change(city, "plan_goals", goal, "supervisor", outcome="partly", looked_on=TODAY)
    assert reads.agreed(plan.client_id) is not None and PlanGoal.objects.get().written_by_id == city.accounts["caseworker"].pk
    change(city, "plan_goals", PlanGoal.objects.get(), "caseworker", by_on=date(2023, 3, 1))
    assert reads.agreed(plan.client_id) is None
    looked(city, plan)
    city.enter("plan_goals", "caseworker", GOAL | {"number": 2})
    assert reads.agreed(plan.client_id) is None


@pytest.mark.django_db
def test_a_plan_waits_on_the_supervisors_today_and_presses_after_a_week(city: City, plan: CarePlan) -> None:
    supervisor = city.actor("supervisor")
    [job] = todo.jobs(supervisor, TODAY)
    assert job.day == TODAY + 7 * DAY and "测试" not in job.title + job.note
    assert total(todo.pressing(supervisor, TODAY + 6 * DAY)) == 0 and total(todo.pressing(supervisor, TODAY + 7 * DAY)) == 1
    for who in ("caseworker", *OTHERS):
        assert todo.jobs(city.actor(who), TODAY + 9 * DAY) == [] and total(todo.pressing(city.actor(who), TODAY + 9 * DAY)) == 0, who
    CarePlan.objects.update(written_by_id=None)
    assert todo.jobs(supervisor, TODAY) == [], "plans from before plans were looked at wait for nobody"


@pytest.mark.django_db
def test_only_the_newest_plan_counts_and_a_plan_with_goals_is_not_voided(city: City, plan: CarePlan) -> None:
    looked(city, plan)
    city.enter("care_plans", "caseworker", PLAN | {"made_on": date(2022, 9, 1)})
    assert reads.agreed(plan.client_id) is None
    with pytest.raises(PlanRefused, match="新的那一份"):
        looked(city, plan)
    with pytest.raises(CannotVoid, match="目标"):
        registry.get("care_plans").void(rows=[plan], writing=city.writing("caseworker", "登记错误"))
    [later] = city.enter("plan_goals", "caseworker", GOAL | {"set_on": date(2022, 9, 2)})
    assert later.plan_id != plan.pk, "a goal belongs to the plan of its day"
    with pytest.raises(AssertionError, match="还没有个案计划"):
        city.enter("plan_goals", "caseworker", GOAL | {"set_on": date(2022, 4, 1)})


@pytest.mark.django_db
def test_a_review_says_of_each_goal_how_it_stands_and_no_more(city: City, plan: CarePlan) -> None:
    goal, client = PlanGoal.objects.get(), Client.objects.get()
    given: dict[str, Any] = {"client": client, "held_on": TODAY, "needs": [], "reasons": "谈了", "next_on": TODAY + 90 * DAY}
    with pytest.raises(HelpRefused, match="刷新"):
        helping.review(**given, goals={goal.pk: "excellent"}, by=city.actor("caseworker"))
    assert not SupportReview.objects.exists()
    helping.review(**given, goals={goal.pk: "partly"}, by=city.actor("caseworker"))
    goal.refresh_from_db()
    assert (goal.outcome, goal.looked_on, SupportReview.objects.get().plan_id) == ("partly", TODAY, plan.pk)
    names = {field.name for model in (PlanGoal, PlanLook, Encouraged) for field in model._meta.concrete_fields}
    assert not names & {"score", "grade", "level", "points", "percent", "share"}


@pytest.mark.django_db
def test_encouragements_stand_beside_warnings_and_nothing_counts_them(city: City, plan: CarePlan) -> None:
    city.enter("encouragements", "caseworker", WELL)
    city.enter("warnings", "caseworker", WHO | {"warned_on": date(2022, 5, 20), "way": "criticism", "facts": "没来", "answered": "忘了", "warned_by": ["何姐"]})
    assert [(one.day, one.well) for one in told(way(Client.objects.get()))] == [(date(2022, 6, 1), True), (date(2022, 5, 20), False)]
    for code in ("encouragements", "plan_goals", "warnings"):
        assert registry.get(code).facts is None and not FactRow.objects.filter(fact=code).exists()


def as_the_form(city: City, goal: PlanGoal, who: str, **values: Any) -> None:
    """A whole draft through the ledger's own preparation, as the form and the import make it."""
    said = {name: getattr(goal, name) for name in ("set_on", "number", "goal", "own_words", "by_on", "outcome", "looked_on")}
    draft = Draft(number=1, values=WHO | said | values, target_id=goal.pk)
    ledger, writing = registry.get("plan_goals"), city.writing(who)
    assert ledger.prepare is not None
    ledger.prepare([draft], writing)
    assert not draft.problems
    ledger.change(changes=[(goal, draft)], writing=writing)


@pytest.mark.django_db
def test_a_goal_of_the_unit_the_person_left_is_neither_offered_nor_changed(city: City, plan: CarePlan) -> None:
    goal, client = PlanGoal.objects.get(), Client.objects.get()
    assert _open_goals(client) == [goal]
    Client.objects.update(unit=city.units["shiqiao"], division=city.divisions["石桥社区"], caseworker_id=None)
    client.refresh_from_db()
    given: dict[str, Any] = {"client": client, "held_on": TODAY, "needs": [], "reasons": "谈了", "next_on": TODAY + 90 * DAY}
    assert _open_goals(client) == []
    with pytest.raises(HelpRefused, match="刷新"):
        helping.review(**given, goals={goal.pk: "partly"}, by=city.actor("stranger"))
    with pytest.raises(PlanRefused, match="原单位"):
        actions.note_outcomes(goals=[goal], outcomes={goal.pk: "partly"}, held_on=TODAY, by=city.actor("stranger"))
    goal.refresh_from_db()
    assert (goal.outcome, goal.version) == ("", 1) and not SupportReview.objects.exists()
    helping.review(**given, by=city.actor("stranger"))


def supervisor_changes_the_plan(city: City, plan: CarePlan) -> None:
    change(city, "care_plans", CarePlan.objects.get(pk=plan.pk), "supervisor", skills="到县就业局学电工")
    change(city, "care_plans", CarePlan.objects.get(pk=plan.pk), "caseworker", other="帮找房子")


def supervisor_changes_a_goal(city: City, plan: CarePlan) -> None:
    change(city, "plan_goals", PlanGoal.objects.get(), "supervisor", goal="学完焊工班")
    change(city, "plan_goals", PlanGoal.objects.get(), "caseworker", by_on=date(2023, 3, 1))


def supervisor_voids_a_goal(city: City, plan: CarePlan) -> None:
    registry.get("plan_goals").void(rows=[PlanGoal.objects.get()], writing=city.writing("supervisor", "不要这一条"))


def supervisor_moves_a_goal_away(city: City, plan: CarePlan) -> None:
    city.enter("care_plans", "caseworker", PLAN | {"made_on": date(2022, 4, 1)})
    as_the_form(city, PlanGoal.objects.get(), "supervisor", set_on=date(2022, 4, 2))
    change(city, "plan_goals", PlanGoal.objects.get(), "caseworker", goal="学完焊工班")


@pytest.mark.django_db
@pytest.mark.parametrize("acts", [supervisor_changes_the_plan, supervisor_changes_a_goal, supervisor_voids_a_goal, supervisor_moves_a_goal_away])
@pytest.mark.parametrize("after_a_look", [False, True])
def test_who_wrote_on_it_since_the_last_look_agrees_not_though_another_wrote_last(city: City, plan: CarePlan, acts: Any, after_a_look: bool) -> None:
    if after_a_look:
        looked(city, plan)
    acts(city, plan)
    assert city.accounts["supervisor"].pk not in {plan.recorded_by_id, CarePlan.objects.get(pk=plan.pk).written_by_id}
    with pytest.raises(PlanRefused, match="另一名禁毒专干"):
        looked(city, plan)
    assert reads.agreed(plan.client_id) is None
    if acts in (supervisor_changes_the_plan, supervisor_voids_a_goal):
        assert todo.jobs(city.actor("supervisor"), TODAY) == []


@pytest.mark.django_db
def test_what_was_written_before_the_last_look_binds_nobody(city: City, plan: CarePlan) -> None:
    supervisor_changes_the_plan(city, plan)
    written = CarePlan.objects.get(pk=plan.pk)
    PlanLook.objects.create(plan=written, agreed=False, words="再想想", looked_at=clock.now(), looked_by_name="另一名专干")
    change(city, "plan_goals", PlanGoal.objects.get(), "caseworker", goal="学完焊工班")
    assert [job.title for job in todo.jobs(city.actor("supervisor"), TODAY)] == ["个案计划待您看"]
    assert looked(city, plan).agreed


@pytest.mark.django_db
def test_a_goal_stays_with_its_plan_until_its_day_is_corrected_and_a_move_is_looked_at_on_both_sides(city: City, plan: CarePlan) -> None:
    later = PlanGoal.objects.get()
    change(city, "plan_goals", later, "caseworker", set_on=date(2022, 9, 2))
    [between] = city.enter("care_plans", "caseworker", PLAN | {"made_on": date(2022, 9, 1)})
    looked(city, between)
    as_the_form(city, PlanGoal.objects.get(), "supervisor", outcome="partly", looked_on=TODAY)
    assert PlanGoal.objects.get().plan_id == plan.pk and PlanLook.objects.get().lapsed_at is None
    assert PlanGoal.objects.get().written_by_id == city.accounts["caseworker"].pk
    goal = PlanGoal.objects.get()
    draft = Draft(number=1, values={"outcome": "reached"}, target_id=goal.pk, extra={"plan_id": between.pk})
    registry.get("plan_goals").change(changes=[(goal, draft)], writing=city.writing("caseworker"))
    assert PlanGoal.objects.get().plan_id == between.pk and PlanLook.objects.get().lapsed_at is not None


@pytest.mark.django_db
def test_nothing_is_written_under_a_plan_that_was_voided_meanwhile(city: City, plan: CarePlan) -> None:
    ledger, writing = registry.get("plan_goals"), city.writing("caseworker", "登记错误")
    goal = PlanGoal.objects.get()
    made = Draft(number=1, values=dict(GOAL) | {"number": 2})
    ledger.prepare([made], writing)  # type: ignore[misc]
    ledger.void(rows=[goal], writing=writing)
    [other] = city.enter("care_plans", "caseworker", PLAN | {"made_on": date(2022, 9, 1)})
    [held] = city.enter("plan_goals", "caseworker", GOAL | {"set_on": date(2022, 9, 2)})
    registry.get("care_plans").void(rows=[plan], writing=writing)
    with pytest.raises(DuplicateRow, match="作废"):
        ledger.create(drafts=[made], writing=writing)
    with pytest.raises(RowChanged, match="作废"):
        ledger.change(changes=[(held, Draft(number=1, values={}, target_id=held.pk, extra={"plan_id": plan.pk}))], writing=writing)
    assert list(PlanGoal.objects.values_list("plan_id", flat=True)) == [other.pk]
