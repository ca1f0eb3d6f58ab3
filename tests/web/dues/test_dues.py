"""Dues: a town's work, a number that opens, a lawful absence and its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.models import Due
from qingyuan.indicators.refresh import refresh
from qingyuan.web.behind import elsewhere
from tests.cast import TODAY, City, measure_values
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
MISSING = "/dues/?indicator=R05&part=missing&period=2022-01..2022-10"


def late() -> Due:
    found: Any = Due.objects.late_on(TODAY).first()
    assert found is not None
    return found  # type: ignore[no-any-return]


def test_the_town_sees_open_windows_with_names_and_the_stranger_none(town: City) -> None:
    page = text_of(browser_of(town, "supervisor").get("/dues/"))
    assert "测试乙" in page and "第一年第 11 次" in page
    assert "现在没有开着的检测窗口" in text_of(browser_of(town, "stranger").get("/dues/"))


@pytest.mark.parametrize("state", ["open", "late", "looked_into", "ahead", "done", "excused"])
def test_every_tab_counts_what_it_lists(town: City, state: str) -> None:
    browser = browser_of(town, "supervisor")
    listed = {"open": 3, "late": 29, "looked_into": 0, "ahead": 3, "done": 1, "excused": 0}
    page = text_of(browser.get(f"/dues/?state={state}"))
    assert f"共 {listed[state]} 条" in page or listed[state] == 0


def test_a_state_that_is_none_is_not_found(town: City) -> None:
    assert browser_of(town, "supervisor").get("/dues/?state=bad").status_code == 404


def test_a_number_opens_on_its_rows_for_the_town(town: City) -> None:
    refresh()
    page = text_of(browser_of(town, "supervisor").get(MISSING))
    assert "应检尽检率 · 缺检" in page and "测试乙" in page and "26 人次,您能打开" in page


def test_the_same_number_opens_for_the_clerk_on_how_many_whose_and_how_to_ask(town: City) -> None:
    refresh()
    page = text_of(browser_of(town, "clerk").get(MISSING))
    assert "26 人次" in page and "龙洞镇人民政府" in page and "向龙洞镇人民政府发函" in page
    assert "涉及 <5 人" in page and "测试" not in page


def test_a_unit_that_works_in_several_villages_is_counted_once(city: City) -> None:
    places = ("龙洞社区", "大坪村")
    for serial, place in enumerate(places, start=1):
        city.enter("measures", "supervisor", measure_values(city, serial, division=city.divisions[place].pk))
    refresh()
    page = text_of(browser_of(city, "clerk").get(MISSING))
    assert "18 人次" in page and page.count("向龙洞镇人民政府发函") == 1


def test_closed_counts_stand_in_no_order_of_size() -> None:
    others = [{"unit__name": name, "count": count} for name, count in (("甲", 1), ("乙", 4), ("丙", 9), ("丁", 3))]
    shown = [one.unit for one in elsewhere(others, unit_label="人次", people=True, why="")]
    assert shown == ["丙", "甲", "乙", "丁"]


def test_few_missed_tests_are_not_told_to_others(city: City) -> None:
    from_day = {"decided_on": date(2022, 8, 1), "served_on": date(2022, 8, 2), "reported_on": date(2022, 8, 5)}
    city.enter("measures", "supervisor", measure_values(city, 1, **from_day, agreement_on=date(2022, 8, 8)))
    refresh()
    page = text_of(browser_of(city, "clerk").get(MISSING))
    assert "<5 人次" in page and " 2 人次" not in page


def test_the_office_gets_towns_and_no_names(town: City) -> None:
    refresh()
    page = text_of(browser_of(town, "clerk").get("/dues/"))
    assert "龙洞镇" in page and "26" in page and "测试" not in page
    assert browser_of(town, "doctor").get("/dues/").status_code == 403


def test_a_lawful_absence_needs_who_saw_the_paper(town: City) -> None:
    browser, due = browser_of(town, "supervisor"), late()
    answer = browser.post(f"/dues/{due.pk}/excuse/", {"paper_seen_by": ""})
    assert answer.status_code == 422 and "凭证由谁查看" in field_error(answer, "paper_seen_by")
    due.refresh_from_db()
    assert due.outcome == "open"


def test_a_lawful_absence_can_be_entered_and_taken_back(town: City) -> None:
    browser, due = browser_of(town, "supervisor"), late()
    browser.post(f"/dues/{due.pk}/excuse/", {"paper_seen_by": "吴主任"})
    due.refresh_from_db()
    assert due.outcome == "excused"
    assert "合法缺席" in text_of(browser.get(f"/dues/{due.pk}/"))
    browser.post(f"/dues/{due.pk}/withdraw/", {"reason": ""})
    due.refresh_from_db()
    assert due.outcome == "excused"
    browser.post(f"/dues/{due.pk}/withdraw/", {"reason": "登记错了人"})
    due.refresh_from_db()
    assert due.outcome == "open"


@pytest.mark.parametrize("who", ["stranger", "clerk", "town_leader", "officer", "caseworker"])
def test_nobody_else_opens_or_closes_a_due(town: City, who: str) -> None:
    browser, due = browser_of(town, who), late()
    assert browser.get(f"/dues/{due.pk}/").status_code == 404
    assert browser.post(f"/dues/{due.pk}/excuse/", {"paper_seen_by": "x"}).status_code == 404
    due.refresh_from_db()
    assert due.outcome == "open"


def test_an_unknown_indicator_or_part_is_not_found(town: City) -> None:
    browser = browser_of(town, "supervisor")
    assert browser.get("/dues/?indicator=X99").status_code == 404
    assert browser.get("/dues/?indicator=R05&part=nothing").status_code == 404
    assert browser.get("/dues/?ids=nonsense").status_code == 404


def test_a_miss_that_was_looked_into_leaves_today_and_stays_a_miss(town: City) -> None:
    browser, due = browser_of(town, "supervisor"), late()
    assert browser.post(f"/dues/{due.pk}/found/", {"found": "hospital"}).status_code == 422
    waiting = Due.objects.late_on(TODAY).count()
    browser.post(f"/dues/{due.pk}/found/", {"found": "not_arranged"})
    assert Due.objects.late_on(TODAY).count() == waiting - 1
    page = text_of(browser.get(f"/dues/{due.pk}/"))
    assert "缺检,已查明" in page and "本单位没有安排检测 · 吴主任" in page
    refresh()
    assert "26 人次,您能打开" in text_of(browser.get(MISSING)), "the figure counts what was not done"
    assert "本单位没有安排检测" in text_of(browser.get("/dues/?state=looked_into"))
    assert str(due.pk) not in browser.get("/dues/?state=late").content.decode()
    for who in ("stranger", "clerk", "officer", "caseworker"):
        assert browser_of(town, who).post(f"/dues/{due.pk}/found/", {"found": "not_told"}).status_code == 404
