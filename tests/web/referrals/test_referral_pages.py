"""Help on its pages: the helper sees all, the receiving unit what the consent lists, office and police a closed count, others nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.journeys.todo import helping as todo
from qingyuan.rehabilitation.actions import helping as actions
from qingyuan.rehabilitation.enums import HelpKind
from qingyuan.rehabilitation.models import Absence, AbsenceReason, Client, Referral
from qingyuan.web.referrals import presenters
from tests.cast import TODAY, City, id_number, measure_values
from tests.rehabilitation.test_helping import OTHERS, referred
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
NAME, REFUSED = "测试甲", 422
WHY = "陪母亲去县医院"


@pytest.fixture
def person(city: City) -> Client:
    city.units["education"].kind = "education"
    city.units["education"].save()
    city.enter("measures", "supervisor", measure_values(city, 0))
    Client.objects.update(caseworker_id=city.accounts["caseworker"].pk)
    return Client.objects.get()


def typed(city: City, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "schooling", "to_unit": str(city.units["education"].pk), "need": "想上夜校", "fields_shown": ["name", "need"],
        "consent_paper_number": "同意书2022-7", "consent_on": "2022-11-20", "consent_until": "2023-02-20",
    } | changes  # fmt: skip


def test_the_helper_refers_on_paper_and_the_unit_sees_what_the_paper_lists(city: City, person: Client) -> None:
    helper, liaison = browser_of(city, "caseworker"), browser_of(city, "liaison")
    wrong = helper.post(f"/people/{person.pk}/help/refer/", typed(city, consent_paper_number=""))
    assert wrong.status_code == REFUSED and not Referral.objects.exists()
    page = text_of(helper.post(f"/people/{person.pk}/help/refer/", typed(city), follow=True))
    assert "已转介" in page and "想上夜校" in page and "可以看:姓名、需要什么帮助" in page
    made = Referral.objects.get()
    seen = text_of(liaison.get(f"/referrals/{made.pk}/"))
    assert NAME in seen and "想上夜校" in seen
    whole = liaison.get(f"/referrals/{made.pk}/").content.decode()
    for secret in (id_number(100), "9999 ****", "大坪村", "龙洞社区", "社区戒毒", str(person.pk), "31 岁"):
        assert secret not in whole, secret
    assert ReadEntry.objects.using("audit").filter(ledger="referrals", act="detail").count() == 2


@pytest.mark.parametrize("fields", [["need"], ["phone"], ["sex_age", "place"]], ids=",".join)
def test_what_is_not_ticked_is_not_shown(city: City, person: Client, fields: list[str]) -> None:
    made = referred(city, person, fields=fields, need="暗需要")
    told = presenters.values(made, TODAY)
    assert set(told) == set(fields)
    page = text_of(browser_of(city, "liaison").get(f"/referrals/{made.pk}/")) + text_of(browser_of(city, "liaison").get("/referrals/"))
    assert NAME not in page and ("暗需要" in page) == ("need" in fields) and ("龙洞社区" in page) == ("place" in fields)


def test_taken_back_it_is_gone_from_the_units_pages_and_day(city: City, person: Client) -> None:
    made, liaison = referred(city, person), browser_of(city, "liaison")
    assert NAME in text_of(liaison.get("/referrals/")) and len(todo.referrals(city.actor("liaison"), TODAY)) == 1
    done = browser_of(city, "caseworker").post(f"/referrals/{made.pk}/withdraw/", follow=True)
    assert "看不到这一件" in text_of(done)
    for answer in (
        liaison.get(f"/referrals/{made.pk}/"),
        liaison.post(f"/referrals/{made.pk}/answer/", {"accepted": "yes", "words": "x"}),
        liaison.post(f"/referrals/{made.pk}/close/", {"outcome": "x", "closed_on": "2022-11-23"}),
    ):
        assert answer.status_code == 404
    assert NAME not in text_of(liaison.get("/referrals/")) and todo.referrals(city.actor("liaison"), TODAY) == []


def test_the_unit_answers_and_says_what_came_of_it(city: City, person: Client) -> None:
    made, liaison = referred(city, person), browser_of(city, "liaison")
    assert "怎么办" in text_of(liaison.post(f"/referrals/{made.pk}/answer/", {"accepted": "yes", "words": ""}, follow=True))
    liaison.post(f"/referrals/{made.pk}/answer/", {"accepted": "yes", "words": "找张老师"})
    assert "请填办结日期" in text_of(liaison.post(f"/referrals/{made.pk}/close/", {"outcome": "已入学", "closed_on": "昨天"}, follow=True))
    liaison.post(f"/referrals/{made.pk}/close/", {"outcome": "已入学", "closed_on": "2022-11-23"})
    page = text_of(browser_of(city, "caseworker").get(f"/people/{person.pk}/help/"))
    assert "找张老师" in page and "已入学" in page and "已办结" in page


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_a_page_of_help(city: City, person: Client, who: str) -> None:
    made = referred(city, person, need="暗需要")
    browser = browser_of(city, who)
    asked = [
        *(browser.get(path) for path in (f"/people/{person.pk}/help/", f"/referrals/{made.pk}/")),
        *(browser.post(f"/people/{person.pk}/help/{part}/", typed(city)) for part in ("refer", "review")),
        *(browser.post(f"/referrals/{made.pk}/{part}/", {"accepted": "yes", "words": "x"}) for part in ("answer", "close", "withdraw")),
    ]
    for answer in asked:
        text = answer.content.decode()
        assert answer.status_code in (403, 404) and "暗需要" not in text and NAME not in text
    made.refresh_from_db()
    assert made.state == "waiting" and Referral.objects.count() == 1


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "auditor"])
def test_office_and_police_see_closed_counts_and_nothing_else(city: City, person: Client, who: str) -> None:
    referred(city, person)
    page = text_of(browser_of(city, who).get("/referrals/"))
    assert page.count("<5") == len(HelpKind) and NAME not in page and "教育" not in page.split("转介人数")[1]


def test_a_count_of_five_is_shown_and_four_or_none_are_not() -> None:
    rows = {row.cells[0].text: row.cells[1].text for row in presenters.counts({"jobs": 5, "skills": 4}).rows}
    assert rows["就业"] == "5" and rows["技能培训"] == rows["就学"] == "<5"


def test_a_school_in_another_place_finds_nothing(city: City, person: Client) -> None:
    """The liaison of a unit it was not sent to: the address answers as if nothing were there."""
    made = referred(city, person)
    Referral.objects.filter(pk=made.pk)  # the row stays; the liaison moves
    city.accounts["liaison"].unit = city.units["office"]
    city.accounts["liaison"].save()
    browser = browser_of(city, "liaison")
    assert browser.get(f"/referrals/{made.pk}/").status_code == 404 and NAME not in text_of(browser.get("/referrals/"))


def test_reviews_and_objections_on_the_page(city: City, person: Client) -> None:
    helper = browser_of(city, "caseworker")
    given = {"held_on": "2022-11-20", "needs": ["jobs"], "reasons": "失业三个月", "next_on": "2023-02-20", "objection": "我要工作不要培训"}
    wrong = helper.post(f"/people/{person.pk}/help/review/", given | {"reasons": ""})
    assert wrong.status_code == REFUSED
    page = text_of(helper.post(f"/people/{person.pk}/help/review/", given, follow=True))
    assert "需要 就业" in page and "我要工作不要培训" in page and "下次 2023-02-20" in page
    review = person.support_reviews.get()
    helper.post(f"/people/{person.pk}/help/reviews/{review.pk}/", {"words": "维持"})
    review.refresh_from_db()
    assert not review.objection_answer, "who made the review does not answer the objection"
    browser_of(city, "supervisor").post(f"/people/{person.pk}/help/reviews/{review.pk}/", {"words": "改为介绍工作"})
    assert "改为介绍工作" in text_of(helper.get(f"/people/{person.pk}/help/"))


def test_why_somebody_was_away_is_typed_with_the_absence_and_found_on_the_help_page_alone(city: City, person: Client) -> None:
    helper = browser_of(city, "caseworker")
    assert "只记在帮扶分区" in text_of(helper.get(f"/people/{person.pk}/record/absences/"))
    assert "只记在帮扶分区" not in text_of(helper.get(f"/people/{person.pk}/record/releases/"))
    given = {"left_on": "2022-11-10", "back_on": "2022-11-14", "lawful": "true", "document_number": "报备8", "seen_by": "李秀", "why": WHY}
    helper.post(f"/people/{person.pk}/record/absences/", given)
    absence = Absence.objects.get()
    assert AbsenceReason.objects.get().why == WHY
    assert WHY in text_of(helper.get(f"/people/{person.pk}/help/"))
    elsewhere = [f"/people/{person.pk}/", f"/ledgers/absences/{absence.pk}/", "/ledgers/absences/", "/today/", f"/clocks/?person={person.pk}"]
    for who in ("caseworker", "supervisor"):
        browser = browser_of(city, who)
        for path in elsewhere:
            assert WHY not in browser.get(path).content.decode(), (who, path)
    for who in (*OTHERS, "liaison"):
        browser = browser_of(city, who)
        answer = browser.get(f"/people/{person.pk}/help/")
        assert answer.status_code in (403, 404) and WHY not in answer.content.decode()
        answer = browser.post(f"/people/{person.pk}/help/absences/{absence.pk}/", {"why": "改"})
        assert answer.status_code in (403, 404)
    assert AbsenceReason.objects.get().why == WHY


def test_a_reason_can_be_added_afterwards(city: City, person: Client) -> None:
    row = {"name": NAME, "id_number": id_number(100), "left_on": date(2022, 11, 1), "back_on": date(2022, 11, 6)}
    absence = city.enter("absences", "supervisor", row)[0]
    helper = browser_of(city, "caseworker")
    assert "请写事由" in text_of(helper.post(f"/people/{person.pk}/help/absences/{absence.pk}/", {"why": " "}, follow=True))
    assert WHY in text_of(helper.post(f"/people/{person.pk}/help/absences/{absence.pk}/", {"why": WHY}, follow=True))


def test_a_consent_of_yesterday_shows_nothing_today(city: City, person: Client) -> None:
    made = referred(city, person, consent_on=TODAY - timedelta(days=9), consent_until=TODAY)
    assert presenters.values(made, TODAY) and presenters.values(made, TODAY + timedelta(days=1)) == {}
    words, _tone = presenters.state(made, TODAY + timedelta(days=1))
    assert "到期" in words


def test_a_referral_the_unit_declined_shows_nothing_to_it(city: City, person: Client) -> None:
    made = referred(city, person)
    made = actions.answer(referral=made, accepted=False, words="已过招生期", by=city.actor("liaison"))
    assert presenters.values(made, TODAY) == {}
