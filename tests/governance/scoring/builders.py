"""Small schemes and numbers for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from qingyuan.governance.scoring import Clause, Number, Scheme
from qingyuan.governance.scoring.clauses import rule_of
from qingyuan.governance.scoring.rule import Outcome
from qingyuan.governance.scoring.scheme import Group, GroupRole, Rounding, RuleSpec
from qingyuan.governance.scoring.serialise import read_scheme_file

ON = date(2022, 11, 23)
SHEETS = Path(__file__).parent / "sheets"


def sheet(name: str) -> Scheme:
    return read_scheme_file(SHEETS / f"{name}.yaml")


def d(value: object) -> Decimal:
    return Decimal(str(value))


def clause(
    kind: str, params: Mapping[str, Any], *, points: object = 10, inputs: Mapping[str, str] | None = None, **more: Any
) -> Clause:
    names = inputs if inputs is not None else {"n": "manual:n"}
    return Clause(more.pop("id", "1.1"), "条款", d(points), RuleSpec(kind, params), inputs=names, **more)


def scheme(*clauses: Clause, **more: Any) -> Scheme:
    total = sum((item.points for item in clauses), Decimal(0))
    groups = more.pop("groups", (Group("1", "第一组", total, clauses),))
    fields = {"total": total, "valid_from": date(2022, 1, 1), "valid_to": date(2023, 1, 1), **more}
    return Scheme("s", "办法", "1", groups=groups, **fields)


def group(role: GroupRole, points: object, *clauses: Clause, id: str = "2") -> Group:
    return Group(id, role.value, d(points), clauses, role)


def evaluate(item: Clause, **amounts: object) -> Outcome:
    return rule_of(item).evaluate(item.points, {name: d(value) for name, value in amounts.items()})


def count(value: object, **more: Any) -> Number:
    return Number(value=d(value), **more)


def ratio(numerator: object, denominator: object, **more: Any) -> Number:
    return Number(numerator=d(numerator), denominator=d(denominator), unit="%", **more)


WHOLE = Rounding(decimals=0)
