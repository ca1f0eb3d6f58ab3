"""The facts of this room. Every count here is coercive (mission line 3): situation, never a target or a point."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.reference import catalogue

MAJOR = frozenset({"major", "extreme"})  # codes of reference list case_tiers


def _case(row: Any) -> Fact | None:
    """The number of an operation is what somebody typed, so it stays with the row (its results are on its own page)."""
    if row.cracked_on is None:
        return None
    return Fact(
        happened_on=row.cracked_on,
        data={
            "case_kind": row.case_kind,
            "offence": row.offence,
            "drug_main": row.drug_main,
            # Unknown is not «no»: a case whose tier nobody set counts in neither.
            "major": row.tier in MAJOR if row.tier else None,
            "solved": 1,
        },
    )


def _seizure(row: Any) -> Fact:
    code = catalogue.get_list("drugs").code(row.drug)
    return Fact(
        happened_on=row.seized_on,
        data={
            "drug": row.drug,
            "drug_group": code.extra.get("group", "other") if code else "other",
            "net_g": row.net_g,
            "origin": row.origin,
            "place_kind": row.place_kind,
        },
    )


def _party(row: Any) -> Fact | None:
    """Nothing that could find the person again: no key, no age, no name. ``offence`` is the case's."""
    if row.caught_on is None:
        return None
    return Fact(
        happened_on=row.caught_on,
        data={"role": row.role, "gang_role": row.gang_role or None, "offence": row.case.offence, "caught": 1},
    )


def _penalty(row: Any) -> Fact:
    return Fact(happened_on=row.decided_on, data={"act": row.act, "kind": row.kind, "decisions": 1})


def _movement(row: Any) -> Fact:
    grams = row.quantity if row.measure == "g" else None
    return Fact(
        happened_on=row.moved_on, data={"stage": row.stage, "kind": row.kind, "drug": row.drug or None, "grams": grams}
    )


def _operation(row: Any) -> Fact:
    """``until`` is exclusive: the last day still belongs to the operation."""
    until = row.ends_on + timedelta(days=1) if row.ends_on else None
    return Fact(happened_on=row.starts_on, until=until, data={"level": row.level})


def _linked_crime(row: Any) -> Fact:
    return Fact(happened_on=row.happened_on, data={"kind": row.kind, "basis": row.basis, "crimes": 1})


def _test(row: Any) -> Fact:
    return Fact(
        happened_on=row.tested_on,
        data={
            "method": row.method,
            "sample": row.sample,
            "compliance": row.compliance,
            "result": row.result or None,
        },
    )


CASES = FactTable(
    name="cases",
    kind=FactKind.EVENT,
    title="破获毒品案件",
    build=_case,
    columns=(
        FactColumn("case_kind", "text", "案件类别"),
        FactColumn("offence", "text", "罪名"),
        FactColumn("drug_main", "text", "主要毒品"),
        FactColumn("major", "boolean", "大要案"),
        FactColumn("solved", "integer", "破获", coercive=True),
    ),
)

SEIZURES = FactTable(
    name="seizures",
    kind=FactKind.EVENT,
    title="缴获毒品",
    build=_seizure,
    columns=(
        FactColumn("drug", "text", "毒品种类"),
        FactColumn("drug_group", "text", "毒品大类"),
        FactColumn("net_g", "decimal", "净重(克)", coercive=True),
        FactColumn("origin", "text", "来路"),
        FactColumn("place_kind", "text", "查获场所"),
    ),
)

PARTIES = FactTable(
    name="parties",
    kind=FactKind.EVENT,
    title="抓获涉案人员",
    people=True,
    build=_party,
    columns=(
        FactColumn("role", "text", "身份"),
        FactColumn("gang_role", "text", "团伙作用"),
        FactColumn("offence", "text", "罪名"),
        FactColumn("caught", "integer", "抓获", coercive=True),
    ),
)

PENALTIES = FactTable(
    name="penalties",
    kind=FactKind.EVENT,
    title="吸毒行政处罚(封存)",
    people=True,
    build=_penalty,
    columns=(
        FactColumn("act", "text", "违法行为"),
        FactColumn("kind", "text", "处罚种类"),
        FactColumn("decisions", "integer", "决定数", coercive=True),
    ),
)

EXHIBITS = FactTable(
    name="exhibits",
    kind=FactKind.EVENT,
    title="涉案财物流转",
    build=_movement,
    columns=(
        FactColumn("stage", "text", "环节"),
        FactColumn("kind", "text", "物品类别"),
        FactColumn("drug", "text", "毒品种类"),
        FactColumn("grams", "decimal", "数量(克)", coercive=True),
    ),
)

OPERATIONS = FactTable(
    name="operations",
    kind=FactKind.INTERVAL,
    title="专项行动(期间)",
    build=_operation,
    columns=(FactColumn("level", "text", "层级"),),
)

LINKED_CRIMES = FactTable(
    name="linked_crimes",
    kind=FactKind.EVENT,
    title="涉毒关联犯罪",
    build=_linked_crime,
    columns=(
        FactColumn("kind", "text", "案件类别"),
        FactColumn("basis", "text", "关联依据"),
        FactColumn("crimes", "integer", "案件数", coercive=True),
    ),
)

TESTS = FactTable(
    name="enforcement_tests",
    kind=FactKind.EVENT,
    title="执法检测",
    people=True,
    build=_test,
    columns=(
        FactColumn("method", "text", "检测类型"),
        FactColumn("sample", "text", "检测样本"),
        FactColumn("compliance", "text", "配合情况"),
        FactColumn("result", "text", "结果", coercive=True),
    ),
)
