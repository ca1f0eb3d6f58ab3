"""A small town's year in a running server: six people, every window tested but the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from qingyuan.casework.models import Due
from qingyuan.governance.actions.letters import issue
from qingyuan.governance.actions.returns import generate_due
from qingyuan.governance.models import Letter
from qingyuan.journeys import upkeep
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.models import Measure
from tests.cast import TODAY, City, id_number, measure_values
from tests.governance.conftest import Desk, desk
from tests.web.conftest import test_values

__all__ = ["desk"]
PASSWORD = "synthetic-pass-2022"
PEOPLE = 6
#: Milliseconds before a page is taken for broken: a machine that does other things besides is slow, not wrong.
PATIENCE = 45_000
expect.set_options(timeout=20_000)
IMPORTED_FROM = date(2022, 10, 1)
HEADER = ["序号", "姓 名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员"]


@dataclass
class Road:
    """The running city: its address, its people and papers."""

    url: str
    city: City
    letters: dict[str, Letter]

    def upkeep(self) -> None:
        """What the worker beside the pages does every few moments."""
        for duty in upkeep.duties():
            duty.do()


@pytest.fixture
def road(live_server: Any, desk: Desk) -> Road:
    city = desk.city
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in range(1, PEOPLE + 1)))
    for serial, due in _closed_dues():
        if due.last_day < IMPORTED_FROM:
            city.enter("tests", "supervisor", test_values(serial, tested_on=due.last_day))
    scheme = desk.publish_sheet()
    terms = desk.terms(scheme)
    letters = {town: _issue(desk, town, terms) for town in ("longdong", "shiqiao")}
    generate_due(city=city.divisions["云岭市"], month=Period.parse("2022-10"), by=desk.actor("clerk"))
    made = Road(live_server.url, city, letters)
    made.upkeep()
    return made


def _issue(desk: Desk, town: str, terms: Any) -> Letter:
    return issue(unit=desk.city.units[town], terms=terms, by=desk.actor("clerk"))


def _closed_dues() -> list[tuple[int, Due]]:
    """Windows that are over, each with the serial of its person."""
    serials = {measure.pk: _serial(measure) for measure in Measure.objects.select_related("client")}
    dues = Due.objects.filter(closes_on__lte=TODAY).order_by("closes_on")
    return [(serials[due.subject_id], due) for due in dues]


def _serial(measure: Measure) -> int:
    numbers = {id_number(100 + serial): serial for serial in range(1, PEOPLE + 1)}
    return numbers[measure.client.id_number]


def untested() -> list[tuple[int, Due]]:
    """Windows over and not tested, each with the serial of its person."""
    return [(serial, due) for serial, due in _closed_dues() if due.last_day >= IMPORTED_FROM]


def workbook(*, spoil: int = 1) -> bytes:
    """The town's sheet as offices keep it: a title, every window that is open still; ``spoil`` rows have an impossible day."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["龙洞镇2022年10—11月尿检登记表"])
    sheet.append(HEADER)
    for number, (serial, due) in enumerate(untested(), start=1):
        values = test_values(serial)
        day: Any = "2022.9.31" if number <= spoil else due.last_day - timedelta(days=1)
        sheet.append([number, values["name"], values["id_number"], day, "尿液", "阴性", "李秀、王平"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Visitor:
    """One person at a window of their own; ``broken`` collects what scripts and the security policy complain about."""

    page: Page
    url: str
    broken: list[str]

    def go(self, address: str) -> Page:
        self.page.goto(self.url + address)
        return self.page


def follow(page: Page, link: Locator) -> Page:
    """Click and wait until the next page has loaded: a script-dependent act before that does nothing, or something else."""
    with page.expect_navigation():
        link.click()
    return page


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(live_server: Any, chromium_browser: Browser) -> Iterator[Enter]:
    """Sign someone of the cast in, in a window of a given width; the test fails when any page of theirs breaks."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def come_in(who: str, width: int = 1366, height: int = 768) -> Visitor:
        context = chromium_browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": height}
        )
        visitor = Visitor(context.new_page(), live_server.url, [])
        visitor.page.set_default_timeout(PATIENCE)
        visitor.page.on("console", lambda message: _heard(visitor, message))
        visitor.page.on("pageerror", lambda error: visitor.broken.append(str(error)))
        opened.append((context, visitor))
        page = visitor.go("/sign-in/")
        page.get_by_label("账号").fill(who)
        page.get_by_label("口令").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/today/")
        return visitor

    yield come_in
    for context, _visitor in opened:
        context.close()
    assert [line for _context, visitor in opened for line in visitor.broken] == []


def _heard(visitor: Visitor, message: ConsoleMessage) -> None:
    if message.type == "error" and "Failed to load resource" not in message.text:
        visitor.broken.append(message.text)
