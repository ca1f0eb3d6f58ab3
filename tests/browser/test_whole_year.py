"""A whole year of responsibility, walked at its pages by those who would do it: the plan signed, the targets shared out and haggled over, the
letters signed on paper, the middle of the year, the year-end with one objection won and one lost, the archive checked, what follows, the summary.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from qingyuan.casework.enums import Outcome
from qingyuan.casework.models import Due, Paper
from qingyuan.documents.fonts import font_files
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Assessment, AssessmentResult, Letter, UnitTask
from qingyuan.journeys import upkeep
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.models import Measure
from tests.browser.conftest import HEADER, PASSWORD, Enter, Visitor
from tests.browser.conftest import follow as click
from tests.browser.test_every_page import PHONE, runs_off
from tests.browser.test_year_end import _png, say
from tests.cast import City, measure_values
from tests.governance.conftest import Desk, desk

__all__ = ["desk"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOWNS = {"龙洞镇": "supervisor", "石桥镇": "stranger"}


@dataclass
class Year:
    """The running city; who came in stays at the window of their own through the year."""

    url: str
    city: City
    settings: Any
    enter: Enter
    inside: dict[str, Visitor] = field(default_factory=dict)

    def on(self, day: str) -> None:
        """The city's clock, and what the worker beside the pages does meanwhile."""
        self.settings.QINGYUAN_TODAY = date.fromisoformat(day)
        self.upkeep()

    def upkeep(self) -> None:
        for duty in upkeep.duties():
            duty.do()

    def at(self, who: str, address: str) -> Page:
        if who not in self.inside:
            self.inside[who] = self.enter(who, 1440, 900)
        return self.inside[who].go(address)

    def today(self, who: str, line: str, act: str) -> Page:
        """From «today»: find the line, press its button."""
        page = self.at(who, "/today/")
        found = page.locator(".jobs > li", has_text=line).filter(has=page.get_by_role("link", name=act, exact=True))
        if not found.count():
            follow(page, page.get_by_role("link", name=re.compile("全部 .* 件")))
        return follow(page, found.first.get_by_role("link", name=act, exact=True))


@pytest.fixture
def year(live_server: Any, desk: Desk, enter: Enter, settings: Any) -> Year:
    settings.QINGYUAN_TODAY = date(2022, 1, 10)
    city = desk.city
    Unit.objects.filter(code__in=("education", "police")).update(is_member=True)
    desk.publish_sheet()
    for serial in range(1, 7):
        city.enter("measures", "supervisor", measure_values(city, serial))
    made = Year(live_server.url, city, settings, enter)
    made.upkeep()
    return made


def station(page: Page, name: str) -> None:
    """A place on the road that is looked at: it fits a phone."""
    wide = page.viewport_size
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert runs_off(page) <= 0, name
    page.set_viewport_size(wide or {"width": 1440, "height": 900})


def follow(page: Page, link: Locator) -> Page:
    """Click and go on; who has sat there for more than ten minutes is asked once more who he is before he signs."""
    click(page, link)
    again = page.get_by_role("button", name="确认并继续")
    if again.count():
        page.get_by_label("口令").fill(PASSWORD)
        click(page, again)
    return page


def fill(page: Page, holder: str, **values: str) -> None:
    """Fill the form that ``holder`` finds and send it by its last button; a field that comes back wrong stops the walk."""
    form = page.locator(holder)
    for name, value in values.items():
        box = form.locator(f"[name='{name}']").first
        if box.evaluate("node => node.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    follow(page, form.locator("button[type=submit], button:not([type])").first)
    expect(page.locator(".field.wrong")).to_have_count(0)


# --- January: plans ---------------------------------------------------------------------------------------------------
def plans_are_made(year: Year) -> None:
    year.on("2022-01-12")
    for who, title in (("liaison", "市教育局 2022 年禁毒工作计划"), ("officer", "禁毒大队 2022 年工作计划")):
        page = year.at(who, "/duties/")
        station(page, f"plan-empty-{who}")
        follow(page, page.get_by_role("link", name="登记计划"))
        fill(
            page, "form:has([name=arrangement])", year="2022", title=title, adopted_on="2022-01-11", filed_on="2022-01-12",
            arrangement="一、抓骨干教师培训;二、抓示范学校。", budget_yuan="120000",
        )  # fmt: skip
        page = year.at(who, "/duties/")
        boxes = page.locator(".offered input[type=checkbox]")
        for number in range(min(2, boxes.count())):
            boxes.nth(number).check()
        follow(page, page.get_by_role("button", name="列入计划"))
        expect(page.locator(".note-line.success")).to_contain_text("已列入 2 项任务")
        station(page, f"plan-{who}")


def the_citys_plan_is_signed(year: Year) -> None:
    page = year.at("clerk", "/duties/")
    station(page, "office-duties")
    follow(page, page.get_by_role("link", name="年度计划和总结"))
    expect(page.locator("main")).to_contain_text("还没有起草公文")
    station(page, "year-plan")
    follow(page, page.get_by_role("button", name="起草公文送签"))
    station(page, "year-plan-paper")
    follow(page, page.get_by_role("button", name="送签"))
    signed_and_numbered(year, "云禁毒办〔2022〕1号")
    for who in ("liaison", "supervisor"):
        page = year.today(who, "公文待签收", "签收")
        follow(page, page.get_by_role("button", name="签收"))
        expect(page.locator(".note-line.success")).to_contain_text("已签收")
    page = year.at("clerk", "/duties/year/")
    expect(page.locator("main")).to_contain_text("云禁毒办〔2022〕1号 · 已送达")


def signed_and_numbered(year: Year, number: str) -> None:
    page = year.today("leader", "公文待签发", "签发")
    follow(page, page.get_by_role("button", name="签发"))
    page = year.at("clerk", f"/papers/{Paper.objects.latest('created_at').pk}/")
    follow(page, page.get_by_role("button", name="编号印发"))
    expect(page.locator(".page-head")).to_contain_text(number)
    for group in page.locator("form.serve details summary").all():
        group.click()
    for box in page.locator("form.serve input[type=checkbox]").all():
        box.check()
    follow(page, page.get_by_role("button", name="送达所选单位"))
    expect(page.locator(".page-head")).to_contain_text("已送达")


# --- January and February: targets and letters --------------------------------------------------------------------------
def targets_are_shared_out_and_haggled_over(year: Year) -> None:
    year.on("2022-01-25")
    page = year.at("clerk", "/targets/")
    follow(page, page.get_by_role("link", name="提出一项指标"))
    station(page, "target-propose")
    fill(page, "form:has([name=indicator])", indicator="G01", total="8", method="equal", due="2022-12-31")
    station(page, "target-plan")
    plan = page.url.removeprefix(year.url)
    page = year.at("supervisor", "/targets/")
    follow(page, page.locator("tbody a").first)
    station(page, "target-town")
    fill(page, "form[action$='/bid/']", asked="5", reason="村多,想按片区多开一次。")
    page = year.today("clerk", "提了另外的数", "去答复")
    station(page, "target-answer")
    fill(page, "form[action$='/answer/']", given="5", words="同意,石桥镇相应为三次。")
    fill(page, "form.adjust:has([aria-label^='石桥镇'])", agreed="3", reason="龙洞镇多承担一次。")
    page = year.today("supervisor", "提的数有了答复", "去看")
    follow(page, page.get_by_role("button", name="知道了"))
    page = year.at("leader", plan)
    station(page, "target-publish")
    follow(page, page.get_by_role("button", name="下达"))
    expect(page.locator(".page-head")).to_contain_text("已下达")


def targets_go_to_member_units(year: Year) -> None:
    page = year.at("clerk", "/targets/")
    follow(page, page.get_by_role("link", name="分给成员单位"))
    station(page, "target-units")
    for name in ("市教育局", "市公安局禁毒大队"):
        page.get_by_label(name, exact=True).check()
    fill(page, "form:has([name=indicator])", indicator="P02", total="20", method="equal")
    plan = page.url.removeprefix(year.url)
    page = year.at("liaison", plan)
    fill(page, "form[action$='/bid/']", asked="14", reason="学校活动多,本来就在办。")
    page = year.at("clerk", plan)
    fill(page, "form[action$='/answer/']", given="10", words="先按平均分,年中再看。")
    page = year.today("liaison", "提的数有了答复", "去看")
    follow(page, page.get_by_role("button", name="知道了"))
    page = year.at("leader", plan)
    follow(page, page.get_by_role("button", name="下达"))


def letters_are_signed_on_paper(year: Year) -> None:
    year.on("2022-02-24")
    page = year.at("clerk", "/letters/")
    station(page, "letters-none")
    follow(page, page.get_by_role("button", name="制发责任书"))
    station(page, "letters-issued")
    follow(page, page.get_by_role("link", name="签订日"))
    with page.expect_download() as printed:
        page.get_by_role("link", name="全部印成一个 PDF").click()
    whole = pypdfium2.PdfDocument(Path(printed.value.path()).read_bytes())
    year.on("2022-03-01")
    page.reload()
    scans = signed_scans(whole)
    assert len(scans) == 2
    page.locator("input[type=file]").set_input_files(
        [{"name": "没有码的照片.png", "mimeType": "image/png", "buffer": _png()}]
        + [{"name": f"扫描{number}.pdf", "mimeType": "application/pdf", "buffer": data} for number, data in enumerate(scans)]
    )
    follow(page, page.get_by_role("button", name="核对并归入"))
    expect(page.locator("#outcomes")).to_contain_text("没有读到二维码")
    expect(page.locator("#outcomes .tag.good")).to_have_count(2)
    station(page, "letters-signed")
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SIGNED}


def signed_scans(whole: Any) -> list[bytes]:
    """The signing page of each letter as a scanner gives it: a picture of the paper that carries the square code."""
    found = []
    for page in whole:
        if "签字后上传扫描件" in page.get_textpage().get_text_range():
            out = io.BytesIO()
            page.render(scale=2).to_pil().save(out, "PDF")
            found.append(out.getvalue())
    return found


# --- the middle of the year -----------------------------------------------------------------------------------------------
def the_first_half_is_reported(year: Year) -> None:
    year.on("2022-07-05")
    page = year.today("liaison", "个季度进展没有填全", "去填")
    station(page, "duties-july")
    follow(page, page.locator("tbody a").last)
    for words in ("排好全年课表。", "每校开足两课时,两所村小还差一次。"):
        page.locator("#report [name=words]").fill(words)
        follow(page, page.get_by_role("button", name="登记进展"))
    station(page, "task-reported")
    fill(page, "form[action$='/ask/']", to_unit=str(year.city.units["police"].pk), what="派民警进两所村小各讲一课", due_on="2022-09-15")
    page = year.today("officer", "市教育局需要配合", "去答复")
    station(page, "need")
    form = page.locator("form[action$='/promise/']")
    form.locator("[name=words]").fill("排在九月第一周。")
    form.locator("[name=day]").fill("2022-09-09")
    follow(page, form.get_by_role("button", name="答应"))
    year.on("2022-09-09")
    page = year.today("officer", "市教育局需要配合", "填办到情况")
    form = page.locator("form[action$='/deliver/']")
    form.locator("[name=words]").fill("两所村小各讲一课。")
    follow(page, form.get_by_role("button", name="已经办到"))
    page = year.at("liaison", "/duties/")
    expect(page.locator("main")).to_contain_text("已办到")


def a_task_is_done(year: Year) -> None:
    year.on("2022-12-15")
    page = year.at("liaison", "/duties/")
    follow(page, page.locator("tbody a", has_text="专题教育课开足"))
    for words in ("村小补齐。", "全年课时达到规定。"):
        page.locator("#report [name=words]").fill(words)
        if words == "全年课时达到规定。":
            page.locator("#report [name=done_on]").fill("2022-12-14")
            page.locator("#report [name=evidence]").fill("课时台账")
        follow(page, page.get_by_role("button", name="登记进展"))
    expect(page.locator("h1")).to_contain_text("已完成")


def the_score_is_looked_at_down_to_its_rows(year: Year) -> None:
    page = year.at("supervisor", "/ledgers/meetings/new/")
    for day, title in (("2022-05-06", "上半年专题会"), ("2022-09-06", "下半年专题会")):
        page.goto(f"{year.url}/ledgers/meetings/new/")
        for name in ("special_topic", "chaired_by_first"):
            page.locator(f"[name={name}]").select_option(label="是")
        fill(page, "form:has([name=held_on])", held_on=day, kind="town_meeting", title=title, decisions="落实责任书。")
    missing = 2
    the_towns_sheet_comes_in(year, date(2022, 9, 9), missing)
    page = year.at("supervisor", "/letters/")
    follow(page, page.get_by_role("link", name="龙洞镇").first)
    clause = page.locator("article.clause", has_text="定期检测到位")
    expect(clause.locator(".pts")).to_contain_text(f"{10 - missing * 0.5:g} / 10")
    station(page, "score")
    clause.get_by_role("link", name="明细").click()
    opening = page.locator("article.clause.open .opening a").first
    expect(opening).to_be_visible()
    station(page, "score-clause")
    follow(page, opening)
    expect(page.locator("table tbody tr")).to_have_count(missing)
    station(page, "score-rows")


def the_towns_sheet_comes_in(year: Year, until: date, missing: int) -> None:
    """The town imports its sheet: every window that is over by a day and still open, but the first ``missing``."""
    page = year.at("supervisor", "/ledgers/tests/import/")
    page.locator("input[type=file]").set_input_files({"name": "尿检登记.xlsx", "mimeType": XLSX, "buffer": sheet_of_windows(until, missing)})
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name=re.compile(r"^入库 \d+ 行$")).click()
    expect(page.get_by_text(re.compile(r"已入库 \d+ 行"))).to_be_visible()
    year.upkeep()


def sheet_of_windows(until: date, missing: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    people = {measure.pk: measure.client for measure in Measure.objects.select_related("client")}
    dues = Due.objects.filter(closes_on__lte=until, outcome=Outcome.OPEN).order_by("closes_on", "pk")
    for number, due in enumerate(dues[missing:], start=1):
        client = people[due.subject_id]
        sheet.append([number, client.name, client.id_number, due.last_day - timedelta(days=1), "尿液", "阴性", "李秀、王平"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- the year-end -----------------------------------------------------------------------------------------------------------
def the_round_is_opened(year: Year) -> None:
    year.on("2023-01-04")
    page = year.at("clerk", "/assessments/")
    follow(page, page.get_by_role("link", name="筹备一轮").first)
    station(page, "round-new")
    expect(page.get_by_label("考核年度")).to_have_value("2022")
    expect(page.get_by_label("计分截止日")).to_have_value("2022-12-31")
    page.locator("[name='section-3.2']").select_option(label="市教育局")
    follow(page, page.get_by_role("button", name="保存"))
    follow(page, page.get_by_role("button", name="启动"))
    page.locator("[name=ledger]").select_option(label="会议台账")
    follow(page, page.get_by_role("button", name="冻结抽样名单"))
    follow(page, page.get_by_role("button", name="公布种子并抽样"))
    station(page, "round-open")


def towns_score_themselves(year: Year) -> None:
    the_towns_sheet_comes_in(year, date(2022, 12, 31), 2)
    for who in TOWNS.values():
        page = year.today(who, "自评", "去自评")
        say(page, "3.2", "记下自评", points="5", reason="档案齐全,逐月记录。")
        scan = page.locator('[id="clause-3.2"] input[type=file]')
        scan.set_input_files({"name": "档案柜.png", "mimeType": "image/png", "buffer": _png()})
        say(page, "3.2", "附上佐证", note="档案柜照片")
        expect(page.locator('[id="clause-3.2"]')).to_contain_text("档案柜.png")
        page.locator("#next [name=statement]").fill("全年工作按责任书落实。")
        station(page, f"self-score-{who}")
        follow(page, page.locator("#next button"))
        expect(page.locator("h1")).to_contain_text("评审中")


def sections_review(year: Year) -> None:
    """Education judges its clause; the office confirms it as the second person, and judges its own; the leader confirms those."""
    for case in Assessment.objects.order_by("letter__serial"):
        page = year.at("liaison", f"/assessments/letters/{case.pk}/")
        checks_on_the_spot(page)
        say(page, "3.2", "记下评审", points="3", opinion="抽查五份,两份没有帮扶记录。")
        page = year.at("clerk", f"/assessments/letters/{case.pk}/")
        station(page, f"review-{case.unit.code}")
        confirm_all(page)
        follow(page, page.get_by_role("button", name="一并认可"))
        office_reviews(page)
        page = year.at("leader", f"/assessments/letters/{case.pk}/")
        follow(page, page.get_by_role("button", name="全部复核属实"))
    page = year.at("clerk", "/assessments/")
    follow(page, page.locator("tbody a").first)
    station(page, "round-reviewed")


def checks_on_the_spot(page: Page) -> None:
    while page.locator("#sample form").count():
        form = page.locator("#sample form").first
        form.locator("[name=finding]").select_option("true")
        form.locator("[name=found]").fill("看过纪要原件,与台账一致。")
        follow(page, form.get_by_role("button", name="登记核查"))


def office_reviews(page: Page) -> None:
    """Each clause that waits: confirmed as computed, or the number that only people know."""
    waiting = page.locator(".clause-line.turn:has(form[action*='/review/'])")
    while waiting.count():
        line = waiting.first
        clause = str(line.get_attribute("id")).removeprefix("clause-")
        asked = [value for one in line.locator("[name=key] option").all() if (value := one.get_attribute("value"))]
        given = {"key": asked[0], "points": "0"} if asked else {}
        say(page, clause, "记下评审", **given, opinion="按材料认定。" if asked else "")
        if page.locator(".field.wrong").count() or page.locator("[role=alert]").count():
            say(page, clause, "记下评审", points="1", opinion="没有发生,按材料认定。")


def confirm_all(page: Page) -> None:
    """The second person: open each clause that waits for one, read, confirm."""
    waiting = page.locator(".clause-line", has=page.locator("button", has_text="复核属实"))
    while waiting.count():
        if waiting.first.get_attribute("open") is None:
            waiting.first.locator("summary").click()
        follow(page, waiting.first.get_by_role("button", name="复核属实").first)


def one_objection_is_won_and_one_lost(year: Year) -> None:
    page = year.inside["clerk"].page
    round_page = page.url.removeprefix(year.url)
    follow(page, page.get_by_role("button", name="全部告知"))
    for who, reason in (("supervisor", "有两份档案在社区,没有调取。"), ("stranger", "档案已经补齐。")):
        page = year.today(who, "考核", "看结果")
        say(page, "3.2", "提出异议", wanted="5", reason=reason)
        expect(page.locator("h1")).to_contain_text("有异议")
        station(page, f"objection-{who}")
    won, lost = Assessment.objects.order_by("letter__serial")
    page = year.at("leader", f"/assessments/letters/{won.pk}/")
    station(page, "objection-leader")
    say(page, "3.2", "答复异议", decision="upheld", points="4.5", reason="调取复看,两份齐全。")
    page.goto(f"{year.url}/assessments/letters/{lost.pk}/")
    say(page, "3.2", "答复异议", decision="rejected", reason="补齐在年度以后,维持原分。")
    confirm_all(year.at("clerk", f"/assessments/letters/{won.pk}/?open=3.2"))
    for who, case in (("supervisor", won), ("stranger", lost)):
        page = year.at(who, f"/assessments/letters/{case.pk}/")
        follow(page, page.get_by_role("button", name="确认没有异议"))
        expect(page.locator("h1")).to_contain_text("已定稿")
    page = year.at("leader", round_page)
    station(page, "round-publish")
    follow(page, page.get_by_role("button", name="审定公布"))
    expect(page.locator("#results")).to_contain_text("龙洞镇人民政府")
    station(page, "round-published")
    clauses = {row.unit.code: row.clauses["3.2"] for row in AssessmentResult.objects.select_related("unit")}
    assert clauses == {"longdong": "4.5", "shiqiao": "3"}
    page = year.at("supervisor", round_page)
    with page.expect_download() as circular:
        page.get_by_role("link", name="结果通报 Word").click()
    assert circular.value.suggested_filename.endswith("考核结果的通报.docx")


def the_archive_is_taken_and_checked(year: Year, tmp_path: Path) -> None:
    page = year.at("auditor", "/letters/")
    station(page, "archive")
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载档案").first.click()
    good = tmp_path / "档案.zip"
    good.write_bytes(Path(taken.value.path()).read_bytes())
    code, said = verify(good)
    assert (code, "没有发现改动" in said) == (0, True), said
    bad = tmp_path / "改过的.zip"
    with zipfile.ZipFile(good) as whole, zipfile.ZipFile(bad, "w") as forged:
        for name in whole.namelist():
            data = whole.read(name)
            forged.writestr(name, data.replace(b"4.5", b"5.0") if name.endswith("manual.json") else data)
    code, said = verify(bad)
    assert code == 1 and "manual.json" in said, said


def verify(archive: Path) -> tuple[int, str]:
    """What anybody types who was handed the file."""
    ran = subprocess.run([sys.executable, "-m", "qingyuan", "assessment", "verify", str(archive)], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


# --- what follows, and the summary ---------------------------------------------------------------------------------------------
def what_follows_is_proposed_and_decided(year: Year) -> None:
    """The rules propose, the leader decides what needs no hearing; a yellow card waits for what the town has to say."""
    page = year.at("clerk", "/rewards/?year=2022")
    follow(page, page.get_by_role("button", name="按规则提出"))
    station(page, "rewards")
    follow(page, page.get_by_role("button", name=re.compile("^呈报决定")))
    page = year.at("leader", "/rewards/?year=2022")
    follow(page, page.get_by_role("button", name=re.compile("^按规则决定")))
    expect(page.locator("main")).to_contain_text("等次名单:合格")
    expect(page.locator("main")).to_contain_text("已决定")


def the_summary_closes_the_year_and_the_next_begins(year: Year) -> None:
    year.on("2023-01-20")
    page = year.at("clerk", "/duties/year/?period=2022&of=summary")
    station(page, "summary")
    expect(page.locator("#next-year")).to_contain_text("没有做完的任务 3 项")
    follow(page, page.get_by_role("button", name="起草公文送签"))
    station(page, "summary-paper")
    follow(page, page.get_by_role("button", name="送签"))
    signed_and_numbered(year, "云禁毒办〔2023〕1号")
    page = year.at("clerk", "/duties/year/?period=2022&of=summary")
    follow(page, page.locator("#next-year").get_by_role("link", name="开下一年的计划"))
    expect(page.locator("h1")).to_contain_text("2023 年计划")
    expect(page.locator("main")).to_contain_text("上年总结 云禁毒办〔2023〕1号")

    page = year.at("liaison", "/duties/")
    expect(page.locator("h1")).to_contain_text("2023 年任务")
    follow(page, page.get_by_role("link", name="登记计划"))
    fill(page, "form:has([name=arrangement])", year="2023", title="市教育局 2023 年计划", adopted_on="2023-01-18", arrangement="补上骨干教师培训。")
    page = year.at("liaison", "/duties/")
    page.locator("#left input[type=checkbox]").check()
    follow(page, page.get_by_role("button", name="转入今年"))
    station(page, "next-year")
    task = UnitTask.objects.get(plan__year=2023)
    assert (task.task, task.due_on) == ("培训禁毒教育骨干教师", date(2023, 9, 30))


def test_a_year_is_walked_from_its_plan_to_its_summary(year: Year, tmp_path: Path) -> None:
    plans_are_made(year)
    the_citys_plan_is_signed(year)
    targets_are_shared_out_and_haggled_over(year)
    targets_go_to_member_units(year)
    letters_are_signed_on_paper(year)
    the_first_half_is_reported(year)
    the_score_is_looked_at_down_to_its_rows(year)
    a_task_is_done(year)
    the_round_is_opened(year)
    towns_score_themselves(year)
    sections_review(year)
    one_objection_is_won_and_one_lost(year)
    the_archive_is_taken_and_checked(year, tmp_path)
    what_follows_is_proposed_and_decided(year)
    the_summary_closes_the_year_and_the_next_begins(year)
