"""The first page: one's own work by its deadline, nothing that belongs to another side of a wall."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.indicators.refresh import refresh
from qingyuan.web.today import badge
from tests.cast import TODAY, City, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


def test_the_town_sees_what_is_due_with_its_reason(town: City) -> None:
    town.enter(
        "measures",
        "supervisor",
        measure_values(town, 4, served_on=date(2022, 11, 8), decided_on=date(2022, 11, 7), reported_on=None, agreement_on=None),
    )
    page = text_of(browser_of(town, "supervisor").get("/today/"))
    assert "测试戊 还没有报到" in page and "2022-11-08 收到责令社区戒毒决定书,当日不计,次日起算 15 日(《戒毒条例》第十四条);2022-11-23 届满" in page
    assert page.count("没有做:补登检测,或登记合法缺席 · 窗口") == 3


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
