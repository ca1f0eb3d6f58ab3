"""The city's plan and summary of a year become papers; what one year left is carried into the next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.actions import papers
from qingyuan.casework.enums import PaperKind, PaperState
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.papers.text import LONGEST_BODY
from qingyuan.governance import year_drafts
from qingyuan.governance.actions import needs
from qingyuan.governance.actions.needs import NeedRefused
from qingyuan.governance.models import UnitTask
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.queries.year_book import book
from qingyuan.governance.rules.duty_plans import same_day_of
from qingyuan.governance.year_drafts import Of
from tests.cast import TODAY, City
from tests.governance.conftest import Desk
from tests.governance.test_needs import PLAN, TASK

pytestmark = pytest.mark.django_db
WORDY = {"arrangement": "一、抓课程;\n二、抓示范学校。", "budget_yuan": 120_000}


def drafted(city: City, of: Of, who: str = "clerk", on: date = TODAY) -> Any:
    found = book(city=city.divisions["云岭市"], year=2022, reader=city.actor(who), on=on)
    return year_drafts.draft(of=of, book=found, by=city.actor(who), on=on)


def test_the_plan_is_a_notice_that_can_be_handed_up_as_it_stands(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN | WORDY)
    desk.city.enter("unit_tasks", "liaison", TASK)
    paper = drafted(desk.city, Of.PLAN)
    assert (paper.kind, paper.state) == (PaperKind.NOTICE, PaperState.DRAFT)
    assert "本年安排:一、抓课程; 二、抓示范学校。经费安排12万元。" in paper.body and "。。" not in paper.body
    assert "校园周边联合检查\t禁毒法第十三条" in paper.body
    assert papers.submit(paper=paper, by=desk.actor("clerk")).state == PaperState.SUBMITTED


def test_the_summary_is_a_report_that_can_be_handed_up_as_it_stands(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN)
    desk.city.enter("unit_tasks", "liaison", TASK | {"due_on": date(2022, 6, 30)})
    paper = drafted(desk.city, Of.SUMMARY)
    assert paper.kind == PaperKind.REPORT and "到期没有完成的任务" in paper.body
    assert papers.submit(paper=paper, by=desk.actor("clerk")).state == PaperState.SUBMITTED


def test_a_year_is_drafted_once_and_again_after_the_first_is_void(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN)
    paper = drafted(desk.city, Of.PLAN)
    with pytest.raises(PaperRefused, match="已经起草"):
        drafted(desk.city, Of.PLAN)
    papers.void(paper=paper, reason="重写", by=desk.actor("clerk"))
    assert drafted(desk.city, Of.PLAN).pk != paper.pk


def test_a_year_of_which_nothing_is_registered_is_no_paper(desk: Desk) -> None:
    with pytest.raises(PaperRefused, match="没有可以汇总的内容"):
        drafted(desk.city, Of.PLAN)


def test_a_plan_too_long_for_a_paper_stands_in_brief_with_its_lists_as_an_attachment(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN)
    long = {"task": "逐校检查" * 40, "done_when": "逐校留存记录" * 30}
    for item in range(1, 80):
        desk.city.enter("unit_tasks", "liaison", TASK | long | {"item": item})
    paper = drafted(desk.city, Of.PLAN)
    assert len(paper.body) < LONGEST_BODY and "任务清单" in paper.attachments and "市教育局\t79" in paper.body
    assert papers.submit(paper=paper, by=desk.actor("clerk")).state == PaperState.SUBMITTED


# --- what a year left ---------------------------------------------------------------------------------------------------
@pytest.fixture
def left(city: City) -> list[UnitTask]:
    city.enter("unit_plans", "liaison", PLAN, PLAN | {"year": 2021, "adopted_on": date(2021, 2, 1)})
    old = {"year": 2021, "due_on": date(2021, 6, 30)}
    done = {"task": "办过的", "item": 2, "done_on": date(2021, 6, 1), "evidence": "纪要"}
    return city.enter("unit_tasks", "liaison", TASK | old, TASK | old | done)


def test_what_was_not_done_goes_into_the_next_plan_once(city: City, left: list[UnitTask]) -> None:
    by = city.actor("liaison")
    assert [row.pk for row in reads.left_over(by, 2022, TODAY)] == [left[0].pk]
    assert needs.carry(year=2022, ids={row.pk for row in left}, by=by) == 1
    made = UnitTask.objects.get(plan__year=2022)
    assert (made.task, made.due_on, made.done_on, made.item) == ("校园周边联合检查", date(2022, 6, 30), None, 1)
    assert reads.left_over(by, 2022, TODAY) == []
    with pytest.raises(NeedRefused, match="勾选"):
        needs.carry(year=2022, ids={left[0].pk}, by=by)
    assert UnitTask.objects.get(pk=left[0].pk).done_on is None, "the year before says what it said"


def test_nobody_carries_another_units_task(city: City, left: list[UnitTask]) -> None:
    with pytest.raises((NeedRefused, NotAllowed)):
        needs.carry(year=2022, ids={left[0].pk}, by=city.actor("officer"))
    assert not UnitTask.objects.filter(plan__year=2022).exists()


@pytest.mark.parametrize(("year", "day", "wanted"), [(2023, date(2022, 9, 30), date(2023, 9, 30)), (2025, date(2024, 2, 29), date(2025, 2, 28)),
                                                     (2028, date(2024, 2, 29), date(2028, 2, 28))])  # fmt: skip
def test_a_day_has_its_like_in_another_year(year: int, day: date, wanted: date) -> None:
    assert same_day_of(year, day) == wanted
