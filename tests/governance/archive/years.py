"""Small years to archive, made without a database: three towns and a sheet with every source of number."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.governance.archive import layout, package, writing
from qingyuan.governance.archive.layout import ArchivedLetter, ArchivedYear, Behind, FactRows
from qingyuan.governance.scoring.numbers import Number, SourceKind
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import canonical, read_scheme, scheme_hash, scheme_json

ON = date(2022, 12, 31)
SHEET = """
id: small
title: 小办法
version: "1"
valid_from: 2022-01-01
valid_to: 2023-01-01
total: 40
groups:
  - id: "1"
    title: 全部
    points: 40
    clauses:
      - id: "1.1"
        title: 应检尽检
        text: 每缺检一人次扣 0.5 分
        points: 10
        rule: {kind: deduct_per_missing, params: {each: 0.5, unit: 人次}}
        inputs: {missed: indicator:R05.missing}
        when_empty: full
      - id: "1.2"
        title: 专题研究
        text: 每研究一次得 2 分,最多 10 分
        points: 10
        rule: {kind: per_event_cap, params: {each: 2, words: 专题研究}}
        inputs: {meetings: indicator:G01.value}
      - id: "1.3"
        title: 出动
        text: 出动人次 100 得满分
        points: 10
        rule: {kind: linear, params: {unit: 人次, low: {at: 0, points: 0}, high: {at: 100, points: 10}}}
        inputs: {out: return:XJ1.出动}
      - id: "1.4"
        title: 评定
        text: 考核组评定
        points: 10
        rule: {kind: manual, params: {}}
        inputs: {given: manual:评定}
"""
TOWNS = (("龙洞镇", 40, 203, 214, 11), ("石桥镇", 35, 96, 98, 2), ("云台街道", 60, 300, 300, 0))


def sheet() -> Scheme:
    return read_scheme(SHEET)


def year(scheme: Scheme | None = None, towns: tuple[tuple[str, int, int, int, int], ...] = TOWNS) -> ArchivedYear:
    scheme = scheme or sheet()
    letters = [_letter(scheme, serial, *town) for serial, town in enumerate(towns, start=1)]
    text, digest = scheme_json(scheme), scheme_hash(scheme)
    return ArchivedYear(2022, "999981000000", "云岭市", ON, "", "live", True, {digest: text}, letters)


def _letter(scheme: Scheme, serial: int, unit: str, out: int, done: int, due: int, missing: int) -> ArchivedLetter:
    numbers = {
        "indicator:R05": Number(
            numerator=Decimal(done), denominator=Decimal(due), missing=Decimal(missing), people=missing,
            label="应检尽检率", unit="%", count_unit="人次",
        ),
        "indicator:G01": Number(value=Decimal(serial), label="专题研究", unit="次", count_unit="次"),
        "return:XJ1.出动": Number(value=Decimal(out), kind=SourceKind.RETURN, label="出动", unit="人次", count_unit="人次"),
        "manual:评定": Number(value=Decimal("7.5"), kind=SourceKind.MANUAL, label="资料齐全"),
    }  # fmt: skip
    behind = {
        "indicator:R05": Behind("indicator", {"indicator": "R05"}, [FactRows("test_dues", [f'{{"row_id":"d{serial}"}}'], personal=True)]),
        "indicator:G01": Behind(
            "indicator",
            {"indicator": "G01"},
            [FactRows("meetings", [canonical({"row_id": f"m{serial}{n}"}) for n in range(serial)], personal=False)],
        ),
        "return:XJ1.出动": Behind(
            "return",
            {"form": "XJ1", "cell": "出动"},
            returns=[{"period": "2022-01", "value": Decimal(out - 5)}, {"period": "2022-02", "value": Decimal(5)}],
        ),
        "manual:评定": Behind("manual"),
    }
    entry = {"clause": "1.4", "key": "manual:评定", "value": Decimal("7.5"), "reason": "资料齐全", "by": "周组长", "reviewed_by": "宋办"}
    digest = scheme_hash(scheme)
    terms = {"number": f"云禁责〔2022〕{serial}号", "unit": unit, "scheme": digest, "on": ON.isoformat(), "targets": []}
    tree = score(scheme, numbers, ON, digest=digest, unit_kind="town")
    return ArchivedLetter(f"letters/{serial:03}", terms, "town", scheme, numbers, behind, [entry], tree, salt=f"salt{serial}")


def parts() -> dict[str, bytes]:
    return writing.parts_of(year())


def whole() -> bytes:
    return package.write(parts())


def edited(name: str, change: Callable[[Any], Any], *, made_to_fit: bool = False) -> bytes:
    """The archive with one part changed; ``made_to_fit``: its hash and the root put right by who changed it."""
    found = parts()
    found[name] = canonical(change(json.loads(found[name], parse_float=Decimal))).encode()
    return package.write(fitted(found) if made_to_fit else found)


def fitted(found: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(found[layout.MANIFEST])
    listed = {name: {"sha256": layout.digest_of(data)} for name, data in found.items() if name != layout.MANIFEST}
    manifest = {**manifest, "parts": listed}
    manifest["root"] = layout.root_of(manifest)
    return {**found, layout.MANIFEST: canonical(manifest).encode()}
