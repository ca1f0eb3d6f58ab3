"""The facts governance publishes about its own work."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable


def _meeting(row: Any) -> Fact:
    return Fact(
        happened_on=row.held_on,
        data={
            "kind": row.kind,
            "chaired_by_first": row.chaired_by_first,
            "special_topic": row.special_topic,
        },
    )


def _instruction(row: Any) -> Fact:
    return Fact(
        happened_on=row.given_on,
        data={"level": row.level, "due_on": row.due_on, "answered_on": row.answered_on},
    )


MEETINGS = FactTable(
    name="meetings",
    kind=FactKind.EVENT,
    title="会议",
    build=_meeting,
    columns=(
        FactColumn("kind", "text", "会议类别"),
        FactColumn("chaired_by_first", "boolean", "主要负责同志主持"),
        FactColumn("special_topic", "boolean", "专题研究禁毒"),
    ),
)

INSTRUCTIONS = FactTable(
    name="instructions",
    kind=FactKind.EVENT,
    title="批示",
    build=_instruction,
    columns=(
        FactColumn("level", "text", "批示层级"),
        FactColumn("due_on", "date", "办结期限"),
        FactColumn("answered_on", "date", "反馈日期"),
    ),
)
