"""Three years of one person's way back in the browser, by those who walk it with them: a move, a stay in hospital, an arrest and its
release, a relapse, a conversion with credit, and the check-up that meets them at its end. Every date a page shows is the one the counter on its fingers finds.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qingyuan.casework.models import RunningClock
from qingyuan.rehabilitation.actions import own_page
from qingyuan.rehabilitation.models import CampaignLine, Client, Measure
from qingyuan.web.own_page import session
from tests.browser.conftest import PATIENCE, Enter, Visitor, follow
from tests.cast import City, measure_values
from tests.rehabilitation.test_campaigns import issued
from tests.rehabilitation.test_three_years import (
    ARRESTED,
    ARRIVED,
    AWAY,
    BACK,
    DECIDED,
    FREED,
    IN_BED,
    MOVED,
    RELAPSED,
    REPORTED,
    SECOND_REPORT,
    SERVED,
    WHO,
    days_after,
    days_between,
    last_served,
    years_of_days,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]
PIN = "402817"
PHONE = {"width": 390, "height": 844}
CREDIT = days_between(RELAPSED, BACK)
#: Why somebody was away, and what a helper's page alone may say: on no page of this walk.
NEVER = ("医院", "住院", "看守所", "法院")


def fill_in(page: Page, **values: Any) -> None:
    """Fill the form that has these fields and send it; the walk stops where a field comes back with an error."""
    form = page.locator(f"form:has([name={next(iter(values))}])").last
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        text = value.isoformat() if isinstance(value, date) else str(value)
        if field.evaluate("node => node.tagName") == "SELECT":
            if field.locator(f"option[value='{text}']").count():
                field.select_option(text)
            else:
                field.select_option(label=text)
        else:
            field.fill(text)
    follow(page, form.locator(".form-end button").first)
    expect(page.locator(".field.wrong")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


def new_row(visitor: Visitor, ledger: str, **values: Any) -> None:
    fill_in(visitor.go(f"/ledgers/{ledger}/new/"), **values)


def recorded(visitor: Visitor, client: Client, ledger: str, **values: Any) -> None:
    """A row about the person, entered from their own page."""
    fill_in(visitor.go(f"/people/{client.pk}/record/{ledger}/"), **values)
    expect(visitor.page).to_have_url(f"{visitor.url}/people/{client.pk}/")


def tells(visitor: Visitor, row: Any, code: str, day: date) -> None:
    """The page of the row's clock shows this day as its last, and the engine has it."""
    running = RunningClock.objects.get(subject_id=row.pk, code=code)
    expect(visitor.go(f"/clocks/{running.pk}/").locator("main")).to_contain_text(day.isoformat())
    assert running.last_day == day and running.trouble == ""


def first_measure(caseworker: Visitor, city: City) -> tuple[Client, Measure]:
    """The caseworker enters the decision and sees the fifteen days, then the report and the three years."""
    home = city.divisions["龙洞社区"].code
    new_row(
        caseworker, "measures", name=WHO["name"], id_number=WHO["id_number"], kind="CD", division=home, decided_on=DECIDED,
        served_on=SERVED, reported_on=REPORTED, agreement_on=date(2019, 2, 12),
    )  # fmt: skip
    client, row = Client.objects.get(), Measure.objects.get()
    tells(caseworker, row, "D20", days_after(SERVED, 15))
    tells(caseworker, row, "D22", last_served(REPORTED))
    return client, row


def the_move_and_the_days_away(caseworker: Visitor, client: Client) -> None:
    recorded(caseworker, client, "moves", moved_on=MOVED, place="石桥镇", papers_on=date(2019, 8, 5), arrived_on=ARRIVED)
    paper = {"lawful": "是", "document_number": "证2019-31", "seen_by": "李秀"}
    recorded(caseworker, client, "absences", left_on=IN_BED[0], back_on=IN_BED[1], **paper)
    recorded(caseworker, client, "absences", left_on=AWAY[0], back_on=AWAY[1], lawful="否")
    page = caseworker.page.locator("main")
    expect(page).to_contain_text("石桥镇(转入,时间连续)")
    expect(page).to_contain_text("未请假")


def the_arrest_and_the_release(supervisor: Visitor, client: Client, row: Measure) -> None:
    recorded(supervisor, client, "suspensions", stopped_on=ARRESTED, resumed_on=FREED, document_number="中止〔2020〕3号")
    met = {"released_on": FREED, "met_on": FREED, "met_by": "李秀", "papers_on": FREED}
    recorded(supervisor, client, "releases", origin="custody", expected_on=FREED, **met)
    tells(supervisor, row, "D22", last_served(REPORTED, [(ARRESTED, FREED)]))


def the_relapse_is_reported(caseworker: Visitor, officer: Visitor, row: Measure) -> None:
    """The caseworker signs for the facts; the officer finds the delivery on «today», reads exactly them and signs."""
    page = caseworker.go(f"/gates/G4/new/?ledger=measures&row={row.pk}")
    fill_in(page, to_unit="市公安局禁毒大队", what="used", happened_on=RELAPSED, facts="约谈时承认又吸食。")
    theirs = officer.go("/today/")
    line = theirs.locator(".jobs > li", has_text="依法移交待签收:拒绝、复吸、严重违反协议报告")
    expect(line).to_have_count(1)
    follow(theirs, line.get_by_role("link", name="去签收"))
    expect(theirs.locator("main")).to_contain_text(RELAPSED.isoformat())
    follow(theirs, theirs.get_by_role("button", name="签收"))
    expect(theirs.locator("main")).to_contain_text("韩警官")


def the_conversion(supervisor: Visitor, client: Client, row: Measure, city: City) -> Measure:
    """Isolation decided, then changed into detox again: what was served inside counts."""
    home = city.divisions["龙洞社区"].code
    fill_in(supervisor.go(f"/ledgers/measures/{row.pk}/change/?at=ended_on"), ended_on=RELAPSED, end_reason="converted")
    who = {"name": WHO["name"], "id_number": WHO["id_number"]}
    new_row(supervisor, "isolation", **who, division=home, decided_on=RELAPSED, ends_on=date(2023, 5, 9), released_on=BACK)
    recorded(supervisor, client, "releases", origin="isolation", expected_on=BACK, released_on=BACK, met_on=BACK, met_by="李秀、王平")
    new_row(
        supervisor, "measures", **who, kind="CD", division=home, decided_on=BACK, served_on=BACK, reported_on=SECOND_REPORT,
        agreement_on=SECOND_REPORT,
    )  # fmt: skip
    recorded(supervisor, client, "credits", credited_on=BACK, days=CREDIT, document_number="变更〔2022〕9号")
    return Measure.objects.get(decided_on=BACK)


def the_check_up_accounts_for_them(supervisor: Visitor, clerk: Visitor, city: City) -> None:
    """The city's check-up has one line about the walked person: found on «today», settled with an end state; the office sees that the
    town is through, and no name."""
    campaign = issued(city)
    page = supervisor.go("/today/")
    line = page.locator(".jobs > li", has_text="普查:还有 1 人没有核到")
    expect(line).to_have_count(1)
    follow(page, line.get_by_role("link", name="去核"))
    follow(page, page.get_by_role("link", name=WHO["name"]))
    fill_in(page, state="seen", happened_on=date(2022, 11, 20), words="在村委会见到,两名工作人员在场")
    expect(supervisor.go(f"/campaigns/{campaign.pk}/?show=all").locator("main")).to_contain_text("见面已核")
    row = CampaignLine.objects.get()
    assert (row.state, row.said_by_name, row.client.name) == ("seen", "吴主任", WHO["name"])
    theirs = clerk.go(f"/campaigns/{campaign.pk}/").locator("main")
    expect(theirs).to_contain_text("龙洞镇")
    assert WHO["name"] not in theirs.inner_text()


def the_whole_way_is_told(supervisor: Visitor, client: Client, second: Measure) -> None:
    ends = last_served(SECOND_REPORT, already=CREDIT)
    tells(supervisor, second, "D20", days_after(BACK, 15))
    tells(supervisor, second, "D22", ends)
    told = supervisor.go(f"/people/{client.pk}/").locator("main")
    for words in (f"折抵 {CREDIT} 日", "由 李秀、王平 接到", "强制隔离戒毒", f"预计 {ends.isoformat()} 期满"):
        expect(told).to_contain_text(words)
    text = told.inner_text()
    assert not any(word in text for word in NEVER)


def the_person_looks(browser: Any, url: str, code: str, ends: date) -> None:
    """On a phone, with the slip of paper alone; after closing, the back button shows nothing."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/own/")
    page.get_by_label("查询码").fill(code)
    follow(page, page.get_by_role("button", name="打开"))
    page.get_by_label("密码").fill(PIN)
    page.get_by_label("再输一次").fill(PIN)
    follow(page, page.get_by_role("button", name="设好,打开"))
    expect(page.locator("h1")).to_have_text("我的事项")
    expect(page.locator("main")).to_contain_text(f"到 {ends.isoformat()} 结束")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    follow(page, page.get_by_role("button", name="看完了,关闭"))
    expect(page.locator("h1")).to_have_text("本人查询")
    page.go_back()
    expect(page.locator("h1")).to_have_text("本人查询")
    assert "我的事项" not in page.locator("body").inner_text()
    context.close()


def test_three_years_are_walked_by_five_and_every_date_is_the_counters(
    city: City, live_server: Any, enter: Enter, chromium_browser: Any
) -> None:
    caseworker, supervisor, officer = enter("caseworker"), enter("supervisor"), enter("officer")
    client, row = first_measure(caseworker, city)
    the_move_and_the_days_away(caseworker, client)
    tells(caseworker, row.moves.get(), "D27", days_after(MOVED, 15))
    the_arrest_and_the_release(supervisor, client, row)
    the_relapse_is_reported(caseworker, officer, row)
    second = the_conversion(supervisor, client, row, city)
    tells(supervisor, client.isolations.get(), "D40", days_after(RELAPSED, years_of_days(RELAPSED, 2) - 1))
    the_whole_way_is_told(supervisor, client, second)
    doctor, clerk = enter("doctor"), enter("clerk")
    the_check_up_accounts_for_them(supervisor, clerk, city)
    for stranger in (doctor, clerk):
        page = stranger.go(f"/people/{client.pk}/")
        assert WHO["name"] not in page.locator("body").inner_text()
    officer.go(f"/people/{client.pk}/")
    assert WHO["name"] not in officer.page.locator("body").inner_text(), "the report named the person; the file stays closed"
    code = own_page.hand_out(client=client, by=city.actor("supervisor"))
    the_person_looks(chromium_browser, live_server.url, code, last_served(SECOND_REPORT, already=CREDIT))


def test_a_page_that_nobody_touches_closes_itself(
    city: City, live_server: Any, chromium_browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The five minutes by the server's clock, here made six seconds: the phone on the table shows the two fields again."""
    city.enter("measures", "supervisor", measure_values(city, 0))
    code = own_page.hand_out(client=Client.objects.get(), by=city.actor("supervisor"))
    monkeypatch.setattr(session, "SECONDS", 6)
    context = chromium_browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{live_server.url}/own/")
    page.get_by_label("查询码").fill(code)
    follow(page, page.get_by_role("button", name="打开"))
    expect(page.locator("h1")).to_have_text("设一个密码")
    expect(page.locator("h1")).to_have_text("本人查询", timeout=PATIENCE)
    context.close()
