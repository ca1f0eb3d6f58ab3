"""Tasks of member units on the first page, and the trace that a look at volunteers leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.foundation.audit.models import ReadEntry
from tests.cast import City
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
PLAN = {"year": 2022, "title": "2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程"}
TOLD = {"first_quarter": "启动", "second_quarter": "推进", "third_quarter": "推进"}


def task(item: int, name: str, due: date, **changes: Any) -> dict[str, Any]:
    return {"year": 2022, "item": item, "duty": "禁毒法第十三条", "task": name, "done_when": "全部学校", "due_on": due} | changes


def test_a_unit_sees_what_comes_due_and_what_it_has_not_reported(city: City) -> None:
    city.enter("unit_plans", "liaison", PLAN)
    city.enter(
        "unit_tasks",
        "liaison",
        task(1, "开足专题课", date(2022, 11, 20), **TOLD),
        task(2, "师资培训", date(2022, 12, 20)),
        task(3, "明年再办的事", date(2023, 3, 1), **TOLD),
        task(4, "已经办了的事", date(2022, 6, 1), done_on=date(2022, 5, 30), evidence="通报"),
    )
    page = text_of(browser_of(city, "liaison").get("/today/"))
    assert "任务 开足专题课" in page and "任务 师资培训" in page
    assert "明年再办的事" not in page and "已经办了的事" not in page
    assert "1 项任务的前 3 个季度进展没有填全" in page
    office = text_of(browser_of(city, "clerk").get("/today/"))
    assert "年度任务没有完成:开足专题课" in office and "师资培训" not in office
    assert "开足专题课" not in text_of(browser_of(city, "supervisor").get("/today/"))


def test_reading_volunteers_is_logged_and_reading_plans_is_not(city: City) -> None:
    row = {"division": city.divisions["龙洞镇"].pk, "name": "何立新", "phone": "0400-2000001", "joined_on": date(2022, 3, 5)}
    city.enter("volunteers", "liaison", row)
    city.enter("unit_plans", "liaison", PLAN)
    for code in ("volunteers", "unit_plans"):
        assert browser_of(city, "liaison").get(f"/ledgers/{code}/?when=all").status_code == 200
    looked = set(ReadEntry.objects.using("audit").filter(act="list").values_list("ledger", flat=True))
    assert "volunteers" in looked and "unit_plans" not in looked


def test_what_others_printed_is_listed_in_every_town(city: City) -> None:
    city.enter(
        "published_statistics",
        "clerk",
        {
            "division": city.divisions["云岭市"].pk, "indicator": "current", "area": "全国", "year": 2021, "value": 148,
            "measure_unit": "万人", "publisher": "国家禁毒委员会办公室", "source_title": "2021 年报告",
        },
    )  # fmt: skip
    assert "2021 年报告" in text_of(browser_of(city, "supervisor").get("/ledgers/published_statistics/?when=all"))
