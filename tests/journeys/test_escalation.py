"""What stays undone is brought before the leader, then the leader above: by working days, without names, gone when done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qingyuan.governance.models import Instruction
from qingyuan.journeys.todo import escalated, sources
from qingyuan.journeys.todo.job import Job
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models import Post, PostTerm, Unit
from qingyuan.reference import holidays, todo_kinds
from tests.cast import BEGAN, TODAY, City, measure_values

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2022, 11, day) for day in (11, 14, 15, 16))


@pytest.fixture
def led(city: City) -> City:
    """龙洞镇 and the education bureau stand under the office."""
    Unit.objects.filter(code__in=("longdong", "education")).update(superior=city.units["office"])
    return city


def instruct(city: City, due: date) -> None:
    city.enter("instructions", "supervisor", {
        "document_number": "云政批〔2022〕5号", "level": "county", "given_on": date(2022, 11, 1), "content": "请加强工作", "due_on": due,
    })  # fmt: skip


def lines(city: City, who: str, on: date) -> list[Job]:
    return escalated.jobs(city.actor(who, on), on)


def test_one_working_day_passes_before_the_leader_is_shown_it_and_three_before_the_leader_above(led: City) -> None:
    instruct(led, FRIDAY)
    assert not lines(led, "town_leader", MONDAY), "the weekend is no working time, Monday is the first day"
    (line,) = lines(led, "town_leader", TUESDAY)
    assert line.title == "龙洞镇人民政府:批示逾期 1 件" and line.mark == "提请您处理"
    assert line.note.startswith("最早的应于 2022-11-11 办结,已逾期超过 1 个工作日 · 《禁毒法》第五条")
    assert not lines(led, "leader", WEDNESDAY)
    (above,) = lines(led, "leader", date(2022, 11, 17))
    assert above.mark == "下级提请" and above.whose == "龙洞镇人民政府"


def test_it_is_gone_from_every_superior_when_the_work_is_done(led: City) -> None:
    instruct(led, FRIDAY)
    later = date(2022, 11, 20)
    assert lines(led, "town_leader", later) and lines(led, "leader", later)
    Instruction.objects.filter(unit=led.units["longdong"]).update(answered_on=later)
    assert not lines(led, "town_leader", later) and not lines(led, "leader", later)


def test_its_own_people_read_before_whom_it_was_brought(led: City) -> None:
    instruct(led, FRIDAY)
    marks = {}
    for on in (MONDAY, TUESDAY, date(2022, 11, 17)):
        (job,) = [job for job in sources.mine(led.actor("supervisor", on), on) if job.kind == "instructions"]
        marks[on] = job.mark
    assert list(marks.values()) == ["", "已提请单位负责人", "已提请上级"]


def test_people_are_counted_without_names_and_few_of_them_not_at_all_for_another_unit(led: City) -> None:
    late = {"reported_on": None, "agreement_on": None, "decided_on": date(2022, 10, 1), "served_on": date(2022, 10, 3)}
    led.enter("measures", "supervisor", *(measure_values(led, serial, **late) for serial in (1, 2)))
    (own,) = [line for line in lines(led, "town_leader", TODAY) if "法定时限" in line.title]
    assert own.title == "龙洞镇人民政府:法定时限逾期 2 件"
    (above,) = [line for line in lines(led, "leader", TODAY) if "法定时限" in line.title]
    assert above.title == "龙洞镇人民政府:法定时限逾期,不足 5 件" and "2022-10" not in above.note
    assert above.left is not None and above.left.words == "已逾期" and above.weight == 1
    for who in ("town_leader", "leader"):
        assert not any("测试" in line.title + line.note or line.about for line in lines(led, who, TODAY))
    many = [measure_values(led, serial, **late) for serial in (3, 4, 5, 6)]
    led.enter("measures", "supervisor", *many)
    assert any(line.title == "龙洞镇人民政府:法定时限逾期 6 件" for line in lines(led, "leader", TODAY))


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "clerk", "stranger", "auditor", "security", "doctor", "officer"])
def test_nobody_but_leaders_is_shown_the_work_of_others(led: City, who: str) -> None:
    instruct(led, FRIDAY)
    assert not lines(led, who, TODAY)


def test_whoever_leads_by_a_post_is_shown_it_too(led: City) -> None:
    instruct(led, FRIDAY)
    assert not lines(led, "supervisor", TODAY)
    post = Post.objects.create(unit=led.units["longdong"], title="负责人", responsibility=Responsibility.HEAD)
    PostTerm.objects.create(post=post, account=led.accounts["supervisor"], holder_name="吴主任", start=BEGAN)
    assert lines(led, "supervisor", TODAY)


def test_a_unit_across_a_wall_is_not_shown_to_the_unit_above(led: City) -> None:
    Unit.objects.filter(code="clinic").update(superior=led.units["office"])
    given = {"document_number": "卫批〔2022〕1号", "level": "county", "given_on": date(2022, 11, 1), "content": "请办", "due_on": FRIDAY}
    (row,) = led.enter("instructions", "clerk", given)
    type(row).objects.filter(pk=row.pk).update(unit=led.units["clinic"])
    assert not [line for line in lines(led, "leader", TODAY) if line.whose == "市戒毒门诊"]


def test_the_count_of_a_leader_is_the_number_of_lines(led: City) -> None:
    instruct(led, FRIDAY)
    for on in (MONDAY, TUESDAY, TODAY):
        for who in ("town_leader", "leader"):
            actor = led.actor(who, on)
            assert sources.pressing(actor, on) == sum(1 for job in sources.mine(actor, on) if job.is_pressing(on))


def test_every_kind_of_to_do_is_in_the_table_with_a_note() -> None:
    kinds = todo_kinds.kinds()
    assert {source.kind for source in sources.SOURCES} <= set(kinds)
    assert all(kind.note and kind.name_en for kind in kinds.values())
    assert all(kind.basis for kind in kinds.values() if kind.unit_days is not None)


@pytest.mark.parametrize("days", [1, 3, 5, 10])
def test_the_day_before_which_it_is_brought_counts_whole_working_days(days: int) -> None:
    """The slow way: walk the calendar from the last day on."""
    for offset in range(40):
        on = TODAY - timedelta(days=offset)
        for back in range(30):
            last_day = on - timedelta(days=back)
            passed = sum(1 for n in range(1, back) if holidays.is_working_day(last_day + timedelta(days=n)))
            started = last_day < on
            expected = started and passed >= days
            assert (last_day < todo_kinds.brought_before(on, days)) == expected, (on, last_day)
