"""The fact table of dues: one line a window, dated by its last day."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable


def _fact(due: Any) -> Fact:
    return Fact(
        happened_on=due.last_day,
        data={
            "person": due.person,
            "measure": str(due.subject_id),
            "opens_on": due.opens_on,
            "closes_on": due.closes_on,
            "done_on": due.done_on,
            "outcome": str(due.outcome),
            "schedule": due.schedule,
        },
    )


TEST_DUES = FactTable(
    name="test_dues",
    kind=FactKind.EVENT,
    title="应检(按窗口最后一天)",
    people=True,
    columns=(
        FactColumn("person", "text", "人(不透明)"),
        FactColumn("measure", "text", "措施(不透明)"),
        FactColumn("opens_on", "date", "窗口第一天"),
        FactColumn("closes_on", "date", "窗口截止(不含)"),
        FactColumn("done_on", "date", "检测日"),
        FactColumn("outcome", "text", "结果"),
        FactColumn("schedule", "text", "检测计划"),
    ),
    build=_fact,
)
