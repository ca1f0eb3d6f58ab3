"""A return from the empty draft to the locked sheet, its correction, and the facts it publishes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.foundation import audit, clock
from qingyuan.governance.actions import returns
from qingyuan.governance.actions.returns_archive import PaperReturn, archive
from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.models import Return, ReturnStep
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed, returns_visible
from qingyuan.governance.queries import returns as reads
from qingyuan.governance.rules.returns import MoveRefused
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import RoleGrant, Unit
from qingyuan.reference.periods import Period
from tests.cast import TODAY
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db

OCTOBER = Period.parse("2022-10")
TOWN_CELLS = {"events": "4", "school_events": "1", "leaflets": 300, "workers": 2, "surveys": 0}
POLICE_CELLS = {"detained": 3, "handled": 5, "relapsed": 2, "suspects": 1}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.ZONE)


def due(desk: Desk, form: str, unit: str) -> Return:
    returns.generate_due(city=desk.city.divisions["云岭市"], month=OCTOBER, by=desk.actor("clerk"))
    return Return.objects.get(form=form, unit__code=unit)


def locked(desk: Desk, filed: Return, cells: dict[str, Any], who: str, day: date = date(2022, 11, 4)) -> Return:
    filed = returns.save_draft(filed=filed, cells=cells, by=desk.actor(who), at=at(day))
    filed = returns.submit(filed=filed, reviewer_name="韩队", by=desk.actor(who), at=at(day))
    while filed.state == ReturnState.SUBMITTED:
        filed = returns.approve(filed=filed, by=desk.actor("clerk"))
    return returns.lock(filed=filed, by=desk.actor("clerk"))


def facts(name: str) -> dict[str, Any]:
    return {row.data.get("cell") or row.data["form"]: row.data for row in FactRow.objects.filter(fact=name, superseded_at=None)}


def test_each_unit_that_must_file_gets_a_draft_with_its_day_and_a_second_run_adds_none(desk: Desk) -> None:
    city, clerk = desk.city.divisions["云岭市"], desk.actor("clerk")
    made = returns.generate_due(city=city, month=OCTOBER, by=clerk)
    assert sorted((row.form, row.unit.code) for row in made) == [
        ("GA-JD-01", "police"), ("JC-01", "procuratorate"), ("XZ-01", "longdong"), ("XZ-01", "shiqiao"),
    ]  # fmt: skip
    assert {row.due_on for row in made} == {date(2022, 11, 7)}
    assert returns.generate_due(city=city, month=OCTOBER, by=clerk) == []
    assert FactRow.objects.filter(fact="return_dues").count() == 4
    assert reads.late(clerk, TODAY).count() == 4


def test_of_one_division_only_the_preferred_kind_of_unit_files(desk: Desk) -> None:
    place = desk.city.divisions["云岭市"]
    Unit.objects.create(code="bureau", name="市公安局", kind="police", division=place, zone="police")
    made = returns.generate_due(city=place, month=OCTOBER, by=desk.actor("clerk"))
    assert [row.unit.code for row in made if row.form == "GA-JD-01"] == ["police"]


def test_the_way_up_is_the_town_leader_then_the_office_and_each_step_is_written_down(desk: Desk) -> None:
    filed = due(desk, "XZ-01", "longdong")
    filed = returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor("supervisor"))
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=desk.actor("supervisor"))
    assert reads.standing(desk.actor("town_leader"), filed, TODAY).moves == (Move.SEND_BACK, Move.APPROVE)
    assert reads.waiting_for(desk.actor("town_leader"), TODAY) == [filed]
    assert reads.standing(desk.actor("stranger"), filed, TODAY).moves == ()
    filed = returns.approve(filed=filed, by=desk.actor("town_leader"))
    assert filed.state == ReturnState.SUBMITTED
    assert reads.standing(desk.actor("clerk"), filed, TODAY).waits_for == "禁毒办"
    with pytest.raises(NotAllowed):
        returns.approve(filed=filed, by=desk.actor("town_leader"))
    filed = returns.approve(filed=filed, by=desk.actor("clerk"))
    assert filed.state == ReturnState.APPROVED
    filed = returns.lock(filed=filed, by=desk.actor("clerk"))
    steps = ReturnStep.objects.filter(filed=filed).values_list("step", "by_name")
    assert list(steps) == [
        ("save", "吴主任"), ("submit", "吴主任"), ("approve", "罗镇长"), ("approve", "周文"), ("lock", "周文"),
    ]  # fmt: skip
    acts = {item.act for item in audit.history(filed.pk, reader_may_see_personal=False)}
    assert acts == {"returns.save", "returns.submit", "returns.approve", "returns.lock"}


def test_a_superior_unit_stands_between_the_filer_and_the_office(desk: Desk) -> None:
    county = Unit.objects.create(
        code="bureau", name="州公安局", kind="police", division=desk.city.divisions["云岭市"], zone="police"
    )
    Unit.objects.filter(code="police").update(superior=county)
    levels = reads.levels_of(Unit.objects.get(code="police"), reads.get_form("GA-JD-01"))
    assert [level.title for level in levels] == ["州公安局", "禁毒办"]


def test_who_fills_in_does_not_review_even_with_both_roles(desk: Desk) -> None:
    town = desk.city.divisions["龙洞镇"]
    RoleGrant.objects.create(
        account=desk.city.accounts["supervisor"],
        role=Role.TOWN_LEADER,
        division=town,
        start=date(2015, 1, 1),
        granted_by="set-up",
    )
    filed = due(desk, "XZ-01", "longdong")
    filed = returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor("supervisor"))
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=desk.actor("supervisor"))
    with pytest.raises(NotAllowed, match="填报人不能审核"):
        returns.approve(filed=filed, by=desk.actor("supervisor"))


def test_the_office_reviews_and_never_fills_in_for_a_town(desk: Desk) -> None:
    filed = due(desk, "XZ-01", "longdong")
    with pytest.raises(NotAllowed):
        returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor("clerk"))


def test_sending_back_needs_a_reason_and_the_unit_can_mend_and_file_again_in_time(desk: Desk) -> None:
    filed = due(desk, "GA-JD-01", "police")
    filed = returns.save_draft(filed=filed, cells=POLICE_CELLS, by=desk.actor("officer"), at=at(date(2022, 11, 4)))
    filed = returns.submit(filed=filed, reviewer_name="韩队", by=desk.actor("officer"), at=at(date(2022, 11, 4)))
    with pytest.raises(MoveRefused, match="理由"):
        returns.send_back(filed=filed, reason=" ", by=desk.actor("clerk"))
    filed = returns.send_back(filed=filed, reason="复吸人数与上月口径不一致", by=desk.actor("clerk"))
    assert (filed.state, filed.steps.last().reason) == (ReturnState.SENT_BACK, "复吸人数与上月口径不一致")
    with pytest.raises(MoveRefused):
        returns.submit(filed=filed, reviewer_name="韩队", by=desk.actor("officer"))
    filed = locked(desk, filed, POLICE_CELLS, "officer", day=date(2022, 11, 15))
    assert filed.on_time is True
    assert facts("return_dues")["GA-JD-01"]["submitted_on"] == "2022-11-04"


def test_empty_or_contradicting_cells_are_not_filed(desk: Desk) -> None:
    filed = due(desk, "GA-JD-01", "police")
    with pytest.raises(returns.CellsWrong, match="没有填"):
        returns.submit(filed=filed, reviewer_name="韩队", by=desk.actor("officer"))
    with pytest.raises(returns.CellsWrong, match="要填数字"):
        returns.save_draft(filed=filed, cells={"handled": "五"}, by=desk.actor("officer"))
    filed = returns.save_draft(filed=filed, cells={**POLICE_CELLS, "relapsed": 9}, by=desk.actor("officer"))
    with pytest.raises(returns.CellsWrong, match="复吸人员"):
        returns.submit(filed=filed, reviewer_name="韩队", by=desk.actor("officer"))


def test_a_locked_return_publishes_one_fact_per_cell_and_cannot_be_changed(desk: Desk) -> None:
    filed = locked(desk, due(desk, "GA-JD-01", "police"), POLICE_CELLS, "officer")
    assert {cell: data["value"] for cell, data in facts("returns").items()} == {
        "detained": "3", "handled": "5", "relapsed": "2", "suspects": "1",
    }  # fmt: skip
    assert facts("returns")["detained"] == {
        "form": "GA-JD-01", "cell": "detained", "value": "3", "state": "locked", "on_time": True,
    }  # fmt: skip
    assert OutboxEntry.objects.filter(fact="returns", partition="2022-10").exists()
    filed.cells = {"detained": "0"}
    for change in (
        filed.save,
        filed.delete,
        lambda: Return.objects.filter(pk=filed.pk).update(cells={}),
        lambda: Return.objects.filter(pk=filed.pk).delete(),
        lambda: ReturnStep.objects.filter(filed=filed).update(reason="x"),
    ):
        with pytest.raises(WrittenOnce):
            change()
    filed.refresh_from_db()
    with pytest.raises(MoveRefused):
        returns.save_draft(filed=filed, cells=POLICE_CELLS, by=desk.actor("officer"))


def test_a_correction_is_a_new_version_and_the_old_counts_until_it_is_locked(desk: Desk) -> None:
    old = locked(desk, due(desk, "GA-JD-01", "police"), POLICE_CELLS, "officer")
    with pytest.raises(MoveRefused, match="理由"):
        returns.correct(filed=old, reason="", by=desk.actor("officer"))
    fresh = returns.correct(filed=old, reason="漏报一人", by=desk.actor("officer"))
    with pytest.raises(MoveRefused, match="更正在办"):
        returns.correct(filed=old, reason="再更正", by=desk.actor("officer"))
    assert (fresh.version, fresh.state, facts("returns")["handled"]["value"]) == (2, ReturnState.DRAFT, "5")
    locked(desk, fresh, {**POLICE_CELLS, "handled": 6}, "officer")
    old.refresh_from_db()
    assert (old.state, old.cells["handled"], facts("returns")["handled"]["value"]) == (ReturnState.LOCKED, "5", "6")
    assert FactRow.objects.filter(fact="returns", superseded_at=None).count() == 4
    assert facts("return_dues")["GA-JD-01"]["on_time"] is True


def test_a_number_leads_to_the_signed_return_or_to_whose_it_is(desk: Desk) -> None:
    filed = locked(desk, due(desk, "GA-JD-01", "police"), POLICE_CELLS, "officer")
    row = FactRow.objects.get(fact="returns", superseded_at=None, data__cell="handled")
    assert reads.behind(desk.actor("officer"), TODAY, [row.row_id]) == ([filed], [])
    mine, others = reads.behind(desk.actor("stranger"), TODAY, [row.row_id])
    assert (mine, [item.unit_name for item in others]) == ([], ["市公安局禁毒大队"])


def test_a_town_sees_no_return_of_another_and_an_auditor_files_nothing(desk: Desk) -> None:
    filed = due(desk, "XZ-01", "longdong")
    assert filed not in returns_visible(desk.actor("stranger"), TODAY)
    assert filed in returns_visible(desk.actor("auditor"), TODAY)
    for who in ("stranger", "auditor", "doctor", "officer"):
        with pytest.raises(NotAllowed):
            returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor(who))
    with pytest.raises(NotAllowed):
        returns.generate_due(city=desk.city.divisions["云岭市"], month=OCTOBER, by=desk.actor("supervisor"))


def test_a_return_someone_else_moved_on_is_not_overwritten(desk: Desk) -> None:
    filed = due(desk, "GA-JD-01", "police")
    stale = Return.objects.get(pk=filed.pk)
    returns.save_draft(filed=filed, cells=POLICE_CELLS, by=desk.actor("officer"))
    with pytest.raises(returns.ReturnMoved):
        returns.save_draft(filed=stale, cells={}, by=desk.actor("officer"))


def test_paper_returns_of_past_years_come_in_locked_once(desk: Desk) -> None:
    paper = PaperReturn(
        "GA-JD-01", desk.city.units["police"], Period.parse("2020-03"), POLICE_CELLS, "韩警官", "韩队",
        date(2020, 4, 8), date(2020, 4, 10),
    )  # fmt: skip
    city, clerk = desk.city.divisions["云岭市"], desk.actor("clerk")
    made = archive(papers=[paper], city=city, by=clerk)
    assert [(row.state, row.on_time) for row in made] == [(ReturnState.LOCKED, False)]
    assert archive(papers=[paper], city=city, by=clerk) == []
    assert Decimal(facts("returns")["handled"]["value"]) == 5
    bad = PaperReturn(
        "GA-JD-01", desk.city.units["police"], Period.parse("2020-04"), {**POLICE_CELLS, "relapsed": 9}, "韩", "韩",
        date(2020, 5, 6), date(2020, 5, 6),
    )  # fmt: skip
    with pytest.raises(returns.CellsWrong):
        archive(papers=[bad], city=city, by=clerk)


# --- asking for what is late ------------------------------------------------------------------------------------------
def test_the_office_asks_for_a_late_return_once_a_day_and_nothing_moves(desk: Desk) -> None:
    filed, clerk = due(desk, "XZ-01", "longdong"), desk.actor("clerk")
    with pytest.raises(MoveRefused, match="还没到"):
        returns.remind(filed=filed, by=clerk, at=at(date(2022, 11, 6)))
    assert not reads.may_remind(clerk, filed, date(2022, 11, 6))
    filed = returns.remind(filed=filed, by=clerk, at=at(date(2022, 11, 9)))
    assert filed.state == ReturnState.DRAFT and filed.first_submitted_on is None
    with pytest.raises(MoveRefused, match="今天已经催过"):
        returns.remind(filed=filed, by=clerk, at=at(date(2022, 11, 9)))
    assert reads.may_remind(clerk, filed, date(2022, 11, 10))
    filed = returns.remind(filed=filed, by=clerk, at=at(date(2022, 11, 10)))
    assert list(filed.steps.values_list("step", "by_name")) == [("remind", "周文")] * 2
    annotated = reads.late(clerk, TODAY).get(pk=filed.pk)
    assert annotated.reminded_at == filed.reminded_at == at(date(2022, 11, 10))
    assert reads.late(clerk, TODAY).count() == 4, "asking twice does not list a return twice"


def test_only_the_office_asks_and_only_for_what_has_not_come(desk: Desk) -> None:
    filed = due(desk, "XZ-01", "longdong")
    for who in ("supervisor", "town_leader", "stranger", "officer"):
        assert not reads.may_remind(desk.actor(who), filed, TODAY)
        with pytest.raises(NotAllowed):
            returns.remind(filed=filed, by=desk.actor(who))
    filed = returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor("supervisor"))
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=desk.actor("supervisor"))
    assert not reads.may_remind(desk.actor("clerk"), filed, TODAY)
    with pytest.raises(MoveRefused, match="可以"):
        returns.remind(filed=filed, by=desk.actor("clerk"))
    filed = returns.send_back(filed=filed, reason="漏填", by=desk.actor("town_leader"))
    assert reads.may_remind(desk.actor("clerk"), filed, TODAY)


def test_a_return_waits_for_one_level_at_a_time(desk: Desk) -> None:
    filed = due(desk, "XZ-01", "longdong")
    assert filed not in reads.waiting_for(desk.actor("clerk"), TODAY), "what a town has yet to fill in is not the office's turn"
    filed = returns.save_draft(filed=filed, cells=TOWN_CELLS, by=desk.actor("supervisor"))
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=desk.actor("supervisor"))
    assert filed not in reads.waiting_for(desk.actor("clerk"), TODAY), "nor what its leader has yet to review"
    filed = returns.approve(filed=filed, by=desk.actor("town_leader"))
    assert reads.waiting_for(desk.actor("clerk"), TODAY) == [filed]
    assert reads.waiting_for(desk.actor("town_leader"), TODAY) == []
