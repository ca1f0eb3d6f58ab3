"""Papers to persons: numbered without a gap, served only with proof, and what follows from service follows its correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from qingyuan.casework.actions import served_papers as actions
from qingyuan.casework.actions.served_papers import Scan, SomebodyWasFaster
from qingyuan.casework.enums import Receiver, ServedState, ServiceWay
from qingyuan.casework.models import PaperService, RunningClock, ServedPaper, ServiceProof
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import UnfitForm, all_forms, form_called, register
from qingyuan.casework.serving.rules import PAGE, ServiceRefused, Told
from qingyuan.documents.fonts import font_files
from qingyuan.documents.model import PageBreak
from qingyuan.documents.page_code import ScanRefused
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.qr import qr_png, read_qr
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.ledgers import registry
from qingyuan.rehabilitation.enums import MeasureKind
from qingyuan.rehabilitation.models import Measure
from tests.cast import TODAY, City, measure_values

pytestmark = pytest.mark.django_db
NUMBERS = {"number": "云公(禁)社戒决字〔2022〕9号", "organ": "云岭市公安局"}
PLACE = {"place": "龙洞镇政府二楼 203 室", "contact": "何姐 0400-0000000"}


@pytest.fixture
def town(city: City, tmp_path: Any, settings: Any) -> City:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return city


def measure(city: City, serial: int = 1, **changes: Any) -> Any:
    """A measure decided on 2022-11-01 and neither served nor reported."""
    days = {"decided_on": date(2022, 11, 1), "served_on": None, "reported_on": None, "agreement_on": None}
    (row,) = city.enter("measures", "caseworker", measure_values(city, serial, **(days | changes)))
    return Measure.objects.select_related("client").get(pk=row.pk)


def drafted(city: City, row: Any, form: str = "decision-receipt", who: str = "caseworker", **answers: str) -> ServedPaper:
    return actions.draft(form=form_called(form), row=row, answers=answers or NUMBERS, by=city.actor(who))


def issued(city: City, row: Any, form: str = "decision-receipt", on: date = date(2022, 11, 10), **answers: str) -> ServedPaper:
    paper = drafted(city, row, form, **answers)
    return actions.issue(paper=paper, version=paper.version, by=city.actor("caseworker"), on=on)


def receipt(paper: ServedPaper) -> Scan:
    """The signed page as it comes off a scanner: its square code."""
    return Scan(qr_png(PAGE.payload(paper.pk, paper.content_hash)))


def handed(on: date, **words: str) -> Told:
    return Told(ServiceWay.DIRECT, on, on, Receiver.SELF, words)


def serve(city: City, paper: ServedPaper, told: Told, scan: Scan | None = None, who: str = "caseworker") -> PaperService:
    paper.refresh_from_db()
    return actions.serve(paper=paper, told=told, version=paper.version, by=city.actor(who), scan=scan)


def day_of_report(row: Any) -> date | None:
    return RunningClock.objects.get(subject_id=row.pk, code="D20").last_day


# --- numbers and what is printed -----------------------------------------------------------------------------------------
def test_numbers_follow_each_other_and_a_withdrawn_one_is_kept(town: City) -> None:
    one, two = issued(town, measure(town, 1)), issued(town, measure(town, 2))
    assert [one.number, two.number] == ["龙洞镇文书〔2022〕1号", "龙洞镇文书〔2022〕2号"]
    actions.withdraw(paper=two, reason="文书号写错", version=two.version, by=town.actor("caseworker"))
    three = issued(town, measure(town, 3))
    assert three.number == "龙洞镇文书〔2022〕3号"
    assert list(ServedPaper.objects.numbered().order_by("serial").values_list("serial", "state")) == [
        (1, "issued"), (2, "withdrawn"), (3, "issued"),
    ]  # fmt: skip


def test_a_draft_takes_no_number_and_can_be_written_anew(town: City) -> None:
    paper = drafted(town, measure(town))
    assert (paper.number, paper.serial, paper.state) == ("", None, ServedState.DRAFT)
    changed = actions.change_draft(
        paper=paper, answers=NUMBERS | {"organ": "云岭市公安局城关分局"}, word="龙洞镇文书", version=paper.version,
        by=town.actor("caseworker"),
    )  # fmt: skip
    assert changed.answers["organ"] == "云岭市公安局城关分局"
    with pytest.raises(ServiceRefused, match="请填“文书号”"):
        drafted(town, measure(town, 2), number="", organ="云岭市公安局")


def test_what_has_its_number_stands_still_and_its_hash_finds_a_change(town: City) -> None:
    paper = issued(town, measure(town))
    assert reads.problems_of(paper) == ()
    paper.word = "别的文书"
    with pytest.raises(WrittenOnce):
        paper.save()
    with pytest.raises(WrittenOnce):
        ServedPaper.objects.update(content_hash="0" * 64)
    with pytest.raises(PaperRefused, match="不能修改"):
        actions.change_draft(paper=paper, answers=NUMBERS, word="", version=paper.version, by=town.actor("caseworker"))
    altered = ServedPaper.objects.get(pk=paper.pk)
    words = altered.words
    words["document"]["title"] = "别的文书"
    altered.seal(words, Compartment.COMMUNITY)
    assert "被改动过" in reads.problems_of(altered)[0]


def test_the_receipt_names_the_decision_and_the_notice_its_last_day(town: City) -> None:
    row = measure(town)
    text = str(reads.document_of(issued(town, row), TODAY).body)
    assert "责令社区戒毒决定书" in text and NUMBERS["number"] in text and row.client.name in text
    notice = reads.document_of(issued(town, row, "report-notice", **PLACE), TODAY)
    assert notice.title == "社区戒毒报到通知书" and notice.addressee == row.client.name
    assert "最后报到日期为2022年11月16日" in str(notice.body)  # fifteen days from the decision, while no receipt is on file
    assert any(isinstance(block, PageBreak) for block in notice.body)


def test_the_square_code_stands_on_the_page_that_is_signed(town: City) -> None:
    paper = issued(town, measure(town), "report-notice", **PLACE)
    made = render_pdf(reads.document_of(paper, TODAY))
    assert read_qr(made) == [PAGE.payload(paper.pk, paper.content_hash)]
    assert reads.document_of(paper, TODAY).verification.hint.startswith("文书格式 report-notice 第1版")


@pytest.mark.parametrize(
    ("form", "changes"),
    [
        ("decision-receipt", {"served_on": date(2022, 11, 3)}),
        ("report-notice", {"reported_on": date(2022, 11, 9)}),
        ("agreement", {}),
        ("admonition", {}),
        ("discharge-receipt", {}),
    ],
)
def test_a_row_takes_only_the_papers_its_state_calls_for(town: City, form: str, changes: dict[str, Any]) -> None:
    row = measure(town, **changes)
    assert form not in {one.code for one in reads.offered("measures", row)}
    with pytest.raises(PaperRefused, match="不出这种文书"):
        drafted(town, row, form)


# --- service -------------------------------------------------------------------------------------------------------------
def test_every_title_a_row_gives_its_paper_is_one_the_form_declares() -> None:
    rows = [Measure(kind=kind) for kind in (MeasureKind.COMMUNITY_DETOX, MeasureKind.COMMUNITY_REHABILITATION)]
    given = {form.code: tuple(form.title_of(row) for row in rows) for form in all_forms() if form.titled is not None}
    assert given and given == {form.code: form.titles for form in all_forms() if form.titles}
    with pytest.raises(UnfitForm, match="titles"):
        register(replace(form_called("agreement"), code="agreement-of-another-name", titles=()))


def test_without_its_receipt_a_paper_is_not_served_and_nothing_follows(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    serve(town, paper, handed(date(2022, 11, 12)))
    paper.refresh_from_db()
    row.refresh_from_db()
    assert (paper.state, paper.served_on, paper.way, paper.sent_on) == ("issued", None, "direct", date(2022, 11, 12))
    assert row.served_on is None
    assert day_of_report(row) == date(2022, 11, 16)


def test_the_receipt_makes_it_served_fills_the_ledger_and_moves_the_clock(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    said = serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    paper.refresh_from_db()
    row.refresh_from_db()
    assert (paper.state, paper.served_on) == (ServedState.SERVED, date(2022, 11, 12))
    assert said.proof is not None and said.proof.matched_by == "qr" and said.articles == "MPSADM19-36"
    assert row.served_on == date(2022, 11, 12)
    assert day_of_report(row) == date(2022, 11, 28)  # 戒毒条例第十四条: fifteen days; the 27th is a Sunday
    assert reads.read_proof(said.proof)
    assert WriteEntry.objects.filter(act="served-papers.serve", row_id=paper.pk).count() == 1


def test_a_corrected_day_replays_the_clock_and_taking_back_lets_it_fall(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    paper.refresh_from_db()
    actions.correct(
        paper=paper, told=handed(date(2022, 11, 14)), reason="回证上是 14 日", version=paper.version, by=town.actor("caseworker")
    )
    row.refresh_from_db()
    assert (row.served_on, day_of_report(row)) == (date(2022, 11, 14), date(2022, 11, 29))
    paper.refresh_from_db()
    actions.take_back(paper=paper, reason="送错了人", version=paper.version, by=town.actor("caseworker"))
    paper.refresh_from_db()
    row.refresh_from_db()
    assert (paper.state, paper.served_on, paper.way) == (ServedState.ISSUED, None, "")
    assert (row.served_on, day_of_report(row)) == (None, date(2022, 11, 16))
    serve(town, paper, handed(date(2022, 11, 15)), receipt(paper))  # it can be served again, the same scan stays kept
    row.refresh_from_db()
    assert row.served_on == date(2022, 11, 15)
    assert [one.withdrawn for one in paper.services.order_by("recorded_at", "pk")].count(True) == 1
    assert ServiceProof.objects.filter(paper=paper).count() == 1


def test_a_day_typed_otherwise_in_the_ledger_is_not_overwritten(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    Measure.objects.filter(pk=row.pk).update(served_on=date(2022, 11, 11))
    with pytest.raises(PaperRefused, match="2022-11-11.*不一致"):
        serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    paper.refresh_from_db()
    assert paper.state == ServedState.ISSUED and not paper.services.exists()


def test_a_signed_agreement_fills_its_day(town: City) -> None:
    row = measure(town, reported_on=date(2022, 11, 8), served_on=date(2022, 11, 3))
    paper = issued(town, row, "agreement", group="何姐、王警官", measures="每月谈话一次。")
    with pytest.raises(ServiceRefused, match="不能这样送达.*直接送达"):
        serve(town, paper, Told(ServiceWay.MAIL, date(2022, 11, 12), words={"tracking": "1"}))
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    row.refresh_from_db()
    assert row.agreement_on == date(2022, 11, 12)
    assert RunningClock.objects.get(subject_id=row.pk, code="D21").end == "done"


def test_a_refusal_needs_its_reason_and_a_witness_and_counts_from_that_day(town: City) -> None:
    paper = issued(town, measure(town))
    bare = Told(ServiceWay.LEFT, date(2022, 11, 12))
    with pytest.raises(ServiceRefused) as refused:
        serve(town, paper, bare, receipt(paper))
    assert {problem.column for problem in refused.value.problems} == {"refusal", "witness"}
    told = Told(ServiceWay.LEFT, date(2022, 11, 12), words={"refusal": "本人称不认可", "witness": "社区李主任"})
    serve(town, paper, told, receipt(paper))
    paper.refresh_from_db()
    assert (paper.state, paper.refused, paper.served_on) == (ServedState.SERVED, True, date(2022, 11, 12))


def test_a_letter_waits_for_its_return_slip(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    serve(town, paper, Told(ServiceWay.MAIL, date(2022, 11, 12), words={"tracking": "EMS-1"}))
    paper.refresh_from_db()
    with pytest.raises(ServiceRefused, match="签收日期"):
        serve(town, paper, Told(ServiceWay.MAIL, date(2022, 11, 12), words={"tracking": "EMS-1"}), receipt(paper))
    told = Told(
        ServiceWay.MAIL, date(2022, 11, 12), date(2022, 11, 15), Receiver.FAMILY, {"tracking": "EMS-1", "receiver_name": "父亲"}
    )
    serve(town, paper, told, receipt(paper))
    row.refresh_from_db()
    assert row.served_on == date(2022, 11, 15)


def test_a_notice_serves_only_when_its_days_are_over(town: City) -> None:
    paper = issued(town, measure(town, decided_on=date(2022, 8, 1)), on=date(2022, 8, 2))
    words = {"why": "上门三次、电话不通、邮件退回", "place": "龙洞社区公告栏"}
    serve(town, paper, Told(ServiceWay.NOTICE, date(2022, 9, 30), words=words))
    paper.refresh_from_db()
    assert paper.until == date(2022, 11, 29)  # sixty days (行政案件程序规定第三十六条)
    with pytest.raises(ServiceRefused, match="2022-11-29 才满"):
        serve(town, paper, Told(ServiceWay.NOTICE, date(2022, 9, 30), words=words), receipt(paper))
    serve(town, paper, Told(ServiceWay.NOTICE, date(2022, 9, 1), words=words), receipt(paper))
    paper.refresh_from_db()
    assert (paper.state, paper.served_on) == (ServedState.SERVED, date(2022, 10, 31))


def test_a_receipt_of_another_paper_is_refused_and_nothing_is_kept(town: City) -> None:
    one, two = issued(town, measure(town, 1)), issued(town, measure(town, 2))
    with pytest.raises(ScanRefused, match="另一份文书"):
        serve(town, one, handed(date(2022, 11, 12)), receipt(two))
    one.refresh_from_db()
    assert one.state == ServedState.ISSUED and not ServiceProof.objects.exists() and not one.services.exists()


def test_a_served_paper_is_not_withdrawn_before_its_service_is(town: City) -> None:
    paper = issued(town, measure(town))
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    paper.refresh_from_db()
    with pytest.raises(PaperRefused, match="先撤销送达"):
        actions.withdraw(paper=paper, reason="写错", version=paper.version, by=town.actor("caseworker"))


def test_who_opened_the_page_before_somebody_else_acted_is_told_so(town: City) -> None:
    paper = issued(town, measure(town))
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper))
    with pytest.raises(SomebodyWasFaster):
        actions.withdraw(paper=paper, reason="写错", version=paper.version, by=town.actor("supervisor"))


# --- the police's side -----------------------------------------------------------------------------------------------------
def party(city: City) -> Any:
    (case,) = city.enter(
        "cases",
        "officer",
        {
            "number": "A5399000001", "title": "某某吸毒案", "case_kind": "administrative", "offence": "CL347",
            "division": city.divisions["龙洞镇"].pk, "filed_on": date(2022, 11, 1), "operation_number": "",
        },
    )  # fmt: skip
    (row,) = city.enter(
        "parties",
        "officer",
        {
            "case_number": case.number, "name": "测试某", "id_number": "", "role": "suspect", "caught_on": date(2022, 11, 1),
            "outcome": "", "outcome_on": None, "minor": False,
        },
    )  # fmt: skip
    return row


def test_serving_an_isolation_decision_starts_the_notice_to_the_family_and_a_correction_moves_it(town: City) -> None:
    row, by = party(town), town.actor("officer")
    paper = actions.draft(form=form_called("isolation-receipt"), row=row, answers=NUMBERS, by=by)
    paper = actions.issue(paper=paper, version=paper.version, by=by, on=date(2022, 11, 10))
    assert not RunningClock.objects.filter(subject_id=row.pk, code="D41").exists()
    serve(town, paper, handed(date(2022, 11, 12)), receipt(paper), "officer")
    running = RunningClock.objects.get(subject_id=row.pk, code="D41")  # 禁毒法第四十条: within 24 hours
    assert (running.started_on, running.due_on) == (date(2022, 11, 12), date(2022, 11, 13))
    paper.refresh_from_db()
    actions.correct(paper=paper, told=handed(date(2022, 11, 14)), reason="日期抄错", version=paper.version, by=by)
    running.refresh_from_db()
    assert running.due_on == date(2022, 11, 15)
    assert [event.word for event in running.events.all()] == ["start", "start"]
    paper.refresh_from_db()
    actions.take_back(paper=paper, reason="没有送成", version=paper.version, by=by)
    running.refresh_from_db()
    assert running.end == "row"


# --- who sees it -----------------------------------------------------------------------------------------------------------
def test_a_paper_is_seen_and_made_as_its_row_is(town: City) -> None:
    paper = issued(town, measure(town))
    seen = {who for who in town.accounts if reads.served_visible(town.actor(who), TODAY).filter(pk=paper.pk).exists()}
    assert seen == {"caseworker", "supervisor"}
    for who in ("stranger", "clerk", "officer", "town_leader"):
        with pytest.raises(NotAllowed):
            drafted(town, Measure.objects.get(pk=paper.subject_id), who=who)


def test_the_number_of_a_voided_row_is_not_lost(town: City) -> None:
    row = measure(town)
    paper = issued(town, row)
    registry.get("measures").void(rows=[row], writing=town.writing("supervisor", "重复登记"))  # type: ignore[misc]
    assert reads.served_visible(town.actor("supervisor"), TODAY).get() == paper


def test_what_is_written_stands_under_the_key_of_its_rows_compartment(town: City) -> None:
    paper = issued(town, measure(town))
    serve(town, paper, handed(date(2022, 11, 12), servers="何姐、吴主任"), receipt(paper))
    with connection.cursor() as cursor:
        cursor.execute("select community, enforcement from casework_servedpaper")
        community, enforcement = cursor.fetchone()
    assert "测试" not in community and community and enforcement == ""
