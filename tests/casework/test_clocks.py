"""Clocks of ledger rows: derived and derived again, moved by what people record, answered as the engine answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DatabaseCase

from qingyuan.casework.actions import clock_decisions, clocks
from qingyuan.casework.actions.clock_decisions import Decided
from qingyuan.casework.actions.clocks import CannotRecord, Given, SomebodyWasFaster
from qingyuan.casework.clocks import queries
from qingyuan.casework.clocks.events import events_of
from qingyuan.casework.models import ClockCheck, ClockDecision, ClockEvent, RunningClock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.journeys import clock_words
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.organisation.enums import Action
from qingyuan.reference import clocks as engine
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.models import Measure
from tests.cast import TODAY, City, found_city, measure_values

pytestmark = pytest.mark.django_db
SERVED = date(2022, 11, 3)


def waiting(city: City, serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A measure served on 2022-11-03 and not reported: its last day is 2022-11-18."""
    days = {"decided_on": date(2022, 11, 1), "served_on": SERVED, "reported_on": None, "agreement_on": None}
    return measure_values(city, serial, **(days | changes))


def change(city: City, row: Any, **values: Any) -> None:
    """Change a row the way a form does."""
    ledger = registry.get("measures")
    name, number = row.client.name, row.client.id_number
    row = Measure.objects.select_related("client").get(pk=row.pk)
    stood = {column.name: column.stored_value_of(row) for column in ledger.columns if column.stored}
    draft = Draft(1, stood | {"name": name, "id_number": number} | values, division_id=row.division_id, unit_id=row.unit_id)
    draft.target_id = row.pk
    ledger.prepare([draft], city.writing("supervisor"))  # type: ignore[misc]
    assert draft.problems == []
    ledger.change(changes=[(row, draft)], writing=city.writing("supervisor"))


def of(row: Any, code: str) -> RunningClock:
    return RunningClock.objects.get(subject_id=row.pk, code=code)


def record(city: City, running: RunningClock, word: str, on: date, **more: Any) -> ClockEvent:
    running.refresh_from_db()
    return clocks.record(
        running=running, given=Given(word, on, **more), version=running.version, by=city.actor("supervisor")
    )


# --- derived -----------------------------------------------------------------------------------------------------------
def test_a_served_measure_runs_its_report_with_the_day_the_law_gives(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running = of(row, "D20")
    assert (running.last_day, running.due_on, running.end) == (date(2022, 11, 18), date(2022, 11, 18), "")
    assert (running.person, running.unit_id, running.division_id) == (str(row.client_id), row.unit_id, row.division_id)
    assert list(running.events.values_list("word", "column", "source")) == [("received", "served_on", "row")]
    assert list(RunningClock.objects.over_on(TODAY)) == [running]


def test_what_the_row_says_later_follows_and_following_twice_changes_nothing(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    change(city, row, reported_on=date(2022, 11, 10))
    assert (of(row, "D20").end, of(row, "D20").ended_on) == ("done", date(2022, 11, 10))
    assert of(row, "D22").last_day == date(2025, 11, 9)
    count = ClockEvent.objects.count()
    versions = dict(RunningClock.objects.values_list("pk", "version"))
    again = Measure.objects.select_related("client").get(pk=row.pk)
    assert clocks.follow(ledger="measures", rows=[again], by=city.actor("supervisor")) == 0
    assert ClockEvent.objects.count() == count
    assert dict(RunningClock.objects.values_list("pk", "version")) == versions


def test_a_corrected_day_replaces_its_event_and_leaves_the_old_one_to_be_read(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    change(city, row, served_on=date(2022, 11, 7))
    running = of(row, "D20")
    first, second = running.events.order_by("recorded_at")
    assert (second.corrects, second.on, running.last_day) == (first, date(2022, 11, 7), date(2022, 11, 22))


def test_a_report_day_taken_back_runs_the_report_again_and_gives_the_term_up(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city, reported_on=date(2022, 11, 10)))
    change(city, row, reported_on=None)
    assert (of(row, "D20").end, of(row, "D22").end) == ("", "row")
    change(city, row, reported_on=date(2022, 11, 12))
    assert (of(row, "D20").ended_on, of(row, "D22").end) == (date(2022, 11, 12), "")
    assert of(row, "D22").last_day == date(2025, 11, 11)


def test_a_voided_row_gives_up_its_clocks_and_keeps_what_people_recorded(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    record(city, of(row, "D20"), "custody", date(2022, 11, 10))
    registry.get("measures").void(rows=[row], writing=city.writing("supervisor", "登错"))
    running = of(row, "D20")
    assert running.end == "row" and running.events.filter(word="custody").exists()
    assert not RunningClock.objects.over_on(TODAY).exists()


def test_a_clock_no_column_answers_is_not_asked_for_from_before_the_office_kept_them(city: City) -> None:
    ended = {"reported_on": date(2019, 3, 10), "decided_on": date(2019, 3, 1), "served_on": None, "agreement_on": None}
    ended |= {"ended_on": date(2022, 3, 9), "end_reason": "discharged"}
    with override_settings(QINGYUAN_CLOCKS_FROM=date(2022, 11, 1)):
        (old,) = city.enter("measures", "supervisor", measure_values(city, 1, **ended))
        late = ended | {"ended_on": date(2022, 11, 10)}
        (new,) = city.enter("measures", "supervisor", measure_values(city, 2, **late))
    assert not RunningClock.objects.filter(subject_id=old.pk, code="D30").exists()
    assert of(new, "D30").last_day == date(2022, 11, 17)


def test_rows_that_stood_before_clocks_were_kept_get_theirs_once(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    with connection.cursor() as cursor:
        for table in ("casework_clockevent", "casework_runningclock"):
            cursor.execute(f"delete from {table}")
    assert clocks.catch_up() == 1 and of(row, "D20").last_day == date(2022, 11, 18)
    assert clocks.catch_up() == 0


def test_clocks_follow_their_person_to_another_caseworker(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    clients.assign(client_ids=[row.client_id], caseworker=city.accounts["caseworker"], by=city.actor("supervisor"))
    assert of(row, "D20").caseworker_id == city.accounts["caseworker"].pk


# --- recorded ----------------------------------------------------------------------------------------------------------
def test_custody_recorded_later_pauses_the_report_so_that_nobody_is_late_in_custody(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running = of(row, "D20")
    record(city, running, "custody", date(2022, 11, 8), paper="拘字〔2022〕8号")
    running.refresh_from_db()
    assert (running.last_day, running.paused_from, running.paused_until) == (None, date(2022, 11, 8), None)
    assert list(RunningClock.objects.paused_on(TODAY)) == [running] and not RunningClock.objects.over_on(TODAY).exists()
    record(city, running, "released", date(2022, 11, 18))
    running.refresh_from_db()
    assert running.last_day == date(2022, 11, 28)


def test_a_correction_and_a_withdrawal_replay_the_clock(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running, by = of(row, "D20"), city.actor("supervisor")
    event = record(city, running, "custody", date(2022, 11, 8))
    running.refresh_from_db()
    fresh = clocks.correct(
        event=event, given=Given("custody", date(2022, 11, 9)), reason="看错日期", version=running.version, by=by
    )
    running.refresh_from_db()
    assert running.paused_from == date(2022, 11, 9)
    clocks.withdraw(event=fresh, reason="不是这个人", version=running.version, by=by)
    running.refresh_from_db()
    assert (running.last_day, running.paused_from) == (date(2022, 11, 18), None)
    assert running.events.count() == 4
    entry = WriteEntry.objects.filter(act="clocks.withdraw").get()
    assert entry.reason == "不是这个人"


@pytest.mark.parametrize(
    ("given_event", "said"),
    [
        (Given("escaped", date(2022, 11, 8)), "没有这种事件"),
        (Given("reported", date(2022, 11, 8)), "取自台账的“报到日期”一栏"),
        (Given("custody", TODAY + timedelta(1)), "今天之后"),
        (Given("released", date(2022, 11, 8)), "没有中止"),
        (Given("custody", date(2022, 11, 2)), "还没有起算"),
        (Given("custody", date(2022, 11, 8), until=date(2022, 11, 7)), "早于开始"),
        (Given("custody", date(2022, 11, 8), term="很久"), "看不懂"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(city: City, given_event: Given, said: str) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running = of(row, "D20")
    with pytest.raises(CannotRecord, match=said):
        clocks.record(running=running, given=given_event, version=running.version, by=city.actor("supervisor"))
    assert running.events.count() == 1


def test_an_extension_without_its_approver_is_kept_and_says_that_it_is_not_confirmed(city: City) -> None:
    (row,) = city.enter("isolation", "supervisor", _isolation(city))
    running = of(row, "D40")
    record(city, running, "extended", date(2022, 10, 1), term="6个月")
    running.refresh_from_db()
    found = queries.asked(running, list(running.events.all()), TODAY)
    assert running.last_day == date(2023, 5, 31)
    assert found.answer is not None and not found.answer.confirmed


def test_a_printed_day_holds_until_something_moves_the_term(city: City) -> None:
    (row,) = city.enter("isolation", "supervisor", _isolation(city, ends_on=date(2022, 12, 20)))
    running = of(row, "D40")
    assert (running.last_day, running.due_on) == (date(2022, 11, 30), date(2022, 12, 20))
    assert "推算为 2022-11-30,台账写的是 2022-12-20" in clock_words.printed(running)
    record(city, running, "extended", date(2022, 10, 1), term="6个月", approved_by="市公安局")
    running.refresh_from_db()
    assert running.due_on == running.last_day == date(2023, 5, 31)
    assert clock_words.printed(running) == ""


def _isolation(city: City, **changes: Any) -> dict[str, Any]:
    values = measure_values(city, 5)
    kept = {name: values[name] for name in ("name", "id_number", "division")}
    return kept | {"decided_on": date(2020, 12, 1)} | changes


def test_two_people_who_record_at_once_leave_one_event(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    one, other = of(row, "D20"), of(row, "D20")
    given_event = Given("custody", date(2022, 11, 8))
    clocks.record(running=one, given=given_event, version=one.version, by=city.actor("supervisor"))
    with pytest.raises(SomebodyWasFaster, match="刚才有人登记过"):
        clocks.record(running=other, given=given_event, version=other.version, by=city.actor("caseworker"))
    assert ClockEvent.objects.filter(word="custody").count() == 1


def test_an_event_is_corrected_once(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running, by = of(row, "D20"), city.actor("supervisor")
    event = record(city, running, "custody", date(2022, 11, 8))
    running.refresh_from_db()
    clocks.withdraw(event=event, reason="登错", version=running.version, by=by)
    running.refresh_from_db()
    with pytest.raises(SomebodyWasFaster):
        clocks.withdraw(event=event, reason="登错", version=running.version, by=by)


def test_what_the_ledger_says_is_changed_in_the_ledger(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running = of(row, "D20")
    with pytest.raises(CannotRecord, match="取自台账"):
        clocks.withdraw(event=running.events.get(), reason="登错", version=running.version, by=city.actor("supervisor"))


def test_a_start_moved_behind_a_recorded_event_stops_nothing_but_says_that_they_contradict(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    record(city, of(row, "D20"), "custody", date(2022, 11, 5))
    change(city, row, served_on=date(2022, 11, 8))
    running = of(row, "D20")
    assert "还没有起算" in running.trouble and running.last_day is None


# --- counters ----------------------------------------------------------------------------------------------------------
def test_three_refusals_fill_the_counter_and_an_objection_is_shown_both_ways(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", measure_values(city, 1))
    running, by = of(row, "D24"), city.actor("supervisor")
    events = [record(city, running, "refused", date(2022, 3, day)) for day in (1, 8, 15)]
    running.refresh_from_db()
    assert running.reached_on == date(2022, 3, 15)
    clocks.object_to(event=events[0], reason="那天在住院", version=running.version, by=by)
    running.refresh_from_db()
    tally = queries.asked(running, list(running.events.all()), TODAY).tally
    assert tally is not None and (tally.reached_on, tally.undisputed_on) == (date(2022, 3, 15), None)
    fresh = running.events.get(corrects=events[0])
    with pytest.raises(CannotRecord, match="已经登记了异议"):
        clocks.object_to(event=fresh, reason="再说一次", version=running.version, by=by)


# --- decisions ---------------------------------------------------------------------------------------------------------
def decided(**changes: Any) -> Decided:
    return Decided(**({"result": "not_taken", "decided_on": TODAY, "office": "市公安局", "paper": ""} | changes))


def test_a_report_that_ran_out_opens_a_decision_that_somebody_has_to_look_into(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running, by = of(row, "D20"), city.actor("supervisor")
    assert not ClockDecision.objects.exists(), "nothing is begun by the clock"
    with pytest.raises(CannotRecord, match="逐条核对"):
        clock_decisions.decide(running=running, decided=decided(), by=by)
    for position in range(5):
        clock_decisions.look_into(running=running, position=position, finding="yes", turn=0, by=by)
    made = clock_decisions.decide(running=running, decided=decided(), by=by)
    assert (made.ran_out_on, made.result, made.office) == (date(2022, 11, 18), "not_taken", "市公安局")
    running.refresh_from_db()
    assert running.end == "", "the decision does nothing to the clock by itself"
    with pytest.raises(CannotRecord, match="已经作出决定"):
        clock_decisions.look_into(running=running, position=0, finding="no", turn=1, by=by)


def test_nobody_is_decided_about_while_in_custody(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running, by = of(row, "D20"), city.actor("supervisor")
    for position in range(5):
        clock_decisions.look_into(running=running, position=position, finding="yes", turn=0, by=by)
    record(city, running, "custody", date(2022, 11, 8))
    with pytest.raises(CannotRecord, match="处于中止"):
        clock_decisions.decide(running=running, decided=decided(result="taken"), by=by)
    with pytest.raises(CannotRecord, match="处于中止"):
        clock_decisions.look_into(running=running, position=0, finding="no", turn=1, by=by)


def test_a_clock_that_still_runs_opens_nothing(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city, served_on=date(2022, 11, 20)))
    with pytest.raises(CannotRecord, match="没有届满"):
        clock_decisions.look_into(running=of(row, "D20"), position=0, finding="yes", turn=0, by=city.actor("supervisor"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"result": "refused"}, "选择决定的结果"),
        ({"office": "  "}, "哪个机关"),
        ({"decided_on": TODAY + timedelta(1)}, "今天之后"),
        ({"decided_on": date(2022, 11, 18)}, "早于届满"),
    ],
)
def test_a_decision_without_its_office_or_before_the_last_day_is_refused(
    city: City, changes: dict[str, Any], said: str
) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running, by = of(row, "D20"), city.actor("supervisor")
    for position in range(5):
        clock_decisions.look_into(running=running, position=position, finding="none", turn=0, by=by)
    with pytest.raises(CannotRecord, match=said):
        clock_decisions.decide(running=running, decided=decided(**changes), by=by)


def test_two_people_who_look_into_one_line_at_once_are_told(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", waiting(city))
    running = of(row, "D20")
    clock_decisions.look_into(running=running, position=1, finding="yes", turn=0, by=city.actor("supervisor"))
    with pytest.raises(SomebodyWasFaster, match="刚被别人核对过"):
        clock_decisions.look_into(running=running, position=1, finding="no", turn=0, by=city.actor("caseworker"))
    clock_decisions.look_into(running=running, position=1, finding="no", turn=1, by=city.actor("caseworker"))
    assert list(ClockCheck.objects.values_list("finding", "checked_by_name")) == [("yes", "吴主任"), ("no", "何姐")]
    assert ClockDecision.objects.count() == 1


# --- who sees them -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "count"),
    [("supervisor", 1), ("caseworker", 0), ("stranger", 0), ("clerk", 0), ("leader", 0), ("officer", 0), ("town_leader", 0)],
)
def test_a_clock_is_as_open_as_its_row(city: City, who: str, count: int) -> None:
    city.enter("measures", "supervisor", waiting(city))
    for action in (Action.READ, Action.CHANGE):
        assert queries.clocks_visible(city.actor(who), TODAY, action=action).count() == count


def test_clocks_of_cases_are_read_by_the_unit_that_handles_them_alone(city: City) -> None:
    case = {
        "number": "A1",
        "title": "一案",
        "case_kind": "administrative",
        "offence": registry.get("cases").column("offence").example or "drug_use",
        "division": city.divisions["龙洞社区"].pk,
        "filed_on": date(2022, 11, 1),
    }
    (row,) = city.enter("cases", "officer", case)
    running = of(row, "D60")
    assert running.last_day == date(2022, 12, 1)
    assert list(queries.clocks_visible(city.actor("officer"), TODAY)) == [running]
    for who in ("supervisor", "caseworker", "clerk", "stranger"):
        assert running not in queries.clocks_visible(city.actor(who), TODAY)


# --- the rows say what the engine says ---------------------------------------------------------------------------------
WORDS = st.sampled_from(["custody", "released", "lift"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["record", "correct", "withdraw", "serve"]), WORDS, st.integers(-5, 20), st.integers(0, 9)),
    min_size=1,
    max_size=8,
)


class TestEveryHistory(DatabaseCase):
    """Random histories, back-dated and corrected: the row says what the engine answers for its events."""

    databases = {"default", "audit"}

    @given(steps=STEPS)
    @settings(max_examples=25)
    def test_each_clock_row_equals_the_engines_answer_for_its_events(self, steps: list[tuple[str, str, int, int]]) -> None:
        city = found_city()
        (row,) = city.enter("measures", "supervisor", waiting(city))
        running, by = of(row, "D20"), city.actor("supervisor")
        for kind, word, offset, which in steps:
            running.refresh_from_db()
            on = min(SERVED + timedelta(offset), TODAY)
            mine = list(running.events.filter(source="person", corrections=None, withdrawn=False))
            event = mine[which % len(mine)] if mine else None
            try:
                if kind == "serve":
                    change(city, row, served_on=max(on, date(2022, 11, 1)))
                elif kind == "record" or event is None:
                    clocks.record(running=running, given=Given(word, on), version=running.version, by=by)
                elif kind == "correct":
                    clocks.correct(event=event, given=Given(word, on), reason="改", version=running.version, by=by)
                else:
                    clocks.withdraw(event=event, reason="错", version=running.version, by=by)
            except CannotRecord:
                continue
            running.refresh_from_db()
            self._same(running)

    def _same(self, running: RunningClock) -> None:
        events = events_of(running.code, list(running.events.all()))
        try:
            said = engine.answer(running.code, events, on=TODAY, pack=running.pack)
        except engine.BadEvents as error:
            said, trouble = None, str(error)[:300]
        if said is None:
            assert (running.trouble, running.last_day) == (trouble, None)
            return
        assert (running.trouble, running.last_day, running.started_on) == ("", said.last_day, said.started_on)
        paused = RunningClock.objects.paused_on(TODAY).filter(pk=running.pk).exists()
        over = RunningClock.objects.over_on(TODAY).filter(pk=running.pk).exists()
        assert (paused, over) == (said.state is engine.State.SUSPENDED, said.state is engine.State.OVERDUE)
