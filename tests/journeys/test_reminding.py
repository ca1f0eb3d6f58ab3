"""Each working morning, once, what «今天» counts; nothing at the weekend, nothing to whoever has nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions import reminders
from qingyuan.casework.enums import Channel
from qingyuan.casework.models import Reminder
from qingyuan.casework.reminders.sentences import Sentence
from qingyuan.foundation import clock
from qingyuan.foundation.clock import ZONE
from qingyuan.journeys import reminding, upkeep
from qingyuan.journeys.todo import sources
from tests.cast import PEOPLE, TODAY, City, measure_values

pytestmark = pytest.mark.django_db
SATURDAY, MAKE_UP = date(2022, 11, 26), date(2022, 10, 8)


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``morning(day, hour)`` sets the clock; a new worker each time."""

    def at(day: date = TODAY, hour: int = 9) -> None:
        moment = datetime(day.year, day.month, day.day, hour, 5, tzinfo=ZONE)
        monkeypatch.setattr(clock, "now", lambda: moment)
        reminding._looked.clear()

    at()
    return at


def instruct(city: City, due: date, number: int = 1) -> None:
    city.enter("instructions", "supervisor", {
        "document_number": f"云政批〔2022〕{number}号", "level": "county", "given_on": date(2022, 10, 1), "content": "请办", "due_on": due,
    })  # fmt: skip


def words(city: City, who: str) -> list[str]:
    return [one.said.words for one in Reminder.objects.filter(account=city.accounts[who]).order_by("sentence")]


def test_the_words_of_the_morning_are_the_counts_of_today(city: City, morning: Any) -> None:
    for number, due in enumerate((TODAY, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=3)), start=1):
        instruct(city, due, number)
    reminding.make_due(seconds=60)
    jobs = [job for job in sources.mine(city.actor("supervisor"), TODAY) if job.is_pressing(TODAY)]
    late = sum(1 for job in jobs if job.day < TODAY)
    assert words(city, "supervisor") == [f"清源:您有 2 项工作今天到期,{late} 项已逾期,请登录查看"] and late >= 1
    assert words(city, "stranger") in ([], ["清源:您有 0 项工作今天到期,1 项已逾期,请登录查看"])
    assert words(city, "doctor") == [] and words(city, "officer") == []


def test_however_many_workers_and_mornings_begin_it_is_said_once(city: City, morning: Any) -> None:
    instruct(city, TODAY)
    for _worker in range(3):
        morning()
        reminding.make_due(seconds=60)
    assert Reminder.objects.filter(account=city.accounts["supervisor"], sentence=Sentence.DIGEST).count() == 1
    morning(TODAY + timedelta(days=1))
    reminding.make_due(seconds=60)
    assert Reminder.objects.filter(account=city.accounts["supervisor"], sentence=Sentence.DIGEST).count() == 2


@pytest.mark.parametrize(("day", "hour", "said"), [
    (TODAY, 7, False), (TODAY, 8, True), (TODAY, 17, True), (TODAY, 18, False), (SATURDAY, 9, False), (MAKE_UP, 9, True), (date(2022, 10, 3), 9, False),
])  # fmt: skip
def test_it_is_said_on_working_days_from_the_chosen_hour_until_the_evening(city: City, morning: Any, day: date, hour: int, said: bool) -> None:
    instruct(city, date(2022, 10, 2))
    morning(day, hour)
    reminding.make_due(seconds=60)
    assert bool(words(city, "supervisor")) == said


def test_the_hour_is_the_holders_own(city: City, morning: Any) -> None:
    instruct(city, TODAY)
    by = city.actor("supervisor")
    reminders.choose(account=city.accounts["supervisor"], channels=["in_page"], quiet_from=21, quiet_to=7, digest_hour=10, version=0, by=by)
    reminding.make_due(seconds=60)
    assert words(city, "supervisor") == []
    morning(TODAY, 10)
    reminding.make_due(seconds=60)
    assert words(city, "supervisor")


def test_what_the_law_makes_due_today_is_said_though_the_page_was_switched_off(city: City, morning: Any) -> None:
    due = {"reported_on": None, "agreement_on": None, "decided_on": date(2022, 11, 7), "served_on": date(2022, 11, 8)}
    city.enter("measures", "supervisor", measure_values(city, 1, **due))
    by = city.actor("supervisor")
    reminders.choose(account=city.accounts["supervisor"], channels=[], quiet_from=21, quiet_to=7, digest_hour=8, version=0, by=by)
    reminding.make_due(seconds=60)
    assert words(city, "supervisor") == ["清源:您有 1 项工作的法定期限今天届满,请登录办理"]


def test_a_leader_is_told_how_many_were_brought_before_him_and_not_which(city: City, morning: Any) -> None:
    instruct(city, TODAY - timedelta(days=9))
    reminding.make_due(seconds=60)
    assert "清源:有 1 项逾期工作提请您处理,请登录查看" in words(city, "town_leader")


def test_no_reminder_of_the_day_names_anybody_or_anything(city: City, morning: Any) -> None:
    city.enter("measures", "supervisor", *(measure_values(city, serial, reported_on=None, agreement_on=None) for serial in (1, 2, 3)))
    instruct(city, TODAY)
    reminding.make_due(seconds=60)
    every = " ".join(one.said.words for one in Reminder.objects.all())
    assert every and not [name for name in (*city.divisions, *(line[1] for line in PEOPLE.values()), "测试", "批示", "检测", "毒") if name in every]
    assert {one.channel for one in Reminder.objects.all()} == {Channel.IN_PAGE}


def test_a_slice_ends_when_its_time_is_up_and_the_next_goes_on(city: City, morning: Any) -> None:
    instruct(city, TODAY)
    rounds = 0
    while len(reminding._looked.get(TODAY, ())) < len(PEOPLE):
        reminding.make_due(seconds=0)
        rounds += 1
        assert rounds <= len(PEOPLE)
    assert rounds == len(PEOPLE), "one account a slice when there is no time at all"
    assert words(city, "supervisor")


def test_the_worker_makes_and_hands_on_reminders_at_its_pace(city: City) -> None:
    duties = {duty.name: duty for duty in upkeep.duties()}
    assert duties["reminders"].every == 60 and duties["reminders"].do is reminding.make_due
    assert duties["outbox"].do is reminders.deliver
