"""Filed returns chosen as evidence by a click: only the letter's own, only what stands, kept as links that open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from qingyuan.governance.actions import returns
from qingyuan.governance.models import Assessment, AssessmentEvidence, Return
from qingyuan.governance.queries.fitting_returns import returns_that_fit
from qingyuan.reference.periods import Period
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.governance.test_returns import TOWN_CELLS, at, locked
from tests.governance.year_end import YearEnd
from tests.web.assessments.test_assessment_pages import page, post
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(desk: Desk) -> YearEnd:
    return YearEnd(desk)


def due(office: YearEnd, month: str, town: str = "longdong") -> Return:
    city = office.desk.city.divisions["云岭市"]
    returns.generate_due(city=city, month=Period.parse(month), by=office.desk.actor("clerk"))
    return Return.objects.get(form="XZ-01", unit__code=town, period=month)


def filed(office: YearEnd, month: str, town: str = "longdong", who: str = "supervisor") -> Return:
    return locked(office.desk, due(office, month, town), TOWN_CELLS, who)


def case_of(office: YearEnd) -> Assessment:
    return office.case(office.opened())


def chosen(office: YearEnd, case: Assessment, *rows: Return, who: str = "supervisor", **data: Any) -> Any:
    return post(office, who, "assessment-returns", case.pk, "1.1", chosen=[str(row.pk) for row in rows], **({"note": "月报"} | data))


def test_the_unit_ticks_two_months_at_once_and_each_opens_from_the_clause(office: YearEnd) -> None:
    case, rows = case_of(office), [filed(office, month) for month in ("2022-08", "2022-09")]
    opened = page(office, "supervisor", "assessment", case.pk)
    assert reverse("web:assessment-returns", args=[case.pk, "1.1"]) in opened.content.decode()
    assert "乡镇(街道)禁毒工作月报 2022-09" in text_of(page(office, "supervisor", "assessment-returns", case.pk, "1.1"))
    answer = chosen(office, case, *rows, note="两个月都已锁定")
    assert answer.status_code == 302 and answer["Location"].endswith("?open=1.1#clause-1.1")
    assert set(AssessmentEvidence.objects.values_list("row_id", flat=True)) == {row.pk for row in rows}
    shown = page(office, "supervisor", "assessment", case.pk).content.decode()
    assert all(f'href="{reverse("web:return", args=[row.pk])}">乡镇(街道)禁毒工作月报 {row.period}</a>' in shown for row in rows)
    assert page(office, "supervisor", "return", rows[0].pk).status_code == 200
    again = text_of(page(office, "supervisor", "assessment-returns", case.pk, "1.1"))
    assert again.count("已附在本条") == 2
    assert "已附在本条" not in text_of(page(office, "supervisor", "assessment-returns", case.pk, "3.2"))


def test_drafts_what_was_sent_back_other_years_and_other_towns_are_not_offered(office: YearEnd) -> None:
    case = case_of(office)
    ours, last_year = filed(office, "2022-09"), filed(office, "2021-11")
    theirs, draft = filed(office, "2022-09", "shiqiao", "stranger"), due(office, "2022-10")
    back = returns.save_draft(filed=due(office, "2022-08"), cells=TOWN_CELLS, by=office.desk.actor("supervisor"), at=at(date(2022, 9, 2)))
    back = returns.submit(filed=back, reviewer_name="韩队", by=office.desk.actor("supervisor"), at=at(date(2022, 9, 2)))
    returns.send_back(filed=back, reason="场次与台账不符", by=office.desk.actor("clerk"))
    actor = office.desk.actor("supervisor")
    assert [one.filed.pk for one in returns_that_fit(actor, case, "1.1", TODAY)] == [ours.pk]
    for row in (last_year, theirs, draft, back):
        answer = chosen(office, case, ours, row)
        assert answer.status_code == 422 and "重新勾选" in text_of(answer)
    assert not AssessmentEvidence.objects.exists()


@pytest.mark.parametrize(("words", "months"), [
    ("月报", ["2022-09", "2022-08"]), ("xz-01 2022-08", ["2022-08"]), ("2022年8月", ["2022-08"]), ("龙洞镇 9月", ["2022-09"]), ("石桥镇", []),
])  # fmt: skip
def test_the_search_looks_at_title_code_unit_and_month(office: YearEnd, words: str, months: list[str]) -> None:
    case = case_of(office)
    for month in ("2022-08", "2022-09"):
        filed(office, month)
    found = returns_that_fit(office.desk.actor("supervisor"), case, "1.1", TODAY, words)
    assert [one.filed.period for one in found] == months
    shown = text_of(page(office, "supervisor", "assessment-returns", case.pk, "1.1", q=words))
    assert ("没有找到含" in shown) == (not months)


def boxes(answer: Any) -> dict[str, bool]:
    """Of each box on the page, in its order, whether it is ticked."""
    found = BeautifulSoup(answer.content.decode(), "html.parser").select("ul.choosing input")
    return {str(box["value"]): box.has_attr("checked") for box in found}


def test_a_search_keeps_what_was_ticked_and_typed_before(office: YearEnd) -> None:
    case, rows = case_of(office), [filed(office, month) for month in ("2022-07", "2022-08", "2022-09")]
    july, august, september = (str(row.pk) for row in rows)
    first = chosen(office, case, rows[0], note="三个月", q="8月", search="1")
    assert first.status_code == 200 and boxes(first) == {july: True, august: False}, "what is ticked stays on top, whatever is searched for"
    assert 'value="三个月"' in first.content.decode() and not AssessmentEvidence.objects.exists()
    second = chosen(office, case, rows[0], rows[1], note="三个月", q="9月", search="1")
    assert boxes(second) == {august: True, july: True, september: False}
    nothing = chosen(office, case, rows[0], rows[1], note="三个月", q="石桥镇", search="1")
    assert boxes(nothing) == {august: True, july: True} and "没有找到含" in text_of(nothing)
    assert boxes(chosen(office, case, rows[0], note="", q="9月", clear="1")) == {july: True, september: False, august: False}
    assert chosen(office, case, *rows, q="9月").status_code == 302
    assert AssessmentEvidence.objects.count() == 3


def test_a_search_ticks_nothing_that_is_not_offered(office: YearEnd) -> None:
    case, theirs = case_of(office), filed(office, "2022-09", "shiqiao", "stranger")
    filed(office, "2022-08")
    assert str(theirs.pk) not in boxes(chosen(office, case, theirs, q="8月", search="1"))


def test_what_is_missing_is_said_beside_its_field_and_what_was_ticked_stays(office: YearEnd) -> None:
    case, row = case_of(office), filed(office, "2022-09")
    nothing = post(office, "supervisor", "assessment-returns", case.pk, "1.1", note="月报")
    assert nothing.status_code == 422 and "请至少勾选一张报表" in text_of(nothing)
    assert 'value="月报"' in nothing.content.decode()
    silent = chosen(office, case, row, note="")
    assert silent.status_code == 422 and field_error(silent, "note")
    assert f'value="{row.pk}" checked' in silent.content.decode()
    assert chosen(office, case, row).status_code == 302
    twice = chosen(office, case, row)
    assert twice.status_code == 422 and "重新勾选" in text_of(twice)
    assert AssessmentEvidence.objects.count() == 1


def test_a_unit_without_returns_is_told_what_to_do_first(office: YearEnd) -> None:
    assert "先到“报表”里报送" in text_of(page(office, "supervisor", "assessment-returns", case_of(office).pk, "1.1"))


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("liaison", 403), ("auditor", 403), ("town_leader", 403), ("stranger", 404), ("officer", 404)])
def test_nobody_else_chooses_for_the_unit(office: YearEnd, who: str, status: int) -> None:
    case, row = case_of(office), filed(office, "2022-09")
    assert page(office, who, "assessment-returns", case.pk, "1.1").status_code == status
    assert chosen(office, case, row, who=who).status_code == status
    assert not AssessmentEvidence.objects.exists()


def test_an_unknown_clause_is_not_found_and_after_filing_nothing_is_added(office: YearEnd) -> None:
    round = office.opened()
    case, row = office.case(round), filed(office, "2022-09")
    assert page(office, "supervisor", "assessment-returns", case.pk, "9.9").status_code == 404
    office.filed(round)
    here = reverse("web:assessment-returns", args=[case.pk, "1.1"])
    answer = browser_of(office.desk.city, "supervisor").post(here, {"chosen": [str(row.pk)], "note": "月报"}, follow=True)
    assert answer.status_code == 200 and not AssessmentEvidence.objects.exists()
    assert "佐证不能再改" in text_of(answer)


def test_who_may_not_open_the_return_sees_that_there_is_one_but_no_link(office: YearEnd) -> None:
    round = office.opened()
    case, row = office.case(round), filed(office, "2022-09")
    post(office, "supervisor", "assessment-returns", case.pk, "3.2", chosen=[str(row.pk)], note="月报")
    office.filed(round)
    shown = page(office, "liaison", "assessment", case.pk).content.decode()
    assert "月报" in shown and reverse("web:return", args=[row.pk]) not in shown
