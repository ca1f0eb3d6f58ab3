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


@dataclass(frozen=True)
class LetterRow:
    """A letter that holds, as it is published: it counts in the year it is for, whenever it was issued."""

    id: UUID
    division_id: int
    unit_id: int
    year: int
    unit_kind: str
    issued_on: date
    signed_on: date | None
    addendum: bool


@dataclass(frozen=True)
class TargetRow:
    """One indicator of a year's plan. ``complete``: published, with unit, due day and a share for every town or chosen unit."""

    id: UUID
    division_id: int
    unit_id: int | None
    year: int
    measure: str
    published_on: date | None
    shares: int
    complete: bool


def _letter(row: LetterRow) -> Fact:
    return Fact(
        happened_on=date(row.year, 1, 1),
        data={
            "unit_kind": row.unit_kind,
            "issued_on": row.issued_on,
            "signed_on": row.signed_on,
            "addendum": row.addendum,
        },
    )


def _target(row: TargetRow) -> Fact:
    return Fact(
        happened_on=date(row.year, 1, 1),
        data={
            "measure": row.measure,
            "published_on": row.published_on,
            "shares": row.shares,
            "complete": row.complete,
        },
    )


def _plan(row: Any) -> Fact:
    return Fact(
        happened_on=row.adopted_on,
        data={"year": row.year, "filed_on": row.filed_on, "budget_yuan": row.budget_yuan},
    )


def _task(row: Any) -> Fact:
    return Fact(happened_on=row.due_on, data={"due_on": row.due_on, "done_on": row.done_on})


LETTERS = FactTable(
    name="letters",
    kind=FactKind.EVENT,
    title="责任书(按年度)",
    build=_letter,
    columns=(
        FactColumn("unit_kind", "text", "单位类别"),
        FactColumn("issued_on", "date", "制发日期"),
        FactColumn("signed_on", "date", "签订日期"),
        FactColumn("addendum", "boolean", "补充责任书"),
    ),
)

TARGETS = FactTable(
    name="targets",
    kind=FactKind.EVENT,
    title="年度指标分解(按年度)",
    build=_target,
    columns=(
        FactColumn("measure", "text", "口径"),
        FactColumn("published_on", "date", "下达日期"),
        FactColumn("shares", "integer", "已分到的乡镇(街道)数"),
        FactColumn("complete", "boolean", "单位、目标、责任单位、期限齐全"),
    ),
)

UNIT_PLANS = FactTable(
    name="unit_plans",
    kind=FactKind.EVENT,
    title="成员单位工作计划",
    build=_plan,
    columns=(
        FactColumn("year", "integer", "年度"),
        FactColumn("filed_on", "date", "报禁毒办日期"),
        FactColumn("budget_yuan", "decimal", "经费安排(元)"),
    ),
)

UNIT_TASKS = FactTable(
    name="unit_tasks",
    kind=FactKind.EVENT,
    title="成员单位任务(按完成时限)",
    build=_task,
    columns=(FactColumn("due_on", "date", "完成时限"), FactColumn("done_on", "date", "完成日期")),
)


@dataclass(frozen=True)
class NeedRow:
    """What one unit asked of another, as it is published: it counts for the unit asked, by the day it owes its answer."""

    id: UUID
    division_id: int
    unit_id: int
    answer_by: date
    answered_on: date | None
    promised_on: date | None
    met_on: date | None
    state: str


def _need(row: NeedRow) -> Fact:
    return Fact(
        happened_on=row.answer_by,
        data={
            "answer_by": row.answer_by,
            "answered_on": row.answered_on,
            "promised_on": row.promised_on,
            "met_on": row.met_on,
            "state": row.state,
        },
    )


UNIT_NEEDS = FactTable(
    name="unit_needs",
    kind=FactKind.EVENT,
    title="配合请求(按应答复日期)",
    build=_need,
    complete=True,  # asked and answered on the platform alone: a unit of which nothing was asked owes nothing
    columns=(
        FactColumn("answer_by", "date", "应答复日期"),
        FactColumn("answered_on", "date", "首次答复日期"),
        FactColumn("promised_on", "date", "答应办到的日期"),
        FactColumn("met_on", "date", "办到日期"),
        FactColumn("state", "text", "状态"),
    ),
)


def _order(row: Any) -> Fact:
    """Dated by the day that counts: the first, or that of a granted extension."""
    return Fact(
        happened_on=row.counted_due_on,
        data={
            "state": row.state,
            "issued_on": row.issued_on,
            "received_on": row.received_on,
            "due_on": row.counted_due_on,
            "answered_on": row.answered_on,
            "closed_on": row.closed_on,
            "extended": row.extended,
            "raised": row.escalated,
            "sent_back": row.sent_back,
        },
    )


SUPERVISION_ORDERS = FactTable(
    name="supervision_orders",
    kind=FactKind.EVENT,
    title="督办单(按应办结期限)",
    build=_order,
    columns=(
        FactColumn("state", "text", "状态"),
        FactColumn("issued_on", "date", "下达日期"),
        FactColumn("received_on", "date", "签收日期"),
        FactColumn("due_on", "date", "应办结期限"),
        FactColumn("answered_on", "date", "反馈日期"),
        FactColumn("closed_on", "date", "办结日期"),
        FactColumn("extended", "boolean", "批准延期"),
        FactColumn("raised", "boolean", "提级"),
        FactColumn("sent_back", "integer", "退回次数"),
    ),
)
