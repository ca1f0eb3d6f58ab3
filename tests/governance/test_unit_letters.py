"""A member unit's letter: its figures are its own, its sheet reads nothing of a place, and it goes the whole road to the archive."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import reverse

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.model import OfficialDocument
from qingyuan.governance.actions import assessment_rounds, assessments, manual, needs, rewards, signing
from qingyuan.governance.actions.archive import keep as keep_archive
from qingyuan.governance.actions.letters import Issue, LetterRefused, issue, issue_for_towns, issue_for_units
from qingyuan.governance.actions.needs import Word
from qingyuan.governance.actions.schemes import SchemeRefused, publish_scheme
from qingyuan.governance.archive import package
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.assessment_papers import checked, circular
from qingyuan.governance.models import (
    Assessment,
    AssessmentArchive,
    AssessmentResult,
    AssessmentRound,
    Letter,
    PublishedScheme,
    UnitNeed,
    UnitTask,
)
from qingyuan.governance.permissions import NotAllowed, letters_visible, sees_own_score
from qingyuan.governance.queries import archive as archived
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.assessments import published
from qingyuan.governance.queries.letters import document_of, pdf_of
from qingyuan.governance.queries.next_points import next_points
from qingyuan.governance.queries.score import score_letter, scores_of_city
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.scheme import AppliesTo
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.governance.scoring.tree import ClauseState
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import registry
from qingyuan.ledgers.models import FactRow
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models import Post, PostTerm, Unit
from tests.cast import BEGAN, TODAY
from tests.governance.conftest import Desk
from tests.governance.year_end import YearEnd, at
from tests.web.pages import browser_of
from tests.web.pages import text_of as text_on

pytestmark = pytest.mark.django_db


def text_of(paper: OfficialDocument) -> str:
    return "".join(str(block) for block in paper.body)


SHEET = (FOLDER / "member-2022.yaml").read_text(encoding="utf-8")
MEMBERS = ("education", "police", "procuratorate")
PLAN = {
    "year": 2022, "title": "2022 年禁毒工作计划", "document": "云教禁〔2022〕1号", "adopted_on": date(2022, 2, 20), "filed_on": None,
    "last_year": "", "arrangement": "课程和示范学校", "budget_yuan": None,
}  # fmt: skip
QUARTERS = dict.fromkeys(("first_quarter", "second_quarter", "third_quarter", "fourth_quarter"), "")


@pytest.fixture
def members(desk: Desk) -> dict[str, Unit]:
    Unit.objects.filter(code__in=MEMBERS).update(is_member=True)
    for code in MEMBERS:
        for title, responsibility, name in (("局长", Responsibility.FIRST, "田局"), ("副局长", Responsibility.DIRECT, "黎副局")):
            post = Post.objects.create(unit=desk.city.units[code], title=title, responsibility=responsibility)
            PostTerm.objects.create(post=post, holder_name=name, start=BEGAN)
    return {code: Unit.objects.select_related("division").get(code=code) for code in MEMBERS}


def terms(desk: Desk, scheme: PublishedScheme | None = None) -> Issue:
    return desk.terms(scheme or publish_scheme(text=SHEET, by=desk.actor("leader")))


def letter_of(desk: Desk, unit: Unit) -> Letter:
    return issue(unit=unit, terms=terms(desk), by=desk.actor("clerk"))


def task(item: int, due: date, done: date | None) -> dict[str, Any]:
    return {
        "year": 2022, "item": item, "duty": "禁毒法第十三条", "task": f"任务{item}", "done_when": "有记录", "due_on": due,
        "done_on": done, "evidence": "" if done is None else "报告", **QUARTERS,
    }  # fmt: skip


def planned(desk: Desk, *days: tuple[date, date | None]) -> None:
    """The education bureau's plan with its tasks: due, done."""
    desk.city.enter("unit_plans", "liaison", PLAN)
    desk.city.enter("unit_tasks", "liaison", *(task(item, due, done) for item, (due, done) in enumerate(days, start=1)))
    refresh()


# --- the sheet --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("indicator:G19.value", "indicator:R05.value", "只按地方有数"),
        ("indicator:G19.missing", "indicator:P12.missing", "只按地方有数"),
        ("indicator:G01.value", "return:XZ-01.events", "不是这些单位填的报表"),
    ],
)
def test_a_units_sheet_that_reads_a_figure_of_places_is_refused_with_a_sentence(desk: Desk, old: str, new: str, said: str) -> None:
    assert SHEET.count(old) == 1
    with pytest.raises(SchemeRefused) as refused:
        publish_scheme(text=SHEET.replace(old, new), by=desk.actor("leader"))
    assert [problem.where for problem in refused.value.problems if said in problem.message] != []
    assert PublishedScheme.objects.count() == 0


def test_a_figure_of_places_stays_free_for_towns_and_a_return_for_the_units_that_file_it(desk: Desk) -> None:
    desk.publish_sheet()
    kinds = SHEET[SHEET.index("  unit_kinds:") : SHEET.index("source:")]
    courts = SHEET.replace(kinds, "  unit_kinds: [court]\n").replace("indicator:G01.value", "return:FY-01.on_time")
    with pytest.raises(SchemeRefused) as refused:
        publish_scheme(text=courts, by=desk.actor("leader"))
    assert not any("不是这些单位" in problem.message for problem in refused.value.problems), "the court files it; the cell is not there"


def test_who_a_sheet_is_for() -> None:
    assert AppliesTo(("court", "education")).units_only and not AppliesTo(("town",)).units_only and not AppliesTo().units_only
    assert AppliesTo(("town",)).takes("subdistrict") and not AppliesTo(("town",)).takes("court")
    assert AppliesTo().takes("court") and not AppliesTo(("court",)).takes("town")


# --- issuing ----------------------------------------------------------------------------------------------------------------
def test_units_get_letters_with_their_leader_their_duties_and_the_next_numbers(desk: Desk, members: dict[str, Unit]) -> None:
    towns = issue_for_towns(terms=desk.terms(), by=desk.actor("clerk"))
    made = issue_for_units(terms=terms(desk), by=desk.actor("clerk"), units=[members["education"].pk, members["police"].pk])
    assert [letter.serial for letter in (*towns, *made)] == [1, 2, 3, 4]
    assert [letter.unit.code for letter in made] == ["education", "police"] and all(letter.is_of_unit for letter in made)
    words = text_of(document_of(made[0]))
    assert "市教育局" in words and "田局" in words and "局长" in words
    assert "中小学毒品预防专题教育课开足" in words and "禁毒法" in words
    assert "社区戒毒" not in words.partition("考核条款")[0].partition("工作职责")[2], "no duty of a town is printed"
    rest = issue_for_units(terms=terms(desk), by=desk.actor("clerk"))
    assert [letter.unit.code for letter in rest] == ["procuratorate"]


def test_what_cannot_be_issued_to_units_is_said_and_leaves_no_number(desk: Desk, members: dict[str, Unit]) -> None:
    clerk, sheet = desk.actor("clerk"), terms(desk)
    with pytest.raises(LetterRefused, match="不是给"):
        issue(unit=members["education"], terms=desk.terms(), by=clerk)
    with pytest.raises(LetterRefused, match="不是给"):
        issue(unit=desk.city.units["longdong"], terms=sheet, by=clerk)
    with pytest.raises(LetterRefused, match="不是本级"):
        issue_for_units(terms=sheet, by=clerk, units=[desk.city.units["longdong"].pk])
    with pytest.raises(LetterRefused, match="先选单位"):
        issue_for_units(terms=sheet, by=clerk, units=[])
    with pytest.raises(NotAllowed):
        issue_for_units(terms=sheet, by=desk.actor("liaison"))
    PostTerm.objects.filter(post__unit=members["police"]).delete()
    with pytest.raises(LetterRefused, match="没有登记第一责任人"):
        issue_for_units(terms=sheet, by=clerk)
    assert not Letter.objects.exists(), "one unit without a leader: none is issued"
    made = issue(unit=members["education"], terms=sheet, by=clerk)
    assert made.serial == 1
    with pytest.raises(LetterRefused, match="已经制发"):
        issue_for_units(terms=sheet, by=clerk, units=[members["education"].pk])


def test_a_sheet_that_names_nobody_is_read_for_the_unit_before_it_is_issued(desk: Desk, members: dict[str, Unit]) -> None:
    """Published for anybody, it reads a figure of places: a town's letter is issued by it, a unit's is not."""
    text = (FOLDER / "town-2022.yaml").read_text(encoding="utf-8").replace("applies_to:\n  unit_kinds: [town]\n", "")
    open_to_all = desk.terms(publish_scheme(text=text, by=desk.actor("leader")))
    with pytest.raises(LetterRefused, match="只按地方有数"):
        issue(unit=members["education"], terms=open_to_all, by=desk.actor("clerk"))
    assert issue(unit=desk.city.units["longdong"], terms=open_to_all, by=desk.actor("clerk")).serial == 1


# --- the score --------------------------------------------------------------------------------------------------------------
def test_every_figure_of_a_unit_is_its_own(desk: Desk, members: dict[str, Unit]) -> None:
    letter, other = letter_of(desk, members["education"]), letter_of(desk, members["police"])
    day = date(2022, 6, 30)
    planned(desk, (day, day), (day, day + timedelta(days=3)), (day, None), (day, day))
    meeting = {"kind": "government", "special_topic": True, "chaired_by_first": True, "chair": "局长", "decisions": "研究"}
    desk.city.enter("meetings", "liaison", meeting | {"title": "教育局会", "held_on": date(2022, 3, 1)})
    desk.city.enter("meetings", "supervisor", *(meeting | {"title": f"镇会{n}", "held_on": date(2022, 3, n)} for n in (2, 3)))
    refresh()
    tree = tree_of(letter, TODAY)
    read = {item.ref: item for clause in tree.clauses() for item in clause.inputs}
    assert read["indicator:G19.value"].numerator == 2 and read["indicator:G19.value"].denominator == 4
    assert tree.clause("1.1").points == 5, "one meeting of its own, not the town's two"
    assert (tree.clause("2.1").points, tree.clause("2.2").points) == (20, 5)
    beside = tree_of(other, TODAY)
    assert beside.clause("1.1").points == 0 and beside.clause("2.1").points is None, "the police have no tasks"
    assert [one.letter.pk for one in scores_of_city(letter.city_id, 2022, TODAY, desk.actor("clerk"))] == [letter.pk, other.pk]


def overdue(desk: Desk, unit: Unit) -> UnitNeed:
    """A request to ``unit`` that it should have answered three days ago."""
    planned(desk, (date(2022, 12, 9), None))
    asked = needs.ask(
        task=UnitTask.objects.get(item=1), to_unit=unit, what="派人参加校园检查", due_on=TODAY + timedelta(days=20),
        by=desk.actor("liaison"),
    )  # fmt: skip
    UnitNeed.objects.filter(pk=asked.pk).update(asked_at=asked.asked_at - timedelta(days=10))
    asked.refresh_from_db()
    needs.publish_need(asked)
    refresh()
    return asked


def test_where_no_unit_ever_asked_another_nothing_is_owed(desk: Desk, members: dict[str, Unit]) -> None:
    letter = letter_of(desk, members["police"])
    refresh()
    assert not FactRow.objects.filter(fact="unit_needs").exists()
    scored = tree_of(letter, TODAY).clause("3.1")
    assert (scored.state, scored.points) == (ClauseState.SCORED, 10), "requests are made on the platform alone: none is nought"


def test_a_request_of_a_voided_task_costs_nothing_whatever_step_it_still_takes(desk: Desk, members: dict[str, Unit]) -> None:
    letter, asked = letter_of(desk, members["police"]), overdue(desk, members["police"])
    assert tree_of(letter, TODAY).clause("3.1").points == 5
    registry.get("unit_tasks").void(rows=[asked.task], writing=desk.city.writing("liaison", "重复登记"))
    refresh()
    assert tree_of(letter, TODAY).clause("3.1").points == 10
    asked = UnitNeed.objects.get(pk=asked.pk)
    needs.step(need=asked, step="refuse", word=Word("当天有专项行动"), by=desk.actor("officer"))
    standing = FactRow.objects.filter(fact="unit_needs", superseded_at=None)
    assert not standing.exists()
    FactRow.objects.filter(fact="unit_needs").delete()
    import_module("qingyuan.governance.migrations.0016_needs_as_facts").publish(apps, None)
    assert not standing.exists(), "nor does the update publish it"


def test_a_request_answered_late_or_never_costs_points(desk: Desk, members: dict[str, Unit]) -> None:
    letter, asked = letter_of(desk, members["police"]), overdue(desk, members["police"])
    fact = FactRow.objects.get(fact="unit_needs", row_id=asked.pk, superseded_at=None)
    assert fact.unit_id == members["police"].pk and fact.data["answered_on"] is None
    assert tree_of(letter, TODAY).clause("3.1").points == 5
    needs.step(need=asked, step="refuse", word=Word("当天有专项行动"), by=desk.actor("officer"))
    refresh()
    scored = tree_of(letter, TODAY).clause("3.1")
    assert scored.points == 5, "answered, but not in time: the sheet says «没有按期答复的»"
    assert "逾期答复 1 件" in str(scored)


def test_the_unit_is_told_its_next_points_from_its_own_tasks(desk: Desk, members: dict[str, Unit]) -> None:
    letter = letter_of(desk, members["education"])
    planned(desk, (date(2022, 6, 30), date(2022, 6, 29)), (date(2022, 6, 30), None), (TODAY + timedelta(days=9), None))
    found = next_points(letter, TODAY, desk.actor("liaison"))
    assert [(duty.fact, duty.title) for duty in found] == [("unit_tasks", "任务3")]


# --- the archive ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def two_heads(desk: Desk, members: dict[str, Unit]) -> tuple[Letter, Letter]:
    """A town's letter and a unit's, both the first of their head."""
    other = replace(terms(desk), head="云禁单考")
    town, mine = desk.letter("longdong"), issue(unit=members["education"], terms=other, by=desk.actor("clerk"))
    refresh()
    assert town.serial == mine.serial == 1 and town.head != mine.head
    return town, mine


def test_letters_of_two_heads_do_not_share_a_folder(desk: Desk, two_heads: tuple[Letter, Letter]) -> None:
    town, mine = two_heads
    assert archived.folders_of([mine, town]) == {town.pk: "letters/001", mine.pk: f"letters/001-{mine.pk.hex[-8:]}"}
    kept = keep_archive(year=2022, by=desk.actor("clerk"), city=town.city)
    report = verify(archived.bytes_of(kept), root=kept.root_hash)
    assert report.intact and report.letters == 2
    for letter in (town, mine):
        own = archived.own_bytes(kept, letter)
        assert own is not None and verify(own, root=kept.root_hash).intact
        parts, _odd = package.read(own)
        assert [json.loads(data)["number"] for name, data in parts.items() if name.endswith("/terms.json")] == [letter.number]


def test_an_archive_kept_with_two_letters_in_one_folder_gives_neither_an_extract(
    desk: Desk, two_heads: tuple[Letter, Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was kept before; what stands in the folder is partly the other's."""
    town, mine = two_heads
    with monkeypatch.context() as before:
        before.setattr(archived, "folders_of", lambda letters: {one.pk: archived.folder_of(one) for one in letters})
        kept = keep_archive(year=2022, by=desk.actor("clerk"), city=town.city)
    assert archived.own_bytes(kept, town) is None and archived.own_bytes(kept, mine) is None


# --- who sees it ------------------------------------------------------------------------------------------------------------
def test_a_unit_sees_its_own_letter_and_score_and_nobody_elses(desk: Desk, members: dict[str, Unit]) -> None:
    mine, theirs = letter_of(desk, members["education"]), letter_of(desk, members["police"])
    town = desk.letter("longdong")
    seen = {who: set(letters_visible(desk.actor(who), TODAY).values_list("pk", flat=True)) for who in ("liaison", "officer", "prosecutor", "clerk")}
    assert seen == {"liaison": {mine.pk}, "officer": {theirs.pk}, "prosecutor": set(), "clerk": {mine.pk, theirs.pk, town.pk}}
    assert mine.pk not in letters_visible(desk.actor("supervisor"), TODAY).values_list("pk", flat=True)
    assert sees_own_score(desk.actor("liaison"), mine, TODAY) and not sees_own_score(desk.actor("clerk"), mine, TODAY)
    assert score_letter(mine, TODAY, desk.actor("liaison")).own


# --- the whole road ---------------------------------------------------------------------------------------------------------
def test_from_issue_to_archive_beside_a_town(desk: Desk, members: dict[str, Unit]) -> None:
    office = YearEnd(desk)
    letter, town = letter_of(desk, members["education"]), desk.letter("longdong")
    planned(desk, (date(2022, 6, 30), date(2022, 6, 29)), (date(2022, 9, 30), None))
    signing.file_signed_page(letter=letter, data=pdf_of(letter), file_name="签字页.pdf", signed_on=TODAY, by=desk.actor("clerk"))
    letter.refresh_from_db()
    assert letter.signed_on == TODAY
    sections = {"3.2": members["education"].pk, "@4.1": members["police"].pk}
    round = assessment_rounds.draft(year=2022, terms=office.terms(sections=sections), by=desk.actor("clerk"), at=at(TODAY, 9))
    round = office.step(round, "open", "clerk")
    case, beside = office.case(round, "education"), office.case(round, "longdong")
    assert case.reviews.get(clause="4.1").unit.code == "police" and case.reviews.get(clause="3.2").unit.code == "office"
    assert beside.reviews.get(clause="3.2").unit.code == "education", "the towns' 3.2 is not the units' 3.2"

    desk.city.enter("meetings", "liaison", {
        "kind": "government", "title": "局长办公会", "special_topic": True, "chaired_by_first": True, "chair": "局长", "decisions": "研究",
        "held_on": date(2022, 3, 1),
    })  # fmt: skip
    refresh()
    round = office.step(round, "freeze", "clerk", ledger="meetings", share="100", least="1")
    assert [len(frame.ids) for frame in case.frames.all()] == [1] and [len(frame.ids) for frame in beside.frames.all()] == [0]
    round = office.step(round, "reveal", "clerk")
    for item in round.assessments.get(pk=case.pk).frames.get().items.all():
        assessments.record_finding(item=item, finding="true", found="看了会议纪要。", found_on=TODAY, by=desk.actor("clerk"), at=at(TODAY))

    with pytest.raises(assessments.NotAllowed):
        office.own(case, "officer", c2_1=("20", "不是本单位"))
    with pytest.raises(StepRefused, match="写明理由"):
        office.own(case, "liaison", c1_1=("10", ""))
    office.take(case, "file", "liaison", statement="全年任务按计划落实。")
    case = office.case(round, "education")
    _reviewed(office, case)
    case = office.take(office.case(round, "education"), "notice", "clerk")
    office.take(case, "object", "liaison", clause="4.1", wanted="9", reason="年度总结已报,漏看一项。")
    office.take(office.case(round, "education"), "answer", "leader", clause="4.1", decision="upheld", points="9", reason="复看总结,属实。")
    office.confirm_all(office.case(round, "education"))
    later = office.case(round, "education").object_by
    assert later is not None
    office.take(office.case(round, "education"), "settle", "clerk", later + timedelta(days=1))
    office.settled(round, "longdong")
    round = office.step(round, "publish", "leader", later + timedelta(days=2))

    result = AssessmentResult.objects.get(assessment=case)
    assert result.clauses["4.1"] == "9" and Decimal(result.clauses["1.1"]) == 5
    found = published(round)
    assert [(one.of_unit, one.unit) for one in found.results] == [(True, "市教育局"), (False, "龙洞镇人民政府")]
    words = text_of(circular(found=found, sample=checked(round)))
    assert words.index("龙洞镇") < words.index("成员单位") < words.index("市教育局"), "towns and units stand in two tables"
    assert "成立1件" in words
    kept = AssessmentArchive.objects.get()
    report = verify(archived.bytes_of(kept), root=kept.root_hash)
    assert report.intact and report.letters == 2, report
    made = rewards.propose(round=round, by=desk.actor("clerk"), at=at(later + timedelta(days=3)))
    tables = {(case.unit.code, case.table) for case in made}
    assert tables == {("education", "units"), ("longdong", "town")}, "each kind by its own rules"
    assert "G1" in {case.rule for case in made if case.unit.code == "education"}
    _pages(desk, round, case)
    own = archived.own_bytes(kept, letter)
    assert own is not None and verify(own).intact
    assert town.pk != letter.pk


def _pages(desk: Desk, round: AssessmentRound, case: Assessment) -> None:
    """Results in two tables; the unit opens its own assessment, another unit neither that nor the round's letters."""
    soup = BeautifulSoup(browser_of(desk.city, "clerk").get(reverse("web:assessment-round", args=[round.pk])).content.decode(), "html.parser")
    results = soup.select_one("#results")
    assert results is not None
    assert [one.get_text(strip=True) for one in results.select("h3")] == ["乡镇(街道)", "成员单位"]
    tables = [table.get_text(" ") for table in results.select("table")]
    assert "龙洞镇" in tables[0] and "市教育局" not in tables[0] and "市教育局" in tables[1] and "龙洞镇" not in tables[1]
    mine = reverse("web:assessment", args=[case.pk])
    assert "履职成效评议" in text_on(browser_of(desk.city, "liaison").get(mine))
    assert browser_of(desk.city, "prosecutor").get(mine).status_code == 404
    paper = browser_of(desk.city, "clerk").get(reverse("web:assessment-circular", args=[round.pk, "docx"]))
    with ZipFile(io.BytesIO(paper.content)) as made:
        words = made.read("word/document.xml").decode()
    assert "成员单位年度等次名单" in words and "最低一等" in words, "the rules of both kinds go with it"


def _reviewed(office: YearEnd, case: Any) -> None:
    """The police judge 4.1, the office the rest; a second person confirms."""
    for review in case.reviews.select_related("assessment", "unit").order_by("clause"):
        by = office.desk.actor("officer" if review.unit.code == "police" else "clerk")
        asked = reads.unanswered(case, review.clause)
        if asked:
            value = "8" if review.clause == "4.1" else "0"
            assessments.set_number(review=review, value=value, key=next(iter(asked)), opinion="查阅材料。", by=by, at=at(TODAY))
        else:
            try:
                assessments.confirm(review=review, opinion="", by=by, at=at(TODAY))
            except StepRefused:  # no unit of this city owes a return or was given an order: people decide, as on paper
                assessments.set_number(review=review, value="10", opinion="没有应报报表和督办。", by=by, at=at(TODAY))
    for entry in manual.ManualEntry.objects.standing().filter(letter=case.letter, reviewed_at=None):
        manual.review(entry=entry, by=office.desk.actor("leader"))
