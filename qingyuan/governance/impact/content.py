"""What the assessment says, gathered from the declarations themselves: nobody types a field, a reader or a flow.

Fields come from every ledger and every encrypted column, purposes and articles from their ledgers (or ``fields.csv``, with
its source), readers from the policy table, flows from what exports, layouts, the interface and the facts publish. Risks
and measures are judged by people and stand in ``risks.csv``, each with the test that shows the measure holds.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.utils.translation import override

from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.foundation.fields import BlindIndexField, BucketField, EncryptedTextField
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.layouts.choosing import shipped
from qingyuan.organisation.enums import Action, Role, Rows
from qingyuan.organisation.policy import POLICY, Rule
from qingyuan.reference.statutes import describe

FOLDER: Final = Path(__file__).parent
LANGUAGE: Final = "zh-hans"  # a paper of a Chinese authority; and one content has one digest


@dataclass(frozen=True)
class FieldLine:
    """One field: where it stands, what it is, how closed, what for, by which law, how long, who reads it."""

    where: str
    what: str
    sensitivity: str
    compartment: str
    encrypted: bool
    purpose: str
    basis: str
    retention: str
    readers: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class FlowLine:
    """One way in which personal information leaves its page."""

    kind: str
    what: str
    carries: str
    to: str
    bounds: str


@dataclass(frozen=True)
class RiskLine:
    code: str
    risk: str
    who_is_harmed: str
    grave: str
    measure: str
    holds_by: str


@dataclass(frozen=True)
class Assessment:
    """The whole content; ``digest`` is over it, so that a change of any declaration is seen."""

    fields: tuple[FieldLine, ...]
    flows: tuple[FlowLine, ...]
    risks: tuple[RiskLine, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """64 hex characters."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


@cache
def assessment() -> Assessment:
    """As the program stands now; folded once a process, whose declarations do not change."""
    return gathered()


def gathered() -> Assessment:
    """From the declarations anew, in Chinese whatever language its reader uses."""
    with override(LANGUAGE):
        return Assessment(tuple(_fields()), tuple(_flows()), tuple(RiskLine(**row) for row in _table("risks")))


def from_json(text: str) -> Assessment:
    """The inverse of ``as_json``."""
    stored = json.loads(text)
    fields = tuple(FieldLine(**{**line, "readers": tuple(line["readers"])}) for line in stored["fields"])
    flows = tuple(FlowLine(**line) for line in stored["flows"])
    return Assessment(fields, flows, tuple(RiskLine(**line) for line in stored["risks"]))


def personal_places() -> dict[str, Any]:
    """Every place of a personal value: «label.field» → its model field. What is here must stand in the assessment."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("qingyuan."):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField | BlindIndexField | BucketField):
                found[f"{model._meta.label}.{field.name}"] = field
    for ledger in registry.all_ledgers():
        for column in ledger.columns:
            if column.personal and column.stored:
                where = f"{ledger.model._meta.label}.{column.where}"
                found[where] = ledger.model._meta.get_field(column.where)
    return found


def _fields() -> Iterator[FieldLine]:
    listed = {row["where"]: row for row in _table("fields")}
    for ledger in registry.all_ledgers():
        for column in ledger.columns:
            if column.personal:
                yield _of_column(ledger, column)
    for where, row in listed.items():
        yield _of_row(where, row)
    for where, ledger in _indexes().items():
        if where not in listed:
            yield _of_index(where, ledger)


def _of_column(ledger: Ledger, column: Column) -> FieldLine:
    return FieldLine(
        where=f"{ledger.code}.{column.name}",
        what=f"{ledger.title}:{column.header}",
        sensitivity=str(column.sensitivity.label),
        compartment=str(ledger.compartment.label),
        encrypted=True,
        purpose=ledger.purpose,
        basis=describe(ledger.legal_basis),
        retention=_retention(ledger),
        readers=tuple(readers_of(ledger, column)),
        source=f"台账 {ledger.code} 的声明",
    )


def _of_row(where: str, row: Mapping[str, str]) -> FieldLine:
    label, _dot, name = where.rpartition(".")
    field = apps.get_model(label)._meta.get_field(name)
    sealed = isinstance(field, EncryptedTextField) or name.endswith("_stored")
    return FieldLine(
        where=where,
        what=row["what"],
        sensitivity=str(Sensitivity(row["sensitivity"]).label),
        compartment=str(Compartment(row["compartment"]).label),
        encrypted=sealed or name.endswith(("_index", "_bucket")),
        purpose=row["purpose"],
        basis=describe(row["articles"]),
        retention=row["retention"],
        readers=(row["readers"],),
        source=row["source"],
    )


def _indexes() -> dict[str, Ledger]:
    """Blind indexes that a ledger's own columns are found by."""
    found = {}
    for ledger in registry.all_ledgers():
        for field in ledger.model._meta.concrete_fields:
            if isinstance(field, BlindIndexField | BucketField):
                found[f"{ledger.model._meta.label}.{field.name}"] = ledger
    return found


def _of_index(where: str, ledger: Ledger) -> FieldLine:
    part = where.endswith("_bucket")
    return FieldLine(
        where=where,
        what=f"{ledger.title}:{'分组号' if part else '盲索引'} {where.rpartition('.')[2]}",
        sensitivity=str(Sensitivity.SENSITIVE.label),
        compartment=str(ledger.compartment.label),
        encrypted=True,
        purpose="按姓氏、拼音首字母缩小查找;由密钥算出,多人共用一个号,只在有权看到的行里打开核对"
        if part
        else "按完整的姓名或号码找到已加密的记录;由密钥算出,不能还原",
        basis=describe(f"{ledger.legal_basis};PIPL51"),
        retention=_retention(ledger),
        readers=("不向任何人显示",),
        source=f"台账 {ledger.code} 的模型",
    )


def _retention(ledger: Ledger) -> str:
    kept = ledger.retention
    return kept.text + (f"({describe(kept.article)})" if kept.article else "")


def rules_for(ledger: Ledger, action: Action = Action.READ) -> list[Rule]:
    """The lines of the policy table that let somebody take ``action`` on rows of ``ledger``."""
    return [
        rule
        for rule in POLICY
        if rule.compartment == ledger.compartment
        and action in rule.actions
        and (not rule.ledgers or ledger.code in rule.ledgers)
        and ledger.code not in rule.but
    ]


def readers_of(ledger: Ledger, column: Column) -> Iterator[str]:
    """«role, which rows, masked or in clear», each once."""
    seen = set()
    for rule in rules_for(ledger):
        clear = rule.clear and column.sensitivity is not Sensitivity.SENSITIVE
        shown = "不遮盖" if clear else "遮盖"
        if ledger.sealed:
            shown += ",写明目的和条款逐条打开"
        words = f"{Role(rule.role).label}({Rows(rule.rows).label},{shown})"
        if words not in seen:
            seen.add(words)
            yield words


def _flows() -> Iterator[FlowLine]:
    for ledger in registry.all_ledgers():
        personal = "、".join(str(column.header) for column in ledger.columns if column.personal)
        if personal:
            yield from _of_ledger(ledger, personal)
    for layout in shipped():
        ledger = registry.get(layout.ledger)
        carried = [str(ledger.column(one.source).header) for one in layout.columns if _is_personal(ledger, one.source)]
        if carried:
            yield FlowLine("导出格式", layout.title, "、".join(carried), "须填报的外部系统", "同导出;号码写全须写用途,逐条留痕")
    for name, table in sorted(registry.facts().items()):
        if table.people:
            columns = "、".join(column.name for column in table.columns)
            yield FlowLine("事实文件", name, f"无姓名、号码、电话、住址;只有 {columns}", "本机的汇总", "人数不足五的格关闭")
    yield FlowLine("公文", "公文与责任书的 Word、PDF", "正文写到的人", "受文单位", "签发后印发;下载留痕;平台不判断正文里有没有人名")
    yield FlowLine("来表", "外单位的空表", "表中写到的人", "来表单位", "只填汇总数和固定文字")
    yield FlowLine("退回的表格", "导入时有问题的行", "上传人自己表里的内容", "上传人", "不留存;下载留痕")
    yield FlowLine("备份", "两个数据库与上传文件", "全部", "备份目录", "整体加密,密钥另存")


def _of_ledger(ledger: Ledger, personal: str) -> Iterator[FlowLine]:
    exporting = sorted({str(Role(rule.role).label) for rule in rules_for(ledger, Action.EXPORT)})
    reading = sorted({str(Role(rule.role).label) for rule in rules_for(ledger)})
    if exporting and not ledger.sealed:
        yield FlowLine("导出", ledger.title, personal, "、".join(exporting), "号码遮盖;范围与列表相同;每次留痕")
    if reading:
        bounds = "写明目的和条款,一次一条" if ledger.sealed else "与网页同一范围、同一遮盖;令牌最长一年,可随时停用"
        yield FlowLine("接口", f"/api/v1/ledgers/{ledger.code}", personal, "、".join(reading), bounds)
    published = [column for column in ledger.columns if column.publish is Publish.PUBLISHED and column.personal]
    if published:
        yield FlowLine("事实文件", ledger.title, "、".join(str(one.header) for one in published), "汇总", "须立即改正")


def _is_personal(ledger: Ledger, name: str) -> bool:
    return any(column.name == name and column.personal for column in ledger.columns)


@cache
def _table(name: str) -> tuple[Mapping[str, str], ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


def difference(old: Assessment, new: Assessment) -> list[str]:
    """What is new, gone or said otherwise since ``old``, a line each."""
    told = []
    for title, before, after in (
        ("字段", {line.where: line for line in old.fields}, {line.where: line for line in new.fields}),
        ("流向", {f"{line.kind} {line.what}": line for line in old.flows}, {f"{line.kind} {line.what}": line for line in new.flows}),
        ("风险", {line.code: line for line in old.risks}, {line.code: line for line in new.risks}),
    ):
        told += [f"{title}新增:{key}" for key in after if key not in before]
        told += [f"{title}取消:{key}" for key in before if key not in after]
        for key in before.keys() & after.keys():
            one, other = asdict(before[key]), asdict(after[key])
            told += [f"{title}变更:{key} 的 {name}" for name in one if one[name] != other[name]]
    return sorted(told)


