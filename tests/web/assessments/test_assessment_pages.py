"""The pages of the yearly assessment: those who do it walk it through, what is refused, and who is shown what."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.casework.models import PaperSeries
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.fonts import font_files
from qingyuan.governance.assessment_papers import checked, circular
from qingyuan.governance.models import (
    Assessment,
    AssessmentEvidence,
    AssessmentResult,
    AssessmentRound,
    Objection,
    SampleItem,
)
from qingyuan.governance.queries.assessments import published
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.governance.test_year_end import meetings, png
from tests.governance.year_end import REVIEW_BY, SELF_BY, YearEnd
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(desk: Desk) -> YearEnd:
    return YearEnd(desk)


def page(office: YearEnd, who: str, address: str, *args: Any, **query: Any) -> Any:
    return browser_of(office.desk.city, who).get(reverse(f"web:{address}", args=args), query)


def post(office: YearEnd, who: str, address: str, *args: Any, **data: Any) -> Any:
    return browser_of(office.desk.city, who).post(reverse(f"web:{address}", args=args), data)


def terms_form(office: YearEnd, **changes: Any) -> dict[str, Any]:
    values = {
        "year": 2022, "scored_on": TODAY.isoformat(), "self_by": SELF_BY.isoformat(), "review_by": REVIEW_BY.isoformat(),
        "object_days": 5, "answer_days": 10, "version": "", "section-3.2": office.desk.city.units["education"].pk,
    }  # fmt: skip
    return values | changes


def version(case: Assessment | AssessmentRound) -> int:
    return type(case).objects.get(pk=case.pk).version


# --- the office ---------------------------------------------------------------------------------------------------------------
def test_the_office_prepares_opens_and_samples_a_round_on_its_pages(office: YearEnd) -> None:
    office.letters()
    meetings(office, 5)
    assert "党委政府专题研究禁毒工作" in text_of(page(office, "clerk", "assessment-new", year=2022))
    assert post(office, "clerk", "assessment-new", **terms_form(office)).status_code == 302
    round = AssessmentRound.objects.get()
    assert page(office, "supervisor", "assessment-round", round.pk).status_code == 404
    assert post(office, "clerk", "assessment-round-step", round.pk, "open", version=1).status_code == 302
    shown = text_of(page(office, "clerk", "assessment-round", round.pk))
    round.refresh_from_db()
    assert round.commitment in shown and str(round.seed) not in shown
    given = {"version": version(round), "ledger": "meetings", "share": 10, "least": 2}
    assert post(office, "clerk", "assessment-round-step", round.pk, "freeze", **given).status_code == 302
    assert post(office, "clerk", "assessment-round-step", round.pk, "reveal", version=version(round)).status_code == 302
    assert str(round.seed) in text_of(page(office, "supervisor", "assessment-round", round.pk))
    frame = office.case(round).frames.get()
    shown = text_of(page(office, "supervisor", "sample-frame", frame.pk))
    assert frame.list_hash in shown and "考核评审" in shown and "今天" in shown, "the way through the platform stays beside it"
    assert page(office, "stranger", "sample-frame", frame.pk).status_code == 404


def test_a_wrong_day_stands_beside_its_field(office: YearEnd) -> None:
    office.letters()
    answer = post(office, "clerk", "assessment-new", **terms_form(office, self_by=TODAY.isoformat()))
    assert answer.status_code == 422 and "今天之后" in field_error(answer, "self_by")
    assert not AssessmentRound.objects.exists()


@pytest.mark.parametrize("who", ["supervisor", "liaison", "officer", "auditor", "leader"])
def test_nobody_else_prepares_a_round(office: YearEnd, who: str) -> None:
    office.letters()
    assert post(office, who, "assessment-new", **terms_form(office)).status_code == 403
    assert not AssessmentRound.objects.exists()


def test_a_draft_is_changed_until_it_is_opened(office: YearEnd) -> None:
    round = office.draft()
    form = terms_form(office, version=version(round), object_days=7)
    assert post(office, "clerk", "assessment-edit", round.pk, **form).status_code == 302
    assert AssessmentRound.objects.get(pk=round.pk).object_days == 7
    office.step(round, "open", "clerk")
    assert page(office, "clerk", "assessment-edit", round.pk).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("supervisor", 403), ("liaison", 403), ("auditor", 403), ("officer", 404)])
def test_steps_of_the_round_are_refused_to_others(office: YearEnd, who: str, status: int) -> None:
    round = office.opened()
    data = {"version": version(round), "ledger": "meetings", "share": 10, "least": 2}
    assert post(office, who, "assessment-round-step", round.pk, "freeze", **data).status_code == status
    assert post(office, who, "assessment-all", round.pk, "notice").status_code == status


# --- the assessed unit ------------------------------------------------------------------------------------------------------------
def test_the_unit_scores_itself_with_evidence_from_its_today(office: YearEnd) -> None:
    (meeting,) = meetings(office, 1)
    case = office.case(office.opened())
    assert "报送自评" in text_of(page(office, "supervisor", "today"))
    answer = post(office, "supervisor", "assessment-own", case.pk, "1.1", points="10", reason="")
    assert answer.status_code == 422 and "理由" in text_of(answer)
    assert post(office, "supervisor", "assessment-own", case.pk, "1.1", points="10", reason="漏记一次会").status_code == 302
    here = f"http://testserver{reverse('web:ledger-row', args=['meetings', meeting.pk])}"
    assert post(office, "supervisor", "assessment-evidence", case.pk, "1.1", row=here, note="纪要").status_code == 302
    scan = SimpleUploadedFile("照片.png", png(), "image/png")
    assert post(office, "supervisor", "assessment-evidence", case.pk, "3.2", file=scan, note="档案柜").status_code == 302
    refused = post(office, "supervisor", "assessment-step", case.pk, "file", version=version(case), statement="")
    assert refused.status_code == 422
    taken = post(office, "supervisor", "assessment-step", case.pk, "file", version=version(case), statement="全年已落实。")
    assert taken.status_code == 302
    case.refresh_from_db()
    assert (case.state, AssessmentEvidence.objects.count()) == ("review", 2)
    kept = AssessmentEvidence.objects.get(kind="file")
    got = page(office, "liaison", "assessment-evidence-file", case.pk, kept.pk)
    assert (got.status_code, got["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize("row", ["", "https://例子.test/x", "/ledgers/", "/ledgers/meetings/00000000-0000-4000-8000-000000000001/", "/orders/flow/"])
def test_an_address_that_names_no_record_of_ones_own_is_refused_beside_its_field(office: YearEnd, row: str) -> None:
    case = office.case(office.opened())
    answer = post(office, "supervisor", "assessment-evidence", case.pk, "1.1", row=row, note="纪要")
    assert answer.status_code == 422 and field_error(answer, "row")


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("liaison", 403), ("auditor", 403), ("town_leader", 403), ("stranger", 404), ("officer", 404)])
def test_a_units_own_score_is_written_by_nobody_else(office: YearEnd, who: str, status: int) -> None:
    case = office.case(office.opened())
    assert post(office, who, "assessment-own", case.pk, "1.1", points="10", reason="改").status_code == status
    assert post(office, who, "assessment-evidence", case.pk, "1.1", row="/papers/", note="x").status_code in (status, 422)
    assert not case.self_scores.exists() and not case.evidence.exists()


# --- review, confirmation, check ----------------------------------------------------------------------------------------------
def test_a_member_unit_reviews_its_clause_and_the_office_is_the_second_person(office: YearEnd) -> None:
    case = office.filed(office.opened())
    assert "评审龙洞镇人民政府的 1 个条款" in text_of(page(office, "liaison", "today"))
    assert post(office, "liaison", "assessment-review", case.pk, "1.1", points="1", key="", opinion="越权").status_code == 403
    answer = post(office, "liaison", "assessment-review", case.pk, "3.2", points="4", key="manual:3.2/given", opinion="")
    assert answer.status_code == 422 and "理由" in field_error(answer, "opinion")
    given = {"points": "4", "key": "manual:3.2/given", "opinion": "抽查四份档案。"}
    assert post(office, "liaison", "assessment-review", case.pk, "3.2", **given).status_code == 302
    entry = office.review(case, "3.2").entry
    assert post(office, "liaison", "assessment-confirm", case.pk, entry.pk).status_code == 302
    entry.refresh_from_db()
    assert entry.reviewed_at is None
    assert "复核龙洞镇人民政府的 1 项人工认定" in text_of(page(office, "clerk", "today"))
    assert post(office, "supervisor", "assessment-confirm", case.pk, entry.pk).status_code == 403
    assert post(office, "clerk", "assessment-confirm", case.pk, entry.pk).status_code == 302
    entry.refresh_from_db()
    assert entry.reviewed_by_name == "周文"


def test_a_finding_is_written_beside_its_drawn_row(office: YearEnd) -> None:
    meetings(office, 3)
    round = office.step(office.opened(), "freeze", "clerk", ledger="meetings", share="10", least="1")
    office.step(round, "reveal", "clerk")
    item = SampleItem.objects.get()
    data = {"finding": "true", "found_on": TODAY.isoformat(), "found": "看过纪要原件。"}
    assert post(office, "supervisor", "sample-finding", item.pk, **data).status_code == 403
    assert post(office, "stranger", "sample-finding", item.pk, **data).status_code == 404
    assert post(office, "liaison", "sample-finding", item.pk, **(data | {"found": ""})).status_code == 422
    assert post(office, "liaison", "sample-finding", item.pk, **data).status_code == 302
    item.refresh_from_db()
    assert item.finding == "true"
    assert "看过纪要原件。" in text_of(page(office, "supervisor", "assessment", item.frame.assessment_id))


# --- notice, objection, publication ---------------------------------------------------------------------------------------------
def test_the_unit_objects_and_is_answered_by_another_on_the_page(office: YearEnd) -> None:
    meetings(office, 1)
    case = office.noticed(office.opened())
    assert post(office, "supervisor", "assessment-objection", case.pk, "1.1", wanted="五分", reason="漏记").status_code == 422
    assert post(office, "clerk", "assessment-objection", case.pk, "1.1", wanted="10", reason="漏记").status_code == 403
    assert post(office, "supervisor", "assessment-objection", case.pk, "1.1", wanted="10", reason="漏记一次会。").status_code == 302
    assert "答复异议" in text_of(page(office, "leader", "today"))
    given = {"decision": "upheld", "points": "10", "reason": "核对纪要属实。"}
    refused = post(office, "clerk", "assessment-answer", case.pk, "1.1", **given)
    assert refused.status_code == 422 and "换一个人答复" in text_of(refused)
    assert post(office, "supervisor", "assessment-answer", case.pk, "1.1", **given).status_code == 403
    assert post(office, "leader", "assessment-answer", case.pk, "1.1", **given).status_code == 302
    assert Objection.objects.get().state == "upheld"


def test_a_published_round_shows_its_frozen_results_to_everybody_in_it(office: YearEnd) -> None:
    round = office.published()
    row = AssessmentResult.objects.get(unit__code="shiqiao")
    shown = text_of(page(office, "supervisor", "assessment-round", round.pk))
    assert row.letter_hash[:12] in shown and row.tree_hash[:12] not in shown and "石桥镇人民政府" in shown
    meetings(office, 2)
    own = text_of(page(office, "supervisor", "assessment", office.case(round).pk))
    kept = AssessmentResult.objects.get(unit__code="longdong")
    assert f"公布的结果 {format(kept.points.normalize(), 'f')} /" in own


def test_the_circular_and_the_notice_are_official_papers(office: YearEnd) -> None:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    round = office.opened()
    assert page(office, "clerk", "assessment-circular", round.pk, "pdf").status_code == 404
    case = office.settled(round)
    office.settled(round, "shiqiao", "stranger")
    office.step(round, "publish", "leader")
    for suffix, head in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert page(office, "stranger", "assessment-circular", round.pk, suffix).content.startswith(head)
        assert page(office, "supervisor", "assessment-notice", case.pk, suffix).content.startswith(head)
    assert page(office, "supervisor", "assessment-circular", round.pk, "exe").status_code == 404
    assert page(office, "clerk", "assessment-notice", case.pk, "pdf").status_code == 403


def test_the_results_of_a_published_round_stand_there_once(office: YearEnd) -> None:
    round = office.published()
    shown = page(office, "supervisor", "assessment-round", round.pk)
    kept = AssessmentResult.objects.get(unit__code="longdong")
    html, words = shown.content.decode(), text_of(shown)
    assert words.count(kept.number) == 1 and "到了哪一步" not in words
    assert reverse("web:assessment", args=[office.case(round).pk]) in html, "one's own opens"
    assert reverse("web:assessment", args=[office.case(round, "shiqiao").pk]) not in html, "the neighbour's does not"
    assert format(kept.points.normalize(), "f") in words, "one's own to the last digit"


def test_the_circular_takes_its_number_when_it_is_published(office: YearEnd) -> None:
    round = office.opened()
    assert round.circular_number == ""
    office.settled(round)
    office.settled(round, "shiqiao", "stranger")
    round = office.step(round, "publish", "leader")
    assert round.circular_number == "云禁考〔2022〕1号"
    paper = circular(found=published(round), sample=checked(round))
    assert paper.doc_number == "云禁考〔2022〕1号"
    assert "云禁考〔2022〕1号" in text_of(page(office, "supervisor", "assessment-round", round.pk))
    with zipfile.ZipFile(io.BytesIO(page(office, "stranger", "assessment-circular", round.pk, "docx").content)) as word:
        assert "云禁考〔2022〕1号" in re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())


def test_a_series_that_another_unit_holds_stops_the_publication_and_loses_nothing(office: YearEnd) -> None:
    round = office.opened()
    office.settled(round)
    office.settled(round, "shiqiao", "stranger")
    PaperSeries.objects.create(word="云禁考", year=2022, unit=office.desk.city.units["police"])
    with pytest.raises(StepRefused, match="换一个代字"):
        office.step(round, "publish", "leader")
    round.refresh_from_db()
    assert round.state == "open" and not AssessmentResult.objects.exists() and PaperSeries.objects.get(word="云禁考").last == 0


def test_the_whole_round_is_told_and_settled_in_one_go(office: YearEnd) -> None:
    round = office.opened()
    for town, who in (("longdong", "supervisor"), ("shiqiao", "stranger")):
        office.review_all(office.filed(round, town, who))
    assert "2 份责任书可以告知结果" in text_of(page(office, "clerk", "today"))
    assert post(office, "clerk", "assessment-all", round.pk, "notice").status_code == 302
    assert set(round.assessments.values_list("state", flat=True)) == {"noticed"}
    assert post(office, "clerk", "assessment-all", round.pk, "nothing").status_code == 404


def test_what_data_settles_and_what_waits_for_a_second_person_is_done_with_one_button_each(office: YearEnd) -> None:
    meetings(office, 2)
    round = office.opened()
    case = office.filed(round)
    assert "只由数据决定" in text_of(page(office, "clerk", "assessment", case.pk))
    answer = post(office, "clerk", "assessment-together", case.pk, "computed")
    assert answer.status_code == 302 and case.reviews.filter(state="confirmed").exists()
    post(office, "clerk", "assessment-review", case.pk, "1.3", key="manual:批示交办逾期件数", points="0", opinion="查台账认定。")
    assert "1 个认定待第二人复核" in text_of(page(office, "clerk", "assessment-round", round.pk))
    assert "全部复核属实" not in text_of(page(office, "clerk", "assessment", case.pk)), "nobody is his own second person"
    assert "全部复核属实" in text_of(page(office, "leader", "assessment", case.pk))
    assert post(office, "leader", "assessment-together", case.pk, "numbers").status_code == 302
    assert "待第二人复核" not in text_of(page(office, "clerk", "assessment-round", round.pk))
    assert post(office, "clerk", "assessment-together", case.pk, "nothing").status_code == 404
    assert post(office, "stranger", "assessment-together", case.pk, "computed").status_code == 404


def test_who_answers_an_objection_finds_its_clause_open(office: YearEnd) -> None:
    case = office.noticed(office.opened())
    office.take(case, "object", "supervisor", clause="3.2", wanted="5", reason="有两份档案没有调取。")
    shown = page(office, "leader", "assessment", case.pk).content.decode()
    assert 'id="clause-3.2" open' in shown and 'id="clause-1.1" open' not in shown


def test_a_round_prepared_in_january_is_for_the_year_before(office: YearEnd, settings: Any) -> None:
    office.letters()
    settings.QINGYUAN_TODAY = date(2023, 1, 4)
    shown = page(office, "clerk", "assessment-new").content.decode()
    assert 'value="2022"' in shown and 'value="2022-12-31"' in shown
