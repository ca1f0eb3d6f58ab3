"""A sheet is published whole and right, or not at all; afterwards it does not change."""

from __future__ import annotations

import pytest
from django.db import connection

from qingyuan.governance.actions.schemes import SchemeRefused, publish_scheme
from qingyuan.governance.models import PublishedScheme
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries.schemes import SchemeChanged, scheme_of
from qingyuan.governance.scoring.problems import SchemeUnreadable
from tests.governance.conftest import SHEET, Desk

pytestmark = pytest.mark.django_db


def test_the_shipped_sheet_publishes_once(desk: Desk) -> None:
    first = desk.publish_sheet()
    assert desk.publish_sheet() == first
    assert scheme_of(first).total == 100
    assert (first.year, first.published_by_name, PublishedScheme.objects.count()) == (2022, "秦川", 1)


@pytest.mark.parametrize("named", ["indicator:E01.value", "indicator:R26.value", "return:GA-JD-01.detained"])
def test_a_clause_over_a_coercive_figure_is_refused_with_the_reason(desk: Desk, named: str) -> None:
    text = SHEET.replace("inputs: {meetings: indicator:G01.value}", f"inputs: {{meetings: '{named}'}}")
    with pytest.raises(SchemeRefused) as refused:
        publish_scheme(text=text, by=desk.actor("leader"))
    problems = [problem for problem in refused.value.problems if problem.where == "条款 1.1"]
    assert len(problems) == 1
    assert "不" in problems[0].message
    assert PublishedScheme.objects.count() == 0


def test_all_problems_come_at_once(desk: Desk) -> None:
    text = SHEET.replace("total: 100", "total: 105").replace("given: {meetings: 1}, expect: {points: 5", "given: {meetings: 1}, expect: {points: 6")
    with pytest.raises(SchemeRefused) as refused:
        publish_scheme(text=text, by=desk.actor("leader"))
    assert {problem.where for problem in refused.value.problems} >= {"总分", "条款 1.1"}


def test_a_cell_of_a_return_that_is_not_coercive_may_be_scored(desk: Desk) -> None:
    text = SHEET.replace("inputs: {meetings: indicator:G01.value}", "inputs: {meetings: 'return:XZ-01.events'}")
    assert publish_scheme(text=text, by=desk.actor("leader")).version == "1"


def test_the_same_version_with_other_content_is_refused(desk: Desk) -> None:
    desk.publish_sheet()
    with pytest.raises(SchemeRefused, match="改版次"):
        publish_scheme(text=SHEET.replace("责任制考核办法", "考核办法"), by=desk.actor("leader"))
    with pytest.raises(SchemeUnreadable):
        publish_scheme(text="total: [", by=desk.actor("leader"))


def test_a_published_sheet_does_not_change_and_a_change_past_the_model_is_found(desk: Desk) -> None:
    published = desk.publish_sheet()
    published.content = "{}"
    with pytest.raises(WrittenOnce):
        published.save()
    with pytest.raises(WrittenOnce):
        PublishedScheme.objects.update(content="{}")
    with pytest.raises(WrittenOnce):
        published.delete()
    with connection.cursor() as cursor:
        cursor.execute("update governance_publishedscheme set content = replace(content, '每次得 5 分', '每次得 9 分')")
    with pytest.raises(SchemeChanged):
        scheme_of(PublishedScheme.objects.get())


def test_a_town_publishes_no_sheet(desk: Desk) -> None:
    for who in ("supervisor", "town_leader", "auditor"):
        with pytest.raises(NotAllowed):
            publish_scheme(text=SHEET, by=desk.actor(who))
