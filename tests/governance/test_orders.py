"""Supervision orders: the whole road, what is refused on it, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions import paper_service, papers
from qingyuan.casework.enums import PaperState
from qingyuan.casework.models import Paper, PaperFigure, ProcedureStep
from qingyuan.casework.papers import queries as paper_reads
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.fonts import font_files
from qingyuan.documents.qr import qr_png
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.governance.actions import orders
from qingyuan.governance.actions.kept_files import MOST_BYTES, Evidence
from qingyuan.governance.actions.orders import Basis, CaseMoved
from qingyuan.governance.models import OrderFile, SupervisionOrder
from qingyuan.governance.queries import orders as reads
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.ledgers.models import FactRow
from qingyuan.organisation.models import Unit
from tests.cast import TODAY, City
from tests.governance.orders import DRAFT, DUE, Orders, at

BEFORE = date(2022, 11, 1)
SOON = date(2022, 11, 10)


@pytest.fixture
def office(city: City, tmp_path: Any, settings: Any) -> Orders:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return Orders(city)


def now(order: SupervisionOrder) -> SupervisionOrder:
    found: SupervisionOrder = SupervisionOrder.everything.get(pk=order.pk)
    return found


def fact_of(order: SupervisionOrder) -> dict[str, Any]:
    data: dict[str, Any] = FactRow.objects.get(fact="supervision_orders", row_id=order.pk, superseded_at=None).data
    return data


# --- the road ----------------------------------------------------------------------------------------------------------------
def test_an_order_goes_from_its_draft_to_its_close_by_four_people(office: Orders) -> None:
    order = office.closed()
    assert (order.state, order.number, order.closed_on) == ("closed", "云禁督〔2022〕1号", TODAY)
    steps = list(ProcedureStep.objects.filter(subject_id=order.pk).values_list("step", "by_name", "to_state"))
    assert steps == [
        ("draft", "周文", "draft"),
        ("submit", "周文", "to_sign"),
        ("issue", "秦川", "issued"),
        ("receive", "吴主任", "received"),
        ("answer", "吴主任", "answered"),
        ("close", "周文", "closed"),
    ]
    acts = WriteEntry.objects.filter(row_id=order.pk).values_list("act", flat=True)
    assert set(acts) == {f"supervision_orders.{step}" for step, _name, _state in steps}


def test_issuing_makes_a_numbered_notice_that_is_served_on_the_receiver(office: Orders) -> None:
    order = office.issued()
    paper = Paper.objects.get(pk=order.paper_id)
    assert paper.state == PaperState.SERVED
    assert (paper.title, paper.number) == ("关于补齐9月以来缺检的督办通知", "云禁督〔2022〕1号")
    assert [delivery.unit_id for delivery in paper.deliveries.all()] == [order.unit_id]
    assert paper_reads.verify(paper).intact
    assert paper_reads.pdf_of(paper, TODAY).startswith(b"%PDF")
    office.step(order, "receive", "supervisor")
    assert paper.deliveries.get().received_by_name == "吴主任"
    assert now(order).received_on == TODAY


def test_numbers_have_no_gap_and_a_withdrawn_order_keeps_its_own(office: Orders) -> None:
    first, second = office.issued(), office.issued()
    office.step(first, "withdraw", "leader", reason="重复下达")
    third = office.issued()
    assert [one.number for one in (now(first), second, third)] == [f"云禁督〔2022〕{serial}号" for serial in (1, 2, 3)]
    paper = Paper.objects.get(pk=first.paper_id)
    assert (paper.state, paper.number, paper.closed_reason) == (PaperState.VOID, "云禁督〔2022〕1号", "重复下达")
    assert fact_of(now(first))["state"] == "withdrawn"


def test_one_draft_for_several_units_makes_one_order_each(office: Orders) -> None:
    ids = [office.city.units[unit].pk for unit in ("longdong", "shiqiao", "longdong", "education")]
    made = orders.draft(values=DRAFT, unit_ids=ids, due_on=DUE, by=office.city.actor("clerk"), at=at(TODAY))
    assert [one.unit.code for one in made] == ["longdong", "shiqiao", "education"]
    assert len({one.pk for one in made}) == 3


def test_a_sent_back_draft_is_mended_and_handed_up_again_with_the_same_paper(office: Orders) -> None:
    order = office.step(office.draft(), "submit", "clerk")
    order = office.step(order, "return_draft", "leader", reason="要求写具体些")
    order = orders.change(
        order=order,
        values=DRAFT | {"asked": "三日内逐人核对。"},
        unit_id=order.unit_id,
        due_on=DUE,
        version=order.version,
        by=office.city.actor("clerk"),
        at=at(TODAY),
    )
    order = office.step(order, "submit", "clerk")
    order = office.step(order, "issue", "leader")
    paper = Paper.objects.get(pk=order.paper_id)
    assert "三日内逐人核对。" in (paper.body or "") and paper.number == order.number
    assert Paper.objects.count() == 1


def test_work_sent_back_gets_a_new_day_and_still_counts_by_the_first(office: Orders) -> None:
    order = office.answered(on=BEFORE, due=SOON)
    later = SOON + timedelta(days=20)
    order = office.step(order, "send_back", "clerk", BEFORE, reason="没有附检测记录", due_on=later)
    assert (order.state, order.due_on, order.counted_due_on, order.answered_on) == ("sent_back", later, SOON, None)
    order = office.step(order, "answer", "supervisor", TODAY, done="已附检测记录。")
    order = office.step(order, "close", "clerk", TODAY, finding="记录齐全。")
    fact = fact_of(order)
    assert (fact["due_on"], fact["answered_on"], fact["sent_back"]) == (SOON.isoformat(), TODAY.isoformat(), 1)


def test_a_granted_extension_moves_the_day_that_counts_and_a_refused_one_does_not(office: Orders) -> None:
    later = SOON + timedelta(days=15)
    granted = office.received(on=BEFORE, due=SOON)
    granted = office.step(granted, "ask_extension", "supervisor", BEFORE, reason="等检测结果", wanted=later)
    assert granted.asked_due == later
    granted = office.step(granted, "grant_extension", "leader", BEFORE, due_on=later)
    assert (granted.state, granted.due_on, granted.counted_due_on, granted.extended) == ("received", later, later, True)
    refused = office.received(on=BEFORE, due=SOON)
    refused = office.step(refused, "ask_extension", "supervisor", BEFORE, reason="等检测结果", wanted=later)
    refused = office.step(refused, "refuse_extension", "leader", BEFORE, reason="时间足够")
    assert (refused.state, refused.due_on, refused.extended, refused.asked_due) == ("received", SOON, False, None)


def test_escalation_is_an_act_with_its_reason_and_the_superior_sets_a_new_day(office: Orders) -> None:
    order = office.received(on=BEFORE, due=SOON)
    with pytest.raises(StepRefused, match="要过了办理期限才能提级督办"):
        office.step(order, "escalate", "clerk", SOON, reason="催办无效")
    order = office.step(order, "escalate", "clerk", TODAY, reason="催办无效")
    assert (order.state, order.escalated) == ("escalated", True)
    order = office.step(order, "direct", "leader", TODAY, reason="三日内办结", due_on=TODAY + timedelta(days=3))
    assert (order.state, order.due_on, order.counted_due_on) == ("sent_back", TODAY + timedelta(days=3), SOON)


def test_past_its_day_is_read_off_the_calendar_and_nothing_closes_itself(office: Orders) -> None:
    order = office.received(on=BEFORE, due=SOON)
    clerk = office.city.actor("clerk")
    assert not reads.orders(clerk, SOON).past_due(SOON).exists()
    assert [one.pk for one in reads.orders(clerk, TODAY).past_due(TODAY)] == [order.pk]
    assert now(order).state == "received"


# --- refused ------------------------------------------------------------------------------------------------------------------
Doing = Callable[[Orders], object]
REFUSED_TO: list[tuple[str, Doing]] = [
    ("a leader drafts", lambda office: orders.draft(values=DRAFT, unit_ids=[1], due_on=DUE, by=office.city.actor("leader"))),
    ("a town drafts", lambda office: orders.draft(values=DRAFT, unit_ids=[1], due_on=DUE, by=office.city.actor("supervisor"))),
    ("an auditor drafts", lambda office: orders.draft(values=DRAFT, unit_ids=[1], due_on=DUE, by=office.city.actor("auditor"))),
    ("a clerk signs", lambda office: office.step(office.step(office.draft(), "submit", "clerk"), "issue", "clerk")),
    ("another town receives", lambda office: office.step(office.issued(), "receive", "stranger")),
    ("a caseworker receives", lambda office: office.step(office.issued(), "receive", "caseworker")),
    ("a town leader answers", lambda office: office.step(office.received(), "answer", "town_leader", done="办了")),
    ("the office answers", lambda office: office.step(office.received(), "answer", "clerk", done="办了")),
    ("the receiver closes", lambda office: office.step(office.answered(), "close", "supervisor", finding="好")),
    ("the signer closes", lambda office: office.step(office.answered(), "close", "leader", finding="好")),
    ("an auditor closes", lambda office: office.step(office.answered(), "close", "auditor", finding="好")),
    ("a clerk withdraws", lambda office: office.step(office.issued(), "withdraw", "clerk", reason="不要了")),
    ("a clerk grants", lambda office: office.step(_asked(office), "grant_extension", "clerk", due_on=DUE + timedelta(days=9))),
]


def _asked(office: Orders) -> SupervisionOrder:
    later = DUE + timedelta(days=5)
    return office.step(office.received(), "ask_extension", "supervisor", reason="等结果", wanted=later)


@pytest.mark.parametrize("doing", [doing for _what, doing in REFUSED_TO], ids=[what.replace(" ", "-") for what, _ in REFUSED_TO])
def test_a_step_of_somebody_else_is_refused(office: Orders, doing: Doing) -> None:
    with pytest.raises(NotAllowed):
        doing(office)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": ""}, "subject", "请填“督办事项”"),
        ({"subject": "字" * 81}, "subject", "最多 80 字"),
        ({"asked": "字" * 1501}, "asked", "最多 1500 字,现有 1501 字"),
        ({"basis": "   "}, "basis", "请填“督办依据”"),
        ({"basis": "张某 11010119900101123X 缺检"}, "basis", "不能有身份证号码或手机号"),
        ({"due": None}, "due_on", "请填办理期限"),
        ({"due": TODAY}, "due_on", "要在今天之后"),
        ({"due": TODAY - timedelta(days=1)}, "due_on", "要在今天之后"),
        ({"due": TODAY + timedelta(days=400)}, "due_on", "超过一年"),
    ],
)
def test_a_draft_that_cannot_stand_is_refused_beside_its_field(office: Orders, changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(StepRefused, match=words) as refused:
        office.draft(**changes)
    assert refused.value.field == field
    assert not SupervisionOrder.everything.exists()


def test_units_that_cannot_answer_are_refused_by_name(office: Orders) -> None:
    clinic = office.city.units["clinic"]
    with pytest.raises(StepRefused, match="市戒毒门诊不在可以督办的单位里"):
        orders.draft(values=DRAFT, unit_ids=[clinic.pk], due_on=DUE, by=office.city.actor("clerk"), at=at(TODAY))
    with pytest.raises(StepRefused, match="请至少选一个承办单位"):
        orders.draft(values=DRAFT, unit_ids=[], due_on=DUE, by=office.city.actor("clerk"), at=at(TODAY))
    with pytest.raises(StepRefused, match="所选单位不在可以督办的单位里"):
        orders.draft(values=DRAFT, unit_ids=[99999], due_on=DUE, by=office.city.actor("clerk"), at=at(TODAY))


def test_a_receiver_that_is_dissolved_before_the_signature_stops_the_order(office: Orders) -> None:
    order = office.step(office.draft(), "submit", "clerk")
    Unit.objects.filter(code="longdong").update(closed_on=TODAY)
    with pytest.raises(StepRefused, match="龙洞镇人民政府已于 2022-11-23 撤销,请改选承接它职责的单位"):
        office.step(order, "issue", "leader")
    assert now(order).state == "to_sign" and now(order).number == ""
    assert not Paper.objects.get(pk=order.paper_id).number


def test_a_day_that_passed_while_the_draft_lay_is_found_at_the_signature(office: Orders) -> None:
    order = office.step(office.draft(due=SOON, on=BEFORE), "submit", "clerk", BEFORE)
    with pytest.raises(StepRefused, match="“办理期限”要在今天之后"):
        office.step(order, "issue", "leader", TODAY)


def test_an_extension_that_is_no_later_is_refused(office: Orders) -> None:
    with pytest.raises(StepRefused, match="要晚于现在的期限"):
        office.step(office.received(), "ask_extension", "supervisor", reason="等结果", wanted=DUE)


def test_a_page_that_is_old_is_told_to_look_again(office: Orders) -> None:
    order = office.received()
    by = office.city.actor("supervisor")
    orders.take(order=order, step="answer", by=by, version=order.version, given={"done": "办了"}, at=at(TODAY))
    with pytest.raises(CaseMoved, match="刚被别人办过"):
        orders.take(order=order, step="answer", by=by, version=order.version, given={"done": "再办"}, at=at(TODAY))
    assert ProcedureStep.objects.filter(subject_id=order.pk, step="answer").count() == 1


def test_what_fails_leaves_nothing_behind(office: Orders) -> None:
    order = office.received()
    rows = ProcedureStep.objects.count(), WriteEntry.objects.count()
    bad = Evidence("照片.png", "image/png", b"\x89PNG\r\n\x1a\nnot a picture")
    with pytest.raises(StepRefused):
        office.step(order, "answer", "supervisor", done="办了", evidence=[bad])
    assert (ProcedureStep.objects.count(), WriteEntry.objects.count()) == rows
    assert now(order).state == "received" and not OrderFile.objects.exists()


# --- what is kept ---------------------------------------------------------------------------------------------------------------
def test_evidence_is_kept_encrypted_and_a_picture_is_drawn_anew(office: Orders) -> None:
    picture = qr_png("evidence")
    order = office.received()
    files = [Evidence("现场.png", "image/png", picture), Evidence("名单.xlsx", "application/octet-stream", b"PK\x03\x04 table")]
    office.step(order, "answer", "supervisor", done="已补检", evidence=files)
    kept = list(OrderFile.objects.filter(order=order))
    assert {one.file_name for one in kept} == {"现场.png", "名单.xlsx"}
    assert {one.position for one in kept} == {5}
    assert reads.walked(now(order))[-1].files == 2


def test_the_same_file_twice_and_one_that_is_too_large_are_refused(office: Orders) -> None:
    table = Evidence("表.xlsx", "application/octet-stream", b"PK\x03\x04 table")
    order = office.received()
    with pytest.raises(StepRefused, match="“表.xlsx”已经传过"):
        office.step(order, "answer", "supervisor", done="办了", evidence=[table, table])
    large = Evidence("大.xlsx", "application/octet-stream", b"PK" + b"0" * MOST_BYTES)
    with pytest.raises(StepRefused, match="“大.xlsx”超过 10 MB"):
        office.step(order, "answer", "supervisor", done="办了", evidence=[large])


def test_the_step_log_is_written_once(office: Orders) -> None:
    row = ProcedureStep.objects.filter(subject_id=office.draft().pk).get()
    row.by_name = "别人"
    with pytest.raises(WrittenOnce):
        row.save()
    with pytest.raises(WrittenOnce):
        row.delete()
    with pytest.raises(WrittenOnce):
        ProcedureStep.objects.filter(pk=row.pk).update(step="close")


def test_a_figure_is_cited_while_its_words_stand_and_no_longer(office: Orders) -> None:
    cited = {
        "indicator": "R05", "part": "missing", "division": "999981101000", "division_id": office.city.divisions["龙洞镇"].pk,
        "period": "2022-01..2022-10", "text": "11", "words": DRAFT["basis"], "known_on": "2022-11-20",
    }  # fmt: skip
    order = office.step(office.draft(rests_on=Basis("figure", cited)), "submit", "clerk")
    figure = PaperFigure.objects.get(paper_id=order.paper_id)
    assert (figure.indicator, figure.text, figure.known_on) == ("R05", "11", date(2022, 11, 20))
    other = orders.draft(
        values=DRAFT | {"basis": "缺检较多。"},
        unit_ids=[order.unit_id],
        due_on=DUE,
        by=office.city.actor("clerk"),
        basis=Basis("figure", cited),
        at=at(TODAY),
    )[0]
    assert (other.basis_kind, other.cited) == ("note", {})


def test_drafts_are_known_to_their_office_alone(office: Orders) -> None:
    draft, sent = office.draft(), office.issued()
    ledger = registry.get("supervision_orders")
    for who, seen in (
        ("clerk", {draft.pk, sent.pk}),
        ("leader", {draft.pk, sent.pk}),
        ("supervisor", {sent.pk}),
        ("town_leader", {sent.pk}),
        ("auditor", {sent.pk}),
        ("stranger", set()),
        ("liaison", set()),
        ("officer", set()),
        ("doctor", set()),
    ):
        actor = office.city.actor(who)
        # The auditor of the cast belongs to the office and gives no orders.
        assert set(reads.orders(actor, TODAY).values_list("pk", flat=True)) == seen, who
        assert set(ledger_queries.rows(ledger, actor, TODAY).values_list("pk", flat=True)) <= {sent.pk}


def test_the_notice_moves_with_its_order_and_by_no_other_way(office: Orders) -> None:
    order = office.step(office.draft(), "submit", "clerk")
    paper = Paper.objects.get(pk=order.paper_id)
    leader, clerk = office.city.actor("leader"), office.city.actor("clerk")
    for act in (
        lambda: papers.sign(paper=paper, by=leader),
        lambda: papers.send_back(paper=paper, reason="改", by=leader),
        lambda: papers.void(paper=paper, reason="废", by=clerk),
    ):
        with pytest.raises(NotAllowed, match="随“督办单”办理"):
            act()
    office.step(order, "issue", "leader")
    paper.refresh_from_db()
    with pytest.raises(NotAllowed, match="随“督办单”办理"):
        paper_service.receive(delivery=paper.deliveries.get(), by=office.city.actor("supervisor"))


def test_the_word_of_orders_is_not_taken_for_that_of_other_papers(office: Orders) -> None:
    office.issued()
    assert paper_reads.usual_base(office.city.units["office"]) == "云禁毒办"


def test_nobody_writes_orders_through_the_ledger(office: Orders) -> None:
    ledger = registry.get("supervision_orders")
    with pytest.raises(StepRefused, match="请到“督办”页面"):
        ledger.create(drafts=[], writing=office.city.writing("clerk"))
    assert not ledger.importable


def test_the_history_of_an_order_tells_what_changed_at_each_step(office: Orders) -> None:
    order = office.answered()
    changed = RowChange.objects.filter(row_id=order.pk)
    assert changed.count() == 5


# --- whose turn ------------------------------------------------------------------------------------------------------------------
def turn(office: Orders, who: str, on: date = TODAY) -> list[str]:
    return [one.step.code for one in reads.turns(office.city.actor(who), on)]


def test_the_turn_goes_round_with_the_order(office: Orders) -> None:
    order = office.draft()
    assert (turn(office, "clerk"), turn(office, "leader")) == (["submit"], [])
    order = office.step(order, "submit", "clerk")
    assert (turn(office, "clerk"), turn(office, "leader")) == ([], ["issue"])
    order = office.step(order, "issue", "leader")
    assert (turn(office, "supervisor"), turn(office, "clerk"), turn(office, "town_leader")) == (["receive"], [], [])
    order = office.step(order, "receive", "supervisor")
    assert turn(office, "supervisor") == ["answer"]
    assert turn(office, "clerk", DUE + timedelta(days=1)) == ["escalate"]
    order = office.step(order, "answer", "supervisor", done="办了")
    assert (turn(office, "clerk"), turn(office, "leader"), turn(office, "supervisor")) == (["close"], [], [])
    office.step(order, "close", "clerk", finding="属实")
    assert turn(office, "clerk") == [] and turn(office, "supervisor") == []
