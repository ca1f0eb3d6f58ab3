"""收戒: a police officer checks ground and exemption one by one and signs. Nothing proposes, counts or ranks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from qingyuan.enforcement.actions import admissions as actions
from qingyuan.enforcement.actions.admissions import AdmissionRefused
from qingyuan.enforcement.admissions import checks_visible
from qingyuan.enforcement.models import AdmissionCheck, Party
from qingyuan.enforcement.rules import admission as rules
from qingyuan.rehabilitation.models import Campaign
from tests.cast import TODAY, City, id_number
from tests.enforcement.rows import PARTY, filed
from tests.rehabilitation.test_campaigns import issued
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
NO = {item.code: False for item in rules.CHECKLIST}
REFUSED = 422


@pytest.fixture
def party(city: City) -> Party:
    filed(city)
    return city.enter("parties", "officer", PARTY | {"name": "测试丁", "id_number": id_number(140)})[0]


@pytest.fixture
def campaign(city: City) -> Campaign:
    return issued(city)


def signed(city: City, party: Party, who: str = "officer", **changes: Any) -> AdmissionCheck:
    values: dict[str, Any] = {
        "party": party, "ground": "used_during_cd", "document_number": "云公强戒决字〔2022〕5号", "decided_on": date(2022, 11, 15), "answers": NO,
        "reasons": "", "by": city.actor(who),
    }  # fmt: skip
    return actions.sign(**(values | changes))


def typed(**changes: str) -> dict[str, str]:
    answers = dict.fromkeys(NO, "no")
    return {"ground": "used_during_cd", "document_number": "5号", "decided_on": "2022-11-15", "reasons": ""} | answers | changes


# --- rules -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item", [one for one in rules.CHECKLIST if one.bars], ids=lambda one: one.code)
@pytest.mark.parametrize("ground", ["used_during_cd", "severe", "refused_cd"])
def test_pregnant_and_nursing_women_are_never_signed_for(city: City, party: Party, item: rules.Item, ground: str) -> None:
    with pytest.raises(AdmissionRefused, match="不适用强制隔离戒毒"):
        signed(city, party, ground=ground, answers=NO | {item.code: True}, reasons="仍要")
    assert not AdmissionCheck.objects.exists()


@pytest.mark.parametrize("item", [one for one in rules.CHECKLIST if one.direct_only], ids=lambda one: one.code)
def test_local_exemptions_ask_for_reasons_against_a_direct_decision_only(city: City, party: Party, item: rules.Item) -> None:
    """禁毒法第三十八条第一款的情形除外: the wider local lists exempt from a decision for severe addiction alone."""
    answers = NO | {item.code: True}
    with pytest.raises(AdmissionRefused, match="仍然适用"):
        signed(city, party, ground="severe", answers=answers)
    assert signed(city, party, ground="severe", answers=answers, reasons="家属书面同意,有医生证明").reasons
    assert signed(city, party, answers=answers, document_number="6号").ground == "used_during_cd"


def test_an_answer_against_the_id_number_is_refused(city: City, party: Party) -> None:
    with pytest.raises(AdmissionRefused, match="年龄"):
        signed(city, party, answers=NO | {"under_sixteen": True}, reasons="x")


def test_every_item_is_answered(city: City, party: Party) -> None:
    with pytest.raises(AdmissionRefused) as refusal:
        signed(city, party, answers={"pregnant": False})
    assert len(refusal.value.problems) == len(rules.CHECKLIST) - 1


@pytest.mark.parametrize(
    "changes", [{"ground": "wanted"}, {"document_number": " "}, {"decided_on": None}, {"decided_on": date(2022, 11, 24)}], ids=str
)
def test_a_check_without_ground_number_or_day_is_refused(city: City, party: Party, changes: dict[str, Any]) -> None:
    with pytest.raises(AdmissionRefused):
        signed(city, party, **changes)


# --- who ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "caseworker", "town_leader", "prosecutor", "doctor", "auditor", "liaison", "security"])
def test_nobody_but_the_police_signs_or_sees_a_check(city: City, party: Party, campaign: Campaign, who: str) -> None:
    made = signed(city, party)
    with pytest.raises(AdmissionRefused):
        signed(city, party, who, document_number="9号")
    assert not checks_visible(city.actor(who), TODAY).exists()
    browser = browser_of(city, who)
    for path in (f"/campaigns/{campaign.pk}/admissions/", f"/admissions/{party.pk}/sign/"):
        answer = browser.get(path)
        assert answer.status_code in (403, 404) and party.name not in answer.content.decode()
    assert browser.post(f"/admissions/{party.pk}/sign/", typed()).status_code in (403, 404)
    assert browser.post(f"/admissions/checks/{made.pk}/withdraw/", {"words": "x"}).status_code in (403, 404)
    assert AdmissionCheck.objects.filter(withdrawn_at=None).count() == 1


def test_another_police_unit_finds_nothing(city: City, party: Party, campaign: Campaign) -> None:
    signed(city, party)
    elsewhere = replace(city.actor("officer"), account_id=999, unit_id=city.units["procuratorate"].pk)
    assert not checks_visible(elsewhere, TODAY).exists()
    with pytest.raises(AdmissionRefused):
        signed(city, party, document_number="7号", by=elsewhere)


# --- pages -------------------------------------------------------------------------------------------------------------
def test_the_officer_answers_every_line_and_signs(city: City, party: Party, campaign: Campaign) -> None:
    browser = browser_of(city, "officer")
    page = browser.get(f"/admissions/{party.pk}/sign/")
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    assert not soup.select("input[type=radio][checked]"), "nothing is answered beforehand"
    wrong = browser.post(f"/admissions/{party.pk}/sign/", typed(pregnant="yes"))
    assert wrong.status_code == REFUSED and "改为社区戒毒" in text_of(wrong)
    browser.post(f"/admissions/{party.pk}/sign/", typed())
    page_text = text_of(browser.get(f"/campaigns/{campaign.pk}/admissions/"))
    assert "测试丁" in page_text and "逐条核对,都没有" in page_text and "禁毒法第三十八条第一款第二项" in page_text


def test_the_list_is_by_day_and_has_no_number_above_it(city: City, party: Party, campaign: Campaign) -> None:
    for number, day in (("1号", date(2022, 11, 20)), ("2号", date(2022, 11, 3)), ("3号", date(2022, 11, 12))):
        signed(city, party, document_number=number, decided_on=day)
    signed(city, party, document_number="4号", decided_on=date(2022, 10, 1))  # before the campaign
    answer = browser_of(city, "officer").get(f"/campaigns/{campaign.pk}/admissions/")
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    days = [row.td.get_text(strip=True) for row in soup.select("main tbody tr")]
    assert days == ["2022-11-03", "2022-11-12", "2022-11-20"], "in the order of days and of nothing else"
    main = soup.select_one("main")
    assert main is not None and not any(word in main.get_text() for word in ("共 3", "合计", "排名第", "完成率", "任务数", "还差"))


def test_what_was_signed_by_mistake_is_withdrawn_and_signed_anew(city: City, party: Party) -> None:
    made, browser = signed(city, party), browser_of(city, "officer")
    with pytest.raises(AdmissionRefused, match="已经签过"):
        signed(city, party)
    assert "请写明为什么" in text_of(browser.post(f"/admissions/checks/{made.pk}/withdraw/", {"words": ""}, follow=True))
    browser.post(f"/admissions/checks/{made.pk}/withdraw/", {"words": "文号写错"})
    made.refresh_from_db()
    assert made.withdrawn_words == "文号写错" and signed(city, party).pk != made.pk


def test_a_party_offers_the_check_on_its_page(city: City, party: Party) -> None:
    assert "收戒核对" in text_of(browser_of(city, "officer").get(f"/ledgers/parties/{party.pk}/"))
