"""The facts of this room. Every count here is coercive (mission line 3): situation, never a target or a point."""

from __future__ import annotations

from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.reference import catalogue

MAJOR = frozenset({"major", "extreme"})  # codes of reference list case_tiers


def _case(row: Any) -> Fact | None:
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
