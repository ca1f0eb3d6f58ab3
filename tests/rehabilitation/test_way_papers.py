"""Papers of the way back: what each says, when a row takes it, and what is left of the certificate once its person is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qingyuan.casework.actions import served_papers as actions
from qingyuan.casework.actions.served_papers import Scan
from qingyuan.casework.enums import Receiver, ServedState, ServiceWay
from qingyuan.casework.models import RunningClock, ServedPaper
from qingyuan.casework.models.served_paper import HANDED_OVER
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import form_called
from qingyuan.casework.serving.rules import PAGE, Told
from qingyuan.demo import serving as demo_serving
from qingyuan.documents.fonts import font_files
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.qr import qr_png
from qingyuan.documents.word import render_docx
from qingyuan.ledgers.models import FactRow
from qingyuan.rehabilitation.models import Client, Control, Measure
from qingyuan.rehabilitation.papers.beside import FORMS, last_day_to_report
from tests.cast import TODAY, City, id_number, measure_values
from tests.rehabilitation.test_three_years import _correct
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
WHO = {"name": "测试去", "id_number": id_number(341)}
ANSWERS = {
    "place": "石桥镇综治中心 102 室", "contact": "石姐 0400-0000001", "tests": "返回后三日内补检。", "ends": "否",
    "organ": "云岭市公安局", "number": "云公(禁)停管〔2022〕7号",
}  # fmt: skip


@pytest.fixture
def town(city: City, tmp_path: Any, settings: Any) -> City:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return city


def running(city: City, **changes: Any) -> Any:
    (row,) = city.enter("measures", "supervisor", measure_values(city, 1) | WHO | changes)
    return Measure.objects.select_related("client").get(pk=row.pk)


def beside(city: City, ledger: str, **values: Any) -> Any:
    (row,) = city.enter(ledger, "supervisor", WHO | values)
    return type(row).objects.select_related("client").get(pk=row.pk)


def under_control(city: City, starts_on: date = date(2019, 1, 10)) -> Any:
    """Control of somebody whose measure ended, three years ago by default."""
    running(city, decided_on=starts_on, served_on=starts_on, reported_on=starts_on, agreement_on=starts_on, ended_on=date(2022, 1, 10), end_reason="discharged")
    return beside(city, "controls", starts_on=starts_on, basis="execution")


def issued(city: City, row: Any, form: str, on: date = TODAY, who: str = "supervisor") -> ServedPaper:
    made = actions.draft(form=form_called(form), row=row, answers=ANSWERS, by=city.actor(who))
    return actions.issue(paper=made, version=made.version, by=city.actor(who), on=on)


def serve(city: City, paper: ServedPaper, on: date = TODAY) -> None:
    scan = Scan(qr_of(paper))
    told = Told(ServiceWay.DIRECT, on, on, Receiver.SELF, {"servers": "两名工作人员"})
    actions.serve(paper=paper, told=told, version=paper.version, by=city.actor("supervisor"), scan=scan)


def qr_of(paper: ServedPaper) -> bytes:
    return qr_png(PAGE.payload(paper.pk, paper.content_hash))


def row_for(city: City, form: str) -> Any:
    if form == "exit-certificate":
        return under_control(city)
    running(city)
    rows = {
        "move-notice": ("moves", {"moved_on": date(2022, 11, 1), "place": "石桥镇"}),
        "suspension-notice": ("suspensions", {"stopped_on": date(2022, 6, 1), "document_number": "中止〔2022〕1号"}),
        "resumption-notice": (
            "suspensions", {"stopped_on": date(2022, 6, 1), "resumed_on": date(2022, 6, 11), "document_number": "中止〔2022〕1号"}
        ),
        "absence-slip": ("absences", {"left_on": date(2022, 11, 24), "until_on": date(2022, 11, 30)}),
    }  # fmt: skip
    ledger, values = rows[form]
    return beside(city, ledger, **values)


SAYS = {
    "move-notice": ("第二十二条", "最后报到日期为2022年11月16日", "连续计算", "石桥镇"),
    "suspension-notice": ("第二十四条第二款", "2022年6月1日起中止", "中止〔2022〕1号", "顺延"),
    "resumption-notice": ("中止的10日不计入期限", "2022年6月11日"),
    "absence-slip": ("第十九条", "自2022年11月24日至2022年11月30日", "不写离开的事由"),
    "exit-certificate": ("第七条第二款", "至2022年1月9日三年届满", "云公(禁)停管〔2022〕7号", "不受歧视", "只留文书号和校验值"),
}


@pytest.mark.parametrize("form", [one.code for one in FORMS])
def test_each_paper_says_its_article_and_days_and_prints(town: City, form: str) -> None:
    row = row_for(town, form)
    paper = issued(town, row, form)
    document = reads.document_of(paper, TODAY)
    text = str(document.body)
    for words in (*SAYS[form], "送达回证", WHO["name"]):
        assert words in text or words in document.addressee, words
    assert not any(word in text for word in ("医院", "法院", "毒品"))
    assert render_pdf(document).startswith(b"%PDF") and render_docx(document).startswith(b"PK")


@pytest.mark.parametrize(
    ("form", "done"),
    [
        ("move-notice", {"arrived_on": date(2022, 11, 5)}),
        ("suspension-notice", {"resumed_on": date(2022, 6, 11)}),
        ("resumption-notice", {"resumed_on": None}),
        ("absence-slip", {"lawful": False}),
        ("exit-certificate", {"relapsed_on": date(2022, 2, 1)}),
    ],
)
def test_a_row_takes_only_the_paper_its_state_calls_for(town: City, form: str, done: dict[str, Any]) -> None:
    row = row_for(town, form)
    type(row)._base_manager.filter(pk=row.pk).update(**done)
    row = type(row).objects.select_related("client").get(pk=row.pk)
    assert form not in {one.code for one in reads.offered(form_called(form).ledger, row)}
    with pytest.raises(PaperRefused, match="不出这种文书"):
        issued(town, row, form)


def test_the_day_to_report_at_the_new_place_is_the_one_its_clock_says(town: City) -> None:
    row = row_for(town, "move-notice")
    assert RunningClock.objects.get(subject_id=row.pk, code="D27").last_day == last_day_to_report(row.moved_on)


def test_the_discharge_is_told_with_the_number_of_the_police_notice(town: City) -> None:
    row = running(
        town, decided_on=date(2019, 11, 1), served_on=date(2019, 11, 1), reported_on=date(2019, 11, 2), agreement_on=date(2019, 11, 2),
        ended_on=date(2022, 11, 2), end_reason="discharged",
    )  # fmt: skip
    document = reads.document_of(issued(town, row, "discharge-notice"), TODAY)
    assert document.title == "社区戒毒期满解除告知书"
    text = str(document.body)
    assert "第二十三条" in text and "自2022年11月2日起解除" in text and ANSWERS["number"] in text and "在七日内通知" in text


# --- the certificate ------------------------------------------------------------------------------------------------------
def test_the_certificate_is_offered_only_when_three_years_are_over_and_nothing_runs(town: City) -> None:
    early = under_control(town, date(2020, 1, 10))
    assert reads.offered("controls", early) == []
    Control.objects.filter(pk=early.pk).update(starts_on=date(2019, 1, 10))
    row = Control.objects.select_related("client").get(pk=early.pk)
    assert [one.code for one in reads.offered("controls", row)] == ["exit-certificate"]
    Measure.objects.update(ended_on=None, end_reason="")
    assert reads.offered("controls", row) == []


def test_handing_the_certificate_over_ends_control_with_its_number_and_seals(town: City) -> None:
    row = under_control(town)
    paper = issued(town, row, "exit-certificate")
    assert Client.objects.get().sealed_on is None, "a printed certificate alone ends nothing"
    serve(town, paper)
    held = Control._base_manager.get(pk=row.pk)
    assert (held.ended_on, held.certificate_number) == (TODAY, paper.number)
    assert Client.objects.get().sealed_on == TODAY
    assert not reads.served_visible(town.actor("supervisor"), TODAY).exists()


def test_only_number_and_hash_are_left_of_it(town: City) -> None:
    paper = issued(town, under_control(town), "exit-certificate")
    digest = paper.content_hash
    serve(town, paper)
    kept = ServedPaper.objects.get(pk=paper.pk)
    assert kept.words == HANDED_OVER and kept.handed_over and kept.content_hash == digest and kept.state == ServedState.SERVED
    assert reads.problems_of(kept) == (), "its hash still agrees with the one the log kept when it was numbered"


def test_the_register_keeps_the_number_and_opens_nothing(town: City) -> None:
    paper = issued(town, under_control(town), "exit-certificate")
    browser = browser_of(town, "supervisor")
    assert WHO["name"] in text_of(browser.get(f"/serving/{paper.pk}/"))
    serve(town, paper)
    answer = browser.get("/serving/register/?of=people")
    page = text_of(answer)
    assert paper.number in page and f"已封存 · 核验码 {reads.code_of(paper)}" in page
    assert WHO["name"] not in page and str(paper.pk) not in answer.content.decode()
    assert browser.get(f"/serving/{paper.pk}/").status_code == 404
    assert browser.get(f"/serving/{paper.pk}/reveal/file.pdf").status_code == 404
    other = text_of(browser_of(town, "stranger").get("/serving/register/?of=people"))
    assert paper.number not in other, "another town's register does not tell that somebody was sealed"


def test_the_register_shows_a_draft_too(town: City) -> None:
    actions.draft(form=form_called("exit-certificate"), row=under_control(town), answers=ANSWERS, by=town.actor("supervisor"))
    answer = browser_of(town, "supervisor").get("/serving/register/?of=people")
    assert answer.status_code == 200 and "(未编号)" in text_of(answer)


def test_a_certificate_handed_over_on_its_page_ends_at_the_register(town: City) -> None:
    paper = issued(town, under_control(town), "exit-certificate")
    browser = browser_of(town, "supervisor")
    scan = SimpleUploadedFile("回证.png", qr_of(paper), content_type="image/png")
    typed = {"way": "direct", "sent_on": TODAY.isoformat(), "received_on": TODAY.isoformat(), "receiver": "self", "version": paper.version, "scan": scan}
    answer = browser.post(f"/serving/{paper.pk}/service/", typed, follow=True)
    assert answer.redirect_chain == [("/serving/register/?of=people", 302)]
    assert f"证明 {paper.number} 已送达" in text_of(answer)


def test_a_day_written_into_the_ledger_takes_the_number_of_the_certificate_that_was_made(town: City) -> None:
    row = under_control(town)
    paper = issued(town, row, "exit-certificate")
    _correct(town, row, "controls", ended_on=TODAY.isoformat())
    held = Control._base_manager.get(pk=row.pk)
    assert held.certificate_number == paper.number and ServedPaper.objects.get(pk=paper.pk).handed_over


def test_a_certificate_is_not_served_while_a_new_test_stands_against_the_end(town: City) -> None:
    paper = issued(town, under_control(town), "exit-certificate")
    test = {"tested_on": date(2022, 1, 5), "purpose": "scheduled", "method": "urine", "sample": "urine", "result": "positive", "testers": ["李秀", "王平"]}
    town.enter("tests", "supervisor", WHO | test)
    with pytest.raises(PaperRefused, match="核实"):
        serve(town, paper)
    assert Client.objects.get().sealed_on is None and Control.objects.get().ended_on is None


@pytest.mark.parametrize("who", ["stranger", "officer", "clerk", "doctor"])
def test_nobody_else_makes_or_reads_these_papers(town: City, who: str) -> None:
    paper = issued(town, under_control(town), "exit-certificate")
    browser = browser_of(town, who)
    assert browser.get(f"/serving/{paper.pk}/").status_code in (403, 404)
    assert browser.get(f"/serving/new/controls/{paper.subject_id}/exit-certificate/").status_code in (403, 404)


def test_the_demo_ends_control_of_one_and_the_facts_still_count_that_person(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_serving, "CONTROLLING_TOWN", "supervisor")
    under_control(town)
    counted = set(FactRow.objects.filter(fact="measures").values_list("row_id", flat=True))
    (paper,) = demo_serving._exited()
    assert ServedPaper.objects.get(pk=paper.pk).handed_over and Client.objects.get().sealed_on == TODAY - 5 * demo_serving.DAY
    assert counted and counted <= set(FactRow.objects.filter(fact="measures").values_list("row_id", flat=True))
