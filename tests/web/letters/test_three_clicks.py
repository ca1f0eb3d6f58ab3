"""From the list of letters any point is three clicks away from the rows, dues or the entry it is made of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from qingyuan.governance.actions import manual
from qingyuan.governance.models import Letter
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.web.letters.test_score_page import link, soup_of
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

#: Clause → its title, and what stands on the page of the third click: one clause for each kind of source and of rule.
ENDS = {
    "1.1": ("党委政府专题研究禁毒工作", "专题研究"),
    "1.2": ("第一责任人亲自研究", "专题研究"),
    "2.1": ("按期报到", "报到"),
    "2.2": ("签订协议", "协议"),
    "2.3": ("定期检测到位", "缺检"),
    "2.4": ("应检尽检率", "应检"),
}


def clause_of(page: BeautifulSoup, clause_id: str) -> BeautifulSoup:
    found = page.select_one(f"#clause-{clause_id.replace('.', '-')}")
    assert found is not None
    return BeautifulSoup(str(found), "html.parser")


@pytest.mark.parametrize("clause_id", sorted(ENDS))
def test_three_clicks_lead_from_the_list_to_the_rows_of_a_clause(town: Desk, letter: Letter, clause_id: str) -> None:
    title, ending = ENDS[clause_id]
    client = browser_of(town.city, "supervisor")
    score = soup_of(client, link(soup_of(client, "/letters/"), "龙洞镇"))  # first click: the letter
    opened = soup_of(client, link(score, f"明细 {title}"))  # second: the clause, in place
    openings = [a for a in clause_of(opened, clause_id).select(".opening a") if a.get("href")]
    assert openings, title
    rows = client.get(str(openings[0]["href"]))  # third: the rows
    assert rows.status_code == 200 and ending in text_of(rows)


def test_two_clicks_lead_to_what_a_person_decided(town: Desk, letter: Letter) -> None:
    entry = manual.enter(
        letter=letter, key="manual:批示交办逾期件数", value=Decimal(2), reason="两件逾期未反馈", by=town.actor("clerk"), holds_from=TODAY
    )
    manual.review(entry=entry, by=town.actor("leader"))
    client = browser_of(town.city, "supervisor")
    score = soup_of(client, link(soup_of(client, "/letters/"), "龙洞镇"))
    opened = soup_of(client, link(score, "明细 上级批示和交办事项按期反馈"))
    assert "两件逾期未反馈" in clause_of(opened, "1.3").get_text()
