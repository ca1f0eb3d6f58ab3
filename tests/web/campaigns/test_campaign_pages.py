"""The pages of a campaign: towns' counts for everybody who has a part in it, names for the town alone, checks for the police alone."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.indicators import catalogue
from qingyuan.journeys.todo import campaigns as todo
from qingyuan.journeys.todo.tally import total
from qingyuan.rehabilitation.models import Campaign, CampaignLine, Client
from tests.cast import TODAY, City, id_number, measure_values
from tests.rehabilitation.test_campaigns import issued, lines, say, second_line
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
REFUSED = 422
NAMES = ("测试甲", "测试乙")
LAST = date(2022, 12, 31)


@pytest.fixture
def campaign(city: City) -> Campaign:
    city.enter("measures", "supervisor", measure_values(city, 0), measure_values(city, 1))
    return issued(city)


def page_of(city: City, who: str, campaign: Campaign, query: str = "") -> Any:
    return browser_of(city, who).get(f"/campaigns/{campaign.pk}/{query}")


def test_the_office_issues_one_and_sees_numbers_but_no_name(city: City, campaign: Campaign) -> None:
    city.units["longdong"].kind = "town"
    city.units["longdong"].save()
    clerk = browser_of(city, "clerk")
    given = {
        "title": "冬季大普查", "document_number": "32号", "starts_on": "2022-11-10", "ends_on": "2022-12-31", "reference_on": "2022-11-01",
        "places": [str(city.divisions["龙洞镇"].pk)],
    }  # fmt: skip
    wrong = clerk.post("/campaigns/new/", given | {"ends_on": "2022-11-01"})
    assert wrong.status_code == REFUSED and "结束日期早于开始日期" in text_of(wrong)
    page = text_of(clerk.post("/campaigns/new/", given, follow=True))
    assert "冬季大普查" in page and "龙洞镇" in page and not any(name in page for name in NAMES)
    assert "<5" in page, "two persons are few"
    assert clerk.get(f"/campaigns/{campaign.pk}/export/").status_code == 403
    assert clerk.get(f"/campaigns/{campaign.pk}/plans/").status_code == 403


def test_the_town_works_through_its_lines_and_each_look_is_logged(city: City, campaign: Campaign) -> None:
    page = text_of(page_of(city, "supervisor", campaign))
    assert all(name in page for name in NAMES) and "社区措施" in page and "<5" not in page, "one's own numbers are open"
    assert ReadEntry.objects.using("audit").filter(ledger="campaign-lines", act="list").count() == 1
    line, browser = lines(campaign)[0], browser_of(city, "supervisor")
    typed = {"version": "1", "state": "seen", "happened_on": "2022-11-20", "words": ""}
    wrong = browser.post(f"/campaigns/lines/{line.pk}/", typed)
    assert wrong.status_code == REFUSED and "在哪里见的" in text_of(wrong)
    done = browser.post(f"/campaigns/lines/{line.pk}/", typed | {"words": "村委会,李秀、王平"}, follow=True)
    assert "已登记" in text_of(done) and CampaignLine.objects.get(pk=line.pk).state == "seen"
    late = browser.post(f"/campaigns/lines/{line.pk}/", typed | {"words": "再记一次"})
    assert late.status_code == REFUSED and "刷新" in text_of(late), "somebody was faster"


def test_a_chief_sees_the_own_town_open_and_no_name(city: City, campaign: Campaign) -> None:
    page = text_of(page_of(city, "town_leader", campaign))
    assert "龙洞镇" in page and not any(name in page for name in NAMES)


@pytest.mark.parametrize("who", ["stranger", "clerk", "leader", "officer", "town_leader", "auditor", "liaison", "doctor", "prosecutor", "security"])
def test_a_line_opens_for_its_own_unit_alone(city: City, campaign: Campaign, who: str) -> None:
    line, browser = lines(campaign)[0], browser_of(city, who)
    typed = {"version": "1", "state": "seen", "happened_on": "2022-11-20", "words": "x"}
    for answer in (browser.get(f"/campaigns/lines/{line.pk}/"), browser.post(f"/campaigns/lines/{line.pk}/", typed)):
        assert answer.status_code in (403, 404) and not any(name in answer.content.decode() for name in NAMES)
    assert browser.post(f"/campaigns/lines/{line.pk}/answer/", {"signed": "yes"}).status_code in (403, 404)
    line.refresh_from_db()
    assert line.state == ""


@pytest.mark.parametrize("who", ["supervisor", "officer", "leader", "town_leader", "auditor"])
def test_nobody_but_the_office_issues_or_withdraws_on_the_page(city: City, campaign: Campaign, who: str) -> None:
    browser = browser_of(city, who)
    assert browser.get("/campaigns/new/").status_code == 403
    browser.post(f"/campaigns/{campaign.pk}/withdraw/", {"withdraw-words": "不要了"})
    campaign.refresh_from_db()
    assert campaign.withdrawn_at is None


@pytest.mark.parametrize("who", ["liaison", "doctor", "prosecutor", "security"])
def test_who_has_no_part_is_told_whose_it_is(city: City, campaign: Campaign, who: str) -> None:
    answer = browser_of(city, who).get("/campaigns/")
    assert answer.status_code == 403 and "乡镇" in text_of(answer)


def test_the_other_town_signs_on_its_page(city: City, campaign: Campaign) -> None:
    line = lines(campaign)[0]
    say(city, line, "elsewhere", to_unit=city.units["shiqiao"])
    other = browser_of(city, "stranger")
    assert line.client.name in text_of(other.get("/campaigns/"))
    assert [job.act for job in todo.jobs(city.actor("stranger"), TODAY)] == ["去答复"]
    empty = other.post(f"/campaigns/lines/{line.pk}/answer/", {"signed": "no", "words": ""}, follow=True)
    assert "查过什么" in text_of(empty)
    other.post(f"/campaigns/lines/{line.pk}/answer/", {"signed": "yes"})
    assert CampaignLine.objects.get(received_from=line).unit == city.units["shiqiao"]
    assert line.client.name in text_of(page_of(city, "stranger", campaign)) and "别的乡镇移来" in text_of(page_of(city, "stranger", campaign))


def test_who_is_counted_twice_is_told_on_both_pages(city: City, campaign: Campaign) -> None:
    line = lines(campaign)[0]
    second_line(city, line)
    for who, other in (("supervisor", "石桥镇"), ("stranger", "龙洞镇")):
        page = text_of(page_of(city, who, campaign))
        assert f"同一人也在 {other}" in page, who


def test_the_workbook_has_ones_own_lines_and_no_number(city: City, campaign: Campaign) -> None:
    say(city, lines(campaign)[0], "seen")
    answer = browser_of(city, "supervisor").get(f"/campaigns/{campaign.pk}/export/?show=all")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"姓名", "核查结果", "见面已核", *NAMES} <= set(cells)
    assert not any(id_number(100) in cell for cell in cells)
    assert ReadEntry.objects.using("audit").filter(act="export", ledger="campaign-lines").count() == 1


def test_what_is_left_waits_on_the_towns_day_without_a_name(city: City, campaign: Campaign) -> None:
    jobs = todo.jobs(city.actor("supervisor"), TODAY)
    assert [job.title for job in jobs] == ["普查:还有 2 人没有核到", "帮教:还有 2 人没有个案计划"]
    assert not any(name in job.title + job.note for job in jobs for name in NAMES)
    assert total(todo.pressing(city.actor("supervisor"), TODAY)) == 0 and total(todo.pressing(city.actor("supervisor"), LAST)) == 2
    for who in ("clerk", "officer", "town_leader", "liaison", "doctor", "stranger"):
        assert todo.jobs(city.actor(who), TODAY) == [], who


def test_plans_are_listed_with_their_dates_and_the_missing_ones_with_their_button(city: City, campaign: Campaign) -> None:
    plan = {"name": "测试甲", "id_number": id_number(100), "made_on": date(2022, 3, 1), "skills": "学电工", "review_on": date(2022, 9, 1)}
    city.enter("care_plans", "supervisor", plan)
    soup = BeautifulSoup(browser_of(city, "supervisor").get(f"/campaigns/{campaign.pk}/plans/").content.decode(), "html.parser")
    rows = {row.td.get_text(strip=True): row.get_text(" ", strip=True) for row in soup.select("tbody tr")}
    assert "2022-09-01" in rows["测试甲"] and "还没有个案计划" in rows["测试乙"] and "写计划" in rows["测试乙"]
    assert "学电工" not in soup.get_text()


def test_no_figure_score_or_target_is_made_of_a_campaign_or_a_check() -> None:
    """Counts of people found, admitted or checked are no target (mission line 3): no definition and no scheme names them."""
    files = [*FOLDER.rglob("*.yaml"), *(Path(catalogue.__file__).parent / "definitions").rglob("*.yaml")]
    assert len(files) > 20
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "campaign" not in text and "admission-check" not in text, path


def test_people_who_left_the_register_are_on_nobodys_page(city: City, campaign: Campaign) -> None:
    Client.objects.filter(id_index=lines(campaign)[0].client.id_index).update(sealed_on=TODAY)
    page = text_of(page_of(city, "supervisor", campaign, "?show=all"))
    assert sum(name in page for name in NAMES) == 1
