"""Referrals rest on a consent and end with it; reviews give reasons and hear the person; why somebody was away stays in the compartment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.journeys.todo import helping as todo
from qingyuan.journeys.todo.tally import total
from qingyuan.rehabilitation import helping as reads
from qingyuan.rehabilitation.actions import helping as actions
from qingyuan.rehabilitation.actions.clients import assign
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.enums import ReferralState
from qingyuan.rehabilitation.models import Absence, AbsenceReason, Client, Referral, SupportReview
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OTHERS = ("stranger", "clerk", "leader", "officer", "prosecutor", "town_leader", "doctor", "auditor", "security")


@pytest.fixture
def person(city: City) -> Client:
    city.units["education"].kind = "education"
    city.units["education"].save()
    city.enter("measures", "supervisor", measure_values(city, 0))
    client = Client.objects.get()
    assign(client_ids=[client.pk], caseworker=city.accounts["caseworker"], by=city.actor("supervisor"))
    return Client.objects.get()


def referred(city: City, person: Client, who: str = "caseworker", **changes: Any) -> Referral:
    values: dict[str, Any] = {
        "client": person, "kind": "schooling", "to_unit": city.units["education"], "need": "孩子转学,本人想上夜校", "fields": ["name", "need"],
        "consent_on": TODAY, "consent_until": TODAY + 90 * DAY, "consent_paper_number": "同意书2022-7", "by": city.actor(who),
    }  # fmt: skip
    return actions.refer(**(values | changes))


def absent(city: City) -> Absence:
    row = {"name": "测试甲", "id_number": id_number(100), "left_on": date(2022, 11, 1), "back_on": date(2022, 11, 6)}
    return city.enter("absences", "supervisor", row)[0]


# --- referrals ---------------------------------------------------------------------------------------------------------
def test_a_referral_is_answered_and_closed_by_the_unit_it_went_to(city: City, person: Client) -> None:
    made, liaison = referred(city, person), city.actor("liaison")
    assert [one.pk for one in reads.inbox(liaison, TODAY)] == [made.pk]
    with pytest.raises(HelpRefused, match="接收了"):
        actions.close(referral=made, outcome="已入学", closed_on=TODAY, by=liaison)
    actions.answer(referral=made, accepted=True, words="下周一到学籍科找张老师", by=liaison)
    with pytest.raises(HelpRefused, match="已经答复"):
        actions.answer(referral=made, accepted=False, words="不办", by=liaison)
    done = actions.close(referral=made, outcome="已报名夜校", closed_on=TODAY, by=liaison)
    assert (done.state, done.outcome) == (ReferralState.DONE, "已报名夜校")


def test_a_consent_taken_back_hides_everything_at_once(city: City, person: Client) -> None:
    made, liaison = referred(city, person), city.actor("liaison")
    actions.answer(referral=made, accepted=True, words="可以办", by=liaison)
    actions.withdraw(referral=made, by=city.actor("caseworker"))
    assert not reads.inbox(liaison, TODAY).exists() and todo.referrals(liaison, TODAY) == []
    with pytest.raises(HelpRefused, match="撤回"):
        actions.close(referral=made, outcome="办了", closed_on=TODAY, by=liaison)
    with pytest.raises(HelpRefused, match="撤回过"):
        actions.withdraw(referral=made, by=city.actor("supervisor"))
    assert reads.referrals(city.actor("caseworker"), TODAY).get().state == ReferralState.WITHDRAWN, "the helper knows it was"


def test_a_consent_that_has_run_out_hides_it_too(city: City, person: Client) -> None:
    referred(city, person, consent_until=TODAY + DAY)
    liaison = city.actor("liaison")
    assert reads.inbox(liaison, TODAY + DAY).count() == 1 and reads.inbox(liaison, TODAY + 2 * DAY).count() == 0


def test_who_declined_has_it_no_more_and_the_reason_is_the_helpers(city: City, person: Client) -> None:
    made, liaison = referred(city, person), city.actor("liaison")
    with pytest.raises(HelpRefused, match="为什么"):
        actions.answer(referral=made, accepted=False, words=" ", by=liaison)
    actions.answer(referral=made, accepted=False, words="已过招生期,可找职校", by=liaison)
    assert not reads.inbox(liaison, TODAY).exists()
    assert reads.referrals(city.actor("supervisor"), TODAY).get().answer == "已过招生期,可找职校"


def test_who_leaves_the_register_leaves_the_inbox(city: City, person: Client) -> None:
    referred(city, person)
    Client.objects.filter(pk=person.pk).update(sealed_on=TODAY)
    assert not reads.inbox(city.actor("liaison"), TODAY).exists() and not reads.referrals(city.actor("supervisor"), TODAY).exists()


@pytest.mark.parametrize("unit", ["police", "office", "procuratorate", "clinic", "shiqiao"])
def test_no_referral_goes_behind_a_wall(city: City, person: Client, unit: str) -> None:
    city.units[unit].kind = "human_resources"  # whatever the unit calls itself, its side decides
    if unit in ("police", "clinic"):
        city.units[unit].save()
    with pytest.raises(HelpRefused, match="另选单位"):
        referred(city, person, kind="jobs", to_unit=city.units[unit])
    assert not Referral.objects.exists()


def test_one_matter_is_handed_to_one_unit_once(city: City, person: Client) -> None:
    referred(city, person)
    with pytest.raises(HelpRefused, match="已经转给"):
        referred(city, person)


@pytest.mark.parametrize("who", [*OTHERS, "liaison"])
def test_nobody_but_the_helpers_refers_withdraws_or_reads(city: City, person: Client, who: str) -> None:
    made, actor = referred(city, person), city.actor(who)
    review = actions.review(client=person, held_on=TODAY, needs=["jobs"], reasons="失业", next_on=TODAY + 90 * DAY, by=city.actor("caseworker"))
    absence = absent(city)
    actions.keep_reason(absence=absence, why="陪母亲住院", by=city.actor("supervisor"))
    for found in (reads.referrals(actor, TODAY), reads.reviews(actor, TODAY), reads.reasons(actor, TODAY)):
        assert not found.exists(), who
    for attempt in (
        lambda: referred(city, person, who, kind="jobs"),
        lambda: actions.withdraw(referral=made, by=actor),
        lambda: actions.review(client=person, held_on=TODAY - DAY, needs=[], reasons="x", next_on=TODAY, by=actor),
        lambda: actions.object_to(review=review, words="x", by=actor),
        lambda: actions.keep_reason(absence=absence, why="x", by=actor),
    ):
        with pytest.raises(HelpRefused):
            attempt()


@pytest.mark.parametrize("who", [*OTHERS, "caseworker", "supervisor"])
def test_nobody_but_the_named_unit_answers(city: City, person: Client, who: str) -> None:
    made = referred(city, person)
    assert not reads.inbox(city.actor(who), TODAY).exists()
    with pytest.raises(HelpRefused):
        actions.answer(referral=made, accepted=True, words="x", by=city.actor(who))
    made.refresh_from_db()
    assert made.state == ReferralState.WAITING


def test_the_log_keeps_no_word_of_help(city: City, person: Client) -> None:
    made = referred(city, person, need="暗需要")
    actions.answer(referral=made, accepted=True, words="暗答复", by=city.actor("liaison"))
    actions.review(client=person, held_on=TODAY, needs=["jobs"], reasons="暗理由", next_on=TODAY + DAY, by=city.actor("caseworker"))
    entries = WriteEntry.objects.filter(ledger__in=("referrals", "support-reviews"))
    kept = [*entries, *RowChange.objects.filter(entry_id__in=entries.values("pk"))]
    assert len(kept) == 3 and not any(word in str(vars(one)) for one in kept for word in ("暗需要", "暗答复", "暗理由", "jobs"))


# --- reviews -----------------------------------------------------------------------------------------------------------
def test_a_review_is_objected_to_and_answered_by_somebody_else(city: City, person: Client) -> None:
    worker, supervisor = city.actor("caseworker"), city.actor("supervisor")
    made = actions.review(client=person, held_on=TODAY, needs=["jobs"], reasons="失业三个月", next_on=TODAY + 90 * DAY, by=worker)
    actions.object_to(review=made, words="我不要培训,要工作", by=worker)
    with pytest.raises(HelpRefused, match="另一个人"):
        actions.answer_objection(review=made, words="维持", by=worker)
    answered = actions.answer_objection(review=made, words="改为直接介绍工作", by=supervisor)
    assert answered.objection_answer == "改为直接介绍工作"
    with pytest.raises(HelpRefused, match="已经记了"):
        actions.object_to(review=made, words="还有", by=supervisor)


def test_a_review_once_a_day(city: City, person: Client) -> None:
    given: dict[str, Any] = {"client": person, "held_on": TODAY, "needs": [], "reasons": "稳定", "next_on": TODAY + DAY, "by": city.actor("caseworker")}
    actions.review(**given)
    with pytest.raises(HelpRefused, match="已经评估过"):
        actions.review(**given)


def test_the_set_day_comes_from_the_plan_then_from_the_last_review(city: City, person: Client) -> None:
    plan = {"name": "测试甲", "id_number": id_number(100), "made_on": date(2022, 5, 1), "skills": "学电工", "review_on": TODAY}
    city.enter("care_plans", "supervisor", plan)
    worker = city.actor("caseworker")
    assert [one.left.day for one in todo.reviews(worker, TODAY) if one.left] == [TODAY] and total(todo.reviews_pressing(worker, TODAY)) == 1
    made = actions.review(client=person, held_on=TODAY, needs=["skills"], reasons="想学", next_on=TODAY + 90 * DAY, by=worker)
    assert made.set_on == TODAY and todo.reviews(worker, TODAY) == [] and reads.set_day(person.pk) == TODAY + 90 * DAY
    assert total(todo.reviews_pressing(worker, TODAY + 91 * DAY)) == 1
    for who in OTHERS:
        assert todo.reviews(city.actor(who), TODAY + 91 * DAY) == [], who


def test_a_review_has_no_place_for_a_grade() -> None:
    names = {field.name for field in SupportReview._meta.concrete_fields}
    assert not names & {"grade", "score", "level", "risk", "colour", "likelihood"}


# --- why somebody was away ---------------------------------------------------------------------------------------------
def test_the_reason_stands_under_the_help_key_and_the_ledger_has_no_place_for_it(city: City, person: Client) -> None:
    absence = absent(city)
    actions.keep_reason(absence=absence, why="陪母亲住院", by=city.actor("caseworker"))
    actions.keep_reason(absence=absence, why="出庭作证", by=city.actor("supervisor"))
    assert AbsenceReason.objects.get().why == "出庭作证"
    assert AbsenceReason._meta.get_field("why").compartment == "help"  # type: ignore[union-attr]
    assert {"why", "reason", "words"} & {field.name for field in Absence._meta.concrete_fields} == set()
    assert [one.why for one in reads.reasons(city.actor("caseworker"), TODAY)] == ["出庭作证"]


def test_counts_are_of_persons_and_without_those_who_took_it_back(city: City, person: Client) -> None:
    referred(city, person)
    assert reads.counts() == {"schooling": 1}
    actions.withdraw(referral=Referral.objects.get(), by=city.actor("caseworker"))
    assert reads.counts() == {}


def test_a_consent_that_ran_out_while_the_referral_is_open_is_the_helpers_to_ask_about(city: City, person: Client) -> None:
    day = datetime(2022, 8, 17, 10, tzinfo=clock.ZONE)
    made = referred(city, person, consent_on=date(2022, 8, 17), consent_until=date(2022, 11, 15), at=day)
    actions.answer(referral=made, accepted=True, words="十月开班", by=city.actor("liaison"), at=day + DAY)
    assert todo.referrals(city.actor("liaison"), TODAY) == []
    helper = city.actor("caseworker")
    (job,) = todo.referrals(helper, TODAY)
    assert "同意已经到期" in job.title and "2022-11-15" in job.note and "夜校" not in job.title + job.note
    assert todo.referrals(helper, date(2022, 11, 15)) == [], "on its last day the consent holds"
    assert all(todo.referrals(city.actor(who), TODAY) == [] for who in OTHERS)
    referred(city, person)
    assert todo.referrals(helper, TODAY) == [], "the person has signed again"
    actions.withdraw(referral=made, by=helper)


def test_a_person_who_does_not_sign_again_takes_the_lapsed_one_back(city: City, person: Client) -> None:
    made = referred(city, person, consent_on=date(2022, 8, 17), consent_until=date(2022, 11, 15), at=datetime(2022, 8, 17, 10, tzinfo=clock.ZONE))
    actions.withdraw(referral=made, by=city.actor("caseworker"))
    assert todo.referrals(city.actor("caseworker"), TODAY) == []
