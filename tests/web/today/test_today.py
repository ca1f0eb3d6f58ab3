"""The first page: one's own work by its deadline, nothing that belongs to another side of a wall."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from qingyuan.casework.models import Due
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.indicators.refresh import refresh
from qingyuan.journeys.todo import sources
from qingyuan.web.today import badge
from tests.cast import TODAY, City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
PLAN = {"year": 2022, "title": "2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程"}


def test_the_town_sees_what_is_due_with_its_reason(town: City) -> None:
    town.enter(
        "measures",
        "supervisor",
        measure_values(town, 4, served_on=date(2022, 11, 8), decided_on=date(2022, 11, 7), reported_on=None, agreement_on=None),
    )
    page = text_of(browser_of(town, "supervisor").get("/today/"))
    assert "测试戊 还没有报到" in page and "2022-11-08 收到责令社区戒毒决定书,当日不计,次日起算 15 日(《戒毒条例》第十四条);2022-11-23 届满" in page
    assert page.count("):补登检测,或登记合法缺席、查明的情况 · 《禁毒法》第三十五条") == 3


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "town_leader", "stranger", "auditor", "doctor", "security"])
def test_nobody_else_reads_a_name_on_the_first_page(town: City, who: str) -> None:
    refresh()
    answer = browser_of(town, who).get("/today/")
    assert answer.status_code == 200 and "测试" not in answer.content.decode()


def test_the_count_in_the_road_is_the_count_on_the_page(town: City) -> None:
    count = badge(town.actor("supervisor"), TODAY)
    assert count is not None and count.late
    page = text_of(browser_of(town, "supervisor").get("/today/"))
    assert f"{count.number} 件逾期或今天到期" in page


def test_names_on_the_first_page_leave_a_trace(town: City) -> None:
    town.enter("measures", "supervisor", measure_values(town, 4, reported_on=None, agreement_on=None))
    browser_of(town, "supervisor").get("/today/")
    assert ReadEntry.objects.using("audit").filter(act="list", ledger="today", row_count__gte=1).exists()


def test_the_root_leads_to_today(city: City) -> None:
    answer = browser_of(city, "clerk").get("/")
    assert answer.status_code == 302 and answer.url == "/today/"


def test_someone_with_nothing_to_do_is_told_where_to_go(city: City) -> None:
    assert "今天没有到期的事" in text_of(browser_of(city, "officer").get("/today/"))


def test_instructions_wait_for_the_unit_they_were_given_to(city: City) -> None:
    given = {
        "document_number": "云政批〔2022〕5号", "level": "county", "given_on": date(2022, 11, 1),
        "content": "请加强社区戒毒工作", "due_on": date(2022, 11, 20),
    }  # fmt: skip
    city.enter("instructions", "supervisor", given)
    own = text_of(browser_of(city, "supervisor").get("/today/"))
    assert "批示待反馈 云政批〔2022〕5号" in own and "逾期 3 天" in own
    office = text_of(browser_of(city, "clerk").get("/today/"))
    assert "等别人办" in office and "批示待反馈 云政批〔2022〕5号" in office


def test_each_missed_window_leads_to_its_own_page_and_many_end_in_one_line(city: City) -> None:
    people = [measure_values(city, serial, id_number=id_number(300 + serial)) for serial in range(7)]
    city.enter("measures", "supervisor", *people)
    jobs = [job for job in sources.mine(city.actor("supervisor"), TODAY) if job.kind == "dues" and job.day < TODAY]
    rest, *each = sorted(jobs, key=lambda job: -job.weight)
    assert rest.page is not None and (rest.page.name, rest.weight) == ("dues", 2)
    assert [job.page.name for job in each if job.page] == ["due-detail"] * 5 and len({job.page for job in each}) == 5


def test_what_waits_without_a_day_stands_before_what_is_far_off(city: City) -> None:
    city.enter("unit_plans", "liaison", PLAN)
    task = {"year": 2022, "duty": "禁毒法第十三条", "done_when": "全部学校"}
    city.enter(
        "unit_tasks",
        "liaison",
        task | {"item": 1, "task": "马上到期的", "due_on": TODAY + timedelta(days=5)},
        task | {"item": 2, "task": "还早的", "due_on": TODAY + timedelta(days=20)},
    )
    titles = [job.title for job in sources.mine(city.actor("liaison"), TODAY) if job.kind == "unit_tasks"]
    assert titles == ["任务 马上到期的", "2 项任务的前 3 个季度进展没有填全", "任务 还早的"]


def test_what_was_brought_before_a_leader_stands_below_what_is_his_own(city: City) -> None:
    for number, unit in enumerate(("supervisor", "clerk"), start=1):
        given = {"level": "county", "given_on": date(2022, 10, 1), "content": "请加强工作", "due_on": date(2022, 10, 20)}
        city.enter("instructions", unit, given | {"document_number": f"云政批〔2022〕{number}号"})
    page = text_of(browser_of(city, "town_leader").get("/today/"))
    own, brought = page.index("等我办"), page.index("提请我处理")
    assert own < brought < page.index("龙洞镇人民政府:批示逾期 1 件")
    assert "提请我处理" not in text_of(browser_of(city, "supervisor").get("/today/"))


def test_after_an_act_one_click_leads_back_to_what_is_left(town: City) -> None:
    browser = browser_of(town, "supervisor")
    due = Due.objects.filter(closes_on__lte=TODAY).order_by("-closes_on")[0]
    left = sources.pressing(town.actor("supervisor"), TODAY)
    page = BeautifulSoup(browser.post(f"/dues/{due.pk}/excuse/", {"paper_seen_by": "吴主任"}, follow=True).content, "html.parser")
    told = page.select_one(".note-line.success")
    assert told is not None and told.a is not None and told.a["href"] == "/today/"
    assert f"还有 {left - 1} 件逾期或今天到期" in told.get_text()
    assert "回到今天" not in text_of(browser.get(f"/dues/{due.pk}/")), "only once something was done"


def test_a_test_on_another_day_says_that_the_window_is_still_open(town: City) -> None:
    browser = browser_of(town, "supervisor")
    due = Due.objects.filter(closes_on__lte=TODAY, outcome="open").order_by("-closes_on")[0]
    typed = {"tested_on": TODAY.isoformat(), "sample": "urine", "result": "negative", "purpose": "scheduled", "testers": "李秀、王平"}
    told = text_of(browser.post(f"/people/{due.person}/test/?due={due.pk}", typed, follow=True))
    assert f"日期不在 {due.opens_on} 至 {due.last_day} 这个窗口里:这一次仍算没有做" in told
    typed["tested_on"] = due.last_day.isoformat()
    assert "对应的检测窗口已了结" in text_of(browser.post(f"/people/{due.person}/test/?due={due.pk}", typed, follow=True))


def test_the_city_checks_its_month_once_the_towns_have(city: City) -> None:
    waits = "2022 年 10 月的数字待核对关账"
    assert waits in text_of(browser_of(city, "supervisor").get("/today/"))
    refresh()
    office = text_of(browser_of(city, "clerk").get("/today/"))
    assert waits not in office and "2 个下级没有关账" in office
