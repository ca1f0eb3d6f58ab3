"""The pages of clocks: reasons with articles, what people record, what-if that stores nothing, the decision a clock opens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.models import ClockDecision, ClockEvent, RunningClock
from qingyuan.foundation.audit.models import ReadEntry
from tests.cast import City, measure_values
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db


def waiting(city: City, serial: int = 1, **changes: Any) -> dict[str, Any]:
    days = {"decided_on": date(2022, 11, 1), "served_on": date(2022, 11, 3), "reported_on": None, "agreement_on": None}
    return measure_values(city, serial, **(days | changes))


@pytest.fixture
def report(city: City) -> RunningClock:
    """A report that ran out on 2022-11-18."""
    (row,) = city.enter("measures", "supervisor", waiting(city))
    return RunningClock.objects.get(subject_id=row.pk, code="D20")


def page(city: City, running: RunningClock, query: str = "", who: str = "supervisor") -> str:
    return text_of(browser_of(city, who).get(f"/clocks/{running.pk}/{query}"))


def post(city: City, running: RunningClock, path: str, who: str = "supervisor", **data: Any) -> Any:
    running.refresh_from_db()
    return browser_of(city, who).post(f"/clocks/{running.pk}/{path}/", {"version": running.version} | data, follow=True)


def test_the_list_says_what_ran_out_and_how_it_is_reckoned(city: City, report: RunningClock) -> None:
    said = text_of(browser_of(city, "supervisor").get("/clocks/"))
    assert "逾期 5 天" in said and "社区戒毒报到" in said and "测试乙" in said
    assert "2022-11-03 收到责令社区戒毒决定书,当日不计,次日起算 15 日(《戒毒条例》第十四条);2022-11-18 届满" in said


def test_the_list_begins_where_something_stands(city: City) -> None:
    city.enter("measures", "supervisor", waiting(city, served_on=date(2022, 11, 18)))
    assert "2022-12-05 届满" in text_of(browser_of(city, "supervisor").get("/clocks/"))
    assert "没有已过的期限" in text_of(browser_of(city, "supervisor").get("/clocks/?state=over"))


@pytest.mark.parametrize(("state", "count"), [("over", 1), ("today", 0), ("soon", 0), ("paused", 0), ("unsaid", 0), ("prompt", 0), ("all", 1)])
def test_every_tab_lists_what_it_counts(city: City, report: RunningClock, state: str, count: int) -> None:
    said = text_of(browser_of(city, "supervisor").get(f"/clocks/?state={state}"))
    assert ("共 1 条" in said) is bool(count)


def test_the_clock_of_one_row_and_of_one_person_are_reached_from_their_pages(city: City, report: RunningClock) -> None:
    browser = browser_of(city, "supervisor")
    row = browser.get(f"/ledgers/measures/{report.subject_id}/").content.decode()
    assert f'href="/clocks/?row={report.subject_id}"' in row
    person = browser.get(f"/people/{report.person}/").content.decode()
    assert f'href="/clocks/?person={report.person}"' in person and f'href="/clocks/{report.pk}/"' in person
    for narrow in (f"row={report.subject_id}", f"person={report.person}"):
        assert "社区戒毒报到" in text_of(browser.get(f"/clocks/?{narrow}"))
    assert browser.get("/clocks/?row=nonsense").status_code == 404
    assert browser.get("/clocks/?state=bad").status_code == 404


def test_one_clock_shows_each_step_with_its_article_and_its_source(city: City, report: RunningClock) -> None:
    said = page(city, report)
    assert "2022-11-03 收到责令社区戒毒决定书,当日不计,次日起算 15 日 《戒毒条例》第十四条" in said
    assert "2022-11-18 届满" in said and "取自台账“送达日期”" in said
    assert "被拘留或者羁押" in said and "《行政案件程序规定》第二百二十一条" in said
    reads = ReadEntry.objects.using("audit").filter(act="detail", ledger="measures")
    assert reads.exists(), "to read a clock is to read its row"


def test_what_if_is_answered_and_stores_nothing(city: City, report: RunningClock) -> None:
    before = (ClockEvent.objects.count(), RunningClock.objects.get(pk=report.pk).version)
    said = page(city, report, "?word=custody&day=2022-11-08&until=2022-11-17&on=2022-11-23")
    assert "届满日 2022-11-28" in said and "其间不计入" in said
    assert (ClockEvent.objects.count(), RunningClock.objects.get(pk=report.pk).version) == before
    later = page(city, report, "?on=2023-01-01")
    assert "到 2023-01-01: 已超过期限" in later
    assert "没有中止,不能恢复" in page(city, report, "?word=released&day=2022-11-08")
    assert browser_of(city, "supervisor").get(f"/clocks/{report.pk}/?on=bad&word=none").status_code == 200


def test_an_event_is_recorded_corrected_and_withdrawn_on_the_page(city: City, report: RunningClock) -> None:
    said = text_of(post(city, report, "record", word="custody", on="2022-11-08", paper="拘字8号"))
    assert "已登记" in said and "中止中" in said and "吴主任 登记于" in said and "拘字8号" in said
    event = report.events.get(word="custody")
    form = browser_of(city, "supervisor").get(f"/clocks/{report.pk}/?correct={event.pk}").content.decode()
    assert 'value="2022-11-08"' in form and "为什么更正" in form
    said = text_of(post(city, report, f"events/{event.pk}/correct", word="custody", on="2022-11-09", reason="看错"))
    assert "已更正" in said and "吴主任 更正" in said and "2022-11-09" in said
    fresh = report.events.get(corrects=event)
    assert "请写明原因" in text_of(post(city, report, f"events/{fresh.pk}/withdraw", reason=""))
    said = text_of(post(city, report, f"events/{fresh.pk}/withdraw", reason="不是这个人"))
    assert "已撤回" in said and "吴主任 撤回" in said and "逾期 5 天" in said


def test_what_cannot_be_recorded_says_so_beside_its_field(city: City, report: RunningClock) -> None:
    refused = post(city, report, "record", word="custody", on="2022-12-01")
    assert refused.status_code == 422 and "今天之后" in field_error(refused, "on")
    assert post(city, report, "record", word="reported", on="2022-11-10").status_code == 422
    stale = browser_of(city, "supervisor").post(
        f"/clocks/{report.pk}/record/", {"version": 99, "word": "custody", "on": "2022-11-08"}
    )
    assert stale.status_code == 422 and "刚才有人登记过" in text_of(stale)
    assert report.events.count() == 1


def test_the_decision_is_looked_into_line_by_line_and_recorded(city: City, report: RunningClock) -> None:
    assert "是否属于拒绝接受社区戒毒" in page(city, report)
    assert "逐条核对以后才能登记决定" in page(city, report)
    for position in range(5):
        said = text_of(post(city, report, "check", position=position, turn=0, finding="yes"))
    assert "登记决定" in said
    refused = post(city, report, "decide", result="taken", office="市公安局", decided_on="2022-11-01")
    assert refused.status_code == 422 and "早于届满" in field_error(refused, "decided_on")
    said = text_of(post(city, report, "decide", result="not_taken", office="市公安局", decided_on="2022-11-22", paper="云公1号"))
    assert "已登记这项决定" in said and "不作出该决定" in said and "云公1号" in said
    assert ClockDecision.objects.get().result == "not_taken"


def test_a_counter_shows_each_day_and_takes_an_objection(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", measure_values(city, 1))
    left = RunningClock.objects.get(subject_id=row.pk, code="D25")
    post(city, left, "record", word="left", on="2022-09-03", until="2022-09-07")
    post(city, left, "record", word="lawful", on="2022-09-05", until="2022-09-06")
    said = page(city, left)
    assert "2022-09-03、2022-09-04、2022-09-07" in said and "扣除合法离开 2 日" in said
    event = left.events.get(word="left")
    said = text_of(post(city, left, f"events/{event.pk}/object", reason="那几天在工地,报告过"))
    assert "已登记异议" in said and "有异议" in said


def test_which_case_of_the_law_it_is_is_said_by_a_person(city: City) -> None:
    case = {
        "number": "A1", "title": "一案", "case_kind": "criminal", "offence": "CL347",
        "division": city.divisions["龙洞社区"].pk, "filed_on": date(2022, 11, 1),
    }  # fmt: skip
    city.enter("cases", "officer", case)
    party = {
        "case_number": "A1", "name": "测试寅", "role": "suspect", "caught_on": date(2022, 11, 20),
        "outcome": "detained", "outcome_on": date(2022, 11, 20),
    }  # fmt: skip
    city.enter("parties", "officer", party)
    running = RunningClock.objects.get(code="D70")
    assert running.undecided and "法律分几种情形" in page(city, running, who="officer")
    said = text_of(post(city, running, "choose", who="officer", option="special"))
    assert "已选定适用情形" in said and "2022-11-27" in said and "情形由 韩警官 选定" in said
    assert "没有这种情形" in text_of(post(city, running, "choose", who="officer", option="none"))


@pytest.mark.parametrize("who", ["clerk", "leader", "town_leader", "auditor", "doctor", "liaison", "security"])
def test_who_reads_no_such_row_is_told_whose_they_are(city: City, report: RunningClock, who: str) -> None:
    for path in ("/clocks/", f"/clocks/{report.pk}/"):
        answer = browser_of(city, who).get(path)
        assert answer.status_code == 403 and "测试" not in answer.content.decode()


@pytest.mark.parametrize("who", ["stranger", "officer", "caseworker"])
def test_another_towns_clock_is_not_there(city: City, report: RunningClock, who: str) -> None:
    browser = browser_of(city, who)
    assert browser.get(f"/clocks/{report.pk}/").status_code == 404
    assert "测试乙" not in text_of(browser.get("/clocks/?state=all"))
    event = report.events.get()
    for path in ("record", "choose", "check", "decide", f"events/{event.pk}/correct", f"events/{event.pk}/withdraw", f"events/{event.pk}/object"):
        assert browser.post(f"/clocks/{report.pk}/{path}/", {"version": 1}).status_code == 404
    assert report.events.count() == 1


def test_today_carries_the_clocks_own_reason_and_a_pause_takes_it_away(city: City, report: RunningClock) -> None:
    first = browser_of(city, "supervisor").get("/today/")
    assert "测试乙 还没有报到" in text_of(first) and f'href="/clocks/{report.pk}/"' in first.content.decode()
    assert "次日起算 15 日(《戒毒条例》第十四条);2022-11-18 届满" in text_of(first)
    post(city, report, "record", word="custody", on="2022-11-08")
    assert "还没有报到" not in text_of(browser_of(city, "supervisor").get("/today/"))


def test_today_asks_to_look_into_a_full_counter_without_a_conclusion(city: City) -> None:
    (row,) = city.enter("measures", "supervisor", measure_values(city, 1))
    running = RunningClock.objects.get(subject_id=row.pk, code="D24")
    for day in (1, 8, 15):
        post(city, running, "record", word="refused", on=f"2022-03-{day:02d}")
    said = text_of(browser_of(city, "supervisor").get("/today/"))
    assert "拒绝或者逃避检测的次数:3 次,达到条文" in said and "由人核实、决定" in said
