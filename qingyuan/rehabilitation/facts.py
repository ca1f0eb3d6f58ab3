"""The fact tables of this room: no name, number or date of birth; the person is an opaque key."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable


def _measure(row: Any) -> Fact:
    return Fact(
        happened_on=row.served_on or row.decided_on,
        until=row.ended_on,
        data={
            "kind": row.kind,
            "person": str(row.client_id),
            "decided_on": row.decided_on,
            "served_on": row.served_on,
            "report_due": row.report_due,
            "reported_on": row.reported_on,
            "agreement_on": row.agreement_on,
            "ends_on": row.ends_on,
            "ended_on": row.ended_on,
            "end_reason": row.end_reason,
        },
    )


def _isolation(row: Any) -> Fact:
    return Fact(
        happened_on=row.decided_on,
        until=row.released_on,
        data={"person": str(row.client_id), "decisions": 1},
    )


def _test(row: Any) -> Fact:
    return Fact(
        happened_on=row.tested_on,
        data={"person": str(row.client_id), "result": row.result, "sample": row.sample, "purpose": row.purpose},
    )


def _inspection(row: Any) -> Fact:
    return Fact(
        happened_on=row.inspected_on,
        data={
            "police": row.police,
            "politics_law": row.politics_law,
            "justice": row.justice,
            "civil_affairs": row.civil_affairs,
            "files_drawn": row.files_drawn,
            "items_checked": row.items_checked,
            "items_failed": row.items_failed,
            "mend_by": row.mend_by,
            "rechecked_on": row.rechecked_on,
            "recheck_passed": row.recheck_passed,
        },
    )


MEASURES = FactTable(
    name="measures",
    kind=FactKind.INTERVAL,
    title="社区戒毒社区康复(期间)",
    people=True,
    build=_measure,
    columns=(
        FactColumn("kind", "text", "措施"),
        FactColumn("person", "text", "人(不透明)"),
        FactColumn("decided_on", "date", "决定日期"),
        FactColumn("served_on", "date", "送达日期"),
        FactColumn("report_due", "date", "报到期限"),
        FactColumn("reported_on", "date", "报到日期"),
        FactColumn("agreement_on", "date", "协议日期"),
        FactColumn("ends_on", "date", "期满日期"),
        FactColumn("ended_on", "date", "结束日期"),
        FactColumn("end_reason", "text", "结束原因"),
    ),
)

ISOLATION = FactTable(
    name="isolation",
    kind=FactKind.INTERVAL,
    title="强制隔离戒毒状态(期间)",
    people=True,
    build=_isolation,
    columns=(
        FactColumn("person", "text", "人(不透明)"),
        FactColumn("decisions", "integer", "决定数", coercive=True),
    ),
)

TESTS = FactTable(
    name="tests",
    kind=FactKind.EVENT,
    title="社区检测",
    people=True,
    build=_test,
    columns=(
        FactColumn("person", "text", "人(不透明)"),
        FactColumn("result", "text", "结果", coercive=True),
        FactColumn("sample", "text", "检测方式"),
        FactColumn("purpose", "text", "检测性质"),
    ),
)

INSPECTIONS = FactTable(
    name="inspections",
    kind=FactKind.EVENT,
    title="社区戒毒社区康复联合检查",
    build=_inspection,
    columns=(
        FactColumn("police", "boolean", "公安参加"),
        FactColumn("politics_law", "boolean", "政法委参加"),
        FactColumn("justice", "boolean", "司法参加"),
        FactColumn("civil_affairs", "boolean", "民政参加"),
        FactColumn("files_drawn", "integer", "抽查档案数"),
        FactColumn("items_checked", "integer", "检查项数"),
        FactColumn("items_failed", "integer", "不合格项数"),
        FactColumn("mend_by", "date", "整改期限"),
        FactColumn("rechecked_on", "date", "复查日期"),
        FactColumn("recheck_passed", "boolean", "复查合格"),
    ),
)
