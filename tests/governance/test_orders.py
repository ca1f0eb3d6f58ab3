"""Supervision orders: the whole road, what is refused on it, and what it leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from qingyuan.casework.enums import PaperState
from qingyuan.casework.models import Paper, ProcedureStep
from qingyuan.documents.fonts import font_files
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.models import SupervisionOrder
from tests.cast import TODAY, City
from tests.governance.orders import Orders


@pytest.fixture
def office(city: City, tmp_path: Any, settings: Any) -> Orders:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return Orders(city)


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
    acts = WriteEntry.objects.filter(row_id=order.pk).order_by("at").values_list("act", flat=True)
    assert set(acts) == {f"supervision_orders.{step}" for step, _name, _state in steps}


def test_issuing_makes_a_numbered_notice_that_is_served_on_the_receiver(office: Orders) -> None:
    order = office.issued()
    paper = Paper.objects.get(pk=order.paper_id)
    assert paper.state == PaperState.SERVED
    assert (paper.title, paper.number) == ("关于补齐9月以来缺检的督办通知", "云禁督〔2022〕1号")
    assert [delivery.unit_id for delivery in paper.deliveries.all()] == [order.unit_id]
    office.step(order, "receive", "supervisor")
    assert paper.deliveries.get().received_by_name == "吴主任"
    assert SupervisionOrder.everything.get(pk=order.pk).received_on == TODAY
