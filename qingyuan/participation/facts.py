"""The facts of this room: nobody's name, number or telephone; counts of reports stand at the place of who keeps them."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.participation.rules import first_day_out


def _volunteer(row: Any) -> Fact:
    return Fact(happened_on=row.joined_on, until=first_day_out(row.left_on), data={"insured": row.insured})


def _association(row: Any) -> Fact:
    return Fact(happened_on=row.registered_on, until=first_day_out(row.closed_on), data={"kind": row.kind})


def _contract(row: Any) -> Fact:
    return Fact(
        happened_on=row.starts_on,
        until=first_day_out(row.ends_on),
        data={"service": row.service, "amount_yuan": row.amount_yuan, "workers": row.workers},
    )


def _staff(row: Any) -> Fact:
    return Fact(happened_on=row.started_on, until=first_day_out(row.ended_on), data={"kind": row.kind})


def _reports(row: Any) -> Fact:
    """At the keeper's own place, never at the one a report is about: who counts down to a town finds who wrote."""
    return Fact(
        happened_on=row.month,
        division_id=row.unit.division_id,
        data={
            "channel": row.channel,
            "category": row.category,
            "received": row.received,
            "confirmed": row.confirmed,
            "pending": row.pending,
            "answered": row.answered,
        },
    )


VOLUNTEERS = FactTable(
    name="volunteers",
    kind=FactKind.INTERVAL,
    title="禁毒志愿者(期间)",
    people=True,
    build=_volunteer,
    columns=(FactColumn("insured", "boolean", "是否投保"),),
)

ASSOCIATIONS = FactTable(
    name="associations",
    kind=FactKind.INTERVAL,
    title="禁毒社会组织(期间)",
    build=_association,
    columns=(FactColumn("kind", "text", "组织类别"),),
)

CONTRACTS = FactTable(
    name="service_contracts",
    kind=FactKind.INTERVAL,
    title="购买服务合同(期间)",
    build=_contract,
    columns=(
        FactColumn("service", "text", "服务类别"),
        FactColumn("amount_yuan", "decimal", "合同金额(元)"),
        FactColumn("workers", "integer", "派驻人数"),
    ),
)

STAFF = FactTable(
    name="staff",
    kind=FactKind.INTERVAL,
    title="禁毒工作人员(期间)",
    build=_staff,
    columns=(FactColumn("kind", "text", "人员类别"),),
)

REPORTS = FactTable(
    name="reports_received",
    kind=FactKind.EVENT,
    title="举报受理(月末计数)",
    build=_reports,
    columns=(
        FactColumn("channel", "text", "举报渠道"),
        FactColumn("category", "text", "举报内容类别"),
        FactColumn("received", "integer", "受理件数", coercive=True),
        FactColumn("confirmed", "integer", "查证属实", coercive=True),
        FactColumn("pending", "integer", "正在查证"),
        FactColumn("answered", "integer", "已答复"),
    ),
)
