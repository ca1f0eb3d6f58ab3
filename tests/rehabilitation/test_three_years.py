"""One journey of three years, each day of it reckoned again by somebody who only counts on their fingers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions import clocks as clock_actions
from qingyuan.casework.clocks.queries import all_asked
from qingyuan.casework.models import RunningClock
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import change, draft_of_change
from qingyuan.rehabilitation.models import Client, Isolation, Measure, Suspension
from qingyuan.rehabilitation.rules.journey import GapKind, gaps
from qingyuan.rehabilitation.way import way
from qingyuan.web.ledger_forms import typed_of
from tests.cast import TODAY, City, id_number
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
WHO = {"name": "测试远", "id_number": id_number(177)}
DECIDED, SERVED, REPORTED = date(2019, 2, 1), date(2019, 2, 3), date(2019, 2, 10)
MOVED, ARRIVED = date(2019, 8, 1), date(2019, 8, 12)
IN_BED = (date(2019, 10, 5), date(2019, 10, 20))
AWAY = (date(2020, 1, 5), date(2020, 1, 9))
ARRESTED, FREED = date(2020, 3, 2), date(2020, 4, 7)
RELAPSED = date(2021, 5, 10)
BACK = date(2022, 3, 1)
ARRESTED_LATER, FREED_LATER = date(2022, 6, 1), date(2022, 6, 19)
SECOND_REPORT = date(2022, 3, 3)


# --- the counter that only counts ---------------------------------------------------------------------------------------
def years_of_days(first: date, years: int) -> int:
    """How many days the years have that begin on ``first``: walked one by one."""
    day, count = first, 0
    while (day.year, day.month, day.day) != (first.year + years, first.month, first.day):
        day, count = day + ONE, count + 1
    return count


def last_served(first: date, still: Iterable[tuple[date, date]] = (), already: int = 0) -> date:
    """The day on which three years are served: days in a pause are none, days served before count."""
    still, needed, day, served = list(still), years_of_days(first, 3), first, already
    while True:
        served += not any(stop <= day < go for stop, go in still)
        if served == needed:
            return day
        day += ONE


def days_after(first: date, count: int) -> date:
    day = first
    for _step in range(count):
        day += ONE
    return day


def days_between(first: date, until: date) -> int:
    day, count = first, 0
    while day < until:
        day, count = day + ONE, count + 1
    return count


# --- the journey --------------------------------------------------------------------------------------------------------
@pytest.fixture
def walked(city: City) -> City:
    home = {"division": city.divisions["龙洞社区"].pk}
    first = {"kind": "CD", "decided_on": DECIDED, "served_on": SERVED, "reported_on": REPORTED, "agreement_on": date(2019, 2, 12)}
    city.enter("measures", "supervisor", WHO | home | first | {"ended_on": RELAPSED, "end_reason": "converted"})
    city.enter("moves", "supervisor", WHO | {"moved_on": MOVED, "place": "石桥镇", "papers_on": date(2019, 8, 5), "arrived_on": ARRIVED})
    paper = {"lawful": True, "document_number": "证2019-31", "seen_by": ["李秀"]}
    city.enter("absences", "supervisor", WHO | {"left_on": IN_BED[0], "back_on": IN_BED[1]} | paper)
    city.enter("absences", "supervisor", WHO | {"left_on": AWAY[0], "back_on": AWAY[1], "lawful": False})
    city.enter("suspensions", "supervisor", WHO | {"stopped_on": ARRESTED, "resumed_on": FREED, "document_number": "中止〔2020〕3号"})
    met = {"released_on": FREED, "met_on": FREED, "met_by": ["李秀"], "papers_on": FREED}
    city.enter("releases", "supervisor", WHO | {"origin": "custody", "expected_on": FREED} | met)
    city.enter("isolation", "supervisor", WHO | home | {"decided_on": RELAPSED, "ends_on": date(2023, 5, 9), "released_on": BACK})
    out = {"released_on": BACK, "met_on": BACK, "met_by": ["李秀", "王平"]}
    city.enter("releases", "supervisor", WHO | {"origin": "isolation", "expected_on": BACK} | out)
    second = {"kind": "CD", "decided_on": BACK, "served_on": BACK, "reported_on": SECOND_REPORT, "agreement_on": SECOND_REPORT}
    city.enter("measures", "supervisor", WHO | home | second)
    served = {"credited_on": BACK, "days": days_between(RELAPSED, BACK), "document_number": "变更〔2022〕9号"}
    city.enter("credits", "supervisor", WHO | served)
    return city


def clock_of(row: Any, code: str) -> RunningClock:
    return RunningClock.objects.get(subject_id=row.pk, code=code)


def measures() -> list[Any]:
    return list(Measure.objects.order_by("decided_on"))


def test_the_report_was_due_fifteen_days_after_the_paper_came(walked: City) -> None:
    first, second = measures()
    assert clock_of(first, "D20").last_day == days_after(SERVED, 15)
    assert clock_of(second, "D20").last_day == days_after(BACK, 15)


def test_the_first_term_stood_still_while_the_person_was_held(walked: City) -> None:
    running = clock_of(measures()[0], "D22")
    assert running.trouble == ""
    assert running.last_day == last_served(REPORTED, [(ARRESTED, FREED)])
    assert days_between(last_served(REPORTED), running.last_day) == days_between(ARRESTED, FREED) == 36
    assert (running.end, running.ended_on) == ("stopped", RELAPSED)


def test_the_second_term_counts_what_was_served_inside(walked: City) -> None:
    running = clock_of(measures()[1], "D22")
    assert running.due_on == running.last_day == last_served(SECOND_REPORT, already=days_between(RELAPSED, BACK))


def test_the_move_had_fifteen_days_and_the_time_ran_on(walked: City) -> None:
    move = registry.get("moves").model.objects.get()
    assert clock_of(move, "D27").last_day == days_after(MOVED, 15)
    assert clock_of(move, "D27").end == "done" and clock_of(move, "D28").end == "done"


def test_the_isolation_would_have_ended_two_years_after_its_decision(walked: City) -> None:
    running = clock_of(Isolation.objects.get(), "D40")
    assert running.last_day == days_after(RELAPSED, years_of_days(RELAPSED, 2) - 1) and running.ended_on == BACK


def test_only_the_days_nobody_allowed_are_counted_and_only_once(walked: City) -> None:
    (asked,) = all_asked([clock_of(measures()[0], "D25")], TODAY)
    assert asked.tally is not None
    assert (asked.tally.times, asked.tally.days) == (1, days_between(*AWAY))


def test_no_link_of_the_chain_is_missing(walked: City) -> None:
    found = gaps(way(Client.objects.get()).chain, TODAY)
    assert {gap.kind for gap in found} == {GapKind.NO_TEAM, GapKind.NO_PLAN}


@pytest.mark.parametrize(
    ("ledger", "kind"),
    [("releases", GapKind.UNMET), ("measures", GapKind.NO_NEXT), ("isolation", GapKind.NO_ISOLATION)],
)
def test_each_link_that_is_taken_out_is_missed(walked: City, ledger: str, kind: GapKind) -> None:
    declared = registry.get(ledger)
    if ledger == "measures":
        credit = registry.get("credits")
        credit.void(rows=list(credit.model.objects.all()), writing=walked.writing("supervisor", "登错"))
    rows = list(declared.model.objects.order_by(declared.dated_by))[-1:]
    declared.void(rows=rows, writing=walked.writing("supervisor", "登错"))
    assert kind in {gap.kind for gap in gaps(way(Client.objects.get()).chain, TODAY)}


def test_a_pause_that_is_corrected_moves_the_end_by_as_many_days(walked: City) -> None:
    _correct(walked, Suspension.objects.select_related("client").get(), resumed_on="2020-05-07")
    assert clock_of(measures()[0], "D22").last_day == last_served(REPORTED, [(ARRESTED, date(2020, 5, 7))])


def test_a_pause_that_never_was_is_taken_back(walked: City) -> None:
    declared = registry.get("suspensions")
    declared.void(rows=list(Suspension.objects.all()), writing=walked.writing("supervisor", "登错"))
    assert clock_of(measures()[0], "D22").last_day == last_served(REPORTED)


def test_a_pause_of_rehabilitation_moves_its_end_and_leaves_the_printed_day(city: City) -> None:
    """禁毒法第四十八条第二款: rehabilitation goes by the rules of detox, so arrest and release move its end by as many days."""
    days = {"decided_on": date(2021, 1, 5), "served_on": date(2021, 1, 5), "reported_on": date(2021, 1, 10), "ends_on": date(2023, 1, 9)}
    (row,) = city.enter("measures", "supervisor", WHO | days | {"kind": "CR", "division": city.divisions["龙洞社区"].pk})
    assert clock_of(row, "D51").last_day == date(2023, 1, 9)
    city.enter("suspensions", "supervisor", WHO | {"stopped_on": ARRESTED_LATER, "resumed_on": FREED_LATER, "document_number": "中止〔2022〕8号"})
    running = clock_of(row, "D51")
    assert running.trouble == "" and running.last_day == days_after(date(2023, 1, 9), days_between(ARRESTED_LATER, FREED_LATER))
    assert Measure.objects.get(pk=row.pk).ends_on == date(2023, 1, 9)


def test_a_pause_of_rehabilitation_that_goes_on_stops_its_clock(city: City) -> None:
    days = {"decided_on": date(2021, 1, 5), "served_on": date(2021, 1, 5), "reported_on": date(2021, 1, 10), "ends_on": date(2023, 1, 9)}
    (row,) = city.enter("measures", "supervisor", WHO | days | {"kind": "CR", "division": city.divisions["龙洞社区"].pk})
    city.enter("suspensions", "supervisor", WHO | {"stopped_on": ARRESTED_LATER, "document_number": "中止〔2022〕8号"})
    (asked,) = all_asked([clock_of(row, "D51")], TODAY)
    assert asked.answer is not None and asked.answer.state == "suspended" and asked.trouble == ""


def test_following_again_changes_nothing(walked: City) -> None:
    rows = list(Measure.objects.select_related("client"))
    assert clock_actions.follow(ledger="measures", rows=rows, by=walked.actor("supervisor")) == 0


def test_the_page_shows_the_way_and_never_why_somebody_was_away(walked: City) -> None:
    browser, client = browser_of(walked, "supervisor"), Client.objects.get()
    page = text_of(browser.get(f"/people/{client.pk}/"))
    for words in ("中止", "石桥镇(转入,时间连续)", "离开", "折抵 295 日", "由 李秀、王平 接到", "未请假", "社区戒毒", "强制隔离戒毒"):
        assert words in page, words
    assert f"预计 {last_served(SECOND_REPORT, already=295).isoformat()} 期满" in page
    assert not any(word in page for word in ("医院", "法院", "住院", "看守所", "家属"))


def test_the_absences_have_no_column_for_a_reason(walked: City) -> None:
    names = {column.name for column in registry.get("absences").columns}
    assert names == {"name", "id_number", "left_on", "until_on", "back_on", "lawful", "document_number", "seen_by"}


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "town_leader", "auditor", "doctor"])
@pytest.mark.parametrize("ledger", ["releases", "absences", "suspensions", "controls"])
def test_office_police_and_clinic_find_none_of_it(walked: City, who: str, ledger: str) -> None:
    browser, client = browser_of(walked, who), Client.objects.get()
    assert browser.get(f"/people/{client.pk}/").status_code == 403
    assert browser.get(f"/people/{client.pk}/record/{ledger}/").status_code == 403
    answer = browser.get(f"/ledgers/{ledger}/")
    assert answer.status_code in (403, 404) and "测试" not in answer.content.decode()


def test_a_stranger_can_enter_nothing_about_somebody_elses_client(walked: City) -> None:
    browser, client = browser_of(walked, "stranger"), Client.objects.get()
    answer = browser.post(f"/people/{client.pk}/record/absences/", {"left_on": "2022-11-01"})
    assert answer.status_code == 404 and registry.get("absences").model.objects.count() == 2


def test_an_absence_is_entered_from_the_persons_page_and_counts_once_it_is_judged(walked: City) -> None:
    browser, client = browser_of(walked, "supervisor"), Client.objects.get()
    bad = browser.post(f"/people/{client.pk}/record/absences/", {"left_on": "2022-10-01", "lawful": "是"})
    assert bad.status_code == 422 and "凭证编号" in text_of(bad)
    good = browser.post(f"/people/{client.pk}/record/absences/", {"left_on": "2022-10-01", "back_on": "2022-10-06"})
    assert good.status_code == 302
    (asked,) = all_asked([clock_of(measures()[1], "D25")], TODAY)
    assert asked.tally is not None and asked.tally.times == 0
    row = registry.get("absences").model.objects.select_related("client").get(left_on=date(2022, 10, 1))
    _correct(walked, row, lawful="否", ledger="absences")
    (asked,) = all_asked([clock_of(measures()[1], "D25")], TODAY)
    assert asked.tally is not None and (asked.tally.times, asked.tally.days) == (1, 5)


def test_two_pauses_cannot_overlap(walked: City) -> None:
    browser, client = browser_of(walked, "supervisor"), Client.objects.get()
    typed = {"stopped_on": "2020-04-01", "resumed_on": "2020-04-20", "document_number": "中止〔2020〕4号"}
    answer = browser.post(f"/people/{client.pk}/record/suspensions/", typed)
    assert answer.status_code == 422 and "重叠" in text_of(answer) and Suspension.objects.count() == 1


def _correct(city: City, row: Any, ledger: str = "suspensions", **typed: str) -> None:
    declared, writing = registry.get(ledger), city.writing("supervisor", "更正")
    stands = {column.name: typed_of(column, column.value_of(row)) for column in declared.columns}
    draft = draft_of_change(declared, row, stands | typed, writing)
    assert draft.problems == [], draft.problems
    assert change(declared, row, draft, writing)
