"""A person can do the day's work: what is not done stands on the first page, its list opens, its row is entered, it goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from qingyuan.prevention.models import Activity, SurveyPlan
from tests.cast import City
from tests.prevention.conftest import Prevention
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(city: City) -> Prevention:
    return Prevention(city)


def test_the_town_sees_what_is_not_walked_and_walks_it(work: Prevention, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2022, 4, 20)
    work.patch()
    work.patch("LD-02")
    browser = browser_of(work.city, "supervisor")
    page = text_of(browser.get("/today/"))
    assert "2022 年第 3 轮踏查:还有 2 块地没有走" in page and "2022 年第 2 轮踏查:还有 2 块地没有走" in page
    listed = text_of(browser.get("/ledgers/survey_plan/?when=all&outcome=open"))
    assert "LD-02" in listed and "包村干部" in listed and "2022 年第 6 轮" in listed
    typed = {"patch_code": "LD-02", "surveyed_on": "2022-04-20", "method": "人工踏查", "found": "否", "surveyors": "吴主任"}
    answer = browser.post("/ledgers/survey_rounds/new/", typed)
    assert answer.status_code == 302, text_of(answer)
    assert SurveyPlan.objects.get(patch__code="LD-02", position=20223).outcome == "done"
    assert "2022 年第 3 轮踏查:还有 1 块地没有走" in text_of(browser.get("/today/"))


def test_a_find_stays_on_the_first_page_until_the_last_plant_is_gone(work: Prevention, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2022, 4, 20)
    work.patch()
    work.walk(date(2022, 4, 18), plants=30)
    browser = browser_of(work.city, "supervisor")
    assert "还有 30 株没有铲除" in text_of(browser.get("/today/"))
    work.eradicate(date(2022, 4, 18), date(2022, 4, 19), 30)
    assert "没有铲除" not in text_of(browser.get("/today/"))


def test_the_education_bureau_sees_schools_behind_and_awards_that_end(work: Prevention, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2022, 5, 20)
    work.school(demonstration="county", awarded_on=date(2019, 6, 1), expires_on=date(2022, 5, 31))
    work.lesson(date(2022, 3, 1), "2")
    browser = browser_of(work.city, "liaison")
    page = text_of(browser.get("/today/"))
    assert "还有 1 所学校没有上够课时" in page and "示范学校称号到期 1 所" in page
    row = text_of(browser.get("/ledgers/lesson_plan/?when=all&outcome=open"))
    assert "龙洞小学" in row and "2021 学年" in row
    for month in (3, 4):
        work.lesson(date(2022, month, 28))
    assert "没有上够课时" not in text_of(browser.get("/today/"))


def test_the_last_quarter_asks_where_nobody_has_been(work: Prevention) -> None:
    work.place()
    work.place("龙洞社区", where="龙洞社区", kind="community")
    browser = browser_of(work.city, "supervisor")
    assert "2022 年还有 2 个点位没有进过" in text_of(browser.get("/today/"))
    typed = {
        "held_on": "2022-11-20", "title": "十一月进村", "theme": "日常宣传", "place_name": "大坪村", "audience": "村民",
        "form": "入户", "reach": "35人", "reach_basis": "清点",
    }  # fmt: skip
    answer = browser.post("/ledgers/activities/new/", typed)
    assert answer.status_code == 302, text_of(answer)
    assert Activity.objects.get().kind == "village"
    assert "2022 年还有 1 个点位没有进过" in text_of(browser.get("/today/"))


def test_plans_are_read_and_never_typed(work: Prevention) -> None:
    work.patch()
    row = SurveyPlan.objects.first()
    assert row is not None
    browser = browser_of(work.city, "supervisor")
    assert browser.get("/ledgers/survey_plan/").status_code == 200
    for path in ("survey_plan/new/", "survey_plan/import/", f"survey_plan/{row.pk}/change/", f"survey_plan/{row.pk}/void/"):
        assert browser.get(f"/ledgers/{path}").status_code in (403, 404, 405), path
    assert browser_of(work.city, "doctor").get("/ledgers/survey_plan/").status_code == 403


def test_another_town_and_another_unit_have_their_own_lines(work: Prevention, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2022, 4, 20)
    work.patch()
    work.place()
    for who in ("stranger", "liaison"):
        page = text_of(browser_of(work.city, who).get("/today/"))
        assert "踏查" not in page and "点位" not in page
    assert "LD-01" not in text_of(browser_of(work.city, "stranger").get("/ledgers/survey_plan/?when=all"))
    assert "LD-01" in text_of(browser_of(work.city, "clerk").get("/ledgers/survey_plan/?when=all"))


def test_an_open_window_leads_to_the_form_with_its_patch_filled_in(work: Prevention, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2022, 4, 20)
    work.patch("LD-02")
    row = SurveyPlan.objects.get(patch__code="LD-02", position=20223)
    browser = browser_of(work.city, "supervisor")
    page = BeautifulSoup(browser.get(f"/ledgers/survey_plan/{row.pk}/").content, "html.parser")
    button = page.find("a", string="登记踏查")
    assert button is not None
    form = BeautifulSoup(browser.get(button["href"]).content, "html.parser")
    field = form.select_one("[name=patch_code]")
    assert field is not None and field["value"] == "LD-02"
    typed = {"patch_code": "LD-02", "surveyed_on": "2022-04-20", "method": "人工踏查", "found": "否", "surveyors": "吴主任"}
    assert browser.post(button["href"], typed).status_code == 302
    assert "登记踏查" not in text_of(browser.get(f"/ledgers/survey_plan/{row.pk}/")), "it is answered"


def test_no_address_fills_in_a_name(work: Prevention) -> None:
    page = browser_of(work.city, "supervisor").get("/ledgers/measures/new/?name=测试甲&decided_on=2022-01-03")
    form = BeautifulSoup(page.content, "html.parser")
    name, decided = form.select_one("[name=name]"), form.select_one("[name=decided_on]")
    assert name is not None and not name.get("value") and decided is not None and decided["value"] == "2022-01-03"
