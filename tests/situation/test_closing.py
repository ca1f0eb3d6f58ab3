"""Closing a month: two people of the place, nothing under a closed roof, and what came later stands beside the figure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import closing as actions
from qingyuan.situation.actions.closing import CannotClose
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose
from qingyuan.situation.queries import closing, read
from tests.cast import TODAY, City, measure_values

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.parse("2022-09")


def close(city: City, place: str, month: Period = SEPTEMBER, note: str = "") -> PeriodClose:
    asker, decider = {"龙洞镇": ("supervisor", "town_leader"), "云岭市": ("clerk", "leader")}[place]
    asked = actions.ask(division=city.divisions[place], month=month, note=note, by=city.actor(asker))
    return actions.approve(close=asked, by=city.actor(decider))


def meeting(city: City, title: str, day: date = date(2022, 9, 7)) -> None:
    row = {"held_on": day, "kind": "party_standing", "title": title, "special_topic": True, "decisions": "开展大走访"}
    city.enter("meetings", "supervisor", row)
    refresh()


def test_a_place_checks_and_its_leader_closes(city: City) -> None:
    done = close(city, "龙洞镇")
    assert (done.state, done.asked_by_name, done.decided_by_name) == (CloseState.CLOSED, "吴主任", "罗镇长")
    assert closing.closed_at(city.divisions["龙洞镇"].pk, SEPTEMBER) == done.known_until
    assert closing.closed_at(city.divisions["龙洞镇"].pk, Period.parse("2022Q3")) is None
    acts = list(WriteEntry.objects.filter(ledger="closings").order_by("at").values_list("act", flat=True))
    assert acts == ["closings.ask", "closings.approve"]


@pytest.mark.parametrize("who", ["stranger", "clerk", "caseworker", "town_leader", "officer", "liaison", "doctor", "auditor"])
def test_nobody_else_declares_the_month_of_a_town_checked(city: City, who: str) -> None:
    with pytest.raises(CannotClose), transaction.atomic():
        actions.ask(division=city.divisions["龙洞镇"], month=SEPTEMBER, note="", by=city.actor(who))
    assert not PeriodClose.objects.exists() and not WriteEntry.objects.filter(ledger="closings").exists()


@pytest.mark.parametrize("who", ["supervisor", "leader", "clerk", "stranger"])
def test_nobody_but_its_own_leader_approves_a_town(city: City, who: str) -> None:
    asked = actions.ask(division=city.divisions["龙洞镇"], month=SEPTEMBER, note="", by=city.actor("supervisor"))
    with pytest.raises(CannotClose):
        actions.approve(close=asked, by=city.actor(who))
    asked.refresh_from_db()
    assert asked.state == CloseState.ASKED


def test_the_city_waits_for_its_towns_or_says_why_not(city: City) -> None:
    with pytest.raises(CannotClose, match="2 个下级没有关账"):
        close(city, "云岭市")
    close(city, "龙洞镇")
    with pytest.raises(CannotClose, match="石桥镇"):
        close(city, "云岭市")
    assert close(city, "云岭市", note="石桥镇在核对旧账").state == CloseState.CLOSED


def test_a_month_sent_back_is_asked_for_again_and_both_stay_on_record(city: City) -> None:
    asked = actions.ask(division=city.divisions["龙洞镇"], month=SEPTEMBER, note="", by=city.actor("supervisor"))
    with pytest.raises(CannotClose, match="退回原因"):
        actions.send_back(close=asked, reason="", by=city.actor("town_leader"))
    actions.send_back(close=asked, reason="检测少录一天", by=city.actor("town_leader"))
    close(city, "龙洞镇")
    states = [row.state for row in closing.history(city.divisions["龙洞镇"], "2022-09")]
    assert sorted(states) == [CloseState.CLOSED, CloseState.SENT_BACK]


def test_a_town_is_not_opened_under_a_closed_city(city: City) -> None:
    town = close(city, "龙洞镇")
    whole = close(city, "云岭市", note="石桥镇在核对旧账")
    with pytest.raises(CannotClose, match="先重开云岭市"):
        actions.reopen(close=town, reason="检测登记错了一批", by=city.actor("town_leader"))
    actions.reopen(close=whole, reason="龙洞镇登记错了一批", by=city.actor("leader"))
    actions.reopen(close=town, reason="检测登记错了一批", by=city.actor("town_leader"))
    assert closing.closed_at(town.division_id, SEPTEMBER) is None
    assert close(city, "龙洞镇").pk != town.pk


def test_the_database_keeps_one_living_closing_of_a_place_and_month(city: City) -> None:
    first = close(city, "龙洞镇")
    twin = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields if field.name != "id"}
    with pytest.raises(IntegrityError, match="one_live|UNIQUE"), transaction.atomic():
        PeriodClose.objects.create(**twin)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodClose.objects.filter(pk=first.pk).update(known_until=None)


def reading(city: City, code: str, who: str, known: Any = None, place: str = "龙洞镇") -> Any:
    return read(code=code, division=city.divisions[place], period=SEPTEMBER, reader=city.actor(who), on=TODAY, known=known)


def test_what_is_recorded_later_stands_beside_the_closed_figure(city: City) -> None:
    meeting(city, "九月例会")
    done = close(city, "龙洞镇")
    meeting(city, "九月补记的会")
    meeting(city, "十月的会", date(2022, 10, 9))
    then, now = reading(city, "G01", "supervisor", done.known_until), reading(city, "G01", "supervisor")
    assert (then.text, now.text) == ("1", "2")
    found = closing.late(then, now, done.known_until, own=True)
    assert (found.words, found.now_text) == ("补报 +1", "2")


def test_one_late_person_is_told_to_the_town_only(city: City) -> None:
    days = {"decided_on": date(2022, 9, 1), "served_on": date(2022, 9, 2), "reported_on": date(2022, 9, 10)}
    people = [measure_values(city, n, agreement_on=None, **days) for n in range(1, 7)]
    city.enter("measures", "supervisor", *people[:5])
    refresh()
    done = close(city, "龙洞镇")
    city.enter("measures", "supervisor", people[5])
    refresh()
    for who, words, now_text in (("supervisor", "补报 +1", "6"), ("clerk", "关账后有补报,涉及不足 5 人", "")):
        then, now = reading(city, "R25", who, done.known_until), reading(city, "R25", who)
        own = in_own_scope(city.actor(who), done.division_id, TODAY)
        found = closing.late(then, now, done.known_until, own=own)
        assert (found.words, found.now_text) == (words, now_text), who
