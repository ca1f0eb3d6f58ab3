"""A year-end in the browser by those who would do it: self-score, review, sample, notice, one objection won, one lost, publication."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from qingyuan.governance.actions import assessments, manual
from qingyuan.governance.models import Assessment, AssessmentResult, AssessmentRound, ClauseReview, ManualEntry
from qingyuan.governance.queries import assessment_state as reads
from tests.browser.conftest import Enter, Road, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]
TOWNS = {"longdong": ("supervisor", "龙洞镇人民政府"), "shiqiao": ("stranger", "石桥镇人民政府")}


def say(page: Page, clause: str, form: str, **values: str) -> None:
    """Open a clause and send the form in it whose button is called ``form``."""
    line = page.locator(f'[id="clause-{clause}"]')
    if line.get_attribute("open") is None:
        line.locator("summary").click()
    # What a form must have is looked for from the page, not from its line.
    holder = line.locator("form", has=page.get_by_role("button", name=form))
    button = holder.get_by_role("button", name=form)
    for name, value in values.items():
        field = holder.locator(f"[name={name}]")
        if field.first.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        elif field.first.get_attribute("type") == "radio":
            holder.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    follow(page, button)


def opened(road: Road, enter: Enter) -> AssessmentRound:
    """The office prepares the round, gives clause 3.2 to the education bureau, opens it, freezes a list and draws."""
    page = enter("clerk").go("/assessments/")
    follow(page, page.get_by_role("link", name="筹备一轮").first)
    page.locator("[name='section-3.2']").select_option(label="市教育局")
    follow(page, page.get_by_role("button", name="保存"))
    follow(page, page.get_by_role("button", name="启动"))
    commitment = page.locator("#sample dd.hash").first.inner_text()
    assert len(commitment) == 64
    page.locator("[name=ledger]").select_option(label="会议台账")
    follow(page, page.get_by_role("button", name="冻结抽样名单"))
    follow(page, page.get_by_role("button", name="公布种子并抽样"))
    round = AssessmentRound.objects.get()
    expect(page.locator("#sample")).to_contain_text(str(round.seed))
    assert round.commitment == commitment
    return round


def scored_by_itself(enter: Enter, case: Assessment, who: str) -> None:
    page = enter(who).go("/today/")
    follow(page, page.get_by_role("link", name="去自评").first)
    say(page, "3.2", "记下自评", points="5", reason="档案齐全,逐月记录。")
    say(page, "3.2", "附上佐证", row=f"/papers/{case.pk}/", note="不是一份公文")
    expect(page.locator(".field.wrong").first).to_contain_text("没有找到这条记录")
    scan = page.locator('[id="clause-3.2"] input[type=file]')
    scan.set_input_files({"name": "档案柜.png", "mimeType": "image/png", "buffer": _png()})
    say(page, "3.2", "附上佐证", row="", note="档案柜照片")
    expect(page.locator('[id="clause-3.2"]')).to_contain_text("档案柜.png")
    page.locator("#next [name=statement]").fill("全年工作按责任书落实,迟报的已补报。")
    follow(page, page.locator("#next button"))
    expect(page.locator("h1")).to_contain_text("评审中")


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def reviewed(road: Road, enter: Enter, case: Assessment) -> None:
    """Education judges its clause and the office confirms it on the page; the office's own clauses go by the same actions."""
    section = enter("liaison").go(f"/assessments/letters/{case.pk}/")
    expect(section.locator(".clause-line")).to_have_count(1)
    say(section, "3.2", "记下评审", points="3", opinion="抽查五份,两份没有帮扶记录。")
    clerk = enter("clerk").go(f"/assessments/letters/{case.pk}/?open=3.2")
    follow(clerk, clerk.get_by_role("button", name="复核属实").first)
    for review in case.reviews.filter(state="waiting").select_related("assessment", "unit"):
        judge(road, case, review)
    for entry in ManualEntry.objects.standing().filter(letter=case.letter, reviewed_at=None):
        manual.review(entry=entry, by=road.city.actor("leader"))


def judge(road: Road, case: Assessment, review: ClauseReview) -> None:
    by, asked = road.city.actor("clerk"), reads.unanswered(case, review.clause)
    try:
        if not asked:
            assessments.confirm(review=review, opinion="", by=by)
            return
    except assessments.StepRefused:
        pass  # nothing was due this year: there is no number to confirm
    assessments.set_number(review=review, value="0" if asked else "1", key=next(iter(asked), ""), opinion="按材料认定。", by=by)


def checked(enter: Enter, case: Assessment) -> None:
    page = enter("liaison").go(f"/assessments/letters/{case.pk}/")
    while page.locator("#sample form").count():
        form = page.locator("#sample form").first
        form.locator("[name=finding]").select_option("true")
        form.locator("[name=found]").fill("看过纪要原件,与台账一致。")
        follow(page, form.get_by_role("button", name="登记核查"))


def objected(enter: Enter, case: Assessment, who: str, reason: str) -> None:
    page = enter(who).go("/today/")
    follow(page, page.get_by_role("link", name="看结果").first)
    say(page, "3.2", "提出异议", wanted="5", reason=reason)
    expect(page.locator("h1")).to_contain_text("有异议")


def test_a_year_end_is_walked_to_its_publication_by_those_who_do_it(road: Road, enter: Enter) -> None:
    for town, (who, _name) in TOWNS.items():
        kind = {"kind": "government", "special_topic": True, "chaired_by_first": True, "decisions": "落实责任书。"}
        road.city.enter("meetings", who, kind | {"held_on": date(2022, 5, 6), "title": f"{town}专题会"})
    road.upkeep()
    round = opened(road, enter)
    cases = {town: round.assessments.get(unit__code=town) for town in TOWNS}
    for town, (who, _name) in TOWNS.items():
        scored_by_itself(enter, cases[town], who)
        checked(enter, cases[town])
        reviewed(road, enter, cases[town])

    office = enter("clerk").go(f"/assessments/{round.pk}/")
    follow(office, office.get_by_role("button", name="全部告知"))
    objected(enter, cases["longdong"], "supervisor", "有两份档案在社区,没有调取。")
    objected(enter, cases["shiqiao"], "stranger", "档案已经补齐。")

    leader = enter("leader").go(f"/assessments/letters/{cases['longdong'].pk}/")
    say(leader, "3.2", "答复异议", decision="upheld", points="4.5", reason="调取复看,两份齐全。")
    leader.goto(f"{road.url}/assessments/letters/{cases['shiqiao'].pk}/")
    say(leader, "3.2", "答复异议", decision="rejected", reason="补齐在年度以后,维持原分。")
    office.goto(f"{road.url}/assessments/letters/{cases['longdong'].pk}/?open=3.2")
    follow(office, office.get_by_role("button", name="复核属实").first)

    for town, (who, _name) in TOWNS.items():
        page = enter(who).go(f"/assessments/letters/{cases[town].pk}/")
        follow(page, page.get_by_role("button", name="确认没有异议"))
        expect(page.locator("h1")).to_contain_text("已定稿")
    leader.goto(f"{road.url}/assessments/{round.pk}/")
    follow(leader, leader.get_by_role("button", name="审定公布"))
    expect(leader.locator("#results")).to_contain_text("龙洞镇人民政府")

    clauses = {row.unit.code: row.clauses["3.2"] for row in AssessmentResult.objects.select_related("unit")}
    assert clauses == {"longdong": "4.5", "shiqiao": "3"}
    town = enter("supervisor").go(f"/assessments/{round.pk}/")
    with town.expect_download() as circular:
        town.get_by_role("link", name="结果通报 Word").click()
    assert circular.value.suggested_filename.endswith("考核结果的通报.docx")
