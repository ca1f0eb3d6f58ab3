"""The summary of the year tells how its letters were assessed, and the rules of rewards go along as an annex."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.word import render_docx
from qingyuan.governance.actions import signing
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.assessment_papers import checked, circular
from qingyuan.governance.queries.assessments import published
from qingyuan.governance.queries.letters import pdf_of
from qingyuan.governance.queries.rewards import tables_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.year_book import book
from qingyuan.governance.reward_papers import rules_paper
from qingyuan.governance.scheme_paper import annex
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.governance.year_papers import year_summary
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.governance.test_needs import PLAN
from tests.governance.year_end import YearEnd

pytestmark = pytest.mark.django_db


def body_of(paper: OfficialDocument) -> str:
    return "".join(str(block) for block in paper.body)


def summary(desk: Desk, who: str = "clerk") -> str:
    found = book(city=desk.city.divisions["云岭市"], year=2022, reader=desk.actor(who), on=TODAY)
    return body_of(year_summary(book=found, issuer="市禁毒办", on=TODAY))


def test_the_summary_cites_the_results_and_how_objections_ended(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN)
    office = YearEnd(desk)
    assert "责任书考核结果" not in summary(desk), "a year without letters has no results to tell"
    round = office.opened()
    assert "已签订0份,考核结果还没有公布" in summary(desk)
    case = office.noticed(round)
    office.take(case, "object", "supervisor", clause="3.2", wanted="5", reason="档案齐全,漏看一份。")
    office.take(office.case(round), "answer", "leader", clause="3.2", decision="upheld", points="4.5", reason="复看属实。")
    office.confirm_all(office.case(round))
    last = office.case(round).object_by
    assert last is not None
    office.take(office.case(round), "settle", "clerk", last.replace(month=12, day=28))
    office.settled(round, "shiqiao", "stranger")
    round = office.step(round, "publish", "leader", last.replace(month=12, day=29))
    words = summary(desk)
    found = published(round)
    assert round.circular_number and round.circular_number in words
    for one in found.results:
        assert one.letter_number in words and (one.grade or "待定") in words
    assert "成立1件" in words and "成立,已经改分" in words
    assert "4.5" not in words.partition("成立1件")[2], "what a clause came to is the unit's own"


def test_a_letter_counts_as_signed_when_its_page_is_filed(desk: Desk) -> None:
    desk.city.enter("unit_plans", "liaison", PLAN)
    letter, _other = desk.letter("longdong"), desk.letter("shiqiao")
    assert "制发责任书2份,已签订0份" in summary(desk), "issued is not signed"
    signing.file_signed_page(letter=letter, data=pdf_of(letter), file_name="签字页.pdf", signed_on=TODAY, by=desk.actor("clerk"))
    assert "制发责任书2份,已签订1份" in summary(desk)


def test_the_rules_that_apply_go_with_the_sheet_and_the_circular(desk: Desk) -> None:
    round = YearEnd(desk).published()
    found = published(round)
    rules = tables_of((one.unit_kind for one in found.results), found.scored_on)
    assert [one.code for one in rules] == ["town"]
    paper = circular(found=found, sample=checked(round), rules=rules)
    assert [one.title for one in paper.attachments] == [rules[0].title.replace("(", "（").replace(")", "）")]
    attached = "".join(str(block) for block in paper.attachments[0].body)
    for rule in rules[0].rules:
        assert rule.id in attached
    assert "保留原文、不执行的规则" in attached and "未见本市" in attached

    scheme = scheme_of(publish_scheme(text=(FOLDER / "member-2022.yaml").read_text(encoding="utf-8"), by=desk.actor("leader")))
    sheet = annex(scheme, draft=False, rules=tables_of(scheme.applies_to.unit_kinds, scheme.valid_from))
    assert len(sheet.attachments) == 1 and "成员单位" in sheet.attachments[0].title
    with ZipFile(io.BytesIO(render_docx(sheet))) as made:
        words = made.read("word/document.xml").decode()
    assert "按公布的等次列入成员单位年度等次名单" in words and "附件" in words
    assert "约谈" in body_of(rules_paper(rules[0]))
