"""The circular as a draft that knows its figures: what it cites, when they stop holding, and how they are renewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions import papers
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.papers.text import read_body
from qingyuan.casework.queries import papers_citing
from qingyuan.documents.fonts import font_files
from qingyuan.documents.model import Heading, Table
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.periods import Period
from qingyuan.situation import citing
from qingyuan.situation.actions import closing
from qingyuan.situation.citing import _punctuated, _says
from tests.cast import TODAY, City, city
from tests.situation.planted_figures import TELLING, plant_figures

__all__ = ["city"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]
TEN_MONTHS = Period.parse("2022-01..2022-10")


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def drafted(city: City) -> Paper:
    return citing.draft(division=city.divisions["云岭市"], period=TEN_MONTHS, by=city.actor("clerk"), on=TODAY)


def another_case(city: City) -> None:
    """One more case of 石桥镇 in October, published."""
    case = {
        "number": "A999981000009", "offence": "347-1", "division": city.divisions["石桥社区"].pk,
        "filed_on": date(2022, 10, 3), "cracked_on": date(2022, 10, 9),
    }  # fmt: skip
    city.enter("cases", "officer", case)
    refresh()


def rewritten(paper: Paper, city: City, before: str, after: str) -> Paper:
    body = paper.body or ""
    assert before in body
    values: dict[str, Any] = {
        name: getattr(paper, name) for name in ("title", "addressee", "attachments", "copies_to", "remark", "word")
    } | {"body": body.replace(before, after, 1)}
    return papers.change(
        paper=paper, kind="circular", values=values, version=paper.version, by=city.actor("clerk")
    )


def issued(paper: Paper, city: City, **how: Any) -> Paper:
    clerk = city.actor("clerk")
    paper = papers.sign(paper=papers.submit(paper=paper, by=clerk), by=city.actor("leader"))
    return citing.issue(paper=paper, by=clerk, on=TODAY, **how)


def test_every_figure_of_the_text_is_cited_where_it_stands(told: City) -> None:
    paper = drafted(told)
    lines = (paper.body or "").splitlines()
    figures = list(paper.figures.all())
    assert figures and all(one.text in lines[one.line] for one in figures)
    assert {"E01", "E04", "R26", "G09", "R25", "R01", "R05"} <= {one.indicator for one in figures}
    assert {one.known_on for one in figures} == {TODAY}
    towns = {one.division.name for one in figures if one.indicator == "E01"}
    assert {"云岭市", "龙洞镇", "石桥镇"} <= towns


def test_the_draft_is_a_whole_paper_that_tells_nothing_about_few(told: City) -> None:
    paper = drafted(told)
    read = read_body(paper.body or "")
    assert read.slips == ()
    assert [block.text for block in read.blocks if isinstance(block, Heading)] == [
        "打击与查处", "毒情与人员", "戒治与帮教", "分乡镇（街道）情况",
    ]  # fmt: skip
    assert sum(isinstance(block, Table) for block in read.blocks) == 1
    assert not [number for number in TELLING if number in (paper.body or "")]


@pytest.mark.parametrize("who", ["leader", "officer", "town_leader", "auditor"])
def test_who_keeps_no_papers_makes_none(told: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        citing.draft(division=told.divisions["云岭市"], period=TEN_MONTHS, by=told.actor(who), on=TODAY)


def test_a_draft_whose_figures_hold_says_nothing(told: City) -> None:
    assert citing.standing(drafted(told), told.actor("clerk"), TODAY).holds


def test_a_changed_figure_is_named_with_both_values(told: City) -> None:
    paper = drafted(told)
    another_case(told)
    found = citing.standing(paper, told.actor("clerk"), TODAY)
    assert not found.holds
    said = {(one.name, one.place, one.was, one.now) for one in found.changes}
    assert ("破获毒品犯罪案件数", "云岭市", "3起", "4起") in said
    assert {place for _name, place, _was, _now in said} == {"云岭市", "石桥镇"}


def test_a_closed_period_is_cited_as_it_was_closed_and_what_came_later_changes_nothing(told: City) -> None:
    city = told.divisions["云岭市"]
    for month in TEN_MONTHS.months():
        asked = closing.ask(division=city, month=month, note="各地已核对", by=told.actor("clerk"))
        closing.approve(close=asked, by=told.actor("leader"))
    another_case(told)
    paper = drafted(told)
    cases = [one.text for one in paper.figures.all() if (one.indicator, one.division.name, one.slice) == ("E01", "云岭市", "")]
    assert "3起" in cases and "4起" not in cases
    assert f"各项数字以{TODAY.isoformat()}关账时为准" in (paper.body or "")
    assert {one.known_on for one in paper.figures.all()} == {TODAY}
    assert citing.standing(paper, told.actor("clerk"), TODAY).holds


def test_renewing_an_untouched_draft_puts_the_new_figures_in(told: City) -> None:
    paper = drafted(told)
    another_case(told)
    left = citing.refresh(paper=paper, by=told.actor("clerk"), on=TODAY)
    assert left.holds and "破获毒品案件4起" in (paper.body or "")
    assert paper.figures.get(indicator="E01", division=told.divisions["云岭市"]).text == "4起"


def test_words_of_the_drafter_survive_and_his_own_line_is_left_to_him(told: City) -> None:
    clerk = told.actor("clerk")
    paper = rewritten(drafted(told), told, "破获毒品案件3起", "先后破获毒品案件3起")
    paper = rewritten(paper, told, "一、打击与查处", "要闻如下。\n一、打击与查处")
    another_case(told)
    left = citing.refresh(paper=paper, by=clerk, on=TODAY)
    assert {(one.name, one.by_hand) for one in left.changes} == {("破获毒品犯罪案件数", True)}
    assert "要闻如下。" in (paper.body or "") and "先后破获毒品案件3起" in (paper.body or "")
    paper = rewritten(paper, told, "先后破获毒品案件3起", "先后破获毒品案件4起")
    assert citing.refresh(paper=paper, by=clerk, on=TODAY).holds


def test_a_paper_with_changed_figures_is_not_issued_unless_said_so(told: City) -> None:
    paper = drafted(told)
    clerk = told.actor("clerk")
    paper = papers.sign(paper=papers.submit(paper=paper, by=clerk), by=told.actor("leader"))
    another_case(told)
    with pytest.raises(PaperRefused, match="仍按原数"):
        citing.issue(paper=paper, by=clerk, on=TODAY)
    out = citing.issue(paper=paper, by=clerk, on=TODAY, keep_figures=True)
    assert "仍按 2022-11-23 的数字印发" in out.steps.get(move="issue").reason
    assert citing.standing(Paper.objects.get(pk=out.pk), clerk, TODAY).holds, "an issued paper cites what it cited"


def test_after_issue_the_figures_are_found_by_who_asks_for_them(told: City) -> None:
    paper = issued(drafted(told), told)
    (found,) = papers_citing(indicator="E01", division_ids=[told.divisions["云岭市"].pk], period=Period.parse("2022-10"))
    assert found.paper.pk == paper.pk
    assert [(one.text, one.period) for one in found.figures] == [("3起", str(TEN_MONTHS))]


def test_a_paper_made_from_nothing_has_no_figures_to_renew(told: City) -> None:
    plain = papers.draft(
        kind="notice", values={"title": "通知", "word": "云禁毒办", "body": "正文"}, by=told.actor("clerk")
    )
    assert citing.standing(plain, told.actor("clerk"), TODAY + timedelta(days=0)).holds
    with pytest.raises(PaperRefused, match="没有引用"):
        citing.refresh(paper=plain, by=told.actor("clerk"), on=TODAY)


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("甲,乙;丙(丁):3,573人", "甲，乙；丙（丁）：3,573人"),
        ("甲,3,573,乙", "甲，3,573，乙"),
        ("甲\t3,5", "甲\t3,5"),
        ("同比 +1.6%,同比 −8.4 个百分点", "同比+1.6%，同比−8.4 个百分点"),
    ],
)
def test_marks_become_full_width_and_numbers_stay(line: str, printed: str) -> None:
    assert _punctuated(line) == printed


def test_a_figure_is_found_whole_and_not_as_the_tail_of_another() -> None:
    assert _says("破获案件4起。", "4起")
    assert not _says("破获案件14起。", "4起")
    assert not _says("破获案件2.4起。", "4起")
    assert not _says("报到911人", "91")
