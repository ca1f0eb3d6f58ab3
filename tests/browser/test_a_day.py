"""A day of three people from 今天 alone: every line leads to its act, and after the act it is gone and its row tells what was done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import Terms
from qingyuan.casework.models import Due, HandOver, PaperDelivery
from qingyuan.documents.fonts import font_files
from qingyuan.governance.actions import returns
from qingyuan.governance.models import Instruction, Return, SupervisionOrder, UnitTask
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure
from qingyuan.situation.actions import requests
from qingyuan.situation.models import FigureAnswer
from tests.browser.conftest import Enter, Visitor, follow
from tests.browser.test_every_page import PHONE, runs_off
from tests.casework.conftest import Papers
from tests.cast import TODAY, City, measure_values
from tests.governance.conftest import Desk, desk
from tests.governance.orders import Orders

__all__ = ["desk"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]
DAY = timedelta(days=1)
A_WHILE_AGO = date(2022, 11, 1)


@dataclass
class Morning:
    """One person whose every step begins and ends on 今天; nothing is typed into the address bar after signing in."""

    page: Page

    def line(self, text: str) -> Locator:
        """A line of one's own; what was done may go on below, among what others do."""
        return self.page.locator(".card").first.locator(".jobs > li", has_text=text)

    def waiting(self, text: str) -> Locator:
        return self.page.locator(".card", has_text="等别人办").locator(".jobs > li", has_text=text)

    @contextmanager
    def doing(self, text: str, act: str) -> Iterator[Page]:
        """Press the button of a line, do what the block does, go back by one click: the line is gone."""
        line = self.line(text)
        expect(line).to_have_count(1)
        assert line.locator("small").inner_text().strip(), "every line says why"
        follow(self.page, line.get_by_role("link", name=act, exact=True))
        yield self.page
        follow(self.page, self.page.locator("#page").get_by_role("link", name="回到今天"))
        expect(self.page.locator("h1")).to_contain_text("今天")
        expect(self.line(text)).to_have_count(0)

    def told(self, words: str) -> None:
        """What was just done, at the top of the page it was done on."""
        expect(self.page.locator(".note-line.success")).to_contain_text(words)

    def pressing(self) -> list[str]:
        """What of one's own is overdue or due today."""
        return self.page.locator(".card").first.locator(".jobs > li.presses b").all_inner_texts()

    def is_over(self) -> None:
        """Nothing is late or due today, and the page, the road and the phone say so with one voice."""
        assert self.pressing() == []
        expect(self.page.locator(".page-head .sub")).to_contain_text(re.compile("· (0 件逾期或今天到期|没有等您办的事)"))
        expect(self.page.locator(".phone-bar .count.late")).to_have_count(0)


@pytest.fixture
def day(live_server: Any, desk: Desk, tmp_path: Any, settings: Any) -> City:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return desk.city


def morning(enter: Enter, who: str, *size: int) -> Morning:
    visitor: Visitor = enter(who, *size)
    return Morning(visitor.page)


# --- the town's caseworker, on a phone --------------------------------------------------------------------------------
def _people(city: City) -> None:
    """Four people of one caseworker: not reported and due today, two windows missed, one window that ends today."""
    late = {"decided_on": date(2022, 11, 7), "served_on": date(2022, 11, 8), "reported_on": None, "agreement_on": None}
    rows = [measure_values(city, 1, **late)]
    for serial, days in ((2, 44), (3, 40), (4, 30)):
        reported = TODAY - days * DAY
        rows.append(measure_values(city, serial, reported_on=reported, agreement_on=reported, served_on=reported - DAY, decided_on=reported - DAY))
    city.enter("measures", "caseworker", *rows)
    closed = Due.objects.filter(closes_on__lte=TODAY + DAY, outcome="open").order_by("closes_on")
    assert [(due.last_day < TODAY) for due in closed] == [True, True, False]


def test_a_caseworker_works_a_day_on_a_phone(day: City, enter: Enter) -> None:
    _people(day)
    her = morning(enter, "caseworker", *PHONE)
    assert runs_off(her.page) <= 0
    assert len(her.pressing()) == 4

    first = _closed(0)
    with her.doing(_name(first), "核对") as page:
        page.get_by_role("button", name="登记合法缺席").click()
        her.told("已登记合法缺席")
        expect(page.locator(".tag").first).to_contain_text("合法缺席")
        assert runs_off(page) <= 0
    assert Due.objects.get(pk=first.pk).outcome == "excused"

    second = _closed(1)
    with her.doing(_name(second), "核对") as page:
        follow(page, page.get_by_role("link", name="记一次检测"))
        expect(page.get_by_label("检测日期")).to_have_value("")
        _test(page, second.last_day)
        her.told("对应的检测窗口已了结")
        expect(page.locator("h1")).to_contain_text(_name(second))
    assert Due.objects.get(pk=second.pk).done_on == second.last_day

    ending = Due.objects.get(closes_on=TODAY + DAY)
    with her.doing(_name(ending), "记检测") as page:
        expect(page.get_by_label("检测日期")).to_have_value(TODAY.isoformat())
        _test(page, TODAY)
        her.told("对应的检测窗口已了结")
        assert runs_off(page) <= 0
    assert CommunityTest.objects.count() == 2

    with her.doing("还没有报到", "登记报到") as page:
        reported = page.get_by_label("报到日期")
        expect(reported).to_be_focused()
        reported.fill(TODAY.isoformat())
        follow(page, page.get_by_role("button", name="保存"))
        her.told("已修改")
        expect(page.locator("#page")).to_contain_text("2022-11-23")
    assert Measure.objects.filter(reported_on=TODAY).count() == 1
    her.is_over()


def _closed(number: int) -> Due:
    """The missed windows, the earliest first."""
    return list(Due.objects.filter(closes_on__lte=TODAY).order_by("closes_on"))[number]


def _name(due: Due) -> str:
    return Client.objects.get(pk=Measure.objects.get(pk=due.subject_id).client_id).name


def _test(page: Page, on: date) -> None:
    page.get_by_label("检测日期").fill(on.isoformat())
    page.get_by_label("结果").select_option(label="阴性")
    page.get_by_label("检测人").fill("何姐、王平")
    follow(page, page.get_by_role("button", name="保存"))


# --- the prosecutor ---------------------------------------------------------------------------------------------------
def _for_the_prosecutor(city: City) -> None:
    """A return that is late, an order and a question due today, a paper to sign for, a task of the office's own plan."""
    clerk = city.actor("clerk")
    returns.generate_due(city=city.divisions["云岭市"], month=Period.parse("2022-10"), by=clerk)
    order = Orders(city)
    made = order.draft("procuratorate", due=TODAY, on=A_WHILE_AGO, subject="说明退回补充侦查情况", basis="省院通报要求说明。", asked="写明原因和办法。")
    order.step(order.step(made, "submit", "clerk", A_WHILE_AGO), "issue", "leader", A_WHILE_AGO)
    Papers(city).served("procuratorate")
    PaperDelivery.objects.filter(paper__source="").update(served_on=A_WHILE_AGO, answer_by=TODAY)
    asked = requests.register(asking=requests.Asking("办案情况", "州禁毒办", "州禁办函3号", A_WHILE_AGO, TODAY), by=clerk)
    question = requests.add_question(asked=asked, question=requests.Question("提前介入的案件", measure="件"), by=clerk)
    requests.ask_units(question=question, units=[city.units["procuratorate"]], by=clerk)
    requests.pass_on(asked=asked, by=clerk)
    plan = {"year": 2022, "title": "市检察院 2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "办案和宣传"}
    city.enter("unit_plans", "prosecutor", plan)
    told = {"first_quarter": "启动", "second_quarter": "推进", "third_quarter": "推进"}
    task = {"year": 2022, "item": 1, "duty": "禁毒法第四条", "task": "检察官进校园", "done_when": "四场", "due_on": TODAY - 3 * DAY}
    city.enter("unit_tasks", "prosecutor", task | told)


def test_a_prosecutor_works_a_day(day: City, enter: Enter) -> None:
    _for_the_prosecutor(day)
    his = morning(enter, "prosecutor")
    assert his.pressing()[0].startswith("检察机关禁毒月报"), "the longest overdue stands first"
    assert len(his.pressing()) == 5

    with his.doing("检察机关禁毒月报", "办理") as page:
        for field in page.locator(".return-cells input[inputmode=decimal]").all():
            field.fill("2")
        page.get_by_label("本单位审核人").fill("严检")
        follow(page, page.get_by_role("button", name="报送"))
        his.told("已报出")
        expect(page.locator(".page-head")).to_contain_text("等禁毒办审核")
    assert Return.objects.get(unit__code="procuratorate", period="2022-10").first_submitted_on == TODAY

    with his.doing("任务 检察官进校园", "填完成情况") as page:
        expect(page.get_by_label("完成日期")).to_be_focused()
        page.get_by_label("完成日期").fill("2022-11-18")
        page.get_by_label("完成依据").fill("四场活动记录")
        follow(page, page.get_by_role("button", name="保存"))
        his.told("已修改")
        expect(page.locator("#page")).to_contain_text("四场活动记录")
    assert UnitTask.objects.get().done_on == date(2022, 11, 18)

    with his.doing("公文待签收", "签收") as page:
        expect(page.locator(".official")).to_contain_text("压实责任")
        follow(page, page.get_by_role("button", name="签收"))
        his.told("已签收")
    assert PaperDelivery.objects.get(paper__source="").received_on == TODAY

    with his.doing("督办单已下达:说明退回补充侦查情况", "签收") as page:
        follow(page, page.get_by_role("button", name="签收"))
        expect(page.locator(".passages")).to_contain_text("签收")
    with his.doing("督办单办理中:说明退回补充侦查情况", "反馈办理情况") as page:
        page.get_by_label("办理情况").fill("两件已说明原因，建立周会商。")
        follow(page, page.get_by_role("button", name="反馈办理情况"))
        expect(page.locator(".passages")).to_contain_text("两件已说明原因")
    assert SupervisionOrder.objects.get().state == "answered"

    with his.doing("要数:提前介入的案件", "答复") as page:
        page.get_by_label("本单位的答复").fill("6")
        follow(page, page.get_by_role("button", name="答复"))
        expect(page.locator("tbody tr", has_text="提前介入的案件")).to_contain_text("已答复")
    assert FigureAnswer.objects.get().number == 6
    his.is_over()


# --- the clerk of the commission's office -----------------------------------------------------------------------------
def _for_the_clerk(city: City) -> None:
    """An answer to check, an order past its day, an instruction to answer, a hand-over nobody answered, returns come and not come."""
    clerk = city.actor("clerk")
    order = Orders(city)
    order.received(on=A_WHILE_AGO, due=TODAY - 2 * DAY, subject="补齐缺检")
    order.answered(subject="落实夜间值守")
    given = {"document_number": "州批〔2022〕6号", "level": "prefecture", "given_on": A_WHILE_AGO, "content": "汇总示范学校名单", "due_on": TODAY}
    city.enter("instructions", "clerk", given)
    city.enter("measures", "caseworker", measure_values(city, 1))
    handovers.offer(
        keeper=CODE, subjects=[Client.objects.get().pk], to_unit=city.units["shiqiao"], to_caseworker=None,
        terms=Terms("moved", "本人迁往石桥镇"), by=city.actor("supervisor"), on=A_WHILE_AGO,
    )  # fmt: skip
    assert HandOver.objects.get().answer_by == date(2022, 11, 16)
    returns.generate_due(city=city.divisions["云岭市"], month=Period.parse("2022-10"), by=clerk)
    filed = Return.objects.get(unit__code="procuratorate", period="2022-10")
    returns.save_draft(filed=filed, cells={"received": "2", "received_people": "2", "charged_people": "1"}, by=city.actor("prosecutor"))
    returns.submit(filed=Return.objects.get(pk=filed.pk), reviewer_name="严检", by=city.actor("prosecutor"))


def test_a_clerk_works_a_day(day: City, enter: Enter) -> None:
    _for_the_clerk(day)
    her = morning(enter, "clerk")
    assert len(her.pressing()) == 4

    with her.doing("检察机关禁毒月报", "办理") as page:
        follow(page, page.get_by_role("button", name="审核通过"))
        follow(page, page.get_by_role("button", name="锁定"))
        her.told("已锁定")
        expect(page.locator(".page-head")).to_contain_text("已锁定")

    with her.doing("未反馈督办单 云禁督〔2022〕1号", "催办或提级") as page:
        reason = page.get_by_label("催办的话")
        expect(reason).to_be_visible()
        reason.fill("请今天反馈。")
        follow(page, page.get_by_role("button", name="催办"))
        expect(page.locator(".passages")).to_contain_text("请今天反馈。")
    expect(her.waiting("督办单 云禁督〔2022〕1号 补齐缺检")).to_contain_text("应于 2022-11-21 反馈")

    with her.doing("移交逾期没有答复", "督办") as page:
        expect(page.get_by_label("依据")).to_have_value("龙洞镇人民政府2022年11月1日移交石桥镇人民政府的服务对象，应于2022年11月16日前答复，至今没有答复。")
        expect(page.get_by_label("石桥镇人民政府")).to_be_checked()
        follow(page, page.get_by_role("button", name="存为草稿"))
        her.told("已起草")
    with her.doing("督办单起草中:答复逾期的移交", "送签") as page:
        follow(page, page.get_by_role("button", name="送签"))
        expect(page.locator("h1")).to_contain_text("待签发")

    with her.doing("批示待反馈 州批〔2022〕6号", "填反馈") as page:
        expect(page.get_by_label("反馈日期")).to_be_focused()
        page.get_by_label("反馈日期").fill(TODAY.isoformat())
        page.get_by_label("办理情况").fill("名单已报。")
        follow(page, page.get_by_role("button", name="保存"))
        her.told("已修改")
        expect(page.locator("#page")).to_contain_text("名单已报。")
    assert Instruction.objects.get().answered_on == TODAY
    her.is_over()

    with her.doing("督办单待核查:落实夜间值守", "去核查") as page:
        page.get_by_label("核查情况").fill("查看值班表，属实。")
        follow(page, page.get_by_role("button", name="核查通过,办结"))
        expect(page.locator("h1")).to_contain_text("已办结")
    (checked,) = [order for order in SupervisionOrder.objects.all() if order.subject == "落实夜间值守"]
    assert checked.state == "closed"

    # Of two towns that have not filed: the line stays with those one waits for, and says that it was asked.
    waiting = her.waiting("乡镇(街道)禁毒工作月报").filter(has_text="石桥镇")
    page = follow(her.page, waiting.get_by_role("link", name="去催", exact=True))
    follow(page, page.get_by_role("button", name="催报"))
    her.told("已催")
    follow(page, page.locator("#page").get_by_role("link", name="回到今天"))
    expect(waiting).to_contain_text("11-23 催报")
