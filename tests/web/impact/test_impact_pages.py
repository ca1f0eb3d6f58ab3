"""The page of the impact assessment: read by two roles, signed by one, printed as it was signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from qingyuan.governance.actions.impact import sign_off
from qingyuan.governance.impact.content import assessment
from qingyuan.governance.models import ImpactSignOff
from qingyuan.journeys.todo import policy_review
from tests.cast import TODAY, City
from tests.security.bodies import text_of as text_in
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
WORDS = "处理合法、正当、必要,措施与风险相当。"


@pytest.mark.parametrize("who", ["security", "auditor"])
def test_two_roles_read_every_field_flow_and_risk(city: City, who: str) -> None:
    page = text_of(browser_of(city, who).get("/impact/"))
    for words in ("还没有签认过", "服务对象身份证号", "社区戒毒社区康复台账:姓名", "/api/v1/ledgers/measures", "R11", assessment().digest):
        assert words in page
    shelves = BeautifulSoup(browser_of(city, who).get("/impact/").content, "html.parser").select("details.behind > summary")
    told = [int(one.select_one(".muted").get_text()) for one in shelves]  # type: ignore[union-attr]
    assert sum(told[:-1]) == len(assessment().fields) and told[-1] == len(assessment().flows), "folded, and nothing left out"


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "caseworker", "officer", "doctor", "liaison"])
def test_others_are_told_whose_it_is(city: City, who: str) -> None:
    for path in ("/impact/", "/impact/file.docx"):
        answer = browser_of(city, who).get(path)
        assert answer.status_code == 403 and "安全管理员" in text_of(answer)


def test_it_is_signed_with_words_and_printed_as_signed(city: City) -> None:
    browser = browser_of(city, "security")
    page = browser.post("/impact/sign/", {"digest": assessment().digest, "conclusion": "好"}, follow=True)
    assert "请写结论" in text_of(page)
    page = browser.post("/impact/sign/", {"digest": assessment().digest, "conclusion": WORDS}, follow=True)
    assert "已签认" in text_of(page) and "此后内容没有变化" in text_of(page)
    signed = ImpactSignOff.objects.get()
    paper = browser.get(f"/impact/{signed.pk}/file.docx")
    assert WORDS in text_in(paper.content) and signed.content_hash in text_in(paper.content)
    assert browser.get("/impact/file.exe").status_code == 404


def test_it_waits_on_today_until_it_is_signed_and_again_after_a_year(city: City) -> None:
    browser = browser_of(city, "security")
    assert "影响评估还没有签认过" in text_of(browser.get("/today/"))
    assert "影响评估还没有签认过" not in text_of(browser_of(city, "auditor").get("/today/"))
    sign_off(digest=assessment().digest, conclusion=WORDS, by=city.actor("security"))
    assert "影响评估还没有签认过" not in text_of(browser.get("/today/"))
    assert policy_review.jobs(city.actor("security"), TODAY + timedelta(days=365))[1:] == []
    assert "满一年" in policy_review.jobs(city.actor("security"), TODAY + timedelta(days=366))[1].title


def test_names_of_tests_are_printed_and_not_shown(city: City) -> None:
    browser = browser_of(city, "security")
    page = text_of(browser.get("/impact/"))
    assert "tests/" not in page and "::" not in page
    assert "test every role on every page" in text_in(browser.get("/impact/file.docx").content).replace("_", " ")


def test_the_inspector_reads_and_cannot_sign(city: City) -> None:
    browser = browser_of(city, "auditor")
    assert "data-open" not in browser.get("/impact/").content.decode()
    assert browser.post("/impact/sign/", {"digest": assessment().digest, "conclusion": WORDS}).status_code == 403
    assert not ImpactSignOff.objects.exists()
