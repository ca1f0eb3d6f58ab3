"""What a month asks for stands on the first page of whoever can do it, until it is done."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qingyuan.casework.actions import paper_service, papers
from qingyuan.casework.models import Paper
from qingyuan.foundation import clock
from qingyuan.governance.actions import returns
from qingyuan.governance.models import Return
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers.importing import sources
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.situation import citing
from qingyuan.situation.actions import closing, forms
from qingyuan.situation.rules.forms import Binding
from tests.cast import TODAY, City
from tests.situation.blanks import workbook
from tests.situation.planted_figures import plant_figures
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2022-10")


def today(city: City, who: str) -> str:
    return text_of(browser_of(city, who).get("/today/"))


def close(city: City, place: str, asker: str, decider: str) -> None:
    asked = closing.ask(division=city.divisions[place], month=OCTOBER, note="先关", by=city.actor(asker))
    closing.approve(close=asked, by=city.actor(decider))


# --- closing and the circular -----------------------------------------------------------------------------------------
def test_the_office_sees_which_towns_have_not_closed_until_they_have(city: City) -> None:
    assert "2 个下级没有关账:2022 年 10 月 龙洞镇、石桥镇" in today(city, "clerk")
    assert "没有关账" not in today(city, "supervisor")
    close(city, "龙洞镇", "supervisor", "town_leader")
    assert "1 个下级没有关账:2022 年 10 月 石桥镇" in today(city, "leader")


def test_a_month_given_back_says_why_to_whoever_declared_it_checked(city: City) -> None:
    asked = closing.ask(division=city.divisions["龙洞镇"], month=OCTOBER, note="", by=city.actor("supervisor"))
    assert "龙洞镇 2022 年 10 月待批准关账" in today(city, "town_leader")
    closing.send_back(close=asked, reason="漏了两场活动", by=city.actor("town_leader"))
    assert "2022 年 10 月的数字待核对关账 罗镇长 退回:漏了两场活动" in today(city, "supervisor")


def test_a_closed_month_asks_for_its_circular_until_one_is_drafted(city: City) -> None:
    plant_figures(city)
    waits = "2022 年 10 月已关账,通报还没有起草"
    assert waits not in today(city, "clerk")
    close(city, "云岭市", "clerk", "leader")
    assert waits in today(city, "clerk")
    assert waits not in today(city, "leader") and waits not in today(city, "supervisor")
    office, clerk = city.divisions["云岭市"], city.actor("clerk")
    older = citing.draft(division=office, period=Period.parse("2022-01..2022-09"), by=clerk, on=TODAY)
    assert waits in today(city, "clerk"), "the circular of another month does not do"
    paper = citing.draft(division=office, period=Period.parse("2022-01..2022-10"), by=clerk, on=TODAY)
    assert waits not in today(city, "clerk")
    papers.void(paper=paper, reason="重起", by=clerk)
    assert waits in today(city, "clerk"), "a void one does not do either"
    assert Paper.objects.get(pk=older.pk).number == ""


def test_a_draft_is_its_drafters_and_an_issued_paper_waits_for_serving(city: City) -> None:
    clerk, values = city.actor("clerk"), {"title": "岁末工作的通知", "addressee": "各乡镇", "body": "请落实。", "word": "云禁毒办"}
    paper = papers.draft(kind="notice", values=values, by=clerk)
    assert "公文草稿:岁末工作的通知" in today(city, "clerk")
    assert "公文草稿" not in today(city, "leader")
    papers.submit(paper=paper, by=clerk)
    papers.sign(paper=paper, by=city.actor("leader"))
    papers.issue(paper=paper, by=clerk)
    assert "公文待送达:岁末工作的通知" in today(city, "clerk")
    paper_service.serve(paper=paper, unit_ids=[city.units["longdong"].pk], by=clerk)
    page = today(city, "clerk")
    assert "公文待送达" not in page and "1 个单位未签收:岁末工作的通知" in page


# --- other offices and regular files ----------------------------------------------------------------------------------
def test_a_form_waits_to_be_bound_then_to_be_filled_month_by_month(city: City) -> None:
    refresh()
    clerk = city.actor("clerk")
    layout = forms.receive_form(title="月报", sent_by="州禁毒办", file_name="a.xlsx", data=workbook(), by=clerk).layout
    assert "来表待绑定:月报" in today(city, "clerk") and "来表" not in today(city, "supervisor")
    forms.bind_column(layout=layout, binding=Binding("1!C4", "E01"), by=clerk)
    forms.save_template(layout=layout, by=clerk)
    page = today(city, "clerk")
    assert "来表待填:月报 2022 年 10 月" in page and "待绑定" not in page
    forms.fill(form=layout.form, month=Period.parse("2022-09"), by=clerk)
    assert "来表待填:月报 2022 年 10 月" in today(city, "clerk")
    forms.fill(form=layout.form, month=OCTOBER, by=clerk)
    assert "来表待填" not in today(city, "clerk")
    forms.revise(form=layout.form, by=clerk)
    assert "待绑定" not in today(city, "clerk"), "a form that can be filled does not wait for its next version"


def test_a_form_filled_once_long_ago_is_not_asked_for_every_month(city: City) -> None:
    refresh()
    clerk = city.actor("clerk")
    layout = forms.receive_form(title="年报", sent_by="州禁毒办", file_name="a.xlsx", data=workbook(), by=clerk).layout
    forms.bind_column(layout=layout, binding=Binding("1!C4", "E01"), by=clerk)
    forms.save_template(layout=layout, by=clerk)
    forms.fill(form=layout.form, month=Period.parse("2022-06"), by=clerk)
    assert "来表待填" not in today(city, "clerk")


@pytest.mark.parametrize(
    ("every", "came", "said"),
    [
        (1, date(2022, 9, 5), "“登记表”2022 年 10 月的表还没有导入"),
        (1, date(2022, 10, 5), "“登记表”2022 年 11 月的表还没有导入"),
        (3, date(2022, 9, 5), ""),
        (0, date(2022, 1, 5), ""),
    ],
)
def test_a_regular_file_that_has_not_come_is_asked_for(city: City, every: int, came: date, said: str) -> None:
    by = city.actor("supervisor")
    batch = _in(city, came)
    sources.remember(batch=batch, title="登记表", whole=False, every_months=every, by=by)
    page = today(city, "supervisor")
    assert (said in page) if said else ("还没有导入" not in page)
    assert "还没有导入" not in today(city, "stranger")
    if "10 月" in said:
        assert "逾期 23 天" in page


def _in(city: City, came: date) -> ImportBatch:
    """A file of 龙洞镇's meetings that is in since ``came``."""
    unit, moment = city.units["longdong"], datetime(came.year, came.month, came.day, 9, tzinfo=clock.ZONE)
    return ImportBatch.objects.create(
        ledger="meetings",
        unit_id=unit.pk,
        division_id=unit.division_id,
        filename="会议.xlsx",
        state=BatchState.DONE,
        created_at=moment,
        finished_at=moment,
        found={"labels": ["会议日期"], "columns": {"0": "held_on"}},
    )


# --- returns that are late --------------------------------------------------------------------------------------------
def test_a_late_return_is_asked_for_from_the_first_page_and_the_town_reads_it(city: City) -> None:
    Unit.objects.filter(code__in=("longdong", "shiqiao")).update(kind="town")
    returns.generate_due(city=city.divisions["云岭市"], month=OCTOBER, by=city.actor("clerk"))
    filed = Return.objects.get(unit__code="longdong")
    office = browser_of(city, "clerk")
    first = office.get("/today/")
    assert f'href="/returns/{filed.pk}/">去催' in first.content.decode()
    listed = office.get("/returns/").content.decode()
    assert listed.count("催报</button>") == 2
    answer = office.post(f"/returns/{filed.pk}/remind/", {"then": "list"}, follow=True)
    page = text_of(answer)
    assert answer.redirect_chain[-1][0] == "/returns/" and "已催" in page and "禁毒办 11-23 催报" in page
    assert answer.content.decode().count("催报</button>") == 1, "once a day"
    assert "禁毒办 11-23 催报" in today(city, "supervisor") and "催报" not in today(city, "stranger")
    again = text_of(office.post(f"/returns/{filed.pk}/remind/", follow=True))
    assert "今天已经催过" in again
    refused = browser_of(city, "supervisor").post(f"/returns/{filed.pk}/remind/")
    assert refused.status_code in (302, 403) and filed.steps.filter(step="remind").count() == 1
