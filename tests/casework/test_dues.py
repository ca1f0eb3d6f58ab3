"""Dues are generated once, settled from rows alone, excused with a paper, and their facts follow."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingyuan.casework import queries
from qingyuan.casework.actions import dues
from qingyuan.casework.actions.dues import CannotExcuse
from qingyuan.casework.enums import DueKind, Outcome
from qingyuan.casework.models import Due
from qingyuan.casework.rules import Done
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers.models import FactRow
from tests.cast import TODAY, City

pytestmark = pytest.mark.django_db
SUBJECT = new_id()
FIRST = date(2022, 1, 10)


def windows(city: City, count: int = 4, unit: str = "longdong", **changes: Any) -> list[Due]:
    values = {"subject_id": SUBJECT, "person": "p-1", "unit": city.units[unit], "division": city.divisions["大坪村"]}
    return [
        Due(
            kind=DueKind.TEST,
            schedule="A",
            position=number,
            opens_on=FIRST + timedelta(30 * number),
            closes_on=FIRST + timedelta(30 * (number + 1)),
            **(values | changes),
        )
        for number in range(count)
    ]


def settle(city: City, events: list[Done], ended_on: date | None = None) -> int:
    return dues.settle(subjects={SUBJECT: ended_on}, events={SUBJECT: events}, by=city.actor("supervisor"))


def outcomes() -> list[str]:
    return list(Due.objects.order_by("position").values_list("outcome", flat=True))


def current(due: Due) -> dict[str, Any]:
    return FactRow.objects.get(fact="test_dues", row_id=due.pk, superseded_at=None).data


def test_the_same_dues_again_add_nothing(city: City) -> None:
    by = city.actor("supervisor")
    assert len(dues.generate(dues=windows(city), by=by)) == 4
    assert dues.generate(dues=windows(city), by=by) == []
    assert Due.objects.count() == 4
    assert FactRow.objects.filter(fact="test_dues").count() == 4
    assert WriteEntry.objects.filter(act="dues.generate").count() == 1


def test_settling_twice_changes_nothing_the_second_time(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    events = [Done(FIRST + timedelta(5), new_id()), Done(FIRST + timedelta(65), new_id())]
    assert settle(city, events) == 2
    assert outcomes() == ["done", "open", "done", "open"]
    versions = FactRow.objects.count()
    entries = WriteEntry.objects.count()
    assert settle(city, list(reversed(events))) == 0
    assert (FactRow.objects.count(), WriteEntry.objects.count()) == (versions, entries)


def test_a_test_taken_back_opens_its_window_and_closes_the_fact_with_a_new_version(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    settle(city, [Done(FIRST + timedelta(5), new_id())])
    first = Due.objects.get(position=0)
    assert current(first)["outcome"] == "done"
    settle(city, [])
    assert outcomes()[0] == "open" and current(first)["outcome"] == "open"
    assert FactRow.objects.filter(fact="test_dues", row_id=first.pk).count() == 3
    assert RowChange.objects.filter(row_id=first.pk).count() == 2


def test_the_end_of_a_measure_cancels_what_it_cuts_and_what_lies_after(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    settle(city, [], ended_on=FIRST + timedelta(45))
    assert outcomes() == ["open", "cancelled", "cancelled", "cancelled"]
    settle(city, [])
    assert outcomes() == ["open"] * 4, "an end entered by mistake and taken back"


def test_a_lawful_absence_stands_unless_a_test_was_done_after_all(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    first = Due.objects.get(position=0)
    dues.excuse(due=first, paper_seen_by=" 吴主任 ", by=city.actor("supervisor"))
    settle(city, [])
    assert outcomes()[0] == "excused" and current(first)["outcome"] == "excused"
    settle(city, [Done(FIRST, new_id())])
    assert outcomes()[0] == "done"


def test_an_absence_without_a_name_or_after_an_answer_is_refused(city: City) -> None:
    by = city.actor("supervisor")
    dues.generate(dues=windows(city), by=by)
    first, second = Due.objects.order_by("position")[:2]
    with pytest.raises(CannotExcuse, match="谁查看"):
        dues.excuse(due=first, paper_seen_by="  ", by=by)
    settle(city, [Done(FIRST, new_id())])
    first.refresh_from_db()
    with pytest.raises(CannotExcuse, match="已经有结果"):
        dues.excuse(due=first, paper_seen_by="吴主任", by=by)
    with pytest.raises(CannotExcuse, match="没有登记"):
        dues.withdraw_excuse(due=second, reason="填错", by=by)
    dues.excuse(due=second, paper_seen_by="吴主任", by=by)
    dues.withdraw_excuse(due=second, reason="填错", by=by)
    second.refresh_from_db()
    assert (second.outcome, second.closed_reason, second.paper_seen_by) == ("open", "", "")


def test_which_reason_an_absence_had_is_kept_nowhere(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    first = Due.objects.get(position=0)
    dues.excuse(due=first, paper_seen_by="吴主任", by=city.actor("supervisor"))
    assert first.closed_reason == "lawful-absence"
    assert set(current(first)) == {"person", "measure", "opens_on", "closes_on", "done_on", "outcome", "schedule"}


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": Outcome.DONE},
        {"done_on": TODAY},
        {"outcome": Outcome.EXCUSED, "closed_reason": ""},
        {"closes_on": FIRST},
    ],
)
def test_the_database_keeps_the_promises_of_a_due(city: City, broken: dict[str, Any]) -> None:
    dues.generate(dues=windows(city, 1), by=city.actor("supervisor"))
    with pytest.raises(IntegrityError, match="casework_due_"), transaction.atomic():
        Due.objects.update(**broken)


def test_dues_are_read_by_their_own_and_counted_for_the_rest(city: City) -> None:
    """The clerk learns how many, whose and of how many people; never which."""
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    dues.generate(dues=windows(city, 3, "shiqiao", subject_id=new_id(), person="p-2"), by=city.actor("stranger"))
    everything = list(Due.objects.values_list("pk", flat=True))
    expected = {
        "supervisor": (4, {"石桥镇人民政府": (3, 1)}),
        "clerk": (0, {"龙洞镇人民政府": (4, 1), "石桥镇人民政府": (3, 1)}),
    }
    for who, (mine, others) in expected.items():
        seen, rest = queries.behind(city.actor(who), TODAY, everything)
        assert seen.count() == mine
        assert {row["unit__name"]: (row["count"], row["people"]) for row in rest} == others
        assert all(set(row) == {"unit_id", "unit__name", "count", "people"} for row in rest)


def test_the_querysets_speak_of_windows_as_the_office_does(city: City) -> None:
    dues.generate(dues=windows(city), by=city.actor("supervisor"))
    last_of_first = FIRST + timedelta(29)
    assert Due.objects.open_on(last_of_first).count() == 1 and not Due.objects.late_on(last_of_first).exists()
    assert Due.objects.late_on(last_of_first + timedelta(1)).count() == 1
    assert Due.objects.opening_within(FIRST, 30).count() == 1
    assert Due.objects.falling_due(last_of_first, last_of_first + timedelta(1)).count() == 1
    assert Due.objects.get(position=0).last_day == last_of_first


def test_what_came_of_a_missed_window_is_said_by_somebody_and_leaves_what_waits_but_no_figure(city: City) -> None:
    by = city.actor("supervisor")
    dues.generate(dues=windows(city), by=by)
    first, facts = Due.objects.get(position=0), FactRow.objects.count()
    made = dues.look_into(due=first, found="not_arranged", by=by)
    assert (made.found, made.found_by_name, made.outcome) == ("not_arranged", "吴主任", "open")
    assert made.state_on(TODAY) == "looked_into"
    assert first not in Due.objects.late_on(TODAY) and first in Due.objects.missed_on(TODAY)
    assert (current(first)["outcome"], FactRow.objects.count()) == ("open", facts), "a miss that was looked into is counted as a miss"
    again = dues.look_into(due=first, found="not_told", by=city.actor("caseworker"))
    assert (again.found, again.found_by_name) == ("not_told", "何姐")
    entries = WriteEntry.objects.filter(act="dues.look_into").values("pk")
    said = [json.loads(row.after)["found"] for row in RowChange.objects.filter(entry_id__in=entries).order_by("pk")]
    assert said == ["not_arranged", "not_told"], "what stood before is in the log"


def test_a_finding_goes_with_the_miss_it_was_of(city: City) -> None:
    by = city.actor("supervisor")
    dues.generate(dues=windows(city), by=by)
    for due in Due.objects.filter(position__in=(0, 1, 2)):
        dues.look_into(due=due, found="not_arranged", by=by)
    settle(city, [Done(FIRST + timedelta(5), new_id())])
    assert list(Due.objects.order_by("position").values_list("outcome", "found"))[:2] == [("done", ""), ("open", "not_arranged")]
    dues.excuse(due=Due.objects.get(position=1), paper_seen_by="吴主任", by=by)
    assert Due.objects.get(position=1).found == ""
    (moved,) = windows(city)[2:3]
    moved.opens_on, moved.closes_on = FIRST + timedelta(61), FIRST + timedelta(91)
    dues.generate(dues=[moved], by=by)
    assert Due.objects.get(position=2).found == "", "a window that moved is another window"


@pytest.mark.parametrize(("position", "found", "why"), [(3, "not_arranged", "没有缺检"), (0, "hospital", "请选"), (0, "", "请选")])
def test_what_is_no_miss_or_no_finding_is_not_said(city: City, position: int, found: str, why: str) -> None:
    by = city.actor("supervisor")
    first, *_between, last = windows(city)
    last.opens_on, last.closes_on = TODAY, TODAY + timedelta(3)
    dues.generate(dues=[first, last], by=by)
    with pytest.raises(dues.CannotSay, match=why):
        dues.look_into(due=Due.objects.get(position=position), found=found, by=by)
