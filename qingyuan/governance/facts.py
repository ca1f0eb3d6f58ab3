"""The facts governance publishes about its own work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

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


@dataclass(frozen=True)
class CellRow:
    """One cell of a locked return as it is published; ``id`` stays the same when a correction replaces the number."""

    id: UUID
    division_id: int
    unit_id: int
    happened_on: date
    form: str
    cell: str
    value: Decimal
    state: str
    on_time: bool


@dataclass(frozen=True)
class DueRow:
    """One return that a unit owes for a period, filed or not; ``id`` is the series of its versions."""

    id: UUID
    division_id: int
    unit_id: int
    happened_on: date
    form: str
    due_on: date
    submitted_on: date | None
    on_time: bool


def _cell(row: CellRow) -> Fact:
    return Fact(
        happened_on=row.happened_on,
        data={"form": row.form, "cell": row.cell, "value": row.value, "state": row.state, "on_time": row.on_time},
    )


def _due(row: DueRow) -> Fact:
    return Fact(
        happened_on=row.happened_on,
        data={"form": row.form, "due_on": row.due_on, "submitted_on": row.submitted_on, "on_time": row.on_time},
    )


RETURNS = FactTable(
    name="returns",
    kind=FactKind.EVENT,
    title="上报数(已锁定报表的数字)",
    build=_cell,
    columns=(
        FactColumn("form", "text", "报表"),
        FactColumn("cell", "text", "单元格"),
        FactColumn("value", "decimal", "上报数", coercive=True),
        FactColumn("state", "text", "状态"),
        FactColumn("on_time", "boolean", "按时报送"),
    ),
)

RETURN_DUES = FactTable(
    name="return_dues",
    kind=FactKind.EVENT,
    title="应报报表",
    build=_due,
    columns=(
        FactColumn("form", "text", "报表"),
        FactColumn("due_on", "date", "报送期限"),
        FactColumn("submitted_on", "date", "首次报出日期"),
        FactColumn("on_time", "boolean", "按时报送"),
    ),
)
