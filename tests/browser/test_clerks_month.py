"""A clerk's month, walked by five people from 今天 alone: collect, check, close, answer other offices, issue the bulletin."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect

from qingyuan.casework.models import Paper
from qingyuan.documents.fonts import font_files
from qingyuan.governance.models import Meeting, Return
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.rehabilitation.models import CommunityTest
from tests.browser.conftest import PASSWORD, Enter, Road, follow, untested, workbook
from tests.cast import BEGAN
from tests.security.planted import catalogue_code

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]
FORMS = Path(__file__).resolve().parents[2] / "examples" / "forms"
MONTHLY = FORMS / "演示州禁毒办_乡镇禁毒工作情况月报表.xlsx"
QUARTERLY = FORMS / "云岭市平安办_平安建设禁毒部分情况表.docx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OCTOBER = "2022 年 10 月"
#: Cracked in October, by town; from 1 January only one more.
CASES = {"龙洞镇": (date(2022, 10, 11),), "石桥镇": (date(2022, 10, 12), date(2022, 10, 20), date(2022, 3, 2))}


@dataclass
class Desk:
    """One person at a window; every step of theirs begins with a line of 今天."""

    page: Page
    url: str

    def today(self, line: str, act: str, *, whose: str = "") -> Page:
        """Open 今天, find the line, press its button."""
        self.page.goto(f"{self.url}/today/")
        found = self.page.locator(".jobs > li", has_text=line)
        line_of = (found.filter(has_text=whose) if whose else found).first
        return follow(self.page, line_of.get_by_role("link", name=act, exact=True))

    def is_asked(self, line: str) -> bool:
        self.page.goto(f"{self.url}/today/")
        expect(self.page.locator("h1")).to_contain_text("今天")
        return self.page.locator(".jobs > li", has_text=line).count() > 0


@pytest.fixture
def month(road: Road) -> Road:
    """The road's city with a leader for 石桥镇 and cases of the police."""
    city = road.city
    account = Account(username="far_leader", name="石镇长", unit=city.units["shiqiao"])
    account.set_password(PASSWORD)
    account.save()
    RoleGrant.objects.create(
        account=account, role=Role.TOWN_LEADER, division=city.divisions["石桥镇"], start=BEGAN, granted_by="set-up"
    )
    for place, days in CASES.items():
        for number, day in enumerate(days):
            _case(road, place, f"{place}{number}", day)
    road.upkeep()
    return road


def _case(road: Road, place: str, number: str, day: date) -> None:
    values = {
        "number": number,
        "title": f"{number}案",
        "case_kind": "criminal",
        "offence": catalogue_code("offences"),
        "drug_main": catalogue_code("drugs"),
        "division": road.city.divisions[place].pk,
        "filed_on": day - timedelta(days=1),
        "cracked_on": day,
    }
    road.city.enter("cases", "officer", values)


@pytest.fixture
def seat(month: Road, enter: Enter) -> Callable[[str], Desk]:
    return lambda who: Desk(enter(who).page, month.url)


def test_a_month_from_the_first_sheet_to_the_last_receipt(month: Road, seat: Callable[[str], Desk]) -> None:
    clerk, leader = seat("clerk"), seat("leader")
    town, town_leader = seat("supervisor"), seat("town_leader")
    far, far_leader = seat("stranger"), seat("far_leader")
    _towns_bring_in_their_ledgers(month, town, far)
    _returns_come_and_a_late_one_is_asked_for(clerk, town, town_leader, far, far_leader)
    _months_close_from_below(clerk, leader, ((town, town_leader), (far, far_leader)))
    _what_comes_later_is_a_late_entry(month, town)
    _two_forms_of_other_offices_go_out(clerk)
    _the_bulletin_is_issued_and_received(clerk, leader, town, far)
    assert not clerk.is_asked("通报")


# --- collect and check ------------------------------------------------------------------------------------------------
def _towns_bring_in_their_ledgers(month: Road, town: Desk, far: Desk) -> None:
    before, good = CommunityTest.objects.count(), len(untested()) - 1
    page = _upload(town, "龙洞镇尿检.xlsx", _with_a_row_twice(workbook(spoil=1)))
    bad = page.locator("table.bad-rows")
    expect(bad).to_contain_text("9 月没有 31 日")
    expect(bad).to_contain_text(re.compile(r"与本表第 \d+ 行重复"))
    with page.expect_download() as returned:
        page.get_by_role("link", name="下载问题行").click()
    page.get_by_role("button", name=f"只入库没问题的 {good} 行").click()
    expect(page.get_by_text(f"已入库 {good} 行")).to_be_visible()
    month.upkeep()
    assert _missed(town) == 1, "the row that was sent back is still missing"
    page = _upload(town, "改好的.xlsx", _mended(_taken(returned.value)))
    expect(page.locator("main")).to_contain_text("不变")
    page.get_by_role("button", name=re.compile(r"入库.* \d+ 行$")).click()
    expect(page.get_by_text("已入库 1 行")).to_be_visible()
    assert CommunityTest.objects.count() == before + good + 1

    page = _upload(far, "石桥镇会议.xlsx", _meetings(("2022年10月9日", "研究禁毒工作"), ("2022-10-25", "调度毒情")))
    page.get_by_role("button", name="入库 2 行").click()
    expect(page.get_by_text("已入库 2 行")).to_be_visible()
    month.upkeep()
    assert _missed(town) == 0


def _missed(desk: Desk) -> int:
    """How many windows are past without a test, as 办理 lists them."""
    desk.page.goto(f"{desk.url}/dues/?state=late")
    expect(desk.page.locator("h1")).to_be_visible()
    return desk.page.locator("table tbody tr").count()


def _upload(desk: Desk, name: str, data: bytes) -> Page:
    page = desk.page
    page.goto(f"{desk.url}/today/")
    follow(page, page.locator(".road").get_by_role("link", name="台账"))
    follow(page, page.get_by_role("link", name="导入表格"))
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": data})
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/**")
    expect(page.locator(".import-tiles")).to_be_visible()
    return page


def _with_a_row_twice(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[sheet.max_row]])
    return _bytes(book)


def _taken(download: Download) -> io.BytesIO:
    """What was downloaded; kept without its name, by which office libraries would judge it."""
    return io.BytesIO(Path(download.path()).read_bytes())


def _mended(file: io.BytesIO) -> bytes:
    """The rows that came back, as a person mends them: the impossible day corrected, the row that stood twice deleted."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    wrong = [cell for row in sheet.iter_rows() for cell in row if cell.value == "2022.9.31"]
    assert len(wrong) == 1, "what was typed comes back as it was typed"
    _serial, due = untested()[0]
    wrong[0].value = due.last_day - timedelta(days=1)
    twice = [cell.row for row in sheet.iter_rows() for cell in row if "重复" in str(cell.value)]
    for row in reversed(twice):
        sheet.delete_rows(row)
    return _bytes(book)


def _meetings(*rows: tuple[str, str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["会议日期", "会议类别", "会议名称", "专题研究禁毒", "议定事项"])
    for day, title in rows:
        sheet.append([day, "党委会", title, "是", "补齐检测"])
    return _bytes(book)


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- returns ----------------------------------------------------------------------------------------------------------
def _returns_come_and_a_late_one_is_asked_for(
    clerk: Desk, town: Desk, town_leader: Desk, far: Desk, far_leader: Desk
) -> None:
    _file(town, "罗镇长")
    _approve(town_leader)
    _approve_and_lock(clerk, "龙洞镇")
    page = clerk.today(f"月报 {OCTOBER}", "去催", whose="石桥镇")
    page.get_by_role("button", name="催报").click()
    expect(page.locator(".note-line.success")).to_contain_text("已催石桥镇")
    expect(page.get_by_role("button", name="催报")).to_have_count(0)
    assert far.is_asked("禁毒办 11-23 催报")
    _file(far, "石镇长")
    _approve(far_leader)
    _approve_and_lock(clerk, "石桥镇")
    assert Return.objects.filter(form="XZ-01", period="2022-10").locked().count() == 2


def _file(desk: Desk, reviewer: str) -> None:
    page = desk.today(f"月报 {OCTOBER}", "办理")
    for field in page.locator(".return-cells input[inputmode=decimal]").all():
        field.fill("1")
    page.get_by_label("本单位审核人").fill(reviewer)
    page.get_by_role("button", name="报送").click()
    expect(page.locator(".note-line.success")).to_contain_text("已报出")


def _approve(desk: Desk) -> None:
    page = desk.today(f"月报 {OCTOBER}", "办理")
    page.get_by_role("button", name="审核通过").click()
    expect(page.locator(".note-line.success")).to_contain_text("已审核通过")


def _approve_and_lock(clerk: Desk, place: str) -> None:
    page = clerk.today(f"月报 {OCTOBER}", "办理", whose=place)
    page.get_by_role("button", name="审核通过").click()
    page.get_by_role("button", name="锁定").click()
    expect(page.locator(".note-line.success")).to_contain_text("已锁定")


# --- close ------------------------------------------------------------------------------------------------------------
def _months_close_from_below(clerk: Desk, leader: Desk, towns: tuple[tuple[Desk, Desk], ...]) -> None:
    clerk.today("2 个下级没有关账", "看是谁")
    page = _declare(clerk)
    expect(page.locator(".note-line.error")).to_contain_text("还有 2 个下级没有关账")
    for own, head in towns:
        page = own.today(f"{OCTOBER}的数字待核对关账", "去核对")
        follow(page, page.get_by_role("link", name="看这个月的数字").first)
        expect(page.locator("h1")).to_contain_text("形势")
        expect(page.locator("#page")).to_contain_text(OCTOBER)
        own.today(f"{OCTOBER}的数字待核对关账", "去核对")
        expect(_declare(own).locator(".note-line.success")).to_contain_text("已提交核对")
        page = head.today(f"{OCTOBER}待批准关账", "去批准")
        page.get_by_role("button", name="批准关账").click()
        expect(page.locator(".note-line.success")).to_contain_text("已关账")
    assert not clerk.is_asked("没有关账")
    clerk.today(f"{OCTOBER}的数字待核对关账", "去核对")
    expect(_declare(clerk).locator(".note-line.success")).to_contain_text("已提交核对")
    page = leader.today(f"{OCTOBER}待批准关账", "去批准")
    page.get_by_role("button", name="批准关账").click()
    expect(page.locator(".note-line.success")).to_contain_text("已关账")


def _declare(desk: Desk) -> Page:
    """On the page of closing: declare the newest month checked."""
    page = desk.page
    page.get_by_role("button", name="提交核对").first.click()
    page.locator("dialog[open]").get_by_role("button", name="提交核对").click()
    expect(page.locator(".note-line").first).to_be_visible()
    return page


def _what_comes_later_is_a_late_entry(month: Road, town: Desk) -> None:
    page = town.page
    page.goto(f"{month.url}/ledgers/meetings/new/")
    page.get_by_label("会议日期").fill("2022-10-27")
    page.get_by_label("会议类别").select_option(index=1)
    page.get_by_label("会议名称").fill("补登的会议")
    page.get_by_label("专题研究禁毒").first.select_option(label="是")
    page.get_by_label("议定事项").fill("开展大走访")
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator(".note-line.success")).to_be_visible()
    assert "补登的会议" in [meeting.title for meeting in Meeting.objects.all()]
    month.upkeep()
    page.goto(f"{month.url}/indicators/G01/?period=2022-10")
    expect(page.locator(".figure-head .big")).to_contain_text("0")
    expect(page.locator(".late-entries")).to_contain_text("补报")
    expect(page.locator(".late-entries")).to_contain_text("连同补报现为 1")


# --- other offices ----------------------------------------------------------------------------------------------------
def _two_forms_of_other_offices_go_out(clerk: Desk) -> None:
    page = _receive(clerk, MONTHLY, "乡镇月报表", "演示州禁毒办")
    _bind_words(page, "c-1-B2", "unit")
    for cell, indicator, rule in (("c-1-B5", "E01", "month"), ("c-1-C5", "E01", "year"), ("c-1-H5", "G01", "month")):
        _bind(page, cell, indicator, rule)
    assert clerk.is_asked("来表待绑定:乡镇月报表"), "half-bound is said on the first page"
    page = clerk.today("来表待绑定:乡镇月报表", "接着绑定")
    _save_template(page)
    page = _receive(clerk, QUARTERLY, "平安建设表", "云岭市平安办")
    _bind_words(page, "c-p2-1", "unit")
    for cell, indicator in (("c-t1-R3C3", "E01"), ("c-t1-R9C3", "G07")):
        _bind(page, cell, indicator, "year")
    _save_template(page)

    book = openpyxl.load_workbook(_fill(clerk, "乡镇月报表"))
    sheet = book["月报"]
    rows = {sheet.cell(row, 1).value: row for row in range(6, 29)}
    for town, row in rows.items():
        if town in CASES:
            shown = [_figure(clerk, code, town, period) for code, period in _columns()]
            assert [sheet.cell(row, column).value for column in (2, 3, 8)] == shown, town
    assert [sheet.cell(rows["石桥镇"], column).value for column in (2, 3, 8)] == [2, 3, 2]
    assert sheet["B2"].value == "市禁毒办" and str(sheet["B28"].value).startswith("=SUM"), "the form's own sum stays"

    paper = docx.Document(_fill(clerk, "平安建设表"))
    cells = paper.tables[0].rows
    assert cells[2].cells[2].text == str(_figure(clerk, "E01", "云岭市", "2022-01..2022-10")) == "4"
    assert float(cells[8].cells[2].text) == _figure(clerk, "G07", "云岭市", "2022-01..2022-10")
    assert any("市禁毒办" in line.text for line in paper.paragraphs)


def _columns() -> tuple[tuple[str, str], ...]:
    return ("E01", "2022-10"), ("E01", "2022-01..2022-10"), ("G01", "2022-10")


def _receive(clerk: Desk, file: Path, title: str, sent_by: str) -> Page:
    page = clerk.page
    page.goto(f"{clerk.url}/today/")
    follow(page, page.locator(".road").get_by_role("link", name="来表"))
    page.get_by_label("表名").fill(title)
    page.get_by_label("来表单位").fill(sent_by)
    page.set_input_files("input[type=file]", file)
    follow(page, page.get_by_role("button", name="上传并开始绑定"))
    return page


def _bind(page: Page, cell: str, indicator: str, rule: str) -> None:
    """Choose a cell (a heading takes its column), the indicator, the period; the panel comes by itself each time."""
    _choose(page, cell)
    page.locator("#panel #id_indicator").select_option(indicator)
    expect(page.locator("#panel #id_indicator")).to_have_value(indicator)
    page.locator("#panel #id_rule").select_option(rule)
    follow(page, page.locator("#panel").get_by_role("button", name="绑定", exact=True).first)
    expect(page.locator(".note-line.success").first).to_contain_text("已绑定")


def _choose(page: Page, cell: str) -> None:
    with page.expect_response(lambda answer: "cell=" in answer.url):
        page.locator(f"#{cell}").click()
    expect(page.locator(f"#{cell}")).to_have_attribute("aria-current", "true")


def _bind_words(page: Page, cell: str, fixed: str) -> None:
    _choose(page, cell)
    page.locator("#panel details summary").click()
    page.locator("#panel #id_fixed").select_option(fixed)
    follow(page, page.get_by_role("button", name="填文字"))


def _save_template(page: Page) -> None:
    page.get_by_role("button", name="存为模板").click()
    expect(page.locator(".note-line.success")).to_contain_text("已存为模板")


def _fill(clerk: Desk, title: str) -> io.BytesIO:
    """From the line of 今天: one click fills last month, one takes the file away."""
    page = clerk.today(f"来表待填:{title} {OCTOBER}", "去填")
    follow(page, page.get_by_role("button", name="填好并保存"))
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载填好的表").click()
    taken = _taken(coming.value)
    assert not clerk.is_asked(f"来表待填:{title}")
    return taken


def _figure(clerk: Desk, code: str, place: str, period: str) -> float:
    """The number that the page of an indicator prints."""
    division = {"云岭市": "999981000000", "龙洞镇": "999981101000", "石桥镇": "999981102000"}[place]
    clerk.page.goto(f"{clerk.url}/indicators/{code}/?division={division}&period={period}")
    text = clerk.page.locator(".figure-head .big").inner_text()
    found = re.search(r"-?[\d,]+(\.\d+)?", text)
    assert found, text
    number = float(found.group().replace(",", ""))
    return int(number) if number == int(number) else number


# --- the bulletin -----------------------------------------------------------------------------------------------------
def _the_bulletin_is_issued_and_received(clerk: Desk, leader: Desk, town: Desk, far: Desk) -> None:
    page = clerk.today(f"{OCTOBER}已关账,通报还没有起草", "去起草")
    expect(page.locator("#page")).to_contain_text("2022 年 1—10 月")
    follow(page, page.get_by_role("button", name="起草通报公文"))
    expect(page.locator(".official")).to_contain_text("破获毒品案件4起")
    cited = page.locator(".cited a", has_text="4").first
    expect(cited).to_be_visible()
    assert clerk.is_asked("公文草稿:关于云岭市"), "a draft that was left lying is found again"
    page = clerk.today("公文草稿:关于云岭市", "送签")
    page.get_by_role("button", name="送签").click()
    expect(page.locator(".page-head")).to_contain_text("待签发")

    page = leader.today("公文待签发:关于云岭市", "签发")
    page.get_by_role("button", name="签发").click()
    expect(page.locator(".page-head")).to_contain_text("已签发,待印发")

    page = clerk.today("公文待印发:关于云岭市", "编号印发")
    page.get_by_role("button", name="编号印发").click()
    expect(page.locator(".page-head")).to_contain_text("云禁毒办〔2022〕1号")
    _file_the_sealed_copy(page)
    page = clerk.today("公文待送达:关于云岭市", "送达")
    page.get_by_role("button", name="送达所选单位").click()
    expect(page.locator(".page-head")).to_contain_text("已送达")
    assert clerk.is_asked("2 个单位未签收:关于云岭市")

    for desk in (town, far):
        page = desk.today("公文待签收:关于云岭市", "签收")
        expect(page.locator(".official")).to_contain_text("破获毒品案件4起")
        page.get_by_role("button", name="签收").click()
        expect(page.locator(".note-line.success")).to_contain_text("已签收")
    assert not clerk.is_asked("未签收")
    assert Paper.objects.get().deliveries.exclude(received_on=None).count() == 2


def _file_the_sealed_copy(page: Page) -> None:
    """The printed page comes back signed and sealed; its square code says which paper it is."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF", exact=True).click()
    copy = {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": _taken(coming.value).getvalue()}
    page.locator("#check input[type=file]").set_input_files(copy)
    page.get_by_role("button", name="核验并归入盖章件").click()
    expect(page.locator(".note-line.success")).to_contain_text("是印发的原稿,盖章件已归入(核对方式:二维码)")
