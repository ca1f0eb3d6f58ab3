"""Papers from draft to receipt: who takes which step, what never moves, what is refused and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from qingyuan.casework.actions import paper_copies, paper_service, papers
from qingyuan.casework.actions.papers import Cited, PaperMoved, SlipsLeft, Source
from qingyuan.casework.enums import PaperMove, PaperState, ReceiptWay, ScanMatch
from qingyuan.casework.models import Paper, PaperDelivery, PaperIssue, PaperSeries, PaperStep
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import NotAllowed, papers_visible
from qingyuan.casework.papers.rules import PAGE, PROCEDURE, PaperRefused, after, check_word, steps_from
from qingyuan.casework.queries import papers_citing
from qingyuan.documents.hashing import short_code
from qingyuan.documents.page_code import ScanRefused
from qingyuan.documents.qr import qr_png
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.foundation.kept_files import FileDamaged, read_file
from qingyuan.organisation.models import Account
from qingyuan.reference.periods import Period
from tests.casework.conftest import VALUES, Papers
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
LOST = "\U00030729"


# --- the road of a paper ------------------------------------------------------------------------------------------------
def test_a_paper_goes_from_draft_to_receipt_and_every_step_is_written_down(desk: Papers) -> None:
    paper = desk.served("longdong", "shiqiao")
    delivery = paper.deliveries.get(unit=desk.city.units["longdong"])
    paper_service.receive(delivery=delivery, by=desk.city.actor("supervisor"))
    paper = papers.archive(paper=paper, by=desk.city.actor("clerk"))
    assert paper.number == "云禁毒办〔2022〕1号"
    assert (paper.approver_name, paper.approved_on) == ("秦川", TODAY)
    assert [step.move for step in paper.steps.all()] == [
        "create",
        "submit",
        "approve",
        "issue",
        "serve",
        "receive",
        "archive",
    ]
    acts = list(WriteEntry.objects.filter(row_id=paper.pk).order_by("at").values_list("act", flat=True))
    assert acts == [f"papers.{step.move}" for step in paper.steps.all()]


def test_every_state_has_a_way_on_or_is_an_end() -> None:
    reached = {to for _froms, to in PROCEDURE.values() if to} | {PaperState.DRAFT}
    assert reached == set(PaperState)
    assert [state for state in PaperState if not steps_from(state)] == [PaperState.VOID]


@pytest.mark.parametrize("move", [PaperMove.ISSUE, PaperMove.SERVE, PaperMove.SIGN, PaperMove.ARCHIVE])
def test_no_step_is_skipped(move: PaperMove) -> None:
    with pytest.raises(PaperRefused, match="起草中"):
        after(move, PaperState.DRAFT)


def test_a_paper_sent_back_carries_the_reason_and_can_be_written_in_again(desk: Papers) -> None:
    paper = papers.submit(paper=desk.draft(), by=desk.city.actor("clerk"))
    with pytest.raises(PaperRefused, match="原因"):
        papers.send_back(paper=paper, reason=" ", by=desk.city.actor("leader"))
    paper = papers.send_back(paper=paper, reason="第二条没有时限", by=desk.city.actor("leader"))
    assert paper.steps.get(move="send_back").reason == "第二条没有时限"
    values = VALUES | {"body": "改好了。"}
    paper = papers.change(paper=paper, kind="notice", values=values, version=paper.version, by=desk.city.actor("clerk"))
    assert papers.submit(paper=paper, by=desk.city.actor("clerk")).state == PaperState.SUBMITTED


def test_sending_back_a_signed_paper_takes_the_signature_away(desk: Papers) -> None:
    paper = papers.send_back(paper=desk.signed(), reason="情况变了", by=desk.city.actor("leader"))
    assert (paper.approver_name, paper.approved_on) == ("", None)
    assert not PaperSeries.objects.exists()


def test_two_people_at_one_draft_do_not_overwrite_each_other(desk: Papers) -> None:
    paper, clerk = desk.draft(), desk.city.actor("clerk")
    papers.change(paper=paper, kind="notice", values=VALUES | {"title": "甲"}, version=1, by=clerk)
    with pytest.raises(PaperMoved):
        papers.change(paper=paper, kind="notice", values=VALUES | {"title": "乙"}, version=1, by=clerk)
    assert Paper.objects.get().title == "甲"


def test_saving_what_is_there_already_writes_nothing(desk: Papers) -> None:
    paper = desk.draft()
    papers.change(paper=paper, kind="notice", values=VALUES, version=1, by=desk.city.actor("clerk"))
    assert PaperStep.objects.count() == 1


# --- who ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who", ["leader", "town_leader", "caseworker", "officer", "prosecutor", "doctor", "auditor", "security"]
)
def test_who_keeps_no_papers_drafts_none(desk: Papers, who: str) -> None:
    with pytest.raises(NotAllowed):
        desk.draft(who)


@pytest.mark.parametrize("who", ["clerk", "supervisor", "liaison"])
def test_a_draft_belongs_to_its_drafters_own_unit(desk: Papers, who: str) -> None:
    assert desk.draft(who, word="试用").unit_id == desk.city.actor(who).unit_id


def test_the_clerk_cannot_sign_where_a_leader_can(desk: Papers) -> None:
    paper = papers.submit(paper=desk.draft(), by=desk.city.actor("clerk"))
    for who in ("clerk", "supervisor", "town_leader", "liaison"):
        with pytest.raises(NotAllowed):
            papers.sign(paper=paper, by=desk.city.actor(who), signer_name="秦川")
    assert Paper.objects.get().state == PaperState.SUBMITTED


def test_a_unit_without_a_leader_here_enters_the_signature_given_on_paper(desk: Papers) -> None:
    liaison = desk.city.actor("liaison")
    paper = papers.submit(paper=desk.draft("liaison", word="云教"), by=liaison)
    with pytest.raises(PaperRefused, match="签发人"):
        papers.sign(paper=paper, by=liaison)
    paper = papers.sign(paper=paper, by=liaison, signer_name="教育局长", signed_on=TODAY - timedelta(days=1))
    assert paper.approver_name == "教育局长"
    assert "纸质" in paper.steps.get(move="approve").reason


def test_a_signature_cannot_be_given_tomorrow(desk: Papers) -> None:
    paper = papers.submit(paper=desk.draft(), by=desk.city.actor("clerk"))
    with pytest.raises(PaperRefused, match="今天之后"):
        papers.sign(paper=paper, by=desk.city.actor("leader"), signed_on=TODAY + timedelta(days=1))


def seen_by(desk: Papers, who: str) -> list[str]:
    return sorted(paper.title for paper in papers_visible(desk.city.actor(who), TODAY))


def test_drafts_stay_in_their_unit_and_issued_papers_are_read_in_range(desk: Papers) -> None:
    desk.draft(title="办公室的稿")
    desk.draft("supervisor", title="龙洞的稿", word="龙洞")
    desk.issued(title="印发的通知")
    assert seen_by(desk, "clerk") == ["办公室的稿", "印发的通知"]
    assert seen_by(desk, "supervisor") == ["龙洞的稿"]
    assert seen_by(desk, "caseworker") == ["龙洞的稿"]
    for who in ("stranger", "officer", "liaison", "doctor", "security"):
        assert seen_by(desk, who) == [], who


def test_only_units_it_was_served_on_read_a_paper(desk: Papers) -> None:
    paper = desk.served("longdong", "police")
    for who, reads_it in {
        "supervisor": True, "town_leader": True, "officer": True, "stranger": False, "liaison": False, "prosecutor": False, "doctor": False,
    }.items():  # fmt: skip
        assert papers_visible(desk.city.actor(who), TODAY).filter(pk=paper.pk).exists() is reads_it, who
        assert reads.inbox(desk.city.actor(who), TODAY).exists() is reads_it, who


def test_an_inbox_holds_ones_own_units_papers_only(desk: Papers) -> None:
    """The clerk and the auditor read the whole city; that does not make every town's inbox theirs."""
    desk.served("longdong", "shiqiao")
    for who in ("clerk", "leader", "auditor"):
        assert not reads.inbox(desk.city.actor(who), TODAY).exists(), who
        assert not reads.to_receive(desk.city.actor(who), TODAY).exists(), who
    assert [one.unit.code for one in reads.inbox(desk.city.actor("supervisor"), TODAY)] == ["longdong"]


def test_a_draft_thrown_away_is_never_seen_outside_its_unit(desk: Papers) -> None:
    papers.void(paper=desk.draft("supervisor", word="龙洞"), reason="不发了", by=desk.city.actor("supervisor"))
    assert seen_by(desk, "clerk") == [] and len(seen_by(desk, "supervisor")) == 1


# --- numbers ----------------------------------------------------------------------------------------------------------------
def test_numbers_run_on_in_each_series_and_a_void_paper_keeps_its_own(desk: Papers) -> None:
    first, second = desk.issued(), desk.issued()
    papers.void(paper=second, reason="内容有误", by=desk.city.actor("clerk"))
    third, letter = desk.issued(), desk.issued(kind="letter", word="云禁毒办函")
    assert [paper.number for paper in (first, second, third, letter)] == [
        "云禁毒办〔2022〕1号", "云禁毒办〔2022〕2号", "云禁毒办〔2022〕3号", "云禁毒办函〔2022〕1号",
    ]  # fmt: skip
    assert Paper.objects.get(pk=second.pk).number == "云禁毒办〔2022〕2号"


def test_a_paper_refused_at_issue_takes_no_number(desk: Papers) -> None:
    paper = desk.signed()
    with connection.cursor() as cursor:
        cursor.execute("update casework_paper set remark = %s", [Paper._meta.get_field("remark").prepare(LOST)])
    with pytest.raises(SlipsLeft, match="附注"):
        papers.issue(paper=Paper.objects.get(pk=paper.pk), by=desk.city.actor("clerk"))
    assert not PaperSeries.objects.exists() and not PaperIssue.objects.exists()


def test_two_units_cannot_number_under_one_word(desk: Papers) -> None:
    desk.issued()
    town, leader = desk.city.actor("supervisor"), desk.city.actor("town_leader")
    paper = papers.submit(paper=desk.draft("supervisor"), by=town)
    paper = papers.sign(paper=paper, by=leader)
    with pytest.raises(PaperRefused, match="市禁毒办"):
        papers.issue(paper=paper, by=town)
    assert PaperSeries.objects.get().last == 1


def test_the_day_of_issue_lies_between_signature_and_today(desk: Papers) -> None:
    paper = desk.signed()
    for day, words in ((TODAY - timedelta(days=1), "早于签发"), (TODAY + timedelta(days=1), "今天之后")):
        with pytest.raises(PaperRefused, match=words):
            papers.issue(paper=paper, by=desk.city.actor("clerk"), on=day)


def test_a_later_number_never_bears_an_earlier_day(desk: Papers) -> None:
    yesterday = TODAY - timedelta(days=1)
    clerk, leader = desk.city.actor("clerk"), desk.city.actor("leader")
    desk.issued()
    paper = papers.submit(paper=desk.draft(), by=clerk)
    paper = papers.sign(paper=paper, by=leader, signed_on=yesterday)
    with pytest.raises(PaperRefused, match="上一号 云禁毒办〔2022〕1号"):
        papers.issue(paper=paper, by=clerk, on=yesterday)
    assert PaperSeries.objects.get().last == 1, "the number refused is the next one still"
    assert papers.issue(paper=paper, by=clerk).issue.serial == 2


@pytest.mark.parametrize("word", ["", "云", "云禁毒办〔2022〕", "YJD", "云 禁 办", "一二三四五六七八九十一二三"])
def test_a_word_that_would_print_a_crooked_number_is_refused(word: str) -> None:
    with pytest.raises(PaperRefused, match="机关代字"):
        check_word(word)


# --- what never moves --------------------------------------------------------------------------------------------------------
def test_what_was_issued_refuses_every_change(desk: Papers) -> None:
    paper = desk.issued()
    paper.title = "改过的标题"
    with pytest.raises(WrittenOnce):
        paper.save()
    for attempt in (
        lambda: Paper.objects.filter(pk=paper.pk).update(body="改"),
        lambda: Paper.objects.all().delete(),
        lambda: paper.issue.delete(),
        lambda: PaperIssue.objects.update(number="改"),
        lambda: PaperStep.objects.all().delete(),
    ):
        with pytest.raises(WrittenOnce):
            attempt()
    with pytest.raises(PaperRefused, match="已印发"):
        papers.change(paper=paper, kind="notice", values=VALUES, version=paper.version, by=desk.city.actor("clerk"))


def test_what_was_handed_up_stands_still_before_it_is_issued(desk: Papers) -> None:
    paper = papers.submit(paper=desk.draft(), by=desk.city.actor("clerk"))
    paper.body = "签批后换的正文"
    with pytest.raises(WrittenOnce):
        paper.save()


def test_a_unit_with_papers_cannot_be_removed(desk: Papers) -> None:
    desk.issued()
    with pytest.raises(ProtectedError):
        desk.city.units["office"].delete()


def test_a_hash_tells_when_the_database_was_changed_behind_our_back(desk: Papers) -> None:
    paper = desk.issued()
    assert reads.verify(paper).intact
    with connection.cursor() as cursor:
        cursor.execute("update casework_paperissue set serial = 9")
    broken = reads.verify(Paper.objects.get(pk=paper.pk))
    assert not broken.intact and "校验值" in broken.problems[0]


def test_a_cited_figure_changed_behind_our_back_is_found(desk: Papers) -> None:
    paper = cited(desk, "E01", "38")
    with connection.cursor() as cursor:
        cursor.execute("update casework_paperfigure set text = '83'")
    assert "所引数字" in "".join(reads.verify(Paper.objects.get(pk=paper.pk)).problems)


def test_the_database_itself_refuses_a_void_without_reason_and_half_a_receipt(desk: Papers) -> None:
    paper = desk.served("longdong")
    for statement in (
        "update casework_paper set state = 'void'",
        "update casework_paperdelivery set received_on = '2022-11-23'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Paper.objects.get(pk=paper.pk).state == PaperState.SERVED


def test_the_body_stands_encrypted(desk: Papers) -> None:
    desk.issued(body="负责人陈某某。")
    with connection.cursor() as cursor:
        cursor.execute("select p.body, i.content from casework_paper p join casework_paperissue i on i.paper_id = p.id")
        assert "陈某某" not in "".join(cursor.fetchone())


# --- what is refused ---------------------------------------------------------------------------------------------------------
def test_a_character_no_face_holds_stops_the_paper_before_signature(desk: Papers) -> None:
    paper = desk.draft(body=f"请陈堃、周喆同志负责。\n由赵{LOST}同志记录。")
    with pytest.raises(SlipsLeft) as refused:
        papers.submit(paper=paper, by=desk.city.actor("clerk"))
    assert "U+30729" in str(refused.value) and "正文第 2 段" in str(refused.value)
    assert Paper.objects.get().state == PaperState.DRAFT


def test_rare_names_go_out(desk: Papers) -> None:
    assert desk.issued(body="请陈堃、周喆、吴赟、李犇同志负责。").number


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": ""}, "正文没有写"),
        ({"addressee": ""}, "主送"),
        ({"body": "二、甲"}, "应为“一、”"),
        ({"body": "甲\x07乙"}, "控制字符"),
    ],
)
def test_an_unfinished_draft_is_not_handed_up(desk: Papers, changes: dict[str, str], words: str) -> None:
    with pytest.raises(SlipsLeft, match=words):
        papers.submit(paper=desk.draft(**changes), by=desk.city.actor("clerk"))


@pytest.mark.parametrize(
    "changes", [{"openness": "秘密"}, {"openness": "绝密"}, {"body": "机密★5年\n正文"}, {"title": "秘密★通知"}]
)
def test_nothing_secret_is_ever_kept(desk: Papers, changes: dict[str, str]) -> None:
    with pytest.raises(PaperRefused, match="涉密公文不上网"):
        desk.draft(**changes)
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": "字" * 121}, {"urgency": "最急"}, {"openness": "随便"}, {"kind": "letters"}]
)
def test_bad_values_are_refused_and_nothing_is_written(desk: Papers, changes: dict[str, str]) -> None:
    with pytest.raises(PaperRefused):
        desk.draft(**changes)
    assert not Paper.objects.exists() and not WriteEntry.objects.filter(act__startswith="papers.").exists()


# --- serving and signing for ---------------------------------------------------------------------------------------------------
def test_a_unit_signs_once_and_only_its_own(desk: Papers) -> None:
    paper = desk.served("longdong", "shiqiao")
    delivery = paper.deliveries.get(unit=desk.city.units["longdong"])
    for who in ("stranger", "officer", "caseworker", "clerk", "auditor"):
        with pytest.raises(NotAllowed):
            paper_service.receive(delivery=delivery, by=desk.city.actor(who))
    paper_service.receive(delivery=delivery, by=desk.city.actor("supervisor"))
    with pytest.raises(PaperRefused, match="吴主任"):
        paper_service.receive(delivery=delivery, by=desk.city.actor("town_leader"))
    assert [one.unit.code for one in PaperDelivery.objects.waiting()] == ["shiqiao"]
    assert not reads.to_receive(desk.city.actor("supervisor"), TODAY).exists()
    assert reads.to_receive(desk.city.actor("stranger"), TODAY).count() == 1


def test_a_receipt_on_paper_is_entered_by_the_sender(desk: Papers) -> None:
    delivery = desk.served("longdong").deliveries.get()
    with pytest.raises(NotAllowed):
        paper_service.enter_receipt(delivery=delivery, name="吴主任", on=TODAY, by=desk.city.actor("supervisor"))
    with pytest.raises(PaperRefused, match="送达日期与今天之间"):
        paper_service.enter_receipt(
            delivery=delivery, name="吴主任", on=TODAY - timedelta(days=9), by=desk.city.actor("clerk")
        )
    got = paper_service.enter_receipt(delivery=delivery, name="吴主任", on=TODAY, by=desk.city.actor("clerk"))
    assert got.way == ReceiptWay.BY_HAND


def test_serving_again_reaches_only_new_units_and_never_the_clinic(desk: Papers) -> None:
    clerk, units = desk.city.actor("clerk"), desk.city.units
    paper = desk.served("longdong")
    made = paper_service.serve(
        paper=paper, unit_ids=[units["longdong"].pk, units["shiqiao"].pk, units["clinic"].pk], by=clerk
    )
    assert [one.unit.code for one in made] == ["shiqiao"]
    with pytest.raises(PaperRefused, match="没有选中"):
        paper_service.serve(paper=paper, unit_ids=[units["clinic"].pk, units["office"].pk, 0], by=clerk)


def test_a_void_paper_waits_for_nobody_and_says_why(desk: Papers) -> None:
    paper = desk.served("longdong")
    papers.void(paper=paper, reason="另有安排", by=desk.city.actor("clerk"))
    town = desk.city.actor("supervisor")
    assert not reads.to_receive(town, TODAY).exists()
    shown = papers_visible(town, TODAY).get()
    assert (shown.state, shown.closed_reason) == (PaperState.VOID, "另有安排")
    with pytest.raises(PaperRefused, match="作废"):
        paper_service.receive(delivery=shown.deliveries.get(), by=town)


def test_a_disabled_leader_no_longer_keeps_others_from_entering_signatures(desk: Papers) -> None:
    Account.objects.filter(username="leader").update(is_active=False)
    paper = papers.submit(paper=desk.draft(), by=desk.city.actor("clerk"))
    assert papers.sign(paper=paper, by=desk.city.actor("clerk"), signer_name="代理负责人").approver_name == "代理负责人"


# --- is it the original ----------------------------------------------------------------------------------------------------------
def scan_of(paper: Paper) -> bytes:
    return qr_png(PAGE.payload(paper.pk, paper.issue.content_hash))


def test_the_printed_pdf_is_recognised_and_kept(desk: Papers) -> None:
    paper = desk.issued()
    pdf = reads.pdf_of(paper, TODAY)
    assert paper_copies.check_copy(paper=paper, data=pdf) == ScanMatch.SQUARE_CODE
    scan = paper_copies.file_scan(paper=paper, data=pdf, file_name="盖章件.pdf", by=desk.city.actor("clerk"))
    assert reads.read_scan(scan) == pdf
    with pytest.raises(ScanRefused, match="归入过"):
        paper_copies.file_scan(paper=paper, data=pdf, file_name="再来.pdf", by=desk.city.actor("clerk"))


def test_another_papers_page_is_not_this_one(desk: Papers) -> None:
    paper, other = desk.issued(), desk.issued()
    with pytest.raises(ScanRefused, match="另一份公文"):
        paper_copies.check_copy(paper=paper, data=scan_of(other), typed_code=short_code(paper.issue.content_hash))


def test_a_page_of_other_content_and_a_wrong_code_are_refused(desk: Papers) -> None:
    paper = desk.issued()
    with pytest.raises(ScanRefused, match="不是印发的那一稿"):
        paper_copies.check_copy(paper=paper, data=qr_png(PAGE.payload(paper.pk, "0" * 64)))
    blank = qr_png("别人的二维码")
    with pytest.raises(ScanRefused, match="没有读到"):
        paper_copies.check_copy(paper=paper, data=blank)
    with pytest.raises(ScanRefused, match="不符"):
        paper_copies.check_copy(paper=paper, data=blank, typed_code="0000-0000-0000-0000")
    how = paper_copies.check_copy(paper=paper, data=blank, typed_code=reads.code_of(paper).lower())
    assert how == ScanMatch.TYPED_CODE
    with pytest.raises(ScanRefused, match="PDF、PNG、JPG"):
        paper_copies.check_copy(paper=paper, data=b"PK\x03\x04")


def test_a_file_changed_on_disk_is_not_handed_out(desk: Papers, settings: object) -> None:
    scan = paper_copies.file_scan(
        paper=desk.issued(), data=scan_of(Paper.objects.get()), file_name="a.png", by=desk.city.actor("clerk")
    )
    with pytest.raises(FileDamaged, match="校验值"):
        read_file(scan.path, "0" * 64, reads.SCAN_PLACE)
    with pytest.raises(FileDamaged, match="备份"):
        read_file("papers/gone.q1", scan.digest, reads.SCAN_PLACE)


# --- figures ---------------------------------------------------------------------------------------------------------------------
def cited(desk: Papers, indicator: str, text: str, period: str = "2022-01..2022-10", division: str = "云岭市") -> Paper:
    clerk = desk.city.actor("clerk")
    figure = Cited(indicator, desk.city.divisions[division].pk, Period.parse(period), text, line=0)
    line = f"破获毒品案件{text}起。"
    made = papers.draft(
        kind="circular",
        values=VALUES | {"body": line},
        by=clerk,
        source=Source("situation", "云岭市", (line,), (figure,)),
    )
    made = papers.sign(paper=papers.submit(paper=made, by=clerk), by=desk.city.actor("leader"))
    return papers.issue(paper=made, by=clerk)


def numbers(**asked: object) -> list[tuple[str, str]]:
    return [(one.paper.number, one.figures[0].text) for one in papers_citing(**asked)]  # type: ignore[arg-type]


def test_who_cited_a_figure_is_answered_by_place_and_overlapping_period(desk: Papers) -> None:
    places = {name: division.pk for name, division in desk.city.divisions.items()}
    cited(desk, "E01", "38")
    cited(desk, "E01", "5", period="2022-10", division="龙洞镇")
    cited(desk, "R01", "91.0")
    first, second = ("云禁毒办〔2022〕1号", "38"), ("云禁毒办〔2022〕2号", "5")
    assert numbers(indicator="E01") == [first, second]
    assert numbers(indicator="E01", division_ids=[places["龙洞镇"]]) == [second]
    assert numbers(indicator="E01", period=Period.parse("2022-10")) == [first, second]
    assert numbers(indicator="E01", period=Period.parse("2022-03")) == [first]
    assert numbers(indicator="E01", period=Period.parse("2021")) == []
    assert numbers(indicator="G09") == []


def test_drafts_and_void_papers_cite_nothing_and_a_reader_finds_only_what_is_his(desk: Papers) -> None:
    paper = cited(desk, "E01", "38")
    stranger, clerk = desk.city.actor("stranger"), desk.city.actor("clerk")
    assert numbers(indicator="E01", reader=clerk, on=TODAY) != []
    assert numbers(indicator="E01", reader=stranger, on=TODAY) == []
    papers.void(paper=paper, reason="数字有误", by=clerk)
    figure = Cited("E01", desk.city.divisions["云岭市"].pk, Period.parse("2022"), "1", line=0)
    papers.draft(kind="circular", values=VALUES, by=clerk, source=Source("situation", "x", ("甲",), (figure,)))
    assert numbers(indicator="E01") == []


def test_refreshed_figures_take_the_place_of_the_old_ones(desk: Papers) -> None:
    clerk, city = desk.city.actor("clerk"), desk.city.divisions["云岭市"].pk
    old = Cited("E01", city, Period.parse("2022"), "38", line=0)
    paper = papers.draft(
        kind="circular",
        values=VALUES | {"body": "38起。"},
        by=clerk,
        source=Source("situation", "x", ("38起。",), (old,)),
    )
    new = Source("situation", "x", ("39起。",), (Cited("E01", city, Period.parse("2022"), "39", line=0),))
    paper = papers.refresh_figures(paper=paper, body="39起。", source=new, known_on=date(2022, 11, 23), by=clerk)
    assert [(one.text, one.position) for one in paper.figures.all()] == [("39", 1)]
    issued = papers.sign(paper=papers.submit(paper=paper, by=clerk), by=desk.city.actor("leader"))
    with pytest.raises(PaperRefused):
        papers.refresh_figures(paper=issued, body="40起。", source=new, known_on=TODAY, by=clerk)
