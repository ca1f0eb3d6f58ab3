from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry, stowing
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Draft, Ledger, Retention, Writing
from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.ledgers.kinds import Kind
from wide.models import Wide, WidePersonal

PUBLISHED = ("case_kind", "offence", "drug_main", "tier", "place_kind", "filed_on", "closed_on", "net_g", "detained", "cash")


def _code(name: str, header: str, code_list: str, *, required: bool = False) -> Column:
    return Column(name, header, Kind.CODE, required=required, code_list=code_list, publish=Publish.PUBLISHED)


def columns(sensitivity: Sensitivity) -> tuple[Column, ...]:
    return (
        Column("number", "案件编号", required=True, max_length=40),
        Column("title", "案件名称", required=True, max_length=120),
        _code("case_kind", "案件类别", "case_kinds", required=True),
        _code("offence", "罪名", "offences", required=True),
        _code("drug_main", "主要毒品", "drugs"),
        _code("tier", "案件等级", "case_tiers"),
        _code("place_kind", "查获场所", "place_kinds"),
        Column("division", "发案地", Kind.DIVISION, required=True),
        Column("filed_on", "立案日期", Kind.DATE, required=True, publish=Publish.PUBLISHED),
        Column("cracked_on", "破案日期", Kind.DATE),
        Column("closed_on", "结案日期", Kind.DATE, publish=Publish.PUBLISHED),
        Column("net_g", "净重", Kind.QUANTITY, unit="g", publish=Publish.PUBLISHED),
        Column("cash", "涉案金额", Kind.DECIMAL, publish=Publish.PUBLISHED),
        Column("detained", "抓获人数", Kind.INTEGER, publish=Publish.PUBLISHED),
        Column("vehicles", "扣押车辆", Kind.INTEGER),
        Column("reviewed", "是否复核", Kind.BOOLEAN),
        Column("officers", "承办人", Kind.STAFF),
        Column("phone", "联系电话", Kind.PHONE, sensitivity=sensitivity),
        Column("address", "现场地址", sensitivity=sensitivity),
        Column("remark", "备注", Kind.LONG_TEXT, sensitivity=sensitivity, max_length=0),
    )


def check(values: Any) -> list[Problem]:
    filed, cracked, closed = (values.get(name) for name in ("filed_on", "cracked_on", "closed_on"))
    problems = []
    if cracked and filed and cracked < filed:
        problems.append(Problem("cracked_on", "", str(cracked), "破案日期早于立案日期,请核对。"))
    if closed and cracked and closed < cracked:
        problems.append(Problem("closed_on", "", str(closed), "结案日期早于破案日期,请核对。"))
    return problems


def _prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        filed = draft.values.get("filed_on")
        if filed is not None and filed > writing.on:
            draft.refuse("filed_on", "日期在今天之后,请核对。")


def _fact(row: Any) -> Fact:
    return Fact(happened_on=row.cracked_on or row.filed_on, data={name: getattr(row, name) for name in PUBLISHED})


def _register(code: str, model: Any, sensitivity: Sensitivity) -> None:
    def create(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
        return _writing.insert(registry.get(code), drafts, writing)

    def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        _writing.change(registry.get(code), changes, writing)

    def void(*, rows: Sequence[Any], writing: Writing) -> None:
        _writing.void(registry.get(code), rows, writing)

    kinds = {"filed_on": "date", "closed_on": "date", "net_g": "decimal", "cash": "decimal", "detained": "integer"}
    registry.register(
        Ledger(
            code=code,
            title="宽表",
            room="wide",
            model=model,
            columns=columns(sensitivity),
            natural_key=("number",),
            compartment=Compartment.ENFORCEMENT,
            purpose="性能测试",
            legal_basis="",
            retention=Retention("不保存"),
            dated_by="filed_on",
            create=create,
            change=change,
            void=void,
            facts=FactTable(
                name=code,
                kind=FactKind.EVENT,
                columns=tuple(FactColumn(name, kinds.get(name, "text"), name) for name in PUBLISHED),  # type: ignore[arg-type]
                build=_fact,
            ),
            prepare=_prepare,
            stow=stowing.nothing_besides,
            check=check,
        )
    )


_register("wide", Wide, Sensitivity.INTERNAL)
_register("wide-personal", WidePersonal, Sensitivity.PERSONAL)
