"""The list of clocks as a workbook and as JSON: the same rows as the page, of the same people, each read logged."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import override_settings

from qingyuan.casework.models import RunningClock
from qingyuan.foundation.audit.models import ReadEntry
from tests.cast import City, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
API = "/api/v1/clocks"


def waiting(city: City, serial: int = 1, **changes: Any) -> dict[str, Any]:
    days = {"decided_on": date(2022, 11, 1), "served_on": date(2022, 11, 3), "reported_on": None, "agreement_on": None}
    return measure_values(city, serial, **(days | changes))


@pytest.fixture
def report(city: City) -> RunningClock:
    """A report that ran out on 2022-11-18."""
    (row,) = city.enter("measures", "supervisor", waiting(city))
    return RunningClock.objects.get(subject_id=row.pk, code="D20")


def sheet(city: City, query: str = "", who: str = "supervisor") -> list[list[Any]]:
    answer = browser_of(city, who).get(f"/clocks/export.xlsx{query}")
    assert answer.status_code == 200, text_of(answer)
    book = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    return [list(row) for row in book.iter_rows(values_only=True)]


def logged(act: str) -> list[tuple[str, int]]:
    found = ReadEntry.objects.using("audit").filter(act=act).order_by("pk")
    return [(one.ledger, one.row_count) for one in found]


# --- the workbook ------------------------------------------------------------------------------------------------------
def test_the_workbook_holds_what_the_page_shows_with_the_rule_it_rests_on(city: City, report: RunningClock) -> None:
    rows = sheet(city)
    assert rows[0][0] == "期限"
    (line,) = [row for row in rows if "D20" in row]
    assert line[0] == "逾期 5 天" and line[3] == "测试乙" and line[-1] == "全国通用规则"
    assert line[8].date() == date(2022, 11, 18) and "《戒毒条例》第十四条" in line[10]
    assert logged("export") == [("measures", 1)]


def test_the_workbook_is_as_narrow_as_the_state_and_the_row_that_were_asked_for(city: City, report: RunningClock) -> None:
    (other,) = city.enter("measures", "supervisor", waiting(city, 2))
    assert not [row for row in sheet(city, "?state=today") if "D20" in row]
    assert len([row for row in sheet(city, "?state=all") if "D20" in row]) == 2
    assert len([row for row in sheet(city, f"?row={other.pk}") if "D20" in row]) == 1
    browser = browser_of(city, "supervisor")
    assert browser.get("/clocks/export.xlsx?state=bad").status_code == 404
    assert "/clocks/export.xlsx?state=all" in browser.get("/clocks/?state=all").content.decode()


@pytest.mark.parametrize("who", ["clerk", "leader", "prosecutor"])
def test_who_reads_no_rows_gets_neither_the_workbook_nor_the_list(city: City, report: RunningClock, who: str) -> None:
    assert browser_of(city, who).get("/clocks/export.xlsx").status_code == 403
    assert browser_of(city, who).get(API).status_code == 403


def test_a_town_gets_no_row_of_another_town_in_any_shape(city: City, report: RunningClock) -> None:
    assert browser_of(city, "stranger").get(f"{API}?state=all").json()["total"] == 0
    assert browser_of(city, "stranger").get(f"{API}/{report.pk}").status_code == 404
    assert not [row for row in sheet(city, "?state=all", "stranger") if "D20" in row]


# --- for programs ------------------------------------------------------------------------------------------------------
def test_the_interface_lists_the_same_clocks_in_the_same_words(city: City, report: RunningClock) -> None:
    found = browser_of(city, "supervisor").get(API).json()
    assert (found["total"], found["page"], found["pages"]) == (1, 1, 1)
    (one,) = found["clocks"]
    assert (one["code"], one["state"], one["about"], one["pack"]) == ("D20", "逾期 5 天", "测试乙", "national")
    assert (one["due_on"], one["last_day"], one["to_be_decided"]) == ("2022-11-18", "2022-11-18", True)
    assert one["row_id"] == str(report.subject_id) and "次日起算 15 日" in one["why"]
    assert logged("list") == [("measures", 1)]


def test_one_clock_comes_with_the_engine_s_answer_and_its_events(city: City, report: RunningClock) -> None:
    found = browser_of(city, "supervisor").get(f"{API}/{report.pk}").json()
    assert (found["answer"]["code"], found["answer"]["last_day"], found["trouble"]) == ("D20", "2022-11-18", "")
    assert found["answer"]["opens"]["checklist"] and found["answer"]["reasons"][0]["articles"] == "DR14"
    (event,) = found["events"]
    assert (event["event"], event["on"], event["source"], event["withdrawn"]) == ("received", "2022-11-03", "row", False)
    assert logged("detail") == [("measures", 1)]


def test_a_program_narrows_by_row_person_state_and_page_and_is_told_what_it_wrote_wrong(city: City, report: RunningClock) -> None:
    city.enter("measures", "supervisor", waiting(city, 2))
    browser = browser_of(city, "supervisor")
    assert browser.get(f"{API}?row={report.subject_id}").json()["total"] == 1
    assert browser.get(f"{API}?person={report.person}").json()["total"] == 1
    assert browser.get(f"{API}?state=soon").json()["total"] == 0
    second = browser.get(f"{API}?per_page=1&page=2").json()
    assert (len(second["clocks"]), second["pages"], second["total"]) == (1, 2, 2)
    for wrong in ("state=bad", "row=x", "page=0", "per_page=9999"):
        assert browser.get(f"{API}?{wrong}").status_code == 422


def test_what_the_interface_says_rests_on_the_city_s_pack(city: City) -> None:
    with override_settings(QINGYUAN_RULE_PACK="zhejiang"):
        city.enter("measures", "supervisor", waiting(city))
    (one,) = browser_of(city, "supervisor").get(API).json()["clocks"]
    assert (one["pack"], one["last_day"]) == ("zhejiang", "2022-11-07")


def test_the_page_says_that_clocks_wait_to_be_reckoned_anew_after_the_pack_changed(city: City, report: RunningClock) -> None:
    browser = browser_of(city, "supervisor")
    assert "全国通用规则" in text_of(browser.get("/clocks/")) and "qingyuan pack" not in text_of(browser.get("/clocks/"))
    with override_settings(QINGYUAN_RULE_PACK="zhejiang"):
        assert "规则已经改为“浙江规则包”,还有 1 个期限按原来的规则推算" in text_of(browser.get("/clocks/"))
        assert "本市现在用“浙江规则包”" in text_of(browser.get(f"/clocks/{report.pk}/"))
