"""Joint inspections: the draw anybody makes again, the checklist, four signatures, the row they make, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.fonts import font_files
from qingyuan.documents.qr import qr_png
from qingyuan.foundation import draws
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import inspections as actions
from qingyuan.governance.actions import orders
from qingyuan.governance.actions.inspections import NotAllowed, StepRefused
from qingyuan.governance.enums import Answer, BasisKind, Department, VisitState
from qingyuan.governance.models import InspectionMark, InspectionPhoto, InspectionPresence, InspectionVisit
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries import order_basis
from qingyuan.governance.rules import inspections as rules
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.entering import draft_of_change
from qingyuan.ledgers.models import FactRow
from qingyuan.rehabilitation import drawing
from qingyuan.rehabilitation.models import Inspection
from tests.cast import TODAY, City
from tests.governance.inspections import Inspecting, at
from tests.governance.orders import Orders

FAILED = {("F03", 1): "协议没有写明违约后果", ("F03", 2): "协议缺签字日期", ("S04", 0): "档案柜没有上锁"}
KINDS = st.dictionaries(st.sampled_from(["CD", "CR", "X"]), st.lists(st.uuids(), max_size=14, unique=True), max_size=3)


@pytest.fixture
def here(city: City) -> Inspecting:
    return Inspecting.of(city)


def _lots(kinds: dict[str, Any]) -> dict[str, list[str]]:
    return {kind: [draws.lot_of("round", f"{kind}{one}") for one in ids] for kind, ids in kinds.items()}


# --- pure --------------------------------------------------------------------------------------------------------------------
@given(KINDS)
def test_strata_hold_every_file_once_and_none_tells_how_few_there_are(kinds: dict[str, Any]) -> None:
    lots = _lots(kinds)
    strata = rules.strata_of(lots, by_kind=True)
    whole = sorted(lot for some in lots.values() for lot in some)
    assert sorted(lot for some in strata.values() for lot in some) == whole
    if len(whole) >= rules.SMALLEST:
        assert all(len(some) >= rules.SMALLEST for some in strata.values())
    assert rules.strata_of(lots, by_kind=False) == ({"*": whole} if whole else {})


@given(st.lists(KINDS, min_size=1, max_size=5), st.integers(1, 5), st.integers(1, 40), st.text("0123456789abcdef", min_size=16, max_size=64))
def test_a_round_draws_as_many_as_it_said_and_anybody_draws_it_again(towns: list[Any], want: int, files: int, seed: str) -> None:
    frame, short = rules.frame_of({f"t{n}": _lots(kinds) for n, kinds in enumerate(towns)}, by_kind=True)
    assert all(rules.size_of(strata) >= rules.SMALLEST for strata in frame.values())
    assert len(frame) + len(short) == len(towns)
    want = min(want, len(frame))
    if not want:
        return
    files = max(files, want)
    drawn = rules.draw_round(seed, frame, towns=want, files=files)
    there = sum(rules.size_of(frame[code]) for code in drawn)
    assert sum(rules.size_of(strata) for strata in drawn.values()) == min(files, there)
    assert all(rules.size_of(strata) >= 1 for strata in drawn.values())
    assert all(set(drawn[code][name]) <= set(frame[code][name]) for code in drawn for name in drawn[code])
    shuffled = {code: {name: list(reversed(lots)) for name, lots in reversed(strata.items())} for code, strata in reversed(frame.items())}
    assert rules.draw_round(seed, shuffled, towns=want, files=files) == drawn
    assert rules.frame_hash(shuffled) == rules.frame_hash(frame)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, VisitState.DRAWN),
        ({"here": True}, VisitState.LOOKING),
        ({"here": True, "full": True}, VisitState.SIGNING),
        ({"here": True, "full": True, "final": True, "failed": 0}, VisitState.CLEAN),
        ({"final": True, "failed": 2}, VisitState.TO_ORDER),
        ({"final": True, "failed": 2, "ordered": True}, VisitState.MENDING),
        ({"final": True, "failed": 2, "ordered": True, "passed": False}, VisitState.AGAIN),
        ({"final": True, "failed": 2, "passed": True}, VisitState.MENDED),
    ],
)
def test_the_state_of_a_visit_is_told_from_what_happened(facts: dict[str, Any], state: VisitState) -> None:
    nothing: dict[str, Any] = {"here": False, "full": False, "final": False, "failed": 0, "ordered": False, "passed": None}
    assert rules.state_of(**nothing | facts) is state


@pytest.mark.parametrize(
    ("answer", "finding", "wrong"),
    [("no", "", "finding"), ("no", " ", "finding"), ("maybe", "", "answer"), ("no", "联系 13800138000", "finding"), ("yes", "字" * 501, "finding")],
)
def test_a_finding_says_what_is_wrong_and_holds_nobodys_number(answer: str, finding: str, wrong: str) -> None:
    with pytest.raises(StepRefused) as refused:
        rules.check_finding(answer, finding)
    assert refused.value.field == wrong


# --- the plan and its draw ---------------------------------------------------------------------------------------------------
def test_the_hash_stands_before_the_list_and_the_list_before_the_seed(here: Inspecting) -> None:
    made = here.planned()
    clerk = here.actor("clerk")
    assert draws.opens(made.seed_hash, made.seed) and reads.sheet(made)["seed"] == "" and made.frozen_at is None
    with pytest.raises(StepRefused, match="先锁定名单"):
        actions.reveal(round_id=made.pk, by=clerk, at=at(TODAY))
    made = actions.freeze(round_id=made.pk, by=clerk, at=at(TODAY))
    assert set(made.frame) == {"999981101"} or list(made.frame)[0].startswith("999981101")
    assert reads.sheet(made)["frame"] == {}
    with pytest.raises(StepRefused, match="已经锁定"):
        actions.freeze(round_id=made.pk, by=clerk, at=at(TODAY))
    made = actions.reveal(round_id=made.pk, by=clerk, at=at(TODAY))
    sheet = reads.sheet(made)
    assert rules.frame_hash(sheet["frame"]) == sheet["list_hash"]
    assert rules.draw_round(sheet["seed"], sheet["frame"], towns=sheet["towns"], files=sheet["files"]) == sheet["drawn"]
    assert sum(rules.size_of(strata) for strata in made.drawn.values()) == 4
    assert len(InspectionVisit.objects.get().files) == 4
    with pytest.raises(StepRefused, match="已经公布"):
        actions.reveal(round_id=made.pk, by=clerk, at=at(TODAY))
    acts = list(WriteEntry.objects.filter(ledger="inspection-rounds").order_by("at").values_list("act", flat=True))
    assert acts == ["inspection-rounds.plan", "inspection-rounds.freeze", "inspection-rounds.reveal"]


def test_a_kind_with_two_files_is_drawn_together_with_the_others(here: Inspecting) -> None:
    """Nine files, two of them rehabilitation: no list tells that they are two."""
    [(_code, strata)] = here.revealed().frame.items()
    assert {name: len(lots) for name, lots in strata.items()} == {"*": 9}


def test_the_seed_is_not_shown_before_the_first_day(here: Inspecting) -> None:
    made = here.planned(starts_on=TODAY + timedelta(days=1))
    actions.freeze(round_id=made.pk, by=here.actor("clerk"), at=at(TODAY))
    with pytest.raises(StepRefused, match="才能公布"):
        actions.reveal(round_id=made.pk, by=here.actor("clerk"), at=at(TODAY))


def test_towns_with_fewer_than_five_files_are_not_drawn_from(city: City) -> None:
    here = Inspecting.of(city, files=4)
    made = here.planned()
    with pytest.raises(StepRefused, match="不够抽"):
        actions.freeze(round_id=made.pk, by=here.actor("clerk"), at=at(TODAY))


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=200)}, "ends_on"),
        ({"towns": 0}, "towns"),
        ({"files": 0}, "files"),
        ({"title": " "}, "title"),
        ({"units": {}}, "police"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(here: Inspecting, changes: dict[str, Any], wrong: str) -> None:
    with pytest.raises(StepRefused) as refused:
        here.planned(**changes)
    assert refused.value.field == wrong
    assert not WriteEntry.objects.filter(ledger="inspection-rounds").exists()


@pytest.mark.parametrize("who", ["supervisor", "leader", "officer", "liaison", "police", "auditor", "doctor"])
def test_nobody_but_the_office_plans_and_draws(here: Inspecting, who: str) -> None:
    made = here.planned()
    for act in (
        lambda: actions.plan(plan=here.plan(), by=here.actor(who), at=at(TODAY)),
        lambda: actions.freeze(round_id=made.pk, by=here.actor(who), at=at(TODAY)),
        lambda: actions.reveal(round_id=made.pk, by=here.actor(who), at=at(TODAY)),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- at the station ----------------------------------------------------------------------------------------------------------
def test_what_four_departments_signed_becomes_the_row_of_the_ledger(here: Inspecting) -> None:
    visit = here.final(FAILED)
    row = Inspection.objects.get(visit_id=visit.pk)
    assert (row.pk, row.division_id, row.inspected_on) == (visit.row_id, visit.division_id, TODAY)
    items = reads.items_of(visit.round)
    wanted = sum(1 if one.part == "station" else 4 for one in items)
    assert (row.files_drawn, row.items_checked, row.items_failed) == (4, wanted, 3)
    assert row.police and row.politics_law and row.justice and row.civil_affairs
    assert "协议已签订并写明措施和违约后果:不符合(2份)" in row.problems and row.mend_by == TODAY + timedelta(days=15)
    [fact] = FactRow.objects.filter(fact="inspections", superseded_at=None)
    assert (fact.data["items_failed"], fact.data["files_drawn"]) == (3, 4)
    assert reads.visited([visit])[0].state is VisitState.TO_ORDER


def test_a_file_that_holds_everything_leaves_nothing_to_mend(here: Inspecting) -> None:
    visit = here.final()
    row = Inspection.objects.get(visit_id=visit.pk)
    assert (row.items_failed, row.problems, row.mend_by) == (0, "", None)
    assert reads.visited([visit])[0].state is VisitState.CLEAN
    with pytest.raises(StepRefused, match="不用复查"):
        actions.recheck(visit_id=visit.pk, mended={}, by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="不用督办"):
        order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk)


def test_findings_are_not_final_before_the_fourth_department_signs(here: Inspecting) -> None:
    visit = here.marked(FAILED)
    with pytest.raises(StepRefused) as refused:
        actions.sign(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))
    assert refused.value.field == "mend_by"
    for department in (Department.POLICE, Department.JUSTICE, Department.CIVIL_AFFAIRS):
        visit = actions.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=9), by=here.actor(department.value), at=at(TODAY))
    assert visit.final_at is None and not Inspection.objects.exists()
    with pytest.raises(StepRefused, match="已由段警官签字"):
        actions.sign(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="先退回签字"):
        actions.mark(visit_id=visit.pk, item="S01", lot="", answer="no", finding="没有会议记录", by=here.actor("justice"), at=at(TODAY))
    visit = actions.reopen(visit_id=visit.pk, reason="漏看了会议记录", by=here.actor("politics_law"), at=at(TODAY))
    assert not InspectionPresence.objects.filter(signed_at__isnull=False).exists() and visit.mend_by is None
    actions.mark(visit_id=visit.pk, item="S01", lot="", answer="no", finding="没有会议记录", by=here.actor("justice"), at=at(TODAY))
    for department in Department:
        visit = actions.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=9), by=here.actor(department.value), at=at(TODAY))
    assert visit.final_at is not None and Inspection.objects.get().items_failed == 4
    for late in (lambda: actions.reopen(visit_id=visit.pk, reason="再看", by=here.actor("police"), at=at(TODAY)),
                 lambda: actions.sign(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY)),
                 lambda: actions.sign_in(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))):  # fmt: skip
        with pytest.raises(StepRefused):
            late()


def test_an_unfinished_checklist_cannot_be_signed_nor_signed_by_who_was_not_there(here: Inspecting) -> None:
    visit = here.visit()
    with pytest.raises(StepRefused, match="没有签到"):
        actions.sign(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="请先签到"):
        actions.mark(visit_id=visit.pk, item="S01", lot="", answer="yes", by=here.actor("police"), at=at(TODAY))
    here.arrived(visit)
    with pytest.raises(StepRefused, match="没有结论"):
        actions.sign(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="已经签到"):
        actions.sign_in(visit_id=visit.pk, by=here.actor("police"), at=at(TODAY))


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "stranger", "officer", "liaison", "auditor"])
def test_nobody_outside_the_four_departments_marks_or_signs(here: Inspecting, who: str) -> None:
    visit = here.arrived()
    for act in (
        lambda: actions.sign_in(visit_id=visit.pk, by=here.actor(who), at=at(TODAY)),
        lambda: actions.mark(visit_id=visit.pk, item="S01", lot="", answer="yes", by=here.actor(who), at=at(TODAY)),
        lambda: actions.keep_photo(visit_id=visit.pk, item="S01", lot="", data=b"", media_type="image/png", by=here.actor(who)),
        lambda: actions.sign(visit_id=visit.pk, by=here.actor(who), at=at(TODAY)),
        lambda: actions.reopen(visit_id=visit.pk, reason="x", by=here.actor(who), at=at(TODAY)),
        lambda: actions.recheck(visit_id=visit.pk, mended={}, by=here.actor(who), at=at(TODAY)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not InspectionMark.objects.exists()


def test_two_who_answer_the_same_item_do_not_write_over_each_other(here: Inspecting) -> None:
    visit = here.arrived()
    actions.mark(visit_id=visit.pk, item="S01", lot="", answer="yes", was="", by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="段警官刚把这一项记为“符合”"):
        actions.mark(visit_id=visit.pk, item="S01", lot="", answer="no", finding="没有名单", was="", by=here.actor("justice"), at=at(TODAY))
    actions.mark(visit_id=visit.pk, item="S01", lot="", answer="no", finding="没有名单", was="yes", by=here.actor("justice"), at=at(TODAY))
    kept = InspectionMark.objects.get()
    assert (kept.answer, kept.by_department, kept.finding) == ("no", "justice", "没有名单")
    raw = InspectionMark.objects.extra(select={"raw": "finding"}).values_list("raw", flat=True)[0]
    assert "名单" not in raw


@pytest.mark.parametrize(("item", "lot"), [("S99", ""), ("F01", ""), ("S01", "x"), ("F01", "0" * 64)])
def test_an_item_or_file_that_is_not_on_the_list_is_refused(here: Inspecting, item: str, lot: str) -> None:
    visit = here.arrived()
    with pytest.raises(StepRefused, match="不在本次检查单上"):
        actions.mark(visit_id=visit.pk, item=item, lot=lot, answer="yes", by=here.actor("police"), at=at(TODAY))


def test_a_photo_is_kept_once_and_encrypted(here: Inspecting) -> None:
    visit = here.arrived()
    picture = qr_png("cabinet")
    kept = actions.keep_photo(visit_id=visit.pk, item="S04", lot="", data=picture, media_type="image/png", by=here.actor("police"), at=at(TODAY))
    raw = InspectionPhoto.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)[0]
    assert kept.content and kept.content not in raw
    for data, media, why in ((picture, "image/png", "已经传过"), (b"%PDF", "application/pdf", "JPG 或 PNG"), (b"no picture", "image/png", "打开")):
        with pytest.raises(StepRefused, match=why):
            actions.keep_photo(visit_id=visit.pk, item="S04", lot="", data=data, media_type=media, by=here.actor("police"), at=at(TODAY))


# --- afterwards --------------------------------------------------------------------------------------------------------------
def test_the_town_cannot_change_or_void_what_was_signed(here: Inspecting) -> None:
    visit = here.final(FAILED)
    ledger, writing = registry.get("inspections"), here.city.writing("supervisor", "改数")
    row = Inspection.objects.get(pk=visit.row_id)
    draft = draft_of_change(ledger, row, {"items_failed": "0", "problems": "", "mend_by": ""}, writing)
    assert any("四个部门已经签字" in problem.message for problem in draft.problems)
    with pytest.raises(ValueError, match="不能作废"):
        ledger.void(rows=[row], writing=writing)


def _verdicts(visit: InspectionVisit, *, but: str = "") -> dict[tuple[str, str], tuple[bool, str]]:
    failed = InspectionMark.objects.filter(visit=visit, answer=Answer.NO)
    return {(one.item, one.lot): (one.item != but, "还没有锁" if one.item == but else "") for one in failed}


def _draft_of(here: Inspecting, visit: InspectionVisit, start: order_basis.Start) -> Any:
    return orders.draft(
        values=dict(start.values) | {"contact": "周文"}, unit_ids=list(start.unit_ids), due_on=visit.mend_by, by=here.actor("clerk"),
        basis=orders.Basis(start.kind, start.cited), at=at(TODAY),
    )  # fmt: skip


def test_findings_are_ordered_once_and_the_second_is_told_of_the_first(here: Inspecting) -> None:
    visit = here.final(FAILED)
    start = order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk)
    [first] = _draft_of(here, visit, start)
    with pytest.raises(StepRefused, match="周文于 2022-11-23 起草督办单.未发.,给龙洞镇人民政府,现在是“起草中”"):
        _draft_of(here, visit, start)
    with pytest.raises(StepRefused, match="请办那一份"):
        order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk)
    Orders(here.city).step(first, "discard", "clerk", reason="写错了")
    [second] = _draft_of(here, visit, order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk))
    assert second.pk != first.pk and order_basis.standing_about(str(visit.pk)) == second


def test_findings_become_an_order_that_closes_only_after_a_recheck(here: Inspecting) -> None:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    visit = here.final(FAILED)
    start = order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk)
    assert start.kind == BasisKind.INSPECTION and start.unit_ids == (visit.unit_id,)
    assert "不符合3项" in start.values["basis"] and "档案柜没有上锁" in start.values["asked"]
    office = Orders(here.city)
    [order] = orders.draft(
        values=dict(start.values) | {"contact": "周文"}, unit_ids=list(start.unit_ids), due_on=visit.mend_by, by=here.actor("clerk"),
        basis=orders.Basis(start.kind, start.cited), at=at(TODAY),
    )  # fmt: skip
    assert reads.visited([visit])[0].state is VisitState.TO_ORDER
    for step, who in (("submit", "clerk"), ("issue", "leader"), ("receive", "supervisor")):
        order = office.step(order, step, who)
    assert reads.visited([visit])[0].state is VisitState.MENDING
    order = office.step(order, "answer", "supervisor", done="柜子已经上锁,协议已经补齐。")
    with pytest.raises(StepRefused, match="复查合格才能办结"):
        office.step(order, "close", "clerk", finding="看过")
    actions.recheck(visit_id=visit.pk, mended=_verdicts(visit, but="S04"), by=here.actor("civil_affairs"), at=at(TODAY))
    visit.refresh_from_db()
    assert reads.visited([visit])[0].state is VisitState.AGAIN
    with pytest.raises(StepRefused, match="复查合格才能办结"):
        office.step(order, "close", "clerk", finding="看过")
    actions.recheck(visit_id=visit.pk, mended=_verdicts(visit), by=here.actor("police"), at=at(TODAY))
    order = office.step(order, "close", "clerk", finding="复查合格")
    visit.refresh_from_db()
    assert (order.state, reads.visited([visit])[0].state) == ("closed", VisitState.MENDED)
    row = Inspection.objects.get(pk=visit.row_id)
    assert (row.rechecked_on, row.recheck_passed) == (TODAY, True)
    [fact] = FactRow.objects.filter(fact="inspections", superseded_at=None)
    assert fact.data["recheck_passed"] is True
    with pytest.raises(StepRefused, match="已经复查合格"):
        actions.recheck(visit_id=visit.pk, mended=_verdicts(visit), by=here.actor("police"), at=at(TODAY))


def test_a_recheck_says_something_about_every_item(here: Inspecting) -> None:
    visit = here.final(FAILED)
    verdicts = _verdicts(visit)
    verdicts.pop(("S04", ""))
    with pytest.raises(StepRefused, match="每一项"):
        actions.recheck(visit_id=visit.pk, mended=verdicts, by=here.actor("police"), at=at(TODAY))
    with pytest.raises(StepRefused, match="还差什么"):
        actions.recheck(visit_id=visit.pk, mended=verdicts | {("S04", ""): (False, "")}, by=here.actor("police"), at=at(TODAY))
    assert Inspection.objects.get().rechecked_on is None and not InspectionMark.objects.filter(mended__isnull=False).exists()


# --- who sees ----------------------------------------------------------------------------------------------------------------
def test_a_visit_is_seen_by_its_town_its_departments_and_the_office(here: Inspecting) -> None:
    visit = here.visit()
    seen = {who for who in here.city.accounts if reads.visits_visible(here.actor(who), TODAY).filter(pk=visit.pk).exists()}
    four = {department.value for department in Department}
    assert seen == {"supervisor", "caseworker", "town_leader", "clerk", "leader", "auditor"} | four
    rounds = {who for who in here.city.accounts if reads.rounds_visible(here.actor(who), TODAY).exists()}
    assert rounds == {"clerk", "leader", "auditor"} | four


def test_no_department_finds_a_name_by_the_files_it_inspects(here: Inspecting) -> None:
    visit = here.visit()
    by_reader = {who: drawing.own_files(visit.round_id, visit.files, here.actor(who), TODAY) for who in here.city.accounts}
    assert set(by_reader["supervisor"]) == set(visit.files)
    assert {who for who, found in by_reader.items() if found} == {"supervisor"}
    measures = registry.get("measures")
    assert not any(queries.rows(measures, here.actor(one.value), TODAY).exists() for one in Department)
